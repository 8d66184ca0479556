"""The pages of the built book, from which most parts of the course are made.

A page has all that a course needs, resolved: numbers of chapters, equations and figures, formulas
as MathML with their TeX, outputs, live figures with their static picture, and its predictions as
`div.prediction` and `div.answer`.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml
from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"


@dataclass(frozen=True)
class Page:
    """A page of the book: its name in the table of contents, its part, its number if it has one."""

    name: str  # chapters/05_plateau
    part: str
    number: int | None = None

    @property
    def path(self):
        return SITE / f"{self.name}.html"

    @property
    def stem(self):
        return Path(self.name).name

    @cached_property
    def html(self):
        return self.path.read_text("utf-8")

    def article(self):
        """Return a fresh copy of what a reader reads, as a soup: change it as you like."""
        return BeautifulSoup(self.html, "html.parser").find("article")

    @property
    def title(self):
        heading = re.search(r"<article.*?(<h1\b.*?</h1>)", self.html, re.DOTALL)[1]
        heading = BeautifulSoup(heading, "html.parser")
        for part in heading.select(".section-number, .headerlink"):
            part.extract()
        return heading.get_text().strip()


def pages():
    """Return all pages in reading order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    found, number = [Page(toc["root"], "")], 0
    for part in toc["parts"]:
        for entry in part["chapters"]:
            number += bool(part.get("numbered"))
            mine = number if part.get("numbered") else None
            found.append(Page(entry["file"], part["caption"], mine))
    return found


def chapters():
    """Return the numbered pages: the chapters."""
    return [page for page in pages() if page.number]

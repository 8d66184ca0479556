"""The chapters as cards: the directive `cards`, each with its picture and what it finds.

Both come from the notebook as it is stored: the first figure in it, live or still, and its caption.
"""

import json
import re
from html import escape, unescape
from itertools import count
from pathlib import Path
from typing import NamedTuple

import yaml
from docutils import nodes
from inline import shortened
from sphinx.util.docutils import SphinxDirective

from momentum.figures.look import DARK, PAPER

GROUND = "#121212"  # of the pages in the dark
PICTURE = re.compile(r"<svg\b.*</svg>", re.DOTALL)
SPOKEN = re.compile(r'<svg[^>]* aria-label="([^"]*)"')
CAPTION = re.compile(r'<(\w+) class="caption"[^>]*>(.*?)</\1>', re.DOTALL)


class Card(NamedTuple):
    """A chapter as the front page shows it."""

    number: int
    page: str
    title: str
    svg: str
    alt: str
    finding: str


def chapters(source):
    """Return the pages of the chapters, in their order, like chapters/01_stuck."""
    toc = yaml.safe_load(Path(source, "_toc.yml").read_text("utf-8"))
    pages = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    return [page for page in pages if Path(page).name[0].isdigit()]


def card(number, page, notebook):
    """Return the card of a chapter; one without a figure or a caption raises ValueError."""
    cells = notebook["cells"]
    title = re.search(r"^# (.*)", "".join(cells[0]["source"]), re.MULTILINE)[1]
    shown = [figure for cell in cells for figure in figures(cell)]
    if not shown or not any(finding for *_, finding in shown):
        raise ValueError(f"{page} must have a figure with a caption for its card")
    svg, alt, _ = shown[0]
    return Card(number, page, title, svg, alt, next(text for *_, text in shown if text))


def figures(cell):
    """Yield picture, alt text and caption of each figure that a cell shows."""
    words = cell["metadata"].get("mystnb", {})
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        svg, html = ("".join(data.get(kind, "")) for kind in ("image/svg+xml", "text/html"))
        if "<momentum-explorer" in html:
            said = CAPTION.search(html)
            plain = unescape(re.sub(r"<[^>]+>", "", said[2])) if said else ""
            yield PICTURE.search(html)[0], unescape(SPOKEN.search(html)[1]), plain.strip()
        elif svg:
            alt = words.get("image", {}).get("alt", "")
            yield PICTURE.search(svg)[0], alt, words.get("figure", {}).get("caption", "")


def in_the_dark(svg):
    """Return a picture with the colours that it has on a dark ground."""
    twins = {**DARK, PAPER: GROUND}
    return re.sub(r"#[0-9a-fA-F]{6}\b", lambda c: twins.get(c[0].lower(), c[0]), svg)


def alone(svg):
    """Return a picture as a small file of its own."""
    namespaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    head, rest = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL).split(">", 1)
    head = re.sub(r' xmlns(:\w+)?="[^"]*"', "", head).replace("<svg", f"<svg {namespaces}")
    return shortened(f"{head}>{rest}")


def read(source):
    """Return the cards of all chapters."""
    numbers = count(1)
    stored = {page: Path(source, f"{page}.ipynb").read_text("utf-8") for page in chapters(source)}
    return [card(next(numbers), page, json.loads(text)) for page, text in stored.items()]


def write(app):
    """Write the pictures of the cards, for both grounds."""
    if app.builder.format != "html":
        return
    folder = Path(app.outdir, "_static/cards")
    folder.mkdir(parents=True, exist_ok=True)
    for made in read(app.srcdir):
        svg, name = alone(made.svg), Path(made.page).name
        (folder / f"{name}.svg").write_text(svg, "utf-8")
        (folder / f"{name}-dark.svg").write_text(in_the_dark(svg), "utf-8")


class Cards(SphinxDirective):
    """A list with one card a chapter."""

    def run(self):
        """Return the list."""
        for page in chapters(self.env.srcdir):
            self.env.note_dependency(str(Path(self.env.srcdir, f"{page}.ipynb")))
        try:
            items = [self.item(made) for made in read(self.env.srcdir)]
        except ValueError as error:
            raise self.error(str(error)) from error
        return [nodes.bullet_list("", *items, classes=["cards"])]

    def item(self, made):
        """Return a card: its link, its finding, its picture."""
        link = nodes.reference("", f"{made.number}. {made.title}", internal=True)
        builder = self.env.app.builder
        link["refuri"] = builder.get_relative_uri(self.env.docname, made.page)
        words, _ = self.parse_inline(made.finding)
        title, finding = nodes.paragraph("", "", link), nodes.paragraph("", "", *words)
        title["classes"].append("title")
        return nodes.list_item("", self.picture(made), title, finding)

    def picture(self, made):
        """Return the picture, once for each ground: a browser loads the one that is shown."""
        up = "../" * self.env.docname.count("/")
        name = f"{up}_static/cards/{Path(made.page).name}"
        size = 'width="374" height="312" loading="lazy"'
        images = [
            f'<img class="dark-light on-{ground}" src="{name}{end}.svg" {size} '
            f'alt="{escape(made.alt)}">'
            for ground, end in (("light", ""), ("dark", "-dark"))
        ]
        return nodes.raw("", "".join(images), format="html")


def dress(app, pagename, templatename, context, doctree):
    """Load the styles of the front page on the page that has the cards."""
    lists = doctree.findall(nodes.bullet_list) if doctree is not None else ()
    if any("cards" in found["classes"] for found in lists):
        app.add_css_file("front.css")


def setup(app):
    app.add_directive("cards", Cards)
    app.connect("html-page-context", dress)
    app.connect("builder-inited", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

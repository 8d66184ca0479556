"""Numbers that are given, not computed: one rule for each kind.

- A chapter's number stands in a link to that chapter, a claim's in a link to that claim.
- Exercises are numbered in order.
- A year is the year of a work in the bibliography; a decade is that of one.
- Names that contain a number are listed in NAMES. The items of a list are numbered.
Each rule checks what it takes out of the text, so that a wrong digit is an error here, too.
"""

import re
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
NAMES = (
    "CC BY 4.0",
    "CC0 1.0",
    "BSD 3-Clause",
    "Keras 3",
    "Case 1",
    "case 1",
    "Case 2",
    "case 2",
    "float64",
)
FENCE = re.compile(r"^(`{3,}|~{3,})(\{[\w-]+\})?[^\n]*\n(.*?)^\1`*$", re.MULTILINE | re.DOTALL)
NO_TEXT = re.compile(
    r"<!--.*?-->|\{(?:eq|numref|cite[\w:]*|doc)\}`[^`]*`|^[`:~]{3,}(?:\{[^}]*\})?[^\n]*$"
    r"|\{\w+:~?\d+\}"  # in a live caption the figure itself writes the number
    r"|^:[\w-]+:.*?$|^\d\. |</?(?:details|summary|em|b|i|a|br|div|span)\b[^>]*>|\bhttps?://\S+",
    re.MULTILINE | re.DOTALL,
)
CHAPTER_LINK = re.compile(
    r"\[(?:[Cc]hapters? )?(\d+)\]\((?:chapters/)?(\d\d)_\w+\.ipynb(?:#[\w-]+)?\)"
)
CLAIM_LINK = re.compile(r"\[([ST]\d+b?)\]\((?:claims\.md)?#(\w+)\)")
CELL_LINK = re.compile(r"\{ref\}`chapter (\d+) <claim-(\w+)>`")
CLAIM_TITLE = re.compile(r"^\((\w+)\)=\n## ([ST]\d+b?) ·", re.MULTILINE)
CLAIM_CELL = re.compile(r"\{ref\}`([ST]\d+b?) <claim-(\w+)>`")
EXERCISE = re.compile(r"^### Exercise (\d+),", re.MULTILINE)
YEAR = re.compile(r"\b(1[6-9]\d\d|20\d\d)(s?)\b(?![,.]\d)")
LINK = re.compile(r"(?<=\])\((?:[^()]|\([^)]*\))*\)|^\([\w-]+\)=$", re.MULTILINE)
REF = re.compile(r"\{ref\}`([^`<]*)<[^`]*`")
BARE = re.compile(r"\b[Cc]hapters? (\d+)|\b([ST]\d+b?)\b(?!\])")


@cache
def chapters():
    """Return the number of each chapter in the order of _toc.yml, by the start of its file name."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    files = [Path(c["file"]).name for part in toc["parts"] for c in part["chapters"]]
    return {name[:2]: str(n) for n, name in enumerate([f for f in files if f[0].isdigit()], 1)}


@cache
def years():
    """Return the years of the works in the bibliography, and of what its notes name."""
    text = (ROOT / "chapters/references.bib").read_text("utf-8")
    return set(re.findall(r"\byear = \{(\d{4})\}", text))


@cache
def claim_chapters():
    """Return the number of the chapter that holds the cell of each claim."""
    found = {}
    for path in (ROOT / "chapters").glob("[0-9]*.ipynb"):
        for tag in re.findall(r'"claim-([ST]\d+b?)"', path.read_text("utf-8")):
            found[tag.lower()] = chapters().get(path.name[:2])
    return found


def left(text, exercises=0):
    """Return the text without what is given, and what the rules found wrong in it.

    `exercises` is the number of exercises on the page before this text.
    """
    text = NO_TEXT.sub(" ", FENCE.sub(lambda m: m[3] if m[2] else " ", text))
    wrong = []

    def rule(pattern, holds, message):
        nonlocal text
        wrong.extend(message.format(m[0].strip()) for m in pattern.finditer(text) if not holds(m))
        text = pattern.sub(" ", text)

    rule(CHAPTER_LINK, lambda m: chapters().get(m[2]) == m[1], "{} leads to another chapter")
    rule(CELL_LINK, lambda m: claim_chapters().get(m[2]) == m[1], "{}: not in that chapter")
    for pattern in (CLAIM_LINK, CLAIM_CELL):
        rule(pattern, lambda m: m[1].lower() == m[2], "{} leads to another claim")
    rule(CLAIM_TITLE, lambda m: m[2].lower() == m[1], "{} stands under another label")
    order = iter(range(exercises + 1, 100))
    rule(EXERCISE, lambda m: int(m[1]) == next(order), "{} is not the next exercise")
    rule(YEAR, in_bibliography, "{}: no work in the bibliography is of that time")
    text = LINK.sub(" ", REF.sub(r"\1", text))
    rule(BARE, lambda m: False, "{} must be a link, so that its number is checked")
    for name in NAMES:
        text = text.replace(name, " ")
    return text, wrong


def in_bibliography(match):
    """Return whether a work of that year, or of that decade, is in the bibliography."""
    return any(year[: 3 if match[2] else 4] == match[1][: 3 if match[2] else 4] for year in years())

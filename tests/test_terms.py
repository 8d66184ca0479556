"""A term is explained where a reader first meets it, or linked to the notation there."""

import json
import re
from pathlib import Path

import pytest

CHAPTERS = Path(__file__).parents[1] / "chapters"
ENTRY = re.compile(r"^\*\*([^*]+?)\.?\*\*", re.MULTILINE)
NOT_READ = re.compile(
    r"<!--.*?-->|^```.*?^```|\$[^$]*\$|`[^`]*`|\]\([^)]*\)", re.DOTALL | re.MULTILINE
)


def terms(notation):
    """Return the words that the notation explains, in its order."""
    lines = [line for line in notation.splitlines() if line.startswith("**")]
    bold = [name for line in lines for name in re.findall(r"\*\*([^*]+)\*\*", line)]
    return [part.strip(" .").lower() for name in bold for part in name.split(",")]


def texts(path):
    """Return what a reader reads of a notebook, cell by cell: prose, captions and alt texts."""
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            yield "".join(cell["source"])
        else:
            book = cell["metadata"].get("mystnb", {})
            yield book.get("figure", {}).get("caption", "")
            yield book.get("image", {}).get("alt", "")


def used(term, text):
    """Return whether a text uses a term, in the singular or plural."""
    return re.search(rf"\b{re.escape(term)}s?\b", NOT_READ.sub(" ", text), re.IGNORECASE)


def introduced(term, text):
    """Return whether a text explains a term, set in italics, or links to the notation."""
    italics = re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", text)
    explained = any(re.search(rf"\b{re.escape(term)}", name, re.IGNORECASE) for name in italics)
    return explained or "](notation.md" in text


def first_use(term):
    """Return the chapter and the text in which a term is used first, or None."""
    for path in sorted(CHAPTERS.glob("[0-9]*.ipynb")):
        for text in texts(path):
            if used(term, text):
                return path.stem, text
    return None


TERMS = terms((CHAPTERS / "notation.md").read_text("utf-8"))


@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_explained_at_its_first_use(term):
    found = first_use(term)
    assert found, f"notation.md explains {term!r}, which no chapter uses"
    chapter, text = found
    place = used(term, text).start()
    near = " ".join(NOT_READ.sub(" ", text)[max(place - 60, 0) : place + 60].split())
    assert introduced(term, text), (
        f"{chapter} uses {term!r} before it is introduced: “{near}”; explain it there, in "
        "*italics*, or link it to notation.md"
    )


def test_an_unexplained_term_is_seen():
    assert used("half-life", "Two half-lives or one half-life.")
    assert not used("gain", "again `gain` $gain$")
    assert not introduced("gain", "The gain is 10.")
    assert introduced("gain", "This sum is the *gain* of the raw form.")
    assert terms("**Averaged form** and **raw form.** x\n") == ["averaged form", "raw form"]

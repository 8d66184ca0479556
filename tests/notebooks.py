"""Reading notebooks as they are stored: cells, outputs, figures, sections, words."""

import ast
import json
import re
from pathlib import Path

import yaml

from tools.promise import predictions

ROOT = Path(__file__).parents[1]
SVG = "image/svg+xml"
FENCE = re.compile(r"^(`{3,}|~{3,})(?!\{(?!math|code)).*?^\1`*$", re.MULTILINE | re.DOTALL)
NOT_WORDS = [
    re.compile(pattern, re.MULTILINE | re.DOTALL)
    for pattern in (
        r"<!--.*?-->",
        r"\$\$.*?\$\$(?: *\([\w-]+\))?",
        r"\\begin\{(\w+\*?)\}.*?\\end\{\1\}",
        r"(?<!\\)\$[^$]+\$",
        r"\{[\w:+-]+\}`[^`]*`",  # roles: references, citations
        r"`[^`]*`",
        r"(?<=\])\([^)]*\)",  # where a link leads to
        r"\bhttps?://\S+",
        r"^\([\w-]+\)=$",
        r"^[`:~]{3,}(\{[^}]*\})?|^:[\w-]+:.*?$",  # directives and their options
        r"</?\w[^>]*>",
    )
]


def listed():
    """Return the names of the chapters in the table of contents, in order: 01_stuck, ..."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    files = [Path(entry["file"]).name for part in toc["parts"] for entry in part["chapters"]]
    return [name for name in files if name[0].isdigit()]


class Chapter:
    """A notebook as it is stored: its name, its metadata, its cells with one string as source.

    A code cell has a `place`, its number among the code cells in brackets, as Jupyter shows it.
    """

    def __init__(self, name, stored):
        self.name, self.metadata = name, stored["metadata"]
        self.cells = [{**cell, "source": "".join(cell["source"])} for cell in stored["cells"]]
        self.code = [cell for cell in self.cells if cell["cell_type"] == "code"]
        for count, cell in enumerate(self.code, 1):
            cell["place"] = f"cell [{count}]"
        self.texts = [cell["source"] for cell in self.cells if cell["cell_type"] == "markdown"]

    @classmethod
    def read(cls, path):
        """Return the chapter that a file holds."""
        return cls(path.name, json.loads(path.read_text("utf-8")))

    @property
    def figures(self):
        """The code cells that show a figure."""
        return [cell for cell in self.code if any(SVG in data for data in media(cell))]

    @property
    def headings(self):
        """The (level, title) pairs of all headings."""
        return [pair for text in self.texts for pair in headings(text)]

    @property
    def exercises(self):
        """The titles of the exercises (the section of all exercises is none)."""
        return [title for _, title in self.headings if exercise_of([title])]

    def in_sections(self):
        """Yield every code cell with the titles of the sections it stands in, outermost first."""
        path = []
        for cell in self.cells:
            if cell["cell_type"] == "code":
                yield [title for _, title in path], cell
                continue
            for level, title in headings(cell["source"]):
                path = [(above, name) for above, name in path if above < level] + [(level, title)]

    def words(self):
        """Return the number of words that a reader reads, those of the captions included."""
        captions = [figure_text(cell)[1] for cell in self.figures]
        return sum(map(word_count, self.texts + captions))


def tags(cell):
    """Return the tags of a cell."""
    return cell["metadata"].get("tags", [])


def media(cell):
    """Return the data of a cell's outputs, by type, one dict an output."""
    return [output.get("data", {}) for output in cell["outputs"]]


def figure_text(cell):
    """Return the alt text, the caption and the name of a figure cell; empty where missing."""
    book = cell["metadata"].get("mystnb", {})
    figure = book.get("figure", {})
    return book.get("image", {}).get("alt", ""), figure.get("caption", ""), figure.get("name", "")


def headings(source):
    """Return the (level, title) pairs of the headings of a markdown text."""
    found = re.findall(r"^(#{1,6}) +(.+)$", FENCE.sub("", source), re.MULTILINE)
    return [(len(marks), title.strip()) for marks, title in found]


def exercise_of(titles):
    """Return the innermost section that is an exercise (not the section of all exercises)."""
    return next((t for t in reversed(titles) if re.search(r"\bExercise\b", t)), None)


def word_count(source):
    """Return the number of words of a markdown text, without math, code and markup.

    The choices of a prediction and what is said of them do not count: nobody reads all of them.
    """
    source = predictions.EXTRA.sub(r"\1", source)
    for pattern in (FENCE, *NOT_WORDS):
        source = pattern.sub(" ", source)
    return len(re.findall(r"\w[\w'’.,-]*", source))


def shown_lines(output):
    """Return the lines that a page shows of an output; a figure and a widget show none."""
    data = output.get("data", {})
    plain = [] if data.keys() & {SVG, "text/html"} else data.get("text/plain", "")
    return "".join(output.get("text", plain)).splitlines()


def shows_something(source):
    """Return whether a cell prints, draws or ends with a value, so that it must have an output."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return False
    running = [s for s in body if not isinstance(s, ast.FunctionDef | ast.ClassDef)]
    nodes = [node for statement in running for node in ast.walk(statement)]
    ends = bool(body) and isinstance(body[-1], ast.Expr)
    value = ends and not isinstance(body[-1].value, ast.Call)
    return value or any(map(prints_or_draws, nodes))


def prints_or_draws(node):
    """Return whether a node is a call of print, of show, or of a drawing function of figures."""
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func)
    draws = called.startswith("figures.") and called != "figures.style"
    return draws or called == "print" or called.endswith(".show")

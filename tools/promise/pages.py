"""Read the pages of the book as passages, and run their code to evaluate what binds them.

In a Markdown cell or page the expressions of a passage stand in a comment behind its text:

    <!-- numbers: mass.size; half_life(0.9); 0.9 -->

and hold for all text since the comment before, or since the start of the cell; after "numbers
below" they see what the code cells up to the next text define as well. For a figure's
caption and alt text they are the list "numbers" in the metadata of its cell. An expression sees
what the code cells above have defined (a figure's also its own cell), the package's public names,
and `printed("label")`: the numbers in the last line printed above that contains the label, after
it. An expression that is true or false is an assertion; one that is a plain number must stand as
such in the code of the page. The number that answers a prediction may come from that one's note.
"""

import ast
import contextlib
import io
import json
import re
import warnings
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib import pyplot

import momentum
from tools.promise import book, predictions, words

ROOT = Path(__file__).parents[2]
NOTE = re.compile(r"<!-- numbers( below)?:(.*?)-->", re.DOTALL)
PAGES = "index", "teach", "guide", "notation", "claims", "predictions", "bibliography"
MARKDOWN = (
    "README.md",
    *(f"chapters/{n}.md" for n in PAGES),
)


@dataclass
class Passage:
    """A text of a page, and the expressions that its numbers come from."""

    page: str
    place: str
    text: str
    expressions: list
    below: bool = False
    exercises: int = 0
    computed: list = field(default_factory=list)
    asserted: list = field(default_factory=list)
    wrong: list = field(default_factory=list)
    predictions: list = field(default_factory=list)


def pages():
    """Return the paths of all pages."""
    notebooks = sorted((ROOT / "chapters").glob("*.ipynb"))
    return [*notebooks, *(ROOT / name for name in MARKDOWN)]


@cache
def passages(path):
    """Return the passages of a page, each with its expressions evaluated."""
    return notebook(path)[0] if path.suffix == ".ipynb" else markdown(path)


def predicted(path):
    """Return the predictions of a chapter, evaluated, and what could not be read as one."""
    return notebook(path)[1:]


def split(page, place, text, exercises=0):
    """Yield the passages of a text: each ends with the comment that binds it, or with the text."""
    *parts, rest = NOTE.split(text)
    for part, below, note in zip(parts[::3], parts[1::3], parts[2::3]):
        listed = [line.strip() for line in note.replace("\n", " ").split(";") if line.strip()]
        yield Passage(page, place, part, listed, bool(below), exercises)
        exercises += part.count("### Exercise ")
    if rest.strip():
        yield Passage(page, place, rest, [], False, exercises)


def markdown(path):
    """Return the passages of a Markdown page, evaluated over the package."""
    found = list(split(path.name, "", path.read_text("utf-8")))
    for passage in found:
        titles = re.findall(r"^#+ (.*)$", passage.text, re.MULTILINE)
        passage.place = titles[-1] if titles else "below the passage before"
        evaluate(passage, package_names(), set())
    return found


def package_names():
    """Return the public names of the package, and what pages without code may ask for."""
    names = {name: getattr(momentum, name) for name in momentum.__all__}
    return vars(book) | names | {"np": np, "theory": momentum.theory, "surfaces": momentum.surfaces}


@cache
def notebook(path):
    """Run a notebook's cells in order; return what it says, evaluated where it stands.

    That is its passages, its predictions, and what could not be read as a prediction.
    """
    cells = json.loads(path.read_text("utf-8"))["cells"]
    run = Run("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    found, asked, lost, waiting, exercises = [], [], [], [], 0
    with contextlib.chdir(path.parent), warnings.catch_warnings():
        warnings.simplefilter("error")
        for number, cell in enumerate(cells):
            source = "".join(cell["source"])
            if cell["cell_type"] == "code":
                run.execute(source)
                new = figure_passages(path.stem, number, cell["metadata"])
            else:
                if not source.startswith("#### Solution"):
                    run.evaluate(waiting)
                    waiting = []
                new = list(split(path.stem, f"cell {number}", source, exercises))
                exercises += source.count("### Exercise ")
                ahead, unread = predictions.split(f"cell {number}", source)
                for passage in new:
                    passage.predictions = ahead
                waiting += [passage for passage in new if passage.below] + ahead
                asked, lost = asked + ahead, lost + unread
            run.evaluate(passage for passage in new if not passage.below)
            found += new
        run.evaluate(waiting)
    return found, asked, lost


def figure_passages(page, number, metadata):
    """Return the caption and the alt text of a figure as one passage."""
    book = metadata.get("mystnb", {})
    texts = [book.get("figure", {}).get("caption", ""), book.get("image", {}).get("alt", "")]
    if not any(texts):
        return []
    return [
        Passage(page, f"figure of cell {number}", "\n\n".join(texts), metadata.get("numbers", []))
    ]


class Run:
    """The names that a notebook's cells have defined so far, and what they printed."""

    def __init__(self, sources):
        matplotlib.use("Agg")
        self.literals = literals_of(sources)
        self.defined, self.output = {"__name__": "chapter"}, io.StringIO()

    def execute(self, source):
        with contextlib.redirect_stdout(self.output):
            exec(compile(source, "<cell>", "exec"), self.defined)
        pyplot.close("all")

    def evaluate(self, passages):
        names = package_names() | self.defined | {"printed": self.printed}
        for passage in passages:
            if isinstance(passage, predictions.Prediction):
                passage.evaluate(names)
            else:
                evaluate(passage, names, self.literals)

    def printed(self, label):
        """Return the numbers of the last printed line that contains the label, after it."""
        label = " ".join(label.split())
        lines = [" ".join(line.split()) for line in self.output.getvalue().splitlines()]
        line = next(line for line in reversed(lines) if label in line)
        found = words.numbers(line.partition(label)[2])
        return [n.value / (100 if n.percent else 1) for n in found if n.places is not None]


def evaluate(passage, names, literals):
    """Fill in what the expressions of a passage give: (expression, number) pairs, and failures."""
    for expression in passage.expressions:
        try:
            tree = ast.parse(expression, mode="eval")
            result = eval(expression, dict(names))
            values = np.ravel(np.asarray(result, dtype=float)).tolist()
        except Exception as error:
            passage.wrong.append(f"{expression} cannot be evaluated: {error!r}")
            continue
        if isinstance(result, bool | np.bool_):
            passage.asserted.append(expression)
            passage.wrong += [] if result else [f"{expression} is not true"]
        elif not computed(tree) and not constants(tree) <= literals:
            passage.wrong.append(f"{expression} stands in no code cell of the page")
        else:
            passage.computed += [(expression, value) for value in values]


def computed(tree):
    """Return whether an expression has a name in it, and is not just typed."""
    return any(isinstance(node, ast.Name) for node in ast.walk(tree))


def constants(tree):
    """Return the numbers typed in code, but for 0 and 1."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return {node.value for node in nodes if type(node.value) in (int, float)} - {0, 1}


def literals_of(sources):
    """Return the number literals of code, and those of comments that say what to try."""
    found = set()
    for source in sources:
        found |= constants(ast.parse(source))
        tries = re.findall(r"# try\b(.*)$", source, re.MULTILINE)
        found |= {n.value for text in tries for n in words.numbers(text)}
    return found

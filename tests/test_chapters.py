"""The form of the chapters, and the promise of the book: numbers in prose come from its code.

A chapter is read as it is stored: nothing is executed here. The first half tests the notebooks, the
second how numbers are found in text and looked up in code and outputs.
"""

import ast
import json
import re
from decimal import Decimal
from pathlib import Path
from statistics import median

import pytest
import yaml

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "chapters").glob("[0-9]*.ipynb"))
NAMES = [
    "01_stuck",
    "02_averages",
    "03_memory",
    "04_beta",
    "05_plateau",
    "06_two_cases",
    "07_unsolved",
    "08_one_curvature",
    "09_many_curvatures",
]
SVG = "image/svg+xml"
FORBIDDEN_TAGS = ("remove-", "hide-input", "hide-output")


# --- reading a notebook


def read_cells(path):
    """Return the cells of a notebook, each source one string."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells]


def code_cells(cells):
    """Return the code cells, in order."""
    return [cell for cell in cells if cell["cell_type"] == "code"]


def markdown(cells):
    """Return the sources of the markdown cells."""
    return [cell["source"] for cell in cells if cell["cell_type"] == "markdown"]


def tags(cell):
    """Return the tags of a cell."""
    return cell["metadata"].get("tags", [])


def media(cell):
    """Return the data of a cell's outputs, by type, one dict an output."""
    return [output.get("data", {}) for output in cell["outputs"]]


def figure_cells(cells):
    """Return the code cells that show a figure."""
    return [cell for cell in code_cells(cells) if any(SVG in data for data in media(cell))]


def figure_text(cell):
    """Return the alt text, the caption and the name of a figure cell; empty where missing."""
    book = cell["metadata"].get("mystnb", {})
    figure = book.get("figure", {})
    return book.get("image", {}).get("alt", ""), figure.get("caption", ""), figure.get("name", "")


def headings(source):
    """Return the (level, title) pairs of the headings of a markdown text."""
    found = re.findall(r"^(#{1,6}) +(.+)$", FENCE.sub("", source), re.MULTILINE)
    return [(len(marks), title.strip()) for marks, title in found]


def in_sections(cells):
    """Yield every code cell with the titles of the sections it stands in, outermost first."""
    path = []
    for cell in cells:
        if cell["cell_type"] == "code":
            yield [title for _, title in path], cell
        else:
            for level, title in headings(cell["source"]):
                path = [(above, name) for above, name in path if above < level] + [(level, title)]


def exercise_of(titles):
    """Return the innermost section that is an exercise (not the section of all exercises)."""
    return next((t for t in reversed(titles) if re.search(r"\bExercise\b", t)), None)


def shows_something(source):
    """Return whether a cell prints, draws or ends with a value, so that it must have an output."""
    body = ast.parse(source).body
    running = [s for s in body if not isinstance(s, ast.FunctionDef | ast.ClassDef)]
    nodes = [node for statement in running for node in ast.walk(statement)]
    value = (
        bool(body) and isinstance(body[-1], ast.Expr) and not isinstance(body[-1].value, ast.Call)
    )
    return value or any(map(prints_or_draws, nodes))


def prints_or_draws(node):
    """Return whether a node is a call of print, of show, or of a drawing function of figures."""
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func)
    draws = called.startswith("figures.") and called != "figures.style"
    return draws or called == "print" or called.endswith(".show")


# --- the form of a chapter


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def cells(request):
    """Return the cells of each chapter in turn."""
    return read_cells(request.param)


def test_the_table_of_contents_lists_the_notebooks_on_disk():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    files = [Path(c["file"]).stem for part in toc["parts"] for c in part["chapters"]]
    assert [name for name in files if name[0].isdigit()] == NAMES
    assert [path.stem for path in NOTEBOOKS] == NAMES


def test_every_code_cell_is_executed_and_stored(cells):
    code = code_cells(cells)
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    empty = [c["source"] for c in code if shows_something(c["source"]) and not c["outputs"]]
    assert not empty, "a cell that prints or draws has no stored output"
    assert not [o for c in code for o in c["outputs"] if o["output_type"] == "error"]


def test_cells_are_many_and_short(cells):
    lengths = [len(cell["source"].splitlines()) for cell in code_cells(cells)]
    assert 12 <= len(lengths) <= 25
    assert median(lengths) <= 4
    assert max(lengths) <= 15


def test_code_is_plain_visible_python(cells):
    for cell in code_cells(cells):
        lines = [line.strip() for line in cell["source"].splitlines()]
        assert not [line for line in lines if line.startswith(("!", "%")) or line.endswith(";")]
        imports = [n for n in ast.walk(ast.parse(cell["source"])) if isinstance(n, ast.ImportFrom)]
        assert not [n.module for n in imports if n.names[0].name == "*"]
        assert not [tag for tag in tags(cell) if tag.startswith(FORBIDDEN_TAGS)]


def test_only_solutions_are_folded(cells):
    for titles, cell in in_sections(cells):
        assert "hide-cell" not in tags(cell) or exercise_of(titles), cell["source"]
        hidden = {"outputs_hidden": True, "source_hidden": True}  # what JupyterLab folds
        assert cell["metadata"].get("jupyter") == (hidden if "hide-cell" in tags(cell) else None)


def test_three_exercises_each_with_a_folded_executed_solution(cells):
    titles = [t for text in markdown(cells) for _, t in headings(text) if exercise_of([t])]
    solved = {
        exercise_of(path)
        for path, cell in in_sections(cells)
        if "hide-cell" in tags(cell) and cell["execution_count"]
    }
    assert len(titles) == 3
    assert solved == set(titles)


def test_the_prose_is_1200_to_2000_words(cells):
    captions = [figure_text(cell)[1] for cell in figure_cells(cells)]
    assert 1200 <= sum(word_count(text) for text in markdown(cells) + captions) <= 2000


def test_every_figure_is_an_svg_without_a_date(cells):
    shown = [data for cell in code_cells(cells) for data in media(cell)]
    assert not [data for data in shown if data.keys() & {"image/png", "image/jpeg"}]
    drawings = ["".join(data[SVG]) for data in shown if SVG in data]
    assert drawings
    assert not [svg for svg in drawings if re.search(r"\bdc:date\b|\bDate\b", svg)]


def test_every_figure_has_alt_text_a_caption_and_a_name(cells):
    for cell in figure_cells(cells):
        alt, caption, name = figure_text(cell)
        assert len(alt) >= 40, f"alt text of {name or cell['source']}"
        assert caption and alt.strip(" .") != caption.strip(" ."), f"caption of {name}"
        assert name.startswith("fig-"), cell["source"]


def test_no_two_figures_share_a_name():
    found = [figure_text(c)[2] for path in NOTEBOOKS for c in figure_cells(read_cells(path))]
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("page", ["notation", "claims"])
def test_notation_and_ledger_are_linked(cells, page):
    link = rf"\]\({page}\.md(#[^)]*)?\)|\{{doc\}}`([^`]*<)?{page}>?`"
    assert any(re.search(link, text) for text in markdown(cells))


def test_every_number_in_the_text_was_computed_or_set_in_the_code(cells):
    written, printed = numbers_in_code(cells), numbers_in_outputs(cells)
    assert not [
        f"{number.text!r} in {around(text, number.text)!r}"
        for text in texts(cells)
        for number in numbers_in_prose(text)
        if not backed(number, written, printed)
    ]


# --- words and numbers in prose

FENCE = re.compile(r"^(`{3,}|~{3,})(?!\{(?!math|code)).*?^\1`*$", re.MULTILINE | re.DOTALL)
NOT_PROSE = [
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
NO_QUANTITY = [
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"^#{1,6} .*$",
        r"\b(?:[Cc]hapters?|[Ee]xercises?) \d+(?:(?: to | and |, |–)\d+)*",
        r"(?<=[A-Z])\w+,? \(?(?:1[6-9]|20)\d\d[a-z]?\)",  # Polyak (1964), (Polyak, 1964)
        r"\b(?:1[6-9]|20)\d0s\b",
        r"\bCC[ -]BY(?:-SA)? \d\.\d",
    )
]
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
POWER = re.compile(r"(?:(\d+(?:\.\d+)?)\s?[×·]\s?)?\b10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
NUMBER = re.compile(
    r"(?P<sign>(?<![\w)\]])[-−])?"
    r"(?<![\w.])(?P<digits>\d{1,3}(?:[,\u202f\u00a0]\d{3})+(?!\d)|\d+)(?P<rest>(?:\.\d+)?(?:e[-+]?\d+)?)"
    r"(?:(?P<percent>\s?(?:%|per ?cent\b))|(?P<times>\s?(?:×|x\b|times\b)|-fold\b))?"
)


class Number:
    """A number as it stands in a text: its value, its decimal places, whether it is a percent."""

    def __init__(self, match):
        digits = re.sub(r"\D", "", match["digits"])
        self.text = match[0].strip()
        self.value = Decimal(("-" if match["sign"] else "") + digits + match["rest"])
        self.places = -self.value.as_tuple().exponent
        self.percent = bool(match["percent"])
        self.checked = bool(match["times"] or match["rest"] or self.percent or len(digits) > 1)

    def readings(self):
        """Return the (value, places) pairs it may stand for: 5 % is 5, with a % sign, or 0.05."""
        own = [(self.value, self.places)]
        return [*own, (self.value.scaleb(-2), self.places + 2)] if self.percent else own


def prose(source):
    """Return a markdown text without math, code, references, addresses and markup."""
    source = FENCE.sub(" ", source)
    for pattern in NOT_PROSE:
        source = pattern.sub(" ", source)
    return source


def word_count(source):
    """Return the number of words of a markdown text, without math and code."""
    return len(re.findall(r"\w[\w'’.,-]*", prose(source)))


def plain_powers(text):
    """Write 2 × 10⁻³ as 2e-3, and 10⁻³ as 1e-3."""
    return POWER.sub(lambda m: f"{m[1] or 1}e{m[2].translate(SUPERSCRIPTS)}", text)


def numbers_in_prose(source):
    """Return the numbers of a markdown text that must come from code.

    These are decimals, percentages, integers of two or more digits, and factors (3 times, 3×).
    """
    text = prose(source)
    for pattern in NO_QUANTITY:
        text = pattern.sub(" ", text)
    return [n for n in map(Number, NUMBER.finditer(plain_powers(text))) if n.checked]


def texts(cells):
    """Return all that a reader reads: the markdown, and the figures' captions and alt texts."""
    return markdown(cells) + [
        text for cell in figure_cells(cells) for text in figure_text(cell)[:2]
    ]


def around(text, found):
    """Return where a number stands, for the message of a failing test."""
    place = max(text.find(found), 0)
    return " ".join(text[max(place - 30, 0) : place + 30].split())


# --- numbers in code and outputs


def numbers_in_code(cells):
    """Return the number literals and their negatives. Of comments, only "# try ..." counts.

    A number in any other comment, or in a string, could go stale unseen.
    """
    nodes = [node for cell in code_cells(cells) for node in ast.walk(ast.parse(cell["source"]))]
    literals = [node.value for node in nodes if isinstance(node, ast.Constant)]
    values = {Decimal(repr(value)) for value in literals if type(value) in (int, float)}
    values |= {n.value for cell in code_cells(cells) for n in invitations(cell["source"])}
    return values | {-value for value in values}


def invitations(source):
    """Return the numbers of the comments that tell a reader what to try: # try 0 and 0.995."""
    comments = re.findall(r"# try\b(.*)$", source, re.MULTILINE)
    return [Number(match) for comment in comments for match in NUMBER.finditer(comment)]


def printed_text(output):
    """Return what an output shows as text; a figure shows none."""
    shown = output.get("text", output.get("data", {}).get("text/plain", ""))
    return re.sub(r"<Figure size .*?>", "", "".join(shown))


def numbers_in_outputs(cells):
    """Return the (value, places) pairs that the code cells printed, in all their readings."""
    printed = [printed_text(output) for cell in code_cells(cells) for output in cell["outputs"]]
    found = [Number(match) for text in printed for match in NUMBER.finditer(text)]
    return {reading for number in found for reading in number.readings()}


def backed(number, written, printed):
    """Return whether a number of the text was set in the code, or rounds a printed one."""
    return any(
        value in written or any(rounds_to(*found, value, places) for found in printed)
        for value, places in number.readings()
    )


def rounds_to(found, found_places, value, places):
    """Return whether a printed number, with at least as many digits, rounds to the value.

    A minus sign in the text must have been printed; one that was printed may become a word.
    """
    found = found if value < 0 else abs(found)
    return found_places >= places and abs(found - value) <= Decimal(5).scaleb(-places - 1)


# --- the checks themselves can fail


def sample(text="", source="", output=""):
    """Return the cells of a small notebook."""
    stream = {"output_type": "stream", "text": [output]}
    code = {"cell_type": "code", "source": source, "metadata": {}, "outputs": [stream]}
    return [{"cell_type": "markdown", "source": text, "metadata": {}}, code]


def unbacked(text, source="", output=""):
    """Return the numbers of a text that neither the source nor the output has."""
    written, printed = (
        f(sample(text, source, output)) for f in (numbers_in_code, numbers_in_outputs)
    )
    return [n.text for n in numbers_in_prose(text) if not backed(n, written, printed)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It takes 44 steps, 5.27 more, 3 more.", ["44", "5.27"]),
        ("A share of 9 % and 36.9%, 1,442 and −1.04.", ["9 %", "36.9%", "1,442", "−1.04"]),
        ("It is 3 times as fast, 5× and 4-fold.", ["3 times", "5×", "4-fold"]),
        ("About 10⁻⁶ or 2 × 10⁻³.", ["1e-6", "2e-3"]),
        ("From 0.1–0.9, a 60-step run, the 25th.", ["0.1", "0.9", "60", "25"]),
        ("Solution <b>17</b> of [19 lines](a_20.md).", ["17", "19"]),
        (":::{note} In 12 steps\n:class: x13\n14\n:::", ["12", "14"]),
    ],
)
def test_numbers_are_found(text, found):
    assert [number.text for number in numbers_in_prose(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "Inline $x = 12.5$ and\n$$\ny = 99\n$$ (eq-10)",
        "Code `beta=0.95`, and\n```python\nx = 77\n```\n",
        "```{math}\n:label: a12\nz = 55\n```",
        "# Chapter of 12 parts\n(part-12)=\n",
        "{ref}`chapter 12 <claim-s12>`, {cite}`polyak1964`, S12, chapters 11 and 12, exercise 10",
        "[x](b_20.html) https://example.org/2020/11 <!-- 33 -->",
        "Polyak (1964), (Polyak, 1964), the 1950s",
        "float64, x2, CC BY 4.0",
    ],
)
def test_what_is_no_quantity_is_left_alone(text):
    assert not numbers_in_prose(text)


@pytest.mark.parametrize(
    ("text", "source", "output"),
    [
        ("0.9", "beta = 0.9", ""),
        ("0.90", "beta = 0.9", ""),
        ("1 %", "tolerance = 1e-2", ""),
        ("try 0.995", "beta = 0.5  # try 0.1, then 0.995", ""),
        ("−1.5", "x = [-1.5]", ""),
        ("5.27", "", "it is 5.27 now"),
        ("5.3 and 5", "", "5.27"),
        ("37 %, 36.9 % and 0.37", "", "0.369"),
        ("37 % and 0.369", "", "36.9%"),
        ("1,442", "", "1442.2"),
        ("1442", "", "1,442"),
        ("10⁻⁶ and 5.2e-46", "", "1.0e-06 -5.24e-46"),
        ("lower by 0.31", "", "-0.305"),
    ],
)
def test_a_backed_number_passes(text, source, output):
    assert not unbacked(text, source, output)


@pytest.mark.parametrize(
    ("text", "source", "output"),
    [
        ("0.9", "# beta = 0.9", ""),
        ("0.9", "label = 'beta = 0.9'", ""),
        ("5.27", "", "5.3"),
        ("5.27", "", "5.262"),
        ("5.27", "x = 5.274", ""),
        ("1,400", "", "1442"),
        ("44", "", "444 4.4 x44"),
        ("36 %", "", "0.369"),
        ("−0.31", "", "0.305"),
        ("3 times", "", "2.4"),
        ("640", "", "<Figure size 640x480 with 1 Axes>"),
    ],
)
def test_a_number_without_a_source_fails(text, source, output):
    assert unbacked(text, source, output)


def test_words_of_math_and_code_do_not_count():
    text = "Two words $x + y$ `code`\n"
    assert word_count(text + "```python\nprint(1)\n```\n") == 2


def test_a_cell_that_prints_draws_or_ends_with_a_value_needs_an_output():
    for source in ("for i in x:\n    print(i)", "ax = figures.paths(a)", "a = 1\na", "plt.show()"):
        assert shows_something(source)
    for source in ("def f():\n    print(1)", "figures.style()", "a = 1", "assert a == 1"):
        assert not shows_something(source)


def test_a_cell_stands_in_the_sections_above_it():
    text = "## Exercises\n### Exercise 1, by hand\n```python\n# no heading\n```\n"
    (path, _), (after, _) = in_sections(sample(text) + sample("## In short"))
    assert exercise_of(path) == "Exercise 1, by hand"
    assert exercise_of(after) is None
    assert exercise_of(["Exercises"]) is None

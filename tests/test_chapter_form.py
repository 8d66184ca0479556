"""Every chapter keeps the rules of `chapter_rules`, and each rule says what it should.

The second half shows each message on a notebook that is wrong in one way.
"""

import copy

import pytest
from chapter_rules import FOLDED, RULES, it_is_python, shared_names
from notebooks import ROOT, SVG, Chapter, exercise_of, listed, shows_something, word_count

# --- the book


@pytest.mark.parametrize("check", RULES, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", listed())
def test_a_chapter_keeps_a_rule(name, check):
    chapter = Chapter.read(ROOT / "chapters" / f"{name}.ipynb")
    faults = [f"{chapter.name}: {fault}" for fault in check(chapter)]
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


def test_the_table_of_contents_lists_the_notebooks_on_disk_in_their_order():
    on_disk = sorted(path.stem for path in (ROOT / "chapters").glob("[0-9]*.ipynb"))
    assert listed() == on_disk, "_toc.yml does not list the notebooks of chapters/ in order"


def test_no_two_figures_share_a_name():
    faults = list(
        shared_names(Chapter.read(ROOT / "chapters" / f"{name}.ipynb") for name in listed())
    )
    assert not faults, "\n".join(faults)


# --- each message, on a notebook that is wrong in one way


def text(source):
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def code(source, *outputs, count=1, **metadata):
    cell = {"cell_type": "code", "source": source, "metadata": metadata, "outputs": [*outputs]}
    return {**cell, "execution_count": count}


def printed(line, **more):
    return {"output_type": "stream", "name": "stdout", "text": [line + "\n"], **more}


def drawn(svg="<svg/>", kind=SVG):
    return {"output_type": "display_data", "data": {kind: svg, "text/plain": "<Figure " + "x" * 60}}


PROMPT = """**Predict.** Which is it?

1. This one.
2. That one.

<details>
<summary>Turn the page</summary>

1. **Right.** It is.
2. It is not.

</details>

<!-- predict: x == 1; x == 2 -->
"""
NUMBER = """It is 8.5, as said.

**Predict a number.** Is it 8.5?

<details>
<summary>Turn the page</summary>

It is **8.5**.

</details>

<!-- predict: x -->
"""
LIVE = '<momentum-explorer><p class="caption"></p></momentum-explorer>'
WORDY = {"alt": "A bowl, and a run that comes down on its left side."}
FIGURE = {"image": WORDY, "figure": {"caption": "It comes down.", "name": "fig-bowl"}}
SOLUTION = {"tags": ["hide-cell"], "jupyter": FOLDED}


def good():
    """Return a notebook without a fault."""
    exercises = [(f"### Exercise {i}, by hand", code("x = 1", **SOLUTION)) for i in (1, 2, 3)]
    cells = [
        text("# Read a bowl\n\n[notation](notation.md) {doc}`claims`\n" + "word " * 1300),
        code("ax = figures.lines(x)", drawn(LIVE, "text/html"), drawn(), mystnb=FIGURE),
        text("## The rule, in short\n## Explore"),
        *(text(f"## Finding {number}\n\n{PROMPT}") for number in "abc"),
        *(code("print(1)", printed("1")) for _ in range(9)),
        text("## Exercises"),
        *(cell for title, solution in exercises for cell in (text(title), solution)),
        text("## In short"),
    ]
    for count, cell in enumerate((c for c in cells if c["cell_type"] == "code"), 1):
        cell["execution_count"] = count
    return {"metadata": {"myst": {"html_meta": {"description": "A page."}}}, "cells": cells}


def faults(stored):
    chapter = Chapter("bad.ipynb", copy.deepcopy(stored))
    return [fault for check in RULES for fault in check(chapter)]


def test_a_good_notebook_has_no_fault():
    assert faults(good()) == []


def cell_of(stored, number):
    return [cell for cell in stored["cells"] if cell["cell_type"] == "code"][number - 1]


def in_cell(number, **parts):
    """Return a change of the code cell of that number."""
    return lambda stored: cell_of(stored, number).update(copy.deepcopy(parts))


def in_text(old, new):
    """Return a change of the text."""

    def change(stored):
        for cell in stored["cells"]:
            cell["source"] = cell["source"].replace(old, new)

    return change


def without(*numbers):
    """Return a change that takes code cells away."""

    def change(stored):
        for cell in [cell_of(stored, number) for number in numbers]:
            stored["cells"].remove(cell)

    return change


def figure(**parts):
    return in_cell(1, metadata={"mystnb": {**FIGURE, **parts}})


def taller(stored):
    for number in range(1, 11):
        cell_of(stored, number)["source"] += "\n" * 4 + "x = 2"


SAME = "A bowl, said twice in the same words. " * 2
BAD = [
    (in_text("# Read a bowl", "Read"), "begins with 'Read"),
    (in_text("## Explore", "# Explore"), "needs exactly one heading of the first level"),
    (lambda stored: stored["metadata"].clear(), "has no description: set html_meta"),
    (in_cell(1, outputs=[drawn()]), "does not open with a live figure that has a caption"),
    (in_text("## Explore", "## Explore\n> **Write:** Say it."), "template's instruction 'Say it.'"),
    (in_text("## In short", "## Short"), "has no section '## In short'"),
    (in_cell(3, execution_count=7), "cell [3] is not stored as run number 3 of a fresh start"),
    (in_cell(3, outputs=[]), "cell [3] prints, draws or ends with a value, without"),
    (in_cell(3, outputs=[{"output_type": "error"}]), "cell [3] ended in an error"),
    (without(2, 3), "has 11 code cells, a chapter has 12 to 25"),
    (taller, "has code cells of 5 lines in the median, at most 4"),
    (in_cell(2, source="x = 1\n" * 16 + "print(x)"), "cell [2] has 17 lines, a code cell may"),
    (in_cell(2, source="print(1);"), "cell [2] has the line 'print(1);'"),
    (in_cell(2, source="from numpy import *\nprint(1)"), "cell [2] imports *"),
    (in_cell(2, metadata={"tags": ["remove-input"]}), "cell [2] has the tag remove-input"),
    (in_cell(2, metadata=SOLUTION), "cell [2] is folded (tag hide-cell) but stands in no exercise"),
    (in_cell(12, metadata={"tags": ["hide-cell"]}), "cell [12] is folded in JupyterLab or on"),
    (in_text("### Exercise 2, by hand", ""), "has 2 exercises, 3 are meant (found: Exercise 1, by"),
    (in_cell(12, metadata={}), "'Exercise 2, by hand' has no folded solution"),
    (in_text("word " * 1300, "word " * 600), "words in text and captions, a chapter has 1200 to"),
    (in_text("x == 1; x == 2 -->", "x == 1 "), "Predict.** is not followed by choices, details"),
    (in_text("**Predict.** W", "W"), "has 0 predictions, a chapter has 3 to 6"),
    (in_text(PROMPT, NUMBER), "8.5 stands above or in “Is it 8.5"),
    (in_cell(1, outputs=[drawn(kind="image/png")]), "cell [1] stores a bitmap"),
    (in_cell(1, outputs=[printed("1")]), "has no figure"),
    (in_cell(1, outputs=[drawn("<dc:date>")]), "cell [1] stores a figure with a date"),
    (figure(image={}), "the figure of cell [1] has 0 characters of alt text, not 40"),
    (figure(figure={"name": "fig-a"}), "the figure of cell [1] has no caption"),
    (figure(image={"alt": SAME}, figure={"caption": SAME, "name": "fig-a"}), "caption as alt text"),
    (figure(figure={"caption": "Yes.", "name": "bowl"}), "cell [1] has the name 'bowl'"),
    (in_cell(2, outputs=[printed("1" * 61)]), "cell [2] prints a line of 61 characters, not 52"),
    (in_cell(2, outputs=[printed("1", name="stderr")]), "cell [2] prints a warning or an error"),
    (in_text("notation.md", "n.md"), "does not link to the page notation"),
]  # fmt: skip


@pytest.mark.parametrize("change, message", BAD, ids=[text for _, text in BAD])
def test_a_bad_notebook_is_told_what_is_wrong_and_where(change, message):
    stored = good()
    change(stored)
    assert [fault for fault in faults(stored) if message in fault], faults(stored)


def test_what_is_no_python_is_told_with_its_line():
    assert list(it_is_python(Chapter("", {"metadata": {}, "cells": [code("x = 1\ny =")]}))) == [
        "cell [1], line 2: invalid syntax"
    ]


def test_a_name_that_two_figures_share_is_told_with_both_places():
    (fault,) = shared_names([Chapter("a.ipynb", good()), Chapter("b.ipynb", good())])
    assert fault == "b.ipynb, cell [1]: the figure's name fig-bowl is taken by a.ipynb, cell [1]"


def test_words_of_math_and_code_do_not_count():
    assert word_count("Two words $x + y$ `code`\n```python\nprint(1)\n```\n") == 2


def test_a_cell_that_prints_draws_or_ends_with_a_value_needs_an_output():
    for source in ("for i in x:\n    print(i)", "ax = figures.paths(a)", "a = 1\na", "plt.show()"):
        assert shows_something(source)
    for source in ("def f():\n    print(1)", "figures.style()", "a = 1", "assert a == 1"):
        assert not shows_something(source)


def test_a_cell_stands_in_the_sections_above_it():
    stored = [
        text("## Exercises\n### Exercise 1, by hand\n```python\n# no heading\n```\n"),
        code("1"),
    ]
    chapter = Chapter("", {"metadata": {}, "cells": [*stored, text("## In short"), code("1")]})
    (path, _), (after, _) = chapter.in_sections()
    assert exercise_of(path) == "Exercise 1, by hand"
    assert exercise_of(after) is None and exercise_of(["Exercises"]) is None

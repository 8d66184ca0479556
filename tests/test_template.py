"""The template of a chapter: it runs, and the rules say what its author has still to write."""

import os

import matplotlib.pyplot as plt
import nbformat
import pytest
from chapter_rules import RULES
from notebooks import ROOT, Chapter, listed

from tools import chapter as tool

TITLE = "Average the noise"
WRITTEN = "description", "instruction", "words in text", "alt text", "caption", "the name ''"

DONE_BY_REFRESH = "every_cell_is_executed_and_stored", "only_solutions_are_folded"


@pytest.fixture
def notebook():
    return tool.written(tool.TEMPLATE.read_text("utf-8"), TITLE)


def test_its_code_runs_from_top_to_bottom(notebook):
    names = {}
    with plt.rc_context():
        for cell in notebook.cells:
            if cell.cell_type == "code":
                exec(cell.source, names)
    plt.close("all")


def test_what_the_rules_miss_is_what_an_author_writes(notebook):
    stored = nbformat.from_dict(notebook)
    for cell in stored.cells:
        if "figure" in cell.metadata.get("mystnb", {}):
            cell.outputs = [{"output_type": "display_data", "data": {"image/svg+xml": "<svg/>"}}]
    chapter = Chapter("10_noise.ipynb", stored)
    rules = [rule for rule in RULES if rule.__name__ not in DONE_BY_REFRESH]
    faults = [fault for rule in rules for fault in rule(chapter)]
    assert [fault for fault in faults if not any(map(fault.__contains__, WRITTEN))] == []
    assert {word for word in WRITTEN if any(word in fault for fault in faults)} == {*WRITTEN}


def test_a_new_chapter_is_listed_after_the_last_one_that_has_a_number():
    toc = (ROOT / "_toc.yml").read_text("utf-8")
    lines = tool.listed(toc, "99_last").splitlines()
    new = lines.index("      - file: chapters/99_last")
    assert f"chapters/{listed()[-1]}" in lines[new - 1] and "caption:" in lines[new + 1]
    assert [*lines[:new], *lines[new + 1 :]] == toc.splitlines()


@pytest.mark.parametrize("name, title", [("", ""), ("noise", TITLE), ("10_noise", "")])
def test_a_name_without_a_number_and_a_chapter_without_a_title_are_refused(name, title):
    with pytest.raises(SystemExit, match="like 10_noise, two digits first, and a title"):
        tool.main(name, title)


def test_a_chapter_that_exists_is_left_alone():
    before = os.stat(ROOT / "chapters/01_stuck.ipynb")
    with pytest.raises(SystemExit, match=r"01_stuck\.ipynb exists already"):
        tool.main("01_stuck", TITLE)
    assert os.stat(ROOT / "chapters/01_stuck.ipynb").st_mtime == before.st_mtime

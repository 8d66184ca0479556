"""Refreshing a notebook twice changes nothing: its stored form has nothing of the run in it."""

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.refresh import WIDGET_VIEW, execute, normalise


def notebook():
    view = {WIDGET_VIEW: {"model_id": "3f"}, "text/plain": "Explorer()"}
    widget = new_output("execute_result", view, execution_count=7)
    tagged = {"tags": ["claim-S1"], "execution": {"iopub.status.busy": "2026"}}
    cells = [
        new_markdown_cell("# Title"),
        new_code_cell("1 + 1", execution_count=9, metadata=tagged),
        new_code_cell("explorer", execution_count=7, outputs=[widget]),
        new_code_cell("1 + 1"),
    ]
    myst = {"html_meta": {"description": "A page."}}
    return new_notebook(cells=cells, metadata={"widgets": {"state": {}}, "myst": myst})


def test_normalising_twice_changes_nothing():
    once = nbformat.writes(normalise(notebook()))
    assert nbformat.writes(normalise(nbformat.reads(once, as_version=4))) == once


def test_two_runs_of_one_notebook_are_stored_alike():
    assert nbformat.writes(normalise(notebook())) == nbformat.writes(normalise(notebook()))


def test_cells_are_counted_from_one_and_named_by_their_text():
    cells = normalise(notebook()).cells
    assert [cell.execution_count for cell in cells[1:]] == [1, 2, 3]
    assert cells[3].id == cells[1].id + "-2"


def test_what_an_author_sets_stays_and_what_a_run_leaves_goes():
    set_by_author = {"slideshow": {"slide_type": "slide"}, "nbgrader": {"grade": True}, "name": "x"}
    left = {
        "execution": {"iopub.status.busy": "2026"},
        "ExecuteTime": {},
        "collapsed": True,
        "trusted": True,
    }
    left |= {"scrolled": False, "jupyter": {"outputs_hidden": False}}
    cells = [new_code_cell("1", metadata=set_by_author | left)]
    assert normalise(new_notebook(cells=cells)).cells[0].metadata == set_by_author


def test_a_hidden_cell_is_folded_in_jupyterlab_whatever_stood_there():
    opened = {"tags": ["hide-cell"], "jupyter": {"source_hidden": False}}
    cells = [new_code_cell("1", metadata=opened)]
    folded = normalise(new_notebook(cells=cells)).cells[0].metadata.jupyter
    assert folded == {"source_hidden": True, "outputs_hidden": True}


def test_a_slow_machine_stores_no_progress_bar(tmp_path):
    notebook = new_notebook(
        cells=[new_code_cell("from tqdm import tqdm\nfor _ in tqdm([1]): pass")]
    )
    execute(notebook, tmp_path)
    assert notebook.cells[0].outputs == []


def test_tags_and_the_description_stay_and_the_widget_state_goes():
    normal = normalise(notebook())
    assert normal.cells[1].metadata == {"tags": ["claim-S1"]}
    assert normal.cells[2].outputs[0].data == {"text/plain": "Explorer()"}
    assert normal.metadata.myst.html_meta.description == "A page."
    assert "widgets" not in normal.metadata

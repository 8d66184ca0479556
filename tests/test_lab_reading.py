"""Stored chapters in a real JupyterLab: figures show at once, solutions stay folded."""

import re
import subprocess
import sys
from pathlib import Path
from shutil import copyfile

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.test_lab import TOKEN, environment, serving
from tools.refresh import normalise

CHAPTERS = sorted((Path(__file__).parent.parent / "chapters").glob("*.ipynb"))
CHAPTER = "05_plateau.ipynb"
EXERCISE = [
    new_markdown_cell("### Exercise\n\nWhat is 6 × 7?"),
    new_markdown_cell("#### Solution", metadata={"tags": ["solution"]}),
    new_code_cell("print('the answer', 6 * 7)", metadata={"tags": ["hide-cell"]}),
    new_markdown_cell("## In short"),
    new_code_cell("print('shown')"),
]


def trust_command(root):
    """What `make lab` does before it opens JupyterLab."""
    command = ["make", "--dry-run", "lab", "--old-file=.venv/installed"]
    lines = subprocess.run(command, cwd=root, capture_output=True, text=True).stdout.splitlines()
    (line,) = [line for line in lines if "jupyter trust" in line]
    return re.sub(r"\S*/jupyter trust", f"{Path(sys.executable).parent}/jupyter trust", line)


@pytest.fixture(scope="module")
def lab(tmp_path_factory, root):
    """Start JupyterLab as `make lab` does, on a chapter and an exercise; give its address."""
    folder = tmp_path_factory.mktemp("reading")
    books = folder / "books"
    books.mkdir()
    copyfile(root / "chapters" / CHAPTER, books / CHAPTER)
    nbformat.write(normalise(new_notebook(cells=EXERCISE)), books / "exercise.ipynb")
    settings = environment(folder, root)
    subprocess.run(trust_command(root), shell=True, cwd=root, env=settings, check=True)
    with serving(books, settings, folder / "log") as address:
        yield address


@pytest.fixture
def opened(browser, lab):
    """Return a notebook, opened by its name, with a kernel."""
    page = browser.new_page(viewport={"width": 1280, "height": 1400})

    def show(name):
        page.goto(f"{lab}/lab/workspaces/{Path(name).stem}/tree/{name}?token={TOKEN}")
        page.wait_for_function("window.jupyterapp?.shell.currentWidget?.sessionContext?.isReady")
        page.evaluate("jupyterapp.shell.currentWidget.sessionContext.ready")
        return page

    yield show
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.close()


def test_opening_the_lab_trusts_every_chapter_as_it_is_stored(tmp_path, root):
    settings = environment(tmp_path, root)
    done = subprocess.run(
        trust_command(root), shell=True, cwd=root, env=settings, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    notary = NotebookNotary(data_dir=settings["JUPYTER_DATA_DIR"])
    read = [nbformat.read(path, as_version=4) for path in CHAPTERS]
    assert all(map(notary.check_signature, read)) and len(read) >= 9
    notary.store.close()


def test_stored_figures_show_before_anything_has_run(opened):
    page = opened(CHAPTER)
    figure = page.locator(".jp-OutputArea-output[data-mime-type='image/svg+xml']").first
    figure.wait_for()
    assert figure.locator("img, svg").first.bounding_box()["width"] > 200


def test_a_solution_stays_folded_after_run_all_and_opens_by_a_click(opened):
    page = opened("exercise.ipynb")
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    page.get_by_text("shown", exact=True).wait_for()
    counts = """jupyterapp.shell.currentWidget.content.widgets
        .filter(cell => cell.model.type === 'code').map(cell => cell.model.executionCount)"""
    assert page.evaluate(counts) == [1, 2]
    answer = page.get_by_text("the answer 42", exact=True)
    assert not answer.is_visible()
    page.locator(
        ".jp-collapseHeadingButton.jp-mod-selected, .jp-showHiddenCellsButton"
    ).first.click()
    answer.wait_for()

"""Predictions in a real JupyterLab: asked in place, outputs and text folded, code never."""

import nbformat
import pytest

from tests.test_lab import TOKEN, enter, environment, open_notebook, serving
from tools import chapter

ASK = "\nfrom momentum.explorers import Predictions\n\nPredictions()"
NAMES = "one", "two"
RUN_ALL = "async () => { await jupyterapp.commands.execute('notebook:run-all-cells') }"
CODE = """[...document.querySelectorAll('.jp-CodeCell')].filter(cell =>
  !cell.querySelector('.jp-Cell-inputWrapper').checkVisibility()).length"""
RENDERED = """rendered => jupyterapp.shell.currentWidget.content.widgets
  .filter(cell => cell.model.type === 'markdown').forEach(cell => { cell.rendered = rendered })"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory, root):
    """Start JupyterLab on two copies of the template that ask; give its address."""
    folder = tmp_path_factory.mktemp("lab-predictions")
    (folder / "books").mkdir()
    notebook = chapter.written(chapter.TEMPLATE.read_text("utf-8"), "Try predictions")
    next(cell for cell in notebook.cells if cell.cell_type == "code").source += ASK
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    for name in NAMES:
        nbformat.write(notebook, folder / "books" / f"{name}.ipynb")
    with serving(folder / "books", environment(folder, root), folder / "log") as address:
        yield address


def run_notebook(page, name):
    open_notebook(page, name)
    page.evaluate(RUN_ALL)


@pytest.fixture
def page(browser, lab):
    context = browser.new_context(viewport={"width": 1280, "height": 1400})
    opened = context.new_page()
    opened.faults = []
    opened.on("pageerror", lambda error: opened.faults.append(str(error)))
    enter(opened, f"{lab}/lab/workspaces/predict?token={TOKEN}")
    run_notebook(opened, NAMES[0])
    opened.wait_for_function("document.querySelectorAll('.prediction.is-live').length === 3")
    yield opened
    opened.evaluate("async () => { await jupyterapp.serviceManager.sessions.shutdownAll() }")
    context.close()
    assert opened.faults == []


def prompts(page):
    return page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .prediction")


def folded(page):
    return page.locator(".jp-Cell-outputWrapper[hidden]").count()


def output(page):
    return page.locator(".jp-OutputArea-output").get_by_text("β = 0.5: 40 steps")


def test_outputs_wait_for_the_reader_and_code_does_not(page):
    output(page).wait_for(state="attached")
    shown = "out => out.checkVisibility({ contentVisibilityAuto: true })"
    assert not output(page).evaluate(shown) and page.evaluate(CODE) == 0
    first = prompts(page).first
    first.get_by_role("radio").first.check()
    first.get_by_role("button", name="Commit").click()
    assert "it creeps" in first.get_by_role("status").inner_text()
    page.wait_for_function(f"output => ({shown})(output)", arg=output(page).element_handle())
    assert folded(page) > 0


def test_keys_reach_the_question_and_not_the_notebook(page):
    count = "jupyterapp.shell.currentWidget.content.widgets.length"
    cells = page.evaluate(count)
    prompts(page).first.get_by_role("radio").first.click()
    page.keyboard.press("ArrowDown")
    assert prompts(page).first.get_by_role("radio").nth(1).is_checked()
    number = prompts(page).nth(1).get_by_label("Your number")
    number.click()
    page.keyboard.type("dda2")
    assert number.input_value() == "dda2" and page.evaluate(count) == cells


def test_what_was_answered_stays_so_when_cells_run_and_render_again(page):
    prompts(page).first.get_by_role("button", name="Show me").click()
    page.evaluate(RUN_ALL)
    page.wait_for_timeout(1500)
    page.evaluate(RENDERED, False)
    page.wait_for_timeout(300)
    assert prompts(page).count() == 0
    page.evaluate(RENDERED, True)
    page.wait_for_function("document.querySelectorAll('.prediction.is-live').length === 3")
    assert page.locator(".device").count() == 3
    assert page.locator(".headline").all_inner_texts() == ["Shown without a prediction."]


def test_two_notebooks_ask_each_for_itself(page):
    prompts(page).first.get_by_role("button", name="Show me").click()
    run_notebook(page, NAMES[1])
    page.wait_for_function("document.querySelectorAll('.prediction.is-live').length === 6")
    assert prompts(page).locator(".headline").count() == 0
    assert page.locator(".headline").count() == 1


def test_without_the_widget_everything_is_as_it_was(page):
    output(page).wait_for(state="attached")
    page.evaluate(
        """async () => {
            const { content } = jupyterapp.shell.currentWidget
            content.activeCellIndex = content.widgets.findIndex(cell => cell.model.type === 'code')
            await jupyterapp.commands.execute('notebook:clear-cell-output')
        }"""
    )
    page.wait_for_function("!document.querySelector('.prediction, .answer, .device')")
    assert folded(page) == 0
    assert output(page).evaluate("out => out.checkVisibility({ contentVisibilityAuto: true })")
    assert page.locator(".jp-RenderedMarkdown details").count() >= 3

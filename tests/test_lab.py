"""The live figures in a real JupyterLab: bound to Python both ways, without a network."""

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.request import urlopen

import nbformat
import pytest

from momentum import explorers

TOKEN = "momentum"
SETTINGS = {
    "--ServerApp.ip": "127.0.0.1",
    "--IdentityProvider.token": TOKEN,
    "--LabApp.news_url": "None",
    "--LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager": "readonly",
    "--LabApp.expose_app_in_browser": "True",
}
SHOW = "from momentum.explorers import {name}\nexplorer = {name}()\nexplorer"
REPORT = """print("state", explorer.state)
print("text", explorer.describe())"""
SET = """for control in explorer.controls:
    if control.get("values"):
        setattr(explorer, control["name"], control["values"][-1])"""
SAME_RUN = """import numpy as np
from momentum import Momentum, descend, surfaces
run = descend(surfaces.quadratic([1.0]), [1.0],
    Momentum(explorer.eta_lambda, explorer.beta), explorer.steps)
print("same run", np.array_equal(run.path, explorer.trajectory().path))"""
AIMED = """from momentum.explorers import Plateau, goal
aim = goal("ledge", "Rest in C.", least="beta", digits=3, par=0.89,
    where={"it rests in C": ("outcome", "C")})
Plateau(width=6.0, beta=0.5, goal=aim)"""
TWO_MORE = """from IPython.display import display
display(type(explorer)(), type(explorer)())"""


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def write_notebook(path, *cells):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, path)


def environment(folder, root):
    """Return the settings of a new user, whose kernels can import the package."""
    homes = {f"JUPYTER_{kind}_DIR": str(folder / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    paths = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))
    return {**os.environ, **homes, "IPYTHONDIR": str(folder / "ipython"), "PYTHONPATH": paths}


def wait_for(url, server, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            return urlopen(url).close()
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"no JupyterLab at {url}: status {server.poll()}")


@contextmanager
def serving(books, settings, log):
    """Run JupyterLab in a folder; give its address."""
    port = free_port()
    options = [f"{key}={value}" for key, value in SETTINGS.items()]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", *options]
    with log.open("w") as file:
        server = subprocess.Popen(command, cwd=books, env=settings, stdout=file, stderr=file)
    try:
        wait_for(f"http://127.0.0.1:{port}/api", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(server)


def stop(server):
    """Let a server end its kernels and itself; one that does not is ended."""
    server.terminate()
    try:
        server.wait(timeout=30)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@pytest.fixture(scope="module")
def lab(tmp_path_factory, root):
    """Start JupyterLab in a folder with one notebook an explorer; give its address."""
    folder = tmp_path_factory.mktemp("lab")
    books = folder / "books"
    books.mkdir()
    for name in explorers.__all__:
        shown = SHOW.format(name=name)
        write_notebook(books / f"{name}.ipynb", shown, REPORT, SET, SAME_RUN, TWO_MORE)
    write_notebook(books / "goal.ipynb", AIMED)
    with serving(books, environment(folder, root), folder / "log") as address:
        yield address


@pytest.fixture(scope="module")
def desk(browser, lab):
    """Open JupyterLab; at the end no request left the machine."""
    page = browser.new_page(viewport={"width": 1280, "height": 1400})
    page.requests = []
    page.on("request", lambda request: page.requests.append(request.url))
    enter(page, f"{lab}/lab/workspaces/figures?token={TOKEN}")
    yield page
    page.close()
    away = [url for url in page.requests if not url.startswith((lab, "data:", "blob:"))]
    assert away == []


def enter(page, address):
    """Open JupyterLab at an address."""
    page.goto(address)
    page.wait_for_function("window.jupyterapp?.shell")
    page.evaluate("async () => { await jupyterapp.restored }")


def open_notebook(page, name):
    """Open a notebook that is not open yet, with a kernel."""
    page.evaluate(
        "async path => { await jupyterapp.commands.execute('docmanager:open', { path }) }",
        f"{name}.ipynb",
    )
    page.wait_for_function(
        "name => jupyterapp.shell.currentWidget?.title.label === `${name}.ipynb`"
        " && jupyterapp.shell.currentWidget.sessionContext.isReady",
        arg=name,
    )
    page.evaluate("async () => { await jupyterapp.shell.currentWidget.sessionContext.ready }")


@pytest.fixture(scope="module", params=explorers.__all__)
def notebook(desk, request):
    """Open an explorer's notebook and run its first cell; close it with its kernel."""
    desk.explorer = getattr(explorers, request.param)()
    open_notebook(desk, request.param)
    run(desk, 0)
    yield desk
    desk.evaluate(
        """async () => {
            const notebook = jupyterapp.shell.currentWidget
            await notebook.sessionContext.shutdown()
            notebook.dispose()
        }"""
    )


def run(page, number):
    """Run one cell and return the lines it printed, as a dict from the first word."""
    page.evaluate(
        """async number => {
            jupyterapp.shell.currentWidget.content.activeCellIndex = number
            await jupyterapp.commands.execute("notebook:run-cell")
        }""",
        number,
    )
    output = page.evaluate(
        """number => jupyterapp.shell.currentWidget.content.widgets[number].model.outputs.toJSON()
            .map(output => output.text ?? output.traceback ?? "").join("")""",
        number,
    )
    return dict(re.findall(r"^(state|text|same run) (.*)$", output, re.MULTILINE))


def explorer(page):
    return page.locator(".momentum-explorer")


def test_the_figure_is_drawn_and_its_slider_moves_the_python_trait(notebook):
    first = notebook.explorer
    expect_text(notebook, first.describe())
    assert explorer(notebook).locator("svg.live").is_visible()
    explorer(notebook).locator("input[type=range]").last.press("Home")
    told = wait_until(lambda: run(notebook, 1), lambda told: told["state"] != str(first.state))
    expect_text(notebook, told["text"])


def test_a_trait_set_in_python_moves_the_slider_and_the_figure(notebook):
    sliders = explorer(notebook).locator("input[type=range]")
    before = [slider.input_value() for slider in sliders.all()]
    run(notebook, 2)
    expect_text(notebook, run(notebook, 1)["text"])
    assert [slider.input_value() for slider in sliders.all()] != before


def wait_until(ask, holds, seconds=5):
    """Ask again until the answer holds, or the time is up; return the last answer."""
    deadline = time.monotonic() + seconds
    answer = ask()
    while not holds(answer) and time.monotonic() < deadline:
        answer = ask()
    assert holds(answer), answer
    return answer


def expect_text(page, text):
    page.wait_for_function(
        """text => document.querySelector(".description").textContent
            .replaceAll("\\u00a0", " ") === text""",
        arg=text,
        timeout=5000,
    )


@pytest.mark.parametrize("notebook", ["Valley"], indirect=True)
def test_the_next_cell_gives_the_run_that_is_on_the_screen(notebook):
    explorer(notebook).locator("input[type=range]").last.press("End")
    assert run(notebook, 3) == {"same run": "True"}


def active_cell(page):
    return page.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex")


def keys_that_act(page, target, keys):
    """Press each key on a control; return those that moved it and nothing else."""
    shown = page.locator(".momentum-explorer .description")
    acted = []
    for key in keys:
        target.evaluate("target => target.focus()")
        before = shown.text_content(), target.get_attribute("aria-valuetext"), active_cell(page)
        page.keyboard.press(key)
        page.wait_for_timeout(150)
        now = shown.text_content(), target.get_attribute("aria-valuetext"), active_cell(page)
        if now[:2] != before[:2] and now[2] == before[2]:
            acted.append(key)
    return acted


def test_keys_on_a_slider_move_it_and_not_the_notebook(notebook):
    sliders = explorer(notebook).locator("input[type=range]")
    reach = "all => all.map(one => one.max - one.min)"
    lengths = sliders.evaluate_all(reach)
    slider = sliders.nth(lengths.index(max(lengths)))
    for key, there in (("Home", "End"), ("End", "Home")):
        slider.press(there)
        notebook.wait_for_timeout(150)
        keys = {"Home": ["ArrowDown", "ArrowLeft", "PageDown", "Home"]}
        asked = keys.get(key, ["ArrowUp", "ArrowRight", "PageUp", "End"])
        assert keys_that_act(notebook, slider, asked) == asked


HANDLED = [n for n in explorers.__all__ if 'class="handle"' in getattr(explorers, n)()._html()]


@pytest.mark.parametrize("notebook", HANDLED, indirect=True)
def test_keys_on_a_handle_move_it_and_not_the_notebook(notebook):
    explorer(notebook).get_by_role("button", name="Reset").click()
    handle = explorer(notebook).locator(".live .handle").first
    keys = ["ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown", "End", "Home", "PageUp"]
    assert keys_that_act(notebook, handle, keys) == keys
    told = run(notebook, 1)
    assert told["state"] != str(notebook.explorer.state)
    expect_text(notebook, told["text"])


@pytest.mark.parametrize("notebook", ["Path"], indirect=True)
def test_a_letter_on_a_control_is_no_command_to_the_notebook(notebook):
    count = "jupyterapp.shell.currentWidget.content.widgets.length"
    cells = notebook.evaluate(count)
    explorer(notebook).locator("input[type=range]").first.focus()
    for key in "dda":
        notebook.keyboard.press(key)
    notebook.wait_for_timeout(300)
    assert notebook.evaluate(count) == cells


def test_picture_and_controls_stand_beside_each_other(notebook):
    boxes = [
        explorer(notebook).locator(f".{part}").bounding_box() for part in ("stage", "controls")
    ]
    assert boxes[1]["x"] >= boxes[0]["x"] + boxes[0]["width"]
    assert abs(boxes[1]["y"] - boxes[0]["y"]) < 2


@pytest.mark.parametrize("notebook", ["Valley"], indirect=True)
def test_several_figures_in_a_notebook_have_labels_of_their_own(notebook):
    run(notebook, 4)
    notebook.wait_for_function("document.querySelectorAll('.stage.is-live').length === 3")
    labels = "[...document.querySelectorAll('.momentum-explorer label')].map(one => one.htmlFor)"
    found = notebook.evaluate(labels)
    assert len(found) == len(set(found)) == 3 * len(explorers.Valley.controls)


@pytest.fixture
def aimed(browser, lab):
    """Open the notebook of a goal, run it, and close it with its kernel."""
    page = browser.new_page(viewport={"width": 1280, "height": 1400})
    page.goto(f"{lab}/lab/workspaces/goal/tree/goal.ipynb?token={TOKEN}")
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.sessionContext?.isReady")
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.ready")
    run(page, 0)
    page.wait_for_selector(".goal strong")
    yield page
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.close()


def test_the_best_is_remembered_in_jupyterlab_when_its_cell_runs_again(aimed):
    score = "[...document.querySelectorAll('.score strong')].map(part => part.textContent)"
    assert aimed.evaluate(score) == ["–", "–", "0.89"]
    aimed.locator("input[id$=beta]").press("End")
    for _ in range(9):
        aimed.locator("input[id$=beta]").press("ArrowLeft")
    found = wait_until(lambda: aimed.evaluate(score), lambda now: now[0] == "0.99")
    assert found == ["0.99", "0.99", "0.89"]
    run(aimed, 0)
    assert wait_until(lambda: aimed.evaluate(score), lambda now: now[0] == "–")[1] == "0.99"

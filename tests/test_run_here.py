"""Python in the page, as a reader meets it: in a real Chromium that reaches the site alone."""

import json
import re
import zipfile
from pathlib import Path

import nbformat
import pytest

from tests.conftest import Quiet, serving
from tests.test_site import AXE_TAGS, CHAPTERS, THEME_LOG, WIDTHS, load, site, violations  # noqa: F401

ROOT = Path(__file__).parent.parent
PIECES = re.compile(r"/_static/run/(?!.*ipynb).*\.(gz|zip|zst|whl)\b")
PATIENCE = 60_000  # milliseconds: for a slow machine with other work
BAR = ".run-bar .run-status"
CHAPTER = "chapters/05_plateau.html"
ENDLESS = "n = 0\nwhile True:\n    n += 1"


@pytest.fixture(scope="module")
def reader(browser):
    """Return one reader's browser: what a page has kept, the next one finds."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def newcomer(browser):
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture(scope="module")
def opened(reader, server):
    page = start(reader, f"{server}/{CHAPTER}")
    yield page
    page.close()


@pytest.fixture
def page(opened):
    """Return a chapter whose Python is ready; after the test its cells are as they were."""
    yield opened
    opened.eval_on_selector_all(
        ".run-tools button", "all => all.forEach(b => b.textContent === 'Reset' && b.click())"
    )
    opened.evaluate("localStorage.clear()")


def start(context, url):
    page = load(context, url)
    page.click(".run-here")
    until(page, BAR, "Python is ready")
    return page


def until(page, selector, text):
    """Wait until an element says a text; return all it says."""
    page.wait_for_function(
        "([selector, text]) => document.querySelector(selector)?.textContent.includes(text)",
        arg=[selector, text],
    )
    return page.text_content(selector)


def cell(page, name):
    """Return the place of a cell that is named as on its page: "Cell 4", "Exercise 1"."""
    tools = page.locator(f'.run-tools[aria-label="{name}"]')
    return tools.locator("xpath=ancestor::*[contains(@class, 'cell_input')]")


def run(page, name, source=None):
    """Run a cell, with other code if that is given; return its place and what stands below it."""
    place = cell(page, name)
    if source is not None:
        place.locator("textarea").fill(source)
    press(place, "Run")
    finish(place)
    return place, below(place)


def below(place):
    """Return what a reader sees as the output of a cell."""
    shown = "following-sibling::*[contains(@class, 'cell_output')][not(@hidden)][1]"
    return place.locator(f"xpath={shown}")


def press(place, label):
    """Press a button of a cell, by a script: it may be folded away."""
    place.locator(f"button:text-is('{label}')").dispatch_event("click")


def finish(place):
    place.locator("button:text-is('Run')").wait_for(state="attached")


def note(place):
    return place.locator("xpath=following-sibling::p[@class='run-note']").text_content()


# --- the promise


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_gives_on_its_page_what_the_page_says(reader, server, path):
    page = start(reader, f"{server}/chapters/{path.stem}.html")
    page.click("text=Recompute this page")
    said = until(page, BAR, "gave what")
    marks = page.eval_on_selector_all(
        "[data-result]",
        "cells => cells.map(cell => [cell.dataset.result, cell.innerText])",
    )
    count = sum(c.cell_type == "code" for c in nbformat.read(path, as_version=4).cells)
    assert [text for mark, text in marks if mark != "same"] == []
    assert re.fullmatch(
        rf"{count} of {count} cells gave what this page says, in \d+(\.\d+)? s\.", said
    )
    assert all(url.startswith((server, f"blob:{server}")) for url in page.requests)
    assert [line for line in page.console if THEME_LOG not in line] == []
    page.close()


def test_what_differs_from_the_page_is_said(reader, server, site):  # noqa: F811
    """The same code, held against another text and another curve than it gave."""
    stored = json.loads((ROOT / f"{CHAPTER[:-5]}.ipynb").read_text("utf-8"))
    wrong = json.dumps(stored)
    text = next(o["text"][0] for c in stored["cells"] for o in c.get("outputs", []) if "text" in o)
    digit = re.search(r"\d(?=\D*$)", text)
    other = text[: digit.start()] + str((int(digit[0]) + 1) % 10) + text[digit.end() :]
    wrong = wrong.replace(json.dumps(text), json.dumps(other))
    curve = re.search(r"M (\d+\.\d+) \d+", wrong[wrong.index("line-") :])
    wrong = wrong.replace(curve[0], curve[0].replace(curve[1], f"{float(curve[1]) + 1}"), 1)
    page = reader.new_page()
    page.route("**/*.ipynb.gz", lambda route: route.fulfill(body=wrong))
    page.goto(f"{server}/{CHAPTER}")
    page.click(".run-here")
    until(page, BAR, "Python is ready")
    page.click("text=Recompute this page")
    said = until(page, BAR, "gave what")
    notes = page.eval_on_selector_all(".run-note", "notes => notes.map(note => note.textContent)")
    assert said.startswith("23 of 25 cells")
    assert notes[0].startswith(f"Line 1 is “{text.strip()}”; the page says “{other.strip()}”.")
    assert notes[1].startswith("In the figure one number of ")


# --- nothing unasked


def test_nothing_of_it_is_loaded_before_the_button_is_pressed(newcomer, server):
    page = load(newcomer, f"{server}/{CHAPTER}")
    page.wait_for_load_state("networkidle")
    assert [url for url in page.requests if "/run/" in url] == []
    assert page.evaluate("indexedDB.databases()") == []


def test_the_button_states_what_is_loaded_once(newcomer, server):
    page = load(newcomer, f"{server}/{CHAPTER}")
    stated = re.search(r"\((\d+) MB, once\)", page.text_content(".run-here"))[1]
    sizes = []
    page.on(
        "response", lambda answer: PIECES.search(answer.url) and sizes.append(len(answer.body()))
    )
    page.click(".run-here")
    until(page, BAR, "Python is ready")
    assert sum(sizes) < int(stated) * 1e6 <= 14e6
    page.close()
    again = start(newcomer, f"{server}/{CHAPTER}")
    assert [url for url in again.requests if PIECES.search(url)] == []


def test_a_page_without_storage_runs_all_the_same(newcomer, server, site):  # noqa: F811
    forbidden = """for (const name of ['indexedDB', 'localStorage'])
      Object.defineProperty(globalThis, name, { get() { throw new Error('forbidden') } });"""
    store = (site / "_static" / "run" / "store.js").read_text("utf-8")
    script = {"body": forbidden + store, "content_type": "text/javascript"}
    newcomer.route("**/run/store.js", lambda route: route.fulfill(**script))
    newcomer.add_init_script(forbidden)
    page = start(newcomer, f"{server}/{CHAPTER}")
    assert run(page, "Exercise 1", "print(6 * 7)")[1].text_content().strip() == "42"


def test_a_host_that_opens_what_is_compressed_serves_as_well(newcomer, site):  # noqa: F811
    class Opening(Quiet):
        def end_headers(self):
            if self.path.endswith(".gz"):
                self.send_header("Content-Encoding", "gzip")
            super().end_headers()

    with serving(site, Opening) as url:
        page = start(newcomer, f"{url}/{CHAPTER}")
        assert run(page, "Exercise 1", "print(6 * 7)")[1].text_content().strip() == "42"
        page.close()


def test_no_page_asks_for_memory_that_is_shared(page):
    assert page.evaluate("[crossOriginIsolated, typeof SharedArrayBuffer]") == [False, "undefined"]


def test_a_file_says_how_python_would_run(newcomer, site):  # noqa: F811
    page = load(newcomer, (site / CHAPTER).as_uri())
    page.click(".run-here")
    page.get_by_text("A file runs no Python. In the book's folder, type: make serve").wait_for()


def test_the_wheel_of_the_page_is_the_package(site):  # noqa: F811
    (wheel,) = (site / "_static" / "run").glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        found = {n: packed.read(n) for n in packed.namelist() if n.startswith("momentum/")}
    kinds = ".py", ".js", ".css", ".csv", ".gz"
    files = [p for p in (ROOT / "momentum").rglob("*.*") if p.suffix in kinds]
    assert found == {p.relative_to(ROOT).as_posix(): p.read_bytes() for p in files}


# --- a cell in a reader's hands


def test_a_cell_is_changed_run_and_reset(page):
    place = cell(page, "Cell 5")
    press(place, "Run all above")
    page.wait_for_function("document.activeElement.ariaLabel === 'Cell 5, code'")
    stored = place.locator("textarea").input_value()
    _, shown = run(page, "Cell 5", stored.replace("print(", "print('→', "))
    assert "→" in shown.text_content()
    assert note(place).startswith("Line 1 is “→ ")
    press(place, "Reset")
    assert place.locator("textarea").input_value() == stored
    assert page.locator(".run-note").count() == 0
    run(page, "Cell 5")
    assert place.locator(".run-status").text_content().startswith("the same as on the page")


def test_what_the_page_says_can_be_had_back(page):
    _place, shown = run(page, "Cell 5", "print('mine')")
    for label, text in (("what the page says", "momentum"), ("what this run gave", "mine")):
        page.locator(f"xpath=//button[.='Show {label}']").first.dispatch_event("click")
        assert text in shown.text_content()


def test_an_error_comes_first_and_marks_its_line(page):
    place, shown = run(page, "Exercise 1", "a = 1\n\nb = a / 0\n")
    assert shown.locator("p").text_content() == "ZeroDivisionError: division by zero (line 3)"
    assert not shown.locator("details").get_attribute("open")
    told = shown.locator("pre").text_content()
    assert 'File "Exercise 1", line 3, in <module>' in told and "kernel.py" not in told
    mark = place.locator(".marked-line").evaluate(
        "e => getComputedStyle(e).getPropertyValue('--line')"
    )
    assert mark == "2"
    place, shown = run(page, "Exercise 1", "def f(:\n    pass")
    assert shown.locator("p").text_content().startswith("SyntaxError: ")


def test_who_runs_a_cell_too_early_is_told_what_to_do(newcomer, server):
    page = start(newcomer, f"{server}/{CHAPTER}")
    place, _ = run(page, "Cell 4")
    assert note(place).startswith(
        "The cell ended with a NameError. A cell above makes it: “Run all"
    )
    place, _ = run(page, "Exercise 1", "prnt(1)")
    assert place.locator("xpath=following-sibling::p[@class='run-note']").count() == 0


def test_what_was_printed_before_an_endless_loop_is_seen_and_kept(page):
    place = cell(page, "Exercise 1")
    place.locator("textarea").fill(f"print('begin')\nprint('x is', 3)\n{ENDLESS}")
    press(place, "Run")
    below(place).get_by_text("x is 3").wait_for(state="attached")
    press(place, "Stop")
    finish(place)
    assert below(place).locator("pre").text_content() == "begin\nx is 3\n"


def test_a_stopped_cell_keeps_its_live_figure_and_those_that_wait_do_not_run(page):
    place = cell(page, "Exercise 1")
    code = f"from momentum.explorers import Plateau\ndisplay(Plateau())\n{ENDLESS}"
    place.locator("textarea").fill(code)
    press(place, "Run")
    below(place).locator(".is-live").wait_for(state="attached")
    waiting = cell(page, "Exercise 2")
    waiting.locator("textarea").fill("print(1)")
    press(waiting, "Run")
    assert waiting.locator(".run-status").text_content() == "waits"
    press(waiting, "Stop")
    finish(waiting)
    assert place.locator(".run-status").text_content() == "running"
    press(place, "Stop")
    finish(place)
    assert "stopped" in place.locator(".run-status").text_content()
    assert below(place).locator(".is-live").count() == 1


def test_a_figure_that_cannot_be_drawn_is_an_error_like_another(page):
    code = "import matplotlib.pyplot as plt\nkept = 1\nplt.title(r'$\\foo{$')"
    _, shown = run(page, "Exercise 1", code)
    assert "ValueError" in shown.locator(".run-error p").text_content()
    assert run(page, "Exercise 1", "print(kept)")[1].text_content().strip() == "1"


def test_an_observer_that_fails_ends_nothing(page):
    code = """from momentum.explorers import Plateau
ball = Plateau(beta=0.8)
ball.observe(lambda change: 1 / 0, "beta")
ball"""
    _, shown = run(page, "Exercise 1", code)
    shown.locator(".is-live").wait_for(state="attached")
    shown.get_by_label("momentum β").focus()
    page.keyboard.press("ArrowRight")
    assert run(page, "Exercise 2", "print(ball.beta)")[1].text_content().strip() == "0.81"


def test_nothing_that_a_reader_did_changes_what_the_page_recomputes(page):
    spoilt = "import momentum\nimport numpy as np\nnp.set_printoptions(precision=1)\n"
    run(page, "Exercise 1", f"{spoilt}momentum.descend = None")
    cell(page, "Cell 5").locator("textarea").fill("print('mine')")
    page.click("text=Recompute this page")
    assert cell(page, "Exercise 1").locator("button").first.is_disabled()
    assert until(page, BAR, "gave what").startswith("25 of 25 cells")
    mine = cell(page, "Cell 5")
    assert mine.locator("textarea").input_value() == "print('mine')"
    assert mine.locator(".run-status").text_content().startswith("the page's code gave the same")


def test_the_recomputing_can_be_stopped(page):
    page.click("text=Recompute this page")
    page.locator(".run-bar button").first.click()
    assert until(page, BAR, "Stopped: ").endswith(" cells had given what this page says.")
    page.locator("text=Recompute this page").wait_for()


def test_what_a_reset_took_away_can_be_had_back(page):
    place = cell(page, "Exercise 1")
    place.locator("textarea").fill("a = 1")
    press(place, "Reset")
    assert place.locator("textarea").input_value() == ""
    press(place, "Bring mine back")
    assert place.locator("textarea").input_value() == "a = 1"


def test_there_is_no_input_and_it_says_so(page):
    _, shown = run(page, "Exercise 1", "input('your name')")
    assert shown.locator("p").text_content().startswith("RuntimeError: input() asks for nothing")


def test_what_a_cell_makes_can_be_pickled(page):
    code = "import pickle\ndef f():\n    return 7\nprint(pickle.loads(pickle.dumps(f))())"
    assert run(page, "Exercise 1", code)[1].text_content().strip() == "7"


def test_an_endless_loop_is_stopped_within_a_second_and_the_edit_is_kept(page):
    place = cell(page, "Exercise 1")
    place.locator("textarea").fill(ENDLESS)
    press(place, "Run")
    page.wait_for_timeout(300)
    begun = page.evaluate("performance.now()")
    press(place, "Stop")
    finish(place)
    assert page.evaluate("performance.now()") - begun < 1000
    assert place.locator("textarea").input_value() == ENDLESS
    assert "stopped" in place.locator(".run-status").text_content()
    assert run(page, "Exercise 2", "print('n' in globals())")[1].text_content().strip() == "False"


def test_no_compiled_module_throws_for_a_name_it_lacks(page):
    """In C++, and WebKit would not catch it."""
    code = "import matplotlib.ft2font\nprint('__getattr__' in vars(matplotlib.ft2font))"
    assert run(page, "Exercise 1", code)[1].text_content().strip() == "False"


def test_a_huge_print_is_cut_and_said_to_be(page):
    _, shown = run(page, "Exercise 1", "for i in range(300_000):\n    print(i)")
    text = shown.text_content()
    assert text.startswith("0\n1\n2\n") and len(text) < 110_000
    printed = sum(len(f"{i}\n") for i in range(300_000))
    assert text.rstrip().endswith(f"… {printed - 100_000:,} more characters are not shown")


def test_a_hundred_figures_are_shown(page):
    code = "import matplotlib.pyplot as plt\nfor i in range(100):\n    plt.figure(figsize=(1, 1))"
    _, shown = run(page, "Exercise 1", code)
    assert shown.locator("svg").count() == 100
    ids = shown.locator("svg [id]").evaluate_all("all => all.map(e => e.id)")
    assert len(ids) == len(set(ids)) > 100


def test_results_are_shown_in_their_richest_form(page):
    rich = "class A:\n    def _repr_html_(self):\n        return '<b>bold</b>'\nA()"
    assert run(page, "Exercise 1", rich)[1].locator("b").text_content() == "bold"
    displayed = run(page, "Exercise 1", "display(1, 'two')\n3;")[1]
    assert displayed.locator("pre").all_text_contents() == ["1", "'two'"]
    assert run(page, "Exercise 1", "x = 3\nx")[1].text_content().strip() == "3"


def test_a_live_figure_and_its_explorer_are_one(page):
    code = "from momentum.explorers import Plateau\nball = Plateau(beta=0.8)\nball"
    _, shown = run(page, "Exercise 1", code)
    shown.locator(".is-live").wait_for()
    slider = shown.get_by_label("momentum β")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert run(page, "Exercise 2", "print(ball.beta)")[1].text_content().strip() == "0.81"
    before = shown.locator("svg").first.inner_html()
    run(page, "Exercise 2", "ball.beta = 0.5")
    page.wait_for_function("([e, before]) => e.innerHTML !== before",
                           arg=[shown.locator("svg").first.element_handle(), before])  # fmt: skip
    assert slider.input_value() == "50"


# --- what is kept, and taken along


def test_an_edit_survives_a_reload_and_another_tab(newcomer, server):
    one, other = (start(newcomer, f"{server}/{CHAPTER}") for _ in range(2))
    cell(one, "Cell 4").locator("textarea").fill("mine = 4")
    cell(other, "Cell 5").locator("textarea").fill("mine = 5")
    other.close()
    one.reload()
    one.click(".run-here")
    for name, source in (("Cell 4", "mine = 4"), ("Cell 5", "mine = 5")):
        assert cell(one, name).locator("textarea").input_value() == source


def test_the_page_is_taken_along_as_a_notebook(page, tmp_path):
    run(page, "Cell 4", "print('mine')")
    run(page, "Exercise 2", "1 / 0")
    with page.expect_download() as download:
        page.click("text=Download as notebook")
    download.value.save_as(tmp_path / download.value.suggested_filename)
    assert download.value.suggested_filename == "05_plateau.ipynb"
    taken = nbformat.read(tmp_path / "05_plateau.ipynb", as_version=4)
    nbformat.validate(taken)
    install, *code = [c for c in taken.cells if c.cell_type == "code"]
    (wheel,) = re.findall(
        r'%pip install --quiet "momentum-book\[book\] @ (.*\.whl)"', install.source
    )
    assert page.request.get(wheel).ok
    assert code[3].source == "print('mine')" and code[3].outputs[0].text == "mine\n"
    assert code[-1].source == "1 / 0" and code[-1].outputs[0].ename == "ZeroDivisionError"
    given = nbformat.read(ROOT / "chapters" / "05_plateau.ipynb", as_version=4)
    assert (
        taken.cells[1] == given.cells[0]
        and code[10] == [c for c in given.cells if c.cell_type == "code"][10]
    )


def test_who_leaves_in_the_middle_comes_back_to_a_page_that_runs(newcomer, server):
    page = load(newcomer, f"{server}/{CHAPTER}")
    page.click(".run-here")
    until(page, BAR, "")
    page.goto(f"{server}/chapters/04_beta.html")
    page.go_back()
    page.click(".run-here")
    until(page, BAR, "Python is ready")
    cell(page, "Exercise 1").locator("textarea").fill(ENDLESS)
    press(cell(page, "Exercise 1"), "Run")
    page.reload()
    page.click(".run-here")
    until(page, BAR, "Python is ready")


# --- keys, screen readers, phones


def test_keys_run_indent_and_leave(page):
    place = cell(page, "Exercise 1")
    text = place.locator("textarea")
    text.scroll_into_view_if_needed()
    text.focus()
    page.keyboard.type("for i in range(2):\nprint(i)")
    assert text.input_value() == "for i in range(2):\n    print(i)"
    page.keyboard.press("Shift+Enter")
    finish(place)
    assert below(place).text_content().split() == ["0", "1"]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Run"


def test_axe_finds_nothing_wrong_where_code_runs(page):
    page.evaluate("document.querySelectorAll('article details').forEach(d => { d.open = true })")
    run(page, "Exercise 1", "print('wide ' * 400)\n1 / 0")
    ball = "from momentum.explorers import Plateau\nPlateau()"
    run(page, "Exercise 2", ball)[1].locator(".is-live").wait_for()
    assert violations(page, "dark", ["color-contrast"]) == {}
    page.evaluate("scrollTo(0, 0)")
    for width in reversed(WIDTHS):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(500)
        assert violations(page, "light", AXE_TAGS) == {}, width
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.set_viewport_size({"width": 1280, "height": 900})

"""Folded code: on the page what imports and what draws is folded, and a reader's choice is kept."""

import sys

import pytest
from docutils import nodes
from docutils.utils import new_document
from notebooks import ROOT, Chapter, listed, media, tags

sys.path.append(str(ROOT / "_ext"))
import folds

NAME = "06_two_cases"
PAGE, OTHER = f"chapters/{NAME}.html", "chapters/05_plateau.html"


@pytest.fixture(scope="module")
def site(build):
    return build[1]


@pytest.fixture
def context(browser):
    opened = browser.new_context(viewport={"width": 1280, "height": 800})
    yield opened
    opened.close()


@pytest.fixture
def page(context, server):
    opened = context.new_page()
    opened.goto(f"{server}/{PAGE}")
    return opened


def opened_folds(page):
    return page.evaluate("[...document.querySelectorAll('details.code')].map(fold => fold.open)")


# --- which code is folded


@pytest.mark.parametrize(
    ("source", "folded"),
    [
        ("import numpy as np\nfrom momentum import figures\n\nfigures.style()", True),
        ("from momentum import gain", True),
        ("import numpy as np\n\nx = np.arange(3)", False),
        ("figures.lines(x)", False),
        ("", False),
    ],
)
def test_code_that_only_imports_prepares(source, folded):
    assert folds.prepares(source) == folded


def cell(source, shown=None, **metadata):
    """Return a code cell as it stands in a page."""
    made = nodes.container(nb_element="cell_code", cell_metadata=metadata, classes=["cell"])
    code = nodes.literal_block(source, source)
    made += nodes.container("", code, nb_element="cell_code_source")
    if shown:
        output = nodes.raw("", shown, format="html")
        made += nodes.container("", output, nb_element="cell_code_output")
    return made


def folded_page(*parts):
    """Return a page after the folding: the first word of each of its parts, and its folds."""
    document = new_document("page")
    document += parts
    for number, cells in enumerate(folds.runs(document), 1):
        folds.fold(cells, number)
    blocks = [node for node in document if "folded" in node.get("classes", [])]
    sources = [[code.astext() for code in b.findall(nodes.literal_block)] for b in blocks]
    return [node.astext().split()[0] for node in document], sources


IMPORT, FIGURE = "import numpy", '<svg role="img"></svg>'


def test_the_opening_shows_its_figure_first_and_one_fold_below_it():
    shown, folded = folded_page(
        nodes.paragraph("", "Why?"),
        cell(IMPORT),
        cell("Plateau()", "<momentum-explorer></momentum-explorer>"),
        nodes.paragraph("", "After"),
    )
    assert shown == ["Why?", "<momentum-explorer></momentum-explorer>", "<details", "After"]
    assert folded == [[IMPORT, "Plateau()"]]


def test_cells_with_something_between_them_fold_apart_and_other_code_stays():
    shown, folded = folded_page(cell(IMPORT), cell("x = 1"), cell("plot(x)", FIGURE))
    assert shown == ["<details", "x", "<svg", "<details"]
    assert folded == [[IMPORT], ["plot(x)"]]


def test_a_solution_is_folded_by_the_notebook_alone():
    assert folded_page(cell("plot(x)", FIGURE, tags=["hide-cell"]))[1] == []


def test_a_claim_keeps_its_cell_as_the_target_of_its_links():
    drawn = cell("plot(x)", FIGURE)
    drawn["ids"].append("claim-s6")
    folded_page(drawn)
    assert drawn.parent is not None and FIGURE in drawn.astext()


@pytest.mark.parametrize("name", listed())
def test_a_page_folds_what_imports_and_what_draws_and_nothing_else(context, server, name):
    page = context.new_page()
    page.goto(f"{server}/chapters/{name}.html")
    draws = {"image/svg+xml", "text/html"}
    codes = {True: [], False: []}
    for stored in Chapter.read(ROOT / "chapters" / f"{name}.ipynb").code:
        if "hide-cell" not in tags(stored):
            figure = any(data.keys() & draws for data in media(stored))
            codes[figure or folds.prepares(stored["source"])].append(stored["source"].strip())
    selectors = {
        True: "details.code .cell_input pre",
        False: ".cell_input pre:not(details *)",
    }
    for folded, selector in selectors.items():
        shown = page.locator(f"article {selector}").all_text_contents()
        assert [text.strip() for text in shown] == codes[folded]


# --- what the reader does


def test_a_fold_opens_by_the_keys_says_what_it_is_and_stays_open(page):
    summary = page.locator("details.code > summary").nth(1)
    name = page.get_by_role("group").locator("summary").nth(1).text_content()
    assert "Show" in name and name.endswith("code of the figure above")
    assert not any(opened_folds(page))
    summary.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("localStorage.getItem('momentum-code')")
    page.reload()
    assert [number for number, open_ in enumerate(opened_folds(page)) if open_] == [1]
    assert "Hide code" in summary.inner_text()
    summary.press("Enter")
    page.wait_for_function("!Object.values(JSON.parse(localStorage['momentum-code']).own)[0]")
    page.reload()
    assert not any(opened_folds(page))


def test_the_switch_shows_all_code_of_the_book(page, server):
    switch = page.locator("button.all-code")
    assert switch.count() == 1
    switch.press("Enter")
    assert all(opened_folds(page))
    page.goto(f"{server}/{OTHER}")
    assert all(opened_folds(page))
    page.locator("details.code > summary").first.click()
    page.wait_for_function("Object.keys(JSON.parse(localStorage['momentum-code']).own).length")
    page.reload()
    assert opened_folds(page)[0] is False and all(opened_folds(page)[1:])
    page.get_by_role("button", name="Hide all code").click()
    page.goto(f"{server}/{PAGE}")
    assert not any(opened_folds(page))


SHIFT = """() => new Promise(resolve => {
  let sum = 0
  new PerformanceObserver(list => list.getEntries().forEach(shift => { sum += shift.value }))
    .observe({ type: 'layout-shift', buffered: true })
  setTimeout(() => resolve(sum), 500)
})"""


@pytest.mark.parametrize("everything", [False, True])
def test_nothing_jumps_when_a_page_arrives_as_the_reader_left_it(page, everything):
    if everything:
        page.locator("button.all-code").click()
    page.reload()
    assert all(opened_folds(page)) == everything
    assert page.evaluate(SHIFT) < 0.02


def test_without_scripts_a_fold_still_opens(browser, server):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}/{PAGE}")
    fold = page.locator("details.code").first
    assert not fold.locator("pre").first.is_visible()
    fold.locator("summary").click()
    assert fold.locator("pre").first.is_visible()
    assert not page.locator("button.all-code").is_visible()
    context.close()


def test_on_paper_all_code_is_shown_without_its_switches(page):
    page.emulate_media(media="print")
    assert all(code.is_visible() for code in page.locator("details.code pre").all())
    for switch in page.locator("details.code > summary, button.all-code").all():
        assert not switch.is_visible()


def test_a_browser_that_forbids_storage_folds_all_the_same(context, server):
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden') } })"
    )
    page = context.new_page()
    page.goto(f"{server}/{PAGE}")
    page.locator("details.code > summary").first.click()
    assert opened_folds(page)[0] and not any(opened_folds(page)[1:])

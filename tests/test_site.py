"""The site as a reader meets it: in a real Chromium, without a network."""

import html
import json
import re
from functools import cache
from itertools import product
from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from fontTools.ttLib import TTFont

from momentum.figures.look import DARK, PAPER

ROOT = Path(__file__).parent.parent
WIDTHS = 1280, 390
THEMES = "light", "dark"
THEME_LOG = "[PST]: "  # the theme logs its mode, on every page
# All that axe knows but the rules of WCAG's level AAA.
AXE_TAGS = "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "experimental"


def pages():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    chapters = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    return [f"{name}.html" for name in (toc["root"], *chapters)]


PAGES = pages()
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
each_page = pytest.mark.parametrize("name", PAGES)
each_width = pytest.mark.parametrize("width", WIDTHS)


@pytest.fixture(scope="module")
def site(build):
    return build[1]


def load(context, url):
    """Open a page; note its requests and its console."""
    page = context.new_page()
    page.requests, page.console = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("console", lambda message: page.console.append(message.text))
    page.on("pageerror", lambda error: page.console.append(str(error)))
    page.goto(url)
    return page


@pytest.fixture(scope="module")
def read(browser, server):
    """Return the page of that address, loaded once for all tests that only look at it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield cache(lambda name, base=server: load(context, f"{base}/{name}"))
    context.close()


@pytest.fixture
def visit(browser, server, width):
    """Open a page as a first-time reader with a screen of the test's width."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    yield lambda name: load(context, f"{server}/{name}")
    context.close()


@pytest.fixture(scope="module")
def come_back(browser, server):
    """Open a page on a screen of that width as a reader who was in the book before."""
    made = {}

    def opened(name, width):
        if width not in made:
            made[width] = browser.new_context(viewport={"width": width, "height": 900})
        return load(made[width], f"{server}/{name}")

    yield opened
    for context in made.values():
        context.close()


@pytest.fixture
def visit_phone(browser, server):
    """Open a page as a first-time reader on a phone, with nothing opened."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield lambda name: load(context, f"{server}/{name}")
    context.close()


# What a page's observers see comes with a frame.
TWO_FRAMES = "() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
# Colours fade from one theme to the other, and what unfolds comes in: in no time here.
END_OF_MOTION = "document.getAnimations().forEach(moving => moving.finish())"


def set_theme(page, theme):
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    page.evaluate(END_OF_MOTION)


def test_the_book_builds_without_a_warning(build):
    done, site = build
    assert done.returncode == 0, done.stderr
    assert all((site / name).exists() for name in PAGES)


def test_the_root_page_leads_to_the_book(browser, site):
    page = browser.new_page()
    page.goto((site / "index.html").as_uri())
    page.wait_for_url(f"**/{PAGES[0]}")
    page.close()


@each_page
def test_every_formula_is_typeset_with_the_books_own_font(read, name):
    page = read(name)
    formulas = page.locator("article .math").count()
    assert page.locator("article .math > math annotation").count() == formulas
    assert page.locator("article .math", has_text=re.compile(r"^\\[(\[]")).count() == 0
    if page.locator("article .math:not(details:not([open]) *)").count():  # seen at once
        page.evaluate("document.fonts.ready")
        assert page.evaluate("document.fonts.check('16px \"STIX Two Math\"', 'w')")
        assert page.evaluate(
            "[...document.fonts].some(f => /STIX/.test(f.family) && f.status === 'loaded')"
        )


def test_the_font_has_every_character_of_the_formulas(site):
    shown = {c for page in site.rglob("*.html") for c in formula_characters(page)}
    known = set(map(chr, TTFont(site / "_static" / "stix-two-math.woff").getBestCmap()))
    assert {"𝜂", "𝛽", "ℎ", "√"} <= known
    assert shown - known == set()


def formula_characters(page):
    """Return the characters of a page's formulas, italics as those that Unicode has for them."""
    for text in re.findall(r"<m[ion]>([^<]+)</m[ion]>|<mtext>([^<]+)", page.read_text("utf-8")):
        yield from html.unescape("".join(text))


@each_page
def test_no_page_scrolls_sideways(read, name):
    page = read(name)
    page.evaluate("document.querySelectorAll('article details').forEach(d => { d.open = true })")
    for width in reversed(WIDTHS):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


IN_SIDEBAR = "nav.bd-links a.reference"


@each_page
def test_the_sidebar_of_each_page_leads_to_every_page(read, server, name):
    page = read(name)
    links = page.locator(IN_SIDEBAR).evaluate_all("links => links.map(link => link.href)")
    assert links == [f"{server}/{other}{'#' * (other == name)}" for other in PAGES]
    assert page.locator("article h1").is_visible()


@each_width
def test_the_sidebar_leads_on(visit, width):
    page = visit(PAGES[0])
    for name in (PAGES[1], PAGES[-1]):
        if width < 992:
            page.locator("button.primary-toggle").first.click()
        page.locator(IN_SIDEBAR).last.wait_for()
        assert page.locator(IN_SIDEBAR).locator("visible=true").count() == len(PAGES)
        page.locator(f"{IN_SIDEBAR}[href$='{Path(name).name}']").click()
        page.wait_for_url(f"**/{name}")
        assert page.locator("article h1").is_visible()


@each_width
def test_the_sidebar_can_be_closed_and_opened_again(visit, width):
    page = visit(PAGES[1])
    toggle = page.locator("button.primary-toggle").first
    link = page.locator(".bd-sidebar-primary a.reference").last
    seen = link.is_visible()
    toggle.click()
    link.wait_for(state="hidden" if seen else "visible")


@each_width
def test_search_finds_a_page_by_a_word_in_it(visit, width):
    page = visit(PAGES[0])
    page.locator("button.search-button__button, button.search-button-field").locator(
        "visible=true"
    ).first.click()
    page.locator("#pst-search-dialog input[type=search]").fill("momentum")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=momentum*")
    page.locator("#search-results li a").first.click()
    page.wait_for_url(re.compile("/chapters/"))
    assert "momentum" in page.locator("article").inner_text().lower()


@each_width
def test_the_theme_switch_changes_the_page_and_is_remembered(visit, width):
    page = visit(PAGES[1])
    background = "getComputedStyle(document.body).backgroundColor"
    seen = {}
    for _ in range(3):
        page.locator("button.theme-switch-button").locator("visible=true").first.click()
        seen[page.evaluate("document.documentElement.dataset.mode")] = page.evaluate(background)
    assert seen.keys() == {"auto", "light", "dark"}
    assert seen["light"] != seen["dark"]
    mode = page.evaluate("document.documentElement.dataset.mode")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.mode") == mode


@each_width
def test_a_pages_contents_lead_to_its_sections(visit, width):
    page = visit(PAGES[1])
    if width < 992:
        page.locator("button.secondary-toggle").locator("visible=true").first.click()
    link = page.locator(".bd-sidebar-secondary .page-toc a").locator("visible=true").last
    section = link.get_attribute("href")
    link.click()
    page.wait_for_url(f"**{section}")
    page.wait_for_function(
        "id => { const top = document.querySelector(id).getBoundingClientRect().top;"
        " return 0 <= top && top < innerHeight }",
        arg=section,
    )


LIVE = {  # chapter -> the first live figure in it
    f"chapters/{path.stem}.html": kind[1] + "-1"
    for path in CHAPTERS
    if (kind := re.search(r"momentum-explorer kind-(\w+)", path.read_text("utf-8")))
}
each_live = pytest.mark.parametrize("name", LIVE)


def below_the_header(page, selector):
    """Return how far the top of an element stands below what sticks to the top of the page."""
    header = page.locator(".bd-header-article").bounding_box()
    return page.locator(selector).bounding_box()["y"] - header["y"] - header["height"]


ALL_IS_THERE = """document.readyState === 'complete' && document.fonts.status === 'loaded'
  && !document.querySelector('momentum-explorer:not(:has(.is-live))')"""


@each_live
@each_width
def test_a_link_to_a_live_figure_lands_on_its_top_below_the_header(come_back, width, name):
    figure = LIVE[name]
    page = come_back(f"{name}#{figure}?beta=0.5", width)
    page.wait_for_function(ALL_IS_THERE)
    page.evaluate(TWO_FRAMES)
    assert 0 <= below_the_header(page, f"[data-explorer={figure}]") <= 32
    page.close()


@each_live
def test_on_a_phone_a_live_picture_stays_below_the_header(read, name):
    page, figure = read(name), f"[data-explorer={LIVE[name]}]"
    page.set_viewport_size({"width": 390, "height": 664})
    last = page.locator(f"{figure} input[type=range]").last
    last.evaluate("slider => slider.scrollIntoView({ block: 'center', behavior: 'instant' })")
    page.evaluate(TWO_FRAMES)
    stage, box = page.locator(f"{figure} .stage").bounding_box(), last.bounding_box()
    assert below_the_header(page, f"{figure} .stage") >= -1
    assert stage["y"] + stage["height"] <= box["y"] + 1
    assert box["y"] + box["height"] <= 664


@each_page
def test_every_image_says_what_it_shows(read, name):
    texts = read(name).evaluate(
        "[...document.querySelectorAll('article img, article svg[role=img]')]"
        ".map(image => image.getAttribute('alt') || image.getAttribute('aria-label') || '')"
    )
    for text in texts:
        assert len(text.split()) >= 3, f"{text!r} says too little"
        assert not re.search(r"\S/\S+\.\w+$|\.(svg|png)\b", text), f"{text!r} is a path"


def test_each_page_has_its_own_title_and_description_and_states_its_language(site):
    heads = [(site / name).read_text("utf-8") for name in [*PAGES, "search.html", "index.html"]]
    titles = [re.search(r"<title>(.+?)</title>", head, re.DOTALL)[1] for head in heads]
    described = [re.findall(r"<meta[^>]*name=\"description\"[^>]*>", head) for head in heads]
    assert all(re.search(r'<html[^>]* lang="en"', head) for head in heads)
    assert [len(found) for found in described] == [1] * len(heads)
    assert all(re.search(r'content="[^"]{20,}"', found) for (found,) in described)
    assert len(set(map(str, described))) == len(set(titles)) == len(heads)


TEXT_CONTRASTS = """() => {
const luminance = colour => {
  const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
const page = luminance(getComputedStyle(document.body).backgroundColor)
const marks = 'svg.figure text, svg.figure g[id*="-text_"] use'
return [...document.querySelectorAll(marks)].map(mark => luminance(getComputedStyle(mark).fill))
  .map(text => (Math.max(text, page) + 0.05) / (Math.min(text, page) + 0.05))
}"""


@each_page
def test_the_words_in_figures_stand_out_in_both_themes(read, name):
    page = read(name)
    for theme in THEMES:
        set_theme(page, theme)
        assert all(contrast >= 4.5 for contrast in page.evaluate(TEXT_CONTRASTS)), theme


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_colour_of_a_figure_is_restated_for_the_dark_theme(path):
    assert {f"#{color}" for color in figure_colours(path)} <= {*DARK, PAPER}


def figure_colours(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    data = [out.get("data", {}) for cell in cells for out in cell.get("outputs", [])]
    svgs = "".join("".join(item.get("image/svg+xml", "")) for item in data)
    return {colour.lower() for colour in re.findall(r"[:\"] ?#([0-9a-fA-F]{6})\b", svgs)}


# Contrast takes axe most of its time: a page has a theme in one width, one of each kind in both.
LOOKS = [(1280, "light"), (390, "dark")]
OF_EACH_KIND = {PAGES[0], PAGES[1], "chapters/notation.html"}


@each_page
def test_axe_finds_nothing_wrong_with_no_rule_switched_off(read, name):
    page = read(name)
    page.bring_to_front()
    for width, theme in product(WIDTHS, THEMES) if name in OF_EACH_KIND else LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(TWO_FRAMES)
        page.wait_for_function(SCROLLERS_TAKE_THE_FOCUS)
        assert violations(page, theme, AXE_TAGS) == {}, (width, theme)


# The page sees to it once it has laid them out; what is folded waits until it opens.
SCROLLERS_TAKE_THE_FOCUS = """[...document.querySelectorAll(
  'article :is(pre, .pst-scrollable-table-container)')]
  .filter(code => code.checkVisibility())
  .every(code => code.scrollWidth <= code.clientWidth || code.tabIndex === 0)"""


def violations(page, theme, rules):
    set_theme(page, theme)
    found = Axe().run(page, None, {"resultTypes": ["violations"], "runOnly": list(rules)})
    listed = found.response["violations"]
    return {v["id"]: [node["html"][:200] for node in v["nodes"]] for v in listed}


@pytest.fixture
def phone(read):
    """Return the page of that address on a phone, its solutions open."""

    def opened(name):
        page = read(name)
        page.set_viewport_size({"width": 390, "height": 844})
        page.evaluate(
            "document.querySelectorAll('article details').forEach(d => { d.open = true })"
        )
        return page

    yield opened


CUT_OUTPUTS = """[...document.querySelectorAll('article .cell_output pre')].filter(output => {
  const kept = output.innerHTML
  output.textContent = 'm'.repeat(52)
  const cut = output.scrollWidth > output.clientWidth
  output.innerHTML = kept
  return cut || parseFloat(getComputedStyle(output).fontSize) < 12
}).length"""
MUTE_SCROLLERS = """[...document.querySelectorAll('article pre')].filter(code => {
  const { backgroundImage, backgroundAttachment } = getComputedStyle(code)
  const shown = backgroundImage.split('linear-gradient').length === 5
    && backgroundAttachment.startsWith('local, local, scroll, scroll')
  const mute = code.scrollWidth > code.clientWidth && !(shown && code.tabIndex === 0)
  return code.checkVisibility() && mute
}).map(code => code.textContent.slice(0, 80))"""
CLIPPED_FORMULAS = """[...document.querySelectorAll('article .math > *')].filter(formula => {
  if (formula.getBoundingClientRect().right <= innerWidth) return false
  let scroller = formula
  const reaches = box => /auto|scroll/.test(getComputedStyle(box).overflowX)
    && box.getBoundingClientRect().right <= innerWidth
  while (scroller && !reaches(scroller)) scroller = scroller.parentElement
  return !scroller
}).map(formula => formula.textContent.slice(0, 80))"""


@each_page
def test_on_a_phone_52_characters_of_output_fit(phone, name):
    assert phone(name).evaluate(CUT_OUTPUTS) == 0


@each_page
def test_on_a_phone_code_shows_that_it_scrolls_and_the_keys_reach_it(phone, name):
    page = phone(name)
    page.wait_for_function(SCROLLERS_TAKE_THE_FOCUS)
    for theme in THEMES:
        set_theme(page, theme)
        assert page.evaluate(MUTE_SCROLLERS) == []


IN_FOLDS = "details:not([open]) pre[tabindex]"
IN_OPEN_FOLDS = (
    "[...document.querySelectorAll('details[open] pre')].some(code => code.tabIndex === 0)"
)


def test_what_is_folded_is_not_laid_out_before_it_opens(visit_phone):
    page = visit_phone("chapters/08_one_curvature.html")
    page.wait_for_function("document.querySelector('article pre[tabindex]')")
    assert page.locator(IN_FOLDS).count() == 0
    page.evaluate("document.querySelectorAll('article details').forEach(d => { d.open = true })")
    page.wait_for_function(IN_OPEN_FOLDS)


@pytest.mark.parametrize("theme", THEMES)
def test_a_page_has_the_readers_theme_before_the_themes_script_comes(browser, server, theme):
    context = browser.new_context(color_scheme=theme)
    context.route("**/pydata-sphinx-theme.js*", lambda route: route.abort())
    page = load(context, f"{server}/{PAGES[1]}")
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    context.close()


@each_page
def test_on_a_phone_no_formula_is_clipped(phone, name):
    assert phone(name).evaluate(CLIPPED_FORMULAS) == []


@pytest.fixture
def paper(read):
    """Return a page as it is printed on A4, from a theme, with nothing unfolded."""
    pages = []

    def printed(name, theme):
        pages.append(page := read(name))
        page.set_viewport_size({"width": 794, "height": 900})
        page.evaluate("document.querySelectorAll('article details').forEach(d => d.open = false)")
        set_theme(page, theme)
        page.emulate_media(media="print")
        page.evaluate(TWO_FRAMES)
        return page

    yield printed
    for page in pages:
        page.emulate_media(media="screen")


PALE_WORDS = """() => {
const luminance = colour => {
  const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
const words = document.createTreeWalker(document.querySelector('article'), NodeFilter.SHOW_TEXT)
const pale = new Set()
while (words.nextNode()) {
  const holder = words.currentNode.parentElement
  if (!words.currentNode.data.trim() || !holder.checkVisibility()) continue
  const { color, fill } = getComputedStyle(holder)
  const seen = holder.closest('svg') ? fill : color
  if (1.05 / (luminance(seen) + 0.05) < 4) pale.add(words.currentNode.data.trim().slice(0, 60))
}
return [...pale]
}"""
CUT_ON_PAPER = """[...document.querySelectorAll('article pre, article table')]
  .filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.textContent.slice(0, 80))"""
MAY_SPLIT = """[...document.querySelectorAll(
  'article :is(figure, table, momentum-explorer, .cell_input, .cell_output)')]
  .filter(box => getComputedStyle(box).breakInside !== 'avoid').map(box => box.className)"""
FOLDED = """[...document.querySelectorAll('article details > :not(summary)')]
  .filter(inside => !inside.checkVisibility()).length"""


@pytest.mark.parametrize("theme", THEMES)
@each_page
def test_on_paper_words_are_dark_whole_and_together_from_either_theme(paper, name, theme):
    page = paper(name, theme)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for fault in (PALE_WORDS, CUT_ON_PAPER, MAY_SPLIT):
        assert page.evaluate(fault) == []
    assert page.evaluate(FOLDED) == 0


@each_page
def test_on_paper_a_page_has_one_title_a_chapter_with_its_number(paper, name):
    (title,) = paper(name, "light").locator("h1").locator("visible=true").all_inner_texts()
    number = re.match(r"chapters/(\d+)_", name)
    assert not number or title.startswith(f"{int(number[1])}. ")


@pytest.mark.parametrize("width", [794])
def test_solutions_are_printed_or_left_out_as_the_reader_chose_last(visit):
    page = visit("chapters/06_two_cases.html")
    page.evaluate("window.print = () => { window.printed = true }")
    visible = "[...document.querySelectorAll('article details{}')].filter(d => d.checkVisibility())"
    shown, code = (f"{visible}.length".format(kind) for kind in (":not(.code)", ".code"))
    for choice in ("without", "with", "without"):
        page.emulate_media(media="screen")
        page.locator(".dropdown-download-buttons > button").click()
        page.get_by_role("button", name=f"Print {choice} solutions").click()
        assert page.evaluate("window.printed")
        page.emulate_media(media="print")
        assert (page.evaluate(shown) > 0) == (choice == "with")
        assert page.evaluate(code) > 0
    page.reload()
    assert page.evaluate(shown) == 0
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_no_page_needs_a_third_party_and_all_leave_the_console_empty(read, site, server, scheme):
    """After all that was done to them above."""
    base = {"http": server, "file": site.as_uri()}[scheme]
    own = base, "data:", "blob:"
    pages = {name: read(name, base) for name in [*PAGES, "search.html"]}
    for name, page in pages.items():
        page.wait_for_load_state("networkidle")
        assert [url for url in page.requests if not url.startswith(own)] == [], name
        assert [line for line in page.console if not line.startswith(THEME_LOG)] == [], name

"""Joined words: a symbol, its word and its curve light up together, by mouse, keys and touch."""

import re
import shutil
import sys
from types import SimpleNamespace

import pytest
from notebooks import ROOT, listed
from sphinx.errors import ExtensionError

sys.path.append(str(ROOT / "_ext"))
import terms

NOTATION = (ROOT / "chapters/notation.md").read_text("utf-8")
SYMBOLS, WORDS = terms.table(NOTATION)
STATIC = ROOT / "_ext/static"
FORMULA = (
    '<math display="block"><mi>v</mi><mo>←</mo><mi>β</mi><mi>v</mi><mo>+</mo><mi>g</mi></math>'
)
PAGE = f"""<!doctype html><html lang="en" data-theme="light"><title>A rule</title>
<link rel="stylesheet" href="book.css"><link rel="stylesheet" href="_static/terms.css">
<script defer src="terms.js"></script>
<style>:root {{ --pst-color-background: #fff; --pst-color-text-base: #323232 }}
html {{ background: var(--pst-color-background); color: #323232 }}
html[data-theme=dark] {{ --pst-color-background: #121212; color: #ced6dd }}</style>
<article class="bd-article"><section><h2>The rule</h2>
<p>The <span data-term="velocity">velocity</span> keeps the share <span data-term="beta">β</span>
of itself. A <span data-term="step">step</span> is alone.</p>
<div class="math notranslate">{FORMULA}</div>
<p>And here it is once more: <span id="free">no term</span>.</p>
<svg width="200" height="50"><path data-term="velocity" d="M0 20L200 30" stroke="#b84a00"
stroke-width="6"/></svg></section>
<section><h2>Another</h2><p><span data-term="velocity" id="far">velocity</span></p></section>
</article></html>"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return a folder with a page as the build makes it: its formula is marked."""
    folder = tmp_path_factory.mktemp("joined")
    builder = SimpleNamespace(name="html")
    terms.write_style(SimpleNamespace(builder=builder, outdir=folder))
    for name in ("book.css", "terms.js"):
        shutil.copy(STATIC / name, folder)
    (folder / "page.html").write_text(terms.joined(PAGE, SYMBOLS), "utf-8")
    return folder


@pytest.fixture
def visit(browser, server):
    """Open the page, in a browser of that kind."""
    contexts = []

    def opened(**kind):
        contexts.append(browser.new_context(viewport={"width": 600, "height": 600}, **kind))
        page = contexts[-1].new_page()
        page.goto(f"{server}/page.html")
        return page

    yield opened
    for context in contexts:
        context.close()


def lit(page):
    """Return what is lit: the tag and the term of each element."""
    return page.evaluate(
        "[...document.querySelectorAll('.lit')].map(n => [n.localName, n.dataset.term].join(' '))"
    )


GROUND = {"light": 1.0, "dark": 0x12 / 255}
VELOCITY = ["span velocity", "mi velocity", "mi velocity", "path velocity"]
BETA = ["span beta", "mi beta"]


@pytest.mark.parametrize("pointed", ["span", "mi", "path"])
def test_pointing_at_one_lights_all_of_its_section(visit, pointed):
    page = visit()
    page.locator(f"{pointed}[data-term=velocity]").first.hover()
    assert lit(page) == VELOCITY
    page.locator("#free").hover()
    assert lit(page) == []


def test_what_has_no_other_stays_dark(visit):
    page = visit()
    page.locator("[data-term=step]").hover()
    assert lit(page) == []
    page.locator("#far").hover()
    assert lit(page) == []


def test_an_equation_is_one_stop_and_arrows_go_from_symbol_to_symbol(visit):
    page = visit()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.localName") == "math"
    assert lit(page) == []
    seen = []
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
        seen.append(lit(page))
    # v, β, v, β, v and g, which has no other here but shows where the reader is
    assert seen == [VELOCITY, BETA, VELOCITY, BETA, VELOCITY, ["mi gradient"]]
    page.keyboard.press("Escape")
    assert lit(page) == []
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    assert lit(page) == []
    assert page.evaluate("document.activeElement === document.body")


def test_a_tap_lights_and_a_tap_elsewhere_releases(visit):
    page = visit(has_touch=True)
    page.locator("span[data-term=velocity]").first.tap()
    assert lit(page) == VELOCITY
    page.locator("span[data-term=beta]").tap()
    assert lit(page) == BETA
    page.locator("#free").tap()
    assert lit(page) == []


BOXES = """[...document.querySelectorAll('article *')].map(node => {
  const { x, y, width, height } = node.getBoundingClientRect()
  return [x, y, width, height].join(' ')
})"""


def test_a_light_moves_nothing_and_says_nothing(visit):
    page = visit()
    boxes, said = page.evaluate(BOXES), page.locator("article").aria_snapshot()
    page.locator("mi").first.hover()
    assert lit(page) == VELOCITY
    assert page.evaluate(BOXES) == boxes
    assert page.locator("article").aria_snapshot() == said


def luminance(rgb):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("term", terms.TERMS)
def test_words_in_any_light_can_be_read(visit, theme, term):
    page = visit()
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    shown = page.locator("span[data-term]").first
    shown.evaluate("(node, term) => { node.dataset.term = term; node.classList.add('lit') }", term)
    text, tint = shown.evaluate(
        "node => { const s = getComputedStyle(node); return [s.color, s.backgroundColor] }"
    )
    text = [int(c) / 255 for c in re.findall(r"\d+", text)]
    tint = [float(c) for c in re.findall(r"[\d.]+", tint)]
    bright, dim = sorted((luminance(text), luminance(tint)), reverse=True)
    assert (bright + 0.05) / (dim + 0.05) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_light_stands_out_from_the_page(visit, theme):
    page = visit()
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    page.locator("mi").first.hover()
    shadow = page.locator("span.lit").evaluate("node => getComputedStyle(node).boxShadow")
    line = [int(c) / 255 for c in re.findall(r"rgb\((\d+), (\d+), (\d+)\)", shadow)[0]]
    bright, dim = sorted((luminance(line), luminance([GROUND[theme]] * 3)), reverse=True)
    assert (bright + 0.05) / (dim + 0.05) >= 3


def test_a_light_is_seen_in_forced_colours(visit):
    page = visit(forced_colors="active")
    page.locator("mi").first.hover()
    style = page.locator("span.lit").evaluate("node => getComputedStyle(node).outlineStyle")
    assert style == "solid"


# --- what the build marks


def test_the_notation_says_which_symbol_is_which_word():
    assert SYMBOLS == {
        "g": "gradient", "v": "velocity", "η": "learning-rate", "β": "beta", "λ": "curvature",
        "κ": "condition-number", "r": "convergence-rate",
    }  # fmt: skip
    assert WORDS["learning rate"] == "learning-rate" and WORDS["momentum constant"] == "beta"
    with pytest.raises(ExtensionError, match="no row for condition-number"):
        terms.table(NOTATION.replace("κ (kappa)\n  - condition", "κ (kappa)\n  - bad"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Gradient descent needs gradients", ["gradient-descent", "gradient"]),
        ("momentum and the momentum constant β", ["momentum", "beta", "beta"]),
        ("a step, two steps, another step", ["step"]),
        ("ηλ is no η, and it gains", ["learning-rate"]),
        ("stepwise", []),
    ],
)
def test_the_first_of_each_word_and_symbol_is_marked(text, found):
    parts = terms.marked(text, SYMBOLS, WORDS, set())
    html = "".join(part.astext() for part in parts)
    assert re.findall(r'data-term="([\w-]+)"', html) == found
    assert re.sub(r"<[^>]*>", "", html) == (text if found else "")


def test_symbols_in_formulas_are_marked_and_an_equation_takes_the_focus_once():
    inside = '<mi>β</mi><mi mathvariant="normal">d</mi>'
    marked = '<mi data-term="beta">β</mi><mi mathvariant="normal">d</mi>'
    page = f'<math>{inside}</math><math class="tml" display="block">{inside}</math>'
    assert terms.joined(page, SYMBOLS) == (
        f'<math>{marked}</math><math tabindex="0" class="tml" display="block">{marked}</math>'
    )
    plain = '<math display="block"><mi>d</mi></math>'
    assert terms.joined(plain, SYMBOLS) == plain


STOPS = """[...document.querySelectorAll('div.math')]
  .map(box => box.querySelectorAll('[tabindex]').length + box.matches('[tabindex]'))"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_keys_reach_the_symbols_of_a_page_by_one_stop_an_equation(build, browser, width):
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto((build[1] / "chapters/03_memory.html").as_uri())
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    assert set(page.evaluate(STOPS)) == {1}
    page.locator("math[tabindex]").first.focus()
    page.keyboard.press("ArrowRight")
    assert {"mi velocity", "span velocity"} <= set(lit(page))
    context.close()


@pytest.mark.parametrize("name", ["index", *listed()])
def test_a_section_marks_a_word_once_and_no_link_is_marked(build, name):
    page = (build[1] / f"chapters/{name}.html").read_text("utf-8")
    spans = r'<span data-term="[\w-]+">([^<]+)</span>'
    assert not re.search(rf"<a\b[^>]*>(?:(?!</a>).)*{spans}", page, re.DOTALL)
    for section in re.split(r"<section\b", page)[1:]:
        marked = [re.sub("s$", "", word.lower()) for word in re.findall(spans, section)]
        assert len(marked) == len(set(marked)), marked

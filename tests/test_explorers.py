"""The live figures on a page without a kernel: in a real Chromium, without a network."""

import gzip
import html
import re
import sys
from functools import cache
from itertools import chain, repeat
from shutil import copytree
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

import momentum
from momentum import descend, explorers, figures, surfaces, theory
from momentum.explorers import path, regime_map, scoreboard
from tests.explorer_states import EXPLORERS, default, each_explorer, states
from tests.notebooks import ROOT

sys.path.append(str(ROOT / "_ext"))
import momentum_book

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 900}
THEMES = "light", "dark"
PAGE = """<!doctype html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Explorers</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="_static/book.css">
<link rel="stylesheet" href="_static/explorers.css">
<style>
body { margin: 1rem; font: 16px/1.5 system-ui, sans-serif; background: #fff; }
html[data-theme="dark"] { --pst-color-background: #121212; }
html[data-theme="dark"] body { background: #121212; color: #e6e6e6; }
</style>
{SCRIPT}
</head>
<body><main class="bd-article"><h1>Explorers</h1>{FIGURES}<p>After the figure.</p></main></body>
</html>
"""
SCRIPT = '<script defer src="_static/explorers.js"></script>'
each_width = pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=lambda v: str(v["width"]))


# --- the site: one page an explorer, as the book's extension writes it


CAPTIONS = {  # of each figure one, with numbers whose length changes
    explorers.Averages: "The newest values have {share:0} % of the weight; it ends at {end:3}.",
    explorers.Cycles: "On bowls the rate is {rate:4}; here it is at {at:3}.",
    explorers.Network: "At step {step} the loss is {loss:3}, {gdLoss:2} for gradient descent.",
    explorers.Noise: "In batches of {batch} the variance is {ratio:2} times gradient descent’s.",
    explorers.Path: "On the {surface} {rule} ends {run.nearest.distance:3} from a minimum.",
    explorers.Plateau: "The law says {rest:2}, the run {end:2}.",
    explorers.RegimeMap: "The rate is {rate:4}, and a swing takes {period:1} steps.",
    explorers.Scoreboard: "With many curvatures momentum takes {boards.1.ratio:3} times the steps.",
    explorers.Translator: "From {eta:~4} to {then:~4}: then they are up to {most:3} apart.",
    explorers.TwoCases: "The gain is {gain:3}; with a gradient that keeps its sign {constant:1}.",
    explorers.Valley: "Gradient descent settles in {runs.0.time:0}, momentum in {runs.1.time:0}.",
}


@cache
def captioned(explorer):
    return explorer(caption=CAPTIONS[explorer])


def dressed(folder):
    """Return a folder with the styles and the scripts of the book."""
    copytree(momentum_book.STATIC, folder / "_static")
    momentum_book.write_colors(folder / "_static")
    momentum_book.write_explorers(SimpleNamespace(outdir=folder))
    return folder


def write_page(file, *shown, script=SCRIPT, make=default):
    figures = "".join(make(explorer)._html() for explorer in shown)
    file.write_text(PAGE.replace("{SCRIPT}", script).replace("{FIGURES}", figures), "utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = dressed(tmp_path_factory.mktemp("explorers"))
    write_page(folder / "all.html", *EXPLORERS)
    for explorer in EXPLORERS:
        write_page(folder / f"{explorer.__name__}.html", explorer)
        write_page(folder / f"{explorer.__name__}-twice.html", explorer, explorer)
        write_page(folder / f"{explorer.__name__}-later.html", explorer, script="")
        write_page(folder / f"{explorer.__name__}-captioned.html", explorer, make=captioned)
    return folder


@pytest.fixture(scope="module")
def reader(browser):
    """Return the browser context of a reader with those settings, made once."""
    made = {}

    def reader(**options):
        options = {"viewport": WIDE, **options}
        key = repr(sorted(options.items()))
        if key not in made:
            made[key] = browser.new_context(**options)
            made[key].blank = []  # pages that were read, and wait for another visit
        return made[key]

    yield reader
    for context in made.values():
        context.close()


@pytest.fixture
def visit(reader, server):
    """Open pages as a reader does: at the end no request left the site, and no page complained."""
    pages = []

    def visit(name, *, at=server, init="", **options):
        context = reader(**options)
        page = context.blank.pop() if context.blank and not init else listen(context.new_page())
        page.bring_to_front()
        page.site, page.complaints, page.init = at, [], init
        page.add_init_script(init) if init else None
        pages.append(page)
        page.goto(f"{at}/{name}")
        if options.get("java_script_enabled", True) and "-later" not in name:
            page.wait_for_function(ALL_LIVE)
        return page

    yield visit
    complaints = [complaint for page in pages for complaint in page.complaints]
    for page in pages:
        leave(page)
    assert complaints == []


def leave(page):
    """Leave a page blank for the next visit: that is quicker than to open another one."""
    if page.init:
        return page.close()
    page.goto("about:blank")
    page.mouse.move(0, 0)
    page.emulate_media(media="null")
    page.context.blank.append(page)


def listen(page):
    """Note what a page of a site must not do."""
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda request: note_request(page, request.url))
    return page


def note_request(page, url):
    if not url.startswith((page.site, "data:", "blob:")):
        page.complaints.append(url)


# --- reading a page


ALL_LIVE = "!document.querySelector('momentum-explorer:not(:has(.is-live))')"


def settle(page):
    page.evaluate("new Promise(requestAnimationFrame)")


TOLD = """() => {
  const [told, said] = ["[role=status]", ".description"].map(part =>
    [...document.querySelectorAll(part)].map(one => one.textContent.replaceAll("\\u00a0", " ")))
  return told.every((text, i) => text === said[i])
}"""


def rest(page):
    """Wait until what a hand did is told: to a screen reader, and in the page's address."""
    settle(page)
    page.wait_for_function(TOLD)


SAID = """async number => {
  await new Promise(requestAnimationFrame)
  return document.querySelectorAll(".description")[number].textContent.replaceAll("\\u00a0", " ")
}"""


def said(page, number=0):
    return page.evaluate(SAID, number)


def shown(page):
    """Return all that the figure shows: what it draws and what it says."""
    return said(page), page.locator("svg.live").first.inner_html()


# The button that brings the page's address up to date at once.
COPY = "document.querySelector('[data-explorer$=\"-1\"] .tries').lastElementChild.click()"


LEAVES = "s => [...s.querySelectorAll(':not(:has(*))')].map(leaf => leaf.outerHTML)"


def pieces(page):
    """Return what the figure says and all that it consists of, in no order."""
    settle(page)
    drawn = page.locator("svg.live").first.evaluate(LEAVES)
    return said(page), sorted(drawn)


def address(page, explorer):
    """Return the state in the page's address, as traits of the explorer."""
    here = page.evaluate(f"{COPY}; location.hash").partition("/")[0]
    query = dict(parse_qsl(here.partition("?")[2]))
    return {name: type(value)(query[name]) for name, value in default(explorer).state.items()}


def assert_says_what_python_says(page, explorer):
    assert said(page) == explorer(**address(page, explorer)).describe()


def identifier(explorer, name):
    return f"#{default(explorer)._kind}-1-{name}"


# Goes to a link; done when the page has heard of it.
GO = """to => new Promise(done => {
  addEventListener("hashchange", done, { once: true })
  const here = location.href
  location.hash = to
  if (location.href === here) done()
})"""


def link_to(explorer, state):
    return f"{default(explorer)._kind}-1?{urlencode(state)}"


def follow(page, explorer, state):
    walk(page, explorer, [state])


def walk(page, explorer, states, look="() => null"):
    """Go to states by links; return what a look at the page (JavaScript) gives in each, drawn."""
    through = f"""async links => {{
      const go = {GO}, look = {look}, seen = []
      {COPY}
      for (const link of links) {{
        await go(link)
        await new Promise(requestAnimationFrame)
        seen.push(look())
      }}
      return seen
    }}"""
    return page.evaluate(through, [link_to(explorer, state) for state in states])


def named(explorer, *, hidden=False, options=False):
    """Return the names of an explorer's controls of one sort."""
    return [
        control["name"]
        for control in explorer.controls
        if bool(control.get("hidden")) == hidden and ("options" in control) == options
        if "signs" not in control
    ]


def stances(explorer):
    """Return states from which all handles can be met: the first, and each option of a choice."""
    yield default(explorer).state
    for control in explorer.controls:
        for option in control.get("options", ()):
            yield {**default(explorer).state, control["name"]: option}


# --- one hand: what a browser draws is what the kernel draws

PLACED = {"x", "y", "cx", "cy", "r", "d", "width", "height", "viewBox", "transform", "text-anchor"}
LOOKS = sorted({"tag", "text", "class", *PLACED})
TREE = """svg => [...svg.querySelectorAll("*")].map(part => Object.fromEntries([
  ["tag", part.tagName], ["text", part.children.length ? "" : part.textContent],
  ...[...part.attributes].map(({ name, value }) => [name, value])]))"""
DRAWN = f"""() => {{
  const {{ width, height }} = document.querySelector(".stage").getBoundingClientRect()
  const text = document.querySelector(".description").textContent
  return [[width, height], text, ({TREE})(document.querySelector("svg.live"))]
}}"""


def tree(svg):
    """Return the parts of a picture, each as a dict of its tag, text and attributes."""
    parts = list(ElementTree.fromstring(svg).iter())[1:]
    return [{"tag": p.tag.partition("}")[2], "text": p.text or "", **p.attrib} for p in parts]


def as_drawn(parts):
    """Return what is seen of the parts: words and numbers apart, in the order of the words."""
    looks = []
    for part in parts:
        text = " ".join(f"{name}={part[name]}" for name in LOOKS if part.get(name))
        numbers = [float(number) for number in NUMBER.findall(text)]
        looks.append((NUMBER.sub("#", text), numbers))
    return sorted(looks)


NUMBER = re.compile(r"-?\d+\.?\d*(?:e-?\d+)?")


@each_explorer
@each_width
def test_a_browser_draws_and_says_what_the_kernel_does(visit, explorer, viewport):
    page, tried = visit(f"{explorer.__name__}.html", viewport=viewport), states(explorer, 70)
    for state, (size, text, parts) in zip(tried, walk(page, explorer, tried, DRAWN), strict=True):
        still = explorer(**state)._still(size)
        assert text.replace("\u00a0", " ") == still["text"]
        here, there = as_drawn(parts), as_drawn(tree(still["svg"]))
        assert [look for look, _ in here] == [look for look, _ in there], state
        for (_, seen), (_, drawn) in zip(here, there):
            assert seen == pytest.approx(drawn, abs=0.11), state


# --- the live figure and its controls


@each_explorer
@pytest.mark.parametrize("scheme", ["http", "file"])
def test_the_live_figure_takes_the_place_of_the_picture(visit, site, server, explorer, scheme):
    page = visit(f"{explorer.__name__}.html", at={"http": server, "file": site.as_uri()}[scheme])
    assert said(page) == default(explorer).describe()
    assert page.locator("svg.live").get_attribute("aria-label") == said(page)
    assert page.locator("svg.live").is_visible()
    assert not page.locator(".stage > svg:not(.live)").is_visible()
    assert page.locator("[disabled]").count() == 0


def middle(target):
    box = target.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def by_mouse(page, begin, end):
    page.mouse.move(*begin)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def by_touch(page, begin, end):
    session = page.context.new_cdp_session(page)

    def touch(kind, *points):
        points = [{"x": x, "y": y} for x, y in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", begin)
    for share in (0.1, 0.4, 0.7, 1):
        touch("touchMove", [a + share * (b - a) for a, b in zip(begin, end)])
    touch("touchEnd")
    session.detach()


HANDS = {
    "mouse": (by_mouse, {}),
    "touch": (by_touch, {"viewport": NARROW, "has_touch": True, "is_mobile": True}),
}
each_hand = pytest.mark.parametrize("hand", HANDS)


def share(target):
    """Return where a slider stands, from 0 to 1."""
    return target.evaluate("input => (input.value - input.min) / (input.max - input.min)")


def slide(page, target, move):
    """Move a slider to another place with a mouse or a finger."""
    target.scroll_into_view_if_needed()
    box, here = target.bounding_box(), share(target)
    there = 0.2 if here > 0.5 else 0.8
    height = box["y"] + box["height"] / 2
    begin, end = (box["x"] + 8 + at * (box["width"] - 16) for at in (here, there))
    move(page, (begin, height), (end, height))


def assert_moved(page, explorer, name, before):
    assert address(page, explorer)[name] != default(explorer).state[name]
    assert shown(page) != before
    assert_says_what_python_says(page, explorer)


def reset(page):
    page.get_by_role("button", name="Reset").click()


@each_explorer
@each_hand
def test_every_slider_follows_the_hand(visit, explorer, hand):
    move, options = HANDS[hand]
    page = visit(f"{explorer.__name__}.html", **options)
    for name in named(explorer):
        before = shown(page)
        slide(page, page.locator(identifier(explorer, name)), move)
        assert_moved(page, explorer, name, before)
        reset(page)


@each_explorer
def test_every_slider_obeys_the_keys(visit, explorer):
    page = visit(f"{explorer.__name__}.html")
    for name in named(explorer):
        target, before = page.locator(identifier(explorer, name)), shown(page)
        here = share(target)
        target.press("Home" if here > 0.5 else "End")
        assert share(target) == (0 if here > 0.5 else 1)
        assert_moved(page, explorer, name, before)
        target.press("ArrowRight" if here > 0.5 else "ArrowLeft")
        assert_moved(page, explorer, name, before)
        reset(page)


@each_explorer
def test_every_option_of_a_choice_shows_something_else(visit, explorer):
    page = visit(f"{explorer.__name__}.html")
    for name in named(explorer, options=True):
        target = page.locator(identifier(explorer, name))
        target.focus()
        seen = {shown(page)}
        options = target.locator("option").count()
        target.press("Home")
        for _ in range(options):
            assert_says_what_python_says(page, explorer)
            seen.add(shown(page))
            target.press("ArrowDown")
        assert len(seen) == options
        reset(page)


HANDLES = ".live [tabindex]"
KEYS = "ArrowLeft", "ArrowUp", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown"


def some(count):
    """Return about four of so many numbers."""
    return range(0, count, max(1, count // 4))


def drag(page, handle, move):
    """Drag a handle a good part of the way towards the middle of its figure."""
    handle.scroll_into_view_if_needed()
    (x, y), (to_x, to_y) = middle(handle), middle(page.locator(".stage").first)
    far = [delta if abs(delta) > 30 else 40 for delta in ((to_x - x) * 0.7, (to_y - y) * 0.7)]
    move(page, (x, y), (x + far[0], y + far[1]))


def changed(page, explorer, before):
    after = address(page, explorer)
    return {name for name in after if after[name] != before[name]}


@each_explorer
@each_hand
def test_what_only_a_handle_moves_can_be_dragged(visit, explorer, hand):
    move, options = HANDS[hand]
    page, moved = visit(f"{explorer.__name__}.html", **options), set()
    for stance in stances(explorer):
        follow(page, explorer, stance)
        for number in some(page.locator(HANDLES).count()):
            follow(page, explorer, stance)
            drag(page, page.locator(HANDLES).nth(number), move)
            assert_says_what_python_says(page, explorer)
            here = changed(page, explorer, stance)
            assert here, f"handle {number} does nothing in {stance}"
            moved |= here
    assert moved >= set(named(explorer, hidden=True))


@each_explorer
def test_what_only_a_handle_moves_obeys_the_keys(visit, explorer):
    page, moved = visit(f"{explorer.__name__}.html"), set()
    for stance in stances(explorer):
        follow(page, explorer, stance)
        for number in some(page.locator(HANDLES).count()):
            follow(page, explorer, stance)
            here, handle = set(), page.locator(HANDLES).nth(number)
            for key in KEYS:
                handle.press(key)
                settle(page)
                here |= changed(page, explorer, stance)
            assert_says_what_python_says(page, explorer)
            assert here, f"handle {number} does nothing in {stance}"
            moved |= here
    assert moved >= set(named(explorer, hidden=True))


@each_explorer
def test_a_handle_that_is_dragged_far_out_of_the_figure_breaks_nothing(visit, explorer):
    page = visit(f"{explorer.__name__}.html")
    for number in range(page.locator(HANDLES).count()):
        for end in ((-500, -500), (3000, 3000)):
            by_mouse(page, middle(page.locator(HANDLES).nth(number)), end)
            assert_says_what_python_says(page, explorer)
            assert broken(page) == []


FOCUS = """() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement)
  const all = [...document.querySelectorAll(
    "input, select, button:not([tabindex='-1']), .live [tabindex]")]
  return [all.indexOf(document.activeElement), outlineStyle, parseFloat(outlineWidth)]
}"""


@each_explorer
def test_the_tab_key_reaches_everything_and_the_focus_shows(visit, explorer):
    page = visit(f"{explorer.__name__}.html")
    stops = "input, select, button:not([tabindex='-1']), .live [tabindex]"
    targets = page.locator(stops).count()
    reached = set()
    for _ in range(targets):
        page.keyboard.press("Tab")
        number, style, width = page.evaluate(FOCUS)
        assert style != "none" and width >= 2
        reached.add(number)
    assert reached == set(range(targets))


@each_explorer
def test_every_control_has_a_name_with_its_symbol_or_word(visit, explorer):
    page = visit(f"{explorer.__name__}.html")
    for control in explorer.controls:
        if not control.get("hidden"):
            assert page.get_by_label(control["label"], exact=True).count() == 1
            assert re.search(r"[a-z]{4}", control["label"])


@each_explorer
def test_three_things_to_try_set_the_state_and_reset_takes_it_back(visit, explorer):
    page = visit(f"{explorer.__name__}.html")
    assert len(explorer.tries) == 3
    for attempt in explorer.tries:
        before = pieces(page)
        page.get_by_role("button", name=attempt["text"], exact=True).press("Enter")
        assert address(page, explorer) == {**default(explorer).state, **attempt["state"]}
        assert pieces(page) != before
        assert_says_what_python_says(page, explorer)
        page.get_by_role("button", name="Reset").press("Space")
        assert pieces(page) == before


def broken(page):
    """Return the marks of a redraw that went wrong."""
    found = page.locator("svg.live").first.evaluate("svg => svg.outerHTML") + said(page)
    return re.findall(r"\S*(?:NaN|undefined|Infinity|null|\[object)\S*", found)


# Draws a slider's values at once, one after another; returns the texts in which something is wrong.
# What is wrong in a shape, the browser says in the console.
SWEEP = """(input, stride) => {
  const explorer = input.closest(".momentum-explorer"), wrong = []
  requestAnimationFrame = redraw => { redraw(); return 0 }
  for (let at = Number(input.min); at <= Number(input.max); at += stride) {
    input.value = at
    input.dispatchEvent(new Event("input"))
    const said = explorer.textContent
    if (/NaN|undefined|Infinity|null|\\[object/.test(said)) wrong.push(said)
  }
  return wrong
}"""


@each_explorer
def test_every_value_of_every_slider_can_be_drawn(visit, explorer):
    page = visit(f"{explorer.__name__}.html", viewport=NARROW)
    page.evaluate("document.querySelector('momentum-explorer > script').textContent = ''")
    for stance, stride in zip(stances(explorer), chain([1], repeat(40))):
        for name in named(explorer):
            follow(page, explorer, stance)
            slider = page.locator(identifier(explorer, name))
            assert slider.evaluate(SWEEP, stride) == []
            assert broken(page) == []


# --- the state in the page's address


@each_explorer
def test_a_link_shows_another_reader_the_same(visit, explorer):
    page = visit(f"{explorer.__name__}.html")
    for attempt in explorer.tries:
        page.get_by_role("button", name=attempt["text"], exact=True).press("Enter")
    rest(page)  # the address follows by itself, but not at once
    other = visit(explorer.__name__ + ".html" + page.evaluate("location.hash"))
    assert address(other, explorer) == {**default(explorer).state, **explorer.tries[-1]["state"]}
    assert pieces(other) == pieces(page)


def numeric(explorer):
    return next(control for control in explorer.controls if control.get("values"))


IMPOSSIBLE = "abc", "1e99", "", "NaN", "-Infinity"
MALFORMED = "%E0%A4%A", "&&==", "?"


@each_explorer
def test_a_link_that_asks_for_the_impossible_is_answered_in_words(visit, explorer):
    page, control = visit(f"{explorer.__name__}.html"), numeric(explorer)
    for value in (*IMPOSSIBLE, 300 * "9"):
        follow(page, explorer, {control["name"]: value})
        shown = value if len(value) <= 20 else value[:20] + "…"
        refused = f"{control['label']} “{shown}”"
        answer = f"The link asks for {refused}, which is not possible here. "
        assert said(page) == answer + default(explorer).describe()
    assert_still_works(page, explorer)


@each_explorer
def test_names_that_a_figure_does_not_know_are_dropped(visit, explorer):
    page = visit(f"{explorer.__name__}.html")
    height = page.locator("momentum-explorer").bounding_box()["height"]
    follow(page, explorer, {f"nonsense{i}": i for i in range(3000)} | {"toString": 1})
    assert said(page) == default(explorer).describe()
    assert page.locator("momentum-explorer").bounding_box()["height"] == height
    assert address(page, explorer) == default(explorer).state


@each_explorer
def test_a_malformed_link_leaves_the_figure_as_it_is(visit, explorer):
    link = f"{default(explorer)._kind}-1?"
    page = visit(f"{explorer.__name__}.html#{link}{MALFORMED[0]}")
    for query in MALFORMED:
        page.evaluate("to => { location.hash = to }", link + query)
        assert said(page).endswith(default(explorer).describe()), query
    assert_still_works(page, explorer)


def assert_still_works(page, explorer):
    target = page.locator(identifier(explorer, numeric(explorer)["name"]))
    target.press("Home" if share(target) > 0.5 else "End")
    assert_says_what_python_says(page, explorer)


@each_explorer
def test_a_link_may_ask_for_what_lies_between_two_values(visit, explorer):
    page = visit(f"{explorer.__name__}.html")
    for control in explorer.controls:
        if not control.keys() & {"options", "signs"}:
            low, high = control.get("range") or np.ravel(control["values"])[[0, -1]]
            for value in (low + 0.123456 * (high - low), low + 0.654321 * (high - low)):
                follow(page, explorer, {control["name"]: value})
                assert broken(page) == []


# --- a good page to be on


def violations(page, **options):
    found = Axe().run(page, ".momentum-explorer", {"resultTypes": ["violations"], **options})
    return {
        v["id"]: [node["html"][:200] for node in v["nodes"]] for v in found.response["violations"]
    }


@pytest.mark.parametrize("theme", [*THEMES, "forced colours"])
def test_axe_finds_nothing_in_them(visit, theme):
    forced = "active" if theme == "forced colours" else "none"
    page = visit("all.html", forced_colors=forced, viewport=NARROW)
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    settle(page)
    assert violations(page) == {}


SHIFT = """() => new Promise(done => {
  let sum = 0
  const add = list => list.getEntries().forEach(entry => { sum += entry.value })
  new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true })
  setTimeout(() => done(sum), 100)
})"""


@each_explorer
@each_width
def test_nothing_jumps_when_the_live_figure_takes_over(visit, explorer, viewport):
    page = visit(f"{explorer.__name__}-later.html", viewport=viewport)
    settle(page)
    page.add_script_tag(url="_static/explorers.js")
    page.wait_for_function(ALL_LIVE)
    assert said(page) == default(explorer).describe()
    assert page.evaluate(SHIFT) < 0.02


def seen(page, *parts):
    return [part for part in parts if page.locator(part).locator("visible=true").count()]


PARTS = ".stage > svg:not(.live)", ".live", ".description", ".controls", ".tries", ".live .handle"


@each_explorer
def test_without_scripts_the_picture_stands_alone(visit, explorer):
    page = visit(f"{explorer.__name__}.html", java_script_enabled=False)
    assert seen(page, *PARTS) == [PARTS[0]]


@each_explorer
def test_in_print_stands_what_the_reader_sees_without_its_controls(visit, explorer):
    page = visit(f"{explorer.__name__}.html")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert_still_works(page, explorer)
    drawn = pieces(page)
    page.emulate_media(media="print")
    settle(page)
    assert seen(page, *PARTS) == [".live", ".description"]
    stage, text = (page.locator(part).bounding_box() for part in (".stage", ".description"))
    assert stage["y"] + stage["height"] <= text["y"]
    ink = "getComputedStyle(document.querySelector('svg.live text')).fill"
    assert page.evaluate(ink) in ("rgb(31, 35, 40)", "rgb(95, 102, 112)")
    inside = "getComputedStyle(document.querySelector('momentum-explorer')).breakInside"
    assert page.evaluate(inside) == "avoid"
    page.emulate_media(media="screen")
    page.wait_for_timeout(300)  # the screen's size again, and drawn anew
    assert pieces(page) == drawn


# Keeps a list of what a page has left running: timers, frames, listeners and observers.
WATCH = """(() => {
  const alive = globalThis.alive = new Set()
  const ours = () => new Error().stack.includes("explorers.js")
  const later = (name, stop) => {
    const start = window[name], cancel = window[stop]
    window[name] = (call, ...rest) => {
      const id = start((...given) => { alive.delete(`${name} ${id}`); call(...given) }, ...rest)
      if (ours()) alive.add(`${name} ${id}`)
      return id
    }
    window[stop] = id => { alive.delete(`${name} ${id}`); cancel.call(window, id) }
  }
  later("setTimeout", "clearTimeout")
  later("requestAnimationFrame", "cancelAnimationFrame")
  const { addEventListener, removeEventListener } = EventTarget.prototype
  EventTarget.prototype.addEventListener = function (type, call, options) {
    const target = this ?? window, key = `${type} ${call}`
    if (ours() && (target === window || target === document)) alive.add(key)
    options?.signal?.addEventListener("abort", () => alive.delete(key))
    return addEventListener.call(target, type, call, options)
  }
  EventTarget.prototype.removeEventListener = function (type, call, options) {
    alive.delete(`${type} ${call}`)
    return removeEventListener.call(this ?? window, type, call, options)
  }
  window.setInterval = () => alive.add("interval")
  window.ResizeObserver = class extends ResizeObserver {
    observe(target) { alive.add(this); super.observe(target) }
    disconnect() { alive.delete(this); super.disconnect() }
  }
})()"""
ALIVE = "[...alive].map(String)"


@each_explorer
def test_a_removed_explorer_leaves_nothing_running(visit, explorer):
    page = visit(f"{explorer.__name__}.html", init=WATCH)
    page.locator(identifier(explorer, numeric(explorer)["name"])).press("ArrowLeft")
    page.wait_for_timeout(20)
    assert page.evaluate(ALIVE) != []
    for _ in range(2):
        page.evaluate("gone = document.querySelector('momentum-explorer'); gone.remove()")
        assert page.evaluate(ALIVE) == []
        page.evaluate("dispatchEvent(new Event('hashchange')); dispatchEvent(new Event('resize'))")
        page.evaluate("document.querySelector('main').append(gone)")
        page.wait_for_function("document.querySelector('.description').textContent")
        assert_says_what_python_says(page, explorer)
        assert_still_works(page, explorer)


IDS = "[...document.querySelectorAll('[id], [data-explorer]')].map(e => e.dataset.explorer ?? e.id)"


def assert_no_clash(page):
    found = page.evaluate(IDS)
    assert sorted(found) == sorted(set(found))


@each_explorer
def test_two_of_a_kind_share_a_page_even_if_one_leaves_and_returns(visit, explorer):
    page = visit(f"{explorer.__name__}-twice.html")
    assert_no_clash(page)
    still = said(page, 1)
    assert_still_works(page, explorer)
    assert said(page, 1) == still
    page.evaluate("gone = document.querySelector('momentum-explorer'); gone.remove()")
    settle(page)
    page.evaluate("document.querySelector('main').append(gone)")
    page.wait_for_function(ALL_LIVE)
    assert page.locator(".stage.is-live svg.live").count() == 2
    assert_no_clash(page)


def test_a_figure_that_is_not_shown_keeps_its_picture_until_it_is(visit):
    page = visit("all.html")
    page.evaluate("""() => {
      const box = document.createElement('div')
      Object.assign(box, { id: 'unseen', hidden: true })
      box.append(document.querySelector('momentum-explorer'))
      document.querySelector('main').append(box)
    }""")
    page.wait_for_timeout(200)
    assert page.locator("#unseen [data-explorer] > .body").count() == 1
    assert page.locator("#unseen .is-live").count() == 0
    page.evaluate("document.querySelector('#unseen').hidden = false")
    page.wait_for_function(ALL_LIVE)


def test_nothing_moves_by_itself_where_a_reader_wants_no_motion(visit):
    page = visit("all.html", reduced_motion="reduce")
    for explorer in EXPLORERS:
        page.locator(identifier(explorer, numeric(explorer)["name"])).press("ArrowLeft")
    settle(page)
    drawn = "[...document.querySelectorAll('svg.live')].map(svg => svg.innerHTML)"
    before = page.evaluate(drawn)
    assert page.evaluate("document.getAnimations().length") == 0
    page.wait_for_timeout(200)
    assert page.evaluate(drawn) == before


@pytest.mark.parametrize("width, zoom", [(1280, 1), (640, 2), (390, 3), (320, 4)])
def test_no_width_or_zoom_makes_the_page_scroll_sideways(visit, width, zoom):
    viewport = {"width": width, "height": 900}
    page = visit("all.html", viewport=viewport, device_scale_factor=zoom)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


OVERLAPS = """() => [...document.querySelectorAll("svg.live")].flatMap(svg => {
  const texts = [...svg.querySelectorAll("text")].filter(t => t.textContent.trim())
  const boxes = texts.map(t => [t.textContent, t.getBoundingClientRect()])
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3
  return boxes.flatMap(([text, box], i) =>
    boxes.slice(i + 1).filter(([, other]) => meet(box, other)).map(([word]) => [text, word]))
})"""


@each_explorer
@each_width
def test_no_two_labels_of_a_figure_overlap(visit, explorer, viewport):
    page = visit(f"{explorer.__name__}.html", viewport=viewport)
    tries = [{}, *(attempt["state"] for attempt in explorer.tries)]
    whole = [{**default(explorer).state, **state} for state in tries]
    assert walk(page, explorer, whole, OVERLAPS) == [[]] * len(tries)


# --- by finger

PHONE = {"viewport": {"width": 390, "height": 664}, "has_touch": True, "is_mobile": True}
DRAGGED = {  # where a handle stands that can move to all sides, and in which directions it does
    (explorers.Averages, 0): ({"point": 60, "value": 4.5}, (0, 1)),
    (explorers.Cycles, 0): ({"eta_largest": 2.0, "beta": 0.5}, (1, 1)),
    (explorers.Network, 0): ({"step": 48}, (1, 0)),
    (explorers.Noise, 0): ({"step": 60}, (1, 0)),
    (explorers.Path, 0): ({"start_x": 1.5, "start_y": 0.0}, (1, 1)),
    (explorers.Plateau, 0): ({"start_x": -3.0}, (1, 0)),
    (explorers.Plateau, 1): ({"width": 3.0}, (1, 0)),
    (explorers.RegimeMap, 0): ({"eta_lambda": 2.0, "beta": 0.5}, (1, 1)),
    (explorers.Scoreboard, 0): ({"eta_largest": 2.0}, (1, 0)),
    (explorers.Translator, 0): ({"at": 60, "later": 1.0}, (1, 1)),
    (explorers.TwoCases, 0): ({"period": 10.0}, (1, 0)),
    (explorers.Valley, 0): ({"step": 60, "beta": 0.9}, (1, 0)),
}
HANDLED = [
    (one, n) for one in EXPLORERS for n in range(default(one)._html().count('class="handle"'))
]
assert list(DRAGGED) == HANDLED
each_handle = pytest.mark.parametrize(
    "explorer, number", DRAGGED, ids=lambda part: getattr(part, "__name__", str(part))
)
DIRECTIONS = {"down": (0, 35), "up": (0, -35), "right": (35, 0), "down and left": (-20, 35)}


def to_the_middle(page, target):
    """Make the page long and scroll it so that the target stands in the middle of the window."""
    page.evaluate("document.querySelector('main').style.padding = '1000px 0'")
    target.evaluate("target => target.scrollIntoView({ block: 'center' })")
    settle(page)


@each_handle
@pytest.mark.parametrize("way", DIRECTIONS)
def test_a_finger_drags_a_handle_in_every_direction(visit, explorer, number, way):
    state, free = DRAGGED[explorer, number]
    page = visit(f"{explorer.__name__}.html", **PHONE)
    follow(page, explorer, state)
    handle, (dx, dy) = page.locator(".live .handle").nth(number), DIRECTIONS[way]
    to_the_middle(page, handle)
    (x, y), scrolled = middle(handle), page.evaluate("scrollY")
    by_touch(page, (x + 4, y - 3), (x + 4 + dx, y - 3 + dy))  # not quite at its middle
    settle(page)
    moved = np.subtract(middle(handle), (x, y))
    for free_here, asked, found in zip(free, (dx, dy), moved):
        assert not free_here or found == pytest.approx(asked, abs=2)
    assert page.evaluate("scrollY") == scrolled
    assert_says_what_python_says(page, explorer)


@each_explorer
def test_a_swipe_over_a_slider_scrolls_and_changes_nothing(visit, explorer):
    page = visit(f"{explorer.__name__}.html", **PHONE)
    for name in named(explorer):
        slider = page.locator(identifier(explorer, name))
        to_the_middle(page, slider)
        scrolled, here = page.evaluate("scrollY"), share(slider)
        box = slider.bounding_box()
        x, y = box["x"] + (0.2 if here > 0.5 else 0.8) * box["width"], middle(slider)[1]
        by_touch(page, (x, y), (x + 5, y - 150))
        page.wait_for_function("from => scrollY > from + 50", arg=scrolled)
        settle(page)  # what is left of the scrolling
        assert share(slider) == here
        assert address(page, explorer) == default(explorer).state


@each_explorer
def test_a_tap_on_a_slider_sets_it(visit, explorer):
    page = visit(f"{explorer.__name__}.html", **PHONE)
    slider = page.locator(identifier(explorer, named(explorer)[0]))
    to_the_middle(page, slider)
    here, box = share(slider), slider.bounding_box()
    there = 0.2 if here > 0.5 else 0.8
    page.touchscreen.tap(box["x"] + there * box["width"], middle(slider)[1])
    assert share(slider) == pytest.approx(there, abs=0.06)
    assert_says_what_python_says(page, explorer)


SMALL = """() => [...document.querySelectorAll(
  ".momentum-explorer :is(button, select, input, .live .handle)")].flatMap(target => {
    const { width, height } = target.getBoundingClientRect()
    return width >= 23.99 && height >= 23.99 ? [] : [[target.outerHTML.slice(0, 80), width, height]]
})"""
COVERED = """() => {
  const handle = document.querySelector(".live .handle"), box = handle.getBoundingClientRect()
  const x = box.x + box.width / 2, y = box.y + box.height / 2
  return [0, 1, 2, 3, 4, 5, 6, 7].map(i => i * Math.PI / 4).filter(angle =>
    document.elementFromPoint(x + 11 * Math.cos(angle), y + 11 * Math.sin(angle)) !== handle)
}"""


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_what_takes_a_press_is_at_least_24_pixels_wide_and_high(visit, width):
    page = visit("all.html", viewport={"width": width, "height": 900})
    settle(page)
    assert page.evaluate(SMALL) == []


@each_width
def test_no_label_covers_a_handle(visit, viewport):
    page = visit("Path.html", viewport=viewport)
    for x, y in ((-3.0, 0.0), (0.0, -2.5), (-3.4, -2.4)):
        follow(page, explorers.Path, {"start_x": x, "start_y": y})
        page.locator(".live .handle").scroll_into_view_if_needed()
        assert page.evaluate(COVERED) == []


# --- by keys


@each_explorer
def test_no_key_on_a_control_scrolls_the_page(visit, explorer):
    page = visit(f"{explorer.__name__}.html", viewport=PHONE["viewport"])
    targets = page.locator(".live .handle, .momentum-explorer [type=range], .signs [tabindex='0']")
    for number in range(targets.count()):
        to_the_middle(page, targets.nth(number))
        targets.nth(number).evaluate("target => target.focus({ preventScroll: true })")
        scrolled = page.evaluate("scrollY")
        for key in ("PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"):
            page.keyboard.press(key)
        page.wait_for_timeout(50)
        assert page.evaluate("scrollY") == scrolled
        assert_says_what_python_says(page, explorer)


@each_handle
def test_home_end_and_page_move_a_handle_within_its_stated_bounds(visit, explorer, number):
    page = visit(f"{explorer.__name__}.html")
    handle, seen = page.locator(".live .handle").nth(number), []
    follow(page, explorer, DRAGGED[explorer, number][0])
    for key in ("PageUp", "PageDown", "Home", "End"):
        before = middle(handle)
        handle.press(key)
        low, now, high = (
            float(handle.get_attribute(f"aria-value{name}")) for name in ("min", "now", "max")
        )
        assert low <= now <= high and middle(handle) != before
        assert now == {"Home": low, "End": high}.get(key, now)
        seen.append(handle.get_attribute("aria-valuetext"))
        assert_says_what_python_says(page, explorer)
    assert len(set(seen)) >= 3


@each_explorer
def test_a_figure_speaks_only_after_the_reader_has_changed_it(visit, explorer):
    page = visit(f"{explorer.__name__}.html")
    status = page.locator(".momentum-explorer [role=status]")
    page.wait_for_timeout(600)
    assert status.text_content() == ""
    page.locator(identifier(explorer, numeric(explorer)["name"])).press("ArrowLeft")
    rest(page)
    assert status.text_content() == explorer(**address(page, explorer)).describe()


SIGNS = ".signs button"


def drawn(page):
    """Return the pattern that the buttons show, if the figure shows it, too."""
    state = address(page, explorers.TwoCases)
    assert state["pattern"] == "drawn by hand"
    assert_says_what_python_says(page, explorers.TwoCases)
    shown = "".join(page.locator(SIGNS).all_text_contents()).replace("−", "-")
    assert shown == state["drawn"]
    return shown


def test_the_signs_are_one_tab_stop_with_arrows_inside(visit):
    page = visit("TwoCases.html")
    assert page.locator(SIGNS + "[tabindex='0']").count() == 1
    page.locator(SIGNS).first.focus()
    for key in ("-", "ArrowRight", "0", "End", "+", "ArrowLeft", "ArrowDown", "Home", "Enter"):
        page.keyboard.press(key)
    assert drawn(page) == "+0+-+++-+++-+++-+++-++-+"
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.matches('.signs *')")
    page.keyboard.press("Shift+Tab")
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label == "gradient 1: +1"


def test_a_stroke_ends_where_the_button_is_let_go(visit):
    page = visit("TwoCases.html")
    page.locator(SIGNS).nth(3).click()
    before = drawn(page)
    begin, end = (middle(page.locator(SIGNS).nth(i)) for i in (0, 5))
    by_mouse(page, (begin[0], begin[1] - 60), (begin[0] + 1, begin[1] - 60))
    page.mouse.move(begin[0], begin[1] - 60)
    page.mouse.down()
    page.mouse.move(*begin, steps=3)
    page.mouse.move(*end, steps=5)
    page.mouse.up()
    assert drawn(page) == before


def test_the_browsers_own_keys_change_no_sign(visit):
    page = visit("TwoCases.html")
    page.locator(SIGNS).nth(0).focus()
    before = said(page)
    for key in ("Control+0", "Control+-", "Alt+ArrowDown"):
        page.keyboard.press(key)
    assert said(page) == before


def test_only_the_first_mouse_button_drags(visit):
    page = visit("RegimeMap.html")
    before, (x, y) = said(page), middle(page.locator(".live .handle"))
    page.mouse.move(x, y)
    page.mouse.down(button="right")
    page.mouse.move(x + 80, y + 40, steps=3)
    page.mouse.up(button="right")
    assert said(page) == before


@each_hand
def test_a_press_changes_a_sign_and_a_stroke_carries_it_on(visit, hand):
    move, options = HANDS[hand]
    page = visit("TwoCases.html", **options)
    to_the_middle(page, page.locator(SIGNS).first)
    page.locator(SIGNS).nth(3).click()  # from - to +
    assert drawn(page) == "+++++++-+++-+++-+++-+++-"
    move(page, *(middle(page.locator(SIGNS).nth(i)) for i in (0, 5)))
    assert drawn(page)[:8] == "000000+-"
    page.locator(SIGNS).nth(0).click()
    assert drawn(page)[0] == "-"


# --- links that carry the whole page

CHANGE = """document.querySelectorAll(".momentum-explorer").forEach(figure => {
  const input = figure.querySelector("input[type=range]")
  input.value = input.value > 5 ? 2 : 9
  input.dispatchEvent(new Event("input"))
})"""
TEXTS = "[...document.querySelectorAll('.description')].map(text => text.textContent)"


def test_all_figures_of_a_page_survive_a_reload_and_one_link_carries_them(visit):
    page = visit("all.html")
    before = page.evaluate(TEXTS)
    page.evaluate(CHANGE)
    rest(page)
    shown = page.evaluate(TEXTS)
    assert all(a != b for a, b in zip(before, shown))
    page.reload()
    assert page.evaluate(TEXTS) == shown
    other = visit("all.html" + page.evaluate("location.hash"))
    assert other.evaluate(TEXTS) == shown


def test_a_link_leaves_out_the_figures_that_are_as_they_began(visit):
    page = visit("all.html")
    page.locator("#valley-1-beta").press("Home")
    page.locator("#path-1-beta").press("Home")
    page.locator(".kind-path").get_by_role("button", name="Reset").click()
    page.locator(".kind-valley").get_by_role("button", name="Copy link").click()
    assert page.evaluate("location.hash") == "#valley-1?eta_lambda=0.01&beta=0&step=0"


def test_an_encoded_link_is_understood(visit):
    page = visit("all.html#valley-1%3Fbeta=0.5%2Fpath-1%3Fbeta=0.25")
    assert page.locator("#valley-1-beta").get_attribute("aria-valuetext") == "0.5"
    assert page.locator("#path-1-beta").get_attribute("aria-valuetext") == "0.25"


@pytest.mark.parametrize("granted", [True, False])
def test_copy_link_says_what_it_did(visit, reader, granted):
    page = visit("Valley.html")
    allowed = ["clipboard-read", "clipboard-write"] if granted else []
    page.context.grant_permissions(allowed)
    button = page.locator(".copy")
    button.click()
    told = "Link copied" if granted else "See address bar"
    page.wait_for_function("told => document.querySelector('.copy').textContent === told", arg=told)
    assert page.locator(".momentum-explorer [role=status]").text_content() == told
    if granted:
        assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.wait_for_function("document.querySelector('.copy').textContent === 'Copy link'")
    page.context.clear_permissions()


@each_explorer
@each_width
def test_a_link_lands_on_the_top_of_the_figure_even_if_more_loads_above(visit, explorer, viewport):
    state = next(iter(named(explorer)))
    value = default(explorer).state[state]
    link = f"{explorer.__name__}.html#{default(explorer)._kind}-1?{state}={value}"
    late = """addEventListener("load", () => {
        const main = document.querySelector("main")
        main.style.cssText = "display: block; padding: 1500px 0"
        setTimeout(() => { main.style.paddingTop = "2500px" }, 50)
    })"""
    page = visit(link, viewport=viewport, init=late)
    page.wait_for_timeout(200)
    top = page.locator("momentum-explorer").bounding_box()["y"]
    assert 0 <= top <= 10
    page.mouse.wheel(0, 200)
    page.wait_for_timeout(200)
    page.evaluate("document.querySelector('main').style.paddingBottom = '1600px'")
    page.wait_for_timeout(100)
    assert page.locator("momentum-explorer").bounding_box()["y"] < top - 100


# --- the caption

PLACES = """[".stage", ".caption", ".controls", ".description"].map(name =>
  (({ top, bottom }) => [top, bottom])(document.querySelector(name).getBoundingClientRect()))"""


@each_explorer
@each_width
def test_a_captions_numbers_follow_the_state_right_below_the_picture(visit, explorer, viewport):
    page = visit(f"{explorer.__name__}-captioned.html", viewport=viewport)
    stage, caption, controls, text = page.evaluate(PLACES)
    assert caption[0] - stage[1] == pytest.approx(8, abs=1)
    assert caption[1] <= text[0] and (viewport is WIDE or caption[1] <= controls[0])
    tried = states(explorer, 70)[::5]
    shown = walk(page, explorer, tried, "() => document.querySelector('.caption').textContent")
    for state, caption in zip(tried, shown, strict=True):
        said = explorer(caption=CAPTIONS[explorer], **state).caption()
        assert caption.replace("\u00a0", " ") == said
    assert len(set(shown)) > 5


# --- the layout

SCREENS = [(1280, 720, 752), (1366, 650, 800)]  # a window, and how wide the book's text is in it
HEADER = 56
TOPS = """[...document.querySelectorAll(".control")].map(part =>
  Math.round(part.getBoundingClientRect().top -
    part.closest(".momentum-explorer").getBoundingClientRect().top))"""
HEIGHT = "Math.round(document.querySelector('.momentum-explorer').offsetHeight)"


@each_explorer
@pytest.mark.parametrize("width, height, text", SCREENS)
def test_picture_and_controls_fit_one_window(visit, explorer, width, height, text):
    page = visit(f"{explorer.__name__}.html", viewport={"width": width, "height": height})
    page.evaluate("width => { document.querySelector('main').style.width = `${width}px` }", text)
    settle(page)
    boxes = [page.locator(f".{part}").bounding_box() for part in ("stage", "controls", "tries")]
    ends = [(box["y"], box["y"] + box["height"]) for box in boxes]
    assert max(b for _, b in ends) - min(a for a, _ in ends) <= height - HEADER - 16
    assert page.evaluate(HEIGHT) <= height - HEADER - 16


@each_explorer
def test_on_a_phone_the_picture_stays_in_view_while_its_controls_move(visit, explorer):
    page = visit(f"{explorer.__name__}.html", **PHONE)
    page.evaluate("document.querySelector('main').style.padding = '1000px 0'")
    for name in named(explorer) + named(explorer, options=True):
        target = page.locator(identifier(explorer, name))
        for block in ("center", "end"):
            target.evaluate("(t, block) => t.scrollIntoView({ block })", block)
            stage, box = page.locator(".stage").bounding_box(), target.bounding_box()
            assert stage["y"] >= HEADER - 1 and stage["y"] + stage["height"] <= box["y"] + 1
            assert box["y"] + box["height"] <= PHONE["viewport"]["height"] + 1


@each_explorer
@each_width
@pytest.mark.parametrize("caption", ["", "-captioned"])
def test_no_change_moves_the_controls_or_the_rest_of_the_page(visit, explorer, viewport, caption):
    page = visit(f"{explorer.__name__}{caption}.html", viewport=viewport)
    places = f"() => [...{TOPS}, {HEIGHT}]"
    before, tried = page.evaluate(places), states(explorer, 60)
    for state, after in zip(tried, walk(page, explorer, tried, places), strict=True):
        assert after == pytest.approx(before, abs=1), state


FONT_SIZES = """[...document.querySelectorAll(".momentum-explorer *")]
  .filter(part => [...part.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
  .filter(part => !part.closest("script, .stage > svg:not(.live)"))
  .map(part => parseFloat(getComputedStyle(part).fontSize) *
    (part.getScreenCTM ? part.getScreenCTM().a : 1))"""


def test_every_word_of_a_figure_is_at_least_12_pixels_high_on_a_phone(visit):
    page = visit("all.html", **PHONE)
    settle(page)
    assert min(page.evaluate(FONT_SIZES)) >= 12


# --- what is drawn


@each_explorer
def test_no_line_ends_inside_a_number_with_its_sign(visit, explorer):
    page = visit(f"{explorer.__name__}.html")
    words = """() => [...document.querySelectorAll(".description, button")]
        .map(part => part.textContent).join(" ")"""
    for text in walk(page, explorer, states(explorer, 70), words):
        assert not re.search(r" [%=<]|[=<] ", text)
    static = re.search(r'<div class="description">(.*?)</div>', default(explorer)._html())[1]
    assert not re.search(r" [%=<]|[=<] ", static.replace("&lt;", "<"))


def test_each_method_has_its_colour_and_its_line_in_the_page_as_in_figures(visit):
    page = visit("Path.html")
    names = {"blue": "gradient descent"} | {
        color: method for method, (_, _, _, color) in path.RULES.items()
    }
    for name, method in names.items():
        look = figures.METHODS[method]
        stroke, width, dashes = page.evaluate(
            """name => {
                const line = document.createElementNS("http://www.w3.org/2000/svg", "path")
                line.setAttribute("class", `line ${name}`)
                document.querySelector("svg.live").append(line)
                const { stroke, strokeWidth, strokeDasharray } = getComputedStyle(line)
                return [stroke, parseFloat(strokeWidth), strokeDasharray]
            }""",
            name,
        )
        rgb = [int(look.color[i : i + 2], 16) for i in (1, 3, 5)]
        assert stroke == f"rgb({', '.join(map(str, rgb))})"
        found = (
            [] if dashes == "none" else [float(part[:-2]) / width for part in dashes.split(", ")]
        )
        assert found == pytest.approx(list(look.dash))


CONTOURS = """() => {
  const { stroke, strokeOpacity } = getComputedStyle(document.querySelector(".live .contours"))
  const paper = getComputedStyle(document.querySelector(".stage")).backgroundColor
  const numbers = color => color.match(/[0-9]+/g).map(Number)
  return [numbers(stroke), numbers(paper), Number(strokeOpacity)]
}"""


@pytest.mark.parametrize("theme", THEMES)
def test_contours_stand_out_from_the_ground_by_3_to_1(visit, theme):
    page = visit("Path.html")
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    page.wait_for_timeout(50)
    line, paper, opacity = page.evaluate(CONTOURS)
    shades = opacity * np.array(line) + (1 - opacity) * np.array(paper), np.array(paper)
    linear = [
        np.where(s <= 0.03928, s / 12.92, ((s + 0.055) / 1.055) ** 2.4)
        for s in np.divide(shades, 255)
    ]
    dark, bright = sorted(one @ [0.2126, 0.7152, 0.0722] for one in linear)
    assert (bright + 0.05) / (dark + 0.05) >= 3


def test_the_quicker_of_two_runs_in_a_valley_is_seen(visit):
    page = visit("Valley.html")
    follow(page, explorers.Valley, {"eta_lambda": 1.5, "beta": 0.9})
    above, last = page.evaluate("""() => {
        const all = [...document.querySelectorAll("svg.live .line")]
        const place = name => all.findIndex(line => line.matches(name + "[d*=L]"))
        const words = [...document.querySelectorAll("svg.live .tick")].map(t => t.textContent)
        const ticks = words.map(Number)
        return [place(".blue") > place(".orange"), Math.max(...ticks.filter(Number.isFinite))]
    }""")
    assert above and last == 100


@pytest.mark.parametrize("width", [1280, 390])
def test_the_mark_of_a_path_stands_where_its_text_says(visit, width):
    page = visit("Path.html", viewport={"width": width, "height": 900})
    one = explorers.Path(step=5)
    follow(page, explorers.Path, {"step": 5})
    here, there = one.trajectory().path[5:7]
    said_here, said_there = re.search(r"w = \((.*?)\).*w − ηv = \((.*?)\)", said(page)).groups()
    numbers = [
        [float(x.replace("−", "-")) for x in text.split(", ")] for text in (said_here, said_there)
    ]
    np.testing.assert_allclose(numbers, [here, there], atol=6e-4)
    marks = page.evaluate("""() => [".bars.orange[r]", ".begin", ".handle"].map(name => {
        const mark = document.querySelector("svg.live circle" + name)
        return [Number(mark.getAttribute("cx")), Number(mark.getAttribute("cy"))]
    })""")
    scale = np.divide(np.subtract(marks[0], marks[2]), np.subtract(here, one.start))
    np.testing.assert_allclose(np.subtract(marks[1], marks[0]) / scale, there - here, atol=1e-3)


ARROWS = """() => {
  const svg = document.querySelector("svg.live"), mark = svg.querySelector("circle.bars[r='6']")
  const ends = [...svg.querySelectorAll("svg > .line")].map(arrow => [arrow, arrow.nextSibling])
    .filter(([, head]) => head?.matches(".bars") && head.getAttribute("d"))
    .map(([arrow, head]) => [arrow, head].map(part => part.getAttribute("d").match(/[-.0-9]+/g)))
    .map(([shaft, head]) => [shaft.slice(0, 2), head.slice(0, 2)].map(end => end.map(Number)))
  const longer = [...svg.querySelectorAll("text")].map(text => text.textContent)
    .map(text => text.match(/^arrows × (.*)$/)?.[1]).find(Boolean)
  return [ends, ["cx", "cy"].map(c => Number(mark.getAttribute(c))), Number(longer ?? 1)]
}"""


MAP = """() => ["width", "height"].map(side => Number(
  document.querySelector("svg.live > g > svg").getAttribute(side)))"""


def arrows_of(page, state):
    """Return how long and which way each arrow points, head to tail from the mark, in values."""
    one = explorers.Path(**state)
    follow(page, explorers.Path, one.state)
    ends, mark, longer = page.evaluate(ARROWS)
    *parts, total = ends
    at = np.array(mark)
    for begin, end in parts:
        np.testing.assert_allclose(begin, at, atol=0.2)
        at = end
    np.testing.assert_allclose(total, [mark, at], atol=0.2)
    low, high = np.transpose(path.SURFACES[one.surface].view)
    width, height = page.evaluate(MAP)
    scale = np.array([width - 6, 6 - height]) / (high - low)
    lengths = [np.subtract(end, begin) / scale / longer for begin, end in ends]
    return one, lengths, 1.5 / np.abs(scale).min() / longer


@pytest.mark.parametrize("rule", ["momentum", "Nesterov"])
@pytest.mark.parametrize("far", [{"step": 8}, {"step": 30}, {"step": 3, "learning_rate": 0.01}])
def test_the_arrows_are_the_parts_of_the_step_head_to_tail(visit, rule, far):
    """A part is what the rule makes of the old velocity alone, or of the gradient alone."""
    page, start = visit("Path.html"), {"start_x": -2.0, "start_y": 2.2}
    one, arrows, close = arrows_of(page, {"surface": "bowl", "rule": rule, **start, **far})
    run, t, optimizer = one.trajectory(), one.step, one.optimizer
    velocity, nothing = np.zeros(2), np.zeros(2)
    for g in run.gradients[:t]:
        velocity = optimizer.step(nothing, g, velocity)[1]
    past, _ = optimizer.step(nothing, nothing, velocity)
    newest, _ = optimizer.step(nothing, run.gradients[t], nothing)
    expected = past, newest, run.path[t + 1] - run.path[t]
    np.testing.assert_allclose(arrows, expected, atol=close)


@each_width
@pytest.mark.parametrize("surface", ["ledge", "himmelblau"])
def test_the_mark_on_the_costs_stands_at_the_cost_of_the_step(visit, surface, viewport):
    page, marks = visit("Path.html", viewport=viewport), []
    state = {"surface": surface, "learning_rate": 0.01, "start_x": -1.0, "start_y": 0.4}
    for step in (0, 10, 25, 50):
        one = explorers.Path(**state, step=step)
        follow(page, explorers.Path, one.state)
        assert f"The cost is {one.trajectory().values[step]:.3f} here" in said(page)
        marks.append(
            page.evaluate("""() => ["cx", "cy"].map(c => Number([...document
            .querySelectorAll("svg.live circle[r='4'].bars")].at(-1).getAttribute(c)))""")
        )
    x, y = np.transpose(marks)
    assert x - x[0] == pytest.approx((x[-1] - x[0]) * np.array([0, 0.2, 0.5, 1]), abs=0.1)
    costs = one.trajectory().values[[0, 10, 25, 50]]
    heights = np.log10(costs) if surface == "himmelblau" else costs
    shares = (heights - heights[0]) / (heights[-1] - heights[0])
    assert (y - y[0]) / (y[-1] - y[0]) == pytest.approx(shares, abs=0.02)


def test_a_press_on_the_map_of_a_path_places_the_start_and_drags_it_on(visit):
    page = visit("Path.html")
    x, y = middle(page.locator(".live .handle"))
    page.mouse.move(x + 90, y + 60)
    page.mouse.down()
    settle(page)
    assert middle(page.locator(".live .handle")) == pytest.approx((x + 90, y + 60), abs=2)
    page.mouse.move(x + 120, y + 20, steps=3)
    page.mouse.up()
    assert middle(page.locator(".live .handle")) == pytest.approx((x + 120, y + 20), abs=2)
    assert_says_what_python_says(page, explorers.Path)


def test_a_tap_on_the_map_of_a_path_places_the_start_and_a_swipe_scrolls(visit):
    page = visit("Path.html", **PHONE)
    handle = page.locator(".live .handle")
    to_the_middle(page, handle)
    page.touchscreen.tap(*np.add(here := middle(handle), (90, 40)).tolist())
    settle(page)
    there = middle(handle)
    assert there == pytest.approx(np.add(here, (90, 40)), abs=2)
    assert_says_what_python_says(page, explorers.Path)
    said_before, scrolled = said(page), page.evaluate("scrollY")
    by_touch(page, np.add(there, (60, 30)).tolist(), np.add(there, (62, -90)).tolist())
    page.wait_for_function("from => scrollY > from + 50", arg=scrolled)
    assert said(page) == said_before


def test_the_plateaus_ball_makes_at_step_t_the_step_from_t_to_t_plus_1(visit):
    one = explorers.Plateau(step=8)
    x = one.trajectory().path[:, 0]
    move = f"At step 8 it stands at {x[8]:.2f}, from where it moves by {x[9] - x[8]:.3f}."
    assert move in one.describe()
    assert explorers.Plateau(step=1500).describe().endswith("At step 1500 it stands at 4.00.")


IN_THE_GREY = """() => {
  const svg = document.querySelector("svg.live"), grey = svg.querySelector("path.tinted")
  return [...svg.querySelectorAll("text")].filter(text => {
    const { x, y, width, height } = text.getBBox()
    return [[x, y], [x + width, y], [x, y + height], [x + width, y + height]].some(([px, py]) =>
      grey.isPointInFill(new DOMPoint(px, py)))
  }).map(text => text.textContent).filter(text => /^[a-z]{4}/.test(text))
}"""


@each_width
def test_in_nesterovs_map_no_other_name_stands_in_the_grey_of_diverging(visit, viewport):
    page = visit("RegimeMap.html", viewport=viewport)
    follow(page, explorers.RegimeMap, {"method": regime_map.NESTEROV})
    assert page.evaluate(IN_THE_GREY) == ["diverging"]


def test_the_contours_of_the_map_are_labelled_as_rates_and_nothing_shines_through(visit):
    page = visit("RegimeMap.html")
    texts = page.locator("svg.live text").all_text_contents()
    assert "convergence rate" in texts
    grounds = page.evaluate("""() => [...document.querySelectorAll("svg.live text")]
        .filter(text => /^0[.][5789]5?$/.test(text.textContent))
        .filter(text => text.previousSibling.matches(".paper"))
        .map(text => [text.getBBox(), text.previousSibling.getBBox()]
            .map(({ x, y, width }) => [x, x + width]))""")
    assert len(grounds) == 5
    assert all(b <= x and y <= d for (x, y), (b, d) in grounds)


def test_a_drag_on_the_map_itself_follows_at_once_and_selects_nothing(visit):
    page = visit("RegimeMap.html")
    box = page.locator(".stage").bounding_box()

    def at(x, y):
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    page.mouse.move(*at(0.4, 0.4))
    page.mouse.down()
    begun = said(page)
    assert begun != default(explorers.RegimeMap).describe()
    page.mouse.move(*at(0.6, 0.3), steps=3)
    assert said(page) != begun
    page.mouse.move(*at(0.5, 0.95), steps=3)
    page.mouse.up()
    assert page.evaluate("getSelection().toString()") == ""
    assert_says_what_python_says(page, explorers.RegimeMap)


HANDLE_MEETS = """() => {
  const handle = document.querySelector(".live .handle").getBoundingClientRect()
  const meets = part => {
    const box = part.getBoundingClientRect()
    return part.textContent + part.getAttribute("class") !== "" && box.width &&
      Math.min(handle.right, box.right) > Math.max(handle.left, box.left) &&
      Math.min(handle.bottom, box.bottom) > Math.max(handle.top, box.top)
  }
  return [...document.querySelectorAll("svg.live text, svg.live circle.bars")].filter(meets)
    .map(part => part.textContent || part.getAttribute("class"))
}"""


@each_width
def test_the_scoreboards_handle_lies_on_no_mark_and_no_word(visit, viewport):
    page = visit("Scoreboard.html", viewport=viewport)
    assert "for each step of gradient descent" in page.locator("svg.live").text_content()
    tried = states(explorers.Scoreboard, 60)
    for state, met in zip(tried, walk(page, explorers.Scoreboard, tried, HANDLE_MEETS)):
        assert met == [], state


# --- the Python side


def test_scripts_and_styles_take_at_most_56_kilobytes(site):
    files = [site / "_static" / name for name in ("explorers.js", "explorers.css")]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) <= 56_000


def bad_values(explorer):
    for name, value in default(explorer).state.items():
        yield from ((name, bad) for bad in (["no such thing"] if isinstance(value, str) else []))
        yield from ((name, float("nan")) for _ in [0] if not isinstance(value, str))
    rates = dict.fromkeys(("learning_rate", "eta_lambda", "eta_largest"), (0.0, -1.0, float("inf")))
    limits = {**rates, "beta": (1.0, -0.1)}
    for name in limits.keys() & default(explorer).state.keys():
        yield from ((name, bad) for bad in limits[name])


@each_explorer
def test_a_bad_trait_is_refused_by_name_rule_and_value(explorer):
    shell = explorer()
    for name, bad in bad_values(explorer):
        with pytest.raises(ValueError) as error:
            explorer(**{name: bad})
        said = str(error.value)
        assert name in said and "must be" in said
        assert (repr(bad) if isinstance(bad, str) else f"{bad:g}") in said
        with pytest.raises(ValueError, match=name):
            setattr(shell, name, bad)
    assert shell.state == default(explorer).state


@each_explorer
def test_with_the_front_end_absent_the_same_picture_shows_every_time(explorer):
    first, second = (explorer()._repr_mimebundle_()[0] for _ in range(2))
    assert first["text/plain"] == repr(default(explorer))
    for kind in ("text/html", "text/plain"):
        assert first[kind].encode() == second[kind].encode()


@each_explorer
def test_the_picture_is_described_by_the_text(explorer):
    for attempt in ({}, explorer.tries[-1]["state"]):
        one = explorer(**attempt)
        label = re.search(r'<svg[^>]* aria-label="([^"]*)"', one._html())[1]
        assert html.unescape(label) == one.describe()


@each_explorer
def test_a_run_on_the_screen_is_a_run_of_descend(explorer):
    if hasattr(explorer, "trajectory"):
        assert isinstance(default(explorer).trajectory(), momentum.descent.Trajectory)


# --- what the regime map and the scoreboard claim


FORMS = pytest.mark.parametrize("method", regime_map.METHODS)


@FORMS
def test_the_map_has_the_edges_of_the_theory(method):
    nesterov, shown = method == regime_map.NESTEROV, explorers.RegimeMap().data()["maps"][method]
    (x, beta), (limit, betas) = shown["edges"]
    inside = np.array(x) > 0
    critical = theory.critical_beta(np.array(x)[inside], 1.0, nesterov=nesterov)
    np.testing.assert_allclose(np.array(beta)[inside], critical, atol=2e-3)
    expected = theory.stability_limit(np.array(betas[:-1]), nesterov=nesterov)
    np.testing.assert_allclose(limit[:-1], expected, atol=1e-4)


REGIMES = {
    "is monotone": ("momentum", 0.04, 0.5),
    "is critically damped: its two roots have met, at 0.8000": ("momentum", 0.04, 0.64),
    "oscillates with period 19.5 steps": ("momentum", 0.1, 0.9),
    "is where oscillating meets jumping": ("momentum", 2.25, 0.25),
    "jumps from side to side; its rate is 0.7236": ("momentum", 2.2, 0.2),
    "Gradient descent, whose limit is 2, would diverge": ("momentum", 3.0, 0.6),
    "is at the stability limit 2(1 + β) = 3.200": ("momentum", 3.2, 0.6),
    "diverges, by a factor of 1.3583 a step": ("momentum", 3.4, 0.6),
    "both roots are 0, and it settles in 1 step.": ("momentum", 1.0, 0.0),
    "is critically damped: its two roots have met, at 0.5000": ("Nesterov", 0.25, 1 / 3),
    "both roots are 0, and it settles in 2 steps.": ("Nesterov", 1.0, 0.6),
    "Momentum in its raw form would converge": ("Nesterov", 3.0, 0.6),
}


@pytest.mark.parametrize("words", REGIMES)
def test_the_regime_map_names_the_regime(words):
    one = explorers.RegimeMap(**dict(zip(("method", "eta_lambda", "beta"), REGIMES[words])))
    assert words in one.describe()


@FORMS
def test_a_regime_is_what_the_run_does(method):
    rng = np.random.default_rng(3)
    for x, beta in zip(rng.uniform(0.01, 4, 60), rng.uniform(0, 0.95, 60)):
        x = x / 2 if method == regime_map.NESTEROV else x
        one = explorers.RegimeMap(method=method, eta_lambda=x, beta=beta)
        w, said = one.trajectory().path[:400, 0], one.describe()
        w = w[abs(w) > 1e-200]
        assert ("is monotone" in said) == (np.diff(w) < 0).all()
        assert ("diverges, by" in said) == (abs(w[-1]) > 1)
        if "side to side" in said:
            assert (np.sign(w[20:40:2]) == -np.sign(w[21:41:2])).all()


def test_a_drag_leaves_the_map_as_it_is(visit):
    page = visit("RegimeMap.html")
    page.evaluate("""() => {
        globalThis.redrawn = 0
        for (const part of document.querySelectorAll("svg.live :is(.thin, .dashed, .over)"))
            new MutationObserver(all => { redrawn += all.length })
                .observe(part, { attributes: true, childList: true })
    }""")
    slide(page, page.locator("#regime_map-1-beta"), by_mouse)
    settle(page)
    assert page.evaluate("redrawn") == 0
    page.locator("#regime_map-1-method").press("End")
    settle(page)
    assert page.evaluate("redrawn") > 0


@each_hand
def test_pointing_at_the_map_shows_the_run_there(visit, hand):
    page = visit("RegimeMap.html", **HANDS[hand][1])
    stage = page.locator(".stage")
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    point = page.touchscreen.tap if HANDS[hand][1] else page.mouse.click
    point(box["x"] + 0.6 * box["width"], box["y"] + 0.3 * box["height"])
    settle(page)
    assert_says_what_python_says(page, explorers.RegimeMap)
    state = address(page, explorers.RegimeMap)
    assert 1.5 < state["eta_lambda"] < 3 and 0.4 < state["beta"] < 0.7


@pytest.mark.parametrize("beta", [0.04, 0.16, 0.3, 0.64, 0.9, 0.99])
def test_with_one_curvature_momentum_is_slower_in_a_share_of_sqrt_beta(beta):
    said = f"the slower one in {100 * np.sqrt(beta):.1f} % of"
    assert said in explorers.Scoreboard(beta=beta).describe()


def test_the_ratio_on_the_scoreboard_is_that_of_two_long_runs():
    rates = explorers.Scoreboard(eta_largest=0.5, beta=0.9).facts()["boards"][1]["rates"]
    bowl = surfaces.quadratic([0.01, 1.0])
    times = [
        descend(bowl, [1.0, 1.0], rule, 20_000).settling_time(1e-30)
        for rule in (momentum.Momentum(0.5, 0.9), momentum.GradientDescent(0.5))
    ]
    assert times[0] / times[1] == pytest.approx(np.divide(*np.log(rates)), rel=0.05)


SCORES = {
    "with one curvature momentum needs 13.2 times the steps; "
    "over a spread of 100 momentum needs 0.095 times": {},
    "only momentum converges, with one curvature and over a spread of 100": {"eta_largest": 2.0},
    "neither converges, with one": {"eta_largest": 3.8, "beta": 0.9},
    "gradient descent settles in one step, so momentum cannot win; over": {"eta_largest": 1.0},
    "both settle in one step; over a spread of 100 momentum needs as many steps": {
        "eta_largest": 1.0,
        "beta": 0.0,
    },
    "needs as many steps, with one curvature and over a spread of 100. With β = 0": {"beta": 0.0},
    "best: only gradient descent converges, with": {
        "against": scoreboard.BEST,
        "eta_largest": 3.9,
    },
    "best: gradient descent settles in one step, so momentum cannot win, with one curvature": {
        "against": scoreboard.BEST,
        "condition_number": 1,
    },
    "The best pair is ηL = 1 and β = 0": {"condition_number": 1},
    "The best pair for this spread is ηL = 3.306, β = 0.669: 0.100 times": {},
    "less than 0.001": {"eta_largest": 1.999999, "condition_number": 1},
}


@pytest.mark.parametrize("words", SCORES)
def test_the_scoreboard_has_words_for_every_outcome(words):
    assert words in explorers.Scoreboard(**SCORES[words]).describe()


def test_a_chapter_may_put_its_own_things_to_try_on_the_buttons():
    own = explorers.Valley(tries={"Swing": {"beta": 0.99}})
    assert own._data["tries"] == [{"text": "Swing", "state": {"beta": 0.99}}]
    assert ">Swing</button>" in own._html()
    assert explorers.Valley()._data["tries"] == explorers.Valley.tries

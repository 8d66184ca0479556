"""What hands do with a live figure: play, step, read off, keep, and place in the picture."""

import json
import re

import numpy as np
import pytest

from momentum import averages, explorers, theory
from momentum.explorers import bundle
from tests import test_explorers as pages
from tests.explorer_states import EXPLORERS, default, each_explorer
from tests.test_explorers import (
    ALL_LIVE,
    NARROW,
    PHONE,
    address,
    assert_says_what_python_says,
    by_mouse,
    by_touch,
    dressed,
    follow,
    middle,
    said,
    settle,
    to_the_middle,
    write_page,
)  # fmt: skip

reader, visit = pages.reader, pages.visit  # fixtures

PLAYED = [one for one in EXPLORERS if "step" in default(one).state]
each_played = pytest.mark.parametrize("explorer", PLAYED, ids=lambda cls: cls.__name__)
TERMS = {
    "learning-rate", "beta", "velocity", "gradient", "momentum", "gradient-descent", "nesterov",
    "curvature", "step", "condition-number", "gain", "path-w",
}  # fmt: skip


def rolling(explorer):
    return explorer(plays=True)


def falling(explorer):
    """Return the ball that plays to its end; any other figure as it is."""
    return explorer(plays=True, step=0) if explorer is explorers.Plateau else explorer()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = dressed(tmp_path_factory.mktemp("play"))
    write_page(folder / "all.html", *EXPLORERS)
    write_page(folder / "empty.html")
    for explorer in EXPLORERS:
        write_page(folder / f"{explorer.__name__}.html", explorer)
    write_page(folder / "rolling.html", explorers.Plateau, make=rolling)
    write_page(folder / "falling.html", explorers.Plateau, explorers.Valley, make=falling)
    return folder


# --- play


def opened(visit, name, **options):
    """Open a page whose time stands still; its reader, whose clock it is, is one of its own."""
    page = visit("empty.html", **options, color_scheme="light")
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    page.goto(page.url.replace("empty.html", name))
    while not page.evaluate(ALL_LIVE):
        wait(page, 1)
    return page


def step(page):
    return int(page.locator("output[for$=-step]").first.text_content())


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def press_play(page):
    page.locator(".steps").first.locator("button").nth(1).click()
    wait(page, 20)


def plays(page):
    return page.locator(".steps").first.locator("button").nth(1).text_content() == "Pause"


def wait(page, milliseconds):
    """Let so much time go by, and what the browser itself reports."""
    page.clock.run_for(milliseconds)
    page.evaluate("document.body.offsetWidth")


def watched(page, seconds):
    """Return the steps that are shown, ten times a second."""
    shown = [step(page)]
    for _ in range(10 * seconds):
        wait(page, 100)
        shown.append(step(page))
    return shown


def end(explorer, state):
    """Return the step at which a play ends."""
    facts = explorer(**state).facts()
    ends = {"plateau": facts.get("still"), "valley": facts.get("shown")}
    ends |= {"path": 200, "regime_map": 60, "noise": 200, "cycles": 60, "network": 96}
    return ends[explorer.kind]


@each_played
def test_a_play_walks_to_the_end_within_ten_seconds_and_single_steps_are_seen_first(
    visit, explorer
):
    page = opened(visit, f"{explorer.__name__}.html")
    follow_at_once(page, explorer, {"step": 0})
    press_play(page)
    assert plays(page)
    shown = watched(page, 10)
    assert shown[1] == 1 and set(range(1, 7)) <= set(shown)  # one after another
    assert (np.diff(shown) >= 0).all()
    last = end(explorer, {"step": 0})
    assert shown[-1] == last and not plays(page)
    assert shown.index(last) <= 100 and (shown.index(last) >= 50 or last < 25)
    wait(page, 600)
    assert said_now(page) == explorer(**address(page, explorer)).describe()


def follow_at_once(page, explorer, state):
    """Go to a link where time stands still."""
    query = "&".join(f"{name}={value}" for name, value in state.items())
    page.evaluate(pages.GO, f"{explorer.kind}-1?{query}")
    wait(page, 50)


@each_played
def test_at_the_end_a_play_begins_again(visit, explorer):
    page = opened(visit, f"{explorer.__name__}.html")
    press_play(page)
    wait(page, 9000)
    last = step(page)
    assert last == end(explorer, {}) and not plays(page)
    press_play(page)
    wait(page, 60)
    assert step(page) == 0
    wait(page, 9000)
    assert step(page) == last


FRAMES = """() => {
  globalThis.drawn = []
  const label = document.querySelector("svg.live")
  const record = new MutationObserver(() => drawn.push(performance.now()))
  record.observe(label, { attributes: true, attributeFilter: ["aria-label"] })
}"""


@each_played
def test_a_play_draws_at_most_once_a_frame(visit, explorer):
    page = opened(visit, f"{explorer.__name__}.html")
    wait(page, 50)
    page.evaluate(FRAMES)
    press_play(page)
    wait(page, 9000)
    gaps = np.diff(page.evaluate("drawn"))
    assert len(gaps) > 20 and gaps.min() >= 15


HANDS = {
    "its button": lambda page: press_play(page),
    "the step's slider": lambda page: page.locator("[id$=-step]").press("ArrowRight"),
    "another slider": lambda page: page.locator("[id$=-beta]").press("ArrowLeft"),
    "a finger on a slider": lambda page: page.locator("[id$=-beta]").dispatch_event(
        "pointerdown", {"pointerType": "touch"}
    ),
    "one step": lambda page: button(page, "One step forward").click(),
    "a thing to try": lambda page: page.locator(".tries button").first.click(),
    "reset": lambda page: button(page, "Reset").click(),
    "a handle": lambda page: page.locator(".handle").first.dispatch_event(
        "pointerdown", {"button": 2}
    ),
    "a key on a handle": lambda page: page.locator(".live .handle").first.press("ArrowRight"),
    "a link": lambda page: page.evaluate("location.hash = 'plateau-1?beta=0.5'"),
    "another window": lambda page: page.evaluate("""() => {
        Object.defineProperty(document, "hidden", { value: true })
        document.dispatchEvent(new Event("visibilitychange"))
    }"""),
    "out of sight": lambda page: page.evaluate("""() => {
        document.querySelector("main").style.paddingBottom = "3000px"
        scrollTo(0, 2500)
    }"""),
}


@pytest.mark.parametrize("hand", HANDS)
def test_a_play_ends_where_a_hand_takes_over_or_nobody_looks(visit, hand):
    page = opened(visit, "Plateau.html")
    follow_at_once(page, explorers.Plateau, {"step": 0})
    press_play(page)
    wait(page, 1500)
    assert plays(page) and step(page) > 3
    HANDS[hand](page)
    page.wait_for_timeout(100) if hand == "out of sight" else None
    page.evaluate("new Promise(done => queueMicrotask(done))")
    wait(page, 50)
    assert not plays(page)
    here = step(page)
    wait(page, 3000)
    assert step(page) == here


@pytest.mark.parametrize("key", ["Space", "Enter"])
def test_keys_play_and_pause(visit, key):
    page = opened(visit, "Valley.html")
    play = page.locator(".steps").first.locator("button").nth(1)
    play.focus()
    page.keyboard.press(key)
    wait(page, 1000)
    assert plays(page) and step(page) > 2
    page.keyboard.press(key)
    wait(page, 20)
    assert not plays(page)


def test_while_it_plays_nothing_is_told_and_no_address_is_written(visit):
    page = opened(visit, "Plateau.html")
    press_play(page)
    for _ in range(7):
        wait(page, 500)
        assert plays(page)
        assert page.locator("[role=status]").text_content() == ""
        assert page.evaluate("location.hash") == ""
    press_play(page)
    wait(page, 600)
    assert page.locator("[role=status]").text_content() == said_now(page)
    assert f"step={step(page)}" in page.evaluate("location.hash")


def said_now(page):
    return page.locator(".description").text_content().replace("\u00a0", " ")


CALM = {"reduced_motion": "reduce"}


def test_where_no_motion_is_wanted_a_play_jumps_at_most_twice_a_second(visit):
    page = opened(visit, "Plateau.html", **CALM)
    follow_at_once(page, explorers.Plateau, {"step": 0})
    wait(page, 3000)
    assert step(page) == 0
    page.evaluate(FRAMES)
    before = page.locator("[role=status]").text_content()
    press_play(page)
    for _ in range(4):
        wait(page, 500)
        assert page.locator("[role=status]").text_content() == before
    wait(page, 10_000)
    gaps = np.diff(page.evaluate("drawn")[1:])  # the first is the button's own
    assert len(gaps) > 8 and gaps[:-1].min() >= 499
    assert step(page) == end(explorers.Plateau, {}) and not plays(page)


def test_what_played_by_itself_is_in_no_link(visit):
    page = opened(visit, "falling.html")
    assert watched(page, 10)[-1] == end(explorers.Plateau, {"step": 0})
    page.locator("#valley-1-beta").press("Home")
    wait(page, 600)
    assert page.evaluate("location.hash") == "#valley-1?eta_lambda=0.01&beta=0&step=0"


@pytest.mark.parametrize("name", ["rolling", "falling"])
def test_a_figure_that_plays_does_so_once_when_it_is_seen(visit, name):
    page = opened(visit, f"{name}.html")
    shown = watched(page, 10)
    state = {} if name == "rolling" else {"step": 0}
    last = default(explorers.Plateau).step if name == "rolling" else end(explorers.Plateau, state)
    assert 1 in shown and shown[-1] == last and not plays(page)
    assert page.evaluate("location.hash") == ""
    assert set(page.locator("[role=status]").all_text_contents()) == {""}
    assert step(page) == watched(page, 2)[-1]
    button(page, "Reset").first.click()
    wait(page, 600)
    assert step(page) == {"rolling": 8, "falling": 0}[name]


def test_a_figure_that_plays_waits_until_it_is_seen_and_stays_where_no_motion_is_wanted(visit):
    page = opened(visit, "rolling.html", **CALM)
    page.wait_for_timeout(300)  # what the browser reports comes by its own clock
    assert set(watched(page, 3)) == {8}
    late = (
        "addEventListener('DOMContentLoaded', () => { document.body.style.paddingTop = '3000px' })"
    )
    page = opened(visit, "rolling.html", init=late)
    assert set(watched(page, 2)) == {8}
    page.evaluate("document.querySelector('.stage').scrollIntoView()")
    page.wait_for_timeout(100)
    assert 1 in watched(page, 3)


def test_a_figure_without_steps_cannot_play():
    with pytest.raises(ValueError, match=r"^plays must be False for a figure without steps, got T"):
        explorers.TwoCases(plays=True)


@pytest.mark.parametrize("here, last", [(0, 1500), (7, 1500), (203, 1500), (1500, 1500)])
def test_one_step_is_one_step_also_where_the_slider_leaves_some_out(visit, here, last):
    page = visit("Plateau.html")
    follow(page, explorers.Plateau, {"step": here})
    for name, there in (("forward", min(here + 1, last)), ("back", max(0, min(here, last - 1)))):
        button(page, f"One step {name}").click()
        assert address(page, explorers.Plateau)["step"] == there
        assert_says_what_python_says(page, explorers.Plateau)


KERNEL = """([state, model]) => {
  globalThis.saved = []
  const heard = new EventTarget()
  render({ el: document.querySelector("main"), model: globalThis.kernel = {
    get: name => name in state ? state[name] : model[name],
    set: (name, value) => { state[name] = value; heard.dispatchEvent(new Event("change:" + name)) },
    on: (type, call) => heard.addEventListener(type, call),
    off: (type, call) => heard.removeEventListener(type, call),
    save_changes: () => saved.push(state.step),
  } })
}"""


def test_a_kernel_hears_of_a_play_only_at_its_end(visit, site):
    page = opened(visit, "empty.html")
    page.set_content("<main></main>")
    page.add_style_tag(path=site / "_static" / "explorers.css")
    page.add_script_tag(content=f"{bundle.source('explorer')}; globalThis.render = render")
    one = explorers.Valley(eta_lambda=0.5)
    model = {"_kind": one._kind, "_data": json.loads(bundle.compact(one._data))}
    page.evaluate(KERNEL, [one.state, model])
    while not page.locator(".is-live").count():
        wait(page, 1)
    press_play(page)
    wait(page, 9000)
    assert page.evaluate("saved") == [step(page)] == [one.facts()["shown"]]


# --- dragging first, sliders second


@each_explorer
def test_the_keys_reach_the_handles_before_the_sliders(visit, explorer):
    page = visit(f"{explorer.__name__}.html")
    kinds = []
    for _ in range(20):
        page.keyboard.press("Tab")
        kinds.append(
            page.evaluate("""document.activeElement.matches(".handle") ? "handle"
            : document.activeElement.closest(".controls") ? "control" : "other" """)
        )
    handles = page.locator(".live .handle").count()
    assert handles > 0
    assert kinds[:handles] == ["handle"] * handles and kinds[handles] == "control"


def test_the_start_of_the_ball_is_placed_by_a_press_and_dragged_on(visit):
    page = visit("Plateau.html")
    x, y = middle(page.locator(".live .handle").first)
    page.mouse.move(x + 60, y + 40)
    page.mouse.down()
    settle(page)
    assert middle(page.locator(".live .handle").first)[0] == pytest.approx(x + 60, abs=2)
    page.mouse.move(x + 20, y + 90, steps=3)
    page.mouse.up()
    assert middle(page.locator(".live .handle").first)[0] == pytest.approx(x + 20, abs=2)
    assert_says_what_python_says(page, explorers.Plateau)


PLACED = {
    explorers.Plateau: "start_x",
    explorers.TwoCases: "period",
    explorers.Scoreboard: "eta_largest",
    explorers.Valley: "step",
}


@pytest.mark.parametrize("explorer", PLACED, ids=lambda cls: cls.__name__)
def test_a_tap_places_and_a_swipe_scrolls(visit, explorer):
    page = visit(f"{explorer.__name__}.html", **PHONE)
    handle = page.locator(".live .handle").first
    to_the_middle(page, handle)
    x, y = middle(handle)
    box = page.locator(".stage").bounding_box()
    to = x + (60 if x < box["x"] + box["width"] / 2 else -60)
    page.touchscreen.tap(to, y - 16)
    settle(page)
    assert middle(handle)[0] == pytest.approx(to, abs=4)
    assert address(page, explorer)[PLACED[explorer]] != default(explorer).state[PLACED[explorer]]
    assert_says_what_python_says(page, explorer)
    before, scrolled = said(page), page.evaluate("scrollY")
    by_touch(page, (x, y - 16), (x + 3, y - 140))
    page.wait_for_function("from => scrollY > from + 50", arg=scrolled)
    assert said(page) == before


@pytest.mark.parametrize("width", [2.0, 3.5, 5.0])
@pytest.mark.parametrize("far", [-30, 15, 40])
def test_the_edge_of_the_ledge_stays_below_the_pointer_though_the_picture_grows(visit, width, far):
    page = visit("Plateau.html")
    follow(page, explorers.Plateau, {"width": width})
    handle = page.get_by_role("slider", name="edge of the ledge")
    x, y = middle(handle)
    by_mouse(page, (x, y), (x + far, y))
    settle(page)
    assert middle(handle)[0] == pytest.approx(x + far, abs=3)
    assert address(page, explorers.Plateau)["width"] != width
    assert_says_what_python_says(page, explorers.Plateau)


def test_a_handle_on_the_gain_makes_any_pattern_one_with_a_period(visit):
    for pattern in ("same sign", "alternating", "drawn by hand"):
        page = visit("TwoCases.html")
        follow(page, explorers.TwoCases, {"pattern": pattern})
        handle = page.locator(".live .handle")
        handle.press("ArrowLeft" if pattern != "alternating" else "ArrowRight")
        state = address(page, explorers.TwoCases)
        assert state["pattern"] == "period"
        assert state["period"] > 90 if pattern != "alternating" else state["period"] < 3
        assert_says_what_python_says(page, explorers.TwoCases)


# --- values under the mouse


PANEL = """(svg, panel) => {
  const chart = svg.getBoundingClientRect(), clip = svg.querySelectorAll(":scope > g > svg")[panel]
  const [x, y, width, height] = ["x", "y", "width", "height"].map(k => Number(clip.getAttribute(k)))
  return [chart.x + x, chart.y + y, width, height]
}"""


def hover(page, panel, across, up):
    """Point into a panel, at shares of its width from the left and of its height from below."""
    x, y, width, height = page.locator("svg.live").first.evaluate(PANEL, panel)
    page.mouse.move(x + across * width, y + (1 - up) * height)


def read(page):
    settle(page)
    text = page.locator(".readout").first.text_content()
    return text.replace("\u00a0", " ")


def numbers(text):
    return [float(number.replace("−", "-")) for number in re.findall(r"−?\d+\.?\d*", text)]


def valley_read(found):
    t, plain, momentum = found
    one = default(explorers.Valley)
    runs = one.trajectory(gradient_descent=True), one.trajectory()
    return [run.path[int(t), 0] for run in runs], [plain, momentum]


def plateau_read(found):
    t, x, cost = found
    run = default(explorers.Plateau).trajectory()
    return [run.path[int(t), 0], run.values[int(t)]], [x, cost]


def path_read(found):
    t, x, y = found
    one = default(explorers.Path)
    runs = one.trajectory(gradient_descent=True).path, one.trajectory().path
    nearest = min(runs, key=lambda path: np.linalg.norm(path[int(t)] - [x, y]))
    return nearest[int(t)], [x, y]


def map_read(found):
    x, beta, rate = found
    return [theory.convergence_rate(1.0, x, beta)], [rate]


def gain_read(found):
    period, gain = found
    return [theory.gain(0.9, 2 * np.pi / period)], [gain]


def board_read(found):
    x, ratio = found
    rates = [theory.convergence_rate([0.01, 1.0], x, beta) for beta in (0.0, 0.9)]
    return [theory.relative_steps(*rates)], [ratio]


def average_read(found):
    t, value, average = found
    one = default(explorers.Averages)
    series = one.data()["series"]["penguins"]["values"]
    return [series[int(t)], averages.ema(np.array(series), 0.9)[int(t)]], [value, average]


def weight_read(found):
    age, weight = found
    return [averages.ema_weights(0.9, 40)[int(age)]], [weight]


READ = {  # where to point, what stands there, and to which error
    "valley": (explorers.Valley, 0, (0.1, 0.5), valley_read, 5e-4),
    "plateau": (explorers.Plateau, 0, (0.35, 0.6), plateau_read, 5e-3),
    "path": (explorers.Path, 0, (0.3, 0.6), path_read, 5e-3),
    "map": (explorers.RegimeMap, 0, (0.3, 0.5), map_read, 2e-3),
    "gain": (explorers.TwoCases, 1, (0.4, 0.5), gain_read, 3e-2),
    "board": (explorers.Scoreboard, 1, (0.2, 0.5), board_read, 6e-3),
    "average": (explorers.Averages, 0, (0.6, 0.5), average_read, 5e-4),
    "weight": (explorers.Averages, 1, (0.3, 0.5), weight_read, 5e-5),
}


@pytest.mark.parametrize("name", READ)
def test_a_mouse_reads_off_what_python_computes(visit, name):
    explorer, panel, place, expected, error = READ[name]
    page = visit(f"{explorer.__name__}.html")
    hover(page, panel, *place)
    here, found = expected(numbers(read(page)))
    np.testing.assert_allclose(found, here, atol=error)
    page.mouse.move(5, 5)
    assert read(page) == ""


@each_explorer
def test_every_panel_can_be_read_and_no_number_leaves_the_picture(visit, explorer):
    page = visit(f"{explorer.__name__}.html", viewport=NARROW)
    for panel in range(page.locator("svg.live > g > svg").count()):
        texts = set()
        for x in (0.02, 0.5, 0.98):
            hover(page, panel, x, 0.4)
            texts.add(read(page))
            label = page.locator(".readout > span")
            if label.count():
                box = label.bounding_box()
                assert box["x"] >= 0 and box["x"] + box["width"] <= 390
        assert len(texts) > 1, panel


def test_a_finger_or_a_drag_reads_nothing_off(visit):
    page = visit("Valley.html")
    hover(page, 0, 0.3, 0.6)
    assert read(page) != ""
    page.mouse.down()
    assert read(page) == ""
    page.mouse.up()
    page = visit("Valley.html", **PHONE)
    page.touchscreen.tap(*middle(page.locator(".stage")))
    assert read(page) == ""


# --- one run kept for comparison

KEPT = "[...document.querySelectorAll('.live .kept')].map(part => part.getAttribute('d'))"
CURVES = """[...document.querySelectorAll(".live :is(.line, .dots):not(.kept)")]
  .map(part => part.getAttribute("d"))"""


@each_explorer
def test_a_pale_copy_stays_until_it_is_released(visit, explorer):
    page = visit(f"{explorer.__name__}.html")
    assert page.evaluate(KEPT) == []
    button(page, "Keep").click()
    settle(page)
    kept = page.evaluate(KEPT)
    assert kept and set(kept) <= set(page.evaluate(CURVES))
    assert page.locator("[role=status]").text_content() == "Kept for comparison"
    page.locator("[id$=-beta]").press("Home")
    settle(page)
    assert [path for path in page.evaluate(KEPT) if path] and page.evaluate(CURVES) != kept
    page.locator("[id$=-beta]").press("End")
    button(page, "Release").click()
    settle(page)
    assert "".join(page.evaluate(KEPT)) == ""
    assert_says_what_python_says(page, explorer)


def test_a_kept_curve_has_the_numbers_it_had_in_another_picture(visit):
    page = visit("Valley.html")
    button(page, "Keep").click()
    page.locator("#valley-1-eta_lambda").press("End")  # now fewer steps are shown
    settle(page)
    blue = page.evaluate("document.querySelector('.live .kept.blue').getAttribute('d')")
    places = np.array([part.split() for part in blue[1:].split("L")], float)
    x, w = places[:, 0] - places[0, 0], places[:, 1]
    t = x / (x[-1] / 50)
    zero = float(
        re.search(
            r" ([\d.]+)H",
            page.locator(".live .grid").first.get_attribute("d"),
        )[1]
    )
    height = (zero - w) / (zero - w[0])
    assert len(t) == 51
    np.testing.assert_allclose(height, 0.99 ** np.round(t), atol=2e-3)


@pytest.mark.parametrize(
    "explorer, other",
    [(explorers.Averages, {"series": "sine"}), (explorers.Path, {"surface": "bowl"})],
    ids=["Averages", "Path"],
)
def test_what_is_kept_of_another_series_or_surface_is_not_drawn(visit, explorer, other):
    page = visit(f"{explorer.__name__}.html")
    button(page, "Keep").click()
    follow(page, explorer, other)
    assert "".join(page.evaluate(KEPT)) == ""
    follow(page, explorer, {name: default(explorer).state[name] for name in other})
    assert "".join(page.evaluate(KEPT)) != ""


def test_what_is_kept_is_printed_and_what_is_pointed_at_is_not(visit):
    page = visit("Valley.html")
    button(page, "Keep").click()
    page.locator("#valley-1-eta_lambda").press("End")
    hover(page, 0, 0.3, 0.6)
    assert read(page) != ""
    page.emulate_media(media="print")
    settle(page)
    assert page.locator(".live .kept").first.is_visible()
    assert not page.locator(".readout").is_visible()


# --- joined words

LOOK = """part => { const { strokeWidth, textDecorationLine, backgroundColor } = getComputedStyle(
  part.querySelector("label") ?? part)
  return [strokeWidth, textDecorationLine, backgroundColor] }"""


@each_explorer
@pytest.mark.parametrize("theme", ["light", "dark", "forced colours"])
def test_what_has_a_word_in_the_text_can_be_lit(visit, explorer, theme):
    forced = "active" if theme == "forced colours" else "none"
    page = visit(f"{explorer.__name__}.html", forced_colors=forced)
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    joined = page.locator(".momentum-explorer [data-term]:not(.stage > svg:not(.live) *)")
    assert joined.count() >= 1
    for part in joined.all():
        assert part.get_attribute("data-term") in TERMS
        before = part.evaluate(LOOK)
        part.evaluate("part => part.classList.add('lit')")
        assert part.evaluate(LOOK) != before
    page.locator("[id$=-beta]").press("Home")
    assert page.locator(".live .lit").count() > 0 or explorer in (
        explorers.Averages, explorers.Scoreboard
    )  # fmt: skip


def test_curves_and_their_names_have_the_words_of_the_text(visit):
    page = visit("all.html")
    found = page.evaluate("""() => Object.fromEntries(
      [...document.querySelectorAll(".momentum-explorer")].map(figure => [figure.dataset.explorer,
        [...new Set([...figure.querySelectorAll(".live [data-term]")]
        .map(part => part.dataset.term))].sort()]))""")
    assert found == {
        "averages-1": [],
        "cycles-1": ["momentum"],
        "network-1": ["gradient-descent", "momentum"],
        "noise-1": ["gradient-descent", "momentum"],
        "path-1": ["gradient-descent", "momentum"],
        "plateau-1": ["momentum"],
        "regime_map-1": ["momentum"],
        "scoreboard-1": [],
        "translator-1": ["learning-rate", "momentum"],
        "two_cases-1": ["gain", "gradient", "velocity"],
        "valley-1": ["gradient-descent", "momentum"],
    }
    follow(page, explorers.Path, {"rule": "AdaGrad"})
    terms = (
        "[...document.querySelectorAll('.kind-path .live [data-term]')].map(p => p.dataset.term)"
    )
    assert set(page.evaluate(terms)) == {"gradient-descent"}
    label = page.locator(".kind-valley .live .label.orange")
    label.scroll_into_view_if_needed()
    label.hover()
    assert label.evaluate("part => part.matches(':hover')")

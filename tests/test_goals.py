"""The goals of the labs: what a state is worth in both languages, and whether par is the best.

Then in a Chromium: the reader's best, found by hand, remembered, shown, forgotten, printed.
"""

import ast
import json
import re
from functools import cache
from itertools import product

import numpy as np
import pytest
from explorer_states import EXPLORERS, states, values
from notebooks import Chapter, media, shown_lines
from second_hand import facts_of
from test_explorers import GO, dressed, reader, visit, write_page  # noqa: F401

from momentum.explorers import Plateau, goal
from tools.promise import pages

LABS = sorted((pages.ROOT / "chapters").glob("lab_*.ipynb"))
each_lab = pytest.mark.parametrize("path", LABS, ids=lambda path: path.stem)
KINDS = {one.kind: one for one in EXPLORERS}
FOLD = "<summary>I have met par, or I give up</summary>"
BEST = {  # of each goal a state that meets par
    "least-memory": {"beta": 0.89},
    "fewest-steps-to-C": {"learning_rate": 2.39, "beta": 0.32},
    "highest-swing": {"drawn": 12 * "-" + 12 * "+"},
    "settle-one-curvature": {"beta": 0.84},
    "converge-beyond-the-limit": {"beta": 0.36},
    "momentum-begins-to-win": {"condition_number": 39.8, "eta_largest": 1.0},
    "fast-and-never-round": {"eta_largest": 0.23, "beta": 0.97},
    "least-spread-that-cycles": {"condition_number": 5.0},
    "learn-soonest": {"batch": "all 512", "compared": "the same η", "beta": 0.9, "step": 22},
}


@cache
def figures_of(path):
    """Return the figures of a lab as they are stored, by the names of their goals."""
    stored = re.findall(r'<script type="application/json">(.*?)</script>', html_of(path))
    return {one["_data"]["goal"]["name"]: figure(one) for one in map(json.loads, stored)}


def html_of(path):
    data = [data for cell in Chapter.read(path).code for data in media(cell)]
    return "".join("".join(one.get("text/html", "")) for one in data)


def figure(stored):
    state = {name: value for name, value in stored.items() if not name.startswith("_")}
    made = KINDS[stored["_kind"]](**state)
    made._data = stored["_data"]
    return made


@pytest.fixture(scope="module")
def figures():
    return {name: one for path in LABS for name, one in figures_of(path).items()}


each_goal = pytest.mark.parametrize("name", BEST)


def like(figure, state):
    """Return the figure in another state."""
    one = type(figure)(**{**figure.state, **state})
    one._data = {**one._data, "goal": figure._data["goal"]}
    return one


def on_the_way(figure, count=20):
    """Return states with what is given as it is given: anywhere, and beside the best."""
    aim, rng = figure._data["goal"], np.random.default_rng(3)
    given = {rule["path"] for rule in aim["rules"]} | {"step"} - BEST[aim["name"]].keys()
    free = {c["name"]: values(type(figure), c) for c in figure.controls if c["name"] not in given}
    for _ in range(count):
        yield {name: one[rng.integers(len(one))] for name, one in free.items()}
    for name, best in BEST[aim["name"]].items():
        nearest = sorted(free[name], key=lambda one: isinstance(one, float) and abs(one - best))
        yield from ({**BEST[aim["name"]], name: one} for one in nearest[:6])


def inside(known, path):
    for name in path.split("."):
        known = known[int(name) if name.isdecimal() else name]
    return known


def worth_by_second_hand(figure):
    settings = figure._data["goal"]
    known = {**facts_of(figure), **figure.state}
    met = [holds(rule["is"], inside(known, rule["path"])) for rule in settings["rules"]]
    value = float(inside(known, settings["of"]))
    return met, value if all(met) and np.isfinite(value) else None


def holds(is_, value):
    return is_[0] < value < is_[1] if isinstance(is_, list | tuple) else value == is_


# --- the labs as pages


@each_lab
def test_a_lab_has_three_or_four_goals_each_with_its_discussion_folded(path):
    lab = Chapter.read(path)
    parts = [title for level, title in lab.headings if level == 2]
    assert 3 <= len(parts) <= 4
    folded = [text for text in lab.texts if FOLD in text]
    assert len(folded) == len(parts) == sum("hide-cell" in str(one["metadata"]) for one in lab.code)
    assert any(key.startswith("description") for key in lab.metadata["myst"]["html_meta"])


@each_lab
def test_no_par_is_typed(path):
    calls = [
        node
        for cell in Chapter.read(path).code
        for node in ast.walk(ast.parse(cell["source"]))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "goal"
    ]
    pars = [word.value for call in calls for word in call.keywords if word.arg == "par"]
    assert len(pars) == len(figures_of(path)) >= 3
    assert not any(isinstance(node, ast.Constant) for par in pars for node in ast.walk(par))


@each_lab
def test_a_lab_is_executed_and_its_outputs_fit_a_phone(path):
    for count, cell in enumerate(Chapter.read(path).code, 1):
        assert cell["execution_count"] == count
        lines = [line for output in cell["outputs"] for line in shown_lines(output)]
        assert all(len(line) <= 52 for line in lines), lines


def test_goals_have_names_of_their_own(figures):
    assert sorted(figures) == sorted(BEST)
    assert len(figures) == sum(len(figures_of(path)) for path in LABS)


# --- worth and par


@each_goal
def test_javascript_and_the_second_hand_find_a_state_worth_the_same(figures, name):
    figure, counted = figures[name], 0
    digits = figure._data["goal"]["digits"]
    for state in [*states(type(figure), 4)[-3:], *on_the_way(figure, 4)]:
        one = like(figure, state)
        found, (met, value) = one.worth(), worth_by_second_hand(one)
        assert found["met"] == met, state
        assert (found["value"] is None) == (value is None), state
        if value is not None:
            assert abs(found["value"] - value) <= 0.51 * 10**-digits
            counted += 1
    assert counted > 0


@each_goal
def test_par_is_met_and_nothing_that_the_controls_reach_beats_it(figures, name):
    figure = figures[name]
    aim = figure._data["goal"]
    par = round(aim["par"], aim["digits"])
    assert like(figure, BEST[name]).worth()["value"] == par
    found = [like(figure, state).worth()["value"] for state in on_the_way(figure)]
    counting = [value for value in found if value is not None]
    assert len(counting) >= 5
    assert (max if aim["most"] else min)([*counting, par]) == par


def test_a_balanced_pattern_that_is_exchanged_swings_less(figures):
    """The proof on the page: a plus that moves behind a newer minus lowers the highest velocity."""
    figure, best = figures["highest-swing"], list(BEST["highest-swing"]["drawn"])
    par = figure._data["goal"]["par"]
    for i, j in product((2, 5, 8), (14, 17, 20)):
        drawn = best.copy()
        drawn[i], drawn[j] = drawn[j], drawn[i]
        one = like(figure, {"drawn": "".join(drawn)})
        assert one.worth()["value"] <= round(par, 2) and one.facts()["high"] < par


# --- what a goal refuses

FINE = {"least": "beta", "par": 0.89}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"most": "beta"}, "either least or most"),
        ({"least": None}, "either least or most"),
        ({"aim": "At most 40 steps."}, "words must be without digits"),
        ({"where": {"it ends at 8": ("end", 8)}}, "words must be without digits"),
        ({"least": "time"}, "goal must be about one of .*, got 'time'"),
        ({"given": ["height"]}, "goal must be about one of .*, got 'height'"),
        ({}, "goal must not be met by the first state, got Plateau"),
    ],
)
def test_a_goal_is_refused(change, message):
    settings = {"name": "x", "aim": "Cross it.", **FINE, **change}
    with pytest.raises(ValueError, match=message):
        Plateau(goal=goal(**settings))


# --- on a page


@pytest.fixture(scope="module")
def site(tmp_path_factory, figures):
    folder = dressed(tmp_path_factory.mktemp("goals"))
    shown = [figures["least-memory"], figures["highest-swing"]]
    write_page(folder / "goals.html", *shown, make=lambda one: one)
    return folder


def fresh(visit, **options):  # noqa: F811
    """Return the page of a reader who has no best yet."""
    page = visit("goals.html", **options)
    page.evaluate("localStorage.clear()")
    page.reload()
    page.wait_for_function("document.querySelectorAll('.is-live').length === 2")
    return page


SCORE = """() => [...document.querySelectorAll(".goal")].map(
  goal => [...goal.querySelectorAll(".score strong, .told")].map(part => part.textContent))"""
LEDGE, SWING = ".kind-plateau", ".kind-two_cases"


def score(page, number=0):
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.evaluate(SCORE)[number]


def drag(page, selector, dx):
    """Drag what a selector names by some pixels, with the mouse."""
    place = page.locator(selector)
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y, steps=4)
    page.mouse.up()


def press(page, key, times=1):
    page.locator(f"{LEDGE} input[id$=beta]").focus()
    for _ in range(times):
        page.keyboard.press(key)


def test_the_best_is_found_by_hand_remembered_shown_and_forgotten(visit):  # noqa: F811
    page = fresh(visit)
    assert score(page) == ["–", "–", "0.89", "Nothing counts yet."]
    page.evaluate(GO, "#plateau-1?beta=0.919")
    press(page, "ArrowLeft")
    best = "0.918"
    assert score(page) == [best, best, "0.89", "Not yet par."]
    press(page, "ArrowRight")
    assert score(page) == ["0.919", best, "0.89", "Not yet par."]
    drag(page, f"{LEDGE} .handle >> nth=1", 40)
    assert score(page) == ["–", best, "0.89", "Not yet par."]
    assert "○ width of the ledge: 6" in page.locator(f"{LEDGE} .rules").inner_text().replace(
        "\u00a0", " "
    )
    page.reload()
    page.wait_for_selector(f"{LEDGE} .is-live")
    assert score(page)[1] == best
    page.click(f"{LEDGE} >> text=Show my best")
    assert score(page)[:2] == [best, best]
    page.click(f"{LEDGE} >> text=Reset")
    page.click(f"{LEDGE} >> text=Forget my best")
    assert score(page) == ["–", "–", "0.89", "Nothing counts yet."]
    assert page.locator(f"{LEDGE} >> text=Show my best").is_disabled()
    assert page.evaluate("Object.keys(localStorage)") == []


def test_par_is_met_by_keys_and_told_and_beaten_between_the_sliders_values(visit):  # noqa: F811
    page = fresh(visit)
    press(page, "ArrowRight", 39)
    assert score(page) == ["0.89", "0.89", "0.89", "✓ Par is met. Can it be beaten? Read on."]
    told = page.locator(f"{LEDGE} [role=status]")
    page.wait_for_function(
        "node => node.textContent.includes('Your best')", arg=told.element_handle()
    )
    assert told.text_content().endswith(
        "Now: 0.89. Your best: 0.89. Par: 0.89. ✓ Par is met. Can it be beaten? Read on."
    )
    page.evaluate(GO, "#plateau-1?beta=0.8885")
    assert score(page)[1:] == ["0.888", "0.89", "✓ Better than par! Read on."]


def test_signs_that_a_finger_draws_count_and_a_goal_has_a_best_of_its_own(visit):  # noqa: F811
    page = fresh(visit, viewport={"width": 390, "height": 900}, has_touch=True)
    assert score(page, 1)[0] == "–"
    for sign in range(0, 24, 4):
        button = page.locator(f"{SWING} .signs button").nth(sign)
        button.tap()
        button.tap()
    assert score(page, 1)[0] == score(page, 1)[1] != "–"
    assert score(page)[1] == "–"
    assert [name for name in page.evaluate("Object.keys(localStorage)")] == [
        "momentum-goal/highest-swing"
    ]


def test_of_two_windows_the_better_best_is_kept(visit):  # noqa: F811
    one, other = fresh(visit), visit("goals.html")
    for page, beta in ((other, 0.89), (one, 0.91)):
        page.evaluate(GO, f"#plateau-1?beta={beta}")
        score(page)
    assert json.loads(one.evaluate("localStorage['momentum-goal/least-memory']"))["beta"] == 0.89
    assert score(one)[1] == "0.89"


def test_what_was_kept_and_counts_no_more_is_no_best(visit):  # noqa: F811
    page = visit("goals.html")
    for kept in ('{"beta": 0.5}', '{"beta": 0.9, "width": 3}', "no JSON", "[]"):
        page.evaluate("text => localStorage.setItem('momentum-goal/least-memory', text)", kept)
        page.reload()
        page.wait_for_selector(f"{LEDGE} .is-live")
        assert score(page)[1] == "–", kept


def test_on_paper_and_without_a_script_the_goal_stands_in_words(visit):  # noqa: F811
    page = visit("goals.html", java_script_enabled=False)
    for medium in ("screen", "print"):
        page.emulate_media(media=medium)
        said = page.locator(f"{LEDGE} .goal").inner_text()
        assert "Goal. Let the ball come to rest in C" in said and "0.89" in said

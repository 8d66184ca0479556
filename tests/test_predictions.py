"""Predictions: their keys are true, nothing gives them away, and the device asks as it should.

The device is tried on the template of a chapter, which has one of each kind, built as a book.
"""

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from test_site import AXE_TAGS, THEMES, load, set_theme

from momentum.explorers import Predictions, bundle
from tools import chapter, refresh
from tools.promise import check, mutants, pages, predictions

ROOT = Path(__file__).parent.parent
CHAPTERS = [path for path in pages.pages() if path.suffix == ".ipynb"]
SAMPLE = "09_sample"


# --- the keys


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_choice_marked_right_is_the_one_that_holds(path):
    asked, _ = pages.predicted(path)
    assert [fault for one in asked for fault in one.faults()] == []


def test_a_wrong_key_is_noticed():
    tried, alive = mutants.wrong_keys()
    assert tried >= 20 and alive == []


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """Return the template as a chapter, executed, in a folder of its own."""
    book = tmp_path_factory.mktemp("book")
    folder = book / "chapters"
    folder.mkdir()
    path = folder / f"{SAMPLE}.ipynb"
    notebook = chapter.written(chapter.TEMPLATE.read_text("utf-8"), "Try predictions")
    notebook.metadata["myst"] = {"html_meta": {"description lang=en": "A sample."}}
    for cell in notebook.cells:
        cell.source = re.sub(
            r"^> \*\*Write:.*(?:\n>.*)*", "More is said here.", cell.source, flags=re.M
        )
        words = cell.metadata.get("mystnb", {})
        if "image" in words and not words["image"]["alt"]:
            cell.metadata.mystnb = {
                "image": {"alt": "A run on a bowl."},
                "figure": {"caption": "A run.", "name": "fig-run"},
            }
    nbformat.write(notebook, path)
    assert not refresh.refresh(path)
    return path


def test_the_samples_of_the_template_are_true(sample):
    asked, lost = pages.predicted(sample)
    assert [one.kind for one in asked] == ["choice", "number", "curve"] and not lost
    assert [fault for one in asked for fault in one.faults()] == []
    bound = [p for p in pages.passages(sample) if p.predictions]
    assert [fault for passage in bound for fault in check.faults(passage)] == []


@pytest.mark.parametrize(
    "kind, change, message",
    [
        ("choice", {"computed": [True, True, False]}, "holds is 1, 2, marked is [2]"),
        ("choice", {"computed": [False] * 3}, "holds is none"),
        ("choice", {"said": ["**Right.** a", "**Right.** b", "c"]}, "marks 2 sentences"),
        ("choice", {"said": ["**Right.** a", "b"]}, "says 2 sentences of 3 choices"),
        ("choice", {"choices": ["a"]}, "has 1 choices"),
        ("choice", {"expressions": ["True", "x", "y"]}, "True computes nothing"),
        ("number", {"answer": "3.1"}, "shows 3.1, computed is 3.0"),
        ("number", {"answer": "seven"}, "shows seven, computed is 3.0"),
        ("number", {"expressions": ["3"]}, "3 computes nothing"),
    ],
)  # fmt: skip
def test_a_false_key_is_told(sample, kind, change, message):
    one = next(one for one in pages.predicted(sample)[0] if one.kind == kind)
    assert any(message in fault for fault in replace(one, **change).faults())


def test_a_prompt_whose_answer_was_printed_in_its_section_is_told():
    prompt = (
        "**Predict.** Which?\n\n1. a\n2. b\n\n<details>\n<summary>Turn the page</summary>\n\n"
        "1. **Right.** a\n2. b\n\n</details>\n\n<!-- predict: x; y -->"
    )
    line = {"cell_type": "code", "source": "", "outputs": [{"text": ["x = 7\n"]}]}
    cells = [line, {"cell_type": "markdown", "source": prompt}, line]
    assert len(list(predictions.told_before(cells))) == 1
    heading = {"cell_type": "markdown", "source": "## Another section"}
    assert list(predictions.told_before([line, heading, *cells[1:]])) == []


# --- the book


def build(folder, *more):
    """Build a book of one chapter with the extensions and the settings of this one."""
    settings = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    extensions = settings["sphinx"]["local_extensions"]
    settings["sphinx"]["local_extensions"] = {name: str(ROOT / "_ext") for name in extensions}
    settings["bibtex_bibfiles"] = [str(ROOT / "chapters/references.bib")]
    (folder / "_ext/static").mkdir(parents=True)
    shutil.copy(ROOT / settings["html"]["favicon"], folder / "_ext/static")
    (folder / "_config.yml").write_text(yaml.safe_dump(settings), "utf-8")
    files = [{"file": f"chapters/{name}"} for name in (SAMPLE, "predictions", "notation", "claims")]
    part = {"caption": "Part I: a sample", "chapters": files}
    toc = {"format": "jb-book", "root": "chapters/index", "parts": [part]}
    (folder / "chapters/claims.md").write_text("# claims\n", "utf-8")
    notation = (ROOT / "chapters/notation.md").read_text("utf-8")
    alone = re.sub(r"\{doc\}`([^<`]*?) *<?\d\d_\w+>?`|\[([^]]*)\]\(\d\d_[^)]*\)", r"\1\2", notation)
    (folder / "chapters/notation.md").write_text(alone, "utf-8")
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc), "utf-8")
    (folder / "chapters/index.md").write_text("# A book\n\nIt has a chapter.\n", "utf-8")
    shutil.copy(ROOT / "chapters/predictions.md", folder / "chapters")
    command = [Path(sys.executable).with_name("jupyter-book"), "build", "-q", *more, folder]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture(scope="module")
def site(sample):
    done = build(sample.parents[1], "-W", "-n", "--keep-going")
    assert done.returncode == 0, done.stderr[-2000:]
    return sample.parents[1] / "_build/html"


@pytest.fixture
def context(browser):
    with_touch = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True)
    yield with_touch
    with_touch.close()


@pytest.fixture
def page(context, server):
    opened = load(context, f"{server}/chapters/{SAMPLE}.html")
    yield opened
    assert [line for line in opened.console if "[PST]" not in line] == []


def prompt(page, kind):
    return page.locator(f".prediction[data-kind={kind}]")


def answer(page, kind):
    return page.locator(f".answer[data-of={prompt(page, kind).get_attribute('id')}]")


def choose(page, text):
    prompt(page, "choice").locator(".choices").get_by_text(text).click()


KINDS = "choice", "number", "curve"
FOLDED = """answers => answers.every(answer => answer.getBoundingClientRect().height < 1
  && [...answer.querySelectorAll('*')].every(
    inside => !inside.checkVisibility({ contentVisibilityAuto: true })))"""


def commit(page, kind, button="Commit"):
    prompt(page, kind).get_by_role("button", name=button, exact=True).click()


def test_answers_are_folded_for_eyes_keys_and_screen_readers(page):
    assert page.locator(".answer").evaluate_all(FOLDED)
    spoken = page.locator("article").aria_snapshot()
    assert "Which β settles first?" in spoken
    for told in ("40 steps to one per cent", "it creeps", "that is the limit of gradient descent"):
        assert told not in spoken
    for kind in KINDS:
        commit(page, kind, "Show me")
    spoken = page.locator("article").aria_snapshot()
    for told in ("40 steps to one per cent", "it creeps"):
        assert told in spoken


def test_a_choice_unfolds_its_answer_and_says_what_is_right_and_what_was_wrong(page):
    commit(page, "choice")
    assert "Choose one" in prompt(page, "choice").get_by_role("alert").inner_text()
    assert answer(page, "choice").evaluate_all(FOLDED)
    choose(page, "The smallest")
    commit(page, "choice")
    status = prompt(page, "choice").get_by_role("status")
    said = status.inner_text()
    assert "Not so" in said and "it creeps" in said and "Right." in said
    assert "(your prediction)" in said
    assert answer(page, "choice").get_by_text("40 steps to one per cent").is_visible()
    assert status.evaluate("status => status === document.activeElement")
    assert answer(page, "number").evaluate_all(FOLDED)


def test_the_keys_choose_and_commit(page):
    first = prompt(page, "choice").locator("input").first
    first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert "Right" in prompt(page, "choice").locator(".headline").inner_text()


@pytest.mark.parametrize(
    "typed, says",
    [
        ("3", "Right"),
        ("3,0", "Right"),
        ("6/2", "Right"),
        ("30e-1", "Right"),
        ("2", "33 % too small"),
        ("12.5", "4.2 times too large"),
        ("−3", "off by 6"),
        ("1,500", "500 times too large"),
        ("2", "the limit of gradient descent"),
    ],
)
def test_a_number_is_read_as_people_write_it_and_its_distance_told(page, typed, says):
    prompt(page, "number").get_by_label("Your number").fill(typed)
    page.keyboard.press("Enter")
    said = prompt(page, "number").get_by_role("status").inner_text().replace("\u00a0", " ")
    assert says in said and ("Right" in said) == (says == "Right")
    assert ("the limit of gradient descent" in said) == (typed == "2")


@pytest.mark.parametrize("typed", ["", "many", "1/0", "3 or 4", "1e999"])
def test_what_is_no_number_is_told_and_nothing_unfolds(page, typed):
    prompt(page, "number").get_by_label("Your number").fill(typed)
    page.keyboard.press("Enter")
    assert "no number" in prompt(page, "number").get_by_role("alert").inner_text()
    assert answer(page, "number").evaluate_all(FOLDED)
    assert page.evaluate("document.activeElement.id").endswith("-number")


def pad(page):
    found = prompt(page, "curve").locator(".pad")
    found.evaluate("pad => pad.scrollIntoView({ block: 'center' })")
    return found.bounding_box()


TRUTH = """() => {
  const path = document.querySelector('#fig-heavy [id$="line-β-0-9"] path')
  return path.getAttribute('d').match(/-?[\\d.]+ -?[\\d.]+/g).map(p => p.split(' ').map(Number))
}"""


def test_a_mouse_draws_a_curve_and_the_true_one_comes_in_beside(page):
    box = pad(page)
    page.mouse.move(box["x"] + 1, box["y"] + 2)
    page.mouse.down()
    for share in (0.3, 0.6, 1):
        page.mouse.move(
            box["x"] + share * box["width"] - 1, box["y"] + box["height"] * 0.95, steps=9
        )
    page.mouse.up()
    assert prompt(page, "curve").locator(".truth").count() == 0
    commit(page, "curve")
    said = prompt(page, "curve").locator(".headline").inner_text()
    assert 3 < int(re.search(r"on average (\d+)", said)[1]) < 40
    assert prompt(page, "curve").locator(".verdict .truth").is_visible()
    assert prompt(page, "curve").locator(".verdict .guess").is_visible()


def test_the_true_curve_drawn_by_hand_is_right(page):
    box = pad(page)
    heavy = page.evaluate(TRUTH)
    xs, ys = zip(*heavy)
    scale = (
        prompt(page, "curve")
        .locator(".sketch > svg")
        .evaluate("svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width")
    )
    corner = prompt(page, "curve").locator(".sketch > svg").bounding_box()
    page.mouse.move(corner["x"] + scale * xs[0], corner["y"] + scale * ys[0])
    page.mouse.down()
    for x, y in heavy:
        page.mouse.move(corner["x"] + scale * x, corner["y"] + scale * y)
    page.mouse.up()
    commit(page, "curve")
    said = prompt(page, "curve").locator(".headline").inner_text()
    assert said.startswith("Right") and int(re.search(r"on average (\d+)", said)[1]) <= 2, (
        said,
        box,
    )


def finger(page, *points):
    """Draw with one finger through points of the window."""
    session = page.context.new_cdp_session(page)
    kinds = ["touchStart", *["touchMove"] * (len(points) - 1)]
    for kind, (x, y) in zip(kinds, points):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        page.wait_for_timeout(20)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_draws_downwards_inside_the_axes_and_scrolls_outside(page):
    box, before = pad(page), page.evaluate("scrollY")
    left, top, width, height = box["x"], box["y"], box["width"], box["height"]
    down = [(left + 3 + i, top + 3 + i * (height - 6) / 20) for i in range(21)]
    along = [(left + 24 + i * (width - 25) / 20, top + height - 4) for i in range(21)]
    finger(page, *down, *along)
    assert page.evaluate("scrollY") == before
    d = prompt(page, "curve").locator(".guess").get_attribute("d")
    heights = [float(y) for _, y in re.findall(r"[ML](\d+) ([\d.]+)", d)]
    assert min(heights) < 0.1 and max(heights) > 0.9 and len(heights) > 90
    question = prompt(page, "curve").locator("p").first.bounding_box()
    finger(page, *[(question["x"] + 50, question["y"] + 10 - 10 * i) for i in range(9)])
    page.wait_for_timeout(300)
    assert page.evaluate("scrollY") > before


def test_undo_takes_a_stroke_back_and_a_short_curve_is_not_taken(page):
    box = pad(page)
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 60, steps=5)
    page.mouse.up()
    commit(page, "curve")
    assert "left edge to the right" in prompt(page, "curve").get_by_role("alert").inner_text()
    commit(page, "curve", "Undo")
    assert not prompt(page, "curve").locator(".guess").get_attribute("d")


def test_keys_choose_the_shape_of_a_curve(page):
    prompt(page, "curve").locator("input").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert prompt(page, "curve").locator(".headline").inner_text().startswith("Right")
    assert prompt(page, "curve").locator(".verdict .truth").is_visible()


def test_a_prediction_is_remembered_until_it_is_asked_again(page):
    choose(page, "The largest")
    commit(page, "choice")
    page.reload()
    assert "it creeps" in prompt(page, "choice").inner_text()
    assert prompt(page, "choice").locator(".is-wrong").inner_text().startswith("The largest")
    assert answer(page, "choice").get_by_text("40 steps to one per cent").is_visible()
    commit(page, "choice", "Ask me again")
    assert answer(page, "choice").evaluate_all(FOLDED)
    assert page.evaluate("document.activeElement.type") == "radio"
    page.reload()
    assert answer(page, "choice").evaluate_all(FOLDED)


def test_without_storage_it_works_and_forgets(context, server):
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw Error() } })"
    )
    page = load(context, f"{server}/chapters/{SAMPLE}.html")
    choose(page, "The largest")
    commit(page, "choice")
    assert answer(page, "choice").get_by_text("40 steps to one per cent").is_visible()


@pytest.mark.parametrize("supported", [True, False])
def test_a_link_into_a_folded_answer_unfolds_it(context, server, supported):
    if not supported:
        context.add_init_script(
            "delete globalThis.onbeforematch; delete Window.prototype.onbeforematch"
        )
    page = load(context, f"{server}/chapters/{SAMPLE}.html#fig-heavy")
    assert page.locator("#fig-heavy").is_visible()
    assert 0 <= page.locator("#fig-heavy").bounding_box()["y"] < 800
    assert answer(page, "choice").evaluate_all(FOLDED)
    page.evaluate("location.hash = document.querySelector('.answer .cell').id = 'a-cell'")
    page.wait_for_timeout(100)
    assert page.locator("#a-cell").is_visible()


def test_find_in_page_reaches_into_a_folded_answer(page):
    folded = answer(page, "choice")
    assert folded.get_attribute("hidden") == "until-found"
    folded.dispatch_event("beforematch")
    assert folded.get_by_text("40 steps to one per cent").is_visible()


@pytest.mark.parametrize("how", ["no script", "script fails", "paper"])
def test_without_script_and_on_paper_all_is_shown(browser, server, how):
    context = browser.new_context(java_script_enabled=how != "no script")
    page = context.new_page()
    if how == "script fails":
        page.route("**/predictions.js*", lambda route: route.abort())
    page.goto(f"{server}/chapters/{SAMPLE}.html")
    if how == "paper":
        page.emulate_media(media="print")
        assert not page.locator(".device").first.is_visible()
    for told in (
        "The smallest: it does not",
        "Turn the page",
        "it creeps",
        "40 steps to one per cent",
    ):
        assert page.get_by_text(told).first.is_visible(), told
    context.close()


def test_prompts_and_answers_do_not_shift_while_the_page_loads(context, server):
    context.add_init_script(
        "window.shift = 0; new PerformanceObserver(all => all.getEntries()"
        ".forEach(entry => { shift += entry.value }))"
        ".observe({ type: 'layout-shift', buffered: true })"
    )
    page = load(context, f"{server}/chapters/{SAMPLE}.html")
    page.wait_for_timeout(500)
    assert page.evaluate("shift") < 0.02


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("committed", [False, True])
def test_axe_finds_nothing(context, server, theme, committed):
    page = load(context, f"{server}/chapters/{SAMPLE}.html")
    set_theme(page, theme)
    if committed:
        choose(page, "The largest")
        commit(page, "choice")
        for kind in KINDS[1:]:
            commit(page, kind, "Show me")
    options = {"runOnly": {"type": "tag", "values": [*AXE_TAGS]}, "resultTypes": ["violations"]}
    found = Axe().run(page, ".bd-article", options).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found] == []


def test_a_page_tells_how_one_did_and_forgets_when_asked(context, server, page):
    choose(page, "The largest")
    commit(page, "choice")
    prompt(page, "number").get_by_label("Your number").fill("3")
    commit(page, "number")
    commit(page, "curve", "Show me")
    book = load(context, f"{server}/chapters/predictions.html")
    totals = book.locator(".totals")
    assert totals.inner_text().startswith(
        "Right: 1. Not right: 1. Shown without a prediction: 1. Open: 0."
    )
    items = book.locator(".predictions li").all_inner_texts()
    assert "The largest: it is the fastest" in items[0] and "“3”" in items[1]
    book.get_by_role("button", name="Forget all my predictions").click()
    assert "Open: 0" in totals.inner_text()
    book.get_by_role("button", name="Yes, forget them").click()
    assert "Open: 3. All: 3." in totals.inner_text()
    book.locator(".predictions li a").first.click()
    assert answer(book, "choice").evaluate_all(FOLDED)


def test_a_malformed_prediction_is_a_warning(sample, tmp_path):
    folder = tmp_path / "book"
    (folder / "chapters").mkdir(parents=True)
    text = sample.read_text("utf-8")
    (folder / f"chapters/{SAMPLE}.ipynb").write_text(text.replace("**Right.** ", ""), "utf-8")
    said = build(folder).stderr
    assert said.count("has 0 sentences that begin with **Right.**") == 2


def test_pages_show_no_note_and_at_most_so_much_script(site):
    text = (site / f"chapters/{SAMPLE}.html").read_text("utf-8")
    assert "predict:" not in text and "<!-- curve" not in text
    assert len((site / "_static/predictions.js").read_bytes()) < 25_000


def test_on_a_static_page_the_widget_shows_nothing():
    made = Predictions()._repr_mimebundle_()[0]
    assert made["text/plain"] == "Predictions()"
    assert made["text/html"] == "<momentum-predictions hidden></momentum-predictions>"
    assert "render" in bundle.source("notebook")

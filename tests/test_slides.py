"""The slides: all of a chapter is in its deck, every slide fits, and its figures are alive."""

import re

import pytest
from bs4 import BeautifulSoup

from tools.course import guide, pages, slides, slides_pdf
from tools.course.slide_blocks import plain, sentences
from tools.course.slide_pages import slides_of
from tools.course.slides import minutes

ROOT = pages.ROOT
CHAPTERS = pages.chapters()
chapters = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda page: page.stem)


@pytest.fixture(scope="module")
def site(build, tmp_path_factory):
    """Make the decks of the built book, and no PDF."""
    folder = tmp_path_factory.mktemp("course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "SITE", build[1])
        patch.setattr(slides_pdf, "export", lambda decks: None)
        slides.make(folder)
        yield folder / "slides"


def deck_of(site, chapter):
    """Return a deck as a soup, and its notes taken out of it as another."""
    deck = BeautifulSoup((site / chapter.stem / "index.html").read_text("utf-8"), "html.parser")
    notes = BeautifulSoup("", "html.parser")
    for aside in deck.select("aside.notes"):
        notes.append(aside.extract())
    return deck, notes


def texts(soup, selector):
    return [plain(tag) for tag in soup.select(selector)]


# --- what is in a deck


@chapters
def test_all_that_a_chapter_shows_is_on_its_slides(site, chapter):
    """Figures, live figures, formulas, and all code and output but what is folded: in order."""
    article, (deck, _) = chapter.article(), deck_of(site, chapter)
    for hidden in article.select(".folded, .tag_hide-cell, .headerlink"):
        hidden.decompose()
    assert texts(deck, "figcaption") == texts(article, "figcaption")
    for kind in "svg.figure", "momentum-explorer > script":
        assert len(deck.select(kind)) == len(article.select(kind))
    assert texts(deck, "div.math math") == texts(article, "div.math math")
    assert texts(deck, "pre") == texts(article, "pre")


@chapters
def test_every_round_of_discussion_is_asked_and_its_answer_is_a_fragment(site, chapter):
    deck, notes = deck_of(site, chapter)
    rounds = guide.rounds(chapter.stem)
    assert texts(deck, ".slide.discussion > p") == [question.ask for question, _ in rounds]
    right = [plain(tag.find_parent("li")) for tag in deck.select(".discussion .fragment.right")]
    assert right == [f"{dict(q.lettered())[q.right]}Right." for q, _ in rounds]
    assert {expect for _, expect in rounds} <= set(texts(notes, "p"))


@chapters
def test_every_prediction_is_asked_and_its_answers_are_fragments(site, chapter):
    article, (deck, _) = chapter.article(), deck_of(site, chapter)
    asked = article.select("div.prediction")
    said = [
        plain(tag)
        for one in asked
        for tag in one.select("details > p" if one["data-kind"] == "number" else "details li")
    ]
    said += texts(article, '.prediction[data-kind="number"] details li')
    assert sorted(texts(deck, ".prediction .fragment")) == sorted(said)
    for fragment in deck.select(".fragment"):
        fragment.decompose()
    for slide, one in zip(deck.select(".slide.prediction"), asked, strict=True):
        for details in one.select("details"):
            details.decompose()
        assert texts(slide, ":scope > p:not(.guess, .lead), li") == texts(one, ":scope > p, li")


@chapters
def test_all_prose_is_in_the_notes(site, chapter):
    article, (_, notes) = chapter.article(), deck_of(site, chapter)
    prose = article.select("section > p, .answer > p, section > details p")
    assert len(prose) > 10
    spoken = plain(notes)
    assert [text for text in map(plain, prose) if text not in spoken] == []


def test_a_slide_takes_its_words_at_the_pace_and_what_is_done_there(site):
    made = slides_of(CHAPTERS[0])
    first, *others = texts(deck_of(site, CHAPTERS[0])[1], ".minutes")
    times = [minutes(slide) for slide in made]
    assert [text.partition(" (")[0] for text in others] == [f"{time:g} min" for time in times[1:]]
    assert first.startswith(f"{sum(times):g} min if all")
    planned = [text for text in others if "in a lesson" in text]
    assert len(planned) == sum(step[0].startswith("#") for step in guide.steps(CHAPTERS[0].stem))
    slide = next(slide for slide in made if slide.kind == "prediction")
    spoken = sum(len(plain(note).split()) for note in slide.notes)
    assert 0 <= minutes(slide) - (2 + spoken / 120) < 0.5


def test_sentences_end_where_they_end():
    html = "One (a. B.) is, see <a>Fig. 5.1</a>. The <i>x</i> of 0.5 (Not <b>y</b>.) So: Two? End"
    assert sentences(BeautifulSoup(f"<p>{html}</p>", "html.parser").p) == [
        "One (a. B.) is, see Fig. 5.1.",
        "The <i>x</i> of 0.5 (Not <b>y</b>.)",
        "So: Two?",
        "End",
    ]


# --- in a browser

WALK = (ROOT / "tests" / "walk_slides.js").read_text("utf-8")


@pytest.fixture(scope="module")
def opened(browser):
    """Return a function that opens a deck, and hears what decks ask for and complain of."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, has_touch=True)
    asked, said = [], []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: said.append(message.text))
    context.on("weberror", lambda error: said.append(str(error.error)))

    def open_deck(url, width=1280, height=720):
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.goto(url)
        page.wait_for_function("Reveal.isReady()")
        return page

    open_deck.asked, open_deck.said = asked, said
    yield open_deck
    context.close()


@chapters
def test_every_slide_fits_and_no_answer_shows_before_its_time(opened, server, chapter):
    page = opened(f"{server}/{chapter.stem}/index.html")
    assert page.evaluate(WALK) == []
    assert opened.said == []
    assert [url for url in opened.asked if not url.startswith((server, "data:"))] == []
    page.close()


def test_a_deck_works_as_a_file(opened, site):
    page = opened((site / CHAPTERS[0].stem / "index.html").as_uri() + "#/1")
    page.wait_for_selector(".present svg.live .handle")
    assert opened.said == []
    page.close()


def moving(opened, server, width, height):
    """Open a slide whose figure has a handle to drag anywhere; return it with the handle."""
    stem = next(page.stem for page in CHAPTERS if 'kind-path"' in page.html)
    page = opened(f"{server}/{stem}/index.html", width, height)
    page.evaluate(
        "Reveal.slide(Reveal.getSlides().findIndex((s) => s.querySelector('.kind-path')))"
    )
    return page, page.locator(".present svg.live .handle").first


def middle(handle):
    box = handle.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("width, height", [(1920, 1080), (800, 600)])
def test_a_handle_follows_the_mouse_under_scaling(opened, server, width, height):
    page, handle = moving(opened, server, width, height)
    assert abs(page.evaluate("Reveal.getScale()") - 1) > 0.3
    x, y = middle(handle)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 30, steps=4)
    page.mouse.up()
    page.wait_for_timeout(100)
    assert middle(handle) == pytest.approx((x + 40, y + 30), abs=2)
    page.close()


def test_a_finger_drags_a_handle_aside_and_down_and_the_slide_stays(opened, server):
    page, handle = moving(opened, server, 1920, 1080)
    (x, y), slide = middle(handle), page.evaluate("Reveal.getIndices().h")
    touch = page.context.new_cdp_session(page)
    aside, down = [(8 * i, 0) for i in range(11)], [(80, 8 * i) for i in range(1, 11)]
    for kind, moves in [("Start", aside[:1]), ("Move", aside + down), ("End", [None])]:
        for move in moves:
            points = [{"x": x + move[0], "y": y + move[1]}] if move else []
            touch.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
    page.wait_for_timeout(100)
    assert page.evaluate("Reveal.getIndices().h") == slide
    assert middle(handle) == pytest.approx((x + 80, y + 80), abs=2)
    page.close()


def test_arrows_in_a_figure_move_the_figure_and_a_presenter_the_slide(opened, server):
    page, handle = moving(opened, server, 1280, 720)
    (x, _), slide = middle(handle), page.evaluate("Reveal.getIndices().h")
    handle.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(600)
    assert middle(handle)[0] > x + 1
    assert page.evaluate("Reveal.getIndices().h") == slide
    assert "path-" not in page.url  # the address is that of the slide
    page.keyboard.press("PageDown")
    assert page.evaluate("Reveal.getIndices().h") == slide + 1
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("Reveal.getIndices().h") == slide
    page.close()


def test_the_speaker_sees_the_notes(opened, server):
    page = opened(f"{server}/{CHAPTERS[0].stem}/index.html")
    with page.context.expect_page() as opening:
        page.keyboard.press("s")
    notes = opening.value.locator(".speaker-controls-notes .value")
    notes.get_by_text("min if all").wait_for()
    assert [url for url in opened.asked if not url.startswith((server, "data:", "file:"))] == []
    opening.value.close()
    page.close()


def test_a_deck_prints_to_the_same_pdf_each_time(browser, site):
    """A page for each slide, two for a prediction."""
    deck = site / CHAPTERS[0].stem / "index.html"
    pdf = slides_pdf.printed(browser, deck)
    made = [slide.kind for slide in slides_of(CHAPTERS[0])]
    assert len(re.findall(rb"/Type /Page\b", pdf)) == len(made) + sum(
        kind in ("prediction", "discussion") for kind in made
    )
    assert pdf == slides_pdf.printed(browser, deck)

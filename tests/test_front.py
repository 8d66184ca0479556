"""The front page: its first screen, its cards, its verdicts, and what a link to a page shows."""

import json
import re
import struct
import sys
from html import unescape
from io import StringIO
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

import pytest
from notebooks import ROOT, Chapter, figure_text, listed, media
from sphinx.application import Sphinx
from test_ledger import IDS, entries, part

sys.path.append(str(ROOT / "_ext"))
import cards
import ledger
import preview

FRONT = "chapters/index.html"
LEDGER = (ROOT / "chapters/claims.md").read_text("utf-8")
SCREENS = (1280, 800), (390, 844)
THEMES = "light", "dark"
each_screen = pytest.mark.parametrize("screen", SCREENS, ids=str)


@pytest.fixture(scope="module")
def site(build):
    return build[1]


@pytest.fixture(scope="module")
def contexts(browser):
    """Return the browser's contexts by the size of the screen."""
    made = {
        screen: browser.new_context(viewport=dict(zip(("width", "height"), screen)))
        for screen in SCREENS
    }
    yield made
    for context in made.values():
        context.close()


@pytest.fixture
def opened(contexts, server, screen):
    """Open a page with a live figure on a screen of that size."""
    page = contexts[screen].new_page()

    def opened(address):
        page.goto(f"{server}/{address}")
        page.wait_for_function("document.querySelector('.stage.is-live')")
        return page

    yield opened
    page.close()


@pytest.fixture
def front(opened):
    return opened(FRONT)


# --- the first screen


@each_screen
def test_the_first_screen_has_question_ball_and_ways_in(front, screen):
    seen = "article h1", ".question", ".opening > p", ".ways", ".stage.is-live"
    for selector in seen:
        box = front.locator(selector).first.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= screen[1], selector
        assert box["x"] + box["width"] <= screen[0], selector


@each_screen
def test_each_reader_has_a_way_in(front):
    ways = front.locator(".ways a")
    targets = [Path(link.get_attribute("href")).name for link in ways.all()]
    assert targets == [f"{listed()[0]}.html", "#run", "#teach"]
    for target in targets[1:]:
        assert front.locator(f"{target} h2, section:has(> {target}) > h2").first.is_visible()
    assert all(link.bounding_box()["height"] >= 44 for link in ways.all())
    ways.first.click()
    front.wait_for_url(f"**/{targets[0]}")


# --- the first screen of a chapter


@each_screen
@pytest.mark.parametrize("name", listed())
def test_a_chapter_opens_with_its_question_its_figure_and_what_it_shows(opened, name, screen):
    page = opened(f"chapters/{name}.html")
    for theme in THEMES:
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        for selector in ("h1", "section > p", ".stage.is-live", ".momentum-explorer .caption"):
            box = page.locator(f"article {selector}").first.bounding_box()
            assert box["y"] + box["height"] <= screen[1], (theme, selector)


@each_screen
def test_a_figure_of_a_chapter_stands_where_it_stood_in_the_other_theme(opened):
    page, boxes = opened(f"chapters/{listed()[0]}.html"), []
    for theme in THEMES:
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        boxes.append(page.locator(".stage").first.bounding_box())
    assert boxes[0] == boxes[1]


# --- the cards


def first_figure(chapter):
    """Return the caption of the first figure that a chapter shows with one."""
    captions = (figure_text(cell)[1] for cell in chapter.figures)
    return next(filter(None, captions))


def test_a_card_says_what_its_chapter_says():
    chapters = [Chapter.read(ROOT / "chapters" / f"{name}.ipynb") for name in listed()]
    made = cards.read(ROOT)
    assert [card.page for card in made] == [f"chapters/{name}" for name in listed()]
    assert [card.number for card in made] == list(range(1, len(made) + 1))
    for card, chapter in zip(made, chapters):
        assert card.title == chapter.headings[0][1]
        stored = json.dumps(chapter.cells, ensure_ascii=False)
        assert json.dumps(card.svg, ensure_ascii=False)[1:-1].split(r"\n")[0] in stored
        said = cards.CAPTION.search("".join(shown(chapter)))
        plain = unescape(re.sub("<[^>]*>", "", said[2])).strip() if said else first_figure(chapter)
        assert card.finding == plain


def shown(chapter):
    """Yield the HTML that a chapter shows."""
    for stored in chapter.code:
        yield from ("".join(data.get("text/html", "")) for data in media(stored))


def cell(mystnb=None, **data):
    kinds = {"svg": "image/svg+xml", "html": "text/html"}
    outputs = [{"data": {kinds[kind]: text}} for kind, text in data.items()]
    return {"metadata": {"mystnb": mystnb or {}}, "outputs": outputs, "source": "# Roll"}


STILL = cell({"figure": {"caption": "It stops."}, "image": {"alt": "A ledge."}}, svg="<svg>1</svg>")
LIVE = '<momentum-explorer><svg aria-label="A &lt; B">2</svg>{}</momentum-explorer>'
SAYS = '<p class="caption">It <b>rolls</b> 7.00 &gt; 6.</p>'


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ([cell(html=LIVE.format(SAYS)), STILL], ("<svg", "A < B", "It rolls 7.00 > 6.")),
        ([cell(html=LIVE.format("")), STILL], ("<svg", "A < B", "It stops.")),
        ([STILL, cell(html=LIVE.format(SAYS))], ("<svg>1", "A ledge.", "It stops.")),
    ],
)
def test_a_card_has_the_first_figure_live_or_still(cells, shown):
    made = cards.card(5, "chapters/05_roll", {"cells": cells})
    assert made.svg.startswith(shown[0])
    assert (made.number, made.title, made.alt, made.finding) == (5, "Roll", *shown[1:])


def test_a_chapter_that_shows_nothing_has_no_card():
    with pytest.raises(ValueError, match="09_x must have a figure with a caption"):
        cards.card(9, "09_x", {"cells": [cell()]})


SHOWN_PICTURES = """() => [...document.querySelectorAll('.cards li')].map(card =>
  [...card.querySelectorAll('img')].filter(image => image.checkVisibility())
    .map(image => image.complete && image.naturalWidth > 0 && image.currentSrc.split('/').pop()))"""


@each_screen
def test_a_card_shows_its_picture_for_the_ground_it_stands_on(front):
    for theme, end in zip(THEMES, (".svg", "-dark.svg")):
        front.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        for card in front.locator(".cards li").all():
            card.scroll_into_view_if_needed()
        front.wait_for_load_state("networkidle")
        assert front.evaluate(SHOWN_PICTURES) == [[f"{name}{end}"] for name in listed()]


@pytest.mark.parametrize("screen", SCREENS[:1])
def test_pictures_in_the_dark_have_the_ground_of_the_page(front):
    front.evaluate("document.documentElement.dataset.theme = 'dark'")
    front.wait_for_timeout(300)
    ground = front.evaluate("getComputedStyle(document.body).backgroundColor")
    assert [int(part) for part in re.findall(r"\d+", ground)] == [*bytes.fromhex(cards.GROUND[1:])]
    assert cards.in_the_dark("fill: #FFFFFF; stroke: #0072b2") == "fill: #121212; stroke: #56b4e9"


@each_screen
def test_all_of_a_card_is_its_link(front):
    card = front.locator(".cards li").nth(4)
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    card.click(position={"x": box["width"] - 12, "y": box["height"] - 12})
    front.wait_for_url(f"**/{listed()[4]}.html")


# --- the verdicts


def test_every_verdict_is_counted_once():
    found = ledger.verdicts(LEDGER)
    assert sorted(chain(*found.values())) == sorted(name.lower() for name in IDS)
    for (part_of_book, _), labels in found.items():
        assert all(label.startswith(part_of_book) for label in labels)


def test_a_verdict_is_counted_as_what_it_says():
    said = {name.lower(): part(text, "Verdict.") for name, text in entries(LEDGER).items()}
    found = {kind: [] for kind in ledger.SHOWN}
    for (_, kind), labels in ledger.verdicts(LEDGER).items():
        found[kind] += [said[label] for label in labels]
    assert all(text.startswith("Imprecise") for text in found["imprecise"])
    assert all(text.startswith("Wrong") or "error" in text for text in found["wrong"])
    assert all(text == "Exact." or "best claim" in text for text in found["exact"])
    assert all(re.search("wrong|imprecise", text) for text in found["exact in part"])
    conditional = [text for text in found["exact, on a condition"]]
    assert all(re.match("Exact,? (?!and )", t) and "wrong" not in t for t in conditional)
    assert found["a convention"] == ["A convention; it does not follow."]


def test_a_verdict_of_no_kind_is_refused():
    with pytest.raises(ValueError, match=r"must be one of exact, .*, got 'Nearly right.'"):
        ledger.kind_of("Nearly right.")


@each_screen
def test_each_count_leads_to_the_entries_it_counts(front):
    for row in front.locator("table.verdicts tbody tr").all():
        for box in row.locator("td").all()[1:]:
            count, *labels = box.inner_text().split()
            assert int(count) == len(labels)
    links = front.locator("table.verdicts a")
    assert sorted(links.all_inner_texts()) == sorted(IDS)
    assert all(
        link.get_attribute("href") == f"claims.html#{link.inner_text().lower()}"
        for link in links.all()
    )


# --- a link to a page, seen elsewhere


def test_the_picture_has_the_size_that_is_announced(site):
    png = (site / preview.PICTURE).read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == preview.SIZE


@pytest.mark.parametrize("name", ["index", *listed(), "claims"])
def test_a_page_announces_its_title_its_description_and_the_picture(site, name):
    page = (site / f"chapters/{name}.html").read_text("utf-8")
    tags = dict(re.findall(r'<meta property="og:([\w:]+)" content="([^"]*)">', page))
    assert f"<title>{tags['title']}" in page
    (described,) = re.findall(r'<meta(?=[^>]*name="description")[^>]*content="([^"]*)"', page)
    assert unescape(tags["description"]) == unescape(described)
    assert (site / "chapters" / tags["image"]).resolve() == (site / preview.PICTURE).resolve()
    assert '<meta name="twitter:card" content="summary_large_image">' in page


def test_where_the_site_has_an_address_it_is_announced_whole():
    config = SimpleNamespace(html_baseurl="https://example.org/book/")
    builder = SimpleNamespace(name="html", get_target_uri=lambda name: f"{name}.html")
    context = {"title": "Roll <em>on</em>", "metatags": '<meta name="description" content="It is">'}
    app = SimpleNamespace(config=config, builder=builder)
    preview.announce(app, "chapters/05", "", context, doctree=object())
    assert 'og:url" content="https://example.org/book/chapters/05.html"' in context["metatags"]
    assert 'og:image" content="https://example.org/book/_static/preview.png"' in context["metatags"]
    assert 'og:title" content="Roll on"' in context["metatags"]


# --- a live figure in a Markdown page


@pytest.fixture
def built(tmp_path):
    """Build one page with the directive: (its HTML, what the build warned of)."""

    def make(text):
        (tmp_path / "index.md").write_text(f"# A page\n\n{text}\n", "utf-8")
        warnings = StringIO()
        settings = {"extensions": ["myst_parser", "live"]}
        app = Sphinx(
            tmp_path, None, tmp_path / "out", tmp_path / "trees", "html", settings,
            status=None, warning=warnings, freshenv=True,
        )  # fmt: skip
        app.build()
        return (tmp_path / "out/index.html").read_text("utf-8"), warnings.getvalue()

    return make


def test_a_live_figure_stands_in_a_page_as_its_class_draws_it(built):
    from momentum.explorers import Plateau

    html, warnings = built("```{live} Plateau\n:width: 7.1\n:tries: {Wide: {width: 9.0}}\n```")
    assert warnings == ""
    assert Plateau(width=7.1, tries={"Wide": {"width": 9.0}})._html() in html


@pytest.mark.parametrize(
    ("directive", "message"),
    [
        ("{live} Plato", "a live figure must be one of"),
        ("{live} Plateau\n:beta: 2", "beta"),
        ("{live} Plateau\n:bread: 2", "bread"),
        ("{live} Plateau\n:tries: {a: [", "must be YAML"),
    ],
)
def test_what_a_live_figure_refuses_stops_the_build(built, directive, message):
    assert re.search(f"(WARNING|ERROR).*{re.escape(message)}", built(f"```{directive}\n```")[1])

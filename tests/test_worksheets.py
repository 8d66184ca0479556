"""Worksheets ask all that a chapter asks and tell nothing; their keys tell all."""

import re

import pytest
import typst
from bs4 import BeautifulSoup

from tests.notebooks import ROOT, Chapter, listed
from tests.test_site import site  # noqa: F401
from tools.course import pages, typeset, worksheets
from tools.promise import predictions

NAMES = listed()
over_chapters = pytest.mark.parametrize("name", NAMES)


class Case:
    """A chapter: its page, what its notebook asks, its sheet and its key."""

    def __init__(self, name):
        self.page = next(page for page in pages.chapters() if page.stem == name)
        self.article = self.page.article()
        stored = Chapter.read(ROOT / "chapters" / f"{name}.ipynb")
        self.asked = [one for text in stored.texts for one in predictions.split("", text)[0]]
        self.by_hand = [title for title in stored.exercises if title.endswith("by hand")]
        self.sheet, self.key = (
            BeautifulSoup(worksheets.sheet(self.page, key), "html.parser") for key in (False, True)
        )


@pytest.fixture(scope="module")
def cases(site):  # noqa: F811
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pages, "SITE", site)
        yield {name: Case(name) for name in NAMES}


@pytest.fixture
def case(name, cases):
    return cases[name]


def told(case):
    """Return what the page says of each choice and number, and its solutions by hand."""
    solved = [h3.parent for h3 in case.article.find_all("h3") if "by hand" in h3.text]
    details = [tag.details for tag in [*case.article.select("div.prediction"), *solved]]
    return [words(tag) for one in details for tag in one.find_all("p") if words(tag)]


def words(tag):
    return " ".join(tag.get_text().split())


@over_chapters
def test_a_sheet_asks_every_prediction_and_every_exercise_by_hand(case):
    text, blocks = words(case.sheet), case.sheet.select("div.prediction")
    assert len(blocks) == len(case.asked) + len(case.by_hand)
    for prompt, block, one in zip(case.article.select("div.prediction"), blocks, case.asked):
        assert words(prompt.p) in words(block)
        assert [words(p)[:4] for p in block.find_all("p", recursive=False)] == [
            f"☐ {number}." for number in range(1, len(one.choices) + 1)
        ]
    assert all(title in text for title in case.by_hand)
    assert all(block.select("div.lines") for block in blocks)


@over_chapters
def test_a_sheet_tells_no_answer(case):
    text = words(case.sheet)
    assert len(told(case)) > len(case.asked)
    assert [one for one in told(case) if one in text] == []
    assert "☒" not in text and "Right." not in text and not case.sheet.select("details, .answer")


@over_chapters
def test_a_key_tells_every_answer_and_ticks_the_right_choice(case):
    text, blocks = words(case.key), case.key.select("div.prediction")
    assert [one for one in told(case) if one not in text] == []
    for block, one in zip(blocks, case.asked):
        boxes = [words(p)[0] for p in block.find_all("p", recursive=False)]
        assert [i for i, box in enumerate(boxes) if box == "☒"] == one.right
    assert not case.key.select("div.lines")


@over_chapters
def test_a_curve_is_asked_in_the_axes_of_its_figure(case):
    curves = [one for one in case.asked if one.kind == "curve"]
    empty, full = (soup.select("div.axes svg") for soup in (case.sheet, case.key))
    lines = [prompt["data-line"] for prompt in case.article.select("div[data-kind=curve]")]
    assert len(empty) == len(full) == len(lines) == len(curves)
    for blank, drawing, line in zip(empty, full, lines):
        axes = drawing.find(id=re.compile(r"axes_\d+$"))
        axis = [str(part) for part in axes.find_all(id=re.compile(r"matplotlib\.axis_\d$"))]
        assert [str(part) for part in blank.find_all("g", recursive=False)] == axis
        ground = axes.find(id=re.compile(r"patch_\d+$")).path["d"]
        frame = blank.find_all("path", recursive=False)[-1]["d"]
        corners = {float(number) for number in re.findall(r"[\d.]+", ground)}
        assert {float(number) for number in re.findall(r"[\d.]+", frame)} == corners
        assert drawing.select(f'[id$="{line}"]') and not blank.select('[id*="line-"]')


@over_chapters
def test_lines_axes_and_answers_reach_the_typesetter(case):
    for soup in (case.sheet, case.key):
        source = typeset.to_typst(soup)
        for name in ("prediction", "lines", "axes", "answer"):
            assert source.count(f"#{name}[") == len(soup.select(f"div.{name}"))


def test_sheet_and_key_are_typeset_with_the_same_bytes_each_time(cases, tmp_path):
    case = next(c for c in cases.values() if any(one.kind == "curve" for one in c.asked))
    for kind in ("worksheet", "key"):
        worksheets.write(case.page, tmp_path / "once.pdf", kind)
        worksheets.write(case.page, tmp_path / "twice.pdf", kind)
        once = (tmp_path / "once.pdf").read_bytes()
        assert once.startswith(b"%PDF") and once == (tmp_path / "twice.pdf").read_bytes()


def test_a_worksheet_of_five_pages_is_refused(tmp_path):
    source = worksheets.begin("worksheet") + 4 * "#pagebreak()"
    assets = {worksheets.STYLE.name: worksheets.STYLE.read_bytes()}
    with pytest.raises(typst.TypstError, match="at most 4 pages"):
        typeset.pdf(source, assets, tmp_path / "long.pdf", title="Long", part="Long")

"""Student notebooks: nothing tells what a student is to find, and the archive has all they need."""

import re
import zipfile

import nbformat
import pytest
from bs4 import NavigableString

from tests.notebooks import ROOT, Chapter, listed
from tests.test_site import site  # noqa: F401
from tools.course import notebooks, pages
from tools.promise import predictions

FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
SYNTAX = re.compile(r"\{[\w:]+\}`|<!--|^\([\w-]+\)=|^[`:]{3,}\{|\$\$ *\(", re.MULTILINE)
over_chapters = pytest.mark.parametrize("name", listed())


@pytest.fixture(scope="module")
def folder(site, tmp_path_factory):  # noqa: F811
    """Make the notebooks of a built book; return the folder of its course."""
    folder = tmp_path_factory.mktemp("course")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pages, "SITE", site)
        notebooks.make(folder)
        before = (folder / f"{notebooks.ARCHIVE}.zip").read_bytes()
        notebooks.make(folder)
    assert (folder / f"{notebooks.ARCHIVE}.zip").read_bytes() == before
    return folder


@pytest.fixture(scope="module")
def archive(folder):
    with zipfile.ZipFile(folder / f"{notebooks.ARCHIVE}.zip") as archive:
        return {
            name.removeprefix(f"{notebooks.ARCHIVE}/"): archive.read(name)
            for name in archive.namelist()
        }


@pytest.fixture
def made(name, archive):
    return nbformat.reads(archive[f"{name}.ipynb"].decode(), as_version=4)


@pytest.fixture
def chapter(name):
    return Chapter.read(ROOT / "chapters" / f"{name}.ipynb")


def text_of(made, kind="markdown"):
    return "\n\n".join(cell.source for cell in made.cells if cell.cell_type == kind)


def plain(text):
    """Return a text in one line, with straight quotes."""
    return " ".join(text.translate(str.maketrans("“”’", '""\'')).split())


@over_chapters
def test_a_notebook_has_code_without_outputs_and_without_what_a_cell_says_of_itself(made):
    nbformat.validate(made)
    assert all(cell.metadata == {} for cell in made.cells)
    code = [cell for cell in made.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)


@over_chapters
def test_the_code_is_the_chapters_but_for_its_solutions(made, chapter):
    code, solved = text_of(made, "code"), 0
    for cell in chapter.code:
        solution = "hide-cell" in cell["metadata"].get("tags", ())
        solved += solution
        source = notebooks.ASKED.sub("", cell["source"]).strip()
        assert (source in code) != solution, source
    assert solved >= len(chapter.exercises) and "Predictions" not in code


@over_chapters
def test_no_solution_and_no_sentence_on_a_choice_is_told(made, chapter):
    text = text_of(made)
    book = "\n\n".join(chapter.texts)
    told = [line for found in FOLDED.findall(book) for line in found.splitlines()[3:-2] if line]
    assert len(told) > len(chapter.exercises)
    assert [line for line in told if line in text] == []
    asked = [one for cell in chapter.texts for one in predictions.split("", cell)[0]]
    assert [e for one in asked for e in one.expressions if is_in(e, text)] == []
    assert "**Right.**" not in text and "Solution" not in text


def is_in(expression, text):
    return expression in text and not expression.isidentifier()  # a name may be a word


@over_chapters
def test_what_answers_a_prediction_is_there_and_folded(made, name, site):  # noqa: F811
    page = pages.Page(f"chapters/{name}", "")
    html = (site / f"{page.name}.html").read_text("utf-8")
    article = pages.BeautifulSoup(html, "html.parser").find("article")
    strings = [s for p in article.select("div.answer > p") for s in p.children]
    told = [plain(s) for s in strings if isinstance(s, NavigableString) and len(s) > 30]
    text, seen = plain(text_of(made)), plain(FOLDED.sub("", text_of(made)))
    assert len(told) > 3
    assert [s for s in told if s not in text] == []
    assert [s for s in told if s in seen] == []


@over_chapters
def test_there_is_a_place_to_write_below_each_prediction_and_exercise(made, chapter):
    below = {cell.source.split("\n")[0]: after for cell, after in zip(made.cells, made.cells[1:])}
    asked = [one for cell in chapter.texts for one in predictions.split("", cell)[0]]
    replies = [after.source for title, after in below.items() if title.startswith("**Predict")]
    assert replies == [notebooks.REPLY] * len(asked)
    for title in chapter.exercises:
        after = below[f"### {title}"]
        by_hand = title.endswith("by hand")
        assert (after.cell_type, after.source) == (
            ("markdown", notebooks.WAY) if by_hand else ("code", "")
        )


@over_chapters
def test_all_links_lead_into_the_archive_and_no_syntax_of_the_book_is_left(made, archive):
    text = text_of(made)
    assert SYNTAX.findall(text) == []
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    assert [t for t in targets if not t.startswith("http") and t not in archive] == []


@over_chapters
def test_the_first_cell_installs_the_wheel_of_the_archive(made, archive):
    (wheel,) = re.findall(r'%pip install --quiet "\./(.*\.whl)\[book\]"', made.cells[0].source)
    assert wheel in archive and made.cells[1].source.startswith("# ")


def test_the_archive_says_how_to_begin_and_under_which_licence(archive):
    told = archive["README.txt"].decode()
    assert "CC BY" in told and next(n for n in archive if n.endswith(".whl")) in told
    assert {"LICENSE-CODE", "LICENSE-TEXT"} < archive.keys()


def test_a_role_without_words_is_refused():
    with pytest.raises(ValueError, match="no words for"):
        notebooks.Resolver([]).text("{doc}`notation`", {})
    assert notebooks.Resolver([]).text("{ref}`S12 <claim-s12>`", {}) == "S12"

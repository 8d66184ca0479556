"""Simulated students, graded end to end with nbgrader: `make grading-test`."""

import csv
import json
import re

import pytest

from tools.course import assignments
from tools.grading.grade import grade

NAME = "05_plateau"
ALL = assignments.points(assignments.source(NAME))


def solved(student, name=NAME):
    """Return a notebook as a student hands it in who has answered all."""
    whole, released = assignments.source(name), assignments.release(assignments.source(name))
    for solution, cell in zip(whole["cells"], released["cells"]):
        if assignments.role(cell, "solution"):
            cell["source"] = solution["source"]
    released["cells"][2]["source"] = f'student = "{student}"'
    return released


def empty(student):
    notebook = assignments.release(assignments.source(NAME))
    notebook["cells"][2]["source"] = f'student = "{student}"'
    return notebook


def cell(notebook, name):
    return next(c for c in notebook["cells"] if c["id"] == name)


def answering(name, source):
    """Return a kind of student who gives one answer of their own, and all others right."""

    def made(student):
        notebook = solved(student)
        cell(notebook, name)["source"] = source
        return notebook

    return made


def without(*names):
    def made(student):
        notebook = solved(student)
        notebook["cells"] = [c for c in notebook["cells"] if c["id"] not in names]
        return notebook

    return made


def cheating(student):
    """Return a notebook with a check that is always content."""
    notebook = empty(student)
    cell(notebook, "test-critical")["source"] = "pass"
    return notebook


def bare(student):
    """Return a notebook that a tool has robbed of nbgrader's marks, outputs of its own added."""
    notebook = solved(student)
    for c in notebook["cells"]:
        c["metadata"] = {}
    extra = {"cell_type": "code", "metadata": {}, "source": "print(critical)"}
    notebook["cells"].append(extra | {"outputs": [], "execution_count": 9, "id": "mine"})
    notebook["cells"].append(json.loads(json.dumps(cell(notebook, "critical"))))
    return notebook


COAST = "rest = mine.last_step / (1 - mine.beta)\nso_far = {}"
SO_FAR = "mine.last_step * sum(mine.beta**k for k in range(1, mine.steps + 1))"
COASTING = "theory.coasting_distance(mine.last_step, mine.beta)"
OTHER_TYPES = f"rest = np.array([{COASTING}])\nso_far = np.float64({SO_FAR})"
ENDLESS = "def coasts(step, betas):\n    while True:\n        pass"
NOISY = """def coasts(step, betas):
    print("here", np.log(-1.0))
    return sum(step * np.cumprod(betas))"""
NO_CRITICAL = "There is no `critical`"
# Each kind: what it hands in, its points, and words of what it is told.
KINDS = {
    "right": (solved, ALL, ""),
    "upper case": (lambda s: solved(s.upper()), ALL, ""),
    "bare": (bare, ALL, ""),
    "wrong formula": (answering("coast", COAST.format(SO_FAR)), ALL - 2, "not the right one"),
    "few digits": (answering("coast", f"rest = 1.02 * {COASTING}\nso_far = {SO_FAR}"), ALL - 2,
                   "close, but not right to three digits"),
    "other types": (answering("coast", OTHER_TYPES), ALL, ""),
    "another's": (lambda s: solved("right"), 7, "other numbers than those of"),
    "no identifier": (lambda s: solved(""), 0, "Set `student` to your identifier"),
    "syntax error": (answering("critical", "critical = (1"), ALL - 5, NO_CRITICAL),
    "endless loop": (answering("critical", "while True:\n    pass"), ALL - 5, NO_CRITICAL),
    "endless function": (answering("wear", ENDLESS), ALL - 4, "did not come to an end"),
    "missing package": (answering("critical", "import tensorflow_of_2019"), ALL - 5, NO_CRITICAL),
    "prints and warns": (answering("wear", NOISY), ALL, ""),
    "empty": (empty, 0, "There is no `rest`"),
    "changed check": (cheating, 0, "The cell test-critical was changed"),
    "deleted checks": (without("test-critical", "test-rest"), ALL, "test-rest was missing"),
    "deleted solution": (without("critical"), ALL - 5, "The cell critical was missing"),
    "deleted numbers": (without("numbers"), ALL, "The cell numbers was missing"),
}  # fmt: skip


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade all kinds of students, and one right notebook for each assignment."""
    folder = tmp_path_factory.mktemp("class") / "handed in"
    folder.mkdir()
    for kind, (made, *_) in KINDS.items():
        (folder / kind).mkdir()
        assignments.write(made(kind), folder / kind / f"{NAME}.ipynb")
    for name in assignments.names():
        assignments.write(solved("flat", name), folder / f"flat_{name}.ipynb")
    (folder / f"no notebook_{NAME}.ipynb").write_text("PK\x03\x04", "utf-8")
    (folder / "right" / "notes.ipynb").write_text("{}", "utf-8")
    target = folder.with_name("graded")
    return grade(folder, target), target


def rows(target, name):
    with (target / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_student_gets_what_it_deserves_and_is_told_why(graded, kind):
    _, target = graded
    row = next(r for r in rows(target, "grades.csv") if r["student"] == kind)
    checks = [r for r in rows(target, "checks.csv") if r["student"] == kind]
    said = " ".join([row["notes"], *(check["said"] for check in checks)])
    _, points, words = KINDS[kind]
    assert (float(row["points"]), int(row["of"])) == (points, ALL), said
    assert words in said
    assert bool(said.strip()) == bool(words)


def test_every_assignment_gives_a_right_notebook_all_points(graded):
    _, target = graded
    flat = [r for r in rows(target, "grades.csv") if r["student"] == "flat"]
    assert [r["assignment"] for r in flat] == assignments.names()
    assert all(r["points"] == r["of"] for r in flat)


def test_what_is_no_notebook_gets_nothing_and_a_page_that_says_so(graded):
    (found, strange), target = graded
    row = next(r for r in rows(target, "grades.csv") if r["student"] == "no notebook")
    assert row["points"] == "0" and "not a notebook" in row["notes"]
    page = target / "feedback" / "no_notebook" / f"{NAME}.html"
    assert "not a notebook" in page.read_text("utf-8")
    assert [str(place) for place in strange] == ["right/notes.ipynb"]
    assert len(found) == len(KINDS) + len(assignments.names()) + 1


def test_feedback_shows_no_hidden_test_and_loads_nothing(graded, browser):
    (found, _), target = graded
    pages = sorted((target / "feedback").rglob("*.html"))
    assert len(pages) == len(found)
    for path in pages:
        text = path.read_text("utf-8")
        assert "HIDDEN" not in text and "assignment.own" not in text
        assert not re.search(r"<(?:script|link|iframe)\b|@import|url\(\s*['\"]?http", text)
    asked = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto((target / "feedback" / "flat" / "03_memory.html").as_uri())
    assert page.locator("math").count() and "$" not in page.locator("body").inner_text()
    assert len(asked) == 1
    page.close()


@pytest.mark.parametrize("name", assignments.names())
def test_the_release_is_what_nbgrader_releases(graded, name):
    _, target = graded
    theirs = json.loads(
        (target / "nbgrader" / "release" / name / f"{name}.ipynb").read_text("utf-8")
    )
    ours = assignments.release(assignments.source(name))
    for cell in theirs["cells"]:
        cell["source"] = "".join(cell["source"])
    assert theirs["cells"] == ours["cells"]
    assert theirs["metadata"] == ours["metadata"]

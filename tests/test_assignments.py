"""The assignments that a program grades: right and wrong answers, numbers, what is released."""

import ast
import json
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from notebooks import listed

from momentum.assignments import AnswerError, Assignment, Draw
from tools.course import assignments
from tools.grading import keys, submissions

NAMES = assignments.names()
WRONG = yaml.safe_load((Path(__file__).parent / "wrong_answers.yml").read_text("utf-8"))
STUDENTS = [f"student{n}" for n in range(17)] + ["Ada Lovelace", "2026-17", "学生"]
over_names = pytest.mark.parametrize("name", NAMES)


def played(name, student, changed=None):
    """Return for each check of an assignment what it says, or nothing where it is content."""
    answers, said = {}, {}
    for cell in assignments.read(assignments.SOURCES / f"{name}.ipynb")["cells"]:
        if cell["cell_type"] != "code":
            continue
        source = (changed or {}).get(cell["id"], cell["source"])
        try:
            exec(source.replace('student = ""', f"student = {student!r}"), answers)
        except Exception as error:
            said[cell["id"]] = str(error)
    return {cell: told for cell, told in said.items() if cell.startswith("test-")}


def test_every_chapter_has_one_assignment():
    assert listed() == NAMES


@over_names
def test_the_sample_solution_gets_all_points_whatever_the_numbers(name):
    assert [played(name, student) for student in STUDENTS] == [{}] * len(STUDENTS)


@over_names
@pytest.mark.parametrize("student", STUDENTS[:3])
def test_a_wrong_answer_is_refused(name, student):
    for wrong, answer in WRONG[name].items():
        solution = next(c for c in cells(name) if c["id"] == answer["cell"])["source"]
        said = played(name, student, {answer["cell"]: f"{solution}\n{answer['code']}"})
        assert answer["check"] in said, wrong
        assert said[answer["check"]].startswith(("`", "With", "There", "Here")), wrong


def cells(name):
    return assignments.read(assignments.SOURCES / f"{name}.ipynb")["cells"]


@over_names
def test_each_check_refuses_a_wrong_answer_and_stands_below_a_solution(name):
    checks = {c["id"] for c in cells(name) if assignments.role(c, "grade")}
    assert checks == {answer["check"] for answer in WRONG[name].values()}
    solutions = {c["id"] for c in cells(name) if assignments.role(c, "solution")}
    assert solutions == {answer["cell"] for answer in WRONG[name].values()}
    assert 4 <= len(solutions) <= 6


@over_names
def test_two_students_have_other_numbers(name):
    made = [numbers_of(name, student) for student in STUDENTS]
    for i, mine in enumerate(made):
        for other in made[:i]:
            assert sum(mine[key] != other[key] for key in mine) >= len(mine) - 2


def numbers_of(name, student):
    answers = {"student": student}
    exec(next(c for c in cells(name) if c["id"] == "numbers")["source"], answers)
    return vars(answers["mine"])


@over_names
def test_the_notebook_of_another_student_gets_no_point_for_a_number(name, monkeypatch):
    monkeypatch.setenv("MOMENTUM_STUDENT", "grace")
    said = played(name, "ada")
    of_numbers = [c["id"] for c in cells(name) if "own" in c["source"] and c["id"][:5] == "test-"]
    assert set(said) <= set(of_numbers)
    assert len(said) >= len(of_numbers) - 2  # a goal may be met by chance
    assert all("handed in by 'grace'" in told for told in said.values())


@over_names
def test_what_is_released_holds_no_solution_and_no_hidden_test(name):
    released = assignments.release(assignments.source(name))
    text = json.dumps(released, ensure_ascii=False)
    assert not any(word in text for word in ("SOLUTION", "HIDDEN", "assignment.own"))
    for whole, cell in zip(assignments.source(name)["cells"], released["cells"]):
        if assignments.role(cell, "solution"):
            assert "raise NotImplementedError()" in cell["source"]
            solution = whole["source"].split("SOLUTION")[1].strip("# \n")
            assert all(solution not in other["source"] for other in released["cells"])
        if assignments.role(cell, "grade"):
            assert all(line.startswith("assignment.") for line in cell["source"].split("\n"))


@over_names
def test_an_empty_notebook_gets_nothing(name):
    empty = {c["id"]: c["source"] for c in assignments.release(assignments.source(name))["cells"]}
    whole = {c["id"]: c["source"] for c in cells(name) if c["id"].startswith("test-")}
    said = played(name, "ada", empty | whole)
    assert list(said) == list(whole)
    assert played(name, "", empty | whole).keys() == whole.keys()


@over_names
def test_every_name_of_a_number_is_used_by_a_task(name):
    text = " ".join(c["source"] for c in cells(name) if c["cell_type"] == "markdown")
    assert all(f"mine.{key}" in text for key in numbers_of(name, "ada"))


@over_names
def test_an_assignment_computes_the_same_every_time(name):
    code = "\n".join(c["source"] for c in cells(name) if c["cell_type"] == "code")
    names = {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
    assert not names & {"time", "datetime", "random", "hash", "default_rng"}


KINDS = {
    "np.float64(2.0)": "",
    "2": "",
    "np.array([2.0])": "",
    "np.float32(2.004)": "",
    "2.03": "close, but not right to three digits",
    "3.0": "not the right one",
    "'2'": "must be one number, got text",
    "None": "got nothing",
    "True": "got a value of type bool",
    "[2.0, 3.0]": "got a value of type list",
    "np.ones(3)": "got an array of shape (3,)",
    "2j": "got a value of type complex",
    "np.inf": "must be finite",
}


@pytest.mark.parametrize("code", KINDS)
def test_a_number_counts_whatever_its_type_and_a_refusal_says_why(code):
    answers = {"student": "ada", "x": eval(code, {"np": np})}
    said = refusal(Assignment("a", lambda draw: {}, answers).number, "x", 2.0)
    assert KINDS[code] in said
    assert bool(said) == bool(KINDS[code])


def refusal(check, *arguments):
    try:
        check(*arguments)
    except AnswerError as error:
        return str(error)
    return ""


FUNCTIONS = {
    "lambda x: 2 * x": "",
    "lambda x: np.array([2 * x])": "must return one number, got an array of shape (1,)",
    "lambda x: 3 * x": "not the right ones",
    "lambda x: 'a'": "must return numbers, got text",
    "lambda x: None": "must return numbers, got nothing",
    "lambda x: 1 / 0": "stopped with ZeroDivisionError",
    "lambda: 1": "stopped with TypeError",
    "5": "must be a function",
}


@pytest.mark.parametrize("code", FUNCTIONS)
def test_a_function_is_called_and_a_refusal_says_what_it_did(code):
    answers = {"student": "ada", "f": eval(code, {"np": np})}
    said = refusal(Assignment("a", lambda draw: {}, answers).function, "f", (2.0,), 4.0)
    assert FUNCTIONS[code] in said
    assert bool(said) == bool(FUNCTIONS[code])


def test_an_identifier_is_needed_and_its_case_does_not_matter():
    made = [
        Assignment("a", lambda draw: {"n": draw(0, 10**9, 0)}, {"student": s}).mine.n
        for s in ("ada", " Ada ", "grace")
    ]
    assert made[0] == made[1] != made[2]
    for student in ("", None, 1.5):
        missing = Assignment("a", lambda draw: {}, {"student": student, "x": 1.0})
        assert "Set `student`" in refusal(missing.number, "x")
    assert "There is no `y`" in refusal(Assignment("a", dict, {"student": "ada"}).number, "y")


def test_numbers_are_drawn_evenly_and_stay_in_their_range():
    drawn = [Draw("a", f"s{n}")(0.8, 0.9, 2) for n in range(2200)]
    values, counts = np.unique(drawn, return_counts=True)
    assert np.allclose(values, np.linspace(0.8, 0.9, 11))
    assert counts.min() > 140 and counts.max() < 260


def test_the_key_lists_what_the_checks_ask_for(tmp_path):
    students = tmp_path / "class.csv"
    students.write_text("student,name\nada,Ada\n\ngrace,Grace\n", "utf-8")
    lines = keys.make(students).read_text("utf-8").splitlines()
    assert lines[0] == "student,assignment,answer,right"
    assert {line.split(",")[0] for line in lines[1:]} == {"ada", "grace"}
    assert {line.split(",")[1] for line in lines[1:]} == set(NAMES)
    mine = SimpleNamespace(**numbers_of("05_plateau", "ada"))
    rest = mine.last_step * mine.beta / (1 - mine.beta)
    assert f"ada,05_plateau,rest,{rest:.6g}" in lines


@pytest.mark.parametrize(
    ("path", "found"),
    {
        "ada/05_plateau.ipynb": ("ada", "05_plateau"),
        "ada/05_plateau (1).ipynb": ("ada", "05_plateau"),
        "ada_05_plateau.ipynb": ("ada", "05_plateau"),
        "A_B_01_stuck.ipynb": ("A_B", "01_stuck"),
        "Ada L_77_assignsubmission_file_/01_stuck.ipynb": ("Ada L", "01_stuck"),
        "ada/notes.ipynb": None,
        "05_plateau.ipynb": None,
    }.items(),
)
def test_a_submission_is_known_by_its_path(path, found):
    assert submissions.named(Path(path)) == found


def test_what_a_student_may_not_change_is_put_back_and_what_they_added_stays():
    released = assignments.release(assignments.source("05_plateau"))
    handed_in = json.loads(json.dumps(released["cells"]))
    by_id = {c["id"]: c for c in handed_in}
    by_id["coast"]["source"] = "rest = 1.0"
    by_id["test-rest"]["source"] = "pass"
    handed_in.remove(by_id["numbers"])
    more = {"cell_type": "code", "id": "x", "metadata": {}, "source": "1 + 1", "outputs": []}
    handed_in.insert(handed_in.index(by_id["coast"]) + 1, more)
    one = submissions.Submission("ada", "05_plateau", Path(), handed_in)
    cells_now = submissions.restored(one, released)["cells"]
    ids = [c["id"] for c in cells_now]
    assert [i for i in ids if not i.startswith("added")] == [c["id"] for c in released["cells"]]
    assert cells_now[ids.index("coast")]["source"] == "rest = 1.0"
    assert cells_now[ids.index("coast") + 1]["source"] == "1 + 1"
    assert cells_now[ids.index("test-rest")]["source"] == 'assignment.number("rest")'
    assert one.notes == [
        "The cell numbers was missing.",
        "The cell test-rest was changed; the grader put it back.",
    ]


def test_the_grader_has_the_versions_of_the_book():
    root = Path(__file__).parents[1]
    locks = [(root / name).read_text("utf-8") for name in ("constraints.txt", "course/grading.txt")]
    of_book, of_grader = (dict(re.findall(r"(?m)^([\w.-]+)==(\S+)", lock)) for lock in locks)
    assert of_grader["nbgrader"]
    for needed in ("numpy", "tqdm"):
        assert of_grader[needed] == of_book[needed]

"""Grade a folder of submissions: grades.csv, checks.csv and a feedback page for each notebook."""

import csv
import json
import os
import subprocess
from collections import Counter
from pathlib import Path
from shutil import rmtree

from momentum.assignments import identifier
from tools.course import assignments
from tools.grading import feedback, submissions

ROOT = Path(__file__).parents[2]
NBGRADER = ROOT / ".venv-grading" / "bin" / "python"


def grade(folder, target):
    """Grade all notebooks of a folder into another; return them, and the paths not understood."""
    found, strange = submissions.find(folder)
    course = Path(target).resolve() / "nbgrader"
    for made in (course, course.with_name("feedback")):
        rmtree(made, ignore_errors=True)
    lay_out(found, course)
    results = run(course) if any(s.cells is not None for s in found) else {}
    rows = [row(submission, results, course) for submission in found]
    table(target, "grades.csv", ("student", "assignment", "points", "of", "notes"), rows)
    checks = [line for s in found for line in checks_of(s, results)]
    table(target, "checks.csv", ("student", "assignment", "check", "points", "of", "said"), checks)
    return found, strange


def lay_out(found, course):
    """Write the folders that nbgrader works on."""
    owners = {}
    for name in sorted({s.assignment for s in found}):
        put(assignments.source(name), course / "source" / name, name)
    for submission in found:
        if submission.cells is None:
            continue
        owners[submission.place] = submission.student
        whole = assignments.release(assignments.source(submission.assignment))
        notebook = submissions.restored(submission, whole)
        place = course / "submitted" / submission.place / submission.assignment
        put(notebook, place, submission.assignment)
    course.mkdir(parents=True, exist_ok=True)
    (course / "owners.json").write_text(json.dumps(owners), "utf-8")


def put(notebook, folder, name):
    folder.mkdir(parents=True)
    assignments.write(notebook, folder / f"{name}.ipynb")


def run(course):
    """Let nbgrader grade a course, without the settings of whoever runs it."""
    own = {name: str(course / "settings") for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
    own |= {"IPYTHONDIR": str(course / "settings"), "PYTHONPATH": str(ROOT)}
    own |= {"OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    own["PATH"] = f"{NBGRADER.parent}:{os.environ['PATH']}"  # nbgrader calls alembic by its name
    command = [NBGRADER, "-m", "tools.grading.gradebook", course]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | own, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"nbgrader stopped:\n{done.stderr[-3000:]}")
    return json.loads((course / "results.json").read_text("utf-8"))


def row(submission, results, course):
    """Return a submission's line of grades.csv, and write its feedback page."""
    result = results.get(f"{submission.place}/{submission.assignment}", {})
    checks = result.get("checks", {})
    if "error" in result:
        submission.notes.append("nbgrader could not grade it: see nbgrader/results.json.")
    submission.notes += what_it_says(submission, checks)
    write_feedback(submission, checks, course)
    total = assignments.points(assignments.source(submission.assignment))
    points = sum(points for points, _, _ in checks.values())
    notes = " ".join(submission.notes)
    return submission.student, submission.assignment, f"{points:g}", total, notes


def what_it_says(submission, checks):
    """Return notes on what several checks have in common."""
    cells = {cell.get("id"): cell["source"] for cell in submission.cells or []}
    says = cells.get("identifier", "").partition("=")[2].partition("#")[0].strip().strip("\"'")
    if checks and not says:
        yield "No identifier is set, so there were no numbers to work with."
    elif checks and identifier(says) != identifier(submission.student):
        yield f"It has the identifier {says!r}: other numbers than those of {submission.student!r}."
    errors = Counter(said.partition(":")[0] for _, _, said in checks.values())
    if checks and errors["There is no `mine`"]:
        yield "The numbers could not be made."


def write_feedback(submission, checks, course):
    name = f"{submission.assignment}.html"
    target = course.with_name("feedback") / submission.place / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if checks:
        made = course / "feedback" / submission.place / submission.assignment / name
        page = feedback.polish(made.read_text("utf-8"), submission.notes)
    else:
        title = f"{submission.assignment}, {submission.student}: 0 points"
        page = feedback.note(title, submission.notes)
    target.write_text(page, "utf-8")


def checks_of(submission, results):
    result = results.get(f"{submission.place}/{submission.assignment}", {})
    for name, (points, most, said) in result.get("checks", {}).items():
        yield submission.student, submission.assignment, name, f"{points:g}", f"{most:g}", said


def table(target, name, head, rows):
    with (Path(target) / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])

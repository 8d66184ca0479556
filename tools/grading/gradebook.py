"""What nbgrader does, run in its own environment: `python -m tools.grading.gradebook FOLDER`.

FOLDER is a course as nbgrader has it. The environment variable of the owner tells the checks of a
notebook who handed it in. Prints, as JSON, for each student and assignment what each check gave.
"""

import json
import os
import sys
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from momentum.assignments import OWNER
from tools.course import assignments


def main(folder):
    folder = Path(folder).resolve()
    api = NbGraderAPI(config=settings(folder))
    owners = json.loads((folder / "owners.json").read_text("utf-8"))
    for path in sorted((folder / "source").iterdir()):
        must(api.generate_assignment(path.name, force=True, create=True))
    results = {}
    for place, owner in owners.items():
        os.environ[OWNER] = owner
        for path in sorted((folder / "submitted" / place).iterdir()):
            results[f"{place}/{path.name}"] = graded(api, folder, path.name, place)
    (folder / "results.json").write_text(json.dumps(results, indent=1), "utf-8")


def settings(folder):
    config = Config()
    config.CourseDirectory.root = str(folder)
    config.Execute.timeout = assignments.SECONDS
    config.HTMLExporter.mathjax_url = ""
    config.Application.log_level = "ERROR"
    return config


def must(result):
    if not result["success"]:
        raise RuntimeError(f"{result.get('error')}\n{result.get('log')}")


def graded(api, folder, assignment, place):
    """Grade one notebook; return its checks, or the error that stopped nbgrader."""
    result = api.autograde(assignment, place, force=True, create=True)
    if not result["success"]:
        return {"error": result.get("error") or result.get("log")}
    notebook = folder / "autograded" / place / assignment / f"{assignment}.ipynb"
    said = messages(notebook)
    hide_tests(notebook)
    must(api.generate_feedback(assignment, place, force=True))
    with Gradebook(f"sqlite:///{folder}/gradebook.db") as gradebook:
        grades = gradebook.find_submission_notebook(assignment, assignment, place).grades
        points = {grade.name: (grade.score, grade.max_score) for grade in grades}
    return {"checks": {name: [*points[name], said[name]] for name in said}}


def messages(path):
    """Return for each check, in order, the first error below it."""
    notebook = assignments.read(path)
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: first_error(cell)
        for cell in notebook["cells"]
        if assignments.role(cell, "grade")
    }


def first_error(cell):
    errors = (out for out in cell["outputs"] if out["output_type"] == "error")
    return next((error["evalue"] or error["ename"] for error in errors), "")


def hide_tests(path):
    """Take the hidden tests out of what a feedback page will show."""
    notebook = assignments.read(path)
    for cell in notebook["cells"]:
        cell["source"] = assignments.without_hidden_tests(cell["source"])
    path.unlink()  # nbgrader leaves it read-only
    assignments.write(notebook, path)


if __name__ == "__main__":
    main(sys.argv[1])

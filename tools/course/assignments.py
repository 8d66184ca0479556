"""Assignments for students: from course/assignments, without solutions and hidden tests.

What `release` does is what nbgrader's `generate_assignment` does, so that nobody needs nbgrader to
make the course; `make grading-test` compares the two.
"""

import json
import re
from copy import deepcopy
from hashlib import md5
from pathlib import Path
from shutil import copy, rmtree

from _ext.packing import pack
from momentum.assignments import WITHIN
from tools.course import colophon, guide, pages

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "course" / "assignments"
SECONDS = 20  # for which a cell may run when it is graded
STUB = ["# YOUR CODE HERE", "raise NotImplementedError()"]
WHEEL = f"momentum_book-{colophon.VERSION}-py3-none-any.whl"
README = """\
Assignments to Gradient descent with momentum

1. Python 3.11 or newer with JupyterLab is needed: pip install jupyterlab
2. In this folder type: jupyter lab
3. Open an assignment, write your identifier into its first cells, and run them from the top.

{line}
"""
# Not more than the checks need is asked for: where notebooks are graded, nothing is installed.
INSTALL = f"""\
# Where the book's package is missing, it is installed from the wheel beside this notebook.
try:
    import momentum.assignments
except ImportError:
    %pip install --quiet "./{WHEEL}[book]\""""


def make(folder):
    """Write what students get: the notebooks, and the wheel that their first cell installs."""
    home = folder / "assignments"
    rmtree(home, ignore_errors=True)
    home.mkdir()
    copy(pages.SITE / "_static" / "run" / WHEEL, home)
    parts = []
    for name in names():
        write(release(source(name)), home / f"{name}.ipynb")
        what = f"assignment, {points(source(name))} points"
        parts.append((f"assignments/{name}.ipynb", what))
    archive = folder / f"momentum-assignments-{colophon.VERSION}.zip"
    (home / "README.txt").write_text(README.format(line=colophon.line("Assignments")), "utf-8")
    files = [*home.iterdir(), ROOT / "LICENSE-CODE", ROOT / "LICENSE-TEXT"]
    pack(archive, {f"{archive.stem}/{path.name}": path for path in files})
    return [(archive.name, "all assignments, with the package they need"), *parts]


def names():
    """Return the names of all assignments, which are those of their chapters, in order."""
    return sorted(path.stem for path in SOURCES.glob("*.ipynb"))


def read(path):
    """Return a notebook with the source of each cell as one text."""
    notebook = json.loads(path.read_text("utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


def write(notebook, path):
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")


def source(name):
    """Return an assignment whole, as nbgrader takes it: with its head, solutions and all tests."""
    notebook = read(SOURCES / f"{name}.ipynb")
    about = (SOURCES / "about.md").read_text("utf-8").strip()
    about = about.format(within=WITHIN, seconds=SECONDS, points=points(notebook))
    first = notebook["cells"][0]
    line = colophon.line(f"Assignment for chapter {int(name[:2])}")
    first["source"] = (
        f"# Assignment: {guide.title(name)}\n\n{first['source']}\n\n{about}\n\n*{line}*"
    )
    notebook["cells"].insert(1, first_cell())
    return notebook


def first_cell():
    """Return the cell that installs the book's package where it is missing."""
    more = {"execution_count": None, "outputs": [], "metadata": {}}
    return {"cell_type": "code", "id": "install", "source": INSTALL} | more


def role(cell, what):
    """Return whether a cell has a role in nbgrader: grade, solution, locked."""
    return cell["metadata"].get("nbgrader", {}).get(what, False)


def points(notebook):
    return sum(role(cell, "points") for cell in notebook["cells"] if role(cell, "grade"))


def release(notebook):
    """Return what students get: no solution, no hidden test; and nbgrader's checksums."""
    notebook = deepcopy(notebook)
    for cell in notebook["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["source"] = without_hidden_tests(without_solution(cell["source"]))
            cell["metadata"] |= {"deletable": False}
            if not role(cell, "solution"):
                cell["metadata"] |= {"editable": False}
            made = {"cell_type": cell["cell_type"], "checksum": checksum(cell)}
            cell["metadata"]["nbgrader"] |= made
    return notebook


def without_solution(text):
    def stub(match):
        return "\n".join(match[1] + line for line in STUB)

    pattern = r"^([ \t]*)### BEGIN SOLUTION$.*?^[ \t]*### END SOLUTION$"
    return re.sub(pattern, stub, text, flags=re.MULTILINE | re.DOTALL)


def without_hidden_tests(text):
    pattern = r"^### BEGIN HIDDEN TESTS$.*?^### END HIDDEN TESTS$\n?"
    return re.sub(pattern, "", text, flags=re.MULTILINE | re.DOTALL).rstrip("\n")


def checksum(cell):
    """Return nbgrader's checksum of a cell, by which it knows a changed one."""
    data = cell["metadata"]["nbgrader"]
    is_locked = data["locked"] and not data["solution"]
    parts = [cell["source"], cell["cell_type"], data["grade"], data["solution"], is_locked]
    parts += [data["grade_id"], *([float(data["points"])] if data["grade"] else [])]
    return md5("".join(map(str, parts)).encode()).hexdigest()

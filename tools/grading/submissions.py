"""Find what was handed in, and put each notebook into the form that nbgrader needs."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from tools.course import assignments

MOODLE = re.compile(r"_\d+_assignsubmission_file_?$")  # what its export adds to a name
AGAIN = r"(?: ?\(\d+\)|-\d+)?"  # what a browser adds to a second download


@dataclass
class Submission:
    """A notebook that a student handed in; `cells` is nothing where it could not be read."""

    student: str
    assignment: str
    path: Path
    cells: list | None = None
    notes: list = field(default_factory=list)

    @property
    def place(self):
        """Return the student as a name of a folder."""
        return re.sub(r"[^\w.@-]", "_", self.student)


def find(folder):
    """Return the submissions of a folder, and the paths of which no assignment has the name.

    They stand in folder/STUDENT/ASSIGNMENT.ipynb or in folder/STUDENT_ASSIGNMENT.ipynb.
    """
    found, strange = {}, []
    for path in sorted(Path(folder).rglob("*.ipynb")):
        place = path.relative_to(folder)
        if any(part.startswith(".") for part in place.parts):
            continue
        match = named(place)
        if match is None:
            strange.append(place)
        elif match in found:
            found[match].notes.append(f"{place} was not graded: there are two.")
        else:
            found[match] = read(Submission(*match, path))
    return list(found.values()), strange


def named(place):
    """Return (student, assignment) of a path, or nothing."""
    names = "|".join(map(re.escape, assignments.names()))
    match = re.fullmatch(rf"(?:(.+)_)?({names}){AGAIN}\.ipynb", place.name)
    student = match and (place.parts[0] if len(place.parts) > 1 else match[1])
    return (MOODLE.sub("", student), match[2]) if student else None


def read(submission):
    """Read a submission's cells, or note why they cannot be read."""
    try:
        notebook = json.loads(submission.path.read_text("utf-8-sig"))
        submission.cells = [
            cell | {"source": "".join(cell["source"]), "metadata": dict(cell.get("metadata", {}))}
            for cell in notebook["cells"]
        ]
    except (ValueError, KeyError, TypeError):
        submission.notes.append(
            "The file is not a notebook. Save it in JupyterLab, and hand in the .ipynb file itself."
        )
    return submission


def restored(submission, released):
    """Return the released notebook with what the student wrote; note what else was changed.

    Cells of the release stand in its order. Cells that a student added stay behind the cell that
    they were behind.
    """
    mine, added = sorted_cells(submission.cells, {key(cell) for cell in released["cells"]})
    cells = list(added.get(None, []))
    for cell in released["cells"]:
        cells.append(restored_cell(cell, mine.get(key(cell)), submission.notes))
        cells += added.get(key(cell), [])
    return released | {"cells": cells}


def key(cell):
    """Return by what a cell is known: its name in nbgrader, or else its id."""
    return cell["metadata"].get("nbgrader", {}).get("grade_id") or cell.get("id")


def sorted_cells(cells, known):
    """Return the known cells by their keys, and those added by the key of the one before."""
    mine, added, last = {}, {}, None
    for number, cell in enumerate(cells):
        if key(cell) in known and key(cell) not in mine:
            last = key(cell)
            mine[last] = cell
        else:
            added.setdefault(last, []).append(plain(cell, f"added-{number}"))
    return mine, added


def plain(cell, name):
    """Return a cell that a student added, as one that no grader looks at."""
    kind = cell["cell_type"] if cell["cell_type"] in ("code", "markdown") else "raw"
    more = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "id": name, "metadata": {}, "source": cell["source"]} | more


def restored_cell(cell, handed_in, notes):
    """Return a cell of the release, with the student's source where it is theirs to change."""
    if handed_in is None:
        if cell["cell_type"] == "code":
            notes.append(f"The cell {key(cell)} was missing.")
        return cell
    is_theirs = assignments.role(cell, "solution") or cell["id"] == "identifier"
    if is_theirs:
        return cell | {"source": handed_in["source"]}
    if cell["cell_type"] == "code" and handed_in["source"].strip() != cell["source"].strip():
        notes.append(f"The cell {key(cell)} was changed; the grader put it back.")
    return cell

"""The right answers of each student: `make keys STUDENTS=file`, into a CSV beside the file."""

import csv
from io import StringIO
from pathlib import Path

from tools.course import assignments


def make(students):
    """Write the keys of all students of a file: one a line, or the first column of a CSV."""
    students = Path(students)
    target = students.with_name(f"{students.stem}-keys.csv")
    rows = [row for student in listed(students) for row in of(student)]
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("student", "assignment", "answer", "right"), *rows])
    return target


def listed(students):
    """Return the identifiers in a file, without a heading that says what they are."""
    rows = csv.reader(StringIO(students.read_text("utf-8-sig")))
    found = [row[0].strip() for row in rows if row and row[0].strip()]
    return found[found[:1] in (["student"], ["identifier"]) :]


def of(student):
    """Return (student, assignment, answer, right) for each answer that is no function."""
    for name in assignments.names():
        notebook = assignments.source(name)
        for answer, right in run(notebook["cells"], student)["assignment"].key.items():
            if not isinstance(right, str):
                right = f"{right:.6g}" if isinstance(right, float) else right
            if right != "a function":
                yield student, name, answer, right


def run(cells, student):
    """Run the code of a notebook in plain Python as that student's, up to the first error."""
    names = {"__name__": "__main__"}
    for cell in cells:
        if cell["cell_type"] == "code" and cell["id"] != "install":
            exec(compile(cell["source"], cell["id"], "exec"), names)
            if cell["id"] == "identifier":
                names["student"] = student
    return names

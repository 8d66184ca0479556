"""`make grade SUBMISSIONS=folder` and `make keys STUDENTS=file`."""

import sys
from pathlib import Path

from tools.grading import keys
from tools.grading.grade import grade


def main(command, given):
    path = Path(given)
    if not given or not path.exists() or path.is_dir() != (command == "grade"):
        sys.exit("Say what to read: make grade SUBMISSIONS=folder, or make keys STUDENTS=file")
    if command == "keys":
        print("The keys stand in", keys.make(path))
        return
    target = path.resolve().with_name(f"{path.resolve().name}-graded")
    found, strange = grade(path, target)
    for place in strange:
        print("Not graded, for no assignment has this name:", place)
    print(f"{len(found)} graded: the grades stand in {target / 'grades.csv'}")


if __name__ == "__main__":
    main(*sys.argv[1:])

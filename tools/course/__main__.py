"""`make course`: call every maker below, and list what each has made."""

import json
import sys
from importlib import import_module
from pathlib import Path
from shutil import rmtree

COURSE = Path(__file__).parents[2] / "_build" / "course"
# Modules of this package; each has make(folder), which writes its parts into the folder of the
# course and returns for each (path below it, what it is in a few words).
MAKERS = (
    "book",
    "single",
    "epub",
    "understanding",
    "slides",
    "notebooks",
    "worksheets",
    "assignments",
)


def main(names):
    for name in names or MAKERS:
        if name not in MAKERS:
            sys.exit(f"make course: PART must be one of {', '.join(MAKERS)}, got {name}")
    if not names:
        rmtree(COURSE, ignore_errors=True)
    COURSE.mkdir(parents=True, exist_ok=True)
    listed = COURSE / "contents.json"
    contents = json.loads(listed.read_text("utf-8")) if listed.exists() else {}
    for name in names or MAKERS:
        parts = import_module(f"tools.course.{name}").make(COURSE)
        contents[name] = [{"path": str(path), "what": what} for path, what in parts]
        print(f"{name}: {len(parts)} files")
    ordered = {name: contents[name] for name in MAKERS if name in contents}
    listed.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

"""The teacher's guide and the links to the course, in the page that has their places.

<!-- guide --> in a page becomes the guide of course/guide.yml, and <!-- course --> the list of what
`make course` has made, which is copied beside the pages.
"""

import json
import sys
from html import escape
from pathlib import Path
from shutil import copytree, rmtree

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT))  # Sphinx knows the folders of the extensions only

from tools.course import guide  # noqa: E402

SOURCES = [*ROOT.glob("course/*"), *ROOT.glob("tools/course/*.py"), *ROOT.glob("chapters/*.ipynb")]
COURSE = ROOT / "_build" / "course"
CONTENTS = COURSE / "contents.json"
NOT_MADE = (
    '<p class="course"><em>It is not made yet: <code>make course</code> makes it, and then '
    "this page links to it.</em></p>"
)


def fill(app, docname, source):
    """Fill the places of a page, and read it again when what they are filled from changes."""
    text = source[0]
    for place, made in {"guide": guide.markdown, "course": listed}.items():
        comment = f"<!-- {place} -->"
        if comment in text:
            text = text.replace(comment, made())
            for path in (*SOURCES, CONTENTS):
                app.env.note_dependency(str(path))
    source[0] = text


def listed():
    """Return links to the parts of the course, with their sizes: the book, then each chapter."""
    if not CONTENTS.exists():
        return NOT_MADE
    made = json.loads(CONTENTS.read_text("utf-8"))
    test = made.pop("understanding", [])
    parts = [part for found in made.values() for part in found]
    names = list(guide.guide()[0])
    whole = [part for part in parts if not any(name in part["path"] for name in names)]
    groups = {"The whole book, and archives": whole, "The test of understanding": test}
    for number, name in enumerate(names, 1):
        groups[f"{number}. {guide.title(name)}"] = [p for p in parts if name in p["path"]]
    lines = "".join(group(title, found) for title, found in groups.items() if found)
    return f'```{{raw}} html\n<dl class="course">{lines}</dl>\n```'


def group(title, parts):
    return f"<dt>{escape(title)}</dt><dd>{' · '.join(map(link, parts))}</dd>"


def link(part):
    size = (COURSE / part["path"]).stat().st_size / 1e6
    weight = f" ({size:.1f} MB)" if size >= 0.1 else ""
    return f'<a href="../course/{escape(part["path"])}">{escape(part["what"])}</a>{weight}'


def clear(app):
    """Remove the copy of the course: what is done to all pages is not meant for its own."""
    rmtree(Path(app.outdir, "course"), ignore_errors=True)


def copy(app, exception):
    """Copy the course beside the pages."""
    if CONTENTS.exists() and not exception and app.builder.name == "html":
        copytree(COURSE, Path(app.outdir, "course"))


def setup(app):
    app.connect("source-read", fill)
    app.connect("builder-inited", clear)
    app.connect("build-finished", copy, priority=999)  # when nothing else is done to the pages
    return {"parallel_read_safe": True, "parallel_write_safe": True}

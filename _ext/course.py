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
NOT_MADE = "*It is not made yet: `make course` makes it, and then this page links to it.*"


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
    """Return the parts of the course as links, with their sizes."""
    if not CONTENTS.exists():
        return NOT_MADE
    parts = json.loads(CONTENTS.read_text("utf-8"))
    items = "".join(item(part) for made in parts.values() for part in made)
    return f'```{{raw}} html\n<ul class="course">{items}</ul>\n```'


def item(part):
    size = (COURSE / part["path"]).stat().st_size / 1e6
    link = f'<a href="../course/{escape(part["path"])}">{escape(part["what"])}</a>'
    return f"<li>{link}, {size:.1f} MB</li>" if size >= 0.05 else f"<li>{link}</li>"


def copy(app, exception):
    """Copy the course beside the pages."""
    if exception or app.builder.name != "html":
        return
    target = Path(app.outdir, "course")
    rmtree(target, ignore_errors=True)
    if CONTENTS.exists():
        copytree(COURSE, target)


def setup(app):
    app.connect("source-read", fill)
    app.connect("build-finished", copy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

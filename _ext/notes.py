"""Take the notes that bind numbers out of what readers get: `<!-- numbers: ... -->`."""

import re

# In a notebook's JSON the line breaks before a note are written \n.
NOTE = re.compile(r"(?:\\n|\n)*<!-- numbers(?: below)?:.*?-->", re.DOTALL)


def drop(app, docname, source):
    """Drop the notes of a page before it is parsed."""
    source[0] = NOTE.sub("", source[0])


def setup(app):
    app.connect("source-read", drop)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

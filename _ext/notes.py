"""Take out of the pages what is for notebooks only.

That is the notes that bind numbers, `<!-- numbers: ... -->`, and predictions, and the headings
under which JupyterLab folds a solution: on a page the fold itself says so.
"""

import re

# In a notebook's JSON the line breaks before a note are written \n.
NOTE = re.compile(
    r"(?:\\n|\n)*<!-- (?:numbers(?: below)?|predict):.*?-->|#### Solution in code", re.DOTALL
)


def drop(app, docname, source):
    """Drop from a page what is for notebooks only, before it is parsed."""
    source[0] = NOTE.sub("", source[0])


def setup(app):
    app.connect("source-read", drop)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

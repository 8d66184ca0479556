"""The one place where Python runs JavaScript: the explorers' own, to draw and to describe.

It needs the package `quickjs-ng`; where Python runs in a page, it takes the browser's own engine.
Any engine for JavaScript of 2023 can take its place: all that is asked of it is to evaluate a
source once, and then to call a function of text that returns text.
"""

import sys
from threading import local

MISSING = "To see its picture and its text here: pip install quickjs-ng"
_MADE = local()  # a context belongs to the thread that made it


def function(source, name):
    """Return the function `name` of a script, from texts to a text; None without an engine.

    Examples
    --------
    >>> function("const twice = (text) => text + text", "twice")("ab")
    'abab'
    """
    evaluate = _engine()
    if evaluate is None:
        return None
    made = vars(_MADE)
    if (source, name) not in made:
        made[source, name] = evaluate(f"(() => {{\n{source}\nreturn {name};\n}})()")
    return made[source, name]


def _engine():
    """Return what evaluates JavaScript: a browser's own where Python runs in a page."""
    if sys.platform == "emscripten":
        from pyodide.code import run_js

        return run_js
    try:
        from quickjs import Context
    except ImportError:
        return None
    made = vars(_MADE)
    if "context" not in made:
        made["context"] = Context()
    return made["context"].eval

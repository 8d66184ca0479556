"""The one place where Python runs JavaScript: the explorers' own, to draw and to describe.

It needs the package `quickjs-ng`. Any engine for JavaScript of 2023 can take its place: all that is
asked of it is to evaluate a source once, and then to call a function of text that returns text.
"""

from functools import cache
from threading import get_ident

MISSING = "To see its picture and its text here: pip install quickjs-ng"


def function(source, name):
    """Return the function `name` of a script: of texts or numbers, giving a text; or None.

    None where no engine is installed. A context belongs to the thread that made it.

    Examples
    --------
    >>> function("const twice = (text) => text + text", "twice")("ab")
    'abab'
    """
    return _made(source, name, get_ident())


@cache
def _made(source, name, thread):
    try:
        from quickjs import Context
    except ImportError:
        return None
    context = Context()
    context.eval(source)
    return context.eval(name)

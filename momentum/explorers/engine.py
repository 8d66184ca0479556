"""The one place where Python runs JavaScript: the explorers' own, to draw and to describe.

It needs the package `quickjs-ng`. Any engine for JavaScript of 2023 can take its place: all that is
asked of it is to evaluate a source once, and then to call a function of text that returns text.
"""

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
    try:
        from quickjs import Context
    except ImportError:
        return None
    made = vars(_MADE)
    if (source, name) not in made:
        context = Context()
        context.eval(source)
        made[source, name] = context.eval(name)
    return made[source, name]

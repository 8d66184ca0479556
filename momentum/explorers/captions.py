"""The caption of a live figure: sentences whose numbers follow the state."""

import re

_SLOT = re.compile(r"\{([\w.]+)(:~?\d)?\}")


def check_text(caption):
    """Raise ValueError for what is no template of a caption: a text whose numbers stand in slots.

    Examples
    --------
    >>> check_text("It stops at {end:2}.")
    >>> check_text("It stops at 6.98.")
    Traceback (most recent call last):
    ValueError: caption must have its numbers in slots such as {end:2}, got 'It stops at 6.98.'
    """
    if not isinstance(caption, str) or re.search(r"[0-9{}]", _SLOT.sub("", caption)):
        raise ValueError(
            f"caption must have its numbers in slots such as {{end:2}}, got {caption!r}"
        )


def check_slots(caption, known):
    """Raise ValueError for a slot that nothing known fills: a number, with digits, or a word.

    Examples
    --------
    >>> check_slots("It stops at {runs.0.end:2}, {how}.", {"runs": [{"end": 7.0}], "how": "slowly"})
    >>> check_slots("It stops at {end:2}.", {"start": 3.0})
    Traceback (most recent call last):
    ValueError: caption must have slots that the figure fills (start), got '{end:2}'
    """
    for slot in _SLOT.finditer(caption):
        value = inside(known, slot[1].split("."))
        fits = isinstance(value, (int, float) if slot[2] else (int, str))
        if not fits or isinstance(value, bool):
            names = ", ".join(known)
            raise ValueError(
                f"caption must have slots that the figure fills ({names}), got {slot[0]!r}"
            )


def inside(known, path):
    """Return what a path of names and indices leads to; None where it leads nowhere."""
    for name in path:
        if isinstance(known, dict):
            known = known.get(name)
        elif isinstance(known, list) and name.isdecimal() and int(name) < len(known):
            known = known[int(name)]
        else:
            return None
    return known

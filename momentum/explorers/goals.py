"""A goal for a live figure: one number to make small or large, under conditions, and its par."""

import re

from momentum.explorers import captions


def goal(name, aim, *, par, least=None, most=None, given=(), where=(), digits=0, unit=""):
    """Return a goal, the argument `goal` of a live figure.

    Exactly one of `least` and `most` names the number: a trait or a fact of the figure, as in a
    caption. The figure shows what it is now, the best that the reader found, and par; the best is
    remembered in the reader's browser. A state counts if it meets all conditions.

    Parameters
    ----------
    name : str
        Under which the reader's best is remembered.
    aim : str
        The goal in words, without digits: "Let the ball rest in C, with the smallest β."
    par : float
        The best there is, computed.
    least, most : str
        What is to be made small, or large.
    given : names of traits
        They count only with the values that the figure begins with.
    where : dict from words to (name, value)
        Further conditions: what a fact must be, or the two numbers it must lie
        between, said in words without digits.
    digits : int
        To so many the number is rounded, before it is compared.
    unit : str

    Examples
    --------
    >>> aim = goal("ledge", "Cross it, with the smallest β.", least="beta", par=0.89, digits=2)
    >>> aim["of"], aim["par"]
    ('beta', 0.89)
    """
    if (least is None) == (most is None):
        raise ValueError(f"either least or most must be given, got {least!r} and {most!r}")
    for text in (aim, *dict(where)):
        if re.search(r"\d", text):
            raise ValueError(f"words must be without digits, got {text!r}")
    rules = [{"path": name} for name in given]
    rules += [{"path": path, "is": is_, "text": text} for text, (path, is_) in dict(where).items()]
    named = {"name": name, "aim": aim, "of": most or least, "most": least is None}
    return {**named, "par": float(par), "digits": digits, "unit": unit, "rules": rules}


def begun(goal, state):
    """Return the goal of a figure that begins with a state: what is given is what it is there."""
    rules = [{"is": state.get(rule["path"]), **rule} for rule in goal["rules"]]
    return {**goal, "rules": rules}


def check_names(goal, known):
    """Raise ValueError for a goal of what the figure lacks."""
    for path in (goal["of"], *(rule["path"] for rule in goal["rules"])):
        if captions.inside(known, path.split(".")) is None:
            raise ValueError(f"goal must be about one of {', '.join(known)}, got {path!r}")

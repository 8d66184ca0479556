"""Reading the text of a call: a name, numbers, True, False and None, and nothing that runs."""

import re
from dataclasses import MISSING, fields

from momentum import _checks
from momentum.conventions.form import ARGUMENTS, HARMLESS, RULES
from momentum.conventions.forms import FORMS, UNDAMPED

# Read by JavaScript, too: what both languages' patterns know alike.
CALL = (
    r"^[ \t\r\n]*(?:(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*[ \t]*=[ \t]*)?"  # self.optimizer =
    r"((?:[A-Za-z_]\w*\.)*)([A-Za-z_]\w*)[ \t\r\n]*\(([^]*)\)[ \t\r\n;]*$"
)
NAMED = r"^([A-Za-z_]\w*)[ \t\r\n]*=(?!=)[ \t\r\n]*([^]*)$"
DIGITS = r"[0-9]+(?:_[0-9]+)*"
NUMBER = rf"^[+-]?(?:{DIGITS}(?:\.(?:{DIGITS})?)?|\.{DIGITS})(?:[eE][+-]?{DIGITS})?$"
EXAMPLE = "SGD(lr=0.1, momentum=0.9)"
SHOWN = 40  # of what a message shows of a text, in characters
WORDS = {
    "text": f"call must be a call such as {EXAMPLE}, got {{value}}",
    "function": "function in call must be one of {rule}, got {value}",
    "home": "function in call must be {rule}, got {value}",
    "unknown": "argument in call must be one of {rule}, got {value}",
    "unnamed": "argument in call must be given by its name, got {value}",
    "twice": "{name} in call must be given once, got {value}",
    "missing": "{name} in call must be given, got {value}",
    "params": "params in call must be the parameters of a model, got {value}",
    "number": "{name} in call must be a number, got {value}",
    "rule": "{name} in call must be {rule}, got {value}",
    "unused": "{name} in call must be 0, None or False (it is not translated), got {value}",
    "raw": "{name} of call must be {rule}, got {value}",
}
WITHOUT = "nothing"  # what a message shows of an empty text
UNTRANSLATED = "0, 1 or momentum for a translation"


def parse(call):
    """Return the form that a call stands for, with the defaults of its library.

    SGD is PyTorch's if it stands behind `optim.`, if it has `params`, `lr` or `dampening`, or if
    what comes first is no number; otherwise it is Keras'. `params` may be left out, and may be
    anything. What else the library knows, such as weight_decay, must be 0, None or False.

    Raises
    ------
    ValueError
        For what is no call of a form, an argument that it does not have, lacks or has twice, a
        value that is no number, True, False or None, or one outside its range.

    Examples
    --------
    >>> parse("optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)")
    PyTorch(lr=0.1, momentum=0.9, dampening=0.0, nesterov=False)
    >>> parse("SGD()")
    Keras(learning_rate=0.01, momentum=0.0, nesterov=False)
    """
    if not isinstance(call, str):
        _checks.refuse("call", f"the text of a call such as {EXAMPLE}", call)
    found = _matched(CALL, call.replace("\u00a0", " "))
    if not found:
        refuse("text", call.strip())
    path, function, inside = found.groups()
    arguments = [_named(text) for text in _split(inside)]
    form = _form_of(path, function, arguments)
    given = _given(form, arguments)
    for field in fields(form):
        if field.name not in given and field.default is MISSING:
            refuse("missing", "", name=field.name)
    return form(**given)


def table():
    """Return all that reading and writing a call needs, for another language.

    Examples
    --------
    >>> table()["forms"]["Keras"]["fields"]
    {'learning_rate': 0.01, 'momentum': 0.0, 'nesterov': False}
    """
    forms = {
        name: {
            "call": form.call, "function": form.function(), "home": form.home(),
            "order": form.order, "unused": form.unused,
            "plain": form.plain, "ahead": form.ahead, "inside": form.inside,
            "fields": {f.name: None if f.default is MISSING else f.default for f in fields(form)},
        }
        for name, form in FORMS.items()
    }  # fmt: skip
    return {
        "forms": forms, "rules": RULES, "arguments": ARGUMENTS, "words": WORDS,
        "harmless": HARMLESS,
        "patterns": {"call": CALL, "named": NAMED, "number": NUMBER},
        "shown": SHOWN, "without": WITHOUT, "undamped": UNDAMPED, "untranslated": UNTRANSLATED,
    }  # fmt: skip


def _matched(pattern, text):
    return re.match(pattern.replace("[^]", r"[\s\S]"), text, re.ASCII)


def refuse(key, value, **more):
    """Raise ValueError in the words that the live translator uses as well.

    Examples
    --------
    >>> refuse("number", "1/10", name="lr")
    Traceback (most recent call last):
    ...
    ValueError: lr in call must be a number, got 1/10
    """
    value = value if len(value) <= SHOWN else f"{value[:SHOWN]}…"
    raise ValueError(WORDS[key].format(value=value or WITHOUT, **more))


def _split(inside):
    """Return the arguments between commas that stand in no bracket of their own."""
    parts, depth = [""], 0
    for sign in inside:
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    parts = [part.strip(" \t\r\n") for part in parts]
    return parts if parts[-1] else parts[:-1]


def _named(text):
    """Return the name and the value of an argument; no name where it has none."""
    found = _matched(NAMED, text)
    return found.groups() if found else (None, text)


def _form_of(path, function, arguments):
    known = {}
    for form in FORMS.values():
        known.setdefault(form.function(), []).append(form)
    parts = set(path.split("."))
    for form in FORMS.values():
        if parts & set(form.home()):
            if form.function() != function:
                refuse("home", path + function, rule=form.call.partition("(")[0])
            return form
    if function not in known:
        refuse("function", function, rule=", ".join(known))
    return known[function][0 if _is_pytorchs(arguments) else -1]


def _is_pytorchs(arguments):
    """Return whether the arguments of an SGD of unknown home are PyTorch's."""
    first = arguments[0] if arguments else (None, "0")
    return bool({name for name, _ in arguments} & {"params", "lr", "dampening"}) or (
        first[0] is None and not _matched(NUMBER, first[1])
    )


def _given(form, arguments):
    """Return the values of the arguments by name."""
    given = {}
    for i, (name, text) in enumerate(arguments):
        if name is None and i < len(form.order) and not any(n for n, _ in arguments[:i]):
            name = form.order[i]
        elif name is None:
            refuse("unnamed", text)
        if name in given:
            refuse("twice", text, name=name)
        given[name] = _value(form, name, text)
    return {field.name: given[field.name] for field in fields(form) if field.name in given}


def _value(form, name, text):
    """Return the value of an argument; None for one that no form has."""
    known, number = [field.name for field in fields(form)], _matched(NUMBER, text)
    if name == "params" and name in form.order:
        return refuse("params", text) if number else None
    if name in form.unused:
        idle = name in HARMLESS or text in ("None", "False") or (number and float(text) == 0)
        return None if idle else refuse("unused", text, name=name)
    if name not in known:
        refuse("unknown", f"{name}={text}", rule=", ".join(known))
    rule, least, most = RULES[ARGUMENTS[name]]
    if ARGUMENTS[name] == "flag":
        return (
            text == "True"
            if text in ("True", "False")
            else refuse("rule", text, name=name, rule=rule)
        )
    if text == "None" and name == "momentum" and form.__name__ == "Optax":
        return 0.0
    if not number:
        refuse("number", text, name=name)
    value = float(text)
    return value if least <= value <= most else refuse("rule", text, name=name, rule=rule)

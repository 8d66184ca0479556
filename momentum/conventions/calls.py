"""Reading the text of a call: a name, numbers, True, False and None, and nothing that runs."""

import re
from dataclasses import MISSING, fields

from momentum import _checks
from momentum.conventions.form import ARGUMENTS, RULES
from momentum.conventions.forms import FORMS, UNDAMPED

# Read by JavaScript, too: what both languages' patterns know alike.
CALL = (
    r"^[ \t\r\n]*(?:[A-Za-z_]\w*[ \t]*=[ \t]*)?"  # optimizer =
    r"((?:[A-Za-z_]\w*\.)*)([A-Za-z_]\w*)[ \t\r\n]*\(([^]*)\)[ \t\r\n;]*$"
)
NAMED = r"^([A-Za-z_]\w*)[ \t\r\n]*=(?!=)[ \t\r\n]*([^]*)$"
NUMBER = r"^[+-]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?$"
EXAMPLE = "SGD(lr=0.1, momentum=0.9)"
SHOWN = 40  # of what a message shows of a text, in characters
WORDS = {
    "text": f"call must be a call such as {EXAMPLE}, got {{value}}",
    "function": "function in call must be one of {rule}, got {value}",
    "unknown": "argument in call must be one of {rule}, got {value}",
    "unnamed": "argument in call must be given by its name, got {value}",
    "twice": "{name} in call must be given once, got {value}",
    "missing": "{name} in call must be given, got {value}",
    "params": "params in call must be the parameters of a model, got {value}",
    "number": "{name} in call must be a number, got {value}",
    "rule": "{name} in call must be {rule}, got {value}",
}
WITHOUT = "nothing"  # what a message shows of an empty text
UNTRANSLATED = "0, 1 or momentum for a translation"
HOMES = {"PyTorch": ["torch", "optim"], "Keras": ["keras", "optimizers"]}  # of SGD


def parse(call):
    """Return the form that a call stands for, with the defaults of its library.

    SGD is PyTorch's if it stands behind `optim.`, if it has `lr` or `dampening`, or if what comes
    first is no number; otherwise it is Keras'. `params` may be left out, and may be anything.

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
        _refuse("text", call.strip())
    path, function, inside = found.groups()
    arguments = [_named(text) for text in _split(inside)]
    form = _form_of(path, function, arguments)
    given = _given(form, arguments)
    for field in fields(form):
        if field.name not in given and field.default is MISSING:
            _refuse("missing", "", name=field.name)
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
            "call": form.call, "function": form.function(), "order": form.order,
            "inside": form.inside,
            "fields": {f.name: None if f.default is MISSING else f.default for f in fields(form)},
        }
        for name, form in FORMS.items()
    }  # fmt: skip
    return {
        "forms": forms, "rules": RULES, "arguments": ARGUMENTS, "words": WORDS, "homes": HOMES,
        "patterns": {"call": CALL, "named": NAMED, "number": NUMBER},
        "shown": SHOWN, "without": WITHOUT, "undamped": UNDAMPED, "untranslated": UNTRANSLATED,
    }  # fmt: skip


def _matched(pattern, text):
    return re.match(pattern.replace("[^]", r"[\s\S]"), text, re.ASCII)


def _refuse(key, value, **more):
    """Raise ValueError in the words that the live translator uses as well."""
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
    if function not in known:
        _refuse("function", function, rule=", ".join(known))
    one, other = known[function][0], known[function][-1]
    return one if _is_pytorchs(path, arguments) else other


def _is_pytorchs(path, arguments):
    for name, homes in HOMES.items():
        if set(homes) & set(path.split(".")):
            return name == "PyTorch"
    names = {name for name, _ in arguments}
    first = arguments[0] if arguments else (None, "0")
    return bool(names & {"lr", "dampening"}) or (
        first[0] is None and not _matched(NUMBER, first[1])
    )


def _given(form, arguments):
    """Return the values of the arguments by name."""
    known, given = [field.name for field in fields(form)], {}
    for i, (name, text) in enumerate(arguments):
        if name is None and i < len(form.order) and not any(n for n, _ in arguments[:i]):
            name = form.order[i]
        elif name is None:
            _refuse("unnamed", text)
        if name == "params" and name in form.order:
            if _matched(NUMBER, text):
                _refuse("params", text)
            continue
        if name not in known:
            _refuse("unknown", f"{name}={text}", rule=", ".join(known))
        if name in given:
            _refuse("twice", text, name=name)
        given[name] = _value(form, name, text)
    return given


def _value(form, name, text):
    kind = ARGUMENTS[name]
    rule, least, most = RULES[kind]
    if kind == "flag":
        if text not in ("True", "False"):
            _refuse("rule", text, name=name, rule=rule)
        return text == "True"
    if text == "None" and name == "momentum" and form.__name__ == "Optax":
        return 0.0
    if not _matched(NUMBER, text):
        _refuse("number", text, name=name)
    value = float(text.replace("_", ""))
    if not least <= value <= most:
        _refuse("rule", text, name=name, rule=rule)
    return value

"""From one form to another, by way of the raw form of the book: v <- beta v + g, w <- w - eta v."""

from math import inf
from typing import NamedTuple

from momentum import _checks
from momentum.conventions.calls import UNTRANSLATED, parse, refuse
from momentum.conventions.form import RULES, Form, written
from momentum.conventions.forms import FORMS

UNDAMPENED = "0 for an exact translation (nearest=True gives the nearest)"


class Raw(NamedTuple):
    """The raw form, or Nesterov's: w <- w - learning_rate (g + beta v).

    Examples
    --------
    >>> Raw(0.1, 0.9).nesterov
    False
    """

    learning_rate: float
    beta: float
    nesterov: bool = False


_TO_RAW = {
    "PyTorch": lambda f: Raw(
        f.lr * (1 - (f.dampening if f.momentum else 0)), f.momentum, f.nesterov
    ),
    "Keras": lambda f: Raw(f.learning_rate, f.momentum, f.nesterov),
    "Optax": lambda f: Raw(f.learning_rate, f.momentum, f.nesterov),
    "EMA": lambda f: Raw(f.learning_rate * (1 - f.beta), f.beta),
    "Polyak": lambda f: Raw(f.alpha, f.beta),
    "Sutskever": lambda f: Raw(f.epsilon, f.mu, True),
    "QHM": lambda f: (
        Raw(f.lr * (1 - f.momentum), f.momentum, f.nu == f.momentum) if f.nu else Raw(f.lr, 0.0)
    ),
    "PrimalAveraging": lambda f: Raw(f.gamma * f.c, 1 - f.c),
}
_FROM_RAW = {
    "PyTorch": lambda eta, beta, ahead: {"lr": eta, "momentum": beta, "nesterov": ahead},
    "Keras": lambda eta, beta, ahead: {"learning_rate": eta, "momentum": beta, "nesterov": ahead},
    "Optax": lambda eta, beta, ahead: {"learning_rate": eta, "momentum": beta, "nesterov": ahead},
    "EMA": lambda eta, beta, ahead: {"learning_rate": eta / (1 - beta), "beta": beta},
    "Polyak": lambda eta, beta, ahead: {"alpha": eta, "beta": beta},
    "Sutskever": lambda eta, beta, ahead: {"epsilon": eta, "mu": beta},
    "QHM": lambda eta, beta, ahead: {
        "lr": eta / (1 - beta), "momentum": beta, "nu": beta if ahead else 1.0
    },
    "PrimalAveraging": lambda eta, beta, ahead: {"gamma": eta / (1 - beta), "c": 1 - beta},
}  # fmt: skip


def raw(call, *, nearest=False):
    """Return the raw form with the same path: (learning_rate, beta, nesterov).

    Equal means: from a velocity of zero, at a constant learning rate and beta, the gradient is
    taken at the same places, for any cost. Rounding aside.

    Parameters
    ----------
    call : str or Form
    nearest : bool
        PyTorch leaves the dampening out of its first step, as no other form does. With `nearest`
        that is overlooked; without it a dampening other than 0 is refused.

    Raises
    ------
    ValueError
        For a call that `parse` refuses, a dampening, a QHM whose nu is another than 0, 1 and its
        momentum (that is no other's update), and where the raw form is out of range in float64.

    Examples
    --------
    >>> raw("EMA(learning_rate=0.5, beta=0.75)")
    Raw(learning_rate=0.125, beta=0.75, nesterov=False)
    """
    form = _form(call)
    exact = not _checks.flag("nearest", nearest)
    if exact and isinstance(form, FORMS["PyTorch"]) and form.momentum and form.dampening:
        _checks.refuse("dampening of call", UNDAMPENED, form.dampening)
    if isinstance(form, FORMS["QHM"]) and form.nu not in (0, 1, form.momentum):
        refuse("raw", written(form.nu, "nu"), name="nu", rule=UNTRANSLATED)
    eta, beta, ahead = _TO_RAW[type(form).__name__](form)
    for name, kind, value in ("learning_rate", "rate", eta), ("beta", "beta", beta):
        rule, least, most = RULES[kind]
        if not least <= value <= most:
            refuse("raw", written(value, name), name=name, rule=rule)
    return Raw(eta, beta, bool(ahead and beta))


def translate(call, to, *, nearest=False):
    """Return the form `to` that takes the same path as a call, in the sense of `raw`.

    Parameters
    ----------
    call : str or Form
    to : str
        One of the names in `FORMS`.
    nearest : bool
        As for `raw`.

    Raises
    ------
    ValueError
        As `raw` does, and where `to` has no form of the update: EMA, Polyak and PrimalAveraging
        have none of Nesterov's, Sutskever has no other; nor has one whose learning rate would be
        beyond float64.

    Examples
    --------
    >>> print(translate("SGD(lr=0.1, momentum=0.9)", "EMA"))
    EMA(learning_rate=1.0, beta=0.9)
    >>> print(translate("optax.sgd(0.1, 0.9, nesterov=True)", "PyTorch"))
    torch.optim.SGD(params, lr=0.1, momentum=0.9, nesterov=True)
    """
    if not isinstance(to, str) or to not in FORMS:
        _checks.refuse("to", f"one of {', '.join(FORMS)}", to)
    form = _form(call)
    if type(form) is FORMS[to]:
        return form
    eta, beta, ahead = raw(form, nearest=nearest)
    arguments = _FROM_RAW[to](eta, beta, ahead)
    if beta and not (FORMS[to].plain or ahead):
        _checks.refuse("to", "a form of momentum without Nesterov's look-ahead", to)
    if ahead and not FORMS[to].ahead:
        _checks.refuse("to", "a form of Nesterov's", to)
    if inf in arguments.values():
        _checks.refuse("to", "a form of the update within float64", to)
    return FORMS[to](**arguments)


def _form(call):
    """Return the form of a call; what only builds on a form may step otherwise."""
    form = call if isinstance(call, Form) else parse(call)
    if type(form) not in FORMS.values():
        _checks.refuse("call", f"a text or one of the forms {', '.join(FORMS)}", call)
    return form

"""What all forms share: what their arguments may be, and how a call is written.

The live translator reads the same tables.
"""

import re
from dataclasses import dataclass, fields, replace
from typing import ClassVar

from momentum import _checks

_LARGEST, _LEAST = 1.7976931348623157e308, 5e-324
RULES = {  # in words, and the ends of what is allowed
    "rate": ["positive and finite", _LEAST, _LARGEST],
    "beta": ["in [0, 1)", 0.0, 0.9999999999999999],
    "share": ["in [0, 1]", 0.0, 1.0],
    "part": ["in (0, 1]", _LEAST, 1.0],
    "flag": ["True or False", False, True],
}
ARGUMENTS = {
    **dict.fromkeys(("lr", "learning_rate", "alpha", "epsilon", "gamma"), "rate"),
    **dict.fromkeys(("momentum", "beta", "mu", "dampening"), "beta"),
    **{"nu": "share", "c": "part", "nesterov": "flag"},
}
HARMLESS = (  # arguments of the libraries that change no step, or none by themselves
    *("name", "foreach", "fused", "differentiable", "weight_decay_type", "ema_momentum"),
    "accumulator_dtype",
)


@dataclass(frozen=True)
class Form:
    """The base of all forms: it checks the arguments, and writes the call.

    `str` gives the call, its numbers as `written`; what is the default is left out, but for the
    learning rate.

    Examples
    --------
    >>> from momentum.conventions import Keras
    >>> str(Keras(0.1 * 3, momentum=0.9))
    'keras.optimizers.SGD(learning_rate=0.3, momentum=0.9)'
    """

    call: ClassVar[str] = ""  # up to the first argument that is a number
    order: ClassVar[tuple] = ()  # of the arguments, as far as they may stand without a name
    unused: ClassVar[tuple] = ()  # arguments that only the library has
    plain: ClassVar[bool] = True  # whether it can write momentum without Nesterov's look-ahead
    ahead: ClassVar[bool] = False  # whether it can write momentum with it
    inside: ClassVar[bool] = False  # whether the learning rate stands inside what it remembers

    def __post_init__(self):
        """Check every argument."""
        for field in fields(self):
            value = _checked(field.name, getattr(self, field.name))
            object.__setattr__(self, field.name, value)

    def __str__(self):
        first, *more = fields(self)
        more = [f for f in more if getattr(self, f.name) != f.default]
        given = [f"{f.name}={written(getattr(self, f.name), f.name)}" for f in (first, *more)]
        return f"{self.call}{', '.join(given)})"

    @classmethod
    def function(cls):
        """Return the name that is called."""
        return re.search(r"(\w+)\(", cls.call)[1]

    @classmethod
    def home(cls):
        """Return the packages in which it is found, the outermost first."""
        return re.findall(r"\w+(?=\.)", cls.call)

    def init(self, w):
        """Return the first state: a velocity of zero."""
        return 0.0 * abs(w)

    def scaled(self, share):
        """Return the form with its learning rate multiplied by `share`."""
        rate = fields(self)[0].name
        return replace(self, **{rate: share * getattr(self, rate)})


def _checked(name, value):
    rule, least, most = RULES[ARGUMENTS[name]]
    if ARGUMENTS[name] == "flag":
        return _checks.flag(name, value)
    return _checks.one(
        lambda *given: _checks.check(*given, lambda a: (a >= least) & (a <= most), rule),
        name,
        value,
    )


def written(value, name):
    """Return an argument as a call has it: True, False, or a number of at most twelve digits.

    Only a share so near to 1 that it would be written as 1 has all its digits.

    Examples
    --------
    >>> written(0.1 + 0.2, "lr"), written(2.0, "lr"), written(1e-7, "lr"), written(True, "nesterov")
    ('0.3', '2.0', '1e-07', 'True')
    >>> written(1 - 1e-13, "beta"), written(1 - 1e-13, "lr")
    ('0.9999999999999', '1.0')
    """
    if isinstance(value, bool):
        return str(value)
    text = f"{value:.12g}"
    if ARGUMENTS[name] != "rate" and float(text) == 1:
        text = repr(value)
    return text if re.search(r"[.e]", text) else f"{text}.0"

"""Averages: a series, its exponential average, and the weights of the past beneath it."""

import math

import numpy as np

from momentum.averages import ema
from momentum.explorers import base

# Body mass in kg of 60 Adelie penguins and the 60 Gentoo penguins that follow them: rows 92 to 211
# of chapters/data/penguins.csv (Gorman, Williams and Fraser, 2014; palmerpenguins; CC0 1.0).
_PENGUINS = (
    3.4, 4.45, 3.3, 4.3, 3.7, 4.35, 2.9, 4.1, 3.725, 4.725, 3.075, 4.25, 2.925, 3.55, 3.75, 3.9,
    3.175, 4.775, 3.825, 4.6, 3.2, 4.275, 3.9, 4.075, 2.9, 3.775, 3.35, 3.325, 3.15, 3.5, 3.45,
    3.875, 3.05, 4.0, 3.275, 4.3, 3.05, 4.0, 3.325, 3.5, 3.5, 4.475, 3.425, 3.9, 3.175, 3.975,
    3.4, 4.25, 3.4, 3.475, 3.05, 3.725, 3.0, 3.65, 4.25, 3.475, 3.45, 3.75, 3.7, 4.0,
    4.5, 5.7, 4.45, 5.7, 5.4, 4.55, 4.8, 5.2, 4.4, 5.15, 4.65, 5.55, 4.65, 5.85, 4.2, 5.85, 4.15,
    6.3, 4.8, 5.35, 5.7, 5.0, 4.4, 5.05, 5.0, 5.1, 4.1, 5.65, 4.6, 5.55, 5.25, 4.7, 5.05, 6.05,
    5.15, 5.4, 4.95, 5.25, 4.35, 5.35, 3.95, 5.7, 4.3, 4.75, 5.55, 4.9, 4.2, 5.4, 5.1, 5.3, 4.85,
    5.3, 4.4, 5.0, 4.9, 5.05, 4.3, 5.0, 4.45, 5.55,
)  # fmt: skip
_STEPS = len(_PENGUINS)
_SINE = tuple(round(math.sin(math.pi * t / 20), 3) + 0.0 for t in range(_STEPS))


_SERIES = {
    "penguins": {"values": _PENGUINS, "view": [2.5, 6.5], "xLabel": "penguin", "yLabel": "kg"},
    "step": {"values": [0.0] * 30 + [1.0] * (_STEPS - 30), "view": [-0.5, 1.5]},
    "impulse": {"values": [0.0] * 30 + [1.0] + [0.0] * (_STEPS - 31), "view": [-0.3, 1.3]},
    "sine": {"values": _SINE, "view": [-1.6, 1.6]},
}
_STARTS = {
    "first value": {},
    "zero": {"initial": 0.0},
    "zero, debiased": {"initial": 0.0, "debias": True},
}
_AGES, _NEWEST = 40, 10


class Averages(base.Explorer):
    """A series, its exponential average, and the weights of the past.

    Parameters
    ----------
    series : {"penguins", "step", "impulse", "sine"}
    beta : float in [0, 1)
    initial : {"first value", "zero", "zero, debiased"}
        Where the average starts, and whether the bias of a start at zero is divided out.
    point : int
        Index of the value that is moved; -1 for none.
    value : float
        Where that value is moved to; beyond the figure's axis it stays where it is.

    Examples
    --------
    >>> explorer = Averages(series="step", beta=0.5)
    >>> explorer
    Averages(series='step', beta=0.5, initial='first value', point=-1, value=0.0)
    >>> explorer.average()[30:33].tolist()
    [0.5, 0.75, 0.875]
    """

    series = base.one_of(_SERIES, "penguins")
    beta = base.beta(0.9)
    initial = base.one_of(_STARTS, "first value")
    point = base.whole(-1, -1, _STEPS - 1)
    value = base.number(0.0)
    controls = (
        base.choice("series", "series", _SERIES, sets={"point": -1}),
        base.slider("beta", "momentum β", base.BETAS),
        base.choice("initial", "start of the average", _STARTS),
        base.slider("point", "moved point", [], hidden=True, range=[-1, _STEPS - 1]),
        base.slider("value", "moved to", [], hidden=True, range=[-1.6, 6.5]),
    )
    tries = (
        base.attempt("One wrong penguin: 6.5 kg", point=30, value=6.5),
        base.attempt("Start at zero: β = 0.98", beta=0.98, initial="zero"),
        base.attempt("An impulse draws the weights: β = 0.8", series="impulse", beta=0.8),
    )

    def data(self):
        """Return the series with their views, the starts, and how many ages are drawn and new."""
        return {"series": _SERIES, "starts": _STARTS, "ages": _AGES, "newest": _NEWEST}

    def values(self):
        """Return the series that is on the screen, its moved point included."""
        y, (low, high) = np.array(_SERIES[self.series]["values"]), _SERIES[self.series]["view"]
        if self.point >= 0 and low <= self.value <= high:
            y[self.point] = self.value
        return y

    def average(self):
        """Return the exponential average that is on the screen."""
        return ema(self.values(), self.beta, **_STARTS[self.initial])

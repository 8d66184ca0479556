"""Averages: a series, its exponential average, and the weights of the past beneath it."""

import math

import numpy as np

from momentum.averages import ema
from momentum.data import penguins
from momentum.explorers import base

# Body mass in kg: the last 60 Adelie penguins, and the first 60 Gentoo penguins that follow them.
_PENGUINS = tuple((penguins()[91:211, 2] / 1000).tolist())
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

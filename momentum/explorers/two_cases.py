"""Two cases: a pattern of gradients, and what momentum makes of it."""

import numpy as np

from momentum import _checks
from momentum.explorers import base

SAME, ALTERNATING, PERIOD, DRAWN = PATTERNS = "same sign", "alternating", "period", "drawn by hand"
SIGNS, LENGTH, _STEPS = "+0-", 24, 48
TENTHS, HALVES = np.arange(2, 12, 0.1).round(1), np.arange(12, 20, 0.5)
PERIODS = [*TENTHS.tolist(), *HALVES.tolist(), *map(float, range(20, 101))]


def _signs(name, value):
    """Return 24 signs: those of the value, again and again."""
    fits = isinstance(value, str) and value and set(value) <= set(SIGNS)
    if not fits or LENGTH % len(value):
        raise ValueError(f'{name} must be 24 signs of "+", "0" and "-", got {value!r}')
    return value * (LENGTH // len(value))


def _period(name, value):
    return _checks.check(name, value, lambda p: (p >= 2) & (p <= 100), "in [2, 100]")


class TwoCases(base.Explorer):
    """A pattern of gradients, the velocity of the raw form in the long run, and its gain curve.

    Parameters
    ----------
    pattern : {"same sign", "alternating", "period", "drawn by hand"}
    period : float in [2, 100]
        In steps, of a cosine; for the pattern "period".
    beta : float
    drawn : str
        For the pattern "drawn by hand": 24 signs of "+", "0" and "-", or fewer that repeat to 24.

    Examples
    --------
    >>> TwoCases(pattern="drawn by hand", drawn="+++-")
    TwoCases(pattern='drawn by hand', period=12.0, beta=0.9, drawn='+++-+++-+++-+++-+++-+++-')
    """

    pattern = base.one_of(PATTERNS, PERIOD)
    period = base.number(12.0, _period)
    beta = base.beta(0.9)
    drawn = base.Checked(_signs, _signs("drawn", "+++-"))
    controls = (
        base.choice("pattern", "pattern of the gradient", PATTERNS),
        base.slider("period", "period in steps", PERIODS, sets={"pattern": PERIOD}),
        base.slider("beta", "momentum β", base.BETAS),
        base.pad("drawn", "drawn by hand", SIGNS, sets={"pattern": DRAWN}),
    )
    tries = (
        base.attempt("A new sign at every step", pattern=ALTERNATING),
        base.attempt("Neither amplified nor damped", pattern=PERIOD, period=5.7),
        base.attempt("Mixed signs that add up: three to one", pattern=DRAWN, drawn=6 * "+++-"),
    )

    def data(self):
        """Return the steps of a pattern, the patterns' names, and the periods of the gain curve."""
        return {
            "steps": _STEPS,
            "patterns": {"alternating": ALTERNATING, "period": PERIOD, "drawn": DRAWN},
            "periods": [float(f"{period:.5g}") for period in np.geomspace(2, 200, 120)],
        }

"""Two cases: a pattern of gradients, and what momentum makes of it."""

import math

import numpy as np

from momentum import _checks, figures
from momentum.explorers import base
from momentum.optimizers import Momentum
from momentum.theory import crossover_period, gain

SAME, ALTERNATING, PERIOD, DRAWN = PATTERNS = (
    "same sign",
    "alternating",
    "period",
    "drawn by hand",
)
SIGNS, LENGTH = "+0-", 24
TENTHS, HALVES = np.arange(2, 12, 0.1).round(1), np.arange(12, 20, 0.5)
PERIODS = [*TENTHS.tolist(), *HALVES.tolist(), *map(float, range(20, 101))]


def pattern_number(signs):
    """Return the number that stands for a pattern drawn by hand, its signs repeated to 24.

    In base 3 its digits are 0 for +, 1 for 0 and 2 for -, the first gradient's at the end: a
    number below 3**24, which a link carries without loss.

    Examples
    --------
    >>> pattern_number("+"), pattern_number("+++++++++++-++++++++++++")
    (0, 354294)
    """
    fits = isinstance(signs, str) and signs and set(signs) <= set(SIGNS)
    if not fits or LENGTH % len(signs):
        raise ValueError(f'drawn must be 24 signs of "+", "0" and "-", got {signs!r}')
    repeated = signs * (LENGTH // len(signs))
    return sum(SIGNS.index(sign) * 3**i for i, sign in enumerate(repeated))


def _drawn(name, value):
    if isinstance(value, str):
        return pattern_number(value)
    number = _checks.count(name, value)
    _checks.check(name, number, lambda n: n < 3**LENGTH, "below 3**24")
    return number


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
    drawn : str or int
        For the pattern "drawn by hand": 24 signs of "+", "0" and "-", or fewer that repeat to 24.
        The trait holds them as one number, see `pattern_number`; `signs` reads it.

    Examples
    --------
    >>> TwoCases(pattern="drawn by hand", drawn="+++-")
    TwoCases(pattern='drawn by hand', period=12.0, beta=0.9, drawn='+++-+++-+++-+++-+++-+++-')
    """

    pattern = base.one_of(PATTERNS, PERIOD)
    period = base.number(12.0, _period)
    beta = base.beta(0.9)
    drawn = base.Checked(_drawn, pattern_number("+++-"))
    steps = 48
    controls = (
        base.choice("pattern", "pattern of the gradient", PATTERNS),
        base.slider("period", "period in steps", PERIODS, sets={"pattern": PERIOD}),
        base.slider("beta", "momentum β", base.BETAS),
        base.slider("drawn", "drawn by hand", (), hidden=True, range=[0, 3**LENGTH - 1],
                    pad=LENGTH, sets={"pattern": DRAWN}),
    )  # fmt: skip
    tries = (
        {"text": "A new sign at every step", "state": {"pattern": ALTERNATING}},
        {"text": "Neither amplified nor damped", "state": {"pattern": PERIOD, "period": 5.7}},
        {
            "text": "Mixed signs that add up: three to one",
            "state": {"pattern": DRAWN, "drawn": pattern_number("+++-")},
        },
    )

    @property
    def signs(self):
        """The pattern drawn by hand, as 24 signs."""
        return "".join(SIGNS[self.drawn // 3**i % 3] for i in range(LENGTH))

    def __repr__(self):
        return super().__repr__().replace(f"drawn={self.drawn}", f"drawn={self.signs!r}")

    def data(self):
        """Return the periods at which the gain curve is drawn."""
        return {"periods": [float(f"{p:.5g}") for p in np.geomspace(2, 200, 120)]}

    @property
    def omega(self):
        """The angular frequency in radians a step; of a pattern drawn by hand, its mean's: 0."""
        period = {ALTERNATING: 2.0, PERIOD: self.period}.get(self.pattern, math.inf)
        return 2 * math.pi / period

    def gradients(self):
        """Return the gradients on the screen: 48 steps, or the 24 that are drawn by hand."""
        if self.pattern == DRAWN:
            return np.array([1.0 - SIGNS.index(sign) for sign in self.signs])
        return np.cos(self.omega * np.arange(self.steps))

    def velocity(self):
        """Return the velocities on the screen, in the long run: no trace of the start is left."""
        return _run(self.gradients(), self.beta, self._velocity_before())

    def _velocity_before(self):
        """Return the velocity from which the pattern repeats for ever.

        No number of steps would do for every beta: with 0.999 a share of 0.135 of the start is left
        after 2,000.
        """
        if self.pattern != DRAWN:
            return (math.cos(self.omega) - self.beta) * gain(self.beta, self.omega) ** 2
        left = 1.0
        for _ in range(LENGTH):
            left *= self.beta
        return _run(self.gradients(), self.beta, 0.0)[-1] / (1 - left)

    def describe(self):
        """Return what the figure shows, in words."""
        if self.beta == 0:
            return "With β = 0 the velocity is the gradient itself: every gain is 1."
        if self.pattern == DRAWN:
            return self._describe_drawn()
        factor = base.fixed(gain(self.beta, self.omega), 3)
        does = _does(factor)
        return (
            f"{self._subject()} is {does}: gain {factor}{self._lag()}. "
            f"The crossover period is {base.fixed(crossover_period(self.beta), 2)} steps: "
            "slower oscillations are amplified, faster ones are damped."
        )

    def _subject(self):
        return {
            SAME: "A gradient that keeps its sign",
            ALTERNATING: "A gradient that alternates every step",
            PERIOD: f"A period of {base.fixed(self.period, 1)} steps",
        }[self.pattern]

    def _lag(self):
        if self.pattern != PERIOD:
            return ""
        across, along = self.beta * math.sin(self.omega), 1 - self.beta * math.cos(self.omega)
        late = math.atan2(across, along) / self.omega
        return f", and the velocity lags {base.fixed(late, 1)} steps behind the gradient"

    def _describe_drawn(self):
        g = self.gradients()
        if not g.any():
            return "No gradient, no velocity: every bar is 0."
        velocity = f"in the long run the velocity {_range(self.velocity())}."
        if g.sum() == 0:
            return f"This pattern has the mean 0: only its swings are left, and {velocity}"
        mean = g.sum() / LENGTH
        amplified = base.fixed(mean * gain(self.beta), 2)
        return (
            f"This pattern has the mean {base.fixed(mean, 2)}, which is amplified to {amplified}; "
            f"{velocity}"
        )

    def picture(self):
        """Return the static picture."""
        from matplotlib import pyplot as plt

        axes = plt.subplots(2, 1, figsize=(5.2, 3.9))[1]
        g, v = self.gradients(), self.velocity()
        axes[0].axhline(0, color=figures.GRID, linewidth=0.8)
        axes[0].bar(np.arange(len(g)), g, color=figures.BLUE, width=0.7)
        axes[0].plot(v, color=figures.ORANGE, marker="o", markersize=3)
        axes[0].set(xlabel="step, in the long run")
        figures.header(axes[0], ["gradient g", "velocity v"])
        self._gain_curve(axes[1])
        return axes

    def _gain_curve(self, ax):
        periods, end = np.array(self.data()["periods"]), 280
        crossover, gains = crossover_period(self.beta), gain(self.beta, 2 * np.pi / periods)
        figures.lines({"": gains}, ax, x=periods, xscale="log", yscale="log",
                      xlabel="period in steps", ylabel="gain")  # fmt: skip
        ax.lines[0].set_color(figures.INK)
        ax.plot([200, end], [gains[-1], gain(self.beta)], ":", color=figures.INK)
        ax.axhline(1, color=figures.GRID, linewidth=0.8)
        ax.axvline(crossover, color=figures.GRID, linewidth=0.8)
        ax.annotate(
            f"crossover {base.fixed(crossover, 2)}", (crossover, 1), (4, -9),
            ("data", "axes fraction"), "offset points", color=figures.MUTED,
        )  # fmt: skip
        ax.plot(2 * np.pi / self.omega if self.omega else end, gain(self.beta, self.omega), "o",
                color=figures.ORANGE)  # fmt: skip
        ax.set_xticks([2, 5, 10, 20, 50, 100, 200, end], [2, 5, 10, 20, 50, 100, 200, "∞"])
        ax.set_yticks([1, 10, 100, 1000], [1, 10, 100, 1000])
        ax.minorticks_off()
        ax.set(ylim=(0.4, max(20, 1.3 / (1 - self.beta))))


def _run(gradients, beta, v):
    rule, velocities = Momentum(1.0, beta), []
    for g in gradients:
        _, v = rule.step(0.0, g, v)
        velocities.append(v)
    return np.array(velocities)


def _does(factor):
    if base.fixed(float(factor), 2) == "1.00":
        return "passed on nearly unchanged"
    return "damped" if float(factor) < 1 else "amplified"


def _range(velocities):
    low, high = (base.fixed(f(velocities), 2) for f in (np.min, np.max))
    low, high = ("0.00" if text == "−0.00" else text for text in (low, high))
    return f"is {low}" if low == high else f"swings between {low} and {high}"

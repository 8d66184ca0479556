"""The scoreboard: how many steps momentum takes for each step of gradient descent."""

import math

import matplotlib.pyplot as plt
import numpy as np

from momentum import _checks, figures, theory
from momentum.explorers import base

SAME, BEST = AGAINST = "at the same learning rate", "at its best learning rate"
_TINY, _LOW, _HIGH, _EDGE = 1e-9, 0.01, 1000.0, 4.0
_GRID = np.arange(1, 200) / 50  # the learning rates at which the curves are drawn


class Scoreboard(base.Explorer):
    """Momentum's steps for each step of gradient descent, with one curvature and with many.

    The ratio is that of the long run, from the two convergence rates. The curvatures lie between
    L/condition_number and L = 1: the learning rate is learning rate x largest curvature.

    Parameters
    ----------
    against : {"at the same learning rate", "at its best learning rate"}
        Which gradient descent momentum is compared with.
    learning_rate, beta : float
    condition_number : float, at least 1

    Examples
    --------
    >>> board = Scoreboard(learning_rate=0.1, beta=0.81)
    >>> board.rates(1.0), [round(rate, 4) for rate in board.rates(100.0)]
    ((0.9, 0.9), [0.999, 0.9946])
    """

    against = base.one_of(AGAINST, SAME)
    learning_rate = base.learning_rate(0.5)
    beta = base.beta(0.9)
    condition_number = base.number(100.0, _checks.at_least_1)
    controls = (
        base.choice("against", "gradient descent", AGAINST),
        base.slider(
            "learning_rate", "learning rate × largest curvature ηL", [i / 50 for i in range(1, 201)]
        ),
        base.slider("beta", "momentum β", base.BETAS),
        base.slider("condition_number", "condition number κ", base.geometric(1, 10_000, 121), 2),
    )
    tries = (
        {"text": "Loses with one, wins with many: ηL = 1.9", "state": {"learning_rate": 1.9}},
        {"text": "Beyond gradient descent’s limit: ηL = 2.2", "state": {"learning_rate": 2.2}},
        {
            "text": "Both at their best for κ = 100",
            "state": {"against": BEST, "learning_rate": 3.3, "beta": 0.67},
        },
    )

    def data(self):
        """Return the learning rates at which the curves are drawn."""
        return {"grid": _GRID.tolist(), "edge": _EDGE}

    def rates(self, condition_number):
        """Return the two rates, gradient descent's first; what does not converge has infinity."""
        gd, momentum = self._rates(self.learning_rate, condition_number)
        return float(gd), float(momentum)

    def describe(self):
        """Return what the figure shows, in words."""
        kappa, needs = _kappa(self.condition_number), "momentum needs "
        one, many = (_says(*self.rates(k), needs) for k in (1.0, self.condition_number))
        says = f"with one curvature {one}; over a spread of {kappa} {many}"
        if one == many:
            says = f"{one}, with one curvature and over a spread of {kappa}"
        start = "Against gradient descent at its best" if self._is_best else f"A{SAME[1:]}"
        return f"{start}: {says}.{self._share()}{self._best_pair()}"

    def picture(self):
        """Return the static picture."""
        axes = plt.subplots(2, 1, figsize=(5.2, 5.0), sharex=True)[1]
        titles = "one curvature", f"κ = {_kappa(self.condition_number)}"
        for ax, title, kappa in zip(axes, titles, (1.0, self.condition_number)):
            self._draw(ax, kappa)
            ax.set_title(f"{title}: {_says(*self.rates(kappa))}", loc="left")
        axes[1].set(xlabel="learning rate × largest curvature ηL")
        scale = "steps of momentum for each step of gradient descent"
        axes[0].figure.supylabel(scale, color=figures.MUTED, fontsize=10)
        return axes

    @property
    def _is_best(self):
        return self.against == BEST

    def _rates(self, learning_rates, condition_number):
        x, ends = np.asarray(learning_rates), [1 / condition_number, 1.0]
        momentum = _where_stable(theory.convergence_rate(ends, x, self.beta), x, self.beta)
        if self._is_best:
            best = theory.optimal_learning_rate(*ends)[1]
            return np.full(x.shape, best), momentum
        return _where_stable(theory.convergence_rate(ends, x, 0.0), x, 0.0), momentum

    def _share(self):
        if self._is_best:
            return ""
        if self.beta == 0:
            return " With β = 0 momentum is gradient descent."
        share = base.fixed(100 * math.sqrt(self.beta), 1)
        return (
            f" With one curvature momentum is the slower one in {share} % of "
            "gradient descent’s stable range, 0 < ηL < 2."
        )

    def _best_pair(self):
        ends = 1 / self.condition_number, 1.0
        eta, beta, rate = theory.optimal_parameters(*ends)
        if rate == 0:
            return " The best pair is ηL = 1 and β = 0, which is gradient descent at its best."
        times = _times(theory.relative_steps(theory.optimal_learning_rate(*ends)[1], rate))
        return (
            f" The best pair for this spread is ηL = {base.fixed(eta, 3)}, "
            f"β = {base.fixed(beta, 3)}: {times} times the steps of gradient descent at its best."
        )

    def _draw(self, ax, kappa):
        self._draw_ground(ax, kappa)
        ax.plot(*self._curve(kappa), color=figures.INK)
        ax.axvline(self.learning_rate, color=figures.ORANGE, linewidth=0.8)
        here = theory.relative_steps(*self.rates(kappa))
        if self.learning_rate <= _EDGE and not np.isnan(here):
            ax.plot(self.learning_rate, np.clip(here, _LOW, _HIGH), "o", color=figures.ORANGE,
                    clip_on=False)  # fmt: skip
        ticks = [0.01, 0.1, 1, 10, 100, 1000]
        ax.set(yscale="log", xlim=(0, _EDGE), ylim=(_LOW, _HIGH), xticks=range(5))
        ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
        ax.minorticks_off()

    def _draw_ground(self, ax, kappa):
        end, one = self._end(kappa), 1 if self._may_win(kappa) else _LOW
        ax.fill_between([0, end], one, _HIGH, color=figures.PALE_BLUE, linewidth=0)
        ax.fill_between([0, end], _LOW, one, color=figures.PALE_ORANGE, linewidth=0)
        ax.plot([0, end], [one, one], color=figures.MUTED, linewidth=0.8)
        for first, last, color, text in self._beyond(end):
            ax.fill_between([first, last], _LOW, _HIGH, color=color, linewidth=0)
            if 80 * (last - first) > 6 * max(map(len, text.split("\n"))):
                place = (first + last) / 2, math.sqrt(_LOW * _HIGH)
                ax.annotate(text, place, color=figures.MUTED, ha="center", va="center")
        style = {"textcoords": "offset points", "color": figures.MUTED, "fontsize": 9}
        style["xycoords"], best = ax.get_xaxis_transform(), self._is_best
        place = (0.75 * end if best else end, 1)
        ax.annotate("momentum\nslower", place, (-7, -5), ha="right", va="top", **style)
        if self._may_win(kappa):
            place, offset, side = ((0, 0), 5, "left") if best else ((end, 0), -7, "right")
            ax.annotate("momentum\nfaster", place, (offset, 5), ha=side, va="bottom", **style)

    def _may_win(self, kappa):
        """Return whether momentum may be faster: nothing is faster than a single step."""
        return kappa > 1 or not self._is_best

    def _end(self, kappa):
        """Return the learning rate up to which there is a contest."""
        if not self._may_win(kappa):
            return _EDGE
        return theory.stability_limit(self.beta) if self._is_best else 2.0

    def _beyond(self, end):
        """Return the fields where the contest is over: from, to, color and text."""
        if self._is_best:
            return [(end, _EDGE, figures.PALE_BLUE, "only\ngradient\ndescent\nconverges")]
        limit = theory.stability_limit(self.beta)
        return [
            (end, limit, figures.PALE_ORANGE, "only\nmomentum\nconverges"),
            (limit, _EDGE, figures.TINT, "neither\nconverges"),
        ]

    def _curve(self, kappa):
        """Return the curve on the screen, up to where one of the two ceases to converge."""
        if not self._may_win(kappa):
            return [], []
        end, last = self._end(kappa), _HIGH
        if not self._is_best:
            last = _LOW if self.beta else 1.0
        x = _GRID[end * (1 - _TINY) > _GRID]
        y = np.clip(theory.relative_steps(*self._rates(x, kappa)), _LOW, _HIGH)
        return np.append(x, end), np.append(y, last)


def _where_stable(rate, x, beta):
    return np.where(x < theory.stability_limit(beta) * (1 - _TINY), rate, np.inf)


def _says(gd, momentum, needs=""):
    if math.isinf(gd) and math.isinf(momentum):
        return "neither converges"
    if math.isinf(gd):
        return "only momentum converges"
    if math.isinf(momentum):
        return "only gradient descent converges" if needs else "momentum diverges"
    if gd == 0:
        if momentum == 0:
            return "both settle in one step"
        beaten = "gradient descent settles in one step, so momentum cannot win"
        return beaten if needs else "one step settles it"
    ratio = _times(theory.relative_steps(gd, momentum))
    return f"{needs}{'as many steps' if ratio == '1.00' else f'{ratio} times the steps'}"


def _times(ratio):
    if ratio < 0.0005:
        return "less than 0.001"
    return base.fixed(ratio, 3 if ratio < 0.1 else 2 if ratio < 10 else 1 if ratio < 100 else 0)


def _kappa(condition_number):
    return base.fixed(condition_number, (condition_number < 10) + (condition_number < 100))

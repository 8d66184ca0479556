"""The regime map: what one curvature does at every learning rate and beta, and the run at one."""

import math
from functools import cache

import matplotlib.pyplot as plt
import numpy as np

from momentum import figures, theory
from momentum.descent import descend
from momentum.explorers import base
from momentum.optimizers import Momentum, Nesterov
from momentum.surfaces import quadratic

MOMENTUM, NESTEROV = METHODS = "momentum", "Nesterov"
_RATES = 0.5, 0.7, 0.8, 0.9, 0.95
_EDGES = {MOMENTUM: 4.2, NESTEROV: 2.2}  # how far the maps reach: Nesterov's limit is at most 2
_SHOWN, _STEPS, _TINY = 60, 10_000, 1e-9
_NAMES = {  # a text and where it starts; with a third number, where its leader ends
    MOMENTUM: [
        ["monotone", 0.62, 0.13, 0.2],
        ["oscillating", 0.95, 0.36],
        ["jumping", 2.55, 0.06, 1.75],
        ["diverging", 3.2, 0.36],
    ],
    NESTEROV: [
        ["monotone", 0.08, 0.07],
        ["oscillating", 0.42, 0.3],
        ["jumping", 1.08, 0.13],
        ["diverging", 1.62, 0.82],
    ],
}
# Nesterov's contours with a label, and at what beta; the others are too close to each other.
_LABELS = {0.5: 0.58, 0.7: 0.72, 0.8: 0.85, 0.9: 0.96}


class RegimeMap(base.Explorer):
    """The regimes of one curvature over learning rate and beta, and the run at the marked pair.

    The curvature is 1: the learning rate is learning rate x curvature.

    Parameters
    ----------
    method : {"momentum", "Nesterov"}
    learning_rate, beta : float

    Examples
    --------
    >>> RegimeMap(learning_rate=0.04, beta=0.64)
    RegimeMap(method='momentum', learning_rate=0.04, beta=0.64)
    """

    method = base.one_of(METHODS, MOMENTUM)
    learning_rate = base.learning_rate(0.1)
    beta = base.beta(0.9)
    controls = (
        base.choice("method", "method", METHODS),
        base.slider(
            "learning_rate", "learning rate × curvature ηλ", [i / 100 for i in range(1, 421)]
        ),
        base.slider("beta", "momentum β", base.BETAS),
    )
    tries = (
        {
            "text": "Critically damped: ηλ = 0.04, β = 0.64",
            "state": {"learning_rate": 0.04, "beta": 0.64},
        },
        {
            "text": "Beyond gradient descent’s limit: ηλ = 3, β = 0.6",
            "state": {"learning_rate": 3.0, "beta": 0.6},
        },
        {
            "text": "Nesterov’s form at the same place",
            "state": {"method": NESTEROV, "learning_rate": 3.0, "beta": 0.6},
        },
    )

    def data(self):
        """Return the steps that are run and drawn, and the map of each method."""
        return {"steps": _STEPS, "shown": _SHOWN, "maps": {name: _map(name) for name in METHODS}}

    def trajectory(self):
        """Return the run on the screen, which shows its first 60 steps of 10,000."""
        form = Nesterov if self.method == NESTEROV else Momentum
        return descend(quadratic([1.0]), [1.0], form(self.learning_rate, self.beta), _STEPS)

    def describe(self):
        """Return what the figure shows, in words."""
        x, limit, run = self.learning_rate, self._limit(), self.trajectory()
        name = {MOMENTUM: "Momentum", NESTEROV: "Nesterov’s form"}[self.method]
        if self.beta == 0:
            name = "Gradient descent (β = 0)"
        if abs(x - limit) <= _TINY * limit:
            return (
                f"{name} is at the stability limit {self._limit_says()}: "
                "it neither settles nor diverges, it jumps from side to side for ever."
            )
        if x > limit:
            return f"{name} {self._diverges()}"
        rate = self._rate()
        if rate == 0:
            steps = {1: "1 step", 2: "2 steps"}[run.settling_time()]
            return f"{name} has the rate 0: both roots are 0, and it settles in {steps}."
        beyond = " Gradient descent, whose limit is 2, would diverge." if x > 2 else ""
        return f"{name} {self._manner(rate)}{self._settles(rate, run.settling_time())}{beyond}"

    def picture(self):
        """Return the static picture."""
        axes = plt.figure(figsize=(5.2, 5.77)).subplot_mosaic(
            [["map", "map"], ["run", "plane"]], height_ratios=(1.6, 1), width_ratios=(1.4, 1)
        )
        color = base.LOOK[self.method]["color"]
        _draw_map(axes["map"], _map(self.method))
        at = min(self.learning_rate, _EDGES[self.method]), self.beta
        axes["map"].plot(*at, "o", color=color, markeredgecolor=figures.INK, markersize=8,
                         clip_on=False)  # fmt: skip
        run = self.trajectory()
        w, g = run.path[: _SHOWN + 1, 0], run.gradients[:_SHOWN, 0]
        v, high = _velocities(g, self.beta), _height(self.learning_rate)
        axes["run"].axhline(0, color=figures.GRID, linewidth=0.8)
        axes["run"].plot(w, ".-", color=color, markersize=4, linewidth=1.1)
        axes["run"].set(ylim=(-1.6, 1.6), xlabel="step")
        axes["run"].set_title("w", loc="left")
        look = {"colors": [color], "xlabel": "w", "ylabel": ""}
        figures.phase_plane({"": (w, v)}, axes["plane"], **look)
        axes["plane"].set(xlim=(-1.6, 1.6), ylim=(-high, high), xticks=(-1, 0, 1))
        axes["plane"].set_title("velocity v", loc="left")
        return np.array(list(axes.values()))

    def _limit(self):
        return theory.stability_limit(self.beta, nesterov=self.method == NESTEROV)

    def _limit_says(self):
        formula = "2(1 + β)/(1 + 2β)" if self.method == NESTEROV else "2(1 + β)"
        return f"{formula} = {base.fixed(self._limit(), 3)}"

    def _rate(self):
        nesterov = self.method == NESTEROV
        return theory.convergence_rate(1.0, self.learning_rate, self.beta, nesterov=nesterov)

    def _diverges(self):
        raw = theory.stability_limit(self.beta) * (1 - _TINY)
        holds = " Momentum in its raw form would converge." if self.learning_rate < raw else ""
        return (
            f"diverges, by a factor of {base.fixed(self._rate(), 4)} a step: "
            f"ηλ is beyond the stability limit {self._limit_says()}.{holds}"
        )

    def _roots(self):
        """Return the product of the two roots, half their sum, and what stands under the root."""
        x, product = self.learning_rate, self.beta
        if self.method == NESTEROV:
            product = product * (1 - x)
        half = (1 + product - x) / 2
        return product, half, half * half - product

    def _is_double(self):
        product, _, inside = self._roots()
        return abs(inside) <= _TINY * product

    def _manner(self, rate):
        product, half, inside = self._roots()
        says = base.fixed(rate, 4)
        if self._is_double() and half > 0:
            return f"is critically damped: its two roots have met, at {says}."
        if self._is_double():
            return f"is where oscillating meets jumping: its two roots have met, at −{says}."
        if inside < 0:
            period = 2 * math.pi / math.acos(half / math.sqrt(product))
            return f"oscillates with period {base.fixed(period, 1)} steps; its rate is {says}."
        how = "jumps from side to side" if half < 0 else "is monotone"
        return f"{how}; its rate is {says}."

    def _settles(self, rate, measured):
        predicted = math.log(0.01) / math.log(rate) if rate < 1 else math.inf
        takes = f"takes {measured:.0f}"
        if not math.isfinite(measured):
            takes = f"has not settled in {_STEPS:,}"
        double = ", for at a double root the error shrinks like t times the t-th power of the rate"
        return (
            f" The rate predicts {base.fixed(predicted, 1)} steps to 1 %; "
            f"the run {takes}{double if self._is_double() else ''}."
        )


@cache
def _map(method):
    """Return what the map of a method shows, none of which depends on the marked pair."""
    nesterov, s = method == NESTEROV, np.linspace(-1, 1, 41)
    critical = (1 - s) ** 2, s * s
    if nesterov:
        s = s[s >= 0]
        critical = s * s, (1 - s) / (1 + s)
    betas = np.linspace(0, 1, 12 if nesterov else 2)
    limit = 2 * (1 + betas) / (1 + 2 * betas if nesterov else 1), betas
    contours = [curve for rate in _RATES for curve in theory.rate_contour(rate, nesterov=nesterov)]
    edge = _EDGES[method]
    beyond = [np.append(curve, end) for curve, end in zip(limit, ([edge] * 2, [1, 0]))]
    return {
        "edge": edge,
        "ticks": [0, 0.5, 1, 1.5, 2] if nesterov else [0, 1, 2, 3, 4],
        "diverging": _rounded(beyond),
        "edges": [_rounded(critical), _rounded(limit)],
        "contours": [_rounded(curve) for curve in contours],
        "labels": _nesterov_labels() if nesterov else [[str(r), 1 + r * r, r * r] for r in _RATES],
        "names": _NAMES[method],
    }


def _nesterov_labels():
    return [[str(rate), 1 - rate * rate / beta, beta] for rate, beta in _LABELS.items()]


def _rounded(curve):
    return [np.round(coordinates, 4).tolist() for coordinates in curve]


def _draw_map(ax, shown):
    ax.fill(*shown["diverging"], color=figures.TINT)
    for curve in shown["contours"]:
        ax.plot(*curve, color=figures.MUTED, linewidth=0.9)
    for curve in shown["edges"]:
        ax.plot(*curve, color=figures.INK, linewidth=1.2, linestyle=(0, (5, 3)))
    for text, x, y in shown["labels"]:
        ax.annotate(text, (x, y), color=figures.MUTED, fontsize=9, ha="center", va="center",
                    bbox={"facecolor": figures.PAPER, "edgecolor": "none", "pad": 1})  # fmt: skip
    for text, x, y, *dot in shown["names"]:
        ax.annotate(text, (x, y), color=figures.INK, fontsize=10, va="center")
        for end in dot:
            ax.plot([end, x - 0.05], [y, y], color=figures.MUTED, linewidth=0.8)
            ax.plot(end, y, "o", color=figures.MUTED, markersize=3)
    ax.set(xlim=(0, shown["edge"]), ylim=(0, 1), yticks=(0, 0.5, 1))
    ax.set(xticks=shown["ticks"], xlabel="learning rate × curvature ηλ")
    ax.set_title("momentum β", loc="left")
    ax.set_title("lines: convergence rate", loc="right", color=figures.MUTED)


def _velocities(gradients, beta):
    v = [0.0]
    with np.errstate(all="ignore"):
        for g in gradients:
            v.append(beta * v[-1] + g)
    return np.array(v)


def _height(x):
    """Return how far the phase plane reaches: velocities grow like 1/sqrt(x)."""
    return next((high for high in (1.6, 2, 4, 8, 12) if 1.2 / math.sqrt(x) <= high), 16)

"""The path: gradient descent beside momentum on a map, and the arithmetic of each step."""

from dataclasses import replace
from functools import cache

import contourpy
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.path import Path as Outline

from momentum import figures, surfaces
from momentum.descent import descend
from momentum.explorers import base
from momentum.optimizers import GradientDescent, Momentum

SURFACES = {
    "ledge": surfaces.plateau(2, dim=2),
    "saddle": surfaces.saddle(),
    "bowl": surfaces.quadratic([1, 10]),
    "himmelblau": surfaces.himmelblau(),
}
_LAST, _BARS, _FAR = 200, 20, 1e6
_GRID = 1000  # contours are handed over in thousandths of the view


class Path(base.Explorer):
    """Gradient descent beside momentum on a surface of two coordinates, step by step.

    Both run for 1000 steps from one start. A start outside the view of the surface is moved to
    the edge of the view, and the text says so.

    Parameters
    ----------
    surface : {"ledge", "saddle", "bowl", "himmelblau"}
    start_x, start_y : float
    learning_rate, beta : float
    step : int
        The step whose arithmetic is shown, from 0 to 200: step t leads from w(t) to w(t + 1).

    Examples
    --------
    >>> Path(beta=0.95)
    Path(surface='ledge', start_x=-3.0, start_y=2.0, learning_rate=0.1, beta=0.95, step=12)
    """

    surface = base.one_of(SURFACES, "ledge")
    start_x = base.number(-3.0)
    start_y = base.number(2.0)
    learning_rate = base.learning_rate(0.1)
    beta = base.beta(0.9)
    step = base.whole(12, 0, _LAST)
    steps = 1000
    controls = (
        base.choice("surface", "surface", SURFACES),
        base.slider("start_x", "start x", [], 2, hidden=True, range=[-5.0, 6.5]),
        base.slider("start_y", "start y", [], 2, hidden=True, range=[-5.0, 5.0]),
        base.slider("learning_rate", "learning rate η", base.geometric(0.001, 1, 121)),
        base.slider("beta", "momentum β", base.BETAS),
        base.slider("step", "step", range(_LAST + 1), 0),
    )
    tries = (
        {
            "text": "Too slow to cross the ledge: η = 0.02",
            "state": {
                "surface": "ledge", "start_x": -3.0, "start_y": 2.0,
                "learning_rate": 0.02, "beta": 0.9, "step": 40,
            },
        },
        {
            "text": "Start exactly on the saddle’s ridge",
            "state": {
                "surface": "saddle", "start_x": 1.2, "start_y": 0.0,
                "learning_rate": 0.1, "beta": 0.9, "step": 5,
            },
        },
        {
            "text": "One start, two minima: Himmelblau",
            "state": {
                "surface": "himmelblau", "start_x": 0.0, "start_y": 0.0,
                "learning_rate": 0.01, "beta": 0.9, "step": 8,
            },
        },
    )  # fmt: skip

    def data(self):
        """Return the number of steps, and of every surface its view, minima and contours."""
        drawn = {
            name: {
                "view": surface.view,
                "minima": [minimum.tolist() for minimum in surface.minima],
                "contours": _contours(name),
            }
            for name, surface in SURFACES.items()
        }
        return {"steps": self.steps, "bars": _BARS, "surfaces": drawn}

    @property
    def start(self):
        """The start of both runs: `start_x` and `start_y`, moved into the view of the surface."""
        view = SURFACES[self.surface].view
        return [
            min(max(x, low), high)
            for x, (low, high) in zip((self.start_x, self.start_y), view, strict=True)
        ]

    def trajectory(self, *, gradient_descent=False):
        """Return the run of momentum, or of gradient descent, that is on the screen."""
        rule = Momentum(self.learning_rate, self.beta)
        if gradient_descent:
            rule = GradientDescent(self.learning_rate)
        return descend(SURFACES[self.surface], self.start, rule, self.steps)

    def describe(self):
        """Return what the figure shows, in words."""
        gd, momentum = self.trajectory(gradient_descent=True), self.trajectory()
        moved = ""
        if self.start != [self.start_x, self.start_y]:
            moved = f"Start moved into the view: {_pair(self.start, 2)}. "
        minima = SURFACES[self.surface].minima
        return (
            f"{moved}After {self.steps} steps: gradient descent {_ends(gd, minima)}, "
            f"momentum {_ends(momentum, minima)}. "
            f"{_arithmetic(momentum, self.learning_rate, self.beta, self.step)}."
        )

    def picture(self):
        """Return the static picture."""
        above, below = plt.subplots(2, 1, figsize=(5.2, 4.73), height_ratios=(2.6, 1))[1]
        runs = {
            "gradient descent": self.trajectory(gradient_descent=True),
            "momentum": self.trajectory(),
        }
        figures.paths(
            SURFACES[self.surface], {name: _near(run) for name, run in runs.items()}, above
        )
        plt.setp(
            base.drawn(above, "gradient descent"), **base.LOOK["gradient descent"], markersize=2
        )
        self._marks(above, *(_near(run).path for run in runs.values()))
        shares = _shares(self.beta, self.step + 1)[:_BARS]
        below.bar(range(len(shares)), shares, color=figures.ORANGE, width=0.7)
        below.set(xlim=(-0.6, _BARS - 0.4), xticks=range(0, _BARS, 5), ylabel="share")
        below.set_xlabel("age of the gradient in steps")
        below.set_title("share of each past gradient in the step", loc="left")
        return np.array([above, below])

    def _marks(self, ax, gd, momentum):
        """Mark where both stand at the step, and where the step leads momentum."""
        hollow = {"markerfacecolor": figures.PAPER}
        ax.plot(*gd[self.step :][:1].T, "o", color=figures.BLUE, **hollow)
        ax.plot(*momentum[self.step :][:2].T, color=figures.INK)
        ax.plot(*momentum[self.step :][:1].T, "o", color=figures.ORANGE, markersize=8)
        ax.plot(*momentum[self.step + 1 :][:1].T, "o", color=figures.INK, markersize=5, **hollow)


@cache
def _contours(name):
    """Return contour lines as SVG path data, in thousandths of the view, y downward."""
    surface = SURFACES[name]
    x, y = np.meshgrid(*(np.linspace(low, high, 61) for low, high in surface.view))
    heights = surface.value([x, y])
    unit = np.linspace(0, _GRID, 61)
    lines = contourpy.contour_generator(unit, unit[::-1], heights)
    low, high = heights.min(), heights.max()
    levels = low + (high - low) * np.linspace(0, 1, 13)[1:-1] ** 2
    return "".join(_outline(line) for level in levels for line in lines.lines(level))


def _outline(line):
    path = Outline(line)
    path.simplify_threshold = 0.8
    points = path.cleaned(simplify=True).vertices[:-1].round().astype(int)
    moves = " ".join(f"{dx} {dy}" for dx, dy in np.diff(points, axis=0))
    return f"M{points[0, 0]} {points[0, 1]}l{moves}".replace(" -", "-")


def _near(run):
    """Return a run up to where it leaves the neighbourhood of the picture for good."""
    outside = np.flatnonzero(~(abs(run.path).max(axis=1) < 1e3))
    return replace(run, path=run.path[: outside[0]]) if outside.size else run


def _number(x, digits=3):
    text = base.fixed(x, digits)
    return text if text.strip("−0.") else text.lstrip("−")


def _pair(w, digits=3):
    return f"({_number(w[0], digits)}, {_number(w[1], digits)})"


def _ends(run, minima):
    if run.diverged:
        return "diverges"
    distances = [np.sqrt(dx * dx + dy * dy) for dx, dy in run.path[-1] - np.array(minima)]
    nearest = int(np.argmin(distances))
    return f"{_number(distances[nearest])} from minimum {_pair(minima[nearest], 2)}"


def _arithmetic(run, learning_rate, beta, step):
    (at, w), v = run.path[step : step + 2], np.zeros(2)
    with np.errstate(all="ignore"):
        for g in run.gradients[: step + 1]:
            kept = beta * v
            v = kept + g
        move = learning_rate * v
    if not max(abs(w).max(), abs(v).max(), abs(g).max()) <= _FAR:
        return f"At step {step} momentum is out of reach, its numbers have passed a million"
    newest = 100 * _shares(beta, step + 1)[0]
    return (
        f"At step {step} momentum stands at w = {_pair(at)}: "
        f"βv = {_pair(kept)}, g = {_pair(g)}, v = βv + g = {_pair(v)}, ηv = {_pair(move)}, "
        f"so it goes to w − ηv = {_pair(w)}. Share of the newest gradient: {_number(newest, 1)} %"
    )


def _shares(beta, count):
    """Return what part of the velocity each of `count` gradients has, the newest first."""
    weights = [1.0]
    for _ in range(count - 1):
        weights.append(weights[-1] * beta)
    total = 0.0
    for weight in weights:
        total += weight
    return [weight / total for weight in weights]

"""The path: gradient descent beside another rule on a map, and the arithmetic of each step."""

from functools import cache

import contourpy
import numpy as np
from matplotlib.path import Path as Outline

from momentum import optimizers, surfaces
from momentum.descent import descend
from momentum.explorers import base

_MADE = {
    "ledge": ("plateau", {"width": 2.0, "dim": 2}),
    "saddle": ("saddle", {}),
    "bowl": ("quadratic", {"curvatures": [1.0, 10.0]}),
    "himmelblau": ("himmelblau", {}),
}
SURFACES = {name: getattr(surfaces, kind)(**settings) for name, (kind, settings) in _MADE.items()}
_LOGARITHMIC = {"bowl", "himmelblau"}  # the costs fall by the same factor again and again
RULES = {  # the class, which of its parameters β is, its other parameters, and its colour
    "momentum": ("Momentum", "beta", (), "orange"),
    "Nesterov": ("Nesterov", "beta", (), "green"),
    "AdaGrad": ("AdaGrad", None, ("epsilon",), "moss"),
    "RMSProp": ("RMSProp", "decay", ("epsilon",), "crimson"),
    "Adam": ("Adam", "beta1", ("beta2", "epsilon"), "violet"),
}
_LAST, _BARS = 200, 20
GRID = 1000  # contours are handed over in thousandths of the view


class Path(base.Explorer):
    """Gradient descent beside another rule on a surface of two coordinates, step by step.

    Both run for 1000 steps from one start. A start outside the view of the surface is moved to
    the edge of the view, and the text says so. β is momentum's and Nesterov's beta, RMSProp's decay
    and Adam's beta1; AdaGrad has none. What else a rule has is at its default.

    Parameters
    ----------
    surface : {"ledge", "saddle", "bowl", "himmelblau"}
    start_x, start_y : float
    rule : {"momentum", "Nesterov", "AdaGrad", "RMSProp", "Adam"}
        The rule beside gradient descent.
    learning_rate, beta : float
    step : int
        The step whose arithmetic is shown, from 0 to 200: step t leads from w(t) to w(t + 1).

    Examples
    --------
    >>> Path(rule="Adam").trajectory().path[:2].round(3).tolist()
    [[-3.0, 2.0], [-2.9, 1.9]]
    """

    surface = base.one_of(SURFACES, "ledge")
    rule = base.one_of(RULES, "momentum")
    start_x = base.number(-3.0)
    start_y = base.number(2.0)
    learning_rate = base.learning_rate(0.1)
    beta = base.beta(0.9)
    step = base.whole(12, 0, _LAST)
    steps = 1000
    controls = (
        base.choice("surface", "surface", SURFACES),
        base.choice("rule", "rule", RULES),
        base.slider("start_x", "start x", [], hidden=True, range=[-5.0, 6.5]),
        base.slider("start_y", "start y", [], hidden=True, range=[-5.0, 5.0]),
        base.slider("learning_rate", "learning rate η", base.geometric(0.001, 1, 121)),
        base.slider("beta", "momentum β", base.BETAS),
        base.slider("step", "step", range(_LAST + 1), 0),
    )
    tries = (
        base.attempt(
            "Too slow to cross the ledge: η = 0.02",
            surface="ledge", start_x=-3.0, start_y=2.0, learning_rate=0.02, beta=0.9, step=40,
        ),
        base.attempt(
            "Start exactly on the saddle’s ridge",
            surface="saddle", start_x=1.2, start_y=0.0, learning_rate=0.1, beta=0.9, step=5,
        ),
        base.attempt(
            "One start, two minima: Himmelblau",
            surface="himmelblau", start_x=0.0, start_y=0.0, learning_rate=0.01, beta=0.9, step=8,
        ),
    )  # fmt: skip

    def data(self):
        """Return the numbers of steps and bars, and what each surface is, and shows."""
        drawn = {
            name: {
                "made": _MADE[name],
                "view": surface.view,
                "minima": [minimum.tolist() for minimum in surface.minima],
                "contours": _contours(name),
                "logarithmic": name in _LOGARITHMIC,
            }
            for name, surface in SURFACES.items()
        }
        rules = {
            label: {"kind": kind, "memory": memory, "color": color, "more": _more(kind, more)}
            for label, (kind, memory, more, color) in RULES.items()
        }
        sizes = {"steps": self.steps, "bars": _BARS, "grid": GRID}
        return {**sizes, "surfaces": drawn, "rules": rules}

    @property
    def start(self):
        """The start of both runs: `start_x` and `start_y`, moved into the view of the surface."""
        low, high = np.transpose(SURFACES[self.surface].view)
        return np.clip([self.start_x, self.start_y], low, high).tolist()

    def trajectory(self, *, gradient_descent=False):
        """Return the run of the rule, or of gradient descent, that is on the screen."""
        rule = self.optimizer
        if gradient_descent:
            rule = optimizers.GradientDescent(self.learning_rate)
        return descend(SURFACES[self.surface], self.start, rule, self.steps)

    @property
    def optimizer(self):
        """The rule beside gradient descent, as the package has it."""
        kind, memory, _, _ = RULES[self.rule]
        own = {memory: self.beta} if memory else {}
        return getattr(optimizers, kind)(learning_rate=self.learning_rate, **own)


def _more(kind, names):
    return {name: getattr(getattr(optimizers, kind), name) for name in names}


@cache
def _contours(name):
    """Return contour lines as SVG path data, in thousandths of the view, y downward."""
    surface = SURFACES[name]
    x, y = np.meshgrid(*(np.linspace(low, high, 61) for low, high in surface.view))
    heights = surface.value([x, y])
    unit = np.linspace(0, GRID, 61)
    lines = contourpy.contour_generator(unit, unit[::-1], heights)
    low, high = heights.min(), heights.max()
    levels = low + (high - low) * np.linspace(0, 1, 13)[1:-1] ** 2
    return "".join(outline(line) for level in levels for line in lines.lines(level))


def outline(line):
    """Return a line, in thousandths of a view, as SVG path data of whole numbers."""
    path = Outline(line)
    path.simplify_threshold = 0.8
    points = path.cleaned(simplify=True).vertices[:-1].round().astype(int)
    moves = " ".join(f"{dx} {dy}" for dx, dy in np.diff(points, axis=0))
    return f"M{points[0, 0]} {points[0, 1]}l{moves}".replace(" -", "-")

"""The valley: one curvature, from far too small a learning rate to one past the limit."""

import math

import matplotlib.pyplot as plt
import numpy as np

from momentum import figures, theory
from momentum.descent import descend
from momentum.explorers import base
from momentum.optimizers import Momentum
from momentum.surfaces import quadratic

_SHOWN = [50, 120, 300]  # steps that the picture may show


class Valley(base.Explorer):
    """Gradient descent and momentum on f(w) = w**2/2 over the steps, with what theory says of them.

    Parameters
    ----------
    learning_rate, beta : float

    Examples
    --------
    >>> Valley(learning_rate=0.01, beta=0.9)
    Valley(learning_rate=0.01, beta=0.9)
    """

    learning_rate = base.learning_rate(0.01)
    beta = base.beta(0.9)
    steps = 300
    controls = (
        base.slider("learning_rate", "learning rate × curvature ηλ", base.geometric(0.001, 4, 121)),
        base.slider("beta", "momentum β", base.BETAS),
    )
    tries = (
        {"text": "Let momentum swing: β = 0.99", "state": {"learning_rate": 0.01, "beta": 0.99}},
        {"text": "Inside gradient descent’s limit: ηλ = 1.5", "state": {"learning_rate": 1.5}},
        {"text": "Beyond it: ηλ = 3", "state": {"learning_rate": 3.0}},
    )

    def data(self):
        """Return the number of steps of the runs, and how many of them may be drawn."""
        return {"steps": self.steps, "shown": _SHOWN}

    def trajectory(self, *, gradient_descent=False):
        """Return the run of momentum, or of gradient descent, that is on the screen."""
        rule = Momentum(self.learning_rate, 0.0 if gradient_descent else self.beta)
        return descend(quadratic([1.0]), [1.0], rule, self.steps)

    def describe(self):
        """Return what the figure shows, in words."""
        gd, momentum = self.trajectory(gradient_descent=True), self.trajectory()
        return (
            f"Gradient descent {_says(self.learning_rate, 0.0, gd)}. "
            f"Momentum {_says(self.learning_rate, self.beta, momentum)}."
        )

    def picture(self):
        """Return the static picture."""
        runs = {"gradient descent": self.trajectory(gradient_descent=True)}
        runs["momentum"] = self.trajectory()
        shown = _shown(runs.values())
        series = {name: _seen(run.path[:, 0], shown) for name, run in runs.items()}
        ax = figures.lines(series, ylabel="w", xlim=(0, shown), ylim=(-1.6, 1.6))
        for method, width, zorder in (("momentum", 1, 2), ("gradient descent", 1.6, 3)):
            look = {**base.LOOK[method], "linewidth": width, "zorder": zorder}
            plt.setp(base.drawn(ax, method), **look)
        return ax


def _shown(runs):
    """Return the fewest of some steps that show how all runs settle; a longer axis hides one."""
    times = [run.settling_time() for run in runs if not abs(run.path[-1, 0]) > 1]
    return next((count for count in _SHOWN if all(t <= count for t in times)), Valley.steps)


def _seen(w, shown):
    """Return what is drawn of a run: one that diverges, up to where it leaves the picture."""
    w = w[: shown + 1]
    beyond = np.flatnonzero(abs(w) > 1.6)
    padded = np.full(shown + 1, np.nan)
    end = beyond[0] + 1 if beyond.size else len(w)
    padded[:end] = w[:end]
    return padded


def _says(x, beta, run):
    rate = theory.convergence_rate(1.0, x, beta)
    if rate >= 1:
        diverges = f"diverges, by a factor of {base.fixed(rate, 3)} a step"
        return diverges if rate > 1 else "neither settles nor diverges"
    time = run.settling_time()
    settles = (
        f"settles to 1 % in {time:.0f} steps"
        if math.isfinite(time)
        else f"has not settled to 1 % in {run.steps} steps"
    )
    return f"{_manner(x, beta, run)}, {settles}, rate {base.fixed(rate, 4)}"


def _manner(x, beta, run):
    half = (1 + beta - x) / 2
    if half * half >= beta:
        return "jumps from side to side" if half < 0 else "is monotone"
    period = 2 * math.pi / math.acos(half / math.sqrt(beta))
    overshoot = 100 * max(0.0, -np.min(run.path))
    return (
        f"oscillates with period {base.fixed(period, 1)} steps, "
        f"overshoots by {base.fixed(overshoot, 0)} %"
    )

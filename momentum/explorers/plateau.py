"""The plateau: a ball on the ledge, where the coasting law stops it, and where it does stop."""

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np

from momentum import _checks, figures, surfaces, theory
from momentum.descent import descend
from momentum.explorers import base
from momentum.optimizers import Momentum

_STEPS = 1500
_RATES = [*base.geometric(0.001, 0.1, 61), *base.geometric(0.1, 3, 46)[1:]]
_WIDTHS = [i / 10 for i in range(121)]
_SHOWN = [*range(200), *range(200, 500, 5), *range(500, _STEPS + 1, 20)]


class Plateau(base.Explorer):
    """A ball that momentum rolls down the slope A, over the ledge B, and into the minimum C.

    Parameters
    ----------
    learning_rate, beta : float
    width : float
        Of the ledge.
    step : int
        The ball is shown at this step, of 1500: where it is before it makes the step.
    start_x : float

    Examples
    --------
    >>> Plateau(width=7.1)
    Plateau(learning_rate=0.1, beta=0.9, width=7.1, step=8, start_x=-3.0)
    >>> round(Plateau(width=7.1).coasting_point(), 4)
    6.9984
    """

    learning_rate = base.learning_rate(0.1)
    beta = base.beta(0.9)
    width = base.number(2.0, _checks.non_negative)
    step = base.whole(8, 0, _STEPS)
    start_x = base.number(-3.0)
    controls = (
        base.slider("learning_rate", "learning rate η", _RATES),
        base.slider("beta", "momentum β", base.BETAS),
        base.slider("width", "width of the ledge", _WIDTHS),
        base.slider("step", "step", _SHOWN, 0),
        base.slider("start_x", "start x", (), hidden=True, range=[-6, 16]),
    )
    tries = (
        {"text": "A little too wide: 7.1", "state": {"width": 7.1, "step": 60}},
        {"text": "Too fast: β = 0.95, width 3", "state": {"beta": 0.95, "width": 3.0, "step": 45}},
        {"text": "No memory: β = 0", "state": {"beta": 0.0, "step": 40}},
    )

    def data(self):
        """Return the number of steps of the run."""
        return {"steps": _STEPS}

    def trajectory(self):
        """Return the run that is on the screen."""
        rule = Momentum(self.learning_rate, self.beta)
        return descend(surfaces.plateau(self.width), [self.start_x], rule, _STEPS)

    def coasting_point(self):
        """Return where the ball would come to rest if the ledge went on, by the coasting law.

        None if the ball never comes from the slope to the ledge.
        """
        return _coasts_to(self.trajectory().path[:, 0], self.beta)

    def describe(self):
        """Return what the figure shows, in words."""
        run = self.trajectory()
        if run.gradients[0, 0] == 0:
            place = "in C, the minimum" if self.start_x > self.width else "on flat ground"
            return f"The ball starts {place}, where the gradient is 0. It never moves."
        x, first = run.path[:, 0], self._starts()
        says = self._rolls(x, _end(x, self.width, self.beta, run.diverged), bool(first))
        return f"{first}{says} {self._stands(x)}"

    def picture(self):
        """Return the static picture."""
        run, surface = self.trajectory(), surfaces.plateau(self.width)
        x, (low, high) = run.path[:, 0], self._view
        surface = replace(surface, view=(self._view,))
        ax = plt.subplots(figsize=(5.2, 3.9))[1]
        flat = {"B": self.width / 2} if self.width else {}
        figures.profile(surface, ax=ax, places={**flat, "C": self.width + 2})
        slope = (-2.6, surface.value([-2.6]))
        ax.annotate("A", slope, (-12, -12), textcoords="offset points", ha="center")
        seen = np.unique(x[(x >= low) & (x <= high)].round(2))
        top = 1.05 * max([7.2, *surface.value(seen[np.newaxis])])
        ax.plot(seen, surface.value(seen[np.newaxis]), "o", color=figures.ORANGE, markersize=4)
        for place, size, paint in ((x[0], 9, figures.PAPER), (x[self.step], 8, figures.ORANGE)):
            if low <= place <= high:
                ball = {"color": figures.INK, "markerfacecolor": paint, "markersize": size}
                ax.plot(place, surface.value([place]), "o", **ball)
        ax.set(ylim=(-0.17 * top, top))
        return self._mark(ax, surface, x, run.diverged, top)

    def _mark(self, ax, surface, x, diverged, top):
        """Mark where the ball ends and where the coasting law stops it, with titles as labels."""
        rest, end = _coasts_to(x, self.beta), _end(x, self.width, self.beta, diverged)
        label = {"diverges": "diverges", "moves": "still moving"}.get(end, f"ends at {_at(x[-1])}")
        ends = x[-1] if label.startswith("ends") else None
        marks = [(ends, figures.ORANGE, "-"), (rest, figures.INK, "--")]
        for place, color, style in marks:
            if place is not None and place <= self._view[1]:
                ax.vlines(place, surface.value([place]), top, color=color, linestyle=style)
        ax.set_title(label, loc="right", color=figures.ORANGE)
        if rest is not None:
            ax.set_title(f"coasts to {_at(rest)}", loc="left", color=figures.INK)
        return ax

    @property
    def _view(self):
        return -6.5, self.width + 5

    def _outside(self, x):
        return "" if self._view[0] <= x <= self._view[1] else ", outside the picture"

    def _starts(self):
        outside = self._outside(self.start_x)
        if self.start_x > self.width:
            far = "far " if outside else ""
            return f"The ball starts {far}behind the ledge, at {_at(self.start_x)}. "
        return f"The ball starts at {_at(self.start_x)}{outside}. " if outside else ""

    def _rolls(self, x, end, introduced):
        ball, t = "It" if introduced else "The ball", _entry(x)
        if not t:
            return self._stays_out(x, end, ball)
        verb = "leaps over" if x[t] > self.width else "enters"
        way = " from the slope" if self.start_x > self.width else ""
        return (
            f"{ball} {verb} the ledge{way} after {t} step{'s' if t > 1 else ''} with a step of "
            f"{base.fixed(x[t] - x[t - 1], 3)}. "
            f"The coasting law carries it to {base.fixed(_coasts_to(x, self.beta), 3)}. "
            f"The ledge is {base.fixed(self.width, 2)} wide{self._then(x[t:], end)}"
        )

    def _then(self, x, end):
        """Return what follows once the ball has come to the ledge from the slope."""
        if not (x > self.width).any():
            stalls = f", so it stalls on the ledge at {_at(x[-1])}, at cost 1.00."
            return stalls if end == "ledge" else f". {self._goes_on(x, end)}"
        if end not in ("C", "ledge"):
            return f", so it crosses. {self._goes_on(x, end)}"
        again = (x < 0).any()
        if end == "ledge":
            back = "rolls back to the slope, and at last" if again else "rolls back and"
            return f", so it crosses, {back} stops on the ledge at {_at(x[-1])}."
        back = "rolls back to the slope, and at last" if again else "and"
        return f", so it crosses, {back} comes to rest in C at {_at(x[-1])}."

    def _stays_out(self, x, end, ball):
        """Return what a ball does that never comes from the slope to the ledge."""
        if end == "C":
            return f"{ball} comes to rest in C at {_at(x[-1])}."
        if end == "ledge":
            return f"{ball} rolls back and stops on the ledge at {_at(x[-1])}, at cost 1.00."
        if end == "edge":
            return f"{ball} never enters the ledge: it stops at its edge, at cost 1.00."
        if end == "moves" and self.start_x < 0:
            return (
                f"{ball} has not reached the ledge after {_STEPS} steps: "
                f"it is still on the slope, at {_at(x[-1])}."
            )
        return self._goes_on(x, end)

    def _goes_on(self, x, end):
        period = _period(x)
        if end == "moves" and period:
            return f"After {_STEPS} steps it repeats a cycle of {period} steps."
        if end == "moves":
            return f"After {_STEPS} steps it is still moving, at {_at(x[-1])}."
        limit = base.fixed(theory.stability_limit(self.beta), 3)
        return f"The run diverges: the limit of the learning rate is 2(1 + β) = {limit}."

    def _stands(self, x):
        t = self.step
        if not np.isfinite(x[t]):
            return f"At step {t} it is out of all bounds."
        move = np.diff(x[t : t + 2])
        on = f", from where it moves by {_at(move[0], 3)}" if np.isfinite(move).any() else ""
        return f"At step {t} it stands at {_at(x[t])}{self._outside(x[t])}{on}."


def _at(x, digits=2):
    """Format a place; what rounds to zero has no sign."""
    return base.fixed(0.0 if 2 * abs(x) < 0.1**digits else x, digits)


def _entry(x):
    """Return the step that first leads from the slope to the ledge or beyond; 0 if none does.

    A step below 1e-12 is none: it is the rounding error of a run that ends at the edge.
    """
    with np.errstate(all="ignore"):
        step = np.diff(x)
        enters = (x[:-1] < 0) & (x[1:] >= 0) & (step > 1e-12) & np.isfinite(step)
    return int(np.argmax(enters)) + 1 if enters.any() else 0


def _coasts_to(x, beta):
    t = _entry(x)
    return float(x[t] + theory.coasting_distance(x[t] - x[t - 1], beta)) if t else None


def _end(x, width, beta, diverged):
    """Return where the run ends, in one word; a ball whose place is not yet settled `moves`."""
    late, last = x[-100:], abs(x[-1] - x[-2])
    if diverged:
        return "diverges"
    if x[0] < 0 and not _entry(x) and (late > -0.005).all():
        return "edge"
    if 0 <= x[-1] <= width and last * beta <= 0.0005 * (1 - beta):
        return "ledge"
    if (abs(late - (width + 2)) <= 0.005).all():
        return "C"
    return "moves"


def _period(x):
    """Return after how many steps, of at most 60, a run that moves repeats itself; 0 if not."""
    if not abs(x[-1] - x[-2]) > 1e-3:
        return 0
    repeats = (p for p in range(2, 61) if (abs(x[-p:] - x[-2 * p : -p]) < 1e-6).all())
    return next(repeats, 0)

"""Cycles: for which learning rate and beta momentum can circle for ever, and a surface for each."""

import numpy as np

from momentum import _checks
from momentum.descent import Trajectory, _is_far
from momentum.explorers import base
from momentum.optimizers import Momentum
from momentum.surfaces import cycling
from momentum.theory import has_cycle, stability_limit

_CORNERS = range(3, 26)
_SHOWN = 60
_LEARNING_RATES = [i / 100 for i in range(1, 401)]
_CONDITION_NUMBERS = [*range(2, 30), *range(30, 100, 5), *range(100, 1001, 50)]


class Cycles(base.Explorer):
    """Where momentum circles: over learning rate and beta, and on a surface made for them.

    All curvatures of the surface lie between 1/condition_number and 1. It has the fewest corners
    that momentum can go round for ever, or 3 if there is no such number up to 25. The run comes
    from its last corner and stands on its first.

    Parameters
    ----------
    condition_number : float, above 1
    eta_largest : float
        Learning rate x largest curvature, ηL; the largest curvature is 1.
    beta : float
    step : int
        The run is marked at this step, of 60.

    Examples
    --------
    >>> Cycles().corners, Cycles(eta_largest=1.0).corners
    (3, 0)
    """

    condition_number = base.number(25.0, _checks.above_1)
    eta_largest = base.learning_rate(2.78)
    beta = base.beta(0.45)
    step = base.whole(30, 0, _SHOWN)
    controls = (
        base.slider("condition_number", "condition number κ", _CONDITION_NUMBERS, 0),
        base.slider("eta_largest", "learning rate × largest curvature ηL", _LEARNING_RATES),
        base.slider("beta", "momentum β", base.BETAS),
        base.slider("step", "step", range(_SHOWN + 1), 0),
    )
    tries = (
        base.attempt("Smaller steps: ηL = 1, β = 0.64", eta_largest=1.0, beta=0.64),
        base.attempt("Five corners: ηL = 1.6, β = 0.9", eta_largest=1.6, beta=0.9),
        base.attempt(
            "κ = 1000, near its best pair", condition_number=1000.0, eta_largest=3.75, beta=0.88
        ),
    )

    def data(self):
        """Return how many steps are shown, and with how many corners a cycle is looked for."""
        return {"shown": _SHOWN, "fewest": _CORNERS[0], "most": _CORNERS[-1]}

    @property
    def corners(self):
        """The fewest corners that momentum can go round for ever, or 0.

        It is 0, too, where momentum diverges on the bowl of the largest curvature.
        """
        if self.eta_largest >= stability_limit(self.beta):
            return 0
        given = 1 / self.condition_number, 1.0, self.eta_largest, self.beta
        return next((count for count in _CORNERS if has_cycle(*given, count)), 0)

    def trajectory(self):
        """Return the run on the screen, which is not at rest at its start."""
        rule, count = Momentum(self.eta_largest, self.beta), self.corners or _CORNERS[0]
        surface = cycling(1 / self.condition_number, 1.0, self.eta_largest, self.beta, count)
        angles = 2 * np.pi * np.array([0, count - 1]) / count
        w, before = np.array([np.cos(angles), np.sin(angles)]).T
        path, gradients, v = [w], [], (before - w) / self.eta_largest
        with np.errstate(all="ignore"):
            for _ in range(_SHOWN):
                gradients.append(surface.gradient(w))
                w, v = rule.step(w, gradients[-1], v)
                path.append(w)
            values = surface.value(np.transpose(path))
        return Trajectory(np.array(path), values, np.array(gradients), _is_far(w, path[0]))

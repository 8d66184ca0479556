"""The plateau: a ball on the ledge, where the coasting law stops it, and where it does stop."""

from momentum import _checks
from momentum.descent import descend
from momentum.explorers import base
from momentum.optimizers import Momentum
from momentum.surfaces import plateau

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
    >>> round(Plateau(width=7.1).facts()["rest"], 4)
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
        base.attempt("A little too wide: 7.1", width=7.1, step=60),
        base.attempt("Too fast: β = 0.95, width 3", beta=0.95, width=3.0, step=45),
        base.attempt("No memory: β = 0", beta=0.0, step=40),
    )

    def data(self):
        """Return the number of steps of the run."""
        return {"steps": _STEPS}

    def trajectory(self):
        """Return the run that is on the screen."""
        rule = Momentum(self.learning_rate, self.beta)
        return descend(plateau(self.width), [self.start_x], rule, _STEPS)

"""The scoreboard: how many steps momentum takes for each step of gradient descent."""

from momentum import _checks
from momentum.explorers import base

SAME, BEST = AGAINST = "at the same learning rate", "at its best learning rate"
_LEARNING_RATES = [i / 50 for i in range(1, 201)]


class Scoreboard(base.Explorer):
    """Momentum's steps for each step of gradient descent, with one curvature and with many.

    The ratio is that of the long run, from the two convergence rates. The curvatures lie between
    L/condition_number and L.

    Parameters
    ----------
    against : {"at the same learning rate", "at its best learning rate"}
        Which gradient descent momentum is compared with.
    eta_largest : float
        Learning rate x largest curvature, ηL.
    beta : float
    condition_number : float, at least 1

    Examples
    --------
    >>> Scoreboard(eta_largest=0.1, beta=0.81).facts()["boards"][0]["rates"]
    [0.9, 0.9]
    """

    against = base.one_of(AGAINST, SAME)
    eta_largest = base.learning_rate(0.5)
    beta = base.beta(0.9)
    condition_number = base.number(100.0, _checks.at_least_1)
    controls = (
        base.choice("against", "gradient descent", AGAINST),
        base.slider("eta_largest", "learning rate × largest curvature ηL", _LEARNING_RATES),
        base.slider("beta", "momentum β", base.BETAS),
        base.slider("condition_number", "condition number κ", base.geometric(1, 10_000, 121), 2),
    )
    tries = (
        base.attempt("Loses with one, wins with many: ηL = 1.9", eta_largest=1.9),
        base.attempt("Beyond gradient descent’s limit: ηL = 2.2", eta_largest=2.2),
        base.attempt("Both at their best for κ = 100", against=BEST, eta_largest=3.3, beta=0.67),
    )

    def data(self):
        """Return the learning rates at which the curves are drawn, and where the maps end."""
        return {"grid": _LEARNING_RATES[:-1], "edge": _LEARNING_RATES[-1], "best": BEST}

"""The valley: one curvature, from far too small a learning rate to one past the limit."""

from momentum.descent import descend
from momentum.explorers import base
from momentum.optimizers import Momentum
from momentum.surfaces import quadratic

_STEPS = 300
_SHOWN = [50, 120, _STEPS]  # steps that the picture may show


class Valley(base.Explorer):
    """Gradient descent and momentum on f(w) = w**2/2 over the steps, with what theory says of them.

    Parameters
    ----------
    eta_lambda : float
        Learning rate x curvature, ηλ; the curvature is 1.
    beta : float
    step : int
        Both runs are marked at this step, of 300.

    Examples
    --------
    >>> Valley(eta_lambda=0.01, beta=0.9)
    Valley(eta_lambda=0.01, beta=0.9, step=0)
    """

    eta_lambda = base.learning_rate(0.01)
    beta = base.beta(0.9)
    step = base.whole(0, 0, _STEPS)
    steps = _STEPS
    controls = (
        base.slider("eta_lambda", "learning rate × curvature ηλ", base.geometric(0.001, 4, 121)),
        base.slider("beta", "momentum β", base.BETAS),
        base.slider("step", "step", range(_STEPS + 1), 0),
    )
    tries = (
        base.attempt("Let momentum swing: β = 0.99", eta_lambda=0.01, beta=0.99),
        base.attempt("Inside gradient descent’s limit: ηλ = 1.5", eta_lambda=1.5),
        base.attempt("Beyond it: ηλ = 3", eta_lambda=3.0),
    )

    def data(self):
        """Return the number of steps of the runs, and how many of them may be drawn."""
        return {"steps": self.steps, "shown": _SHOWN}

    def trajectory(self, *, gradient_descent=False):
        """Return the run of momentum, or of gradient descent, that is on the screen."""
        rule = Momentum(self.eta_lambda, 0.0 if gradient_descent else self.beta)
        return descend(quadratic([1.0]), [1.0], rule, self.steps)

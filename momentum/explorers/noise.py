"""Noise: what mini-batches do around a minimum, and what theory predicts of it."""

from dataclasses import replace
from functools import cache
from statistics import NormalDist

import numpy as np

from momentum.descent import descend
from momentum.explorers import base
from momentum.optimizers import Momentum
from momentum.surfaces import quadratic

SAME, EQUAL = COMPARED = "the same η", "equal progress"
CURVATURES = 0.2, 1.0
_LARGEST_BATCH, _LARGEST_BETA = 64, 0.99
_BEFORE, _MEASURED, _SHOWN, _EVERY = 2000, 8000, 200, 20  # steps
_FACTOR, _MODULUS, _SEED = 16807, 2**31 - 1, 7  # the generator of Park and Miller (1988)


class Noise(base.Explorer):
    """The cloud of places around a minimum with noisy gradients, and the ellipse that is predicted.

    The surface is f(x, y) = 0.1 x**2 + 0.5 y**2. Each partial derivative carries independent noise
    of the variance 1/batch. A run starts at the minimum, and is measured from step 2000 to 10,000.

    Parameters
    ----------
    compared : {"the same η", "equal progress"}
        Whether momentum takes the learning rate of gradient descent, or 1 - beta times that.
    batch : int
        How many examples a gradient is averaged over, from 1 to 64.
    learning_rate, beta : float
    step : int
        The runs are marked at this step of the 200 that are shown, from step 2000 on.

    Examples
    --------
    >>> round(Noise(compared="equal progress").optimizer.learning_rate, 12)
    0.01
    """

    compared = base.one_of(COMPARED, SAME)
    batch = base.whole(8, 1, _LARGEST_BATCH)
    learning_rate = base.learning_rate(0.1)
    beta = base.beta(0.9)
    step = base.whole(50, 0, _SHOWN)
    controls = (
        base.choice("compared", "compare at", COMPARED),
        base.slider("batch", "batch size", range(1, _LARGEST_BATCH + 1), 0),
        base.slider("learning_rate", "learning rate η", base.geometric(0.02, 4, 121)),
        base.slider("beta", "momentum β", [b for b in base.BETAS if b <= _LARGEST_BETA]),
        base.slider("step", "step", range(_SHOWN + 1), 0),
    )
    tries = (
        base.attempt("A larger β: β = 0.97", beta=0.97),
        base.attempt("Equal progress", compared=EQUAL),
        base.attempt("Batches of 64", batch=64),
    )

    def data(self):
        """Return the bowl, how its noise is drawn, and which steps are measured and shown."""
        return {
            "curvatures": CURVATURES,
            "normals": _normals(),
            "generator": [_FACTOR, _MODULUS, _SEED],
            "before": _BEFORE,
            "measured": _MEASURED,
            "shown": _SHOWN,
            "every": _EVERY,
            "equal": EQUAL,
        }

    @property
    def optimizer(self):
        """Momentum as it is on the screen."""
        share = 1 - self.beta if self.compared == EQUAL else 1.0
        return Momentum(self.learning_rate * share, self.beta)

    def trajectory(self, *, gradient_descent=False):
        """Return the run of momentum, or of gradient descent, that is on the screen."""
        rule = Momentum(self.learning_rate, 0.0) if gradient_descent else self.optimizer
        return descend(self._surface(), [0.0, 0.0], rule, _BEFORE + _MEASURED)

    def _surface(self):
        """Return the bowl with noise on its gradient, the same in every run."""
        bowl, draws, scale = quadratic(CURVATURES), iter(_draws()), np.sqrt(1 / self.batch).item()

        def partials(*w):
            return [g + scale * next(draws) for g in bowl.partials(*w)]

        return replace(bowl, name="noisy bowl", partials=partials)


def _normals():
    """Return 256 numbers as a normal variable spreads them, of variance 1."""
    shares = (np.arange(256) + 0.5) / 256
    quantiles = np.array([NormalDist().inv_cdf(share) for share in shares])
    return (quantiles / quantiles.std()).round(3).tolist()


@cache
def _draws():
    """Return the noise of a run, two numbers a step."""
    drawn, normals, seed = [], _normals(), _SEED
    for _ in range(2 * (_BEFORE + _MEASURED)):
        seed = _FACTOR * seed % _MODULUS
        drawn.append(normals[seed % len(normals)])
    return drawn

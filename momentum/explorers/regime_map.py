"""The regime map: what one curvature does at every learning rate and beta, and the run at one."""

from functools import cache

import numpy as np

from momentum import theory
from momentum.descent import descend
from momentum.explorers import base
from momentum.optimizers import Momentum, Nesterov
from momentum.surfaces import quadratic

MOMENTUM, NESTEROV = METHODS = "momentum", "Nesterov"
_RATES = 0.5, 0.7, 0.8, 0.9, 0.95
_EDGES = {MOMENTUM: 4.2, NESTEROV: 2.2}  # how far the maps reach: Nesterov's limit is at most 2
_SHOWN, _STEPS = 60, 10_000
_LEARNING_RATES = [i / 100 for i in range(1, 421)]
# Nesterov's contours with a label, and at what beta; the others are too close to each other.
_LABELS = {0.5: 0.58, 0.7: 0.72, 0.8: 0.85, 0.9: 0.96}


class RegimeMap(base.Explorer):
    """The regimes of one curvature over learning rate and beta, and the run at the marked pair.

    Parameters
    ----------
    method : {"momentum", "Nesterov"}
    eta_lambda : float
        Learning rate x curvature, ηλ; the curvature is 1.
    beta : float
    step : int
        The run is marked at this step, of 60.

    Examples
    --------
    >>> RegimeMap(eta_lambda=0.04, beta=0.64)
    RegimeMap(method='momentum', eta_lambda=0.04, beta=0.64, step=0)
    """

    method = base.one_of(METHODS, MOMENTUM)
    eta_lambda = base.learning_rate(0.1)
    beta = base.beta(0.9)
    step = base.whole(0, 0, _SHOWN)
    controls = (
        base.choice("method", "method", METHODS),
        base.slider("eta_lambda", "learning rate × curvature ηλ", _LEARNING_RATES),
        base.slider("beta", "momentum β", base.BETAS),
        base.slider("step", "step", range(_SHOWN + 1), 0),
    )
    tries = (
        base.attempt("Critically damped: ηλ = 0.04, β = 0.64", eta_lambda=0.04, beta=0.64),
        base.attempt("Beyond gradient descent’s limit: ηλ = 3, β = 0.6", eta_lambda=3.0, beta=0.6),
        base.attempt(
            "Nesterov’s form at the same place", method=NESTEROV, eta_lambda=3.0, beta=0.6
        ),
    )

    def data(self):
        """Return the steps that are run and drawn, and the map of each method."""
        return {
            "steps": _STEPS,
            "shown": _SHOWN,
            "nesterov": NESTEROV,
            "maps": {name: _map(name) for name in METHODS},
        }

    def trajectory(self):
        """Return the run on the screen, which shows its first 60 steps of 10,000."""
        form = Nesterov if self.method == NESTEROV else Momentum
        return descend(quadratic([1.0]), [1.0], form(self.eta_lambda, self.beta), _STEPS)


@cache
def _map(method):
    """Return what the map of a method shows, none of which depends on the marked pair."""
    nesterov = method == NESTEROV
    x, betas = np.linspace(1e-4, 1 if nesterov else 2, 41) ** 2, np.linspace(0, 0.9999, 12)
    critical = x, theory.critical_beta(x, 1.0, nesterov=nesterov)
    limit = theory.stability_limit(betas, nesterov=nesterov), betas
    contours = [curve for rate in _RATES for curve in theory.rate_contour(rate, nesterov=nesterov)]
    edge = _EDGES[method]
    beyond = [np.append(curve, end) for curve, end in zip(limit, ([edge] * 2, [1, 0]))]
    return {
        "edge": edge,
        "diverging": _rounded(beyond),
        "edges": [_rounded(critical), _rounded(limit)],
        "contours": [_rounded(curve) for curve in contours],
        "labels": _nesterov_labels() if nesterov else [[str(r), 1 + r * r, r * r] for r in _RATES],
    }


def _nesterov_labels():
    return [[str(rate), 1 - rate * rate / beta, beta] for rate, beta in _LABELS.items()]


def _rounded(curve):
    return [np.round(coordinates, 4).tolist() for coordinates in curve]

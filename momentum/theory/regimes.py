"""One curvature: the two roots of a step, what a run with them looks like, and where that changes.

With x = learning_rate curvature the roots solve z**2 - (1 + beta - x) z + beta = 0; Nesterov's form
has beta (1 - x) in the place of beta.
"""

import numpy as np

from momentum import _checks

TINY = 1e-9  # numbers this close, relatively, are meant to be equal


def roots(curvature, learning_rate, beta, *, nesterov=False):
    """Return the two roots of a step: a run is w(t) = a z1**t + b z2**t, or (a + b t) z**t.

    They are the eigenvalues of `iteration_matrix`; the larger modulus is the convergence rate.

    Returns
    -------
    complex array of shape (2, *batch)
        The one with the larger real part first; of a pair the one with positive imaginary part.

    Raises
    ------
    ValueError
        For a curvature that is not finite, a learning rate that is not positive, or beta outside
        [0, 1).

    Examples
    --------
    >>> roots(1.0, 0.5, 0.0).tolist(), roots(1.0, 1.25, 0.25).tolist()
    ([(0.5+0j), 0j], [0.5j, -0.5j])
    """
    x, beta = _scaled(curvature, learning_rate, beta)
    _, half, inside = _polynomial(x, beta, _checks.flag("nesterov", nesterov))
    with np.errstate(over="ignore", invalid="ignore"):
        root = np.sqrt(np.asarray(inside, dtype=complex))
        large = -x * (1 + beta if nesterov else 1)  # all that counts where a square overflows
        far = np.stack([np.maximum(large, 0), np.minimum(large, 0)])
        return np.where(np.isfinite(inside), np.stack([half + root, half - root]), far)


def regime(curvature, learning_rate, beta, *, nesterov=False):
    """Return in one word what a run from rest does on a curvature.

    ================  ==========================================================================
    "finite"          both roots are 0: it arrives after one step, or two
    "monotone"        no root is negative: the error shrinks and keeps its sign
    "critical"        one positive double root: the border to oscillating, critically damped
    "oscillating"     a complex pair: it swings with `oscillation_period`
    "critical jump"   one negative double root: the border to jumping
    "jumping"         a negative root: in the long run it changes sides with every step
    "limit"           at `stability_limit`: it jumps for ever
    "diverging"       beyond it
    ================  ==========================================================================

    At a double root the error shrinks like t times the t-th power of the rate. Values within a
    billionth of a border count as on it.

    Parameters
    ----------
    curvature, learning_rate : float or arrays that broadcast together, positive
    beta : float or array in [0, 1)

    Returns
    -------
    str, or an array of them

    Examples
    --------
    >>> [regime(1.0, x, 0.64) for x in (0.03, 0.04, 0.05, 3.24, 3.27, 3.28, 3.3)]
    ['monotone', 'critical', 'oscillating', 'critical jump', 'jumping', 'limit', 'diverging']
    """
    x, beta = _scaled(_checks.positive("curvature", curvature), learning_rate, beta)
    product, half, inside = _polynomial(x, beta, _checks.flag("nesterov", nesterov))
    limit, double = stability_limit(beta, nesterov=nesterov), abs(inside) <= TINY * abs(product)
    cases = {
        "limit": abs(x - limit) <= TINY * limit,
        "diverging": x > limit,
        "finite": (product == 0) & (half == 0),
        "critical": double & (half > 0),
        "critical jump": double,
        "oscillating": inside < 0,
        "monotone": half > 0,
    }
    found = np.select([np.asarray(case) for case in cases.values()], list(cases), "jumping")
    return found if found.ndim else str(found)


def oscillation_period(curvature, learning_rate, beta, *, nesterov=False):
    """Return how many steps a swing takes: 2 pi/arccos(half/sqrt(product)).

    `product` is that of the two roots, `half` half their sum. Infinity where the roots are real and
    nothing swings.

    Examples
    --------
    >>> round(oscillation_period(1.0, 0.1, 0.9), 1), oscillation_period(1.0, 0.01, 0.5)
    (19.5, inf)
    """
    x, beta = _scaled(curvature, learning_rate, beta)
    product, half, inside = _polynomial(x, beta, _checks.flag("nesterov", nesterov))
    swings = np.asarray(inside < 0)
    cosine = np.divide(half, np.sqrt(product, where=swings, out=np.ones(swings.shape)))
    angle = np.arccos(np.clip(np.where(swings, cosine, 0.0), -1, 1))
    return _checks.plain(np.where(swings, 2 * np.pi / angle, np.inf))


def _scaled(curvature, learning_rate, beta):
    """Return learning_rate x curvature, and beta, once they are checked."""
    a, eta, beta = _checks.broadcasting(
        curvature=(_checks.finite, curvature),
        learning_rate=(_checks.positive, learning_rate),
        beta=(_checks.fraction, beta),
    )
    with np.errstate(over="ignore"):
        return np.broadcast_arrays(np.multiply(eta, a), beta)


@np.errstate(over="ignore", invalid="ignore")
def _polynomial(x, beta, nesterov):
    """Return the product of the roots, half their sum, and what stands under the square root."""
    product = beta * (1 - x) if nesterov else beta
    half = (1 + product - x) / 2
    return product, half, half * half - product


def stability_limit(beta, *, nesterov=False):
    """Return the largest stable learning_rate x curvature: 2 (1 + beta).

    For Nesterov's form it is 2 (1 + beta)/(1 + 2 beta), which is smaller. At the limit itself the
    run neither settles nor diverges.

    Examples
    --------
    >>> stability_limit(0.0), stability_limit(0.5), stability_limit(0.5, nesterov=True)
    (2.0, 3.0, 1.5)
    """
    beta = _checks.fraction("beta", beta)
    limit = 2 * (1 + beta)
    return limit / (1 + 2 * beta) if _checks.flag("nesterov", nesterov) else limit


@np.errstate(over="ignore")
def critical_beta(learning_rate, curvature, *, nesterov=False):
    """Return (1 - sqrt(learning_rate curvature))**2, from which on a larger beta oscillates.

    For learning_rate x curvature below 4 this beta is also the one with the best rate, abs(1 -
    sqrt(learning_rate curvature)). Between 1 and 4 a smaller beta does not crawl, it changes sign
    at every step; from 4 on no beta below 1 has complex roots.

    For Nesterov's form it is (1 - s)/(1 + s) with s = sqrt(learning_rate curvature), up to s = 1
    and with the same rate; above, no beta has complex roots.

    Raises
    ------
    ValueError
        For arguments that are not positive; with `nesterov`, for a product above 1.

    Examples
    --------
    >>> round(critical_beta(0.01, 1.0), 9), round(critical_beta(0.25, 1.0, nesterov=True), 9)
    (0.81, 0.333333333)
    """
    eta, a = _checks.broadcasting(
        learning_rate=(_checks.positive, learning_rate), curvature=(_checks.positive, curvature)
    )
    product = np.multiply(eta, a)
    root = np.sqrt(product)
    if _checks.flag("nesterov", nesterov):
        _checks.check("learning_rate x curvature", product, lambda _: root <= 1, "at most 1")
        return _checks.plain((1 - root) / (1 + root))
    return _checks.plain((1 - root) ** 2)


def oscillation_threshold(beta, *, nesterov=False):
    """Return the learning_rate x curvature from which momentum oscillates: (1 - sqrt(beta))**2.

    For Nesterov's form it is ((1 - beta)/(1 + beta))**2, which is larger. The inverse of
    `critical_beta` for products up to 1. At beta = 0 it is 1, gradient descent's own threshold.

    Examples
    --------
    >>> round(oscillation_threshold(0.81), 9), oscillation_threshold(0.5, nesterov=True)
    (0.01, 0.1111111111111111)
    """
    beta = _checks.fraction("beta", beta)
    if _checks.flag("nesterov", nesterov):
        return ((1 - beta) / (1 + beta)) ** 2
    return _checks.plain((1 - np.sqrt(beta)) ** 2)

"""One curvature: the iteration matrix, its rate, and the ball with friction."""

import numpy as np

from momentum import _checks
from momentum.theory.regimes import _polynomial

_LAST = 750  # exp(-_LAST) is 0
_FAR = 1e150  # a product this large is all that counts in the iteration matrix


def iteration_matrix(curvature, learning_rate, beta, *, nesterov=False):
    """Return the matrix M of one step: (v, w)(t+1) = M (v, w)(t).

    With a = curvature::

        M = [[beta,                  a                         ],
             [-learning_rate beta,   1 - learning_rate a       ]]

    For Nesterov's form the second row is -learning_rate beta**2 and
    1 - learning_rate (1 + beta) a. k steps are the k-th power of M (Goh, 2017).

    Returns
    -------
    array of shape (2, 2)

    Examples
    --------
    >>> iteration_matrix(2.0, 0.1, 0.5).tolist()
    [[0.5, 2.0], [-0.05, 0.8]]
    """
    a = _checks.one(_checks.finite, "curvature", curvature)
    eta = _checks.one(_checks.positive, "learning_rate", learning_rate)
    beta = _checks.one(_checks.fraction, "beta", beta)
    if _checks.flag("nesterov", nesterov):
        return np.array([[beta, a], [-eta * beta * beta, 1 - (1 + beta) * (eta * a)]])
    return np.array([[beta, a], [-eta * beta, 1 - eta * a]])


def convergence_rate(curvatures, learning_rate, beta, *, nesterov=False):
    """Return the factor by which the slowest direction shrinks a step, on average in the long run.

    The largest modulus of the roots of z**2 - (1 + beta - learning_rate a) z + beta over all
    curvatures a; Nesterov's form has beta (1 - learning_rate a) in the place of beta. Below 1 the
    run converges, above 1 it diverges. Where the two roots coincide (at the critical beta) the
    error is k times the k-th power of the rate, not the power alone.

    Parameters
    ----------
    curvatures : float or sequence of floats
    learning_rate, beta : float or arrays that broadcast together

    Returns
    -------
    float, or an array of the broadcast shape

    Raises
    ------
    ValueError
        For no curvature, or one that is not finite; a learning rate that is not positive; beta
        outside [0, 1).

    Examples
    --------
    >>> round(convergence_rate([1.0, 10.0], 0.1, 0.0), 9)
    0.9
    >>> round(convergence_rate(1.0, 0.1, 0.81), 9)
    0.9
    """
    a = np.atleast_1d(_checks.finite("curvatures", curvatures))
    if a.ndim != 1 or not a.size:
        _checks.refuse("curvatures", "a non-empty list of numbers", curvatures)
    eta, beta = _checks.broadcasting(
        learning_rate=(_checks.positive, learning_rate), beta=(_checks.fraction, beta)
    )
    a = a.reshape(-1, *[1] * max(np.ndim(eta), np.ndim(beta)))  # on an axis of its own, in front
    with np.errstate(over="ignore", invalid="ignore"):
        rates = _largest_root(eta * a, beta, _checks.flag("nesterov", nesterov))
    return _checks.plain(rates.max(axis=0))


def _largest_root(x, beta, nesterov):
    """Return the larger modulus of the two roots, where x = learning_rate curvature."""
    product, half, inside = _polynomial(x, beta, nesterov)
    rate = np.where(
        inside < 0, np.sqrt(np.maximum(product, 0)), abs(half) + np.sqrt(np.maximum(inside, 0.0))
    )
    return np.where(abs(x) < _FAR, rate, abs(x) * (1 + beta if nesterov else 1))


def rate_contour(rate, *, nesterov=False):
    """Return where on one curvature the convergence rate is `rate`, as curves (x, beta).

    x is learning rate x curvature. For momentum it is one trapezoid. In Nesterov's form a root z
    solves z**2 - (1 + beta)(1 - x) z + beta (1 - x) = 0, which gives x for each beta: the left
    curve has the root `rate`, then complex roots of that modulus; the right one the root -`rate`.

    Examples
    --------
    >>> [curve.tolist() for curve in rate_contour(0.5)[0]]
    [[0.5, 0.25, 2.25, 1.5], [0.0, 0.25, 0.25, 0.0]]
    >>> [float(x[0]) for x, beta in rate_contour(0.5, nesterov=True)]
    [0.5, 1.5]
    """
    rate = _checks.one(_checks.fraction, "rate", rate)
    square = rate * rate
    if not _checks.flag("nesterov", nesterov):
        x = np.array([1 - rate, (1 - rate) ** 2, (1 + rate) ** 2, 1 + rate])
        return [(x, np.array([0, square, square, 0]))]
    double = rate / (2 - rate)
    real, complex_, right = (np.linspace(*ends, 12) for ends in ((0, double), (double, 1), (0, 1)))
    left = [1 - _share(square, rate - real * (1 - rate)), 1 - _share(square, complex_)]
    return [
        (np.concatenate(left), np.concatenate([real, complex_])),
        (1 + _share(square, rate + right * (1 + rate)), right),
    ]


def _share(square, part):
    """Return square/part, and 0 where both are 0: at a rate of 0."""
    return np.divide(square, part, where=part > 0, out=np.zeros_like(part))


def friction(learning_rate, beta):
    """Return the friction of the ball that momentum imitates: (1 - beta)/sqrt(learning_rate).

    Momentum is w'' + friction w' + gradient = 0, taken in time steps of sqrt(learning_rate): as the
    learning rate goes to 0 at constant friction, the run goes to that ball's (Qian, 1999).

    Examples
    --------
    >>> round(friction(0.01, 0.9), 9)
    1.0
    """
    eta, beta = _checks.broadcasting(
        learning_rate=(_checks.positive, learning_rate), beta=(_checks.fraction, beta)
    )
    return _checks.plain((1 - beta) / np.sqrt(eta))


def damped_ball(time, curvature, friction):
    """Return the position w(time) of a ball in a bowl: w'' + friction w' + curvature w = 0.

    It starts at w = 1, at rest. Below friction = 2 sqrt(curvature) it swings through the minimum
    with an amplitude that shrinks like exp(-friction time/2); from there on it creeps down.

    Parameters
    ----------
    time : float or array, at least 0
    curvature, friction : float

    Raises
    ------
    ValueError
        For arguments outside their range, and where the ball swings for time x sqrt(curvature) from
        1e307 on.

    Examples
    --------
    >>> damped_ball(np.array([0.0, np.pi]), 1.0, 0.0).round(9).tolist()
    [1.0, -1.0]
    """
    t = np.asarray(_checks.non_negative("time", time))
    a = _checks.one(_checks.positive, "curvature", curvature)
    half = _checks.one(_checks.non_negative, "friction", friction) / 2
    return _checks.plain(_swing(t, a, half) if half * half < a else _creep(t, a, half))


def _swing(t, a, half):
    with np.errstate(over="ignore"):
        phase = t * np.sqrt(a)
    _checks.check("time x sqrt(curvature)", phase, lambda p: p < 1e307, "below 1e307")
    root = np.sqrt(complex(half * half - a))
    across = -np.expm1(-2 * root * t) / (2 * root)  # sinh(root t)/root exp(-root t)
    return (np.exp((root - half) * t) * ((1 + np.exp(-2 * root * t)) / 2 + half * across)).real


@np.errstate(over="ignore")
def _creep(t, a, half):
    root = np.sqrt(max(half - np.sqrt(a), 0.0)) * np.sqrt(half + np.sqrt(a))
    slow = a / (half + root)  # half - root, without the cancellation
    t = np.minimum(t, _LAST / slow) if slow else t
    across = -np.expm1(-2 * root * t) / (2 * root) if root else t
    return np.exp(-slow * t) * (1 + slow * across)

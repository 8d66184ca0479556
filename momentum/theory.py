"""What mathematics predicts: rates, limits, gains and variances, in closed form.

Unless a docstring says otherwise, the optimizer is momentum in its raw form, v <- beta v + g and
w <- w - learning_rate v, on a quadratic of the given curvature. beta = 0 is gradient descent.
Arguments may be arrays wherever the formula is elementwise.
"""

import math

import numpy as np

from momentum import _checks


def iteration_matrix(curvature, learning_rate, beta, *, nesterov=False):
    """Return the matrix M of one step: (v, w)(t+1) = M (v, w)(t).

    With a = curvature::

        M = [[beta,                  a                         ],
             [-learning_rate beta,   1 - learning_rate a       ]]

    For Nesterov's form the second row is -learning_rate beta**2 and
    1 - learning_rate (1 + beta) a. k steps are the k-th power of M (O'Donoghue and Candes, 2015).

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
    if nesterov:
        return np.array([[beta, a], [-eta * beta * beta, 1 - eta * (1 + beta) * a]])
    return np.array([[beta, a], [-eta * beta, 1 - eta * a]])


def convergence_rate(curvatures, learning_rate, beta, *, nesterov=False):
    """Return the factor by which the slowest direction shrinks a step, in the long run.

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
        raise ValueError(f"curvatures must be a non-empty list of numbers, got {curvatures!r}")
    eta = np.asarray(_checks.positive("learning_rate", learning_rate))[..., np.newaxis]
    beta = np.asarray(_checks.fraction("beta", beta))[..., np.newaxis]
    product = beta * (1 - eta * a) if nesterov else beta  # of the two roots
    half = (1 + product - eta * a) / 2
    inside = half * half - product
    rate = np.where(
        inside < 0, np.sqrt(np.maximum(product, 0)), abs(half) + np.sqrt(np.maximum(inside, 0.0))
    )
    slowest = rate.max(axis=-1)
    return _checks.plain(slowest)


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
    return 2 * (1 + beta) / (1 + 2 * beta) if nesterov else 2 * (1 + beta)


def critical_beta(learning_rate, curvature):
    """Return (1 - sqrt(learning_rate curvature))**2, from which on a larger beta oscillates.

    For learning_rate x curvature below 1 this beta is also the one with the best rate; between 1
    and 4 a smaller beta does not crawl, it alternates in sign; from 4 on no beta below 1 has
    complex roots.

    Examples
    --------
    >>> round(critical_beta(0.01, 1.0), 9)
    0.81
    """
    eta = _checks.positive("learning_rate", learning_rate)
    a = _checks.positive("curvature", curvature)
    return _checks.plain((1 - np.sqrt(eta * a)) ** 2)


def oscillation_threshold(beta):
    """Return the learning_rate x curvature from which momentum oscillates: (1 - sqrt(beta))**2.

    The inverse of `critical_beta` for products up to 1. At beta = 0 it is 1, gradient descent's own
    threshold.

    Examples
    --------
    >>> round(oscillation_threshold(0.81), 9)
    0.01
    """
    return _checks.plain((1 - np.sqrt(_checks.fraction("beta", beta))) ** 2)


def optimal_parameters(smallest, largest):
    """Return (learning_rate, beta, rate), the best for curvatures in [smallest, largest].

    With kappa = largest/smallest::

        learning_rate = 4/(sqrt(largest) + sqrt(smallest))**2
        beta          = rate**2
        rate          = (sqrt(kappa) - 1)/(sqrt(kappa) + 1)

    (Polyak, 1964).

    Examples
    --------
    >>> optimal_parameters(1.0, 9.0)
    (0.25, 0.25, 0.5)
    """
    low = np.sqrt(_checks.positive("smallest", smallest))
    high = np.sqrt(_checks.positive("largest", largest))
    _checks.check("smallest", smallest, lambda _: low <= high, "at most largest")
    rate = (high - low) / (high + low)
    return tuple(map(_checks.plain, (4 / (high + low) ** 2, rate**2, rate)))


def optimal_condition_number(beta):
    """Return the condition number for which beta is optimal.

    It is ((1 + sqrt(beta))/(1 - sqrt(beta)))**2.

    Examples
    --------
    >>> round(optimal_condition_number(0.25), 9)
    9.0
    """
    root = np.sqrt(_checks.fraction("beta", beta))
    return _checks.plain(((1 + root) / (1 - root)) ** 2)


def coasting_distance(last_step, beta):
    """Return the travel that is left once the gradient has vanished: last_step beta/(1 - beta).

    The steps that follow are beta, beta**2, ... times the last one.

    Examples
    --------
    >>> round(coasting_distance(0.5, 0.9), 9)
    4.5
    """
    beta = _checks.fraction("beta", beta)
    return _checks.finite("last_step", last_step) * beta / (1 - beta)


def gain(beta, omega=0.0):
    """Return how much the raw form amplifies an oscillating gradient: 1/abs(1 - beta e^(-i omega)).

    `omega` is the angular frequency in radians a step: 0 is a constant gradient (gain
    1/(1 - beta)), pi one that alternates in sign (gain 1/(1 + beta)). The averaged form has
    (1 - beta) times this gain.

    Examples
    --------
    >>> round(gain(0.5), 9), round(gain(0.5, math.pi), 9)
    (2.0, 0.666666667)
    """
    beta, omega = _checks.fraction("beta", beta), _checks.finite("omega", omega)
    amplification = 1 / np.sqrt((1 - beta) ** 2 + 4 * beta * np.sin(omega / 2) ** 2)
    return _checks.plain(amplification)


def crossover_period(beta):
    """Return the period, in steps, at which the raw form's gain is 1: 2 pi/arccos(beta/2).

    Slower oscillations are amplified, faster ones are damped. At beta = 0, where every gain is 1,
    it is the limit 4.

    Examples
    --------
    >>> round(crossover_period(0.0), 9)
    4.0
    """
    return _checks.plain(2 * math.pi / np.arccos(_checks.fraction("beta", beta) / 2))


def stationary_variance(learning_rate, beta, curvature, noise_variance):
    """Return the variance of w around the minimum once the run has settled into its noise.

    The gradient at every step is curvature w plus independent noise of the given variance::

        learning_rate noise_variance (1 + beta)
        --------------------------------------------------------------
        curvature (1 - beta) (2 (1 + beta) - learning_rate curvature)

    It exists below the stability limit only. At beta = 0 it is gradient descent's. For the averaged
    form, replace learning_rate by learning_rate (1 - beta).

    Raises
    ------
    ValueError
        At or above the stability limit, and for arguments outside their range.

    Examples
    --------
    >>> round(stationary_variance(0.5, 0.0, 1.0, 3.0), 9)
    1.0
    """
    eta, a = (
        _checks.positive("learning_rate", learning_rate),
        _checks.positive("curvature", curvature),
    )
    beta = _checks.fraction("beta", beta)
    noise = _checks.non_negative("noise_variance", noise_variance)
    room = 2 * (1 + beta) - eta * a
    _checks.check("learning_rate x curvature", eta * a, lambda _: room > 0, "below 2 (1 + beta)")
    return eta * noise * (1 + beta) / (a * (1 - beta) * room)


def step_variance(learning_rate, beta, curvature, noise_variance):
    """Return the variance of w(t+1) - w(t) in the same settled state.

    It is 2 learning_rate curvature/(1 + beta) times the stationary variance.

    Examples
    --------
    >>> round(step_variance(0.5, 0.0, 1.0, 3.0), 9)
    1.0
    """
    spread = stationary_variance(learning_rate, beta, curvature, noise_variance)
    eta, a, beta = map(np.asarray, (learning_rate, curvature, beta))
    return _checks.plain(2 * eta * a / (1 + beta) * spread)


def rmsprop_cycle(learning_rate):
    """Return the amplitude of RMSProp's limit cycle around a minimum: learning_rate/2.

    Near a symmetric minimum the run settles on +a, -a, +a, ...: there g**2 is constant, so that
    its mean square is g**2 itself and every step is learning_rate long, whatever the curvature.
    Taken with epsilon = 0.

    Examples
    --------
    >>> rmsprop_cycle(0.1)
    0.05
    """
    return _checks.positive("learning_rate", learning_rate) / 2

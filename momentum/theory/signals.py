"""Gradients from outside: coasting, gains, and what noise does."""

import math

import numpy as np

from momentum import _checks
from momentum.theory.products import quotient


def coasting_distance(last_step, beta):
    """Return the travel that is left once the gradient has vanished: last_step beta/(1 - beta).

    The steps that follow are beta, beta**2, ... times the last one.

    Examples
    --------
    >>> round(coasting_distance(0.5, 0.9), 9)
    4.5
    """
    last_step, beta = _checks.broadcasting(
        last_step=(_checks.finite, last_step), beta=(_checks.fraction, beta)
    )
    return _checks.plain(quotient([last_step, beta], [1 - beta]))


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
    beta, omega = _checks.broadcasting(beta=(_checks.fraction, beta), omega=(_checks.finite, omega))
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
    eta, beta, a, noise, room = _noisy_run(learning_rate, beta, curvature, noise_variance)
    return _checks.plain(quotient([eta, noise, 1 + beta], [a, 1 - beta, room]))


def _noisy_run(learning_rate, beta, curvature, noise_variance):
    """Return the checked arguments, and how far the run is below its stability limit."""
    eta, beta, a, noise = _checks.broadcasting(
        learning_rate=(_checks.positive, learning_rate),
        beta=(_checks.fraction, beta),
        curvature=(_checks.positive, curvature),
        noise_variance=(_checks.non_negative, noise_variance),
    )
    with np.errstate(over="ignore"):
        product = np.multiply(eta, a)
    room = 2 * (1 + beta) - product
    _checks.check("learning_rate x curvature", product, lambda _: room > 0, "below 2 (1 + beta)")
    return eta, beta, a, noise, room


def step_variance(learning_rate, beta, curvature, noise_variance):
    """Return the variance of w(t+1) - w(t) in the same settled state.

    It is 2 learning_rate curvature/(1 + beta) times the stationary variance.

    Examples
    --------
    >>> round(step_variance(0.5, 0.0, 1.0, 3.0), 9)
    1.0
    """
    eta, beta, _, noise, room = _noisy_run(learning_rate, beta, curvature, noise_variance)
    return _checks.plain(quotient([2.0, eta, eta, noise], [1 - beta, room]))


def rmsprop_cycle(learning_rate):
    """Return the amplitude of RMSProp's cycle around the minimum of a bowl: learning_rate/2.

    On +a, -a, +a, ... g**2 is constant, so that its mean square is g**2 itself and every step is
    learning_rate long, whatever the curvature. This needs a bowl of positive curvature, a decay
    above 0, epsilon = 0 and exact arithmetic: on x**4 the run comes to rest, and a decay close to
    1 lets the squares underflow. That runs end in the cycle is what they show, not a theorem.

    Examples
    --------
    >>> rmsprop_cycle(0.1)
    0.05
    """
    return _checks.positive("learning_rate", learning_rate) / 2

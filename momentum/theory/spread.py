"""Many curvatures: the best parameters for a range of them, and what no method can beat."""

import math

import numpy as np

from momentum import _checks
from momentum.theory.rates import convergence_rate

_LARGE_ROOT = 1e3  # of a condition number: from here on a power of the rate loses digits
_HUGE = 1e160  # to float64, 1 - 1/_HUGE is 1


@np.errstate(over="ignore")
def optimal_learning_rate(smallest, largest):
    """Return (learning_rate, rate), gradient descent's best for curvatures in [smallest, largest].

    With kappa = largest/smallest::

        learning_rate = 2/(smallest + largest)
        rate          = (kappa - 1)/(kappa + 1)

    Examples
    --------
    >>> optimal_learning_rate(1.0, 3.0)
    (0.5, 0.5)
    """
    low, high, exponent = _range(smallest, largest)
    best = np.ldexp(2 / (low + high), -exponent), (high - low) / (high + low)
    return tuple(map(_checks.plain, best))


@np.errstate(over="ignore", divide="ignore")
def optimal_parameters(smallest, largest, *, nesterov=False):
    """Return (learning_rate, beta, rate), the best for curvatures in [smallest, largest].

    With kappa = largest/smallest::

        learning_rate = 4/(sqrt(largest) + sqrt(smallest))**2
        beta          = rate**2
        rate          = (sqrt(kappa) - 1)/(sqrt(kappa) + 1)

    (Polyak, 1964). For Nesterov's form, with s = sqrt(3 kappa + 1)::

        learning_rate = 4/(3 largest + smallest)
        beta          = (s - 2)/(s + 2)
        rate          = 1 - 2/s

    (Lessard, Recht and Packard, 2016). Both are for quadratics.

    Examples
    --------
    >>> optimal_parameters(1.0, 9.0)
    (0.25, 0.25, 0.5)
    >>> optimal_parameters(1.0, 5.0, nesterov=True)
    (0.25, 0.3333333333333333, 0.5)
    """
    low, high, exponent = _range(smallest, largest)
    if _checks.flag("nesterov", nesterov):
        root = np.minimum(np.sqrt(3 * high / low + 1), _HUGE)
        eta, beta, rate = 4 / (3 * high + low), (root - 2) / (root + 2), 1 - 2 / root
    else:
        root = np.sqrt(low) + np.sqrt(high)
        rate = (np.sqrt(high) - np.sqrt(low)) / root
        eta, beta = 4 / root**2, rate**2
    return tuple(map(_checks.plain, (np.ldexp(eta, -exponent), beta, rate)))


def _range(smallest, largest):
    """Return the ends over 2**exponent, so that no sum overflows, and that even exponent."""
    low, high = _checks.broadcasting(
        smallest=(_checks.positive, smallest), largest=(_checks.positive, largest)
    )
    _checks.ordered(low, high)
    exponent = np.frexp(high)[1] // 2 * 2
    return np.ldexp(low, -exponent), np.ldexp(high, -exponent), exponent


def optimal_condition_number(beta):
    """Return the condition number for which beta is optimal.

    It is ((1 + sqrt(beta))/(1 - sqrt(beta)))**2.

    Examples
    --------
    >>> round(optimal_condition_number(0.25), 9)
    9.0
    """
    beta = _checks.fraction("beta", beta)
    return _checks.plain(((1 + np.sqrt(beta)) ** 2 / (1 - beta)) ** 2)


def step_ratio(curvatures, learning_rate, beta):
    """Return how many steps momentum takes for each step of gradient descent, in the long run.

    ln(rate at beta = 0)/ln(rate at beta), both at the same learning rate: 0 where only momentum
    converges, infinity where only gradient descent does, NaN where neither. Where gradient
    descent needs a single step it is infinity too, unless beta is 0.

    Parameters
    ----------
    curvatures : float or sequence of floats
    learning_rate, beta : float or arrays that broadcast together

    Examples
    --------
    >>> round(step_ratio(1.0, 0.19, 0.81), 9)
    2.0
    """
    beta = np.asarray(_checks.fraction("beta", beta))
    plain = convergence_rate(curvatures, learning_rate, 0.0 * beta)
    return relative_steps(plain, convergence_rate(curvatures, learning_rate, beta))


def relative_steps(reference, rate):
    """Return how many steps at `rate` do as much as one at `reference`: ln reference/ln rate.

    A rate of 1 or more does not converge: 0 where only `reference` does not, infinity where only
    `rate` does not, NaN where neither converges. A reference of 0 arrives in a single step:
    infinity, unless both are 0. Rates within 1e-12 of 0 and 1 count as these.

    Examples
    --------
    >>> round(relative_steps(0.81, 0.9), 9), relative_steps(1.2, 0.9), relative_steps(0.0, 0.9)
    (2.0, 0.0, inf)
    """
    slow, fast = _checks.broadcasting(reference=(_sure, reference), rate=(_sure, rate))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(slow) / np.log(fast)
    never = np.isinf(slow), np.isinf(fast)
    cases = never[0] & never[1], never[0], never[1], slow == fast
    return _checks.plain(np.select(cases, (np.nan, 0.0, np.inf, 1.0), ratio))


def _sure(name, rate):
    """Return a rate with what rounding leaves undecided put on the safe side."""
    rate = np.asarray(_checks.check(name, rate, lambda r: r >= 0, "at least 0"))
    return np.where(rate < 1e-12, 0.0, np.where(rate > 1 - 1e-12, np.inf, rate))


def worst_case_error(condition_number, steps):
    """Return the largest share of the error that is left, with the optimal pair.

    With the pair of `optimal_parameters`, its rate r and a start at rest, abs(w(k)) after k steps
    is at most

        (1 + (1 + r) k) r**k

    times abs(w(0)), and exactly that in the direction of the largest curvature. `steps` may be an
    array.

    Examples
    --------
    >>> worst_case_error(9.0, np.array([0, 1, 2])).tolist()
    [1.0, 1.25, 1.0]
    """
    rate, k, power = _rate_and_power(condition_number, steps)
    with np.errstate(over="ignore", invalid="ignore"):
        error = (1 + (1 + rate) * k) * power
    return _checks.plain(np.where(power > 0, error, 0.0))


def transient_growth(condition_number):
    """Return how far the error rises, at worst, before it falls, with the optimal pair.

    The maximum of `worst_case_error` over the steps: about sqrt(condition_number)/e. Up to a
    condition number of (1 + sqrt(2))**2 = 5.83 it is 1: the error never exceeds its start.

    Examples
    --------
    >>> round(transient_growth(9.0), 9), round(transient_growth(10_000.0), 2)
    (1.25, 36.79)
    """
    root = np.sqrt(_checks.at_least_1("condition_number", condition_number))
    gap = 2 / (root + 1)  # 1 - r, exact where r is close to 1
    with np.errstate(divide="ignore", invalid="ignore"):
        log_rate = np.log1p(-gap)
        top = np.floor(np.maximum(-1 / log_rate - 1 / (2 - gap), 0))
        errors = [(1 + (2 - gap) * k) * np.exp(k * log_rate) for k in (top, top + 1)]
    return _checks.plain(np.where(top > 0, np.maximum(*errors), np.maximum(1.0, errors[1])))


def chebyshev_error(condition_number, steps):
    """Return the largest share of the error that Chebyshev's method leaves: 2 r**k/(1 + r**(2k)).

    r is (sqrt(kappa) - 1)/(sqrt(kappa) + 1). Over all quadratics with curvatures in a known range,
    no method whose steps are fixed beforehand leaves less after k steps (Flanders and Shortley,
    1950). `steps` may be an array.

    Examples
    --------
    >>> chebyshev_error(9.0, np.array([0, 1])).tolist()
    [1.0, 0.8]
    """
    power = _rate_and_power(condition_number, steps)[2]
    return _checks.plain(2 * power / (1 + power * power))


def lower_bound(condition_number, steps):
    """Return the share of the error that no method beats which sees gradients only: r**k.

    r is (sqrt(kappa) - 1)/(sqrt(kappa) + 1). For every method whose w(k) lies in w(0) plus the
    span of the gradients seen so far, there is a quadratic on which at least this share is left
    (Nemirovski and Yudin, 1983; Nesterov, 2004, theorem 2.1.13). It has infinitely many
    dimensions; `surfaces.chain` comes as close as its dimension allows. `steps` may be an array.

    Examples
    --------
    >>> lower_bound(9.0, np.array([0, 1, 2])).tolist()
    [1.0, 0.5, 0.25]
    """
    return _checks.plain(_rate_and_power(condition_number, steps)[2])


def restart_interval(condition_number):
    """Return the steps between restarts of Nesterov's growing beta: e sqrt(8 condition_number).

    Within that many steps `AcceleratedGradient` with the learning rate 1/largest brings f - min f
    (at the point where its last gradient step ends) below exp(-2) times what it was, on every
    surface whose curvatures lie in a range of this condition number (O'Donoghue and Candes, 2015).

    Examples
    --------
    >>> round(restart_interval(100.0), 2)
    76.88
    """
    kappa = _checks.at_least_1("condition_number", condition_number)
    return _checks.plain(math.e * (4 * np.sqrt(kappa / 2)))  # 8 kappa may overflow


def _rate_and_power(condition_number, steps):
    """Return r, k and r**k; for r close to 1 the power is that of 1 - 2/(sqrt(kappa) + 1)."""
    kappa, k = _checks.broadcasting(
        condition_number=(_checks.at_least_1, condition_number), steps=(_steps, steps)
    )
    root = np.sqrt(kappa)
    rate = (root - 1) / (root + 1)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        exact = np.exp(k * np.log1p(-2 / (root + 1)))
    return rate, k, np.where(root > _LARGE_ROOT, exact, rate**k)


def _steps(name, steps):
    def whole(k):
        return (k >= 0) & (np.floor(k) == k) & np.isfinite(k)

    return _checks.check(name, steps, whole, "whole, at least 0")

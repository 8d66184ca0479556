"""Noise of another kind: of shuffled epochs, and of single examples, where the place counts."""

import numpy as np

from momentum import _checks
from momentum.theory.products import quotient
from momentum.theory.rates import convergence_rate, iteration_matrix

_LONGEST = 100_000  # batches of an epoch
_STEEP = 5.0  # learning rate x curvature beyond every stability limit
_SLOW = 1e-6  # closer to 1 than this, a rate leaves too few digits


def shuffled_variance(learning_rate, beta, curvature, noise_variance, batches):
    """Return the variance of w around the minimum where each epoch uses its batches once.

    The gradient is curvature w plus noise. The noise of the batches of an epoch sums to zero and
    comes in random order: each has the given variance, two of one epoch have the covariance
    -noise_variance/(batches - 1), and epochs are independent of each other. The variance is that of
    the settled state, a mean over the places of an epoch. Drawn independently it would be
    `stationary_variance`, which this tends to as an epoch becomes long beside the memory of a run.

    With M the iteration matrix and G_j = M**j (1, -learning_rate), the noise of the first n steps
    of an epoch adds the covariance ::

        C(n) = noise_variance batches/(batches - 1) (sum G_j G_j' - sum G_j sum G_j'/batches)

    to that at its start, P, which solves P = M**batches P M**batches' + C(batches).

    Parameters
    ----------
    learning_rate, beta, curvature, noise_variance : float
    batches : int
        The number of batches in an epoch, at least 2.

    Raises
    ------
    ValueError
        Where the run forgets its start too slowly for float64 (a convergence rate above 1 - 1e-6,
        so at the stability limit, too), and for arguments outside their range.

    Examples
    --------
    >>> round(shuffled_variance(0.1, 0.0, 1.0, 1.0, 10), 6)
    0.015929
    >>> round(shuffled_variance(0.1, 0.0, 1.0, 1.0, 10_000), 4)
    0.0525
    """
    eta = _checks.one(_checks.positive, "learning_rate", learning_rate)
    beta = _checks.one(_checks.fraction, "beta", beta)
    a = _checks.one(_checks.positive, "curvature", curvature)
    noise = _checks.one(_checks.non_negative, "noise_variance", noise_variance)
    count = _checks.count("batches", batches, least=2, most=_LONGEST)
    product = min(eta * a, _STEEP)
    settles = convergence_rate(product, 1.0, beta) <= 1 - _SLOW
    rule = "such that the convergence rate is at most 1 - 1e-6"
    _checks.check("learning_rate x curvature", product, lambda _: settles, rule)
    return float(quotient([eta, eta, noise, _share(product, beta, count)], [1.0]))


def _share(x, beta, count):
    """Return the variance for noise of variance 1 and a learning rate of 1."""
    step = iteration_matrix(x, 1.0, beta)
    added = count / (count - 1) * _added(step, np.array([1.0, -1.0]), count)
    whole = np.linalg.matrix_power(step, count)
    start = np.linalg.solve(np.eye(4) - np.kron(whole, whole), added[-1].ravel()).reshape(2, 2)
    mean, power = 0.0, np.eye(2)
    for more in added:
        power = step @ power
        mean += (power @ start @ power.T + more)[1, 1] / count
    return mean


def _added(step, first, count):
    """Return what the noise of the first 1, 2, ... steps of an epoch adds, but for its size."""
    answers = [first]
    for _ in range(count - 1):
        answers.append(step @ answers[-1])
    answers = np.array(answers)
    squares = np.cumsum(answers[:, :, np.newaxis] * answers[:, np.newaxis], axis=0)
    sums = np.cumsum(answers, axis=0)
    return squares - sums[:, :, np.newaxis] * sums[:, np.newaxis] / count


def streaming_rate(curvatures, learning_rate, beta):
    """Return the factor by which the expected squared error falls a step, one example a step.

    Least squares without an error in the targets: the gradient is x (x . w), and each step has a
    new example x, normal with mean zero, whose covariance has the `curvatures` as its eigenvalues.
    So the full gradient is that of the bowl with these curvatures, and the noise vanishes at the
    minimum only. Along each eigenvector E v**2, E v w and E w**2 are mixed by a matrix that needs
    E x_i**2 (x . w)**2 = 2 a_i**2 w_i**2 + a_i sum_k a_k w_k**2; its largest eigenvalue is the
    factor, in the long run. That moment is Isserlis' theorem (1918). Above 1 the expectation grows.

    Parameters
    ----------
    curvatures : float or sequence of floats
    learning_rate, beta : float

    Examples
    --------
    >>> round(streaming_rate(1.0, 0.1, 0.0), 9)
    0.83
    >>> streaming_rate([1.0, 0.01], 1.0, 0.9) > 1
    True
    """
    a = np.atleast_1d(_checks.positive("curvatures", curvatures))
    if a.ndim != 1 or not a.size:
        _checks.refuse("curvatures", "a non-empty list of numbers", curvatures)
    eta = _checks.one(_checks.positive, "learning_rate", learning_rate)
    beta = _checks.one(_checks.fraction, "beta", beta)
    with np.errstate(over="ignore", invalid="ignore"):
        mixed = _mixed(a, eta, beta)
    return float(abs(np.linalg.eigvals(mixed)).max()) if np.isfinite(mixed).all() else np.inf


def _mixed(a, eta, beta):
    """Return the matrix of a step on all (E v**2, E v w, E w**2), one direction after the other."""
    squares = np.kron(np.outer(a, a), np.outer([1, 0, 0], [0, 0, 1]))  # E g**2, from all E w**2
    own = [[beta * beta, 2 * beta, 2], [0, beta, 1], [0, 0, 1]]
    own = np.kron(np.eye(a.size), own) * _powers(a)
    turned = np.kron(np.eye(a.size), [[1, 0, 0], [-eta, 1, 0], [eta * eta, -2 * eta, 1]])
    return turned @ (own + squares)


def _powers(a):
    """Return the powers of each curvature in what mixes E v**2, E v w and E w**2 there."""
    power = np.array([[0, 1, 2], [0, 0, 1], [0, 0, 0]])
    return np.kron(np.diag(a), np.ones((3, 3))) ** np.tile(power, (a.size, a.size))

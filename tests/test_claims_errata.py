"""The claims of chapter 14, one test each: what well-known texts print, and what a run gives."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from momentum import Momentum, descend, surfaces, theory

PAIRS = [(0.5, 0.3), (1.0, 0.81), (2.5, 0.9), (0.02, 0.4)]  # learning rate x curvature, beta


@pytest.mark.parametrize(("x", "beta"), PAIRS)
def test_t34_a_power_needs_its_parts_exchanged(x, beta):
    """The printed closed form fails from no step on; exchanged, it is each power of the matrix."""
    matrix, one = theory.iteration_matrix(1.0, x, beta), np.eye(2)
    a, b = np.linalg.eigvals(matrix).astype(complex)
    A, B = (matrix - a * one) / (a - b), (matrix - b * one) / (a - b)
    assert_allclose(a**0 * A - b**0 * B, -one, atol=1e-9)
    for k in range(8):
        assert_allclose(a**k * B - b**k * A, np.linalg.matrix_power(matrix, k), atol=1e-9)
    if abs(a.imag) > 0:
        assert_allclose([abs(a), abs(b)], np.sqrt(beta), rtol=1e-12)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_t35_the_sum_is_taken_from_the_start(beta):
    """On a surface that is no bowl: the start minus the weighted sum of gradients, and no plus."""
    run = descend(surfaces.double_well(), [1.7], Momentum(0.03, beta), 40)
    weights = (1 - beta ** (40 - np.arange(40))) / (1 - beta)
    total = 0.03 * np.sum(weights * run.gradients[:40, 0])
    assert run.path[40, 0] == pytest.approx(1.7 - total, rel=1e-12)
    assert abs(run.path[40, 0] - (1.7 + total)) > 1


def test_t36_a_bowl_stands_around_its_minimum():
    """The square completed with a plus is the bowl; with a minus it is another one."""
    rng = np.random.default_rng(36)
    half, c, w = rng.normal(size=(3, 3)), rng.normal(size=3), rng.normal(size=3)
    Q = half @ half.T + np.eye(3)
    least = -np.linalg.solve(Q, c)
    cost, rest = w @ Q @ w / 2 + c @ w, -(c @ np.linalg.solve(Q, c)) / 2
    assert cost == pytest.approx((w - least) @ Q @ (w - least) / 2 + rest)
    assert abs(cost - ((w + least) @ Q @ (w + least) / 2 + rest)) > 0.1
    assert_allclose(Q @ least + c, 0, atol=1e-12)


def test_t37_a_small_gradient_is_not_rest():
    """A run passes the minimum where its gradient is below the bound, and goes on."""
    run = descend(surfaces.quadratic([2.0, 2.0]), [1.0, 0.5], Momentum(0.1, 0.9), 200)
    distance = np.linalg.norm(run.path, axis=1) / np.linalg.norm(run.path[0])
    stopped = np.argmax((abs(run.gradients) < 0.01).all(axis=1))
    assert stopped == 10 and distance[stopped] < 0.005
    assert distance[stopped:].max() == pytest.approx(0.5, abs=0.005)


def test_t38_the_rate_is_an_average():
    """A run that swings moves away in nearly half of its steps, and falls like the rate."""
    run = descend(surfaces.quadratic([1.0]), [1.0], Momentum(0.1, 0.9), 1000).path[:, 0]
    factors = abs(run[1:] / run[:-1])
    assert np.mean(factors > 1) == pytest.approx(0.45, abs=0.01) and factors.max() > 50
    assert abs(run[1000]) ** (1 / 1000) == pytest.approx(np.sqrt(0.9), abs=0.003)

"""Where momentum circles beyond bowls: the condition, the surface made for it, the safe beta."""

import numpy as np
import pytest
from known_runs import ring, went_round
from numpy.testing import assert_allclose

from momentum import Momentum, descend, surfaces, theory
from momentum.explorers import Cycles

RNG = np.random.default_rng(12)
GIVEN = [  # smallest, largest, learning rate, beta, corners: cycles, and pairs without one
    (1.0, 25.0, 1 / 9, 4 / 9, 3),
    (1.0, 25.0, 0.04 * 1.6, 0.9, 5),
    (0.5, 500.0, 0.002 * 0.8, 0.95, 9),
    (1.0, 25.0, 0.04, 0.64, 3),
    (1.0, 4.0, 0.25, 0.3, 6),
]
CYCLES = [given for given in GIVEN if theory.has_cycle(*given)]


def breach(low, high, eta, beta, count):
    """By how much the gradients that the steps need break the worst of all interpolations."""
    w = ring(count)
    pull = ((1 + beta) * w - np.roll(w, -1) - beta * np.roll(w, 1)) / eta - low * w
    apart, change = w[:, None] - w, abs(pull[:, None] - pull) ** 2
    terms = (pull.conj() * apart).real + change / (2 * (high - low))
    return terms[~np.eye(count, dtype=bool)].max()


def test_a_cycle_exists_where_no_pair_of_corners_breaks_the_interpolation():
    found = []
    for _ in range(1500):
        low, beta, count = 10 ** RNG.uniform(-3, -0.2), RNG.uniform(0, 1), RNG.integers(2, 14)
        given = low, 1.0, RNG.uniform(0.05, 4), beta, int(count)
        found.append(theory.has_cycle(*given))
        assert found[-1] == (breach(*given) <= 1e-13), given
    assert 100 < sum(found) < 1400


def test_the_condition_is_that_of_the_paper():
    x, beta = RNG.uniform(0.05, 4, 4000), RNG.uniform(0, 1, 4000)
    for q, count in ((0.3, 3), (0.04, 5), (0.001, 12)):
        c = np.cos(2 * np.pi / count)
        linear = 2 * (beta - c + q * (1 - beta * c)) * q * x
        theirs = (q * x) ** 2 - linear + 2 * q * (1 - c) * (1 + beta**2 - 2 * beta * c) <= 0
        found = theory.has_cycle(q * 7, 7.0, x / 7, beta, count)
        assert (found == theirs).all() and 50 < found.sum() < 3950


def test_two_corners_are_a_cycle_from_the_stability_limit_on():
    for beta in (0.0, 0.4, 0.9):
        limit = 2 * (1 + beta)
        assert not theory.has_cycle(0.1, 1.0, 0.999 * limit, beta, 2)
        assert theory.has_cycle(0.1, 1.0, 1.001 * limit, beta, 2)


@pytest.mark.parametrize("given", CYCLES)
def test_momentum_goes_round_its_surface_for_ever_and_draws_others_in(given):
    assert len(CYCLES) == 3
    assert went_round(given) < 1e-9
    assert went_round(given, 0.01 - 0.02j) < 1e-9
    low, _, eta, beta, _ = given  # beside the cycle the surface is a bowl of curvature `low`
    bowl = descend(surfaces.quadratic([low]), [0.001], Momentum(eta, beta), 40)
    assert_allclose(went_round(given, 0.001, steps=40), abs(bowl.path[-1, 0]), rtol=1e-6)


def test_a_run_leaves_the_corners_where_no_cycle_exists():
    for given in set(GIVEN) - set(CYCLES):
        assert went_round(given) > 0.9


@pytest.mark.parametrize("given", GIVEN)
def test_the_surface_is_smooth_and_strongly_convex_with_its_curvatures(given):
    low, high = given[:2]
    surface, points = surfaces.cycling(*given), RNG.normal(size=(2, 2, 4000))
    (g, h), (w, u) = map(surface.gradient, points), points
    apart, change = w - u, g - h
    along = (apart * change).sum(axis=0)
    far, steep = (apart**2).sum(axis=0), (change**2).sum(axis=0)
    assert (along >= low * far * (1 - 1e-9)).all() and (steep <= high**2 * far * (1 + 1e-9)).all()
    room = surface.value(u) - surface.value(w) - (g * -apart).sum(axis=0)
    least = (steep / high + low * far - 2 * low / high * along) / (2 * (1 - low / high))
    assert (room >= least * (1 - 1e-6) - 1e-9).all()


@pytest.mark.parametrize("given", GIVEN)
def test_the_gradient_is_that_of_the_value(given):
    surface, w = surfaces.cycling(*given), RNG.uniform(-2, 2, (2, 1000))
    for slope, e in zip(surface.gradient(w), 1e-4 * np.eye(2)[..., np.newaxis]):
        off = abs(slope - (surface.value(w + e) - surface.value(w - e)) / 2e-4) / given[1]
        assert np.median(off) < 1e-9 and off.max() < 1e-4  # the Hessian jumps at the edges' lines


@pytest.mark.parametrize("kappa", [1.5, 10.0, 1000.0])
def test_no_polygon_is_a_cycle_where_beta_is_safe(kappa):
    x, share = RNG.uniform(1e-3, 2, 20_000), RNG.uniform(0, 1, 20_000)
    beta = share * theory.safe_beta(1 / kappa, 1.0, x) * (1 - 1e-12)
    assert not any(theory.has_cycle(1 / kappa, 1.0, x, beta, k).any() for k in range(2, 40))


def test_the_safe_beta_is_0_from_2_over_the_largest_curvature_on_and_1_for_small_steps():
    assert_allclose(theory.safe_beta(1.0, 5.0, [1e-9, 0.4, 3.0]), [1.0, 0.0, 0.0], atol=1e-8)
    assert theory.safe_beta(2.0, 10.0, 0.1) == theory.safe_beta(1.0, 5.0, 0.2)


def test_with_a_safe_beta_momentum_converges_on_surfaces_made_for_other_pairs():
    beta, starts = 0.99 * theory.safe_beta(1.0, 25.0, 1 / 25), RNG.normal(size=(2, 200))
    for given in CYCLES[:2]:
        run = descend(surfaces.cycling(*given), starts, Momentum(1 / 25, beta), 400)
        assert abs(run.path[-1]).max() < 1e-9


@pytest.mark.parametrize("given", GIVEN)
def test_far_out_the_surface_is_a_bowl_of_the_smallest_curvature(given):
    low, surface = given[0], surfaces.cycling(*given)
    for far in (1e150, 1e154, 1e200, 1e300):
        w = far * np.array([[0.6, -0.6, 0.28], [0.8, 0.8, -0.96]])
        assert_allclose(surface.gradient(w), low * w, rtol=1e-12)
        assert_allclose(surface.gradient(w[:, 0]), low * w[:, 0], rtol=1e-12)
        with np.errstate(over="ignore"):
            assert_allclose(surface.value(w), low / 2 * far * np.float64(far), rtol=1e-12)


def test_a_polygon_has_sides_whose_squares_are_within_float64():
    for given in ({"learning_rate": 1e-160}, {"largest": 1e300, "learning_rate": 1.0}):
        with pytest.raises(ValueError, match="learning_rate must be such that the squares of the"):
            surfaces.cycling(**given)
    for given in ({"learning_rate": 1e-150}, {"largest": 1e150, "learning_rate": 1.0}):
        surface = surfaces.cycling(**given)
        assert np.isfinite([surface.value([1.0, 0.0]), *surface.gradient([1.0, 0.0])]).all()


def test_the_live_figure_has_no_cycle_where_momentum_diverges_on_a_bowl():
    given = {"eta_largest": 4.0, "beta": 0.3}
    assert theory.has_cycle(1 / 25, 1.0, *given.values(), 3)
    assert Cycles(**given).corners == 0
    limit = theory.stability_limit(0.45)
    below, at = (Cycles(eta_largest=x, beta=0.45).corners for x in (0.99 * limit, limit))
    assert below == 3 and at == 0
    assert not Cycles().trajectory().diverged and Cycles(eta_largest=4.0, beta=0.0).corners == 0

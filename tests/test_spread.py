"""Many curvatures: best parameters, transients and bounds, each against runs."""

import math

import numpy as np
import pytest

from momentum import (
    AcceleratedGradient,
    Chebyshev,
    GradientDescent,
    Momentum,
    Nesterov,
    descend,
    surfaces,
    theory,
)

KAPPAS = [1.5, 9.0, 100.0, 3000.0]
over_kappas = pytest.mark.parametrize("kappa", KAPPAS)


def worst_errors(rule, kappa, steps, directions=301):
    """The largest error left in any of many directions, step by step, from 1 in each."""
    spread = surfaces.quadratic(np.linspace(1.0, kappa, directions))
    return abs(descend(spread, np.ones(directions), rule, steps).path).max(axis=1)


@over_kappas
def test_the_optimal_learning_rate_has_its_rate_and_none_is_better(kappa):
    eta, rate = theory.optimal_learning_rate(2.0, 2.0 * kappa)
    assert theory.convergence_rate([2.0, 2.0 * kappa], eta, 0.0) == pytest.approx(rate, rel=1e-12)
    others = np.linspace(0.01, 3, 2000) * eta
    assert theory.convergence_rate([2.0, 2.0 * kappa], others, 0.0).min() >= rate - 1e-12


@pytest.mark.parametrize("nesterov", [False, True])
@over_kappas
def test_no_pair_on_a_grid_beats_the_optimal_one(kappa, nesterov):
    eta, beta, rate = theory.optimal_parameters(0.5, 0.5 * kappa, nesterov=nesterov)
    ends = [0.5, 0.5 * kappa]
    # At a double root rounding is the square root of that of the coefficients.
    assert theory.convergence_rate(ends, eta, beta, nesterov=nesterov) == pytest.approx(
        rate, abs=1e-7
    )
    spread = np.linspace(0.5, 0.5 * kappa, 40)
    etas = np.linspace(0.3, 1.7, 121)[:, np.newaxis] * eta
    grid = theory.convergence_rate(spread, etas, np.linspace(0, 0.999, 200), nesterov=nesterov)
    assert grid.min() >= rate - 1e-7


@over_kappas
def test_worst_case_error_is_that_of_the_steepest_direction_and_no_other_is_worse(kappa):
    rule = Momentum(*theory.optimal_parameters(1.0, kappa)[:2])
    expected = theory.worst_case_error(kappa, np.arange(121))
    assert worst_errors(rule, kappa, 120) == pytest.approx(expected, rel=1e-9)


@over_kappas
def test_transient_growth_is_the_largest_error_on_the_way(kappa):
    rule = Momentum(*theory.optimal_parameters(1.0, kappa)[:2])
    assert worst_errors(rule, kappa, 200).max() == pytest.approx(
        theory.transient_growth(kappa), rel=1e-10
    )


def test_transient_growth_tends_to_the_root_of_kappa_over_e():
    kappas = np.array([1e4, 1e6, 1e8])
    ratios = theory.transient_growth(kappas) * math.e / np.sqrt(kappas)
    assert abs(ratios - 1).max() < 1e-4


def test_the_error_rises_from_a_condition_number_of_5_83_on():
    edge = (1 + math.sqrt(2)) ** 2
    assert theory.transient_growth(0.999 * edge) == theory.transient_growth(1.0) == 1.0
    assert theory.transient_growth(1.001 * edge) > 1.0


@over_kappas
def test_chebyshev_error_is_that_of_a_run(kappa):
    expected = theory.chebyshev_error(kappa, np.arange(41))
    assert worst_errors(Chebyshev(1.0, kappa), kappa, 40) == pytest.approx(expected, rel=1e-8)


@over_kappas
def test_chebyshev_leaves_the_smallest_worst_error_of_all(kappa):
    pairs = (
        theory.optimal_parameters(1.0, kappa),
        theory.optimal_parameters(1.0, kappa, nesterov=True),
    )
    rivals = [
        GradientDescent(theory.optimal_learning_rate(1.0, kappa)[0]),
        Momentum(*pairs[0][:2]),
        Nesterov(*pairs[1][:2]),
        AcceleratedGradient(1 / kappa),
    ]
    best = theory.chebyshev_error(kappa, np.arange(31))
    for rule in rivals:
        assert (worst_errors(rule, kappa, 30) >= best * (1 - 1e-9)).all()


def test_no_method_leaves_less_of_the_chain_than_the_lower_bound():
    kappa, dim, steps = 100.0, 80, 30
    row = surfaces.chain(dim, condition_number=kappa)
    bound = theory.lower_bound(kappa, np.arange(steps + 1))
    bound = bound * np.sqrt(1 - theory.lower_bound(kappa, 2 * (dim - steps)))  # a finite chain
    rules = [
        GradientDescent(theory.optimal_learning_rate(1.0, kappa)[0]),
        Momentum(*theory.optimal_parameters(1.0, kappa)[:2]),
        Nesterov(*theory.optimal_parameters(1.0, kappa, nesterov=True)[:2]),
        Chebyshev(1.0, kappa),
        AcceleratedGradient(1 / kappa),
    ]
    for rule in rules:
        path = descend(row, np.zeros(dim), rule, steps).path
        left = np.linalg.norm(path - row.minima[0], axis=1) / np.linalg.norm(row.minima[0])
        assert (left >= bound * (1 - 1e-9)).all()
        reached = (path != 0).sum(axis=1)
        assert (reached <= np.arange(steps + 1)).all()


def test_on_the_chain_momentum_meets_the_lower_bound_at_every_step():
    row = surfaces.chain(80, condition_number=100.0)
    rule = Momentum(*theory.optimal_parameters(1.0, 100.0)[:2])
    path = descend(row, np.zeros(80), rule, 40).path
    left = np.linalg.norm(path - row.minima[0], axis=1) / np.linalg.norm(row.minima[0])
    assert left == pytest.approx(theory.lower_bound(100.0, np.arange(41)), rel=1e-3)


@over_kappas
def test_within_a_restart_interval_the_cost_falls_below_1_over_e_squared(kappa):
    steps = math.ceil(theory.restart_interval(kappa))
    rng = np.random.default_rng(0)
    for _ in range(5):
        curvatures = np.append(rng.uniform(1.0, kappa, 6), [1.0, kappa])
        bowl, start = surfaces.quadratic(curvatures), rng.normal(size=8)
        run = descend(bowl, start, AcceleratedGradient(1 / kappa), steps)
        landed = run.path[-2] - run.gradients[-1] / kappa
        assert bowl.value(landed) <= math.exp(-2) * run.values[0]


def test_step_ratio_is_the_ratio_of_the_steps_of_two_runs():
    for curvatures in ([1.0], [0.1, 0.3, 1.0]):
        for eta, beta in ((0.05, 0.3), (0.6, 0.9), (1.7, 0.5)):
            bowl, start = surfaces.quadratic(curvatures), 1 / np.sqrt(curvatures)
            runs = [
                descend(bowl, start, Momentum(eta, b), 30_000).settling_time(1e-60)
                for b in (0.0, beta)
            ]
            expected = theory.step_ratio(curvatures, eta, beta)
            assert runs[1] / runs[0] == pytest.approx(expected, rel=0.05)


def test_step_ratio_names_the_cases_without_a_ratio():
    etas, betas = np.array([2.5, 2.5, 1.0, 1.0]), np.array([0.5, 0.1, 0.5, 0.0])
    ratios = theory.step_ratio(1.0, etas, betas)
    assert ratios[0] == 0.0 and np.isnan(ratios[1])
    assert ratios[2] == np.inf and ratios[3] == 1.0


def test_rounding_does_not_decide_what_a_step_ratio_is():
    curvatures = np.random.default_rng(0).uniform(0.1, 10, 500)
    for a in curvatures:
        assert theory.step_ratio(a, 1 / a, 0.5) == np.inf  # gradient descent takes one step
        assert theory.step_ratio(a, 3 / a, 0.5) != theory.step_ratio(a, 3 / a, 0.5)  # NaN


def test_transient_growth_is_exact_for_huge_condition_numbers():
    kappas = np.array([1e20, 1e31, 1e200])
    assert theory.transient_growth(kappas) == pytest.approx(np.sqrt(kappas) / math.e, rel=1e-9)


@pytest.mark.parametrize("beta", [0.1, 0.5, 0.9])
def test_on_one_curvature_momentum_is_slower_in_the_share_root_beta_of_the_stable_range(beta):
    etas = (np.arange(100_000) + 0.5) / 50_000
    slower = theory.step_ratio(1.0, etas, beta) > 1
    assert slower.mean() == pytest.approx(math.sqrt(beta), abs=1e-4)
    assert (slower == (math.sqrt(beta) > abs(1 - etas))).all()

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


# At the edge of float64: the same laws, and no warning


@pytest.mark.parametrize("best", [theory.optimal_learning_rate, theory.optimal_parameters])
def test_the_best_parameters_do_not_depend_on_the_unit_of_curvature(best):
    eta, *rest = best(0.3, [0.3, 7.0, 1e6])
    for unit in (2.0**1000, 2.0**-1000, 2.0**8):
        scaled, *same = best(0.3 * unit, np.array([0.3, 7.0, 1e6]) * unit)
        assert np.array_equal(scaled * unit, eta) and np.array_equal(same, rest)


@pytest.mark.parametrize("smallest, largest", [(1e-308, 2.0), (5e-324, 1.7e308), (1.0, 1e300)])
def test_a_condition_number_beyond_all_measure_needs_all_of_beta(smallest, largest):
    for nesterov, share in ((False, 4.0), (True, 4 / 3)):
        eta, *rest = theory.optimal_parameters(smallest, largest, nesterov=nesterov)
        assert eta == pytest.approx(share / largest, rel=1e-12) and rest == [1.0, 1.0]
    assert theory.optimal_learning_rate(smallest, largest) == pytest.approx((2 / largest, 1.0))


def test_the_largest_and_the_smallest_curvature_are_solved_in_one_step():
    for curvature in (1.7e308, 1e-307):
        eta, beta, rate = theory.optimal_parameters(curvature, curvature)
        assert (eta * curvature, beta, rate) == pytest.approx((1.0, 0.0, 0.0), abs=1e-15)
    assert theory.optimal_parameters(5e-324, 5e-324) == (np.inf, 0.0, 0.0)
    assert theory.optimal_learning_rate(5e-324, 5e-324) == (np.inf, 0.0)


@pytest.mark.parametrize("kappa", [1e10, 1e40, 1e100, 1e300])
def test_for_huge_condition_numbers_the_bounds_are_exponentials_of_steps_over_root_kappa(kappa):
    x = np.array([0.0, 0.01, 1.0, 30.0])
    steps = np.floor(x * np.sqrt(kappa))
    power = np.exp(-2 * x)
    assert theory.lower_bound(kappa, steps) == pytest.approx(power, rel=1e-3)
    assert theory.chebyshev_error(kappa, steps) == pytest.approx(1 / np.cosh(2 * x), rel=1e-3)
    worst = theory.worst_case_error(kappa, steps)
    assert worst == pytest.approx((1 + 2 * steps) * power, rel=1e-3)
    assert theory.worst_case_error(kappa, 1e308) == theory.lower_bound(kappa, 1e308) == 0.0


def test_the_two_ways_to_a_power_of_the_rate_agree_where_one_takes_over():
    kappas, steps = np.array([0.999999e6, 1.000001e6]), np.array([[10.0], [5000.0]])
    for bound in (theory.lower_bound, theory.chebyshev_error, theory.worst_case_error):
        below, above = bound(kappas, steps).T
        assert above == pytest.approx(below, rel=2e-5)
        assert (above >= below).all()


@pytest.mark.parametrize("kappa", [1.0, 1.1, 9.0, 1e7])
def test_after_endless_steps_nothing_is_left(kappa):
    for bound in (theory.lower_bound, theory.chebyshev_error, theory.worst_case_error):
        assert bound(kappa, 1.7e308) == 0.0


def test_a_single_condition_is_gone_after_one_step():
    assert theory.lower_bound(1.0, [0, 1, 2]).tolist() == [1.0, 0.0, 0.0]
    assert theory.worst_case_error(1.0, [0, 1, 2]).tolist() == [1.0, 0.0, 0.0]


def test_restart_intervals_grow_like_the_root_of_the_condition_number():
    for kappa in (1.0, 1e10, 1e300):
        grown = theory.restart_interval(1e8 * kappa) / theory.restart_interval(kappa)
        assert grown == pytest.approx(1e4, rel=1e-12)
    assert theory.restart_interval(2.0) == 4 * math.e  # e sqrt(8 kappa)


def test_the_condition_number_of_a_beta_next_to_1_is_exact():
    gap = 2.0**-53
    expected = 16 / gap**2 * (1 - gap)  # (1 + root)**4/gap**2 with root = 1 - gap/2
    assert theory.optimal_condition_number(1 - gap) == pytest.approx(expected, rel=1e-14)


def test_step_ratios_far_beyond_the_limit_are_those_of_two_runs_that_diverge():
    assert np.isnan(theory.step_ratio([1.0, 1e160], 1e160, [0.0, 0.5])).all()

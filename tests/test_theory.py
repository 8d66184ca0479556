"""Every closed form against a run of the optimizers, and against linear algebra."""

import math

import numpy as np
import pytest

from momentum import GradientDescent, Momentum, Nesterov, RMSProp, descend, gain, surfaces, theory

BETAS = [0.0, 0.1, 0.5, 0.9, 0.99]
over_betas = pytest.mark.parametrize("beta", BETAS)
both_forms = pytest.mark.parametrize(
    "form, nesterov", [(Momentum, False), (Nesterov, True)], ids=["momentum", "nesterov"]
)


def bowl_path(curvature, rule, steps, start=1.0):
    return descend(surfaces.quadratic([curvature]), [start], rule, steps).path[:, 0]


@both_forms
@pytest.mark.parametrize("curvature", [-1.5, 0.3, 4.0])
@pytest.mark.parametrize("beta", [0.0, 0.4, 0.95])
def test_k_steps_on_a_quadratic_are_the_kth_power_of_the_iteration_matrix(
    form, nesterov, curvature, beta
):
    matrix = theory.iteration_matrix(curvature, 0.2, beta, nesterov=nesterov)
    start = np.array([-0.7, 1.3])
    v, w = start
    for k in range(1, 41):
        w, v = form(0.2, beta).step(w, curvature * w, v)
        expected = np.linalg.matrix_power(matrix, k) @ start
        assert np.array([v, w]) == pytest.approx(expected, rel=1e-11, abs=1e-13)


@over_betas
def test_a_step_of_momentum_shrinks_areas_of_phase_space_by_beta(beta):
    for curvature in (-2.0, 0.5, 7.0):
        matrix = theory.iteration_matrix(curvature, 0.3, beta)
        assert np.linalg.det(matrix) == pytest.approx(beta, abs=1e-14)


def test_convergence_rate_is_the_spectral_radius_of_the_iteration_matrix():
    rng = np.random.default_rng(0)
    for _ in range(400):
        curvatures, eta, beta = rng.uniform(-1, 12, 3), rng.uniform(0.01, 0.5), rng.uniform(0, 1)
        matrices = [theory.iteration_matrix(a, eta, beta) for a in curvatures]
        radius = abs(np.linalg.eigvals(matrices)).max()
        assert theory.convergence_rate(curvatures, eta, beta) == pytest.approx(radius, abs=1e-10)


def test_convergence_rate_broadcasts_over_a_grid_of_parameters():
    etas, betas = np.array([[0.01], [0.1], [0.3]]), np.array([0.0, 0.5, 0.9, 0.99])
    rates = theory.convergence_rate([1.0, 10.0], etas, betas)
    assert rates.shape == (3, 4)
    for i, j in np.ndindex(3, 4):
        single = theory.convergence_rate([1.0, 10.0], float(etas[i, 0]), float(betas[j]))
        assert rates[i, j] == single


@pytest.mark.parametrize(
    "eta, beta",
    [(0.02, 0.0), (0.02, 0.5), (0.02, 0.9), (0.1, 0.9), (0.19, 0.0), (0.3, 0.7), (0.37, 0.8)],
)
def test_convergence_rate_is_the_long_run_rate_of_a_run_below_1_and_above(eta, beta):
    start = np.array([1.0, 1.0])
    run = descend(surfaces.quadratic([1.0, 10.0]), start, Momentum(eta, beta), 900)
    distance = np.sqrt((run.path**2).sum(axis=1))
    early, late = distance[300:400].max(), distance[800:900].max()
    measured = (late / early) ** (1 / 500)
    assert measured == pytest.approx(theory.convergence_rate([1.0, 10.0], eta, beta), rel=1e-3)


def test_with_two_equal_roots_the_error_is_k_times_the_power_of_the_rate():
    path = bowl_path(1.0, Momentum(0.25, 0.25), 60)
    k = np.arange(61)
    assert path == pytest.approx(0.5**k * (1 + k / 2), rel=1e-9)
    assert theory.convergence_rate(1.0, 0.25, 0.25) == pytest.approx(0.5, abs=1e-12)


@both_forms
@over_betas
@pytest.mark.parametrize("curvature", [0.5, 8.0])
def test_just_below_the_stability_limit_a_run_converges_and_just_above_it_diverges(
    form, nesterov, beta, curvature
):
    eta = theory.stability_limit(beta, nesterov=nesterov) / curvature
    below = bowl_path(curvature, form(0.999 * eta, beta), 8000)
    above = bowl_path(curvature, form(1.001 * eta, beta), 8000)
    assert abs(below[-1]) < 1e-3
    assert not abs(above[-1]) < 1e3


@both_forms
@over_betas
def test_at_the_stability_limit_a_run_neither_settles_nor_diverges(form, nesterov, beta):
    eta = theory.stability_limit(beta, nesterov=nesterov)
    path = bowl_path(1.0, form(eta, beta), 4000)
    assert path[-1] == pytest.approx(-path[-2], rel=1e-9)
    assert 0.1 < abs(path[-1]) < 300


@over_betas
def test_one_eigenvalue_is_minus_1_at_the_stability_limit(beta):
    for nesterov in (False, True):
        eta = theory.stability_limit(beta, nesterov=nesterov)
        matrix = theory.iteration_matrix(1.0, eta, beta, nesterov=nesterov)
        assert min(abs(np.linalg.eigvals(matrix) + 1)) < 1e-12
        assert theory.stability_limit(np.array([beta]), nesterov=nesterov)[0] == eta


@pytest.mark.parametrize("beta", [0.1, 0.5, 0.9])
def test_nesterov_is_stable_up_to_a_smaller_learning_rate_than_momentum(beta):
    smaller = theory.stability_limit(beta, nesterov=True)
    eta = (smaller + theory.stability_limit(beta)) / 2
    assert abs(bowl_path(1.0, Momentum(eta, beta), 4000)[-1]) < 1e-6
    assert not abs(bowl_path(1.0, Nesterov(eta, beta), 4000)[-1]) < 1e6


PRODUCTS = [0.01, 0.1, 0.3, 0.7, 1.5, 2.25]


@pytest.mark.parametrize("product", PRODUCTS)
def test_the_roots_turn_complex_where_beta_exceeds_critical_beta(product):
    critical = theory.critical_beta(product / 4.0, 4.0)
    for shift, is_complex in ((-1e-6, False), (1e-6, True)):
        matrix = theory.iteration_matrix(4.0, product / 4.0, critical * (1 + shift))
        discriminant = np.trace(matrix) ** 2 - 4 * np.linalg.det(matrix)
        assert (discriminant < 0) == is_complex


def sign_changes(path):
    return int((path[1:] * path[:-1] < 0).sum())


@pytest.mark.parametrize("product", [0.01, 0.1, 0.3, 0.7])
def test_a_run_starts_to_oscillate_where_beta_exceeds_critical_beta(product):
    critical = theory.critical_beta(product, 1.0)
    assert sign_changes(bowl_path(1.0, Momentum(product, 0.98 * critical), 400)) == 0
    assert sign_changes(bowl_path(1.0, Momentum(product, 1.02 * critical), 400)) > 1


@pytest.mark.parametrize("product", [1.5, 2.25])
def test_from_a_product_of_1_on_a_smaller_beta_alternates_in_sign_at_every_step(product):
    critical = theory.critical_beta(product, 1.0)
    path = bowl_path(1.0, Momentum(product, 0.9 * critical), 100)
    assert sign_changes(path) == 100
    longer = bowl_path(1.0, Momentum(product, min(1.5 * critical, 0.9)), 100)
    assert 0 < sign_changes(longer) < 100


@pytest.mark.parametrize("product", [0.01, 0.1, 0.3, 0.7])
def test_below_a_product_of_1_critical_beta_has_the_best_rate(product):
    betas = np.linspace(0, 0.9999, 20001)
    best = betas[theory.convergence_rate(1.0, product, betas).argmin()]
    assert best == pytest.approx(theory.critical_beta(product, 1.0), abs=1e-4)


def test_oscillation_threshold_and_critical_beta_are_inverse():
    betas = np.linspace(0, 0.999, 300)
    thresholds = theory.oscillation_threshold(betas)
    assert theory.critical_beta(thresholds, 1.0) == pytest.approx(betas, abs=1e-12)
    assert theory.critical_beta(thresholds / 7.0, 7.0) == pytest.approx(betas, abs=1e-12)


@pytest.mark.parametrize("beta", [0.0, 0.3, 0.81])
def test_a_run_oscillates_above_the_oscillation_threshold_only(beta):
    threshold = theory.oscillation_threshold(beta)
    assert sign_changes(bowl_path(1.0, Momentum(0.98 * threshold, beta), 1000)) == 0
    assert sign_changes(bowl_path(1.0, Momentum(1.02 * threshold, beta), 1000)) > 1


@pytest.mark.parametrize("kappa", [1.5, 10.0, 100.0, 1e4])
def test_optimal_parameters_beat_every_pair_of_a_fine_grid(kappa):
    low, high = 0.7, 0.7 * kappa
    eta, beta, rate = theory.optimal_parameters(low, high)
    etas = eta * np.linspace(0.2, 1.5, 261)[:, np.newaxis]
    betas = 1 - (1 - beta) * np.linspace(0.2, 1 / (1 - beta), 301)
    rates = theory.convergence_rate([low, high], etas, np.clip(betas, 0, None))
    assert rate < rates.min() < rate + 0.1 * (1 - rate)


@pytest.mark.parametrize("kappa", [1.5, 10.0, 100.0, 1e4])
def test_optimal_parameters_give_every_curvature_the_same_rate(kappa):
    eta, beta, rate = theory.optimal_parameters(2.0, 2.0 * kappa)
    for curvature in np.geomspace(2.0, 2.0 * kappa, 9):
        assert theory.convergence_rate(curvature, eta, beta) == pytest.approx(rate, abs=1e-7)
    assert rate == pytest.approx(math.sqrt(beta), rel=1e-14)
    assert rate == pytest.approx((kappa**0.5 - 1) / (kappa**0.5 + 1), rel=1e-12)


def test_momentum_needs_about_the_root_of_the_steps_gradient_descent_needs():
    kappa, bowl = 400.0, surfaces.quadratic([1.0, 400.0])
    eta, beta, _ = theory.optimal_parameters(1.0, kappa)
    plain = descend(bowl, [1.0, 1.0], GradientDescent(2 / (1 + kappa)), 2000)
    heavy = descend(bowl, [1.0, 1.0], Momentum(eta, beta), 2000)
    assert 5 * heavy.settling_time(1e-3) < plain.settling_time(1e-3) < np.inf


def test_a_single_curvature_is_solved_by_one_step_without_momentum():
    eta, beta, rate = theory.optimal_parameters(5.0, 5.0)
    assert (eta * 5.0, beta, rate) == pytest.approx((1.0, 0.0, 0.0))


def test_optimal_condition_number_inverts_optimal_parameters():
    for kappa in (1.0, 1.5, 9.0, 1e4):
        _, beta, _ = theory.optimal_parameters(3.0, 3.0 * kappa)
        assert theory.optimal_condition_number(beta) == pytest.approx(kappa, rel=1e-9)


@over_betas
@pytest.mark.parametrize("averaged", [False, True], ids=["raw", "averaged"])
def test_on_a_plateau_what_is_left_is_the_last_step_times_beta_over_1_minus_beta(beta, averaged):
    eta = max(0.15, 1.2 * theory.oscillation_threshold(beta))  # fast enough to reach the plateau
    rule = Momentum(eta / (1 - beta), beta, beta) if averaged else Momentum(eta, beta)
    x = descend(surfaces.plateau(width=300.0), [-1.0], rule, 8000).path[:, 0]
    entered = int((x > 0).argmax())
    left = theory.coasting_distance(x[entered] - x[entered - 1], beta)
    assert entered > 0 and x[-1] < 300
    assert x[-1] - x[entered] == pytest.approx(left, rel=0, abs=4e-15 * (1 + x[-1] / (1 - beta)))


@pytest.mark.parametrize("beta", [0.5, 0.9, 0.99])
def test_on_a_plateau_each_step_is_beta_times_the_one_before(beta):
    x = descend(surfaces.plateau(width=300.0), [-1.0], Momentum(0.15, beta), 60).path[:, 0]
    steps = np.diff(x)[int((x > 0).argmax()) :]
    assert len(steps) > 20
    assert steps[1:] == pytest.approx(beta * steps[:-1], rel=0, abs=1e-14 * x.max())


def amplitude(series, omega, times):
    waves = np.array([np.cos(omega * times), np.sin(omega * times)]).T
    return np.hypot(*np.linalg.lstsq(waves, series, rcond=1e-9)[0])


@pytest.mark.parametrize("omega", [0.0, 0.05, 1.0, 2.5, math.pi])
@pytest.mark.parametrize("beta", [0.0, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("averaged", [False, True], ids=["raw", "averaged"])
def test_gain_is_the_steady_amplitude_of_the_velocity_under_a_sinusoid(omega, beta, averaged):
    rule = Momentum(1.0, beta, dampening=beta if averaged else 0.0)
    times, velocities, v = np.arange(700), [], 0.0
    for g in np.cos(omega * times):
        _, v = rule.step(0.0, g, v)
        velocities.append(v)
    settled = slice(500, None)
    expected = gain(beta, omega) * (1 - beta if averaged else 1)
    assert amplitude(velocities[settled], omega, times[settled]) == pytest.approx(expected, 1e-9)


def test_gain_is_1_over_1_minus_beta_for_a_constant_and_1_over_1_plus_beta_for_alternation():
    betas = np.linspace(0, 0.99, 100)
    assert gain(betas) == pytest.approx(1 / (1 - betas), rel=1e-12)
    assert gain(betas, math.pi) == pytest.approx(1 / (1 + betas), rel=1e-12)


@pytest.mark.parametrize("beta", [0.1, 0.5, 0.9, 0.99])
def test_the_gain_crosses_1_at_the_crossover_period(beta):
    period = theory.crossover_period(beta)
    assert gain(beta, 2 * math.pi / period) == pytest.approx(1.0, rel=1e-12)
    assert gain(beta, 2 * math.pi / (1.01 * period)) > 1 > gain(beta, 2 * math.pi / (period / 1.01))


NOISY_CASES = [
    (eta, beta, curvature, noise)
    for beta in (0.0, 0.3, 0.9)
    for curvature, noise in ((0.5, 2.0), (6.0, 0.1))
    for eta in (0.02, 0.25)
]
over_noise = pytest.mark.parametrize("eta, beta, curvature, noise", NOISY_CASES)


def stationary_covariance(eta, beta, curvature, noise):
    """The covariance of (v, w): the solution S of S = M S M' + noise b b', b = (1, -eta)."""
    matrix, b = theory.iteration_matrix(curvature, eta, beta), np.array([1.0, -eta])
    system = np.eye(4) - np.kron(matrix, matrix)
    return np.linalg.solve(system, noise * np.kron(b, b)).reshape(2, 2)


@over_noise
def test_stationary_variances_solve_the_discrete_lyapunov_equation(eta, beta, curvature, noise):
    covariance = stationary_covariance(eta, beta, curvature, noise)
    spread = theory.stationary_variance(eta, beta, curvature, noise)
    steps = theory.step_variance(eta, beta, curvature, noise)
    assert spread == pytest.approx(covariance[1, 1], rel=1e-10)
    assert steps == pytest.approx(eta**2 * covariance[0, 0], rel=1e-10)


@pytest.mark.parametrize(
    "eta, beta, averaged", [(0.25, 0.0, False), (0.1, 0.8, False), (0.5, 0.8, True)]
)
def test_stationary_variances_are_those_of_a_long_noisy_run(eta, beta, averaged):
    rng = np.random.default_rng(8)
    surface = surfaces.noisy(surfaces.quadratic([2.0]), 3.0**0.5, rng)
    rule = Momentum(eta, beta, dampening=beta if averaged else 0.0)
    path = descend(surface, np.zeros((1, 5000)), rule, 250).path[100:, 0]
    raw = (eta * (1 - beta) if averaged else eta, beta, 2.0, 3.0)
    assert path.var() == pytest.approx(theory.stationary_variance(*raw), rel=0.02)
    assert np.diff(path, axis=0).var() == pytest.approx(theory.step_variance(*raw), rel=0.02)


def test_stationary_variance_grows_without_bound_towards_the_stability_limit():
    shares = np.array([0.9, 0.99, 0.999, 0.9999])
    limit = theory.stability_limit(0.5)
    spread = theory.stationary_variance(shares * limit, 0.5, 1.0, 1.0)
    assert (spread[1:] > 9 * spread[:-1]).all()


def test_stationary_variances_are_elementwise():
    etas, betas = np.array([[0.1], [0.2]]), np.array([0.0, 0.5, 0.9])
    for variance in (theory.stationary_variance, theory.step_variance):
        grid = variance(etas, betas, 2.0, 3.0)
        for i, j in np.ndindex(2, 3):
            single = variance(float(etas[i, 0]), float(betas[j]), 2.0, 3.0)
            assert grid[i, j] == pytest.approx(single, rel=1e-14)


@pytest.mark.parametrize("curvature", [0.2, 1.0, 30.0])
@pytest.mark.parametrize("decay", [0.5, 0.9, 0.99])
def test_rmsprop_ends_up_jumping_half_a_learning_rate_left_and_right_of_the_minimum(
    decay, curvature
):
    path = bowl_path(curvature, RMSProp(0.1, decay, epsilon=0.0), 5000, start=1.234)
    assert abs(path[-50:]) == pytest.approx(theory.rmsprop_cycle(0.1), rel=1e-6)
    assert sign_changes(path[-50:]) == 49


@pytest.mark.parametrize("product", [0.001, 0.04, 0.25, 0.9])
@both_forms
def test_the_critical_beta_has_the_best_rate_1_minus_the_root_and_starts_the_oscillation(
    form, nesterov, product
):
    critical = theory.critical_beta(product, 1.0, nesterov=nesterov)
    betas = np.linspace(0, 0.9999, 20_001)
    rates = theory.convergence_rate(1.0, product, betas, nesterov=nesterov)
    assert betas[rates.argmin()] == pytest.approx(critical, abs=1e-4)
    at = theory.convergence_rate(1.0, product, critical, nesterov=nesterov)
    assert at == pytest.approx(1 - math.sqrt(product), abs=1e-7)
    assert theory.oscillation_threshold(critical, nesterov=nesterov) == pytest.approx(product)
    for shift, complex_roots in ((-1e-4, False), (1e-4, True)):
        matrix = theory.iteration_matrix(1.0, product, critical + shift, nesterov=nesterov)
        assert (abs(np.linalg.eigvals(matrix).imag) > 0).all() == complex_roots


@pytest.mark.parametrize("rate", [0.3, 0.7, 0.95, 1.0])
def test_the_pairs_with_at_most_a_rate_are_a_trapezoid(rate):
    rng = np.random.default_rng(1)
    products, betas = rng.uniform(0.001, 4, 20_000), rng.uniform(0, 0.999, 20_000)
    left = (1 - rate) * (rate - betas) / rate
    right = (1 + rate) * (rate + betas) / rate
    inside = (betas <= rate**2) & (products >= left) & (products <= right)
    found = theory.convergence_rate(1.0, products, betas) <= rate
    assert inside.any() and not inside.all()
    assert (inside == found).all()


@pytest.mark.parametrize("friction, curvature", [(0.0, 1.0), (0.3, 2.0), (2.0, 1.0), (5.0, 1.5)])
def test_the_ball_solves_its_differential_equation(friction, curvature):
    h, time = 1e-4, np.linspace(0.5, 9.0, 50)
    before, now, after = (
        theory.damped_ball(time + shift, curvature, friction) for shift in (-h, 0.0, h)
    )
    speed, push = (after - before) / (2 * h), (after - 2 * now + before) / h**2
    assert abs(push + friction * speed + curvature * now).max() < 1e-6
    assert theory.damped_ball(0.0, curvature, friction) == pytest.approx(1.0, abs=1e-14)
    assert theory.damped_ball(1e-6, curvature, friction) == pytest.approx(1.0, abs=1e-11)


def test_the_ball_is_exact_close_to_critical_friction():
    time = np.linspace(0, 10, 101)
    for curvature in np.random.default_rng(2).uniform(0.1, 10, 200):
        half = math.sqrt(curvature)
        critical = (1 + half * time) * np.exp(-half * time)
        ball = theory.damped_ball(time, curvature, 2 * math.sqrt(curvature))
        assert ball == pytest.approx(critical, abs=1e-13)


@pytest.mark.parametrize("friction", [0.4, 2.0, 3.0])
def test_momentum_approaches_the_ball_like_the_root_of_the_learning_rate(friction):
    gaps = []
    for eta in (1e-3, 1e-5):
        beta, steps = 1 - friction * math.sqrt(eta), round(10 / math.sqrt(eta))
        assert theory.friction(eta, beta) == pytest.approx(friction, rel=1e-12)
        ball = theory.damped_ball(math.sqrt(eta) * np.arange(steps + 1), 1.0, friction)
        gaps.append(abs(bowl_path(1.0, Momentum(eta, beta), steps) - ball).max())
    assert gaps[0] / gaps[1] == pytest.approx(10, rel=0.1)


# At the edge of float64: the same laws, and no warning


@both_forms
def test_far_beyond_the_limit_the_rate_is_the_product_or_1_plus_beta_times_it(form, nesterov):
    growth = 1.5 if nesterov else 1.0
    for product in (1e140, 1e155, 1e300, -1e155):
        rate = theory.convergence_rate(product, 1.0, 0.5, nesterov=nesterov)
        assert rate == pytest.approx(growth * abs(product), rel=1e-14)
    assert theory.convergence_rate(
        [1.0, -1e200], 1e200, [0.0, 0.5], nesterov=nesterov
    ).tolist() == [
        np.inf,
        np.inf,
    ]


def test_at_a_product_of_1_and_there_only_nesterov_has_the_rate_0_whatever_beta_is():
    for x, beta in theory.rate_contour(0.0, nesterov=True):
        assert (x == 1).all() and beta[-1] == 1
    assert (theory.convergence_rate(1.0, 1.0, np.linspace(0, 0.99, 9), nesterov=True) == 0).all()


@pytest.mark.parametrize("rate", [5e-324, 1e-200, 1e-9])
def test_rate_contours_close_to_0_are_those_of_0_to_rounding(rate):
    for x, _ in theory.rate_contour(rate, nesterov=True):
        assert x == pytest.approx(1.0, abs=3 * rate)


@pytest.mark.parametrize("friction", [1e10, 1e160, 1e300])
def test_under_huge_friction_the_ball_creeps_like_exp_of_minus_curvature_time_over_friction(
    friction,
):
    units = np.array([0.0, 0.5, 2.0, 800.0])
    ball = theory.damped_ball(units * friction, 1.0, friction)
    assert ball == pytest.approx(np.exp(-units), rel=1e-12)
    assert theory.damped_ball(1e308, 1.0, friction) == 0.0


def test_the_ball_is_at_rest_after_endless_time_unless_nothing_brakes_it():
    for friction in (1e-300, 0.1, 2.0, 3.0, 1e150):
        assert theory.damped_ball(1e305, 1.0, friction) == 0.0
    assert abs(theory.damped_ball(1e305, 1.0, 0.0)) <= 1.0
    assert abs(theory.damped_ball(9.9e306, 1.0, 5e-324)) <= 1.0
    assert theory.damped_ball(1e308, 5e-324, 1e308) == 1.0


@pytest.mark.parametrize("friction", [0.0, 0.3, 2.0, 5.0])
def test_the_ball_does_not_depend_on_the_unit_of_time(friction):
    time = np.linspace(0.0, 9.0, 19)
    ball = theory.damped_ball(time, 1.0, friction)
    for unit in (2.0**500, 2.0**-500):
        assert np.array_equal(theory.damped_ball(time / unit, unit**2, friction * unit), ball)


@pytest.mark.parametrize("unit", [2.0**400, 2.0**-400])
def test_stationary_variances_scale_as_the_square_of_the_unit_of_length(unit):
    for variance in (theory.stationary_variance, theory.step_variance):
        plain = variance(0.3, [0.0, 0.9], 2.0, 5.0)
        assert np.array_equal(variance(0.3 * unit, [0.0, 0.9], 2.0 / unit, 5.0), plain * unit**2)
        noisier = variance(0.3 * unit, [0.0, 0.9], 2.0 / unit, 5.0 / unit**2)
        assert np.array_equal(noisier, plain)


def test_no_product_on_the_way_to_a_variance_overflows_or_vanishes():
    assert theory.stationary_variance(1e-200, 0.0, 1e-300, 1e-200) == pytest.approx(5e-101)
    assert theory.stationary_variance(1e300, 0.0, 1e-300, 1e-300) == pytest.approx(1e300)
    assert theory.step_variance(1e-300, 0.0, 1e300, 1e300) == pytest.approx(2e-300)
    assert theory.stationary_variance(1e300, 0.0, 5e-324, 1e300) == np.inf


def test_a_critical_beta_beyond_float64_is_infinite():
    assert theory.critical_beta(1e200, 1e200) == np.inf
    assert theory.critical_beta(1e308, 1.0) == pytest.approx(1e308)
    assert theory.critical_beta(1e-200, 1e-200) == 1.0


def test_a_last_step_of_nearly_nothing_coasts_nowhere_and_of_nearly_all_without_end():
    assert theory.coasting_distance(5e-324, 0.5) == 5e-324
    assert theory.coasting_distance(1e308, 0.99) == np.inf
    assert theory.coasting_distance(-1e300, 1e-300) == pytest.approx(-1.0)


def test_the_iteration_matrix_of_a_flat_surface_has_no_nan_however_large_the_step():
    matrix = theory.iteration_matrix(0.0, 1.7e308, 0.9, nesterov=True)
    assert matrix[:, 1].tolist() == [0.0, 1.0]


# Along a contour


def on_contours(rate, nesterov):
    for x, beta in theory.rate_contour(rate, nesterov=nesterov):
        inside = beta < 1
        yield x[inside], beta[inside]


@both_forms
@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_on_a_contour_the_rate_is_that_of_the_contour(form, nesterov, rate):
    for x, beta in on_contours(rate, nesterov):
        found = theory.convergence_rate(1.0, x, beta, nesterov=nesterov)
        assert found == pytest.approx(rate, abs=1e-7)  # double roots among them


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_a_contour_of_momentum_is_a_trapezoid_from_the_axis_to_the_axis(rate):
    ((x, beta),) = theory.rate_contour(rate)
    assert beta.tolist() == [0.0, rate * rate, rate * rate, 0.0]
    assert x == pytest.approx([1 - rate, (1 - rate) ** 2, (1 + rate) ** 2, 1 + rate])


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_nesterovs_contour_has_two_curves_from_the_axis_to_beta_1(rate):
    (left, up), (right, straight) = theory.rate_contour(rate, nesterov=True)
    assert (left[0], right[0]) == pytest.approx((1 - rate, 1 + rate))
    assert up[0] == straight[0] == 0.0 and up[-1] == straight[-1] == 1.0
    assert (np.diff(up) >= 0).all() and (np.diff(straight) > 0).all()
    assert (left <= 1).all() and (right > 1).all()
    turn = rate / (2 - rate)  # where the roots become complex, at the best rate for this x
    assert turn in up and theory.critical_beta(left[up == turn], 1.0, nesterov=True) == (
        pytest.approx(turn)
    )
    assert len(left) == 24 and len(right) == 12


def test_between_its_corners_a_contour_of_momentum_is_straight():
    for rate in (0.5, 0.7, 0.95):
        ((x, beta),) = theory.rate_contour(rate)
        shares = np.linspace(0, 1, 7)[:, np.newaxis]
        along = x[:-1] + shares * np.diff(x), beta[:-1] + shares * np.diff(beta)
        np.testing.assert_allclose(theory.convergence_rate(1.0, *along), rate, atol=2e-7)


# The roots of a step, and what a run with them looks like


def any_pairs(nesterov, count=300):
    """Return learning rates x curvature on both sides of the limit, and betas."""
    x, beta = np.random.default_rng(3).uniform(0.01, 1, (2, count)) * [[4], [0.95]]
    return list(zip((x / 2 if nesterov else x).tolist(), beta.tolist()))


@both_forms
def test_the_roots_of_a_step_are_the_eigenvalues_of_the_iteration_matrix(form, nesterov):
    rng = np.random.default_rng(1)
    for a, eta, beta in zip(rng.uniform(-2, 9, 300), rng.uniform(0.01, 0.6, 300), rng.random(300)):
        matrix = theory.iteration_matrix(a, eta, beta, nesterov=nesterov)
        roots = theory.roots(a, eta, beta, nesterov=nesterov)
        assert np.sort_complex(roots) == pytest.approx(np.sort_complex(np.linalg.eigvals(matrix)))
        assert roots[0].real >= roots[1].real and roots[0].imag >= 0
        rate = theory.convergence_rate(a, eta, beta, nesterov=nesterov)
        assert abs(roots).max() == pytest.approx(rate, rel=1e-14)


@both_forms
def test_a_run_is_a_sum_of_the_powers_of_both_roots(form, nesterov):
    for x, beta in any_pairs(nesterov, 40):
        powers = theory.roots(1.0, x, beta, nesterov=nesterov) ** np.arange(30)[:, np.newaxis]
        path = bowl_path(1.0, form(x, beta), 29)
        shares = np.linalg.solve(powers[:2], path[:2])
        assert (powers @ shares).real == pytest.approx(path, rel=1e-9, abs=1e-9)


@both_forms
def test_a_regime_is_what_the_run_does(form, nesterov):
    met = set()
    for x, beta in any_pairs(nesterov):
        found = theory.regime(1.0, x, beta, nesterov=nesterov)
        path = bowl_path(1.0, form(x, beta), 400)
        path = path[abs(path) > 1e-200]
        assert (found == "monotone") == (np.diff(path) < 0).all()
        assert (found == "diverging") == (abs(path[-1]) > 1)
        late = sign_changes(path[20:40])
        assert (found in ("jumping", "diverging")) == (late == 19)
        met.add(found)
    assert met == {"monotone", "oscillating", "jumping", "diverging"}


@both_forms
def test_an_oscillating_run_changes_sides_twice_in_a_period(form, nesterov):
    swung = 0
    for x, beta in any_pairs(nesterov):
        period = theory.oscillation_period(1.0, x, beta, nesterov=nesterov)
        swings = theory.regime(1.0, x, beta, nesterov=nesterov) == "oscillating"
        assert (period < np.inf) == swings
        if swings and period < 60:
            rate = theory.convergence_rate(1.0, x, beta, nesterov=nesterov)
            steps = min(300, int(-340 / math.log(rate)))  # to 1e-150
            path = bowl_path(1.0, form(x, beta), steps)
            assert sign_changes(path) == pytest.approx(2 * steps / period, abs=2)
            swung += 1
    assert swung > 50


def test_an_undamped_swing_of_four_steps_is_a_quarter_turn_a_step():
    assert theory.roots(1.0, 1.25, 0.25).tolist() == [0.5j, -0.5j]
    assert theory.oscillation_period(1.0, 1.25, 0.25) == pytest.approx(4.0, rel=1e-15)
    assert bowl_path(1.0, Momentum(1.25, 0.25), 2)[2] == pytest.approx(-0.25)


DOUBLE = [
    (Momentum, False, 0.04, 0.64, "critical", 0.8),
    (Momentum, False, 2.25, 0.25, "critical jump", -0.5),
    (Nesterov, True, 0.25, 1 / 3, "critical", 0.5),
]


@pytest.mark.parametrize("form, nesterov, x, beta, name, root", DOUBLE)
def test_at_a_double_root_the_error_is_a_line_in_t_times_the_power_of_the_rate(
    form, nesterov, x, beta, name, root
):
    assert theory.regime(1.0, x, beta, nesterov=nesterov) == name
    assert theory.roots(1.0, x, beta, nesterov=nesterov) == pytest.approx([root] * 2, abs=1e-7)
    line = bowl_path(1.0, form(x, beta), 40) / root ** np.arange(41)
    slope = np.diff(line)
    assert slope == pytest.approx(slope[0], rel=1e-6) and abs(slope[0]) > 0.1


@pytest.mark.parametrize("beta", [0.3, 0.64, 0.9])
def test_a_regime_ends_where_its_border_is_to_a_billionth(beta):
    for nesterov in (False, True):
        threshold = theory.oscillation_threshold(beta, nesterov=nesterov)
        limit, shifts = (
            theory.stability_limit(beta, nesterov=nesterov),
            1 + np.array([-1e-6, 0, 1e-6]),
        )
        names = theory.regime(1.0, threshold * shifts, beta, nesterov=nesterov)
        assert names.tolist() == ["monotone", "critical", "oscillating"]
        names = theory.regime(1.0, limit * shifts, beta, nesterov=nesterov)
        assert names.tolist() == ["jumping", "limit", "diverging"]
        assert theory.regime(1.0, limit * (1 + 5e-10), beta, nesterov=nesterov) == "limit"
    other = (1 + math.sqrt(beta)) ** 2
    names = theory.regime(1.0, other * shifts, beta)
    assert names.tolist() == ["oscillating", "critical jump", "jumping"]


@both_forms
def test_where_both_roots_are_0_a_run_arrives_in_a_step_or_two(form, nesterov):
    betas = [0.0, 0.6, 0.99] if nesterov else [0.0]
    for beta in betas:
        assert theory.regime(1.0, 1.0, beta, nesterov=nesterov) == "finite"
        assert not theory.roots(1.0, 1.0, beta, nesterov=nesterov).any()
        path = bowl_path(1.0, form(1.0, beta), 5)
        assert path[1] == pytest.approx(-beta) and abs(path[2:]).max() < 1e-15


def test_roots_regimes_and_periods_are_elementwise():
    x, betas = np.array([[0.1], [1.5]]), np.array([0.0, 0.5, 0.9])
    roots = theory.roots(2.0, x / 2, betas)
    names, periods = theory.regime(2.0, x / 2, betas), theory.oscillation_period(2.0, x / 2, betas)
    assert (roots.shape, names.shape, periods.shape) == ((2, 2, 3), (2, 3), (2, 3))
    for i, j in np.ndindex(2, 3):
        one = 2.0, float(x[i, 0]) / 2, float(betas[j])
        assert roots[:, i, j].tolist() == theory.roots(*one).tolist()
        assert (names[i, j], periods[i, j]) == (
            theory.regime(*one),
            theory.oscillation_period(*one),
        )


@pytest.mark.parametrize("function", [theory.roots, theory.regime, theory.oscillation_period])
def test_roots_and_regimes_refuse_what_has_none_by_name(function):
    bad = {
        "learning_rate": (0.0, -1.0, np.inf),
        "beta": (1.0, -0.1, np.nan),
        "curvature": (np.nan,),
    }
    for name, values in bad.items():
        for value in values:
            given = {"curvature": 1.0, "learning_rate": 0.1, "beta": 0.5, name: value}
            with pytest.raises(ValueError, match=rf"{name} must be .*{value:g}"):
                function(**given)
    with pytest.raises(ValueError, match="nesterov must be"):
        function(1.0, 0.1, 0.5, nesterov="yes")


def test_only_a_bowl_has_a_regime():
    for curvature in (0.0, -1.0):
        with pytest.raises(ValueError, match="curvature must be positive"):
            theory.regime(curvature, 0.1, 0.5)
    assert theory.roots(0.0, 0.1, 0.5).tolist() == [1.0, 0.5]
    assert theory.oscillation_period(-1.0, 0.1, 0.5) == np.inf


@both_forms
@pytest.mark.parametrize("product", [1e140, 1e155, 1e300])
def test_far_beyond_the_limit_one_root_is_the_rate(form, nesterov, product):
    roots = theory.roots(product, 1.0, 0.5, nesterov=nesterov)
    rate = theory.convergence_rate(product, 1.0, 0.5, nesterov=nesterov)
    assert roots[1] == pytest.approx(-rate, rel=1e-14) and abs(roots[0]) <= 1e-15 * rate
    assert theory.regime(product, 1.0, 0.5, nesterov=nesterov) == "diverging"
    assert theory.oscillation_period(product, 1.0, 0.5, nesterov=nesterov) == np.inf
    uphill = theory.roots(-product, 1.0, 0.0, nesterov=nesterov)
    assert uphill.tolist() == pytest.approx([product, 0.0], abs=1e-15 * product)
    assert theory.roots(1e200, 1e200, 0.5, nesterov=nesterov).tolist() == [0.0, -np.inf]
    assert theory.regime(1e200, 1e200, 0.0, nesterov=nesterov) == "diverging"


# What a comparison of two rates may rest on


@pytest.mark.parametrize("beta", [0.04, 0.16, 0.3, 0.64, 0.9, 0.99])
def test_with_one_curvature_momentum_is_slower_in_a_share_of_sqrt_beta(beta):
    x = np.linspace(0, 2, 20_002)[1:-1]
    slower = theory.convergence_rate(1.0, x, beta) > theory.convergence_rate(1.0, x, 0.0)
    assert slower.mean() == pytest.approx(math.sqrt(beta), abs=2e-4)


def test_the_slowest_curvature_of_a_spread_is_one_of_its_ends():
    curvatures, rng = np.geomspace(0.001, 1, 400), np.random.default_rng(1)
    for x, beta in zip(rng.uniform(0.01, 4, 50), rng.uniform(0, 0.999, 50)):
        whole, ends = (theory.convergence_rate(a, x, beta) for a in (curvatures, [0.001, 1.0]))
        assert whole == pytest.approx(ends, rel=1e-12)


@pytest.mark.parametrize(
    ("eta", "beta", "curvature", "batches"),
    [(0.1, 0.0, 1.0, 10), (0.1, 0.9, 1.0, 10), (0.3, 0.5, 0.2, 20)],
)
def test_shuffled_variance_is_that_of_a_long_run_through_shuffled_epochs(
    eta, beta, curvature, batches
):
    rng, runs = np.random.default_rng(5), 400
    noise = rng.normal(size=batches)
    noise = (noise - noise.mean()) / noise.std()
    w, v, seen = np.zeros(runs), np.zeros(runs), []
    for epoch in range(1200):
        for drawn in rng.permuted(np.tile(noise, (runs, 1)), axis=1).T:
            v = beta * v + curvature * w + drawn
            w = w - eta * v
            seen.append((w * w).mean() if epoch > 200 else np.nan)
    measured = np.nanmean(seen)
    assert theory.shuffled_variance(eta, beta, curvature, 1.0, batches) == pytest.approx(
        measured, rel=0.02
    )


def test_shuffled_variance_tends_to_that_of_independent_noise_as_an_epoch_becomes_long():
    independent = theory.stationary_variance(0.1, 0.5, 1.0, 2.0)
    shares = [
        theory.shuffled_variance(0.1, 0.5, 1.0, 2.0, n) / independent for n in (2, 20, 200, 20_000)
    ]
    assert shares == sorted(shares) and shares[-1] == pytest.approx(1, abs=2e-3)


def test_shuffled_variance_of_two_batches_is_that_of_a_noise_that_alternates_or_repeats():
    """After each epoch the noise is undone: w(t + 2) = (1 - x)**2 w(t) -+ eta x n."""
    eta, x = 0.2, 0.2
    start = (eta * x) ** 2 / (1 - (1 - x) ** 4)
    middle = (1 - x) ** 2 * start + eta**2
    expected = (start + middle) / 2
    assert theory.shuffled_variance(eta, 0.0, 1.0, 1.0, 2) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("eta", "beta"), [(0.2, 0.0), (0.1, 0.6)])
def test_streaming_rate_is_that_of_a_long_mean_over_single_examples(eta, beta):
    rng, curvatures, runs = np.random.default_rng(6), np.array([1.0, 0.3]), 200_000
    w, v = np.ones((2, runs)), np.zeros((2, runs))
    errors = []
    for _ in range(30):
        x = rng.normal(size=(2, runs)) * np.sqrt(curvatures)[:, np.newaxis]
        v = beta * v + x * (x * w).sum(axis=0)
        w = w - eta * v
        errors.append((w * w).sum(axis=0).mean())
    measured = (errors[29] / errors[19]) ** 0.1
    assert theory.streaming_rate(curvatures, eta, beta) == pytest.approx(measured, rel=0.02)


def test_streaming_rate_of_one_direction_without_memory_is_one_minus_2x_plus_3x_squared():
    x = np.array([0.05, 0.3, 0.6])
    rates = [theory.streaming_rate(2.0, value / 2, 0.0) for value in x]
    assert np.allclose(rates, 1 - 2 * x + 3 * x * x, rtol=1e-12)

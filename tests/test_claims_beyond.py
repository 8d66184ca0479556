"""The claims of Part II, one test each, in the ledger's order: what holds, checked by running it.

Ids, verdicts and links to the cells that show them are in chapters/claims.md. Nothing here reads a
notebook.
"""

import math
from itertools import islice

import numpy as np
import pytest
from known_runs import conjugate_gradients
from numpy.testing import assert_allclose

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


def path(rule, steps, curvature=1.0, start=1.0):
    """The run on one curvature."""
    return descend(surfaces.quadratic([curvature]), [start], rule, steps).path[:, 0]


def best(kappa, nesterov=False):
    """Momentum or Nesterov's variant with the best pair for curvatures from 1 to kappa."""
    form = Nesterov if nesterov else Momentum
    return form(*theory.optimal_parameters(1.0, kappa, nesterov=nesterov)[:2])


def settling(curvatures, rule, steps, tolerance=1e-6, **more):
    """The steps until the distance stays below a share, from 1 in every direction."""
    bowl = surfaces.quadratic(curvatures)
    return descend(bowl, np.ones(len(curvatures)), rule, steps, **more).settling_time(tolerance)


def test_t1_k_steps_are_the_kth_power_of_a_matrix():
    """The path is read off the powers of M; complex eigenvalues have the size sqrt(beta)."""
    matrix = np.array([[0.9, 2.0], [-0.02 * 0.9, 1 - 0.02 * 2.0]])
    run = path(Momentum(0.02, 0.9), 60, curvature=2.0)
    powers = [np.linalg.matrix_power(matrix, k) @ [0.0, 1.0] for k in range(61)]
    assert_allclose(run, np.array(powers)[:, 1], rtol=1e-11, atol=1e-13)
    for beta in (0.3, 0.9):  # two real eigenvalues, and two complex ones
        pair = np.linalg.eigvals([[beta, 2.0], [-0.02 * beta, 1 - 0.02 * 2.0]])
        assert_allclose([pair.prod().real, pair.sum().real], [beta, 1 + beta - 0.04], rtol=1e-12)
    eigenvalues = np.linalg.eigvals(matrix)
    assert (eigenvalues.imag != 0).all()
    assert_allclose(abs(eigenvalues), math.sqrt(0.9), rtol=1e-12)
    assert_allclose(eigenvalues.sum().real, 1 + 0.9 - 0.02 * 2.0, rtol=1e-12)


@pytest.mark.parametrize("product", [0.0004, 0.04, 0.36, 2.25, 3.5])
def test_t2_the_critical_beta_is_the_best(product):
    """Over a fine grid of beta the run that is nearest at the end has the critical one."""
    betas = np.linspace(0, 0.9995, 2000)
    steps = round(40 / abs(1 - abs(1 - math.sqrt(product))))
    bowl = surfaces.quadratic([1.0])
    run = descend(bowl, np.ones((1, 2000)), Momentum(product, betas), steps)
    size = np.hypot(run.path[-1, 0], run.path[-2, 0])
    critical = (1 - math.sqrt(product)) ** 2
    assert abs(betas[size.argmin()] - critical) < 0.1 * math.sqrt(critical) * (1 - critical)
    rates = theory.convergence_rate(1.0, product, betas)
    assert abs(betas[rates.argmin()] - critical) < 6e-4
    rate = theory.convergence_rate(1.0, product, critical)
    assert_allclose(rate, abs(1 - math.sqrt(product)), atol=1e-7)


def test_t3_momentum_extends_the_stable_range_and_nesterov_shrinks_it():
    """A per cent within its limit each of them settles; a per cent beyond it diverges."""
    for beta in (0.2, 0.6, 0.9):
        for form, limit in (
            (Momentum, 2 * (1 + beta)),
            (Nesterov, 2 * (1 + beta) / (1 + 2 * beta)),
        ):
            assert abs(path(form(0.99 * limit, beta), 6000)[-1]) < 1e-10
            assert abs(path(form(1.01 * limit, beta), 1000)[-1]) > 100
            assert (limit > 2) == (form is Momentum)


def test_t4_the_pairs_with_at_most_a_rate_are_a_trapezoid():
    """The rate is at most r inside, larger outside, and r at the corners."""
    rng = np.random.default_rng(0)
    x, beta = rng.uniform(1e-3, 4, 50_000), rng.uniform(0, 0.999, 50_000)
    for r in (0.2, 0.6, 0.9, 1.0):
        left, right = (1 - r) * (1 - beta / r), (1 + r) * (1 + beta / r)
        inside = (beta <= r * r) & (x >= left) & (x <= right)
        assert 100 < inside.sum() < 49_000
        assert (inside == (theory.convergence_rate(1.0, x, beta) <= r)).all()
    for r in (0.2, 0.6, 0.9):
        corners = np.array(
            [(1 - r, 0.0), ((1 - r) ** 2, r * r), ((1 + r) ** 2, r * r), (1 + r, 0.0)]
        )
        assert_allclose(theory.convergence_rate(1.0, *corners.T), r, atol=1e-6)


def test_t5_the_limit_decides_close_to_the_minimum_only():
    """On log cosh: a bounded swing beyond the limit, a lasting one within it from far away."""
    soft = surfaces.log_cosh()
    starts = np.linspace(0.1, 30, 300)[np.newaxis]
    for share in (1.05, 1.5, 3.0):
        a = 3.0
        for _ in range(2000):
            a = share * np.tanh(a)
        assert a > 0.3
        plain = descend(soft, starts, GradientDescent(2 * share), 3000).path[-2:, 0]
        assert_allclose(abs(plain), a, rtol=1e-9)
        assert (plain[0] * plain[1] < 0).all()
        for beta in (0.0, 0.5, 0.9, 0.99):  # the cycle draws in a run that is thrown out a little
            rule = Momentum(2 * share * (1 + beta), beta)
            w, v = a * (1 + 1e-5), -np.tanh(a) / (1 + beta)
            for _ in range(20_000):
                w, v = rule.step(w, np.tanh(w), v)
            assert_allclose(abs(w), a, rtol=1e-9)
    wide = descend(soft, [9.0], Momentum(1.5 * 3.8, 0.9), 5000).path[-50:, 0]
    assert 2 < abs(wide).max() < 20
    rule = Momentum(0.8 * 3.8, 0.9)
    near, far = (descend(soft, [x], rule, 5000).path[-50:, 0] for x in (0.1, 9.0))
    assert abs(near).max() < 1e-12
    assert 3 < abs(far).max() < 10
    plain = descend(soft, starts, GradientDescent(0.8 * 2), 3000)
    assert abs(plain.path[-1]).max() < 1e-12


def test_t6_momentum_tends_to_the_ball_like_the_root_of_eta():
    """A hundredth of eta, a tenth of the distance to the ball."""
    gaps = []
    for eta in (1e-2, 1e-4, 1e-6):
        steps = round(15 / math.sqrt(eta))
        run = path(Momentum(eta, 1 - 0.4 * math.sqrt(eta)), steps)
        time = math.sqrt(eta) * np.arange(steps + 1)
        swing = math.sqrt(1 - 0.2**2)
        ball = np.exp(-0.2 * time) * (np.cos(swing * time) + 0.2 / swing * np.sin(swing * time))
        gaps.append(abs(run - ball).max())
    assert_allclose(np.divide(gaps[:-1], gaps[1:]), 10, rtol=0.05)


def test_t7_steps_grow_like_kappa_and_like_its_root():
    """The steps to a millionth over kappa are constant, over its root they grow like its log."""
    plain, fast = [], []
    for kappa in (100.0, 10_000.0):
        plain.append(settling([1, kappa], GradientDescent(2 / (1 + kappa)), int(7 * kappa)))
        fast.append(settling([1, kappa], best(kappa), 1200))
        assert 1 < plain[-1] / fast[-1] < math.sqrt(kappa)
    assert_allclose(plain[1] / plain[0], 100, rtol=0.01)
    grown = fast[1] / 100 - fast[0] / 10  # (1 + (1 + r) t) r**t: a quarter of the log of kappa
    assert_allclose(grown, math.log(100) / 4, rtol=0.15)


def test_t8_the_error_rises_by_the_root_of_kappa_over_e():
    """From rest the steepest direction has (1 + (1 + r) k) r**k, and no other has more."""
    for kappa in (2.0, 100.0, 10_000.0):
        r = (math.sqrt(kappa) - 1) / (math.sqrt(kappa) + 1)
        k = np.arange(150)
        bound = (1 + (1 + r) * k) * r**k
        spread = surfaces.quadratic(np.linspace(1, kappa, 60))
        errors = abs(descend(spread, np.ones(60), best(kappa), 149).path)
        assert_allclose(errors[:, -1], bound, rtol=1e-8)
        assert (errors <= bound[:, np.newaxis] * (1 + 1e-9)).all()
        assert errors[1, -1] > r
    assert_allclose(errors.max(), math.sqrt(10_000) / math.e, rtol=1e-3)
    edge = (1 + math.sqrt(2)) ** 2
    for kappa, rises in ((0.99 * edge, False), (1.01 * edge, True)):
        assert (abs(path(best(kappa), 50, curvature=kappa)).max() > 1) == rises


def test_t9_momentum_loses_on_one_curvature_and_wins_on_a_spread():
    """The share of gradient descent's range in which momentum with beta = 0.9 is slower."""
    etas = np.linspace(0.005, 1.995, 400)
    times = {}
    for curvatures in ((1.0,), (0.01, 1.0)):
        bowl, start = surfaces.quadratic(curvatures), np.ones((len(curvatures), 400))
        times[len(curvatures)] = [
            descend(bowl, start, Momentum(etas, beta), 40_000).settling_time(1e-6)
            for beta in (0.0, 0.9)
        ]
    plain, fast = times[1]
    assert_allclose((fast > plain).mean(), math.sqrt(0.9), atol=0.01)
    assert path(GradientDescent(1.0), 1)[-1] == 0
    plain, fast = times[2]
    assert np.isfinite(fast).all()
    assert (fast < plain).all()
    small = theory.convergence_rate(1.0, etas, 0.1) > abs(1 - etas)
    assert_allclose(small.mean(), math.sqrt(0.1), atol=0.01)  # below beta = 1/4 less than half
    assert 3.9 < theory.step_ratio([0.01, 1.0], 1.98, 0.99) < 4.1  # and a spread can be lost, too


def test_t10_k_gradients_reach_k_coordinates():
    """On the chain; and momentum leaves the share r**k that no such method can undercut."""
    kappa, dim, r = 100.0, 70, 9 / 11
    row, rest = surfaces.chain(dim, condition_number=kappa), np.zeros(70)
    rules = {
        "plain": GradientDescent(2 / (1 + kappa)),
        "momentum": best(kappa),
        "nesterov": best(kappa, nesterov=True),
        "chebyshev": Chebyshev(1.0, kappa),
        "growing": AcceleratedGradient(1 / kappa),
    }
    k, left = np.arange(31), {}
    for name, rule in rules.items():
        points = descend(row, rest, rule, 30).path
        assert all((point[step:] == 0).all() for step, point in enumerate(points))
        away = np.linalg.norm(points - row.minima[0], axis=1)
        left[name] = away / away[0]
        assert (left[name] >= r**k * (1 - 1e-6)).all()
    assert_allclose(left["momentum"], r**k, rtol=1e-5)
    assert left["plain"][30] > 50 * left["momentum"][30]
    few = next(islice(conjugate_gradients(np.array([1.0, 10_000.0]), np.ones(2)), 2, None))
    assert np.linalg.norm(few) < 1e-9  # in two dimensions a method can be far faster than r**k


def test_t11_chebyshev_has_the_same_rate_and_no_rise():
    """The worst error over a spread, its bound, and the parameters in the end."""
    kappa, r, k = 100.0, 9 / 11, np.arange(61)
    spread = surfaces.quadratic(np.linspace(1, kappa, 500))
    worst = abs(descend(spread, np.ones(500), Chebyshev(1.0, kappa), 60).path).max(axis=1)
    assert_allclose(worst, 2 * r**k / (1 + r ** (2 * k)), rtol=1e-8)
    assert worst.max() == 1.0 and (worst <= 2 * r**k).all()
    state = Chebyshev(1.0, kappa).init(0.0)
    for _ in range(150):
        _, state = Chebyshev(1.0, kappa).step(0.0, 0.0, state)
    eta, beta, _ = theory.optimal_parameters(1.0, kappa)
    assert_allclose([state[1] - 1, 2 * state[1] / (1 + kappa)], [beta, eta], rtol=1e-12)


def test_t12_the_best_pair_for_bowls_can_circle():
    """A cycle of three places that lasts, beside Nesterov's variant, which always arrives."""
    cost = surfaces.bent()
    end = descend(cost, [3.3], best(25.0), 5000).path[-6:, 0]
    assert_allclose(end[:3], end[3:], rtol=1e-12)
    assert len(set(end.round(6))) == 3 and abs(end).min() > 0.5
    starts = np.linspace(-10, 10, 1001)[np.newaxis]
    circles = abs(descend(cost, starts, best(25.0), 2000).path[-3:, 0]).max(axis=0) > 0.5
    assert 0 < circles.mean() < 1
    safe = descend(cost, starts, best(25.0, nesterov=True), 2000)
    assert abs(safe.path[-1]).max() < 1e-12
    rates = [theory.optimal_parameters(1, 1e8, nesterov=n)[2] for n in (False, True)]
    assert_allclose(math.log(rates[0]) / math.log(rates[1]), math.sqrt(3), rtol=1e-3)


def test_t13_restarts_stand_in_for_the_smallest_curvature():
    """With restarts, a beta that grows keeps up with momentum that was told kappa."""
    for kappa in (10, 100, 1000):
        spread = np.geomspace(1, kappa, 10)
        told = settling(spread, best(kappa), 1000)
        blind = settling(spread, AcceleratedGradient(1 / kappa), 15_000)
        again = settling(spread, AcceleratedGradient(1 / kappa), 1000, restart=True)
        assert again < 2.5 * told
        assert 2.1 < blind / again < 17.4
    assert blind > 15 * again


def test_t14_at_equal_progress_momentum_never_wanders_further():
    """The quotient of both stationary variances, over gradient descent's whole stable range."""
    x, beta = np.linspace(0.001, 1.999, 400), np.array([[0.5], [0.9], [0.99]])
    ball = theory.stationary_variance(x * (1 - beta), beta, 1.0, 1.0)
    share = ball / theory.stationary_variance(x, 0.0, 1.0, 1.0)
    stated = (1 + beta) * (2 - x) / (2 * (1 + beta) - (1 - beta) * x)
    assert_allclose(share, stated, rtol=1e-9)
    assert (share < 1).all() and (np.diff(share) < 0).all()
    assert (share[:, 0] > 0.999).all() and (share[:, -1] < 0.002).all()


@pytest.mark.parametrize("beta", [0.5, 0.9])
def test_t15_a_step_is_calmer_and_the_place_is_not(beta):
    """Noisy runs of both, at equal progress."""
    rng, eta, places, steps = np.random.default_rng(15), 0.01, [], []
    for rate, memory in ((eta, 0.0), (eta * (1 - beta), beta)):
        w, v, seen = np.zeros(3000), np.zeros(3000), []
        for _ in range(1500):
            v = memory * v + w + rng.normal(size=3000)
            w = w - rate * v
            seen.append((w.var(), (rate * v).var()))
        place, step = np.mean(seen[500:], axis=0)
        places.append(place)
        steps.append(step)
    assert places[1] / places[0] == pytest.approx(1, abs=0.05)
    assert steps[1] / steps[0] == pytest.approx((1 - beta) / (1 + beta), rel=0.03)


def test_t16_shuffled_epochs_leave_less():
    """The share of the variance that 38 batches leave if each epoch shuffles them."""
    rng, noise = np.random.default_rng(16), np.random.default_rng(0).normal(size=38)
    noise = (noise - noise.mean()) / noise.std()
    for x, share in ((0.1, 0.64), (0.01, 0.12)):
        w, seen = np.zeros(500), []
        for _ in range(round(60 / x) // 38 + 40):
            for drawn in rng.permuted(np.tile(noise, (500, 1)), axis=1).T:
                w = w - x * (w + drawn)
                seen.append((w * w).mean())
        measured = np.mean(seen[-20 * 38 :]) / theory.stationary_variance(x, 0.0, 1.0, 1.0)
        assert measured == pytest.approx(share, rel=0.06)

    def left(x, batches=38):
        shuffled = theory.shuffled_variance(x, 0.0, 1.0, 1.0, batches)
        return shuffled / theory.stationary_variance(x, 0.0, 1.0, 1.0)

    assert left(1e-5) < 1e-3 and left(0.1, 50_000) == pytest.approx(1, abs=1e-3)
    assert left(1.0) == pytest.approx(1, abs=1e-9) and 1 < left(1.5) < 1.05


def test_t17_single_examples_leave_little_of_acceleration():
    """The best factors of the expected squared error over a grid of parameters."""
    for kappa in (100, 1000):
        best_factor = {}
        for beta in (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99):
            rates = np.geomspace(0.01, 2, 80) * (1 - beta)
            factors = [theory.streaming_rate([1, 1 / kappa], eta, beta) for eta in rates]
            best_factor[beta] = min(factors)
        saved = math.log(min(best_factor.values())) / math.log(best_factor[0.0])
        assert 1.3 < saved < 1.5 < 0.2 * math.sqrt(kappa)


def test_t18_inside_the_velocity_an_old_rate_lives_on():
    """Many noisy runs whose learning rate falls to a tenth, in three forms of the rule."""
    rng, beta = np.random.default_rng(18), 0.9
    w, v = np.zeros(20_000), np.zeros(20_000)
    for _ in range(300):
        v = beta * v + w + rng.normal(size=w.size)
        w = w - 0.1 * v
    courses = {}
    for name, scale in (("inside", 10), ("outside", 1), ("zero", 0)):
        u, velocity, course = w.copy(), scale * v, []
        for _ in range(60):
            velocity = beta * velocity + u + rng.normal(size=w.size)
            u = u - 0.01 * velocity
            course.append(u.var() / w.var())
        courses[name] = np.array(course)
    assert courses["inside"].max() == pytest.approx(3.28, rel=0.05)
    assert courses["outside"].max() < 1
    assert abs(courses["outside"] - courses["zero"]).max() < 0.1

"""The article's claims, one test each, in the ledger's order: what holds, checked by running it.

Ids, verdicts and links to the cells that show them are in chapters/claims.md. Nothing here reads a
notebook.
"""

import math

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from momentum import (
    AdaGrad,
    Adam,
    GradientDescent,
    Momentum,
    Nesterov,
    RMSProp,
    data,
    descend,
    effective_sample_size,
    ema,
    ema_weights,
    gain,
    half_life,
    mean_age,
    surfaces,
    theory,
)


def bowl_run(optimizer, steps, curvature=1.0, start=1.0, batch=()):
    """Run on a one-dimensional quadratic, from the same start for the whole batch."""
    return descend(surfaces.quadratic([curvature]), np.full((1, *batch), start), optimizer, steps)


def settling(optimizer, steps, curvature=1.0, batch=()):
    """Return the steps to 1 % on a one-dimensional quadratic of curvature 1."""
    return bowl_run(optimizer, steps, curvature, batch=batch).settling_time(0.01)


def velocities(gradients, beta, dampening=0.0):
    """Return v(1), ..., v(n) of momentum that is fed a series of gradients."""
    rule, found = Momentum(1.0, beta, dampening), [0.0]
    for g in gradients:
        found.append(rule.step(0.0, g, found[-1])[1])
    return np.array(found[1:])


def futures(optimizer, histories, steps=20):
    """Return what follows the arrival at w = 1, after histories of the given lengths."""
    runs = []
    for length in histories:
        arrival = bowl_run(optimizer, length).path[-1, 0]
        runs.append(bowl_run(optimizer, length + steps, start=1 / arrival).path[length:, 0])
    return np.array(runs)


def test_s1_gradient_descent_has_no_memory():
    """Two runs that meet at a point share their future in gradient descent, not in momentum."""
    plain = futures(GradientDescent(0.1), [0, 3, 10])
    pushed = futures(Momentum(0.1, 0.5), [0, 3, 10])
    assert_allclose(plain[:, 0], 1.0, rtol=1e-14)
    assert_allclose(pushed[:, 0], 1.0, rtol=1e-14)
    assert_allclose(plain, plain[[0, 0, 0]], rtol=1e-13)
    assert abs(pushed[1:] - pushed[0]).max(axis=1).min() > 0.1


def test_s2_a_plateau_stops_and_a_saddle_only_delays():
    """A plateau stops gradient descent; a saddle only delays it, except on its stable axis."""
    flat = descend(surfaces.plateau(2.0), [-3.0], GradientDescent(1.5), 100)
    assert_array_equal(flat.path[1:, 0], 1.5)
    assert_array_equal(flat.gradients[1:], 0.0)
    eta, start = 0.1, [[1.0, 1.0], [1e-6, 0.0]]
    plain = descend(surfaces.saddle(), start, GradientDescent(eta), 500).path[:, 1]
    pushed = descend(surfaces.saddle(), start, Momentum(eta, 0.9), 500).path[:, 1]
    early = plain[:40, 0]
    assert_allclose(early[1:] / early[:-1], 1 + eta, rtol=1e-8)
    escape = (plain[:, 0] > 0.5).argmax()
    predicted = math.log(0.5 / 1e-6) / math.log(1 + eta)
    assert predicted <= escape <= predicted + 3
    assert 0 < (pushed[:, 0] > 0.5).argmax() < escape / 2
    assert_allclose([plain[-1, 0], pushed[-1, 0]], 1.0, atol=1e-8)
    assert_array_equal([plain[:, 1], pushed[:, 1]], 0.0)
    averaged = descend(surfaces.saddle(), start, Momentum(eta, 0.9, dampening=0.9), 900).path[:, 1]
    assert (averaged[:, 0] > 0.5).argmax() > escape
    assert_degenerate_saddles_delay_like_the_square()


def assert_degenerate_saddles_delay_like_the_square():
    """On x**2/2 - y**4/4 ten times closer costs a hundred times the steps, not a few more."""
    degenerate = surfaces.Surface(
        "degenerate", 2, lambda x, y: x * x / 2 - y**4 / 4, lambda x, y: (x, -(y * y * y))
    )
    for rule in (GradientDescent(0.1), Momentum(0.1, 0.9)):
        runs = [descend(degenerate, [0.0, y], rule, n) for y, n in ((0.1, 700), (0.01, 55_000))]
        near, far = ((run.path[:, 1] > 0.5).argmax() for run in runs)
        assert 50 < far / near < 150


def penguins():
    """Return two standardised features and the standardised target, body mass."""
    table = data.penguins()
    table = (table - table.mean(axis=0)) / table.std(axis=0)
    return table[:, :2], table[:, 2]


def test_s3_mini_batches_make_the_path_erratic():
    """With mini-batches of real data the run never settles: its variance is the closed form's."""
    (x, y), eta, batch_size = penguins(), 0.5, 64
    curvatures, axes = np.linalg.eigh(x.T @ x / len(x))
    rough = surfaces.least_squares(x, y, batch_size=batch_size, rng=np.random.default_rng(0))
    best = rough.minima[0]
    noise = ((x * (x @ best - y)[:, np.newaxis] @ axes) ** 2).mean(axis=0) / batch_size
    predicted = theory.stationary_variance(eta, 0.0, curvatures, noise)
    path = descend(rough, best, GradientDescent(eta), 4000).path[100:]
    assert_allclose(((path - best) @ axes).var(axis=0), predicted, rtol=0.1)
    whole = descend(surfaces.least_squares(x, y), best + 1, GradientDescent(eta), 400)
    assert_allclose(whole.path[-1], best, atol=1e-12)
    assert (shuffled_variance(x, y, best, axes) < 0.85 * stationary(x, y, best, 0.1, 8)).all()


def stationary(x, y, best, eta, batch_size):
    """Return the closed form of the variance along the principal axes, for drawn batches."""
    curvatures, axes = np.linalg.eigh(x.T @ x / len(x))
    noise = (x * (x @ best - y)[:, np.newaxis] @ axes).var(axis=0) / batch_size
    return theory.stationary_variance(eta, 0.0, curvatures, noise)


def shuffled_variance(x, y, best, axes):
    """Return the variance that gradient descent keeps when it goes through shuffled epochs."""
    rng, w, path = np.random.default_rng(4), best, []
    for _ in range(700):
        for rows in rng.permutation(len(x))[:336].reshape(-1, 8):
            w = w - 0.1 * x[rows].T @ (x[rows] @ w - y[rows]) / 8
            path.append(w)
    return ((np.array(path)[500:] - best) @ axes).var(axis=0)


def stalled_and_arrived():
    """Return gradient descent and momentum on the article's surface, both from the slope A."""
    surface = surfaces.plateau(2.0)
    return (
        surface,
        descend(surface, [-3.0], GradientDescent(0.1), 1000),
        descend(surface, [-3.0], Momentum(0.1, 0.9), 1000),
    )


def test_s4_gradient_descent_stalls_at_b():
    """On slope A, flat B and slope to the minimum C, gradient descent stops at the edge of B."""
    surface, plain, _ = stalled_and_arrived()
    x = np.array([[-3.0, -1.0, 0.0, 1.0, 2.0, 2.5, 3.0, 4.0]])
    assert_allclose(surface.value(x), [5.5, 1.5, 1, 1, 1, 0.875, 0.5, 0], atol=1e-15)
    assert_allclose(surface.gradient(x)[0], [-3, -1, 0, 0, 0, -0.5, -1, 0], atol=1e-15)
    assert_allclose(plain.path[-1], 0.0, atol=1e-12)
    assert_allclose(plain.path[1:100, 0] / plain.path[:99, 0], 0.9, rtol=1e-12)
    assert plain.path.max() <= 0.0


def test_s5_the_end_is_suboptimal_though_c_is_lower():
    """Gradient descent ends at the value 1 of B, while C has 0."""
    surface, plain, pushed = stalled_and_arrived()
    assert_allclose(plain.values[-1], 1.0, atol=1e-12)
    assert surface.value(surface.minima[0]) == 0.0
    assert_allclose(pushed.path[-1], surface.minima[0], atol=1e-9)


def predicted_critical_width(beta, eta, start):
    """Return where the ball reaches the plateau, plus what the coasting law leaves it."""
    x = descend(surfaces.plateau(1e6), [start], Momentum(eta, beta), 100).path[:, 0]
    k = (x > 0).argmax()
    return x[k] + theory.coasting_distance(x[k] - x[k - 1], beta)


def measured_critical_width(beta, eta, start):
    """Return the width, by bisection, at which runs stop crossing B and start to stall in it."""
    crossed, stalled = 0.0, 100.0
    while stalled - crossed > 1e-4:
        width = (crossed + stalled) / 2
        run = descend(surfaces.plateau(width), [start], Momentum(eta, beta), 300)
        crosses = run.path.max() > width
        crossed, stalled = (width, stalled) if crosses else (crossed, width)
    return stalled


def test_s6_the_ball_crosses_a_short_plateau_only():
    """Momentum crosses B iff it is narrower than the coasting law says; it may still roll back."""
    for beta in (0.5, 0.7, 0.9, 0.95):
        width = predicted_critical_width(beta, 0.1, -3.0)
        assert_allclose(measured_critical_width(beta, 0.1, -3.0), width, atol=2e-4)
        wide = surfaces.plateau(1.001 * width)
        stuck = descend(wide, [-3.0], Momentum(0.1, beta), 1000)
        assert_allclose(stuck.path[-1], width, rtol=1e-9)
        assert stuck.values[-1] == 1.0
    for slope in (
        -0.01,
        0.01,
    ):  # a ledge that falls lengthens the reach, one that rises shortens it
        nearly_flat = surfaces.Surface(
            "nearly flat", 1, lambda x: 0 * x, lambda x, s=slope: (np.where(x < 0, x, s),)
        )
        reach = descend(nearly_flat, [-3.0], Momentum(0.1, 0.9), 100).path.max()
        assert (reach - predicted_critical_width(0.9, 0.1, -3.0)) * slope < 0
    back = descend(surfaces.plateau(3.0), [-3.0], Momentum(0.1, 0.95), 3000)
    assert back.path.max() > 5.0
    assert 0 < back.path[-1, 0] < 3.0


def test_s6b_momentum_can_fly_past_the_global_minimum():
    """In a tilted double well gradient descent finds the global minimum and momentum the other."""
    well = surfaces.double_well(tilt=0.3)
    best, worse = well.minima
    plain = descend(well, [-1.8], GradientDescent(0.01), 1500)
    pushed = descend(well, [-1.8], Momentum(0.01, 0.9), 1500)
    assert_allclose(plain.path[-1], best, atol=1e-6)
    assert_allclose(pushed.path[-1], worse, atol=1e-6)
    assert pushed.values[-1] - plain.values[-1] > 0.5


def test_s7_a_plain_mean_weighs_all_alike_a_window_only_the_newest():
    """The cumulative mean weighs all n values 1/n, a window the newest k 1/k, the EMA neither."""
    n, k, beta = 12, 4, 0.8
    impulses = np.eye(n)  # row i is the series that is 1 at time i alone
    cumulative = (np.cumsum(impulses, axis=1) / np.arange(1, n + 1))[:, -1]
    window = impulses[:, -k:].mean(axis=1)
    exponential = ema(impulses.T, beta, initial=0.0)[-1]
    assert_allclose(cumulative, np.full(n, 1 / n), rtol=1e-15)
    assert_array_equal(window, [0.0] * (n - k) + [1 / k] * k)
    assert_allclose(exponential[::-1], ema_weights(beta, n), rtol=1e-13)
    assert len(set(exponential.round(12))) == n


def test_s8_a_smaller_beta_forgets_sooner():
    """EMA weights fall by beta a step and halve every ln 2 / -ln beta steps."""
    betas = np.array([0.1, 0.5, 0.9, 0.99])
    for beta in betas:
        weights = ema_weights(beta, 50)
        assert_allclose(weights[1:] / weights[:-1], beta, rtol=1e-12)
        forgotten = ema(np.r_[1.0, np.zeros(100)], beta)  # beta**k after k steps
        steps = np.interp(math.log(2), -np.log(forgotten), np.arange(101))
        assert_allclose(half_life(beta), steps, rtol=1e-12)
    assert_allclose(half_life(betas), math.log(2) / -np.log(betas), rtol=1e-14)
    assert (np.diff(half_life(betas)) > 0).all()


def test_s9_two_initialisations_differ_by_a_vanishing_term():
    """S(1) = Y(1) and V(0) = 0 differ by beta**t Y(1); 1/(1 - beta**t) undoes the latter's bias."""
    beta, t = 0.9, np.arange(1, 61)
    y = np.random.default_rng(0).normal(5.0, 1.0, 60)
    first, zero = ema(y, beta), ema(y, beta, initial=0.0)
    assert first[0] == y[0]
    assert_allclose(zero[0], (1 - beta) * y[0], rtol=1e-14)
    assert_allclose(first - zero, beta**t * y[0], atol=1e-13)
    constant = np.full(60, 5.0)
    assert_allclose(ema(constant, beta, initial=0.0), 5.0 * (1 - beta**t), rtol=1e-13)
    assert_allclose(ema(constant, beta, initial=0.0, debias=True), 5.0, rtol=1e-13)


def test_s10_read_literally_the_learning_rate_is_one_minus_beta():
    """w <- w - V is the raw form at rate 1 - beta, stable below 2 (1 + beta)/(1 - beta)."""
    beta = 0.9
    literal, raw = Momentum(1.0, beta, dampening=beta), Momentum(1 - beta, beta)
    paths = [bowl_run(rule, 100, curvature=3.0).path for rule in (literal, raw)]
    assert_allclose(*paths, atol=1e-13)
    limit = theory.stability_limit(beta) / (1 - beta)
    assert_allclose(limit, 38.0, rtol=1e-12)
    below, above = (bowl_run(literal, 3000, limit * c).path[:, 0] for c in (0.99, 1.01))
    assert abs(below[-1]) < 1e-5
    assert abs(above[-1]) > 1e5


def test_s11_the_recursion_is_a_weighted_sum():
    """V(t) = (1 - beta) sum_i beta**(t - i) g(i), to rounding."""
    gradients = np.random.default_rng(0).normal(size=200)
    for beta in (0.1, 0.9, 0.99):
        unrolled = [ema_weights(beta, t) @ gradients[t - 1 :: -1] for t in range(1, 201)]
        assert_allclose(velocities(gradients, beta, dampening=beta), unrolled, atol=1e-13)
        assert_allclose(ema(gradients, beta, initial=0.0), unrolled, atol=1e-13)


def test_s12_with_the_factor_a_step_never_exceeds_gradient_descents_largest():
    """With (1 - beta) the weights sum to 1 - beta**n < 1, without it to 1/(1 - beta) times that."""
    beta, n = 0.9, 50
    assert_allclose(ema_weights(beta, n).sum(), 1 - beta**n, rtol=1e-13)
    assert_allclose(ema_weights(beta, n, raw=True).sum(), (1 - beta**n) / (1 - beta), rtol=1e-13)
    ratios = [largest_step_ratio(dampening) for dampening in (beta, 0.0)]
    assert ratios[0] < 1
    assert ratios[1] > 5


def largest_step_ratio(dampening, beta=0.9, eta=0.001):
    """Return the largest step of a run against the largest that gradient descent's rule allows."""
    run = descend(surfaces.quadratic([1.0]), [1.0], Momentum(eta, beta, dampening), 500)
    steps, allowed = abs(np.diff(run.path[:, 0])), eta * abs(run.gradients[:, 0])
    return (steps / np.maximum.accumulate(allowed)).max()


def test_s13_the_forms_are_one_rule_in_other_parameters():
    """The EMA form with eta is the raw form with eta (1 - beta), whose gain is 1/(1 - beta)."""
    eta, start = 0.0015, [-1.2, 1.0]
    for beta in (0.5, 0.9, 0.99):
        averaged = descend(surfaces.rosenbrock(), start, Momentum(eta, beta, dampening=beta), 300)
        raw = descend(surfaces.rosenbrock(), start, Momentum(eta * (1 - beta), beta), 300)
        assert_allclose(averaged.path, raw.path, atol=1e-11)
        ones = np.ones(4000)
        assert_allclose(velocities(ones, beta)[-1], 1 / (1 - beta), rtol=1e-12)
        assert_allclose(velocities(ones, beta, dampening=beta)[-1], 1.0, rtol=1e-12)


def contribution_columns(beta):
    """Return raw weights, EMA weights and shares of the update, newest first, for n = 3."""
    raw, averaged = ema_weights(beta, 3, raw=True), ema_weights(beta, 3)
    probe = [velocities(g, beta)[-1] for g in np.eye(3)[::-1]]
    assert_allclose(probe, raw, rtol=1e-14)
    return raw, averaged, raw / raw.sum()


def test_s14_beta_01_contributes_100_10_and_1_percent():
    """For beta = 0.1 these are raw weights; EMA weights and shares of the update are smaller."""
    raw, averaged, shares = contribution_columns(0.1)
    assert_allclose(raw, [1, 0.1, 0.01], rtol=1e-14)
    assert_allclose(averaged, [0.9, 0.09, 0.009], rtol=1e-14)
    assert_allclose(shares, np.array([100, 10, 1]) / 111, rtol=1e-14)


def test_s15_beta_09_contributes_100_90_and_81_percent():
    """For beta = 0.9 these are the raw weights; the shares of the update are 37, 33 and 30 %."""
    raw, averaged, shares = contribution_columns(0.9)
    assert_allclose(raw, [1, 0.9, 0.81], rtol=1e-14)
    assert_allclose(averaged, [0.1, 0.09, 0.081], rtol=1e-13)
    assert_allclose(shares, np.array([100, 90, 81]) / 271, rtol=1e-14)


def test_s16_a_larger_beta_takes_in_more_of_the_past():
    """Mean age and effective sample size grow with beta, the mass of the newest k shrinks."""
    betas, ages = np.array([0.1, 0.5, 0.9, 0.99]), np.arange(6000)
    weights = np.array([ema_weights(b, 6000) for b in betas])
    assert_allclose(mean_age(betas), weights @ ages, rtol=1e-12)
    assert_allclose(effective_sample_size(betas), 1 / (weights**2).sum(axis=1), rtol=1e-12)
    newest = weights[:, :10].sum(axis=1)
    assert_allclose(newest, 1 - betas**10, rtol=1e-12)
    assert (np.diff(mean_age(betas)) > 0).all()
    assert (np.diff(effective_sample_size(betas)) > 0).all()
    assert (np.diff(newest) < 0).all()


def best_beta(kappa, betas):
    """Return the beta with the best rate over curvatures 1 to kappa, each with its best eta."""
    share = np.linspace(0.0, 1.0, 2001)[1:-1, np.newaxis]
    rates = theory.convergence_rate([1.0, kappa], share * 2 * (1 + betas) / kappa, betas)
    return betas[rates.min(axis=0).argmin()]


def test_s17_beta_09_is_optimal_for_one_condition_number():
    """0.9 is a convention: the best beta for a condition number of 1442, and for no other."""
    betas = np.arange(0.5, 0.996, 0.005)
    assert_allclose(theory.optimal_condition_number(0.9), 1442, rtol=1e-4)
    for beta in (0.5, 0.9, 0.99):
        kappa = theory.optimal_condition_number(beta)
        assert_allclose(theory.optimal_parameters(1.0, kappa)[1], beta, rtol=1e-12)
        assert_allclose(best_beta(kappa, betas), beta, atol=0.0051)
    assert best_beta(30.0, betas) < 0.6 < 0.95 < best_beta(1e4, betas)


def test_s18_each_contribution_is_scaled_by_the_learning_rate():
    """The update at t is -eta sum_i beta**(t - i) g(i): each term carries the learning rate."""
    beta, n = 0.9, 30
    for eta in (0.001, 0.002):
        run = descend(surfaces.rosenbrock(), [-1.2, 1.0], Momentum(eta, beta), n)
        weights = ema_weights(beta, n, raw=True)[::-1]
        terms = -eta * weights[:, np.newaxis] * run.gradients
        assert_allclose(run.path[-1] - run.path[-2], terms.sum(axis=0), atol=1e-13)


def test_s19_past_a_vanished_gradient_the_travel_is_finite():
    """Where the gradient is zero the steps go on as beta**k: beta/(1 - beta) last steps in all."""
    beta = 0.9
    run = descend(surfaces.plateau(50.0), [-3.0], Momentum(0.1, beta), 400)
    x = run.path[:, 0]
    k = (x > 0).argmax()
    steps = np.diff(x)[k - 1 :]
    assert_array_equal(run.gradients[k:], 0.0)
    assert_allclose(steps[:100], steps[0] * beta ** np.arange(100), rtol=1e-9)
    assert_allclose(x[-1] - x[k], theory.coasting_distance(steps[0], beta), rtol=1e-12)
    assert_allclose(x[-1], 6.9984, rtol=1e-12)


def test_s20_a_small_learning_rate_takes_long_whatever_the_gradient():
    """Gradient descent takes ln 0.01/ln(1 - eta lambda) steps to 1 %, whatever the gradient."""
    products = np.array([0.5, 0.1, 0.01, 0.001])
    predicted = np.ceil(math.log(0.01) / np.log1p(-products))
    assert_array_equal(predicted, [7, 44, 459, 4603])
    for start in (1.0, 1e6):
        run = bowl_run(GradientDescent(products / 5), 4700, 5.0, start=start, batch=(4,))
        assert_array_equal(run.settling_time(0.01), predicted)


def test_s21_a_large_learning_rate_settles_cycles_or_diverges():
    """On a quadratic only eta lambda = 2 fluctuates for good; elsewhere bounded cycles exist."""
    x = bowl_run(GradientDescent(np.array([1.5, 1.95, 2.0, 2.05])), 600, batch=(4,)).path[:, 0]
    assert (x[1:200] * x[:199] < 0).all()
    assert_allclose(x[-1, :2], 0.0, atol=1e-12)
    assert_array_equal(abs(x[:, 2]), 1.0)
    assert abs(x[-1, 3]) > 1e12
    straight = descend(surfaces.huber(), [1.3], GradientDescent(3.0), 1000)
    assert_allclose(straight.path[-2:, 0], [-1.7, 1.3], rtol=1e-9)
    well = descend(surfaces.double_well(tilt=0.0), [1.1], GradientDescent(0.26), 1000)
    late = well.path[-100:, 0]
    assert_allclose(late[2:], late[:-2], rtol=1e-9)
    assert 0.5 < late.min() < 0.95 < 1.05 < late.max() < 1.5


def test_s22_gradients_of_one_sign_add_up_in_the_raw_form_only():
    """A constant gradient gains 1/(1 - beta) in the raw form, and 1 in the article's own."""
    eta, beta = 0.001, 0.9
    ones = np.ones(400)
    assert_allclose(velocities(ones, beta)[-1], gain(beta), rtol=1e-12)
    assert_allclose(velocities(ones, beta, dampening=beta)[-1], 1.0, rtol=1e-12)
    plain = settling(GradientDescent(eta), 5000)
    raw, averaged = (settling(Momentum(eta, beta, d), 5000) for d in (0.0, beta))
    assert plain == 4603
    assert 9 < plain / raw < 11
    assert_allclose(averaged, plain, rtol=0.01)


def largest_settled(pattern, beta):
    """Return the largest abs(v) that a repeated pattern of gradients leads to."""
    return abs(velocities(np.tile(pattern, 600 // len(pattern)), beta)[-len(pattern) :]).max()


def test_s23_only_fast_alternation_cancels():
    """Alternation gains 1/(1 + beta); short mixed patterns and slow oscillations gain over 1."""
    beta = 0.9
    assert_allclose(largest_settled([1, -1], beta), 1 / (1 + beta), rtol=1e-12)
    assert_allclose(largest_settled([1, 1, -1, -1], beta), (1 + beta) / (1 + beta**2), rtol=1e-12)
    expected = (1 + beta - beta**2) / (1 - beta**3)
    assert_allclose(largest_settled([1, 1, -1], beta), expected, rtol=1e-12)
    period = theory.crossover_period(beta)
    assert_allclose(period, 2 * math.pi / math.acos(beta / 2), rtol=1e-14)
    for p, amplified in ((2, False), (0.9 * period, False), (1.1 * period, True), (40, True)):
        assert (measured_gain(beta, 2 * math.pi / p) > 1) is amplified
    assert_allclose(measured_gain(beta, 2 * math.pi / period), 1.0, rtol=1e-9)
    assert_allclose(gain(beta, 2 * math.pi / period), 1.0, rtol=1e-12)


def measured_gain(beta, omega):
    """Return the amplitude that momentum makes of a gradient cos(omega t), after the transient."""
    t = np.arange(600)
    v = velocities(np.cos(omega * t), beta)
    waves = np.column_stack([np.cos(omega * t), np.sin(omega * t)])[300:]
    return float(np.hypot(*np.linalg.lstsq(waves, v[300:], rcond=None)[0]))


def test_s24_momentum_does_not_damp_but_it_extends_the_limit():
    """Just inside gradient descent's limit momentum is slower; its own limit is 2 (1 + beta)."""
    beta, near = 0.9, 1.9
    plain, pushed = settling(GradientDescent(near), 500), settling(Momentum(near, beta), 500)
    assert plain == 44
    assert pushed > 1.8 * plain
    limit = theory.stability_limit(beta)
    assert_allclose(limit, 2 * (1 + beta), rtol=1e-14)
    ends = bowl_run(Momentum(np.array([2.5, 0.99 * limit, 1.01 * limit]), beta), 4000, batch=(3,))
    assert_array_equal(ends.diverged, [False, False, True])
    assert_allclose(ends.path[-1, 0, :2], 0.0, atol=1e-6)
    assert bowl_run(GradientDescent(2.5), 100).diverged
    for b in (0.1, 0.5, 0.9):
        assert_allclose(share_where_momentum_is_slower(b), math.sqrt(b), atol=1e-4)


def share_where_momentum_is_slower(beta, cells=100_000):
    """Return the share of 0 < eta lambda < 2 in which gradient descent has the better rate."""
    products = (np.arange(cells) + 0.5) * 2 / cells
    rates = [theory.convergence_rate(1.0, products, b) for b in (0.0, beta)]
    return (rates[1] > rates[0]).mean()


def test_s25_consistent_directions_outweigh_oscillating_ones():
    """A constant gradient passes (1 + beta)/(1 - beta) times as strongly as an alternating one."""
    for beta in (0.5, 0.9):
        constant, alternating = np.ones(400), (-1.0) ** np.arange(400)
        steps = abs(velocities(np.column_stack([constant, alternating]), beta))[-1]
        assert_allclose(steps[0] / steps[1], (1 + beta) / (1 - beta), rtol=1e-12)
        assert_allclose(gain(beta) / gain(beta, math.pi), (1 + beta) / (1 - beta), rtol=1e-12)


def settled_variances(eta, beta):
    """Return the measured and the predicted variance of w and of its steps, under unit noise."""
    rough = surfaces.noisy(surfaces.quadratic([1.0]), 1.0, np.random.default_rng(0))
    path = descend(rough, np.zeros((1, 2000)), Momentum(eta, beta), 300).path[150:, 0]
    measured = path.var(), np.diff(path, axis=0).var()
    law = theory.stationary_variance, theory.step_variance
    return np.array(measured), np.array([f(eta, beta, 1.0, 1.0) for f in law])


def test_s26_momentum_smooths_the_steps_not_the_spread():
    """At one eta the spread grows; at one eta (1 - beta) it stays, and the step jitter shrinks."""
    eta, beta = 0.1, 0.9
    settings = {"plain": (eta, 0.0), "same": (eta, beta), "effective": (eta * (1 - beta), beta)}
    spread, jitter = {}, {}
    for name, (rate, b) in settings.items():
        measured, predicted = settled_variances(rate, b)
        assert_allclose(measured, predicted, rtol=0.03)
        spread[name], jitter[name] = predicted
    assert_allclose(spread["same"] / spread["plain"], 9.76, rtol=1e-3)
    assert_allclose(spread["effective"] / spread["plain"], 0.9525, rtol=1e-3)
    assert_allclose(jitter["effective"] / jitter["plain"], 0.9525 / 19, rtol=1e-3)


def test_s27_the_best_setting_is_a_pair():
    """Polyak's pair has the rate (sqrt(kappa) - 1)/(sqrt(kappa) + 1), and no other a better one."""
    eta, beta, rate = theory.optimal_parameters(1.0, 100.0)
    assert_allclose(rate, 9 / 11, rtol=1e-14)
    etas, betas = np.linspace(0.0005, 0.04, 400)[:, np.newaxis], np.linspace(0.0, 0.995, 400)
    rates = theory.convergence_rate([1.0, 100.0], etas, betas)
    assert rate <= rates.min() < 1.01 * rate
    nearest = betas[rates.argmin(axis=1)]  # the best beta depends on eta
    assert nearest[50] > 0.8 > 0.7 > nearest[etas[:, 0].searchsorted(eta)] > 0.6
    run = descend(surfaces.quadratic([1.0, 100.0]), [1.0, 1.0], Momentum(eta, beta), 300)
    late = np.linalg.norm(run.path[[150, 300]], axis=1)
    assert_allclose((late[1] / late[0]) ** (1 / 150), rate, rtol=0.01)


def test_s28_momentum_oscillates_far_below_gradient_descents_threshold():
    """Momentum oscillates iff eta lambda > (1 - sqrt(beta))**2; for gradient descent that is 1."""
    betas = np.array([0.0, 0.5, 0.9, 0.99])
    threshold = (1 - np.sqrt(betas)) ** 2
    assert_allclose(theory.oscillation_threshold(betas), threshold, rtol=1e-14)
    for share, oscillates in ((0.99, False), (1.01, True)):
        path = bowl_run(Momentum(share * threshold, betas), 9000, batch=(4,)).path[:, 0]
        assert_array_equal((path < -1e-200).any(axis=0), oscillates)
    assert threshold[2] < 1 / 379
    assert threshold[3] < 1 / 39_000


def test_s29_adaptive_methods_still_need_a_learning_rate():
    """AdaGrad ignores the scale of f, not eta; RMSProp with a fixed eta ends jumping by eta."""
    runs = [bowl_run(AdaGrad(0.1, epsilon=0.0), 500, curvature).path for curvature in (1.0, 1e4)]
    assert_allclose(*runs, rtol=1e-10)
    slope = descend(surfaces.huber(), [1e3], AdaGrad(0.1, epsilon=0.0), 50).path[:, 0]
    assert_allclose(-np.diff(slope), 0.1 / np.sqrt(np.arange(1, 51)), rtol=1e-9)
    times = settling(AdaGrad(np.array([0.1, 0.5]), epsilon=0.0), 5000, batch=(2,))
    assert times[0] > 10 * times[1]
    for curvature in (1.0, 100.0):
        etas = np.array([0.01, 0.1])
        run = bowl_run(RMSProp(etas, epsilon=0.0), 6000, curvature, batch=(2,))
        assert_allclose(abs(run.path[-2:, 0]), [theory.rmsprop_cycle(etas)] * 2, rtol=1e-6)
        assert (run.path[-1] * run.path[-2] < 0).all()
    quartic = surfaces.Surface("quartic", 1, lambda x: x**4, lambda x: (4 * x * x * x,))
    rests = descend(quartic, [3.0], RMSProp(0.1, decay=0.9, epsilon=0.0), 5000).path[:, 0]
    assert abs(rests[-1]) < 1e-30  # no curvature, no cycle
    later = abs(descend(surfaces.quadratic([1.0]), [3.0], Adam(0.1), 12_000).path[:, 0])
    assert later[400] < 1e-6 < 0.05 < later[2000:].max()


def spectral_radius(product, beta, **form):
    """Return the largest eigenvalue modulus of one step at curvature 1."""
    return abs(np.linalg.eigvals(theory.iteration_matrix(1.0, product, beta, **form))).max()


def test_s30_nesterov_damps_only_where_steps_are_not_tiny():
    """Where both oscillate, its rate is sqrt(1 - eta lambda) of momentum's; its limit is less."""
    pairs = [(0.1, 0.9), (1e-4, 0.99)]
    gains = [settling(Momentum(*p), 2000) / settling(Nesterov(*p), 2000) for p in pairs]
    assert gains[0] > 1.8
    assert 0.98 < gains[1] < 1.02
    for product, beta in pairs:
        ratio = spectral_radius(product, beta, nesterov=True) / spectral_radius(product, beta)
        assert_allclose(ratio, math.sqrt(1 - product), rtol=1e-12)
    for product, beta in ((0.1, 0.9), (0.5, 0.9)):  # momentum's recursion, from another first step
        w = bowl_run(Nesterov(product, beta), 50).path[:, 0]
        other = beta * (1 - product)
        assert_allclose(w[2:], (1 + other - product) * w[1:-1] - other * w[:-2], atol=1e-12)
        assert_allclose(w[1], 1 - product * (1 + beta), rtol=1e-14)
    limit = theory.stability_limit(0.9, nesterov=True)
    assert_allclose(limit, 3.8 / 2.8, rtol=1e-14)
    ends = bowl_run(Nesterov(np.array([0.99, 1.01]) * limit, 0.9), 4000, batch=(2,))
    assert_array_equal(ends.diverged, [False, True])
    assert abs(ends.path[-1, 0, 0]) < 1e-6

"""Facts about the update rules: first steps by hand, equivalent forms, invariances."""

from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest

from momentum import (
    AcceleratedGradient,
    AdaGrad,
    Adam,
    Chebyshev,
    GradientDescent,
    Momentum,
    Nesterov,
    RMSProp,
    descend,
    surfaces,
)

RULES = [
    GradientDescent(0.05),
    Momentum(0.05, 0.9),
    Momentum(0.05, 0.9, dampening=0.9),
    Nesterov(0.05, 0.9),
    AcceleratedGradient(0.05),
    Chebyshev(1.0, 20.0),
    AdaGrad(0.05),
    RMSProp(0.05, 0.9),
    Adam(0.05),
]
over_rules = pytest.mark.parametrize("rule", RULES, ids=repr)
BOWL = surfaces.quadratic([1.0, 10.0])
WELLS = surfaces.double_well()


def positions(rule, gradients, w=1.0):
    """w after each of the given gradients."""
    state, path = rule.init(w), []
    for g in gradients:
        w, state = rule.step(w, g, state)
        path.append(float(w))
    return path


# Each from w = 1, every number worked out by hand from the formula of the docstring.
BY_HAND = [
    (GradientDescent(0.5), [2.0, -4.0], [0.0, 2.0]),
    (Momentum(0.5, 0.5), [2.0, 4.0], [0.0, -2.5]),  # v = 2, 5
    (Momentum(0.5, 0.5, dampening=0.5), [2.0, 4.0], [0.5, -0.75]),  # v = 1, 2.5
    (Momentum(0.5, 0.5, dampening=0.25), [4.0, 4.0], [-0.5, -2.75]),  # v = 3, 4.5
    (Nesterov(0.5, 0.5), [2.0, 4.0], [-0.5, -3.75]),  # v = 2, 5; steps 3/2, 13/4
    (AdaGrad(0.5, epsilon=0.0), [3.0, 4.0], [0.5, 0.1]),  # s = 9, 25
    (AdaGrad(0.5, epsilon=1.0), [3.0, 4.0], [5 / 8, 5 / 8 - 1 / 3]),
    (RMSProp(0.5, decay=0.75, epsilon=0.0), [2.0, 2.0], [0.0, -1 / 1.75**0.5]),  # s = 1, 7/4
    (RMSProp(0.5, decay=0.75, epsilon=1.0), [2.0], [0.5]),
    # m = 1, 5/2 and s = 1, 19/4, debiased 2, 10/3 and 4, 76/7
    (Adam(0.5, 0.5, 0.75, epsilon=0.0), [2.0, 4.0], [0.5, 0.5 - 5 / 3 / (76 / 7) ** 0.5]),
    (Adam(0.5, 0.5, 0.75, epsilon=1.0), [2.0], [2 / 3]),
]


@pytest.mark.parametrize("rule, gradients, expected", BY_HAND, ids=lambda p: repr(p)[:40])
def test_first_steps_are_those_worked_out_by_hand(rule, gradients, expected):
    assert positions(rule, gradients) == pytest.approx(expected, rel=1e-14)


@over_rules
def test_a_step_changes_none_of_its_inputs_and_repeats_bit_for_bit(rule):
    w, g = np.array([1.0, -2.0]), np.array([0.5, 3.0])
    _, state = rule.step(w, g, rule.init(w))
    kept = repr((w, g, state))
    first, second = rule.step(w, g, state), rule.step(w, g, state)
    assert repr((w, g, state)) == kept
    assert repr(first) == repr(second)


@over_rules
def test_an_optimizer_is_frozen(rule):
    for field in fields(rule):
        with pytest.raises(FrozenInstanceError):
            setattr(rule, field.name, 0.5)


@over_rules
def test_an_optimizer_equals_another_with_the_same_parameters(rule):
    assert rule == type(rule)(**vars(rule)) and rule != GradientDescent(0.123)


def test_an_optimizer_keeps_its_own_parameters():
    rates = np.array([0.1, 0.2])
    rule = GradientDescent(rates)
    rates[:] = 7.0
    assert rule.learning_rate.tolist() == [0.1, 0.2]
    for one in (1, 1.0, np.float64(1.0), np.array(1.0)):
        assert type(GradientDescent(one).learning_rate) is float


def test_the_defaults_are_those_of_pytorch():
    assert Adam() == Adam(1e-3, 0.9, 0.999, 1e-8)
    assert RMSProp(0.1) == RMSProp(0.1, 0.99, 1e-8)
    assert AdaGrad(0.1) == AdaGrad(0.1, 1e-10)
    assert Momentum(0.1, 0.9) == Momentum(0.1, 0.9, 0.0)


@over_rules
def test_the_first_step_goes_downhill(rule):
    assert positions(rule, [2.0])[0] < 1.0 < positions(rule, [-2.0])[0]


@over_rules
def test_nothing_moves_where_the_gradient_has_always_been_zero(rule):
    assert positions(rule, [0.0] * 5) == [1.0] * 5


@over_rules
def test_floats_and_arrays_give_the_same_bits(rule):
    def run(w):
        state, path = rule.init(w), []
        for _ in range(200):
            w, state = rule.step(w, w * (w * w - 1) + 0.1, state)
            path.append(w)
        return np.array(path)

    assert np.array_equal(run(1.7), run(np.array([1.7]))[:, 0])
    assert np.array_equal(run(np.array([1.7, -0.3]))[:, 1], run(-0.3))


@pytest.mark.parametrize("beta", [0.1, 0.5, 0.9, 0.99])
def test_the_averaged_form_at_eta_is_the_raw_form_at_eta_times_1_minus_beta(beta):
    averaged = descend(WELLS, [1.7], Momentum(0.05, beta, dampening=beta), 200)
    raw = descend(WELLS, [1.7], Momentum(0.05 * (1 - beta), beta), 200)
    assert averaged.path == pytest.approx(raw.path, abs=1e-12)


def test_velocity_is_the_sum_of_past_gradients_weighted_by_powers_of_beta():
    gradients, rule = np.random.default_rng(0).normal(size=30), Momentum(0.1, 0.8)
    v = rule.init(0.0)
    for g in gradients:
        _, v = rule.step(0.0, g, v)
    assert v == pytest.approx(gradients[::-1] @ 0.8 ** np.arange(30), abs=1e-14)


def test_under_a_constant_gradient_the_step_grows_to_1_over_1_minus_beta():
    path = positions(Momentum(0.1, 0.9), [3.0] * 500)
    assert path[-2] - path[-1] == pytest.approx(0.1 * 3.0 / (1 - 0.9), rel=1e-9)


@pytest.mark.parametrize("make", [Momentum, Nesterov])
def test_beta_0_is_gradient_descent_bit_for_bit(make):
    start = np.random.default_rng(1).normal(size=(2, 7))
    memoryless = descend(BOWL, start, make(0.15, 0.0), 50)
    assert np.array_equal(memoryless.path, descend(BOWL, start, GradientDescent(0.15), 50).path)


def test_full_dampening_never_moves():
    assert np.ptp(descend(BOWL, [1.0, 1.0], Momentum(0.1, 0.9, dampening=1.0), 20).path) == 0


def test_nesterov_takes_its_gradient_at_the_look_ahead_point():
    eta, beta, x, velocity, ahead = 0.05, 0.9, 1.7, 0.0, []
    for _ in range(100):
        slope = float(WELLS.gradient([x + beta * velocity])[0])
        velocity = beta * velocity - eta * slope
        x += velocity
        ahead.append(x + beta * velocity)
    path = descend(WELLS, [1.7], Nesterov(eta, beta), 100).path
    assert path[1:, 0] == pytest.approx(np.array(ahead), abs=1e-10)


@pytest.mark.parametrize("g", [1e-6, -1e-3, 2.0, -1e9])
def test_adams_first_step_is_learning_rate_long_whatever_the_gradient(g):
    step = positions(Adam(0.25, epsilon=0.0), [g])[0] - 1.0
    assert step == pytest.approx(-0.25 * np.sign(g), rel=1e-12)


def test_adagrads_first_step_is_learning_rate_long_and_the_later_shrink_as_1_over_root_t():
    steps = -np.diff([1.0, *positions(AdaGrad(0.25, epsilon=0.0), [7.0] * 50)])
    assert steps == pytest.approx(0.25 / np.sqrt(np.arange(1, 51)), rel=1e-12)


def test_rmsprops_first_step_is_longer_by_1_over_the_root_of_1_minus_decay():
    step = positions(RMSProp(0.25, 0.99, epsilon=0.0), [7.0])[0] - 1.0
    assert step == pytest.approx(-0.25 / 0.01**0.5, rel=1e-12)


def test_rmsprop_without_memory_takes_steps_learning_rate_long_against_the_sign():
    steps = np.diff([1.0, *positions(RMSProp(0.25, 0.0, epsilon=0.0), [3.0, -1e-4, 50.0])])
    assert steps == pytest.approx([-0.25, 0.25, -0.25], rel=1e-12)


ADAPTIVE = [AdaGrad(0.1, epsilon=0.0), RMSProp(0.1, 0.9, epsilon=0.0), Adam(0.1, epsilon=0.0)]


@pytest.mark.parametrize("rule", ADAPTIVE, ids=repr)
@pytest.mark.parametrize("scale, tolerance", [(2.0**40, 0), (2.0**-40, 0), (1e-6, 1e-9)])
def test_adaptive_rules_without_epsilon_ignore_the_scale_of_the_cost(rule, scale, tolerance):
    gradients = np.random.default_rng(2).normal(size=80)
    scaled = positions(rule, scale * gradients)
    assert scaled == pytest.approx(positions(rule, gradients), rel=0, abs=tolerance)


def test_momentum_does_follow_the_scale_of_the_cost():
    gradients = np.random.default_rng(2).normal(size=80)
    travelled = np.array(positions(Momentum(0.1, 0.9), gradients)) - 1
    scaled = np.array(positions(Momentum(0.1, 0.9), 4 * gradients)) - 1
    assert scaled == pytest.approx(4 * travelled, rel=1e-9)


def test_adam_with_beta1_0_is_debiased_rmsprop():
    gradients = np.random.default_rng(3).normal(size=40)
    squares, w, expected = 0.0, 1.0, []
    for t, g in enumerate(gradients, start=1):
        squares = 0.9 * squares + 0.1 * g**2
        w -= 0.05 * g / (squares / (1 - 0.9**t)) ** 0.5
        expected.append(w)
    adam = positions(Adam(0.05, beta1=0.0, beta2=0.9, epsilon=0.0), gradients)
    assert adam == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    "make, parameter, values",
    [
        (GradientDescent, "learning_rate", [0.1, 0.2]),
        (Momentum, "beta", [0.0, 0.9]),
        (Momentum, "dampening", [0.0, 0.9]),
        (Nesterov, "beta", [0.1, 0.9]),
        (AdaGrad, "epsilon", [0.0, 1.0]),
        (RMSProp, "decay", [0.5, 0.9]),
        (Adam, "beta1", [0.5, 0.9]),
        (Adam, "beta2", [0.5, 0.9]),
    ],
)
def test_an_array_of_parameters_steps_a_whole_grid_at_once(make, parameter, values):
    given = {f.name: 0.1 for f in fields(make) if f.name in ("learning_rate", "beta")}
    grid = make(**{**given, parameter: values})
    for j, value in enumerate(values):
        single = make(**{**given, parameter: value})
        w, state, w1, state1 = np.ones(2), grid.init(np.ones(2)), 1.0, single.init(1.0)
        for g in (2.0, -1.0, 5.0):
            w, state = grid.step(w, g, state)
            w1, state1 = single.step(w1, g, state1)
        assert w[j] == pytest.approx(w1, rel=1e-14)


def test_the_growing_beta_is_nesterov_with_k_minus_1_over_k_plus_2():
    curvature, eta, x = 3.0, 0.1, 2.0
    y, before, expected = x, x, [x]
    for k in range(1, 30):
        x = y - eta * curvature * y
        y, before = x + (k - 1) / (k + 2) * (x - before), x
        expected.append(y)
    bowl = surfaces.quadratic([curvature])
    path = descend(bowl, [2.0], AcceleratedGradient(eta), 29).path[:, 0]
    assert path == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_chebyshev_is_the_scaled_chebyshev_polynomial_of_the_curvature():
    low, high, curvature = 1.0, 9.0, 2.5
    centre, scale = (high + low) / (high - low), 2 / (high - low)
    path = descend(surfaces.quadratic([curvature]), [1.0], Chebyshev(low, high), 12).path[:, 0]
    for k, w in enumerate(path):
        polynomial = np.polynomial.Chebyshev.basis(k)
        assert w == pytest.approx(polynomial(centre - scale * curvature) / polynomial(centre))


def test_chebyshev_ends_as_momentum_with_the_optimal_pair():
    low, high = 1.0, 100.0
    rule, state = Chebyshev(low, high), Chebyshev(low, high).init(1.0)
    for _ in range(200):
        _, state = rule.step(0.0, 0.0, state)
    root = np.sqrt(high / low)
    beta = ((root - 1) / (root + 1)) ** 2
    assert state[1] - 1 == pytest.approx(beta, rel=1e-12)
    eta = 4 / (np.sqrt(high) + np.sqrt(low)) ** 2
    assert 2 * state[1] / (low + high) == pytest.approx(eta, rel=1e-12)

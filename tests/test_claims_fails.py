"""The claims of the chapter on failures, one test each: what holds, checked by running it."""

from fractions import Fraction

import numpy as np
import pytest
from known_runs import conjugate_gradients, went_round

from momentum import Adam, Momentum, Nesterov, descend, surfaces, theory

RNG = np.random.default_rng(23)
BEST = Momentum(1 / 9, 4 / 9)


def bent_step(w, v, eta=Fraction(1, 9), beta=Fraction(4, 9)):
    """One step on the cost of Lessard, Recht and Packard, without rounding."""
    slope = 25 * w if w < 1 else w + 24 if w < 2 else 25 * w - 24
    v = beta * v + slope
    return w - eta * v, v


def test_t23_a_cycle_of_three_fractions_draws_others_in_and_begins_each_step_downhill():
    """Exactly back after three steps; from beside it nearer like t (2/3)**t; no step uphill."""
    ring = [Fraction(n, 1225) for n in (792, -2208, 2592)]
    start = w, v = ring[0], 9 * (ring[2] - ring[0])
    for t in range(3):
        assert w == ring[t]
        (w, after), slope = bent_step(w, v), bent_step(w, Fraction(0))[1]
        assert -after * slope < 0  # the step starts downhill
        v = after
    assert (w, v) == start and theory.optimal_parameters(1, 25)[:2] == pytest.approx((1 / 9, 4 / 9))
    aside, v = ring[0] + Fraction(1, 100), v
    for _ in range(60):
        aside, v = bent_step(aside, v)
    assert 0 < abs(aside - ring[0]) < Fraction(1, 100) * 121 * Fraction(2, 3) ** 60
    heights = surfaces.bent().value(np.array([ring], dtype=float))
    assert (np.diff(heights) > 0).all()  # two of the three steps end higher
    caught = descend(surfaces.bent(), [3.3], BEST, 3000, restart=True)
    assert np.isinf(caught.settling_time())
    for rule in (Momentum(1 / 18, 4 / 9), Momentum(1 / 25, 0.64)):
        starts = np.linspace(-9, 9, 721)[np.newaxis]
        assert abs(descend(surfaces.bent(), starts, rule, 600).path[-1]).max() < 1e-9


def interpolates(low, high, eta, beta, count):
    """Whether a function with these curvatures has the gradients that the corners need."""
    w = np.exp(2j * np.pi * np.arange(count) / count)
    g = ((1 + beta) * w - np.roll(w, -1) - beta * np.roll(w, 1)) / eta - low * w
    apart = (g.conj() * (w[:, np.newaxis] - w)).real
    worst = apart + abs(g[:, np.newaxis] - g) ** 2 / (2 * (high - low))
    return (worst <= 1e-12).all()


def test_t24_a_polygon_is_a_cycle_where_its_gradients_can_be_interpolated():
    """The inequality of neighbours decides for all pairs; on the surface the run stays."""
    kappas, traps = (5, 10, 15, 20, 25, 100, 1000), {}
    for kappa in kappas:
        eta, beta, _ = theory.optimal_parameters(1, kappa)
        traps[kappa] = [K for K in range(3, 26) if interpolates(1, kappa, eta, beta, K)]
        for K in range(3, 26):
            assert theory.has_cycle(1, kappa, eta, beta, K) == (K in traps[kappa])
    assert [bool(traps[kappa]) for kappa in kappas] == [False] * 3 + [True] * 4
    for kappa, K in ((25, 3), (100, 6), (1000, 12)):
        eta, beta, _ = theory.optimal_parameters(1, kappa)
        assert went_round((1, kappa, eta, beta, K), 0.001, steps=4000) < 1e-9


def fewer_steps(kappa, allowed):
    """How many times fewer steps than gradient descent's the best allowed pair needs on bowls."""
    x, beta = np.meshgrid(np.geomspace(0.003, 4, 700), 1 - np.geomspace(0.002, 1, 700))
    rate = theory.convergence_rate([1 / kappa, 1], x, beta)[allowed(1 / kappa, x, beta)].min()
    return np.log(rate) / np.log((kappa - 1) / (kappa + 1))


def free(q, x, beta):
    """Which pairs no polygon traps, by the inequality as the paper has it."""
    caught = np.zeros(x.shape, bool)
    for K in range(3, 101):
        c = np.cos(2 * np.pi / K)
        linear = 2 * (beta - c + q * (1 - beta * c)) * q * x
        room = (q * x) ** 2 - linear + 2 * q * (1 - c) * (1 + beta**2 - 2 * beta * c)
        caught |= room <= 0
    return ~caught


def test_t25_pairs_that_no_polygon_traps_gain_a_constant_factor_only():
    """Less than 8, for every kappa tried, while the best pair gains the root of kappa."""
    gains = [fewer_steps(kappa, free) for kappa in (25, 100, 1000, 4000)]
    assert gains == sorted(gains) and gains[0] > 4 and 7.5 < gains[-1] < 8
    assert fewer_steps(1000, lambda q, x, beta: x > 0) > 30


def test_t26_with_a_safe_beta_momentum_converges_from_every_start_that_was_tried():
    """On both traps, on smooth costs of two curvatures; and it gains a factor below 4 on bowls."""
    for x in (0.2, 1.0, 1.7):
        b = x / 25 / 2
        beta = 0.98 * (b + np.sqrt(b * b + 4 - 2 * x)) / 2
        assert beta == pytest.approx(0.98 * theory.safe_beta(1, 25, x / 25), rel=1e-12)
        for surface in (surfaces.bent(), surfaces.cycling()):
            starts = RNG.uniform(-5, 5, (surface.dim, 300))
            run = descend(surface, starts, Momentum(x / 25, beta), 3000)
            assert abs(run.path[-1]).max() < 1e-9
    safe = [fewer_steps(k, lambda q, x, beta: beta < theory.safe_beta(q, 1, x)) for k in (25, 1000)]
    assert 3 < safe[0] < safe[1] < 4


def test_t27_nesterovs_form_keeps_its_rate_where_momentum_circles():
    """The height stays below (1 - 1/sqrt(kappa))**t of its bound, from all starts, on both."""
    for kappa, surface in (
        (25, surfaces.bent()),
        (25, surfaces.cycling()),
        (1000, surfaces.cycling(1, 1000, 0.00375, 0.88)),
    ):
        root, starts = np.sqrt(kappa), RNG.uniform(-3, 3, (surface.dim, 500))
        run = descend(surface, starts, Nesterov(1 / kappa, (root - 1) / (root + 1)), 200)
        heights = surface.value(np.moveaxis(run.path[:-1] - run.gradients / kappa, 1, 0))
        first = run.values[0] + (starts**2).sum(axis=0) / 2
        bound = first * (1 - 1 / root) ** np.arange(1, 201)[:, np.newaxis]
        assert (heights <= bound).all()
    assert abs(descend(surfaces.bent(), [3.3], BEST, 200).path[-3:]).min() > 0.6


@pytest.mark.parametrize("large", [2.5, 3.0, 10.0])
def test_t28_adam_ends_at_the_worst_place(large):
    """With beta1 = 0 and beta2 = 1/(1 + C**2), also with a rate that falls; longer memory cures."""

    def end(beta2, falls=False, top=False):
        rule, w, most = Adam(1.0, 0.0, beta2, 0.0), 0.0, 0.0
        state = rule.init(0.0)
        for t in range(9000):
            g, rate = (large, -1.0, -1.0)[t % 3], 0.05 / np.sqrt(t + 1 if falls else 1)
            move, state = rule.step(0.0, g, state)
            most = max(most, state[1])  # the mean square, without a correction of its start
            w = min(max(w + rate * (-g / np.sqrt(most) if top else move), -1.0), 1.0)
        return w

    short = 1 / (1 + large**2)
    assert end(short) > 0.9 and end(short, falls=True) > 0.9
    assert end(0.999) < -0.8 and end(short, top=True) < -0.8


def steps_of_conjugate_gradients(a):
    """The steps to a millionth of the distance."""
    run = conjugate_gradients(a, np.ones(len(a)))
    return next(t for t, w in enumerate(run) if np.linalg.norm(w) <= 1e-6 * np.sqrt(len(a)))


def test_t29_clusters_help_conjugate_gradients_and_not_the_best_pair():
    """Two curvatures need two steps; momentum's rate knows the ends of the spectrum only."""
    even, two = np.linspace(1, 1000, 50), np.repeat([1.0, 1000.0], 25)
    groups = np.concatenate([np.linspace(1, 1.1, 25), np.linspace(900, 1000, 25)])
    eta, beta, rate = theory.optimal_parameters(1, 1000)
    steps = []
    for a in (even, two, groups):
        assert theory.convergence_rate(a, eta, beta) == pytest.approx(rate, abs=1e-7)
        run = descend(surfaces.quadratic(a), np.ones(50), Momentum(eta, beta), 2000)
        steps.append(run.settling_time(1e-6))
    assert max(steps) < 1.15 * min(steps)
    assert steps_of_conjugate_gradients(two) == 2
    assert steps_of_conjugate_gradients(groups) < 20 < 35 < steps_of_conjugate_gradients(even)

"""Facts about exponential moving averages, checked against the plain recursion."""

import math
from fractions import Fraction

import numpy as np
import pytest

from momentum import effective_sample_size, ema, ema_weights, half_life, mean_age

BETAS = [0.0, 1e-10, 0.1, 0.5, 0.9, 0.99, 0.999999]
SEVERAL_CHUNKS = 40000
UNIT = 2**200
over_betas = pytest.mark.parametrize("beta", BETAS)


def plain_recursion(series, beta, start):
    averages, s = [], start
    for y in series:
        s = beta * s + (1 - beta) * y
        averages.append(s)
    return np.array(averages)


def largest_difference(a, b):
    assert np.shape(a) == np.shape(b)
    return abs(np.asarray(a) - b).max()


def noise(n, seed=0):
    return np.random.default_rng(seed).normal(1.0, 1.0, n)


@over_betas
@pytest.mark.parametrize("n", [1, 2, 3, 1000, SEVERAL_CHUNKS])
def test_ema_is_the_plain_recursion_from_the_first_value(n, beta):
    y = noise(n).tolist()
    assert largest_difference(ema(y, beta), plain_recursion(y, beta, y[0])) < 2e-14


@over_betas
@pytest.mark.parametrize("initial", [0.0, -7.5])
def test_ema_is_the_plain_recursion_from_a_given_start(initial, beta):
    y = noise(SEVERAL_CHUNKS, seed=1).tolist()
    expected = plain_recursion(y, beta, initial)
    assert largest_difference(ema(y, beta, initial=initial), expected) < 2e-13


def exact_recursion(series, beta, start):
    """The recursion in whole multiples of 2**-200."""
    b, s, averages = int(Fraction(beta) * UNIT), int(Fraction(start) * UNIT), []
    for y in series:
        s = (b * s + (UNIT - b) * int(Fraction(y) * UNIT)) // UNIT
        averages.append(s)
    return averages


def largest_error(averages, exact):
    return max(
        abs(int(Fraction(a) * UNIT) - e) / UNIT
        for a, e in zip(averages.tolist(), exact, strict=True)
    )


@pytest.mark.parametrize("beta", [0.1, 0.9, 0.99, 0.9999, 0.999999])
@pytest.mark.parametrize("start", [0.0, 1000.0])
def test_ema_error_is_at_most_twice_that_of_the_plain_recursion(start, beta):
    y = noise(SEVERAL_CHUNKS // 2, seed=2).tolist()
    exact = exact_recursion(y, beta, start)
    recursion = largest_error(plain_recursion(y, beta, start), exact)
    assert 0 < largest_error(ema(y, beta, initial=start), exact) <= 2 * recursion


@over_betas
@pytest.mark.parametrize("magnitude", [1e300, 1e150, 1e-150, 1e-290])
def test_ema_neither_overflows_nor_underflows_at_extreme_magnitudes(magnitude, beta):
    y = (magnitude * noise(500, seed=3)).tolist()
    expected = plain_recursion(y, beta, y[0])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        average = ema(y, beta)
    assert largest_difference(average, expected) <= 2e-14 * magnitude


@pytest.mark.parametrize("beta", [1e-30, 1e-300])
def test_a_beta_close_to_0_gives_the_series_itself(beta):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert ema([4.0, 1e10, -3e20, 1.0], beta).tolist() == pytest.approx(
            [4.0, 1e10, -3e20, 1.0], rel=1e-9
        )


@over_betas
def test_a_spike_of_1e300_is_forgotten_at_the_rate_of_beta(beta):
    y = [1.0] * 5 + [1e300] + [1.0] * 2000
    expected = plain_recursion(y, beta, 1.0)
    assert largest_difference(ema(y, beta) / expected, np.ones(len(y))) < 1e-12


@over_betas
@pytest.mark.parametrize("spike", [1e300, -1e300])
def test_what_one_column_starts_at_or_meets_leaves_the_others_alone(spike, beta):
    y = noise(3 * 2000, seed=10).reshape(2000, 3)
    y[7, 1] = spike
    for first in (spike, 0.0):
        with np.errstate(over="raise", invalid="raise"):
            average = ema(y, beta, initial=[first, 0.0, 0.0])
        assert np.isfinite(average).all()
        assert average[:, 2] == pytest.approx(ema(y[:, 2], beta, initial=0.0), abs=1e-13)


@over_betas
def test_each_column_of_a_2d_series_is_averaged_alone(beta):
    y = noise(3 * 700, seed=4).reshape(700, 3)
    together = ema(y, beta, initial=[0.0, 1.0, -2.0])
    assert together.shape == (700, 3)
    for j, start in enumerate([0.0, 1.0, -2.0]):
        assert together[:, j] == pytest.approx(ema(y[:, j], beta, initial=start), abs=1e-14)


@over_betas
def test_the_average_does_not_change_its_series(beta):
    y = noise(100, seed=5)
    before = y.copy()
    ema(y, beta)[:] = 0.0
    assert np.array_equal(y, before)


def test_beta_0_returns_the_series_bit_for_bit():
    y = noise(1000, seed=6)
    assert np.array_equal(ema(y, 0.0), y)
    assert np.array_equal(ema(y, 0.0, initial=0.0, debias=True), y)


@over_betas
def test_the_average_stays_between_the_extremes_of_the_series(beta):
    y = noise(2000, seed=7)
    assert y.min() - 1e-15 <= ema(y, beta).min() and ema(y, beta).max() <= y.max() + 1e-15


@over_betas
def test_the_debiased_average_of_a_constant_is_that_constant(beta):
    average = ema(np.full(3000, 7.0), beta, initial=0.0, debias=True)
    assert largest_difference(average, np.full(3000, 7.0)) < 1e-11


@over_betas
def test_without_debias_a_start_at_0_is_short_by_the_factor_1_minus_beta_to_the_t(beta):
    t = np.arange(1, 201)
    expected = [1 - Fraction(beta) ** int(k) for k in t]
    average = ema(np.ones(200), beta, initial=0.0)
    assert average == pytest.approx([float(e) for e in expected], rel=1e-12)


@over_betas
def test_the_debiased_average_is_the_weighted_mean_of_what_it_has_seen(beta):
    y = noise(60, seed=8).reshape(30, 2)
    averages = ema(y, beta, initial=0.0, debias=True)
    for t, average in enumerate(averages, start=1):
        expected = np.average(y[:t][::-1], axis=0, weights=ema_weights(beta, t, raw=True))
        assert average == pytest.approx(expected, abs=1e-9 if beta > 0.9999 else 1e-13)


@over_betas
def test_the_response_to_a_unit_pulse_is_the_weights(beta):
    pulse = np.eye(1, 200)[0]
    assert ema(pulse, beta, initial=0.0) == pytest.approx(ema_weights(beta, 200), rel=1e-12)


@over_betas
@pytest.mark.parametrize("n", [1, 7, 400])
def test_the_weights_sum_to_1_minus_beta_to_the_n(n, beta):
    mass = float(1 - Fraction(beta) ** n)
    assert ema_weights(beta, n).sum() == pytest.approx(mass, rel=1e-12)
    assert ema_weights(beta, n, raw=True).sum() == pytest.approx(mass / (1 - beta), rel=1e-9)


@over_betas
def test_each_weight_is_beta_times_the_newer_one(beta):
    weights = ema_weights(beta, 50)
    assert weights[0] == 1 - beta
    assert weights[1:] == pytest.approx(beta * weights[:-1], rel=1e-12)


@pytest.mark.parametrize("halvings", [1, 2, 10, 100])
def test_a_weight_halves_after_the_half_life(halvings):
    beta = 0.5 ** (1 / halvings)
    assert half_life(beta) == pytest.approx(halvings, rel=1e-12)
    weights = ema_weights(beta, 2 * halvings + 1)
    assert weights[halvings] / weights[0] == pytest.approx(0.5, rel=1e-12)
    assert weights[2 * halvings] / weights[0] == pytest.approx(0.25, rel=1e-12)


def test_memoryless_averages_have_half_life_0_age_0_and_sample_size_1():
    assert (half_life(0.0), mean_age(0.0), effective_sample_size(0.0)) == (0.0, 0.0, 1.0)


@pytest.mark.parametrize("beta", [0.1, 0.5, 0.9, 0.99])
def test_the_mean_age_is_the_weighted_mean_of_the_ages(beta):
    weights = ema_weights(beta, 6000)
    assert weights @ np.arange(6000) == pytest.approx(mean_age(beta), rel=1e-10)


@pytest.mark.parametrize("beta", [0.1, 0.5, 0.9, 0.99])
def test_the_effective_sample_size_is_one_over_the_sum_of_squared_weights(beta):
    assert 1 / (ema_weights(beta, 6000) ** 2).sum() == pytest.approx(
        effective_sample_size(beta), rel=1e-10
    )


@pytest.mark.parametrize("beta", [0.5, 0.9])
def test_averaging_divides_the_variance_of_noise_by_the_effective_sample_size(beta):
    y = np.random.default_rng(9).normal(size=(400, 4000))
    settled = ema(y, beta)[200:]
    assert y.var() / settled.var() == pytest.approx(effective_sample_size(beta), rel=0.02)


def test_summaries_are_elementwise():
    betas = np.array([[0.0, 0.1], [0.5, 0.9]])
    for summary in (half_life, mean_age, effective_sample_size):
        one_by_one = [[summary(b) for b in row] for row in betas.tolist()]
        assert summary(betas) == pytest.approx(np.array(one_by_one), rel=1e-15)


def test_beta_0_9_remembers_ten_values_and_its_half_life_is_under_seven():
    assert mean_age(0.9) + 1 == pytest.approx(10)
    assert half_life(0.9) == pytest.approx(math.log(0.5) / math.log(0.9))
    assert 6 < half_life(0.9) < 7


LARGEST = float(np.finfo(float).max)


@over_betas
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_average_of_the_largest_number_is_that_number(beta, sign):
    series = np.full(300, sign * LARGEST)
    for options in ({}, {"initial": 0.0, "debias": True}):
        average = ema(series, beta, **options)
        assert np.isfinite(average).all()
        assert average / LARGEST == pytest.approx(sign, rel=1e-10)

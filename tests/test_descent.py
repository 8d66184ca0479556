"""Facts about the loop: records, batches, divergence, settling times."""

import warnings
from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest

from momentum import (
    AdaGrad,
    Adam,
    GradientDescent,
    Momentum,
    Nesterov,
    RMSProp,
    Trajectory,
    descend,
    surfaces,
)

RULES = [
    GradientDescent(0.02),
    Momentum(0.02, 0.9),
    Momentum(0.02, 0.9, dampening=0.9),
    Nesterov(0.005, 0.9),
    AdaGrad(0.1),
    RMSProp(0.02, 0.9),
    Adam(0.05),
]
over_rules = pytest.mark.parametrize("rule", RULES, ids=repr)
SURFACES = [
    surfaces.quadratic([1.0, 10.0, 30.0]),
    surfaces.huber(),
    surfaces.plateau(),
    surfaces.plateau(dim=2),
    surfaces.double_well(),
    surfaces.saddle(),
    surfaces.rosenbrock(5.0),
    surfaces.himmelblau(),
]
over_surfaces = pytest.mark.parametrize("surface", SURFACES, ids=lambda s: f"{s.name} {s.dim}")
BOWL = surfaces.quadratic([1.0, 10.0])


def starts(surface, *batch, seed=0):
    low, high = np.array(surface.view).T
    points = np.random.default_rng(seed).uniform(low, high, (*batch, surface.dim))
    return np.moveaxis(points, -1, 0)


def assert_same_run(one, many, at):
    for name in ("path", "values", "gradients"):
        batched = getattr(many, name)[(..., *at)]
        assert np.array_equal(getattr(one, name), batched, equal_nan=True), name
    assert one.diverged == many.diverged[at]


@pytest.mark.parametrize("batch", [(), (1,), (4,), (2, 3)])
def test_a_trajectory_is_steps_then_coordinates_then_batch(batch):
    run = descend(BOWL, starts(BOWL, *batch), Momentum(0.05, 0.5), 7)
    assert run.steps == 7
    assert run.path.shape == (8, 2, *batch) and run.values.shape == (8, *batch)
    assert run.gradients.shape == (7, 2, *batch) and np.shape(run.diverged) == batch
    assert {a.dtype.name for a in (run.path, run.values, run.gradients)} == {"float64"}


@over_rules
@over_surfaces
def test_a_trajectory_records_what_the_optimizer_saw_and_did(surface, rule):
    run = descend(surface, starts(surface), rule, 20)
    w, state = starts(surface), rule.init(starts(surface))
    for k in range(20):
        assert np.array_equal(run.path[k], w)
        assert run.values[k] == surface.value(w)
        assert np.array_equal(run.gradients[k], surface.gradient(w))
        w, state = rule.step(w, surface.gradient(w), state)
    assert np.array_equal(run.path[20], w) and run.values[20] == surface.value(w)


@over_rules
@over_surfaces
def test_a_batch_of_runs_equals_its_single_runs_bit_for_bit(surface, rule):
    points = starts(surface, 2, 3)
    many = descend(surface, points, rule, 40)
    for at in np.ndindex(2, 3):
        assert_same_run(descend(surface, points[(slice(None), *at)], rule, 40), many, at)


def test_ten_thousand_runs_equal_one_run_bit_for_bit():
    surface = surfaces.himmelblau()
    points, rule = starts(surface, 10_000), Momentum(0.01, 0.9)
    many = descend(surface, points, rule, 30)
    for at in range(0, 10_000, 500):
        assert_same_run(descend(surface, points[:, at], rule, 30), many, (at,))


@pytest.mark.parametrize("form", [Momentum, Nesterov])
def test_arrays_of_parameters_equal_single_runs_bit_for_bit(form):
    etas, betas = np.array([[0.01], [0.05], [0.4]]), np.array([0.0, 0.5, 0.9, 0.99])
    many = descend(BOWL, [1.0, -2.0], form(etas, betas), 200)
    assert many.path.shape == (201, 2, 3, 4)
    assert many.diverged.any() and not many.diverged.all()
    for i, j in np.ndindex(3, 4):
        one = descend(BOWL, [1.0, -2.0], form(float(etas[i, 0]), float(betas[j])), 200)
        assert_same_run(one, many, (i, j))


def test_a_batch_of_starts_and_one_of_parameters_broadcast():
    points, betas = starts(BOWL, 4, 1), np.array([0.1, 0.5, 0.9])
    many = descend(BOWL, points, Momentum(0.05, betas), 20)
    assert many.path.shape == (21, 2, 4, 3)
    for i, j in np.ndindex(4, 3):
        one = descend(BOWL, points[:, i, 0], Momentum(0.05, float(betas[j])), 20)
        assert_same_run(one, many, (i, j))


@pytest.mark.parametrize("batch", [(), (3,)])
def test_zero_steps_record_the_start_alone(batch):
    points = starts(BOWL, *batch)
    run = descend(BOWL, points, Momentum(0.05, 0.5), 0)
    assert run.steps == 0 and run.gradients.shape == (0, 2, *batch)
    assert np.array_equal(run.path, points[np.newaxis])
    assert np.array_equal(run.values, BOWL.value(points)[np.newaxis])
    assert not np.any(run.diverged)


def test_a_run_leaves_its_start_unchanged():
    start = np.array([1.0, -2.0])
    descend(BOWL, start, Momentum(0.05, 0.5), 5).path[:] = 0.0
    assert start.tolist() == [1.0, -2.0]


@pytest.mark.parametrize("k", [1, 10, 29])
def test_gradient_descent_has_no_memory_a_restart_midway_repeats_the_run(k):
    run = descend(surfaces.himmelblau(), [0.5, -0.5], GradientDescent(0.01), 30)
    restarted = descend(surfaces.himmelblau(), run.path[k], GradientDescent(0.01), 30 - k)
    assert np.array_equal(restarted.path, run.path[k:])


@pytest.mark.parametrize("rule", RULES[1:], ids=repr)
def test_every_other_rule_has_a_memory_that_a_restart_loses(rule):
    run = descend(surfaces.double_well(), [1.7], rule, 30)
    restarted = descend(surfaces.double_well(), run.path[10], rule, 20)
    assert abs(restarted.path - run.path[10:]).max() > 1e-3


def test_gradient_descent_stalls_on_the_plateau_that_momentum_crosses():
    surface = surfaces.plateau(width=2.0)
    stalled = descend(surface, [-3.0], GradientDescent(0.1), 3000).path[-1, 0]
    arrived = descend(surface, [-3.0], Momentum(0.1, 0.9), 3000).path[-1]
    assert -1e-3 < stalled <= 0
    assert arrived == pytest.approx(surface.minima[0], abs=1e-9)


DIVERGING = [
    (surfaces.quadratic([1.0, 10.0]), [1.0, 1.0], GradientDescent(0.5)),
    (surfaces.quadratic([1.0, 10.0]), [1.0, 1.0], Momentum(10.0, 0.9)),
    (surfaces.quadratic([1.0, 10.0]), [1.0, 1.0], Nesterov(10.0, 0.9)),
    (surfaces.quadratic([-1.0]), [1.0], GradientDescent(0.5)),
    (surfaces.rosenbrock(), [2.0, -2.0], Momentum(0.1, 0.9)),
    (surfaces.himmelblau(), [4.0, 4.0], GradientDescent(1.0)),
    (surfaces.double_well(), [3.0], Nesterov(1.0, 0.5)),
    (surfaces.saddle(), [1.0, 5.0], Momentum(1.0, 0.9)),
]


@pytest.mark.parametrize("batch", [False, True], ids=["one", "batch"])
@pytest.mark.parametrize("surface, start, rule", DIVERGING, ids=lambda p: repr(p)[:40])
def test_divergence_is_a_result_without_a_warning(surface, start, rule, batch):
    start = np.array([start, [0.0] * surface.dim]).T if batch else start
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run = descend(surface, start, rule, 3000)
        settled = run.settling_time()
    assert run.path.shape[0] == 3001
    assert np.ravel(run.diverged)[0] and np.ravel(settled)[0] == np.inf


def test_divergence_is_judged_run_by_run():
    run = descend(BOWL, [1.0, 1.0], GradientDescent(np.array([0.05, 0.19, 0.21, 3.0])), 1000)
    assert run.diverged.tolist() == [False, False, True, True]


@pytest.mark.parametrize("start, far", [(1e-3, 1e6), (1.0, 1e6), (50.0, 5e7)])
def test_diverged_means_a_million_times_further_out_than_1_or_the_start(start, far):
    doubling = GradientDescent(1.0)  # on curvature -1 every step doubles w
    steps = int(np.floor(np.log2(far / start)))
    hill = surfaces.quadratic([-1.0])
    assert descend(hill, [start], doubling, steps).diverged is False
    assert descend(hill, [-start], doubling, steps + 1).diverged is True


@pytest.mark.parametrize("start, bound", [(1.0, 1e6), (0.25, 1e6), (4.0, 4e6), (-4.0, 4e6)])
def test_a_million_times_as_far_is_not_yet_diverged_and_a_little_more_is(start, bound):
    for end, diverged in ((bound, False), (-bound, False), (bound + 1, True), (-bound - 1, True)):
        jump = surfaces.Surface("jump", 1, abs, lambda x, gap=start - end: (gap,))
        assert descend(jump, [start], GradientDescent(1.0), 1).diverged is diverged


def test_the_bound_is_that_of_the_outermost_coordinate_of_the_start():
    away = surfaces.Surface("away", 2, lambda x, y: x, lambda x, y: (-3e6, 0.0))
    runs = descend(away, [[0.0, 0.0], [1.0, 4.0]], GradientDescent(1.0), 1)
    assert runs.diverged.tolist() == [True, False]


def test_a_run_that_only_passes_far_away_has_not_diverged():
    path = np.array([1.0, 1e9, 0.5])[:, np.newaxis]
    assert path.max() > 1e6
    away_and_back = surfaces.Surface("steps", 1, lambda x: 0 * x, lambda x: (1.0 - 1e9 * (x < 2),))
    run = descend(away_and_back, [1.0], GradientDescent(1.0), 1)
    assert run.path[:, 0].tolist() == [1.0, 1e9] and run.diverged
    back = surfaces.Surface("back", 1, lambda x: 0 * x, lambda x: (x - 0.5 if x > 2 else -1e9,))
    run = descend(back, [1.0], GradientDescent(1.0), 2)
    assert run.path[1, 0] > 1e8 and not run.diverged


def test_a_trajectory_cannot_be_changed_and_is_equal_to_itself_alone():
    run, same = (descend(BOWL, [1.0, 1.0], GradientDescent(0.1), 3) for _ in range(2))
    for field in fields(run):
        with pytest.raises(FrozenInstanceError):
            setattr(run, field.name, None)
    assert run == run and run != same and len({run, same}) == 2


@pytest.mark.parametrize("slope", [1, np.float32(1), np.array(1)], ids=lambda s: str(type(s)))
@pytest.mark.parametrize("start", [[1.0], [[1.0, 2.0]]], ids=["one", "batch"])
def test_a_record_holds_float64_whatever_the_partials_return(start, slope):
    ramp = surfaces.Surface("ramp", 1, lambda x: x, lambda x: (slope,))
    for steps in (0, 3):
        run = descend(ramp, start, GradientDescent(1.0), steps)
        assert {a.dtype.name for a in (run.path, run.values, run.gradients)} == {"float64"}
        assert run.gradients.shape == (steps, *np.shape(start)) and (run.gradients == 1.0).all()


def test_a_partial_that_python_cannot_divide_is_divided_as_numpy_does():
    inverse = surfaces.Surface("inverse", 1, abs, lambda x: (1 / x,))
    run = descend(inverse, [0.0], GradientDescent(1.0), 2)
    assert run.gradients[0, 0] == np.inf and run.diverged
    cubic = surfaces.Surface("cubic", 1, abs, lambda x: (x**3,))
    assert descend(cubic, [1e200], GradientDescent(1.0), 1).path[-1, 0] == -np.inf


def recorded(path):
    """A trajectory with the given path, of shape (steps + 1, *batch), in one dimension."""
    path = np.array(path, dtype=float)[:, np.newaxis]
    return Trajectory(path, path[:, 0], path[1:], np.False_)


@pytest.mark.parametrize(
    "path, settled",
    [
        ([8, 4, 2, 1, 0], 3),  # within 1 of 0 from step 3 on
        ([8, 1, 2, 1, 0.5], 3),  # leaves and comes back
        ([8, -1, -0.5, 0.9, 1], 1),  # the sign is no matter, the bound counts as within
        ([8, 4, 2, 1.001], np.inf),  # never
        ([8, 0, 0, 9], np.inf),  # out again at the last step
        ([8, 7, 6, 0.1], 3),  # at the last step
        ([0, 0, 0], 0),  # at once
        ([8, np.inf, np.nan], np.inf),
        ([8], np.inf),
    ],
)
def test_settling_time_is_the_first_step_from_which_the_run_stays_close(path, settled):
    found = recorded(path).settling_time(1 / 8)
    assert isinstance(found, float) and found == settled


def test_settling_times_of_a_batch_are_those_of_its_runs():
    columns = [[8, 4, 2, 1, 0], [8, 1, 2, 1, 0.5], [8, 4, 2, 2, 2], [0, 0, 0, 0, 0]]
    batch = recorded(np.array(columns).T.reshape(5, 2, 2))
    assert batch.settling_time(1 / 8).tolist() == [[3, 3], [np.inf, 0]]


def test_settling_time_measures_the_distance_to_its_target():
    run = recorded([10, 6, 3, 2.5, 2])
    assert run.settling_time(0.125, target=2.0) == 2
    assert run.settling_time(0.125, target=[2.0]) == 2
    assert run.settling_time(0.125) == np.inf
    mirrored = recorded([-10, -6, -3, -2.5, -2])
    assert mirrored.settling_time(0.125, target=-2.0) == 2
    assert mirrored.settling_time(0.125, target=2.0) == np.inf


def test_by_default_a_run_has_settled_within_a_hundredth_of_its_first_distance():
    assert recorded([100, 3, 1.001, 1.0, -1.0]).settling_time() == 3


def test_settling_far_from_the_origin_is_measured_from_the_target():
    run = recorded([1e3 + 8, 1e3 - 2, 1e3 + 1])
    assert run.settling_time(1 / 8, target=[1e3]) == 2


@pytest.mark.parametrize("batch", [(), (5,), (2, 2)])
def test_settling_time_is_euclidean_and_takes_a_target_with_coordinates(batch):
    surface, aim = surfaces.himmelblau(), np.array([3.0, 2.0])
    run = descend(surface, starts(surface, *batch), Momentum(0.01, 0.8), 300)
    times = np.asarray(run.settling_time(1e-3, target=aim))
    assert np.isfinite(times).any() or not batch
    for at in np.ndindex(batch):
        distance = np.hypot(*(run.path[(..., *at)] - aim).T)
        within = distance <= 1e-3 * distance[0]
        stays = [k for k in range(301) if within[k:].all()]
        assert times[at] == (stays[0] if stays else np.inf)


@pytest.mark.parametrize("magnitude", [1e200, 1e-200])
def test_settling_time_does_not_depend_on_the_unit_of_length(magnitude):
    times = [
        descend(BOWL, [size, size], GradientDescent(0.05), 300).settling_time()
        for size in (1.0, magnitude)
    ]
    assert times[0] == times[1]


def test_settling_times_of_runs_of_all_sizes_are_found_in_one_batch():
    starts = np.array([[1.0, 1e200, 1e-200, 1e200], [1.0, 1e200, 1e-200, 0.0]])
    times = descend(BOWL, starts, GradientDescent(0.05), 300).settling_time()
    alone = [descend(BOWL, w, GradientDescent(0.05), 300).settling_time() for w in starts.T]
    assert times.tolist() == alone and alone[0] == alone[1] == alone[2] < np.inf
    flat = descend(BOWL, [[1.0, 1e200], [0.0, 1.0]], GradientDescent(0.05), 300)
    assert flat.settling_time().tolist() == [alone[3]] * 2


def test_noisy_runs_repeat_from_their_seed():
    def run(seed):
        rough = surfaces.noisy(BOWL, 1.0, np.random.default_rng(seed))
        return descend(rough, starts(BOWL, 3), Momentum(0.05, 0.9), 40).path

    assert np.array_equal(run(1), run(1))
    assert abs(run(1) - run(2)).max() > 0.01


def test_a_restart_forgets_the_velocity_after_each_uphill_step():
    curvature, eta, beta = 1.0, 0.02, 0.99
    x, v, expected = 1.0, 0.0, [1.0]
    for _ in range(200):
        g = curvature * x
        v = beta * v + g
        before, x = x, x - eta * v
        if g * (x - before) > 0:
            v = 0.0
        expected.append(x)
    run = descend(surfaces.quadratic([curvature]), [1.0], Momentum(eta, beta), 200, restart=True)
    assert run.path[:, 0].tolist() == expected
    plain = descend(surfaces.quadratic([curvature]), [1.0], Momentum(eta, beta), 200)
    assert run.values[-1] < 1e-3 * plain.values[-1]


def test_a_step_is_uphill_if_its_product_with_the_gradient_is_positive():
    bowl, rule = surfaces.quadratic([1.0, 30.0]), Momentum(0.01, 0.95)
    run = descend(bowl, [3.0, 1.0], rule, 100, restart=True)
    w, v, forgotten = np.array([3.0, 1.0]), np.zeros(2), 0
    for k in range(100):
        g = bowl.gradient(w)
        v = 0.95 * v + g
        w = w - 0.01 * v
        if g @ v < 0:
            v, forgotten = np.zeros(2), forgotten + 1
        assert run.path[k + 1] == pytest.approx(w, abs=1e-12)
    assert forgotten > 3


def test_on_flat_ground_no_velocity_is_forgotten():
    surface, rule = surfaces.plateau(width=300.0), Momentum(0.1, 0.9)
    paths = [descend(surface, [-3.0], rule, 20, restart=again).path for again in (False, True)]
    assert (surface.gradient(paths[0].T) == 0).sum() > 3
    assert np.array_equal(*paths)


def test_a_restart_changes_nothing_where_no_step_goes_uphill():
    for rule in (GradientDescent(0.05), Momentum(0.01, 0.2)):
        runs = [descend(BOWL, [1.0, 1.0], rule, 50, restart=again).path for again in (False, True)]
        assert np.array_equal(*runs)

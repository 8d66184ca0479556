"""Facts about sweeps: the bits of `descend`, first hits, divergence, the bar, the memory."""

import math
import pickle
import subprocess
import sys
import time
import tracemalloc
import warnings
from dataclasses import dataclass, replace
from functools import partial

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
    Sweep,
    descend,
    surfaces,
    sweep,
)
from momentum.surfaces import Surface
from momentum.sweeps import blocks, jobs
from momentum.sweeps import compiled as machine

PERIOD = blocks.PERIOD
ETAS, BETAS = [0.005, 0.02, 0.1, 0.4], [0.0, 0.5, 0.9]
BOWL = surfaces.quadratic([1.0, 10.0])
RNG = np.random.default_rng(5)
DATA = RNG.normal(size=(20, 3)), RNG.normal(size=20)
LIBRARY = [
    surfaces.quadratic([2.0]),
    BOWL,
    surfaces.quadratic([1.0, 3.0, 5.0, 10.0, 30.0]),
    surfaces.chain(6),
    surfaces.huber(),
    surfaces.bent(),
    surfaces.log_cosh(),
    surfaces.plateau(),
    surfaces.plateau(dim=2),
    surfaces.double_well(),
    surfaces.saddle(),
    surfaces.rosenbrock(5.0),
    surfaces.himmelblau(),
    surfaces.least_squares(*DATA),
]


def user(name, dim, f, partials):
    return Surface(name, dim, f, partials, (np.zeros(dim),), ((-2.0, 2.0),) * dim)


def block_of(surface, start, steps=9, enough=None):
    return blocks._Block(surface, Momentum, np.array(start, float), steps, enough or np.nan)


def added_up(x, y):
    total = 0.0
    for square in (x * x, y * y):
        total += square
    return total


def added_under_two_names(x):
    total = again = x * x
    total += 1  # an array is changed, so `again` is too; a float is not
    return again * total


def chosen_under_two_names(x):
    chosen = again = np.where(x > 0, x, -0.5 * x)  # an array, also where x is a float
    chosen -= 0.25
    return (again * chosen,)


USERS = [
    user("tanh", 1, lambda x: np.log1p(np.tanh(x) ** 2), lambda x: (2 * np.tanh(x),)),
    user("exp", 1, lambda x: np.exp(x * x / 8) - 1, lambda x: (x / 4 * np.exp(x * x / 8),)),
    user("slide", 2, lambda x, y: x + y * y + 9, lambda x, y: (1.0, 2 * y)),
    user("powers", 1, lambda x: x**2 + abs(x) ** 3, lambda x: (2 * x + 3 * x * abs(x) ** 1.0,)),
    user("quartic", 1, lambda x: x**4, lambda x: [4 * x**3]),
    user("swapped", 2, lambda x, y: x * y + x * x + y * y, lambda x, y: (y + 2 * x, x + 2 * y)),
    user("turning", 2, lambda x, y: 0 * x + 3, lambda x, y: (y, -x)),
    user("level", 1, lambda x: 2.0, lambda x: (x,)),
    user("line", 1, lambda x: x, lambda x: (x,)),
    user("kink", 1, abs, lambda x: (np.where(x > 0, x, np.sin(x)),)),
    user("steps", 1, lambda x: np.where((x > 0) & (x < 1), x, x * x), lambda x: (1.5 * (x > 0.5),)),
    user("clipped", 1, lambda x: x * x, lambda x: (np.clip(x, -1, np.float64(0.5)),)),
    user("half open", 1, lambda x: np.clip(x, None, 1) ** 2, lambda x: (np.clip(x, -1.0, None),)),
    user("stairs", 1, lambda x: x * x, lambda x: (1.0 * (x > -1) + 1.0 * (x > 0),)),
    user("treads", 1, lambda x: 1.0 * (x > -1) + 1.0 * (x > 0), lambda x: (x,)),
    user("strip", 1, lambda x: x * x, lambda x: (1.5 * ((x > -1) * (x < 1.5)),)),
    user("not", 1, lambda x: np.where(~(x > 0), x * x, 2 * x * x), lambda x: (x,)),
    user("rule", 1, lambda x: x * x, lambda x: (np.where(x > 0, x, 2 * x) ** 3,)),
    user("base", 1, lambda x: x * x, lambda x: (0.3 ** np.where(x > 0, x, 2 * x) - 0.5,)),
    user("once", 1, lambda x: x * x, lambda x: ((1.0 * np.where(x > 0, x, 2 * x)) ** 3,)),
    user("root", 1, lambda x: np.where(x > -3, x * x, np.nan), lambda x: (x,)),
    user("sum", 2, added_up, lambda x, y: (2 * x, 2 * y)),
    user("names", 1, added_under_two_names, lambda x: (added_under_two_names(x) * x,)),
    user("choice", 1, lambda x: x * x, chosen_under_two_names),
    user("count", 1, lambda x: x * x, lambda x: (0.5 * ((x > -1) + (x > 0)),)),
    user("branch", 1, abs, lambda x: (1.0 if x > 0 else math.sin(x),)),
    user("array", 2, lambda x, y: x * x + y * y, lambda x, y: np.array([2 * x, 2 * y])),
]
# Not called on arrays: a branch, and what is another thing to arrays than to floats.
ALONE = {"branch", "count", "names"}
over_surfaces = pytest.mark.parametrize("surface", LIBRARY + USERS, ids=lambda s: s.name)


def start_on(surface, seed=3):
    low, high = np.array(surface.view).T
    return np.random.default_rng(seed).uniform(low, high)


def descended(surface, start, rule, steps):
    """The path and the values of a run of each pair: of a batch, or of each pair by itself."""
    if surface.name not in ALONE:
        batch = np.reshape(start, (-1, *[1] * np.ndim(rule.learning_rate)))
        run = descend(surface, batch, rule, steps)
        return run.path, run.values
    runs = [
        descend(surface, start, Momentum(*pair), steps)
        for pair in np.transpose([rule.learning_rate.ravel(), rule.beta.ravel()]).tolist()
    ]
    shape = rule.learning_rate.shape
    values, path = [run.values for run in runs], np.moveaxis([run.path for run in runs], 0, -1)
    return path.reshape(*path.shape[:2], *shape), np.transpose(values).reshape(-1, *shape)


def found(path, value, start, steps, tolerance, lowest):
    """What a sweep should find for one pair: f at the end, and when it was there."""
    gap = value[0] - lowest
    for k, w in enumerate(path):
        if k and (k % 16 == 0 or k == steps) and not inside(w, start):
            return math.inf, math.inf
        if tolerance is not None and value[k] <= lowest + tolerance * gap:
            return value[k], k
    return value[-1], math.inf


def inside(w, start):
    return max(map(abs, w)) <= 1e6 * max(1.0, *map(abs, start)) and not np.isnan(w).any()


def assert_as_walked(grid, surface, start, etas, betas, steps, tolerance):
    assert grid.final_values.shape == (len(etas), len(betas))
    rule, lowest = (
        Momentum(*np.meshgrid(etas, betas, indexing="ij")),
        surface.value(surface.minima[0]),
    )
    paths, values = descended(surface, start, rule, steps)
    for i, j in np.ndindex(len(etas), len(betas)):
        one = paths[..., i, j], values[..., i, j]
        final, hit = found(*one, start, steps, tolerance, lowest)
        assert np.array_equal(grid.final_values[i, j], final, equal_nan=True)
        assert np.signbit(grid.final_values[i, j]) == np.signbit(final) or np.isnan(final)
        assert tolerance is None or grid.steps_to_tolerance[i, j] == hit


def assert_same_bits(one, other):
    assert one.final_values.tobytes() == other.final_values.tobytes()
    assert (one.steps_to_tolerance is None) == (other.steps_to_tolerance is None)
    if one.steps_to_tolerance is not None:
        assert one.steps_to_tolerance.tobytes() == other.steps_to_tolerance.tobytes()


@over_surfaces
@pytest.mark.parametrize("tolerance", [None, 0.01])
def test_a_sweep_equals_a_batched_descend_cell_by_cell(surface, tolerance):
    start = start_on(surface)
    grid = sweep(surface, start, ETAS, BETAS, 120, tolerance=tolerance)
    assert_as_walked(grid, surface, start, ETAS, BETAS, 120, tolerance)


@pytest.mark.parametrize("surface", [s for s in LIBRARY if s.name != "least squares"], ids=str)
@pytest.mark.parametrize("side", [1, -1])
def test_on_the_library_a_sweep_equals_descend_of_single_runs(surface, side):
    start = side * start_on(surface)
    final = sweep(surface, start, ETAS, BETAS, 14).final_values
    for i, j in np.ndindex(final.shape):
        run = descend(surface, start, Momentum(ETAS[i], BETAS[j]), 14)
        end = np.inf if run.diverged else run.values[-1]
        assert np.array_equal(final[i, j], end, equal_nan=True)
        assert np.signbit(final[i, j]) == np.signbit(end)


def test_sums_of_truth_values_are_worked_out_by_hand():
    # 1.0 (x > -1) + 1.0 (x > 0) is 2 from 0 on, and 1 from -1 to 0.
    stairs = user("stairs", 1, lambda x: x, lambda x: (1.0 * (x > -1) + 1.0 * (x > 0),))
    counted = user("counted", 1, lambda x: x, lambda x: ((x > -1) + (x > 0),))
    for surface in (stairs, counted):
        ends = [sweep(surface, [1.0], [0.375], [0.0], k).final_values[0, 0] for k in range(5)]
        assert ends == [1.0, 0.25, -0.5, -0.875, -1.25]


def test_a_run_that_is_far_out_at_a_look_ends_there_even_if_it_would_have_come_back():
    there_and_back = user("back", 1, lambda x: x, lambda x: (np.where(x > 1e6, x, -x),))
    for steps_out, end in ((33, 0.0), (32, math.inf)):  # far after one more than 32, or at 32
        start = [2.0 ** (20 - steps_out)]
        assert descend(there_and_back, start, Momentum(1.0, 0.0), 40).values[-1] == 0.0
        assert sweep(there_and_back, start, [1.0], [0.0], 40).final_values == end


@over_surfaces
def test_functions_are_called_on_arrays_if_these_are_to_them_what_their_points_are(surface):
    assert block_of(surface, start_on(surface)).takes_arrays() != (surface.name in ALONE)


@pytest.mark.parametrize("steps", [0, 1, PERIOD - 1, PERIOD, PERIOD + 1, 3 * PERIOD, 50])
@pytest.mark.parametrize("tolerance", [None, 0.05])
@pytest.mark.parametrize("surface", [BOWL, USERS[-2]], ids=["arrays", "one by one"])
def test_any_number_of_steps_will_do(surface, steps, tolerance):
    start = [1.0, -1.0][: surface.dim]
    etas = [*ETAS, 0.21, 0.35, 1.5]
    grid = sweep(surface, start, etas, BETAS, steps, tolerance=tolerance)
    assert_as_walked(grid, surface, start, etas, BETAS, steps, tolerance)


@pytest.mark.parametrize("most", [1, 2, 5, 11, 12, 13, 100])
@pytest.mark.parametrize("tolerance", [None, 1e-3])
def test_the_block_does_not_change_a_bit(monkeypatch, most, tolerance):
    etas, betas = np.linspace(0.01, 0.5, 4), np.linspace(0, 0.95, 3)
    whole = sweep(surfaces.himmelblau(), [0.5, -1.0], etas, betas, 100, tolerance=tolerance)
    monkeypatch.setattr(blocks, "SIZE", most)
    cut = sweep(surfaces.himmelblau(), [0.5, -1.0], etas, betas, 100, tolerance=tolerance)
    assert_same_bits(cut, whole)


@pytest.mark.parametrize("tolerance", [None, 1e-3])
def test_neighbours_do_not_change_a_bit(tolerance):
    etas, betas = np.linspace(0.001, 0.05, 40), np.linspace(0, 0.99, 300)
    valley = surfaces.rosenbrock()
    grid = sweep(valley, [-1.2, 1.0], etas, betas, 90, tolerance=tolerance)
    assert np.isinf(grid.final_values).any() and np.isfinite(grid.final_values).any()
    for i, j in [(0, 0), (0, 299), (20, 150), (39, 0), (39, 299), (3, 250)]:
        alone = sweep(valley, [-1.2, 1.0], etas[[i]], betas[[j]], 90, tolerance=tolerance)
        assert alone.final_values[0, 0] == grid.final_values[i, j]
        assert tolerance is None or alone.steps_to_tolerance[0, 0] == grid.steps_to_tolerance[i, j]


def test_a_sweep_of_no_pairs_is_empty():
    grid = sweep(BOWL, [1.0, 1.0], [], BETAS, 10, tolerance=0.1)
    assert grid.final_values.shape == grid.steps_to_tolerance.shape == (0, 3)


def test_a_sweep_without_tolerance_counts_no_steps():
    grid = sweep(BOWL, [1.0, 1.0], ETAS, BETAS, 10)
    assert grid.steps_to_tolerance is None


def test_the_tolerance_is_a_share_of_the_drop_to_the_best_minimum():
    well = surfaces.double_well(0.3)
    stuck = sweep(well, [1.5], [0.01], [0.0], 2000, tolerance=0.1)
    better, worse = (float(well.value(w)) for w in well.minima)
    assert stuck.final_values[0, 0] == pytest.approx(worse, abs=1e-9)
    assert stuck.steps_to_tolerance[0, 0] == np.inf
    share = (worse - better) / (well.value([1.5]) - better)
    reached = sweep(well, [1.5], [0.01], [0.0], 2000, tolerance=1.001 * float(share))
    assert reached.steps_to_tolerance[0, 0] < 2000


@pytest.mark.parametrize("tolerance, steps", [(0.25, 1), (0.24, 2), (1.0, 0), (2.0, 0)])
def test_halving_the_distance_quarters_the_value(tolerance, steps):
    halving = sweep(surfaces.quadratic([1.0]), [1.0], [0.5], [0.0], 6, tolerance=tolerance)
    assert halving.steps_to_tolerance.tolist() == [[steps]]
    assert halving.final_values.tolist() == [[0.5 * 0.25**steps]]


def test_a_run_from_the_minimum_is_there_at_step_0():
    grid = sweep(BOWL, [0.0, 0.0], ETAS, BETAS, 5, tolerance=1e-9)
    assert (grid.steps_to_tolerance == 0).all() and (grid.final_values == 0).all()


def test_a_sweep_counts_the_first_step_within_the_tolerance_and_stops_there():
    values = descend(surfaces.quadratic([1.0]), [1.0], Momentum(0.2, 0.9), 80).values
    within = values <= 0.01 * values[0]
    first, last_outside = int(within.argmax()), int(np.flatnonzero(~within)[-1])
    assert first < last_outside  # it leaves again
    grid = sweep(surfaces.quadratic([1.0]), [1.0], [0.2], [0.9], 80, tolerance=0.01)
    assert grid.steps_to_tolerance[0, 0] == first
    assert grid.final_values[0, 0] == values[first]


def test_first_hits_come_no_later_than_settling():
    etas, betas = np.linspace(0.01, 0.19, 8), np.linspace(0, 0.95, 8)
    bowl = surfaces.quadratic([1.0])
    first = sweep(bowl, [1.0], etas, betas, 400, tolerance=1e-4).steps_to_tolerance
    rule = Momentum(*np.meshgrid(etas, betas, indexing="ij"))
    settled = descend(bowl, np.ones((1, 1, 1)), rule, 400).settling_time(0.01)
    assert (first <= settled).all() and (first < settled).any() and (first == settled).any()


def test_a_start_at_the_edge_of_float64_gives_no_warning():
    found = sweep(surfaces.rosenbrock(1.0), [0.0, 6e307], 1.0, 0.0, 0)
    assert found.final_values.shape == (1, 1)


def test_divergent_runs_end_at_infinity_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        grid = sweep(surfaces.himmelblau(), [4.0, 4.0], [0.01, 5.0], [0.0, 0.9], 500, tolerance=0.1)
    assert np.isinf(grid.steps_to_tolerance[1]).all()
    assert np.isposinf(grid.final_values[1]).all() and np.isfinite(grid.final_values[0]).all()


@pytest.mark.parametrize("surface", [surfaces.quadratic([-1.0]), surfaces.quadratic([1.0, -3.0])])
def test_a_run_down_a_slope_without_a_bottom_diverges_to_plus_infinity(surface):
    far = sweep(surface, [1.0] * surface.dim, [0.5], [0.9], 300)
    assert far.final_values.tolist() == [[np.inf]]


@pytest.mark.parametrize("start", [1e-3, 1.0, 50.0])
def test_far_is_what_a_trajectory_calls_diverged(start):
    hill = surfaces.quadratic([-1.0])  # with a learning rate of 1 every step doubles w
    far = int(np.floor(np.log2(1e6 * max(1.0, start) / start)))
    for steps in (far - 1, far, far + 1):
        run = descend(hill, [start], Momentum(1.0, 0.0), steps)
        final = sweep(hill, [start], [1.0], [0.0], steps).final_values[0, 0]
        assert final == (np.inf if run.diverged else run.values[-1])


def counted(sizes):
    """A bowl that writes down how many points it is asked for."""

    def partials(x, y):
        sizes.append(np.size(x))
        return x, 10 * y

    return replace(BOWL, partials=partials)


def test_diverged_and_finished_runs_are_dropped(monkeypatch):
    monkeypatch.setattr(blocks._Block, "takes_arrays", lambda block: True)
    sizes, etas = [], [0.1, 0.15, 5.0, 1e-9]  # soon there, soon there, soon far, always under way
    sweep(counted(sizes), [1.0, 1.0], etas, [0.0], 30 * PERIOD, tolerance=1e-2)
    assert sizes[:PERIOD] == [4] * PERIOD and sizes[5 * PERIOD :] == [1] * (25 * PERIOD)
    sizes.clear()
    sweep(counted(sizes), [1.0, 1.0], etas[:3], [0.0], 10**9, tolerance=1e-2)
    assert len(sizes) < 20 * PERIOD


def test_code_that_draws_is_called_point_by_point():
    rng = np.random.default_rng(0)
    surface = Surface("rough", 1, lambda x: x * x, lambda x: (2 * x + rng.normal(),))
    assert not block_of(surface, [1.0]).takes_arrays()


@pytest.mark.parametrize("tolerance", [None, 1e-300])
def test_the_memory_of_a_sweep_does_not_grow_with_its_steps(tolerance):
    etas, betas, peaks = np.linspace(0.001, 0.002, 40), np.linspace(0, 0.9, 40), []
    for steps in (100, 100, 1000):
        tracemalloc.start()
        sweep(BOWL, [1.0, 1.0], etas, betas, steps, tolerance=tolerance, progress=False)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 1.2 * peaks[1]


def test_zeros_of_either_sign_are_not_confused():
    minus = user("signs", 1, lambda x: 0.0 * x + (-0.0), lambda x: (x + 0.0 - (-0.0),))
    grid = sweep(minus, [-1.0], [0.1], [0.5], 20)
    assert_as_walked(grid, minus, [-1.0], [0.1], [0.5], 20, None)


def moved(x):
    x += 1.0
    return x * x


@pytest.mark.parametrize(
    "code",
    [
        float,
        moved,
        math.exp,
        lambda x: x if x > 0 else -x,
        lambda x: {True: 1.0, False: 2.0}[bool(x > 0)],
        lambda x: math.copysign(1.0, x),
        lambda x: np.sum(x),
        lambda x: np.cumsum(x),
        lambda x: x - np.mean(x),
        lambda x: 1.0 if np.ndim(x) else 2.0,
    ],
)
@pytest.mark.filterwarnings("ignore:Bitwise inversion:DeprecationWarning")
def test_what_takes_no_arrays_or_makes_something_else_of_them_is_called_point_by_point(code):
    assert not block_of(Surface("odd", 1, abs, lambda x: (code(x),)), [1.0]).takes_arrays()


@pytest.mark.parametrize("start, got", [(1e200, "inf"), (-1e200, "inf"), (-3.0, "nan")])
def test_a_start_without_a_value_has_no_tolerance(start, got):
    surface = user("root", 1, lambda x: np.where(x == -3, np.nan, x * x), lambda x: (2 * x,))
    with pytest.raises(ValueError, match=f"^start must have a finite value on root.*got.* {got}$"):
        sweep(surface, [start], [0.1], [0.0], 5, tolerance=0.01)
    sweep(surface, [start], [0.1], [0.0], 5)


@pytest.mark.parametrize(
    "resume, tolerance, message",
    [
        (Sweep(None, None), None, "be .* rectangular array.*, got None"),
        (Sweep([["a"]], None), None, "be .* rectangular array.*, got .*a"),
        (Sweep([[1.0, 2.0], [3.0]], None), None, "be .* rectangular array.*, got "),
        (Sweep([[1.0]], None), 0.1, "be of a sweep with tolerance 0.1, got Sweep.*=None"),
        (Sweep([[1.0]], [[1.0, 2.0]]), 0.1, r"have shape \(1, 1\), got .*\(1, 2\)"),
        (Sweep([[1.0]], np.ones((30, 40))), None, "be of a sweep with tolerance None, got Sweep"),
    ],
)
def test_a_resume_that_does_not_fit_is_refused_in_few_words(resume, tolerance, message):
    with pytest.raises(ValueError, match=f"^resume must {message}") as caught:
        sweep(BOWL, [1.0, 1.0], [0.1], [0.5], 5, tolerance=tolerance, resume=resume)
    assert len(str(caught.value)) < 170


def test_a_resume_computes_what_is_missing_in_either_array():
    whole = sweep(BOWL, [1.0, 1.0], [0.1], [0.5], 50, tolerance=0.1)
    for part in (Sweep([[np.nan]], [[7.0]]), Sweep([[7.0]], [[np.nan]])):
        assert_same_bits(
            sweep(BOWL, [1.0, 1.0], [0.1], [0.5], 50, tolerance=0.1, resume=part), whole
        )


def a_slow_surface():
    return Surface("slow", 1, lambda x: x * x, lambda x: (time.sleep(0.002) or (1.0 if x else x),))


def test_a_slow_sweep_shows_a_bar_that_moves(capfd, monkeypatch):
    monkeypatch.setattr("momentum.sweeps.jobs.PATIENCE", 0.2)
    sweep(a_slow_surface(), [1.0], [0.1] * 4, [0.0], 8 * PERIOD)
    shown = capfd.readouterr()
    shares = {int(part.split("%")[0]) for part in shown.err.split("sweep: ")[1:]}
    assert len(shares) >= 3 and shown.out == ""


def test_a_bar_moves_within_a_block(capfd, monkeypatch):
    monkeypatch.setattr("momentum.sweeps.jobs.PATIENCE", 0.2)
    sweep(BOWL, [1.0, 1.0], [1e-4], [0.0, 0.1], 200_000)
    shares = {int(part.split("%")[0]) for part in capfd.readouterr().err.split("sweep: ")[1:]}
    assert len(shares) >= 3


def test_sweeps_load_neither_numba_nor_the_bar_before_they_are_needed():
    code = "import sys; from momentum import *; sweep; assert 'tqdm' not in sys.modules"
    small = "sweep(surfaces.saddle(), [1, 1], [0.1], [0.5], 9); assert 'numba' not in sys.modules"
    subprocess.run([sys.executable, "-W", "error", "-c", f"{code}; {small}"], check=True)


def test_a_fast_sweep_and_one_without_progress_print_nothing(capfd, monkeypatch):
    sweep(BOWL, [1.0, 1.0], ETAS, BETAS, 100)
    monkeypatch.setattr("momentum.sweeps.jobs.PATIENCE", 0.0)
    sweep(a_slow_surface(), [1.0], [0.1] * 5, [0.0], 3, progress=False)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("tolerance", [None, 0.01])
@pytest.mark.parametrize("surface", [BOWL, surfaces.himmelblau()], ids=lambda s: s.name)
def test_the_ticks_of_a_block_add_up_to_all_steps_of_all_runs(surface, tolerance):
    ticks, start = [], np.array([0.5, 0.5])
    limit = None if tolerance is None else tolerance * surface.value(start)
    pairs = np.array([np.linspace(1e-3, 1.0, 50), np.full(50, 0.5)])
    block_of(surface, start, 333, limit).run(pairs, ticks.append)
    assert sum(ticks) == 333 * 50 and min(ticks) > 0


# --- Any optimizer


@dataclass(frozen=True)
class Own:
    """An optimizer of a user: a state of two numbers that change places, and a parameter alone."""

    rate: object
    beta: object

    def init(self, w):
        return 0.0 * w, 1.0

    def step(self, w, g, state):
        v, scale = state
        v = self.beta * v + g / scale
        return w - self.rate * v, (scale * 0.5 + 0.5 * v, 1.0 + abs(v))


OPTIMIZERS = {
    "momentum": Momentum,
    "averaged": lambda rates, betas: Momentum(rates, betas, dampening=betas),
    "nesterov": Nesterov,
    "gradient descent": lambda rates, betas: GradientDescent(rates),
    "growing": lambda rates, betas: AcceleratedGradient(rates),
    "chebyshev": lambda rates, betas: Chebyshev(1 / (1 + rates), 1 / rates + betas),
    "adagrad": lambda rates, betas: AdaGrad(rates),
    "rmsprop": lambda rates, betas: RMSProp(rates, decay=betas),
    "adam": lambda rates, betas: Adam(rates, beta1=betas),
    "adam, slow": partial(Adam, beta2=0.5),
    "own": Own,
}
over_optimizers = pytest.mark.parametrize("name", OPTIMIZERS)


@over_optimizers
@pytest.mark.parametrize("surface", LIBRARY, ids=lambda s: s.name)
def test_every_optimizer_has_the_bits_of_a_batched_descend_though_runs_leave(name, surface):
    start, etas = start_on(surface), np.array([0.005, 0.05, 0.2, 0.6, 3.0])
    grid = np.meshgrid(etas, BETAS, indexing="ij")
    swept = sweep(surface, start, etas, BETAS, 200, tolerance=0.05, optimizer=OPTIMIZERS[name])
    batch = start.reshape(-1, 1, 1) + 0 * grid[0]
    run = descend(surface, batch, OPTIMIZERS[name](*grid), 200)
    lowest = surface.value(surface.minima[0])
    for i, j in np.ndindex(grid[0].shape):
        one = found(run.path[..., i, j], run.values[:, i, j], start, 200, 0.05, lowest)
        assert (swept.final_values[i, j], swept.steps_to_tolerance[i, j]) == one


def test_adam_crosses_what_momentum_crosses_at_other_pairs():
    pairs = np.linspace(0.01, 0.5, 6), np.linspace(0.0, 0.9, 5)
    job = surfaces.plateau(), [-2.0], *pairs, 300
    adam = sweep(*job, tolerance=0.1, optimizer=OPTIMIZERS["adam"]).steps_to_tolerance
    momentum = sweep(*job, tolerance=0.1).steps_to_tolerance
    assert np.isfinite(adam).any() and not np.array_equal(adam, momentum)


@pytest.mark.parametrize("optimizer", [Momentum(0.1, 0.9), None, lambda rates, betas: 7])
def test_what_gives_no_optimizer_is_refused(optimizer):
    with pytest.raises(ValueError, match=r"^optimizer must be an? "):
        sweep(BOWL, [1.0, 1.0], [0.1], [0.5], 5, optimizer=optimizer)


# --- Least squares: products whose columns do not know of each other


@pytest.mark.parametrize("shape", [(9, 2), (20, 3), (3, 5), (30, 1), (1, 1), (60, 20)])
def test_least_squares_gives_a_point_the_same_bits_in_any_batch(shape):
    rng = np.random.default_rng(1)
    surface = surfaces.least_squares(rng.normal(size=shape), rng.normal(size=shape[0]))
    w = rng.normal(size=(shape[1], 500))
    values, gradients = surface.value(w), surface.gradient(w)
    for size in (1, 2, 3, 5, 8, 13, 64, 250):
        some = rng.choice(500, size, replace=False)
        assert np.array_equal(surface.value(w[:, some]), values[some])
        assert np.array_equal(surface.gradient(w[:, some]), gradients[:, some])
    block = w.reshape(shape[1], 20, 25)
    assert np.array_equal(surface.gradient(block), gradients.reshape(block.shape))


@pytest.mark.parametrize("tolerance", [None, 1e-2])
def test_the_block_does_not_change_a_bit_of_least_squares(monkeypatch, tolerance):
    job = surfaces.least_squares(*DATA), [1.0, 2.0, -1.0], ETAS, np.linspace(0, 0.95, 9), 80
    whole = sweep(*job, tolerance=tolerance)
    for size in (1, 2, 5, 7):
        monkeypatch.setattr(blocks, "SIZE", size)
        assert_same_bits(sweep(*job, tolerance=tolerance), whole)


# --- Compiled


@pytest.fixture
def compiled(monkeypatch):
    """Return what sweeps compiled and not, and asserts that the bits are the same."""
    pytest.importorskip("numba", exc_type=ImportError)

    def both(*job, optimizer=Momentum, **options):
        plain = sweep(*job, optimizer=optimizer, **options)
        with monkeypatch.context() as patch:
            patch.setattr(blocks, "LARGE", 0)
            pairs = np.reshape(np.meshgrid(*job[2:4], indexing="ij"), (2, -1))
            enough = None if options.get("tolerance") is None else 0.5
            block = replace(block_of(*job[:2], job[4], enough), optimizer=optimizer)
            why = replace(block, arrays=block.takes_arrays()).why_slow(pairs)
            assert_same_bits(sweep(*job, optimizer=optimizer, **options), plain)
        return why

    return both


COMPILED = [
    s for s in LIBRARY if s.name not in ("chain", "huber", "bent", "log cosh", "least squares")
]
GRID = np.array([0.001, 0.01, 0.02, 0.1, 0.25, 0.6, 3.0]), np.linspace(0.0, 0.95, 30)


@pytest.mark.parametrize("surface", COMPILED, ids=lambda s: f"{s.name} {s.dim}")
def test_compiled_steps_have_the_same_bits_on_every_surface(compiled, surface):
    assert compiled(surface, start_on(surface), *GRID, 101, tolerance=0.01) is None


def test_compiled_steps_have_the_same_bits_without_a_tolerance(compiled):
    for surface in (surfaces.plateau(dim=2), surfaces.himmelblau()):
        assert compiled(surface, start_on(surface), *GRID, 101) is None


@over_optimizers
def test_compiled_steps_have_the_same_bits_with_every_optimizer(compiled, name):
    for surface in (surfaces.himmelblau(), surfaces.plateau()):
        job = surface, start_on(surface), *GRID, 101
        why = compiled(*job, tolerance=0.01, optimizer=OPTIMIZERS[name])
        assert why == (CANNOT if name == "chebyshev" else None)


def tilted(x):
    return 0.0 if abs(x) < 0.25 else x - 0.25 if x > 0 else x + 0.25


def test_a_branch_on_the_data_is_compiled_too(compiled):
    surface = user("dead zone", 1, lambda x: x * x, lambda x: (0.0 if abs(x) < 0.25 else x / 3,))
    assert compiled(surface, [2.0], *GRID, 101, tolerance=0.01) is None


STEEP = 3.0
OTHER, CANNOT = "numba gives it other bits", "numba cannot compile it"


@pytest.mark.parametrize(
    "why, partials",
    [
        (None, lambda x: (STEEP * x / np.sqrt(1 + x * x),)),
        (None, lambda x: (x / (x * x),)),  # 0/0 is NaN, and no error
        (None, lambda x: (1.5 * ((x > -1) & (x < 1)),)),
        (None, lambda x: (np.maximum(x, 0.0) - np.minimum(0.5, x),)),
        (CANNOT, lambda x: (tilted(x),)),
        (CANNOT, lambda x: ({1: x}["x"] if x != x else x,)),
    ],
)
def test_what_numba_compiles_has_the_same_bits(compiled, why, partials):
    told = compiled(user("one", 1, lambda x: x * x, partials), [2.0], *GRID, 60, tolerance=0.1)
    assert told == why


def test_what_rounds_otherwise_when_compiled_is_not_compiled(monkeypatch):
    block, pairs = block_of(BOWL, [1.0, 1.0], 40), np.array([[0.1, 0.2], [0.5, 0.9]])
    monkeypatch.setattr(blocks, "LARGE", 0)
    exact = block.plain(pairs)
    shifted = exact[0] + 1e-16, exact[1], np.nextafter(np.array(exact[2]), 9)
    monkeypatch.setattr(blocks._Block, "compiled", lambda block, pairs: shifted)
    assert block.why_slow(pairs) == OTHER
    monkeypatch.setattr(blocks._Block, "compiled", lambda block, pairs: exact)
    assert block.why_slow(pairs) is None


def test_numbers_of_either_sign_and_type_are_not_confused(compiled):
    for zero in (0.0, -0.0, 0):
        surface = user("signed", 1, lambda x, zero=zero: x * zero, lambda x: (x,))
        assert compiled(surface, [1.0], *GRID, 40) is None


def test_many_coordinates_are_not_compiled(compiled):
    told = compiled(surfaces.quadratic(np.ones(17)), np.ones(17), [0.1], [0.5], 9)
    assert "16 coordinates" in told


def test_without_numba_a_sweep_has_the_same_bits_and_says_once_why_it_was_slow(monkeypatch, caplog):
    job = BOWL, [1.0, 1.0], ETAS, BETAS, 100
    whole = sweep(*job)
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.setattr(blocks, "LARGE", 0)
    machine._compiled.cache_clear()
    monkeypatch.setattr(jobs, "_SAID", {None})
    for patience in (9.0, 0.0, 0.0):
        monkeypatch.setattr(jobs, "PATIENCE", patience)
        assert_same_bits(sweep(*job, progress=patience == 0.0), whole)
    said = [record.getMessage() for record in caplog.records]
    missing = "numba is missing (pip install momentum-book[fast])"
    assert said == [f"This sweep was not compiled: {missing}."]


def test_a_worker_without_numba_computes_the_same(monkeypatch):
    block, pairs = block_of(BOWL, np.ones(2), 50), np.array([[0.1, 0.2], [0.5, 0.9]])
    monkeypatch.setitem(sys.modules, "numba", None)
    machine._compiled.cache_clear()
    assert np.array_equal(replace(block, fast=True).run(pairs), block.run(pairs))


PICKLED = [
    *LIBRARY,
    surfaces.noisy(BOWL, 0.5, np.random.default_rng(1)),
    surfaces.noisy(
        surfaces.noisy(BOWL, 0.5, np.random.default_rng(1)), 1, np.random.default_rng(2)
    ),
    surfaces.least_squares(*DATA, batch_size=2, rng=np.random.default_rng(3)),
    surfaces.quadratic(curvatures=(3.0, 4.0)),
]


@pytest.mark.parametrize("surface", PICKLED, ids=lambda s: s.name)
def test_a_surface_comes_back_from_a_pickle_bit_for_bit(surface):
    copy = pickle.loads(pickle.dumps(surface))
    w = np.random.default_rng(0).normal(size=(surface.dim, 7))
    assert np.array_equal(copy.value(w), surface.value(w))
    assert np.array_equal(copy.gradient(w), surface.gradient(w))
    assert (copy.name, copy.view, copy.random) == (surface.name, surface.view, surface.random)
    assert np.array_equal(copy.minima, surface.minima)


def bowl_value(x):
    return x * x


def bowl_partials(x):
    return (2 * x,)


def test_a_users_surface_of_module_functions_pickles_and_one_of_lambdas_does_not():
    copy = pickle.loads(pickle.dumps(Surface("own", 1, bowl_value, bowl_partials)))
    assert copy.f is bowl_value and copy.gradient([3.0]).tolist() == [6.0]
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(Surface("own", 1, lambda x: x * x, bowl_partials))


def test_a_changed_surface_does_not_come_back_as_what_it_was():
    changed = replace(surfaces.quadratic([1.0]), f=bowl_value, partials=bowl_partials)
    assert pickle.loads(pickle.dumps(changed)).gradient([3.0]).tolist() == [6.0]


def test_a_surface_comes_back_as_it_was_made_though_its_data_changed():
    curvatures, features = [1.0, 2.0], np.ones((2, 1))
    made = [surfaces.quadratic(curvatures), surfaces.least_squares(features, [1.0, 2.0])]
    curvatures[:], features[:] = [7.0, 7.0], 7.0
    for surface in made:
        w = np.ones(surface.dim)
        copy = pickle.loads(pickle.dumps(surface))
        assert np.array_equal(copy.gradient(w), surface.gradient(w))

"""Facts about sweeps: the bits of `descend`, first hits, divergence, the bar, the memory."""

import math
import pickle
import subprocess
import sys
import time
import tracemalloc
import warnings
from dataclasses import replace

import numpy as np
import pytest

from momentum import Momentum, Sweep, descend, surfaces, sweep
from momentum.surfaces import Surface
from momentum.sweeps import runs
from momentum.sweeps.recorder import Tape
from momentum.sweeps.replay import Program, Replay

PERIOD = runs.PERIOD
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
    user("inverse", 1, lambda x: x * x, lambda x: (np.where(~(x > 0), 3.0 * x, x),)),
    user("single", 1, lambda x: x * x, lambda x: (np.float32(0.3) * x,)),
    user("branch", 1, abs, lambda x: (1.0 if x > 0 else math.sin(x),)),
    user("array", 2, lambda x, y: x * x + y * y, lambda x, y: np.array([2 * x, 2 * y])),
]
BY_HAND = {"least squares", "branch", "array", "count", "inverse", "single"}
RECORDED = {s.name for s in LIBRARY + USERS} - BY_HAND
# What Python's ~ makes of a float's truth value is -1 or -2, never false: from 3.12 on it warns so.
WARNS = {"inverse": pytest.mark.filterwarnings("ignore:Bitwise inversion:DeprecationWarning")}
over_surfaces = pytest.mark.parametrize(
    "surface",
    [pytest.param(s, id=s.name, marks=WARNS.get(s.name, ())) for s in LIBRARY + USERS],
)


def start_on(surface, seed=3):
    low, high = np.array(surface.view).T
    return np.random.default_rng(seed).uniform(low, high)


def walked(surface, start, eta, beta, steps, tolerance=None):
    """What a sweep should find for one pair, step by step: f at the end, and when it was there.

    f is taken of all points at once, as `descend` takes it: a product of matrices may have other
    last bits for another number of columns.
    """
    path = path_of(surface, start, Momentum(eta, beta), steps)
    values, lowest = surface.value(np.array(path).T), surface.value(surface.minima[0])
    gap = surface.value(start) - lowest
    for k, (w, value) in enumerate(zip(path, values)):
        if k and (k % 16 == 0 or k == steps) and not inside(w, start):
            return math.inf, math.inf
        if tolerance is not None and value - lowest <= tolerance * gap:
            return value, k
    return value, math.inf


def path_of(surface, start, rule, steps):
    w, v = tuple(map(float, start)), (0.0,) * surface.dim
    path = [w]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            w, v = zip(*map(rule.step, w, partials_at(surface, w), v))
            path.append(w)
    return path


def inside(w, start):
    return max(map(abs, w)) <= 1e6 * max(1.0, *map(abs, start)) and not np.isnan(w).any()


def partials_at(surface, w):
    try:
        return surface.partials(*w)
    except ArithmeticError:  # what a Python float raises instead of infinity
        return surface.partials(*map(np.float64, w))


def assert_as_walked(grid, surface, start, etas, betas, steps, tolerance):
    assert grid.final_values.shape == (len(etas), len(betas))
    for i, j in np.ndindex(len(etas), len(betas)):
        final, hit = walked(surface, start, etas[i], betas[j], steps, tolerance)
        assert np.array_equal(grid.final_values[i, j], final, equal_nan=True)
        assert np.signbit(grid.final_values[i, j]) == np.signbit(final)
        assert tolerance is None or grid.steps_to_tolerance[i, j] == hit


def assert_same_bits(one, other):
    assert one.final_values.tobytes() == other.final_values.tobytes()
    assert (one.steps_to_tolerance is None) == (other.steps_to_tolerance is None)
    if one.steps_to_tolerance is not None:
        assert one.steps_to_tolerance.tobytes() == other.steps_to_tolerance.tobytes()


@over_surfaces
@pytest.mark.parametrize("tolerance", [None, 0.01])
def test_a_sweep_equals_a_walk_cell_by_cell(surface, tolerance):
    start = start_on(surface)
    grid = sweep(surface, start, ETAS, BETAS, 120, tolerance=tolerance)
    assert_as_walked(grid, surface, start, ETAS, BETAS, 120, tolerance)


@over_surfaces
@pytest.mark.parametrize("side", [1, -1])
def test_a_sweep_equals_descend_cell_by_cell(surface, side):
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


def test_a_power_of_np_where_has_the_bits_of_an_array_and_not_of_a_float():
    surface = user("rule", 1, lambda x: x * x, lambda x: (np.where(x > 0, x, 2 * x) ** 3,))
    for start in np.random.default_rng(0).uniform(0.1, 2, 60):
        run = descend(surface, [start], Momentum(0.1, 0.5), 10)
        assert sweep(surface, [start], [0.1], [0.5], 10).final_values == run.values[-1]


def test_a_run_that_is_far_out_at_a_look_ends_there_even_if_it_would_have_come_back():
    there_and_back = user("back", 1, lambda x: x, lambda x: (np.where(x > 1e6, x, -x),))
    for steps_out, end in ((33, 0.0), (32, math.inf)):  # far after one more than 32, or at 32
        start = [2.0 ** (20 - steps_out)]
        assert descend(there_and_back, start, Momentum(1.0, 0.0), 40).values[-1] == 0.0
        assert sweep(there_and_back, start, [1.0], [0.0], 40).final_values == end


@over_surfaces
def test_what_is_elementwise_is_recorded(surface):
    recorded = isinstance(runs.method(surface, True), runs.Replayed)
    assert recorded == (surface.name in RECORDED)


@pytest.mark.parametrize("steps", [0, 1, PERIOD - 1, PERIOD, PERIOD + 1, 3 * PERIOD, 50])
@pytest.mark.parametrize("tolerance", [None, 0.05])
@pytest.mark.parametrize("surface", [BOWL, USERS[-2]], ids=["recorded", "one by one"])
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
    monkeypatch.setattr(runs.Replayed, "most", most)
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


def test_diverged_and_finished_runs_are_dropped(monkeypatch):
    sizes = []
    run = Replay.run
    monkeypatch.setattr(
        Replay, "run", lambda self, *a: (sizes.append(self.inputs.shape[1]), run(self, *a))[1]
    )
    etas = [0.1, 0.15, 5.0, 1e-9]  # soon there, soon there, soon far, always under way
    sweep(BOWL, [1.0, 1.0], etas, [0.0], 30 * PERIOD, tolerance=1e-2)
    assert sizes[0] == 4 and sizes[5:] == [1] * (len(sizes) - 5)
    sizes.clear()
    sweep(BOWL, [1.0, 1.0], etas[:3], [0.0], 10**9, tolerance=1e-2)
    assert len(sizes) < 20


def counted(calls):
    return lambda x: calls.append(1) or 2 * x


def test_a_surface_that_is_recorded_is_not_called_at_every_step():
    calls = []
    surface = Surface("bowl", 1, lambda x: x * x, lambda x: (counted(calls)(x),))
    sweep(surface, [1.0], [0.1] * 50, BETAS, 500)
    assert 0 < len(calls) <= 4


def test_code_that_draws_is_not_taken_for_a_recording():
    rng = np.random.default_rng(0)
    surface = Surface("rough", 1, lambda x: x * x, lambda x: (2 * x + rng.normal(),))
    assert isinstance(runs.method(surface, False), runs.OneByOne)


def stepped(surface, n, **options):
    method = runs.method(surface, False)
    inputs = np.full((2 * surface.dim + 2, n), 0.01)
    return Replay(method.step, inputs)


@pytest.mark.parametrize("surface", [BOWL, surfaces.himmelblau(), surfaces.plateau(dim=2)])
def test_replaying_allocates_nothing(surface):
    replay, peaks = stepped(surface, 50_000), []
    for times in (10, 1000):
        tracemalloc.start()
        replay.run(times)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert max(peaks) < 8 * 50_000 / 100  # no array of the block's length, ever


@pytest.mark.parametrize("tolerance", [None, 1e-300])
def test_the_memory_of_a_sweep_does_not_grow_with_its_steps(tolerance):
    etas, betas, peaks = np.linspace(0.001, 0.002, 40), np.linspace(0, 0.9, 40), []
    for steps in (100, 100, 1000):
        tracemalloc.start()
        sweep(BOWL, [1.0, 1.0], etas, betas, steps, tolerance=tolerance, progress=False)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 1.02 * peaks[1]


def test_buffers_are_reused():
    himmelblau = runs.method(surfaces.himmelblau(), False).step
    assert len(himmelblau.calls) == 22 and len(himmelblau.dtypes) <= 6 + 4
    long = runs.method(surfaces.chain(40), True).step
    assert len(long.calls) > 400 and len(long.dtypes) <= 82 + 45


def test_a_product_with_1_is_left_out_and_nothing_is_computed_twice():
    tape = Tape(2)
    x, y = tape.nodes()
    _ = [1.0 * x, x * 1, (x + y) * (x + y), (x + y) * 2]
    assert [f.__name__ for f, _ in tape.operations] == ["add", "multiply", "multiply"]
    assert (1.0 * x).index == 0


def test_a_truth_value_times_1_is_a_number():
    (x,) = Tape(1).nodes()
    assert (1.0 * (x > 0)).dtype == float and (1 * (1.0 * (x > 0))).dtype == float


def test_compiling_takes_no_longer_than_recording_however_many_coordinates():
    begin = time.perf_counter()
    tape, stepped, value = runs._record(surfaces.chain(3000))
    recorded = time.perf_counter()
    Program(tape, stepped, value)
    assert time.perf_counter() - recorded < 2 * (recorded - begin)


def test_zeros_of_either_sign_are_not_confused():
    minus = user("signs", 1, lambda x: 0.0 * x + (-0.0), lambda x: (x + 0.0 - (-0.0),))
    grid = sweep(minus, [-1.0], [0.1], [0.5], 20)
    assert_as_walked(grid, minus, [-1.0], [0.1], [0.5], 20, None)


def test_results_that_need_each_others_places_are_moved_there():
    tape = Tape(3)
    x, y, z = tape.nodes()
    inputs = np.array([[1.0], [2.0], [4.0]])
    Replay(Program(tape, [y + z, z + x, x + y]), inputs).run(1)
    assert inputs.ravel().tolist() == [6.0, 5.0, 3.0]


@pytest.mark.parametrize(
    "code",
    [
        lambda x: float(x),
        lambda x: x if x > 0 else -x,
        lambda x: np.array([x, x]),
        lambda x: np.dot([x], [x]),
        lambda x: np.add(x, 1.0, where=np.True_),
        lambda x: np.multiply.reduce([x, x]),
        lambda x: np.modf(x),
        lambda x: x * np.ones(3),
        lambda x: x * 1j,
        lambda x: x * np.longdouble(1),
        lambda x: np.where(x, x, x),
        lambda x: np.where(x > 0, 1, 2),
        lambda x: np.sum(x),
        lambda x: x > 0,
        lambda x: (x > 0) * 2,
        lambda x: (x > 0) - (x > 1),
        lambda x: np.float32(0.5) * x,
        lambda x: np.where(x > 0, x, np.float16(1)),
        lambda x: np.where(x > 0, x, None),
        lambda x: np.clip(x, None, None),
        lambda x: np.clip(x, 0, "1"),
        lambda x: "steep",
        lambda x: len(x),
    ],
)
def test_what_is_not_elementwise_arithmetic_is_not_recorded(code):
    surface = Surface("odd", 1, lambda x: x, lambda x: (code(x) + 0,))
    odd = [Surface("odd", 1, code, lambda x: (x,)), surface]
    assert [type(runs.method(s, False)).__name__ for s in odd] == ["OneByOne"] * 2


@pytest.mark.parametrize(
    "code", [lambda x: (x > 0) + (x > 1), lambda x: abs(x > 0), lambda x: ~(x > 0)]
)
def test_arithmetic_on_truth_values_is_recorded_of_arrays_only(code):
    partials = Surface("odd", 1, abs, lambda x: (code(x) * 1.0,))
    assert isinstance(runs.method(partials, False), runs.OneByOne)
    value = Surface("odd", 1, lambda x: code(x) * 1.0, lambda x: (x,))
    assert isinstance(runs.method(value, False), runs.Replayed)


def moved(x):
    x += 1.0
    return x * x


def test_a_value_that_changes_its_argument_is_not_recorded():
    surface = Surface("moved", 1, moved, lambda x: (x,))
    assert isinstance(runs.method(surface, False), runs.OneByOne)


@pytest.mark.parametrize("start, got", [(1e200, "inf"), (-1e200, "inf"), (-3.0, "nan")])
def test_a_start_without_a_value_has_no_tolerance(start, got):
    surface = user("root", 1, lambda x: np.where(x == -3, np.nan, x * x), lambda x: (2 * x,))
    with pytest.raises(ValueError, match=f"^start must have a finite value on root.*got.* {got}$"):
        sweep(surface, [start], [0.1], [0.0], 5, tolerance=0.01)
    sweep(surface, [start], [0.1], [0.0], 5)


@pytest.mark.parametrize(
    "resume, tolerance, message",
    [
        (Sweep(None, None), None, "have final_values, got None"),
        (Sweep([["a"]], None), None, "hold numbers in final_values, got .*a"),
        (Sweep([[1.0, 2.0], [3.0]], None), None, "hold numbers in final_values, got "),
        (Sweep([[1.0]], None), 0.1, "have steps_to_tolerance, got None"),
        (Sweep([[1.0]], [[1.0, 2.0]]), 0.1, r"have shape \(1, 1\) in .*, got shape \(1, 2\)"),
        (Sweep([[1.0]], np.ones((30, 40))), None, r"lack steps_to_tolerance.* shape \(30, 40\)"),
    ],
)
def test_a_resume_that_does_not_fit_is_refused_in_few_words(resume, tolerance, message):
    with pytest.raises(ValueError, match=f"^resume must {message}") as caught:
        sweep(BOWL, [1.0, 1.0], [0.1], [0.5], 5, tolerance=tolerance, resume=resume)
    assert len(str(caught.value)) < 150


def test_a_resume_computes_what_is_missing_in_either_array():
    whole = sweep(BOWL, [1.0, 1.0], [0.1], [0.5], 50, tolerance=0.1)
    for part in (Sweep([[np.nan]], [[7.0]]), Sweep([[7.0]], [[np.nan]])):
        assert_same_bits(
            sweep(BOWL, [1.0, 1.0], [0.1], [0.5], 50, tolerance=0.1, resume=part), whole
        )


def a_slow_surface():
    return Surface("slow", 1, lambda x: x * x, lambda x: (time.sleep(0.01) or (1.0 if x else x),))


def test_a_slow_sweep_shows_a_bar_that_moves(capfd, monkeypatch):
    monkeypatch.setattr("momentum.sweeps.jobs._PATIENCE", 0.2)
    sweep(a_slow_surface(), [1.0], [0.1] * 20, [0.0], 3)
    shown = capfd.readouterr()
    shares = {int(part.split("%")[0]) for part in shown.err.split("sweep: ")[1:]}
    assert len(shares) >= 3 and shown.out == ""


def test_a_bar_moves_within_a_block(capfd, monkeypatch):
    monkeypatch.setattr("momentum.sweeps.jobs._PATIENCE", 0.2)
    sweep(BOWL, [1.0, 1.0], [1e-4], [0.0, 0.1], 200_000)
    shares = {int(part.split("%")[0]) for part in capfd.readouterr().err.split("sweep: ")[1:]}
    assert len(shares) >= 3


def test_a_fast_sweep_does_not_even_load_the_bar():
    code = "import sys; from momentum import *; sweep(surfaces.saddle(), [1, 1], [0.1], [0.5], 9)"
    check = f"{code}; assert 'tqdm' not in sys.modules"
    subprocess.run([sys.executable, "-W", "error", "-c", check], check=True)


def test_a_fast_sweep_and_one_without_progress_print_nothing(capfd, monkeypatch):
    sweep(BOWL, [1.0, 1.0], ETAS, BETAS, 100)
    monkeypatch.setattr("momentum.sweeps.jobs._PATIENCE", 0.0)
    sweep(a_slow_surface(), [1.0], [0.1] * 5, [0.0], 3, progress=False)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("tolerance", [None, 0.01])
@pytest.mark.parametrize("surface", [BOWL, surfaces.himmelblau()], ids=lambda s: s.name)
def test_the_ticks_of_a_block_add_up_to_all_steps_of_all_runs(surface, tolerance):
    ticks, start = [], np.array([0.5, 0.5])
    method = runs.method(surface, tolerance is not None)
    limit = None if tolerance is None else tolerance * surface.value(start)
    rates = np.linspace(1e-3, 1.0, 50)
    method.run(start, 333, limit, rates, np.full(50, 0.5), ticks.append)
    assert sum(ticks) == 333 * 50 and min(ticks) > 0


@over_surfaces
def test_a_recording_travels_whatever_the_surface_is_made_of(surface):
    method = runs.method(surface, True)
    if isinstance(method, runs.Replayed):
        start, pair = start_on(surface), (np.array([0.1]), np.array([0.5]))
        copy = pickle.loads(pickle.dumps(method))
        here, there = (m.run(start, 40, -1.0, *pair) for m in (method, copy))
        assert np.array_equal(here, there)


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

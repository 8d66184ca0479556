"""Facts about sweeps on executors: the same bits anywhere, and nothing lost when a job fails."""

import math
import os
import warnings
import weakref
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import partial
from multiprocessing import get_context

import numpy as np
import pytest

from momentum import Adam, Momentum, Sweep, SweepError, surfaces, sweep
from momentum.surfaces import Surface
from momentum.sweeps import jobs
from momentum.sweeps.blocks import _Block

ETAS, BETAS = np.linspace(0.001, 0.25, 64), np.linspace(0.0, 0.98, 48)
FEW = np.linspace(0.01, 0.4, 6), np.linspace(0.0, 0.9, 5)
over_tolerances = pytest.mark.parametrize("tolerance", [None, 1e-3])


def a_pool_of_threads():
    return ThreadPoolExecutor(2)


# In the workers too, a warning of the arithmetic is an error.
STRICT = warnings.simplefilter, ("error", RuntimeWarning)


def a_pool_of(how):
    return ProcessPoolExecutor(2, get_context(how), *STRICT)


class OnDask:
    """A local Dask cluster of two processes, entered like an executor."""

    def __enter__(self):
        from dask.distributed import Client, LocalCluster

        self.cluster = LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        )
        self.client = Client(self.cluster)
        self.client.run(STRICT[0], *STRICT[1])
        return self.client.get_executor()

    def __exit__(self, *error):
        self.client.close()
        self.cluster.close()


EXECUTORS = {
    "threads": a_pool_of_threads,
    "fork": partial(a_pool_of, "fork"),
    "spawn": partial(a_pool_of, "spawn"),
    "dask": OnDask,
}


@pytest.fixture(scope="module", params=EXECUTORS)
def executor(request):
    with EXECUTORS[request.param]() as executor:
        yield executor


def arrays():
    return surfaces.himmelblau(), [0.0, 0.0], ETAS / 10, BETAS


def products():
    rng = np.random.default_rng(0)
    line = surfaces.least_squares(rng.normal(size=(9, 2)), rng.normal(size=9))
    return line, [3.0, -2.0], ETAS, BETAS


def edge_partials(x):
    return (math.copysign(1.0, x) + x,)


def one_by_one():
    return Surface("edge", 1, abs, edge_partials, (np.zeros(1),)), [1.5], *FEW


def adam(rates, betas):
    return Adam(rates, beta1=betas)


def same(one, other):
    return all(
        a is b is None or a.tobytes() == b.tobytes()
        for a, b in (
            (one.final_values, other.final_values),
            (one.steps_to_tolerance, other.steps_to_tolerance),
        )
    )


@over_tolerances
@pytest.mark.parametrize("case", [arrays, products, one_by_one])
@pytest.mark.parametrize("optimizer", [Momentum, adam])
def test_every_executor_gives_the_bits_of_the_sweep_here(executor, case, tolerance, optimizer):
    options = {"tolerance": tolerance, "optimizer": optimizer}
    here = sweep(*case(), 150, **options)
    assert np.isfinite(here.final_values).any() and len(np.unique(here.final_values)) > 5
    assert same(sweep(*case(), 150, **options, executor=executor), here)


@pytest.mark.parametrize("executor", ["threads", "spawn"], indirect=True)
def test_workers_compile_a_surface_once_and_give_the_same_bits(executor, monkeypatch):
    pytest.importorskip("numba", exc_type=ImportError)
    here = sweep(*arrays(), 150, tolerance=1e-3)
    monkeypatch.setattr("momentum.sweeps.blocks.LARGE", 0)
    assert same(sweep(*arrays(), 150, tolerance=1e-3, executor=executor), here)


def test_divergence_in_a_worker_warns_of_nothing(executor):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        grid = sweep(*arrays()[:2], [0.5, 5.0], BETAS, 300, executor=executor)
    assert np.isposinf(grid.final_values).all()


def test_a_process_pool_refuses_lambdas_that_must_travel_before_any_job():
    class Untouched(ProcessPoolExecutor):
        def submit(self, *job):
            raise AssertionError("a job")

    edge = Surface("edge", 1, abs, lambda x: (1.0 if x > 0 else -1.0,))
    with (
        Untouched(1) as pool,
        pytest.raises(ValueError, match=r"^surface must .* module") as caught,
    ):
        sweep(edge, [1.0], *FEW, 5, executor=pool)
    with Untouched(1) as pool, pytest.raises(ValueError, match=r"^optimizer must .* module"):
        sweep(*products(), 5, executor=pool, optimizer=lambda rates, betas: Momentum(rates, betas))
    assert "edge" in str(caught.value) and caught.value.__cause__ is not None
    with ThreadPoolExecutor(1) as pool:
        assert same(sweep(edge, [1.0], *FEW, 5, executor=pool), sweep(edge, [1.0], *FEW, 5))


# A surface that fails as long as a file is there, but only where the path comes below -1.


def failing_value(x):
    return abs(x) + 1.0


def failing_partials(x, flag, end):
    if x < -1 and os.path.exists(flag):
        end()
    return (math.copysign(1.0, x) * 4,)


def end_the_process():
    os._exit(3)


def stumble():
    raise KeyError("no such path")


def failing(flag, end):
    flag.touch()
    partials = partial(failing_partials, flag=str(flag), end=end)
    return Surface("failing", 1, failing_value, partials, (np.zeros(1),), ((-2.0, 2.0),))


EDGE = np.linspace(0.1, 0.52, 8), np.linspace(0.0, 0.9, 4)  # 32 pairs: 32 blocks of one


@pytest.fixture
def flag(tmp_path):
    return tmp_path / "fail"


def failure(surface, executor, tolerance=None, **options):
    with pytest.raises(SweepError) as caught:
        sweep(surface, [1.0], *EDGE, 30, executor=executor, tolerance=tolerance, **options)
    return caught.value


@over_tolerances
def test_a_job_that_raises_loses_its_own_block_only(flag, tolerance):
    surface = failing(flag, stumble)
    with ThreadPoolExecutor(2) as pool:
        error = failure(surface, pool, tolerance)
    lost = np.isnan(error.finished.final_values)
    assert 0 < lost.sum() < 32 and isinstance(error, RuntimeError)
    assert str(error).startswith(f"{lost.sum()} of 32 blocks failed")
    assert "KeyError: 'no such path'" in str(error) and isinstance(error.__cause__, KeyError)
    flag.unlink()
    whole = sweep(surface, [1.0], *EDGE, 30, tolerance=tolerance)
    finished = error.finished
    assert np.array_equal(finished.final_values[~lost], whole.final_values[~lost])
    assert (finished.steps_to_tolerance is None) == (tolerance is None)
    if tolerance is not None:
        assert np.array_equal(np.isnan(finished.steps_to_tolerance), lost)


@over_tolerances
def test_a_worker_that_dies_loses_unfinished_blocks_and_a_resume_computes_them(flag, tolerance):
    surface = failing(flag, end_the_process)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        error = failure(surface, pool, tolerance)
    assert isinstance(error.__cause__, BrokenProcessPool) and "BrokenProcessPool" in str(error)
    done = ~np.isnan(error.finished.final_values)
    assert 0 < done.sum() < 32
    flag.unlink()
    whole = sweep(surface, [1.0], *EDGE, 30, tolerance=tolerance)
    assert np.array_equal(error.finished.final_values[done], whole.final_values[done])
    resumed = sweep(surface, [1.0], *EDGE, 30, tolerance=tolerance, resume=error.finished)
    assert same(resumed, whole)


class Counting(Executor):
    """An executor that computes at once and here, and counts."""

    def __init__(self):
        self.jobs = 0

    def submit(self, task, *args):
        self.jobs += 1
        future = Future()
        future.set_result(task(*args))
        return future


def test_a_resume_computes_the_missing_blocks_only_and_leaves_its_source_alone():
    whole = sweep(*arrays(), 60, tolerance=1e-3)
    missing = np.ones(whole.final_values.size, bool)
    count = len(jobs._cut(missing, block_of(*arrays()[:2]), Counting()))
    part = Sweep(whole.final_values.copy(), whole.steps_to_tolerance.copy())
    part.final_values[0, 0] = part.final_values[-1, -1] = np.nan
    executor = Counting()
    assert same(sweep(*arrays(), 60, tolerance=1e-3, executor=executor, resume=part), whole)
    assert executor.jobs == 2 < count
    assert np.isnan(part.final_values).sum() == 2
    assert same(sweep(*arrays(), 60, tolerance=1e-3, executor=executor, resume=whole), whole)
    assert executor.jobs == 2


def test_a_resume_believes_what_is_finished():
    known = Sweep(np.full((64, 48), 7.0), None)
    assert (sweep(*arrays(), 60, resume=known).final_values == 7.0).all()


def test_an_executor_that_takes_nothing_fails_all_of_many_jobs():
    class Broken(Executor):
        def submit(self, task, part):
            raise RuntimeError("broken")

    found = list(outcomes(abs, range(1000), Broken()))
    assert [number for number, _ in found] == list(range(1000))
    assert {str(outcome) for _, outcome in found} == {"broken"}


def test_an_executor_that_is_shut_down_fails_all_blocks():
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    with pytest.raises(SweepError, match="shutdown") as caught:
        sweep(*arrays(), 5, executor=pool)
    assert np.isnan(caught.value.finished.final_values).all()


def test_an_error_here_is_a_sweep_error_too(flag):
    error = failure(failing(flag, stumble), None)
    assert isinstance(error.__cause__, KeyError) and "1 of 1 blocks failed" in str(error)


def test_bad_input_is_found_before_any_job():
    executor = Counting()
    with pytest.raises(ValueError, match="betas must"):
        sweep(surfaces.himmelblau(), [0.0, 0.0], ETAS, [1.5], 5, executor=executor)
    with pytest.raises(ValueError, match="tolerance must"):
        sweep(surfaces.quadratic([-1.0]), [1.0], ETAS, BETAS, 5, tolerance=1, executor=executor)
    assert executor.jobs == 0


def block_of(surface, start):
    block = _Block(surface, Momentum, np.array(start), 5, np.nan)
    return replace(block, arrays=block.takes_arrays())


class NoBar:
    total = 1

    def update(self, steps):
        """Show nothing."""


def outcomes(task, parts, executor):
    return jobs._outcomes(task, parts, executor, NoBar())


def test_a_large_grid_keeps_64_workers_busy():
    for surface in (surfaces.himmelblau(), one_by_one()[0]):
        block = block_of(surface, np.ones(surface.dim))
        counts = [len(jobs._cut(np.ones(n, bool), block, Counting())) for n in (10**6, 10**7)]
        assert 64 <= counts[0] < counts[1]


def test_no_more_jobs_are_submitted_at_a_time_than_the_workers_need():
    executor = Counting()
    found = outcomes(abs, [-k for k in range(5000)], executor)
    first = next(found)
    assert executor.jobs == 256
    assert sorted([first, *found]) == [(k, k) for k in range(5000)]


def test_few_jobs_that_carry_much_along_are_submitted_at_a_time():
    executor, ballast = Counting(), np.zeros(1 << 23)  # 64 MiB
    next(outcomes(partial(np.take, ballast), [0] * 100, executor))
    assert executor.jobs == 8
    executor = Counting()
    next(outcomes(lambda k: k, [0] * 1000, executor))  # travels to threads only
    assert executor.jobs == 256


def test_finished_jobs_are_let_go():
    futures = weakref.WeakSet()

    class Remembering(Counting):
        def submit(self, task, *args):
            future = super().submit(task, *args)
            futures.add(future)
            return future

    found = outcomes(abs, range(2000), Remembering())
    assert all(next(found)[0] < 2000 for _ in range(1900))
    assert len(futures) <= 256


def test_an_executor_is_not_its_class():
    with pytest.raises(ValueError, match=r"^executor must be .*got <class .*ThreadPoolExecutor"):
        sweep(*arrays(), 5, executor=ThreadPoolExecutor)


def test_an_interrupt_amid_submission_cancels_the_jobs_that_wait():
    class Interrupted(Counting):
        waiting = ()

        def submit(self, task, *args):
            if len(self.waiting) == 5:
                raise KeyboardInterrupt
            self.waiting = (*self.waiting, Future())
            return self.waiting[-1]

    executor = Interrupted()
    with pytest.raises(KeyboardInterrupt):
        sweep(*one_by_one(), 5, executor=executor)
    assert [future.cancelled() for future in executor.waiting] == [True] * 5


def test_an_interrupt_cancels_the_jobs_that_wait():
    class Asleep(Counting):
        def submit(self, task, *args):
            self.last = Future()
            self.jobs += 1
            if self.jobs == 1:
                self.last.set_exception(KeyboardInterrupt())
            return self.last

    executor = Asleep()
    with pytest.raises(KeyboardInterrupt):
        sweep(*arrays(), 5, executor=executor)
    assert executor.jobs > 1 and executor.last.cancelled()


def test_cancelled_jobs_count_as_failed():
    class Cancelling(Counting):
        def submit(self, task, *args):
            future = super().submit(task, *args) if self.jobs else Future()
            self.jobs += 1
            future.cancel()
            return future

    with pytest.raises(SweepError, match=r"^1 of") as caught:
        sweep(*arrays(), 5, executor=Cancelling())
    assert 0 < np.isnan(caught.value.finished.final_values).sum() < 64 * 48

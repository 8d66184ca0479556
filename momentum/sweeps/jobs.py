"""Blocks of runs on an executor, or here, and the bar that shows how far they are."""

import pickle
import sys
from concurrent.futures import FIRST_COMPLETED, Future, wait
from itertools import islice
from time import monotonic

import numpy as np

from momentum import _checks

_JOBS = 64  # blocks for an executor, where the runs are enough; with 256 a block costs too much
_PENDING = 256  # jobs under way at a time
_BYTES = 1 << 29  # of all tasks under way at a time: some executors hold each as a pickle
_PATIENCE = 2.0  # seconds until the bar appears


def check(executor, surface, method):
    """Raise ValueError for an executor that is none, or that cannot take the method along.

    Examples
    --------
    >>> check(7, None, None)
    Traceback (most recent call last):
    ValueError: executor must be a concurrent.futures.Executor, got 7
    """
    usable = callable(getattr(executor, "submit", None)) and not isinstance(executor, type)
    if executor is not None and not usable:
        _checks.refuse("executor", "a concurrent.futures.Executor", executor)
    if _has_processes(executor):
        try:
            pickle.dumps(method)
        except Exception as cause:
            raise ValueError(
                "surface must be elementwise or made of functions that a module defines, to run in "
                f"other processes (threads take any), got {surface!r}: {cause}"
            ) from cause


def _has_processes(executor):
    # Loaded by whoever made such a pool; to load it here takes multiprocessing, which a browser
    # lacks.
    module = sys.modules.get("concurrent.futures.process")
    return module is not None and isinstance(executor, module.ProcessPoolExecutor)


def blocks(missing, method, executor):
    """Return the slices of the flat grid to be computed: those blocks in which some are missing.

    Examples
    --------
    >>> from momentum.sweeps.runs import OneByOne
    >>> blocks(np.arange(100) == 99, OneByOne(None), None)
    [slice(50, 100, None)]
    """
    runs, most = len(missing), method.most
    if executor is not None:
        most = min(most, max(method.least, -(-runs // _JOBS)))
    count = -(-runs // most)
    cuts = [slice(k * runs // count, (k + 1) * runs // count) for k in range(count)]
    return [cut for cut in cuts if missing[cut].any()]


class Bar:
    """Counts the steps that are done with; after 2 seconds it shows them on stderr, or never.

    Only then is tqdm loaded. It gets no thread to look after it: a process with threads should not
    fork.

    Examples
    --------
    >>> with Bar(100, shown=True) as bar:
    ...     bar.update(100)  # soon enough
    >>> bar.done
    100
    """

    def __init__(self, total, shown):
        self.total, self.done, self.bar = total, 0, None
        self.due = monotonic() + _PATIENCE if shown else np.inf

    def update(self, steps):
        """Count some more steps."""
        self.done += steps
        if self.bar is not None:
            self.bar.update(steps)
        elif monotonic() >= self.due:
            self.bar = self._visible()

    def _visible(self):
        from tqdm import tqdm

        visible = type("tqdm", (tqdm,), {"monitor_interval": 0})
        amounts = {"total": self.total, "initial": self.done, "miniters": 0}
        return visible(desc="sweep", unit=" steps", unit_scale=True, leave=False, **amounts)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self.bar is not None:
            self.bar.close()


def outcomes(task, arguments, executor, bar):
    """Yield (number of the job, what `task` returned or raised) as the jobs are done.

    Examples
    --------
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with Bar(2, shown=False) as bar, ThreadPoolExecutor() as pool:
    ...     sorted(outcomes(pow, [(2, 3), (5, 2)], pool, bar))
    [(0, 8), (1, 25)]
    """
    if executor is not None:
        yield from _gathered(task, arguments, executor, bar)
        return
    for number, args in enumerate(arguments):
        yield number, _attempt(task, *args, bar.update)


def _gathered(task, arguments, executor, bar):
    waiting, pending, most = enumerate(arguments), {}, _most_pending(task)
    try:
        while True:
            for number, args in islice(waiting, most - len(pending)):
                pending[_submitted(executor, task, *args)] = number
            if not pending:
                return
            wait(pending, timeout=0.5, return_when=FIRST_COMPLETED)
            for future in [one for one in pending if one.done()]:  # `wait` misses the cancelled
                bar.update(bar.total / len(arguments))
                yield pending.pop(future), _attempt(future.result)
    finally:
        for future in pending:
            future.cancel()


def _most_pending(task):
    """Return how many jobs may be under way at a time; each holds the task, thus the surface."""
    try:
        return min(_PENDING, 1 + _BYTES // len(pickle.dumps(task)))
    except Exception:  # threads take also what no pickle does
        return _PENDING


def _submitted(executor, task, *args):
    """Return the future of a job; one that failed if a broken executor takes no more jobs."""
    try:
        return executor.submit(task, *args)
    except Exception as cause:
        future = Future()
        future.set_exception(cause)
        return future


def _attempt(call, *args):
    try:
        return call(*args)
    except Exception as cause:
        return cause

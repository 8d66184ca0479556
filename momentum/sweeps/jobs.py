"""Blocks of runs on an executor, or here: the bar, what failed, and what is taken up again."""

import logging
import pickle
import sys
from concurrent.futures import FIRST_COMPLETED, wait
from contextlib import contextmanager
from itertools import islice
from time import monotonic

from momentum import _checks
from momentum._progress import PATIENCE, bar

JOBS = 64  # blocks for an executor, where the runs are enough
PENDING = 256  # jobs under way at a time
BYTES = 1 << 29  # of all tasks under way at a time: some executors hold each as a pickle
_SAID = {None}


class SweepError(RuntimeError):
    """Some blocks failed; `sweep(..., resume=error.finished)` computes only those.

    `finished` is the Sweep that the other blocks found, with NaN for all that is missing.
    """

    def __init__(self, message, finished=None):
        super().__init__(message)
        self.finished = finished


def _check(executor, **travelling):
    """Raise ValueError for an executor that is none, or that cannot take the arguments along."""
    usable = callable(getattr(executor, "submit", None)) and not isinstance(executor, type)
    if executor is not None and not usable:
        _checks.refuse("executor", "a concurrent.futures.Executor", executor)
    # Loaded by whoever made such a pool; a browser lacks it.
    processes = getattr(sys.modules.get("concurrent.futures.process"), "ProcessPoolExecutor", ())
    for name, value in travelling.items() if isinstance(executor, processes) else ():
        try:
            pickle.dumps(value)
        except Exception as cause:
            rule = "made of functions that a module defines, to run in other processes"
            raise ValueError(f"{name} must be {rule}, got {value!r}: {cause}") from cause


def _cut(missing, block, executor):
    """Return the slices of a flat grid to be computed: those in which some are missing."""
    runs, most = len(missing), block.most
    if executor is not None:
        most = min(most, max(block.least, -(-runs // JOBS)))
    count = -(-runs // most)
    cuts = [slice(k * runs // count, (k + 1) * runs // count) for k in range(count)]
    return [one for one in cuts if missing[one].any()]


@contextmanager
def _bar(total, shown, slow=None):
    """Give tqdm's bar, which appears if a sweep takes long; then say once why it was slow."""
    begin, options = monotonic(), {"unit": " steps", "unit_scale": True, "miniters": 0}
    with bar("sweep", total, shown, patience=PATIENCE, **options) as shows:
        yield shows
    if shown and slow not in _SAID and monotonic() - begin > PATIENCE:
        _SAID.add(slow)
        logging.getLogger(__name__).warning("This sweep was not compiled: %s.", slow)


def _outcomes(run, parts, executor, bar):
    """Yield (number of a part, what `run` returned for it or raised) as the jobs are done."""
    if executor is None:
        yield from ((k, _attempt(run, part, bar.update)) for k, part in enumerate(parts))
        return
    waiting, pending, most = enumerate(parts), {}, _most_pending(run)
    try:
        while (new := list(islice(waiting, most - len(pending)))) or pending:
            for number, part in new:
                job = _attempt(executor.submit, run, part)
                if isinstance(job, Exception):  # a broken executor takes no more
                    yield number, job
                else:
                    pending[job] = number
            wait(pending, timeout=0.5, return_when=FIRST_COMPLETED)
            for future in [one for one in pending if one.done()]:  # `wait` misses the cancelled
                bar.update(bar.total / len(parts))
                yield pending.pop(future), _attempt(future.result)
    finally:
        for future in pending:
            future.cancel()


def _most_pending(run):
    """Return how many jobs may be under way at a time; each holds the block, thus the surface."""
    size = _attempt(lambda: len(pickle.dumps(run)))  # threads take also what no pickle does
    return min(PENDING, 1 + BYTES // size) if isinstance(size, int) else PENDING


def _attempt(call, *args):
    try:
        return call(*args)
    except Exception as cause:
        return cause

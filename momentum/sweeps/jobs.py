"""Blocks of runs on an executor, or here, and the bar that shows how far they are."""

import logging
import pickle
import sys
from concurrent.futures import FIRST_COMPLETED, wait
from contextlib import contextmanager
from itertools import islice
from time import monotonic

from momentum import _checks

PENDING = 256  # jobs under way at a time
BYTES = 1 << 29  # of all tasks under way at a time: some executors hold each as a pickle
PATIENCE = 2.0  # seconds, after which a sweep shows its bar, and says why it is slow
_said = {None}


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


@contextmanager
def _bar(total, shown, slow):
    """Give tqdm's bar, which appears if a sweep takes long; then say once why it was slow."""
    from tqdm import tqdm

    # No thread to look after it: a process with threads should not fork.
    kind, begin = type("tqdm", (tqdm,), {"monitor_interval": 0}), monotonic()
    options = {"unit": " steps", "unit_scale": True, "leave": False, "delay": PATIENCE}
    with kind(desc="sweep", total=total, disable=not shown, miniters=0, **options) as bar:
        yield bar
    if shown and slow not in _said and monotonic() - begin > PATIENCE:
        _said.add(slow)
        logging.getLogger(__name__).warning("This sweep was not compiled: %s.", slow)


def _outcomes(task, parts, executor, bar):
    """Yield (number of the part, what `task` returned for it or raised) as the jobs are done."""
    if executor is None:
        for number, part in enumerate(parts):
            yield number, _attempt(task, part, bar.update)
        return
    waiting, pending, most = enumerate(parts), {}, _most_pending(task)
    try:
        while (new := list(islice(waiting, most - len(pending)))) or pending:
            for number, part in new:
                job = _attempt(executor.submit, task, part)  # a broken executor takes no more
                if isinstance(job, Exception):
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


def _most_pending(task):
    """Return how many jobs may be under way at a time; each holds the task, thus the surface."""
    size = _attempt(lambda: len(pickle.dumps(task)))  # threads take also what no pickle does
    return min(PENDING, 1 + BYTES // size) if isinstance(size, int) else PENDING


def _attempt(call, *args):
    try:
        return call(*args)
    except Exception as cause:
        return cause

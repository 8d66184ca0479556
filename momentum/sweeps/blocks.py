"""The loop of a sweep: a block of runs, stepped together, which runs leave when they are done.

The numbers of a block are one array, a column for each run. Its rows are the coordinates, then the
state of each coordinate, the learning rates and the betas, and when compiled all parameters.
"""

from dataclasses import dataclass, replace

import numpy as np

from momentum.descent import _is_far
from momentum.sweeps.compiled import _compiled, _NotCompiledError

JOBS = 64  # blocks for an executor, where the runs are enough
LARGE = 1e9  # runs x steps x coordinates, below which compiling takes longer than it saves
COMPANIES = slice(1), slice(1, 3), slice(3, 6), slice(6, 13), slice(None, None, 3)
PERIOD = 16  # steps from one look for runs that are done to the next
SIZE = 8192  # runs stepped together: their arrays fit the cache, and malloc keeps what they free


def _job(surface, optimizer, start, steps, enough, fast, *rest):
    """Return what `_run` finds, compiled if it should be and can be: a worker may lack numba."""
    if fast:
        try:
            return _run(surface, optimizer, start, steps, enough, True, *rest)
        except _NotCompiledError:
            pass
    return _run(surface, optimizer, start, steps, enough, False, *rest)


def _run(surface, optimizer, start, steps, enough, fast, pairs, tick=lambda steps: None):
    """Return f at the end of each run, and the step at which it was `enough` or less.

    `tick` is called now and then with the number of steps of all runs that are done with.
    """
    final, hits = found = np.full(pairs.shape, np.inf)
    cells, done = np.arange(len(final)), 0
    with np.errstate(all="ignore"):
        rows, advance = _begin(surface, optimizer, start, enough is not None, fast, pairs)
        while done < steps and cells.size:
            times = min(PERIOD, steps - done)
            values = np.empty((0 if enough is None else times, cells.size))
            advance(rows, values, times)
            leaving = _far(rows[: len(start)], start)
            if enough is not None:
                within = values <= enough
                met = np.flatnonzero(within.any(axis=0))
                first = within[:, met].argmax(axis=0)
                final[cells[met]], hits[cells[met]] = values[first, met], done + first
                leaving[met] = True
            done += times
            tick(times * cells.size + (steps - done) * np.count_nonzero(leaving))
            if leaving.any():
                cells, rows = cells[~leaving], rows.compress(~leaving, axis=1)  # in C order
        if cells.size:
            final[cells] = surface.f(*rows[: len(start)])
    if enough is not None:
        hits[cells[final[cells] <= enough]] = steps
    return found


def _far(w, start):
    """Return which runs have diverged; a look at the outermost coordinates often is enough."""
    if not _is_far(np.array([w.min(), w.max()]), start):
        return np.zeros(w.shape[1], bool)
    return _is_far(w, start[:, np.newaxis])


def _begin(surface, optimizer, start, observed, fast, pairs):
    """Return the first rows of a block, and what steps them."""
    rule, w = optimizer(*pairs), [np.full(pairs.shape[1], x) for x in start]
    states = [rule.init(x) for x in w]
    size = len(states[0]) if isinstance(states[0], tuple) else None if states[0] is None else 0
    parts = [*w, *_parts(states), *pairs, *(vars(rule).values() if fast else ())]
    rows = np.array(np.broadcast_arrays(*parts), dtype=float)
    if fast:
        return rows, _compiled(surface, rule, size, observed)
    return rows, _plain(surface, optimizer, size)


def _parts(states):
    """Return the numbers that make up the states of all coordinates; no state counts as one."""
    tuples = [state if isinstance(state, tuple) else (state,) for state in states]
    return [0.0 if part is None else part for some in tuples for part in some]


def _plain(surface, optimizer, size):
    """Return what steps the rows of a block by NumPy, as `descend` does.

    `size` is how many numbers a state is a tuple of, 0 where it is a bare one, None where none.
    """
    dim, last = surface.dim, surface.dim * (1 + (size or 1))
    form = tuple if size else lambda rows: None if size is None else rows[0]

    def advance(rows, values, times):
        w, states = rows[:dim], map(form, np.split(rows[dim:last], dim))
        rule = optimizer(*rows[last : last + 2])
        for k in range(times):
            if len(values):
                values[k] = surface.f(*w)
            w, states = zip(*map(rule.step, w, surface.partials(*w), states))
        rows[:last] = np.array(np.broadcast_arrays(*w, *_parts(states), rows[0]))[:-1]

    return advance


def _why_slow(surface, optimizer, start, steps, enough, pairs):
    """Return why a sweep is not compiled, or None if it is: then some runs are tried both ways."""
    if pairs.shape[1] * steps * surface.dim < LARGE:
        return f"it has less than {LARGE:.0e} steps of a coordinate, which seldom pays"
    some = pairs[:, :: pairs.shape[1] // 256 + 1]
    try:
        ways = [_run(surface, optimizer, start, 50, enough, fast, some) for fast in (True, False)]
    except Exception as cause:  # the surface's own errors come back where it is really run
        return str(cause)
    return None if ways[0].tobytes() == ways[1].tobytes() else "it has other bits when compiled"


def _cut(missing, surface, executor, fast):
    """Return the slices of the flat grid to be computed: those blocks in which some are missing."""
    alone = any(isinstance(call, _Alone) for call in (surface.f, surface.partials))
    runs, (least, most) = len(missing), (1, 64) if alone else (SIZE // 8, SIZE * (4 if fast else 1))
    if executor is not None:
        most = min(most, max(least, -(-runs // JOBS)))
    count = -(-runs // most)
    cuts = [slice(k * runs // count, (k + 1) * runs // count) for k in range(count)]
    return [cut for cut in cuts if missing[cut].any()]


@dataclass(frozen=True)
class _Alone:
    """A function of a surface that takes no arrays, called for each point by itself."""

    call: object
    kind: type  # of the numbers it gets: as in `descend`, partials take float and f np.float64

    def __call__(self, *w):
        return np.array([self._at(point) for point in zip(*w)], dtype=float).T

    def _at(self, point):
        try:
            return self.call(*map(self.kind, point))
        except ArithmeticError:  # a Python float raises where NumPy gives inf or nan
            return self.call(*map(np.float64, point))


def _fitted(surface, start, runs):
    """Return the surface with functions that take arrays: its own, or `_Alone` with its own."""
    spread = np.random.default_rng(0).normal(size=(len(start), np.clip(runs, 64, SIZE)))
    points = start[:, np.newaxis] + spread * max(1.0, abs(start).max())
    points.flags.writeable = False
    changed = {}
    with np.errstate(all="ignore"):
        if not _fits(lambda *w: [surface.f(*w)], np.float64, points):
            changed["f"] = _Alone(surface.f, np.float64)
        if not _fits(surface.partials, float, points):
            changed["partials"] = _Alone(surface.partials, float)
    return replace(surface, **changed) if changed else surface


def _fits(call, kind, points):
    """Return whether points get the same bits in other company, and alone but for rounding."""
    try:
        whole, *parts = (
            np.array([np.broadcast_to(x, w.shape[1]) for x in call(*w)])
            for w in (points, *(points[:, some] for some in COMPANIES))
        )
        alone = _Alone(call, kind)(*points[:, :16])
    except Exception:  # the surface's own errors come back where it is really run
        return False
    pairs = zip((whole[:, some] for some in COMPANIES), parts)
    same = all(np.array_equal(a, b, equal_nan=True) for a, b in pairs)
    return same and np.allclose(whole[:, :16], alone, rtol=1e-9, atol=0, equal_nan=True)

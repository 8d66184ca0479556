"""What is done to a block of runs: stepped together, they leave when they are done."""

import pickle
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np

from momentum.descent import _is_far
from momentum.sweeps import compiled

PERIOD = 16  # steps from one look for runs that are done to the next
SIZE = 8192  # runs of a block: its arrays fit the cache, and malloc keeps what they free
LARGE = 1e9  # steps of a coordinate, below which compiling takes longer than it saves


def _quiet(steps):
    """Tell nobody how many steps are done."""


@dataclass(frozen=True, eq=False)
class _Block:
    """All that a block of runs is but its learning rates and betas."""

    surface: object
    optimizer: object
    start: np.ndarray
    steps: int
    enough: float  # a run is done at this value of f or below; NaN where all go on to the end
    arrays: bool = True  # whether the partials take arrays
    fast: bool = False  # whether it is compiled

    def __reduce__(self):
        return _loaded, (pickle.dumps([getattr(self, one.name) for one in fields(self)]),)

    @property
    def observed(self):
        """Whether the value of each run counts at every step."""
        return not np.isnan(self.enough)

    @property
    def least(self):
        """The fewest runs that are worth a job."""
        return SIZE // 8 if self.arrays else 1

    @property
    def most(self):
        """The most runs that are stepped together."""
        return (SIZE * 4 if self.fast else SIZE) if self.arrays else 64

    def run(self, pairs, tick=_quiet):
        """Return f at the end of each run, and the step at which f was `enough` or less.

        `tick` is called now and then with the number of steps of all runs that are done with.
        """
        try:
            found, cells, w = self.compiled(pairs, tick) if self.fast else self.plain(pairs, tick)
        except compiled._NotCompiledError:  # on a worker that lacks numba
            found, cells, w = self.plain(pairs, tick)
        with np.errstate(all="ignore"):
            found[0, cells] = self.surface.f(*w) if len(cells) else 0.0
        found[1, cells[found[0, cells] <= self.enough]] = self.steps
        return found

    def plain(self, pairs, tick=_quiet):
        """Return what is found on the way, and which runs made all steps, and where they are."""
        final, hits = found = np.full(pairs.shape, np.inf)
        cells, done, w = np.arange(len(final)), 0, [np.full(len(final), x) for x in self.start]
        states = [self.optimizer(*pairs).init(x) for x in w]
        with np.errstate(all="ignore"):
            while done < self.steps and cells.size:
                times = min(PERIOD, self.steps - done)
                w, states, values = self.steps_of(w, states, pairs, times)
                within = values <= self.enough
                met = np.flatnonzero(within.any(axis=0))
                first = within[:, met].argmax(axis=0) if met.size else met
                final[cells[met]], hits[cells[met]] = values[first, met], done + first
                done, leaving = done + times, _is_far(np.array(w), self.start[:, np.newaxis])
                leaving[met] = True
                tick(times * cells.size + (self.steps - done) * np.count_nonzero(leaving))
                if leaving.any():
                    parts = cells, pairs, tuple(w), tuple(states)
                    cells, pairs, w, states = (_kept(part, ~leaving) for part in parts)
        return found, cells, w

    def steps_of(self, w, states, pairs, times):
        """Return coordinates and states after some steps, and f before each step if it counts."""
        rule, values = self.optimizer(*pairs), np.empty((times * self.observed, pairs.shape[1]))
        partials = self.surface.partials if self.arrays else self.one_by_one
        for k in range(times):
            if self.observed:
                values[k] = self.surface.f(*w)
            w, states = zip(*map(rule.step, w, partials(*w), states))
        return w, states, values

    def compiled(self, pairs, tick=_quiet):
        """Return what `plain` does, in one go."""
        found, under_way, w = compiled._run(self, pairs, PERIOD)
        tick(self.steps * pairs.shape[1])
        return found, np.flatnonzero(under_way), w[:, under_way]

    def one_by_one(self, *w):
        """Return the partials at each point by itself: numbers, as `descend` has them for one."""
        return np.array([self._at(point) for point in zip(*w)], dtype=float).T

    def _at(self, point):
        try:
            return self.surface.partials(*map(float, point))
        except ArithmeticError:  # a Python float raises where NumPy gives inf or nan
            return self.surface.partials(*map(np.float64, point))

    def takes_arrays(self):
        """Return whether the partials are to an array what they are to its points, but for bits."""
        spread = np.random.default_rng(0).normal(size=(len(self.start), 64))
        with np.errstate(over="ignore"):  # a start may lie at the edge of float64
            points = self.start[:, np.newaxis] + spread * max(1.0, abs(self.start).max())
        points.flags.writeable = False
        try:
            with np.errstate(all="ignore"):
                whole = np.broadcast_arrays(*self.surface.partials(*points), points[0])[:-1]
                return np.allclose(whole, self.one_by_one(*points), 1e-9, 0.0, equal_nan=True)
        except Exception:  # the surface's own errors come back where it is really run
            return False

    def why_slow(self, pairs):
        """Return why it is not compiled, or None where some runs have the same bits both ways."""
        if pairs.shape[1] * self.steps * len(self.start) < LARGE:
            return f"it makes less than {LARGE:.0e} steps of a coordinate, which seldom pays"
        some, few = pairs[:, :: pairs.shape[1] // 256 + 1], replace(self, steps=min(self.steps, 50))
        try:
            fast = few.compiled(some)
        except compiled._NotCompiledError as cause:
            return str(cause)
        same = all(np.array_equal(*both) for both in zip(fast, few.plain(some)))
        return None if same else "numba gives it other bits"


@lru_cache(maxsize=1)
def _loaded(pickled):
    """Return a block from its pickle: in a worker the same for each part, compiled once."""
    return _Block(*pickle.loads(pickled))


def _kept(part, stay):
    """Return the columns that stay: of an array, or of all that is in a tuple."""
    if isinstance(part, tuple):
        return tuple(_kept(one, stay) for one in part)
    return part[..., stay] if np.ndim(part) else part

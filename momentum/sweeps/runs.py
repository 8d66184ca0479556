"""What one job of a sweep does: a block of runs, replayed from a recording or one by one."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from momentum.descent import _is_far, descend
from momentum.optimizers import Momentum
from momentum.sweeps.recorder import Tape
from momentum.sweeps.replay import Program, Replay, aligned

PERIOD = 16  # steps from one look for runs that are done to the next
CACHE = 3 << 18  # bytes for the buffers of a block: three quarters of an L2 cache of 1 MiB


def method(surface, observed):
    """Return the way to run momentum on a surface: `Replayed` if it can be recorded.

    Observed runs are those whose value counts at every step, as it may be within the tolerance.
    A recording is made twice: code that does not repeat itself is not elementwise.

    Examples
    --------
    >>> from momentum.surfaces import Surface, saddle
    >>> type(method(saddle(), False)).__name__
    'Replayed'
    >>> edge = Surface("edge", 1, abs, lambda x: (1.0 if x > 0 else -1.0,))
    >>> type(method(edge, False)).__name__
    'OneByOne'
    """
    try:
        with np.errstate(all="ignore"):
            tape, stepped, value = _record(surface)
            same = _record(surface)[0].known == tape.known
    except Exception:  # the surface's own errors come back where it is really run
        same = False
    if not same:
        return OneByOne(surface)
    step = Program(tape, stepped, value if observed else None)
    return Replayed(step, Program(tape, (), value))


def _record(surface):
    """Return the tape of a step, the next coordinates and velocities on it, and the value before.

    The inputs are the coordinates, the velocities, the learning rate and beta.
    """
    tape = Tape(2 * surface.dim + 2)
    value = tape.result(surface.f(*tape.nodes()[: surface.dim]))
    tape.arrays = False  # `descend` calls f on arrays, but partials on Python floats
    *state, rate, beta = tape.nodes()
    w, v = state[: surface.dim], state[surface.dim :]
    rule = SimpleNamespace(learning_rate=rate, beta=beta, dampening=Momentum.dampening)
    stepped = [Momentum.step(rule, *one) for one in zip(w, surface.partials(*w), v, strict=True)]
    return tape, [*(w for w, _ in stepped), *(v for _, v in stepped)], value


@dataclass(frozen=True)
class Replayed:
    """Runs in lockstep, by replaying a recorded step.

    Attributes
    ----------
    step : Program
        One step; where the runs are observed it leaves the value before it in `extra`.
    value : Program
        The value alone.

    Examples
    --------
    >>> from momentum.surfaces import quadratic
    >>> halving = method(quadratic([1.0]), True)
    >>> pairs = np.array([0.5, 0.5]), np.array([0.0, 0.5])
    >>> halving.run(np.array([8.0]), 2, 2.0, *pairs)  # f = 32, 8, 2; and 32, 8, 0
    (array([2., 0.]), array([2., 2.]))
    """

    step: Program
    value: Program
    least = 1024  # runs in a block, below which calling NumPy takes longer than its work

    @property
    def observed(self):
        """Whether the value of each run counts at every step."""
        return self.step.extra is not None

    @property
    def most(self):
        """How many runs a block may have, so that its buffers fit the cache soon.

        Observed runs leave at a good rate: four times too many at first are best in the end.
        """
        room = (4 if self.observed else 1) * CACHE
        return max(room // (8 * len(self.step.dtypes)), self.least)

    def run(self, start, steps, enough, rates, betas, tick=lambda steps: None):
        """Return f at the end of each run, and the step at which it came within the tolerance.

        `tick` is called now and then with the number of steps of all runs that are done with.
        """
        final, hits = np.full((2, len(rates)), np.inf)
        cells, done = np.arange(len(rates)), 0
        replay = Replay(self.step, _inputs(start, rates, betas))
        record = np.empty((PERIOD, len(rates))) if self.observed else None
        with np.errstate(all="ignore"):
            while done < steps and len(cells):
                times = min(PERIOD, steps - done)
                replay.run(times, record)
                leaving = _far(replay.inputs[: len(start)], start)
                if self.observed:
                    met, first, values = _first_hits(record[:times, : len(cells)], enough)
                    final[cells[met]], hits[cells[met]] = values, done + first
                    leaving = np.union1d(leaving, met)
                done += times
                tick(times * len(cells) + (steps - done) * len(leaving))
                if len(leaving):
                    replay.keep(np.delete(np.arange(len(cells)), leaving))
                    cells = np.delete(cells, leaving)
            last = Replay(self.value, replay.inputs)
            last.run(1)
        final[cells] = last.extra
        if self.observed:
            hits[cells[last.extra <= enough]] = steps
        return final, hits


def _inputs(start, rates, betas):
    """Return the first coordinates, velocities, learning rates and betas of a block."""
    inputs = aligned(2 * len(start) + 2, len(rates))
    inputs[: len(start)], inputs[len(start) : -2] = start[:, np.newaxis], 0.0
    inputs[-2:] = rates, betas
    return inputs


def _far(w, start):
    """Return which runs have diverged; a look at the outermost coordinates often is enough."""
    if not w.size or not _is_far(np.array([w.min(), w.max()]), start):
        return np.array([], int)
    return np.flatnonzero(_is_far(w, start[:, np.newaxis]))


def _first_hits(values, enough):
    """Return which columns have a value that is low enough, in which row the first is, and it."""
    within = values <= enough
    met = np.flatnonzero(within.any(axis=0))
    first = within[:, met].argmax(axis=0)
    return met, first, values[first, met]


@dataclass(frozen=True)
class OneByOne:
    """Runs of `descend`, one after the other.

    Examples
    --------
    >>> from momentum.surfaces import quadratic
    >>> pairs = np.array([0.5, 0.5]), np.array([0.0, 0.5])
    >>> OneByOne(quadratic([1.0])).run(np.array([8.0]), 2, 2.0, *pairs)
    array([[2., 0.],
           [2., 2.]])
    """

    surface: object
    least, most = 1, 64

    def run(self, start, steps, enough, rates, betas, tick=lambda steps: None):
        """Return f at the end of each run, and the step at which it came within the tolerance.

        `tick` is called after each run with its number of steps.
        """
        found = []
        for rate, beta in zip(rates.tolist(), betas.tolist()):
            run = descend(self.surface, start, Momentum(rate, beta), steps)
            found.append(_outcome(run, enough))
            tick(steps)
        return np.array(found).reshape(-1, 2).T


def _outcome(run, enough):
    """Return the final value and the steps to tolerance of a trajectory."""
    within = run.values <= (np.nan if enough is None else enough)
    stop = int(within.argmax()) if within.any() else run.steps
    looks = run.path[[*range(PERIOD, stop + 1, PERIOD), *[stop] * (stop == run.steps)]]
    if _is_far(looks.T, run.path[0]).any():
        return np.inf, np.inf
    return run.values[stop], stop if within[stop] else np.inf

"""Many runs at once: momentum for every pair of a learning rate and a beta.

==========  ===================================================================================
here        what is asked and answered: `sweep`, `Sweep`, `SweepError`
`jobs`      blocks of runs on an executor, and the bar that shows how far they are
`runs`      what one job does: a block of runs, replayed from a recording or one by one
`recorder`  one step, recorded
`replay`    one step, replayed on whole blocks of runs
==========  ===================================================================================
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from momentum import _checks
from momentum.descent import _checked_start
from momentum.surfaces import Surface
from momentum.sweeps import jobs, runs


@dataclass(frozen=True, eq=False)
class Sweep:
    """What `sweep` finds: arrays of shape (len(learning_rates), len(betas)).

    Attributes
    ----------
    final_values : array
        f after the last step the run took; infinity for a run that diverged, and NaN where f itself
        is NaN there. In `SweepError.finished` NaN also stands for a run that was not computed.
    steps_to_tolerance : array or None
        The first step at which f is within the tolerance; infinity where none is.
    """

    final_values: np.ndarray
    steps_to_tolerance: np.ndarray | None


class SweepError(RuntimeError):
    """Some blocks of a sweep failed; `sweep(..., resume=error.finished)` computes only those.

    Attributes
    ----------
    finished : Sweep
        What the other blocks found. The runs that were not computed are NaN in all arrays.

    Examples
    --------
    >>> from momentum.surfaces import Surface
    >>> hole = Surface("hole", 1, abs, lambda x: {1.0: (1.0,)}[float(x)])
    >>> try:
    ...     sweep(hole, [1.0], [0.5], [0.0], 2)
    ... except SweepError as error:
    ...     print(error, error.finished.final_values)
    1 of 1 blocks failed, the first with KeyError: 0.5 [[nan]]
    """

    def __init__(self, message, finished=None):
        super().__init__(message)
        self.finished = finished


def sweep(
    surface,
    start,
    learning_rates,
    betas,
    steps,
    *,
    tolerance=None,
    executor=None,
    resume=None,
    progress=True,
):
    """Run momentum, in its raw form from v = 0, for every pair of a learning rate and a beta.

    Each result is bit for bit what `descend` gives for that pair, whatever becomes of the others,
    but for one thing: a run that is far out at a look, after every 16th step, ends there with
    infinity, even if it would have come back.

    Parameters
    ----------
    surface : Surface
        Its `f` and `partials` are recorded once and replayed on whole blocks of runs. This takes
        elementwise code: arithmetic (also +=), comparisons, ufuncs, and np.where and np.clip with
        three arguments by position. Other code is run by `descend`, pair by pair: about a thousand
        times slower, and in time and memory that grow with `steps` even where a run is within the
        tolerance sooner. Such are branches on the data, `math`, matrix products, constants that are
        arrays or of another floating type than float64, and in `partials` sums, differences and ~
        of truth values, which are other things to Python than to NumPy.
    start : array of shape (dim,)
    learning_rates, betas : sequences of floats
    steps : int
    tolerance : float, optional
        A run stops at the first step k, from 0 on, at which f(w(k)) - min f <= tolerance (f(start)
        - min f), where min f is the value at the best minimum: the convergence test of More and
        Wild (2009). It might leave the tolerance again later; from which step on a run stays
        is what `Trajectory.settling_time` tells.
    executor : concurrent.futures.Executor, optional
        Where the blocks are computed, by default here: a pool of threads or processes,
        `mpi4py.futures.MPIPoolExecutor`, Dask's `Client.get_executor()`. A large grid is cut into
        64 blocks or more, the more the larger it is. At most 256 are submitted at a time, or as
        many as hold 512 MiB together where each carries a large surface along.
    resume : Sweep, optional
        The `finished` part of a `SweepError`: only blocks in which it holds NaN are computed, those
        included in which f itself is NaN.
    progress : bool
        Whether a sweep that takes more than 2 seconds shows a bar on stderr.

    Returns
    -------
    Sweep
        `final_values`: f after `steps` steps, or where the run came within the tolerance. It is
        infinity for a run that diverged: one that after each 16th step, or after the last, was not
        finite or more than 10**6 max(1, abs(start)) from the origin. Such a run is dropped.

        `steps_to_tolerance`: that step k, infinity for a run that never came within the tolerance;
        None without a tolerance.

    Raises
    ------
    ValueError
        For a start that is not one point, parameters outside their range, a surface that is random
        or none, a tolerance on one that states no minimum or is not finite at the start, or a
        `resume` of other shapes.
    SweepError
        Where blocks failed, by an error of the surface or with a worker that died, after all others
        were given the chance to finish.

    Examples
    --------
    >>> from momentum import surfaces
    >>> grid = sweep(surfaces.quadratic([1.0]), [1.0], [0.5, 1.0], [0.0], 2, tolerance=0.1)
    >>> grid.final_values.ravel().tolist(), grid.steps_to_tolerance.ravel().tolist()
    ([0.03125, 0.0], [2.0, 1.0])
    """
    grid, start = _grid(learning_rates, betas), _point(surface, start)
    steps = _checks.count("steps", steps)
    enough = None if tolerance is None else _enough(surface, start, tolerance)
    found = _unfinished(grid[0].shape, tolerance, resume)
    method = runs.method(surface, tolerance is not None)
    jobs.check(executor, surface, method)
    blocks = jobs.blocks(np.isnan(found).any(axis=0).ravel(), method, executor)
    rates, betas = map(np.ravel, grid)
    pairs = [(rates[block], betas[block]) for block in blocks]
    shown = _checks.flag("progress", progress)
    with jobs.Bar(steps * sum(some.size for some, _ in pairs), shown) as bar:
        task = partial(method.run, start, steps, enough)
        causes = _fill(found, blocks, jobs.outcomes(task, pairs, executor, bar))
    finished = Sweep(*found, *[None] * (tolerance is None))
    if causes:
        raise SweepError(_message(causes, blocks), finished) from causes[0]
    return finished


def _fill(found, blocks, outcomes):
    """Put what the jobs returned in its place; return what they raised."""
    causes = []
    for number, outcome in outcomes:
        if isinstance(outcome, Exception):
            causes.append(outcome)
        else:
            for whole, part in zip(found, outcome):
                whole.reshape(-1)[blocks[number]] = part
    return causes


def _message(causes, blocks):
    first = f"{type(causes[0]).__name__}: {causes[0]}"
    return f"{len(causes)} of {len(blocks)} blocks failed, the first with {first}"


def _grid(learning_rates, betas):
    """Return the learning rates (along axis 0) and betas (along axis 1) of all pairs."""
    rates = np.atleast_1d(_checks.positive("learning_rates", learning_rates))
    betas = np.atleast_1d(_checks.fraction("betas", betas))
    for name, values in (("learning_rates", rates), ("betas", betas)):
        if values.ndim != 1:
            raise ValueError(f"{name} must be one-dimensional, got shape {values.shape}")
    return np.meshgrid(rates, betas, indexing="ij")


def _point(surface, start):
    """Return the start as an array, if it is one point of a surface that a sweep can take."""
    if _checks.instance(Surface, "surface", surface).random:
        raise ValueError(
            "surface must be free of random draws, so that each pair can be repeated alone, "
            f"got {surface.name!r}"
        )
    start = _checked_start(surface, start)
    if start.ndim != 1:
        raise ValueError(f"start must be one point, of shape (dim,), got shape {start.shape}")
    return start


def _enough(surface, start, tolerance):
    """Return the value from which on downwards a run is within the tolerance."""
    _checks.one(_checks.positive, "tolerance", tolerance)
    if not surface.minima:
        raise ValueError(
            f"tolerance must be None on {surface.name}, which states no minimum, got {tolerance!r}"
        )
    lowest, highest = surface.value(surface.minima[0]), surface.value(start)
    if not np.isfinite(highest):
        raise ValueError(
            f"start must have a finite value on {surface.name} where tolerance is {tolerance!r}, "
            f"got f(start) = {highest}"
        )
    with np.errstate(over="ignore"):
        return lowest + tolerance * (highest - lowest)


def _unfinished(shape, tolerance, resume):
    """Return the arrays to fill: of NaN, or a copy of those in `resume`."""
    names = ["final_values", "steps_to_tolerance"][: 1 if tolerance is None else 2]
    if resume is None:
        return [np.full(shape, np.nan) for _ in names]
    _checks.instance(Sweep, "resume", resume)
    if tolerance is None and resume.steps_to_tolerance is not None:
        hits = resume.steps_to_tolerance
        raise ValueError(
            "resume must lack steps_to_tolerance where tolerance is None, got "
            f"{_checks.short(hits)} of shape {np.shape(hits)}"
        )
    return [_copy(shape, name, getattr(resume, name)) for name in names]


def _copy(shape, name, values):
    """Return a copy of one of the arrays in `resume`."""
    if values is None:
        raise ValueError(f"resume must have {name}, got None")
    try:
        array = np.array(_checks.real("resume", values), order="C")
    except ValueError:
        shown = _checks.short(values)
        raise ValueError(f"resume must hold numbers in {name}, got {shown}") from None
    if array.shape != shape:
        raise ValueError(f"resume must have shape {shape} in {name}, got shape {array.shape}")
    return array

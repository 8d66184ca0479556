"""Many runs at once: momentum, or another optimizer, for every pair of a learning rate and a beta.

`sweep` is here, what is done to a block of runs in `blocks`, its steps as machine code in
`compiled`, and what executors need in `jobs`.
"""

from dataclasses import dataclass, replace

import numpy as np

from momentum import _checks
from momentum.descent import _checked_optimizer, _checked_start
from momentum.optimizers import Momentum
from momentum.surfaces import Surface
from momentum.sweeps import jobs
from momentum.sweeps.blocks import _Block
from momentum.sweeps.jobs import SweepError

__all__ = ["Sweep", "SweepError", "sweep"]


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


def sweep(
    surface, start, learning_rates, betas, steps, *, optimizer=Momentum, tolerance=None,
    executor=None, resume=None, progress=True,
):  # fmt: skip
    """Run momentum, or another optimizer, for every pair of a learning rate and a beta.

    Each result has the bits that a batched `descend` gives the pair, on any executor, whatever
    becomes of the others, but for one thing: a run that is far out at a look, after every 16th
    step, ends there with infinity, even if it would have come back. (A product of matrices in a
    surface of your own may have other last bits in other company.)

    Parameters
    ----------
    surface : Surface
        If its partials take no arrays, as with a branch on the data, they are called point by
        point, which is much slower; whether they do is tried around the start.
    start : array of shape (dim,)
    learning_rates, betas : sequences of floats
    steps : int
    optimizer : callable
        Gives the optimizer of some pairs from two arrays: a class, or `lambda rates, betas:
        Adam(rates, beta1=betas)`. A state is None, or a number or array, or a tuple of these.
    tolerance : float, optional
        A run stops at the first step k, from 0 on, at which f(w(k)) - min f <= tolerance (f(start)
        - min f), where min f is the value at the best minimum: the convergence test of More and
        Wild (2009). From which step on a run stays there is what `Trajectory.settling_time` tells.
    executor : concurrent.futures.Executor, optional
        Where the blocks are computed, by default here: a pool of threads or processes,
        `mpi4py.futures.MPIPoolExecutor`, Dask's `Client.get_executor()`. A large grid has 64 blocks
        or more, of which at most 256, or 512 MiB, are submitted at a time.
    resume : Sweep, optional
        The `finished` part of a `SweepError`: only blocks in which it holds NaN are computed.
    progress : bool
        Whether a sweep of more than 2 seconds shows a bar on stderr, and logs, once for each
        reason, why it was not compiled.

    Returns
    -------
    Sweep
        `final_values`: f after `steps` steps, or where the run came within the tolerance; infinity
        for a run that diverged: after a 16th step, or the last, it was not finite or more than
        10**6 max(1, abs(start)) from the origin. `steps_to_tolerance`: that step k, or infinity.

    Raises
    ------
    ValueError
        For a start that is not one point, parameters outside their range, a surface that is random
        or none, a tolerance without a minimum or a finite value at the start, another `resume`.
    SweepError
        Where blocks failed, by an error of the surface or with a worker that died.

    Notes
    -----
    With numba (`pip install momentum-book[fast]`) a sweep of 10**9 steps of a coordinate or more is
    compiled, where numba takes the surface's own functions and the optimizer's own `step`, and 256
    runs have the same bits both ways. Arithmetic has; np.tanh and np.exp may round otherwise.

    Examples
    --------
    >>> from momentum import surfaces
    >>> grid = sweep(surfaces.quadratic([1.0]), [1.0], [0.5, 1.0], [0.0], 2, tolerance=0.1)
    >>> grid.final_values.ravel().tolist(), grid.steps_to_tolerance.ravel().tolist()
    ([0.03125, 0.0], [2.0, 1.0])
    """
    grid, start = _grid(learning_rates, betas), _point(surface, start)
    steps, shown = _checks.count("steps", steps), _checks.flag("progress", progress)
    enough = np.nan if tolerance is None else _enough(surface, start, tolerance)
    pairs, found = grid.reshape(2, -1), _unfinished(grid.shape[1:], tolerance, resume)
    _check_optimizer(optimizer, pairs)
    jobs._check(executor, surface=surface, optimizer=optimizer)
    block = _Block(surface, optimizer, start, steps, enough)
    block = replace(block, arrays=block.takes_arrays())
    slow = block.why_slow(pairs)
    flat, block = found.reshape(len(found), -1), replace(block, fast=slow is None)
    cuts = jobs._cut(np.isnan(flat).any(axis=0), block, executor)
    parts, causes = [pairs[:, cut] for cut in cuts], []
    with jobs._bar(steps * sum(part.shape[1] for part in parts), shown, slow) as bar:
        for number, outcome in jobs._outcomes(block.run, parts, executor, bar):
            if isinstance(outcome, Exception):
                causes.append(outcome)
            else:
                flat[:, cuts[number]] = outcome[: len(flat)]
    finished = Sweep(*found, *[None] * (tolerance is None))
    if causes:
        first = f"the first with {type(causes[0]).__name__}: {causes[0]}"
        message = f"{len(causes)} of {len(cuts)} blocks failed, {first}"
        raise SweepError(message, finished) from causes[0]
    return finished


def _check_optimizer(optimizer, pairs):
    try:
        _checked_optimizer(optimizer(*pairs))
    except TypeError as cause:
        rule = f"a function of learning rates and betas ({cause})"
        raise ValueError(f"optimizer must be {rule}, got {_checks.short(optimizer)}") from cause


def _grid(learning_rates, betas):
    """Return the learning rates (along axis 0) and betas (along axis 1) of all pairs."""
    rates = np.atleast_1d(_checks.positive("learning_rates", learning_rates))
    betas = np.atleast_1d(_checks.fraction("betas", betas))
    for name, values in (("learning_rates", rates), ("betas", betas)):
        if values.ndim != 1:
            raise ValueError(f"{name} must be one-dimensional, got shape {values.shape}")
    return np.array(np.meshgrid(rates, betas, indexing="ij"))


def _point(surface, start):
    """Return the start as an array, if it is one point of a surface that a sweep can take."""
    if _checks.instance(Surface, "surface", surface).random:
        rule = "free of random draws, so that each pair can be repeated alone"
        raise ValueError(f"surface must be {rule}, got {surface.name!r}")
    start = _checked_start(surface, start)
    if start.ndim != 1:
        raise ValueError(f"start must be one point, of shape (dim,), got shape {start.shape}")
    return start


def _enough(surface, start, tolerance):
    """Return the value from which on downwards a run is within the tolerance."""
    _checks.one(_checks.positive, "tolerance", tolerance)
    if not surface.minima:
        rule = f"None on {surface.name}, which states no minimum"
        raise ValueError(f"tolerance must be {rule}, got {tolerance!r}")
    lowest, highest = surface.value(surface.minima[0]), surface.value(start)
    if not np.isfinite(highest):
        rule = f"have a finite value on {surface.name} where tolerance is {tolerance!r}"
        raise ValueError(f"start must {rule}, got f(start) = {highest}")
    with np.errstate(over="ignore"):
        return lowest + tolerance * (highest - lowest)


def _unfinished(shape, tolerance, resume):
    """Return the arrays to fill, of NaN or a copy of those in `resume`, as one array."""
    if resume is None:
        return np.full((1 if tolerance is None else 2, *shape), np.nan)
    _checks.instance(Sweep, "resume", resume)
    if (resume.steps_to_tolerance is None) != (tolerance is None):
        rule = f"of a sweep with tolerance {tolerance!r}"
        _checks.refuse("resume", rule, resume)
    given = [resume.final_values, resume.steps_to_tolerance][: 1 if tolerance is None else 2]
    found = [np.array(_checks.real("resume", values)) for values in given]
    if any(one.shape != shape for one in found):
        raise ValueError(f"resume must have shape {shape}, got {[one.shape for one in found]}")
    return np.array(found)

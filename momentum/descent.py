"""The loop: a surface, a start and an optimizer give a trajectory."""

from dataclasses import dataclass

import numpy as np

from momentum import _checks
from momentum.surfaces import Surface

FAR = 1e6  # a run this far out, in units of its start, is called diverged
SETTLED = 0.01  # and one this close to its target, in units of its first distance, settled


@dataclass(frozen=True, eq=False)
class Trajectory:
    """What `descend` records of one run, or of a batch of runs.

    Attributes
    ----------
    path : array of shape (steps + 1, dim, *batch)
        w(0), ..., w(steps).
    values : array of shape (steps + 1, *batch)
        f along the path.
    gradients : array of shape (steps, dim, *batch)
        The gradients the optimizer saw, at w(0), ..., w(steps - 1).
    diverged : bool, or bool array of shape (*batch)
        Whether the run ended somewhere that is not finite, or more than 10**6 max(1, abs(start))
        from the origin.
    """

    path: np.ndarray
    values: np.ndarray
    gradients: np.ndarray
    diverged: np.ndarray

    @property
    def steps(self):
        """The number of steps taken."""
        return len(self.gradients)

    def settling_time(self, tolerance=SETTLED, *, target=0.0):
        """Return the first step from which on the distance to `target` stays within a share.

        The share is `tolerance` times the distance at the start. A run that has not settled by
        its last recorded step gives infinity.

        Parameters
        ----------
        tolerance : float
        target : float, or array of shape (dim,)
            By default the origin, where quadratic and huber have their minimum.

        Returns
        -------
        float, or array of shape (*batch)

        Raises
        ------
        ValueError
            For a tolerance that is not positive, or a target of the wrong shape.
        """
        tolerance = _checks.one(_checks.positive, "tolerance", tolerance)
        with np.errstate(all="ignore"):
            offset = self.path - self._aim(target)
            # In units of the first offset, so that no square overflows or vanishes.
            unit = abs(offset[0]).max(axis=0)
            distance = np.sqrt(((offset / np.where(unit > 0, unit, 1.0)) ** 2).sum(axis=1))
            return _first_within(distance <= tolerance * distance[0])

    def _aim(self, target):
        """Return the target in a shape that broadcasts with the path."""
        target = np.asarray(_checks.finite("target", target))
        if target.ndim and target.shape != self.path.shape[1:2]:
            raise ValueError(f"target must have shape {self.path.shape[1:2]}, got {target.shape}")
        return target.reshape(target.shape + (1,) * (self.path.ndim - 2))


def _first_within(within):
    """Return the first index on axis 0 from which on `within` holds; infinity if it never does."""
    stays = np.logical_and.accumulate(within[::-1]).sum(axis=0)
    return _checks.plain(np.where(stays > 0, len(within) - stays, np.inf))


def descend(surface, start, optimizer, steps, *, restart=False):
    """Run an optimizer down a surface and record every step.

    Parameters
    ----------
    surface : Surface
    start : array of shape (dim, *batch)
        One point, or a batch of points; they all go through the same code.
    optimizer : optimizer
        Its parameters may be arrays that broadcast with `batch`. Its `step` is called once for
        each coordinate, so a rule must work element by element.
    steps : int
    restart : bool
        Whether to forget the velocity (start again from the optimizer's first state) after every
        step that went uphill, i.e. whose product with the gradient it was taken at is positive. A
        variant of the gradient test of O'Donoghue and Candes (2015), which takes the step of the
        base point and not, as here, of the look-ahead point. For single runs only.

    Returns
    -------
    Trajectory

    Raises
    ------
    ValueError
        For a start of the wrong shape or with a value that is not finite, steps below 0, a restart
        of a batch, or no run at all. Divergence is no error: see `Trajectory.diverged`.

    Examples
    --------
    >>> from momentum import GradientDescent, surfaces
    >>> run = descend(surfaces.quadratic([1.0]), [8.0], GradientDescent(0.5), 3)
    >>> run.path[:, 0].tolist()
    [8.0, 4.0, 2.0, 1.0]
    """
    w, states = _coordinates(surface, start, optimizer)
    steps = _checks.count("steps", steps)
    path, gradients, w0, first = [], [], w, states
    partials, step = surface.partials, optimizer.step
    if _checks.flag("restart", restart) and np.ndim(w[0]):
        _checks.refuse("restart", "False for a batch of runs", restart)
    record = list.append if np.ndim(w[0]) else list.extend  # single runs go into one flat list
    with np.errstate(all="ignore"):
        for _ in range(steps):
            try:
                g = partials(*w)
            except ArithmeticError:  # a Python float raises where NumPy gives inf or nan
                g = partials(*map(np.float64, w))
            record(path, w)
            record(gradients, g)
            before = w
            w, states = zip(*map(step, w, g, states))
            if restart and _went_uphill(before, w, g):
                states = first
    record(path, w)
    path, gradients = _stacked(path, w0), _stacked(gradients, w0)
    values = surface.value(np.moveaxis(path, 1, 0))
    return Trajectory(path, values, gradients, _is_far(path[-1], path[0]))


def _went_uphill(before, after, gradient):
    return sum(g * (y - x) for x, y, g in zip(before, after, gradient)) > 0


def _stacked(rows, start):
    """Return recorded points or gradients as one array, shaped like the start behind axis 0."""
    if np.ndim(start[0]):  # where a partial derivative may be a constant
        rows = [np.broadcast_arrays(*row, start[0])[:-1] for row in rows]
        rows = np.array(rows).astype(float, copy=False)  # dtype=float would take twice as long
        return rows.reshape(-1, len(start), *start[0].shape)
    return np.array(rows, dtype=float).reshape(-1, len(start))


def _coordinates(surface, start, optimizer):
    """Return the coordinates of the start, and the optimizer's first state for each of them.

    A coordinate is a Python float for one run, an array of shape `batch` for many. The rules are
    the same for both; on floats they are several times faster than on arrays of one number.
    """
    start = _checked_start(surface, start)
    batch = _batch_shape(start, _checked_optimizer(optimizer))
    w = [np.broadcast_to(x, batch) for x in start] if batch else start.tolist()
    return w, [optimizer.init(x) for x in w]


def _checked_optimizer(optimizer):
    methods = [getattr(optimizer, name, None) for name in ("init", "step")]
    if isinstance(optimizer, type) or not all(map(callable, methods)):
        _checks.refuse("optimizer", "an optimizer, with `init` and `step`", optimizer)
    return optimizer


def _batch_shape(start, optimizer):
    parameters = {name: np.shape(a) for name, a in getattr(optimizer, "__dict__", {}).items()}
    try:
        batch = np.broadcast_shapes(start.shape[1:], *parameters.values())
    except ValueError:
        batch = (0,)
    if 0 in batch:
        raise ValueError(
            "start must have a batch shape that broadcasts to at least one run with the "
            f"optimizer's {parameters}, got {start.shape[1:]}"
        )
    return batch


def _checked_start(surface, start):
    _checks.instance(Surface, "surface", surface)
    w = np.asarray(_checks.finite("start", start))
    if w.ndim == 0 or w.shape[0] != surface.dim:
        raise ValueError(
            f"start must have shape ({surface.dim}, *batch) on {surface.name}, got shape {w.shape}"
        )
    return w


def _is_far(w, start):
    """Return where w is not finite, or more than 10**6 max(1, abs(start)) from the origin."""
    bound = np.maximum(1.0, abs(start).max(axis=0))
    inside = abs(w).max(axis=0) / FAR <= bound
    return ~inside if inside.ndim else not inside

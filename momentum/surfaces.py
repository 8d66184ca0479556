"""Cost surfaces: a value, its gradient, and where its minima lie.

A point is an array of shape `(dim,)`, a batch of points `(dim, *batch)`: coordinates first, so that
`x, y = w` reads alike for one point and for ten thousand. All surfaces but `least_squares` and
`log_cosh` are piecewise polynomials, computed with + - x and / alone, so that they give the same
bits everywhere.

=================  ===  ================================================================
`quadratic`        any  a bowl with the given curvatures
`huber`            1    a bowl with straight sides
`log_cosh`         1    a bowl that turns straight smoothly
`chain`            any  springs in a row: the hardest quadratic for all who see gradients only
`plateau`          1-2  steep slope A, exactly flat part B, slope down to the minimum C
`double_well`      1    two minima, one of them better
`saddle`           2    a pass between two minima
`rosenbrock`       2    a curved, narrow valley
`himmelblau`       2    four minima of equal value
`least_squares`    any  linear regression on data, whole or in mini-batches
=================  ===  ================================================================
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from operator import mul

import numpy as np

from momentum import _checks


@dataclass(frozen=True, eq=False)
class Surface:
    """A cost surface f on R^dim.

    Attributes
    ----------
    name : str
    dim : int
        Number of coordinates.
    f : callable
        `f(x, y, ...)`, the value at coordinates that are floats or arrays of one shape.
    partials : callable
        `partials(x, y, ...)`, the sequence of the dim partial derivatives.
    minima : tuple of arrays of shape (dim,)
        The local minima, the best first.
    view : tuple of (low, high) pairs, one a coordinate
        The part worth drawing.

    Notes
    -----
    `value` and `gradient` check the shape of a point and call `f` and `partials`; `descend` calls
    these two directly, so a surface of your own states them and overrides nothing.

    Examples
    --------
    >>> bowl = Surface("bowl", 2, lambda x, y: x * x + y * y, lambda x, y: (2 * x, 2 * y))
    >>> float(bowl.value([3.0, 4.0])), bowl.gradient([3.0, 4.0]).tolist()
    (25.0, [6.0, 8.0])
    """

    name: str
    dim: int
    f: Callable = field(repr=False)
    partials: Callable = field(repr=False)
    minima: tuple = field(default=(), repr=False)
    view: tuple = field(default=(), repr=False)

    def value(self, w):
        """Return f(w), of shape `(*batch)`, for w of shape `(dim, *batch)`.

        Raises
        ------
        ValueError
            For w of another shape.
        """
        w = self._checked(w)
        with np.errstate(over="ignore", invalid="ignore"):
            return np.broadcast_to(self.f(*w), w.shape[1:])[()]

    def gradient(self, w):
        """Return the gradient at w, of the shape of w, which is `(dim, *batch)`.

        Raises
        ------
        ValueError
            For w of another shape.
        """
        w = self._checked(w)
        with np.errstate(over="ignore", invalid="ignore"):
            return np.stack(np.broadcast_arrays(*self.partials(*w), w[0])[:-1])

    def _checked(self, w):
        w = np.asarray(w, dtype=float)
        if w.ndim == 0 or w.shape[0] != self.dim:
            raise ValueError(
                f"w must have shape ({self.dim}, *batch) on {self.name}, got shape {w.shape}"
            )
        return w


def noisy(surface, scale, rng):
    """Return `surface` with Gaussian noise of standard deviation `scale` on its gradient.

    Each call of `gradient` draws anew from the numpy.random.Generator `rng`, independently for
    every coordinate and every point of a batch. The value stays exact.

    Raises
    ------
    ValueError
        For a negative scale, or an `rng` that is no generator.

    Examples
    --------
    >>> rough = noisy(quadratic([1.0]), 0.1, np.random.default_rng(0))
    >>> print(rough.gradient([2.0]).round(3))
    [2.013]
    """
    scale = _checks.one(_checks.non_negative, "scale", scale)
    _checks.generator("rng", rng)

    def partials(*w):
        return surface.partials(*w) + rng.normal(0.0, scale, np.shape(w))

    return replace(surface, name=f"noisy {surface.name}", partials=partials)


def quadratic(curvatures=(1.0, 10.0)):
    """f(w) = 1/2 sum_i curvatures[i] w[i]**2: a bowl with its minimum at the origin.

    Curvatures are the eigenvalues of the Hessian; they may be negative (then the origin is no
    minimum). The condition number is the largest over the smallest.

    Examples
    --------
    >>> bowl = quadratic([1.0, 10.0])
    >>> float(bowl.value([2.0, 1.0])), bowl.gradient([2.0, 1.0]).tolist()
    (7.0, [2.0, 10.0])
    """
    lam = np.atleast_1d(_checks.finite("curvatures", curvatures)).tolist()
    if not lam or isinstance(lam[0], list):
        raise ValueError(f"curvatures must be a non-empty list of numbers, got {curvatures!r}")

    def f(*w):
        return sum(a * x * x for a, x in zip(lam, w, strict=True)) / 2

    def partials(*w):
        return list(map(mul, lam, w))

    minima = (np.zeros(len(lam)),) if min(lam) > 0 else ()
    return Surface("quadratic", len(lam), f, partials, minima, ((-3.0, 3.0),) * len(lam))


def huber(curvature=1.0, threshold=1.0):
    """f(x) = curvature x**2/2 where abs(x) <= threshold, continued by straight lines.

    The gradient is curvature * clip(x, -threshold, threshold): it never exceeds
    curvature * threshold (Huber, 1964).

    Examples
    --------
    >>> huber().gradient([[0.5, 3.0]]).tolist()
    [[0.5, 1.0]]
    """
    curvature = _checks.one(_checks.positive, "curvature", curvature)
    threshold = _checks.one(_checks.positive, "threshold", threshold)

    def f(x):
        inside = np.clip(x, -threshold, threshold)
        return curvature * inside * (x - inside / 2)

    def partials(x):
        return (curvature * np.clip(x, -threshold, threshold),)

    view = ((-4 * threshold, 4 * threshold),)
    return Surface("huber", 1, f, partials, (np.zeros(1),), view)


def log_cosh(curvature=1.0):
    """f(x) = curvature log(cosh(x)): a bowl whose sides become straight.

    The gradient is curvature * tanh(x); the curvature is largest at the minimum and falls to 0.

    Examples
    --------
    >>> print(log_cosh().gradient([[0.0, 0.5, 9.0]]).round(3))
    [[0.    0.462 1.   ]]
    """
    curvature = _checks.one(_checks.positive, "curvature", curvature)

    def f(x):
        side = abs(x)  # cosh itself would overflow
        return curvature * (side + np.log1p(np.exp(-2 * side)) - np.log(2))

    def partials(x):
        return (curvature * np.tanh(x),)

    return Surface("log cosh", 1, f, partials, (np.zeros(1),), ((-4.0, 4.0),))


def chain(dim=40, condition_number=100.0):
    """Return a row of springs pulled at one end: the quadratic that no method crosses quickly.

    With a = (condition_number - 1)/4, q = (sqrt(condition_number) - 1)/(sqrt(condition_number) + 1)
    and w[0] = 1 held fast::

        f(w) = a/2 (sum_i (w[i-1] - w[i])**2 + (1 - q) w[dim]**2) + 1/2 sum_i w[i]**2,  i = 1..dim

    All curvatures lie in [1, condition_number] and the minimum is w[i] = q**i. A gradient at zeros
    is zero one place beyond the last coordinate that is not: from the origin, k steps of any method
    that sees gradients only reach k coordinates (Nesterov, 2004, section 2.1.4).

    Examples
    --------
    >>> row = chain(3, condition_number=9.0)
    >>> row.gradient([0.0, 0.0, 0.0]).tolist(), row.minima[0].tolist()
    ([-2.0, 0.0, 0.0], [0.5, 0.25, 0.125])
    """
    dim = _checks.count("dim", dim, least=1)
    rule = "above 1 and finite"
    kappa = _checks.one(
        lambda *a: _checks.check(*a, lambda k: (k > 1) & np.isfinite(k), rule),
        "condition_number",
        condition_number,
    )
    stiffness, root = (kappa - 1) / 4, kappa**0.5
    q = (root - 1) / (root + 1)

    def f(*w):
        stretched = sum((x - y) * (x - y) for x, y in pairwise((1.0, *w)))
        return (stiffness * (stretched + (1 - q) * w[-1] * w[-1]) + sum(x * x for x in w)) / 2

    def partials(*w):
        forces = zip((1.0, *w), w, (*w[1:], q * w[-1]))
        return [stiffness * (2 * x - before - after) + x for before, x, after in forces]

    best = q ** np.arange(1.0, dim + 1)
    return Surface("chain", dim, f, partials, (best,), ((-0.5, 1.5),) * dim)


def plateau(width=2.0, *, dim=1):
    """Return a steep slope A, an exactly flat part B of the given width, and a slope down to C.

    With u = x - width and [z] = max(z, 0)::

        f(x)  = 1 + [-x]**2/2 - [u]**2/2 + [u - 1]**2
        f'(x) = -[-x] - [u] + 2 [u - 1]

    so that f' = x on the slope A (x <= 0), exactly 0 on the plateau B (0 <= x <= width), -u behind
    its edge and u - 2 in the valley (u >= 1). The only minimum is C = width + 2, where f = 0; on
    the plateau f = 1. With `dim=2` a second coordinate adds y**2/2.

    Examples
    --------
    >>> ledge = plateau(width=2.0)
    >>> ledge.value([[-3.0, 0.0, 2.0, 4.0]]).tolist()
    [5.5, 1.0, 1.0, 0.0]
    """
    width = _checks.one(_checks.non_negative, "width", width)
    if dim not in (1, 2) or not isinstance(dim, int):
        raise ValueError(f"dim must be 1 or 2, got {dim!r}")

    def f(x, y=0.0):
        slope, edge, valley = _hinge(-x), _hinge(x - width), _hinge(x - width - 1)
        return 1 + (slope * slope - edge * edge + y * y) / 2 + valley * valley

    def partials(x, *y):
        return (2 * _hinge(x - width - 1) - _hinge(x - width) - _hinge(-x), *y)

    bottom = np.array([width + 2.0, 0.0][:dim])
    view = ((-3.5, width + 4.5), (-2.5, 2.5))[:dim]
    return Surface("plateau", dim, f, partials, (bottom,), view)


def _hinge(x):
    return np.maximum(x, 0.0)


def double_well(tilt=0.3):
    """f(x) = (x**2 - 1)**2 + tilt x: two minima, near -1 and near +1.

    With a positive tilt the left one is the global minimum. abs(tilt) stays below 8/sqrt(27) =
    1.5396..., from which on only one minimum is left; another tilt raises ValueError.

    Examples
    --------
    >>> [w.round(3).tolist() for w in double_well().minima]
    [[-1.036], [0.96]]
    """
    limit = 8 / 27**0.5
    rule = f"between -{limit:.4f} and {limit:.4f}"
    tilt = _checks.one(lambda *a: _checks.check(*a, lambda t: abs(t) < limit, rule), "tilt", tilt)

    def f(x):
        return (x * x - 1) * (x * x - 1) + tilt * x

    def partials(x):
        return (4 * x * (x * x - 1) + tilt,)

    left, _, right = np.sort(np.roots([4.0, 0.0, -4.0, tilt]).real)
    minima = tuple(np.array([x]) for x in sorted((left, right), key=f))
    return Surface("double well", 1, f, partials, minima, ((-1.8, 1.8),))


def saddle():
    """f(x, y) = x**2/2 + (y**2 - 1)**2/4: a saddle at the origin between minima at (0, -1), (0, 1).

    At the origin the curvature is 1 along x and -1 along y. A run that starts on the line y = 0
    stays on it: there the gradient has no y part.

    Examples
    --------
    >>> saddle().gradient([2.0, 1.0]).tolist()
    [2.0, 0.0]
    """

    def f(x, y):
        return x * x / 2 + (y * y - 1) * (y * y - 1) / 4

    def partials(x, y):
        return x, y * (y * y - 1)

    minima = (np.array([0.0, -1.0]), np.array([0.0, 1.0]))
    return Surface("saddle", 2, f, partials, minima, ((-1.5, 1.5), (-1.5, 1.5)))


def rosenbrock(steepness=100.0):
    """f(x, y) = (1 - x)**2 + steepness (y - x**2)**2: a curved valley (Rosenbrock, 1960).

    Examples
    --------
    >>> rosenbrock().gradient([-1.0, 1.0]).tolist()
    [-4.0, 0.0]
    """
    steepness = _checks.one(_checks.positive, "steepness", steepness)

    def f(x, y):
        across = y - x * x
        return (1 - x) * (1 - x) + steepness * across * across

    def partials(x, y):
        across = 2 * steepness * (y - x * x)
        return -2 * (1 - x) - 2 * x * across, across

    return Surface("rosenbrock", 2, f, partials, (np.ones(2),), ((-2.0, 2.0), (-1.0, 3.0)))


def himmelblau():
    """f(x, y) = (x**2 + y - 11)**2 + (x + y**2 - 7)**2: four minima of value 0 (Himmelblau, 1972).

    Only (3, 2) is exact; the other three are given to the last bits of float64.

    Examples
    --------
    >>> himmelblau().gradient([3.0, 2.0]).tolist()
    [0.0, 0.0]
    """

    def f(x, y):
        p, q = x * x + y - 11, x + y * y - 7
        return p * p + q * q

    def partials(x, y):
        p, q = x * x + y - 11, x + y * y - 7
        return 4 * x * p + 2 * q, 2 * p + 4 * y * q

    minima = (
        np.array([3.0, 2.0]),
        np.array([-2.805118086952745, 3.131312518250573]),
        np.array([-3.779310253377747, -3.283185991286170]),
        np.array([3.584428340330492, -1.848126526964404]),
    )
    return Surface("himmelblau", 2, f, partials, minima, ((-5.0, 5.0), (-5.0, 5.0)))


def least_squares(features, targets, *, batch_size=None, rng=None):
    """f(w) = 1/(2n) sum_i (features[i] . w - targets[i])**2: linear regression.

    Parameters
    ----------
    features : array of shape (n, dim)
    targets : array of shape (n,)
    batch_size : int, optional
        If given, every call of `gradient` uses that many rows, drawn with replacement from `rng`
        (a numpy.random.Generator). One draw serves every point of a batch, so that runs of one
        batch share their mini-batches. The value stays that of all rows.

    Raises
    ------
    ValueError
        For data of the wrong shape or with values that are not finite, or for a mini-batch
        without a generator.

    Examples
    --------
    >>> line = least_squares([[1.0], [2.0]], [2.0, 4.0])
    >>> float(line.value([1.0]).round(12)), line.minima[0].round(12).tolist()
    (1.25, [2.0])
    """
    features, targets = _regression_data(features, targets)
    n, dim = features.shape
    if batch_size is not None:
        _checks.count("batch_size", batch_size, least=1)
        _checks.generator("rng", rng)

    data = np.column_stack([features, targets])
    triangle = np.linalg.qr(data, mode="r")  # the same sums of squares, in dim + 1 rows

    def residuals(rows, w):
        return (np.tensordot(rows[:, :-1], w, axes=1).T - rows[:, -1]).T

    def f(*w):
        return (residuals(triangle, w) ** 2).sum(axis=0) / (2 * n)

    def partials(*w):
        rows = data if batch_size is None else data[rng.integers(n, size=batch_size)]
        return np.tensordot(rows[:, :-1].T, residuals(rows, w), axes=1) / len(rows)

    best = np.linalg.lstsq(features, targets, rcond=None)[0]
    view = tuple((b - 1.0, b + 1.0) for b in best.tolist())
    return Surface("least squares", dim, f, partials, (best,), view)


def _regression_data(features, targets):
    features = np.asarray(_checks.finite("features", features))
    targets = np.asarray(_checks.finite("targets", targets))
    if features.ndim != 2 or features.size == 0:
        raise ValueError(f"features must have shape (n, dim), got shape {features.shape}")
    if targets.shape != features.shape[:1]:
        raise ValueError(
            f"targets must have shape {features.shape[:1]}, as features has rows, "
            f"got shape {targets.shape}"
        )
    return features, targets

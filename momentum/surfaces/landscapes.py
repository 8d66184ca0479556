"""Surfaces with a plateau, a saddle, a curved valley or several minima."""

import numpy as np

from momentum import _checks
from momentum.surfaces.surface import Surface, with_recipe


@with_recipe
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
    dim = _checks.count("dim", dim, least=1, most=2)

    def f(x, y=0.0):
        slope, edge = np.maximum(-x, 0.0), np.maximum(x - width, 0.0)
        valley = np.maximum(x - width - 1, 0.0)
        return 1 + (slope * slope - edge * edge + y * y) / 2 + valley * valley

    def partials(x, *y):
        slope, edge = np.maximum(-x, 0.0), np.maximum(x - width, 0.0)
        return (2 * np.maximum(x - width - 1, 0.0) - edge - slope, *y)

    bottom = np.array([width + 2.0, 0.0][:dim])
    view = ((-3.5, width + 4.5), (-2.5, 2.5))[:dim]
    return Surface("plateau", dim, f, partials, (bottom,), view)


@with_recipe
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


@with_recipe
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


@with_recipe
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


@with_recipe
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

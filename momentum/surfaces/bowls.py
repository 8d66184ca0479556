"""Surfaces with one minimum, at the foot of everything."""

from itertools import pairwise

import numpy as np

from momentum import _checks
from momentum.surfaces.surface import Surface, with_recipe


@with_recipe
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
    lam = tuple(np.atleast_1d(_checks.finite("curvatures", curvatures)).tolist())
    if not lam or isinstance(lam[0], list):
        _checks.refuse("curvatures", "a non-empty list of numbers", curvatures)

    def f(*w):
        total = 0.0
        for a, x in zip(lam, w):
            total = total + a * x * x
        return total / 2

    # Written out, (1.0 * w[0], 10.0 * w[1],), it is fast, and numba compiles it.
    partials = eval(f"lambda *w: ({''.join(f'{a!r} * w[{i}], ' for i, a in enumerate(lam))})")
    minima = (np.zeros(len(lam)),) if min(lam) > 0 else ()
    return Surface("quadratic", len(lam), f, partials, minima, ((-3.0, 3.0),) * len(lam))


@with_recipe
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


@with_recipe
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


@with_recipe
def bent():
    """Return a bowl with curvature 25, but 1 between x = 1 and x = 2: convex, gradient continuous.

    With [z] = z clipped to [0, 1]::

        f(x)  = 25/2 x**2 - 24 [x - 1] (x - 1 - [x - 1]/2)
        f'(x) = 25 x - 24 [x - 1]

    The pair that is optimal for quadratics of this condition number leads momentum into a cycle of
    three places (Lessard, Recht and Packard, 2016).

    Examples
    --------
    >>> bent().gradient([[1.0, 2.0, 3.0]]).tolist()
    [[25.0, 26.0, 51.0]]
    """

    def f(x):
        soft = np.clip(x - 1, 0.0, 1.0)
        return 12.5 * x * x - 24 * soft * (x - 1 - soft / 2)

    def partials(x):
        return (25 * x - 24 * np.clip(x - 1, 0.0, 1.0),)

    return Surface("bent", 1, f, partials, (np.zeros(1),), ((-3.0, 4.0),))


@with_recipe
def chain(dim=40, condition_number=100.0):
    """Return a row of springs pulled at one end: the quadratic that no method crosses quickly.

    With a = (condition_number - 1)/4, q = (sqrt(condition_number) - 1)/(sqrt(condition_number) + 1)
    and w[0] = 1 held fast::

        f(w) = a/2 (sum_i (w[i-1] - w[i])**2 + (1 - q) w[dim]**2) + 1/2 sum_i w[i]**2,  i = 1..dim

    All curvatures lie in [1, condition_number] and the minimum is w[i] = q**i. The gradient
    reaches one place beyond the last coordinate that is not zero, and no further: from the origin,
    k steps of any method that sees gradients only move k coordinates (Nesterov, 2004, section
    2.1.4).

    Examples
    --------
    >>> row = chain(3, condition_number=9.0)
    >>> row.gradient([0.0, 0.0, 0.0]).tolist(), row.minima[0].tolist()
    ([-2.0, 0.0, 0.0], [0.5, 0.25, 0.125])
    """
    dim = _checks.count("dim", dim)
    kappa = _checks.one(_checks.above_1, "condition_number", condition_number)
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


@with_recipe
def cycling(smallest=1.0, largest=25.0, learning_rate=1 / 9, beta=4 / 9, corners=3):
    """Return a bowl with a polygon in its middle, round which momentum can go for ever.

    f(w) = largest/2 abs(w)**2 - (largest - smallest)/2 d(w)**2, where d is the distance to the
    polygon with the corners ::

        p(t) = ((1 + beta - learning_rate smallest) c(t) - c(t+1) - beta c(t-1))
               / (learning_rate (largest - smallest)),  c(t) = (cos(2 pi t/corners), sin(...))

    The gradient is smallest w + (largest - smallest) p, with p the nearest place of the polygon:
    the curvature is `largest` inside, and between the two outside. Where p(t) is nearest
    to c(t) momentum with these parameters goes from c(t-1) and c(t) to c(t+1), and on for ever:
    `theory.has_cycle` says when (Goujaud, Taylor and Dieuleveut, 2023). Each gradient looks at all
    sides; so there are at most 100 corners here, though the formula of `has_cycle` takes more.

    Examples
    --------
    >>> print(cycling().gradient([1.0, 0.0]).round(3))  # 13 c(0) - 9 c(1) - 4 c(2)
    [19.5  -4.33]
    """
    low = _checks.one(_checks.positive, "smallest", smallest)
    high = _checks.one(_checks.positive, "largest", largest)
    _checks.ordered(low, high, strictly=True)
    eta = _checks.one(_checks.positive, "learning_rate", learning_rate)
    beta = _checks.one(_checks.fraction, "beta", beta)
    corners = _checks.count("corners", corners, least=3, most=100)
    turn = np.exp(2j * np.pi * np.arange(corners) / corners)
    with np.errstate(all="ignore"):
        pull = (1 + beta - eta * low - turn[1] - beta * turn[-1]) / (eta * (high - low))
        x, y = (pull * turn).real, (pull * turn).imag
        squares = (x - np.roll(x, 1)) ** 2 + (y - np.roll(y, 1)) ** 2
    within = (np.isfinite(squares) & (squares > 0)).all()
    rule = "such that the squares of the polygon's sides are within float64"
    _checks.check("learning_rate", eta, lambda _: within, rule)
    polygon = list(zip(x.tolist(), y.tolist()))

    def f(x, y):
        p, q = _nearest(polygon, x, y)
        inward = p * (2 * x - p) + q * (2 * y - q)  # abs(w)**2 - d(w)**2
        return (low * (x * x + y * y) + (high - low) * inward) / 2

    def partials(x, y):
        p, q = _nearest(polygon, x, y)
        return low * x + (high - low) * p, low * y + (high - low) * q

    return Surface("cycling", 2, f, partials, (np.zeros(2),), ((-1.5, 1.5),) * 2)


def _nearest(polygon, x, y):
    """Return the place nearest to (x, y) in a convex polygon, its corners counterclockwise."""
    inside, least, (p, q) = True, np.inf, polygon[0]  # which stays where all squares overflow
    for (a, b), (c, d) in zip(polygon, polygon[1:] + polygon[:1]):
        wide, high = c - a, d - b
        inside = inside & (wide * (y - b) >= high * (x - a))
        along = ((x - a) * wide + (y - b) * high) / (wide * wide + high * high)
        along = np.clip(along, 0.0, 1.0)
        foot = a + along * wide, b + along * high
        u, v = x - foot[0], y - foot[1]
        far = u * u + v * v
        closer = far < least
        p, q, least = (np.where(closer, *pair) for pair in zip((*foot, far), (p, q, least)))
    return np.where(inside, x, p), np.where(inside, y, q)

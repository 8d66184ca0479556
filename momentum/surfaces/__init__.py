"""Cost surfaces: a value, its gradient, and where its minima lie.

A point is an array of shape `(dim,)`, a batch of points `(dim, *batch)`: coordinates first, so that
`x, y = w` reads alike for one point and for ten thousand. All surfaces but `least_squares` and
`log_cosh` are piecewise polynomials, computed with + - x and / alone, so that they give the same
bits everywhere (the corners of `cycling` are cosines and sines).

=================  ===  ================================================================
`quadratic`        any  a bowl with the given curvatures
`huber`            1    a bowl with straight sides
`log_cosh`         1    a bowl that turns straight smoothly
`bent`             1    a bowl with a soft stretch, on which momentum can circle
`cycling`          2    a bowl with a polygon, round which momentum can go for ever
`chain`            any  springs in a row: the hardest quadratic for all who see gradients only
`plateau`          1-2  steep slope A, exactly flat part B, slope down to the minimum C
`double_well`      1    two minima, one of them better
`saddle`           2    a pass between two minima
`rosenbrock`       2    a curved, narrow valley
`himmelblau`       2    four minima of equal value
`least_squares`    any  linear regression on data, whole or in mini-batches
=================  ===  ================================================================

`noisy` puts noise on the gradient of any of them; a surface of your own is a `Surface`.
"""

from momentum.surfaces.bowls import bent, chain, cycling, huber, log_cosh, quadratic
from momentum.surfaces.landscapes import double_well, himmelblau, plateau, rosenbrock, saddle
from momentum.surfaces.regression import least_squares
from momentum.surfaces.surface import Surface, noisy

__all__ = [
    "Surface",
    "bent",
    "chain",
    "cycling",
    "double_well",
    "himmelblau",
    "huber",
    "least_squares",
    "log_cosh",
    "noisy",
    "plateau",
    "quadratic",
    "rosenbrock",
    "saddle",
]

"""Products whose factors may be at the edge of float64 while the result is not."""

from functools import reduce
from operator import mul

import numpy as np


@np.errstate(over="ignore")
def quotient(above, below):
    """Return the product of `above` over that of `below`, where no product on the way overflows.

    Significands and exponents are kept apart: where plain arithmetic works, these are its bits.

    Examples
    --------
    >>> float(quotient([2.0**1000, 2.0**1000], [2.0**1020, 2.0**970]))
    1024.0
    """
    (top, up), (bottom, down) = map(_product, (above, below))
    return np.ldexp(top / bottom, up - down)


def _product(factors):
    """Return a significand and an exponent of 2."""
    significands, exponents = zip(*map(np.frexp, factors))
    return reduce(mul, significands), sum(exponents)

"""Beyond bowls: where momentum can circle for ever, and where it cannot."""

import numpy as np

from momentum import _checks

_MOST_CORNERS = 100_000


def has_cycle(smallest, largest, learning_rate, beta, corners):
    """Return whether momentum can go round the corners of a regular polygon for ever.

    Somewhere there is a function with all curvatures in [smallest, largest] (strongly convex, with
    a gradient that is Lipschitz continuous) on which momentum, from one corner to the next, never
    ends, if and only if, with theta = 2 pi/corners and ::

        a = (1 + beta)(1 - cos(theta)) - learning_rate smallest

    a**2 + (1 - beta)**2 sin(theta)**2
        <= learning_rate (largest - smallest) (a - (1 - beta)(1 + cos(theta)))

    (Goujaud, Taylor and Dieuleveut, 2023, theorem 3.5, written in another form). The gradients at
    the corners are those that the steps need; the inequality is the condition of Taylor, Hendrickx
    and Glineur (2017) under which a function has them, for the pair of corners where it is the
    hardest to keep. `surfaces.cycling` is such a function.

    Parameters
    ----------
    smallest, largest : float
        With smallest < largest.
    learning_rate, beta : float or arrays that broadcast together
    corners : int
        At least 2; two corners are a line.

    Returns
    -------
    bool, or a bool array of the broadcast shape

    Examples
    --------
    >>> has_cycle(1.0, 25.0, 1 / 9, 4 / 9, 3), has_cycle(1.0, 25.0, 1 / 25, 4 / 9, 3)
    (True, False)
    """
    low, high = _ends(smallest, largest)
    eta, beta = _checks.broadcasting(
        learning_rate=(_checks.positive, learning_rate), beta=(_checks.fraction, beta)
    )
    angle = 2 * np.pi / _checks.count("corners", corners, least=2, most=_MOST_CORNERS)
    c, s = np.cos(angle), np.sin(angle)
    with np.errstate(over="ignore", invalid="ignore"):
        inward = (1 + beta) * (1 - c) - np.multiply(eta, low)
        room = np.multiply(eta, high - low) * (inward - (1 - beta) * (1 + c))
        found = inward**2 + ((1 - beta) * s) ** 2 <= room
    return bool(found) if np.ndim(found) == 0 else found


def safe_beta(smallest, largest, learning_rate):
    """Return the beta below which momentum converges on every function with such curvatures.

    From every start, where all curvatures lie in [smallest, largest] and learning_rate is below
    2/largest (Ghadimi, Feyzmahdavian and Johansson, 2015, theorem 4)::

        (b + sqrt(b**2 + 4 (1 - learning_rate largest/2)))/2,  b = learning_rate smallest/2

    From 2/largest on it is 0: the theorem says nothing. It is sufficient, not necessary.

    Examples
    --------
    >>> round(safe_beta(1.0, 25.0, 1 / 25), 4), safe_beta(1.0, 25.0, 1 / 9)
    (0.7172, 0.0)
    """
    low, high = _ends(smallest, largest)
    eta = _checks.positive("learning_rate", learning_rate)
    with np.errstate(over="ignore", invalid="ignore"):
        b, room = np.multiply(eta, low) / 2, 1 - np.multiply(eta, high) / 2
        bound = (b + np.sqrt(b * b + 4 * np.maximum(room, 0))) / 2
    return _checks.plain(np.where(room > 0, bound, 0.0))


def _ends(smallest, largest):
    low = _checks.one(_checks.positive, "smallest", smallest)
    high = _checks.one(_checks.positive, "largest", largest)
    _checks.ordered(low, high, strictly=True)
    return low, high

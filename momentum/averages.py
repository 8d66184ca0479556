"""Exponential moving averages: the average itself, its weights, and how far back it looks."""

import math

import numpy as np

from momentum import _checks

# Within a chunk the recursion is a cumulative sum rescaled by beta**-j. A chunk ends before its
# sum could overflow (float64 reaches 2**1024), and fits in the cache.
_LARGEST_EXPONENT = 1000
_LARGEST = np.finfo(float).max
_LONGEST_CHUNK = 2**14


def ema(series, beta, *, initial=None, debias=False):
    """Exponential moving average S(t) = beta S(t-1) + (1 - beta) Y(t) of a series.

    Parameters
    ----------
    series : array of shape (n, ...)
        Y(1), ..., Y(n), with time on axis 0; n >= 1.
    beta : float in [0, 1)
    initial : float or array of shape (...), optional
        S(0). By default the average starts at the first value, S(1) = Y(1).
    debias : bool
        Divide S(t) by 1 - beta**t, which undoes the bias of `initial=0.0`, and needs it.

    Returns
    -------
    array of shape (n, ...)
        S(1), ..., S(n).

    Raises
    ------
    ValueError
        For an empty series, a value that is not finite, or beta outside [0, 1).

    Notes
    -----
    Computed chunk by chunk as S(t) = beta**j (S(0) + (1 - beta) sum_i beta**-i Y(i)), which is a
    cumulative sum. A Python loop runs over time only where beta is so small, or a value so large,
    that a chunk would hold a single step.

    Examples
    --------
    >>> ema([4.0, 8.0, 8.0], 0.5).tolist()
    [4.0, 6.0, 7.0]
    >>> ema([4.0, 8.0, 8.0], 0.5, initial=0.0).tolist()
    [2.0, 5.0, 6.5]
    """
    y, beta = _checked_series(series), _checks.one(_checks.fraction, "beta", beta)
    start = y[0] if initial is None else _checked_initial(initial, y)
    if _checks.flag("debias", debias) and (initial is None or np.any(start)):
        _checks.refuse("initial", "0.0 where debias=True", initial)
    average = _recursion(y, beta, start)
    if initial is None:
        average[0] = y[0]  # exactly, not to rounding
    if debias:
        mass = _mass(beta, len(y)).reshape(-1, *[1] * (y.ndim - 1))
        with np.errstate(over="ignore"):  # by the last rounding
            average = np.clip(average / mass, -_LARGEST, _LARGEST)
    return average


def _checked_series(series):
    y = np.asarray(_checks.finite("series", series))
    if y.ndim == 0 or y.size == 0:
        raise ValueError(f"series must hold at least one value, got shape {y.shape}")
    return y


def _checked_initial(initial, y):
    start = _checks.finite("initial", initial)
    if np.ndim(start) and np.shape(start) != y.shape[1:]:
        raise ValueError(f"initial must have shape {y.shape[1:]}, got {np.shape(start)}")
    return start


def _mass(beta, n):
    """1 - beta**t for t = 1..n, exact to rounding for beta near 1 as well."""
    if beta == 0:
        return np.ones(n)
    return -np.expm1(np.arange(1, n + 1) * math.log(beta))


def _recursion(y, beta, start):
    if beta == 0:
        return y.copy()
    chunk = _chunk_length(y, beta, start)
    if chunk == 1:
        return _loop(y, beta, start)
    decay = (beta ** np.arange(1, chunk + 1)).reshape(-1, *[1] * (y.ndim - 1))
    growth = (1 - beta) / decay
    out = np.empty_like(y)
    for low in range(0, len(y), chunk):
        part = out[low : low + chunk]
        n = len(part)
        np.multiply(y[low : low + chunk], growth[:n], out=part)
        part[0] += start
        np.cumsum(part, axis=0, out=part)
        part *= decay[:n]
        start = part[-1]
    return out


def _loop(y, beta, start):
    out = (1 - beta) * y
    for t in range(len(y)):
        start = out[t] = out[t] + beta * start
    return out


def _chunk_length(y, beta, start):
    """Return how many steps the rescaled sum may run before it could overflow."""
    largest = max(abs(y.max()), abs(y.min()), np.max(np.abs(start)), 1.0)
    exponent = _LARGEST_EXPONENT - math.log2(largest) - math.log2(_LONGEST_CHUNK)
    longest = int(exponent / -math.log2(beta))
    return max(1, min(longest, _LONGEST_CHUNK, len(y)))


def ema_weights(beta, n, *, raw=False):
    """Return the weights of the newest n values, newest first: (1 - beta) beta**k, or beta**k.

    The first kind sums to 1 - beta**n. The raw kind, without the factor 1 - beta, sums to
    (1 - beta**n)/(1 - beta).

    Examples
    --------
    >>> ema_weights(0.5, 3).tolist(), ema_weights(0.5, 3, raw=True).tolist()
    ([0.5, 0.25, 0.125], [1.0, 0.5, 0.25])
    """
    beta = _checks.one(_checks.fraction, "beta", beta)
    weights = beta ** np.arange(_checks.count("n", n, least=1))
    return weights if _checks.flag("raw", raw) else (1 - beta) * weights


def half_life(beta):
    """Return the number of steps after which a weight has halved: ln 2 / -ln beta.

    Zero at beta = 0. Elementwise for arrays.

    Examples
    --------
    >>> round(half_life(0.9), 2)
    6.58
    """
    beta = _checks.fraction("beta", beta)
    with np.errstate(divide="ignore"):
        steps = math.log(2) / -np.log(beta)
    return _checks.plain(steps)


def mean_age(beta):
    """Return the mean age of the values in the average, in steps: beta/(1 - beta).

    The newest value has age 0. Elementwise for arrays.

    Examples
    --------
    >>> mean_age(0.75)
    3.0
    """
    beta = _checks.fraction("beta", beta)
    return beta / (1 - beta)


def effective_sample_size(beta):
    """Return (1 + beta)/(1 - beta), the size of a plain mean that is as noisy as the average.

    For weights p that sum to 1 and independent noise of variance s**2, the variance of the
    weighted mean is s**2 sum(p**2), that of a plain mean of m values s**2/m; the effective sample
    size is 1/sum(p**2) (Kish, 1965). Elementwise for arrays.

    Examples
    --------
    >>> round(effective_sample_size(0.9), 9)
    19.0
    """
    beta = _checks.fraction("beta", beta)
    return (1 + beta) / (1 - beta)

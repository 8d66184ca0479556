"""Linear regression on data, whole or in mini-batches."""

import numpy as np

from momentum import _checks
from momentum.surfaces.surface import Surface, with_recipe


@with_recipe
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
    triangle = np.linalg.qr(data, mode="r")  # the same sums of squares, in dim + 1 rows or fewer

    def residuals(rows, w):
        return (_product(rows[:, :-1], w).T - rows[:, -1]).T

    def f(*w):
        r = residuals(triangle, np.array(w))
        return _product(np.ones((1, len(triangle))), r * r)[0] / (2 * n)

    def partials(*w):
        w = np.array(w)
        if batch_size is None:
            rows = triangle if w.ndim > 1 else data
            return _product(rows[:, :-1].T, residuals(rows, w)) / n
        rows = data[rng.integers(n, size=batch_size)]
        return _product(rows[:, :-1].T, residuals(rows, w)) / batch_size

    best = np.linalg.lstsq(features, targets)[0]
    view = tuple((b - 1.0, b + 1.0) for b in best.tolist())
    return Surface("least squares", dim, f, partials, (best,), view, batch_size is not None)


def _product(matrix, w):
    """Return matrix @ w, for each point of a batch with the same bits whatever the others are.

    BLAS has other last bits for another number of columns. Here einsum adds row by row to all
    columns alike, if there are two or more; for a single point BLAS is faster.
    """
    if w.ndim == 1:
        return np.tensordot(matrix, w, axes=1)
    columns = w.reshape(len(w), -1)
    pair = np.repeat(columns, 2, axis=1) if columns.shape[1] == 1 else columns
    product = np.einsum("ij,jk->ik", matrix, pair)[:, : columns.shape[1]]
    return product.reshape(len(matrix), *w.shape[1:])


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

"""A network that learns digits: its runs on a plane through the space of all weights."""

from functools import cache

import contourpy
import numpy as np

from momentum import data, networks
from momentum.explorers import base
from momentum.explorers.path import GRID, outline
from momentum.optimizers import Momentum

SAME, EQUAL = COMPARED = "the same η", "equal progress"
ALL, FEW = BATCHES = "all 512", "32"
_LEARNING_RATE, MEMORIES = 0.4, (0.5, 0.8, 0.9)
_TRAINED, _BATCH, _STEPS = 512, 32, 96
_SHAPE = 1.7  # of the map, width over height
_LEVELS = 0.1, 0.2, 0.4, 0.8, 1.2, 1.6, 2.0, 2.4, 3.2, 4.8
NETWORK = networks.Classifier(64, 16, 10)


class Network(base.Explorer):
    """The first 96 steps of gradient descent and of momentum, from one start, on a loss surface.

    The network of 1,210 weights learns 512 digits. The plane is that of the first two principal
    directions of all runs that the figure can show. Gradient descent's learning rate is 0.4.

    Parameters
    ----------
    batch : {"all 512", "32"}
        How many images a gradient is averaged over; 32 are shuffled anew in each epoch.
    compared : {"the same η", "equal progress"}
        Whether momentum takes the learning rate of gradient descent, or 1 - beta times that.
    beta : float
        The run is that of the nearest of 0.5, 0.8 and 0.9, and the text says so.
    step : int
        From 0 to 96.

    Examples
    --------
    >>> round(Network(compared="equal progress").optimizer.learning_rate, 12)
    0.04
    """

    batch = base.one_of(BATCHES, ALL)
    compared = base.one_of(COMPARED, SAME)
    beta = base.beta(0.9)
    step = base.whole(20, 0, _STEPS)
    controls = (
        base.choice("batch", "images in a batch", BATCHES),
        base.choice("compared", "compare at", COMPARED),
        base.slider("step", "step", range(_STEPS + 1), 0),
        base.slider("beta", "momentum β", MEMORIES),
    )
    tries = (
        base.attempt("Equal progress, all images", batch=ALL, compared=EQUAL, beta=0.9, step=96),
        base.attempt("Equal progress, batches of 32", batch=FEW, compared=EQUAL, beta=0.9, step=96),
        base.attempt("Too large for batches of 32", batch=FEW, compared=SAME, beta=0.9, step=96),
    )

    def data(self):
        """Return the plane, the runs on it, and ten images with what each run reads in them."""
        return _data()

    @property
    def optimizer(self):
        """Momentum as it is on the screen."""
        return _rule(self.compared, min(MEMORIES, key=lambda known: abs(known - self.beta)))

    def path(self, *, gradient_descent=False):
        """Return the weights of a run on the screen, step by step: read-only, shape (97, 1210)."""
        return weights(self.batch, _rule(SAME, 0.0) if gradient_descent else self.optimizer)


def _rule(compared, beta):
    return Momentum(_LEARNING_RATE * (1 - beta if compared == EQUAL else 1.0), beta)


def images():
    """Return the images that are learned, those that are read, and the labels of both."""
    ink, labels = data.digits()
    new = [_TRAINED + np.flatnonzero(labels[_TRAINED:] == k)[0] for k in range(10)]
    return ink[:_TRAINED].reshape(-1, 64) / 16, ink[new], labels[:_TRAINED]


@cache
def weights(batch, rule):
    """Return the weights of a run, step by step: shape (97, 1210); read-only, for it is kept."""
    path = _path(batch, rule)
    path.setflags(write=False)
    return path


def _path(batch, rule):
    x, _, labels = images()
    rng = np.random.default_rng(0)
    start = NETWORK.init(rng)
    if batch == ALL:
        return networks.train(NETWORK, start, x, labels, rule, _STEPS, progress=False).path
    orders = [rng.permutation(_TRAINED) for _ in range(_STEPS * _BATCH // _TRAINED)]
    path, state = [start], rule.init(start)
    for rows in np.reshape(orders, (_STEPS, _BATCH)):
        w, state = rule.step(path[-1], NETWORK.gradient(path[-1], x[rows], labels[rows]), state)
        path.append(w)
    return np.array(path)


def _runs():
    """Return the weights of all runs that the figure can show, by the words of their controls."""
    plain = {batch: weights(batch, _rule(SAME, 0.0)) for batch in BATCHES}
    pairs = [(compared, beta) for compared in COMPARED for beta in MEMORIES]
    return plain | {
        f"{batch}, {compared}, {beta}": weights(batch, _rule(compared, beta))
        for batch in BATCHES
        for compared, beta in pairs
    }


def principal_plane(points):
    """Return the mean of points (n, dim), their first two principal directions, and their share.

    The share is of the variance. From the first point to the last both coordinates rise.
    """
    middle = points.mean(axis=0)
    apart = points - middle
    squares, vectors = np.linalg.eigh(apart @ apart.T)  # ascending
    axes = (apart.T @ vectors[:, :-3:-1] / np.sqrt(squares[:-3:-1])).T
    axes *= np.sign(axes @ (points[-1] - points[0]))[:, np.newaxis]
    return middle, axes, squares[-2:].sum() / squares.sum()


@cache
def _data():
    runs = _runs()
    middle, axes, share = principal_plane(np.concatenate(list(runs.values())))
    view = _view(np.concatenate([(path - middle) @ axes.T for path in runs.values()]))
    _, new, _ = images()
    return {
        "names": {"all": ALL, "equal": EQUAL},
        "learning_rate": _LEARNING_RATE,
        "betas": MEMORIES,
        "share": round(100 * share, 1),
        "runs": {name: _shown(path, middle, axes) for name, path in runs.items()},
        "view": view,
        "grid": GRID,
        "contours": _contours(middle, axes, view),
        "ink": [
            "".join(np.base_repr(ink, 17).lower() for ink in one.ravel()) for one in new.astype(int)
        ],
    }


def _view(points):
    """Return the limits of both axes, of the panel's shape, with a margin around all points."""
    middle, size = (points.max(axis=0) + points.min(axis=0)) / 2, np.ptp(points, axis=0) + 2
    half = max(size[0], size[1] * _SHAPE) / 2 * np.array([1, 1 / _SHAPE])
    return np.transpose([middle - half, middle + half]).round(1).tolist()


def _shown(path, middle, axes):
    """Return of a run what is drawn and said: places, losses, and what it reads in ten images."""
    x, new, labels = images()
    losses = [NETWORK.loss(w, x, labels) for w in path]
    read = [NETWORK.predict(w, new.reshape(10, 64) / 16) for w in path]
    across, up = axes @ (path - middle).T
    return {
        "x": _changes(across, 100),
        "y": _changes(up, 100),
        "loss": _changes(losses, 1000),
        "read": "".join(map(str, np.ravel(read))),  # ten digits a step
    }


def _changes(series, parts):
    """Return the first value and all changes, in whole parts of one: few digits, easily packed."""
    return np.diff(np.multiply(series, parts).round(), prepend=0).astype(int).tolist()


def _contours(middle, axes, view):
    """Return contour lines of the loss on the plane, as SVG path data, y downward."""
    x, _, labels = images()
    across, up = (np.linspace(low, high, 34) for low, high in view)
    losses = [[NETWORK.loss(middle + [a, b] @ axes, x, labels) for a in across] for b in up]
    unit = np.linspace(0, GRID, 34)
    lines = contourpy.contour_generator(unit, unit[::-1], losses)
    return "".join(outline(line) for level in _LEVELS for line in lines.lines(level))

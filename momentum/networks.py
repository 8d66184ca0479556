"""A small network that tells classes apart, and its training.

One hidden layer: from n inputs x to hidden units h = max(0, x A + b), and to one score for each
class, h C + c. The *softmax* makes probabilities of the scores, and the loss is the mean of
-log(probability of the right class). All weights, A, b, C and c one after another, are one array
of shape `(dim,)`: a point, which every optimizer of the package can step.
"""

from dataclasses import dataclass

import numpy as np

from momentum import _checks
from momentum._progress import bar
from momentum.descent import _checked_optimizer
from momentum.surfaces.surface import Surface, with_recipe


@dataclass(frozen=True)
class Classifier:
    """A network with one hidden layer of rectified linear units.

    Attributes
    ----------
    inputs, hidden, classes : int
        How many numbers an example has, how many hidden units there are, and how many classes.

    Examples
    --------
    >>> network = Classifier(2, 3, 2)
    >>> w = network.init(np.random.default_rng(0))
    >>> network.dim, w.shape, network.scores(w, [[1.0, 0.0], [0.0, 1.0]]).shape
    (17, (17,), (2, 2))
    """

    inputs: int
    hidden: int
    classes: int

    def __post_init__(self):
        for name, least in (("inputs", 1), ("hidden", 1), ("classes", 2)):
            object.__setattr__(self, name, _checks.count(name, getattr(self, name), least=least))

    @property
    def dim(self):
        """The number of weights."""
        return (self.inputs + 1) * self.hidden + (self.hidden + 1) * self.classes

    def init(self, rng):
        """Return weights to start from, of shape (dim,), drawn from a numpy.random.Generator.

        Normal, of variance 2/inputs (He et al., 2015) and 1/hidden; b and c are 0.
        """
        _checks.generator("rng", rng)
        w = np.zeros(self.dim)
        A, _, C, _ = self._layers(w)
        A[:] = np.sqrt(2 / self.inputs) * rng.normal(size=A.shape)
        C[:] = np.sqrt(1 / self.hidden) * rng.normal(size=C.shape)
        return w

    def scores(self, w, x):
        """Return the scores of each class, of shape (n, classes), for examples (n, inputs)."""
        w, x = self._weights(w), self._examples(x)
        with np.errstate(all="ignore"):
            return self._forward(w, x)[1]

    def predict(self, w, x):
        """Return each example's class of the highest score, or of the first NaN, shape (n,)."""
        return self.scores(w, x).argmax(axis=1)

    def accuracy(self, w, x, labels):
        """Return the share of examples told right, none of them by scores that are not finite."""
        x, labels = self._data(x, labels)
        scores = self.scores(w, x)
        right = (scores.argmax(axis=1) == labels) & np.isfinite(scores).all(axis=1)
        return right.mean().item()

    def loss(self, w, x, labels):
        """Return the mean of -log(probability of the right class)."""
        w, (x, labels) = self._weights(w), self._data(x, labels)
        with np.errstate(all="ignore"):
            return self._loss(w, x, labels)[0].item()

    def gradient(self, w, x, labels):
        """Return the gradient of the loss at w, of shape (dim,)."""
        w, (x, labels) = self._weights(w), self._data(x, labels)
        with np.errstate(all="ignore"):
            return self._loss_and_gradient(w, x, labels)[1]

    @with_recipe
    def surface(self, x, labels):
        """Return the loss over all examples as a surface of dim coordinates.

        Examples
        --------
        >>> network = Classifier(1, 2, 2)
        >>> loss = network.surface([[0.0], [1.0]], [0, 1])
        >>> loss.dim, round(float(loss.value(np.zeros(loss.dim))), 4)
        (10, 0.6931)
        """
        x, labels = map(np.copy, self._data(x, labels))

        def each(one, w):  # of the points of a batch, one after another
            return [one(point.copy(), x, labels) for point in np.reshape(w, (self.dim, -1)).T]

        def f(*w):
            return np.reshape([loss for loss, *_ in each(self._loss, w)], np.shape(w[0]))

        def partials(*w):
            gradients = [g for _, g in each(self._loss_and_gradient, w)]
            return np.reshape(np.transpose(gradients), np.shape(w))

        return Surface("network", self.dim, f, partials)

    def _layers(self, w):
        """Return A, b, C and c as views of the weights."""
        n, h, k = self.inputs, self.hidden, self.classes
        A, b, C, c = np.split(w, np.cumsum([n * h, h, h * k]))
        return A.reshape(n, h), b, C.reshape(h, k), c

    def _forward(self, w, x):
        A, b, C, c = self._layers(w)
        hidden = np.maximum(x @ A + b, 0)
        return hidden, hidden @ C + c

    def _loss(self, w, x, labels):
        """Return the loss, the hidden units, and the probabilities."""
        hidden, scores = self._forward(w, x)
        scores = scores - scores.max(axis=1, keepdims=True)  # no exponential is infinite
        weights = np.exp(scores)
        total = weights.sum(axis=1, keepdims=True)
        right = scores[np.arange(len(labels)), labels]
        return (np.log(total[:, 0]) - right).mean(), hidden, weights / total

    def _loss_and_gradient(self, w, x, labels):
        loss, hidden, error = self._loss(w, x, labels)
        error[np.arange(len(labels)), labels] -= 1
        error /= len(labels)
        back = (error @ self._layers(w)[2].T) * (hidden > 0)
        parts = x.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(axis=0)
        return loss, np.concatenate([part.ravel() for part in parts])

    def _weights(self, w, name="w"):
        w = np.ascontiguousarray(_checks.real(name, w))
        if w.shape != (self.dim,):
            raise ValueError(f"{name} must have shape ({self.dim},), got {w.shape}")
        return w

    def _examples(self, x):
        x = np.asarray(_checks.finite("x", x))
        if x.ndim != 2 or x.shape[1] != self.inputs or not len(x):
            shape = f"(n, {self.inputs}) with n at least 1"
            raise ValueError(f"x must have shape {shape}, got {x.shape}")
        return x

    def _data(self, x, labels):
        x = self._examples(x)
        known, rule = np.arange(self.classes), f"a whole number from 0 to {self.classes - 1}"
        labels = np.asarray(_checks.check("labels", labels, lambda a: np.isin(a, known), rule))
        if labels.shape != x.shape[:1]:
            raise ValueError(f"labels must have shape {x.shape[:1]}, got {labels.shape}")
        return x, labels.astype(int)


@dataclass(frozen=True, eq=False)
class Training:
    """What `train` records.

    Attributes
    ----------
    path : array of shape (epochs + 1, dim)
        The weights at the start and after each epoch.
    losses : array of shape (steps,)
        The loss of each mini-batch before its step.
    """

    path: np.ndarray
    losses: np.ndarray


def train(network, start, x, labels, optimizer, epochs, *, batch_size=None, rng=None,
          progress=True):  # fmt: skip
    """Train a network on examples: one step of an optimizer for each mini-batch.

    Parameters
    ----------
    network : Classifier
    start : array of shape (dim,)
    x : array of shape (n, inputs)
    labels : array of whole numbers, shape (n,)
    optimizer : optimizer
    epochs : int
        How often to go through all examples.
    batch_size : int, optional
        Examples a step. Each epoch shuffles them anew with `rng`, a numpy.random.Generator; what is
        left over is a smaller batch. By default each step sees all examples, in their order.
    progress : bool
        Whether a training that takes long shows a bar.

    Returns
    -------
    Training

    Raises
    ------
    ValueError
        For data of the wrong shape, or mini-batches without a generator. Divergence is no error.

    Examples
    --------
    >>> from momentum import Momentum
    >>> network, x, labels = Classifier(1, 4, 2), [[-1.0], [1.0]], [0, 1]
    >>> start = network.init(np.random.default_rng(0))
    >>> run = train(network, start, x, labels, Momentum(0.1, 0.9), 100)
    >>> bool(run.losses[-1] < 0.01), network.predict(run.path[-1], x).tolist()
    (True, [0, 1])
    """
    _checks.instance(Classifier, "network", network)
    w = network._weights(_checks.finite("start", start), "start")
    x, labels = network._data(x, labels)
    epochs, shown = _checks.count("epochs", epochs), _checks.flag("progress", progress)
    state, path, losses = _single(optimizer).init(w), [w], []
    with np.errstate(all="ignore"), bar("train", epochs, shown, unit=" epochs") as shows:
        for batches in _epochs(len(x), epochs, batch_size, rng):
            for rows in batches:
                loss, g = network._loss_and_gradient(w, x[rows], labels[rows])
                w, state = optimizer.step(w, g, state)
                losses.append(loss)
            path.append(w)
            shows.update()
    return Training(np.array(path), np.array(losses))


def _single(optimizer):
    parameters = getattr(_checked_optimizer(optimizer), "__dict__", {}).values()
    if any(np.ndim(a) for a in parameters):
        rule = "an optimizer of one run, with a number for each parameter"
        _checks.refuse("optimizer", rule, optimizer)
    return optimizer


def _epochs(n, epochs, batch_size, rng):
    """Return, epoch after epoch, the rows of each mini-batch."""
    if batch_size is None:
        return ([slice(None)] for _ in range(epochs))
    size = _checks.count("batch_size", batch_size, least=1)
    _checks.generator("rng", rng)
    orders = (rng.permutation(n) for _ in range(epochs))
    return ([order[k : k + size] for k in range(0, n, size)] for order in orders)

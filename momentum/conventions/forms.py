"""The forms of momentum, each a record with the names and the step of its library or paper."""

from dataclasses import dataclass

from momentum import _checks
from momentum.conventions.form import Form

UNDAMPED = "False without momentum, or with dampening"


@dataclass(frozen=True)
class PyTorch(Form):
    """buf <- momentum buf + (1 - dampening) g, from buf = g; then w <- w - lr buf.

    With `nesterov`, w <- w - lr (g + momentum buf). The first buf is g, whatever the dampening.
    Without momentum neither counts. (`torch.optim.SGD`)

    Examples
    --------
    >>> PyTorch(0.1, momentum=0.5, dampening=0.5).step(1.0, 2.0, None)
    (0.8, 2.0)
    """

    lr: float = 0.001
    momentum: float = 0.0
    dampening: float = 0.0
    nesterov: bool = False
    call = "torch.optim.SGD(params, "
    order = ("params", "lr", "momentum", "dampening", "weight_decay", "nesterov")
    unused = ("weight_decay", "maximize", "foreach", "differentiable", "fused")
    ahead = True

    def __post_init__(self):
        """Check every argument, and what PyTorch itself refuses."""
        super().__post_init__()
        if self.nesterov and (self.momentum == 0 or self.dampening):
            _checks.refuse("nesterov", UNDAMPED, self.nesterov)

    def init(self, w):
        """Return the first state: no buffer yet."""
        return None

    def step(self, w, g, state):
        """Return the next w and the next buffer."""
        if self.momentum == 0:
            return w - self.lr * g, None
        buf = g if state is None else self.momentum * state + (1 - self.dampening) * g
        return w - self.lr * (g + self.momentum * buf if self.nesterov else buf), buf


@dataclass(frozen=True)
class Keras(Form):
    """v <- momentum v - learning_rate g, then w <- w + v.

    With `nesterov`, w <- w + momentum v - learning_rate g. (`keras.optimizers.SGD`)

    Examples
    --------
    >>> Keras().step(1.0, 2.0, 0.0)
    (0.98, -0.02)
    """

    learning_rate: float = 0.01
    momentum: float = 0.0
    nesterov: bool = False
    call = "keras.optimizers.SGD("
    order = ("learning_rate", "momentum", "nesterov")
    unused = (
        *("weight_decay", "clipnorm", "clipvalue", "global_clipnorm", "use_ema", "ema_momentum"),
        *("ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps", "name"),
    )
    ahead = True
    inside = True

    def step(self, w, g, state):
        """Return the next w and the next velocity."""
        v = self.momentum * state - self.learning_rate * g
        return w + (self.momentum * v - self.learning_rate * g if self.nesterov else v), v


@dataclass(frozen=True)
class Optax(Form):
    """trace <- momentum trace + g, then w <- w - learning_rate trace.

    With `nesterov`, w <- w - learning_rate (g + momentum trace). (`optax.sgd`; its momentum=None is
    momentum=0 here)

    Examples
    --------
    >>> Optax(0.1, momentum=0.5, nesterov=True).step(1.0, 2.0, 0.0)
    (0.7, 2.0)
    """

    learning_rate: float
    momentum: float = 0.0
    nesterov: bool = False
    call = "optax.sgd("
    order = ("learning_rate", "momentum", "nesterov", "accumulator_dtype")
    unused = ("accumulator_dtype",)
    ahead = True

    def step(self, w, g, state):
        """Return the next w and the next trace."""
        trace = g + self.momentum * state
        update = g + self.momentum * trace if self.nesterov else trace
        return w - self.learning_rate * update, trace


@dataclass(frozen=True)
class EMA(Form):
    """v <- beta v + (1 - beta) g, then w <- w - learning_rate v: the averaged form.

    Examples
    --------
    >>> EMA(0.1, 0.75).step(1.0, 2.0, 0.0)
    (0.95, 0.5)
    """

    learning_rate: float
    beta: float
    call = "EMA("
    order = ("learning_rate", "beta")

    def step(self, w, g, state):
        """Return the next w and the next average."""
        v = self.beta * state + (1 - self.beta) * g
        return w - self.learning_rate * v, v


@dataclass(frozen=True)
class Polyak(Form):
    """w <- w - alpha g + beta (w - the w before), which at the start is w (Polyak, 1964).

    Examples
    --------
    >>> Polyak(0.25, 0.5).step(1.0, 2.0, 3.0)
    (-0.5, 1.0)
    """

    alpha: float
    beta: float
    call = "Polyak("
    order = ("alpha", "beta")
    inside = True

    def init(self, w):
        """Return the first state: w itself, as if the run had stood still."""
        return w

    def step(self, w, g, state):
        """Return the next w, and w."""
        return w - self.alpha * g + self.beta * (w - state), w


@dataclass(frozen=True)
class Sutskever(Form):
    """v <- mu v - epsilon g, then theta <- theta + v, with g at w = theta + mu v.

    Nesterov's step as Sutskever, Martens, Dahl and Hinton (2013) write it. The step is given w, the
    look-ahead point; its state is theta, the base point, and v.

    Examples
    --------
    >>> Sutskever(0.25, 0.5).step(1.0, 2.0, (1.0, 0.0))
    (0.25, (0.5, -0.5))
    """

    epsilon: float
    mu: float
    call = "Sutskever("
    order = ("epsilon", "mu")
    plain = False
    ahead = True
    inside = True

    def init(self, w):
        """Return the first state: theta at w, and a velocity of zero."""
        return w, super().init(w)

    def step(self, w, g, state):
        """Return the next look-ahead point and the next (theta, v)."""
        v = self.mu * state[1] - self.epsilon * g
        theta = state[0] + v
        return theta + self.mu * v, (theta, v)


@dataclass(frozen=True)
class QHM(Form):
    """d <- momentum d + (1 - momentum) g, then w <- w - lr ((1 - nu) g + nu d).

    Quasi-hyperbolic momentum (Ma and Yarats, 2019), in the words of their library `qhoptim`.

    Examples
    --------
    >>> QHM(0.1, momentum=0.75, nu=0.5).step(1.0, 2.0, 0.0)
    (0.875, 0.5)
    """

    lr: float
    momentum: float
    nu: float
    call = "qhoptim.pyt.QHM(params, "
    order = ("params", "lr", "momentum", "nu")
    unused = ("weight_decay", "weight_decay_type")
    ahead = True

    def step(self, w, g, state):
        """Return the next w and the next average."""
        d = self.momentum * state + (1 - self.momentum) * g
        return w - self.lr * ((1 - self.nu) * g + self.nu * d), d


@dataclass(frozen=True)
class PrimalAveraging(Form):
    """z <- z - gamma g, then w <- (1 - c) w + c z, from z = w (Defazio, 2020).

    Examples
    --------
    >>> PrimalAveraging(0.5, 0.25).step(1.0, 2.0, 1.0)
    (0.75, 0.0)
    """

    gamma: float
    c: float
    call = "PrimalAveraging("
    order = ("gamma", "c")
    inside = True

    def init(self, w):
        """Return the first state: z at w."""
        return w

    def step(self, w, g, state):
        """Return the next w and the next z."""
        z = state - self.gamma * g
        return (1 - self.c) * w + self.c * z, z


FORMS = {
    form.__name__: form
    for form in (PyTorch, Keras, Optax, EMA, Polyak, Sutskever, QHM, PrimalAveraging)
}

"""The update rules, one step each.

An optimizer is a frozen record of its parameters with two pure functions: `init(w)` gives the
first state, and `step(w, g, state)` gives the next w and the next state from the gradient g.
Nothing is changed in place. The rules work element by element, on floats and on arrays alike, and
every parameter may be an array too: one call can step a whole grid of runs.
"""

from dataclasses import dataclass, fields

import numpy as np

from momentum import _checks

_RULES = {
    "learning_rate": _checks.positive,
    "smallest": _checks.positive,
    "largest": _checks.positive,
    "epsilon": _checks.non_negative,
    "beta": _checks.fraction,
    "beta1": _checks.fraction,
    "beta2": _checks.fraction,
    "decay": _checks.fraction,
    "dampening": lambda name, a: _checks.check(name, a, lambda d: (d >= 0) & (d <= 1), "in [0, 1]"),
}


@dataclass(frozen=True)
class _Optimizer:
    """The base of all optimizers: it checks the parameters, and starts from zero.

    A parameter outside its range raises ValueError.
    """

    def __post_init__(self):
        for f in fields(self):
            value = _RULES[f.name](f.name, getattr(self, f.name))
            # A copy of an array: the caller may change theirs.
            object.__setattr__(self, f.name, np.array(value) if np.ndim(value) else value)
        _checks.together(**vars(self))

    def init(self, w):
        """Return the first state: zero, in the shape of w."""
        return 0.0 * abs(w)


@dataclass(frozen=True)
class GradientDescent(_Optimizer):
    """w <- w - learning_rate g (Cauchy, 1847).

    Examples
    --------
    >>> w, _ = GradientDescent(0.1).step(np.array([1.0]), np.array([2.0]), None)
    >>> w.tolist()
    [0.8]
    """

    learning_rate: float

    def init(self, w):
        """Return the first state: none is needed."""
        return None

    def step(self, w, g, state):
        """Return the next w, and no state."""
        return w - self.learning_rate * g, state


@dataclass(frozen=True)
class Momentum(_Optimizer):
    """v <- beta v + (1 - dampening) g, then w <- w - learning_rate v, from v = 0 (Polyak, 1964).

    `dampening=0`, the default, is the raw form of PyTorch, Distill and d2l; `dampening=beta` is the
    form in which v is an exponential moving average. PyTorch leaves the dampening out of its first
    step; this class does not.

    Examples
    --------
    >>> rule = Momentum(0.1, beta=0.9)
    >>> w, v = rule.step(np.array([1.0]), np.array([2.0]), np.array([3.0]))
    >>> v.round(12).tolist(), w.round(12).tolist()
    ([4.7], [0.53])
    """

    learning_rate: float
    beta: float
    dampening: float = 0.0

    def step(self, w, g, state):
        """Return the next w and the next velocity."""
        v = self.beta * state + (1 - self.dampening) * g
        return w - self.learning_rate * v, v


@dataclass(frozen=True)
class Nesterov(_Optimizer):
    """v <- beta v + g, then w <- w - learning_rate (g + beta v), from v = 0.

    Nesterov's accelerated gradient (1983) in the variables of Bengio, Boulanger-Lewandowski and
    Pascanu (2013), as PyTorch writes it: w stands at the look-ahead point, where the gradient is
    taken.

    Examples
    --------
    >>> rule = Nesterov(0.5, beta=0.5)
    >>> w, v = rule.step(np.array([1.0]), np.array([2.0]), np.array([4.0]))
    >>> v.tolist(), w.tolist()
    ([4.0], [-1.0])
    """

    learning_rate: float
    beta: float

    def step(self, w, g, state):
        """Return the next w and the next velocity."""
        v = self.beta * state + g
        return w - self.learning_rate * (g + self.beta * v), v


@dataclass(frozen=True)
class AcceleratedGradient(_Optimizer):
    """Nesterov's form with a beta that grows: (k - 1)/(k + 2) after k steps, so 0, 1/4, 2/5, ...

    v <- beta v + g, then w <- w - learning_rate (g + next beta v). It needs no curvature but the
    largest, for a learning rate of at most 1/largest (Nesterov, 1983; this schedule is that of Su,
    Boyd and Candes, 2016). The state is v and the number of steps taken.

    Examples
    --------
    >>> rule = AcceleratedGradient(0.5)
    >>> w, state = rule.step(np.array([1.0]), np.array([2.0]), rule.init(np.array([1.0])))
    >>> w.tolist(), state[0].tolist(), state[1]
    ([0.0], [2.0], 1.0)
    """

    learning_rate: float

    def init(self, w):
        """Return the first state: no velocity, no step."""
        return super().init(w), 0.0

    def step(self, w, g, state):
        """Return the next w and the next (v, number of steps)."""
        v, k = state
        v = (k - 1) / (k + 2) * v + g
        return w - self.learning_rate * (g + k / (k + 3) * v), (v, k + 1)


@dataclass(frozen=True)
class Chebyshev(_Optimizer):
    """Momentum whose learning rate and beta change with every step, best for a known range.

    For curvatures in [smallest, largest], with r = (largest - smallest)/(largest + smallest)::

        d <- (s - 1) d - s 2/(smallest + largest) g,  w <- w + d
        s = 1, then 1/(1 - r**2/2), then again and again 1/(1 - r**2 s/4)

    (Flanders and Shortley, 1950; Golub and Varga, 1961). s tends to 1 + the best beta: in the end
    this is momentum with the optimal pair. The state is d, s and the next s.

    Examples
    --------
    >>> rule = Chebyshev(1.0, 3.0)
    >>> w, state = rule.step(np.array([1.0]), np.array([1.0]), rule.init(np.array([1.0])))
    >>> w.tolist(), state[1]
    ([0.5], 1.1428571428571428)
    """

    smallest: float
    largest: float

    def __post_init__(self):
        """Check the range."""
        super().__post_init__()
        _checks.ordered(self.smallest, self.largest)
        with np.errstate(over="ignore"):
            _checks.finite("smallest + largest", np.add(self.smallest, self.largest))

    def init(self, w):
        """Return the first state: no step, and the first two s."""
        return super().init(w), 1.0, 1 / (1 - self._ratio_squared() / 2)

    def step(self, w, g, state):
        """Return the next w and the next (d, s, s after it)."""
        d, s, following = state
        d = (s - 1) * d - s * (2 / (self.smallest + self.largest)) * g
        return w + d, (d, following, 1 / (1 - self._ratio_squared() * following / 4))

    def _ratio_squared(self):
        ratio = (self.largest - self.smallest) / (self.largest + self.smallest)
        return ratio * ratio


@dataclass(frozen=True)
class AdaGrad(_Optimizer):
    """s <- s + g**2, then w <- w - learning_rate g/(sqrt(s) + epsilon), from s = 0.

    Each coordinate has its own s (Duchi, Hazan and Singer, 2011). With epsilon = 0 a gradient of 0
    at the first step gives 0/0, which is NaN.

    Examples
    --------
    >>> w, s = AdaGrad(0.5, epsilon=0.0).step(np.array([1.0]), np.array([4.0]), np.array([9.0]))
    >>> s.tolist(), w.tolist()
    ([25.0], [0.6])
    """

    learning_rate: float
    epsilon: float = 1e-10

    def step(self, w, g, state):
        """Return the next w and the next sum of squared gradients."""
        s = state + g * g
        return w - self.learning_rate * g / (np.sqrt(s) + self.epsilon), s


@dataclass(frozen=True)
class RMSProp(_Optimizer):
    """s <- decay s + (1 - decay) g**2, then w <- w - learning_rate g/(sqrt(s) + epsilon).

    From s = 0 (Tieleman and Hinton, 2012). The default decay and
    epsilon are PyTorch's, which calls the decay alpha.

    Examples
    --------
    >>> rule = RMSProp(0.5, decay=0.75, epsilon=0.0)
    >>> w, s = rule.step(np.array([1.0]), np.array([4.0]), np.array([0.0]))
    >>> s.tolist(), w.tolist()
    ([4.0], [0.0])
    """

    learning_rate: float
    decay: float = 0.99
    epsilon: float = 1e-8

    def step(self, w, g, state):
        """Return the next w and the next mean of squared gradients."""
        s = self.decay * state + (1 - self.decay) * (g * g)
        return w - self.learning_rate * g / (np.sqrt(s) + self.epsilon), s


@dataclass(frozen=True)
class Adam(_Optimizer):
    """Momentum in its averaged form over the root of a mean square, both debiased.

    At step t = 1, 2, ... (Kingma and Ba, 2015)::

        m <- beta1 m + (1 - beta1) g
        s <- beta2 s + (1 - beta2) g**2
        w <- w - learning_rate (m/(1 - beta1**t)) / (sqrt(s/(1 - beta2**t)) + epsilon)

    Examples
    --------
    >>> rule = Adam(0.5, epsilon=0.0)
    >>> w, _ = rule.step(np.array([1.0]), np.array([4.0]), rule.init(np.array([1.0])))
    >>> w.round(12).tolist()
    [0.5]
    """

    learning_rate: float = 1e-3
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def init(self, w):
        """Return the first state: both averages at zero, and both beta**t at 1."""
        return super().init(w), super().init(w), 1.0, 1.0

    def step(self, w, g, state):
        """Return the next w and the next (m, s, beta1**t, beta2**t)."""
        m, s, power1, power2 = state
        # A running product, not a power: the same bits on every machine and in a browser.
        power1, power2 = power1 * self.beta1, power2 * self.beta2
        m = self.beta1 * m + (1 - self.beta1) * g
        s = self.beta2 * s + (1 - self.beta2) * (g * g)
        mean, mean_square = m / (1 - power1), s / (1 - power2)
        w = w - self.learning_rate * mean / (np.sqrt(mean_square) + self.epsilon)
        return w, (m, s, power1, power2)

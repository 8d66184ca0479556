"""Gradient descent with momentum: the package behind the book.

Importing it loads NumPy alone. `momentum.figures` draws with matplotlib and is loaded on first use.
"""

from importlib import import_module

from momentum import surfaces, theory
from momentum.averages import effective_sample_size, ema, ema_weights, half_life, mean_age
from momentum.descent import Sweep, Trajectory, descend, sweep
from momentum.optimizers import Adam, AdaGrad, GradientDescent, Momentum, Nesterov, RMSProp
from momentum.theory import gain

__version__ = "0.1.0"
__all__ = [
    "AdaGrad",
    "Adam",
    "GradientDescent",
    "Momentum",
    "Nesterov",
    "RMSProp",
    "Sweep",
    "Trajectory",
    "descend",
    "effective_sample_size",
    "ema",
    "ema_weights",
    "figures",
    "gain",
    "half_life",
    "mean_age",
    "surfaces",
    "sweep",
    "theory",
]


def __getattr__(name):
    if name == "figures":
        return import_module("momentum.figures")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Gradient descent with momentum: the package behind the book.

Every name below is loaded from its module on first use, so that importing the package costs next
to nothing, and matplotlib is loaded only when a figure is asked for.
"""

from importlib import import_module

__version__ = "0.1.0"

_MODULES = (
    "averages",
    "conventions",
    "data",
    "descent",
    "explorers",
    "figures",
    "networks",
    "optimizers",
    "surfaces",
    "sweeps",
    "theory",
)
_HOMES = {
    "ema": "averages",
    "ema_weights": "averages",
    "effective_sample_size": "averages",
    "half_life": "averages",
    "mean_age": "averages",
    "GradientDescent": "optimizers",
    "Momentum": "optimizers",
    "Nesterov": "optimizers",
    "AcceleratedGradient": "optimizers",
    "Chebyshev": "optimizers",
    "AdaGrad": "optimizers",
    "RMSProp": "optimizers",
    "Adam": "optimizers",
    "gain": "theory",
    "descend": "descent",
    "sweep": "sweeps",
    "Trajectory": "descent",
    "Sweep": "sweeps",
    "SweepError": "sweeps",
}
# Not the upper floors: they need matplotlib and anywidget.
__all__ = [*_HOMES, *(name for name in _MODULES if name not in ("explorers", "figures"))]


def __getattr__(name):
    if name in _MODULES:
        return import_module(f"momentum.{name}")
    if name in _HOMES:
        return getattr(import_module(f"momentum.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted({*globals(), *_HOMES, *_MODULES})

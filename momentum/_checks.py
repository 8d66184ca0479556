"""Argument checks. Every error names the argument, the rule and the offending value."""

import numpy as np


def check(name, value, holds, rule):
    """Return `value` as a float or float array, or raise ValueError where `holds` is false.

    `holds` maps a float array to a boolean array of the same shape.
    """
    if value is None or isinstance(value, str):
        raise ValueError(f"{name} must be {rule}, got {value!r}")
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be {rule}, got {value!r}") from None
    bad = ~np.asarray(holds(array))
    if bad.any():
        first = np.broadcast_to(array, bad.shape)[bad][0]
        raise ValueError(f"{name} must be {rule}, got {first:g}")
    return float(array) if array.ndim == 0 else array


def positive(name, value):
    """Return `value` if it is positive and finite, elementwise."""
    return check(name, value, lambda a: (a > 0) & np.isfinite(a), "positive and finite")


def non_negative(name, value):
    """Return `value` if it is at least 0 and finite, elementwise."""
    return check(name, value, lambda a: (a >= 0) & np.isfinite(a), "at least 0 and finite")


def finite(name, value):
    """Return `value` if it is finite, elementwise."""
    return check(name, value, np.isfinite, "finite")


def fraction(name, value):
    """Return `value` if it lies in [0, 1), elementwise."""
    return check(name, value, lambda a: (a >= 0) & (a < 1), "in [0, 1)")


def at_least_1(name, value):
    """Return `value` if it is at least 1 and finite, elementwise."""
    return check(name, value, lambda a: (a >= 1) & np.isfinite(a), "at least 1 and finite")


def together(**named):
    """Raise ValueError unless the shapes of all arguments broadcast."""
    shapes = {name: np.shape(value) for name, value in named.items()}
    try:
        np.broadcast_shapes(*shapes.values())
    except ValueError:
        first, *others = shapes
        raise ValueError(
            f"{first} must have a shape that broadcasts with {', '.join(others)}, got {shapes}"
        ) from None


def one(rule, name, value):
    """Return `value` if it is a single number that satisfies `rule`, a check of this module."""
    if np.ndim(value):
        raise ValueError(f"{name} must be one number, got an array of shape {np.shape(value)}")
    return rule(name, value)


def generator(name, value):
    """Return `value` if it is a numpy.random.Generator."""
    if not isinstance(value, np.random.Generator):
        raise ValueError(f"{name} must be a numpy.random.Generator, got {value!r}")
    return value


def count(name, value, *, least=0):
    """Return `value` if it is a whole number of at least `least`."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")
    return int(value)


def plain(result):
    """Return a float for a single number, the array itself otherwise."""
    return result if np.ndim(result) else float(result)

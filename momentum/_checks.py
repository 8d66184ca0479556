"""Argument checks, one place for the whole package.

A number is an int or a float, of Python or NumPy, or a rectangular array or list of them. What only
looks like one is refused: text, bytes, truth values, dates, None, complex numbers, masked and
object arrays, buffers. Every error names the argument, the rule and the offending value.
"""

from operator import index
from reprlib import Repr

import numpy as np

_KIND = "an int, a float or a rectangular array of them, within float64"
_LONGEST = 100  # of what a message shows of a value, in characters
_MOST = 2**53  # up to here float64 counts exactly


class _Short(Repr):
    def __init__(self):
        super().__init__()
        self.maxstring = self.maxother = 60

    def repr_int(self, x, level):
        """Shorten also what Python refuses to print."""
        large = x.bit_length() > 256
        return f"an integer of {x.bit_length()} bits" if large else repr(x)


_short = _Short()


def short(value):
    """Return `value` as an error message shows it: in one line, and cut short."""
    text = " ".join(_short.repr(value).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 23]}...{text[-20:]}"


def refuse(name, rule, value):
    """Raise ValueError for an argument that breaks a rule."""
    raise ValueError(f"{name} must be {rule}, got {short(value)}") from None


def real(name, value, rule=None):
    """Return a float array of `value`, if it is of a real numeric kind.

    `rule` is what else will be asked of it, for the message.
    """
    if type(value) is float or (type(value) is np.ndarray and value.dtype == float):
        return np.asarray(value)
    try:
        with np.errstate(over="ignore"):
            array = np.asarray(value, dtype=float) if _is_real(value) else None
        lost = array is None or _overflowed(array, value)
    except (TypeError, ValueError, OverflowError, RecursionError):
        lost = True
    if lost:
        refuse(name, f"{rule}, {_KIND}" if rule else _KIND, value)
    return array


def _is_real(value):
    if isinstance(value, list | tuple):
        return set(map(type, value)) <= {float, int} or all(map(_is_real, value))
    if isinstance(value, int | float):
        return not isinstance(value, bool)
    if isinstance(value, bytes | bytearray | memoryview) or _is_masked(value):
        return False
    return np.asarray(value).dtype.kind in "iuf"


def _is_masked(value):
    return isinstance(value, np.ma.MaskedArray)


def _overflowed(array, value):
    """Return whether a long double that is finite became infinite in float64."""
    infinite = np.isinf(array)
    return infinite.any() and np.isfinite(np.asarray(value, dtype=np.longdouble)[infinite]).any()


def check(name, value, holds, rule):
    """Return `value` as a float or float array, or raise ValueError where `holds` is false.

    `holds` maps a float array to a boolean array of the same shape.
    """
    array = real(name, value, rule)
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


def above_1(name, value):
    """Return `value` if it is above 1 and finite, elementwise."""
    return check(name, value, lambda a: (a > 1) & np.isfinite(a), "above 1 and finite")


def ordered(smallest, largest, *, strictly=False):
    """Raise ValueError unless `smallest` is at most (or strictly below) `largest`, elementwise."""
    holds, rule = (np.less, "below") if strictly else (np.less_equal, "at most")
    bad = ~holds(smallest, largest)
    if bad.any():
        low, high = (np.broadcast_to(end, bad.shape)[bad][0] for end in (smallest, largest))
        raise ValueError(f"smallest must be {rule} largest, got {low:g} and {high:g}")


def together(**checked):
    """Raise ValueError unless the shapes of all arguments broadcast."""
    shapes = {name: np.shape(value) for name, value in checked.items()}
    try:
        np.broadcast_shapes(*shapes.values())
    except ValueError:
        first, *others = shapes
        raise ValueError(
            f"{first} must have a shape that broadcasts with {', '.join(others)}, got {shapes}"
        ) from None


def broadcasting(**arguments):
    """Return arguments, each given as (rule, value), if they pass and their shapes broadcast."""
    checked = {name: rule(name, value) for name, (rule, value) in arguments.items()}
    together(**checked)
    return checked.values()


def one(rule, name, value):
    """Return `value` if it is a single number that satisfies `rule`, a check of this module."""
    checked = rule(name, value)
    if np.ndim(checked):
        raise ValueError(f"{name} must be one number, got an array of shape {np.shape(checked)}")
    return checked


def instance(kind, name, value):
    """Return `value` if it is an instance of the class `kind`."""
    if not isinstance(value, kind):
        refuse(name, f"a {kind.__name__}", value)
    return value


def generator(name, value):
    """Return `value` if it is a numpy.random.Generator."""
    if not isinstance(value, np.random.Generator):
        refuse(name, "a numpy.random.Generator", value)
    return value


def flag(name, value):
    """Return `value` if it is True or False."""
    if not isinstance(value, bool | np.bool_):
        refuse(name, "True or False", value)
    return bool(value)


def count(name, value, *, least=0, most=_MOST):
    """Return `value` if it is a whole number from `least` to `most`."""
    rule = f"of at least {least}" if most == _MOST else f"from {least} to {most}"
    try:
        whole = None if isinstance(value, bool | np.bool_) or _is_masked(value) else index(value)
    except TypeError:
        whole = None
    if whole is None or whole < least:
        refuse(name, f"a whole number {rule}", value)
    if whole > most:
        refuse(name, f"a whole number {rule if most < _MOST else 'of at most 2**53'}", value)
    return whole


def plain(result):
    """Return a float for a single number, the array itself otherwise."""
    return result if np.ndim(result) else float(result)

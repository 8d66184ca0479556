"""Record a straight line of elementwise array code.

A function runs once on `Node`s, which stand for arrays not yet known: each NumPy operation on them
is written to a `Tape`. What replays the tape gets the bits of the function itself: they are the
same operations in the same order.
"""

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

_FLOAT, _BOOL = np.dtype(float), np.dtype(bool)
_ONE = (_FLOAT, np.float64(1.0).tobytes())
# The ufuncs that mean the same on Python's truth values, which are the integers 0 and 1.
_OF_TRUTH = {np.logical_and, np.logical_or, np.logical_xor, np.logical_not, np.equal, np.not_equal}
_OF_TRUTH |= {np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.multiply}


class RecordingError(TypeError):
    """Raised where a function does more than elementwise arithmetic.

    Examples
    --------
    >>> (x,) = Tape(1).nodes()
    >>> x if x > 0 else -x
    Traceback (most recent call last):
    momentum.sweeps.recorder.RecordingError: a branch that depends on the data
    """


class Node(NDArrayOperatorsMixin):
    """A value still to be computed; every operation on it is recorded.

    `array` says whether it stands for an array, or for a float. It makes a difference to ** and to
    operators like +=, which change an array in place.

    Examples
    --------
    >>> x, y = Tape(2).nodes()
    >>> (x + y).index, np.tanh(x).index, (x + y).index
    (2, 3, 2)
    """

    def __init__(self, tape, index, dtype, array):
        self.tape, self.index, self.dtype, self.array = tape, index, dtype, array

    def __array_ufunc__(self, ufunc, method, *args, **options):
        if method != "__call__" or options or ufunc.nout > 1 or ufunc.signature:
            raise RecordingError(f"{ufunc.__name__}.{method} with {options}")
        return self.tape.ufunc(ufunc, *args)

    def __array_function__(self, function, types, args, options):
        if options or len(args) != 3 or function not in (np.where, np.clip):
            raise RecordingError(function.__name__)
        return self.tape.where(*args) if function is np.where else self.tape.clip(*args)

    def __pow__(self, other):
        return self.tape.power(self, other)

    def __rpow__(self, other):
        return self.tape.power(other, self)

    def __array__(self, *args, **options):
        raise RecordingError("a conversion to an array")

    def __bool__(self):
        raise RecordingError("a branch that depends on the data")


def _in_place(operate):
    """Return the form of an operator that changes an array in place, but leaves a float alone."""

    def change(node, other):
        result = operate(node, other)
        if not node.array:
            return result
        if node.index < node.tape.inputs or node.dtype != result.dtype:
            raise RecordingError("a change of an input or of a type")
        node.index = result.index
        return node

    return change


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor"):
    setattr(Node, f"__i{_name}__", _in_place(getattr(Node, f"__{_name}__")))


def _where(condition, chosen, other, out):
    """Do what np.where does, into `out`."""
    np.copyto(out, other)
    np.copyto(out, chosen, where=condition)


class Tape:
    """The operations of a recording in their order, none of them twice.

    Values are numbered, first the inputs, then the results of the operations. An operation is
    (function, arguments); an argument is such a number, or a constant as an array of no dimension.
    `known` gives the number of each operation's result, with the bytes of its constants. `arrays`
    says whether the inputs stand for arrays, or for floats.

    Examples
    --------
    >>> tape = Tape(1)
    >>> (x,) = tape.nodes()
    >>> y = 1.0 * x + 3
    >>> tape.operations
    [(<ufunc 'add'>, (0, array(3.)))]
    """

    def __init__(self, inputs):
        self.inputs, self.operations, self.dtypes = inputs, [], [_FLOAT] * inputs
        self.arrays, self.known = True, {}

    def nodes(self):
        """Return the inputs."""
        return [Node(self, i, _FLOAT, self.arrays) for i in range(self.inputs)]

    def ufunc(self, ufunc, *args):
        """Write a ufunc down and return its result."""
        *dtypes, out = ufunc.resolve_dtypes((*map(_type, args), None))
        if not self.arrays and set(dtypes) == {_BOOL} and ufunc not in _OF_TRUTH:
            raise RecordingError(f"{ufunc.__name__} of truth values")
        return self._write(ufunc, tuple(map(_argument, args, dtypes)), out)

    def power(self, base, exponent):
        """Write ** down: np.power if one is an array, the C library's np.float_power if none is."""
        array = any(isinstance(a, np.ndarray) or getattr(a, "array", 0) for a in (base, exponent))
        return self.ufunc(np.power if array else np.float_power, base, exponent)

    def where(self, condition, chosen, other):
        """Write np.where down and return its result: an array, even where all others are floats."""
        types = [_type(a) for a in (condition, chosen, other)]
        if types[0] != _BOOL or _FLOAT not in types[1:]:
            raise RecordingError(f"where of {types}")
        args = map(_argument, (condition, chosen, other), (_BOOL, _FLOAT, _FLOAT))
        return self._write(_where, tuple(args), _FLOAT, array=True)

    def clip(self, a, low, high):
        """Write np.clip down and return its result; a bound may be None."""
        if low is None or high is None:
            return np.minimum(a, high) if low is None else np.maximum(a, low)
        types = [_type(one) for one in (a, low, high)]
        if types[0] != _FLOAT:
            raise RecordingError(f"clip of {types}")
        return self._write(np.clip, tuple(_argument(one, _FLOAT) for one in (a, low, high)), _FLOAT)

    def result(self, a):
        """Return a result that no operation overwrites, also where it is an input or a constant."""
        if isinstance(a, Node) and a.index >= self.inputs and a.dtype == _FLOAT:
            return a
        return self.ufunc(np.positive, a)

    def _write(self, function, args, dtype, array=False):
        if dtype not in (_FLOAT, _BOOL):
            raise RecordingError(f"{function.__name__} gives {dtype}")
        keys = [a if isinstance(a, int) else (a.dtype, a.tobytes()) for a in args]
        rest = [a for a in keys if a != _ONE]
        if function is np.multiply and len(rest) == 1 and self.dtypes[rest[0]] == _FLOAT:
            index = rest[0]  # 1 x is x bit for bit, unless x is a truth value
        else:
            index = self.known.setdefault((function, *keys), len(self.dtypes))
        if index == len(self.dtypes):
            self.operations.append((function, args))
            self.dtypes.append(dtype)
        return Node(self, index, self.dtypes[index], array or self.arrays)


def _type(a):
    """Return a dtype, or int or float for a Python number, which takes the type of its partner."""
    if type(a) in (int, float):
        return type(a)
    if not isinstance(a, Node) and np.ndim(a):
        raise RecordingError(f"a constant of shape {np.shape(a)}")
    dtype = a.dtype if isinstance(a, Node) else np.asarray(a).dtype
    if dtype != _FLOAT and dtype.kind not in "biu":
        raise RecordingError(f"a constant of {dtype}")
    return dtype


def _argument(a, dtype):
    return a.index if isinstance(a, Node) else np.asarray(a, dtype=dtype)

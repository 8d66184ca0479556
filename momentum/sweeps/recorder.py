"""Record a straight line of elementwise array code.

A function runs once on `Node`s, which stand for arrays not yet known: each NumPy operation on them
is written to a `Tape`. What replays the tape gets the bits of the function itself: they are the
same operations in the same order.
"""

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

_FLOAT, _BOOL = np.dtype(float), np.dtype(bool)
_ONE = (_FLOAT, np.float64(1.0).tobytes())


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

    Examples
    --------
    >>> x, y = Tape(2).nodes()
    >>> (x + y).index, np.tanh(x).index, (x + y).index
    (2, 3, 2)
    """

    def __init__(self, tape, index, dtype):
        self.tape, self.index, self.dtype = tape, index, dtype

    def __array_ufunc__(self, ufunc, method, *args, **options):
        if method != "__call__" or options or ufunc.nout > 1 or ufunc.signature:
            raise RecordingError(f"{ufunc.__name__}.{method} with {options}")
        return self.tape.ufunc(ufunc, *args)

    def __array_function__(self, function, types, args, options):
        if options or len(args) != 3 or function not in (np.where, np.clip):
            raise RecordingError(function.__name__)
        return self.tape.function(_where if function is np.where else np.clip, *args)

    def __pow__(self, other):
        return self.tape.ufunc(self.tape.power, self, other)

    def __rpow__(self, other):
        return self.tape.ufunc(self.tape.power, other, self)

    def __array__(self, *args, **options):
        raise RecordingError("a conversion to an array")

    def __bool__(self):
        raise RecordingError("a branch that depends on the data")


def _where(condition, chosen, other, out):
    """Do what np.where does, into `out`."""
    np.copyto(out, other)
    np.copyto(out, chosen, where=condition)


class Tape:
    """The operations of a recording in their order, none of them twice.

    Values are numbered, first the inputs, then the results of the operations. An operation is
    (function, arguments); an argument is such a number, or a constant as an array of no dimension.
    `power` is what ** means: np.power on arrays, np.float_power (the C library's) on floats.

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
        self.power = np.power
        self._known = {}

    def nodes(self):
        """Return the inputs."""
        return [Node(self, i, _FLOAT) for i in range(self.inputs)]

    def ufunc(self, ufunc, *args):
        """Write a ufunc down and return its result."""
        *dtypes, out = ufunc.resolve_dtypes((*map(_type, args), None))
        return self._write(ufunc, tuple(map(_argument, args, dtypes)), out)

    def function(self, function, *args):
        """Write np.clip or `_where` down and return its result."""
        types = [_type(a) for a in args]
        wanted = [_BOOL if function is _where else _FLOAT, _FLOAT, _FLOAT]
        if types[0] != wanted[0] or _FLOAT not in (types[1:] if function is _where else types):
            raise RecordingError(f"{function.__name__} of {types}")
        return self._write(function, tuple(map(_argument, args, wanted)), _FLOAT)

    def result(self, a):
        """Return a result that no operation overwrites, also where it is an input or a constant."""
        if isinstance(a, Node) and a.index >= self.inputs and a.dtype == _FLOAT:
            return a
        return self.ufunc(np.positive, a)

    def _write(self, function, args, dtype):
        if dtype not in (_FLOAT, _BOOL):
            raise RecordingError(f"{function.__name__} gives {dtype}")
        keys = [a if isinstance(a, int) else (a.dtype, a.tobytes()) for a in args]
        if function is np.multiply and _ONE in keys:  # 1 x, which is x bit for bit
            index = next(a for a in keys if a != _ONE)
        else:
            index = self._known.setdefault((function, *keys), len(self.dtypes))
        if index == len(self.dtypes):
            self.operations.append((function, args))
            self.dtypes.append(dtype)
        return Node(self, index, self.dtypes[index])


def _type(a):
    """Return a dtype, or int or float for a Python number, which takes the type of its partner."""
    if type(a) in (int, float):
        return type(a)
    if not isinstance(a, Node) and np.ndim(a):
        raise RecordingError(f"a constant of shape {np.shape(a)}")
    return a.dtype if isinstance(a, Node) else np.asarray(a).dtype


def _argument(a, dtype):
    return a.index if isinstance(a, Node) else np.asarray(a, dtype=dtype)

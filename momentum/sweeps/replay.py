"""Replay what was recorded on a tape, again and again, without allocating.

A `Program` is what a tape needs for certain results, with a buffer for every operation. A `Replay`
runs it on arrays of any length, with `out=`.
"""

from collections import defaultdict
from functools import partial

import numpy as np

_FLOAT = np.dtype(float)


class Program:
    """The part of a tape that some results need, as calls on numbered buffers.

    Parameters
    ----------
    tape : Tape
    results : sequence of Nodes
        Result i takes the place of input i; an empty sequence leaves all inputs as they are.
    extra : Node, optional
        One more result, which is left in the buffer `extra`.

    Examples
    --------
    >>> from momentum.sweeps.recorder import Tape
    >>> tape = Tape(1)
    >>> (x,) = tape.nodes()
    >>> Program(tape, [2 * x + 1]).calls  # twice in place
    [(<ufunc 'multiply'>, (array(2.), 0, 0)), (<ufunc 'add'>, (0, array(1.), 0))]
    """

    def __init__(self, tape, results, extra=None):
        self.calls, self.dtypes = [], [_FLOAT] * tape.inputs
        homes = {node.index: home for home, node in enumerate(results)}
        last = _last_uses(tape, [*homes, *([] if extra is None else [extra.index])])
        wanted = _wanted(tape, homes, last)
        place, free = {i: i for i in range(tape.inputs)}, defaultdict(list)
        for index, (function, args) in enumerate(tape.operations, tape.inputs):
            if index in last:
                dying = {place[a] for a in args if isinstance(a, int) and last[a] == index}
                elementwise = isinstance(function, np.ufunc)  # may overwrite what it reads
                self._release(free, dying if elementwise else (), tape.inputs)
                place[index] = self._buffer(free, wanted.get(index), tape.dtypes[index])
                self._release(free, () if elementwise else dying, tape.inputs)
                where = [place[a] if isinstance(a, int) else a for a in args]
                self.calls.append((function, (*where, place[index])))
        moves = [(place[node], home) for node, home in homes.items() if place[node] != home]
        self.calls += [(np.positive, move) for move in moves]
        self.extra = None if extra is None else place[extra.index]

    def _release(self, free, buffers, inputs):
        """Set buffers free: those of the inputs one by one, all others by their dtype."""
        for b in buffers:
            free[b if b < inputs else self.dtypes[b]].append(b)

    def _buffer(self, free, wanted, dtype):
        """Return the wanted buffer, that of an input, if it is free, or another, of no input."""
        for key in (wanted, dtype) if dtype == _FLOAT else (dtype,):
            if free[key]:
                return free[key].pop()
        self.dtypes.append(dtype)
        return len(self.dtypes) - 1


def _last_uses(tape, kept):
    """Return the operation after which each value is no longer needed, for all that are needed."""
    last = dict.fromkeys(kept, np.inf)
    for index in reversed(range(tape.inputs, len(tape.dtypes))):
        if index in last:
            for a in tape.operations[index - tape.inputs][1]:
                if isinstance(a, int):
                    last.setdefault(a, index)
    return last


def _wanted(tape, homes, last):
    """Return the buffer each value should have: its home, or that of what it is last used for.

    What is computed in place touches less memory.
    """
    wanted = dict(homes)
    for index in reversed(range(tape.inputs, len(tape.dtypes))):
        if index in wanted:
            for a in tape.operations[index - tape.inputs][1]:
                if isinstance(a, int) and last[a] == index:
                    wanted.setdefault(a, wanted[index])
    return wanted


def aligned(rows, n, dtype=float):
    """Return an empty array whose rows begin where a 64-byte vector may: a fifth less time.

    Examples
    --------
    >>> [row.ctypes.data % 64 for row in aligned(2, 3)]
    [0, 0]
    """
    width = -(-n // 64) * 64
    raw = np.empty(rows * width + 64, dtype)
    first = -raw.ctypes.data % 64 // raw.itemsize
    return raw[first : first + rows * width].reshape(rows, width)[:, :n]


class Replay:
    """A program at work on its inputs, an array of shape (inputs, n) that it changes in place.

    Examples
    --------
    >>> from momentum.sweeps.recorder import Tape
    >>> tape = Tape(1)
    >>> (x,) = tape.nodes()
    >>> w = np.array([[1.0, 2.0, 3.0]])
    >>> Replay(Program(tape, [2 * x]), w).run(3)
    >>> w.tolist()
    [[8.0, 16.0, 24.0]]
    """

    def __init__(self, program, inputs):
        self.program, self._inputs = program, inputs
        rest = program.dtypes[len(inputs) :]
        self._memory = [*inputs, *(aligned(1, inputs.shape[1], dtype)[0] for dtype in rest)]
        self._bind(inputs.shape[1])

    def _bind(self, n):
        self.inputs = self._inputs[:, :n]
        views = [buffer[:n] for buffer in self._memory]
        self._calls = [
            _call(function, tuple(views[a] if isinstance(a, int) else a for a in args))
            for function, args in self.program.calls
        ]
        self.extra = None if self.program.extra is None else views[self.program.extra]

    def run(self, times, record=None):
        """Run the program so many times; copy the extra result of run k into `record[k]`."""
        calls = self._calls
        for k in range(times):
            for function, args in calls:
                function(*args)
            if record is not None:
                np.copyto(record[k, : len(self.extra)], self.extra)

    def keep(self, chosen):
        """Go on with some columns of the inputs only, those of an increasing list of indices."""
        self._inputs[:, : len(chosen)] = self.inputs.take(chosen, axis=1)
        self._bind(len(chosen))


def _call(function, args):
    """Return a function and its arguments, the output last: by place it costs least."""
    if function in (np.maximum, np.minimum):  # the two that do not take it by place
        return partial(function, out=args[-1]), args[:-1]
    return function, args

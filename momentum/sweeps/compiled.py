"""The steps of a sweep, compiled by numba: the surface's own functions, the optimizer's own `step`.

Only what IEEE 754 fixes is compiled, + - * / and comparisons, abs and np.sqrt: it gives the bits of
NumPy. Others may not: np.tanh and ** may round, np.maximum choose between 0.0 and -0.0, otherwise.
"""

import builtins
import dis
import pickle
from collections import namedtuple

import numpy as np

LANES = 256  # runs stepped together, as vectors, while all their numbers are in the first cache
MOST = 16  # coordinates: more take too long to compile
OPERATORS = {"+", "-", "*", "/", "&", "|", "+=", "-=", "*=", "/=", "[]"}
WALK = """
def walk(lanes, seen, times):
    for k in range(times):
        for i in range({LANES}):
            w = {w}
            {observe}
            g, rule = partials(*w), Rule{parameters}
            {moves}
"""
_known = {}  # by code and numbers: a process makes a surface anew for every block


class _NotCompiledError(Exception):
    """Why the steps of a sweep are not compiled."""


def _compiled(surface, rule, size, observed):
    """Return what `blocks._plain` returns, compiled."""
    names = tuple(getattr(rule, "__dict__", ()))
    if surface.dim > MOST or any(hasattr(np, name) for name in names):
        raise _NotCompiledError(f"it has more than {MOST} coordinates, or a parameter odd to numba")
    try:
        calls = surface.f, surface.partials, type(rule).step
        calls = [_jitted(getattr(call, "call", call), names) for call in calls]
        alike = tuple(None if np.ndim(a) else repr(float(a)) for a in vars(rule).values())
        key = (*calls, names, alike, surface.dim, size, observed)
        if key not in _known:
            _known[key] = _kernel(*key)
    except ImportError:
        raise _NotCompiledError("numba is missing (pip install momentum-book[fast])") from None
    except _NotCompiledError:
        raise
    except Exception as cause:
        raise _NotCompiledError("numba cannot compile it") from cause
    return _known[key]


def _jitted(function, names):
    """Return a function compiled, if it only calculates; `names` are what a step has of `self`."""
    code, scope = function.__code__, {**vars(builtins), **function.__globals__}
    numbers = [function.__defaults__, *(cell.cell_contents for cell in function.__closure__ or ())]
    for at in dis.get_instructions(code):
        if at.opname == "LOAD_GLOBAL" and isinstance(scope.get(at.argval), int | float):
            numbers.append(scope[at.argval])
        elif not _is_exact(at, scope, names):
            name = at.argrepr if at.opname == "BINARY_OP" else at.argval or at.opname
            raise _NotCompiledError(f"it uses {name}")
    key = code, pickle.dumps(numbers)
    if key not in _known:
        _known[key] = _jit(function)
    return _known[key]


def _is_exact(at, scope, names):
    if at.opname == "LOAD_GLOBAL":
        return any(scope.get(at.argval) is one for one in (np, abs, zip))
    if at.opname in ("LOAD_ATTR", "LOAD_METHOD"):
        return at.argval in ("sqrt", *names)
    if at.opname == "BINARY_OP":
        return at.argrepr in OPERATORS
    return at.opname not in ("MAKE_FUNCTION", "UNARY_INVERT")


def _jit(function):
    from numba import njit

    return njit(function, error_model="numpy", nogil=True)


def _kernel(f, partials, step, names, alike, dim, size, observed):
    """Return advance(rows, values, times), which steps copies of `LANES` columns at a time."""
    code = WALK.format(**_parts(alike, dim, size, observed), LANES=LANES)
    scope = {"f": f, "partials": partials, "step": step, "Rule": namedtuple("Rule", names)}
    exec(code, scope)
    walk, last = _jit(scope["walk"]), dim * (1 + (size or 1))

    @_jit
    def advance(rows, values, times):
        lanes, seen = np.ones(len(rows) * LANES), np.empty(len(values) * LANES)
        for first in range(0, rows.shape[1], LANES):
            n = min(LANES, rows.shape[1] - first)
            for row in range(len(rows)):
                lanes[row * LANES : row * LANES + n] = rows[row, first : first + n]
            walk(lanes, seen, times)
            for row in range(last):
                rows[row, first : first + n] = lanes[row * LANES : row * LANES + n]
            for k in range(len(values)):
                values[k, first : first + n] = seen[k * LANES : k * LANES + n]

    if not isinstance(partials(*(0.0,) * dim), tuple):
        raise _NotCompiledError("partials give no tuple, which takes too long")
    advance(np.ones((last + 2 + len(names), 1)), np.empty((int(observed), 1)), 1)
    return advance


def _parts(alike, dim, size, observed):
    """Return what to write into `WALK`."""
    last = dim * (1 + (size or 1)) + 2
    place = [f"lanes[{row * LANES} + i]" for row in range(last + len(alike))]
    parameters = [number or there for number, there in zip(alike, place[last:])]
    states = [place[dim + c * (size or 1) :][: size or 1] for c in range(dim)]
    states = [f"({', '.join(one)},)" if size else one[0] for one in states]
    old, new = (["None"] * dim, ["_"] * dim) if size is None else (states, states)
    moves = [f"{place[c]}, {new[c]} = step(rule, w[{c}], g[{c}], {old[c]})" for c in range(dim)]
    return {
        "w": f"({', '.join(place[:dim])},)",
        "observe": f"seen[k * {LANES} + i] = f(*w)" if observed else "",
        "parameters": f"({', '.join(parameters)})",
        "moves": "; ".join(moves),
    }

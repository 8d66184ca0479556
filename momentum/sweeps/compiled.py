"""A block of runs as machine code: the surface's own functions, and the optimizer's own `step`.

numba compiles them, in their order. So + - * / and sqrt have the bits that NumPy gives them; other
functions may round otherwise, therefore some runs are tried both ways first.
"""

from collections import namedtuple
from functools import lru_cache, partial

import numpy as np

from momentum.descent import FAR

LANES = 256  # runs stepped together, as vectors, while all their numbers are in the first cache
MOST = 16  # coordinates: more take too long to compile
WALK = """
def walk(lanes, seen, times):
    for k in range(times):
        for i in range({LANES}):
            w, rule = ({w},), Rule({rule})
            {observe}
            g = partials(*w)
            {moves}
"""


class _NotCompiledError(Exception):
    """Why a sweep is not compiled."""


def _run(block, pairs, period):
    """Return what was found on the way, which runs made all steps, and where each run ended.

    All numbers of a run are a column: its coordinates, what the optimizer keeps for each of them
    (nothing, a number or a tuple of numbers), and the optimizer's parameters.
    """
    n, rule = pairs.shape[1], block.optimizer(*pairs)
    w = [np.full(n, x) for x in block.start]
    states = [rule.init(x) for x in w]
    size = len(states[0]) if isinstance(states[0], tuple) else None if states[0] is None else 0
    kept = [number for state in states for number in (state if size else (state,))]
    parts = [*w, *([0.0] * len(w) if size is None else kept), *vars(rule).values()]
    lanes = np.ones((len(parts), -(-n // LANES) * LANES))
    lanes[:, :n] = np.broadcast_arrays(*parts, w[0])[:-1]
    lanes = lanes.reshape(len(parts), -1, LANES).swapaxes(0, 1).copy()
    names = tuple(vars(rule))
    go = _compiled(block.surface, type(rule).step, names, size, block.observed, period)
    found, under_way = np.full((2, len(lanes), LANES), np.inf), np.ones((len(lanes), LANES), bool)
    if isinstance(go, str):
        raise _NotCompiledError(go)
    unit = max(1.0, abs(block.start).max())
    go(lanes, block.steps, block.enough, unit, *found, under_way)
    ends = lanes[:, : len(w)].swapaxes(0, 1).reshape(len(w), -1)
    return found.reshape(2, -1)[:, :n], under_way.ravel()[:n], ends[:, :n]


@lru_cache(maxsize=8)
def _compiled(surface, step, names, size, observed, period):
    """Return a function that makes all steps of all runs, piece by piece, or why there is none."""
    try:
        from numba import njit
    except ImportError:
        return "numba is missing (pip install momentum-book[fast])"
    if surface.dim > MOST:
        return f"it has more than {MOST} coordinates"
    jit = partial(njit, error_model="numpy", nogil=True)
    calls = {"f": surface.f, "partials": surface.partials, "step": step}
    scope = {name: jit(call) for name, call in calls.items()} | {"Rule": namedtuple("Rule", names)}
    exec(_walk(surface.dim, names, size, observed), scope)
    go = _looking(jit, jit(scope["walk"]), surface.dim, period, period * observed)
    try:
        go(np.ones((0, 1, LANES)), 1, 1.0, 1.0, *np.ones((2, 0, LANES)), np.ones((0, LANES), bool))
    except Exception:  # numba has many, and each is a reason
        return "numba cannot compile it"
    return go


def _looking(jit, walk, dim, period, observed):
    """Return a function that walks, and looks after each period which runs are done."""

    @jit
    def go_on(lanes, seen, steps, enough, unit, final, hits, under_way):
        done, left = 0, LANES
        while done < steps and left:
            times = min(period, steps - done)
            walk(lanes, seen, times)
            for i in range(LANES):
                for k in range(min(times, observed)):
                    if under_way[i] and seen[k * LANES + i] <= enough:
                        final[i], hits[i] = seen[k * LANES + i], done + k
                        under_way[i] = False
                for c in range(dim):
                    under_way[i] &= abs(lanes[c * LANES + i]) / FAR <= unit
            done, left = done + times, under_way.sum()

    @jit
    def go(lanes, steps, enough, unit, final, hits, under_way):
        seen = np.empty(observed * LANES)
        for k in range(len(lanes)):
            piece = lanes[k].reshape(-1)
            go_on(piece, seen, steps, enough, unit, final[k], hits[k], under_way[k])

    return go


def _walk(dim, names, size, observed):
    """Return the code of walk: `lanes` and `seen` have a row of `LANES` numbers for each of its."""
    width = size or 1
    place = [f"lanes[{row * LANES} + i]" for row in range(dim * (1 + width) + len(names))]
    own = [place[dim + c * width :][:width] for c in range(dim)]
    own = [f"({', '.join(some)},)" if size else some[0] for some in own]
    old, new = (["None"] * dim, ["_"] * dim) if size is None else (own, own)
    moves = [f"{place[c]}, {new[c]} = step(rule, w[{c}], g[{c}], {old[c]})" for c in range(dim)]
    observe = f"seen[k * {LANES} + i] = f(*w)" if observed else ""
    w, rule = ", ".join(place[:dim]), ", ".join(place[dim * (1 + width) :])
    return WALK.format(LANES=LANES, w=w, rule=rule, observe=observe, moves="; ".join(moves))

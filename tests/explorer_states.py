"""States of the live figures, for the tests that go through many of them."""

from functools import cache
from itertools import islice, product

import numpy as np


@cache
def default(explorer):
    return explorer()


def values(explorer, control):
    """Return the values that a control allows, from one end to the other."""
    if "options" in control:
        return control["options"]
    if "signs" in control:
        rng = np.random.default_rng(3)
        drawn = ["".join(rng.choice(list(control["signs"]), 24)) for _ in range(60)]
        return [24 * "+", *drawn, 24 * "-"]
    if "range" not in control:
        return control["values"]
    kind = type(default(explorer).state[control["name"]])
    return [kind(value) for value in np.linspace(*control["range"], 101)]


def states(explorer, count=200):
    """Return states of all sorts: the tries, all controls at their ends, and anywhere."""
    rng = np.random.default_rng(5)
    first, allowed = default(explorer).state, {}
    for control in explorer.controls:
        allowed[control["name"]] = values(explorer, control)
    found = [first, *({**first, **attempt["state"]} for attempt in explorer.tries)]
    ends = product(*({one[0]: 0, one[-1]: 0} for one in allowed.values()))
    found += [dict(zip(allowed, end)) for end in islice(ends, 64)]
    while len(found) < count:
        found.append({name: one[rng.integers(len(one))] for name, one in allowed.items()})
    return found

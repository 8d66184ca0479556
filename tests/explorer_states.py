"""States of the live figures to test them in, and their words.

The tries, all controls at their ends, anywhere between, and beyond.
"""

import json
from functools import cache
from itertools import islice, product

import numpy as np
import pytest

from momentum import explorers
from momentum.explorers import bundle, engine

SEED = 5
EXPLORERS = [getattr(explorers, name) for name in explorers.__all__]
each_explorer = pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda cls: cls.__name__)
RATES = {"learning_rate", "eta_lambda", "eta_largest"}
FURTHER = {  # what the sliders seldom or never meet, borders between two outcomes among them
    "averages": [{"series": "step", "initial": "zero", "point": 0, "value": -0.25}],
    "cycles": [{"beta": 0.3, "eta_largest": 2.3}, {"condition_number": 1e9}],
    "plateau": [
        {"start_x": -9.0},
        {"start_x": 1e5},
        {"width": 1e4, "beta": 0.9999},
        {"learning_rate": 2.0, "beta": 0.0},  # a cycle of two steps
        {"learning_rate": 0.054, "beta": 0.99, "start_x": -6.0},  # these three just still move
        {"learning_rate": 0.0048, "beta": 0.993, "width": 100.0, "start_x": -6.0},
        {"learning_rate": 0.00041, "beta": 0.9, "width": 0.0},
    ],
    "regime_map": [{"eta_lambda": 2.25, "beta": 0.25}],
    "valley": [{"eta_lambda": 1e-4, "beta": 0.999}],  # not yet beyond 0
    "scoreboard": [
        {"condition_number": 1e9},
        {"eta_largest": 2.0},
        {"eta_largest": 3.8},
        {"eta_largest": 3.8, "against": "at its best learning rate"},
    ],
}


@cache
def default(explorer):
    return explorer()


def values(explorer, control):
    """Return the values that a control allows, from one end to the other."""
    if "options" in control:
        return control["options"]
    if "signs" in control:
        return drawings(control["signs"], len(default(explorer).state[control["name"]]))
    if "range" not in control:
        return control["values"]
    kind = type(default(explorer).state[control["name"]])
    return [kind(value) for value in np.linspace(*control["range"], 101)]


def drawings(signs, length):
    """Return texts of signs: all of the first, short patterns again and again, any, the last."""
    rng = np.random.default_rng(SEED)
    short = [a + b for a, b in product(signs, signs)] + [3 * signs[0] + signs[-1]]
    anyhow = ["".join(rng.choice(list(signs), length)) for _ in range(20)]
    patterns = [text * (length // len(text)) for text in short]
    return [patterns[0], *patterns[1:], *anyhow, signs[-1] * length]


def states(explorer, count=200):
    """Return states of all sorts: the tries, all controls at their ends, and anywhere."""
    rng = np.random.default_rng(SEED)
    first, allowed = default(explorer).state, {}
    for control in explorer.controls:
        allowed[control["name"]] = values(explorer, control)
    found = [first, *({**first, **attempt["state"]} for attempt in explorer.tries)]
    ends = product(*({one[0]: 0, one[-1]: 0} for one in allowed.values()))
    found += [dict(zip(allowed, end)) for end in islice(ends, 64)]
    while len(found) < count:
        found.append({name: one[rng.integers(len(one))] for name, one in allowed.items()})
    return found


def beyond(explorer):
    """Return states that no slider has: learning rates far too small and too large, and more."""
    shell = default(explorer)
    for name in RATES & shell.state.keys():
        for rate, beta in product((1e-9, 0.1234567, 5.5, 1e3, 1e100, 1e200), (0.0, 0.9, 0.99987)):
            yield {**shell.state, name: rate, "beta": beta}
    for state in FURTHER.get(shell._kind, ()):
        yield {**shell.state, **state}


def words_of(explorer):
    """Return the templates of a figure."""
    give = "(kind) => JSON.stringify(kinds[kind].words)"
    return json.loads(engine.function(bundle.source("kinds"), give)(default(explorer)._kind))

"""The facts behind the live figures: JavaScript's numbers against the package's, state by state.

JavaScript alone computes, draws and describes. Here a second hand computes the same facts with the
package; what JavaScript draws and says of either is the same.
"""

import json
import re
from functools import cache

import numpy as np
import pytest
from explorer_states import beyond, each_explorer, states, words_of
from second_hand import facts_of, fixed, trimmed

import momentum
from momentum import averages, descend, surfaces, theory
from momentum.explorers import (
    Averages,
    Cycles,
    Noise,
    Path,
    Plateau,
    TwoCases,
    Valley,
    bundle,
    engine,
)

# --- one state after another: the same facts, words and picture

EXACT = {  # to the bit; TwoCases has cosines in g and v
    "averages": {"own", "values", "from", "to", "last"},
    "noise": {"x", "y", "cloud"},
    "path": {
        "start", "path", "gradients", "minimum", "costs",
        "at", "to", "kept", "g", "v", "mean", "root", "move",
    },
    "plateau": {"path", "end", "at", "move", "lastStep", "still"},
    "regime_map": {"path", "velocities", "time", "at", "velocity"},
    "valley": {"path", "time", "at"},
}  # fmt: skip
TEXT, NUMBER = re.compile(r">([^<>]+)<"), re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


def assert_same(there, here, name, exact):
    """Compare what JavaScript computed with what Python did, down to every number."""
    if isinstance(here, dict):
        assert set(there) == set(here), name
        for key in here:
            assert_same(there[key], here[key], key, exact)
    elif isinstance(here, list) and any(isinstance(part, (dict, list)) for part in here):
        assert len(there) == len(here), name
        for one, other in zip(there, here):
            assert_same(one, other, name, exact)
    elif isinstance(here, (str, bool, np.bool)):
        assert type(there) is type(here) or isinstance(here, np.bool), name
        assert there == here, name
    elif name in exact:
        np.testing.assert_array_equal(np.array(there, float), here, name)
    else:  # zeros, such as the mean of a cosine, have rounding errors of their own
        there = np.array(there, float)
        np.testing.assert_allclose(there, here, rtol=1e-9, atol=1e-13, err_msg=name)


SECOND = """
const TYPED = ["path", "gradients", "average", "before"];
const typed = (value, name) => (TYPED.includes(name) ? Float64Array.from(value)
  : value && typeof value === "object" ? Object.assign(Array.isArray(value) ? [] : {},
    ...Object.keys(value).map((key) => ({ [key]: typed(value[key], key) }))) : value);

// Draw and describe with the facts of another hand; note each number that a template prints.
function second(model, facts) {
  globalThis.document ?? still(model, "null");
  const traits = JSON.parse(model), { controls, data } = traits._data, numbers = [];
  const { words, layout, draw, describe } = kinds[traits._kind];
  const state = Object.fromEntries(controls.map(({ name }) => [name, traits[name]]));
  const said = speaker(words, traits._kind, "en");
  const control = (name) => controls.find((one) => one.name === name);
  const ends = (name) => endsOf(control(name)), label = (name) => control(name).label;
  const say = (key, slots = {}) => {
    for (const [, name, trim, digits] of words[key].matchAll(/\\{(\\w+):(~?)(\\d)\\}/g)) {
      const slot = { one: `{x:${trim}${digits}}` };
      const printed = speaker(slot, "one", "en")("one", { x: slots[name] });
      numbers.push([`${key}.${name}`, String(slots[name]), Number(digits), Boolean(trim), printed]);
    }
    return said(key, slots);
  };
  say.label = said.label;
  const here = typed((0, eval)(`(${facts})`));
  const shown = { state, data, say, label, ends, facts: here, change() {} };
  const chart = new Chart(false);
  chart.resize(...layout.shape);
  draw(chart, shown);
  const shares = [0, 0.3, 0.7, 1];
  for (const { p, find } of chart.reads.values()) {
    const x = (a) => p.toX(p.left + a * (p.right - p.left));
    const y = (b) => p.toY(p.low + b * (p.high - p.low));
    shares.forEach((a) => shares.forEach((b) => find(x(a), y(b))));
  }
  return JSON.stringify({ text: describe(shown), svg: String(chart.svg), numbers });
}
"""


@cache
def joined():
    """Return the kernel's script, with those of its parts in reach that a test calls."""
    parts = "kinds", "chart", "figure", "text"
    inside = [f"const {bundle._exports(part)} = m_{part};\n" for part in parts]
    return bundle.source("kernel") + "".join(inside)


def second_hand(one, facts):
    """Return the text, the picture and the numbers that JavaScript makes of Python's facts."""
    call = engine.function(joined() + SECOND, "second")
    return json.loads(call(json.dumps(one._model()), json.dumps(facts, default=plain)))


def plain(value):
    """Return an array, or a number of NumPy's, as JSON has it."""
    return value.tolist()


@each_explorer
def test_facts_words_and_picture_are_the_same_from_both_hands(explorer):
    slots = set()
    for state in [*states(explorer), *beyond(explorer)]:
        one = explorer(**state)
        own, facts = one._still(), facts_of(one)
        assert_same(own["facts"], facts, "facts", EXACT.get(one._kind, set()))
        other = second_hand(one, facts)
        assert other["text"] == own["text"], state
        assert_same_picture(other["svg"], own["svg"])
        for name, value, digits, trim, printed in other["numbers"]:
            assert printed == (trimmed if trim else fixed)(float(value), digits), (state, name)
            slots.add(name)
    assert slots == slots_of(explorer)


def assert_same_picture(svg, other):
    """Compare two pictures: every word to the letter, every place to a tenth of a pixel."""
    one, two = (picture.partition(">")[2] for picture in (svg, other))
    if one == two:
        return
    assert TEXT.findall(one) == TEXT.findall(two)
    assert NUMBER.split(one) == NUMBER.split(two)
    places, others = (np.array(NUMBER.findall(picture), float) for picture in (one, two))
    np.testing.assert_allclose(places, others, atol=0.1)


def slots_of(explorer):
    """Return every number with stated digits in the templates of a figure, as key.name."""
    pattern = re.compile(r"\{(\w+):~?\d\}")
    words = words_of(explorer).items()
    return {f"{key}.{name}" for key, template in words for name in pattern.findall(template)}


def test_a_number_is_printed_as_by_exact_decimals():
    rng = np.random.default_rng(0)
    some = rng.normal(size=300) * 10.0 ** rng.integers(-8, 22, 300)
    ties = [0.5, 1.5, -2.5, 0.125, 1.005, 1125e12, -0.04, -0.0, 0.0, 999999999999999.9, 1e15]
    asked = [(x, digits) for x in [*some.tolist(), *ties] for digits in range(7)]
    asked += [(x, 2) for x in (float("inf"), -float("inf"), float("nan"))]
    give = "(all) => JSON.stringify((0, eval)(all).map((one) => [fixed(...one), trimmed(...one)]))"
    there = json.loads(engine.function(bundle.source("text"), give)(json.dumps(asked)))
    assert there == [[fixed(*one), trimmed(*one)] for one in asked]


BY_HAND = {"pattern": "drawn by hand"}
SAID = {  # the sentence for each outcome; those of the two maps are in test_explorers.py
    "stalls on the ledge at 7.00, at cost 1.00": Plateau(width=7.1),
    "so it crosses, and comes to rest in C at 4.00": Plateau(),
    "rolls back to the slope, and at last stops on the ledge": Plateau(beta=0.95, width=3.0),
    "crosses, rolls back and stops on the ledge": Plateau(learning_rate=3.0, beta=0.3),
    "to the slope, and at last comes to rest in C": Plateau(start_x=-9.0),
    "leaps over the ledge after 1 step with": Plateau(learning_rate=2.0, beta=0.0),
    "it repeats a cycle of 2 steps": Plateau(learning_rate=2.0, beta=0.0),
    "enters the ledge after 5 steps with": Plateau(),
    "from the slope after 16 steps": Plateau(start_x=16.0, beta=0.99),
    "starts far behind the ledge, at 16.00": Plateau(start_x=16.0, beta=0.99),
    "starts behind the ledge, at 3.50. It comes to rest in C": Plateau(start_x=3.5),
    "starts on flat ground": Plateau(start_x=1.0),
    "starts in C, the minimum": Plateau(start_x=4.0),
    "it stops at its edge": Plateau(beta=0.0),
    "has not reached the ledge": Plateau(learning_rate=0.001, beta=0.0),
    "The run diverges: the limit of the learning rate is 2(1 + β) = 3.800": Plateau(
        learning_rate=5.5, beta=0.9
    ),
    "Gradient descent is monotone, has not settled to 1 % in 300 steps": Valley(),
    "Gradient descent jumps from side to side, settles to 1 % in 7": Valley(eta_lambda=1.5),
    "Gradient descent neither settles nor diverges": Valley(eta_lambda=2.0),
    "Gradient descent diverges, by a factor of 2.000": Valley(eta_lambda=3.0),
    "at the first step 3.06 (90 %) too small": Averages(initial="zero"),
    "without bias here": Averages(initial="zero", series="step"),
    "nothing is remembered": Averages(beta=0.0),
    "Point 30 is moved from 3.45 to 6.5.": Averages(point=30, value=6.5),
    "With 3 corners it cycles": Cycles(),
    "converges on all of them, from every start, since β is below 0.717": Cycles(
        eta_largest=1.0, beta=0.64
    ),
    "polygon of 3 to 25 corners. On bowls": Cycles(eta_largest=2.2, beta=0.5),
    "even on the bowl of curvature L: ηL is not below 2(1 + β) = 2.90": Cycles(eta_largest=3.2),
    "predicted 0.3142 and 0.0642, 9.92 times gradient descent’s. Its steps": Noise(),
    "places, at its own η = 0.01, have": Noise(compared="equal progress"),
    "predicted 11.1328 and 8.9063. Its steps": Noise(learning_rate=3.0),
    "28.125000. Gradient descent diverges: its limit is ηλ = 2": Noise(learning_rate=3.0),
    "along y momentum’s ηλ = 3.80 is not below its limit 2(1 + β) = 3.80": Noise(learning_rate=3.8),
    "With β = 0 the velocity is the gradient": TwoCases(beta=0.0),
    "keeps its sign is amplified": TwoCases(pattern="same sign"),
    "alternates every step is damped": TwoCases(pattern="alternating"),
    "passed on nearly unchanged": TwoCases(period=5.7),
    "No gradient, no velocity": TwoCases(**BY_HAND, drawn="0"),
    "has the mean 0: only its swings are left": TwoCases(**BY_HAND, drawn="+-"),
    "in the long run the velocity is 10.00": TwoCases(**BY_HAND, drawn="+"),
    "the velocity swings between 4.18 and 5.76": TwoCases(**BY_HAND),
    "Start moved into the view: (6.50, 2.00). After": Path(start_x=9.0),
    "At step 12 AdaGrad, which has no β, stands": Path(rule="AdaGrad"),
    "here, out of reach for gradient descent.": Path(
        surface="himmelblau", rule="Adam", start_x=0.0, start_y=0.0, step=20
    ),
    "momentum diverges. At step 200 momentum is out of reach": Path(
        surface="himmelblau", learning_rate=1.0, step=200
    ),
}


@pytest.mark.parametrize("words", SAID)
def test_a_figure_has_a_sentence_for_each_outcome(words):
    assert words in SAID[words].describe()


# --- rules, surfaces and closed forms

STEPS = 5000
SHAPES = {
    "quadratic({ curvatures: [1, 10] })": surfaces.quadratic([1.0, 10.0]),
    "plateau({ width: 2 })": surfaces.plateau(2.0),
    "plateau({ width: 2, dim: 2 })": surfaces.plateau(2.0, dim=2),
    "saddle()": surfaces.saddle(),
    "himmelblau()": surfaces.himmelblau(),
}
RUNS = """
// All bits of a path up to where it is not finite, as one number.
const digest = ({ path, dim }) => {
  const end = path.findIndex((x) => !Number.isFinite(x));
  const kept = end < 0 ? path : path.slice(0, end - (end % dim));
  return new Uint32Array(kept.buffer).reduce((sum, word) => (Math.imul(sum, 31) + word) >>> 0, 0);
};
const run = (starts, surface, rule, own, rates, steps) => {
  const made = eval(`surfaces.${surface}`);
  const one = (start) => JSON.parse(rates).map((learning_rate) =>
    digest(descend(made, start, rules[rule]({ learning_rate, ...JSON.parse(own) }), steps)));
  return JSON.stringify(JSON.parse(starts).flatMap(one));
};
"""


def starts(surface, count=4):
    """Return points in the view and outside it."""
    low, high = np.transpose(surface.view)
    shares = np.random.default_rng(0).uniform(-0.2, 1.2, (count, surface.dim))
    return low + shares * (high - low)


def digest(path):
    """Return all bits of a path up to the first point that is not finite, as one number."""
    finite = np.isfinite(path).all(axis=1)
    kept = path if finite.all() else path[: finite.argmin()]
    words = np.ascontiguousarray(kept).view(np.uint32).ravel()
    powers = np.cumprod(
        np.append(1, np.full(len(words) - 1, 31)).astype(np.uint32), dtype=np.uint32
    )
    return int((words * powers[::-1]).sum(dtype=np.uint32))


OWN = {
    "GradientDescent": {},
    "Momentum": {"beta": 0.9},
    "Nesterov": {"beta": 0.9},
    "AdaGrad": {"epsilon": 1e-10},
    "RMSProp": {"decay": 0.9, "epsilon": 1e-8},
    "Adam": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
}


@pytest.mark.parametrize("rule", OWN)
@pytest.mark.parametrize("name", SHAPES)
def test_all_iterates_have_the_bits_of_numpy(name, rule):
    points, rates = starts(SHAPES[name]), [0.001, 0.02, 0.3]
    batch = np.repeat(points, len(rates), axis=0).T
    optimizer = getattr(momentum, rule)(np.tile(rates, len(points)), **OWN[rule])
    run = descend(SHAPES[name], batch, optimizer, STEPS)
    here = [digest(path) for path in np.moveaxis(run.path, -1, 0)]
    call = engine.function(bundle.source("core") + RUNS, "run")
    given = [json.dumps(part) for part in (points.tolist(), OWN[rule], rates)]
    assert json.loads(call(given[0], name, rule, *given[1:], STEPS)) == here
    assert len(set(here)) == len(here)


@pytest.mark.parametrize("name", SHAPES)
def test_all_values_have_the_bits_of_numpy(name):
    points = starts(SHAPES[name], 200)
    give = f"(points) => JSON.stringify(JSON.parse(points).map((w) => surfaces.{name}.f(...w)))"
    there = json.loads(engine.function(bundle.source("core"), give)(json.dumps(points.tolist())))
    assert there == SHAPES[name].value(points.T).tolist()


def own_roots(function):
    """Return a function of theory for the curvature 1, as JavaScript has it."""
    return lambda x, beta, nesterov: function(1.0, x, beta, nesterov=nesterov)


def near_a_border(share, beta, nesterov):
    """Return a learning rate x curvature from 1e-12 to 1e-6 of a border between two regimes."""
    borders = theory.oscillation_threshold, theory.stability_limit
    border = borders[share > 0.5](beta, nesterov=nesterov)
    return border * (1 + 10.0 ** (-6 - 6 * (2 * share % 1)))


# Each closed form of JavaScript: its twin here, and arguments for it of four uniform numbers.
TWINS = {
    "convergenceRate": (own_roots(theory.convergence_rate), lambda a, b, c, d: (4 * a, b, c > 0.5)),
    "regime": (
        own_roots(theory.regime),
        lambda a, b, c, d: (4 * a if d > 0.5 else near_a_border(a, b, c > 0.5), b, c > 0.5),
    ),
    "oscillationPeriod": (
        own_roots(theory.oscillation_period),
        lambda a, b, c, d: (4 * a, b, c > 0.5),
    ),
    "stabilityLimit": (
        lambda beta, nesterov: theory.stability_limit(beta, nesterov=nesterov),
        lambda a, b, c, d: (b, c > 0.5),
    ),
    "relativeSteps": (
        theory.relative_steps,
        lambda a, b, c, d: (a if c < 0.8 else np.inf, b if d < 0.8 else np.inf),
    ),
    "optimalParameters": (theory.optimal_parameters, lambda a, b, c, d: (a, a + 1000 * b)),
    "optimalRate": (
        lambda *ends: theory.optimal_learning_rate(*ends)[1],
        lambda a, b, c, d: (a, a + 1000 * b),
    ),
    "stationaryVariance": (theory.stationary_variance, lambda a, b, c, d: (2 * a, b, c, d)),
    "stepVariance": (theory.step_variance, lambda a, b, c, d: (2 * a, b, c, d)),
    "gain": (theory.gain, lambda a, b, c, d: (b, np.pi * a)),
    "crossoverPeriod": (theory.crossover_period, lambda a, b, c, d: (b,)),
    "coastingDistance": (theory.coasting_distance, lambda a, b, c, d: (a - 0.5, b)),
    "halfLife": (averages.half_life, lambda a, b, c, d: (b,)),
    "effectiveSampleSize": (averages.effective_sample_size, lambda a, b, c, d: (b,)),
}
CALLS = """
const word = (x) => (typeof x === "object" ? Object.values(x).map(word) : String(x));
const answer = ([name, ...given]) => word(m_theory[name](...given));
const calls = (all) => JSON.stringify((0, eval)(all).map(answer));
const names = () => JSON.stringify(Object.keys(m_theory));
"""


def test_every_closed_form_of_the_figures_is_that_of_the_package():
    source, rng = bundle.source("theory") + CALLS, np.random.default_rng(4)
    assert set(json.loads(engine.function(source, "names")())) == set(TWINS)
    asked = [
        (name, *arguments(*rng.uniform(0, 1, 4).tolist()))
        for name, (_, arguments) in TWINS.items()
        for _ in range(400)
    ]
    there = json.loads(engine.function(source, "calls")(json.dumps(asked, default=plain)))
    for (name, *given), found in zip(asked, there):
        here = TWINS[name][0](*given)
        if isinstance(here, str):
            assert found == here, (name, given)
        else:
            np.testing.assert_allclose(np.array(found, float), here, rtol=1e-9, err_msg=name)

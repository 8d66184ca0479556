"""Random calls of everything public: a result without a warning, or a ValueError about an argument.

`make fuzz` makes 100,000 of them: `python tests/test_random_calls.py 100000`, or any other number.
"""

import inspect
import re
import sys
import warnings
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from momentum import (
    averages,
    conventions,
    descend,
    descent,
    networks,
    optimizers,
    surfaces,
    sweeps,
    theory,
)

CALLS = 2000  # of the short run
EXTREME = 1.7976931348623157e308


def numbers(low=-EXTREME, high=EXTREME, *, usual=1e3):
    """Numbers in a range, with its ends, in all that a number or an array may come in."""
    likely = st.floats(max(low, -usual), min(high, usual))
    one = likely | likely | st.floats(low, high)
    several = st.lists(one, min_size=2, max_size=3)
    dresses = (float, np.float64, np.longdouble, np.array, int, lambda x: [x], lambda x: [[x]] * 2)
    shapes = (list, tuple, np.array, lambda x: np.array(x)[:, np.newaxis], lambda x: [*x, 1])
    dressed = st.builds(lambda x, dress: dress(x), one, st.sampled_from(dresses))
    arrays = st.builds(lambda x, shape: shape(x), several, st.sampled_from(shapes))
    return one | one | dressed | arrays


ALIENS = st.sampled_from(
    [
        *(None, True, "0.5", b"0.5", bytearray(b"1"), memoryview(b"ab"), 1j, np.complex64(1)),
        *(np.datetime64("2020-01-01"), np.timedelta64(1, "s"), np.bool_(True), np.ma.masked),
        *(10**400, -(10**400), 10**5000, np.longdouble("1e4000"), np.nan, np.inf, -np.inf),
        *(np.ma.array([0.5, 0.5], mask=[0, 1]), np.array([0.5], object), np.array(["0.5"])),
        *(np.array([True]), np.array([1j]), np.array([np.nan, 0.5]), np.ones((2, 3, 4))),
        *([], [[]], [[], []], [None], ["0.5"], [b"1"], [True, 0.5], [1j], [[0.5], [0.5, 0.5]]),
        *([10**400, 0.5], [np.longdouble("1e4000")], [memoryview(b"ab")], [np.ma.masked, 0.5]),
        *({}, {0.5}, {0.5: 1}, object(), float, abs, Fraction(1, 2), Decimal("0.5"), range(2)),
        *(2**63, 2**64, 2**70, [2**70, 0.5], 5e-324, EXTREME, -0.0, np.int8(1), np.float16(0.5)),
        *(np.array(1), np.array(0.5), np.array([1, 2], np.uint8), np.array([0.5], ">f8"), [0.5, 1]),
    ]
)
FRACTION, POSITIVE = numbers(0.0, 0.9999999999999999), numbers(5e-324)
FINITE, NON_NEGATIVE = numbers(), numbers(0.0)
FLAG = st.booleans()
WHOLE = st.integers(0, 40) | st.sampled_from([np.int8(3), np.uint64(2), np.array(5)])
POINT = st.lists(numbers(usual=3.0), min_size=1, max_size=2) | FINITE


def some_surfaces():
    made = [getattr(surfaces, name) for name in surfaces.__all__ if name[0].islower()]
    plain = [make() for make in made if make not in (surfaces.noisy, surfaces.least_squares)]
    line = surfaces.least_squares([[1.0, 0.0], [2.0, 1.0], [1.0, 1.0]], [2.0, 4.0, 1.0])
    rough = surfaces.noisy(plain[0], 0.1, np.random.default_rng(0))
    learned = NETWORKS[0].surface([[-1.0], [1.0]], [0, 1])
    return [*(s for s in plain if s.dim <= 2), line, rough, surfaces.chain(2), learned]


def some_rules():
    pairs = [optimizers.Momentum(0.1, 0.9), optimizers.Nesterov(0.1, 0.9)]
    grids = [optimizers.Momentum([0.1, 1e300], [0.5, 0.9]), optimizers.GradientDescent([])]
    adaptive = [optimizers.AdaGrad(0.1, 0.0), optimizers.RMSProp(0.1), optimizers.Adam()]
    growing = [optimizers.AcceleratedGradient(1e-3), optimizers.Chebyshev(1.0, 1e300)]
    return [optimizers.GradientDescent(1e308), *pairs, *grids, *adaptive, *growing]


NETWORKS = networks.Classifier(1, 1, 2), networks.Classifier(2, 3, 2)
SURFACES, RULES = some_surfaces(), some_rules()
RUNS = [
    descend(s, np.ones((s.dim, *batch)), RULES[1], 20) for s in SURFACES for batch in ((), (2,))
]
VALUES = {
    **dict.fromkeys(("beta", "beta1", "beta2", "decay", "betas", "rate", "dampening"), FRACTION),
    **dict.fromkeys(("curvature", "curvatures", "largest", "smallest", "scale", "width"), POSITIVE),
    **dict.fromkeys(("learning_rate", "learning_rates", "steepness", "threshold"), POSITIVE),
    **dict.fromkeys(("alpha", "gamma", "lr"), POSITIVE),
    **dict.fromkeys(("c", "momentum", "mu", "nu"), FRACTION),
    **dict.fromkeys(("epsilon", "friction", "noise_variance", "reference", "time"), NON_NEGATIVE),
    **dict.fromkeys(("initial", "last_step", "omega", "series", "target", "targets"), FINITE),
    **dict.fromkeys(
        ("debias", "nearest", "nesterov", "progress", "random", "raw", "restart"), FLAG
    ),
    **dict.fromkeys(("batch_size", "classes", "dim", "epochs", "hidden", "inputs", "n"), WHOLE),
    **dict.fromkeys(("executor", "resume", "minima", "view"), st.none()),
    **dict.fromkeys(("f", "partials"), st.just(abs)),
    **dict.fromkeys(("start", "w"), POINT | st.just(np.linspace(-1, 1, 6))),
    "batches": st.integers(2, 40) | WHOLE,
    "call": st.sampled_from(["SGD(lr=0.1, momentum=0.9)", "SGD(0.1, 0.9, True)", "EMA(1, 0)", "x"]),
    "condition_number": numbers(1.0),
    "corners": st.integers(2, 40) | WHOLE,
    "features": st.lists(st.lists(numbers(), min_size=1, max_size=2), min_size=1, max_size=3),
    "labels": st.lists(st.integers(0, 1), min_size=1, max_size=2),
    "name": st.text(max_size=3),
    "network": st.sampled_from(NETWORKS),
    "optimizer": st.sampled_from([*RULES, optimizers.Momentum, optimizers.Nesterov]),
    "rng": st.builds(np.random.default_rng, st.just(0)),
    "steps": WHOLE | st.lists(st.integers(0, 40), min_size=1, max_size=3) | numbers(0.0),
    "surface": st.sampled_from(SURFACES),
    "to": st.sampled_from([*conventions.FORMS]),
    "tilt": numbers(-1.5, 1.5),
    "tolerance": numbers(5e-324, usual=0.5),
    "x": st.lists(st.lists(numbers(), min_size=1, max_size=2), min_size=1, max_size=2),
}
SELVES = {
    "Classifier": st.sampled_from(NETWORKS),
    "Surface": st.sampled_from(SURFACES),
    "Trajectory": st.sampled_from(RUNS),
}
NAN_MEANS_SOMETHING = {"step_ratio", "relative_steps", "value", "gradient", "descend", "sweep"}
NAN_MEANS_SOMETHING |= {"scores", "loss"}  # of weights that are not finite


def public(module):
    """The functions and classes that a module defines or hands on, but errors."""
    home = module.__name__
    things = [thing for name, thing in vars(module).items() if name[0] != "_" and callable(thing)]
    return [
        thing
        for thing in things
        if getattr(thing, "__module__", "").startswith(home)
        and not (isinstance(thing, type) and issubclass(thing, Exception))
    ]


MODULES = (averages, conventions, descent, networks, optimizers, surfaces, sweeps, theory)
RECORDS = {descent.Trajectory, networks.Training, sweeps.Sweep}  # made by the package, not by hand
METHODS = [surfaces.Surface.value, surfaces.Surface.gradient, descent.Trajectory.settling_time]
METHODS += [
    call
    for name, call in vars(networks.Classifier).items()
    if name[0] != "_" and inspect.isfunction(call)
]
PUBLIC = {call for module in MODULES for call in public(module)} - RECORDS
CALLABLES = sorted([*PUBLIC, *METHODS], key=lambda call: call.__qualname__)


def points(dim):
    """Points of so many coordinates, finite or not, alone, in a batch, and in one of none."""
    return st.builds(np.full, st.sampled_from([dim, (dim, 2), (dim, 0)]), st.floats())


@st.composite
def arguments(draw, call):
    """Arguments of a call, about one in six of them out of place; some that have a default miss."""
    drawn = {}
    for name, parameter in inspect.signature(call).parameters.items():
        if name == "self":
            drawn[name] = draw(SELVES[call.__qualname__.split(".")[0]])
        elif parameter.default is parameter.empty or draw(st.booleans()):
            dims = [
                one.dim
                for one in drawn.values()
                if isinstance(one, surfaces.Surface | networks.Classifier)
            ]
            usual = (
                VALUES[name] | points(*dims) if dims and name in ("start", "w") else VALUES[name]
            )
            drawn[name] = draw(ALIENS if draw(st.integers(0, 5)) == 0 else usual)
    return drawn


def holds_nan(result):
    if isinstance(result, tuple | list):
        return any(map(holds_nan, result))
    numbers = np.asarray(result)
    return numbers.dtype.kind in "fc" and bool(np.isnan(numbers).any())


def check(call, drawn):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            result = call(**drawn)
        except ValueError as error:
            subject, rule, value = re.fullmatch(r"(.*?) must (.*), got (.*)", str(error)).groups()
            assert set(re.findall(r"\w+", subject)) & inspect.signature(call).parameters.keys()
            assert rule and value and len(str(error)) < 400
        else:
            assert call.__name__ in NAN_MEANS_SOMETHING or not holds_nan(result)


def random_calls(call, count, **options):
    """Call a function `count` times, with other arguments each time."""

    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        **options,
    )
    @given(arguments(call))
    def run(drawn):
        check(call, drawn)

    return run


@pytest.mark.parametrize("call", CALLABLES, ids=lambda call: call.__qualname__)
def test_a_random_call_gives_a_result_or_an_error_that_names_an_argument(call):
    random_calls(call, CALLS // len(CALLABLES), derandomize=True)()


def main(count):
    """Make `count` random calls, other ones each time; return how many functions failed."""
    failed, per_call = 0, -(-count // len(CALLABLES))
    for call in CALLABLES:
        number = int(np.random.default_rng().integers(2**32))
        try:
            seed(number)(random_calls(call, per_call))()
        except Exception as error:
            failed += 1
            print(
                f"{call.__qualname__}, seed {number}: {error!r}",
                *getattr(error, "__notes__", ()),
                sep="\n  ",
            )
    print(
        f"{per_call * len(CALLABLES)} calls of {len(CALLABLES)} functions, {failed} of which failed"
    )
    return failed


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]))))

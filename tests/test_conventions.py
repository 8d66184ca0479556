"""The forms of momentum: what is equal to what, and what is read alike in Python and JavaScript."""

import json
import re
import time
from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_allclose

from momentum import conventions, descend, surfaces
from momentum.conventions import FORMS, parse, raw, translate
from momentum.explorers import bundle, engine

VALLEY = surfaces.rosenbrock(5.0)
HAS_NESTEROV = {"PyTorch", "Keras", "Optax", "Sutskever", "QHM"}


def path(form, steps=60):
    return descend(VALLEY, [-0.5, 0.5], form, steps).path


@pytest.mark.parametrize("one, other", [*product(FORMS, FORMS)])
@pytest.mark.parametrize("nesterov", [False, True])
def test_a_form_translated_takes_the_same_path_on_a_curved_valley(one, other, nesterov):
    first = conventions.PyTorch(0.005, 0.8, nesterov=nesterov)
    known = HAS_NESTEROV if nesterov else FORMS.keys() - {"Sutskever"}
    for name in {one, other} - known:
        with pytest.raises(ValueError, match=f"to must be a form of .*, got '{name}'"):
            translate(first, name)
    if not {one, other} <= known:
        return
    there = translate(translate(first, one), other)
    assert type(there) is FORMS[other]
    assert_allclose(path(there), path(first), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", FORMS)
def test_every_form_without_momentum_is_gradient_descent(name):
    form = translate(conventions.PyTorch(0.01), name)
    assert raw(form) == (pytest.approx(0.01), 0.0, False)
    assert_allclose(path(form), path(conventions.PyTorch(0.01)), rtol=0, atol=1e-12)


def test_the_base_point_of_sutskever_is_one_step_of_the_velocity_behind():
    form, w = conventions.Sutskever(0.1, 0.9), 1.0
    state, theta, v = form.init(w), 1.0, 0.0
    for _ in range(20):
        w, state = form.step(w, w, state)
        v = 0.9 * v - 0.1 * (
            theta + 0.9 * v
        )  # as the paper has it: the gradient is at theta + mu v
        theta += v
        assert_allclose([w, *state], [theta + 0.9 * v, theta, v], rtol=1e-12)


@pytest.mark.parametrize("nu", [0.3, 0.9, 1.0])
def test_qhm_is_another_s_update_only_for_three_nu(nu):
    """Its two-step recursion on a bowl has the coefficients of another form for all curvatures."""
    lr, beta, curvatures = 0.1, 0.9, (0.5, 1.0, 2.0)
    runs = [
        descend(surfaces.quadratic([a]), [1.0], conventions.QHM(lr, beta, nu), 4).path[:, 0]
        for a in curvatures
    ]
    found = [np.linalg.solve([r[[2, 1]], r[[3, 2]]], r[[3, 4]]) for r in runs]
    stated = [
        [1 + beta - lr * a * (1 - nu * beta), -(beta - lr * a * beta * (1 - nu))]
        for a in curvatures
    ]
    assert_allclose(found, stated, rtol=1e-8)
    if nu == 0.3:
        with pytest.raises(ValueError, match="nu of call must be 0, 1 or momentum for a tr"):
            raw(conventions.QHM(lr, beta, nu))


def dropped(form, mend=lambda w, state: state):
    """The run on a bowl whose learning rate is halved, what it remembers mended then."""
    w, state, path = 1.0, form.init(1.0), []
    for t in range(60):
        if t == 10:
            form, state = form.scaled(1 / 2), mend(w, state)
        w, state = form.step(w, w, state)
        path.append(w)
    return np.array(path)


def test_what_a_form_remembers_is_mended_when_the_learning_rate_is_halved():
    plain = dropped(conventions.PyTorch(0.1, 0.9))
    nesterov = dropped(conventions.PyTorch(0.1, 0.9, nesterov=True))
    mended = {
        conventions.Keras(0.1, 0.9): (plain, lambda w, v: v / 2),
        conventions.Keras(0.1, 0.9, True): (nesterov, lambda w, v: v / 2),
        conventions.Polyak(0.1, 0.9): (plain, lambda w, old: w - (w - old) / 2),
        translate(conventions.PyTorch(0.1, 0.9), "PrimalAveraging"): (
            plain,
            lambda w, z: w + (z - w) / 2,
        ),
    }
    for form, (path, mend) in mended.items():
        assert_allclose(dropped(form, mend), path, rtol=0, atol=1e-12)
        assert abs(dropped(form) - path).max() > 0.002


# What a call may look like


READ = {
    "SGD(lr=0.1, momentum=0.9)": "torch.optim.SGD(params, lr=0.1, momentum=0.9)",
    "self.opt = torch.optim.SGD(p, lr=0.1)": "torch.optim.SGD(params, lr=0.1)",
    "SGD(p, 0.1, 0.9, 0, 0.0, True, maximize=False, foreach=None, fused=True)": "torch.optim.SGD("
    "params, lr=0.1, momentum=0.9, nesterov=True)",
    "keras.optimizers.SGD(name='my SGD', weight_decay=None, clipnorm=None)": "keras.optimizers.SGD("
    "learning_rate=0.01)",
    "optax.sgd(0.1, 0.9, accumulator_dtype=None)": "optax.sgd(learning_rate=0.1, momentum=0.9)",
    "QHM(p, 1, 0.5, nu=1, weight_decay=0, weight_decay_type='grad')": "qhoptim.pyt.QHM(params, "
    "lr=1.0, momentum=0.5, nu=1.0)",
    "momentum.conventions.EMA(1, 0.5)": "EMA(learning_rate=1.0, beta=0.5)",
    "opt = torch.optim.SGD(net.parameters(), lr=1e-1, momentum=.9,)": "torch.optim.SGD(params, "
    "lr=0.1, momentum=0.9)",
    "optim.SGD([{'params': a(1, 2)}, b], 0.1, 0.9, 0.5);": "torch.optim.SGD(params, lr=0.1, "
    "momentum=0.9, dampening=0.5)",
    "SGD(model.parameters())": "torch.optim.SGD(params, lr=0.001)",
    "SGD(params=p, lr=1_0e-3)": "torch.optim.SGD(params, lr=0.01)",
    "SGD()": "keras.optimizers.SGD(learning_rate=0.01)",
    "SGD(0.1, 0.9, True)": "keras.optimizers.SGD(learning_rate=0.1, momentum=0.9, nesterov=True)",
    "tf.keras.optimizers.SGD(momentum=0.9)": "keras.optimizers.SGD(learning_rate=0.01, "
    "momentum=0.9)",
    "optax.sgd(1, None)": "optax.sgd(learning_rate=1.0)",
    "sgd(\n  learning_rate = 0.1,\n  nesterov = False\n)": "optax.sgd(learning_rate=0.1)",
    "EMA(1.0,\u00a0beta=0.9)": "EMA(learning_rate=1.0, beta=0.9)",
    "Polyak(1e-7, 0)": "Polyak(alpha=1e-07, beta=0.0)",
    "Sutskever(epsilon=+1e+20, mu=0.99)": "Sutskever(epsilon=1e+20, mu=0.99)",
    "qhoptim.pyt.QHM(p, 1.0, 0.9, nu=0.9)": "qhoptim.pyt.QHM(params, lr=1.0, momentum=0.9, nu=0.9)",
    "PrimalAveraging(c=1, gamma=123456.789)": "PrimalAveraging(gamma=123456.789, c=1.0)",
}
REFUSED = {
    "": "call must be a call such as SGD(lr=0.1, momentum=0.9), got nothing",
    "0.1": "call must be a call such as",
    "__import__('os').system('ls')": "function in call must be one of",
    "SGD(lr=0.1": "call must be a call such as",
    "Adam(lr=0.1)": "function in call must be one of SGD, sgd, EMA, Polyak, Sutskever, QHM, Pr",
    "SGD(lr=1/10)": "lr in call must be a number, got 1/10",
    "SGD(lr=a(b, c))": "lr in call must be a number, got a(b, c)",
    "SGD(lr=)": "lr in call must be a number, got nothing",
    "SGD(lr=-0.1)": "lr in call must be positive and finite, got -0.1",
    "SGD(lr=1e999)": "lr in call must be positive and finite, got 1e999",
    "SGD(lr=0.1, momentum=1)": "momentum in call must be in [0, 1), got 1",
    "SGD(lr=0.1, momentum=None)": "momentum in call must be a number, got None",
    "SGD(lr=0.1, nesterov=1)": "nesterov in call must be True or False, got 1",
    "SGD(lr=0.1, nesterov=True)": "nesterov must be False without momentum, or with dampening",
    "SGD(p, 0.1, 0.9, 0.5, nesterov=True)": "nesterov must be False without momentum, or with",
    "SGD(p, 0.1, 0.9, 0, 1e-4)": "weight_decay in call must be 0, None or False (it is not trans",
    "SGD(lr=0.1, weight_decay=0.0001)": "weight_decay in call must be 0, None or False",
    "SGD(lr=0.1, weight_decay=0, weight_decay=0)": "weight_decay in call must be given once, got 0",
    "SGD(lr=0.1, maximize=True)": "maximize in call must be 0, None or False (it is not translate",
    "SGD(lr=0.1, toString=1)": "argument in call must be one of lr, momentum, dampening, nesterov",
    "SGD(learning_rate=0.1, toString=1)": "argument in call must be one of learning_rate, mom",
    "optax.SGD(0.1)": "function in call must be optax.sgd, got optax.SGD",
    "torch.optim.sgd(0.1)": "function in call must be torch.optim.SGD, got torch.optim.sgd",
    "keras.optimizers.Adam(0.1)": "function in call must be keras.optimizers.SGD, got keras.",
    "self. = SGD()": "call must be a call such as",
    "SGD(lr=1__0_)": "lr in call must be a number, got 1__0_",
    "SGD(lr=1_)": "lr in call must be a number, got 1_",
    "SGD(lr=1e_5)": "lr in call must be a number, got 1e_5",
    "QHM(lr=1, momentum=0.9, nu=0.123456789012345)": "nu of call must be 0, 1 or momentum for a "
    "translation, got 0.123456789012",
    "PrimalAveraging(1, 1e-20)": "beta of call must be in [0, 1), got 1.0",
    "EMA(5e-324, 0.9)": "learning_rate of call must be positive and finite, got 0.0",
    "torch.optim.SGD(0.1, 0.9)": "params in call must be the parameters of a model, got 0.1",
    "torch.optim.SGD(learning_rate=0.1)": "argument in call must be one of lr",
    "SGD(params=p, params=q)": "params in call must be given once, got q",
    "SGD(lr=0.1, lr=0.2)": "lr in call must be given once, got 0.2",
    "SGD(lr=0.1, 0.9)": "argument in call must be given by its name, got 0.9",
    "SGD(lr=0.1,, momentum=0.9)": "argument in call must be given by its name, got nothing",
    "SGD(0.1, 0.9, True, 4)": "argument in call must be given by its name, got 4",
    "optax.sgd(momentum=0.9)": "learning_rate in call must be given, got nothing",
    "EMA(0.1)": "beta in call must be given, got nothing",
    "PrimalAveraging(1, 0)": "c in call must be in (0, 1], got 0",
    "QHM(lr=1, momentum=0.9, nu=1.1)": "nu in call must be in [0, 1], got 1.1",
    "SGD(lr=" + 60 * "9" + "x)": 40 * "9" + "…",
}
JUDGED = """(text) => {
  const { name, given, refused } = understood(text);
  return JSON.stringify(refused ?? callOf(name, given));
}"""


def in_javascript(text):
    """Return the call that the live translator reads in a text, or what it says against it."""
    source = bundle.source("calls")
    return json.loads(engine.function(source, f"({JUDGED})")(text))


@pytest.mark.parametrize("text", READ)
def test_a_call_is_read_with_the_defaults_of_its_library_in_both_languages(text):
    assert str(parse(text)) == READ[text] == in_javascript(text)
    assert parse(READ[text]) == parse(text)


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_read_is_refused_in_the_same_words_in_both_languages(text):
    with pytest.raises(ValueError) as error:
        raw(text)
    assert REFUSED[text] in str(error.value)
    assert in_javascript(text) == str(error.value)


def test_a_long_number_is_judged_at_once():
    before = time.perf_counter()
    with pytest.raises(ValueError, match="lr in call must be a number, got 999"):
        parse(f"SGD(lr={80_000 * '9'}x)")
    assert time.perf_counter() - before < 1


PIECES = [
    *("p", "0.1", "0.9", ".5", "1e-3", "0", "1_0", "1__0", "None", "True", "f(0, 1)", "lr=0.1"),
    *(
        "learning_rate=0.1",
        "momentum=0.9",
        "momentum=0",
        "beta=0.5",
        "dampening=0",
        "nesterov=True",
    ),
    *(
        "nesterov=False",
        "weight_decay=0",
        "weight_decay=.1",
        "maximize=False",
        "name='a'",
        "nu=0.9",
    ),
    *("accumulator_dtype=None", "epsilon=1", "mu=0.5", "c=0.1", "params=p"),
]
NAMES = [
    *("SGD", "torch.optim.SGD", "optim.SGD", "keras.optimizers.SGD", "opt = SGD", "optax.sgd"),
    *("sgd", "EMA", "Polyak", "Sutskever", "QHM", "PrimalAveraging", "optax.SGD"),
]


def test_any_text_is_judged_alike_in_both_languages():
    rng, parsed, count = np.random.default_rng(13), 0, 1000
    for _ in range(count):
        text = f"{rng.choice(NAMES)}({', '.join(rng.choice(PIECES, rng.integers(0, 4)))})"
        try:
            raw(text)
            here, parsed = str(parse(text)), parsed + 1
        except ValueError as error:
            here = str(error)
        assert in_javascript(text) == here, text
    assert 0.15 < parsed / count < 0.85


def forms():
    """Yield forms with arguments from all of their ranges, the ends included."""
    rng, edges = np.random.default_rng(15), [0.0, 1 - 1e-13, 1 - 2**-53, 0.9]
    rates = [5e-324, 1.7976931348623157e308, 0.1 * 3, 1 / (1 - 0.9), 1e-4]
    for name, kind in FORMS.items():
        for _ in range(40):
            rate = rng.choice([*rates, 10 ** rng.uniform(-20, 20)])
            beta = rng.choice([*edges, rng.uniform()])
            more = {"nu": beta} if name == "QHM" else {}
            second = 1 - beta if name == "PrimalAveraging" else beta
            yield kind(rate, second, **more)


def test_what_is_written_is_read_as_the_form_again_in_both_languages():
    for form in forms():
        text = str(form)
        again = parse(text)
        assert type(again) is type(form) and str(again) == text
        assert_allclose([*vars(again).values()], [*vars(form).values()], rtol=1e-11)
        try:
            assert raw(again).nesterov == raw(form).nesterov
        except ValueError as error:
            text = str(error)
        assert in_javascript(str(form)) == text


def test_a_raw_form_out_of_range_is_refused_by_name():
    for call, rule in {
        "PrimalAveraging(1, 1e-20)": r"beta of call must be in [0, 1), got 1.0",
        "EMA(5e-324, 0.9)": "learning_rate of call must be positive and finite, got 0.0",
    }.items():
        for convert in (raw, lambda call: translate(call, "Keras")):
            with pytest.raises(ValueError, match=re.escape(rule)):
                convert(call)
    with pytest.raises(ValueError, match="to must be a form of the update within float64, got 'E"):
        translate("keras.SGD(1e308, 0.9)", "EMA")


def test_what_only_builds_on_a_form_is_refused():
    class Mine(conventions.EMA):
        pass

    for convert in (raw, lambda form: translate(form, "Keras")):
        with pytest.raises(ValueError, match="call must be a text or one of the forms PyTorch, K"):
            convert(Mine(0.1, 0.9))


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_scaled_by_its_learning_rate_alone(name):
    form = translate(conventions.PyTorch(0.1), name)
    assert raw(form.scaled(0.5)) == (pytest.approx(0.05), 0.0, False)
    with pytest.raises(ValueError, match="must be positive and finite, got -"):
        form.scaled(-1)


def test_numbers_are_written_alike_in_both_languages():
    rng = np.random.default_rng(14)
    for value in [
        0.1 + 0.2,
        1e-4,
        9.9999e-5,
        1e12,
        123456789012.25,
        *(10 ** rng.uniform(-30, 30, 200)).tolist(),
    ]:
        text = f"Polyak(alpha={value!r}, beta=0.5)"
        assert in_javascript(text) == str(parse(text))


def test_the_nearest_call_leaves_out_the_dampening_of_the_first_step_alone():
    dampened = conventions.PyTorch(0.1, 0.9, dampening=0.5)
    with pytest.raises(ValueError, match="dampening of call must be 0 for an exact translation"):
        translate(dampened, "Keras")
    near = translate(dampened, "Keras", nearest=True)
    assert str(near) == "keras.optimizers.SGD(learning_rate=0.05, momentum=0.9)"
    first = [descend(VALLEY, [0.0, 1.0], one, 1).path for one in (dampened, near)]
    moves = [np.diff(one, axis=0) for one in first]
    assert_allclose(moves[0] * (1 - 0.5), moves[1], rtol=1e-12)


def test_the_text_of_a_call_is_no_code():
    with pytest.raises(ValueError, match="must be a number"):
        parse("SGD(lr=print('run'))")
    with pytest.raises(ValueError, match="call must be the text of a call"):
        parse(0.1)
    with pytest.raises(ValueError, match="to must be one of PyTorch, Keras"):
        translate("SGD()", "Adam")

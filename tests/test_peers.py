"""The optimizers take the steps of PyTorch, Keras and Optax; `ema` is pandas' and scipy's.

PEERS says, rule by rule, what each library's parameters are here. Paths come stored (from
make_peer_vectors.py) and live, wherever the library is installed; where CI is set, PyTorch must be.
The classes are the known differences: each is a rule of ours with the library's own detail in it.
`conventions` translates between the libraries: what it writes is run in each of them.
"""

import importlib.util
import inspect
import json
import os

import numpy as np
import pandas as pd
import pytest
from make_peer_vectors import DROP, DROPPED, LIBRARIES, RULES, STEPS, VECTORS, run_peer
from scipy.signal import lfilter

from momentum import (
    AdaGrad,
    Adam,
    GradientDescent,
    Momentum,
    Nesterov,
    RMSProp,
    conventions,
    descend,
    ema,
    surfaces,
    theory,
)

STORED = json.loads(VECTORS.read_text())
PROBLEMS, KEPT = STORED["problems"], STORED["kept"]
AFTER = [k - 1 for k in KEPT[1:]]  # the steps that led to the kept iterates
BETAS = [0.1, 0.5, 0.9, 0.99, 0.999, 0.9999]


class UndampedFirstStep(Momentum):
    """PyTorch: the first velocity is g, whatever the dampening."""

    def init(self, w):
        return None

    def step(self, w, g, state):
        return (w - self.learning_rate * g, g) if state is None else super().step(w, g, state)


class WarmAdaGrad(AdaGrad):
    """Keras and Optax: s starts at 0.1, and epsilon is added to s, under the root."""

    def init(self, w):
        return super().init(w) + 0.1 + self.epsilon

    def step(self, w, g, state):
        return AdaGrad(self.learning_rate, epsilon=0.0).step(w, g, state)


class RootedRMSProp(RMSProp):
    """Keras, and Optax unless told otherwise: epsilon is added to s, under the root."""

    def step(self, w, g, state):
        _, s = super().step(w, g, state)
        return w - self.learning_rate * g / np.sqrt(s + self.epsilon), s


class EpsilonHatAdam(Adam):
    """Keras: epsilon is added to the root of the biased s, so that at first it weighs more."""

    def step(self, w, g, state):
        epsilon = self.epsilon / np.sqrt(1 - state[3] * self.beta2)
        return Adam(self.learning_rate, self.beta1, self.beta2, epsilon).step(w, g, state)


def torch_sgd(lr, momentum=0.0, dampening=0.0, nesterov=False):
    if nesterov:
        return Nesterov(lr, momentum)
    kind = UndampedFirstStep if dampening else Momentum
    return kind(lr, momentum, dampening) if momentum else GradientDescent(lr)


def sgd(learning_rate, momentum=0.0, nesterov=False):
    return torch_sgd(learning_rate, momentum, nesterov=nesterov)


def optax_rmsprop(learning_rate, decay, eps, eps_in_sqrt):
    return (RootedRMSProp if eps_in_sqrt else RMSProp)(learning_rate, decay, eps)


PEERS = {
    "torch.SGD": torch_sgd,
    "torch.Adagrad": lambda lr, eps: AdaGrad(lr, eps),
    "torch.RMSprop": lambda lr, alpha, eps: RMSProp(lr, alpha, eps),
    "torch.Adam": lambda lr, betas, eps: Adam(lr, *betas, eps),
    "keras.SGD": sgd,
    "keras.Adagrad": lambda learning_rate, epsilon, **_: WarmAdaGrad(learning_rate, epsilon),
    "keras.RMSprop": lambda learning_rate, rho, epsilon: RootedRMSProp(learning_rate, rho, epsilon),
    "keras.Adam": lambda learning_rate, beta_1, beta_2, epsilon: EpsilonHatAdam(
        learning_rate, beta_1, beta_2, epsilon
    ),
    "optax.sgd": sgd,
    "optax.ema": lambda learning_rate, decay, debias: Momentum(learning_rate, decay, decay),
    "optax.adagrad": lambda learning_rate, eps, **_: WarmAdaGrad(learning_rate, eps),
    "optax.rmsprop": optax_rmsprop,
    "optax.adam": lambda learning_rate, b1, b2, eps: Adam(learning_rate, b1, b2, eps),
}


def surface_of(problem):
    kind, make = problem["surface"], getattr(surfaces, problem["surface"])
    data = {"quadratic": ["curvatures"], "least_squares": ["features", "targets"]}.get(kind, [])
    return make(*[problem[name] for name in data])


def our_run(stored, kind=None):
    """Run our rule for a stored run; `kind` takes the place of its class."""
    problem, rule = PROBLEMS[stored["problem"]], our_rule(stored)
    rule = kind(**vars(rule)) if kind else rule
    return descend(surface_of(problem), problem["start"], rule, STEPS)


def our_rule(stored):
    return PEERS[stored["rule"]](**stored["parameters"])


def velocities(run, rule):
    """Replay the velocities of a recorded run, from the first step on."""
    v, found = rule.init(run.path[0]), []
    for w, g in zip(run.path[:-1], run.gradients, strict=True):
        _, v = rule.step(w, g, v)
        found.append(v)
    return np.array(found)


def agree(ours, theirs):
    """Assert equality to 1e-12, with a floor of rounding at the run's own scale."""
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-14 * np.max(np.abs(theirs)))


def name_of(stored):
    """Say which rule this is: the class, and what is switched on in it."""
    switched_on = [
        name
        for name, value in stored["parameters"].items()
        if name in ("momentum", "dampening", "nesterov", "eps_in_sqrt") and value
    ]
    return "+".join([stored["rule"], *switched_on])


def runs(keep=lambda stored: True):
    """Return the stored runs that `keep` accepts, as parameters of a test."""
    return [
        pytest.param(stored, id=f"{name_of(stored)}-{stored['problem']}")
        for stored in STORED["runs"]
        if keep(stored)
    ]


def has_detail(stored):
    """Say whether the library's rule is ours only with one of the known differences in it."""
    return type(our_rule(stored)).__module__ == __name__


def require(library):
    """Skip where the library is not installed; PyTorch may not be missing where CI is set."""
    missing = [name for name in LIBRARIES[library] if importlib.util.find_spec(name) is None]
    if not missing:
        return
    in_ci = os.environ.get("CI", "").lower() not in ("", "0", "false")
    refuse = pytest.fail if library == "torch" and in_ci else pytest.skip
    refuse(f"{' and '.join(missing)} not installed")


def test_every_rule_was_stored_on_every_problem():
    pairs = {(name_of(stored), stored["problem"]) for stored in STORED["runs"]}
    assert len(pairs) == len(STORED["runs"]) == len(RULES) * len(PROBLEMS)


@pytest.mark.parametrize("stored", runs())
def test_200_steps_are_the_stored_steps_of_the_library(stored):
    agree(our_run(stored).path[KEPT], stored["path"])


@pytest.mark.parametrize("rule", sorted({name_of(stored) for stored in STORED["runs"]}))
def test_200_steps_are_the_steps_of_the_installed_library(rule):
    require(rule.split(".")[0])
    for stored in (stored for stored in STORED["runs"] if name_of(stored) == rule):
        parameters, problem = stored["parameters"], PROBLEMS[stored["problem"]]
        path, _ = run_peer(stored["rule"], parameters, problem)
        agree(our_run(stored).path, path)


def test_pytorch_must_be_there_where_ci_is_set(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="torch not installed"):
        require("torch")


# Known differences


@pytest.mark.parametrize("stored", runs(has_detail))
def test_our_plain_rule_takes_other_steps_where_a_known_difference_is_stated(stored):
    theirs, plain = np.array(stored["path"]), type(our_rule(stored)).__base__
    apart = np.abs(our_run(stored, plain).path[KEPT] - theirs).max()
    assert apart > 1e-9 * np.abs(theirs).max()


DAMPENED = runs(lambda stored: "dampening" in stored["parameters"])


@pytest.mark.parametrize("stored", DAMPENED)
def test_pytorch_leaves_the_dampening_out_of_its_first_step_and_we_do_not(stored):
    rule, ours, theirs = our_rule(stored), our_run(stored, Momentum), np.array(stored["path"])
    agree(theirs[1], theirs[0] - rule.learning_rate * ours.gradients[0])
    dampened = rule.learning_rate * (1 - rule.dampening) * ours.gradients[0]
    agree(ours.path[1], ours.path[0] - dampened)


@pytest.mark.parametrize("stored", [p for p in DAMPENED if "bowl" in p.id])
def test_what_pytorch_does_not_dampen_is_an_impulse_that_the_iteration_matrix_carries_on(stored):
    rule, ours, theirs = our_rule(stored), our_run(stored, Momentum), np.array(stored["path"])
    impulse = rule.dampening * ours.gradients[0]
    first = np.array([impulse, -rule.learning_rate * impulse])
    for j, curvature in enumerate(PROBLEMS[stored["problem"]]["curvatures"]):
        curvature *= 1 - rule.dampening
        m = theory.iteration_matrix(curvature, rule.learning_rate, rule.beta)
        carried = [(np.linalg.matrix_power(m, k) @ first[:, j])[1] for k in AFTER]
        apart = theirs[1:, j] - ours.path[KEPT[1:], j]
        np.testing.assert_allclose(carried, apart, rtol=0, atol=1e-13 * np.abs(theirs).max())


@pytest.mark.parametrize("stored", DAMPENED)
def test_with_a_first_velocity_of_zero_put_in_pytorch_dampens_its_first_step_as_we_do(stored):
    require("torch")
    problem, parameters = PROBLEMS[stored["problem"]], stored["parameters"]
    path, _ = run_peer(stored["rule"], parameters, problem, first_velocity=0.0)
    agree(our_run(stored, Momentum).path, path)


@pytest.mark.parametrize("stored", runs(lambda s: "velocities" in s and s["rule"] != "keras.SGD"))
def test_pytorch_and_optax_keep_the_velocity_we_keep(stored):
    agree(velocities(our_run(stored), our_rule(stored))[AFTER], stored["velocities"][1:])


@pytest.mark.parametrize("stored", runs(lambda s: "velocities" in s and s["rule"] == "keras.SGD"))
def test_keras_keeps_minus_learning_rate_times_the_velocity(stored):
    rule = our_rule(stored)
    ours = velocities(our_run(stored), rule)[AFTER]
    agree(-rule.learning_rate * ours, stored["velocities"][1:])


FIRST_STEPS = {
    WarmAdaGrad: lambda rule, g: g / np.sqrt(0.1 + g**2 + rule.epsilon),
    RootedRMSProp: lambda rule, g: g / np.sqrt((1 - rule.decay) * g**2 + rule.epsilon),
    EpsilonHatAdam: lambda rule, g: g / (abs(g) + rule.epsilon / np.sqrt(1 - rule.beta2)),
}


@pytest.mark.parametrize("stored", runs(lambda stored: type(our_rule(stored)) in FIRST_STEPS))
def test_first_adaptive_step_shows_where_keras_and_optax_add_epsilon(stored):
    rule, path, problem = our_rule(stored), np.array(stored["path"]), PROBLEMS[stored["problem"]]
    g = surface_of(problem).gradient(problem["start"])
    agree(path[1], path[0] - rule.learning_rate * FIRST_STEPS[type(rule)](rule, g))


# Translations


FORMS = {"torch.SGD": "PyTorch", "keras.SGD": "Keras", "optax.sgd": "Optax", "optax.ema": "EMA"}
MOMENTUM = runs(lambda stored: stored["rule"] in FORMS)


def form_of(stored):
    """Return the library's form of momentum, as `conventions` knows it."""
    given = {k: v for k, v in stored["parameters"].items() if k != "debias"}
    given |= {"beta": given.pop("decay")} if "decay" in given else {}
    return conventions.FORMS[FORMS[stored["rule"]]](**given)


def translations(form):
    """Yield all forms with the same path, by name."""
    for name in conventions.FORMS:
        try:
            yield name, conventions.translate(form, name)
        except ValueError as error:
            assert "must be a form of" in str(error)


@pytest.mark.parametrize("stored", MOMENTUM)
def test_a_form_takes_the_stored_steps_of_its_library(stored):
    problem = PROBLEMS[stored["problem"]]
    path = descend(surface_of(problem), problem["start"], form_of(stored), STEPS).path
    agree(path[KEPT], stored["path"])


@pytest.mark.parametrize(
    "stored", runs(lambda s: s["rule"] in FORMS and "dampening" not in s["parameters"])
)
def test_all_translations_of_a_library_s_call_take_its_stored_steps(stored):
    problem, found = PROBLEMS[stored["problem"]], dict(translations(form_of(stored)))
    nesterov, moves = "nesterov" in stored["parameters"], len(stored["parameters"]) > 1
    without = (
        {"EMA", "Polyak", "PrimalAveraging"} if nesterov else {"Sutskever"} if moves else set()
    )
    assert set(found) == set(conventions.FORMS) - without
    for form in found.values():
        path = descend(surface_of(problem), problem["start"], form, STEPS).path
        np.testing.assert_allclose(
            path[KEPT], stored["path"], rtol=0, atol=1e-11 * np.max(np.abs(stored["path"]))
        )


CALLS = (
    "torch.optim.SGD(params, lr=0.01)",
    "torch.optim.SGD(params, lr=0.01, momentum=0.9)",
    "torch.optim.SGD(params, lr=0.01, momentum=0.9, nesterov=True)",
)


@pytest.mark.parametrize("library, name", [("keras.SGD", "Keras"), ("optax.sgd", "Optax")])
@pytest.mark.parametrize("call", CALLS)
def test_the_text_of_a_translated_call_takes_the_same_steps_in_the_libraries(call, library, name):
    require("torch")
    require(library.split(".")[0])
    problem, forms = PROBLEMS["bowl-3"], (call, str(conventions.translate(call, name)))
    torch, other = (
        run_peer(rule, vars(conventions.parse(text)), problem)[0]
        for rule, text in zip(("torch.SGD", library), forms, strict=True)
    )
    agree(other, torch)


@pytest.mark.parametrize("rule, name", [*FORMS.items()][:3])
def test_a_form_has_the_defaults_and_the_order_of_its_library(rule, name):
    library, function = rule.split(".")
    require(library)
    module = importlib.import_module({"torch": "torch.optim"}.get(library, library))
    call = getattr(getattr(module, "optimizers", module), function)
    theirs, form = inspect.signature(call).parameters, conventions.FORMS[name]
    assert [*theirs][: len(form.order)] == list(form.order)
    known = {*inspect.signature(form).parameters, *form.unused, "params", "kwargs"}
    assert theirs.keys() <= known
    for argument, parameter in inspect.signature(form).parameters.items():
        default = theirs[argument].default
        assert (0.0 if default is None else default) == parameter.default


@pytest.mark.parametrize("given", [{}, {"momentum": 0.9, "dampening": 0.5}])
def test_pytorch_itself_refuses_nesterov_without_momentum_or_with_dampening(given):
    require("torch")
    import torch

    with pytest.raises(ValueError, match="Nesterov"):
        torch.optim.SGD([torch.zeros(1)], lr=0.1, nesterov=True, **given)
    with pytest.raises(ValueError, match="nesterov must be False without momentum"):
        conventions.PyTorch(0.1, nesterov=True, **given)


# A learning rate that falls on the way


def dropped_run(form, problem, rescale=1.0):
    """Return the path with a learning rate that falls; `rescale` multiplies the velocity then."""
    gradient, w, path = surface_of(problem).gradient, np.array(problem["start"]), []
    state = form.init(w)
    for t in range(STEPS):
        path.append(w)
        if t == DROP:
            form = form.scaled(DROPPED)
            state = state * rescale if rescale != 1 else state
        w, state = form.step(w, gradient(w), state)
    return np.array([*path, w])


DROPS = [
    pytest.param(stored, id=f"{name_of(stored)}-{stored['problem']}") for stored in STORED["drops"]
]


@pytest.mark.parametrize("stored", DROPS)
def test_where_the_learning_rate_falls_a_form_takes_the_stored_steps_of_its_library(stored):
    path = dropped_run(form_of(stored), PROBLEMS[stored["problem"]])
    agree(path[KEPT], stored["path"])


@pytest.mark.parametrize("stored", [p for p in DROPS if "keras" in p.id])
def test_keras_with_its_velocity_multiplied_goes_on_as_pytorch_does(stored):
    problem = PROBLEMS[stored["problem"]]
    torch = dropped_run(conventions.translate(form_of(stored), "PyTorch"), problem)
    assert abs(torch[KEPT] - stored["path"]).max() > 1e-4 * abs(torch).max()
    agree(dropped_run(form_of(stored), problem, rescale=DROPPED), torch)


@pytest.mark.parametrize("stored", [p for p in DROPS if "bowl-3" in p.id])
def test_where_the_learning_rate_falls_the_installed_library_takes_our_steps(stored):
    require(stored["rule"].split(".")[0])
    problem = PROBLEMS[stored["problem"]]
    path, _ = run_peer(stored["rule"], stored["parameters"], problem, drop=DROP)
    agree(dropped_run(form_of(stored), problem), path)


# The exponential moving average


@pytest.fixture(params=[(40_000,), (40_000, 3)], ids=["1-D", "2-D"])
def series(request):
    """Noise around a level that drifts through zero, long enough for several chunks."""
    rng = np.random.default_rng(7)
    drift = np.linspace(2.0, -2.0, request.param[0]).reshape(-1, *[1] * (len(request.param) - 1))
    return drift + rng.normal(size=request.param)


def pandas_ewm(series, beta, adjust):
    return pd.DataFrame(series).ewm(alpha=1 - beta, adjust=adjust).mean().to_numpy()


def one_pole_filter(series, beta, initial):
    state = beta * np.broadcast_to(initial, series.shape[1:])[np.newaxis]
    return lfilter([1 - beta], [1, -beta], series, axis=0, zi=state)[0]


@pytest.mark.parametrize("beta", BETAS)
def test_ema_from_the_first_value_is_pandas_ewm_without_adjustment(series, beta):
    agree(ema(series, beta).reshape(len(series), -1), pandas_ewm(series, beta, adjust=False))


@pytest.mark.parametrize("beta", BETAS)
def test_debiased_ema_from_zero_is_pandas_ewm_with_adjustment(series, beta):
    ours = ema(series, beta, initial=0.0, debias=True)
    agree(ours.reshape(len(series), -1), pandas_ewm(series, beta, adjust=True))


@pytest.mark.parametrize("beta", BETAS)
def test_ema_from_zero_is_scipys_filter_at_rest(series, beta):
    theirs = lfilter([1 - beta], [1, -beta], series, axis=0)
    agree(ema(series, beta, initial=0.0), theirs)


@pytest.mark.parametrize("beta", BETAS)
def test_ema_from_a_start_is_scipys_filter_with_beta_times_it_as_its_state(series, beta):
    agree(ema(series, beta, initial=3.5), one_pole_filter(series, beta, 3.5))


@pytest.mark.parametrize("beta", BETAS)
def test_ema_starts_like_a_filter_that_has_seen_the_first_value_for_ever(series, beta):
    agree(ema(series, beta), one_pole_filter(series, beta, series[0]))

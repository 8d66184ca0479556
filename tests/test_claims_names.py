"""The claims of chapter 13, one update by many names, one test each: checked by running it."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from momentum import conventions, descend, surfaces, theory
from momentum.conventions import EMA, QHM, Keras, Optax, Polyak, PrimalAveraging, PyTorch

WELL = surfaces.double_well()


def path(form, steps=80, start=-1.6):
    """The run in a double well, where no formula for bowls can help."""
    return descend(WELL, [start], form, steps).path[:, 0]


def changed(form, share, at, steps, gradient, rescale=1.0):
    """The run on a list or a function of gradients whose learning rate changes at a step."""
    w, state, found = 1.0, form.init(1.0), [1.0]
    for t in range(steps):
        if t == at:
            form = form.scaled(share)
            state = state if rescale == 1 else rescale * state
        w, state = form.step(w, gradient(w, t), state)
        found.append(w)
    return np.array(found)


def test_t30_the_forms_take_one_path():
    """With the numbers of the ledger, on a surface that is no bowl; not with copied ones."""
    eta, beta = 0.02, 0.8
    raw, long = path(PyTorch(eta, beta)), eta / (1 - beta)
    for form in (Keras(eta, beta), Optax(eta, beta), Polyak(eta, beta)):
        assert_allclose(path(form), raw, rtol=0, atol=1e-12)
    for form in (EMA(long, beta), QHM(long, beta, 1.0), PrimalAveraging(long, 1 - beta)):
        assert_allclose(path(form), raw, rtol=0, atol=1e-12)
    assert abs(path(EMA(eta, beta)) - raw).max() > 0.5
    began = Keras(eta, beta), PyTorch(eta, beta)
    moving = [form.step(1.0, 0.0, 0.5)[0] for form in began]  # not from rest: another velocity
    assert moving[0] != pytest.approx(moving[1])


@pytest.mark.parametrize("d", [0.3, 0.9])
def test_t31_the_first_gradient_is_not_dampened(d):
    """By how much PyTorch is ahead of the dampened form if both meet the same gradients."""
    eta, beta, rng = 0.1, 0.9, np.random.default_rng(31)
    gradients = rng.normal(size=200)
    dampened = PyTorch(eta, beta, dampening=d)
    near = conventions.translate(dampened, "Keras", nearest=True)
    runs = [changed(form, 1.0, 0, 200, lambda w, t: gradients[t]) for form in (dampened, near)]
    assert np.diff(runs[0])[0] * (1 - d) == pytest.approx(np.diff(runs[1])[0])
    t = np.arange(201)
    ahead = d * eta * gradients[0] * (1 - beta**t) / (1 - beta)
    assert_allclose(runs[1] - runs[0], ahead, rtol=0, atol=1e-12)
    bowl = surfaces.quadratic([1.0])
    ends = [descend(bowl, [1.0], form, 400).path for form in (dampened, near)]
    assert abs(ends[0] - ends[1]).max() > 0.1 * d and abs(ends[0] - ends[1])[-1, 0] < 1e-6


@pytest.mark.parametrize("share", [0.1, 0.5, 2.0])
def test_t32_after_a_change_the_forms_part(share):
    """With the same gradients by the stated distance, on a bowl as the iteration matrix says."""
    eta, beta, at, steps = 0.05, 0.9, 12, 90
    gradients = np.random.default_rng(32).normal(size=steps)
    pair = PyTorch(eta, beta), Keras(eta, beta)
    out, into = (changed(form, share, at, steps, lambda w, t: gradients[t]) for form in pair)
    v, k = (out[at - 1] - out[at]) / eta, np.arange(steps + 1 - at)
    parted = (1 - share) * eta * beta * v * (1 - beta**k) / (1 - beta)
    assert_allclose(out[at:] - into[at:], parted, rtol=0, atol=1e-12)
    out, into = (changed(form, share, at, steps, lambda w, t: w) for form in pair)
    v, matrix = (out[at - 1] - out[at]) / eta, theory.iteration_matrix(1.0, share * eta, beta)
    carried = [(np.linalg.matrix_power(matrix, n) @ [(1 / share - 1) * v, 0])[1] for n in k]
    assert_allclose(into[at:] - out[at:], carried, rtol=0, atol=1e-12)
    mended = changed(pair[1], share, at, steps, lambda w, t: w, rescale=share)
    assert_allclose(mended, out, rtol=0, atol=1e-12)
    long = eta / (1 - beta)
    for form in (Optax(eta, beta), EMA(long, beta), QHM(long, beta, 1.0)):
        assert_allclose(changed(form, share, at, steps, lambda w, t: w), out, rtol=0, atol=1e-12)
    for form in (Polyak(eta, beta), PrimalAveraging(long, 1 - beta)):
        assert_allclose(changed(form, share, at, steps, lambda w, t: w), into, rtol=0, atol=1e-12)


def test_t33_quasi_hyperbolic_momentum_is_nesterov_s_form_for_one_nu():
    """Three nu have a name; for others the two-step recursion on a bowl is no other form's."""
    eta, beta = 0.02, 0.8
    long = eta / (1 - beta)
    named = {0.0: PyTorch(long), beta: PyTorch(eta, beta, nesterov=True), 1.0: EMA(long, beta)}
    for nu, form in named.items():
        assert_allclose(path(QHM(long, beta, nu)), path(form), rtol=0, atol=1e-12)
    ahead = conventions.Sutskever(eta, beta)
    assert_allclose(path(ahead), path(named[beta]), rtol=0, atol=1e-12)
    found = [last_coefficients(QHM(0.2, beta, nu)) for nu in (0.3, 0.5, 0.95)]
    for slopes in found:  # how w(t) and w(t-1) count, as the curvature grows by 1
        assert abs(slopes[1]) > 1e-3  # in the raw form w(t-1) has the same weight always
        assert abs(slopes[0] + slopes[1] * (1 + beta) / beta) > 1e-3  # and this is 0 in Nesterov's
    nesterov = last_coefficients(named[beta])
    assert abs(nesterov[0] + nesterov[1] * (1 + beta) / beta) < 1e-9


def last_coefficients(form):
    """By how much the weights of w(t) and w(t-1) in w(t+1) change from curvature 1 to 2."""
    weights = []
    for curvature in (1.0, 2.0):
        w = descend(surfaces.quadratic([curvature]), [1.0], form, 4).path[:, 0]
        weights.append(np.linalg.solve([w[[2, 1]], w[[3, 2]]], w[[3, 4]]))
    return weights[1] - weights[0]

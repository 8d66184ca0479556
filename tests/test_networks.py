"""A network's loss, gradient and training, against other ways to compute them."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from momentum import Adam, GradientDescent, Momentum, data, descend
from momentum.networks import Classifier, train

RNG = np.random.default_rng(4)
NETWORK = Classifier(5, 4, 3)
X, LABELS = RNG.normal(size=(20, 5)), RNG.integers(3, size=20)
W = NETWORK.init(RNG)


def test_the_loss_is_the_mean_of_minus_log_of_the_right_probability():
    for x, label in zip(X, LABELS):
        A, b = W[:20].reshape(5, 4), W[20:24]
        C, c = W[24:36].reshape(4, 3), W[36:]
        scores = np.array(
            [sum(max(0, u) * v for u, v in zip(x @ A + b, C[:, k])) for k in range(3)]
        )
        p = np.exp(scores + c) / np.exp(scores + c).sum()
        assert_allclose(NETWORK.loss(W, [x], [label]), -np.log(p[label]), rtol=1e-12)
        assert NETWORK.predict(W, [x]) == p.argmax()
    alone = [NETWORK.loss(W, [x], [label]) for x, label in zip(X, LABELS)]
    assert_allclose(NETWORK.loss(W, X, LABELS), np.mean(alone), rtol=1e-12)


def test_the_gradient_is_that_of_finite_differences():
    g, h = NETWORK.gradient(W, X, LABELS), 1e-6
    for k, unit in enumerate(np.eye(NETWORK.dim)):
        ahead, behind = (NETWORK.loss(W + s * h * unit, X, LABELS) for s in (1, -1))
        assert_allclose(g[k], (ahead - behind) / (2 * h), atol=1e-8)


def test_the_surface_has_the_same_values_and_gradients_alone_and_in_a_batch():
    surface = NETWORK.surface(X, LABELS)
    batch = RNG.normal(size=(NETWORK.dim, 2, 3))
    values, gradients = surface.value(batch), surface.gradient(batch)
    for place in np.ndindex(2, 3):
        w = batch[:, *place]
        assert values[place] == NETWORK.loss(w, X, LABELS) == surface.value(w)
        assert_array_equal(gradients[:, *place], NETWORK.gradient(w, X, LABELS))
        assert_array_equal(gradients[:, *place], surface.gradient(w))


@pytest.mark.parametrize("rule", [Momentum(0.1, 0.9), Adam(0.01)])
def test_training_on_all_examples_is_descend_on_the_surface(rule):
    run = train(NETWORK, W, X, LABELS, rule, 30)
    path = descend(NETWORK.surface(X, LABELS), W, rule, 30)
    assert_allclose(run.path, path.path, rtol=1e-10, atol=1e-12)
    assert_allclose(run.losses, path.values[:-1], rtol=1e-10)


def test_an_epoch_sees_every_example_once_and_a_rest_is_a_smaller_batch():
    class Spy(GradientDescent):
        def step(self, w, g, state):
            seen.append(g)
            return w, state

    seen = []
    run = train(NETWORK, W, X, LABELS, Spy(0.1), 3, batch_size=8, rng=np.random.default_rng(1))
    assert run.losses.shape == (9,) and run.path.shape == (4, NETWORK.dim)
    sizes = np.array([8, 8, 4])[:, np.newaxis]
    for epoch in np.reshape(seen, (3, 3, -1)):
        whole = (epoch * sizes).sum(axis=0) / 20
        assert_allclose(whole, NETWORK.gradient(W, X, LABELS), rtol=1e-9, atol=1e-12)
    assert not np.allclose(seen[0], seen[3])  # shuffled anew


def test_a_start_is_normal_with_biases_of_zero():
    wide = Classifier(400, 300, 10)
    A, b, C, c = wide._layers(wide.init(np.random.default_rng(0)))
    assert_allclose([A.var(), C.var()], [2 / 400, 1 / 300], rtol=0.05)
    assert not b.any() and not c.any()


def test_divergence_is_no_error_and_large_scores_are_no_overflow():
    run = train(NETWORK, W, X, LABELS, GradientDescent(1e300), 5)
    assert not np.isfinite(run.losses[-1])
    assert np.isfinite(NETWORK.loss(1e4 * W, X, LABELS))


def test_a_bar_is_shown_where_it_takes_long_and_is_wanted(monkeypatch, capsys):
    monkeypatch.setattr("momentum._progress.bar.__kwdefaults__", {"patience": 0.0})
    train(NETWORK, W, X, LABELS, GradientDescent(0.1), 200)
    assert "train" in capsys.readouterr().err
    train(NETWORK, W, X, LABELS, GradientDescent(0.1), 200, progress=False)
    assert capsys.readouterr().err == ""


def test_the_digits_are_those_of_the_source():
    images, labels = data.digits()
    assert images.shape == (1797, 8, 8) and images.min() == 0 and images.max() == 16
    counts = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]  # as the source states them
    assert np.bincount(labels).tolist() == counts
    assert_array_equal(images, np.round(images))

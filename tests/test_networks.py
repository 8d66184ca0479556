"""A network's loss, gradient and training, against other ways to compute them."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from momentum import Adam, GradientDescent, Momentum, data, descend
from momentum.explorers import Network, network
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


def test_the_surface_takes_a_batch_of_no_points():
    surface, none = NETWORK.surface(X, LABELS), np.empty((NETWORK.dim, 2, 0))
    assert surface.value(none).shape == (2, 0) and surface.gradient(none).shape == none.shape


def test_the_surface_travels_and_keeps_its_examples():
    x, labels = X.copy(), LABELS.copy()
    surface = NETWORK.surface(x, labels)
    x[:], labels[:] = 0.0, 0
    for one in (surface, pickle.loads(pickle.dumps(surface))):
        assert one.value(W) == NETWORK.loss(W, X, LABELS)
        assert_array_equal(one.gradient(W), NETWORK.gradient(W, X, LABELS))


def test_what_has_scores_that_are_not_finite_is_not_told_right():
    for wrong in (np.nan, np.inf):
        assert NETWORK.accuracy(np.full(NETWORK.dim, wrong), X, np.zeros(20)) == 0.0
    partly, steep = np.vstack([np.full((5, 5), 1e300), X]), 1e10 * W
    labels = NETWORK.predict(steep, partly)
    assert NETWORK.accuracy(steep, partly, labels) == 20 / 25


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


def test_the_live_figure_shows_runs_of_this_training_and_hands_none_out_to_write():
    x, _, labels = network.images()
    for beta in (0.0, 0.9):
        rule, rng = Momentum(0.04, beta), np.random.default_rng(0)
        start = network.NETWORK.init(rng)
        run = train(network.NETWORK, start, x, labels, rule, 6, batch_size=32, rng=rng)
        assert_array_equal(run.path, network.weights("32", rule)[::16])
    for batch in network.BATCHES:
        with pytest.raises(ValueError, match="read-only"):
            Network(batch=batch).path()[0, 0] = 5.0


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

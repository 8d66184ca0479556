"""The claims of chapter 11, one test each: a network of 1,210 weights on 512 handwritten digits."""

from functools import cache

import numpy as np
import pytest
from make_peer_vectors import NETWORK as TORCH
from make_peer_vectors import digits_training, train_torch
from numpy.testing import assert_allclose
from test_peers import require

from momentum import Adam, GradientDescent, Momentum, Nesterov, RMSProp, data, networks

images, labels = data.digits()
X = images.reshape(-1, 64) / 16
LEARNED, CHECKED, TESTED = (
    (X[part], labels[part]) for part in (slice(512), slice(512, 768), slice(768, None))
)
NET = networks.Classifier(64, 16, 10)
RATES = np.geomspace(0.01, 1, 6)
TRIES = {
    "gradient descent": [GradientDescent(eta) for eta in np.geomspace(0.05, 2, 12)],
    "momentum": [Momentum(eta, beta) for beta in (0.8, 0.95) for eta in RATES],
    "Nesterov": [Nesterov(eta, beta) for beta in (0.8, 0.95) for eta in RATES],
    "RMSProp": [RMSProp(eta / 10, decay) for decay in (0.9, 0.99) for eta in RATES],
    "Adam": [Adam(eta / 10, beta) for beta in (0.8, 0.95) for eta in RATES],
}


def start(seed):
    return NET.init(np.random.default_rng(seed))


def trained(rule, seed, epochs):
    """The weights after some epochs in batches of 32."""
    rng = np.random.default_rng(seed)
    run = networks.train(NET, NET.init(rng), *LEARNED, rule, epochs, batch_size=32, rng=rng)
    return run.path[-1]


def fewest_steps(rules, seed):
    """The fewest full steps to a loss of 0.2 with any of the rules, of at most 60."""
    found = [networks.train(NET, start(seed), *LEARNED, rule, 60).losses <= 0.2 for rule in rules]
    return min(losses.argmax() for losses in found if losses.any())


def test_t19_with_full_gradients_momentum_saves_steps_and_adams_speed_is_momentums():
    """The best of twelve tries of each, from three starts."""
    best = np.array([[fewest_steps(some, s) for some in TRIES.values()] for s in range(3)]).T
    steps = dict(zip(TRIES, best))
    saved = steps["gradient descent"] / steps["momentum"]
    assert_allclose([saved.min(), saved.max()], [2.5, 3.1], atol=0.05)
    for name in ("momentum", "Nesterov", "Adam"):
        assert (steps[name] < 0.5 * steps["gradient descent"]).all()
        assert (steps[name] < 0.55 * steps["RMSProp"]).all()
    assert (steps["RMSProp"] > 0.8 * steps["gradient descent"]).all()


def test_t20_at_equal_progress_small_batches_make_momentum_a_larger_learning_rate():
    """Alike while eta is small, and then gradient descent alone breaks down."""
    for eta in (0.2, 0.4):
        plain, ball = (
            np.median([NET.loss(trained(rule, seed, 6), *LEARNED) for seed in range(5)])
            for rule in (GradientDescent(eta), Momentum(0.1 * eta, 0.9))
        )
        assert 0.8 < ball / plain < 1.3
    for seed in range(5):
        assert NET.loss(trained(GradientDescent(1.6), seed, 6), *LEARNED) > 2
        assert NET.loss(trained(Momentum(0.16, 0.9), seed, 6), *LEARNED) < 0.3


@cache
def chosen():
    """Of each method the rule whose median of three runs is best on images not learned."""
    median = {
        rule: np.median([NET.loss(trained(rule, seed, 8), *CHECKED) for seed in range(3)])
        for some in TRIES.values()
        for rule in some
    }
    return [
        min(some, key=lambda rule: np.nan_to_num(median[rule], nan=np.inf))
        for some in TRIES.values()
    ]


@pytest.mark.parametrize("first", [100, 200])
def test_t21_tuned_alike_the_five_methods_differ_less_than_runs_of_one(first):
    """Eleven new runs of each on images that no choice has seen."""
    runs = [
        [NET.accuracy(trained(rule, first + k, 8), *TESTED) for k in range(11)] for rule in chosen()
    ]
    medians, spreads = np.median(runs, axis=1), np.ptp(runs, axis=1)
    assert np.ptp(medians) < 0.02 < 0.035 < spreads.min()


RULES = {
    "SGD": lambda lr, momentum=0.0, nesterov=False: (
        Nesterov(lr, momentum) if nesterov else Momentum(lr, momentum)
    ),
    "RMSprop": lambda lr, alpha: RMSProp(lr, alpha),
    "Adam": lambda lr: Adam(lr),
}


def ours(theirs, parameters):
    rng = np.random.default_rng(0)
    rule, w = RULES[theirs](**parameters), NET.init(rng)
    return networks.train(NET, w, *LEARNED, rule, 4, batch_size=32, rng=rng)


def test_t22_our_training_is_pytorchs_step_for_step():
    """The losses of all five optimizers before each of 64 steps."""
    stored = data.torch_digits()
    assert list(stored) == [name for name, _, _ in TORCH]
    for name, theirs, parameters in TORCH:
        assert stored[name].shape == (64,)
        assert_allclose(ours(theirs, parameters).losses, stored[name], rtol=0, atol=1e-12)


def test_pytorch_gives_the_stored_losses_and_our_weights():
    require("torch")
    layers, batches = digits_training()
    for name, theirs, parameters in TORCH:
        losses, weights = zip(*train_torch(theirs, parameters, layers, batches))
        assert_allclose(losses, data.torch_digits()[name], rtol=0, atol=1e-12)
        assert_allclose(weights[15::16], ours(theirs, parameters).path[1:], rtol=0, atol=1e-12)

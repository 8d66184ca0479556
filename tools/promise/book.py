"""What the book counts in itself, and what its claims take as given, for pages without code."""

import json
import re
import tomllib
from functools import cache
from inspect import signature
from pathlib import Path

import numpy as np

from momentum import (
    Adam,
    Momentum,
    Trajectory,
    data,
    descend,
    networks,
    surfaces,
    theory,
)
from momentum.optimizers import AcceleratedGradient
from tools.course import guide
from tools.course.guide import LESSONS
from tools.course.questions import questions
from tools.pythons import RELEASES

ROOT = Path(__file__).parents[2]
LEDGER = (ROOT / "chapters/claims.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

# counted
article_claims = len(re.findall(r"^\(s\w+\)=$", LEDGER, re.MULTILINE))
field_claims = len(re.findall(r"^\(t\d+\)=$", LEDGER, re.MULTILINE))
oldest_python = float(PROJECT["requires-python"].removeprefix(">="))
tested_pythons = [oldest_python, *map(float, RELEASES.values())]
peer_versions = {  # the first two parts, of the libraries that the book is compared with
    name: float(".".join(version.split(".")[:2]))
    for name, version in json.loads((ROOT / "tests/peer_vectors.json").read_text())[
        "versions"
    ].items()
}
penguins = len(data.penguins())
settling_share = signature(Trajectory.settling_time).parameters["tolerance"].default

lesson_minutes = tuple(LESSONS.values())
short = {c for name in ("03_memory", "05_plateau", "06_two_cases") for c in guide.claims(name)}
short_test = [question.number for question in questions("A") if question.claim in short]

# given by the article, or by a claim
epoch = 38
fast_and_slow = 0.1, 0.01  # learning rate x curvature
hard = 1000  # condition number
usual_beta = 0.9
named_nus = 0.0, usual_beta, 1.0
article_betas = 0.1, 0.9
article_gradients = 3
accuracy = 1e-6
spread = 100
many_steps = 1000
passing = {"curvature": 2, "start": (1.0, 0.5), "bound": 0.01}
kappa_of_bent = 25
uneven = 3.0, -1.0, -1.0  # gradients that come again and again
directions = 50

# the network of chapter 11
network = networks.Classifier(64, 16, 10)
learned_digits, digits_batch, network_passes = 512, 32, (6, 8)
tries_each, starts, new_runs, loss_goal = 12, 3, 11, 0.2
equal_rates, alike, low_loss = (0.2, 0.4, 1.6), (0.8, 1.3), 0.3
medians_differ, runs_differ, agreeing_digits = 0.02, 0.035, 12


@cache
def restart_costs():
    """Return, for three condition numbers, steps: restarted over told, unrestarted over it."""
    return np.transpose([_restart_costs(kappa) for kappa in (10, 100, 1000)])


def _restart_costs(kappa):
    curvatures, rule = np.geomspace(1, kappa, 10), AcceleratedGradient(1 / kappa)
    bowl, start = surfaces.quadratic(curvatures), np.ones(10)
    told = descend(bowl, start, Momentum(*theory.optimal_parameters(1, kappa)[:2]), 1000)
    blind, again = (descend(bowl, start, rule, 15_000, restart=r) for r in (False, True))
    told, blind, again = (run.settling_time(accuracy) for run in (told, blind, again))
    return again / told, blind / again


@cache
def first_share_that_swings():
    """Return the least tenth of the limit at which some start on log cosh swings for ever."""
    starts, limit = np.linspace(0.1, 30, 300)[np.newaxis], theory.stability_limit(usual_beta)
    for share in np.arange(1, 10) / 10:
        run = descend(surfaces.log_cosh(), starts, Momentum(share * limit, usual_beta), 3000)
        if abs(run.path[-50:]).max() > 0.01:
            return share
    return np.inf


@cache
def network_savings():
    """Return how many times fewer full steps to the goal momentum needs, for each start."""
    plain = [Momentum(eta, 0.0) for eta in np.geomspace(0.05, 2, tries_each)]
    ball = [Momentum(eta, beta) for beta in (0.8, 0.95) for eta in np.geomspace(0.01, 1, 6)]
    return [fewest_steps(plain, seed) / fewest_steps(ball, seed) for seed in range(starts)]


def fewest_steps(rules, seed):
    """Return the fewest full steps to the goal, of at most 60, with any of the rules."""
    images, labels = data.digits()
    learned = images[:learned_digits].reshape(-1, 64) / 16, labels[:learned_digits]
    start = network.init(np.random.default_rng(seed))
    courses = [networks.train(network, start, *learned, rule, 60).losses for rule in rules]
    return min((losses <= loss_goal).argmax() for losses in courses if losses.min() <= loss_goal)


def shuffled_share(x):
    """Return the share of independent batches' variance that a shuffled epoch leaves."""
    shuffled = theory.shuffled_variance(x, 0.0, 1.0, 1.0, epoch)
    return shuffled / theory.stationary_variance(x, 0.0, 1.0, 1.0)


@cache
def streaming_gain(kappa):
    """Return how many times fewer steps momentum needs with one example a step."""
    factors = {}
    for beta in (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99):
        etas = np.geomspace(0.01, 2, 80) * (1 - beta)
        factors[beta] = min(theory.streaming_rate([1, 1 / kappa], eta, beta) for eta in etas)
    return np.log(min(factors.values())) / np.log(factors[0.0])


def covariances(begin, eta, steps):
    """Yield the covariance of velocity and place under noise of variance 1, step after step."""
    step, kick = theory.iteration_matrix(1.0, eta, usual_beta), np.array([1.0, -eta])
    for _ in range(steps):
        begin = step @ begin @ step.T + np.outer(kick, kick)
        yield begin


def highest_after_drop():
    """Return the largest variance after a drop of eta inside the velocity, in units of the old."""
    fast, slow = fast_and_slow
    *_, old = covariances(np.zeros((2, 2)), fast, 2000)
    carried = np.diag([fast / slow, 1])
    after = covariances(carried @ old @ carried, slow, 60)
    return max(spread[1, 1] for spread in after) / old[1, 1]


def cycle_of_bent():
    """Return the places of momentum's cycle on `surfaces.bent`, with the best pair for 25."""
    rule = Momentum(*theory.optimal_parameters(1, kappa_of_bent)[:2])
    *_, a, b, c = descend(surfaces.bent(), [3.3], rule, 3000).path[:, 0]
    ring = [a, b, c]
    first = ring.index(min(ring, key=abs))
    return ring[first:] + ring[:first]


def trapped_from():
    """Return the last condition number tried without a trap for its best pair, the first with."""
    trapped = {
        kappa: any(
            theory.has_cycle(1, kappa, *theory.optimal_parameters(1, kappa)[:2], corners)
            for corners in range(3, 26)
        )
        for kappa in (5, 10, 15, 20, 25, 100, 1000)
    }
    free, caught = ([k for k in trapped if trapped[k] == one] for one in (False, True))
    assert max(free) < min(caught)
    return max(free), min(caught)


@cache
def gains_off_bowls(kappa):
    """Return how many times fewer steps than gradient descent pairs need: best, free, safe."""
    eta, beta = np.meshgrid(np.geomspace(0.01, 4, 500), 1 - np.geomspace(0.005, 1, 500))
    rate = theory.convergence_rate([1 / kappa, 1], eta, beta)
    trapped = [theory.has_cycle(1 / kappa, 1, eta, beta, corners) for corners in range(3, 61)]
    free, safe = ~np.any(trapped, axis=0), beta < theory.safe_beta(1 / kappa, 1, eta)
    rates = theory.optimal_parameters(1, kappa)[2], rate[free].min(), rate[safe].min()
    return np.log(rates) / np.log(theory.optimal_learning_rate(1, kappa)[1])


@cache
def adam_ends():
    """Return where Adam ends with a long and with a short memory, with uneven gradients."""
    return [_adam_end(memory) for memory in (0.999, 0.1)]


def _adam_end(beta2):
    rule, w = Adam(0.01, 0.0, beta2), 0.0
    state = rule.init(w)
    for t in range(6000):
        w, state = rule.step(w, uneven[t % 3], state)
        w = min(max(w, -1.0), 1.0)
    return round(w)


@cache
def spectrum_steps():
    """Return the steps of momentum and of conjugate gradients: even spread, and two values."""
    rule = Momentum(*theory.optimal_parameters(1, hard)[:2])
    found = []
    for a in (np.linspace(1, hard, directions), np.repeat([1.0, hard], directions // 2)):
        run = descend(surfaces.quadratic(a), np.ones(len(a)), rule, 2000)
        found.append((run.settling_time(accuracy), _conjugate_gradients(a)))
    return found


def _conjugate_gradients(a):
    w, steps = np.ones(len(a)), 0
    g = d = a * w
    while np.linalg.norm(w) > accuracy * np.sqrt(len(a)):
        eta, old = g @ g / (d @ (a * d)), g @ g
        w, steps = w - eta * d, steps + 1
        g = a * w
        d = g + (g @ g) / old * d
    return steps


def minutes_of(chapter, *sections):
    """Return the minutes that sections of a chapter take in a lesson of 90."""
    return sum(planned[1] for step, *planned in guide.steps(chapter) if step[1:] in sections)


def passed():
    """Return the step at which a run's gradient is first small, and how far it then goes."""
    bowl, rule = (
        surfaces.quadratic([passing["curvature"]] * 2),
        Momentum(fast_and_slow[0], usual_beta),
    )
    run = descend(bowl, passing["start"], rule, 60)
    stopped = np.argmax((abs(run.gradients) < passing["bound"]).all(axis=1))
    distance = np.linalg.norm(run.path, axis=1) / np.linalg.norm(run.path[0])
    return stopped, distance[stopped:].max()


def share_moving_away():
    """Return the share of the steps of a run that swings on which it moves away."""
    run = descend(
        surfaces.quadratic([1.0]), [1.0], Momentum(fast_and_slow[0], usual_beta), many_steps
    )
    return np.mean(abs(run.path[1:]) > abs(run.path[:-1]))

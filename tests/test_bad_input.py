"""Bad input: each a ValueError that names the argument, the rule and the value."""

import inspect
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import momentum
from momentum import (
    _checks,
    averages,
    conventions,
    descent,
    networks,
    optimizers,
    surfaces,
    sweeps,
    theory,
)
from momentum.averages import effective_sample_size, ema, ema_weights, half_life, mean_age
from momentum.descent import Trajectory, descend
from momentum.optimizers import (
    AcceleratedGradient,
    AdaGrad,
    Adam,
    Chebyshev,
    GradientDescent,
    Momentum,
    Nesterov,
    RMSProp,
)
from momentum.surfaces import Surface
from momentum.sweeps import Sweep, sweep

NAN, INF = float("nan"), float("inf")
FRACTION, POSITIVE, FINITE = "in [0, 1)", "positive and finite", "finite"
NON_NEGATIVE = "at least 0 and finite"
KAPPA, WHOLE = "at least 1 and finite", "whole, at least 0"
RNG = np.random.default_rng(0)
BOWL = surfaces.quadratic([1.0, 10.0])
SLOPE = surfaces.quadratic([-1.0])
RUN = descend(BOWL, [1.0, 1.0], GradientDescent(0.01), 3)
BATCH = descend(BOWL, np.ones((2, 3)), GradientDescent(0.01), 3)

# Every argument with a numeric rule: callable, its good arguments, {argument: rule}
SAFE = {"smallest": 1.0, "largest": 25.0, "learning_rate": 0.1}
CYCLE = {**SAFE, "beta": 0.5}
SHUFFLED = {
    "learning_rate": 0.1,
    "beta": 0.5,
    "curvature": 1.0,
    "noise_variance": 1.0,
    "batches": 10,
}
VALID = [
    (ema, {"series": [1.0], "beta": 0.5, "initial": 0.0}, {"beta": FRACTION, "initial": FINITE}),
    (ema_weights, {"beta": 0.5, "n": 3}, {"beta": FRACTION}),
    (half_life, {"beta": 0.5}, {"beta": FRACTION}),
    (mean_age, {"beta": 0.5}, {"beta": FRACTION}),
    (effective_sample_size, {"beta": 0.5}, {"beta": FRACTION}),
    (GradientDescent, {"learning_rate": 0.1}, {"learning_rate": POSITIVE}),
    (
        Momentum,
        {"learning_rate": 0.1, "beta": 0.5, "dampening": 0.0},
        {"learning_rate": POSITIVE, "beta": FRACTION, "dampening": "in [0, 1]"},
    ),
    (
        Nesterov,
        {"learning_rate": 0.1, "beta": 0.5},
        {"learning_rate": POSITIVE, "beta": FRACTION},
    ),
    (AcceleratedGradient, {"learning_rate": 0.1}, {"learning_rate": POSITIVE}),
    (
        Chebyshev,
        {"smallest": 1.0, "largest": 2.0},
        {"smallest": POSITIVE, "largest": POSITIVE},
    ),
    (
        AdaGrad,
        {"learning_rate": 0.1, "epsilon": 0.0},
        {"learning_rate": POSITIVE, "epsilon": NON_NEGATIVE},
    ),
    (
        RMSProp,
        {"learning_rate": 0.1, "decay": 0.5, "epsilon": 0.0},
        {"learning_rate": POSITIVE, "decay": FRACTION, "epsilon": NON_NEGATIVE},
    ),
    (
        Adam,
        {"learning_rate": 0.1, "beta1": 0.5, "beta2": 0.5, "epsilon": 0.0},
        {
            "learning_rate": POSITIVE,
            "beta1": FRACTION,
            "beta2": FRACTION,
            "epsilon": NON_NEGATIVE,
        },
    ),
    (
        conventions.PyTorch,
        {"lr": 0.1, "momentum": 0.5, "dampening": 0.0},
        {"lr": POSITIVE, "momentum": FRACTION, "dampening": FRACTION},
    ),
    *(
        (
            form,
            {"learning_rate": 0.1, "momentum": 0.5},
            {"learning_rate": POSITIVE, "momentum": FRACTION},
        )
        for form in (conventions.Keras, conventions.Optax)
    ),
    (
        conventions.EMA,
        {"learning_rate": 0.1, "beta": 0.5},
        {"learning_rate": POSITIVE, "beta": FRACTION},
    ),
    (conventions.Polyak, {"alpha": 0.1, "beta": 0.5}, {"alpha": POSITIVE, "beta": FRACTION}),
    (conventions.Sutskever, {"epsilon": 0.1, "mu": 0.5}, {"epsilon": POSITIVE, "mu": FRACTION}),
    (
        conventions.QHM,
        {"lr": 0.1, "momentum": 0.5, "nu": 1.0},
        {"lr": POSITIVE, "momentum": FRACTION, "nu": "in [0, 1]"},
    ),
    (conventions.PrimalAveraging, {"gamma": 0.1, "c": 1.0}, {"gamma": POSITIVE, "c": "in (0, 1]"}),
    (
        theory.iteration_matrix,
        {"curvature": 1.0, "learning_rate": 0.1, "beta": 0.5},
        {"curvature": FINITE, "learning_rate": POSITIVE, "beta": FRACTION},
    ),
    (
        theory.convergence_rate,
        {"curvatures": 1.0, "learning_rate": 0.1, "beta": 0.5},
        {"curvatures": FINITE, "learning_rate": POSITIVE, "beta": FRACTION},
    ),
    (
        theory.roots,
        {"curvature": 1.0, "learning_rate": 0.1, "beta": 0.5},
        {"curvature": FINITE, "learning_rate": POSITIVE, "beta": FRACTION},
    ),
    (
        theory.regime,
        {"curvature": 1.0, "learning_rate": 0.1, "beta": 0.5},
        {"curvature": POSITIVE, "learning_rate": POSITIVE, "beta": FRACTION},
    ),
    (
        theory.oscillation_period,
        {"curvature": 1.0, "learning_rate": 0.1, "beta": 0.5},
        {"curvature": FINITE, "learning_rate": POSITIVE, "beta": FRACTION},
    ),
    (theory.stability_limit, {"beta": 0.5}, {"beta": FRACTION}),
    (
        theory.friction,
        {"learning_rate": 0.1, "beta": 0.5},
        {"learning_rate": POSITIVE, "beta": FRACTION},
    ),
    (
        theory.damped_ball,
        {"time": 1.0, "curvature": 1.0, "friction": 0.5},
        {"time": NON_NEGATIVE, "curvature": POSITIVE, "friction": NON_NEGATIVE},
    ),
    (
        theory.optimal_learning_rate,
        {"smallest": 1.0, "largest": 2.0},
        {"smallest": POSITIVE, "largest": POSITIVE},
    ),
    (
        theory.step_ratio,
        {"curvatures": 1.0, "learning_rate": 0.1, "beta": 0.5},
        {"curvatures": FINITE, "learning_rate": POSITIVE, "beta": FRACTION},
    ),
    *(
        (bound, {"condition_number": 4.0, "steps": 3}, {"condition_number": KAPPA, "steps": WHOLE})
        for bound in (theory.worst_case_error, theory.chebyshev_error, theory.lower_bound)
    ),
    (
        theory.relative_steps,
        {"reference": 0.9, "rate": 0.8},
        {"reference": "at least 0", "rate": "at least 0"},
    ),
    (theory.rate_contour, {"rate": 0.5}, {"rate": FRACTION}),
    (
        theory.shuffled_variance,
        SHUFFLED,
        {
            "learning_rate": POSITIVE,
            "beta": FRACTION,
            "curvature": POSITIVE,
            "noise_variance": NON_NEGATIVE,
        },
    ),
    (
        theory.streaming_rate,
        {"curvatures": 1.0, "learning_rate": 0.1, "beta": 0.5},
        {"curvatures": POSITIVE, "learning_rate": POSITIVE, "beta": FRACTION},
    ),
    *(
        (
            call,
            {**CYCLE, "corners": 3} if call is not theory.safe_beta else SAFE,
            {
                **dict.fromkeys(("smallest", "largest", "learning_rate"), POSITIVE),
                **({"beta": FRACTION} if call is not theory.safe_beta else {}),
            },
        )
        for call in (theory.has_cycle, surfaces.cycling, theory.safe_beta)
    ),
    (theory.transient_growth, {"condition_number": 4.0}, {"condition_number": KAPPA}),
    (theory.restart_interval, {"condition_number": 4.0}, {"condition_number": KAPPA}),
    (
        theory.critical_beta,
        {"learning_rate": 0.1, "curvature": 1.0},
        {"learning_rate": POSITIVE, "curvature": POSITIVE},
    ),
    (theory.oscillation_threshold, {"beta": 0.5}, {"beta": FRACTION}),
    (
        theory.optimal_parameters,
        {"smallest": 1.0, "largest": 2.0},
        {"smallest": POSITIVE, "largest": POSITIVE},
    ),
    (theory.optimal_condition_number, {"beta": 0.5}, {"beta": FRACTION}),
    (
        theory.coasting_distance,
        {"last_step": 1.0, "beta": 0.5},
        {"last_step": FINITE, "beta": FRACTION},
    ),
    (theory.gain, {"beta": 0.5, "omega": 0.0}, {"beta": FRACTION, "omega": FINITE}),
    (theory.crossover_period, {"beta": 0.5}, {"beta": FRACTION}),
    (
        theory.stationary_variance,
        {"learning_rate": 0.1, "beta": 0.5, "curvature": 1.0, "noise_variance": 1.0},
        {
            "learning_rate": POSITIVE,
            "beta": FRACTION,
            "curvature": POSITIVE,
            "noise_variance": NON_NEGATIVE,
        },
    ),
    (
        theory.step_variance,
        {"learning_rate": 0.1, "beta": 0.5, "curvature": 1.0, "noise_variance": 1.0},
        {
            "learning_rate": POSITIVE,
            "beta": FRACTION,
            "curvature": POSITIVE,
            "noise_variance": NON_NEGATIVE,
        },
    ),
    (theory.rmsprop_cycle, {"learning_rate": 0.1}, {"learning_rate": POSITIVE}),
    (surfaces.noisy, {"surface": BOWL, "scale": 0.1, "rng": RNG}, {"scale": NON_NEGATIVE}),
    (surfaces.quadratic, {"curvatures": [1.0]}, {"curvatures": FINITE}),
    (
        surfaces.huber,
        {"curvature": 1.0, "threshold": 1.0},
        {"curvature": POSITIVE, "threshold": POSITIVE},
    ),
    (surfaces.log_cosh, {"curvature": 1.0}, {"curvature": POSITIVE}),
    (surfaces.plateau, {"width": 1.0}, {"width": NON_NEGATIVE}),
    (
        surfaces.chain,
        {"dim": 3, "condition_number": 4.0},
        {"condition_number": "above 1 and finite"},
    ),
    (surfaces.double_well, {"tilt": 0.1}, {"tilt": "between -1.5396 and 1.5396"}),
    (surfaces.rosenbrock, {"steepness": 1.0}, {"steepness": POSITIVE}),
    (
        sweep,
        {
            "surface": BOWL,
            "start": [1.0, 1.0],
            "learning_rates": [0.1],
            "betas": [0.5],
            "steps": 2,
            "tolerance": 0.1,
        },
        {"learning_rates": POSITIVE, "betas": FRACTION, "tolerance": POSITIVE},
    ),
    (
        Trajectory.settling_time,
        {"self": RUN, "tolerance": 0.1, "target": 0.0},
        {"tolerance": POSITIVE, "target": FINITE},
    ),
]
VIOLATIONS = {
    FRACTION: [1.0, -0.1, 1.5, NAN, INF],
    "in [0, 1]": [1.1, -0.1, NAN],
    "in (0, 1]": [0.0, 1.1, -0.1, NAN],
    POSITIVE: [0.0, -0.1, INF, NAN],
    NON_NEGATIVE: [-0.1, INF, NAN],
    FINITE: [INF, -INF, NAN],
    "at least 0": [-0.1, NAN],
    KAPPA: [0.99, -1.0, INF, NAN],
    WHOLE: [-1.0, 2.5, NAN, INF],
    "above 1 and finite": [1.0, 0.0, INF, NAN],
    "between -1.5396 and 1.5396": [1.54, -1.54, NAN, INF],
}
NUMERIC = [
    (call, {**good, name: bad}, name, rule, f"{bad:g}")
    for call, good, rules in VALID
    for name, rule in rules.items()
    for bad in VIOLATIONS[rule]
]
WRONG_TYPES = [
    (call, {**good, name: "steep"}, name, rule, "'steep'")
    for call, good, rules in VALID
    for name, rule in rules.items()
]

GOOD_SWEEP = VALID[-2][1]
GOOD_DESCENT = {
    "surface": BOWL,
    "start": [1.0, 1.0],
    "optimizer": GradientDescent(0.1),
    "steps": 2,
}
RATE = {"curvatures": [1.0], "learning_rate": 0.1, "beta": 0.5}
LINE = {"features": [[1.0], [2.0]], "targets": [1.0, 2.0]}
BATCHES = {**LINE, "batch_size": 2, "rng": RNG}
COUNT = "a whole number of at least"
NOISY = surfaces.noisy(BOWL, 0.1, RNG)
RULE = GradientDescent(0.3)
DAMPENED = conventions.PyTorch(0.1, 0.9, dampening=0.5)
ONE = np.ones((1, 1))  # the shape of the results of GOOD_SWEEP


def changed(good, **bad):
    return {**good, **bad}


NETWORK = networks.Classifier(1, 2, 2)
TOLD = {"x": [[1.0], [2.0]], "labels": [0, 1]}
TRAINED = {"network": NETWORK, "start": np.ones(10), **TOLD, "optimizer": RULE, "epochs": 1}
IN_BATCHES = {**TRAINED, "batch_size": 1, "rng": RNG}
ASKED = {"self": NETWORK, "w": np.ones(10), **TOLD}

# The rest, one by one: callable, arguments, the argument at fault, the rule, the value
SPECIAL = [
    *(
        (networks.Classifier, {"inputs": 1, "hidden": 1, "classes": 2, name: bad}, name, COUNT, "1")
        for name, bad in (("inputs", 1.0), ("hidden", -1), ("classes", 1))
    ),
    (networks.Classifier.init, {"self": NETWORK, "rng": 1}, "rng", "Generator", "1"),
    *(
        (call, changed(ASKED, **{name: bad}), name, rule, value)
        for call in (networks.Classifier.loss, networks.Classifier.gradient)
        for name, bad, rule, value in (
            ("w", np.ones(9), "(10,)", "(9,)"),
            ("x", [1.0], "(n, 1)", "(1,)"),
            ("x", np.ones((0, 1)), "(n, 1) with n at least 1", "(0, 1)"),
            ("x", [[1.0], [NAN]], FINITE, "nan"),
            ("labels", [0], "(2,)", "(1,)"),
            ("labels", [0, 2], "a whole number from 0 to 1", "2"),
            ("labels", [0, 0.5], "a whole number from 0 to 1", "0.5"),
        )
    ),
    (networks.train, changed(TRAINED, network=1), "network", "a Classifier", "1"),
    (networks.train, changed(TRAINED, start=np.full(10, NAN)), "start", FINITE, "nan"),
    (networks.train, changed(TRAINED, start=[1.0]), "start", "(10,)", "(1,)"),
    (networks.train, changed(TRAINED, optimizer=Momentum), "optimizer", "an optimizer", "Momentum"),
    (
        networks.train,
        changed(TRAINED, optimizer=Momentum([0.1, 0.2], 0.9)),
        "optimizer",
        "of one run",
        "Momentum",
    ),
    (networks.train, changed(TRAINED, epochs=-1), "epochs", COUNT, "-1"),
    (networks.train, changed(TRAINED, progress=1), "progress", "True or False", "1"),
    (networks.train, changed(IN_BATCHES, batch_size=0), "batch_size", COUNT + " 1", "0"),
    (networks.train, changed(IN_BATCHES, rng=None), "rng", "Generator", "None"),
    (ema, {"series": [], "beta": 0.5}, "series", "at least one value", "(0,)"),
    (ema, {"series": np.ones((3, 0)), "beta": 0.5}, "series", "at least one value", "(3, 0)"),
    (ema, {"series": 1.0, "beta": 0.5}, "series", "at least one value", "()"),
    (ema, {"series": [1.0, NAN], "beta": 0.5}, "series", FINITE, "nan"),
    (ema, {"series": [1.0, -INF], "beta": 0.5}, "series", FINITE, "-inf"),
    (ema, {"series": ["a"], "beta": 0.5}, "series", FINITE, "['a']"),
    (ema, {"series": [1.0], "beta": [0.1, 0.9]}, "beta", "one number", "(2,)"),
    (ema, {"series": [1.0], "beta": 0.5, "debias": True}, "initial", "must be 0.0", "None"),
    (
        ema,
        {"series": [1.0], "beta": 0.5, "initial": 2.0, "debias": True},
        "initial",
        "must be 0.0",
        "2.0",
    ),
    *(
        (ema, {"series": y, "beta": beta, "initial": [1.0] * 3}, "initial", f"shape {shape}", got)
        for beta in (0.0, 0.5)
        for y, shape, got in (([1.0, 2.0], "()", "(3,)"), (np.ones((4, 2)), "(2,)", "(3,)"))
    ),
    (
        ema,
        {"series": [[1.0, 2.0]], "beta": 0.5, "initial": [0.0, 1.0], "debias": True},
        "initial",
        "must be 0.0",
        "[0.0, 1.0]",
    ),
    (ema_weights, {"beta": [0.1, 0.9], "n": 3}, "beta", "one number", "(2,)"),
    (ema_weights, {"beta": 0.5, "n": 0}, "n", COUNT + " 1", "0"),
    (ema_weights, {"beta": 0.5, "n": 2.5}, "n", COUNT, "2.5"),
    (ema_weights, {"beta": 0.5, "n": True}, "n", COUNT, "True"),
    (half_life, {"beta": [0.5, 0.9, 1.0]}, "beta", FRACTION, "1"),
    (Momentum, {"learning_rate": [0.1, -0.2], "beta": 0.5}, "learning_rate", POSITIVE, "-0.2"),
    (GradientDescent, {"learning_rate": None}, "learning_rate", POSITIVE, "None"),
    (conventions.Keras, {"learning_rate": [0.1, 0.2]}, "learning_rate", "one number", "(2,)"),
    (conventions.Keras, {"nesterov": 1}, "nesterov", "True or False", "1"),
    (conventions.PyTorch, {"nesterov": True}, "nesterov", "False without momentum, or", "True"),
    (conventions.parse, {"call": 0.1}, "call", "the text of a call such as SGD(", "0.1"),
    (conventions.parse, {"call": "SGD"}, "call", "a call such as SGD(lr=0.1", "SGD"),
    (conventions.raw, {"call": None}, "call", "the text of a call such as SGD(", "None"),
    (conventions.raw, {"call": DAMPENED}, "dampening of call", "0 for an exact", "0.5"),
    (conventions.raw, {"call": DAMPENED, "nearest": 1}, "nearest", "True or False", "1"),
    (conventions.raw, {"call": conventions.QHM(1, 0.9, 0.7)}, "nu of call", "0, 1 or mom", "0.7"),
    (conventions.translate, {"call": "SGD()", "to": "Adam"}, "to", "one of PyTorch, K", "'Adam'"),
    (conventions.translate, {"call": "SGD()", "to": []}, "to", "one of PyTorch, Keras", "[]"),
    (
        conventions.translate,
        {"call": "SGD(momentum=0.9)", "to": "Sutskever"},
        "to",
        "a form of momentum without Nesterov's look-ahead",
        "'Sutskever'",
    ),
    (
        conventions.translate,
        {"call": "SGD(0.1, 0.9, True)", "to": "EMA"},
        "to",
        "a form of Nesterov's",
        "'EMA'",
    ),
    (surfaces.quadratic, {"curvatures": []}, "curvatures", "non-empty list", "[]"),
    (surfaces.quadratic, {"curvatures": [[1.0]]}, "curvatures", "non-empty list", "[[1.0]]"),
    (surfaces.plateau, {"dim": 3}, "dim", "from 1 to 2", "3"),
    (surfaces.plateau, {"dim": 0}, "dim", "from 1 to 2", "0"),
    (surfaces.plateau, {"dim": 1.0}, "dim", "from 1 to 2", "1.0"),
    (surfaces.plateau, {"dim": np.ones(3)}, "dim", "from 1 to 2", "array"),
    (surfaces.plateau, {"width": [1.0, 2.0]}, "width", "one number", "(2,)"),
    (ema_weights, {"beta": 0.5, "n": 10**400}, "n", "at most 2**53", "an integer of 1329 bits"),
    (ema_weights, {"beta": 0.5, "n": np.ma.array(3)}, "n", COUNT, "masked"),
    (ema_weights, {"beta": 0.5, "n": 3, "raw": "no"}, "raw", "True or False", "'no'"),
    (ema, {"series": [1.0], "beta": 0.5, "debias": 1}, "debias", "True or False", "1"),
    (Surface, {"name": "", "dim": 0, "f": abs, "partials": abs}, "dim", COUNT, "0"),
    (Surface, {"name": "", "dim": 1, "f": 2, "partials": abs}, "f", "callable", "2"),
    (Surface, {"name": "", "dim": 1, "f": abs, "partials": []}, "partials", "callable", "[]"),
    (surfaces.huber, {"threshold": [1.0, 2.0]}, "threshold", "one number", "(2,)"),
    (surfaces.log_cosh, {"curvature": [1.0, 2.0]}, "curvature", "one number", "(2,)"),
    (surfaces.chain, {"dim": 0}, "dim", COUNT + " 1", "0"),
    (surfaces.chain, {"dim": 2.0}, "dim", COUNT, "2.0"),
    (
        surfaces.chain,
        {"condition_number": [4.0, 9.0]},
        "condition_number",
        "one number",
        "(2,)",
    ),
    (surfaces.double_well, {"tilt": [0.1, 0.2]}, "tilt", "one number", "(2,)"),
    (surfaces.noisy, {"surface": 1, "scale": 1.0, "rng": RNG}, "surface", "a Surface", "1"),
    (surfaces.noisy, {"surface": BOWL, "scale": 1.0, "rng": None}, "rng", "Generator", "None"),
    (surfaces.noisy, {"surface": BOWL, "scale": 1.0, "rng": 7}, "rng", "Generator", "7"),
    (
        surfaces.least_squares,
        changed(LINE, features=[1.0, 2.0]),
        "features",
        "(n, dim)",
        "(2,)",
    ),
    (surfaces.least_squares, changed(LINE, features=[[]]), "features", "(n, dim)", "(1, 0)"),
    (surfaces.least_squares, changed(LINE, features=[[NAN], [1.0]]), "features", FINITE, "nan"),
    (surfaces.least_squares, changed(LINE, targets=[1.0]), "targets", "(2,)", "(1,)"),
    (surfaces.least_squares, changed(LINE, targets=[1.0, INF]), "targets", FINITE, "inf"),
    (surfaces.least_squares, changed(BATCHES, batch_size=0), "batch_size", COUNT + " 1", "0"),
    (surfaces.least_squares, changed(BATCHES, batch_size=1.5), "batch_size", COUNT, "1.5"),
    (surfaces.least_squares, changed(BATCHES, rng=None), "rng", "Generator", "None"),
    (Surface.value, {"self": BOWL, "w": [1.0]}, "w", "(2, *batch)", "(1,)"),
    (Surface.value, {"self": BOWL, "w": 1.0}, "w", "(2, *batch)", "()"),
    (Surface.gradient, {"self": BOWL, "w": np.ones((3, 2))}, "w", "(2, *batch)", "(3, 2)"),
    (descend, changed(GOOD_DESCENT, start=[1.0]), "start", "(2, *batch)", "(1,)"),
    (descend, changed(GOOD_DESCENT, start=1.0), "start", "(2, *batch)", "()"),
    (descend, changed(GOOD_DESCENT, start=np.ones((5, 2))), "start", "(2, *batch)", "(5, 2)"),
    (descend, changed(GOOD_DESCENT, start=[1.0, NAN]), "start", FINITE, "nan"),
    (descend, changed(GOOD_DESCENT, start=[-INF, 1.0]), "start", FINITE, "-inf"),
    (descend, changed(GOOD_DESCENT, start=["a", "b"]), "start", FINITE, "['a', 'b']"),
    (descend, changed(GOOD_DESCENT, start=[[1.0], [1.0, 2.0]]), "start", FINITE, "[1.0, 2.0]"),
    (descend, changed(GOOD_DESCENT, start=[[], []]), "start", "at least one run", "(0,)"),
    (
        descend,
        changed(GOOD_DESCENT, optimizer=GradientDescent([])),
        "start",
        "at least one run with the optimizer's {'learning_rate': (0,)}",
        "()",
    ),
    (descend, changed(GOOD_DESCENT, surface="x"), "surface", "a Surface", "'x'"),
    *(
        (descend, changed(GOOD_DESCENT, optimizer=other), "optimizer", "`init` and `step`", got)
        for other, got in ((2, "2"), (GradientDescent, "GradientDescent"), (None, "None"))
    ),
    (descend, changed(GOOD_DESCENT, restart="no"), "restart", "True or False", "'no'"),
    (descend, changed(GOOD_DESCENT, steps=-1), "steps", COUNT + " 0", "-1"),
    (descend, changed(GOOD_DESCENT, steps=2.0), "steps", COUNT, "2.0"),
    (descend, changed(GOOD_DESCENT, steps="many"), "steps", COUNT, "'many'"),
    (
        descend,
        changed(
            GOOD_DESCENT, start=np.ones((2, 4)), optimizer=GradientDescent(np.array([0.1, 0.2]))
        ),
        "start",
        "broadcasts",
        "(4,)",
    ),
    (sweep, changed(GOOD_SWEEP, start=np.ones((2, 3))), "start", "one point", "(2, 3)"),
    (sweep, changed(GOOD_SWEEP, start=[1.0]), "start", "(2, *batch)", "(1,)"),
    (sweep, changed(GOOD_SWEEP, start=[NAN, 1.0]), "start", FINITE, "nan"),
    (sweep, changed(GOOD_SWEEP, steps=-1), "steps", COUNT + " 0", "-1"),
    (sweep, changed(GOOD_SWEEP, betas=[[0.5]]), "betas", "one-dimensional", "(1, 1)"),
    (
        sweep,
        changed(GOOD_SWEEP, learning_rates=[[0.1]]),
        "learning_rates",
        "one-dimensional",
        "(1, 1)",
    ),
    (
        sweep,
        changed(GOOD_SWEEP, surface=SLOPE, start=[1.0]),
        "tolerance",
        "states no minimum",
        "0.1",
    ),
    (sweep, changed(GOOD_SWEEP, surface="x"), "surface", "a Surface", "'x'"),
    (sweep, changed(GOOD_SWEEP, progress=None), "progress", "True or False", "None"),
    (
        sweep,
        changed(GOOD_SWEEP, resume=Sweep([["a"]], ONE)),
        "resume",
        "a rectangular array of them",
        "[['a']]",
    ),
    (
        sweep,
        changed(GOOD_SWEEP, surface=NOISY),
        "surface",
        "free of random draws",
        "noisy quad",
    ),
    (
        sweep,
        changed(GOOD_SWEEP, surface=surfaces.least_squares(**BATCHES), start=[1.0]),
        "surface",
        "free of random draws",
        "least squares",
    ),
    (sweep, changed(GOOD_SWEEP, optimizer=abs), "optimizer", "learning rates and betas", "abs"),
    (sweep, changed(GOOD_SWEEP, optimizer=RULE), "optimizer", "learning rates and betas", "0.3"),
    (sweep, changed(GOOD_SWEEP, optimizer=max), "optimizer", "`init` and `step`", "[0.5]"),
    (sweep, changed(GOOD_SWEEP, executor=2), "executor", "concurrent.futures.Executor", "2"),
    (sweep, changed(GOOD_SWEEP, resume="steep"), "resume", "a Sweep", "'steep'"),
    (sweep, changed(GOOD_SWEEP, resume=Sweep(ONE, None)), "resume", "with tolerance 0.1", "None"),
    (
        sweep,
        changed(GOOD_SWEEP, resume=Sweep(ONE, ONE), tolerance=None),
        "resume",
        "of a sweep with tolerance None",
        "[[1.]]",
    ),
    (
        sweep,
        changed(GOOD_SWEEP, resume=Sweep(np.ones((1, 2)), ONE)),
        "resume",
        "shape (1, 1)",
        "(1, 2)",
    ),
    (
        sweep,
        changed(GOOD_SWEEP, resume=Sweep(ONE, np.ones((2, 1)))),
        "resume",
        "shape (1, 1)",
        "(2, 1)",
    ),
    *(
        (Trajectory.settling_time, {"self": run, "target": aim}, "target", "have shape (2,)", got)
        for run in (RUN, BATCH)
        for aim, got in (([0.0] * 3, "(3,)"), ([0.0], "(1,)"), (np.zeros((2, 3)), "(2, 3)"))
    ),
    (theory.convergence_rate, changed(RATE, curvatures=[]), "curvatures", "non-empty", "[]"),
    (
        theory.convergence_rate,
        changed(RATE, curvatures=[1.0, NAN]),
        "curvatures",
        FINITE,
        "nan",
    ),
    *(
        (best, {"smallest": 3.0, "largest": 2.0}, "smallest", "at most largest", "3 and 2")
        for best in (theory.optimal_learning_rate, Chebyshev)
    ),
    *(
        (call, {first: [4.0, 9.0], second: [1.0, 2.0, 3.0]}, first, "broadcasts", "(3,)")
        for call, first, second in (
            (theory.worst_case_error, "condition_number", "steps"),
            (theory.chebyshev_error, "condition_number", "steps"),
            (theory.lower_bound, "condition_number", "steps"),
            (theory.optimal_parameters, "smallest", "largest"),
            (theory.optimal_learning_rate, "smallest", "largest"),
            (Chebyshev, "smallest", "largest"),
        )
    ),
    (
        theory.convergence_rate,
        changed(RATE, learning_rate=[0.1, 0.2], beta=[0.1, 0.2, 0.3]),
        "learning_rate",
        "broadcasts",
        "(3,)",
    ),
    (
        theory.critical_beta,
        {"learning_rate": 9.0, "curvature": 1.0, "nesterov": True},
        "learning_rate x curvature",
        "at most 1",
        "9",
    ),
    (
        descend,
        changed(GOOD_DESCENT, start=np.ones((2, 3)), restart=True),
        "restart",
        "False",
        "True",
    ),
    (
        theory.optimal_parameters,
        {"smallest": 3.0, "largest": 2.0},
        "smallest",
        "at most",
        "3 and 2",
    ),
    *(
        (call, {**given, "smallest": 2.0, "largest": 2.0}, "smallest", "below largest", "2 and 2")
        for call, given in (
            (theory.has_cycle, {**CYCLE, "corners": 3}),
            (theory.safe_beta, SAFE),
            (surfaces.cycling, {}),
        )
    ),
    (theory.has_cycle, {**CYCLE, "corners": 1}, "corners", "a whole number from 2", "1"),
    (surfaces.cycling, {"corners": 2}, "corners", "a whole number from 3 to 100", "2"),
    (surfaces.cycling, {"corners": 3.0}, "corners", "a whole number", "3.0"),
    (
        surfaces.cycling,
        {"learning_rate": 1e-310},
        "learning_rate",
        "such that the squares of the polygon's sides are within float64",
        "1e-310",
    ),
    *(
        (
            variance,
            {"learning_rate": 3.0, "beta": 0.5, "curvature": 1.0, "noise_variance": 1.0},
            "learning_rate x curvature",
            "below 2 (1 + beta)",
            "3",  # at the limit
        )
        for variance in (theory.stationary_variance, theory.step_variance)
    ),
    (Chebyshev, {"smallest": 1e308, "largest": 1e308}, "smallest + largest", FINITE, "inf"),
    *(
        (
            call,
            {**good, first: [0.1, 0.2], second: [0.1, 0.2, 0.3]},
            first,
            "broadcasts",
            "(3,)",
        )
        for call, good, _ in VALID
        for first, second in (
            ("last_step", "beta"),
            ("beta", "omega"),
            ("learning_rate", "noise_variance"),
            ("reference", "rate"),
        )
        if {first, second} <= good.keys() and call is not theory.shuffled_variance
    ),
    (
        theory.shuffled_variance,
        {**SHUFFLED, "learning_rate": [0.1, 0.2]},
        "learning_rate",
        "one number",
        "(2,)",
    ),
    (theory.shuffled_variance, {**SHUFFLED, "batches": 1}, "batches", "from 2 to 100000", "1"),
    (theory.shuffled_variance, {**SHUFFLED, "batches": 2.5}, "batches", "a whole number", "2.5"),
    (
        theory.shuffled_variance,
        {**SHUFFLED, "learning_rate": 3.0},
        "learning_rate x curvature",
        "such that the convergence rate is at most 1 - 1e-6",
        "3",
    ),
    *(
        (call, {**good, "nesterov": "no"}, "nesterov", "True or False", "'no'")
        for call, good, _ in VALID
        if "nesterov" in inspect.signature(call).parameters
    ),
    (
        theory.damped_ball,
        {"time": 1e300, "curvature": 1e300, "friction": 0.0},
        "time x sqrt(curvature)",
        "below 1e307",
        "inf",
    ),
    *(
        (
            variance,
            {"learning_rate": 4.0, "beta": beta, "curvature": 1.0, "noise_variance": 1.0},
            "learning_rate x curvature",
            "below 2 (1 + beta)",
            "4",
        )
        for variance in (theory.stationary_variance, theory.step_variance)
        for beta in (0.5, np.array([0.5, 0.6]))
    ),
    *(
        (
            variance,
            {"learning_rate": 1e200, "beta": 0.5, "curvature": 1e200, "noise_variance": 1.0},
            "learning_rate x curvature",
            "below 2 (1 + beta)",
            "inf",
        )
        for variance in (theory.stationary_variance, theory.step_variance)
    ),
]
TABLE = NUMERIC + WRONG_TYPES + SPECIAL


def label(row):
    call, given, name, _, value = row
    shape = np.shape(given.get("beta", 0))
    return f"{call.__qualname__}-{name}-{value}" + (f"-beta{shape}" if shape else "")


def ids(table):
    labels = [label(row) for row in table]
    return [f"{text}-{labels[:i].count(text)}" for i, text in enumerate(labels)]


@pytest.mark.parametrize("call, given, name, rule, value", TABLE, ids=ids(TABLE))
def test_bad_input_is_a_value_error_naming_argument_rule_and_value(call, given, name, rule, value):
    with pytest.raises(ValueError) as caught:
        call(**given)
    stated, _, got = str(caught.value).rpartition(", got ")
    assert stated.startswith(f"{name} must ") and rule in stated
    assert value in got


@pytest.mark.parametrize("call, good, rules", VALID, ids=[row[0].__qualname__ for row in VALID])
def test_the_good_arguments_of_the_table_are_accepted(call, good, rules):
    call(**good)
    assert rules.keys() <= good.keys()


NO_NUMBERS = {
    "None": None,
    "a truth value": True,
    "text": "0.5",
    "bytes": b"0.5",
    "a bytearray": bytearray(b"1"),
    "a buffer": memoryview(b"1"),
    "a complex number": 0.5 + 0j,
    "a date": np.datetime64("2020-01-01"),
    "a duration": np.timedelta64(1, "s"),
    "a fraction": Fraction(1, 2),
    "a decimal": Decimal("0.5"),
    "a masked number": np.ma.masked,
    "a masked array": np.ma.array([0.5, 0.5], mask=[False, True]),
    "an array of objects": np.array([0.5], dtype=object),
    "an array of truth values": np.array([True]),
    "an array of text": np.array(["0.5"]),
    "a list of text": ["0.5"],
    "a list of bytes": [b"1"],
    "a list with None": [0.5, None],
    "a list with a truth value": [0.5, True],
    "a list with a masked number": [0.5, np.ma.masked],
    "a list with a buffer": [memoryview(b"1")],
    "rows of unequal length": [[0.5], [0.5, 0.5]],
    "rows of rows": [[[0.5]], [0.5]],
    "a set": {0.5},
    "a function": abs,
    "a too large integer": 10**400,
    "an integer too large to print": 10**5000,
    "a list of large integers": [10**400],
}
if np.finfo(np.longdouble).max > np.finfo(float).max:  # not everywhere
    NO_NUMBERS["a too large long double"] = np.longdouble("1e4000")
    NO_NUMBERS["an array of long doubles"] = np.array([0.5, "-1e4000"], dtype=np.longdouble)
POINTS = [
    (call, {"self": BOWL, "w": [1.0, 1.0]}, {"w": ""}) for call in (Surface.value, Surface.gradient)
]
STARTS = [
    (descend, GOOD_DESCENT, {"start": FINITE}),
    (sweep, GOOD_SWEEP, {"start": FINITE}),
    (surfaces.least_squares, LINE, {"features": FINITE, "targets": FINITE}),
]


@pytest.mark.parametrize("bad", NO_NUMBERS.values(), ids=NO_NUMBERS)
def test_what_is_no_real_number_is_refused_by_every_argument_that_wants_one(bad):
    for call, good, rules in (*VALID, *POINTS, *STARTS):
        for name, rule in rules.items():
            if bad is None and name in ("initial", "tolerance"):
                continue  # which is their default
            with pytest.raises(ValueError) as caught:
                call(**{**good, name: bad})
            stated, _, got = str(caught.value).rpartition(", got ")
            assert stated.startswith(f"{name} must be {rule}"), (call, name)
            assert "an int, a float or a rectangular array of them, within float64" in stated
            assert 0 < len(got) <= 100 and "\n" not in got


@pytest.mark.parametrize(
    "half",
    [np.float16(0.5), np.longdouble(0.5), np.array(0.5), np.array(0.5, dtype=">f8")],
    ids=lambda half: f"{half.dtype} {type(half).__name__}",
)
def test_every_kind_of_real_number_is_taken(half):
    assert mean_age(half) == mean_age(0.5)
    assert mean_age([half, 0]).tolist() == [1.0, 0.0]


@pytest.mark.parametrize("kind", [int, np.int8, np.uint64, np.array, np.float32])
def test_whole_numbers_are_real_numbers_and_those_of_numpy_count(kind):
    assert mean_age(kind(0)) == 0.0 and type(mean_age(kind(0))) is float
    assert surfaces.rosenbrock(kind(2)).value([0.0, 1.0]) == 3.0
    if kind is not np.float32:
        assert surfaces.plateau(dim=kind(2)).dim == ema_weights(0.5, kind(2)).size == 2


def test_integers_beyond_64_bits_are_taken_as_far_as_float64_goes():
    assert BOWL.value([2**70, 1]) == (2.0**140 + 10) / 2
    assert theory.restart_interval(2**1000) == theory.restart_interval(2.0**1000)


def test_an_infinite_long_double_is_infinite():
    assert theory.relative_steps(0.5, np.longdouble("inf")) == np.inf
    assert theory.relative_steps(0.5, [np.inf, 2**70]).tolist() == [np.inf, np.inf]


def test_a_count_goes_as_far_as_float64_counts():
    assert _checks.count("n", 2**53) == 2**53
    with pytest.raises(
        ValueError, match=r"^n must be a whole number of at most 2\*\*53, got 90071"
    ):
        _checks.count("n", 2**53 + 1)


def test_a_point_need_not_be_finite():
    assert np.isnan(BOWL.value([NAN, 1.0])) and BOWL.value([INF, 1.0]) == INF


class Unspeakable:
    def __repr__(self):
        raise RuntimeError


def test_an_argument_that_cannot_be_shown_is_named_by_its_type():
    with pytest.raises(ValueError, match=r"beta must be .*, got <Unspeakable"):
        mean_age(Unspeakable())


@pytest.mark.parametrize("many", [["0.5"] * 10_000, [[[["0.5"] * 9] * 9] * 9], "0.5" * 99])
def test_a_long_argument_is_cut_short(many):
    with pytest.raises(ValueError) as caught:
        mean_age(many)
    assert len(str(caught.value)) < 200 and "..." in str(caught.value)


def public(module):
    return {
        thing
        for name, thing in vars(module).items()
        if callable(thing)
        and name[0] != "_"
        and getattr(thing, "__module__", "").startswith(module.__name__)
    }


# Made by the package, not by hand:
RECORDS = {
    descent.Trajectory,
    networks.Training,
    sweeps.Sweep,
    sweeps.SweepError,
    surfaces.Surface,
}


def test_the_table_holds_every_public_callable_that_takes_an_argument():
    modules = (averages, conventions, descent, networks, optimizers, surfaces, sweeps, theory)
    everything = set().union(*map(public, modules)) - RECORDS
    takes = {call for call in everything if inspect.signature(call).parameters}
    assert takes - {row[0] for row in TABLE} == set()


def test_the_table_holds_every_public_name_of_the_package():
    names = {name for name in momentum.__all__ if callable(vars(momentum).get(name))}
    tested = {row[0] for row in TABLE} | RECORDS
    assert {name for name in names if vars(momentum)[name] not in tested} == set()


def test_a_bad_parameter_is_found_anywhere_in_an_array():
    for at in np.ndindex(3, 4):
        betas = np.full((3, 4), 0.5)
        betas[at] = 1.25
        with pytest.raises(ValueError, match=r"beta must be in \[0, 1\), got 1.25"):
            Momentum(0.1, betas)


def test_the_ends_of_every_range_that_belong_to_it_are_accepted():
    assert Momentum(5e-324, 0.0, dampening=1.0).dampening == 1.0
    assert Momentum(1.0, np.nextafter(1, 0), dampening=0.0).beta < 1
    assert AdaGrad(0.1, epsilon=0.0).epsilon == 0.0
    assert descend(BOWL, [1.0, 1.0], GradientDescent(0.1), np.int64(0)).steps == 0
    assert surfaces.plateau(0.0).minima[0][0] == 2.0


@pytest.mark.parametrize(
    "lists",
    [
        {"learning_rate": [0.1, 0.2]},
        {"beta": [0.1, 0.2]},
        {"curvature": [0.1, 0.2]},
        {"noise_variance": [0.1, 0.2]},
    ],
    ids=lambda lists: next(iter(lists)),
)
@pytest.mark.parametrize("variance", [theory.stationary_variance, theory.step_variance])
def test_a_list_is_taken_like_the_array_it_stands_for(variance, lists):
    good = {"learning_rate": 0.1, "beta": 0.5, "curvature": 1.0, "noise_variance": 1.0}
    arrays = {name: np.array(values) for name, values in lists.items()}
    assert np.array_equal(variance(**{**good, **lists}), variance(**{**good, **arrays}))

"""Make peer_vectors.json: 200 steps of PyTorch, Keras and Optax on random problems, in float64.

And momentum/data/torch_digits.csv: the losses with which PyTorch trains a network on the digits.

Run `python tests/make_peer_vectors.py` where torch, keras, optax and jax are installed. Each
library takes its own steps, on the gradient that PyTorch or JAX derives from the cost, so that the
vectors owe nothing to the package. test_peers.py compares `descend` with them and, through
`run_peer`, with the live libraries.

The first holds the versions, the problems, and for each rule on each problem the first iterates,
every 20th, and the library's own velocity where the rule has one; and runs of momentum whose
learning rate falls to a tenth on the way, where the libraries part.
"""

import importlib
import importlib.metadata
import json
import os
from functools import partial
from pathlib import Path

import numpy as np

from momentum import data, networks

VECTORS = Path(__file__).with_name("peer_vectors.json")
LOSSES = Path(data.__file__).with_name("torch_digits.csv")
LIBRARIES = {"torch": ["torch"], "keras": ["keras", "jax"], "optax": ["optax", "jax"]}
STEPS = 200
KEPT = [0, 1, 2, 3, *range(20, STEPS + 1, 20)]
DROP, DROPPED = 18, 0.1  # the first step with another learning rate, and its share of the old
DROPPED_ON = "bowl-3", "regression-4", "rosenbrock"

# What the libraries call each parameter. A string stands for the number the problem gives.
TORCH = {"lr": "learning_rate"}
TORCH_ADAPTIVE = {"lr": "step", "eps": "epsilon"}
KERAS = {"learning_rate": "learning_rate"}
KERAS_ADAPTIVE = {"learning_rate": "step", "epsilon": "epsilon"}
OPTAX = {"learning_rate": "learning_rate"}
OPTAX_ADAPTIVE = {"learning_rate": "step", "eps": "epsilon"}
RULES = (
    ("torch.SGD", TORCH),
    ("torch.SGD", TORCH | {"momentum": "beta"}),
    ("torch.SGD", TORCH | {"momentum": "beta", "dampening": "dampening"}),
    ("torch.SGD", TORCH | {"momentum": "beta", "nesterov": True}),
    ("torch.Adagrad", TORCH_ADAPTIVE),
    ("torch.RMSprop", TORCH_ADAPTIVE | {"alpha": "decay"}),
    ("torch.Adam", TORCH_ADAPTIVE | {"betas": ["beta", "decay"]}),
    ("keras.SGD", KERAS),
    ("keras.SGD", KERAS | {"momentum": "beta"}),
    ("keras.SGD", KERAS | {"momentum": "beta", "nesterov": True}),
    ("keras.Adagrad", KERAS_ADAPTIVE | {"initial_accumulator_value": 0.1}),
    ("keras.RMSprop", KERAS_ADAPTIVE | {"rho": "decay"}),
    ("keras.Adam", KERAS_ADAPTIVE | {"beta_1": "beta", "beta_2": "decay"}),
    ("optax.sgd", OPTAX),
    ("optax.sgd", OPTAX | {"momentum": "beta"}),
    ("optax.sgd", OPTAX | {"momentum": "beta", "nesterov": True}),
    ("optax.ema", OPTAX | {"decay": "beta", "debias": False}),
    ("optax.adagrad", OPTAX_ADAPTIVE | {"initial_accumulator_value": 0.1}),
    ("optax.rmsprop", OPTAX_ADAPTIVE | {"decay": "decay", "eps_in_sqrt": True}),
    ("optax.rmsprop", OPTAX_ADAPTIVE | {"decay": "decay", "eps_in_sqrt": False}),
    ("optax.adam", OPTAX_ADAPTIVE | {"b1": "beta", "b2": "decay"}),
)
DROPS = [
    rule
    for rule in RULES
    if rule[0] in ("torch.SGD", "keras.SGD", "optax.sgd") and len(rule[1]) > 1
]


def random_problems(seed=2026):
    """Return the problems: convex quadratics along and across the axes, and a curved valley."""
    rng = np.random.default_rng(seed)
    problems = {f"bowl-{dim}": random_bowl(rng, dim) for dim in (2, 3, 5)}
    problems |= {f"regression-{dim}": random_regression(rng, dim) for dim in (2, 4)}
    problems["rosenbrock"] = random_rosenbrock(rng)
    return problems


def random_bowl(rng, dim):
    curvatures = 10 ** rng.uniform(-1, 1, dim)
    bowl = {"surface": "quadratic", "curvatures": curvatures.tolist()}
    return bowl | random_run(rng, 3 * rng.normal(size=dim), curvatures.max())


def random_regression(rng, dim, rows=12):
    features, targets = rng.normal(size=(rows, dim)), rng.normal(size=rows)
    largest = np.linalg.eigvalsh(features.T @ features / rows).max()
    data = {"features": features.tolist(), "targets": targets.tolist()}
    return {"surface": "least_squares"} | data | random_run(rng, rng.normal(size=dim), largest)


def random_rosenbrock(rng):
    """Return a run off the valley, with steps too short to jump across it, where rounding grows."""
    start = rng.uniform([-1.4, -1.0], [-1.0, 0.0])
    return {"surface": "rosenbrock"} | random_run(rng, start, 2800.0, step=0.001)


def random_run(rng, start, largest_curvature, step=0.005):
    """Return a start, and parameters for which every rule is stable at this curvature."""
    return {
        "start": start.tolist(),
        "learning_rate": rng.uniform(0.1, 0.5) / largest_curvature,
        "step": step * rng.uniform(0.2, 1.0),
        "beta": rng.uniform(0.5, 0.95),
        "dampening": rng.uniform(0.1, 0.9),
        "decay": rng.uniform(0.9, 0.999),
        "epsilon": 10 ** rng.uniform(-4, -2),
    }


def cost(problem, asarray):
    """Return the cost as a function of w, in the arrays of the library that `asarray` makes."""
    if problem["surface"] == "quadratic":
        curvatures = asarray(problem["curvatures"])
        return lambda w: (curvatures * w * w).sum() / 2
    if problem["surface"] == "least_squares":
        features, targets = asarray(problem["features"]), asarray(problem["targets"])
        return lambda w: ((features @ w - targets) ** 2).mean() / 2
    return lambda w: (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2


def parameters_on(problem, rule):
    """Return the rule's parameters with the problem's numbers filled in."""
    if isinstance(rule, dict):
        return {name: parameters_on(problem, value) for name, value in rule.items()}
    if isinstance(rule, list):
        return [parameters_on(problem, value) for value in rule]
    return problem[rule] if isinstance(rule, str) else rule


def run_peer(rule, parameters, problem, **options):
    """Return the library's path, (201, dim), and velocities, of the same shape (or None)."""
    library, name = rule.split(".")
    runs = {"torch": run_torch, "keras": run_keras, "optax": run_optax}
    records = runs[library](name, parameters, problem, **options)
    path, velocities = (np.array(column) for column in zip(*records, strict=True))
    return path, None if velocities.dtype == object else velocities


def run_torch(name, parameters, problem, first_velocity=None, drop=None):
    import torch

    f = cost(problem, partial(torch.tensor, dtype=torch.float64))
    w = torch.tensor(problem["start"], dtype=torch.float64, requires_grad=True)
    rule = getattr(torch.optim, name)([w], **parameters)
    has_velocity = parameters.get("momentum")
    if first_velocity is not None:
        rule.state[w]["momentum_buffer"] = torch.full_like(w, first_velocity, requires_grad=False)
    yield problem["start"], np.zeros(len(w)) if has_velocity else None
    for step in range(STEPS):
        if step == drop:
            rule.param_groups[0]["lr"] *= DROPPED
        rule.zero_grad()
        f(w).backward()
        rule.step()
        velocity = rule.state[w]["momentum_buffer"].numpy().copy() if has_velocity else None
        yield w.detach().numpy().copy(), velocity


def import_jax():
    import jax

    jax.config.update("jax_enable_x64", True)
    return jax


def run_keras(name, parameters, problem, drop=None):
    os.environ.setdefault("KERAS_BACKEND", "jax")
    jax = import_jax()
    import keras

    keras.config.set_floatx("float64")
    gradient = jax.jit(jax.grad(cost(problem, jax.numpy.asarray)))
    w = keras.Variable(np.array(problem["start"]), dtype="float64")
    rule = getattr(keras.optimizers, name)(**parameters)
    rule.build([w])
    velocity = getattr(rule, "momentums", None) if parameters.get("momentum") else None
    for step in range(STEPS + 1):
        yield np.array(w.value), np.array(velocity[0].value) if velocity else None
        if step == drop:
            rule.learning_rate = DROPPED * parameters["learning_rate"]
        if step < STEPS:
            rule.apply([gradient(w.value)], [w])


def run_optax(name, parameters, problem, drop=None):
    jax = import_jax()
    import optax

    if drop is not None:
        rate = parameters["learning_rate"]
        schedule = lambda count: jax.numpy.where(count < drop, rate, DROPPED * rate)  # noqa: E731
        parameters = parameters | {"learning_rate": schedule}

    gradient = jax.grad(cost(problem, jax.numpy.asarray))
    rule = averaged(**parameters) if name == "ema" else getattr(optax, name)(**parameters)

    @jax.jit
    def step(w, state):
        updates, state = rule.update(gradient(w), state, w)
        return optax.apply_updates(w, updates), state

    w = jax.numpy.asarray(problem["start"])
    state = rule.init(w)
    yield w, optax_velocity(state)
    for _ in range(STEPS):
        w, state = step(w, state)
        yield w, optax_velocity(state)


def averaged(learning_rate, **parameters):
    """Return the averaged form of momentum, for which Optax has parts but no name."""
    import optax

    return optax.chain(optax.ema(**parameters), optax.scale(-learning_rate))


def optax_velocity(state):
    import optax

    return optax.tree_utils.tree_get(state, "trace", optax.tree_utils.tree_get(state, "ema"))


NETWORK = (  # the network of chapter 11 is trained by these
    ("GradientDescent", "SGD", {"lr": 0.4}),
    ("Momentum", "SGD", {"lr": 0.1, "momentum": 0.9}),
    ("Nesterov", "SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    ("RMSProp", "RMSprop", {"lr": 0.01, "alpha": 0.9}),
    ("Adam", "Adam", {"lr": 0.02}),
)


def train_torch(name, parameters, layers, batches):
    """Yield the loss of each batch of (inputs, labels) before its step, and the weights after it.

    `layers` are the arrays A, b, C and c to start from.
    """
    import torch

    A, b, C, c = weights = [torch.tensor(one, requires_grad=True) for one in layers]
    rule = getattr(torch.optim, name)(weights, **parameters)
    for x, labels in batches:
        scores = torch.relu(torch.tensor(x) @ A + b) @ C + c
        loss = torch.nn.functional.cross_entropy(scores, torch.tensor(labels))
        rule.zero_grad()
        loss.backward()
        rule.step()
        yield loss.item(), np.concatenate([one.detach().numpy().ravel() for one in weights])


def digits_training():
    """Return the start, as layers, and the 64 batches of the training in chapter 11."""
    images, labels = data.digits()
    rng = np.random.default_rng(0)
    layers = networks.Classifier(64, 16, 10)._layers(networks.Classifier(64, 16, 10).init(rng))
    x, labels = images[:512].reshape(512, 64) / 16, labels[:512]
    rows = [rows for _ in range(4) for rows in rng.permutation(512).reshape(-1, 32)]
    return layers, [(x[one], labels[one]) for one in rows]


def write_losses():
    training = digits_training()
    runs = [train_torch(name, parameters, *training) for _, name, parameters in NETWORK]
    losses = np.transpose([[loss for loss, _ in run] for run in runs])
    header = ",".join(name for name, _, _ in NETWORK)
    np.savetxt(LOSSES, losses, delimiter=",", fmt="%.17g", header=header, comments="")


def stored_run(rule, parameters, name, problem, **options):
    """Return what the file keeps of one run."""
    path, velocities = run_peer(rule, parameters, problem, **options)
    kept = {"path": path[KEPT].tolist()}
    if velocities is not None:
        kept["velocities"] = velocities[KEPT].tolist()
    return {"problem": name, "rule": rule, "parameters": parameters} | kept


def versions():
    names = sorted({name for needed in LIBRARIES.values() for name in needed})
    return {name: importlib.metadata.version(name) for name in names}


def main():
    problems = random_problems()
    runs, drops = (
        [
            stored_run(rule, parameters_on(problem, parameters), name, problem, **options)
            for rule, parameters in rules
            for name, problem in problems.items()
            if not options or name in DROPPED_ON
        ]
        for rules, options in ((RULES, {}), (DROPS, {"drop": DROP}))
    )
    head = {"made_by": "tests/make_peer_vectors.py", "versions": versions(), "kept": KEPT}
    lines = [f"{json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    lines += ['"problems": {', ",\n".join(f'"{k}": {json.dumps(p)}' for k, p in problems.items())]
    lines += ["},", '"runs": [', ",\n".join(map(json.dumps, runs)), "],"]
    lines += ['"drops": [', ",\n".join(map(json.dumps, drops)), "]"]
    VECTORS.write_text("{\n" + "\n".join(lines) + "\n}\n")
    print(f"{len(runs) + len(drops)} runs, {VECTORS.stat().st_size / 1000:.0f} kB: {VECTORS.name}")


if __name__ == "__main__":
    main()
    write_losses()

"""Computations whose bytes are compared: a test imports this, and a page's Python runs the text.

`EXACT` uses + - × / and square roots alone, each rounded alike on every processor. `CLOSE` does
not: what computes exp, a power or a product of matrices differs between processors, too.
"""

import numpy as np

import momentum
from momentum import descend, ema, ema_weights, surfaces, sweep, theory

STEPS = 60
POLYNOMIAL = {  # name: surface, start, learning rate
    "quadratic": (surfaces.quadratic(), [3.0, -1.1], 0.03),
    "huber": (surfaces.huber(), [3.3], 0.07),
    "bent": (surfaces.bent(), [3.3], 0.03),
    "chain": (surfaces.chain(5), [0.1, -0.7, 1.3, 0.2, 2.1], 0.008),
    "plateau": (surfaces.plateau(), [-1.7], 0.11),
    "plateau in 2-D": (surfaces.plateau(dim=2), [-1.7, 0.9], 0.11),
    "double well": (surfaces.double_well(), [1.7], 0.01),
    "saddle": (surfaces.saddle(), [1e-3, 1.1], 0.07),
    "rosenbrock": (surfaces.rosenbrock(), [-1.2, 1.1], 3e-4),
    "himmelblau": (surfaces.himmelblau(), [0.1, -0.3], 0.003),
}
BETAS = 0.0, 0.3, 0.7, 0.9


def optimizers(rate):
    """Return one optimizer of each class, and the dampened form of momentum."""
    return [
        momentum.GradientDescent(rate),
        momentum.Momentum(rate, 0.9),
        momentum.Momentum(rate, 0.9, dampening=0.9),
        momentum.Nesterov(rate, 0.9),
        momentum.AcceleratedGradient(rate),
        momentum.Chebyshev(0.1 / rate, 1 / rate),
        momentum.AdaGrad(10 * rate),
        momentum.RMSProp(rate),
        momentum.Adam(rate),
    ]


def runs(surface, start, rate):
    """Return path, values and gradients of a run by each optimizer, in one row."""
    found = (descend(surface, start, optimizer, STEPS) for optimizer in optimizers(rate))
    parts = ((run.path, run.values, run.gradients) for run in found)
    return np.concatenate([part.ravel() for three in parts for part in three])


def grid(surface, start, rate):
    """Return final values and steps to a tolerance of a small sweep, in one row."""
    job = surface, start, rate * np.linspace(0.2, 1.4, 5), BETAS, STEPS
    final, steps = sweep(*job).final_values, sweep(*job, tolerance=0.05).steps_to_tolerance
    return np.concatenate([final.ravel(), steps.ravel()])


x = np.linspace(-3.1, 3.3, 257)
positive = x + 3.2
series = np.random.default_rng(1).random((500, 2))
matrix = np.random.default_rng(2).random((12, 12))
symmetric = matrix + matrix.T
regression = surfaces.least_squares(matrix[:, :3], matrix[:, 3])

EXACT = {f"descend, {name}": runs(*job) for name, job in POLYNOMIAL.items()}
EXACT |= {f"sweep, {name}": grid(*job) for name, job in POLYNOMIAL.items()}
EXACT |= {"x**2": x**2, "sqrt": np.sqrt(positive), "random": series.ravel(), "x * x * x": x * x * x}
CLOSE = {
    "x**3": x**3,
    "x**0.9": positive**0.9,
    "0.9**n": 0.9 ** np.arange(200.0),
    "exp": np.exp(x),
    "expm1": np.expm1(x),
    "log": np.log(positive),
    "log1p": np.log1p(positive),
    "sin": np.sin(x),
    "cos": np.cos(x),
    "tanh": np.tanh(x),
    "hypot": np.hypot(x, 0.3),
    "normal": np.random.default_rng(3).normal(size=500),
    "sum": series.sum(axis=0),
    "mean": np.array([series.mean(), series.std()]),
    "cumsum": series.cumsum(axis=0),
    "ema": np.concatenate([ema(series, beta).ravel() for beta in (0.5, 0.9, 0.99)]),
    "ema_weights": ema_weights(0.9, 200),
    "matrix product": matrix @ matrix,
    "matrix times vector": matrix @ x[:12],
    "norm": np.array([np.linalg.norm(x), np.linalg.norm(series)]),
    "solve": np.linalg.solve(matrix, x[:12]),
    "eigh": np.linalg.eigh(symmetric).eigenvalues,
    "eigvals": np.sort(abs(np.linalg.eigvals(matrix))),
    "fft": np.fft.fft(series[:, 0]).view(float),
    "descend, log cosh": runs(surfaces.log_cosh(), [2.1], 0.11),
    "sweep, log cosh": grid(surfaces.log_cosh(), [2.1], 0.11),
    "descend, least squares": runs(regression, [0.1, 0.2, 0.3], 0.03),
    "convergence_rate": theory.convergence_rate((1.0, 10.0), x[140:, None] / 20, np.array(BETAS)),
    "stability_limit": np.array([theory.stability_limit(beta) for beta in BETAS]),
    "gain": theory.gain(0.9, x),
    "stationary_variance": np.array(theory.stationary_variance(0.1, 0.9, 2.0, 0.3)),
    "worst_case_error": np.array(theory.worst_case_error(100.0, 40)),
}

"""Print measured ratios beside their limits; exit with status 1 if a limit is broken.

Run `make bench`, or `python benchmarks/speed.py`. Both sides of a ratio are timed in turn, in one
run and on one thread, and the best of several repeats counts. Torch is used where it is installed.
"""

import math
import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from timing import ROOT, best_times, report, torch  # before NumPy

# isort: split
import numpy as np
from scipy.signal import lfilter

from momentum import Momentum, descend, ema, surfaces

START, STEPS, LEARNING_RATE, BETA = [-1.2, 1.0], 1000, 0.001, 0.9
LIMITS = {
    "autograd": (">=", 40),
    "gradient by hand": (">=", 10),
    "lfilter": ("<=", 1.3),
    "plain recursion": ("<=", 2.0),
    "import": ("<=", 1.1),
    "site": ("<=", 10),
}
BETAS = (0.9, 0.99, 0.999, 0.9999)
SAMPLES = 1_000_000


# 1,000 recorded steps on a bowl and in a curved valley; both sides return w, f(w) and gradients.
# Torch's formulas are as short as torch allows: each operation costs it about a microsecond.


def bowl(curvatures, w):
    return (curvatures * w * w).sum(-1) / 2


def valley(w):
    x, y = w.unbind(-1)
    across = y - x * x
    return (1 - x) * (1 - x) + 10 * across * across


def valley_gradient(w):
    x, y = w
    across = 20 * (y - x * x)
    return torch.stack((-2 * (1 - x) - 2 * x * across, across))


def sides(name):
    """Return our surface, and torch's value and gradient."""
    if name == "valley":
        return surfaces.rosenbrock(10.0), valley, valley_gradient
    curvatures = torch.tensor([1.0, 10.0], dtype=torch.float64)
    return surfaces.quadratic([1.0, 10.0]), partial(bowl, curvatures), curvatures.mul


def descend_here(surface):
    return descend(surface, START, Momentum(LEARNING_RATE, BETA), STEPS)


def torch_parameters():
    w = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    return w, torch.optim.SGD([w], lr=LEARNING_RATE, momentum=BETA)


def torch_autograd(f):
    w, rule = torch_parameters()
    path, values, gradients = [w.detach().clone()], [], []
    for _ in range(STEPS):
        rule.zero_grad()
        value = f(w)
        value.backward()
        values.append(value.detach())
        gradients.append(w.grad)
        rule.step()
        path.append(w.detach().clone())
    values.append(f(w).detach())
    return torch.stack(path), torch.stack(values), torch.stack(gradients)


def torch_by_hand(f, gradient):
    """Like `descend`: the gradient is written out, and the values are computed in one go."""
    w, rule = torch_parameters()
    path, gradients = [w.detach().clone()], []
    with torch.no_grad():
        for _ in range(STEPS):
            w.grad = gradient(w)
            gradients.append(w.grad)
            rule.step()
            path.append(w.detach().clone())
        path = torch.stack(path)
        return path, f(path), torch.stack(gradients)


def torch_rows(name):
    """Compare with torch.optim.SGD, after a check that both sides record the same numbers."""
    ratios = ["torch is not installed"] * 2
    if torch is not None:
        surface, f, gradient = sides(name)
        tasks = [
            lambda: descend_here(surface),
            lambda: torch_autograd(f),
            lambda: torch_by_hand(f, gradient),
        ]
        assert_same_records(*tasks)
        own, *theirs = best_times(*tasks, repeats=15)
        ratios = [t / own for t in theirs]
    for how, ratio in zip(("autograd", "gradient by hand"), ratios, strict=True):
        yield f"descend, {name}: times faster than torch, {how}", ratio, *LIMITS[how]


def assert_same_records(ours, *theirs):
    run = ours()
    for task in theirs:
        for a, b in zip((run.path, run.values, run.gradients), task(), strict=True):
            np.testing.assert_allclose(b.numpy(), a, rtol=1e-9, atol=1e-12)


# The exponential moving average of a million samples


def ema_rows(beta):
    y = 1 + np.random.default_rng(0).normal(size=SAMPLES)

    def filtered():
        return lfilter([1 - beta], [1, -beta], y, zi=[beta * y[0]])[0]

    ours, theirs = best_times(lambda: ema(y, beta), filtered, repeats=25)
    truth = exact_recursion(y, beta)
    own_error, plain_error = (
        np.abs(found - truth).max() for found in (ema(y, beta), plain_recursion(y, beta))
    )
    label = f"ema, beta {beta}: "
    return [
        (label + "time over scipy's lfilter", ours / theirs, *LIMITS["lfilter"]),
        (
            label + "error over the plain recursion's",
            own_error / plain_error,
            *LIMITS["plain recursion"],
        ),
    ]


def plain_recursion(y, beta):
    average, found = float(y[0]), []
    for value in y.tolist():
        average = beta * average + (1 - beta) * value
        found.append(average)
    return np.array(found)


def exact_recursion(y, beta, bits=160):
    """The same recursion in whole numbers, in units of 2**-bits, rounded to float64 at the end."""
    b, b_unit = beta.as_integer_ratio()
    shift, unit = b_unit.bit_length() - 1, 1 << bits
    values = [n * (unit // d) for n, d in map(float.as_integer_ratio, y.tolist())]
    average, found = values[0], []
    for value in values:
        average = (b * average + (b_unit - b) * value) >> shift
        found.append(average / unit)
    return np.array(found)


# Importing, in fresh interpreters


def import_time(module):
    code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return float(done.stdout)


def import_row(repeats=25):
    import_time("momentum")  # writes the bytecode
    pairs = [(import_time("momentum"), import_time("numpy")) for _ in range(repeats)]
    ours, theirs = map(min, zip(*pairs, strict=True))
    return "import momentum: time over import numpy", ours / theirs, *LIMITS["import"]


# The site, from stored outputs


def site_row():
    """Build the site cold; a failed build counts as endless."""
    label = "site from stored outputs, cold: seconds"
    tool = shutil.which("jupyter-book", path=Path(sys.executable).parent)
    if tool is None or not (ROOT / "_config.yml").exists():
        return label, "no jupyter-book beside this Python, or no _config.yml", *LIMITS["site"]
    with tempfile.TemporaryDirectory() as place:
        options = ["--path-output", place, "-W", "-n", "--keep-going"]
        begin = time.perf_counter()
        command = [tool, "build", ".", *options]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        seconds = time.perf_counter() - begin
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
    return label, math.inf if done.returncode else seconds, *LIMITS["site"]


def all_rows():
    for name in ("bowl", "valley"):
        yield from torch_rows(name)
    for beta in BETAS:
        yield from ema_rows(beta)
    yield import_row()
    yield site_row()


if __name__ == "__main__":
    sys.exit(report(all_rows()))

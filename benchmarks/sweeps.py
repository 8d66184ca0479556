"""Print what sweeps measure beside their limits; exit with status 1 if a limit is broken.

Run `python benchmarks/sweeps.py`. A sweep is 256 x 256 runs of 500 steps. All sides are timed in
turn, in one run and on one thread, and the best of several repeats counts; first they are checked
to compute the same numbers. Torch is used where it is installed, numba too, C where there is `cc`.
What numba compiles is compiled before it is timed.
"""

import ctypes
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from timing import best_times, report, torch  # before NumPy

# isort: split
import numpy as np

from momentum import Momentum, descend, surfaces, sweep, theory
from momentum.sweeps import blocks

try:
    import numba
except ModuleNotFoundError:
    numba = None

SIDE, STEPS, TOLERANCE = 256, 500, 1e-6
LIMITS = {
    # A step on the bowl is six products and sums: Python loses least by being slow.
    "plain Python, quadratic": (">=", 12),
    "plain Python, himmelblau": (">=", 25),
    "torch.optim.SGD with autograd": (">=", 10_000),
    "vectorised torch": (">=", 2.0),
    "C": ("<=", 4),
    "undropped": (">=", 3),
    "C that stops": ("<=", 4),
    "descend": ("<=", 1.0),
    "convergence_rate": ("<=", 5),
}
BETAS = np.linspace(0.0, 0.95, SIDE)
# No run diverges, so that all sides do all of the work. The bowl is stable up to 0.2 (1 + beta);
# from its start Himmelblau's surface is up to about 0.01 for every beta.
CASES = {
    "quadratic": (surfaces.quadratic([1.0, 10.0]), (1.0, 1.0), np.linspace(0.01, 0.2, SIDE)),
    "himmelblau": (surfaces.himmelblau(), (0.0, 0.0), np.linspace(0.0005, 0.01, SIDE)),
}


# Plain Python, and torch as most people would use it: a few runs, as all take equally long


def python_quadratic(x, y, rate, beta):
    u = v = 0.0
    for _ in range(STEPS):
        u = beta * u + x
        v = beta * v + 10.0 * y
        x -= rate * u
        y -= rate * v
    return (x * x + 10.0 * y * y) / 2


def python_himmelblau(x, y, rate, beta):
    u = v = 0.0
    for _ in range(STEPS):
        p, q = x * x + y - 11, x + y * y - 7
        u = beta * u + (4 * x * p + 2 * q)
        v = beta * v + (2 * p + 4 * y * q)
        x -= rate * u
        y -= rate * v
    p, q = x * x + y - 11, x + y * y - 7
    return p * p + q * q


def torch_sgd(f, start, rate, beta):
    w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    rule = torch.optim.SGD([w], lr=rate, momentum=beta)
    for _ in range(STEPS):
        rule.zero_grad()
        f(*w).backward()
        rule.step()
    return f(*w.detach()).item()


# Torch by hand: the whole grid at once, in place, without autograd, in as few passes as it can


def torch_vectorised(step, f, start, rates):
    with torch.inference_mode():
        rate, beta = (torch.from_numpy(a.copy()) for a in np.meshgrid(rates, BETAS, indexing="ij"))
        x, y = (torch.full_like(rate, a) for a in start)
        u, v, p, q = (torch.zeros_like(rate) for _ in range(4))
        for _ in range(STEPS):
            step(x, y, u.mul_(beta), v.mul_(beta), p, q)
            x.addcmul_(rate, u, value=-1)
            y.addcmul_(rate, v, value=-1)
        return f(x, y).numpy()


def torch_quadratic(x, y, u, v, p, q):
    u.add_(x)
    v.add_(y, alpha=10)


def torch_himmelblau(x, y, u, v, p, q):
    torch.addcmul(y, x, x, out=p).sub_(11)
    torch.addcmul(x, y, y, out=q).sub_(7)
    u.addcmul_(x, p, value=4).add_(q, alpha=2)
    v.addcmul_(y, q, value=4).add_(p, alpha=2)


# C: all steps of 32 runs before the next 32, so that they stay in the registers and the first
# cache; the compiler turns the loop over them into vector instructions. With a tolerance, every run
# by itself, which ends when it is there.

C_HEAD = """
#include <math.h>
#define BLOCK 32
#define VALUE(x, y) (%(value)s)
#define STEP(x, y, u, v, r, b) { %(partials)s \\
    u = b * u + g; v = b * v + h; x -= r * u; y -= r * v; }
"""
C_BODY = """
void sweep(long runs, long steps, double x0, double y0, const double *rate, const double *beta,
           double *out) {
    for (long first = 0; first < runs; first += BLOCK) {
        double x[BLOCK], y[BLOCK], u[BLOCK], v[BLOCK];
        const double *r = rate + first, *b = beta + first;
        for (int i = 0; i < BLOCK; i++) { x[i] = x0; y[i] = y0; u[i] = v[i] = 0; }
        for (long k = 0; k < steps; k++)
            for (int i = 0; i < BLOCK; i++) STEP(x[i], y[i], u[i], v[i], r[i], b[i])
        for (int i = 0; i < BLOCK; i++) out[first + i] = VALUE(x[i], y[i]);
    }
}
void first_hits(long runs, long steps, double x0, double y0, const double *rate, const double *beta,
                double *out, double enough) {
    for (long i = 0; i < runs; i++) {
        double x = x0, y = y0, u = 0, v = 0, r = rate[i], b = beta[i];
        long k = 0;
        while (!(VALUE(x, y) <= enough) && k < steps) { STEP(x, y, u, v, r, b) k++; }
        out[i] = VALUE(x, y) <= enough ? k : INFINITY;
    }
}
"""
C_SURFACES = {
    "quadratic": {
        "value": "(x * x + 10 * y * y) / 2",
        "partials": "double g = x, h = 10 * y;",
    },
    "himmelblau": {
        "value": "(x * x + y - 11) * (x * x + y - 11) + (x + y * y - 7) * (x + y * y - 7)",
        "partials": "double p = x * x + y - 11, q = x + y * y - 7; "
        "double g = 4 * x * p + 2 * q, h = 2 * p + 4 * y * q;",
    },
}


def compiled(name, place):
    """Return the C library of a surface, or None without a compiler."""
    cc = shutil.which("cc")
    if cc is None:
        return None
    source, library = Path(place, f"{name}.c"), Path(place, f"{name}.so")
    source.write_text(C_HEAD % C_SURFACES[name] + C_BODY)
    flags = ["-O3", "-march=native", "-shared", "-fPIC"]
    subprocess.run([cc, *flags, "-o", library, source], check=True)
    return ctypes.CDLL(str(library))


def c_sweep(function, start, rates, *enough):
    pairs = np.ascontiguousarray(np.meshgrid(rates, BETAS, indexing="ij"))
    out = np.empty((SIDE, SIDE))
    pointers = [ctypes.c_void_p(a.ctypes.data) for a in (*pairs, out)]
    limits = [ctypes.c_double(a) for a in enough]
    counts = ctypes.c_long(out.size), ctypes.c_long(STEPS)
    function(*counts, *map(ctypes.c_double, start), *pointers, *limits)
    return out


# The rows


def timed(large, *job, **options):
    """Sweep by the plain loop, with `large` infinite, or compiled, with 0."""
    blocks.LARGE = large
    return sweep(*job, **options, progress=False)


def sweep_rows(name, library):
    """Compare a sweep with every other way to compute it."""
    surface, start, rates = CASES[name]
    ours = partial(timed, np.inf, surface, start, rates, BETAS, STEPS)
    final = ours().final_values
    assert np.isfinite(final).all()
    yield from few_runs_rows(name, ours, final)
    fast = partial(timed, 0, surface, start, rates, BETAS, STEPS)
    assert fast().final_values.tobytes() == final.tobytes()
    label = f"compiled sweep, {name}: times faster than vectorised torch"
    if torch is None or numba is None:
        yield label, "torch or numba is not installed", *LIMITS["vectorised torch"]
    else:
        step = {"quadratic": torch_quadratic, "himmelblau": torch_himmelblau}[name]
        theirs = partial(torch_vectorised, step, surface.f, start, rates)
        np.testing.assert_allclose(theirs(), final, rtol=1e-6, atol=1e-12)
        own, other = best_times(fast, theirs, repeats=15)
        yield label, other / own, *LIMITS["vectorised torch"]
    label = f"compiled sweep, {name}: time over C's"
    if library is None or numba is None:
        yield label, "there is no cc or no numba", *LIMITS["C"]
    else:
        theirs = partial(c_sweep, library.sweep, start, rates)
        np.testing.assert_allclose(theirs(), final, rtol=1e-6, atol=1e-12)
        own, other = best_times(fast, theirs, repeats=25)
        yield label, own / other, *LIMITS["C"]


def few_runs_rows(name, ours, final):
    """Compare with sides too slow for the whole grid: a diagonal of it, scaled to all runs."""
    surface, start, rates = CASES[name]
    plain = {"quadratic": python_quadratic, "himmelblau": python_himmelblau}[name]
    sgd = torch and partial(torch_sgd, surface.f, start)
    sides = (
        ("plain Python", partial(plain, *start), 16),
        ("torch.optim.SGD with autograd", sgd, 2),
    )
    for how, run, count in sides:
        label = f"sweep, {name}: times faster than {how} (scaled)"
        limit = LIMITS.get(how) or LIMITS[f"{how}, {name}"]
        if run is None:
            yield label, "torch is not installed", *limit
            continue
        at = np.linspace(0, SIDE - 1, count + 2).astype(int)[1:-1]
        pairs = list(zip(rates[at].tolist(), BETAS[at].tolist(), strict=True))
        np.testing.assert_allclose([run(*p) for p in pairs], final[at, at], rtol=1e-6, atol=1e-12)
        own, other = best_times(ours, lambda p=pairs, r=run: [r(*q) for q in p], repeats=7)
        yield label, other * SIDE * SIDE / count / own, *limit


def hits_rows(name, library):
    """Compare the map of steps to tolerance with no dropping, and with C that stops each run."""
    surface, start, rates = CASES[name]
    job = surface, start, rates, BETAS, STEPS
    ours, fast = (partial(timed, large, *job, tolerance=TOLERANCE) for large in (np.inf, 0))
    hits = ours().steps_to_tolerance
    np.testing.assert_array_equal(fast().steps_to_tolerance, hits)
    own, other = best_times(ours, partial(undropped, surface, start, rates), repeats=9)
    label = f"steps to tolerance, {name}: times faster than undropped"
    yield label, other / own, *LIMITS["undropped"]
    label = f"compiled steps to tolerance, {name}: time over C's"
    if library is None or numba is None:
        yield label, "there is no cc or no numba", *LIMITS["C that stops"]
        return
    lowest = float(surface.value(surface.minima[0]))
    enough = lowest + TOLERANCE * (float(surface.value(start)) - lowest)
    theirs = partial(c_sweep, library.first_hits, start, rates, enough)
    # C contracts a * b + c into one rounding, so a run may be there a step sooner or later.
    assert (np.isclose(theirs(), hits, rtol=0, atol=1) | (theirs() == hits)).mean() > 0.999
    own, other = best_times(fast, theirs, repeats=15)
    yield label, own / other, *LIMITS["C that stops"]


def undropped(surface, start, rates):
    """Take the same steps by the same loop, but none is ever low enough."""
    pairs = np.reshape(np.meshgrid(rates, BETAS, indexing="ij"), (2, -1))
    block = blocks._Block(surface, Momentum, np.array(start), STEPS, -1.0)
    for first in range(0, pairs.shape[1], blocks.SIZE):
        block.run(pairs[:, first : first + blocks.SIZE])


def least_squares_rows():
    rng = np.random.default_rng(0)
    for n, dim in ((200, 3), (50, 20)):
        surface = surfaces.least_squares(rng.normal(size=(n, dim)), rng.normal(size=n))
        start, rates = np.ones(dim), np.linspace(0.01, 0.2, 64)
        grid = np.meshgrid(rates, BETAS[::4], indexing="ij")
        ours = partial(timed, np.inf, surface, start, rates, BETAS[::4], 100)
        theirs = partial(descend, surface, start.reshape(-1, 1, 1), Momentum(*grid), 100)
        np.testing.assert_array_equal(ours().final_values, theirs().values[-1])
        own, other = best_times(ours, theirs, repeats=5)
        label = f"sweep, least squares, {n} x {dim}: time over batched descend's"
        yield label, own / other, *LIMITS["descend"]


def rate_rows():
    for curvatures in ([1.0], [1.0, 10.0]):
        rates = CASES["quadratic"][2][:, np.newaxis]
        (seconds,) = best_times(
            partial(theory.convergence_rate, curvatures, rates, BETAS), repeats=25
        )
        label = f"convergence_rate, curvatures {curvatures}: ms"
        yield label, 1e3 * seconds, *LIMITS["convergence_rate"]


def all_rows():
    with tempfile.TemporaryDirectory() as place:
        for name in CASES:
            library = compiled(name, place)
            yield from sweep_rows(name, library)
            yield from hits_rows(name, library)
    yield from least_squares_rows()
    yield from rate_rows()


if __name__ == "__main__":
    sys.exit(report(all_rows()))

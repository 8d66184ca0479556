"""What the benchmarks share: one thread, best times, and a table that says which limits hold.

Import it before NumPy and torch, which look at the number of threads when they are loaded. Run by
itself it does nothing.
"""

import os
import sys
import time
from pathlib import Path

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
os.environ.update(dict.fromkeys(THREADS, "1"))
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

try:
    import torch
except ModuleNotFoundError:
    torch = None
else:
    torch.set_num_threads(1)


def best_times(*tasks, repeats):
    """Return the best time of each task, in seconds; the tasks take turns."""
    times = [[] for _ in tasks]
    for _ in range(repeats):
        for task, found in zip(tasks, times, strict=True):
            begin = time.perf_counter()
            task()
            found.append(time.perf_counter() - begin)
    return [min(found) for found in times]


def report(rows):
    """Print rows (label, measured or why not, sense, limit); return the status to exit with."""
    broken = False
    for label, measured, sense, limit in rows:
        outcome = verdict(measured, sense, limit)
        number = "-" if isinstance(measured, str) else f"{measured:.2f}"
        print(f"{label:74} {number:>9}   {sense} {limit:<6} {outcome}", flush=True)
        broken |= outcome == "BROKEN"
    return int(broken)


def verdict(measured, sense, limit):
    if isinstance(measured, str):
        return f"not measured: {measured}"
    holds = measured >= limit if sense == ">=" else measured <= limit
    return "holds" if holds else "BROKEN"

"""Change the package in one place at a time, and see whether the tests notice: `make mutants`.

`python tools/mutants.py [module ...] [--every n]` prints each mutant that lives on, with its line,
and the share that was killed. One is killed by a failed test, an import that fails, or two minutes.
"""

import argparse
import ast
import os
import shutil
import signal
import sys
import tempfile
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")

# isort: split
import numpy  # noqa: F401  loaded once, before the processes part
import pytest
from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120  # seconds
ENOUGH = 0.95  # of the mutants are to be killed
TESTS = {
    "averages.py": ["test_averages", "test_bad_input"],
    "descent.py": ["test_descent", "test_bad_input"],
    "networks.py": ["test_networks", "test_bad_input"],
    "optimizers.py": ["test_optimizers", "test_bad_input"],
    "surfaces/bowls.py": ["test_surfaces", "test_bad_input"],
    "surfaces/landscapes.py": ["test_surfaces", "test_bad_input"],
    "surfaces/regression.py": ["test_surfaces", "test_bad_input"],
    "surfaces/surface.py": ["test_surfaces", "test_bad_input"],
    "theory/products.py": ["test_theory", "test_spread", "test_bad_input"],
    "theory/rates.py": ["test_theory", "test_spread", "test_bad_input"],
    "theory/regimes.py": ["test_theory", "test_spread", "test_bad_input"],
    "theory/signals.py": ["test_theory", "test_bad_input"],
    "theory/spread.py": ["test_spread", "test_bad_input"],
    "_checks.py": ["test_bad_input", "test_averages"],
}
COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
TWINS = {"maximum": "minimum", "minimum": "maximum", "max": "min", "min": "max", "any": "all"}


# Each of these yields (what changes, how to change the node in place)


def comparisons(node):
    if isinstance(node, ast.Compare):
        for i, op in enumerate(node.ops):
            for other in COMPARISONS.get(type(op), ()):
                yield f"{name(op)} to {other.__name__}", partial(put, "ops", i, other())


def arithmetic(node):
    other = ARITHMETIC.get(type(getattr(node, "op", None)))
    if isinstance(node, ast.BinOp | ast.AugAssign) and other:
        yield f"{name(node.op)} to {other.__name__}", partial(put, "op", None, other())


def constants(node):
    if isinstance(node, ast.Constant) and node.value is not None:
        old = node.value
        if isinstance(old, bool):
            new = not old
        elif isinstance(old, str):
            new = "" if old else "x"
        else:
            new = old + 1
        yield f"{old!r} to {new!r}", partial(put, "value", None, new)


def truth(node):
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield f"{name(node.op)} to {name(other)}", partial(put, "op", None, other)
    if isinstance(node, ast.If | ast.IfExp):
        yield "a condition negated", lambda n: put("test", None, ast.UnaryOp(ast.Not(), n.test), n)
    if isinstance(node, ast.UnaryOp):
        yield f"{name(node.op)} dropped", lambda n: put("op", None, ast.UAdd(), n)


def twins(node):
    for field in ("attr", "id"):
        if getattr(node, field, None) in TWINS:
            other = TWINS[getattr(node, field)]
            yield f"{getattr(node, field)} to {other}", partial(put, field, None, other)


def dropped(node):
    for i, keyword in enumerate(getattr(node, "keywords", [])):
        if keyword.arg:
            yield f"{keyword.arg}= dropped", partial(drop, "keywords", i)
    for i, decorator in enumerate(getattr(node, "decorator_list", [])):
        yield f"@{ast.unparse(decorator)} dropped", partial(drop, "decorator_list", i)
    for i, statement in enumerate(getattr(node, "body", None) or [] if has_block(node) else []):
        call = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
        if call or isinstance(statement, ast.AugAssign):
            yield f"{ast.unparse(statement)} dropped", partial(put, "body", i, ast.Pass())


MUTATIONS = (comparisons, arithmetic, constants, truth, twins, dropped)


def name(op):
    return type(op).__name__


def has_block(node):
    return isinstance(getattr(node, "body", None), list)


def put(field, index, value, node):
    if index is None:
        setattr(node, field, value)
    else:
        getattr(node, field)[index] = value


def drop(field, index, node):
    del getattr(node, field)[index]


def without_docstrings(tree):
    for node in ast.walk(tree):
        if has_block(node) and isinstance(getattr(node.body[0], "value", None), ast.Constant):
            node.body[0] = ast.Pass()
    return tree


def mutants(module, every=1):
    """Yield (line, what changed, the source) of each mutant of a module, or of each n-th."""
    tree = without_docstrings(ast.parse((ROOT / "momentum" / module).read_text(encoding="utf-8")))
    for number, change, apply in islice(places(tree), 0, None, every):
        copy = deepcopy(tree)
        node = next(islice(ast.walk(copy), number, None))
        apply(node)
        yield line_of(node), change, ast.unparse(ast.fix_missing_locations(copy))


def places(tree):
    for number, node in enumerate(ast.walk(tree)):
        for mutate in MUTATIONS:
            yield from ((number, change, apply) for change, apply in mutate(node))


def line_of(node):
    return getattr(node, "lineno", 0) or min(
        (n.lineno for n in ast.walk(node) if hasattr(n, "lineno")), default=0
    )


def survives(module, source=None):
    """Return whether all tests of a module pass with another source in its place.

    This is called in a process of its own, which has not loaded the package yet.
    """
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE)
    with tempfile.TemporaryDirectory() as place:
        skip = shutil.ignore_patterns("__pycache__", "explorers", "figures")
        shutil.copytree(ROOT / "momentum", Path(place, "momentum"), ignore=skip)
        if source is not None:
            Path(place, "momentum", module).write_text(source, encoding="utf-8")
        sys.path.insert(0, place)
        os.environ["PYTHONPATH"] = place  # for the processes that a test starts
        sys.dont_write_bytecode = True
        options = [
            "-x",
            "-q",
            "--noconftest",
            "-p",
            "no:cacheprovider",
            "-o",
            f"pythonpath={place}",
        ]
        options += ["--rootdir", str(ROOT)]
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
            for test in TESTS[module]:  # one by one, as most die in the first
                status = pytest.main([*options, str(ROOT / "tests" / f"{test}.py")])
                if status:
                    break
    if status not in (0, 1, 2):
        raise RuntimeError(f"pytest ended with {status} for {module}")
    return status == 0


def give_up(*_):
    raise TimeoutError


def pool():
    """Return a pool that forks anew for each task, so that NumPy and pytest are there at once."""
    return get_context("fork").Pool(os.cpu_count(), maxtasksperchild=1)


def main(modules, every=1):
    """Print the mutants that live on; return the share that was killed."""
    jobs = [(module, *mutant) for module in modules for mutant in mutants(module, every)]
    made, alive = Counter(job[0] for job in jobs), Counter()
    with pool() as processes:
        for module, passed in zip(modules, processes.imap(survives, modules, 1), strict=True):
            if not passed:
                raise SystemExit(f"The tests of {module} fail without any mutant.")
        outcomes = processes.imap(survives_job, jobs, 1)
        for (module, line, change, _), lives in tqdm(zip(jobs, outcomes), total=len(jobs)):
            alive[module] += lives
            if lives:
                tqdm.write(f"momentum/{module}:{line}: {change}")
    for module in modules:
        print(f"{module:24} {made[module] - alive[module]:4} of {made[module]:4} killed")
    killed, total = made.total() - alive.total(), made.total()
    print(f"{killed} of {total} mutants killed: {killed / total:.1%}")
    return killed / total


def survives_job(job):
    return survives(job[0], job[3])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", help="such as averages.py; all by default")
    parser.add_argument("--every", type=int, default=1, help="take each n-th mutant only")
    given = parser.parse_args()
    sys.exit(main(given.modules or list(TESTS), given.every) < ENOUGH)

"""Change the package in one place at a time, and see whether the tests notice: `make mutants`.

`python tools/mutants.py [module ...]` prints each mutant that lives on, with its line, and the
share that was killed. A mutant is killed by a failed test, an import that fails, or two minutes.
"""

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120  # seconds
TESTS = {
    "averages.py": ["test_averages", "test_bad_input"],
    "descent.py": ["test_descent", "test_bad_input"],
    "optimizers.py": ["test_optimizers", "test_bad_input"],
    "surfaces/bowls.py": ["test_surfaces", "test_bad_input"],
    "surfaces/landscapes.py": ["test_surfaces", "test_bad_input"],
    "surfaces/regression.py": ["test_surfaces", "test_bad_input"],
    "surfaces/surface.py": ["test_surfaces", "test_bad_input", "test_executors"],
    "theory/products.py": ["test_theory", "test_spread", "test_bad_input"],
    "theory/rates.py": ["test_theory", "test_spread", "test_bad_input"],
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
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
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
            for other in COMPARISONS[type(op)]:
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


def mutants(module):
    """Yield (line, what changed, the source) of each mutant of a module."""
    tree = without_docstrings(ast.parse((ROOT / "momentum" / module).read_text(encoding="utf-8")))
    for number, node in enumerate(ast.walk(tree)):
        for mutate in MUTATIONS:
            for change, apply in mutate(node):
                copy = deepcopy(tree)
                mutant = next(n for i, n in enumerate(ast.walk(copy)) if i == number)
                apply(mutant)
                yield line_of(node), change, ast.unparse(ast.fix_missing_locations(copy))


def line_of(node):
    return getattr(node, "lineno", 0) or min(
        (n.lineno for n in ast.walk(node) if hasattr(n, "lineno")), default=0
    )


def survives(module, source):
    """Return whether all tests of a module pass with another source in its place."""
    with tempfile.TemporaryDirectory() as place:
        skip = shutil.ignore_patterns("__pycache__", "explorers", "figures")
        shutil.copytree(ROOT / "momentum", Path(place, "momentum"), ignore=skip)
        if source is not None:
            Path(place, "momentum", module).write_text(source, encoding="utf-8")
        tests = [f"tests/{test}.py" for test in TESTS[module]]
        options = [
            "-x",
            "-q",
            "--noconftest",
            "-p",
            "no:cacheprovider",
            "-o",
            f"pythonpath={place}",
        ]
        quiet = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        alone = {"PYTHONPATH": place, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        try:
            done = subprocess.run(
                [sys.executable, "-m", "pytest", *options, *tests],
                cwd=ROOT,
                env={**os.environ, **quiet, **alone},
                capture_output=True,
                text=True,
                timeout=PATIENCE,
            )
        except subprocess.TimeoutExpired:
            return False
        if done.returncode not in (0, 1, 2):
            raise RuntimeError(done.stdout + done.stderr)
        return done.returncode == 0


def main(modules):
    for module in modules:
        if not survives(module, None):
            raise SystemExit(f"The tests of {module} fail without any mutant.")
    jobs = [(module, *mutant) for module in modules for mutant in mutants(module)]
    made, alive = Counter(job[0] for job in jobs), Counter()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = pool.map(lambda job: survives(job[0], job[3]), jobs)
        for (module, line, change, _), lives in zip(jobs, outcomes, strict=True):
            alive[module] += lives
            if lives:
                print(f"momentum/{module}:{line}: {change}", flush=True)
    for module in modules:
        print(f"{module:24} {made[module] - alive[module]:4} of {made[module]:4} killed")
    killed, total = made.total() - alive.total(), made.total()
    print(f"{killed} of {total} mutants killed: {killed / total:.1%}")


if __name__ == "__main__":
    main(sys.argv[1:] or list(TESTS))

"""The floors of the package, what importing it loads, and the shape of its functions."""

import ast
import os
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

import momentum

HOME = Path(momentum.__file__).parent
FLOORS = {
    "_checks": -1,
    "_progress": -1,
    "surfaces": 0,
    "averages": 0,
    "conventions": 0,
    "data": 0,
    "optimizers": 0,
    "theory": 0,
    "assignments": 0,
    "descent": 1,
    "networks": 2,
    "sweeps": 2,
    "figures": 2,
    "explorers": 3,
}
LOWEST_FLOOR_OF = {"matplotlib": 2, "anywidget": 3, "ipywidgets": 3, "traitlets": 3, "quickjs": 3}
FILES = sorted(HOME.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def part(path):
    """The module or package directly below momentum that a file belongs to, or `__init__`."""
    return path.relative_to(HOME).parts[0].removesuffix(".py")


def name_of(path):
    return path.relative_to(HOME).as_posix()


MODULES = [path for path in FILES if part(path) != "__init__" and TREES[path].body]
over_modules = pytest.mark.parametrize("path", MODULES, ids=name_of)
LOW = [p for p in MODULES if FLOORS.get(part(p), 9) <= 1 or part(p) in ("networks", "sweeps")]
over_low_modules = pytest.mark.parametrize("path", LOW, ids=name_of)


def imported(path):
    """Every name a file imports, in full: `momentum.theory.gain`, `numpy`, ..."""
    package = ["momentum", *path.relative_to(HOME).parts[:-1]]
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def parts_imported(path):
    """The parts of momentum that a file imports; names the package re-exports count as `*`."""
    dotted = [name.split(".") for name in imported(path)]
    inside = {names[1] if len(names) > 1 else "*" for names in dotted if names[0] == "momentum"}
    return {name if name in FLOORS else "*" for name in inside}


def outsiders(path):
    top = {name.split(".")[0] for name in imported(path)}
    return top - set(sys.stdlib_module_names) - {"momentum"}


@over_modules
def test_every_module_has_a_floor(path):
    assert part(path) in FLOORS


def test_every_module_of_the_design_is_there():
    built = set(FLOORS) - {"explorers"}
    assert built <= {part(path) for path in FILES}


@over_modules
def test_arrows_point_down_only(path):
    floor = FLOORS[part(path)]
    inside = parts_imported(path) - {"*", part(path)}
    assert {name for name in inside if FLOORS[name] >= floor} == set()


@over_low_modules
def test_floors_0_and_1_import_each_other_by_module_not_through_the_package(path):
    assert "*" not in parts_imported(path)


@pytest.mark.parametrize("path", [p for p in MODULES if FLOORS.get(part(p)) == 0], ids=name_of)
def test_the_modules_of_floor_0_know_none_but_the_checks(path):
    assert parts_imported(path) <= {"_checks", part(path)}


@over_low_modules
def test_below_the_figures_numpy_is_the_only_outsider(path):
    late = {"_progress": {"tqdm"}, "sweeps": {"numba"}}.get(part(path), set())
    assert outsiders(path) <= {"numpy"} | late


@over_modules
def test_matplotlib_enters_on_floor_2_and_widgets_on_floor_3(path):
    lowest = max((LOWEST_FLOOR_OF.get(name, -1) for name in outsiders(path)), default=-1)
    assert FLOORS[part(path)] >= lowest


def test_every_public_name_is_the_one_its_module_defines():
    for name, home in momentum._HOMES.items():
        assert getattr(momentum, name) is getattr(getattr(momentum, home), name)
    assert set(momentum._MODULES) <= set(FLOORS)
    assert set(momentum.__all__) <= set(dir(momentum))


def modules_after(statement):
    """The modules a fresh interpreter holds after a statement."""
    code = f"{statement}; import sys; print(*sys.modules)"
    path = os.pathsep.join([str(HOME.parent), os.environ.get("PYTHONPATH", "")])
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "PYTHONPATH": path.rstrip(os.pathsep)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ran.stdout.split())


def test_importing_momentum_loads_nothing_else():
    added = modules_after("import momentum") - modules_after("import importlib")
    assert {name for name in added if name.split(".")[0] not in sys.stdlib_module_names} == {
        "momentum"
    }


def test_computing_loads_numpy_alone():
    loaded = modules_after("from momentum import Momentum, descend, ema, surfaces, theory")
    added = {name.split(".")[0] for name in loaded - modules_after("import numpy")}
    assert added - set(sys.stdlib_module_names) == {"momentum"}
    assert "numpy" in loaded
    assert loaded.isdisjoint({"momentum.figures", "momentum.explorers"})


def test_sweeps_leave_multiprocessing_alone_which_a_browser_lacks():
    loaded = modules_after("import momentum.sweeps")
    assert loaded.isdisjoint({"multiprocessing", "tqdm", "numba"})


def functions(path):
    return [node for node in ast.walk(TREES[path]) if isinstance(node, FUNCTIONS)]


def body_lines(function):
    """How many lines the body has, from the first after the docstring to the last."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def test_the_median_function_has_at_most_8_lines():
    lengths = [body_lines(f) for path in FILES for f in functions(path)]
    assert len(lengths) > 80
    assert statistics.median(lengths) <= 8


@over_modules
def test_no_function_has_more_than_30_lines(path):
    assert {f.name: body_lines(f) for f in functions(path) if body_lines(f) > 30} == {}


def public_definitions(tree):
    """(name, node) of every public function, class and method of a class that is public."""
    for node in tree.body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and node.name[0] != "_":
            yield node.name, node
            for inner in getattr(node, "body", []) if isinstance(node, ast.ClassDef) else []:
                if isinstance(inner, FUNCTIONS) and inner.name[0] != "_":
                    yield f"{node.name}.{inner.name}", inner


@pytest.mark.parametrize("path", [p for p in FILES if TREES[p].body], ids=name_of)
def test_every_module_and_everything_public_in_it_has_a_docstring(path):
    assert ast.get_docstring(TREES[path])
    silent = [name for name, node in public_definitions(TREES[path]) if not ast.get_docstring(node)]
    assert silent == []


@pytest.mark.parametrize("path", [p for p in LOW if part(p)[0] != "_"], ids=name_of)
def test_every_public_function_and_optimizer_has_an_example_that_runs(path):
    shown_by_their_makers = {"Trajectory", "Training", "Sweep", "SweepError"}
    without = [
        name
        for name, node in public_definitions(TREES[path])
        if "." not in name and ">>> " not in ast.get_docstring(node)
    ]
    assert set(without) <= shown_by_their_makers

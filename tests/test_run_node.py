"""What the page's own Python gives, under Node: the outputs of a chapter, the same bits.

All chapters run by it in their pages: test_run_here.py.
"""

import ast
import gzip
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from computations import CLOSE, EXACT
from notebooks import SVG, Chapter, listed

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "_ext"))
import run_here  # noqa: E402

OLDEST = 18  # of Debian's bookworm
RESULTS = "\n{name: value.tobytes().hex() for name, value in (EXACT | CLOSE).items()}"
BOUND = 64  # units in the last place of a result's largest number
NODE = shutil.which("node")


def lacks():
    """Return why the page's Python does not run here, or nothing."""
    if not NODE:
        return "Node is not here"
    version = subprocess.run([NODE, "--version"], capture_output=True, text=True).stdout
    major = int(version[1:].split(".")[0])
    return f"Node {major} is older than {OLDEST}" if major < OLDEST else ""


LACKS = lacks()
pytestmark = pytest.mark.skipif(bool(LACKS), reason=LACKS)


@pytest.fixture(scope="module")
def pieces(tmp_path_factory):
    """Return a folder with what the button of a page loads, as Node reads it."""
    site = SimpleNamespace(
        outdir=tmp_path_factory.mktemp("site"), builder=SimpleNamespace(format="html")
    )
    run_here.begin_wheel(site)
    run_here.write(site, None)
    folder = site.outdir / "_static/run"
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    for path in folder.glob("*.gz"):
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
    return folder


@pytest.fixture(scope="module")
def run(pieces):
    """Open Python once; return what runs cells in it, with no names from before."""
    command = NODE, ROOT / "tests/run_cells.mjs", pieces
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
    with subprocess.Popen(command, **pipes) as node:

        def run(cells):
            node.stdin.write(json.dumps(cells) + "\n")
            node.stdin.flush()
            return json.loads(node.stdout.readline())

        yield run
        node.stdin.close()


def differing(cells, done):
    """Return what differs from the stored outputs, by cell."""
    return {
        cell["place"]: one["told"] for cell, one in zip(cells, done, strict=True) if one["told"]
    }


def chapter(name):
    return Chapter.read(ROOT / "chapters" / f"{name}.ipynb").code


def another_digit(text):
    """Return a text with its last digit changed."""
    head, digit, tail = re.fullmatch(r"(.*)(\d)(\D*)", text, re.DOTALL).groups()
    return f"{head}{(int(digit) + 1) % 10}{tail}"


def test_a_changed_number_and_a_changed_curve_are_found(run):
    cells = chapter(listed()[0])
    outputs = [(cell["place"], output) for cell in cells for output in cell["outputs"]]
    printed, text = next(pair for pair in outputs if re.search(r"\d", str(pair[1].get("text"))))
    text["text"] = another_digit("".join(text["text"]))
    drawn, figure = next(pair for pair in outputs if SVG in pair[1].get("data", {}))
    curve, *rest = "".join(figure["data"][SVG]).rpartition(" clip-path=")
    figure["data"][SVG] = "".join([another_digit(curve), *rest])
    found = differing(cells, run(cells))
    assert found.keys() == {printed, drawn}
    assert found[printed].startswith("Line ")
    assert found[drawn].startswith("In the figure one number of ")


@pytest.fixture(scope="module")
def computed(run):
    """Return the results of computations.py in the page's Python."""
    source = (ROOT / "tests/computations.py").read_text("utf-8") + RESULTS
    (done,) = run([{"source": source, "outputs": []}])
    found = ast.literal_eval(done["made"][-1]["data"]["text/plain"])
    return {name: np.frombuffer(bytes.fromhex(text)) for name, text in found.items()}


@pytest.mark.parametrize("name", EXACT)
def test_arithmetic_has_the_same_bits_in_a_page(computed, name):
    assert computed[name].tobytes() == EXACT[name].tobytes()


@pytest.mark.parametrize("name", CLOSE)
def test_what_is_rounded_otherwise_differs_in_the_last_digits_only(computed, name):
    here = CLOSE[name].ravel()
    largest = np.max(abs(here[np.isfinite(here)]))
    np.testing.assert_allclose(computed[name], here, rtol=0, atol=BOUND * np.spacing(largest))

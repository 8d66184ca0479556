"""Lets a chapter's code run in its page: the button, and beside the pages what it then loads.

That comes from three places: third_party/ (Python and its packages), the wheel that pip builds of
`momentum`, and run/ (the page's scripts, and what makes Python the kernel of a page). Nothing of it
is loaded before the button is pressed.
"""

import gzip
import json
import os
import subprocess
import sys
from hashlib import sha256
from math import ceil
from pathlib import Path
from shutil import copy, copytree, ignore_patterns, rmtree
from tempfile import mkdtemp

from docutils import nodes
from packing import INSTALL, pack
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform

ROOT = Path(__file__).parent.parent
RUN = Path(__file__).parent / "run"
THIRD_PARTY = ROOT / "third_party"
PYTHON = THIRD_PARTY / "pyodide"
PACKAGES = THIRD_PARTY / "site-packages"
PIECES = (
    PYTHON / "pyodide.asm.mjs.gz",
    PYTHON / "pyodide.asm.wasm.gz",
    PYTHON / "python_stdlib.zip",
    PACKAGES / "packages.tar.zst",
)
SITE = "/lib/python3.14/site-packages"  # in the page's Python
HOME = "/home/reader"
OTHERS = 0.4  # megabytes, at most: of the package, the notebook and the scripts; a test weighs all
DIRECT = "momentum-book[book] @ ADDRESS"
EPOCH = "315532800"  # 1980, the first year that a zip knows: the same input gives the same bytes
BUTTON = """\
<button type="button" class="run-here pst-js-only" data-notebook="{up}_static/run/{page}.ipynb.gz" \
data-file="A file runs no Python. In the book's folder, type: make serve" \
data-lost="It could not be loaded: reload the page" \
onclick="this.disabled=true;import('{up}_static/run/begin.js').then(m=>m.begin(this),\
()=>{{this.textContent=this.dataset[location.protocol=='file:'?'file':'lost']}})">\
Run it here ({size} MB, once)</button>"""


def megabytes():
    """Return what a page loads at most, in whole megabytes: with the package and the scripts."""
    return ceil(sum(path.stat().st_size for path in PIECES) / 1e6 + OTHERS)


class RunButton(SphinxPostTransform):
    """Put the button into the line of the first fold, on each page that runs code."""

    default_priority = 310  # when code is folded
    formats = ("html",)

    def run(self, **kwargs):
        folds = (n for n in self.document.findall(nodes.container) if "folded" in n["classes"])
        fold = next(folds, None)
        if fold is not None:
            page = self.env.docname
            up = "../" * page.count("/")
            html = BUTTON.format(up=up, page=Path(page).name, size=megabytes())
            fold += nodes.raw("", html, format="html")


def begin_wheel(app):
    """Let pip build the wheel of the package while Sphinx reads the book."""
    if app.builder.format != "html":
        return
    app.wheel_folder = Path(mkdtemp())
    source = app.wheel_folder / "source"
    copytree(ROOT / "momentum", source / "momentum", ignore=ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE-CODE"):
        copy(ROOT / name, source)
    for path in source.rglob("*"):  # a wheel has the modes of its files
        path.chmod(0o755 if path.is_dir() else 0o644)
    alone = (
        "--quiet",
        "--disable-pip-version-check",
        "--no-index",
        "--no-deps",
        "--no-build-isolation",
    )
    command = sys.executable, "-m", "pip", "wheel", *alone, "--wheel-dir", app.wheel_folder, source
    app.wheel = subprocess.Popen(command, env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH})


def write(app, exception):
    """Write what the button loads, and the list of its pieces."""
    if app.builder.format != "html":
        return
    failed = app.wheel.wait()
    if not exception:
        if failed:
            raise ExtensionError("pip did not build the wheel of the package")
        target = Path(app.outdir, "_static", "run")
        rmtree(target, ignore_errors=True)
        copytree(RUN / "page", target)
        copy(PYTHON / "pyodide.mjs", target)
        copytree(PACKAGES / "licences", target / "licences")
        for text in PYTHON.glob("LICENSE*"):
            copy(text, target / "licences")
        for path in (ROOT / "chapters").glob("*.ipynb"):
            stored = gzip.compress(path.read_bytes(), mtime=0)
            (target / f"{path.name}.gz").write_bytes(stored)
        write_pieces(target, next(app.wheel_folder.glob("*.whl")))
    rmtree(app.wheel_folder)


def write_pieces(target, wheel):
    python = RUN / "python"
    files = {path.relative_to(python).as_posix(): path for path in python.glob("**/*.py")}
    inline = RUN.with_name("inline.py")
    pack(target / "kernel.zip", files | {inline.name: inline})
    for path in (*PIECES, wheel):
        copy(path, target)
    unpacked = {  # name: folder, format of shutil.unpack_archive
        "packages.tar.zst": (SITE, "zstdtar"),
        wheel.name: (SITE, "zip"),
        "kernel.zip": (SITE, "zip"),
    }
    names = [*(path.name for path in PIECES[:3]), *unpacked]
    stated = {"files": [piece(target / name) for name in names], "home": HOME, "unpack": unpacked}
    # The page knows where it stands: it fills in the wheel's address.
    stated |= {"wheel": wheel.name, "install": INSTALL.format(place="its site", package=DIRECT)}
    (target / "pieces.json").write_text(json.dumps(stated, indent=1) + "\n", "utf-8")


def piece(path):
    data = path.read_bytes()
    return {"name": path.name, "size": len(data), "hash": sha256(data).hexdigest()}


def setup(app):
    app.add_post_transform(RunButton)
    app.connect("builder-inited", begin_wheel)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

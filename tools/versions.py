"""Test the package with other versions of what it needs: `python tools/versions.py oldest|newest`.

The oldest are those of oldest.txt; all else is as in constraints.txt. The newest are those the
package index has. Stored figures belong to one version of matplotlib, so they are not compared.
"""

import os
import subprocess
import sys
from pathlib import Path

PACKAGE = "numpy", "tqdm", "matplotlib", "ipywidgets", "anywidget", "quickjs-ng"
NOT_THE_PACKAGE = ["site", "lab", "lab_reading", "make", "readme", "refresh", "chapter_form"]
NOT_THE_PACKAGE += ["template", "promise", "terms", "light", "front", "folds", "joined"]
NOT_THE_PACKAGE += ["predictions", "lab_predictions"]
BOOK = ("jupyter-book",)  # pinned in any case: Jupyter Book 2 is another program


def pins(path):
    """Return the lines `name==version` of a requirements file by name."""
    lines = [line.split("#")[0].strip() for line in Path(path).read_text("utf-8").splitlines()]
    return {line.split("==")[0]: line for line in lines if "==" in line}


def requirements(which):
    """Return what to install: each package the book names, and for the oldest the locked rest."""
    named = pins("requirements.txt")
    if which == "newest":
        return [named[name] if name in BOOK else name for name in named]
    versions = pins("constraints.txt") | pins("oldest.txt")
    return [versions.get(name, name) for name in {**named, **versions}]


def main(which):
    folder = Path(f".venv-{which}")
    python = folder / "bin/python"
    if not (folder / "installed").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    pip = python, "-m", "pip", "--quiet", "--disable-pip-version-check"
    subprocess.run([*pip, "install", *requirements(which), "-e", "."], check=True)
    (folder / "installed").touch()
    print(subprocess.check_output([*pip, "freeze"], text=True))
    ignored = [f"--ignore=tests/test_{name}.py" for name in NOT_THE_PACKAGE]
    tests = "-m", "pytest", "-q", "-n", "2", "-m", "not browser", *ignored, "tests", "momentum"
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    # PyTorch, which CI wants for the live comparisons, is not installed here
    sys.exit(subprocess.run([python, *tests], check=False, env=environment).returncode)


if __name__ == "__main__":
    main(sys.argv[1])

"""`make runall`: run all student notebooks as a student does who has nothing but their archive.

In a new environment with Jupyter alone the first notebook installs the package, from the archive
and the index. Then each runs without an index: the package is missing, what it needs is there.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from zipfile import ZipFile

from tools.course.__main__ import COURSE
from tools.course.notebooks import ARCHIVE

JUPYTER = "nbclient", "ipykernel"
NO_INDEX = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
KEPT = "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"
OURS = ("PYTHON", "JUPYTER", "IPYTHON", "MPL")  # settings of this environment that are not theirs


def main():
    with TemporaryDirectory() as made:
        home = Path(made)
        with ZipFile(COURSE / f"{ARCHIVE}.zip") as archive:
            archive.extractall(home)
        venv.create(home / "venv", with_pip=True)
        notebooks = sorted((home / ARCHIVE).glob("*.ipynb"))
        run(home, "python", "-m", "pip", "install", "--quiet", *JUPYTER)
        for notebook in notebooks:
            execute(home, notebook)
        for notebook in notebooks:
            run(home, "python", "-m", "pip", "uninstall", "--quiet", "--yes", "momentum-book")
            execute(home, notebook, NO_INDEX)


def execute(home, notebook, settings=()):
    begun = monotonic()
    run(home, "jupyter-execute", notebook, settings=settings)
    how = "without an index" if settings else "with the index"
    print(f"{notebook.name} ran {how}, in {monotonic() - begun:.0f} s", flush=True)


def run(home, program, *arguments, settings=()):
    """Run a program of the new environment; where it fails, say what it said."""
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    command = home / "venv" / "bin" / program, *arguments
    environment = theirs | {name: str(home) for name in KEPT} | dict(settings)
    done = subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()

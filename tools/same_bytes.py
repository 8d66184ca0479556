"""Execute all chapters as another processor would, and compare what they store byte for byte.

`python tools/same_bytes.py [notebook ...]` switches off NumPy's vector units and takes another
BLAS kernel; a figure or a number that depends on the last bit of a sum comes out differently.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain
from pathlib import Path

import nbformat
from numpy._core import _multiarray_umath as numpy_core

if __package__ is None:
    sys.path.insert(0, str(Path(__file__).parent.parent))
from tools.refresh import CHAPTERS, execute, normalise

# NumPy refuses the name of a unit that it does not use here.
UNITS = [unit for unit in numpy_core.__cpu_dispatch__ if numpy_core.__cpu_features__[unit]]
OTHER_PROCESSOR = {"NPY_DISABLE_CPU_FEATURES": " ".join(UNITS), "OPENBLAS_CORETYPE": "Prescott"}


def differences(path, settings):
    """Return the cells of a notebook whose outputs are not the stored ones."""
    stored, again = (nbformat.read(path, as_version=4) for _ in range(2))
    execute(again, path.parent, settings)
    pairs = enumerate(zip(stored.cells, normalise(again).cells))
    differ = [number for number, (a, b) in pairs if a.get("outputs") != b.get("outputs")]
    return [f"{path.name}: the outputs of cell {number} differ" for number in differ]


def main(names):
    paths = [Path(name) for name in names] or sorted(CHAPTERS.glob("*.ipynb"))
    with ProcessPoolExecutor() as pool:
        lists = pool.map(partial(differences, settings=OTHER_PROCESSOR), paths)
        found = list(chain.from_iterable(lists))
    print(*found, f"{len(found)} cells of {len(paths)} notebooks differ", sep="\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main(sys.argv[1:])

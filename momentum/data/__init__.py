"""Measurements that the book computes with, each with its source and its licence.

``penguins.csv`` is the table of 342 penguins of the Palmer Archipelago for which bill, flipper and
body mass were all measured, in the order of its source.

Source: K. B. Gorman, T. D. Williams and W. R. Fraser, PLOS ONE 9(3), 2014,
doi 10.1371/journal.pone.0090081; published as ``palmerpenguins`` by A. M. Horst, A. P. Hill and
K. B. Gorman, 2020. Licence: CC0 1.0.
"""

from importlib.resources import files

import numpy as np


def penguins():
    """Return the length of bill and flipper (mm) and the body mass (g) of 342 penguins.

    Returns
    -------
    ndarray, shape (342, 3)
        One row a penguin: first the Adelie penguins, then the Gentoo, then the Chinstrap.

    Examples
    --------
    >>> from momentum.data import penguins
    >>> bill, flipper, mass = penguins().T
    >>> print(f"{mass.size} penguins of {mass.mean() / 1000:.1f} kg")
    342 penguins of 4.2 kg
    """
    with files(__name__).joinpath("penguins.csv").open(encoding="utf-8") as table:
        return np.loadtxt(table, delimiter=",", skiprows=1, usecols=(1, 2, 3))

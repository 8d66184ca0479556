"""Measurements that the book computes with, each with its source and its licence.

``penguins.csv`` is the table of 342 penguins of the Palmer Archipelago for which bill, flipper and
body mass were all measured, in the order of its source.

Source: K. B. Gorman, T. D. Williams and W. R. Fraser, PLOS ONE 9(3), 2014,
doi 10.1371/journal.pone.0090081; published as ``palmerpenguins`` by A. M. Horst, A. P. Hill and
K. B. Gorman, 2020. Licence: CC0 1.0.

``digits.csv.gz`` is the test set of the handwritten digits, in the order of its source: one row an
image, 64 counts of ink and the digit; nothing was changed.

Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning
Repository, 1998, doi 10.24432/C50P49. Licence: CC BY 4.0.

``torch_digits.csv`` is no measurement: the losses, step by step, with which PyTorch trains the
network of chapter 11 on these digits. ``tests/make_peer_vectors.py`` makes it.
"""

import gzip
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


def digits():
    """Return 1,797 images of handwritten digits, and which digits they are.

    13 people wrote them. Of a bitmap of 32 x 32 each pixel counts the black ones in a square of
    4 x 4. By E. Alpaydin and C. Kaynak (1998), doi 10.24432/C50P49, under CC BY 4.0.

    Returns
    -------
    images : ndarray, shape (1797, 8, 8)
        Ink, from 0 to 16; rows from the top.
    labels : ndarray of int, shape (1797,)

    Examples
    --------
    >>> from momentum.data import digits
    >>> images, labels = digits()
    >>> for row in images[0]:
    ...     print("".join("#" if ink > 7 else " " for ink in row).rstrip())
       ##
      ####
      #  ##
      #  ##
      #  ##
      #  #
      # ##
       ##
    >>> labels[0].item()
    0
    """
    packed = files(__name__).joinpath("digits.csv.gz").read_bytes()
    table = np.loadtxt(gzip.decompress(packed).decode().splitlines(), delimiter=",")
    return table[:, :64].reshape(-1, 8, 8), table[:, 64].astype(int)


def torch_digits():
    """Return the losses with which PyTorch trains the network of chapter 11, by optimizer.

    Returns
    -------
    dict from str to ndarray, shape (64,)
        The loss of each mini-batch before its step.

    Examples
    --------
    >>> from momentum.data import torch_digits
    >>> list(torch_digits())
    ['GradientDescent', 'Momentum', 'Nesterov', 'RMSProp', 'Adam']
    """
    with files(__name__).joinpath("torch_digits.csv").open(encoding="utf-8") as table:
        names = table.readline().strip().split(",")
        return dict(zip(names, np.loadtxt(table, delimiter=",").T))

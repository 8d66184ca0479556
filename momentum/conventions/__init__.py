"""One update, many names: how libraries and papers write momentum, and what is equal to what.

==========  ====================================================================================
`forms`     the eight forms, each with the words of its library or paper, and its step
`form`      what they share: what their arguments may be, and how a call is written
`calls`     reads the text of a call, such as ``SGD(lr=0.1, momentum=0.9)``
`between`   translates a call or a form to another, where both take the same path
==========  ====================================================================================

Every form may be given to `descend`: its step is written as its authors write it.
"""

from momentum.conventions.between import raw, translate
from momentum.conventions.calls import parse, table
from momentum.conventions.forms import (
    EMA,
    FORMS,
    QHM,
    Keras,
    Optax,
    Polyak,
    PrimalAveraging,
    PyTorch,
    Sutskever,
)

__all__ = [
    "EMA",
    "FORMS",
    "QHM",
    "Keras",
    "Optax",
    "Polyak",
    "PrimalAveraging",
    "PyTorch",
    "Sutskever",
    "parse",
    "raw",
    "table",
    "translate",
]

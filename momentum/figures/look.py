"""The look of the book: palette, methods, style, and the axes that every figure starts from."""

import re
from itertools import cycle
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np

INK, MUTED, CONTOUR, GRID = "#1f2328", "#5f6670", "#98a1ac", "#d5d9df"
TINT, PAPER = "#eceff3", "#ffffff"
BLUE, ORANGE, GREEN, PURPLE = COLORS = ("#0072b2", "#b84a00", "#007a5a", "#8f4580")
AMBER, BROWN, CRIMSON, MOSS, VIOLET = "#8a6d00", "#6e2c00", "#c8143c", "#55691a", "#6a3fb5"
PALE_BLUE, PALE_ORANGE = "#dcebf5", "#fae6da"
# What each colour is where the ground is dark; the ground itself, PAPER, is the page's.
DARK = {
    "#000000": "#e6e6e6", INK: "#e6e6e6", MUTED: "#a6adb8", CONTOUR: "#6b7480", GRID: "#3a4048",
    TINT: "#262b32", PALE_BLUE: "#173246", PALE_ORANGE: "#46291a", BLUE: "#56b4e9",
    ORANGE: "#ff9a5c", GREEN: "#3fcf9f", PURPLE: "#e29ad0", AMBER: "#dfba4e", BROWN: "#ffd2b3",
    CRIMSON: "#ff8098", MOSS: "#b4cc6c", VIOLET: "#bda5ff",
}  # fmt: skip


def dark_rules():
    """Return what a page states where its ground is dark: `--figure-0072b2: #56b4e9;` and so on."""
    return " ".join(f"--figure-{color[1:]}: {twin};" for color, twin in DARK.items())


class Look(NamedTuple):
    """How a line is drawn: colour, dash (lengths on and off in line widths), mark and width."""

    color: str
    dash: tuple = ()
    mark: str = "o"
    width: float = 1.7

    @property
    def linestyle(self):
        """Return the dash as matplotlib takes it."""
        return (0, self.dash) if self.dash else "-"


_SHORT, _LONG, _DOT_DASH, _DOTS = (3, 1.2), (5, 1.5), (6, 1.4, 1.4, 1.4), (1.2, 1.4)

# One colour and one dash for each method through the whole book.
METHODS = {
    "gradient descent": Look(BLUE, _LONG, "x"),
    "momentum": Look(ORANGE),
    "raw form": Look(ORANGE),
    "averaged form": Look(PURPLE, _DOT_DASH, "s"),
    "Nesterov": Look(GREEN, _SHORT, "^"),
    "Chebyshev": Look(INK, _DOT_DASH, "D"),
    "AdaGrad": Look(MOSS, _DOT_DASH, "s"),
    "RMSProp": Look(CRIMSON, _SHORT, "^"),
    "Adam": Look(VIOLET, (), "D"),
    "gradient g": Look(BLUE, _LONG, "s"),
    "velocity v": Look(ORANGE),
}
# Momentum with a β of its own: the first whose bound is not below β; β = 0 is gradient descent.
BETAS = {
    0.0: METHODS["gradient descent"],
    0.59: Look(AMBER, (), "^", 1.0),
    0.89: Look(AMBER, _DOT_DASH, "s"),
    0.95: METHODS["momentum"],
    1.0: Look(BROWN, _SHORT, "D"),
}
# Lines that are no method, in the order in which they come.
OTHERS = Look(INK), Look(VIOLET, _LONG, "^"), Look(MOSS, _DOT_DASH, "s"), Look(MUTED, _SHORT, "D")
PREDICTION = Look(MUTED, _DOTS, "")

STYLE = {
    "figure.figsize": (4.5, 2.8),
    "figure.constrained_layout.use": True,
    "figure.facecolor": PAPER,
    "font.size": 11,  # 12 pixels on a phone, where a figure is 358 pixels wide
    "text.color": INK,
    "axes.facecolor": PAPER,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": MUTED,
    "axes.titlesize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "grid.color": GRID,
    "lines.linewidth": 1.7,
    "svg.hashsalt": "momentum",
}


def style():
    """Set the look of the book, and deterministic SVG as what a notebook shows."""
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    plt.rcParams.update(STYLE)
    set_matplotlib_formats("svg", bbox_inches=None, metadata={"Date": None})


def looks(labels, predicted=()):
    """Return the look of each label: of the method or the β it names, else one that is free."""
    found, free = {}, cycle(OTHERS)
    for label in labels:
        look = PREDICTION if label in predicted else _named(label)
        while look is None or look in found.values():
            look = next(free)
        found[label] = look
    return found


def _named(label):
    """Return the look of what a label names, or None."""
    beta = re.search(r"β = (\d[\d.]*)", label)
    if beta:
        return next((BETAS[bound] for bound in BETAS if float(beta[1]) <= bound), None)
    methods = [name for name in METHODS if name.casefold() in label.casefold()]
    return METHODS[max(methods, key=len)] if methods else None


def line_id(label):
    """Return the id that the line of a label has in an SVG: it does not change with other lines.

    Examples
    --------
    >>> line_id("β = 0.9, raw form")
    'line-β-0-9-raw-form'
    """
    return "-".join(["line", *re.findall(r"\w+", label)])


def steady(values):
    """Round to 20 bits, six digits: the last bit of a result is the processor's, not the book's.

    Every step is exact, so that the same bytes are drawn with any vector unit or BLAS kernel.
    """
    mantissa, exponent = np.frexp(np.asarray(values, dtype=float))
    return np.ldexp(np.rint(np.ldexp(mantissa, 20)), exponent - 20)


def axes_of(ax, **size):
    """Return `ax`, or new axes of the given size where there is none."""
    return plt.subplots(**size)[1] if ax is None else ax


def stack(rows, height, **shared):
    """Return the axes of `rows` panels, one below the other."""
    size = (STYLE["figure.figsize"][0], 0.8 + height * rows)
    return plt.subplots(rows, 1, sharex=True, squeeze=False, figsize=size, **shared)[1][:, 0]

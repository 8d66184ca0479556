"""The look of the book, and the parts that every figure shares."""

from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np

INK, MUTED, GRID, TINT, PAPER = "#1f2328", "#5f6670", "#d5d9df", "#eceff3", "#ffffff"
BLUE, ORANGE, GREEN, PURPLE = COLORS = ("#0072b2", "#b84a00", "#007a5a", "#8f4580")
PALE_BLUE, PALE_ORANGE = "#dcebf5", "#fae6da"

STYLE = {
    "figure.figsize": (5.2, 3.0),
    "figure.constrained_layout.use": True,
    "figure.facecolor": PAPER,
    "font.size": 11,
    "text.color": INK,
    "axes.facecolor": PAPER,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": MUTED,
    "axes.titlesize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "grid.color": GRID,
    "lines.linewidth": 1.6,
    "svg.hashsalt": "momentum",
}


def style():
    """Set the look of the book, and deterministic SVG as what a notebook shows."""
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    plt.rcParams.update(STYLE)
    set_matplotlib_formats("svg", bbox_inches=None, metadata={"Date": None})


def axes_of(ax, **size):
    """Return `ax`, or new axes of the given size where there is none."""
    return plt.subplots(**size)[1] if ax is None else ax


def stack(rows, height, **shared):
    """Return the axes of `rows` panels, one below the other."""
    size = (5.2, 0.8 + height * rows)
    return plt.subplots(rows, 1, sharex=True, squeeze=False, figsize=size, **shared)[1][:, 0]


def header(ax, labels, colors=COLORS):
    """Write the labels above the axes, each in the colour of its line."""
    offset = 0.0
    for label, color in zip(labels, cycle(colors)):
        text = ax.annotate(
            label, (0, 1), (offset, 6), "axes fraction", "offset points", color=color
        )
        offset += text.get_window_extent().width * 72 / ax.figure.dpi + 14


def end_labels(ax, ends, colors):
    """Write the labels at the right end of their lines, pushed apart where they would touch."""
    heights = {label: ax.transData.transform((x, y)) for label, (x, y) in ends.items()}
    gap, last = 1.25 * plt.rcParams["font.size"] * ax.figure.dpi / 72, -np.inf
    right = ax.transAxes.transform((1, 0))[0]
    for label in sorted(heights, key=lambda name: heights[name][1]):
        last = max(heights[label][1], last + gap)
        position = ax.transAxes.inverted().transform((right, last))
        ax.annotate(
            label, position, (5, 0), "axes fraction", "offset points", color=colors[label],
            va="center", annotation_clip=False,
        )  # fmt: skip

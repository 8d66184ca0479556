"""What happens step by step: lines, weights, gradients and velocities."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from momentum.figures.labels import end_labels, header
from momentum.figures.look import (
    GRID,
    INK,
    METHODS,
    MUTED,
    PAPER,
    axes_of,
    line_id,
    looks,
    stack,
    steady,
)


def lines(
    series, ax=None, *, x=None, dashed=(), xlabel="step", ylabel="", side="right", **settings
):
    """Draw lines, against their index unless `x` is given, labelled at their right or left end.

    A line has the colour and the dash of the method or the β that its label names. `dashed` names
    lines to be dotted in grey, such as a prediction. `settings` go to `ax.set`: `yscale="log"`,
    `ylim=...` and so on.
    """
    ax, named, drawn = axes_of(ax), looks(series, dashed), {}
    for label, y in series.items():
        places = np.arange(len(y)) if x is None else steady(x)
        look = named[label]
        drawn[label] = _draw(ax, places, y, look, label)
    ax.margins(x=0.02)
    ax.set(xlabel=xlabel, ylabel=ylabel, **settings)
    if "xscale" not in settings:
        ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10], integer=x is None))
    if side == "right":
        end_labels(ax, drawn, named)
    else:
        _start_labels(ax, drawn, named)
    return ax


def _draw(ax, x, y, look, label):
    style = {"color": look.color, "linestyle": look.linestyle, "linewidth": look.width}
    return ax.plot(x, steady(y), gid=line_id(label), **style)[0]


def _start_labels(ax, drawn, named):
    for label, line in drawn.items():
        start = line.get_xydata()[0]
        look = {"color": named[label].color, "textcoords": "offset points"}
        ax.annotate(label, start, (4, 7), **look)


def panels(series, axes=None, *, xlabel="step", ylabel="", **settings):
    """Draw each line in a panel of its own, with its label above; settings go to every panel."""
    if axes is None:
        axes = stack(len(series), 1.25)
    for ax, (label, y) in zip(axes, series.items()):
        look = looks([label])[label]
        _draw(ax, np.arange(len(y)), y, look, label)
        ax.set_title(label, loc="left", color=look.color)
        ax.set(ylabel=ylabel, **settings)
    axes[-1].set(xlabel=xlabel)
    return axes


def averages(series, averaged, ax=None, **settings):
    """Draw a series as grey dots, and averages of it as labelled lines.

    `settings` go to `lines`.
    """
    ax = axes_of(ax)
    ax.plot(steady(series), ".", color=MUTED, markersize=4, alpha=0.45)
    return lines(averaged, ax, **settings)


def weights(columns, axes=None, *, ylabel="weight"):
    """Draw weights against age as bars, one panel a column, with one scale."""
    if axes is None:
        axes = stack(len(columns), 1.15, sharey=True)
    for ax, (label, column) in zip(axes, columns.items()):
        look = looks([label])[label]
        ax.bar(np.arange(len(column)), steady(column), color=look.color, width=0.7)
        ax.annotate(label, (1, 1), (0, -2), "axes fraction", "offset points",
                    ha="right", va="top", color=look.color)  # fmt: skip
        ax.set(ylabel=ylabel)
    axes[-1].set(xlabel="age in steps (0 is the newest)")
    return axes


def responses(patterns, axes=None):
    """Draw gradients as bars and what a rule makes of them as a line, one panel a pattern.

    `patterns` maps a label to a pair (gradients, velocities).
    """
    if axes is None:
        axes = stack(len(patterns), 1.2)
    bars, line = METHODS["gradient g"].color, METHODS["velocity v"].color
    for ax, (label, (g, v)) in zip(axes, patterns.items(), strict=True):
        ax.axhline(0, color=GRID, linewidth=0.8)
        ax.bar(np.arange(len(g)), steady(g), color=bars, width=0.6)
        ax.plot(steady(v), color=PAPER, linewidth=3.5)  # keeps the line apart from the bars
        ax.plot(steady(v), color=line, linewidth=1.4, marker="o", markersize=3)
        ax.set_title(label, loc="left", color=INK)
    axes[-1].set(xlabel="step")
    header(axes[0], ["gradient g", "velocity v"], lines=False, loc="right")
    return axes

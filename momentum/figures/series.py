"""What happens step by step: lines, weights, gradients and velocities."""

from itertools import cycle

import numpy as np
from matplotlib.ticker import MaxNLocator

from momentum.figures.look import BLUE, COLORS, GRID, INK, MUTED, ORANGE, axes_of, end_labels, stack


def lines(
    series, ax=None, *, x=None, dashed=(), xlabel="step", ylabel="", side="right", **settings
):
    """Draw lines, against their index unless `x` is given, labelled at their right or left end.

    `dashed` names lines to be dashed, such as a prediction. `settings` go to `ax.set`:
    `yscale="log"`, `ylim=...` and so on.
    """
    ax = axes_of(ax)
    colors = dict(zip(series, cycle(COLORS)))
    for label, y in series.items():
        dash = (0, (4, 3)) if label in dashed else "-"
        ax.plot(np.arange(len(y)) if x is None else x, y, color=colors[label], linestyle=dash)
    ax.set(xlabel=xlabel, ylabel=ylabel, **settings)
    if "xscale" not in settings and x is None:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if side == "right":
        end_labels(ax, {name: _visible_end(ax, y, x) for name, y in series.items()}, colors)
    else:
        _start_labels(ax, series, 0 if x is None else x[0], colors)
    return ax


def _start_labels(ax, series, x, colors):
    for label, y in series.items():
        ax.annotate(label, (x, y[0]), (4, 7), textcoords="offset points", color=colors[label])


def _visible_end(ax, y, x):
    """Return the last finite point of a line inside the x limits, clipped to the y limits."""
    y = np.asarray(y, dtype=float)
    x = np.arange(len(y)) if x is None else np.asarray(x, dtype=float)
    low, high = sorted(ax.get_ylim())
    left, right = sorted(ax.get_xlim())
    seen = np.flatnonzero(np.isfinite(y) & (x <= right) & (x >= left))
    last = seen[-1] if seen.size else 0
    return x[last], np.clip(np.nan_to_num(y[last]), low, high)


def panels(series, axes=None, *, xlabel="step", ylabel="", **settings):
    """Draw each line in a panel of its own, with its label above; settings go to every panel."""
    if axes is None:
        axes = stack(len(series), 1.25)
    for ax, (label, y), color in zip(axes, series.items(), cycle(COLORS)):
        ax.plot(y, color=color)
        ax.set_title(label, loc="left", color=color)
        ax.set(ylabel=ylabel, **settings)
    axes[-1].set(xlabel=xlabel)
    return axes


def averages(series, averaged, ax=None, **settings):
    """Draw a series as grey dots, and averages of it as labelled lines.

    `settings` go to `lines`.
    """
    ax = axes_of(ax)
    ax.plot(series, ".", color=MUTED, markersize=4, alpha=0.55)
    return lines(averaged, ax, **settings)


def weights(columns, axes=None, *, ylabel="weight"):
    """Draw weights against age as bars, one panel a column, with one scale."""
    if axes is None:
        axes = stack(len(columns), 1.15, sharey=True)
    for ax, (label, column), color in zip(axes, columns.items(), cycle(COLORS)):
        ax.bar(np.arange(len(column)), column, color=color, width=0.7)
        ax.annotate(label, (1, 1), (0, -2), "axes fraction", "offset points",
                    ha="right", va="top", color=color)  # fmt: skip
        ax.set(ylabel=ylabel)
    axes[-1].set(xlabel="age in steps (0 is the newest)")
    return axes


def responses(patterns, axes=None):
    """Draw gradients as bars and what a rule makes of them as a line, one panel a pattern.

    `patterns` maps a label to a pair (gradients, velocities).
    """
    if axes is None:
        axes = stack(len(patterns), 1.5)
    for ax, (label, (g, v)) in zip(axes, patterns.items(), strict=True):
        ax.axhline(0, color=GRID, linewidth=0.8)
        ax.bar(np.arange(len(g)), g, color=BLUE, width=0.6)
        ax.plot(np.arange(len(v)), v, color=ORANGE, marker="o", markersize=3)
        ax.set_title(label, loc="left", color=INK)
    axes[-1].set(xlabel="step")
    first = next(iter(patterns.values()))
    for name, signal, color in zip(("gradient g", "velocity v"), first, COLORS, strict=False):
        axes[0].annotate(name, (len(signal) - 1, signal[-1]), (6, -4),
                         textcoords="offset points", color=color)  # fmt: skip
    return axes

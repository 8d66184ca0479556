"""Figures of the book: results in, matplotlib Axes out.

Nothing here computes a result. Every function takes results and an optional `ax`, and returns the
`ax`. Runs and series are given as a dict from label to result: the labels stand in the figure, in
the colour of their line, so that no legend is needed. By habit of the book gradient descent comes
first (blue) and momentum second (orange).

Call `style()` once in a notebook: deterministic SVG, in a size that can be read on a phone.
"""

from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

INK, MUTED, GRID, TINT, PAPER = "#1f2328", "#5f6670", "#d5d9df", "#eceff3", "#ffffff"
BLUE, ORANGE, GREEN, PURPLE = COLORS = ("#0072b2", "#b84a00", "#007a5a", "#8f4580")

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


def _axes(ax, **size):
    return plt.subplots(**size)[1] if ax is None else ax


def _header(ax, labels, colors=COLORS):
    """Write the labels above the axes, each in the colour of its line."""
    offset = 0.0
    for label, color in zip(labels, cycle(colors)):
        text = ax.annotate(
            label, (0, 1), (offset, 6), "axes fraction", "offset points", color=color
        )
        offset += text.get_window_extent().width * 72 / ax.figure.dpi + 14


def _end_labels(ax, ends, colors):
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


def _distinct(path, view, share=0.003):
    """Return the points of a path that lie apart by a share of the view: the eye sees no more."""
    if path.ndim != 2:
        raise ValueError(f"runs must be single runs, got a path of shape {path.shape}")
    apart, kept = share * np.ptp(view, axis=1), [path[0]]
    for w in path[np.isfinite(path).all(axis=1)]:
        if (np.abs(w - kept[-1]) > apart).any():
            kept.append(w)
    return np.array(kept)


def contours(surface, ax=None, *, levels=12):
    """Draw the contour lines and the minima of a surface of two coordinates."""
    ax = _axes(ax, figsize=(5.2, 3.9))
    x, y = np.meshgrid(*(np.linspace(low, high, 61) for low, high in surface.view))
    heights = surface.value([x, y])
    # Equally spaced roots show a steep rim and a flat floor in one picture.
    low, high = heights.min(), heights.max()
    steps = low + (high - low) * np.linspace(0, 1, levels + 1)[1:-1] ** 2
    ax.contour(x, y, heights, levels=steps, colors=GRID, linewidths=0.9)
    for minimum in surface.minima:
        ax.plot(*minimum, marker="+", color=INK, markersize=9, linestyle="none", zorder=5)
    ax.set(xlabel="x", ylabel="y", xlim=surface.view[0], ylim=surface.view[1])
    return ax


def paths(surface, runs, ax=None, *, marker="."):
    """Draw runs over the contour lines of a surface; the start is a ring."""
    ax = contours(surface, ax)
    for run, color in zip(runs.values(), cycle(COLORS)):
        x, y = _distinct(run.path, surface.view).T
        ax.plot(x, y, color=color, marker=marker, markersize=4, linewidth=1.1)
        ax.plot(x[0], y[0], "o", color=INK, markerfacecolor=PAPER, markersize=7)
    _header(ax, runs)
    return ax


def profile(surface, runs=None, ax=None, *, places=None, points=400):
    """Draw a surface of one coordinate, runs as balls on it, and named places.

    `places` maps a name to an x; the name is written under the curve.
    """
    ax, runs = _axes(ax), runs or {}
    x = np.linspace(*surface.view[0], points)
    ax.plot(x, surface.value(x[np.newaxis]), color=MUTED)
    for run, color, size in zip(runs.values(), cycle(COLORS), cycle((7, 5, 4, 4))):
        balls = _distinct(run.path, surface.view)
        ax.plot(balls, surface.value(balls.T), "o", color=color, markersize=size, alpha=0.75)
    for name, place in (places or {}).items():
        height = surface.value([place])
        ax.annotate(
            name, (place, height), (0, -16), textcoords="offset points", color=INK, ha="center"
        )
    ax.set(xlabel="x", ylabel="cost f(x)", xlim=surface.view[0])
    ax.margins(y=0.18)
    _header(ax, runs)
    return ax


def lines(series, ax=None, *, x=None, xlabel="step", ylabel="", side="right", **settings):
    """Draw lines, against their index unless `x` is given, labelled at their right or left end.

    `settings` go to `ax.set`: `yscale="log"`, `ylim=...` and so on.
    """
    ax = _axes(ax)
    colors = dict(zip(series, cycle(COLORS)))
    for label, y in series.items():
        ax.plot(np.arange(len(y)) if x is None else x, y, color=colors[label])
    ax.set(xlabel=xlabel, ylabel=ylabel, **settings)
    if "xscale" not in settings and x is None:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if side == "right":
        _end_labels(ax, {name: _visible_end(ax, y, x) for name, y in series.items()}, colors)
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
        axes = _stack(len(series), 1.25)
    for ax, (label, y), color in zip(axes, series.items(), cycle(COLORS)):
        ax.plot(y, color=color)
        ax.set_title(label, loc="left", color=color)
        ax.set(ylabel=ylabel, **settings)
    axes[-1].set(xlabel=xlabel)
    return axes


def _stack(rows, height, **shared):
    """Return the axes of `rows` panels, one below the other."""
    size = (5.2, 0.8 + height * rows)
    return plt.subplots(rows, 1, sharex=True, squeeze=False, figsize=size, **shared)[1][:, 0]


def averages(series, averaged, ax=None, **settings):
    """Draw a series as grey dots, and averages of it as labelled lines.

    `settings` go to `lines`.
    """
    ax = _axes(ax)
    ax.plot(series, ".", color=MUTED, markersize=4, alpha=0.55)
    return lines(averaged, ax, **settings)


def weights(columns, axes=None, *, ylabel="weight"):
    """Draw weights against age as bars, one panel a column, with one scale."""
    if axes is None:
        axes = _stack(len(columns), 1.15, sharey=True)
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
        axes = _stack(len(patterns), 1.5)
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


def rate_map(learning_rates, betas, rates, ax=None, *, points=None):
    """Draw the convergence rate over learning rate and beta as contour lines.

    `rates` has shape (len(learning_rates), len(betas)). The region that diverges is tinted;
    `points` maps a name to a pair (learning_rate, beta).
    """
    ax = _axes(ax, figsize=(5.2, 3.9))
    ax.contourf(learning_rates, betas, rates.T, levels=[1.0, np.inf], colors=[TINT])
    levels = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0]
    drawn = ax.contour(learning_rates, betas, rates.T, levels=levels, colors=BLUE, linewidths=1.0)
    ax.clabel(drawn, fmt="%g", fontsize=9, colors=[INK])
    for name, place in (points or {}).items():
        ax.plot(*place, "o", color=ORANGE)
        ax.annotate(name, place, (8, -4), textcoords="offset points", color=ORANGE,
                    bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1})  # fmt: skip
    ax.set(xlabel="learning rate η", ylabel="momentum β")
    return ax

"""Surfaces, and runs on them."""

from itertools import cycle

import numpy as np

from momentum.figures.look import COLORS, GRID, INK, MUTED, PAPER, axes_of, header


def contours(surface, ax=None, *, levels=12):
    """Draw the contour lines and the minima of a surface of two coordinates."""
    ax = axes_of(ax, figsize=(5.2, 3.9))
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
    header(ax, runs)
    return ax


def profile(surface, runs=None, ax=None, *, places=None, points=400):
    """Draw a surface of one coordinate, runs as balls on it, and named places.

    `places` maps a name to an x; the name is written under the curve.
    """
    ax, runs = axes_of(ax), runs or {}
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
    header(ax, runs)
    return ax


def _distinct(path, view, share=0.003):
    """Return the points of a path that lie apart by a share of the view: the eye sees no more."""
    if path.ndim != 2:
        raise ValueError(f"runs must be single runs, got a path of shape {path.shape}")
    apart, kept = share * np.ptp(view, axis=1), [path[0]]
    for w in path[np.isfinite(path).all(axis=1)]:
        if (np.abs(w - kept[-1]) > apart).any():
            kept.append(w)
    return np.array(kept)

"""Surfaces, and runs on them."""

import numpy as np

from momentum.figures.labels import header
from momentum.figures.look import CONTOUR, INK, MUTED, PAPER, axes_of, looks, steady


def contours(surface, ax=None, *, levels=12):
    """Draw the contour lines and the minima of a surface of two coordinates."""
    ax = axes_of(ax, figsize=(4.5, 3.7))
    view = steady(surface.view)
    x, y = np.meshgrid(*(np.linspace(low, high, 61) for low, high in view))
    heights = steady(surface.value([x, y]))
    # Equally spaced roots show a steep rim and a flat floor in one picture.
    low, high = heights.min(), heights.max()
    steps = low + (high - low) * np.linspace(0, 1, levels + 1)[1:-1] ** 2
    ax.contour(x, y, heights, levels=steps, colors=CONTOUR, linewidths=0.8)
    for minimum in surface.minima:
        ax.plot(*steady(minimum), marker="+", color=INK, markersize=9, linestyle="none", zorder=5)
    ax.set(xlabel="x", ylabel="y", xlim=view[0], ylim=view[1])
    ax.locator_params(nbins=6)
    return ax


def paths(surface, runs, ax=None):
    """Draw runs over the contour lines of a surface; the start is a ring."""
    ax = contours(surface, ax)
    for run, look in zip(runs.values(), looks(runs).values()):
        x, y = _distinct(run.path, surface.view).T
        ax.plot(x, y, color=look.color, marker=look.mark, markersize=3.5, linewidth=1.1)
        ax.plot(x[0], y[0], "o", color=INK, markerfacecolor=PAPER, markersize=7)
    header(ax, runs, lines=False)
    return ax


def profile(surface, runs=None, ax=None, *, places=None, points=400):
    """Draw a surface of one coordinate, runs as balls on it, and named places.

    `places` maps a name to an x; the name is written under the curve.
    """
    ax, runs = axes_of(ax), runs or {}
    view = steady(surface.view[0])
    x = np.linspace(*view, points)
    ax.plot(x, steady(surface.value(x[np.newaxis])), color=MUTED)
    for run, look in zip(runs.values(), looks(runs).values()):
        balls = _distinct(run.path, surface.view)
        heights = steady(surface.value(balls.T))
        ax.plot(balls, heights, look.mark, color=look.color, markersize=5, alpha=0.75)
    ax.set(xlabel="x", ylabel="cost f(x)", xlim=view)
    ax.margins(y=0.25)
    header(ax, runs, lines=False)
    for name, place in (places or {}).items():
        _name_place(ax, surface, name, place)
    return ax


def _name_place(ax, surface, name, place):
    """Write a name under the curve, a little way along its normal."""
    near = steady([place - 1e-3, place + 1e-3])
    (left, right) = ax.transData.transform(np.c_[near, surface.value(near[np.newaxis])])
    down = np.array([right[1] - left[1], left[0] - right[0]])
    offset = steady(16 * down / np.hypot(*down))
    height = steady(surface.value([place]))
    ax.annotate(name, (place, height), offset, textcoords="offset points", color=INK,
                ha="center", va="center")  # fmt: skip


def _distinct(path, view, share=0.003):
    """Return the points of a path that lie apart by a share of the view: the eye sees no more."""
    if path.ndim != 2:
        raise ValueError(f"runs must be single runs, got a path of shape {path.shape}")
    path = steady(path)
    apart, kept = share * np.ptp(view, axis=1), [path[0]]
    for w in path[np.isfinite(path).all(axis=1)]:
        if (np.abs(w - kept[-1]) > apart).any():
            kept.append(w)
    return np.array(kept)

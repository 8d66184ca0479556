"""Maps over the learning rate and beta, over position and velocity, over place and step."""

from itertools import cycle

import numpy as np

from momentum.figures.look import (
    BLUE,
    COLORS,
    GRID,
    INK,
    MUTED,
    ORANGE,
    PALE_BLUE,
    PALE_ORANGE,
    PAPER,
    TINT,
    axes_of,
    header,
    stack,
)

_BACKING = {"facecolor": PAPER, "edgecolor": "none", "pad": 1, "alpha": 0.85}

_LEVELS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)


def rate_map(
    learning_rates,
    betas,
    rates,
    ax=None,
    *,
    levels=_LEVELS,
    points=None,
    names=None,
    boundaries=(),
    segments=None,
    **settings,
):
    """Draw the convergence rate over learning rate and beta as contour lines.

    `rates` has shape (len(learning_rates), len(betas)). The region that diverges is tinted;
    `points` maps a text to a pair (learning_rate, beta), `names` to a pair where it stands or to
    two, the second being what it names. `boundaries` are pairs of arrays, drawn as dashed curves;
    `segments` maps a text to two ends. `settings` go to `ax.set`.
    """
    ax = axes_of(ax, figsize=(5.2, 3.9))
    x, y = learning_rates, betas
    ax.contourf(x, y, rates.T, levels=[1.0, np.inf], colors=[TINT])
    ax.contour(x, y, rates.T, levels=[1.0], colors=BLUE, linewidths=1.0)
    drawn = ax.contour(x, y, rates.T, levels=levels, colors=BLUE, linewidths=1.0)
    ax.clabel(drawn, fmt="%g", fontsize=9, colors=[INK])
    for curve in boundaries:
        ax.plot(*curve, color=INK, linewidth=1.4, linestyle=(0, (5, 3)))
    for name, place in (names or {}).items():
        _name(ax, name, *np.reshape(place, (-1, 2)))
    _mark(ax, points or {})
    _join(ax, segments or {})
    limits = {"xlim": (x[0], x[-1]), "ylim": (y[0], y[-1])}
    ax.set(**{"xlabel": "learning rate η", "ylabel": "momentum β", **limits, **settings})
    return ax


def _name(ax, name, place, *targets):
    """Write a name at a place, with a line to what it names where it stands elsewhere."""
    for target in targets:
        ax.annotate("", target, place, arrowprops={"arrowstyle": "-", "color": MUTED, "lw": 0.9})
        ax.plot(*target, ".", color=MUTED, markersize=5)
    ax.annotate(name, place, color=MUTED, ha="center", va="bottom" if targets else "center")


def _mark(ax, points):
    for name, place in points.items():
        ax.plot(*place, "o", color=ORANGE)
        ax.annotate(name, place, (8, -4), textcoords="offset points", color=ORANGE, bbox=_BACKING)


def _join(ax, segments):
    for name, ends in segments.items():
        ax.plot(*np.transpose(ends), color=ORANGE, linewidth=4, solid_capstyle="butt")
        middle = np.mean(ends, axis=0)
        ax.annotate(name, middle, (0, 8), textcoords="offset points", color=ORANGE, ha="center")


def phase_plane(runs, ax=None, *, colors=COLORS, xlabel="position w", ylabel="velocity v"):
    """Draw velocity against position; `runs` maps a label to a pair (positions, velocities)."""
    ax = axes_of(ax, figsize=(5.2, 3.9))
    ax.axhline(0, color=GRID, linewidth=0.8)
    ax.axvline(0, color=GRID, linewidth=0.8)
    for (w, v), color in zip(runs.values(), cycle(colors)):
        ax.plot(w, v, ".-", color=color, markersize=4, linewidth=1.1)
        ax.plot(w[0], v[0], "o", color=INK, markerfacecolor=PAPER, markersize=7)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    header(ax, runs, colors)
    return ax


def scoreboard(learning_rates, betas, ratios, axes=None, *, names=None, **settings):
    """Draw momentum's steps over gradient descent's as maps, one panel a label of `ratios`.

    A ratio has shape (len(learning_rates), len(betas)): below 1 momentum is faster (orange), above
    it slower (blue); it is 0 where only momentum settles, infinite where only gradient descent
    does and NaN where neither. `names` maps a text to a pair; `settings` go to every panel.
    """
    if axes is None:
        axes = stack(len(ratios), 2.3)
    x, y = np.meshgrid(learning_rates, betas, indexing="ij")
    for ax, (label, ratio) in zip(axes, ratios.items(), strict=True):
        known = np.ma.masked_invalid(np.where(np.isposinf(ratio), 1e9, ratio))
        ax.contourf(x, y, known, levels=[-1.0, 1.0, 2e9], colors=[PALE_ORANGE, PALE_BLUE])
        both = np.ma.masked_where(np.isnan(ratio) | (ratio == 0), known)
        drawn = ax.contour(x, y, both, levels=[0.2, 0.5, 1.0, 5.0], colors=INK, linewidths=0.9)
        ax.clabel(drawn, fmt="%g", fontsize=9, colors=[INK])
        for name, place in (names or {}).items():
            ax.annotate(name, place, color=MUTED, ha="center", va="center")
        ax.set_title(label, loc="left", color=INK)
        ax.set(ylabel="momentum β", **settings)
    axes[-1].set(xlabel="learning rate η")
    return axes


def light_cone(runs, axes=None):
    """Draw how far each coordinate has come, step by step, as dots; one panel a run.

    `runs` maps a label to the shares of the way, of shape (steps + 1, dim). The area of a dot is
    the share, in sixths; a coordinate that has not moved has none. The line is the edge of what can
    have moved: one coordinate a step.
    """
    if axes is None:
        axes = stack(len(runs), 2.1)
    for ax, (label, shares), color in zip(axes, runs.items(), cycle(COLORS)):
        sixths = np.where(shares == 0, 0, np.clip(np.rint(6 * abs(shares)), 0.4, 6))
        for size in np.unique(sixths[sixths > 0]):
            step, place = np.nonzero(sixths == size)
            ax.plot(step, place + 1, "o", color=color, markersize=2.2 * size**0.5, mew=0)
        steps, dim = shares.shape
        ax.plot([-0.5, dim - 0.5], [0, dim], color=INK, linewidth=0.9)
        ax.set_title(label, loc="left", color=color)
        ax.set(ylabel="coordinate", xlim=(-0.5, steps - 0.5), ylim=(0, dim + 0.5))
    axes[-1].set(xlabel="step")
    return axes

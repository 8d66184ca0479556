"""Maps over the learning rate and beta, over position and velocity, over place and step."""

import numpy as np
from matplotlib.lines import Line2D

from momentum.figures.labels import contour_labels, header, visible
from momentum.figures.look import (
    GRID,
    INK,
    MUTED,
    ORANGE,
    PALE_BLUE,
    PALE_ORANGE,
    PAPER,
    TINT,
    axes_of,
    looks,
    stack,
    steady,
)

_BACKING = {"facecolor": PAPER, "edgecolor": "none", "pad": 1, "alpha": 0.85}

_RATIOS = {0.2: (0, (1.2, 1.4)), 0.5: (0, (4, 1.6)), 1.0: "-", 5.0: (0, (6, 1.4, 1.4, 1.4))}
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
    ax = axes_of(ax, figsize=(4.5, 3.9))
    x, y, heights = steady(learning_rates), steady(betas), steady(rates).T
    ax.contourf(x, y, heights, levels=[1.0, np.inf], colors=[TINT])
    ax.contour(x, y, heights, levels=[1.0], colors=MUTED, linewidths=1.0)
    drawn = ax.contour(x, y, heights, levels=levels, colors=MUTED, linewidths=1.0)
    for curve in boundaries:
        ax.plot(*steady(curve), color=INK, linewidth=1.4, linestyle=(0, (5, 3)))
    limits = {"xlim": (x[0], x[-1]), "ylim": (y[0], y[-1])}
    ax.set(**{"xlabel": "learning rate η", "ylabel": "momentum β", **limits, **settings})
    written = [
        _name(ax, name, *np.reshape(place, (-1, 2))) for name, place in (names or {}).items()
    ]
    written += _mark(ax, points or {}) + _join(ax, segments or {})
    contour_labels(ax, drawn, _taken(ax, written))
    return ax


def _taken(ax, texts):
    """Return the pixels that texts and drawn lines take up, for contour labels to keep away."""
    boxes = [text.get_window_extent() for text in texts]
    corners = [np.array(np.meshgrid([b.x0, (b.x0 + b.x1) / 2, b.x1], [b.y0, b.y1])) for b in boxes]
    lines = [visible(ax, line.get_xydata()) for line in ax.lines]
    return [line for line in lines if len(line)] + [c.reshape(2, -1).T for c in corners]


def _name(ax, name, place, *targets):
    """Write a name at a place, with a line to what it names where it stands elsewhere."""
    for target in targets:
        ax.annotate("", target, place, arrowprops={"arrowstyle": "-", "color": MUTED, "lw": 0.9})
        ax.plot(*target, ".", color=MUTED, markersize=5)
    look = {"va": "bottom", "bbox": _BACKING} if targets else {"va": "center"}
    return ax.annotate(name, place, color=INK, ha="center", **look)


def _mark(ax, points):
    for place in points.values():
        ax.plot(*steady(place), "o", color=ORANGE)
    look = {"textcoords": "offset points", "color": ORANGE, "bbox": _BACKING}
    return [ax.annotate(name, steady(p), (8, -4), **look) for name, p in points.items()]


def _join(ax, segments):
    texts = []
    for (name, ends), look in zip(segments.items(), looks(segments).values()):
        ax.plot(*steady(ends).T, color=look.color, linewidth=4, solid_capstyle="butt")
        middle = steady(np.mean(ends, axis=0))
        texts.append(ax.annotate(name, middle, (0, 7), textcoords="offset points",
                                 color=look.color, ha="center", bbox=_BACKING))  # fmt: skip
    return texts


def phase_plane(runs, ax=None, *, colors=None, xlabel="position w", ylabel="velocity v"):
    """Draw velocity against position; `runs` maps a label to a pair (positions, velocities)."""
    ax, named = axes_of(ax, figsize=(4.5, 3.7)), looks(runs)
    ax.axhline(0, color=GRID, linewidth=0.8)
    ax.axvline(0, color=GRID, linewidth=0.8)
    for (label, (w, v)), color in zip(runs.items(), colors or [k.color for k in named.values()]):
        w, v, mark = steady(w), steady(v), named[label].mark
        ax.plot(w, v, color=color, marker=mark, markersize=3, linewidth=1.1)
        ax.plot(w[0], v[0], "o", color=INK, markerfacecolor=PAPER, markersize=7)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    header(ax, runs, colors, lines=False)
    return ax


def scoreboard(learning_rates, betas, ratios, axes=None, *, names=None, **settings):
    """Draw momentum's steps over gradient descent's as maps, one panel a label of `ratios`.

    A ratio has shape (len(learning_rates), len(betas)): below 1 momentum is faster (orange), above
    it slower (blue); it is 0 where only momentum settles, infinite where only gradient descent
    does and NaN where neither. `names` maps a text to a pair; `settings` go to every panel.
    """
    if axes is None:
        axes = stack(len(ratios), 2.3)
    x, y = np.meshgrid(steady(learning_rates), steady(betas), indexing="ij")
    for ax, (label, ratio) in zip(axes, ratios.items(), strict=True):
        _contest(ax, x, y, steady(ratio))
        for name, place in (names or {}).items():
            ax.annotate(name, place, color=INK, ha="center", va="center")
        ax.set_title(label, loc="left", color=INK)
        ax.set(ylabel="momentum β", **settings)
    axes[-1].set(xlabel="learning rate η")
    return axes


def _contest(ax, x, y, ratio):
    """Tint where each side wins, and draw the lines of equal ratio, each with its dash."""
    known = np.ma.masked_invalid(np.where(np.isposinf(ratio), 1e9, ratio))
    ax.contourf(x, y, known, levels=[-1.0, 1.0, 2e9], colors=[PALE_ORANGE, PALE_BLUE])
    both = np.ma.masked_where(np.isnan(ratio) | (ratio == 0), known)
    dashes = list(_RATIOS.values())
    ax.contour(x, y, both, levels=list(_RATIOS), colors=INK, linewidths=1, linestyles=dashes)
    samples = [Line2D([], [], color=INK, linewidth=1, linestyle=dash) for dash in dashes]
    ax.legend(samples[::-1], [f"{level:g}" for level in _RATIOS][::-1], loc="lower right",
              frameon=False, borderaxespad=0, handlelength=2, labelspacing=0.2)  # fmt: skip


def light_cone(runs, axes=None):
    """Draw how far each coordinate has come, step by step, as dots; one panel a run.

    `runs` maps a label to the shares of the way, of shape (steps + 1, dim). The area of a dot is
    the share, in sixths; a coordinate that has not moved has none. The line is the edge of what can
    have moved: one coordinate a step.
    """
    if axes is None:
        axes = stack(len(runs), 2.1)
    for ax, (label, shares), look in zip(axes, runs.items(), looks(runs).values()):
        sixths = np.where(shares == 0, 0, np.clip(np.rint(6 * abs(shares)), 0.4, 6))
        for size in np.unique(sixths[sixths > 0]):
            step, place = np.nonzero(sixths == size)
            ax.plot(step, place + 1, "o", color=look.color, markersize=2 * size**0.5, mew=0)
        steps, dim = shares.shape
        ax.plot([-0.5, dim - 0.5], [0, dim], color=INK, linewidth=0.9)
        ax.set_title(label, loc="left", color=look.color)
        ax.set(ylabel="coordinate", xlim=(-0.5, steps - 0.5), ylim=(0, dim + 0.5))
    axes[-1].set(xlabel="step")
    return axes

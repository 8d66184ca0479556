"""Words beside what they name: above the axes, at the ends of lines, on contours."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.path import Path

from momentum.figures.look import INK, looks


def header(ax, labels, colors=None, *, lines=True, loc="left"):
    """Write the labels above the axes, each in the colour of its line and after its mark."""
    named = {label: look for label, look in looks(labels).items() if label}
    samples = [
        Line2D([], [], color=look.color, linestyle=look.linestyle if lines else "none",
               marker="" if lines else look.mark, markersize=4)
        for look in named.values()
    ]  # fmt: skip
    for sample, color in zip(samples, colors or ()):
        sample.set_color(color)
    if samples:
        ax.legend(samples, list(named), loc=f"lower {loc}", ncols=len(samples), frameon=False,
                  bbox_to_anchor=(0 if loc == "left" else 1, 1), labelcolor="linecolor",
                  fontsize=plt.rcParams["font.size"], borderpad=0.2, borderaxespad=0,
                  handlelength=2.2 if lines else 0.8, handletextpad=0.5, columnspacing=1.2,
                  )  # fmt: skip


def end_labels(ax, lines, named):
    """Write each label at the end of its line, pushed aside where labels would touch.

    `lines` maps a label to the drawn line, `named` to its look.
    """
    ax.figure.draw_without_rendering()
    right = ax.transAxes.transform((1, 0))[0]
    ends = {label: _visible_end(ax, line) for label, line in lines.items() if label}
    at_edge = {label: end for label, end in ends.items() if end[0] > right - 0.1 * ax.bbox.width}
    _in_the_margin(ax, at_edge, named, right)
    inside = [label for label in ends if label not in at_edge]
    header(ax, [label for label in inside if not _beside(ax, label, ends[label], named[label])])


def _in_the_margin(ax, ends, named, right):
    """Write labels right of the axes, each with a short line from the end of its own."""
    order = sorted(ends, key=lambda label: ends[label][1])
    gap = 1.3 * plt.rcParams["font.size"] * ax.figure.dpi / 72
    heights = spread([ends[label][1] for label in order], gap)
    shift = max(0, ax.bbox.y0 - heights[0]) if heights else 0
    for label, height in zip(order, heights):
        look, away = named[label], 14 * ax.figure.dpi / 72
        leader = {"arrowstyle": "-", "color": look.color, "linewidth": 0.9, "shrinkA": 1,
                  "shrinkB": 0, "relpos": (0, 0.5)}  # fmt: skip
        ax.annotate(
            label, ax.transAxes.inverted().transform(ends[label]),
            ax.transAxes.inverted().transform((right + away, height + shift)),
            "axes fraction", "axes fraction", arrowprops=leader, color=look.color,
            va="center", annotation_clip=False,
        )  # fmt: skip


def spread(heights, gap):
    """Return ascending heights, moved as little as possible, so that they lie a gap apart.

    Least squares: neighbours that would touch become a block around the mean of their places.
    """
    blocks = []
    for number, height in enumerate(heights):
        blocks.append([height - number * gap, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1] = [blocks[-1][0] + total, blocks[-1][1] + count]
    means = [total / count for total, count in blocks for _ in range(count)]
    return [mean + number * gap for number, mean in enumerate(means)]


def _visible_end(ax, line):
    """Return the pixel where a line was last seen: its end, or where it left the axes."""
    seen = visible(ax, line.get_xydata())
    return seen[-1] if len(seen) else ax.transAxes.transform((1, 0.5))


def visible(ax, points):
    """Return the pixels of the part of a line that lies inside the axes, some three apart."""
    with np.errstate(all="ignore"):
        pixels = ax.transData.transform(np.asarray(points, dtype=float))
    path = Path(pixels).cleaned(remove_nans=True, clip=ax.bbox.extents)
    corners, drawn = path.vertices, path.codes == Path.LINETO
    pieces = [corners[path.codes == Path.MOVETO][:1]]
    for start, end in zip(corners[:-1][drawn[1:]], corners[1:][drawn[1:]]):
        steps = int(np.hypot(*(end - start)) // 3) + 1
        pieces.append(start + (end - start) * np.arange(1, steps + 1)[:, np.newaxis] / steps)
    return np.concatenate(pieces)


def _beside(ax, label, end, look):
    """Write a label at a line's end inside the axes, where it covers no line; else return None."""
    taken = np.concatenate([visible(ax, line.get_xydata()) for line in ax.lines])
    text = ax.annotate(
        label, ax.transAxes.inverted().transform(end), (0, 0), "axes fraction", "offset points",
        color=look.color, va="center", annotation_clip=False,
    )  # fmt: skip
    for side, *offset in (("center", 0, 9), ("left", 6, 0), ("right", -6, 0)):
        text.set(ha=side, position=offset)
        if _free(text, taken):
            return text
    return text.remove()


def _free(text, pixels):
    """Return whether a text covers no pixel of a line, no other text and no tick label."""
    box, axes = text.get_window_extent(), text.axes.bbox
    covers = np.all((pixels >= box.min) & (pixels <= box.max), axis=1).any()
    others = [other.get_window_extent() for other in text.axes.texts if other is not text]
    return not (covers or box.count_overlaps(others)) and box.x0 > axes.x0 and box.y0 > axes.y0


def contour_labels(ax, drawn, taken=()):
    """Write the level on each contour line, once, where there is most room around.

    `taken` are arrays of pixels that the labels keep away from.
    """
    ax.figure.draw_without_rendering()
    lines = [_evenly(visible(ax, _longest(path))) for path in drawn.get_paths()]
    placed, axes = [*taken], ax.bbox
    for number, line in enumerate(lines):
        if len(line) < 20:
            continue
        others = [other for other in lines[:number] + lines[number + 1 :] if len(other)]
        edges = np.c_[line - axes.min, axes.max - line].min(axis=1)
        room = [_distance(line, np.atleast_2d(other)) for other in [*others, *placed]]
        room.append(_distance(line, line, apart=12))
        middle = abs(np.linspace(-1, 1, len(line)))  # the tie-break
        best = line[(np.clip(np.min([edges, *room], axis=0), 0, 40) - 4 * middle).argmax()]
        placed.append(best)
    places = [ax.transData.inverted().transform(p) for p in placed[len(taken) :]]
    size = plt.rcParams["font.size"]
    return ax.clabel(drawn, fmt="%g", fontsize=size, colors=[INK], manual=places)


def _longest(path):
    """Return the vertices of the longest piece of a path."""
    starts = np.flatnonzero(path.codes == Path.MOVETO)
    return max(np.split(path.vertices, starts[1:]), key=len)


def _evenly(line, apart=4):
    """Return points on a line that lie the same way apart along it."""
    way = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    places = np.arange(0, way[-1] + 1e-9, apart)
    return np.column_stack([np.interp(places, way, axis) for axis in line.T]) if len(line) else line


def _distance(points, others, apart=0):
    """Return how far each point is from the nearest of the others, or of those `apart` places."""
    gaps = np.hypot(*np.moveaxis(points[:, np.newaxis] - others, -1, 0))
    if apart:
        places = np.arange(len(points))
        gaps[abs(np.subtract.outer(places, places)) < apart] = np.inf
    return gaps.min(axis=1)

"""Figures of the book: results in, matplotlib Axes out.

===========  =================================================================
`terrain`    surfaces, and runs on them
`series`     what happens step by step: lines, weights, gradients, velocities
`maps`       maps over learning rate and beta, position and velocity, place and step
`look`       palette, style, and the parts that every figure shares
===========  =================================================================

Nothing here computes a result. Every function takes results and an optional `ax`, and returns the
`ax`. Runs and series are given as a dict from label to result: the labels stand in the figure, in
the colour of their line, so that no legend is needed. By habit of the book gradient descent comes
first (blue) and momentum second (orange).

Call `style()` once in a notebook: deterministic SVG, in a size that can be read on a phone.
"""

from momentum.figures.look import (
    BLUE,
    COLORS,
    GREEN,
    GRID,
    INK,
    MUTED,
    ORANGE,
    PALE_BLUE,
    PALE_ORANGE,
    PAPER,
    PURPLE,
    STYLE,
    TINT,
    header,
    style,
)
from momentum.figures.maps import light_cone, phase_plane, rate_map, scoreboard
from momentum.figures.series import averages, lines, panels, responses, weights
from momentum.figures.terrain import contours, paths, profile

__all__ = [
    "BLUE",
    "COLORS",
    "GREEN",
    "GRID",
    "INK",
    "MUTED",
    "ORANGE",
    "PALE_BLUE",
    "PALE_ORANGE",
    "PAPER",
    "PURPLE",
    "STYLE",
    "TINT",
    "averages",
    "contours",
    "header",
    "light_cone",
    "lines",
    "panels",
    "paths",
    "phase_plane",
    "profile",
    "rate_map",
    "responses",
    "scoreboard",
    "style",
    "weights",
]

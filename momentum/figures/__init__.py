"""Figures of the book: results in, matplotlib Axes out.

===========  =================================================================
`terrain`    surfaces, and runs on them
`series`     what happens step by step: lines, weights, gradients, velocities
`maps`       maps over learning rate and beta, position and velocity, place and step
`labels`     words beside what they name
`look`       palette, methods, style
===========  =================================================================

Nothing here computes a result. Every function takes results and an optional `ax`, and returns the
`ax`. Runs and series are given as a dict from label to result: the labels stand in the figure, in
the colour of their line. A label that names a method, or a β, gets the colour, the dash and the
mark that `METHODS` and `BETAS` give it, in every figure of the book.

Call `style()` once in a notebook: deterministic SVG, in a size that can be read on a phone.
"""

from momentum.figures.labels import header
from momentum.figures.look import (
    BETAS,
    BLUE,
    COLORS,
    CONTOUR,
    GREEN,
    GRID,
    INK,
    METHODS,
    MUTED,
    ORANGE,
    PALE_BLUE,
    PALE_ORANGE,
    PAPER,
    PURPLE,
    STYLE,
    TINT,
    Look,
    dark_rules,
    looks,
    steady,
    style,
)
from momentum.figures.maps import light_cone, phase_plane, rate_map, scoreboard
from momentum.figures.series import averages, lines, panels, responses, weights
from momentum.figures.terrain import contours, paths, profile

__all__ = [
    "BETAS",
    "BLUE",
    "COLORS",
    "CONTOUR",
    "GREEN",
    "GRID",
    "INK",
    "METHODS",
    "MUTED",
    "ORANGE",
    "PALE_BLUE",
    "PALE_ORANGE",
    "PAPER",
    "PURPLE",
    "STYLE",
    "TINT",
    "Look",
    "averages",
    "contours",
    "dark_rules",
    "header",
    "light_cone",
    "lines",
    "looks",
    "panels",
    "paths",
    "phase_plane",
    "profile",
    "rate_map",
    "responses",
    "scoreboard",
    "steady",
    "style",
    "weights",
]

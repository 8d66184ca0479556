"""Runs that several tests compare with: round a cycle, and of conjugate gradients."""

import numpy as np

from momentum import Momentum, surfaces


def ring(count):
    """The corners of a cycle as complex numbers."""
    return np.exp(2j * np.pi * np.arange(count) / count)


def went_round(given, push=0.0, steps=3000):
    """The distance to the cycle after so many steps from it, or from a little beside it."""
    *_, eta, beta, count = given
    surface, rule, w = surfaces.cycling(*given), Momentum(eta, beta), ring(count)
    place, v = w[0] + push, (w[-1] - w[0]) / eta
    for _ in range(steps):
        g = complex(*surface.partials(place.real, place.imag))
        place, v = rule.step(place, g, v)
    return abs(w - place).min()


def conjugate_gradients(curvatures, w):
    """The places of the textbook's recursion on a bowl, one after another, from w on."""
    g = d = curvatures * w
    while True:
        yield w
        eta, old = g @ g / (d @ (curvatures * d)), g @ g
        w, g = w - eta * d, g - eta * curvatures * d
        d = g + (g @ g) / old * d

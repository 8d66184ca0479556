"""What a formula may say: every side that has digits equals an expression of formulas.txt."""

from functools import cache
from pathlib import Path

import numpy as np

from momentum import effective_sample_size, gain, half_life, mean_age, surfaces, theory
from tools.promise import latex

POINTS = (
    dict(beta=0.37, eta=0.23, lam=0.71, mu=0.6, kappa=17.3, omega=1.1, sigma=1.3, d=0.31),
    dict(beta=0.82, eta=0.11, lam=1.9, mu=0.2, kappa=6.1, omega=0.4, sigma=0.7, d=0.77),
)
LETTERS = dict(t=23, n=5, m=11, k=3, i=57, r=0.83, s=1.9, a=1.21, b=0.57, u=0.33, x=1.7, y=0.47)
LETTERS |= dict(
    R=5.3,
    h=6,
    q=1.23,
    z=0.91,
    c=2.3,
    A=1.3,
    B=0.77,
    M=3.1,
    w=1.47,
    v=0.73,
    g=0.39,
    p=0.29,
    f=2.9,
    H=2.7,
)
GREEK = {
    r"\beta": "beta", "β": "beta", r"\eta": "eta", "η": "eta", r"\lambda": "lam", "λ": "lam",
    r"\mu": "mu", "μ": "mu", r"\kappa": "kappa", "κ": "kappa", r"\omega": "omega", "ω": "omega",
    r"\sigma": "sigma", "σ": "sigma", r"\rho": "rho", "ρ": "rho", r"\gamma": "gamma",
    "γ": "gamma", "L": "L", r"\theta": "theta", "θ": "theta", r"\rate": "rho", "S": "S", "V": "V",
    "Y": "Y", "Var": "Var", "e": "e", r"\pi": "pi", r"\delta": "g", "ε": "epsilon",
    r"\Delta": "Delta", "Δ": "Delta", r"\alpha": "alpha", "α": "alpha", r"\tau": "tau",
    r"\nu": "nu", "ν": "nu",
}  # fmt: skip

SAID = Path(__file__).with_name("formulas.txt")


@cache
def sources():
    """Return the expressions of formulas.txt."""
    lines = SAID.read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@cache
def namespaces():
    """Return, for each point, the names of the expressions and the values of the symbols."""
    return [namespace(point) for point in POINTS]


def namespace(point):
    """Return the names that expressions use at a point, and the values of LaTeX's symbols."""
    names = point | LETTERS | {"e": np.e, "pi": np.pi, "epsilon": 1e-3, "theta": 0.451}
    names |= {"Delta": 0.61, "alpha": 0.85, "tau": 1.9, "nu": 0.63, "S": 1.13, "V": 0.87, "Y": 1.71}
    names |= {"Var": 0.61, "L": point["kappa"] * point["mu"]}
    names["rho"] = (np.sqrt(point["kappa"]) - 1) / (np.sqrt(point["kappa"]) + 1)
    names["gamma"] = (1 - point["beta"]) / np.sqrt(point["eta"])
    symbols = {symbol: names[name] for symbol, name in GREEK.items()}
    symbols |= {letter: names[letter] for letter in [*LETTERS, "d"]}
    names |= {"at": latex.pseudo, "np": np, "sqrt": np.sqrt, "theory": theory, "gain": gain}
    names |= {f.__name__: f for f in (effective_sample_size, half_life, mean_age)}
    return names | {"surfaces": surfaces}, symbols


@cache
def said():
    """Return the values of all expressions, one row an expression, one column a point."""
    return np.array([[eval(text, dict(n)) for n, _ in namespaces()] for text in sources()])


def sides(formula):
    """Return the sides of a formula, each with its values at all points."""
    with np.errstate(all="ignore"):
        rows = [latex.sides(formula, symbols) for _, symbols in namespaces()]
    return [(same[0], np.array([side.value for side in same])) for same in zip(*rows)]


def known(values):
    """Return whether a side has, at every point, the value of one of the expressions."""
    return bool(np.isclose(said(), values, rtol=1e-9, atol=1e-12).all(axis=1).any())

"""What a surface is, how it travels to other processes, and noise on its gradient."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, fields, replace
from functools import partial, wraps

import numpy as np

from momentum import _checks


@dataclass(frozen=True, eq=False)
class Surface:
    """A cost surface f on R^dim.

    Attributes
    ----------
    name : str
    dim : int
        Number of coordinates.
    f : callable
        `f(x, y, ...)`, the value at coordinates that are floats or arrays of one shape.
    partials : callable
        `partials(x, y, ...)`, the sequence of the dim partial derivatives.
    minima : tuple of arrays of shape (dim,)
        The local minima, the best first.
    view : tuple of (low, high) pairs, one a coordinate
        The part worth drawing.
    random : bool
        Whether `partials` draws random numbers.
    recipe : callable or None
        Makes the surface anew. The factories of this package state it, because pickle takes a call
        of one of them where it refuses the functions inside: that is how a surface gets to other
        processes. It holds a copy of the factory's arguments.

    Notes
    -----
    `value` and `gradient` check the shape of a point and call `f` and `partials`; `descend` calls
    these two directly, so a surface of your own states them and overrides nothing.

    Examples
    --------
    >>> bowl = Surface("bowl", 2, lambda x, y: x * x + y * y, lambda x, y: (2 * x, 2 * y))
    >>> float(bowl.value([3.0, 4.0])), bowl.gradient([3.0, 4.0]).tolist()
    (25.0, [6.0, 8.0])
    """

    name: str
    dim: int
    f: Callable = field(repr=False)
    partials: Callable = field(repr=False)
    minima: tuple = field(default=(), repr=False)
    view: tuple = field(default=(), repr=False)
    random: bool = field(default=False, repr=False)
    recipe: Callable | None = field(default=None, init=False, repr=False)

    def __post_init__(self):
        _checks.count("dim", self.dim, least=1)
        for name in ("f", "partials"):
            if not callable(getattr(self, name)):
                _checks.refuse(name, "callable", getattr(self, name))

    def __reduce__(self):
        stated = (getattr(self, one.name) for one in fields(self) if one.init)
        return (self.recipe, ()) if self.recipe else (type(self), tuple(stated))

    def value(self, w):
        """Return f(w), of shape `(*batch)`, for w of shape `(dim, *batch)`.

        Raises
        ------
        ValueError
            For w of another shape, or not of real numbers. They need not be finite.
        """
        w = self._checked(w)
        with np.errstate(over="ignore", invalid="ignore"):
            return np.broadcast_to(np.asarray(self.f(*w), dtype=float), w.shape[1:])[()]

    def gradient(self, w):
        """Return the gradient at w, of the shape of w, which is `(dim, *batch)`.

        Raises
        ------
        ValueError
            For w of another shape, or not of real numbers. They need not be finite.
        """
        w = self._checked(w)
        with np.errstate(over="ignore", invalid="ignore"):
            partials = np.broadcast_arrays(*self.partials(*w), w[0])[:-1]
            return np.stack(partials, dtype=float)

    def _checked(self, w):
        w = _checks.real("w", w)
        if w.ndim == 0 or w.shape[0] != self.dim:
            raise ValueError(
                f"w must have shape ({self.dim}, *batch) on {self.name}, got shape {w.shape}"
            )
        return w


def with_recipe(factory):
    """Let each surface of a factory state its recipe, from copies of what the caller may change.

    Examples
    --------
    >>> from momentum.surfaces import huber
    >>> huber(curvature=2.0).recipe.keywords
    {'curvature': 2.0}
    """

    @wraps(factory)
    def make(*args, **options):
        surface = factory(*args, **options)
        kept = {name: _kept(a) for name, a in options.items()}
        object.__setattr__(surface, "recipe", partial(make, *map(_kept, args), **kept))
        return surface

    return make


def _kept(argument):
    shared = isinstance(argument, Surface | np.random.Generator)
    return argument if shared else deepcopy(argument)


@with_recipe
def noisy(surface, scale, rng):
    """Return `surface` with Gaussian noise of standard deviation `scale` on its gradient.

    Each call of `gradient` draws anew from the numpy.random.Generator `rng`, independently for
    every coordinate and every point of a batch. The value stays exact.

    Raises
    ------
    ValueError
        For a surface that is none, a negative scale, or an `rng` that is no generator.

    Examples
    --------
    >>> from momentum.surfaces import quadratic
    >>> rough = noisy(quadratic([1.0]), 0.1, np.random.default_rng(0))
    >>> print(rough.gradient([2.0]).round(3))
    [2.013]
    """
    _checks.instance(Surface, "surface", surface)
    scale = _checks.one(_checks.non_negative, "scale", scale)
    _checks.generator("rng", rng)

    def partials(*w):
        return surface.partials(*w) + rng.normal(0.0, scale, np.shape(w))

    return replace(surface, name=f"noisy {surface.name}", partials=partials, random=True)

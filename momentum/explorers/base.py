"""What every explorer shares: its parts in a page, its traits, its host.

An explorer is an anywidget. Its JavaScript draws and describes it: in JupyterLab, where its traits
are bound both ways; in the book, where one script turns the element around its picture into the
live figure; and in the kernel, which runs the same script for the picture and for the text.
"""

import json

import anywidget
import numpy as np
import traitlets

from momentum import _checks
from momentum.explorers import bundle, captions, engine, goals

BETAS = np.round([*np.arange(0, 0.9, 0.01), *np.arange(0.9, 0.9991, 0.001)], 3).tolist()


def geometric(low, high, count):
    """Return values from low to high in equal ratios, each rounded to three digits."""
    return [float(f"{value:.3g}") for value in np.geomspace(low, high, count)]


def slider(name, label, values, digits=6, **more):
    """Return a control that moves the trait `name` over `values`.

    `hidden=True` with `range=[low, high]` is for a trait that only a handle in the figure moves.
    `sets={...}` names further traits that a move sets as well.
    """
    return {"name": name, "label": label, "values": list(values), "digits": digits, **more}


def choice(name, label, options, **more):
    """Return a control that sets the trait `name` to one of `options`, and what `sets` names."""
    return {"name": name, "label": label, "options": list(options), **more}


def field(name, label, options):
    """Return a choice of a form, and a text field that shows and reads a call in its words."""
    return {"name": name, "label": label, "options": list(options), "field": True}


def pad(name, label, signs, **more):
    """Return a row of buttons, one for each sign in the text that the trait `name` is."""
    return {"name": name, "label": label, "signs": signs, **more}


def attempt(text, **state):
    """Return a thing to try: the text of its button, and the traits that it sets."""
    return {"text": text, "state": state}


class Explorer(anywidget.AnyWidget):
    """The base of all explorers.

    A subclass states its traits, its `controls` and its three `tries`; the file of the same name in
    `js/figures` draws and describes it.

    Parameters
    ----------
    tries : dict from text to dict of traits, optional
        Buttons in the place of the class's own, for a chapter with other things to try.
    plays : bool
        Whether the run plays once by itself when the figure is first seen, up to its step, or to
        the end if that is 0; never where a reader wants no motion. It needs a trait `step`.
    caption : str, optional
        One or two sentences below the picture, without digits: numbers stand in slots, which follow
        the state. ``{beta:~6}`` prints at most six digits of a trait, ``{rest:2}`` two of a fact,
        ``{runs.0.time:0}`` none of a fact inside others; ``{regime}`` is a word.
    goal : dict, optional
        What `goal` returns: a goal for the reader, which the first state must not meet.
    **traits
        The state to begin with.
    """

    _esm = bundle.source("explorer") + "export default { render };\n"
    _css = bundle.style("explorers", "chart")
    _kind = traitlets.Unicode().tag(sync=True)
    _data = traitlets.Dict().tag(sync=True)

    controls = ()
    tries = ()

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        if cls.controls and "controls" in vars(cls):  # a subclass of a figure is of its kind
            cls.kind = cls.__module__.rpartition(".")[2]

    def __init__(self, *, tries=None, caption=None, plays=False, goal=None, **traits):
        self._known(traits, self.trait_names())
        super().__init__(**traits)
        if tries is not None:
            self.tries = [attempt(text, **self._admitted(state)) for text, state in tries.items()]
        self._kind = self.kind
        self._data = {"controls": self.controls, "tries": self.tries, "data": self.data()}
        if plays:
            if "step" not in self.state:
                raise ValueError(f"plays must be False for a figure without steps, got {plays!r}")
            self._data = {**self._data, "plays": True}
        if caption is not None:
            captions.check_text(caption)
            if _drawing() is not None:
                captions.check_slots(caption, {**self.facts(), **self.state})
            self._data = {**self._data, "caption": caption}
        if goal is not None:
            self._aim(goal)

    def _admitted(self, state):
        """Return what a button sets, checked as the traits are."""
        self._known(state, self.state)
        return {name: getattr(type(self), name).validate(self, a) for name, a in state.items()}

    def _aim(self, goal):
        """Take a goal, checked as far as there is an engine to ask."""
        asked = {**self._data, "goal": goals.begun(goal, self.state)}
        if _drawing() is not None:
            goals.check_names(goal, {**self.facts(), **self.state})
        self._data = asked
        if _drawing() is not None and self.worth()["value"] is not None:
            raise ValueError(f"goal must not be met by the first state, got {self!r}")

    def _known(self, asked, names):
        """Raise ValueError for a name that is none of the figure's traits."""
        for name, value in asked.items():
            if name not in names:
                known = ", ".join(control["name"] for control in self.controls)
                raise ValueError(f"{name} must be one of {known}, got {value!r}")

    @classmethod
    def values(cls, name):
        """Return the values that the slider of a trait has."""
        return next(one["values"] for one in cls.controls if one["name"] == name)

    @property
    def state(self):
        """The traits that the controls move, by name."""
        return {control["name"]: getattr(self, control["name"]) for control in self.controls}

    def data(self):
        """Return what the live figure needs and no control changes."""
        return {}

    def describe(self):
        """Return what the figure shows, in words."""
        return self._still()["text"]

    def caption(self):
        """Return the caption with the numbers of the state; an empty text where there is none."""
        return self._still().get("caption", "")

    def facts(self):
        """Return the numbers behind the picture and the words, as its JavaScript computes them."""
        return self._still()["facts"]

    def worth(self):
        """Return which conditions of its goal the state meets, and its value if it counts."""
        return self._still()["found"]

    def picture(self):
        """Return the picture as SVG that stands by itself, in light colours."""
        return _styled(self._still()["svg"], bundle.style("chart", plain=True))

    def __repr__(self):
        settings = ", ".join(f"{name}={value!r}" for name, value in self.state.items())
        return f"{type(self).__name__}({settings})"

    def _repr_mimebundle_(self, **kwargs):
        made = super()._repr_mimebundle_(**kwargs)
        data, metadata = made if isinstance(made, tuple) else (made or {}, {})
        if _drawing() is None:
            return {**data, "text/plain": f"{self!r}\n{engine.MISSING}"}, metadata
        text = "\n".join(filter(None, [repr(self), self.caption()]))
        return {**data, "text/plain": text, "text/html": self._html()}, metadata

    def _still(self, size=None):
        """Return what the JavaScript draws and says of the state, on a stage of (width, height)."""
        draw = _drawing()
        if draw is None:
            raise ImportError(engine.MISSING)
        return json.loads(draw(bundle.compact(self._model()), bundle.compact(size)))

    def _model(self):
        return {"_kind": self._kind, "_data": self._data, **self.state}

    def _html(self):
        still, data = self._still(), bundle.compact(self._model()).replace("<", "\\u003c")
        body = _styled(still["body"], bundle.style("chart"))
        return (
            f'<momentum-explorer class="momentum-explorer kind-{self._kind}" '
            f'style="{still["room"]}"><div class="body">{body}</div>'
            f'<script type="application/json">{data}</script></momentum-explorer>'
        )


def _drawing():
    """Return the JavaScript function that draws without a browser; None without an engine."""
    return engine.function(bundle.source("kernel"), "still")


def _styled(markup, style):
    """Return markup whose picture states its own looks, for pages that know no explorers."""
    head, picture, rest = markup.partition("<svg ")
    return head + picture + rest.replace(">", f"><style>{style}</style>", 1)


class Checked(traitlets.TraitType):
    """A synchronised trait whose value passes a check, or raises ValueError as the check does."""

    def __init__(self, rule, default):
        super().__init__(default)
        self.rule = rule
        self.tag(sync=True)

    def validate(self, obj, value):
        """Return the checked value."""
        return self.rule(self.name, value)


def number(default, rule=_checks.finite):
    """Return a trait for one number that passes `rule`."""
    return Checked(lambda *named: _checks.one(rule, *named), default)


def learning_rate(default):
    """Return a trait for η that refuses what the package refuses."""
    return number(default, _checks.positive)


def beta(default=0.9):
    """Return a trait for β that refuses what the package refuses."""
    return number(default, _checks.fraction)


def whole(default, low, high):
    """Return a trait for a whole number from low to high."""
    return Checked(lambda *named: int(_checks.count(*named, least=low, most=high)), default)


def one_of(options, default):
    """Return a trait for one of some words; for a truth value or a whole number, its text."""

    def rule(name, value):
        text = str(value) if isinstance(value, bool | int) else value
        if not isinstance(text, str) or text not in options:
            _checks.refuse(name, f"one of {', '.join(map(repr, options))}", value)
        return text

    return Checked(rule, default)

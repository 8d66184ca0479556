"""What every explorer shares: its parts in a page, its traits, its text.

An explorer is an anywidget. In JupyterLab its JavaScript draws it, and its traits are bound both
ways. It is also a static picture with the same state, which a page, a PDF or a code host shows; in
the book one script turns the element around that picture into the live figure.
"""

import html
import json
import re
from decimal import ROUND_HALF_UP, Decimal
from io import StringIO
from pathlib import Path

import anywidget
import matplotlib.pyplot as plt
import numpy as np
import traitlets

from momentum import _checks, figures

STATIC = Path(__file__).parent / "static"
_PARTS = (
    "core", "chart", "controls", "address", "ui",
    "averages", "path", "plateau", "regime_map", "scoreboard", "two_cases", "valley",
)  # fmt: skip
# One colour and one line style for each method, as explorers.css draws them.
LOOK = {
    name: {"color": figures.METHODS[name].color, "linestyle": figures.METHODS[name].linestyle}
    for name in ("gradient descent", "momentum", "Nesterov")
}
BETAS = [
    *np.round(np.arange(0, 0.9, 0.01), 2).tolist(),
    *np.round(np.arange(0.9, 0.9991, 0.001), 3).tolist(),
]


def source(*more):
    """Return the one JavaScript source of all explorers, followed by further parts."""
    return "\n".join((STATIC / f"{part}.js").read_text("utf-8") for part in (*_PARTS, *more))


def fixed(x, digits):
    """Format a number as the live text does: rounded half away from zero, infinity in words."""
    if np.isnan(x):
        return "undefined"
    if np.isinf(x):
        return "infinity" if x > 0 else "minus infinity"
    if abs(x) >= 1e15:
        exact = Decimal(float(x))
        exact = exact.quantize(Decimal(1).scaleb(exact.adjusted() - 2), ROUND_HALF_UP)
        mantissa, exponent = f"{exact:.2e}".split("e")
        return f"{mantissa}e{int(exponent):+d}".replace("-", "−")
    exact = Decimal(float(x)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{abs(exact) if exact == 0 else exact:f}".replace("-", "−")


def drawn(ax, method):
    """Return the lines that are drawn in the colour of a method."""
    return [line for line in ax.lines if line.get_color() == LOOK[method]["color"]]


def bound(text):
    """Bind what no line may end in, as the live text does: "65 %", "0 < ηL", "β = 0.9"."""
    return re.sub(r" ([=<+]) ", "\u00a0\\1\u00a0", text).replace(" %", "\u00a0%")


def geometric(low, high, count):
    """Return values from low to high in equal ratios, each rounded to three digits."""
    return [float(f"{value:.3g}") for value in np.geomspace(low, high, count)]


def slider(name, label, values, digits=6, **more):
    """Return a control that moves the trait `name` over `values`.

    `hidden=True` with `range=[low, high]` is for a trait that only a handle in the figure moves,
    with `pad=n` one that n buttons move; `sets={...}` names further traits that a move sets as
    well.
    """
    return {"name": name, "label": label, "values": list(values), "digits": digits, **more}


def choice(name, label, options, **more):
    """Return a control that sets the trait `name` to one of `options`.

    `sets={...}` names further traits that a new choice sets as well.
    """
    return {"name": name, "label": label, "options": list(options), **more}


class Explorer(anywidget.AnyWidget):
    """The base of all explorers.

    A subclass states its `controls` and its three `tries`, and defines `describe()`, the text, and
    `picture()`, the static picture as matplotlib Axes.

    Parameters
    ----------
    tries : dict from text to dict of traits, optional
        Buttons in the place of the class's own, for a chapter with other things to try.
    **traits
        The state to begin with.
    """

    _esm = source() + "\nexport default { render };\n"
    _css = STATIC / "explorers.css"
    _kind = traitlets.Unicode().tag(sync=True)
    _data = traitlets.Dict().tag(sync=True)

    controls = ()
    tries = ()

    def __init__(self, *, tries=None, **traits):
        super().__init__(**traits)
        if tries is not None:
            self.tries = [{"text": text, "state": state} for text, state in tries.items()]
        self._kind = type(self).__module__.rpartition(".")[2]
        self._data = {"controls": self.controls, "tries": self.tries, "data": self.data()}

    @property
    def state(self):
        """The traits that the controls move, by name."""
        return {control["name"]: getattr(self, control["name"]) for control in self.controls}

    def data(self):
        """Return what the live figure needs and no control changes."""
        return {}

    def __repr__(self):
        settings = ", ".join(f"{name}={value!r}" for name, value in self.state.items())
        return f"{type(self).__name__}({settings})"

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        return {**data, "text/plain": repr(self), "text/html": self._html()}, metadata

    def _html(self):
        model = {"_kind": self._kind, "_data": self._data, **self.state}
        text = json.dumps(model, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        return (
            f'<momentum-explorer class="momentum-explorer kind-{self._kind}">'
            f'<div class="body"><div class="stage">{self._svg()}</div>{self._stand_ins()}</div>'
            f'<script type="application/json">{text}</script></momentum-explorer>'
        )

    def _stand_ins(self):
        """Return controls that do nothing yet, so that nothing jumps when the live ones come."""
        rows = "".join(map(_stand_in, self.controls))
        texts = [attempt["text"] for attempt in self.tries] + ["Reset", "Copy link"]
        buttons = "".join(f"<button disabled>{html.escape(bound(text))}</button>" for text in texts)
        says = html.escape(bound(self.describe()))
        return (
            f'<div class="controls">{rows}</div><div class="says">{says}</div>'
            f'<div class="tries">{buttons}</div>'
        )

    def _svg(self):
        from momentum import figures

        with plt.rc_context(figures.STYLE), plt.ioff():
            figure = np.ravel(self.picture())[0].figure
            drawn = StringIO()
            figure.savefig(drawn, format="svg", metadata={"Date": None})
            plt.close(figure)
        svg = drawn.getvalue()
        label = html.escape(self.describe())
        return svg[svg.index("<svg") :].replace("<svg", f'<svg role="img" aria-label="{label}"', 1)


def _stand_in(control):
    """Return a control that does nothing yet."""
    label, signs = html.escape(control["label"]), "<button disabled>+</button>"
    if "pad" in control:
        shown = f'<span class="name">{label}</span>'
        shown += f'<div class="signs">{signs * control["pad"]}</div>'
    elif control.get("hidden"):
        return ""
    else:
        shown = f'<label>{label}</label><input type="range" disabled aria-label="{label}">'
        shown += "<output>0</output>" * ("values" in control)
    return f'<div class="control">{shown}</div>'


class Checked(traitlets.Float):
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

    def rule(name, value):
        if _checks.count(name, value, least=low) > high:
            raise ValueError(f"{name} must be at most {high}, got {value!r}")
        return int(value)

    return Checked(rule, default)


def one_of(options, default):
    """Return a trait for one of some words."""

    def rule(name, value):
        if not isinstance(value, str) or value not in options:
            raise ValueError(f"{name} must be one of {', '.join(options)}, got {value!r}")
        return value

    return Checked(rule, default)

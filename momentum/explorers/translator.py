"""The translator: one update of momentum in the words of eight libraries and papers."""

import numpy as np

from momentum import _checks
from momentum.conventions import FORMS, Keras, PyTorch, raw, translate
from momentum.descent import descend
from momentum.explorers import base
from momentum.surfaces import quadratic

_SWITCH = "False", "True"
_STEPS = 120
_LATER = np.round(np.arange(0.05, 2.001, 0.05), 2).tolist()


class Translator(base.Explorer):
    """A call of one library in the words of the others, and the paths that they take.

    The surface is f(w) = w**2/2, and the runs start at 1. At one step the learning rate changes.

    Parameters
    ----------
    written : str
        The form in whose words the call is shown, one of `conventions.FORMS`.
    learning_rate, beta, dampening : float
    nesterov : {"False", "True"} or bool
        These four are PyTorch's arguments. Where nesterov counts, the dampening does not.
    later : float
        The learning rate after the change, as a share of that before it.
    at : int
        The first step with that learning rate, from 1 to 120.

    Examples
    --------
    >>> print(Translator(written="EMA").facts()["calls"]["EMA"])
    EMA(learning_rate=1.0, beta=0.9)
    """

    written = base.one_of(FORMS, "PyTorch")
    learning_rate = base.learning_rate(0.1)
    beta = base.beta(0.9)
    nesterov = base.one_of(_SWITCH, "False")
    dampening = base.number(0.0, _checks.fraction)
    later = base.number(0.1, _checks.positive)
    at = base.whole(15, 1, _STEPS)
    controls = (
        base.field("written", "written for", FORMS),
        base.slider("learning_rate", "learning rate η", base.geometric(1e-6, 10, 141)),
        base.slider("beta", "momentum β", base.BETAS),
        base.choice("nesterov", "nesterov", _SWITCH, sets={"dampening": 0.0}),
        base.slider("dampening", "dampening", base.BETAS, sets={"nesterov": "False"}),
        base.slider("later", "later η / η", _LATER),
        base.slider("at", "change at", range(1, _STEPS + 1), 0),
    )
    tries = (
        base.attempt("η stays as it is", later=1.0),
        base.attempt("Dampening 0.9", dampening=0.9, later=1.0),
        base.attempt("Nesterov, for QHM", written="QHM", nesterov="True"),
    )

    def data(self):
        """Return the number of steps."""
        return {"steps": _STEPS}

    @property
    def form(self):
        """The update, as PyTorch writes it."""
        ahead = self.nesterov == "True" and self.beta > 0
        return PyTorch(self.learning_rate, self.beta, 0.0 if ahead else self.dampening, ahead)

    def trajectory(self):
        """Return the run of PyTorch before the change of the learning rate."""
        return descend(quadratic([1.0]), [1.0], self.form, self.at)

    def path(self, form):
        """Return the path of a form, the change of its learning rate included."""
        w, state, path = 1.0, form.init(1.0), [1.0]
        for t in range(_STEPS):
            if t == self.at:
                form = form.scaled(self.later)
            w, state = form.step(w, w, state)
            path.append(w)
        return np.array(path)

    def calls(self):
        """Return the call of each form; an empty text where it has none."""
        found = {}
        for name in FORMS:
            try:
                found[name] = str(translate(self.form, name, nearest=True))
            except ValueError:
                found[name] = ""
        return found

    def both(self):
        """Return the update with the learning rate outside of the velocity, and inside."""
        eta, beta, ahead = raw(self.form, nearest=True)
        return PyTorch(eta, beta, nesterov=ahead), Keras(eta, beta, ahead)

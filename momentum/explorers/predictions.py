"""The predictions of a chapter, asked in JupyterLab by the script that asks them on its page."""

import os
from pathlib import Path

import anywidget
import traitlets

from momentum.explorers import bundle


class Predictions(anywidget.AnyWidget):
    """Turns the prompts **Predict.** of the notebook it is shown in into questions.

    A prompt is answered in its place. The outputs and the text of its answer stay folded until it
    is, or until "Show me" is pressed; code is never folded. Where no widget lives, on a page, in
    print or on a code host, it shows nothing, and the prompts are plain text.

    Parameters
    ----------
    page : str, optional
        The name under which the browser keeps the answers; by default that of the notebook.
    """

    _esm = bundle.source("notebook") + "export default { render };\n"
    _css = bundle.style("predictions")
    page = traitlets.Unicode().tag(sync=True)

    def __init__(self, *, page=None):
        opened = os.environ.get("JPY_SESSION_NAME", "notebook")  # JupyterLab says what it opened
        super().__init__(page=Path(opened).stem if page is None else page)

    def __repr__(self):
        return "Predictions()"

    def _repr_mimebundle_(self, **kwargs):
        made = super()._repr_mimebundle_(**kwargs)
        data, metadata = made if isinstance(made, tuple) else (made or {}, {})
        html = "<momentum-predictions hidden></momentum-predictions>"
        return {**data, "text/plain": repr(self), "text/html": html}, metadata

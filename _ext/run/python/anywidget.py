"""What a page needs of the package anywidget: a model whose other half the page holds."""

from uuid import uuid4

import traitlets

VIEW = "application/vnd.jupyter.widget-view+json"
_LIVING = {}  # model -> widget
send = None  # set by the kernel: sends a message to the page


class AnyWidget(traitlets.HasTraits):
    """An object whose traits tagged `sync` the page sees and sets."""

    _esm = ""
    _css = ""
    _shown_as = None  # its name on the page, once it is shown

    def __init__(self, **traits):
        super().__init__(**traits)
        self._received = {}
        self.observe(self._tell, list(self.traits(sync=True)))

    def _state(self):
        return {name: getattr(self, name) for name in self.traits(sync=True)}

    def _open(self):
        """Give the page its half, once."""
        if self._shown_as is None:
            self._shown_as = uuid4().hex
            _LIVING[self._shown_as] = self
            fields = {"source": self._esm, "style": self._css, "state": self._state()}
            send("model", model=self._shown_as, **fields)
        return self._shown_as

    def _tell(self, change):
        known = (change["name"], change["new"]) in self._received.items()
        if self._shown_as and not known:
            send("state", model=self._shown_as, values={change["name"]: change["new"]})

    def _repr_mimebundle_(self, **kwargs):
        return {VIEW: {"model_id": self._open()}}


def receive(model, values):
    """Set traits to what the page says; a figure of the Python before this one has none."""
    widget = _LIVING.get(model)
    if widget is None:
        return
    widget._received = values
    try:
        for name, value in values.items():
            setattr(widget, name, value)
    finally:
        widget._received = {}

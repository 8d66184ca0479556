"""Runs the cells of a page as a notebook's kernel does: text, results, figures, errors."""

import builtins
import io
import json
import linecache
import sys
import time
import traceback
from base64 import b64encode
from importlib import import_module
from importlib.machinery import ExtensionFileLoader
from itertools import count
from types import ModuleType

import anywidget
import page
from inline import inline_svg
from pyodide.code import CodeRunner
from tqdm import tqdm

LIMIT = 100_000  # characters of text that one cell may print
AT_ONCE = 10_000  # so many of them are shown line by line
FLUSH = 0.1  # seconds after which the page sees the others
REPRESENTATIONS = {
    "text/html": "_repr_html_", "image/svg+xml": "_repr_svg_", "image/png": "_repr_png_",
}  # fmt: skip


class Text(io.TextIOBase):
    """What a cell prints, sent in pieces; beyond LIMIT it is only counted."""

    encoding = "utf-8"

    def __init__(self, name):
        self.name = name
        self.begin()

    def begin(self):
        self.waiting, self.length, self.sent = [], 0, time.monotonic()

    def writable(self):
        return True

    def write(self, text):
        for other in STREAMS:
            if other is not self:
                other.flush()  # what came first stands first
        self.waiting.append(text[: max(0, LIMIT - self.length)])
        self.length += len(text)
        begins = self.length < AT_ONCE and "\n" in text
        if begins or time.monotonic() - self.sent > FLUSH:
            self.flush()
        return len(text)

    def flush(self):
        text, self.waiting, self.sent = "".join(self.waiting), [], time.monotonic()
        if text:
            output("stream", name=self.name, text=text)

    def end(self):
        if self.length > LIMIT:
            self.waiting.append(f"\n… {self.length - LIMIT:,} more characters are not shown")
        self.flush()


def exec_module(loader, module, plain=ExtensionFileLoader.exec_module):
    """Run a compiled module; a `__getattr__` of its own, for names of old, is left out.

    matplotlib.ft2font has one that throws in C++, what WebKit does not catch: Python would end.
    """
    plain(loader, module)
    vars(module).pop("__getattr__", None)


ExtensionFileLoader.exec_module = exec_module
sys.stdout, sys.stderr = STREAMS = Text("stdout"), Text("stderr")
import_module("matplotlib.pyplot")  # each chapter needs it, and who waits for Python waits for it
page_figures = import_module("page_figures")
NAMES = {}  # those of the cells: of the module __main__
_shown = count(1)  # figures: each has ids of its own on the page
current = 0  # the number of the run under way


def send(kind, **fields):
    page.post(json.dumps({"kind": kind, **fields}, default=str))


def output(kind, **fields):
    send("output", id=current, output={"output_type": kind, **fields})


def forget():
    """Begin with no names."""
    global NAMES
    sys.modules["__main__"] = main = ModuleType("__main__")
    NAMES = vars(main)
    NAMES.update(__builtins__=builtins, display=display)
    page_figures.flush_figures(lambda figure: None)


def run(number, source, name):
    """Run a cell: its outputs are sent as they come, then that it is done."""
    global current
    current, begun = number, time.perf_counter()
    for stream in STREAMS:
        stream.begin()
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
    for step in (lambda: _evaluate(source, name), lambda: page_figures.flush_figures(display)):
        try:
            step()
        except BaseException as error:
            _fail(error, name)
    for stream in STREAMS:
        stream.end()
    send("done", id=number, ms=1000 * (time.perf_counter() - begun))


def _evaluate(source, name):
    value = CodeRunner(source, filename=name).compile().run(NAMES)
    if value is not None:
        NAMES["_"] = value
        show(value, "execute_result")


def display(*values):
    """Show values below the cell, as a notebook does."""
    for value in values:
        show(value, "display_data")


def show(value, kind):
    data = _bundle(value)
    for stream in STREAMS:
        stream.flush()
    page_form = {}
    if svg := data.get("image/svg+xml"):
        page_form["page"] = inline_svg(svg, "", f"run-{next(_shown)}-")
    output(kind, data=data, **page_form)


def _bundle(value):
    """Return what a value looks like, by type."""
    if page_figures.is_figure(value):
        return {"text/plain": repr(value), "image/svg+xml": page_figures.svg(value)}
    made = value._repr_mimebundle_() if hasattr(value, "_repr_mimebundle_") else {}
    data = dict(made[0] if isinstance(made, tuple) else made or {})
    for mime, method in REPRESENTATIONS.items():
        if mime not in data and not isinstance(value, type) and hasattr(value, method):
            found = getattr(value, method)()
            data |= {mime: b64encode(found).decode() if isinstance(found, bytes) else found}
    return {"text/plain": repr(value)} | {mime: text for mime, text in data.items() if text}


def _fail(error, name):
    """Send an error as the cell sees it: the frames of this kernel are left out."""
    trace = error.__traceback__
    while trace and trace.tb_frame.f_code.co_filename != name:
        trace = trace.tb_next
    trace = trace or error.__traceback__  # one that comes when its figure is drawn
    told = "".join(traceback.format_exception(type(error), error, trace)).splitlines()
    for stream in STREAMS:
        stream.flush()
    value = error.msg if isinstance(error, SyntaxError) else str(error)
    named = {"ename": type(error).__name__, "evalue": value, "traceback": told}
    output("error", **named, line=_line(error, trace, name))


def _line(error, trace, name):
    """Return the line of the cell where an error came up last, or None."""
    if isinstance(error, SyntaxError) and error.filename == name:
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(trace) if frame.filename == name]
    return lines[-1] if lines else None


def receive(model, values):
    """Give a live figure's explorer the state that is on the screen."""
    try:
        anywidget.receive(model, json.loads(values))
    except Exception as error:  # of an observer that a cell has set: no cell is there to say so
        print("".join(traceback.format_exception(error)), file=sys.__stderr__)


def no_input(prompt=""):
    """Tell what a cell can do instead: a page has nobody at the keys while Python runs."""
    raise RuntimeError("input() asks for nothing in a page: write the value into the cell")


anywidget.send = send
builtins.input = no_input
tqdm.monitor_interval = 0  # its monitor is a thread
forget()

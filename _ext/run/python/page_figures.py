"""Matplotlib's backend in a page: figures are shown as SVG when their cell ends."""

import io

from matplotlib._pylab_helpers import Gcf
from matplotlib.backends.backend_agg import FigureCanvasAgg, new_figure_manager  # noqa: F401
from matplotlib.figure import Figure

FigureCanvas = FigureCanvasAgg
_settings = {"bbox_inches": "tight"}


def set_matplotlib_formats(*formats, **settings):
    """Take settings of `print_figure`; the format is SVG, whatever is asked for."""
    _settings.clear()
    _settings.update({"bbox_inches": "tight", **settings})


def is_figure(value):
    return isinstance(value, Figure)


def svg(figure):
    """Return a figure as the text that a notebook stores."""
    figure.canvas.draw()
    made = io.BytesIO()
    colors = {"facecolor": figure.get_facecolor(), "edgecolor": figure.get_edgecolor()}
    figure.canvas.print_figure(made, format="svg", **colors, **_settings)
    return made.getvalue().decode("utf-8")


def flush_figures(display):
    """Hand every open figure on, and close it."""
    try:
        for manager in Gcf.get_all_fig_managers():
            display(manager.canvas.figure)
    finally:
        Gcf.destroy_all()


def show(*args, **kwargs):
    """Show the figures now: what `plt.show()` calls."""
    from kernel import display

    flush_figures(display)

"""Where the book asks for SVG: in a page, the backend is another module."""

from page_figures import set_matplotlib_formats

__all__ = ["set_matplotlib_formats"]

"""A live figure in a Markdown page: the directive `live`, with the class, its traits, a caption.

    ```{live} Plateau
    :width: 7.1
    Nothing pushes the ball on the ledge, and it stops at {rest:2}.
    ```

Each option is an argument of the class, in YAML. The text below them is its argument `caption`.
"""

import yaml
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from momentum import explorers


def value_of(text):
    """Return the value that an option writes in YAML; an option without one is true."""
    try:
        return yaml.safe_load(text or "true")
    except yaml.YAMLError as error:
        raise ValueError(f"an option must be YAML, got {text!r}") from error


class AnyOption(dict):
    """An option_spec that takes every name: the class says which of them it knows."""

    def __missing__(self, name):
        return value_of


class Live(SphinxDirective):
    """Draw a live figure when the page is built."""

    required_arguments = 1
    has_content = True
    option_spec = AnyOption(plays=value_of)

    def run(self):
        """Return the figure as HTML; what the class refuses is an error of the build."""
        try:
            html = self.figure()._html()
        except (ValueError, TypeError) as error:
            raise self.error(f"{self.arguments[0]}: {error}") from error
        return [nodes.raw("", html, format="html")]

    def figure(self):
        name, caption = self.arguments[0], " ".join(self.content)
        if name not in explorers.__all__:
            raise ValueError(f"a live figure must be one of {', '.join(explorers.__all__)}")
        settings = {"caption": caption, **self.options} if caption else self.options
        return getattr(explorers, name)(**settings)


def setup(app):
    app.add_directive("live", Live)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

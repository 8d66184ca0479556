"""What the page's Python consists of: the directive `pieces` makes a table of it."""

import json

from run_here import PACKAGES, PYTHON, megabytes
from sphinx.util.docutils import SphinxDirective


def stated(folder):
    """Return what a folder of third_party says of itself."""
    return json.loads((folder / "source.json").read_text("utf-8"))


def rows():
    """Yield of each piece: its name, its version, its licence, as the recipe and npm state them."""
    python, packages = stated(PYTHON), stated(PACKAGES)
    yield "Pyodide, CPython for browsers", python["version"], python["licence"]
    for piece in packages["pieces"]:
        yield piece["name"], piece["version"], piece["licence"]
    for piece in packages["also inside"]:
        yield piece["name"], "as part of the above", piece["licence"]


class Pieces(SphinxDirective):
    """The table of the pieces, and what they weigh together."""

    def run(self):
        """Return a sentence and the table."""
        for folder in (PYTHON, PACKAGES):
            self.env.note_dependency(str(folder / "source.json"))
        total = (
            f"Less than {megabytes()} MB in all. The licences' texts lie beside what is loaded. "
            f"The source of [Pyodide]({stated(PYTHON)['source']}) is public, as its licence asks."
        )
        lines = [["piece", "version", "licence"], ["---"] * 3, *rows()]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return self.parse_text_to_nodes(f"{total}\n\n{table}")


def setup(app):
    app.add_directive("pieces", Pieces)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

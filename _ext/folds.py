"""Fold the code that draws a figure, and the imports: the page shows the figure first.

The notebook says nothing of it, so JupyterLab shows all code. Neighbours share one fold, which
stands below what they show; static/folds.js remembers which folds a reader has opened.
"""

import ast
from itertools import count

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

SHOWS = "<momentum-explorer", "<svg"
FOLD = """<details class="code" id="code-{number}"><summary><span class="closed">Show</span>\
<span class="opened">Hide</span> code<span class="unseen"> {what}</span></summary>"""
SWITCH = '<button type="button" class="all-code pst-js-only">Show all code</button>'


def prepares(source):
    """Return whether code only imports, sets the look of figures, and asks for predictions."""
    body = ast.parse(source).body
    return bool(body) and all(
        isinstance(statement, ast.Import | ast.ImportFrom)
        or ast.unparse(statement) in ("figures.style()", "Predictions()")
        for statement in body
    )


def is_cell(node):
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def source_of(cell):
    """Return the part of a cell that is its code."""
    parts = cell.findall(lambda n: isinstance(n, nodes.container))
    return next((part for part in parts if part.get("nb_element") == "cell_code_source"), None)


def shows_a_figure(cell):
    shown = (node.astext() for node in cell.findall(nodes.raw))
    return any(mark in html for html in shown for mark in SHOWS)


def is_folded(cell):
    """Return whether the code of a cell is folded: not if the notebook folds the cell itself."""
    tags = cell.get("cell_metadata", {}).get("tags", [])
    source = source_of(cell)
    if source is None or any(tag.startswith("hide-") for tag in tags):
        return False
    return shows_a_figure(cell) or prepares(source.astext())


def runs(document):
    """Return the cells to fold, neighbours together."""
    found = []
    for cell in filter(is_cell, list(document.findall(nodes.container))):
        if not is_folded(cell):
            continue
        place = cell.parent.index(cell)
        if found and place and cell.parent[place - 1] is found[-1][-1]:
            found[-1].append(cell)
        else:
            found.append([cell])
    return found


def fold(cells, number):
    """Move the code of neighbours into one fold below them."""
    last = cells[-1]
    what = "of the figure above" if any(map(shows_a_figure, cells)) else "of the imports"
    begin, end = FOLD.format(number=number, what=what), "</details>" + SWITCH * (number == 1)
    block = nodes.container(classes=["folded"])
    block += nodes.raw("", begin, format="html")
    for cell in cells:
        source = source_of(cell)
        source.parent.remove(source)
        block += nodes.container("", source, classes=["cell"])
    block += nodes.raw("", end, format="html")
    last.parent.insert(last.parent.index(last) + 1, block)
    for cell in cells:
        if not cell.children and not cell["ids"]:
            cell.parent.remove(cell)


class FoldedCode(SphinxPostTransform):
    """Fold on the page what draws and what imports."""

    default_priority = 300  # when figures stand in the page
    formats = ("html",)

    def run(self, **kwargs):
        number = count(1)
        for cells in runs(self.document):
            fold(cells, next(number))


def load(app, pagename, templatename, context, doctree):
    """Load the script on pages with a fold, before their content: nothing shall jump."""
    if doctree is not None and any(FOLD[:20] in n.astext() for n in doctree.findall(nodes.raw)):
        app.add_js_file("folds.js")
        app.add_css_file("folds.css", priority=910)


def setup(app):
    app.add_post_transform(FoldedCode)
    app.connect("html-page-context", load)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

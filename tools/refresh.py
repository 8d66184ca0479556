"""Execute notebooks and store them in one normal form: `python tools/refresh.py [notebook ...]`."""

import os
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

CHAPTERS = Path(__file__).parent.parent / "chapters"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
FOLDED = {"outputs_hidden": True, "source_hidden": True}  # in JupyterLab, as hide-cell is on pages
# A heading tagged `solution` hides what is below it until a reader opens it. JupyterLab shows the
# outputs of a cell that runs, folded or not, unless a closed heading is above it.
CLOSED = {"jp-MarkdownHeadingCollapsed": True}
# What a run or a front end leaves in a cell: all else was set by an author.
VOLATILE = {"ExecuteTime", "collapsed", "execution", "jupyter", "scrolled", "trusted", "widgets"}
LANGUAGE = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "pygments_lexer": "ipython3",
}


def execute(notebook, folder, settings=()):
    """Run a notebook in its folder, with settings of the environment on top of this one's."""
    # A progress bar shows only where the machine is slow.
    environment = {**os.environ, "TQDM_DISABLE": "1", **dict(settings)}
    client(notebook, folder).execute(env=environment)


def client(notebook, folder):
    """Return what runs a notebook in its folder."""
    options = {"record_timing": False, "coalesce_streams": True, "timeout": 120}
    options["extra_arguments"] = ["--log-level=ERROR"]
    resources = {"metadata": {"path": str(folder)}}
    return NotebookClient(notebook, kernel_name="python3", resources=resources, **options)


def normalise(notebook):
    """Keep what a reader sees and the book needs; number, name and order it the same every time."""
    kept = {key: notebook.metadata[key] for key in ("myst", "mystnb") if key in notebook.metadata}
    notebook.metadata = nbformat.from_dict(kept | {"kernelspec": KERNEL, "language_info": LANGUAGE})
    notebook.nbformat_minor = 5
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict(lasting(cell.metadata))
    code = (cell for cell in notebook.cells if cell.cell_type == "code")
    for count, cell in enumerate(code, 1):
        normalise_outputs(cell, count)
    name_cells(notebook.cells)
    return notebook


def lasting(metadata):
    """Return the metadata of a cell that an author set, folded where it is tagged so."""
    kept = {key: value for key, value in metadata.items() if key not in VOLATILE | set(CLOSED)}
    for tag, folded in (("hide-cell", {"jupyter": FOLDED}), ("solution", CLOSED)):
        kept |= folded if tag in metadata.get("tags", []) else {}
    return kept


def normalise_outputs(cell, count):
    cell.execution_count = count
    for output in cell.outputs:
        output.get("data", {}).pop(WIDGET_VIEW, None)
        if "metadata" in output:
            output.metadata = {}
        if "execution_count" in output:
            output.execution_count = count
    cell.outputs = [output for output in cell.outputs if output.get("data") != {}]


def name_cells(cells):
    """Name each cell after its text, so that an id changes only when the cell does."""
    seen = {}
    for cell in cells:
        name = sha256(cell.source.encode()).hexdigest()[:8]
        seen[name] = seen.get(name, 0) + 1
        cell.id = name if seen[name] == 1 else f"{name}-{seen[name]}"


def refresh(path):
    """Execute and store one notebook; return what went wrong, if anything did."""
    before = path.read_text("utf-8")
    notebook = nbformat.reads(before, as_version=4)
    try:
        execute(notebook, path.parent)
    except CellExecutionError as error:
        return re.sub(r"\x1b\[[0-9;]*m", "", f"{path}: a cell failed\n{error}")
    after = nbformat.writes(normalise(notebook)) + "\n"
    if after != before:
        path.write_text(after, "utf-8")
    return ""


def main(names):
    paths = [Path(name) for name in names] or sorted(CHAPTERS.glob("*.ipynb"))
    with ProcessPoolExecutor() as pool:
        errors = list(filter(None, pool.map(refresh, paths)))
    print(*errors, f"{len(paths) - len(errors)} of {len(paths)} notebooks refreshed", sep="\n")
    sys.exit(bool(errors))


if __name__ == "__main__":
    main(sys.argv[1:])

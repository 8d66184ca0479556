"""Begin a chapter from the template: `python -m tools.chapter 10_noise "Average the noise"`."""

import re
import sys
from pathlib import Path

import nbformat
from myst_nb.core.read import read_myst_markdown_notebook

from tools.refresh import refresh

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "chapters/_template/chapter.md"
USAGE = """A chapter needs a name like 10_noise, two digits first, and a title, a verb first:
  make chapter NAME=10_noise TITLE="Average the noise"
"""
NEXT = """chapters/{name}.ipynb is written, and listed in _toc.yml as the last chapter.
What it still lacks:
  .venv/bin/pytest -q tests/test_chapter_form.py -k {name}
Write it with `make lab`. After a change: make refresh. CONTRIBUTING.md has the rules."""


def listed(toc, name):
    """Return the table of contents with one more chapter, after the last that has a number."""
    last = re.findall(r"^.*\bchapters/\d\d_\w+\n", toc, re.MULTILINE)[-1]
    return toc.replace(last, last + re.sub(r"chapters/\w+", f"chapters/{name}", last))


def written(template, title):
    """Return the template as a notebook with that title."""
    return read_myst_markdown_notebook(template.replace("# TITLE", f"# {title}"))


def main(name, title):
    path, toc = ROOT / "chapters" / f"{name}.ipynb", ROOT / "_toc.yml"
    if not re.fullmatch(r"\d\d_[a-z0-9_]+", name) or not title:
        sys.exit(USAGE)
    if path.exists():
        sys.exit(f"chapters/{name}.ipynb exists already")
    nbformat.write(written(TEMPLATE.read_text("utf-8"), title), path)
    toc.write_text(listed(toc.read_text("utf-8"), name), "utf-8")
    print(refresh(path) or NEXT.format(name=name))


if __name__ == "__main__":
    main(*sys.argv[1:])

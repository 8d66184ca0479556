"""Mend what the theme, myst-nb and docutils leave open: names, roles and landmarks."""

import re
from itertools import count
from pathlib import Path

# A name must not hide the words that are seen, and every part of a page belongs to a landmark.
MENDED = (
    (re.compile(r'(<summary) aria-label="Toggle hidden content"'), r"\1"),
    (re.compile(r'(<button class="[^"]*search-button-field[^>]*) aria-label="Search"'), r"\1"),
    (
        re.compile(r'(<div class="sidebar-primary-item")(>\s*<a class="navbar-brand)'),
        r'\1 role="navigation" aria-label="Front page"\2',
    ),
    (re.compile(r'(<div class="citation"[^>]*) role="doc-biblioentry"'), r'\1 role="listitem"'),
)
TABLE = re.compile(r'<div class="pst-scrollable-table-container">')
# Whenever something in a page changes, the theme asks all code whether it scrolls, and so lays out
# all that is folded. static/reach.js does not.
ASKS = re.compile(
    r',"complete"===document\.readyState\?(\w+)\(\):window\.addEventListener\("load",\1\)'
)


def mended(page):
    """Return a page with what axe would complain of set right."""
    for pattern, replacement in MENDED:
        page = pattern.sub(replacement, page)
    number = count(1)
    return TABLE.sub(lambda table: scrollable(table[0], next(number)), page)


def scrollable(tag, number):
    """A table that scrolls sideways takes the focus: the keys must reach all of it."""
    return f'{tag[:-1]} tabindex="0" role="region" aria-label="Table {number}">'


def quiet(script):
    """Return the theme's script without what reach.js does."""
    kept, found = ASKS.subn("", script)
    if not found:
        raise ValueError("the theme's script must end as ASKS says, or reach.js does a thing twice")
    return kept


def finish(app, exception):
    if exception or app.builder.format != "html":
        return
    script = Path(app.outdir, "_static/scripts/pydata-sphinx-theme.js")
    script.write_text(quiet(script.read_text("utf-8")), "utf-8")
    for path in Path(app.outdir).rglob("*.html"):
        path.write_text(mended(path.read_text("utf-8")), "utf-8")


def setup(app):
    app.add_js_file("reach.js")
    app.connect("build-finished", finish, priority=940)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""What a link to a page shows elsewhere: the tags og: and twitter:, and one picture for all pages.

Who follows a link from outside needs whole addresses. They are written if `html_baseurl` says where
the site stands; without it, on a copy that stands nowhere, the picture's address is relative.
"""

import re
from html import escape, unescape
from pathlib import Path
from urllib.parse import urljoin

from matplotlib import rc_context
from matplotlib.figure import Figure

from momentum import GradientDescent, Momentum, descend, figures, surfaces
from momentum.figures.look import STYLE

PICTURE = "_static/preview.png"
SIZE = 1200, 630  # pixels, as those ask for who show it
DPI = 200
ALT = (
    "A curve with a ledge. Gradient descent stops on it, momentum rolls across and into the valley."
)
DESCRIPTION = re.compile(r'<meta(?=[^>]*\bname="description")[^>]*\bcontent="([^"]*)"')


def tags(title, description, page, picture):
    """Return the tags of a page; `page` is its whole address, or None."""
    graph = {
        "title": title, "description": description, "type": "article", "url": page,
        "image": picture, "image:width": SIZE[0], "image:height": SIZE[1], "image:alt": ALT,
    }  # fmt: skip
    lines = [
        f'<meta property="og:{name}" content="{escape(str(content))}">'
        for name, content in graph.items()
        if content
    ]
    return "\n".join([*lines, '<meta name="twitter:card" content="summary_large_image">'])


def announce(app, pagename, templatename, context, doctree):
    """Add the tags to the head of a page that says what it is about."""
    found = DESCRIPTION.search(context.get("metatags", ""))
    if doctree is None or not found or app.builder.name != "html":
        return
    base, title = app.config.html_baseurl, re.sub("<[^>]+>", "", context["title"])
    page = urljoin(base, app.builder.get_target_uri(pagename)) if base else None
    picture = urljoin(base, PICTURE) if base else context["pathto"](PICTURE, resource=True)
    written = tags(unescape(title), unescape(found[1]), page, picture)
    context["metatags"] += f"\n{written}\n"


def draw(title):
    """Return the picture: the book's title above the ledge, with both runs."""
    ledge = surfaces.plateau(2.0)
    rules = {"gradient descent": GradientDescent(0.1), "momentum": Momentum(0.1, 0.9)}
    runs = {name: descend(ledge, [-3.0], rule, 300) for name, rule in rules.items()}
    with rc_context({**STYLE, "font.size": 9, "legend.fontsize": 9}):
        figure = Figure(figsize=[side / DPI for side in SIZE], dpi=DPI)
        figure.get_layout_engine().set(w_pad=0.3, h_pad=0.25)
        figure.suptitle(title, x=0.05, ha="left", fontsize=19, fontweight="bold")
        figures.profile(ledge, runs, ax=figure.add_subplot()).set(
            xticks=[], yticks=[], ylim=(-1, 6)
        )
    return figure


def write(app):
    """Write the picture beside the pages."""
    if app.builder.name == "html":
        target = Path(app.outdir, PICTURE)
        target.parent.mkdir(parents=True, exist_ok=True)
        draw(app.config.html_title).savefig(target, metadata={"Software": None})


def setup(app):
    # After the descriptions that pages get which have no source of their own.
    app.connect("html-page-context", announce, priority=700)
    app.connect("builder-inited", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

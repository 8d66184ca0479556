"""The book's Sphinx extension: inline figures, live figures, claim anchors, local assets."""

from html import escape
from pathlib import Path
from shutil import copytree

from docutils import nodes
from inline import inline_svg
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from momentum import figures
from momentum.explorers import bundle

LOGGER = logging.getLogger(__name__)
STATIC = Path(__file__).parent / "static"
EXPLORER = "<momentum-explorer"


class InlineFigures(SphinxPostTransform):
    """Replace the image nodes of SVG outputs by the SVG itself."""

    default_priority = 200  # after myst-nb has chosen the output to show
    formats = ("html",)

    def run(self, **kwargs):
        page = Path(self.env.docname).name
        images = [n for n in self.document.findall(nodes.image) if n["uri"].endswith(".svg")]
        for number, image in enumerate(images, 1):
            if not image.get("alt"):
                LOGGER.warning("figure without alt text", location=image)
            svg = Path(self.app.srcdir, image["uri"].lstrip("/")).read_text("utf-8")
            html = inline_svg(svg, image.get("alt", ""), f"{page}-{number}-")
            image.replace_self(nodes.raw("", html, format="html"))


def anchor_claims(app, doctree):
    """Make each code cell tagged `claim-S12` the target of the label `claim-s12`."""
    labels = app.env.get_domain("std")
    for cell in doctree.findall(lambda n: isinstance(n, nodes.container) and "cell_metadata" in n):
        for tag in cell["cell_metadata"].get("tags", []):
            if tag.startswith("claim-"):
                anchor_claim(labels, app.env.docname, cell, tag.lower())


def anchor_claim(labels, docname, cell, label):
    if label in labels.labels:
        LOGGER.warning("a second cell with the tag %s", label, location=cell)
    cell["ids"].append(label)
    labels.anonlabels[label] = docname, label
    labels.labels[label] = docname, label, label.removeprefix("claim-").upper()


def describe(app, pagename, templatename, context, doctree):
    """Describe the pages that have no source of their own, like the search page."""
    if doctree is None:
        text = escape(f"{app.config.html_title}: {context.get('title', pagename)}.")
        tag = f'<meta name="description" content="{text}">'
        context["metatags"] = context.get("metatags", "") + tag


def load_explorers(app, pagename, templatename, context, doctree):
    """Load the script and the styles of the explorers, on pages that have one only."""
    if doctree is not None and any(EXPLORER in n.astext() for n in doctree.findall(nodes.raw)):
        app.add_css_file("explorers.css")
        app.add_js_file("explorers.js", loading_method="defer")


def write_explorers(app):
    """Write the one script of the explorers as a classic one: modules do not load from file://."""
    static = Path(app.outdir, "_static")
    static.mkdir(parents=True, exist_ok=True)
    (static / "explorers.js").write_text(bundle.script("page"), "utf-8")
    (static / "explorers.css").write_text(bundle.style("explorers", "chart"), "utf-8")


def write_colors(static):
    """Add to book.css the colours of figures in the dark theme, never on paper."""
    dark = f'@media screen {{ html[data-theme="dark"] {{ {figures.dark_rules()} }} }}\n'
    sheet = static / "book.css"
    sheet.write_text(dark + (STATIC / "book.css").read_text("utf-8"), "utf-8")


def copy_assets(app):
    """Copy the book's own files, and write those that Python has a part in."""
    if app.builder.format != "html":
        return
    copytree(STATIC, Path(app.outdir, "_static"), dirs_exist_ok=True)
    write_colors(Path(app.outdir, "_static"))
    write_explorers(app)


REDIRECT = """<!doctype html>
<html lang="{lang}">
<meta charset="utf-8">
<title>{title}</title>
<meta name="description" content="{title}: the first page.">
<meta http-equiv="refresh" content="0; url={page}">
<a href="{page}">{title}</a>
</html>
"""


def write_root(app, exception):
    """Write the page at the root of the site: it leads to the first page of the book."""
    if exception or app.builder.name != "html":
        return
    config = app.config
    root = REDIRECT.format(
        lang=config.language, title=escape(config.html_title), page=f"{config.root_doc}.html"
    )
    Path(app.outdir, "index.html").write_text(root, "utf-8")


def setup(app):
    app.add_css_file("book.css", priority=900)
    app.add_js_file("theme.js")
    app.add_post_transform(InlineFigures)
    app.connect("doctree-read", anchor_claims)
    app.connect("html-page-context", describe)
    app.connect("html-page-context", load_explorers)
    app.connect("builder-inited", copy_assets)
    app.connect("build-finished", write_root, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

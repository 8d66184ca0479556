"""Predictions: a prompt asks, and its answer stays folded until the reader has committed.

A prompt is a paragraph that begins with **Predict.**, **Predict a number.** or **Predict the
curve.**, its choices, and details with what is to be said of them. Its answer is all that follows,
up to the next heading or the next prompt. Both become elements of the page here; the script that
folds and asks is that of `momentum.explorers.Predictions`. Where it does not run, all is shown.
"""

import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from momentum.explorers import bundle
from momentum.figures.look import line_id

LOGGER = logging.getLogger(__name__)
CURVE = re.compile(r"<!-- curve: *([\w-]+), *(.+?) *-->")
NUMBER = re.compile(r"[-−+]?[\d.]")
# Folded before the first paint; shown again if the script did not come, or failed.
FIRST = """(root => {
  root.classList.add("predicting");
  const check = () => root.dataset.predictions || root.classList.remove("predicting");
  addEventListener("DOMContentLoaded", check);
})(document.documentElement);"""


class Prediction(nodes.General, nodes.Element):
    """A prompt: its question, its choices, its details."""


class Answer(nodes.General, nodes.Element):
    """What stays folded until the prompt before it is answered."""


class PredictionList(nodes.General, nodes.Element):
    """Where the list of all predictions of the book is to stand."""


def kind_of(node):
    """Return the kind of prompt that a node begins, or None."""
    words = [part for part in node.children if part.astext()]
    begins = isinstance(node, nodes.paragraph) and words and isinstance(words[0], nodes.strong)
    return bundle.PROMPTS.get(words[0].astext()) if begins else None


def is_raw(node, start):
    return isinstance(node, nodes.raw) and node.astext().lstrip().startswith(start)


def wrap(app, doctree):
    """Wrap every prompt and every answer of a page."""
    kept, page = [], Path(app.env.docname).name
    for section in list(doctree.findall(nodes.section)):
        for number, paragraph in enumerate(list(filter(kind_of, section.children)), 1):
            name = "-".join(["predict", section["ids"][0], *([str(number)] if number > 1 else [])])
            question = [p.deepcopy() for p in paragraph.children if not isinstance(p, nodes.strong)]
            if wrap_one(section, paragraph, name, page):
                kept.append((name, question))
    for note in list(doctree.findall(nodes.raw)):
        text = CURVE.sub("", note.astext())
        if text != note.astext():
            note.replace_self(nodes.raw("", text, format="html") if text.strip() else [])
    if kept:
        book_of(app.env)[app.env.docname] = kept


def wrap_one(section, paragraph, name, page):
    """Wrap one prompt and its answer; return whether it was well formed."""
    kind, rest = kind_of(paragraph), section.children[section.index(paragraph) :]
    end = next((i for i, node in enumerate(rest) if is_raw(node, "</details")), len(rest))
    parts, after = rest[: end + 1], rest[end + 1 :]
    if wrong := fault(kind, parts):
        LOGGER.warning("the prediction “%s” %s", paragraph.astext()[:60], wrong, location=paragraph)
        return False
    stop = next((i for i, node in enumerate(after) if ends(node)), len(after))
    drawn = drawn_in(parts + after[:stop]) if kind == "curve" else {}
    open_details(parts)
    section.children[section.index(paragraph) :] = []
    section += [Prediction("", *parts, ids=[name], kind=kind, page=page, **drawn)]
    section += [Answer("", *after[:stop], of=name), *after[stop:]]
    return True


def open_details(parts):
    """Open the details of a prompt, for readers without a script."""
    at = next(i for i, node in enumerate(parts) if is_raw(node, "<details"))
    parts[at] = nodes.raw(
        "", parts[at].astext().replace("<details", "<details open", 1), format="html"
    )


def ends(node):
    """Return whether a node ends an answer: a heading or the next prompt."""
    return isinstance(node, nodes.section | Prediction) or bool(kind_of(node))


def fault(kind, parts):
    """Return what is wrong with the parts of a prompt, or None."""
    at = next((i for i, node in enumerate(parts) if is_raw(node, "<details")), None)
    if at is None or not is_raw(parts[-1], "</details") or any(map(ends, parts[1:])):
        return "has no details behind it"
    if kind == "number":
        bold = next((b for part in parts[at:] for b in part.findall(nodes.strong)), None)
        return None if bold and NUMBER.match(bold.astext()) else "has no bold number in its details"
    choices, said = (
        [n for n in part if isinstance(n, nodes.enumerated_list)]
        for part in (parts[:at], parts[at:])
    )
    if len(choices) != 1 or len(said) != 1 or not 2 <= len(choices[0]) == len(said[0]) <= 5:
        return "needs 2 to 5 numbered choices, and as many numbered sentences in its details"
    right = [one for one in said[0] if one.astext().startswith("Right.")]
    return None if len(right) == 1 else f"has {len(right)} sentences that begin with **Right.**"


def drawn_in(parts):
    """Return the figure and the line that the note of a curve names."""
    notes = [CURVE.search(node.astext()) for node in parts if isinstance(node, nodes.raw)]
    note = next(filter(None, notes), None)
    return {"figure": note[1], "line": line_id(note[2])} if note else {}


def visit_prediction(self, node):
    names = ("kind", "page", "figure", "line")
    data = {f"data-{name}": node[name] for name in names if name in node}
    self.body.append(self.starttag(node, "div", CLASS="prediction", **data))


def visit_answer(self, node):
    self.body.append(self.starttag(node, "div", CLASS="answer", **{"data-of": node["of"]}))


def depart(self, node):
    self.body.append("</div>\n")


def skip(self, node):
    """For other builders the parts speak for themselves."""


class ListDirective(SphinxDirective):
    """`{predictions}`: the list of all predictions of the book."""

    def run(self):
        return [PredictionList()]


def book_of(env):
    """Return the predictions of all pages, by page."""
    if not hasattr(env, "momentum_predictions"):
        env.momentum_predictions = {}
    return env.momentum_predictions


def forget(app, env, docname):
    book_of(env).pop(docname, None)


def merge(app, env, docnames, other):
    book_of(env).update({name: book_of(other)[name] for name in docnames if name in book_of(other)})


def list_again(app, env):
    """Write the page with the list anew: any page may have changed."""
    return [name for name in env.all_docs if name.endswith("/predictions")]


class FillList(SphinxPostTransform):
    """Write the list of all predictions, chapter by chapter, each with a link to its place."""

    default_priority = 5  # before formulas and references are resolved

    def run(self, **kwargs):
        for place in list(self.document.findall(PredictionList)):
            place.replace_self(self.all())

    def all(self):
        book = book_of(self.env)
        order = self.env.toctree_includes.get(self.config.root_doc, [])
        pages = [name for name in order if name in book]
        total = sum(len(book[name]) for name in pages)
        found = [html(f'<div class="predictions"><p>All {total}, in {len(pages)} chapters:</p>')]
        for page in pages:
            found += self.of_page(page, book[page])
        return [*found, html("</div>")]

    def of_page(self, page, predictions):
        link = self.app.builder.get_relative_uri(self.env.docname, page)
        number = ".".join(map(str, self.env.toc_secnumbers.get(page, {}).get("", ())))
        title = f"{number}. {self.env.titles[page].astext()}".removeprefix(". ")
        found = [html(f'<h2><a href="{link}">{escape(title)}</a></h2><ol>')]
        for name, question in predictions:
            place = f'<li data-page="{Path(page).name}" data-key="{name}"><a href="{link}#{name}">'
            found += [html(place), *plain(question), html("</a></li>")]
        return [*found, html("</ol>")]


def html(text):
    return nodes.raw("", text, format="html")


def plain(question):
    """Return a copy of a question without links: it will be one itself."""
    copy = nodes.inline("", "", *[part.deepcopy() for part in question])
    for link in list(
        copy.findall(lambda n: isinstance(n, nodes.reference | addnodes.pending_xref))
    ):
        link.replace_self(
            nodes.Text("the figure" if link.get("reftype") == "numref" else link.astext())
        )
    return [copy]


def load(app, pagename, templatename, context, doctree):
    """Load the script and its styles on pages that have a prediction, or the list of them."""
    wanted = doctree is not None and next(doctree.findall(Prediction), None)
    if wanted or pagename.endswith("/predictions"):
        app.add_css_file("predictions.css")
    if wanted:
        app.add_js_file(None, body=FIRST)
        app.add_js_file("predictions.js", loading_method="defer")
    elif pagename.endswith("/predictions"):
        app.add_js_file("overview.js", loading_method="defer")


def write(app):
    """Write the scripts as classic ones."""
    if app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    static.mkdir(parents=True, exist_ok=True)
    for name, entry in (("predictions", "prompts"), ("overview", "overview")):
        (static / f"{name}.js").write_text(bundle.script(entry), "utf-8")
    (static / "predictions.css").write_text(bundle.style("predictions"), "utf-8")


def setup(app):
    silent = {name: (skip, skip) for name in ("latex", "text", "man", "texinfo")}
    app.add_node(Prediction, html=(visit_prediction, depart), **silent)
    app.add_node(Answer, html=(visit_answer, depart), **silent)
    app.add_node(PredictionList)
    app.add_directive("predictions", ListDirective)
    app.add_post_transform(FillList)
    app.connect("doctree-read", wrap)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", list_again)
    app.connect("html-page-context", load)
    app.connect("builder-inited", write)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}

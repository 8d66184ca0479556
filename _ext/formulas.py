"""Formulas as MathML, made when the book is built by Temml, and the font that shows them.

A formula keeps its TeX as an annotation: it is what a reader copies (static/formulas.js).
"""

import json
import re
import unicodedata
from functools import cache
from html import unescape
from pathlib import Path

from docutils import nodes
from fonts import write_subset
from sphinx.locale import _ as translated
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from momentum.explorers import engine

LOGGER = logging.getLogger(__name__)
THIRD_PARTY = Path(__file__).parent.parent / "third_party"
FONT = THIRD_PARTY / "stix-two-math" / "stix-two-math-latin-400-normal.woff"
TYPESET = """
const typeset = (formula) => {
  const { tex, ...options } = JSON.parse(formula);
  Object.assign(options, { annotate: true, throwOnError: true });
  return JSON.stringify(temml.renderToString(tex, options));
};"""
# The few characters beside a formula that no space parts from it.
HEAD, TAIL = re.compile(r"(?<!\S)\S{1,6}$|$"), re.compile(r"^(?:\S{1,6}(?!\S))?")
MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
ANNOTATION = re.compile(r"<annotation\b.*?</annotation>|<[^>]*>", re.DOTALL)
# A letter alone is shown in italics: the font has those as characters of their own.
ITALIC = {"h": "ℎ"} | {
    unicodedata.normalize("NFKC", letter): letter
    for letter in map(chr, range(0x1D400, 0x1D7CC))
    if unicodedata.name(letter, "").startswith("MATHEMATICAL ITALIC")
}


@cache
def mathml(tex, display=False):
    """Return a formula as a <math> element; raise what quickjs raises where the TeX is wrong."""
    script = (THIRD_PARTY / "temml" / "temml.min.js").read_text("utf-8")
    typeset = engine.function(script + TYPESET, "typeset")
    return json.loads(typeset(json.dumps({"tex": tex, "displayMode": display})))


def formula(node, display=False):
    """Return the MathML of a node; one that Temml cannot read is a warning, and stays TeX."""
    try:
        return mathml(node.astext().strip(), display)
    except Exception as error:  # quickjs has a class of its own, and no other comes from here
        LOGGER.warning("formula: %s", error, location=node)
        return f"<code>{node.astext()}</code>"


def join(app, doctree, docname):
    """Keep a formula on one line with what touches it: a bracket before, a comma behind."""
    for math in list(doctree.findall(nodes.math)):
        parent, place = math.parent, math.parent.index(math)
        before, behind = text_at(parent, place - 1), text_at(parent, place + 1)
        head, tail = HEAD.search(before)[0], TAIL.search(behind)[0]
        if head:
            parent[place - 1] = nodes.Text(before.removesuffix(head))
        if tail:
            parent[place + 1] = nodes.Text(behind.removeprefix(tail))
        if head or tail:
            texts = nodes.Text(head), nodes.Text(tail)
            parent[place] = nodes.inline("", "", texts[0], math, texts[1], classes=["joined"])


def text_at(parent, place):
    """Return the text that is a node's child at that place; no text if something else is."""
    beside = parent[place] if 0 <= place < len(parent) else None
    return beside.astext() if isinstance(beside, nodes.Text) else ""


def visit_inline(self, node):
    tag = self.starttag(node, "span", "", CLASS="math notranslate nohighlight")
    self.body.append(f"{tag}{formula(node)}</span>")
    raise nodes.SkipNode


def visit_display(self, node):
    self.body.append(self.starttag(node, "div", CLASS="math notranslate nohighlight"))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, translated("Link to this equation"))
        self.body.append("</span>")
    self.body.append(f"{formula(node, display=True)}</div>\n")
    raise nodes.SkipNode


def characters(page):
    """Return the characters that a page's formulas show."""
    shown = set(unescape("".join(ANNOTATION.sub("", math) for math in MATH.findall(page))))
    shown.add("√")  # an element draws it, no character
    return shown | {ITALIC[letter] for letter in shown & ITALIC.keys()}


def write_font(app, exception):
    """Cut the font down to the characters of all formulas; what it knows of formulas stays."""
    if exception or app.builder.format != "html":
        return
    pages = [page.read_text("utf-8") for page in Path(app.outdir).rglob("*.html")]
    used = set().union(*map(characters, pages))
    target = Path(app.outdir, "_static", "stix-two-math.woff")
    write_subset(FONT, target, "".join(sorted(used)), ["ssty", "ss04"], narrow_roots)


def narrow_roots(font):
    """Make all sizes of the root's sign as wide as the smallest.

    Chromium gives each root the room that the widest would need, and leaves a gap behind it.
    """
    smallest = font.getBestCmap()[ord("√")]
    width, _ = font["hmtx"][smallest]
    variants = font["MATH"].table.MathVariants
    place = variants.VertGlyphCoverage.glyphs.index(smallest)
    sizes = variants.VertGlyphConstruction[place]
    names = {size.VariantGlyph for size in sizes.MathGlyphVariantRecord}
    names |= {part.glyph for part in sizes.GlyphAssembly.PartRecords}
    for name in names:
        share = width / font["hmtx"][name][0]
        font["glyf"][name].coordinates.scale((share, 1))
        font["hmtx"][name] = width, round(share * font["hmtx"][name][1])


def setup(app):
    app.add_html_math_renderer("temml", (visit_inline, None), (visit_display, None))
    app.add_js_file("formulas.js")
    app.connect("doctree-resolved", join)
    app.connect("build-finished", write_font, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

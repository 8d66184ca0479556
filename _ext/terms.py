"""Join what means the same: a symbol in a formula, its word in the text, its curve in a figure.

Each gets the attribute `data-term`; static/terms.js lights up those of one section together. Which
symbol stands for which word is read from the page of the notation.
"""

import re
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform

from momentum.figures import look

# Each term with the colour of its light, which is that of its curve if it has one.
TERMS = {
    "learning-rate": look.PURPLE, "beta": look.AMBER, "velocity": look.ORANGE,
    "gradient": look.BLUE, "curvature": look.MOSS, "condition-number": look.VIOLET,
    "convergence-rate": look.CRIMSON, "momentum": look.ORANGE, "gradient-descent": look.BLUE,
    "nesterov": look.GREEN, "gain": look.PURPLE, "step": look.INK,
}  # fmt: skip
WORDS_ALONE = {  # no symbol stands for them
    "momentum": "momentum", "gradient descent": "gradient-descent", "Nesterov": "nesterov",
    "gain": "gain", "step": "step",
}  # fmt: skip
ROW = re.compile(r"^\* - (\$?)(\w+)\1(?: \(\w+\))?\n  - ([^\n]+)$", re.MULTILINE)
STATIC = Path(__file__).parent / "static"
SYMBOL = re.compile(r"<mi([^>]*)>([^<]+)</mi>")
# Of a display, <math> takes the focus, not the box around it: to it no role must be given.
EQUATION = re.compile(r'<math(?=[^>]*display="block")([^>]*)>(.*?)</math>', re.DOTALL)
TAKEN = nodes.reference, nodes.literal, nodes.math, nodes.footnote_reference


@cache
def table(notation):
    """Return the term of each symbol, and of each word, as the notation has them."""
    symbols, words = {}, dict(WORDS_ALONE)
    for _, symbol, meaning in ROW.findall(notation):
        phrases = [phrase.strip().removeprefix("the ") for phrase in meaning.split(",")]
        term = phrases[0].replace(" ", "-")
        if term in TERMS:
            symbols[symbol] = term
            words |= {phrase: term for phrase in phrases if re.fullmatch(r"[a-z ]+", phrase)}
    lost = TERMS.keys() - {*symbols.values(), *words.values()}
    if lost:
        raise ExtensionError(f"chapters/notation.md has no row for {', '.join(sorted(lost))}")
    return symbols, words


def read(app):
    return table(Path(app.srcdir, "chapters/notation.md").read_text("utf-8"))


@cache
def pattern(symbols, words):
    """Return what finds a word, the longest first, or a symbol that stands by itself."""
    longest = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    letters = "|".join(symbol for symbol in symbols if not symbol.isascii())
    # "It gains" is a verb.
    return re.compile(
        rf"\b(?P<word>(?i:{longest}))(?:(?<!gain)s)?\b|(?<!\w)(?P<symbol>{letters})(?!\w)"
    )


def marked(text, symbols, words, seen):
    """Return a text as nodes, in which the first of each word and symbol is marked."""
    parts, end = [], 0
    lower = {word.lower(): term for word, term in words.items()}
    for found in pattern(tuple(symbols), tuple(words)).finditer(text):
        name = (found["word"] or found["symbol"]).lower()
        if name in seen:
            continue
        seen.add(name)
        term = lower.get(name) or symbols[found["symbol"]]
        html = f'<span data-term="{term}">{found[0]}</span>'
        parts += [nodes.Text(text[end : found.start()]), nodes.raw("", html, format="html")]
        end = found.end()
    return [*parts, nodes.Text(text[end:])] if parts else []


def has_something_to_join(section):
    """Return whether a section itself, not one below it, has a formula or a live figure."""
    own = [child for child in section.children if not isinstance(child, nodes.section)]
    return any(
        isinstance(node, nodes.math | nodes.math_block)
        or (isinstance(node, nodes.raw) and "<momentum-explorer" in node.astext())
        for child in own
        for node in child.findall()
    )


class MarkedWords(SphinxPostTransform):
    """Mark in each section with a formula or a live figure the words and symbols of its text."""

    default_priority = 400
    formats = ("html",)

    def run(self, **kwargs):
        symbols, words = read(self.app)
        for section in self.document.findall(nodes.section):
            if has_something_to_join(section):
                self.mark(section, symbols, words)

    def mark(self, section, symbols, words):
        seen = set()
        for child in section.children:
            if not isinstance(child, nodes.paragraph | nodes.bullet_list | nodes.enumerated_list):
                continue
            for text in list(child.findall(nodes.Text)):
                parts = [] if taken(text) else marked(text.astext(), symbols, words, seen)
                if parts:
                    place = text.parent.index(text)
                    text.parent[place : place + 1] = parts


def taken(text):
    """Return whether a text is a link's, or code."""
    node = text.parent
    while node is not None and not isinstance(node, nodes.paragraph):
        if isinstance(node, TAKEN):
            return True
        node = node.parent
    return False


def joined(page, symbols):
    """Return a page whose formulas have their symbols marked; the keys reach each equation."""

    def mark(found):
        term = symbols.get(found[2])
        return f'<mi{found[1]} data-term="{term}">{found[2]}</mi>' if term else found[0]

    def reach(found):
        return (
            found[0].replace("<math", '<math tabindex="0"', 1)
            if "data-term" in found[2]
            else found[0]
        )

    return EQUATION.sub(reach, SYMBOL.sub(mark, page))


def finish(app, exception):
    if exception or app.builder.name != "html":
        return
    symbols, _ = read(app)
    for path in Path(app.outdir).rglob("*.html"):
        path.write_text(joined(path.read_text("utf-8"), symbols), "utf-8")


def write_style(app):
    """Write the colours of the lights behind what makes a light."""
    if app.builder.name != "html":
        return
    rules = [
        f'[data-term="{term}"]{{--lit:var(--figure-{color[1:]},{color})}}\n'
        for term, color in TERMS.items()
    ]
    static = Path(app.outdir, "_static")
    static.mkdir(parents=True, exist_ok=True)
    looks = (STATIC / "terms.css").read_text("utf-8")
    (static / "terms.css").write_text(f"{looks}{''.join(rules)}", "utf-8")


def setup(app):
    app.add_post_transform(MarkedWords)
    app.add_css_file("terms.css", priority=920)
    app.add_js_file("terms.js", loading_method="defer")
    app.connect("builder-inited", write_style)
    app.connect("build-finished", finish, priority=930)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""HTML of the book as Typst's markup: a walk over the elements, with a method for each kind."""

import json
import re

from bs4 import NavigableString, Tag
from bs4.element import PreformattedString

from tools.course import drawings, formulas

SPECIAL = re.compile(r"""[\\#*_`$<>@\[\]()~=+\-/'".;]""")
ANNOTATION = "annotation"
UNPRINTED = (
    "script, :not(svg) > style, button, .headerlink, .unseen, momentum-predictions, "
    "momentum-explorer .controls, .tries"
)
SIMPLE = {
    "em": "emph", "i": "emph", "strong": "strong", "b": "strong", "sup": "super", "sub": "sub",
    "blockquote": "quote.with(block: true)", "dt": "strong",
}  # fmt: skip
# Classes of the book, and the function of the template that shows what has them.
FRAMED = "prediction", "question", "answer", "lines", "axes", "appendix", "solved"
LINES = "turn", "entry"


def quoted(text):
    """Return a string of Typst: its escapes are those of JSON, save for characters by number."""
    return re.sub(r"\\u([0-9a-f]{4})", r"\\u{\1}", json.dumps(text, ensure_ascii=False))


def escaped(text):
    return SPECIAL.sub(r"\\\g<0>", text)


def tex_of(math):
    return math.find(ANNOTATION).get_text().strip()


def name_places(soup):
    """Return for each id the label of its place: a section's place is its heading."""
    names = {}
    for tag in soup.select("[id]"):
        if tag.find_parent("svg"):
            continue
        place = heading_of(tag) or tag
        place["data-label"] = names[tag["id"]] = place.get("data-label") or tag["id"]
    return names


def heading_of(tag):
    """Return the heading that a section begins with, or that an empty mark stands before."""
    if tag.name in ("section", "article"):
        return tag.find(re.compile("^h[1-6]$"))
    after = tag.find_next_sibling() if tag.name == "span" and not tag.contents else None
    return after if after and re.match("h[1-6]$", after.name) else None


class Writer:
    """Writes a soup, which it changes, as Typst's markup."""

    def __init__(self, soup):
        for tag in soup.select(UNPRINTED):
            tag.extract()
        self.names = name_places(soup)
        self.formulas = formulas.to_typst(tex_of(math) for math in soup.find_all("math"))

    def children(self, tag):
        return "".join(self.write(child) for child in tag.children)

    def write(self, node):
        if isinstance(node, PreformattedString):
            return ""
        if isinstance(node, NavigableString):
            return escaped(re.sub(r"\s+", " ", node))
        name = "heading" if re.fullmatch("h[1-6]", node.name) else node.name.replace("-", "_")
        text = getattr(self, f"on_{name}", self.on_other)(node)
        return self.placed(node, text)

    def placed(self, tag, text):
        """Return the text with the label of its element, which links name."""
        label = tag.get("data-label")
        if not label:
            return text
        if tag.name in ("h1", "h2", "h3", "h4", "h5", "h6", "figure") or self.is_equation(tag):
            return f"{text.rstrip()} #label({quoted(label)})\n\n"
        return f"#anchor({quoted(label)}){text}"

    @staticmethod
    def is_equation(tag):
        return tag.name == "div" and "math" in tag.get("class", [])

    def on_other(self, tag):
        if tag.name in SIMPLE:
            return f"#{SIMPLE[tag.name]}[{self.children(tag)}]"
        return self.children(tag)

    def on_heading(self, tag):
        kind = tag.get("class", [])
        new = "#opening\n" if "opening" in kind else ""
        listed = ", outlined: false, bookmarked: true" if "unlisted" in kind else ""
        text = self.children(tag).strip()
        return f"\n\n{new}#heading(depth: {tag.name[1]}{listed})[{text}]\n\n"

    def on_p(self, tag):
        text = self.children(tag).strip()
        function = next((name for name in LINES if name in tag.get("class", [])), "par")
        return f"\n\n#{function}[{text}]\n\n" if text else ""

    def on_div(self, tag):
        classes = tag.get("class", [])
        if self.is_equation(tag):
            return self.equation(tag)
        if any(name.startswith("highlight") for name in classes):
            return self.code(tag)
        for name in FRAMED:
            if name in classes:
                return f"\n\n#{name}[{self.children(tag)}]\n\n"
        text = self.children(tag)
        return f"\n\n{text}\n\n"

    on_section = on_article = on_div

    def on_math(self, tag):
        tex = tex_of(tag)
        return f"#formula({quoted(tex)}, {self.formulas[tex]})"

    def equation(self, tag):
        tex, number = tex_of(tag.find("math")), tag.find(class_="eqno")
        shown = f"[{escaped(number.get_text().strip())}]" if number else "none"
        return f"\n\n#equation({quoted(tex)}, {shown}, {self.formulas[tex]})"

    def code(self, tag):
        text = tag.get_text().strip("\n")
        kind = "output" if tag.find_parent(class_="cell_output") else "listing"
        lang = "python" if {"highlight-ipython3", "highlight-python"} & {*tag["class"]} else "text"
        return f"\n\n#{kind}({quoted(text)}, {quoted(lang)})\n\n"

    def on_pre(self, tag):
        return f"\n\n#listing({quoted(tag.get_text())}, {quoted('text')})\n\n"

    def on_code(self, tag):
        return f"#raw({quoted(tag.get_text())})"

    def on_a(self, tag):
        text, href = self.children(tag), tag.get("href", "")
        if href.startswith("#") and href[1:] in self.names:
            page = ", page: true" if tag.has_attr("data-page-number") else ""
            return f"#inward({quoted(self.names[href[1:]])}{page})[{text}]"
        if re.match("https?:|mailto:", href):
            return f"#link({quoted(href)})[{text}]"
        return text

    def on_br(self, tag):
        return "#linebreak()"

    def on_hr(self, tag):
        return "\n\n#rule\n\n"

    def on_ul(self, tag):
        return self.list_of(tag, "cards" if "cards" in tag.get("class", []) else "list")

    def on_ol(self, tag):
        return self.list_of(tag, f"enum.with(start: {tag.get('start', 1)})")

    def list_of(self, tag, function):
        tight = "true" if "simple" in tag.get("class", []) else "false"
        items = ", ".join(f"[{self.write(item)}]" for item in tag.find_all("li", recursive=False))
        return f"\n\n#{function}(tight: {tight}, {items})\n\n"

    def on_li(self, tag):
        only = [child for child in tag.children if isinstance(child, Tag) or child.strip()]
        if len(only) == 1 and getattr(only[0], "name", "") == "p":
            return self.children(only[0]).strip()
        return self.children(tag).strip()

    def on_dd(self, tag):
        return f"#pad(left: 1.5em)[{self.children(tag)}]"

    def on_details(self, tag):
        summary = tag.find("summary", recursive=False)
        words = summary.find("p") or summary if summary else None
        shown = self.children(words).strip() if words else ""
        inner = "".join(self.write(child) for child in tag.children if child is not summary)
        if "code" in tag.get("class", []):
            return inner
        return f"\n\n#folded[{shown}][{inner}]\n\n"

    def on_svg(self, tag):
        width, _ = drawings.size(tag)
        data = f"bytes({quoted(drawings.svg(tag))})"
        return f"#picture({data}, {quoted(tag.get('aria-label', ''))}, {width:g})"

    def on_img(self, tag):
        return f"#picture({quoted(tag['src'])}, {quoted(tag.get('alt', ''))}, none)"

    def on_figure(self, tag):
        words = tag.find("figcaption")
        inner = "".join(self.write(child) for child in tag.children if child is not words)
        caption, *more = [self.children(one).strip() for one in words.find_all("p")] or [""]
        more = "".join(f", more: [{one}]" for one in more)
        return f"\n\n#shown({quoted('image')}, [{caption}], [{inner.strip()}]{more})\n\n"

    def on_momentum_explorer(self, tag):
        return self.on_figure(drawings.still(tag))

    def on_span(self, tag):
        text = self.children(tag)
        if "caption-number" in tag.get("class", []):
            return f"#strong[{text.strip()}] "
        return f"#section-number[{text}]" if "section-number" in tag.get("class", []) else text

    def on_table(self, tag):
        rows = tag.find_all("tr")
        head = [row for row in rows if row.find_parent("thead")]
        cells = [self.cells(row) for row in rows if row not in head]
        header = f"table.header({', '.join(self.cells(row) for row in head)}), " if head else ""
        columns = max(len(row.find_all(["td", "th"])) for row in rows)
        grid = f"#grid-table({columns}, {header}{', '.join(cells)})"
        caption = self.children(tag.caption).strip() if tag.caption else ""
        return f"\n\n#shown({quoted('table')}, [{caption}], [{grid}])\n\n"

    def cells(self, row):
        return ", ".join(f"[{self.on_li(cell)}]" for cell in row.find_all(["td", "th"]))

"""One style sheet for all pages, of what they use: the theme's own are half a megabyte."""

import posixpath
import re
from functools import partial
from graphlib import TopologicalSorter
from itertools import pairwise

LINK = re.compile(r'<link(?=[^>]*rel="stylesheet")[^>]*href="(?:\.\./)*(_static/[^"?]*)[^>]*>')
MEDIA = re.compile(r'media="(\w+)"')
COMMENT = re.compile(r"/\*.*?\*/|@charset[^;]*;", re.DOTALL)
IMPORT = re.compile(r"""@import\s*(?:url\()?["']?([^"')]+)["']?\)?\s*;""")
URL = re.compile(r"""url\(\s*["']?(?!data:|#)([^"')]+)["']?\s*\)""")
HEAD = re.compile(r"[^{};]*[{;]")
STRING = r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\''
BRACE = re.compile(rf"{STRING}|[{{}}]")
# What stands in brackets, :not(...) or [...], is no reason to drop a rule.
BRACKETS = re.compile(r"\([^()]*\)|\[[^\]]*\]")
NAME = re.compile(r"[.#](-?[A-Za-z_][\w-]*)")
WORD = re.compile(r"[A-Za-z_][\w-]*")
COMMA = re.compile(r",(?![^(]*\))")
SCRIPT = re.compile(r"<script(?![^>]*json)[^>]*>(.*?)</script>", re.DOTALL)
NAMED = re.compile(r'\b(?:class|id)="([^"]*)"')
VALUE = rf"(?:{STRING}|\((?:{STRING}|[^()\"'])*\)|[^;{{}}\"'])*"
PROPERTY = re.compile(rf"(?<![\w-])(--[\w-]+)\s*:{VALUE};?")
GROUPS = "@media", "@supports", "@container", "@layer"


def merged(site, pages):
    """Return the sheets that pages link as one sheet in _static, each behind those it follows."""
    links, order = {}, TopologicalSorter()
    for page in sorted(pages, key=LINK.findall):
        links |= {link[1]: MEDIA.search(link[0]) for link in LINK.finditer(page)}
        for first, second in pairwise(LINK.findall(page)):
            order.add(second, first)
    return "".join(for_medium(text(site, name), links[name]) for name in order.static_order())


def for_medium(sheet, medium):
    return f"@media {medium[1]} {{{sheet}}}" if medium else sheet


def text(site, name):
    """Return a sheet with what it imports, its addresses as seen from _static."""
    folder = posixpath.dirname(name)
    parts = IMPORT.split(COMMENT.sub("", (site / name).read_text("utf-8")))
    parts[::2] = [URL.sub(partial(moved, folder), part) for part in parts[::2]]
    parts[1::2] = [text(site, posixpath.join(folder, sheet)) for sheet in parts[1::2]]
    return "".join(parts)


def moved(folder, url):
    seen = posixpath.relpath(posixpath.normpath(posixpath.join(folder, url[1])), "_static")
    return url[0] if folder == "_static" else f'url("{seen}")'


def vocabulary(site, pages):
    """Return all names of classes and elements on the pages, and all words of their scripts."""
    scripts = [script for page in pages for script in SCRIPT.findall(page)]
    scripts += [path.read_text("utf-8") for path in site.glob("_static/**/*.js")]
    named = {name for page in pages for names in NAMED.findall(page) for name in names.split()}
    return named.union(*map(WORD.findall, scripts))


def pruned(sheet, words):
    """Return the rules of a sheet that may match something, and what is not a style."""
    kept, place = [], 0
    while head := HEAD.match(sheet, place):
        end = closing(sheet, head.end()) if head[0].endswith("{") else head.end()
        start, body = head[0][:-1].strip(), sheet[head.end() : end - 1]
        if start.startswith(GROUPS):
            body = pruned(body, words)
        elif not start.startswith("@"):
            start = ",".join(s.strip() for s in COMMA.split(start) if may_match(s, words))
        place = end
        if start and body.strip():
            kept.append(f"{start}{{{' '.join(body.split())}}}\n")
    return "".join(kept)


def closing(sheet, place):
    """Return where the block that is open at a place is closed."""
    depth = 1
    for brace in BRACE.finditer(sheet, place):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if not depth:
            return brace.end()
    raise ValueError(f"a block of a style sheet is not closed: {sheet[place : place + 80]!r}")


def may_match(selector, words):
    while selector != (selector := BRACKETS.sub("", selector)):
        pass
    return all(name in words for name in NAME.findall(selector))


def read_only(sheet, elsewhere):
    """Return a sheet without the custom properties that nothing reads."""
    # Figures that a reader draws have colours that no figure of the pages has.
    own = re.findall(r"--figure-[0-9a-f]+", sheet)
    read = {*re.findall(r"var\(\s*(--[\w-]+)", sheet), *re.findall(r"--[\w-]+", elsewhere), *own}
    less = PROPERTY.sub(lambda stated: stated[0] if stated[1] in read else "", sheet)
    return less if less == sheet else read_only(less, elsewhere)

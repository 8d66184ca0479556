"""Make the finished pages light: what the theme loads and the book does not use is dropped."""

import hashlib
import json
import re
from itertools import chain, repeat
from pathlib import Path

import sheets
from fonts import write_subset

# 1.6 MB of script for icons that a web font shows as well.
FONTAWESOME_JS = re.compile(r"\s*<!--[^>]*-->\s*<script[^>]*scripts/fontawesome\.js[^>]*></script>")
SCRIPT = re.compile(r'<script src="((?:\.\./)?(_static/[^"?]*\.js)[^"]*)"></script>')
EARLY = re.compile(r'\s*<link rel="preload" as="script"[^>]*>')
# The search page alone uses it: elsewhere a search begins there.
SEARCH = re.compile(
    r'\s*<script src="(?:\.\./)?'
    r'(?:_static/(?:searchtools|language_data)|searchindex)\.js"></script>'
)
# Bytes before compression: a request of its own costs more than these.
SMALL = 5_000


def finish(app, exception):
    """Lighten every page once all are written."""
    if exception or app.builder.name != "html":
        return
    site = Path(app.outdir)
    for script in site.glob("_static/scripts/fontawesome.js*"):
        script.unlink()
    subset_icons(site)
    for page in site.rglob("*.html"):
        page.write_text(lighter(page.read_text("utf-8"), site), "utf-8")
    join_sheets(site, Path(app.doctreedir))


def lighter(page, site):
    """Return a page without what it does not use, and with its smallest scripts in it."""
    page = EARLY.sub("", FONTAWESOME_JS.sub("", page))
    if "search-results" in page:  # its scripts call each other while they load
        return page
    return SCRIPT.sub(lambda script: inlined(script, site), SEARCH.sub("", page))


def inlined(script, site):
    """Return a small script as an element of the page; a large one does not hold up the page."""
    text = Path(site, script[2]).read_text("utf-8")
    if len(text) <= SMALL and "</script" not in text:
        return f"<script>{text}</script>"
    return f'<script defer src="{script[1]}"></script>'


def join_sheets(site, notes):
    """Write one style sheet of what the pages use, and link it in the place of all others.

    The file `whole.css` gets all of them, for a test: it must show the pages alike.
    """
    pages = {path: path.read_text("utf-8") for path in site.rglob("*.html")}
    whole = sheets.merged(site, links_of(site, pages, notes / "links.json"))
    (notes / "whole.css").write_text(whole, "utf-8")
    words = sheets.vocabulary(site, pages.values())
    sheet = sheets.pruned(whole, words)
    scripts = [path.read_text("utf-8") for path in site.glob("_static/**/*.js")]
    sheet = sheets.read_only(sheet, "".join([*pages.values(), *scripts]))
    (site / "_static/styles.css").write_text(sheet, "utf-8")
    for path, page in pages.items():
        root = "../" * (len(path.relative_to(site).parts) - 1)
        link = f'<link rel="stylesheet" href="{root}_static/styles.css?v={digest(sheet)}">'
        links = chain([link], repeat(""))
        path.write_text(sheets.LINK.sub(lambda _, links=links: next(links), page), "utf-8")


def links_of(site, pages, store):
    """Return each page's links to sheets; a page that was not written again has lost its own."""
    known = json.loads(store.read_text("utf-8")) if store.exists() else {}
    for path, page in pages.items():
        links = [link[0] for link in sheets.LINK.finditer(page)]
        if not any("_static/styles.css?" in link for link in links):
            known[path.relative_to(site).as_posix()] = "".join(links)
    store.write_text(json.dumps(known), "utf-8")
    return known.values()


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def subset_icons(site):
    """Cut the icon font down to the icons on the pages: 156 KB become a few."""
    styles = site / "_static/styles/pydata-sphinx-theme.css"
    fonts = site / "_static/vendor/fontawesome/webfonts"
    css = styles.read_text("utf-8")
    if not (fonts / "fa-solid-900.ttf").exists():
        return
    names = {
        n for p in site.rglob("*.html") for n in re.findall(r"fa-[a-z-]+", p.read_text("utf-8"))
    }
    codes = {code for name in names for code in icon_codes(css, name)}
    codes |= {f"{ord(icon):x}" for icon in re.findall("[\ue000-\uf8ff]", css)}
    icons = "".join(chr(int(code, 16)) for code in sorted(codes))
    write_subset(fonts / "fa-solid-900.ttf", fonts / "fa-solid-900.woff", icons)
    styles.write_text(
        css.replace('fa-solid-900.woff2) format("woff2")', 'fa-solid-900.woff) format("woff")')
    )
    for font in fonts.glob("fa-*"):
        if font.suffix != ".woff":
            font.unlink()


def icon_codes(css, name):
    """Return the code points that the theme's styles give to an icon."""
    return re.findall(rf"\.{name}(?![\w-])[^{{}}]*\{{[^}}]*?\"\\(f[0-9a-f]{{3}})\"", css)


def setup(app):
    app.connect("build-finished", finish, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

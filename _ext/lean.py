"""Make the finished pages light: what the theme loads and the book does not use is dropped."""

import re
from pathlib import Path

from fonts import write_subset

# 1.6 MB of script for icons that a web font shows as well.
FONTAWESOME_JS = re.compile(r"\s*<!--[^>]*-->\s*<script[^>]*scripts/fontawesome\.js[^>]*></script>")
SHEET = re.compile(r'<link[^>]*href="(?:\.\./)?(_static/[^"?]*\.css)[^"]*"[^>]*>')
SCRIPT = re.compile(r'<script src="(?:\.\./)?(_static/[^"?]*\.js)[^"]*"></script>')
# Bytes before compression: a request of its own costs more than these.
SMALL = {"style": 13_000, "script": 5_000}


def finish(app, exception):
    """Lighten every page once all are written."""
    if exception or app.builder.name != "html":
        return
    site = Path(app.outdir)
    for page in site.rglob("*.html"):
        page.write_text(lighter(page.read_text("utf-8"), site), "utf-8")
    for script in site.glob("_static/scripts/fontawesome.js*"):
        script.unlink()
    subset_icons(site)


def lighter(page, site):
    """Return a page without fontawesome.js, and with its smallest files in it."""
    page = FONTAWESOME_JS.sub("", page)
    page = SHEET.sub(lambda link: inlined(link, site, "style"), page)
    return SCRIPT.sub(lambda link: inlined(link, site, "script"), page)


def inlined(link, site, tag):
    """Return a small file as an element of the page, a large one as the link it was."""
    text = Path(site, link[1]).read_text("utf-8")
    stays = (
        "media=" in link[0] or len(text) > SMALL[tag] or re.search(r"url\(|@import|</script", text)
    )
    return link[0] if stays else f"<{tag}>{text}</{tag}>"


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

"""The book as one HTML file, for a stick or a mail: it is alive, and loads nothing."""

import base64
import re
from itertools import groupby
from mimetypes import guess_type
from pathlib import Path

from tools.course import colophon, joined, pages

NAME = "momentum.html"
OURS = Path(__file__).parents[2] / "course"
# Those of the site that make a page alive, in the order in which a page loads them.
SCRIPTS = [
    f"{name}.js"
    for name in ("explorers", "predictions", "overview", "terms", "folds", "reach", "formulas")
]
URL = re.compile(r'url\("([^"]*)"\)')
PAGE = """<!DOCTYPE html>
<html lang="en" data-theme="light" data-title="{title}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="{icon}">
<style>{styles}</style>
<script>
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
if (dark) document.documentElement.dataset.theme = "dark";
</script>
</head>
<body>
<div class="whole">
<nav class="contents" aria-label="Contents"><details open><summary>{title}</summary>
{contents}
</details></nav>
<main class="bd-main"><div class="bd-content"><div class="bd-article-container">
{articles}
<p class="colophon">{colophon}</p>
</div></div></main>
</div>
{scripts}
</body>
</html>
"""


def make(folder):
    target = folder / NAME
    target.write_text(html(), "utf-8")
    return [(NAME, "the book in one file, to read without a network")]


def html():
    found = joined.articles(online=["run_here"])
    static = pages.SITE / "_static"
    styles = URL.sub(lambda url: f'url("{data(static / url[1])}")', text(static / "styles.css"))
    scripts = [text(static / name) for name in SCRIPTS] + [text(OURS / "single.js")]
    return PAGE.format(
        title=colophon.TITLE,
        icon=data(static / "favicon.svg"),
        styles=styles + text(OURS / "single.css"),
        contents=contents(found),
        articles="\n".join(map(str, turned([alone(article) for _, article in found]))),
        colophon=colophon.line("The book in one file"),
        scripts="\n".join(f"<script>{script}</script>" for script in scripts),
    )


def text(path):
    return path.read_text("utf-8")


def data(path):
    """Return a file as an address that holds it; nothing where the file is not shipped."""
    if not path.is_file():
        return "data:,"
    kind = guess_type(path.name)[0] or "font/woff"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def alone(article):
    """Return an article without what needs the site, and with its pictures inside."""
    for button in article.select(".run-here"):
        button.extract()
    for image in article.find_all("img"):
        image["src"] = data(pages.SITE / image["src"])
    return article


def turned(articles):
    """Return articles with links to the page before and the page behind."""
    for before, article, behind in zip([None, *articles], articles, [*articles[1:], None]):
        ways = "".join(
            link(other, word) for other, word in ((before, "← "), (behind, "→ ")) if other
        )
        article.append(
            joined.fragment(f'<nav class="turns" aria-label="Turn the page">{ways}</nav>')
        )
    return articles


def contents(found):
    """Return the contents: each part with links to its pages."""
    parts = []
    for part, inside in groupby(found, key=lambda one: one[0].part):
        items = "".join(f"<li>{link(article)}</li>" for _, article in inside)
        parts.append(f"<p>{part}</p>" * bool(part) + f"<ul>{items}</ul>")
    return "\n".join(parts)


def link(article, before=""):
    heading = article.find("h1")
    title = "".join(part for part in heading.strings if part.parent.get("class") != ["headerlink"])
    return f'<a href="#{article["id"]}">{before}{title}</a>'

"""The finished pages joined to one piece: each id once, and each link between pages inside it."""

import re
from pathlib import PurePosixPath
from posixpath import normpath

from bs4 import BeautifulSoup

from tools.course import drawings, pages

NAMES = "id", "for", "data-of", "data-figure", "data-key"
ONLINE = "run_here", "predictions"  # pages that speak of what a reader does on the website
BESIDE = '<p class="course"><em>It stands beside the website of the book.</em></p>'
NOTE = "<p><em>This page is about the website of the book.</em></p>"


def articles(online=ONLINE):
    """Return each page with its article, whose ids begin with the page's name.

    Pages whose names are in `online` get a note that they speak of the website.
    """
    found = pages.pages()
    stems = {f"{page.name}.html": page.stem for page in found}
    return [(page, joined(page, stems, page.stem in online)) for page in found]


def joined(page, stems, noted=False):
    """Return the article of a page with ids, links and images as the whole needs them."""
    article = page.article()
    for listed in article.select(".course"):  # with the sizes of its parts, of which this is one
        listed.replace_with(fragment(BESIDE))
    drawn = {id(tag) for drawing in article.find_all("svg") for tag in drawing.find_all(True)}
    for tag in article.find_all(True):
        if id(tag) not in drawn:
            rename(tag, page)
        if tag.name == "a" and tag.get("href"):
            tag["href"] = inside(tag["href"], page, stems)
        if tag.name == "img":
            tag["src"] = normpath(f"{PurePosixPath(page.name).parent}/{tag['src']}")
    article["id"] = page.stem
    if noted:
        article.find("h1").insert_after(fragment(NOTE))
    return article


def rename(tag, page):
    """Put the page's name before the ids that an element has or names."""
    for name in NAMES:
        if tag.get(name):
            tag[name] = f"{tag.get('data-page', page.stem)}.{tag[name]}"


def inside(href, page, stems):
    """Return a link as one inside the whole, where it leads to a page of the book."""
    if re.match(r"[a-z]+:", href):
        return href
    path, _, place = href.partition("#")
    folder = PurePosixPath(page.name).parent
    stem = stems.get(normpath(f"{folder}/{path}")) if path else page.stem
    if not stem:
        raise ValueError(f"{page.name}: {href} must lead to a page of the book")
    return f"#{stem}.{place}" if place else f"#{stem}"


def still(article):
    """Return an article for paper and e-books: what moves is its picture, nothing is pressed."""
    for tag in article.select("button, momentum-predictions, script, .headerlink, .on-dark"):
        tag.extract()
    for label in article.select(".citation > .label"):
        label.parent.p.insert(0, label.extract())
        label.insert_after(" ")
    for figure in article.find_all("momentum-explorer"):
        figure.replace_with(drawings.still(figure))
    return article


def fragment(html):
    """Return the element that a piece of HTML writes."""
    return BeautifulSoup(html, "html.parser").contents[0]

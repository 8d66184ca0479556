"""The book as PDF: every page in reading order, solutions and verdicts in appendices."""

from copy import copy
from functools import cache

from bs4 import BeautifulSoup

from tools.course import colophon, drawings, joined, pages, typeset
from tools.course.joined import fragment

NAME, COVER = "momentum.pdf", "cover.svg"
NOTE = (
    "On the website of the book the figures that stand above a description are live: they answer "
    "to the reader's hand. Here they are pictures."
)
HEADINGS = [f"h{level}" for level in range(1, 6)]


def make(folder):
    soup = whole()
    given, files = cover(soup)
    source = typeset.to_typst(soup)
    names = {"title": colophon.TITLE, "part": "The book", "layout": "book", "note": NOTE}
    typeset.pdf(source, files | assets(soup), folder / NAME, **names, **given)
    return [(NAME, "the book as PDF, to print or to read")]


def cover(soup):
    """Return what the title page shows, and the file with its picture: the book's first figure."""
    drawing = soup.find("figure").svg
    given = {"cover": COVER, "alt": drawing["aria-label"], "version": colophon.VERSION}
    return given, {COVER: drawings.svg(drawing).encode()}


def whole():
    """Return all pages as one soup: parts, chapters, appendices."""
    soup = BeautifulSoup("", "html.parser")
    parts = {"": soup}
    chapters = [(page, joined.still(article)) for page, article in joined.articles()]
    for page, article in chapters:
        if page.part not in parts:
            parts[page.part] = opened(page.part)
            soup.append(parts[page.part])
        parts[page.part].append(article)
        mark_headings(page, article)
        if page.part:
            parts[page.part].ul.append(fragment(listed(page)))
    for collect in (predictions, solutions):
        soup.append(collect(chapters))
    number_pages(soup)
    return soup


def opened(part):
    return fragment(f'<section><h1 class="opening">{part}</h1><ul></ul></section>')


def listed(page):
    number = f"{page.number}. " if page.number else ""
    link = f'<a href="#{page.stem}" data-page-number="">{number}{page.title}</a>'
    return f"<li>{link}</li>"


def mark_headings(page, article):
    """Put the headings of a page below that of its part; the contents list those of chapters."""
    first, *others = article.find_all(HEADINGS)
    for heading in (first, *others):
        heading.name = f"h{int(heading.name[1]) + bool(page.part)}"
    for heading in others:
        heading["class"] = [] if page.number else ["unlisted"]
    first["class"] = ["opening"]


def number_pages(soup):
    """Ask for page numbers where a reader of paper turns to another page."""
    for link in soup.select('a[href*=".claim-"], .predictions li a, .turn a, .solved > p > a'):
        link["data-page-number"] = ""


def predictions(chapters):
    """Move what is said of each prediction to an appendix."""
    places = [
        (page, place, question(place), [place.details])
        for page, article in chapters
        for place in article.select(".prediction")
    ]
    return appendix("The predictions, answered", places)


def question(place):
    """Return the question of a prediction without the words that ask for it."""
    words = copy(place.find("p"))
    words.strong.extract()
    return words.contents


def solutions(chapters):
    """Move the solutions of all exercises to an appendix."""
    places = []
    for page, article in ((page, article) for page, article in chapters if page.number):
        for section in article.find_all("section"):
            folds = [fold for fold in section.select("details:not(.code)") if mine(fold, section)]
            if folds:
                title = [section.find(HEADINGS).get_text()]
                places.append((page, section, title, folds))
    return appendix("Solutions", places)


def mine(fold, section):
    return fold.find_parent("section") is section and not fold.find_parent(class_="prediction")


def appendix(title, places):
    """Return an appendix of what is folded in each place, and leave a link to it there."""
    whole = fragment(f'<div class="appendix"><h1 class="opening">{title}</h1></div>')
    last = None
    for page, place, words, folds in places:
        if page != last:
            whole.append(fragment(f'<h2 class="unlisted">{page.number}. {page.title}</h2>'))
            last = page
        whole.append(entry(place["id"], words, folds))
    return whole


def entry(name, words, folds):
    """Return what is folded as an entry of an appendix; each names the page of the other."""
    found = fragment(
        f'<div class="solved" id="{name}.solved"><p class="entry"><a href="#{name}"></a></p></div>'
    )
    found.a.extend(words)
    turn = fragment(
        f'<p class="turn"><a href="#{name}.solved">{folds[0].summary.text.strip()}</a></p>'
    )
    folds[0].insert_before(turn)
    for fold in folds:
        fold.summary.extract()
        fold.name = "div"
        del fold["class"]
        found.append(fold.extract())
    return found


def assets(soup):
    """Return the pictures that a soup names, as files."""
    return {img["src"]: file(img["src"]) for img in soup.find_all("img")}


@cache
def file(name):
    drawing = (pages.SITE / name).read_text("utf-8")
    return drawings.svg(BeautifulSoup(drawing, "html.parser").svg).encode()

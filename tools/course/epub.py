"""The book as EPUB 3: a file a page, formulas as MathML, figures as SVG with their words."""

from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from tools.course import book, colophon, drawings, joined, typeset
from tools.course.joined import fragment

NAME = "momentum.epub"
TEMPLATES = Path(__file__).parents[2] / "course" / "epub"
KINDS = {
    "xhtml": "application/xhtml+xml",
    "svg": "image/svg+xml",
    "png": "image/png",
    "css": "text/css",
}
IDENTIFIER = f"urn:uuid:{uuid5(NAMESPACE_URL, f'{colophon.TITLE} {colophon.VERSION}')}"
# What only the scripts and styles of the website read.
KEPT = "id", "href", "src", "alt", "class", "start", "open", "scope", "colspan", "rowspan"
MATHS = (
    "display", "displaystyle", "mathvariant", "stretchy", "fence", "form", "separator", "lspace",
    "rspace", "minsize", "maxsize", "symmetric", "largeop", "movablelimits", "accent", "width",
    "height", "depth", "scriptlevel", "linethickness", "encoding",
)  # fmt: skip
MATHML = "http://www.w3.org/1998/Math/MathML"


def make(folder):
    with ZipFile(folder / NAME, "w") as archive:
        for name, content in files().items():
            info = ZipInfo(name)  # its date is the first that a zip knows
            info.compress_type = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
            archive.writestr(info, content)
    return [(NAME, "the book as EPUB 3, for readers of e-books")]


def files():
    """Return all files of the archive by name, in the order of the standard."""
    inner = contents()
    inner["book.opf"] = package(inner)
    head = {"mimetype": "application/epub+zip", "META-INF/container.xml": template("container.xml")}
    return {**head, **{f"EPUB/{name}": content for name, content in inner.items()}}


def contents():
    """Return the files of the book: the pages in their order, then what they show."""
    chapters = [(page, joined.still(article)) for page, article in joined.articles()]
    given, picture = book.cover(chapters[0][1])
    cover = typeset.png(
        "", picture, layout="cover", title=colophon.TITLE, author=colophon.AUTHORS, **given
    )
    image = f'<p class="cover"><img src="cover.png" alt="{escape(colophon.TITLE)}"/></p>'
    found = {"cover.xhtml": page_of("Cover", image)}
    found["nav.xhtml"] = page_of("Contents", navigation(chapters))
    pictures = {"cover.png": cover, "book.css": template("book.css")}
    for page, article in chapters:
        pictures |= draw(article)
        found[f"{page.stem}.xhtml"] = page_of(page.title, xhtml(article))
    return {**found, **pictures}


def template(name):
    return (TEMPLATES / name).read_text("utf-8")


def page_of(title, body):
    return template("page.xhtml").format(title=escape(title), body=body)


def draw(article):
    """Put images in the place of an article's drawings; return their files."""
    found = {}
    whole = [drawing for drawing in article.find_all("svg") if not drawing.find_parent("svg")]
    for number, drawing in enumerate(whole, 1):
        name = f"{article['id']}-{number}.svg"
        found[name] = drawings.svg(drawing)
        drawing.replace_with(image(name, drawing["aria-label"]))
    for shown in article.find_all("img", src=lambda src: "/" in src):
        name = shown["src"].rpartition("/")[2]
        found[f"card-{name}"] = book.file(shown["src"])
        shown["src"] = f"card-{name}"
    return found


def image(name, words):
    made = fragment("<img/>")
    made["src"], made["alt"] = name, words
    return made


def xhtml(article):
    """Return an article as XHTML: what a reader of e-books knows, and links to its files."""
    for fold in article.select("details.code"):
        fold.summary.extract()
        fold.name = "div"
    for hidden in article.select(".expanded, .unseen"):
        hidden.extract()
    for words in article.select("summary > p"):
        words.unwrap()
    for tag in article.find_all(True):
        plain(tag)
    article.name = "section"
    article["class"] = "page"
    line = fragment(f'<p class="colophon">{escape(colophon.line("The book as e-book"))}</p>')
    article.append(line)
    return article.decode(formatter="minimal")


def plain(tag):
    """Leave an element the attributes that count, and its links as an e-book has them."""
    if tag.name in ("momentum-explorer", "article"):
        tag.name = "div"
    kept = KEPT if not tag.find_parent("math") and tag.name != "math" else MATHS
    tag.attrs = {name: value for name, value in tag.attrs.items() if name in kept}
    if tag.name == "math":
        tag["xmlns"] = MATHML
    if tag.get("href", "").startswith("#"):
        stem, _, place = tag["href"][1:].partition(".")
        tag["href"] = f"{stem}.xhtml" + f"#{stem}.{place}" * bool(place)


def navigation(chapters):
    """Return the contents: each part with its pages."""
    items = ""
    for part, inside in groupby(chapters, key=lambda one: one[0].part):
        pages = "".join(entry(page) for page, _ in inside)
        items += f"<li><span>{escape(part)}</span><ol>{pages}</ol></li>" if part else pages
    return f'<nav epub:type="toc" role="doc-toc"><h1>Contents</h1><ol>{items}</ol></nav>'


def entry(page):
    number = f"{page.number}. " if page.number else ""
    return f'<li><a href="{page.stem}.xhtml">{number}{escape(page.title)}</a></li>'


def package(inner):
    """Return the package document: what the book is, its files and their order."""
    pages = [name for name in inner if name.endswith(".xhtml")]
    modified = datetime.fromtimestamp(colophon.EPOCH, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return template("book.opf").format(
        identifier=IDENTIFIER,
        title=escape(colophon.TITLE),
        authors=escape(colophon.AUTHORS),
        year=colophon.YEAR,
        licence=escape(colophon.LICENCE),
        description=escape(colophon.line("The book as e-book")),
        modified=modified,
        manifest="\n".join(item(name, inner[name]) for name in inner),
        spine="\n".join(f'<itemref idref="{identifier(name)}"/>' for name in pages),
    )


def identifier(name):
    return f"file-{name}"


def item(name, content):
    """Return the entry of a file in the manifest, with what a reader must know of it."""
    kind = KINDS[name.rpartition(".")[2]]
    nav, cover = name == "nav.xhtml", name == "cover.png"
    math = kind == KINDS["xhtml"] and "<math" in content
    known = " ".join(
        word for word, so in (("nav", nav), ("cover-image", cover), ("mathml", math)) if so
    )
    properties = f' properties="{known}"' if known else ""
    return f'<item id="{identifier(name)}" href="{name}" media-type="{kind}"{properties}/>'

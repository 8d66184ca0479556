"""The book in one piece: PDF, one HTML file, EPUB. None of them loses anything of the pages."""

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZIP_STORED, ZipFile

import pypdf
import pytest
from bs4 import BeautifulSoup

from tools.course import book, epub, joined, pages, single, typeset

OPF = "{http://www.idpf.org/2007/opf}"


@pytest.fixture(scope="module")
def folder(build, tmp_path_factory):
    done, site = build
    assert done.returncode == 0, done.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "SITE", site)
        book.file.cache_clear()
        yield tmp_path_factory.mktemp("course")


@pytest.fixture(scope="module")
def articles(folder):
    return joined.articles()


@pytest.fixture(scope="module")
def whole(folder):
    return book.whole()


@pytest.fixture(scope="module")
def pdf(folder):
    book.make(folder)
    return pypdf.PdfReader(folder / book.NAME)


@pytest.fixture(scope="module")
def alone(folder):
    single.make(folder)
    return folder / single.NAME


@pytest.fixture(scope="module")
def archive(folder):
    epub.make(folder)
    return ZipFile(folder / epub.NAME)


def inward(soup):
    return [link["href"] for link in soup.select('a[href^="#"]')]


def named(soup):
    return Counter(tag["id"] for tag in soup.find_all(id=True))


def test_the_joined_pages_have_each_id_once_and_no_dead_link(articles):
    whole = BeautifulSoup("", "html.parser")
    whole.extend(article for _, article in articles)
    names = named(whole)
    assert [name for name, times in names.items() if times > 1] == []
    assert [href for href in inward(whole) if href[1:] not in names] == []
    pointed = [tag[name] for name in joined.NAMES[1:] for tag in whole.find_all(attrs={name: True})]
    assert pointed and set(pointed) <= set(names)


def test_a_link_to_what_is_no_page_is_refused(folder):
    with pytest.raises(ValueError, match="must lead to a page of the book"):
        joined.inside("missing.html#x", pages.pages()[0], {})


def elements(node):
    """Yield the kinds of a PDF's structure elements."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from elements(child)
    elif isinstance(node, dict):
        yield node.get("/S")
        yield from elements(node.get("/K", pypdf.generic.NullObject()))


def test_the_pdf_has_all_links_formulas_and_figures_as_tags(pdf, whole):
    tags = Counter(elements(pdf.trailer["/Root"]["/StructTreeRoot"]))
    drawn = [svg for svg in whole.find_all("svg") if not svg.find_parent("svg")]
    assert tags["/Link"] - tags["/Reference"] == len(whole.find_all("a", href=True))
    assert tags["/Formula"] == len(whole.find_all("math")) > 0
    assert tags["/Figure"] == len(drawn) + len(whole.find_all("img")) + 1  # the cover
    assert tags["/Table"] == len(whole.find_all("table"))


def test_the_pdf_names_the_standards_it_keeps(pdf):
    told = pdf.xmp_metadata.rdf_root.toxml()
    assert "<pdfuaid:part>1</pdfuaid:part>" in told
    assert "<pdfaid:part>2</pdfaid:part>" in told
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == "en"


def test_the_pdf_opens_each_page_of_the_book_with_its_title(pdf):
    outline = {one.title: pdf.get_destination_page_number(one) for one in flat(pdf.outline)}
    for page in pages.pages():
        title = f"{page.number}. {page.title}" if page.number else page.title
        text = " ".join(pdf.pages[outline[title]].extract_text().split())
        assert page.title in text


def flat(outline):
    """Yield the entries of an outline, later ones first, so that a title's first one counts."""
    for one in reversed(outline):
        yield from flat(one) if isinstance(one, list) else [one]


def test_what_is_folded_stands_in_the_appendices_with_links_both_ways(whole, articles):
    chapters = [article for page, article in articles if page.number]
    folds = sum(len(article.select("details:not(.code)")) for article in chapters)
    entries = whole.select(".solved")
    assert len(entries) < folds
    assert len(whole.select(".solved > div, .solved > .cell")) >= folds
    for entry in entries:
        place = whole.find(id=entry["id"].removesuffix(".solved"))
        assert entry.find("a")["href"] == f"#{place['id']}"
        assert place.find("a", href=f"#{entry['id']}")


def test_a_pdf_has_the_same_bytes_twice(folder, tmp_path):
    source = typeset.to_typst(pages.chapters()[0].article())
    for name in "ab":
        typeset.pdf(source, {}, tmp_path / name, title="A chapter", part="Trial")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_markup_that_typst_would_read_stays_text(tmp_path):
    said = "*a* _b_ #c $d$ <e> @f `g` [h] ~ = - + / \\ // 'i' \"j\" (k); 1. l"
    soup = BeautifulSoup("<p><em>x</em></p>", "html.parser")
    soup.p.append(said)
    typeset.pdf(typeset.to_typst(soup), {}, tmp_path / "a.pdf", title="A", part="Trial")
    text = pypdf.PdfReader(tmp_path / "a.pdf").pages[0].extract_text()
    assert said.replace(" ", "") in text.replace(" ", "").replace("\n", "")


def test_the_single_file_is_alive_and_asks_for_nothing(alone, articles, browser):
    first = next(page for page, article in articles if article.select(".prediction"))
    tab = browser.new_page()
    asked, errors = [], []
    tab.on("request", lambda request: asked.append(request.url.partition(":")[0]))
    tab.on("console", lambda message: errors.append(message.text))
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(alone.as_uri())
    tab.click(f'.contents a[href="#{first.stem}"]')
    chapter = tab.locator("article:visible")
    assert chapter.count() == 1 and chapter.get_attribute("id") == first.stem
    slider = chapter.locator("momentum-explorer input[type=range]").first
    before = slider.input_value()
    slider.press("ArrowRight")
    assert slider.input_value() != before
    chapter.get_by_role("button", name="Show me").first.click()
    assert chapter.locator(".verdicts:visible").count() == 1
    figures = tab.locator("momentum-explorer[data-explorer]").count()
    assert figures == sum(len(article.find_all("momentum-explorer")) for _, article in articles)
    tab.evaluate("location.hash = '#claims'")
    tab.wait_for_selector("#claims:not([hidden])")
    assert (set(asked) - {"data"}, asked.count("file"), errors) == ({"file"}, 1, [])
    tab.close()


def test_the_single_file_has_the_same_bytes_twice_and_no_button_without_use(alone):
    html = single.html()
    assert html == alone.read_text("utf-8")
    assert 'class="run-here' not in html and 'src="_static' not in html


def test_the_epub_begins_with_its_type_and_is_well_formed(archive):
    first = archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)
    for name in archive.namelist():
        if Path(name).suffix in (".xhtml", ".svg", ".opf", ".xml"):
            ElementTree.fromstring(archive.read(name))
    package = ElementTree.fromstring(archive.read("EPUB/book.opf"))
    listed = {item.get("href") for item in package.iter(f"{OPF}item")} | {"book.opf"}
    inner = {name.removeprefix("EPUB/") for name in archive.namelist() if "EPUB/" in name}
    assert listed == inner


def test_the_epub_has_all_links_formulas_and_figures(archive, articles):
    names, links, formulas, images = set(), [], 0, 0
    for name in archive.namelist():
        if name.endswith(".xhtml"):
            soup, name = BeautifulSoup(archive.read(name), "html.parser"), Path(name).name
            names |= {name} | {f"{name}#{tag['id']}" for tag in soup.find_all(id=True)}
            links += [a["href"] for a in soup.select("section.page a[href]")]
            formulas += len(soup.find_all("math"))
            images += len([image for image in soup.find_all("img") if image["alt"]])
    assert [href for href in links if "://" not in href and href not in names] == []
    assert len(links) == count(articles, "a[href]:not(.headerlink)")
    assert formulas == count(articles, "math")
    assert images == count(articles, "momentum-explorer, svg.figure, img:not(.on-dark)") + 1


def count(articles, selector):
    return sum(len(article.select(selector)) for _, article in articles)


def test_the_epub_has_the_same_bytes_twice(folder, archive):
    once = Path(archive.filename).read_bytes()
    epub.make(folder)
    assert Path(archive.filename).read_bytes() == once

"""HTML of the book as Typst, and Typst as an accessible PDF whose bytes do not change."""

from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib
import typst
from bs4 import BeautifulSoup

from tools.course import colophon
from tools.course.markup import Writer, quoted

TEMPLATE = Path(__file__).parents[2] / "course" / "template.typ"
# Those of Typst, and the one of the book's figures: no font of the machine.
FONTS = Path(matplotlib.get_data_path(), "fonts", "ttf")
STANDARDS = ["a-2a", "ua-1"]


def to_typst(source):
    """Return HTML of the book, as a soup or as text, in Typst's markup."""
    soup = BeautifulSoup(str(source), "html.parser")
    return Writer(soup).children(soup)


def pdf(source, assets, target, *, title, part, layout="sheet", **given):
    """Write a PDF of markup, with the function `layout` of the template around it.

    `assets` are the bytes of each file that it names. `part` says what it is, in its colophon;
    `given` are further texts that the function of the template takes.
    """
    given |= {"title": title, "author": colophon.AUTHORS, "colophon": colophon.line(part)}
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    Path(target).write_bytes(
        compiled(
            source, assets, layout, given,
            format="pdf", pdf_standards=STANDARDS, timestamp=colophon.EPOCH,
        )
    )  # fmt: skip


def png(source, assets, *, layout, ppi=150, **given):
    """Return markup of one page as a picture."""
    return compiled(source, assets, layout, given, format="png", ppi=ppi)


def compiled(source, assets, layout, given, **options):
    given = ", ".join(f"{name}: {quoted(text)}" for name, text in given.items())
    head = f'#import "template.typ": *\n#show: {layout}.with({given})\n\n'
    with TemporaryDirectory() as folder:
        files = {**assets, "template.typ": TEMPLATE.read_bytes(), "main.typ": head + source}
        for name, data in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data.encode() if isinstance(data, str) else data)
        main = Path(folder, "main.typ")
        fonts = {"font_paths": [FONTS], "ignore_system_fonts": True}
        return typst.compile(main, root=folder, **fonts, **options)

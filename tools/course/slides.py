"""The slides: one deck a chapter, made of its page, to be opened as a file or over http."""

import shutil
from html import escape
from math import ceil
from string import Template

from bs4 import BeautifulSoup

from _ext.packing import pack
from tools.course import colophon, guide, pages, slides_pdf
from tools.course.slide_blocks import cleaned, plain
from tools.course.slide_pages import slides_of

COURSE = pages.ROOT / "course"
REVEAL = pages.ROOT / "third_party" / "reveal.js"
TEMPLATE = Template((COURSE / "slides.html").read_text("utf-8"))
OF_THE_BOOK = (
    "book.css",
    "pygments.css",
    "explorers.css",
    "explorers.js",
    "stix-two-math.woff",
    "favicon.svg",
)
# The time that a slide takes, in minutes: its notes read aloud, and more for what is done there.
PACE = 120  # words a minute
EXTRA = {
    "prediction": 2,
    "discussion": 4,
    "live": 3,
    "figure": 1,
    "code": 0.5,
    "formula": 0.5,
    "exercise": 4,
}


def make(folder):
    """Write the decks, and each of them as a PDF."""
    target = folder / "slides"
    shutil.rmtree(target, ignore_errors=True)
    write_assets(target / "assets")
    decks = {page: target / page.stem / "index.html" for page in pages.chapters()}
    for page, path in decks.items():
        path.parent.mkdir()
        path.write_text(deck(page), "utf-8")
    slides_pdf.export({path: target / f"{page.stem}.pdf" for page, path in decks.items()})
    parts = []
    for page in decks:
        parts.append((f"slides/{page.stem}/index.html", "slides"))
        parts.append((f"slides/{page.stem}.pdf", "as PDF"))
    return [(write_archive(folder, target), "all slides, to take along"), *parts]


def write_archive(folder, target):
    """Pack all decks with what they share; return the archive's name."""
    name = f"momentum-slides-{colophon.VERSION}.zip"
    files = [path for path in target.rglob("*") if path.is_file() and path.suffix != ".pdf"]
    pack(folder / name, {path.relative_to(folder).as_posix(): path for path in files})
    return name


def write_assets(target):
    """Write what all decks share."""
    target.mkdir(parents=True)
    for name in OF_THE_BOOK:
        shutil.copy(pages.SITE / "_static" / name, target)
    for path in (REVEAL / "reveal.js", REVEAL / "notes.js", *COURSE.glob("slides.[cj]s*")):
        shutil.copy(path, target)
    shutil.copy(REVEAL / "LICENSE", target / "reveal.LICENSE")
    # The live figures call their sliders so, too; the arrows of reveal are not shown.
    reveal = (REVEAL / "reveal.css").read_text("utf-8").replace(".controls", ".reveal-controls")
    (target / "reveal.css").write_text(reveal, "utf-8")


def deck(page):
    """Return the deck of a chapter."""
    slides = slides_of(page)
    times, plans = [minutes(slide) for slide in slides], planned(page.stem)
    written = [
        section(slide, time, plans.pop(plain(BeautifulSoup(slide.title, "html.parser")), ""))
        for slide, time in zip(slides, times, strict=True)
    ]
    line = escape(colophon.line(f"Slides of chapter {page.number}"))
    written[0] = opening(slides[0], page, sum(times), line)
    return TEMPLATE.substitute(
        title=escape(f"{page.number}. {page.title} · {colophon.TITLE}"),
        colophon=line,
        slides="\n".join(written),
    )


def minutes(slide):
    """Return the minutes that a slide takes, in halves."""
    aloud = [] if slide.kind == "exercises" else slide.notes  # their solutions are not
    words = sum(len(plain(note).split()) for note in aloud)
    extra = sum(EXTRA.get(block.kind, 0) for block in slide.blocks)
    return ceil(2 * (words / PACE + extra)) / 2


def planned(name):
    """Return what the guide plans for each section of a chapter, for its first slide."""
    if name not in guide.guide()[0]:
        return {}
    lessons = ", ".join(guide.LESSONS)
    return {
        step.removeprefix("#"): f" (this section, in a lesson of {lessons} minutes: "
        f"{', '.join(map(str, planned))})"
        for step, *planned in guide.steps(name)
    }


def section(slide, time, plan):
    """Return a slide as HTML."""
    body = "\n".join(block.html for block in slide.blocks)
    return framed(slide, f"<h2>{slide.title}</h2>\n{body}", f"{time:g} min{plan}")


def opening(slide, page, total, line):
    """Return the first slide: number, title, question, and of which book it is."""
    extra = ", ".join(f"{time:g} for each {kind}" for kind, time in EXTRA.items())
    aloud = f"the notes read aloud at {PACE} words a minute, and {extra}"
    said = f"{total:g} min if all is said and done: {aloud}. The guide's plans leave out a part"
    question = "\n".join(block.html for block in slide.blocks)
    body = f'<h1><span class="number">{page.number}</span> {escape(page.title)}</h1>\n{question}'
    return framed(slide, f'{body}\n<p class="colophon">{line}</p>', said)


def framed(slide, body, time):
    notes = f'<p class="minutes">{time}</p>\n' + "\n".join(
        str(cleaned(note)) for note in slide.notes
    )
    return (
        f'<section><div class="slide {slide.kind}">\n{body}\n</div>\n'
        f'<aside class="notes">{notes}</aside></section>'
    )

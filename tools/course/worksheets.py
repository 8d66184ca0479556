"""Worksheets, one a chapter, and their keys: to print, predict, draw and write on.

A sheet has the chapter's predictions, each with what leads to it, and its exercises by hand. The
key is the same sheet with the right choices, what the book says of each, and the solutions.
"""

import re
from copy import copy
from html import escape
from itertools import takewhile

from bs4 import BeautifulSoup

from momentum.figures.look import MUTED
from tools.course import pages, typeset
from tools.course.colophon import ROOT

STYLE = ROOT / "course" / "worksheet.typ"
PARTS = {"worksheet": "Worksheet {}", "key": "Key to worksheet {}"}
EMPTY, TICKED = "☐", "☒"
LINE = '<div class="lines">{}</div>'
LINES = 4  # at least, for an exercise
LABELS = {"choice": "Because", "curve": "Because", "number": "My number, and why"}
CORNER = re.compile(r"[ML]\s*(-?[\d.]+)[\s,]+(-?[\d.]+)")
MARGIN = 12  # points right of empty axes: half of the last tick's label


def make(folder):
    """Write sheet and key of every chapter; return what was written."""
    parts = []
    for page in pages.chapters():
        for kind, what in (("worksheet", "worksheet"), ("key", "its key")):
            path = folder / "worksheets" / f"{page.stem}-{kind}.pdf"
            write(page, path, kind)
            parts.append((path.relative_to(folder), what))
    return parts


def write(page, path, kind):
    """Typeset a sheet or a key."""
    part = PARTS[kind].format(page.number)
    html = f"<h1>{part}: {escape(page.title)}</h1>{sheet(page, kind == 'key')}"
    source = begin(kind) + typeset.to_typst(html)
    assets = {STYLE.name: STYLE.read_bytes()}
    typeset.pdf(source, assets, path, title=f"{part}: {page.title}", part=part)


def begin(kind):
    """Return what stands before a sheet or a key: how it looks, and whether it asks for a name."""
    names = "true" if kind == "worksheet" else "false"
    return f'#import "{STYLE.name}": *\n#show: worksheet.with(with-names: {names})\n\n'


def sheet(page, key):
    """Return a sheet, or its key, as HTML."""
    article = page.article()
    asked, last = [], ""
    for one in article.select("div.prediction"):
        title = heading(one.find_parent("section"))
        asked.append(predicted(one, article, key, "" if title == last else title))
        last = title
    by_hand = [s for s in article.select("section") if re.search("Exercise.*by hand", heading(s))]
    return "\n".join([*asked, *(exercise(section, key) for section in by_hand)])


def heading(section):
    """Return a section's own heading."""
    own = section.find(["h2", "h3", "h4"], recursive=False)
    return f"<h2>{own.decode_contents()}</h2>" if own else ""


def predicted(prompt, article, key, title):
    """Return a prediction: what leads to it, the question, its choices, and room or the answer."""
    kind, details = prompt["data-kind"], prompt.find("details")
    question = "".join(map(str, [*lead(prompt), prompt.find("p", recursive=False)]))
    choices, said = (
        tag.find_all("li", recursive=False) if tag else []
        for tag in (prompt.find("ol", recursive=False), details.find("ol", recursive=False))
    )
    parts = [title, f'<div class="question">{question}</div>']
    if kind == "curve":
        parts.append(f'<div class="axes">{figure_of(prompt, article, key)}</div>')
    parts += [choice(*one, key) for one in zip(range(1, 9), choices, said)]
    if not key:
        parts.append(LINE.format(LABELS[kind]) + LINE.format(""))
    elif kind == "number":
        parts.append(f'<div class="answer">{inner(details)}</div>')
    return f'<div class="prediction">{"".join(parts)}</div>'


def lead(prompt):
    """Return the text and the formulas that stand right before a prompt, below no answer."""
    found = []
    for before in prompt.find_previous_siblings():
        if before.name != "p" and "math" not in before.get("class", []):
            break
        found.insert(0, before)
    return found


def choice(number, text, said, key):
    """Return a choice behind its box; on a key with what is said of it."""
    right = said.get_text().strip().startswith("Right.")
    box = TICKED if key and right else EMPTY
    line = f"<p>{box} {number}. {''.join(map(str, (text.p or text).contents))}</p>"
    words = (said.p or said).contents
    return line + (f'<div class="answer"><p>{"".join(map(str, words))}</p></div>' if key else "")


def exercise(section, key):
    """Return an exercise with room for its solution, or with the solution."""
    details = section.find("details", recursive=False)
    text = takewhile(lambda tag: tag is not details, section.find_all(recursive=False)[1:])
    question = f'{heading(section)}<div class="question">{"".join(map(str, text))}</div>'
    if key:
        return f'<div class="prediction">{question}<div class="answer">{inner(details)}</div></div>'
    return f'<div class="prediction">{question}{LINES * LINE.format("")}</div><hr>'


def inner(details):
    """Return what details fold, without their summary."""
    return "".join(str(tag) for tag in details.find_all(recursive=False) if tag.name != "summary")


def figure_of(prompt, article, key):
    """Return the figure of a curve; before the answer its axes alone."""
    drawing = article.find(id=prompt["data-figure"]).find("svg")
    return str(drawing) if key else str(empty_axes(drawing, prompt["data-line"]))


def empty_axes(drawing, line):
    """Return the axes that a line stands in: with their ticks and labels, and nothing in them."""
    axes = drawing.select_one(f'[id$="-{line}"]').find_parent(id=re.compile(r"axes_\d+$"))
    ground = axes.find(id=re.compile(r"patch_\d+$")).path["d"]
    xs, ys = zip(*[map(float, corner) for corner in CORNER.findall(ground)])
    blank = copy(drawing)
    blank.clear()
    blank["aria-label"] = "Empty axes to draw in"
    width, height = max(xs) + MARGIN, drawing["viewbox"].split()[3]
    blank["viewbox"] = f"0 0 {width:g} {height}"
    blank["style"] = ""
    for axis in axes.find_all(id=re.compile(r"matplotlib\.axis_\d+$"), recursive=False):
        blank.append(copy(axis))
    frame = f"M{min(xs):g} {min(ys):g}V{max(ys):g}H{max(xs):g}"
    path = f'<path d="{frame}" style="fill: none; stroke: {MUTED}; stroke-width: 0.8"/>'
    blank.append(BeautifulSoup(path, "html.parser"))
    return blank

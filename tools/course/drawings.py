"""The drawings of the book's pages as SVG files that stand alone."""

import re

from bs4 import BeautifulSoup

from momentum.figures.look import INK

CAMEL = "viewBox", "clipPath", "clipPathUnits", "preserveAspectRatio", "linearGradient"
CASE = {name.lower(): name for name in CAMEL}
NAME = re.compile(rf"\b({'|'.join(CASE)})\b")
TAG = re.compile(r"<[^>]*>")
COLOR = re.compile(r"var\(--[\w-]+,\s*(#\w+)\)")
RULE = re.compile(r"([^{}]+)(\{[^{}]*\})")
IS = re.compile(r"^(.*?):is\(([^)]*)\)(.*)$", re.DOTALL)
USED, NAMED = re.compile(r'(?:href="#|url\(#)([^")]+)'), re.compile(r'\sid="([^"]*)"')
# A name of XML does not begin with a digit, and a path has a course.
DIGIT = re.compile(r'(\bid="|href="#|url\(#)(?=\d)')
NO_COURSE = re.compile(r"<path(?![^>]*\sd=)")
FONT = re.compile(r"font: (\w+) system-ui, sans-serif")


def svg(tag):
    """Return an inline <svg> as a file: names in their case, spaces named, colours given.

    What the style sheet of the pages says of a figure, it says itself.
    """
    drawing = TAG.sub(lambda one: NAME.sub(lambda name: CASE[name[1]], one[0]), str(tag))
    spaces = {"xmlns": "http://www.w3.org/2000/svg", "xmlns:xlink": "http://www.w3.org/1999/xlink"}
    page = {"fill": INK, "stroke-linejoin": "round"} if "figure" in tag.get("class", []) else {}
    given = {**spaces, **page}.items()
    named = "".join(f' {name}="{value}"' for name, value in given if not tag.get(name))
    drawing = COLOR.sub(r"\1", drawing.replace("<svg", f"<svg{named}", 1))
    drawing = FONT.sub(r'font-family: "DejaVu Sans", sans-serif; font-size: \1', drawing)
    drawing = re.sub(r'\svector-effect="[^"]*"', "", drawing)  # of SVG 2, and seen on screens only
    used = set(USED.findall(drawing))
    drawing = NAMED.sub(lambda name: name[0] if name[1] in used else "", drawing)
    drawing = NO_COURSE.sub('<path d=""', DIGIT.sub(r"\1_", drawing))
    return re.sub(r"(?<=<style>).*?(?=</style>)", lambda css: plain(css[0]), drawing, flags=re.S)


def size(tag):
    """Return width and height of a drawing in its own units."""
    return tuple(float(side) for side in tag["viewbox"].split()[2:])


def plain(css):
    """Return rules without `:is(...)`, which few readers of SVG know."""
    return RULE.sub(lambda rule: ", ".join(spelled(rule[1])) + " " + rule[2], css)


def spelled(selectors):
    """Yield each selector that a list of selectors stands for."""
    for one in re.split(r",(?![^(]*\))", selectors):
        found = IS.match(one.strip())
        if not found:
            yield one.strip()
            continue
        for choice in found[2].split(","):
            yield from spelled(found[1] + choice.strip() + found[3])


def still(explorer):
    """Return a live figure as a figure: its static picture, its caption and its description."""
    soup = BeautifulSoup("<figure><figcaption></figcaption></figure>", "html.parser")
    for words in explorer.select(".caption > span, .description"):
        words.name = "p"
        soup.figcaption.append(words.extract())
    soup.figure.insert(0, explorer.find("svg").extract())
    return soup.figure

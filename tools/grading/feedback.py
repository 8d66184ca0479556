"""Make nbgrader's feedback pages whole: formulas as MathML, and nothing loaded from elsewhere."""

import re
import sys
from html import escape

from bs4 import BeautifulSoup, NavigableString

from tools.course.pages import ROOT

sys.path.insert(0, str(ROOT / "_ext"))
from formulas import mathml

TEX = re.compile(r"\$([^$]+)\$")
STYLE = "pre { white-space: pre-wrap; word-break: normal; overflow: visible; }"
NOTE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
<h1>{title}</h1>
{notes}
</body>
</html>
"""


def polish(page, notes):
    """Return a feedback page that stands alone, with what the grader has to say on top."""
    soup = BeautifulSoup(page, "html.parser")
    soup.html["lang"] = "en"
    for part in soup.select("script, link, .anchor-link"):
        part.decompose()
    soup.head.append(soup.new_tag("style", string=STYLE))
    for link in soup.select("#toc a[href^='#test-']"):
        link.string = link["href"].removeprefix("#test-")
    for text in soup.find_all(string=TEX):
        if not text.find_parent(["pre", "code", "style", "annotation"]):
            text.replace_with(BeautifulSoup(typeset(text), "html.parser"))
    place = soup.select_one(".panel-heading")
    for note in notes:
        line = soup.new_tag("p")
        line.append(NavigableString(note))
        place.append(line)
    return str(soup)


def typeset(text):
    """Return a text as HTML with its formulas as MathML."""
    parts = TEX.split(text)
    parts[::2] = map(escape, parts[::2])
    parts[1::2] = map(mathml, parts[1::2])
    return "".join(parts)


def note(title, notes):
    """Return a page for what could not be graded."""
    lines = "\n".join(f"<p>{escape(line)}</p>" for line in notes)
    return NOTE.format(title=escape(title), notes=lines)

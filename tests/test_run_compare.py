"""What a page says where a run's outputs are not the stored ones: its script, without a browser."""

import json
import re
from pathlib import Path

import pytest

from momentum.explorers import engine

SCRIPT = Path(__file__).parent.parent / "_ext/run/page/compare.js"
SOURCE = re.sub(r"^export ", "", SCRIPT.read_text("utf-8"), flags=re.MULTILINE)
ASK = "(given) => JSON.stringify(difference(...JSON.parse(given)))"
VIEW = "application/vnd.jupyter.widget-view+json"
SVG = '<svg><path d="M 1.5 -2 L 3.25 4"/><text>β = {}</text></svg>'


def difference(stated, made):
    return json.loads(engine.function(SOURCE, ASK)(json.dumps([stated, made])))


def printed(*pieces, name="stdout"):
    return [{"output_type": "stream", "name": name, "text": piece} for piece in pieces]


def shown(kind="display_data", **data):
    names = {"svg": "image/svg+xml", "text": "text/plain", "html": "text/html", "view": VIEW}
    return [{"output_type": kind, "data": {names[key]: value for key, value in data.items()}}]


def result(text):
    return shown("execute_result", text=text)


def drawn(svg):
    return shown(svg=svg, text="<Figure size 1x1>")


def failed(name):
    return [{"output_type": "error", "ename": name, "evalue": "why", "traceback": []}]


PICTURE = SVG.format(1)
HASHES = "p0123456789", "pabcdef0123"
CLIPPED = '<clipPath id="{0}"/><clipPath id="{1}"/><path clip-path="url(#{0})"/>'.format
SAME = {
    "nothing": ([], []),
    "a text": (printed("a\n"), printed("a\n")),
    "a text in pieces": (printed("a\nb\n"), printed("a\n", "b", "\n")),
    "a text stored by lines": (printed(["a\n", "b\n"]), printed("a\nb\n")),
    "a figure": (drawn(PICTURE), drawn(PICTURE)),
    "a figure stored by lines": (drawn(PICTURE.split("-")), drawn(PICTURE.replace("-", ""))),
    "a figure by another name": (shown(svg=PICTURE, text="A"), shown(svg=PICTURE, text="B")),
    "a figure with other hashes": (drawn(CLIPPED(*HASHES)), drawn(CLIPPED(*HASHES[::-1]))),
    "a live figure": (
        shown(html="<b>1</b>", text="Path()"),
        shown(html="<b>1</b>", text="Path()", view={"model_id": "model-1"}),
    ),
}
LONG = "x" * 70
OTHER = {
    "a line": (
        printed("a\nb\nc\n"),
        printed("a\nB\nc\n"),
        "Line 2 is “B”; the page says “b”.",
    ),
    "two lines": (
        printed("a\nb\nc\n"),
        printed("A\nb\nC\n"),
        "Line 1 is “A”; the page says “a”. One more line differs.",
    ),
    "three lines": (
        printed("a\nb\nc\n"),
        printed("A\nB\nC\n"),
        "Line 1 is “A”; the page says “a”. Two more lines differ.",
    ),
    "a longer text": (
        printed("a\n"),
        printed("a\nb\n"),
        "Line 2 is “b”; the page says nothing.",
    ),
    "a shorter text": (
        printed("a\nb\n"),
        printed("a\n"),
        "Line 2 is nothing; the page says “b”.",
    ),
    "the end of a line": (
        printed("a\n"),
        printed("a"),
        "Line 1 differs from what the page says.",
    ),
    "a long line": (
        printed("a"),
        printed(LONG),
        f"Line 1 is “{'x' * 57}…”; the page says “a”.",
    ),
    "another result": (result("0.5"), result("0.25"), "Line 1 is “0.25”; the page says “0.5”."),
    "no text": (printed("a\n"), [], "Here text is missing that the page has."),
    "no result": (result("1"), [], "Here a result is missing that the page has."),
    "no figure": (drawn(PICTURE), [], "Here a figure is missing that the page has."),
    "a text": ([], printed("a\n"), "Here text comes that the page does not have."),
    "a warning": (
        drawn(PICTURE),
        printed("beware\n", name="stderr") + drawn(PICTURE),
        "Here text comes where the page has a figure.",
    ),
    "a second figure": (
        drawn(PICTURE),
        drawn(PICTURE) * 2,
        "Here a figure comes that the page does not have.",
    ),
    "an error": ([], failed("IndexError"), "The cell ended with an IndexError."),
    "an error after a text": (
        printed("a\n"),
        printed("b\n") + failed("ValueError"),
        "The cell ended with a ValueError.",
    ),
    "a number in a figure": (
        drawn(PICTURE),
        drawn(PICTURE.replace("3.25", "3.50")),
        "In the figure one number of 5 differs, by at most 0.25 points.",
    ),
    "two numbers in a figure": (
        drawn(PICTURE),
        drawn(PICTURE.replace("3.25", "3.50").replace("-2", "2")),
        "In the figure two numbers of 5 differ, by at most 4.0 points.",
    ),
    "another figure": (
        drawn(PICTURE),
        drawn(PICTURE.replace("L", "M")),
        "The figure is another one.",
    ),
    "another clip path": (
        drawn(CLIPPED(*HASHES)),
        drawn(CLIPPED(*HASHES).replace(f"(#{HASHES[0]}", f"(#{HASHES[1]}")),
        "The figure is another one.",
    ),
    "a table": (
        shown(html="<b>1</b>", text="Path()"),
        shown(html="<b>2</b>", text="Path()"),
        "The figure or table differs.",
    ),
}


@pytest.mark.parametrize(("stated", "made"), SAME.values(), ids=SAME)
def test_the_same_outputs_are_the_same_in_whatever_pieces_they_come(stated, made):
    assert difference(stated, made) == ""


@pytest.mark.parametrize(("stated", "made", "told"), OTHER.values(), ids=OTHER)
def test_what_differs_is_said_in_a_sentence(stated, made, told):
    assert difference(stated, made) == told

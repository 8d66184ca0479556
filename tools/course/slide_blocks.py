"""What a slide is put together from: the blocks of a page, each with its height and its notes.

Heights are pixels of a slide of 1280 x 720, estimated from lines: what really fits is tested.
"""

import re
from copy import copy
from dataclasses import dataclass, field
from html import escape
from math import ceil

from bs4 import BeautifulSoup, Comment, NavigableString, Tag

BODY = 590  # what a slide has for its blocks, below its title
ENOUGH = 330  # of that, not to look empty
CODE_LINE, CODE_ROOM = 25.65, 24  # of code in 19 px, and its padding and gap
TEXT_LINE, TEXT_ROOM, TEXT_CHARACTERS = 36, 14, 88  # of text in 26 px
FORMULA, FRACTION = 66, 36  # a row of a formula, and more if it has a fraction or a matrix
FIGURE, HIGH_FIGURE = 430, 460  # the least that a figure needs, with its caption
END = re.compile(r"(?:(?<=[.?!])|(?<=[.?!]\)))\s+(?=[A-ZΑ-Ω“(])")
RIGHT = '<p class="fragment right">Right.</p>'
LAST = re.compile(r"[.?!]\)?\s+$")


@dataclass
class Block:
    """A part of a slide."""

    kind: str
    html: str
    height: float
    notes: list = field(default_factory=list)  # tags of the page
    joined: int = 0  # to the block before it: what it costs to part them


def cleaned(tag):
    """Return a copy without what only a page needs: its links, its ids, its notes."""
    tag = copy(tag)
    for comment in tag.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for link in tag.select(".headerlink, button"):
        link.decompose()
    for link in tag.find_all("a"):
        link.unwrap()
    for part in [tag, *tag.find_all(id=True)]:
        if not part.find_parent("svg"):  # whose parts name each other
            part.attrs.pop("id", None)
    for part in [tag, *tag.find_all(tabindex=True)]:
        part.attrs.pop("tabindex", None)
    return tag


def plain(tag):
    """Return the text of a tag, a formula by what it shows and not by its TeX."""
    tag = copy(tag)
    for annotation in tag.find_all("annotation"):
        annotation.decompose()
    return " ".join(tag.get_text().split())


def lines(text, characters=TEXT_CHARACTERS):
    return ceil(len(text) / characters)


def pieces(paragraph):
    """Yield the parts of a paragraph, its text cut between sentences, and whether each ends one."""
    for part in cleaned(paragraph).contents:
        if isinstance(part, NavigableString):
            *whole, rest = END.split(str(part))
            yield from ((text, True) for text in whole)
            yield rest, bool(LAST.search(rest))
        else:
            yield str(part), part.get_text().endswith((".", "?", "!"))


def sentences(paragraph):
    """Return the sentences of a paragraph as HTML."""
    found = [""]
    for part, ends in pieces(paragraph):
        found[-1] += f"{part} " if ends else part
        if ends and found[-1].count("(") <= found[-1].count(")"):
            found.append("")
    return [sentence.strip() for sentence in found if sentence.strip()]


def lead(paragraph):
    """Return the end of a paragraph: its last sentence, and more if that is short."""
    parts = sentences(paragraph)
    ends = [" ".join(parts[i:]) for i in range(len(parts) - 1, -1, -1)]
    return next((end for end in ends if len(shown(end)) >= 60), ends[-1])


def shown(html):
    return re.sub(r"<annotation.*?</annotation>|<[^>]+>", "", html)


def text_block(kind, html, **more):
    height = lines(shown(html)) * TEXT_LINE + TEXT_ROOM
    return Block(kind, f'<p class="{kind}">{html}</p>', height, **more)


def code_block(kind, pre, **more):
    """Return code, or what it printed, as a block."""
    pre = cleaned(pre)
    count = len(pre.get_text().strip("\n").split("\n"))
    html = f'<div class="highlight {kind}">{str(pre).strip()}</div>'
    return Block(kind, html, count * CODE_LINE + CODE_ROOM, **more)


def formula_block(tag):
    rows = tag.select("semantics > mtable > mtr") or [tag.find("semantics")]
    tall = sum(row.select_one("mfrac, munderover, * mtable") is not None for row in rows)
    return Block("formula", str(cleaned(tag)), FORMULA * len(rows) + FRACTION * tall)


def figure_block(tag):
    """Return a figure; one that is high has its caption beside it."""
    figure = cleaned(tag)
    wide, high = map(float, figure.find("svg")["viewbox"].split()[2:])
    is_high = wide < 1.3 * high
    figure["class"] = "high" if is_high else "wide"
    return Block("figure", str(figure), HIGH_FIGURE if is_high else FIGURE)


def live_block(tag):
    """Return a live figure, to which a finger's swipe belongs; what it says first is a note."""
    described = copy(tag.select_one(".description"))
    described.name = "p"
    html = f'<div class="figure-alive" data-prevent-swipe>{tag}</div>'
    return Block("live", html, 0, notes=[described])


def other_block(tag):
    """Return a list, a table or what else there may come."""
    rows = tag.find_all(["li", "tr"]) or [tag]
    height = sum(lines(plain(row)) * TEXT_LINE + TEXT_ROOM for row in rows)
    return Block("other", str(cleaned(tag)), height)


def blocks_of(cell):
    """Return the blocks of a cell: its code, what it printed, its figures."""
    found = [code_block("code", pre) for pre in cell.select(".cell_input pre")]
    for part in cell.select(".cell_output > *"):
        if part.name == "figure":
            found.append(figure_block(part))
        elif pre := part.find("pre"):
            found.append(code_block("printed", pre, joined=120 * bool(found)))
        elif isinstance(part, Tag) and not part.find("momentum-predictions"):
            found.append(other_block(part))
    return found


def told(paragraphs):
    """Return the sentences of paragraphs as a list, for a section that shows nothing else."""
    items = [sentence for paragraph in paragraphs for sentence in sentences(paragraph)]
    html = "".join(f"<li>{item}</li>" for item in items)
    return Block("told", f"<ul>{html}</ul>", 0, notes=paragraphs)


def asked(tag):
    """Return a prediction; what is said of each choice comes one by one, of the right one last."""
    tag = cleaned(tag)
    details = tag.find("details").extract()
    said = details.find_all("li")
    if tag["data-kind"] == "number":
        guess = '<p class="guess">Your number:</p>'
        answer = f'<p class="fragment right">{details.find("p").decode_contents()}</p>'
        beliefs = "".join(f'<li class="fragment">{one.decode_contents()}</li>' for one in said)
        return Block("prediction", f"{tag.find('p')}{guess}<ul>{beliefs}</ul>{answer}", 0)
    for choice, one in zip(tag.find_all("li"), said, strict=True):
        right = one.get_text().startswith("Right.")
        sentence = one.find("p") or one
        sentence.attrs = {"class": ["fragment", *["right"][:right]]}
        sentence.attrs["data-fragment-index"] = len(said) if right else said.index(one)
        choice.append(sentence)
    return Block("prediction", tag.decode_contents(), 0)


def discussed(question, expect):
    """Return a question for discussion; its answer comes last, what to expect is a note."""
    items = "".join(
        f"<li>{escape(text)}{RIGHT if letter == question.right else ''}</li>"
        for letter, text in question.lettered()
    )
    note = BeautifulSoup(f"<p>{escape(expect)}</p>", "html.parser").p
    html = f"<p>{escape(question.ask)}</p><ol type='a'>{items}</ol>"
    return Block("discussion", html, 0, notes=[note])


def exercise(section):
    """Return an exercise; its solution is a note."""
    section = cleaned(section)
    solutions = [part.extract() for part in section.select(":scope > :is(details, .tag_hide-cell)")]
    for part in (
        fold for solution in solutions for fold in [solution, *solution.select("details")]
    ):
        part.name = "div"
    text = [part for part in section.find_all(True, recursive=False) if part.name != "h3"]
    height = TEXT_LINE + TEXT_ROOM + sum(lines(plain(p)) * TEXT_LINE + TEXT_ROOM for p in text)
    return Block("exercise", section.decode_contents(), height, notes=[*text, *solutions])


def best_cuts(blocks):
    """Return the blocks in groups, one for each slide: few slides, all full, nothing torn apart."""
    best = [(0.0, [])]
    for end in range(1, len(blocks) + 1):
        tried = [(best[i][0] + cost(blocks[i:end]), i) for i in range(end)]
        total, start = min(tried)
        best.append((total, [*best[start][1], blocks[start:end]]))
    return best[-1][1]


def filled(group):
    """Return the blocks of a slide, with more of what is said of them where there is room."""
    room = ENOUGH - sum(block.height for block in group)
    for block in group:
        if block.kind == "finding" and room > 0:
            more = " ".join(sentences(block.notes[0])[:2])
            block.html = text_block("finding", more).html
    if room > 0 and group[0].notes and not {"lead", "finding"} & {block.kind for block in group}:
        return [text_block("lead", sentences(group[0].notes[0])[0]), *group]
    return group


def cost(group):
    """Return how far a slide is from a good one."""
    height = sum(block.height for block in group)
    over = max(height - BODY, 0) if len(group) > 1 else 0
    stretched = any(block.kind == "figure" for block in group)
    early = any(block.kind == "figure" for block in group[:-1])  # it ends what was said before
    slack = 0 if stretched else max(BODY - height, 0) / BODY
    return 30 + 100 * slack**2 + group[0].joined + 150 * early + 1000 * over

"""The teacher's guide as Markdown, chapter by chapter, from course/guide.yml and the chapters."""

import json
import re
from functools import cache
from pathlib import Path

import yaml

from tools.course.questions import asked

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "course" / "guide.yml"
LESSONS = {"45": 45, "90": 90, "2 × 90": 180}  # minutes of the plans, by their column
ABLE = re.compile(r"you will be able to\n\n((?:- .*\n?)+)")


@cache
def guide():
    """Return the chapters of the guide by name, and the misconceptions by claim."""
    found = yaml.safe_load(SOURCE.read_text("utf-8"))
    return found["chapters"], found["misconceptions"]


def rounds(name):
    """Return the discussion rounds of a chapter, each with what to expect."""
    listed = guide()[0][name]["rounds"]
    return [(asked(number, name, item), item["expect"]) for number, item in enumerate(listed, 1)]


@cache
def cells(name):
    """Return the cells of a chapter as it is stored, each with its text as one string."""
    stored = json.loads((ROOT / "chapters" / f"{name}.ipynb").read_text("utf-8"))["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in stored]


def texts(name):
    return [cell["source"] for cell in cells(name) if cell["cell_type"] == "markdown"]


def title(name):
    return re.search(r"^# (.*)$", texts(name)[0], re.MULTILINE)[1]


def claims(name):
    """Return the labels of the claims that a chapter shows, in their order: s1, s2, ..."""
    tags = [tag for cell in cells(name) for tag in cell["metadata"].get("tags", [])]
    return [tag.removeprefix("claim-").lower() for tag in tags if tag.startswith("claim-")]


def markdown():
    """Return the guide: a section for each chapter."""
    return "\n\n".join(chapter(number, name) for number, name in enumerate(guide()[0], 1))


def chapter(number, name):
    link = f"[chapter {number}]({name}.ipynb)"
    able = next(found[1] for text in texts(name) if (found := ABLE.search(text)))
    parts = [
        f"## {title(name)}",
        f"*The lesson on {link}.* **It needs:** {guide()[0][name]['needs']}",
        f"After it, a student is able to\n\n{able.strip()}",
        plan(name),
        misconceptions(name),
        "### Three rounds of discussion",
        *(discussion(question, expect) for question, expect in rounds(name)),
    ]
    return "\n\n".join(part for part in parts if part)


def plan(name):
    """Return the minutes of each step as a table."""
    head = ["step", *(lesson.replace(" ", "\N{NO-BREAK SPACE}") for lesson in LESSONS)]
    rows = [[step(text), *(m or "–" for m in minutes)] for text, *minutes in steps(name)]
    lines = [head, ["---", *["---:"] * len(LESSONS)], *rows]
    table = "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
    return f"### Minutes\n\n{table}"


def steps(name):
    return guide()[0][name]["steps"]


def step(text):
    """Return a step as a reader sees it: a section of the chapter in italics."""
    return f"*{text[1:]}*" if text.startswith("#") else text


def misconceptions(name):
    """Return what a class may believe before the chapter, each with the run that cures it."""
    found = [(claim, guide()[1][claim]) for claim in claims(name) if claim in guide()[1]]
    if not found:
        return ""
    lines = [
        f"- **“{one['say']}”** {one['cure']} (Claim {{ref}}`{label(claim)} <{claim}>`, "
        f"shown {{ref}}`here <claim-{claim}>`.)"
        for claim, one in found
    ]
    return "### What they believe\n\n" + "\n".join(lines)


def label(claim):
    return claim[0].upper() + claim[1:]


def discussion(question, expect):
    """Return a round: its question, its choices, and, folded, the answer and what to expect."""
    choices = "\n".join(f"- **{letter})** {text}" for letter, text in question.lettered())
    right = dict(question.lettered())[question.right]
    answer = f"**{question.right})** {right}. {expect}"
    fold = f"<details>\n<summary>The answer, and what to expect</summary>\n\n{answer}\n\n</details>"
    return f"**{question.number}.** {question.ask}\n\n{choices}\n\n{fold}"

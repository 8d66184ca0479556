"""The test of understanding as notebooks: two forms to fill in, and a key that runs and scores."""

import re
from inspect import getsource
from textwrap import dedent, indent

import nbformat

import momentum
from tools.course import colophon
from tools.course.questions import FORMS, LETTERS, about, questions

TITLE = """\
# Test of understanding, form {form}

To be done {when}. Each question has one right answer. Write its letter between the quotation
marks. If you do not know, or do not know a word, write a question mark. Run the last cell at the
end."""
KEY_TITLE = """\
# Test of understanding: the key

Each cell runs what answers its question, and prints the letter of the right answer. The last one
reads the notebooks of a class from the folder `handed_in` and prints a table, a line for each."""
MISSING = """\
allowed = {{"a", "b", "c", "?"}}
wrong = [n for n in range(1, {count} + 1) if answers.get(n, "").strip().lower() not in allowed]
if wrong or not name.strip():
    print("Your name is missing." if not name.strip() else "", "Not a, b, c or ?:", wrong)
else:
    print("All answered. Save, and hand it in.")"""
BEGIN = """\
import numpy as np

from momentum import {names}

{about}
right = {{"A": {{}}, "B": {{}}}}"""
SCORE = """\
import csv
import json
import re
import sys
from pathlib import Path


def handed_in(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    code = "\\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    lines = dict(re.findall(r"^(name|form|answers\\[\\d+\\]) = (.*)$", code, re.MULTILINE))
    return {name: text.strip("\\"' ") for name, text in lines.items()}


table = csv.writer(sys.stdout)
table.writerow(["file", "name", "form", "points", "of", "wrong"])
for path in sorted(Path("handed_in").glob("*.ipynb")):
    given = handed_in(path)
    key = right[given["form"]]
    said = {n: given.get(f"answers[{n}]", "").strip().lower() for n in key}
    wrong = [n for n, letter in key.items() if said[n] != letter]
    points = len(key) - len(wrong)
    table.writerow([path.name, given["name"], given["form"], points, len(key), wrong])"""


def form_notebook(form):
    """Return the notebook of a form, without anything that tells an answer."""
    asked = questions(form)
    title = TITLE.format(form=form, when=FORMS[form])
    cells = [md("title", title), code("name", f'name = ""\nform = "{form}"\nanswers = {{}}')]
    for question in asked:
        cells.append(md(f"question-{question.number}", shown(question)))
        cells.append(code(f"answer-{question.number}", f'answers[{question.number}] = ""'))
    cells.append(code("missing", MISSING.format(count=len(asked))))
    return notebook([*cells, md("colophon", f"*{colophon.line('Test of understanding')}*")])


def key_notebook(first=()):
    """Return the key of both forms: the run that answers each question, and what scores a class.

    `first` are cells to begin with: they see to it that the package is there.
    """
    cells = []
    for form in FORMS:
        for question in questions(form):
            place = f"{form}{question.number}"
            cells.append(md(f"question-{place}", f"## Form {form}, {answered(question)}"))
            cells.append(code(f"run-{place}", run_of(question)))
    begin = [
        md("title", KEY_TITLE),
        *first,
        code("begin", BEGIN.format(names=used(cells), about=getsource(about))),
    ]
    end = [code("score", SCORE), md("colophon", f"*{colophon.line('Key of the test')}*")]
    return notebook([*begin, *cells, *end])


def used(cells):
    """Return the public names of the package that the cells use."""
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    return ", ".join(name for name in momentum.__all__ if re.search(rf"\b{name}\b", text))


def shown(question):
    lines = [f"**{question.number}.** {question.ask}", ""]
    return "\n".join([*lines, *(f"- **{letter})** {text}" for letter, text in question.lettered())])


def answered(question):
    return f"question {question.number}: {question.idea}\n\n{shown(question)}\n\n{question.because}"


def run_of(question):
    """Return the code that finds the right letter of a question by computing it."""
    checks = [f'"{letter}": {c},' for letter, c in zip(LETTERS, question.conditions)]
    lines = [dedent(question.run).strip(), "holds = {", indent("\n".join(checks), "    "), "}"]
    place = f'right["{question.form}"][{question.number}]'
    lines += [f"({place},) = [letter for letter, true in holds.items() if true]", f"print({place})"]
    return "\n".join(line for line in lines if line)


def md(name, text):
    return nbformat.v4.new_markdown_cell(text, id=name)


def code(name, text):
    return nbformat.v4.new_code_cell(text, id=name)


def notebook(cells):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=kernel)

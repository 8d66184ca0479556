"""Write the test of understanding: on paper, for learning platforms, and as notebooks."""

from html import escape

import nbformat

from _ext.packing import INSTALL
from tools.course import qti, typeset
from tools.course.colophon import VERSION
from tools.course.pages import chapters
from tools.course.question_notebooks import code, form_notebook, key_notebook
from tools.course.questions import FORMS, questions

NAME = "<p>Name: ______________________________ Date: ________________</p>"


def make(folder):
    """Write both forms and their key, each in all its kinds; return what was written."""
    target = folder / "understanding"
    target.mkdir(parents=True, exist_ok=True)
    parts = [part for form in FORMS for part in form_parts(target, form)]
    notebook = write_notebook(target / "key.ipynb", key_notebook([install()]))
    parts.append((notebook, "the key as a notebook, which scores a class"))
    return [(path.relative_to(folder), what) for path, what in parts]


def install():
    """Return the cell that installs the package where it is missing."""
    place = "its wheel, which the archive of the notebooks has: put it beside this notebook"
    wheel = f"./momentum_book-{VERSION}-py3-none-any.whl[book]"
    return code("install", INSTALL.format(place=place, package=wheel))


def form_parts(target, form):
    """Write one form; yield each file and what it is."""
    title, name = f"Test of understanding, form {form}", f"form-{form}"
    sheet = write_pdf(target / f"{name}.pdf", title, paper(title, form))
    yield sheet, f"form {form}, {FORMS[form]}, to print"
    package = target / f"{name}-qti.zip"
    qti.write(package, title, questions(form))
    yield package, f"form {form} for a learning platform (QTI 2.1)"
    notebook = write_notebook(target / f"{name}.ipynb", form_notebook(form))
    yield notebook, f"form {form} as a notebook"
    title = f"Key of the test, form {form}"
    yield write_pdf(target / f"key-{form}.pdf", title, key(title, form)), f"key of form {form}"


def write_pdf(path, title, blocks):
    """Typeset blocks of HTML; none of them is broken across pages."""
    source = "\n".join(
        f"#block(breakable: false, above: 1.6em)[{typeset.to_typst(html)}]" for html in blocks
    )
    typeset.pdf(source, {}, path, title=title, part=title)
    return path


def write_notebook(path, notebook):
    nbformat.write(notebook, path)
    return path


def paper(title, form):
    """Return the blocks of a form to print: nothing on it tells an answer."""
    head = f"<h1>{title}</h1>{NAME}<p>Each question has one right answer. "
    head += "Mark it. If you do not know, mark none.</p>"
    return [head, *map(shown, questions(form))]


def shown(question):
    return f"<p><b>{question.number}.</b> {escape(question.ask)}</p>{listed(question)}"


def listed(question, mark="☐"):
    """Return the choices as lines, each behind a box; the key puts its `mark` at the right one."""
    boxes = [mark if letter == question.right else "☐" for letter, _ in question.lettered()]
    lines = [
        f"{box} <b>{letter})</b> {escape(text)}"
        for box, (letter, text) in zip(boxes, question.lettered())
    ]
    return f"<p>{'<br>'.join(lines)}</p>"


def key(title, form):
    """Return the blocks of a key, each question with its sentence and where the book shows it."""
    where = {anchor: page for page in chapters() for anchor in claims(page)}
    asked = questions(form)
    row = " · ".join(f"{question.number} {question.right}" for question in asked)
    return [f"<h1>{title}</h1><p><b>{row}</b></p>", *(answered(q, where) for q in asked)]


def claims(page):
    """Return the ids of the claims that a page shows."""
    return [tag["id"] for tag in page.article().select('[id^="claim-"]')]


def answered(question, where):
    page = where[f"claim-{question.claim}"]
    shown_in = f"Chapter {page.number}, claim {question.claim.upper()}."
    lines = f"<p><b>{question.number}. {escape(question.idea)}</b><br>{escape(question.ask)}</p>"
    return f"{lines}{listed(question, '☒')}<p>{escape(question.because)} <i>{shown_in}</i></p>"

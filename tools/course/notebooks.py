"""Student notebooks: the chapters to work through, and one archive with all that they need.

Left out are outputs, solutions, notes, and what is said of each choice of a prediction. Text that
answers a prediction is folded, from the prompt on, up to the next heading or the next prompt. Below
each prompt and each exercise is a place to write. What only the book's pages resolve (numbers of
equations and figures, citations, links to other pages) is resolved from them.
"""

import re
from shutil import copy, rmtree

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from _ext.packing import INSTALL, pack
from tools.course import pages
from tools.course.colophon import ROOT, TITLE, VERSION, line
from tools.refresh import KERNEL, LANGUAGE, name_cells

ARCHIVE = f"momentum-course-{VERSION}"
PLACE = "the wheel beside this notebook: the archive of the course has both"
README = """\
{title}: the notebooks of all chapters, version {version}

1. Unpack the archive. Python 3.11 or newer is needed. In the unpacked folder type:
   pip install jupyterlab "./{wheel}[book]"
2. Then type: jupyter lab
3. Open a notebook and run its cells one by one, from the top: answers come below the questions.
   Without step 1 the first cell installs the package; then reload the page in the browser.

{line}
"""
REPLY = "*My prediction, and why:*"
WAY = "*My way, and the result:*"
FOLD = "<details>\n<summary>Read on when you have run the cell</summary>\n\n{}\n\n</details>"

PIECES = re.compile(r"^(?=#{1,6} |\*\*Predict)", re.MULTILINE)
LEFT_OUT = re.compile(r"<!--.*?-->|^\([\w-]+\)=$", re.DOTALL | re.MULTILINE)
DETAILS = re.compile(r"<details>.*?</details>", re.DOTALL)
EQUATION = re.compile(r"\s*\$\$ *\(([\w-]+)\)")  # its end, with its label
ROLE = re.compile(r"\{([\w:]+)\}`([^`]*)`")
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
# The widget that asks predictions needs the answers.
ASKED = re.compile(
    r"^from momentum\.explorers import Predictions\n|\bPredictions, |, Predictions\b"
    r"|^ +Predictions,\n|^Predictions\(\)\n?",
    re.MULTILINE,
)


class Resolver:
    """What the built pages say in place of roles and links."""

    def __init__(self, chapters):
        self.numbers = {}
        self.files = {f"{page.stem}.ipynb" for page in chapters}
        for page in chapters:
            article = page.article()
            for place in article.select(".math[id], figure[id]"):
                number = place.select_one(".eqno, .caption-number")
                if number:
                    name = place["id"].removeprefix("equation-")
                    self.numbers[name] = number.get_text().strip(" #")

    def text(self, source, works):
        """Return a Markdown text that any notebook shows; works are {key: (words, reference)}."""
        source = EQUATION.sub(lambda m: f" \\tag{{{self.numbers[m[1]].strip('()')}}}\n$$", source)
        source = ROLE.sub(lambda m: self.role(m[1], m[2], works), source)
        return LINK.sub(self.link, source)

    def role(self, name, content, works):
        if name == "cite":
            return f"({'; '.join(works[key.strip()][0] for key in content.split(','))})"
        if titled := re.fullmatch(r"(.*?)\s*<.*>", content):
            return titled[1]
        if name in ("eq", "numref"):
            return self.numbers[content]
        raise ValueError(f"no words for {{{name}}}`{content}`")

    def link(self, match):
        text, target = match.groups()
        name = target.partition("#")[0]
        if name in self.files:
            return f"[{text}]({name})"
        return match[0] if target.startswith("http") else text


def works_cited(page, cells):
    """Return {key: (words, reference)}: keys as the notebook cites, words as its page shows."""
    texts = " ".join(cell.source for cell in cells if cell.cell_type == "markdown")
    keys = [key.strip() for m in ROLE.finditer(texts) if m[1] == "cite" for key in m[2].split(",")]
    links = page.article().select('a[href^="bibliography.html#"]')
    return {key: (a.get_text(), a["title"]) for key, a in zip(keys, links, strict=True)}


def student_cells(cells, clean, numbers):
    """Yield the cells of a chapter as a student gets them; clean makes a text readable."""
    answering = False
    for cell in cells:
        if {"solution", "hide-cell"} & set(cell.metadata.get("tags", ())):
            continue
        if cell.cell_type == "code":
            yield code(cell, numbers)
            continue
        for piece in PIECES.split(LEFT_OUT.sub("", cell.source)):
            made, answering = student_text(piece, answering)
            yield from (made_of(kind, clean(text)) for kind, text in made if text or kind == "code")


def student_text(piece, answering):
    """Return (kind, text) of the cells of a piece of text, and whether an answer goes on."""
    if piece.startswith("**Predict"):
        before, _, after = piece.partition("<details>")
        rest = after.partition("</details>")[2].strip()
        folded = [("markdown", FOLD.format(rest))] if rest else []
        return [("markdown", before.strip()), ("markdown", REPLY), *folded], True
    text = DETAILS.sub("", piece).strip()
    if answering and text and not piece.startswith("#"):
        return [("markdown", FOLD.format(text))], True
    answering = answering and not piece.startswith("#")
    return [("markdown", text), *answer_to(text.partition("\n")[0])], answering


def answer_to(heading):
    """Return the place for the answer to an exercise, below its text."""
    if not re.match(r"#+ .*\bExercise\b", heading):
        return []
    return [("markdown", WAY) if heading.endswith("by hand") else ("code", "")]


def made_of(kind, text):
    return new_markdown_cell(text) if kind == "markdown" else new_code_cell(text)


def code(cell, numbers):
    """Return a cell of code that names the figure of the book which it draws."""
    name = cell.metadata.get("mystnb", {}).get("figure", {}).get("name")
    figure = f"# {numbers[name]}\n" if name else ""
    return new_code_cell(figure + ASKED.sub("", cell.source).strip())


def notebook(page, resolver, wheel):
    """Return the student's notebook of a chapter."""
    stored = nbformat.read(ROOT / f"{page.name}.ipynb", as_version=4)
    works = works_cited(page, stored.cells)
    cells = student_cells(stored.cells, lambda text: resolver.text(text, works), resolver.numbers)
    install = INSTALL.format(place=PLACE, package=f"./{wheel}[book]")
    made = new_notebook(cells=[new_code_cell(install.strip()), *cells])
    made.cells.append(new_markdown_cell(ending(page, made, works)))
    made.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE})
    name_cells(made.cells)
    return made


def ending(page, made, works):
    """Return the last cell: the works that are still cited, and the colophon."""
    texts = " ".join(cell.source for cell in made.cells)
    cited = [f"- {reference}" for words, reference in works.values() if words in texts]
    works = ["## Works cited", "\n".join(cited)] if cited else []
    return "\n\n".join([*works, f"*{line(f'Chapter {page.number} as a notebook')}*"])


def make(folder):
    """Write the notebooks, what they need beside them, and the archive of all that."""
    chapters, home = pages.chapters(), folder / "notebooks"
    rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    wheel = next((pages.SITE / "_static" / "run").glob("*.whl"))
    resolver = Resolver(chapters)
    for page in chapters:
        made = nbformat.writes(notebook(page, resolver, wheel.name))
        (home / f"{page.stem}.ipynb").write_text(made + "\n", "utf-8")
    for path in (wheel, ROOT / "LICENSE-CODE", ROOT / "LICENSE-TEXT"):
        copy(path, home)
    told = README.format(title=TITLE, version=VERSION, wheel=wheel.name, line=line("Notebooks"))
    (home / "README.txt").write_text(told, "utf-8")
    archive = folder / f"{ARCHIVE}.zip"
    pack(archive, {f"{ARCHIVE}/{path.name}": path for path in home.iterdir()})
    parts = [(f"notebooks/{page.stem}.ipynb", "notebook") for page in chapters]
    return [(archive.name, "all notebooks for students, with the package they need"), *parts]

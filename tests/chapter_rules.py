"""The form of a chapter, as rules: each yields in words what is wrong with a chapter, and where.

A chapter is read as it is stored: nothing is executed here.
"""

import ast
import re
from statistics import median

from notebooks import (
    SVG,
    exercise_of,
    figure_text,
    media,
    shown_lines,
    shows_something,
    tags,
)

from tools.promise import predictions

CELLS, MEDIAN, LONGEST = (12, 25), 4, 15  # code cells, and their lines
WORDS, EXERCISES, WIDTH, ALT = (1200, 2000), 3, 52, 40
PREDICTIONS = 3, 6
FORBIDDEN_TAGS = "remove-", "hide-input", "hide-output"
FOLDED = {"outputs_hidden": True, "source_hidden": True}  # what JupyterLab folds
REFRESH = "run make refresh"
RULES = []


def rule(function):
    """Make a function from a chapter to its faults one of the rules."""
    RULES.append(function)
    return function


@rule
def it_opens_with_a_title_and_is_described(chapter):
    first = chapter.cells[0]["source"]
    if not first.startswith("# "):
        yield f"begins with {first[:30]!r}, not with a title: a line '# Verb what'"
    if [level for level, _ in chapter.headings].count(1) != 1:
        yield "needs exactly one heading of the first level, its title"
    described = chapter.metadata.get("myst", {}).get("html_meta", {})
    if not any(key.startswith("description") and text for key, text in described.items()):
        yield "has no description: set html_meta in the notebook's metadata (see CONTRIBUTING.md)"


@rule
def it_opens_with_its_live_figure(chapter):
    pictures = [
        "".join(data.get("text/html", ""))
        for _, cell in chapter.in_sections()
        for data in media(cell)
        if SVG in data or "<momentum-explorer" in "".join(data.get("text/html", ""))
    ]
    if not pictures or 'class="caption"' not in pictures[0]:
        yield "does not open with a live figure that has a caption: Path(caption=...)"


@rule
def no_instruction_of_the_template_is_left(chapter):
    for text in chapter.texts:
        for instruction in re.findall(r"^> \*\*Write:\*\* (.*)", text, re.MULTILINE):
            yield f"still has the template's instruction {instruction[:60]!r}"


@rule
def it_has_the_sections_of_a_chapter(chapter):
    titles = [title for level, title in chapter.headings if level == 2]
    for part in ("The rule", "Explore", "Exercises", "In short"):
        if not any(title.startswith(part) for title in titles):
            yield f"has no section '## {part}'"


@rule
def every_cell_is_executed_and_stored(chapter):
    for count, cell in enumerate(chapter.code, 1):
        if cell["execution_count"] != count:
            yield f"{cell['place']} is not stored as run number {count} of a fresh start: {REFRESH}"
        elif shows_something(cell["source"]) and not cell["outputs"]:
            yield f"{cell['place']} prints, draws or ends with a value, without output: {REFRESH}"
        if any(output["output_type"] == "error" for output in cell["outputs"]):
            yield f"{cell['place']} ended in an error"


@rule
def cells_are_many_and_short(chapter):
    lengths = [len(cell["source"].splitlines()) for cell in chapter.code]
    if not CELLS[0] <= len(lengths) <= CELLS[1]:
        yield "has {} code cells, a chapter has {} to {}".format(len(lengths), *CELLS)
    if lengths and median(lengths) > MEDIAN:
        yield f"has code cells of {median(lengths):g} lines in the median, at most {MEDIAN} will do"
    for cell, length in zip(chapter.code, lengths):
        if length > LONGEST:
            yield f"{cell['place']} has {length} lines, a code cell may have at most {LONGEST}"


@rule
def code_is_plain_visible_python(chapter):
    for cell in chapter.code:
        for line in map(str.strip, cell["source"].splitlines()):
            if line.startswith(("!", "%")) or line.endswith(";"):
                yield f"{cell['place']} has the line {line!r}: no shell, no magic, no closing ;"
            if re.match(r"from .* import \*", line):
                yield f"{cell['place']} imports *: name what the chapter uses"
        for tag in tags(cell):
            if tag.startswith(FORBIDDEN_TAGS):
                yield f"{cell['place']} has the tag {tag}: a reader sees all code"


@rule
def it_is_python(chapter):
    for cell in chapter.code:
        try:
            ast.parse(cell["source"])
        except SyntaxError as error:
            yield f"{cell['place']}, line {error.lineno}: {error.msg}"


@rule
def only_solutions_are_folded(chapter):
    for titles, cell in chapter.in_sections():
        folded = "hide-cell" in tags(cell)
        if folded and not exercise_of(titles):
            yield f"{cell['place']} is folded (tag hide-cell) but stands in no exercise"
        if cell["metadata"].get("jupyter") != (FOLDED if folded else None):
            yield f"{cell['place']} is folded in JupyterLab or on the page, not in both: {REFRESH}"


@rule
def each_of_three_exercises_has_a_folded_executed_solution(chapter):
    if len(chapter.exercises) != EXERCISES:
        titles = ", ".join(chapter.exercises) or "none"
        yield f"has {len(chapter.exercises)} exercises, {EXERCISES} are meant (found: {titles})"
    solved = {exercise_of(t) for t, cell in chapter.in_sections() if "hide-cell" in tags(cell)}
    for title in chapter.exercises:
        if title not in solved:
            yield f"{title!r} has no folded solution: a code cell with the tag hide-cell"


@rule
def it_asks_for_predictions_in_the_format_of_the_book(chapter):
    asked = 0
    for number, cell in enumerate(chapter.cells):
        if cell["cell_type"] == "markdown":
            found, wrong = predictions.split(f"cell {number} of all", cell["source"])
            asked += len(found)
            yield from wrong
    if not PREDICTIONS[0] <= asked <= PREDICTIONS[1]:
        yield "has {} predictions, a chapter has {} to {}".format(asked, *PREDICTIONS)


@rule
def no_prompt_shows_its_answer_before(chapter):
    yield from predictions.told_before(chapter.cells)


@rule
def its_length_fits_a_lesson(chapter):
    if not WORDS[0] <= chapter.words() <= WORDS[1]:
        yield "has {} words in text and captions, a chapter has {} to {}".format(
            chapter.words(), *WORDS
        )


@rule
def figures_are_drawings_that_come_out_the_same_again(chapter):
    if not chapter.figures:
        yield "has no figure: draw one with momentum.figures"
    for cell in chapter.code:
        for data in media(cell):
            if data.keys() & {"image/png", "image/jpeg"}:
                yield f"{cell['place']} stores a bitmap: call figures.style() first"
            if re.search(r"\bdc:date\b|\bDate\b", "".join(data.get(SVG, ""))):
                yield f"{cell['place']} stores a figure with a date: call figures.style() first"


@rule
def every_figure_has_alt_text_a_caption_and_a_name(chapter):
    for cell in chapter.figures:
        alt, caption, name = figure_text(cell)
        if len(alt) < ALT:
            yield f"the figure of {cell['place']} has {len(alt)} characters of alt text, not {ALT}"
        if not caption:
            yield f"the figure of {cell['place']} has no caption: say what it claims"
        elif alt.strip(" .") == caption.strip(" ."):
            yield f"the figure of {cell['place']} has its caption as alt text: say what it shows"
        if not name.startswith("fig-"):
            yield f"the figure of {cell['place']} has the name {name!r}, one like fig-NAME is meant"


@rule
def outputs_fit_a_phone(chapter):
    for cell in chapter.code:
        lines = [line for output in cell["outputs"] for line in shown_lines(output)]
        wide = max(lines, key=len, default="")
        if len(wide) > WIDTH:
            yield f"{cell['place']} prints a line of {len(wide)} characters, not {WIDTH}: {wide!r}"
        if any(output.get("name") == "stderr" for output in cell["outputs"]):
            yield f"{cell['place']} prints a warning or an error message (to stderr)"


@rule
def notation_and_ledger_are_linked(chapter):
    for page in ("notation", "claims"):
        link = rf"\]\({page}\.md(#[^)]*)?\)|\{{doc\}}`([^`]*<)?{page}>?`"
        if not any(re.search(link, text) for text in chapter.texts):
            yield f"does not link to the page {page}: write [...]({page}.md)"


def shared_names(chapters):
    """Yield what is wrong with the names of the figures of all chapters."""
    seen = {}
    for chapter in chapters:
        for cell in chapter.figures:
            name, place = figure_text(cell)[2], f"{chapter.name}, {cell['place']}"
            if name in seen:
                yield f"{place}: the figure's name {name} is taken by {seen[name]}"
            seen[name] = place

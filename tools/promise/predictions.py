"""Read the predictions of a chapter, and find what is wrong with their keys.

A prompt is a paragraph that begins with **Predict.**, **Predict a number.** or **Predict the
curve.**; its details say of each choice what is to be said, with **Right.** at the one that holds;
and the note behind it, `<!-- predict: ... -->`, has one condition a choice, or the expression that
a number shows. The note is evaluated as `numbers below` is.
"""

import ast
import re
from dataclasses import dataclass, field

from momentum.explorers.bundle import PROMPTS
from tools.promise import words

BEGINS = re.compile(r"^\*\*Predict[^*]*\*\*", re.MULTILINE)
WHOLE = re.compile(
    r"^\*\*(?P<bold>Predict[^*]*)\*\* (?P<question>.*?)\n\n(?P<choices>(?:\d\. .*?)?)"
    r"<details>\n<summary>Turn the page</summary>\n\n(?P<details>.*?)\n\n</details>"
    r"(?:\s*<!-- numbers(?: below)?:.*?-->)*\s*<!-- predict:(?P<note>.*?)-->"
    r"(?:\s*<!-- curve: *(?P<figure>[\w-]+), *(?P<line>.+?) *-->)?",
    re.MULTILINE | re.DOTALL,
)
ITEM = re.compile(r"^(\d)\. (.*?)(?=^\d\. |\Z)", re.MULTILINE | re.DOTALL)
BOLD = re.compile(r"\*\*([^*]+)\*\*")
# What no reader counts among the words of a chapter: choices, and what is said of them.
EXTRA = re.compile(
    r"(^\*\*Predict.*?\n\n)(?:\d\. .*?)?<details>\n<summary>Turn the page.*?</details>",
    re.MULTILINE | re.DOTALL,
)


@dataclass
class Prediction:
    """A prompt as it stands in a cell, and what its note gave when it was evaluated."""

    place: str
    kind: str
    question: str
    choices: list
    said: list
    answer: str
    expressions: list
    curve: tuple
    computed: list = field(default_factory=list)
    wrong: list = field(default_factory=list)

    def evaluate(self, names):
        """Fill in what the note's expressions give."""
        for expression in self.expressions:
            try:
                self.computed.append(eval(expression, dict(names)))
            except Exception as error:
                self.wrong.append(f"{expression} cannot be evaluated: {error!r}")

    @property
    def right(self):
        """The numbers of the choices that are said to be right, from 0."""
        return [i for i, text in enumerate(self.said) if text.startswith("**Right.**")]

    def faults(self):
        """Return what is wrong with the prompt and its key, in words."""
        found = [*self.wrong, *(number_faults if self.kind == "number" else choice_faults)(self)]
        return [f"{self.place}, “{self.question[:50]}”: {message}" for message in found]


def split(place, source):
    """Return the predictions of a cell, and what is wrong with those that cannot be read."""
    found = [read(place, match) for match in WHOLE.finditer(source)]
    known = {match.start() for match in WHOLE.finditer(source)}
    lost = [m[0] for m in BEGINS.finditer(source) if m.start() not in known]
    wrong = [f"{place}: {bold} is not followed by choices, details and a note" for bold in lost]
    return found, wrong


def read(place, match):
    note = match["note"].replace("\n", " ")
    bold = BOLD.search(match["details"])
    return Prediction(
        place,
        PROMPTS.get(match["bold"], "unknown"),
        " ".join(match["question"].split()),
        [text.strip() for _, text in ITEM.findall(match["choices"])],
        [text.strip() for _, text in ITEM.findall(match["details"])],
        bold[1] if bold else "",
        [part.strip() for part in note.split(";") if part.strip()],
        (match["figure"], match["line"]),
    )


def choice_faults(one):
    """Yield what is wrong with a choice or a curve: exactly one condition is true, the marked."""
    if one.kind == "unknown":
        yield "begins with none of " + ", ".join(PROMPTS)
    if not 2 <= len(one.choices) <= 5:
        yield f"has {len(one.choices)} choices, not 2 to 5"
    if len(one.said) != len(one.choices):
        yield f"says {len(one.said)} sentences of {len(one.choices)} choices"
    if len(one.right) != 1:
        yield f"marks {len(one.right)} sentences as **Right.**, not one"
    if len(one.expressions) != len(one.choices):
        yield f"has {len(one.expressions)} conditions for {len(one.choices)} choices"
    for expression in one.expressions:
        if not has_a_name(expression):
            yield f"the condition {expression} computes nothing"
    true = [i for i, value in enumerate(one.computed) if bool(value)]
    if not one.wrong and true != one.right:
        held = ", ".join(str(i + 1) for i in true) or "none"
        yield f"the condition that holds is {held}, marked is {[i + 1 for i in one.right]}"


def number_faults(one):
    """Yield what is wrong with a number: the bold one shows what the note's expression gives."""
    shown = words.numbers(one.answer)
    if len(shown) != 1 or len(one.expressions) != 1:
        yield f"needs one bold number and one expression, has {one.answer!r} and {one.expressions}"
    elif not has_a_name(one.expressions[0]):
        yield f"the expression {one.expressions[0]} computes nothing"
    elif one.computed and not shown[0].matches(one.computed[0]):
        yield f"the answer shows {one.answer}, computed is {one.computed[0]}"


def has_a_name(expression):
    """Return whether an expression computes something, and is not just typed."""
    try:
        tree = ast.parse(expression, mode="eval")
    except SyntaxError:
        return False
    return any(isinstance(node, ast.Name) for node in ast.walk(tree))


def told_before(cells):
    """Yield each prompt whose answer stands above it in its section: its number, or its output."""
    above, texts = [], []
    for number, cell in enumerate(cells):
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            above += printed(cell)
            continue
        yield from told_in(f"cell {number}", source, texts, above, cells[number + 1 :])
        titles = list(re.finditer(r"^#+ .*$", source, re.MULTILINE))
        if titles:
            above, texts = [], []
        texts.append(source[titles[-1].end() if titles else 0 :])


def told_in(place, source, texts, above, below):
    """Yield the prompts of one cell that give themselves away."""
    for match in WHOLE.finditer(source):
        one = read(place, match)
        title = max(
            (m.end() for m in re.finditer(r"^#+ .*$", source[: match.start()], re.M)), default=0
        )
        before = source[title : match.start("choices")]
        seen = " ".join([*([] if title else [*texts, *above]), before])
        clean = re.sub(r"<!--.*?-->|<[^>]*>", " ", seen, flags=re.DOTALL)
        if one.kind == "number" and words.numbers(one.answer):
            answer = words.numbers(one.answer)[0]
            if any(
                n.value == answer.value and n.percent == answer.percent
                for n in words.numbers(clean)
            ):
                yield f"{place}: {one.answer} stands above or in “{one.question[:50]}”"
        answers = [] if title or not below or below[0]["cell_type"] != "code" else printed(below[0])
        for line in {*answers} & {*above}:
            yield f"{place}: {line!r} is printed before “{one.question[:50]}” asks for it"


def printed(cell):
    """Return the lines that a cell has printed."""
    texts = ["".join(output.get("text", "")) for output in cell.get("outputs", [])]
    return [line for text in texts for line in text.splitlines() if re.search(r"\d", line)]

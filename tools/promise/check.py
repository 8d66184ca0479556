"""Compare the numbers that a passage prints with what was computed for it."""

import re

import numpy as np

from tools.promise import formulas, givens, words

FORMULA = re.compile(r"\$\$(.*?)\$\$(?: *\([\w-]+\))?|(?<!\\)\$([^$]+)\$", re.DOTALL)
DIGIT = re.compile(r"\d")
# A formula in plain words, as captions and alt texts have: 1 − βᵗ is the formula 1 - \beta^t.
PLAIN = re.compile(r"(?<![\w$])(\d+) ?([−+-]) ?(β|ρ|ηλ)(ᵗ?)(?![\w$])")


def faults(passage):
    """Return what is wrong with a passage, in words; an empty list if nothing is."""
    text, wrong = givens.left(passage.text, passage.exercises)
    text = PLAIN.sub(lambda m: f"${m[1]} {m[2].replace('−', '-')} {m[3]}{m[4] and '^t'}$", text)
    found = [(number, number.text) for number in words.numbers(FORMULA.sub(" # ", text))]
    for match in FORMULA.finditer(text):
        printed, bad = formula_numbers(match[1] or match[2])
        found += [(number, match[0]) for number in printed]
        wrong += [f"{problem} in “{around(text, match[0])}”" for problem in bad]
    free = list(passage.computed)
    for number, place in sorted(found, key=lambda pair: pair[0].places is None):
        source = next((pair for pair in free if number.matches(pair[1])), None)
        if source:
            free.remove(source)
        elif not answers(number, passage):
            wrong.append(unbacked(number, around(text, place), passage.computed))
    wrong += [f"{expression} = {value:.10g} is printed nowhere" for expression, value in free]
    where = f"{passage.page}, {passage.place}"
    return [f"{where}: {message}" for message in [*passage.wrong, *wrong]]


def answers(number, passage):
    """Return whether a number is that of a prediction, which its own note computes."""
    asked = [one for one in passage.predictions if one.kind == "number"]
    return any(number.text == a.answer and number.matches(v) for a in asked for v in a.computed)


def unbacked(number, sentence, computed):
    """Say which number nothing backs, where it stands, and what was computed."""
    near = sorted(computed, key=lambda pair: abs(pair[1] - number.value))[:3]
    shown = "; ".join(f"{expression} = {value:.10g}" for expression, value in near) or "nothing"
    return f"“{sentence}” prints {number.text}, bound for it is no expression; near are {shown}"


def around(text, found):
    """Return the words around a place of a text."""
    place = max(text.find(found), 0)
    return " ".join(text[max(place - 50, 0) : place + len(found) + 40].split())


def formula_numbers(formula):
    """Return the numbers of a formula that must be bound, and what in it is not known."""
    found = formulas.sides(formula)
    numeric = [(side, values[0]) for side, values in found if not side.symbols]
    symbolic = [(side, values) for side, values in found if side.symbols]
    wrong = [
        f"{side.text.strip()} equals no expression of tools/promise/formulas.txt"
        for side, values in symbolic
        if DIGIT.search(side.text) and not formulas.known(values)
    ]
    covered = sum(len(DIGIT.findall(side.text)) for side, _ in found)
    if covered < len(DIGIT.findall(formula)):
        wrong.append("a number could not be read")
    bound, broken = arithmetic(numeric)
    return bound, wrong + broken


def arithmetic(numeric):
    """Return the numeric sides that must be bound: an equation between numbers proves itself."""
    bound, wrong, chain = [], [], []
    for side, value in numeric:
        if not DIGIT.search(side.text):
            continue
        if chain and side.equals_last:
            last, before = chain[-1]
            if not equal(side, value, before) and not equal(last, before, value):
                wrong.append(f"{last.text.strip()} = {side.text.strip()} does not hold")
            proved = not (side.literal and last.literal)
            bound = bound[:-1] if proved and bound else bound
            chain.append((side, value))
            if proved:
                continue
        chain = [(side, value)]
        bound.append(printed(side, value))
    return bound, wrong


def equal(side, value, other):
    """Return whether a printed side shows another's value, to three digits at least."""
    return printed(side, value).matches(other) and abs(value - other) <= 5e-4 * abs(other)


def printed(side, value):
    """Return a numeric side as the number it prints; arithmetic is meant exactly."""
    text = side.text.strip()
    value = float(np.real(value))
    places = len(text.partition(".")[2]) if side.literal else 12
    return words.Number(text, value, places, False, 0)

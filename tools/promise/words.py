"""Find the numbers of a text: digits, per cent, powers of ten, and number words."""

import math
import re
from dataclasses import dataclass

BELOW_10 = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TO_19 = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"]
UNITS = {word: number for number, word in enumerate(BELOW_10 + TO_19 + ["eighteen", "nineteen"], 1)}
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70}
TENS |= {"eighty": 80, "ninety": 90}
SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6}
PARTS = {
    "half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8,
    "ninth": 9, "tenth": 10, "twentieth": 20, "hundredth": 100, "thousandth": 1000,
    "millionth": 10**6,
}  # fmt: skip
MULTIPLES = {"twice": 2, "doubles": 2, "doubled": 2}
# What a small number word must be bound before; before anything else it counts what is named.
MEASURES = {
    "time", "step", "per", "claim", "chapter", "value", "coordinate", "penguin", "start", "second",
    "gradient", "digit", "minute", "power", "iterate", "curvature", "hour", "batch", "epoch",
}  # fmt: skip
SCALE = "|".join(SCALES)
SMALL = rf"(?:{'|'.join(TENS)})(?:-(?:{'|'.join(UNITS)}))?|{'|'.join(UNITS)}|a(?=[ -](?:{SCALE}))"
WORD = re.compile(
    rf"\b(?:(?P<count>(?:{SMALL}|{SCALE})(?:[ -](?:{SCALE}))*)"
    rf"(?:[ -](?P<parts>(?:{'|'.join(PARTS)})s?)\b)?"
    rf"|(?P<article>a |an |the )?(?P<part>{'|'.join(PARTS)})s?\b(?!-life)"
    r"(?P<scale> of a (?:million|thousand)\b)?"
    rf"|(?P<multiple>{'|'.join(MULTIPLES)}))\b(?P<percent>[ -]per ?cent\b)?"
    r"(?=(?P<after>[.,;:)]|(?: \w+){0,3}))",
    re.IGNORECASE,
)
EXACT = 12  # places
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
POWER = re.compile(r"(?:(\d+(?:\.\d+)?)\s?[×·]\s?)?\b10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
DIGITS = re.compile(
    r"(?P<sign>(?<![\w)\]])[-−+])?(?<![\w.])"
    r"(?P<digits>\d{1,3}(?:[,\u202f\u00a0]\d{3})+(?!\d)|\d+)(?P<rest>/\d+|(?:\.\d+)?(?:e[-+]?\d+)?)"
    r"(?P<percent>\s?(?:%|per ?cent\b))?"
)


@dataclass(frozen=True)
class Number:
    """A number as it is printed: its text, value and decimal places, and where it stands.

    `places` is None for a number word, which means what it says to one significant digit.
    """

    text: str
    value: float
    places: int | None
    percent: bool
    start: int

    def matches(self, computed):
        """Return whether the computed value, rounded to the digits as printed, is this number."""
        computed = float(computed) * (100 if self.percent else 1)
        if self.places is None:
            return means(self.value, computed)
        if self.places <= 0 and not self.percent:  # a whole number is meant exactly
            return math.isclose(computed, self.value, rel_tol=1e-9, abs_tol=1e-9)
        half = 0.5 * 10.0**-self.places
        return abs(computed - self.value) <= half * (1 + 1e-6)


def means(word, computed):
    """Return whether a number word says a computed value.

    A count below 100 is meant exactly, other whole numbers to the unit, or to six per cent if they
    are round; parts to an eighth.
    """
    if 1 <= computed < 100 and computed % 1 == 0:
        return word == computed
    if word > 1 and word % 1 == 0 and (word < 20 or float(f"{word:.0e}") != word):
        return math.isfinite(computed) and round(computed) == word
    return abs(computed - word) <= (0.13 if word < 1 else 0.06) * word


def numbers(text):
    """Return the numbers of a plain text, in their order."""
    plain = POWER.sub(scientific, text)
    found = [digits(match) for match in DIGITS.finditer(plain)]
    found += [number for match in WORD.finditer(plain) if (number := word(match))]
    return sorted(found, key=lambda number: number.start)


def scientific(match):
    """Write 2 × 10⁻³ as 2e-3, and 10⁻³ as 1e-3."""
    return f"{match[1] or 1}e{match[2].translate(SUPERSCRIPTS)}"


def digits(match):
    """Return the number that a run of digits is."""
    sign = "-" if match["sign"] in {"-", "−"} else ""
    if match["rest"].startswith("/"):  # 4/9 is meant exactly
        value = float(sign + match["digits"]) / (float(match["rest"][1:]) or math.nan)
        return Number(match[0].strip(), value, EXACT, False, match.start())
    whole = re.sub(r"\D", "", match["digits"])
    decimals, _, power = match["rest"].partition("e")
    places = len(decimals.partition(".")[2]) - int(power or 0)
    value = float(sign + whole + match["rest"])
    return Number(match[0].strip(), value, places, bool(match["percent"]), match.start())


def word(match):
    """Return the number that a word is, or None if it counts what the text itself names."""
    value = word_value(match)
    if value is None:
        return None
    return Number(match[0].strip(), value, None, bool(match["percent"]), match.start())


def word_value(match):
    """Return the value of a number word that must be bound, or None."""
    following = (match["after"] or "").lower().split()
    near = following if following[:1] in (["and"], ["or"], ["to"]) else following[:2]
    measured = any(name.removesuffix("s") in MEASURES for name in near)
    if match["multiple"]:
        return MULTIPLES[match["multiple"].lower()]
    if match["part"]:
        return part_value(match)
    count = spoken(match["count"].lower())
    if match["parts"]:
        return count / PARTS[match["parts"].lower().removesuffix("s")]
    if match["percent"]:
        return count
    return count if count >= 5 or (count > 1 and measured) else None


def part_value(match):
    """Return the value of half, a tenth, a quarter of a million; None for the third of a row."""
    part = match["part"].lower()
    share = (match["after"] or "").lower().startswith((" of", ".", ",", ";", ":", ")"))
    ordinal = not match["scale"] and (match["article"] or "the ").lower() == "the "
    ordinal = ordinal or (part == "third" and not share)
    if ordinal and part != "half":
        return None
    scale = (match["scale"] or "").rpartition(" ")[2].lower()
    return SCALES.get(scale, 1) / PARTS[part]


def spoken(words):
    """Return the value of number words: thirty-one, forty thousand, a hundred."""
    total, current = 0, 0
    for name in re.split("[ -]", words):
        if name in SCALES:
            current = max(current, 1) * SCALES[name]
            total, current = (total + current, 0) if SCALES[name] > 100 else (total, current)
        else:
            current += (UNITS | TENS).get(name, 1)
    return total + current

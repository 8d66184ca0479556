"""Measure the guard: `python -m tools.promise.mutants [share]` changes one digit at a time.

Every digit of the prose is replaced by each of the nine others (or, with a share below 1, by a
sample of them), and each number word by other number words. In each prediction the mark of the
right choice moves to every other one. A change that leaves the guard silent is a survivor; the
shares of those that do not survive are printed, and the survivors.
"""

import random
import re
import sys
from dataclasses import replace

from tools.promise import check, givens, pages, words

SWAPS = ["two", "three", "five", "seven", "ten", "twelve", "thirty", "a hundred", "half", "a tenth"]
# Digits that no reader sees as a number: code, addresses, labels, names of tests.
HIDDEN = re.compile(
    r"<!--.*?-->|^\d\. |"
    r"^(`{3,})(?!\{).*?^\1`*$|\]\([^)]*\)|^\([\w-]+\)=$|^\$\$ \([\w-]+\)$|^:[\w-]+:.*?$"
    r"|\{(?:eq|numref|cite|doc)\}`[^`]*`|<claim-\w+>|<[st]\d+b?>|https?://\S+|`test_\w+`|`[^`]*\w\.py`"
    r"|\{[\w-]+\}|\b[a-z]+\d\w*",
    re.MULTILINE | re.DOTALL,
)


def digits(text):
    """Return the places of the digits that a reader sees."""
    hidden = {i for match in HIDDEN.finditer(text) for i in range(*match.span())}
    return [i for i, letter in enumerate(text) if letter in "0123456789" and i not in hidden]


def digit_mutants(text):
    """Yield the text with one digit changed, for every digit and every other one in its place."""
    for place in digits(text):
        for digit in "0123456789":
            if digit != text[place]:
                yield text[:place] + digit + text[place + 1 :], place


def word_mutants(text):
    """Yield the text with a number word replaced by another."""
    shown, _ = givens.left(text)
    for number in words.numbers(check.FORMULA.sub(" ", shown)):
        if number.places is None and text.count(number.text) == 1:
            for other in SWAPS:
                if other != number.text.lower():
                    place = text.index(number.text)
                    yield text.replace(number.text, other), place


def wrong_keys():
    """Return the number of predictions with another choice marked as right, and those unnoticed."""
    tried, alive = 0, []
    for path in pages.pages():
        for one in pages.predicted(path)[0] if path.suffix == ".ipynb" else []:
            bare = [text.removeprefix("**Right.** ") for text in one.said]
            for other in set(range(len(bare))) - set(one.right):
                said = [f"**Right.** {text}" if i == other else text for i, text in enumerate(bare)]
                tried += 1
                if not replace(one, said=said).faults():
                    alive.append(
                        f"{path.stem}, {one.place}: {one.question[:50]}, choice {other + 1}"
                    )
    return tried, alive


def survivors(mutate, share=1.0, seed=0):
    """Return the number of mutants of all pages, and those that the guard does not notice."""
    chance, tried, alive = random.Random(seed), 0, []
    for path in pages.pages():
        for passage in pages.passages(path):
            for text, place in mutate(passage.text):
                if chance.random() < share:
                    tried += 1
                    if not check.faults(replace(passage, text=text)):
                        near = " ".join(text[max(place - 40, 0) : place + 30].split())
                        alive.append(f"{passage.page}, {passage.place}: {near}")
    return tried, alive


def main(share):
    rounds = {
        "digits": lambda: survivors(digit_mutants, share),
        "number words": lambda: survivors(word_mutants, share),
        "keys of predictions": wrong_keys,
    }
    for name, mutants in rounds.items():
        tried, alive = mutants()
        print(*alive, sep="\n")
        share_found = 1 - len(alive) / max(tried, 1)
        print(f"{name}: {tried - len(alive)} of {tried} mutants fail, {share_found:.2%}")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)

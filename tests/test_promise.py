"""The promise of the book: every number on its pages is what the code of the page computes.

Each notebook is run once, and the expressions that its texts are bound to are evaluated where they
stand (tools/promise). The second half tests that the guard finds numbers, knows what is given, and
notices a changed digit.
"""

import ast
import re
from pathlib import Path

import numpy as np
import pytest

from tools.promise import check, formulas, givens, mutants, pages, words

ROOT = Path(__file__).parents[1]
VERDICTS = re.compile(
    r"\b(?:same|equal|larger|smaller|more|less|sooner|later|faster|slower|closer|longer|worse|best"
    r"|diverges|settles|stops?|never|crosses|converges|stays|rises|lowest)\b"
)


@pytest.mark.parametrize("path", pages.pages(), ids=lambda path: path.stem)
def test_every_number_of_a_page_is_what_was_computed(path):
    wrong = [fault for passage in pages.passages(path) for fault in check.faults(passage)]
    assert not wrong, "\n".join(wrong)


def test_a_changed_digit_is_noticed():
    tried, alive = mutants.survivors(mutants.digit_mutants, share=0.02, seed=1)
    assert tried > 300
    assert len(alive) <= 0.01 * tried, "\n".join(alive)


def figures():
    """Return the captions and alt texts of all figures of the book."""
    notebooks = [path for path in pages.pages() if path.suffix == ".ipynb"]
    found = [passage for path in notebooks for passage in pages.passages(path)]
    return [passage for passage in found if passage.place.startswith("figure")]


def test_a_caption_that_passes_a_verdict_asserts_it():
    bare = [
        f"{passage.page}, {passage.place}: “{VERDICTS.search(passage.text)[0]}” in its caption or "
        "alt text is a verdict; add an expression that is true to the cell's metadata 'numbers'"
        for passage in figures()
        if VERDICTS.search(passage.text) and not passage.asserted
    ]
    assert not bare, "\n".join(bare)


def test_a_verdict_of_the_ledger_is_asserted_by_the_test_of_its_claim():
    ledger = (ROOT / "chapters/claims.md").read_text("utf-8")
    bodies = {}
    for module in (ROOT / "tests").glob("test_claims*.py"):
        tree = ast.parse(module.read_text("utf-8"))
        bodies |= {f.name: ast.unparse(f) for f in tree.body if isinstance(f, ast.FunctionDef)}
    for entry in re.split(r"^\(\w+\)=$", ledger, flags=re.MULTILINE)[1:]:
        name, said = re.search(r"`(test_\w+)`", entry)[1], VERDICTS.search(entry)
        if said:
            compared = re.search(r"assert .*(?:<|>|==)|assert_array_equal|diverged", bodies[name])
            message = f"{name} compares nothing, but the ledger says “{said[0]}”"
            assert compared or "assert_allclose" in bodies[name], message


# --- the guard itself


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It takes 44 steps, 5.27 more, 3 more.", [44, 5.27, 3]),
        ("A share of 9 % and 36.9%, 1,442 and −1.04.", [9, 36.9, 1442, -1.04]),
        ("About 10⁻⁶, 2 × 10⁻³ or 4/9.", [1e-6, 2e-3, 4 / 9]),
        ("From 0.1–0.9, a 60-step run, the 25th.", [0.1, 0.9, 60, 25]),
        ("ten times, thirteen claims, thirty-one, twice as long", [10, 13, 31, 2]),
        ("a hundred, forty thousand pairs, a quarter of a million", [100, 40_000, 250_000]),
        (
            "half of it, a tenth, nine tenths, two thirds, four thirds",
            [0.5, 0.1, 0.9, 2 / 3, 4 / 3],
        ),
        ("one per cent; two times; four and twelve times", [1, 2, 4, 12]),
        ("two runs, the third step, one of them, a half-life", []),
        ("float64, x2, mpi4py", []),
    ],
)
def test_numbers_are_found(text, found):
    assert [number.value for number in words.numbers(text)] == pytest.approx(found)


@pytest.mark.parametrize(
    ("text", "computed", "shown"),
    [
        ("459", 459.0, True),
        ("459", 458.9, False),  # a whole number is meant exactly
        ("5.27", 5.2749, True),
        ("5.27", 5.2751, False),
        ("37 %", 0.369, True),
        ("37 %", 0.3751, False),
        ("−0.31", 0.31, False),
        ("4/9", 4 / 9, True),
        ("ten", 10.03, True),
        ("ten", 12.1, False),
        ("thirty", 31.0, False),  # a count
        ("a thousand", 1056.0, True),
        ("thirteen", 13.2, True),
        ("thirteen", 14.0, False),
        ("a tenth", 0.09, True),
        ("a tenth", 0.2, False),
    ],
)
def test_a_number_shows_what_rounds_to_it(text, computed, shown):
    [number] = words.numbers(text)
    assert number.matches(computed) == shown


def passage(text, *computed):
    """Return a passage of a sample page with what was computed for it."""
    return pages.Passage("sample", "cell 3", text, [], computed=list(computed))


def test_a_wrong_number_is_named_with_page_sentence_and_what_was_computed():
    [fault] = check.faults(passage("It takes 7 steps.", ("times[0.5]", 8.0)))[:1]
    for part in ("sample, cell 3", "It takes 7 steps", "prints 7", "times[0.5] = 8"):
        assert part in fault


def test_each_number_needs_an_expression_of_its_own_and_each_expression_a_number():
    two = passage("With β = 0.9 and again β = 0.9.", ("beta", 0.9))
    assert len(check.faults(two)) == 1
    assert not check.faults(passage("With β = 0.9 and again β = 0.9.", *[("beta", 0.9)] * 2))
    assert "printed nowhere" in check.faults(passage("No number.", ("beta", 0.9)))[0]


@pytest.mark.parametrize(
    "text",
    [
        "See [chapter 7](07_unsolved.ipynb), [S12](#s12) and {ref}`chapter 3 <claim-s12>`.",
        "Polyak (1964), in the 1950s, under CC BY 4.0",
        "```python\nx = 77\n```\n\n<!-- a note of 1 -->",
        "[x](b_20.html) https://example.org/2020/11 {eq}`eq-2`",
        "```{live} Plateau\n:width: 7.1\nIt stops at {rest:2}.\n```",
        "### Exercise 1, by hand\n\ntext\n\n### Exercise 2, by code",
    ],
)
def test_what_is_given_needs_no_expression(text):
    assert not check.faults(passage(text))


@pytest.mark.parametrize(
    "text",
    [
        "See [chapter 8](07_unsolved.ipynb).",
        "See [S13](#s12).",
        "{ref}`chapter 4 <claim-s12>`",
        "as in chapter 7",
        "Polyak (1946)",
        "### Exercise 2, by hand",
    ],
)
def test_what_is_given_wrongly_is_a_fault(text):
    assert check.faults(passage(text))


@pytest.mark.parametrize(
    "formula",
    [
        r"1/(1-\beta)",
        r"\frac{\beta}{1-\beta}\, \Delta",
        r"\eta\lambda < 2(1+\beta)",
        r"v(t+1) = \beta\, v(t) + (1-\beta)\, g(t)",
        r"\left((1+\sqrt\beta)/(1-\sqrt\beta)\right)^2",
        r"(1-\beta) \sum_{k=0}^{t-1} \beta^k\, Y(t-k) + \beta^t S(0)",
        r"24/26 = 0.923",
        r"m = 2\cdot 9 + 1 = 19",
    ],
)
def test_a_formula_that_the_package_computes_is_known_and_a_changed_digit_is_not(formula):
    numbers, wrong = check.formula_numbers(formula)
    assert not wrong
    for text, _ in mutants.digit_mutants(formula):
        changed, faults = check.formula_numbers(text)
        assert faults or [n.value for n in changed] != [n.value for n in numbers], text


def test_the_expressions_for_formulas_are_distinct():
    said = formulas.said()
    for row, source in zip(said, formulas.sources()):
        same = np.isclose(said, row, rtol=1e-9, atol=1e-12).all(axis=1).sum()
        assert same == 1, f"{source} stands twice in formulas.txt"
    assert givens.chapters()["07"] == "7"

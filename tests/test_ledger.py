"""No orphans: every claim has its ledger entry, its cell and its test, and nothing has none."""

import ast
import json
import re
from collections import Counter
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
CHAPTERS = TESTS.parent / "chapters"
ARTICLE = [f"S{n}" for n in range(1, 7)] + ["S6b"] + [f"S{n}" for n in range(7, 31)]
BEYOND = [f"T{n}" for n in range(1, 23)]
IDS = ARTICLE + BEYOND
VERDICTS = ("exact", "imprecise", "wrong", "a convention", "convention", "raw form", "the pivot")
ENTRY = re.compile(r"^\(([st]\w+)\)=\n(.*?)(?=^\(\w+\)=$|\Z)", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\{ref\}`chapter (\d+) <claim-([st]\w+)>`")


def claim_id(label):
    """Return the id of a label: S6b for s6b."""
    return label[0].upper() + label[1:]


def ledger_ids(ledger):
    """Return the ids of the ledger's sections, in their order."""
    return [claim_id(label) for label, _ in ENTRY.findall(ledger)]


def entries(ledger):
    """Return the text of each section of the ledger by its id."""
    return {claim_id(label): text for label, text in ENTRY.findall(ledger)}


def part(entry, name):
    """Return what a section says after one of its bold words, up to the next blank line."""
    pattern = rf"^\*\*{re.escape(name)}\*\*[ \t]*\n?[ \t]*(\S.*?)(?:\n\n|\Z)"
    found = re.search(pattern, entry, re.MULTILINE | re.DOTALL)
    return found[1].strip() if found else ""


def linked_cells(entry):
    """Return the (chapter, id) pairs that a section links to."""
    return [(int(chapter), claim_id(label)) for chapter, label in LINK.findall(entry)]


def named_tests(text):
    """Return the names of claim tests that a text quotes as code."""
    return re.findall(r"`(test_[st]\d\w+)`", text)


def claim_of(test):
    """Return the id in the name of a claim test: S6b for test_s6b_..."""
    return claim_id(re.match(r"test_([st]\d+b?)_", test)[1])


def claim_tests(source):
    """Return the names of the functions test_s1_..., test_t1_... of a test module."""
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    return [f.name for f in functions if re.match(r"test_[st]\d", f.name)]


def tagged_cells(notebooks):
    """Return the (chapter, id) pair of every cell tagged claim-..., the chapter by file name."""
    return [
        (int(path.name[:2]), tag.removeprefix("claim-"))
        for path in notebooks
        for cell in json.loads(path.read_text("utf-8"))["cells"]
        for tag in cell["metadata"].get("tags", [])
        if tag.startswith("claim-")
    ]


@pytest.fixture(scope="module")
def ledger():
    """Return the text of the ledger."""
    return (CHAPTERS / "claims.md").read_text("utf-8")


@pytest.fixture(scope="module")
def tests():
    """Return the names of the claim tests."""
    modules = sorted(TESTS.glob("test_claims*.py"))
    return [name for module in modules for name in claim_tests(module.read_text("utf-8"))]


@pytest.fixture(scope="module")
def cells():
    """Return the (chapter, id) pairs of the tagged cells."""
    return tagged_cells(sorted(CHAPTERS.glob("[0-9]*.ipynb")))


def test_the_ledger_lists_every_claim_in_its_order(ledger):
    assert ledger_ids(ledger) == IDS


def test_every_claim_has_exactly_one_test(tests):
    assert sorted(claim_of(name) for name in tests) == sorted(IDS)


def test_every_claim_has_exactly_one_cell(cells):
    counts = Counter(name for _, name in cells)
    assert {name: counts[name] for name in IDS} == dict.fromkeys(IDS, 1)
    assert sorted(counts) == sorted(IDS)


def test_every_test_is_named_once_and_every_name_is_a_test(ledger, tests):
    assert sorted(named_tests(ledger)) == sorted(tests)


@pytest.mark.parametrize("claim", IDS)
def test_an_entry_has_its_parts(ledger, claim):
    entry = entries(ledger)[claim]
    assert re.match(rf"\s*## {claim} · \S", entry), f"{claim} needs a heading '## {claim} · Title'"
    said = "The article." if claim in ARTICLE else "The claim."
    missing = [name for name in (said, "Verdict.", "What holds.") if not part(entry, name)]
    assert not missing, f"{claim} lacks {missing}"


@pytest.mark.parametrize("claim", IDS)
def test_a_verdict_is_one_of_the_known(ledger, claim):
    assert part(entries(ledger)[claim], "Verdict.").lower().startswith(VERDICTS)


@pytest.mark.parametrize("claim", IDS)
def test_an_entry_names_its_own_test(ledger, claim):
    assert [claim_of(name) for name in named_tests(entries(ledger)[claim])] == [claim]


@pytest.mark.parametrize("claim", IDS)
def test_an_entry_links_to_its_own_cell_in_the_chapter_that_holds_it(ledger, cells, claim):
    assert linked_cells(entries(ledger)[claim]) == [cell for cell in cells if cell[1] == claim]


ENTRY_OF_S6B = """(s6b)=
## S6b · The best minimum

**The article.** It lands in the
global minimum.

**Verdict.** wrong in general

**What holds.** It may not.

Shown in {ref}`chapter 5 <claim-s6b>`, tested by `test_s6b_flies_past`.
"""


def test_a_section_is_read_part_by_part():
    entry = entries(ENTRY_OF_S6B + "\n(s7)=\n## S7 · Next\n")["S6b"]
    assert ledger_ids(ENTRY_OF_S6B) == ["S6b"]
    assert part(entry, "The article.") == "It lands in the\nglobal minimum."
    assert part(entry.replace("It may not.", ""), "What holds.") == ""
    assert (linked_cells(entry), named_tests(entry)) == ([(5, "S6b")], ["test_s6b_flies_past"])
    assert "S7" not in entry


def test_an_orphan_cell_is_seen(tmp_path):
    cell = {"metadata": {"tags": ["claim-S31", "hide-cell"]}}
    (tmp_path / "07_x.ipynb").write_text(json.dumps({"cells": [cell, {"metadata": {}}]}))
    assert tagged_cells([tmp_path / "07_x.ipynb"]) == [(7, "S31")]


def test_a_helper_is_no_claim_test():
    source = "def settle(): ...\ndef test_so(): ...\ndef test_s1_a(): ...\ndef test_t2_b(): ...\n"
    assert claim_tests(source) == ["test_s1_a", "test_t2_b"]

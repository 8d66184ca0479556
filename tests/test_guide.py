"""The teacher's guide: every chapter, minutes that add up, answers that are computed."""

import ast
import re

import pytest
from notebooks import listed

from tools.course import guide
from tools.promise import words
from tools.promise.pages import constants

CHAPTERS, MISCONCEPTIONS = guide.guide()
ROUNDS = [(name, question, expect) for name in CHAPTERS for question, expect in guide.rounds(name)]
each_chapter = pytest.mark.parametrize("name", CHAPTERS)


def test_the_guide_has_every_chapter_in_its_order():
    assert list(CHAPTERS) == [name for name in listed() if name[0].isdigit()]


@each_chapter
def test_the_minutes_of_each_plan_add_up(name):
    plans = zip(*(minutes for _, *minutes in guide.steps(name)))
    assert list(map(sum, plans)) == list(guide.LESSONS.values())


def sections(name):
    """Return the titles of a chapter's sections."""
    return [t for text in guide.texts(name) for t in re.findall(r"^## (.*)$", text, re.MULTILINE)]


@each_chapter
def test_a_plan_has_the_sections_of_its_chapter_in_their_order(name):
    steps = [text[1:] for text, *_ in guide.steps(name) if text.startswith("#")]
    assert steps == [title for title in sections(name) if title in steps]
    assert set(sections(name)) - set(steps) <= {"Explore"}


def test_every_claim_that_is_not_exact_is_a_misconception_that_some_run_cures():
    ledger = (guide.ROOT / "chapters/claims.md").read_text("utf-8")
    entries = re.findall(
        r"^\((\w+)\)=\n## .*?^\*\*Verdict\.\*\* ([^\n]+)$", ledger, re.MULTILINE | re.DOTALL
    )
    wrong = {
        c for c, verdict in entries if re.search("imprecise|wrong|error|conven", verdict, re.I)
    }
    assert set(MISCONCEPTIONS) == wrong
    assert wrong <= {claim for name in CHAPTERS for claim in guide.claims(name)}


@pytest.mark.parametrize("name, question, expect", ROUNDS, ids=lambda v: getattr(v, "number", ""))
def test_a_round_of_discussion_has_one_right_answer(name, question, expect):
    assert sum(question.verdicts) == 1


@each_chapter
def test_a_chapter_has_three_rounds_whose_answers_are_not_always_the_same(name):
    rights = [question.right for question, _ in guide.rounds(name)]
    assert len(rights) == 3 and len(set(rights)) > 1


@pytest.mark.parametrize("name, question, expect", ROUNDS, ids=lambda v: getattr(v, "number", ""))
def test_every_number_of_a_round_stands_in_the_run_that_answers_it(name, question, expect):
    trees = [ast.parse(question.run), *map(ast.parse, question.conditions)]
    known = set().union(*map(constants, trees)) | {0, 1, -1}
    known |= {-value for value in known}
    said = words.numbers(" ".join([question.ask, *question.choices, expect]))
    assert [n.text for n in said if not any(n.matches(value) for value in known)] == []


def test_what_cures_has_no_number_that_nothing_computes():
    texts = " ".join(one["say"] + " " + one["cure"] for one in MISCONCEPTIONS.values())
    given = {0.9, 1}  # the usual β, and the factor 1 − β
    assert [n.text for n in words.numbers(texts) if n.value not in given] == []


def test_no_round_stands_in_its_chapter():
    for name, question, _ in ROUNDS:
        assert question.ask not in " ".join(guide.texts(name))

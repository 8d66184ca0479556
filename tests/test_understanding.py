"""The test of understanding: its keys are computed, its forms tell nothing, its files are valid."""

import ast
import json
import re
import zipfile
from collections import Counter
from html import escape
from xml.etree import ElementTree

import pytest

from tools.course import pages, qti, understanding
from tools.course.question_notebooks import form_notebook, key_notebook
from tools.course.questions import FORMS, LETTERS, questions
from tools.promise import words
from tools.promise.pages import constants

ALL = [question for form in FORMS for question in questions(form)]
every_question = pytest.mark.parametrize("question", ALL, ids=lambda q: f"{q.form}{q.number}")


@every_question
def test_exactly_one_choice_is_right(question):
    assert sum(question.verdicts) == 1


@every_question
def test_every_number_of_a_question_stands_in_the_run_that_answers_it(question):
    trees = [ast.parse(question.run), *map(ast.parse, question.conditions)]
    known = set().union(*map(constants, trees)) | {0, 1, -1}  # a sign is no constant
    asked = words.numbers(" ".join([question.ask, *question.choices]))
    wrong = [n.value for n in asked if not any(n.matches(value) for value in known)]
    assert wrong == []


def test_both_forms_ask_the_same_ideas_and_have_no_pattern_of_answers():
    assert [q.idea for q in questions("A")] == [q.idea for q in questions("B")]
    for form in FORMS:
        count = Counter(question.right for question in questions(form))
        assert set(count) == set("abc") and max(count.values()) <= len(questions(form)) / 2


def test_the_two_forms_are_not_answered_by_the_same_letters():
    same = sum(a.right == b.right for a, b in zip(questions("A"), questions("B")))
    assert same <= len(questions("A")) / 2


@pytest.mark.parametrize("form", FORMS)
def test_a_form_tells_no_answer(form):
    asked = questions(form)
    text = " ".join(understanding.paper("title", form)) + json.dumps(form_notebook(form))
    assert not any(q.because in text or q.idea in text or q.conditions[0] in text for q in asked)
    assert "☒" not in text


def test_make_writes_each_form_and_its_key_in_every_kind(build, tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "SITE", build[1])
    written = {str(path) for path, _ in understanding.make(tmp_path)}
    kinds = "form-{}.pdf", "form-{}-qti.zip", "form-{}.ipynb", "key-{}.pdf"
    expected = {f"understanding/{kind.format(form)}" for kind in kinds for form in FORMS}
    assert written == expected | {"understanding/key.ipynb"}
    assert all((tmp_path / path).stat().st_size > 1000 for path in written)
    told = " ".join(understanding.key("title", "A"))
    assert all(escape(question.because) in told for question in questions("A"))
    assert told.count("☒") == len(questions("A"))


@pytest.fixture(scope="module")
def key():
    """Return the names that a run of the key leaves, without its last cell."""
    names = {}
    for cell in code(key_notebook())[:-1]:
        exec(cell.source, names)
    return names


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_the_key_notebook_computes_the_key(key):
    expected = {form: {q.number: q.right for q in questions(form)} for form in FORMS}
    assert key["right"] == expected


def test_the_key_notebook_scores_a_class(key, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "handed_in").mkdir()
    for name, wrong in (("Ada", 0), ("Bo, the second", 3)):
        notebook, right = form_notebook("B"), {q.number: q.right for q in questions("B")}
        for cell in code(notebook):
            cell.source = cell.source.replace('name = ""', f'name = "{name}"')
            if number := re.match(r"answers\[(\d+)\]", cell.source):
                place = int(number[1])
                letter = right[place] if place > wrong else LETTERS[-1]
                cell.source = cell.source.replace('""', f'"{letter}"')
        (tmp_path / "handed_in" / f"{name[:2]}.ipynb").write_text(json.dumps(notebook), "utf-8")
    exec(code(key_notebook())[-1].source, key)
    lines, of = capsys.readouterr().out.splitlines(), len(questions("B"))
    assert lines[1:] == [
        f"Ad.ipynb,Ada,B,{of},{of},[]",
        f'Bo.ipynb,"Bo, the second",B,{of - 3},{of},"[1, 2, 3]"',
    ]


def test_the_package_for_learning_platforms_lists_all_it_holds_with_the_key(tmp_path):
    target = tmp_path / "form.zip"
    qti.write(target, "title", questions("A"))
    with zipfile.ZipFile(target) as package:
        files = {name: ElementTree.fromstring(package.read(name)) for name in package.namelist()}
    listed = files["imsmanifest.xml"].iter(f"{{{qti.PACKAGE}}}file")
    assert {file.get("href") for file in listed} == files.keys() - {"imsmanifest.xml"}
    asked = [item.get("href") for item in files["test.xml"].iter(f"{{{qti.QTI}}}assessmentItemRef")]
    rights = [files[name].find(f".//{{{qti.QTI}}}correctResponse")[0].text for name in asked]
    assert rights == [question.right for question in questions("A")]
    before = target.read_bytes()
    qti.write(target, "title", questions("A"))
    assert target.read_bytes() == before

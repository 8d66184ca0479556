"""The live figures without a browser: in another language, alone as a picture, with no engine."""

import html
import json
import re
import sys
from threading import Thread
from xml.etree import ElementTree

import pytest
from explorer_states import beyond, default, each_explorer, states, words_of

from momentum.explorers import Path, Plateau, Valley, bundle, engine

# --- a second language is one more file

SYMBOLS = {"w", "x", "y", "A", "B", "C"}
WORD, SLOT = re.compile(r"[^\W\d_]+"), re.compile(r"\{[^}]*\}|/")  # "/" may end a line
CODE = re.compile(r"<code>.*?</code>")  # is the same in every language
SHOWN = re.compile(r'>([^<]+)<|aria-(?:label|valuetext)="([^"]*)"')


def foreign(text):
    """Return a template in a language with brackets around all but what fills the slots."""
    return SLOT.sub(lambda slot: f"⟧{slot[0]}⟦", f"⟦{text}⟧")


def own_words(text):
    """Return the words outside all brackets, but for symbols and numbers such as 1.00e+20."""
    text = re.sub(r"\de[+−]", "", text)
    while "⟦" in text:
        text, before = re.sub("⟦[^⟦⟧]*⟧", "", text), text
        assert text != before, text
    return [word for word in WORD.findall(text) if word not in SYMBOLS]


@pytest.fixture
def modules():
    """Forget the modules as Python reads them, before and after a test that changes one."""
    forget()
    yield
    forget()


def forget():
    for made in (bundle._module, bundle.source):
        made.cache_clear()


def translate(explorer, monkeypatch):
    """Put in a language with all templates of the figure, and with all that Python names."""
    named = [control["label"] for control in explorer.controls]
    named += [option for control in explorer.controls for option in control.get("options", ())]
    named += [attempt["text"] for attempt in explorer.tries]
    shared = json.loads(engine.function(bundle.source("text"), "() => JSON.stringify(words)")())
    written = {"shared": shared, default(explorer)._kind: words_of(explorer)}
    given = {
        name: {key: foreign(text) for key, text in templates.items()}
        for name, templates in written.items()
    }
    given["labels"] = {text: f"⟦{text}⟧" for text in named}
    monkeypatch.setattr(bundle, "TRANSLATIONS", {"xx": given})
    forget()


def untranslated(explorer, state):
    """Return the words of the picture, the text and the controls that no translation gave."""
    draw = engine.function(bundle.source("kernel"), "still")
    still = json.loads(draw(json.dumps(explorer(**state)._model()), "null", "xx"))
    body = CODE.sub("", still["body"])
    shown = [still["text"], *("".join(found) for found in SHOWN.findall(body))]
    return {word for text in shown for word in own_words(html.unescape(text))}


@each_explorer
def test_a_second_language_is_one_more_file_and_no_code(modules, monkeypatch, explorer):
    translate(explorer, monkeypatch)
    for state in [*states(explorer)[::8], *beyond(explorer)]:
        assert untranslated(explorer, state) == set(), state


@each_explorer
def test_a_sentence_in_the_code_of_a_figure_is_found(modules, monkeypatch, explorer):
    translate(explorer, monkeypatch)
    module, sentence = bundle._module, 'function sentence() { return "sentence"; }\n'

    def spoiled(name):
        written = module(name)
        return written.replace(' say("', ' sentence("') + sentence if "/" in name else written

    bundle.source.cache_clear()
    monkeypatch.setattr(bundle, "_module", spoiled)
    assert "sentence" in untranslated(explorer, default(explorer).state)


# --- a picture that stands by itself

HOOKS = {"none"}  # a name for what needs no rule of its own


@each_explorer
def test_a_picture_is_well_formed_described_and_needs_no_page(explorer):
    rules = bundle.style("explorers", "chart")
    for state in states(explorer)[:12]:
        one = explorer(**state)
        picture, root = one.picture(), ElementTree.fromstring(one.picture())
        assert root.get("aria-label") == one.describe() != ""
        assert "var(" not in picture and "$" not in picture
        names = {name for part in root.iter() for name in (part.get("class") or "").split()}
        assert {name for name in names if not re.search(rf"\.{name}\b", rules)} <= HOOKS


@each_explorer
def test_another_thread_draws_and_says_the_same(explorer):
    one, made = default(explorer), []
    thread = Thread(target=lambda: made.extend([one.picture(), one.describe(), one.facts()]))
    thread.start()
    thread.join()
    assert made == [one.picture(), one.describe(), one.facts()]


# --- captions, whose numbers follow the state


RULE = "The law says {rest:2}, the run {end:2}; step {step}, β = {beta:~6}."


def test_a_caption_follows_the_state_and_stands_below_the_picture():
    one = Plateau(width=7.1, caption=RULE)
    assert one.caption() == "The law says 7.00, the run 7.00; step 8, β = 0.9."
    one.beta, one.step = 0.85, 30
    run = one.trajectory().path[:, 0]
    rest = one.facts()["rest"]
    filled = f"The law says {rest:.2f}, the run {run[-1]:.2f}; step 30, β = 0.85."
    assert one.caption() == filled
    below = re.search(
        r'</svg></div><p class="caption".*?><span>(.*?)</span></p></div>', one._html()
    )
    assert html.unescape(below[1]).replace("\u00a0", " ") == filled
    assert one._repr_mimebundle_()[0]["text/plain"] == f"{one!r}\n{filled}"
    assert Plateau().caption() == "" and 'class="caption"' not in Plateau()._html()


def test_a_caption_reaches_into_facts_and_their_lists():
    one = Path(caption="{gd.nearest.distance:3} from {gd.nearest.minimum.0:1} on the {surface}.")
    nearest = one.facts()["gd"]["nearest"]
    filled = f"{nearest['distance']:.3f} from {nearest['minimum'][0]:.1f} on the ledge."
    assert one.caption() == filled


@pytest.mark.parametrize(
    "caption",
    ["It stops at 6.98.", "{end:22}", "{end: 2}", "{nothing:2}", "{rest}", "{flat}", "{outcome:2}",
     "{end.x:2}", "{view.2:1}", "{view:1}", 3],
)  # fmt: skip
def test_a_caption_with_a_digit_or_a_slot_that_nothing_fills_is_refused(caption):
    wrong = caption[caption.find("{") :] if "{" in str(caption) else caption
    with pytest.raises(ValueError, match=rf"^caption must have .*, got {re.escape(repr(wrong))}$"):
        Plateau(caption=caption)


def test_a_caption_is_translated_by_its_template(modules, monkeypatch):
    labels = {RULE: "Schritt {step}: {end:2}"}
    monkeypatch.setattr(bundle, "TRANSLATIONS", {"de": {"labels": labels}})
    forget()
    draw = engine.function(bundle.source("kernel"), "still")
    still = json.loads(draw(json.dumps(Plateau(caption=RULE)._model()), "null", "de"))
    assert still["caption"] == "Schritt 8: 4.00"


# --- where no engine is installed


@pytest.fixture
def no_engine(monkeypatch):
    monkeypatch.setitem(sys.modules, "quickjs", None)
    vars(engine._MADE).clear()
    yield
    vars(engine._MADE).clear()


def test_without_an_engine_a_figure_shows_its_repr_and_says_what_to_install(no_engine):
    one = Valley(beta=0.5)
    shown = one._repr_mimebundle_()[0]
    assert shown["text/plain"] == f"{one!r}\n{engine.MISSING}"
    assert "pip install quickjs-ng" in engine.MISSING
    assert "text/html" not in shown


@pytest.mark.parametrize("asked", ["describe", "facts", "picture"])
def test_without_an_engine_what_it_makes_is_refused_with_the_same_words(no_engine, asked):
    with pytest.raises(ImportError, match=re.escape(engine.MISSING)):
        getattr(Valley(), asked)()


def test_without_an_engine_a_caption_is_checked_for_digits_alone(no_engine):
    assert Valley(caption="With {nothing:2}.")._data["caption"] == "With {nothing:2}."
    with pytest.raises(ValueError, match=r"^caption must have its numbers in slots"):
        Valley(caption="In 3 steps.")


def test_an_engine_that_is_installed_later_is_found(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "quickjs", None)
        assert engine.function("const one = () => '1'", "one") is None
    assert engine.function("const one = () => '1'", "one")() == "1"


# --- what goes wrong is named


def said(code):
    return engine.function(bundle.source("text") + f"const made = () => {code};", "made")()


def test_a_number_with_an_exponent_keeps_its_zeros():
    assert said("trimmed(1e20, 6)") == "1.00e+20" and said("trimmed(1.50, 3)") == "1.5"


@pytest.mark.parametrize(
    "call, told",
    [
        ("('txt')", "no words “txt” in line"),
        ("('text')", "nothing for {end:2} in the words “text” of line"),
    ],
)
def test_missing_words_and_missing_numbers_are_named(call, told):
    with pytest.raises(Exception, match=re.escape(told)):
        said(f'speaker({{ text: "ends at {{end:2}}" }}, "line", "en"){call}')


@pytest.mark.parametrize("line", ["import x from './core.js';", "export default 3;"])
def test_a_module_that_cannot_be_joined_is_named(modules, monkeypatch, tmp_path, line):
    (tmp_path / "odd.js").write_text(line, "utf-8")
    monkeypatch.setattr(bundle, "JS", tmp_path)
    with pytest.raises(ValueError, match=r"^odd.js must import and export as the others do, got "):
        bundle.source("odd")


def test_comments_go_and_strings_stay(modules, monkeypatch, tmp_path):
    text = '// one\nexport const a = "x, // y"; // two\nexport const b = 1;\n'
    (tmp_path / "odd.js").write_text(text, "utf-8")
    monkeypatch.setattr(bundle, "JS", tmp_path)
    joined = bundle.source("odd")
    assert '"x, // y"' in joined and "one" not in joined and "two" not in joined


@pytest.mark.parametrize("explorer", [Valley], ids=["Valley"])
@pytest.mark.parametrize(
    "wrong",
    [
        {"betta": 0.5},
        {"tries": {"Too much": {"beta": 1.0}}},
        {"tries": {"Misspelt": {"betta": 0.5}}},
    ],
)
def test_a_trait_or_a_thing_to_try_that_a_figure_refuses_is_named(explorer, wrong):
    with pytest.raises(ValueError, match=r"^bett?a must be .*, got "):
        explorer(**wrong)


def test_a_subclass_of_a_figure_is_drawn_as_that_figure():
    class Mine(Valley):
        """My valley."""

    assert Mine(beta=0.5).describe() == Valley(beta=0.5).describe()

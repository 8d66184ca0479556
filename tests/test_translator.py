"""The field of the translator: a call is pasted, typed and copied, and what is no call is named."""

import pytest
from test_explorers import (
    NARROW,
    address,
    assert_says_what_python_says,
    dressed,
    follow,
    reader,  # noqa: F401
    settle,
    visit,  # noqa: F401
    write_page,
)

from momentum import conventions, explorers
from momentum.explorers import Translator

CALLS = {
    "SGD(lr=0.05, momentum=0.8)": ("PyTorch", 0.05, 0.8, "False", 0.0),
    "torch.optim.SGD(net.parameters(), 0.2, 0.9, 0.5)": ("PyTorch", 0.2, 0.9, "False", 0.5),
    "keras.optimizers.SGD(0.1, 0.7, nesterov=True)": ("Keras", 0.1, 0.7, "True", 0.0),
    "optax.sgd(0.3)": ("Optax", 0.3, 0.0, "False", 0.0),
    "QHM(p, lr=0.5, momentum=0.5, nu=0.5)": ("QHM", 0.25, 0.5, "True", 0.0),
    "Polyak(alpha=0.4, beta=0.25)": ("Polyak", 0.4, 0.25, "False", 0.0),
}
NO_CALLS = "Adam(lr=0.1)", "SGD(lr=-1)", "SGD(lr=0.1, weight_decay=0.01)", "lr = 0.1"
USUAL = (
    "SGD(lr=1e-4, momentum=0.999)",
    "SGD(lr=1e-6, momentum=0.99)",
    "SGD(lr=10, momentum=0.9, dampening=0.999)",
)
PASTE = """(input, text) => {
  input.value = text
  input.dispatchEvent(new InputEvent("input", { inputType: "insertFromPaste" }))
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = dressed(tmp_path_factory.mktemp("translator"))
    write_page(folder / "Translator.html", Translator)
    return folder


def field(page):
    return page.get_by_label("call", exact=True)


def typed(page, text):
    field(page).fill(text)
    field(page).press("Enter")
    settle(page)


def listed(page):
    return page.locator(".calls li").all_text_contents()


def told(page):
    """Return what is said of the field, and whether it is called wrong."""
    return page.locator(".note").text_content(), field(page).get_attribute("aria-invalid")


def spoken(page):
    return page.locator("[role=status]").text_content()


@pytest.mark.parametrize("enter", [typed, lambda page, text: field(page).evaluate(PASTE, text)])
def test_a_call_that_is_typed_or_pasted_becomes_the_state(visit, enter):  # noqa: F811
    page = visit("Translator.html")
    for call, (written, *settings) in CALLS.items():
        enter(page, call)
        state = address(page, Translator)
        assert [state[n] for n in ("learning_rate", "beta", "nesterov", "dampening")] == settings
        assert state["written"] == written and told(page) == ("", "false")
        assert_says_what_python_says(page, Translator)
        calls = Translator(**state).calls()
        assert field(page).input_value() == calls[written]
        assert listed(page) == [
            calls[name] or f"{name}: no call for this update" for name in conventions.FORMS
        ]


def test_what_is_no_call_is_named_as_in_python_and_changes_nothing(visit):  # noqa: F811
    page = visit("Translator.html", viewport=NARROW)
    before = listed(page)
    for text in NO_CALLS:
        typed(page, text)
        with pytest.raises(ValueError) as error:
            conventions.parse(text)
        assert told(page) == (str(error.value), "true")
        assert field(page).input_value() == text and listed(page) == before
    typed(page, "QHM(lr=1, momentum=0.9, nu=0.7)")
    with pytest.raises(ValueError) as error:
        conventions.raw("QHM(lr=1, momentum=0.9, nu=0.7)")
    assert told(page) == (str(error.value), "true")
    typed(page, "EMA(0.5, 0.5)")
    assert told(page) == ("", "false") and listed(page) != before


def test_the_call_that_is_shown_is_taken_in_other_words_and_after_an_error(visit):  # noqa: F811
    page = visit("Translator.html")
    shown = field(page).input_value()
    for wrong in ("", "Adam(lr=0.1)"):
        typed(page, wrong)
        assert told(page) == (spoken(page), "true")
        typed(page, "SGD(lr=1e-1, momentum=.9)")  # the same update as shown
        assert told(page) == ("", "false") and field(page).input_value() == shown
    typed(page, "")
    page.get_by_label("change at").press("ArrowRight")  # the call stays as it is
    settle(page)
    assert told(page) == ("", "false") and field(page).input_value() == shown


@pytest.mark.parametrize("call", USUAL)
def test_a_usual_call_is_kept_in_the_address(visit, call):  # noqa: F811
    page = visit("Translator.html")
    typed(page, call)
    state = address(page, Translator)
    fresh = visit(f"Translator.html{page.url[page.url.index('#') :]}")
    assert "not possible here" not in fresh.locator(".description").text_content()
    assert field(fresh).input_value() == Translator(**state).calls()["PyTorch"] != ""
    assert conventions.parse(field(fresh).input_value()) == conventions.parse(call)


def test_a_page_key_scrolls_the_page_from_the_field(visit):  # noqa: F811
    page = visit("Translator.html", viewport=NARROW)
    field(page).evaluate("input => input.focus({ preventScroll: true })")
    before = page.evaluate("scrollY")
    page.keyboard.press("PageDown")
    page.wait_for_function("before => scrollY > before", arg=before)


def test_a_form_without_the_update_says_so(visit):  # noqa: F811
    page = visit("Translator.html")
    follow(page, Translator, {"written": "Sutskever", "nesterov": "False"})
    assert field(page).input_value() == ""
    assert told(page) == ("Sutskever: no call for this update", "false")
    page.get_by_label("nesterov").select_option("True")
    settle(page)
    assert field(page).input_value() == "Sutskever(epsilon=0.1, mu=0.9)"
    assert told(page) == ("", "false")


def test_the_call_of_the_field_is_copied(visit):  # noqa: F811
    page = visit("Translator.html", permissions=["clipboard-read", "clipboard-write"])
    typed(page, "no call")
    copy = page.get_by_role("button", name="Copy", exact=True)
    copy.click()
    page.get_by_role("button", name="Copied", exact=True).wait_for()
    assert spoken(page) == "Copied"
    assert page.evaluate("navigator.clipboard.readText()") == Translator().calls()["PyTorch"]
    copy.wait_for()  # its label, again
    follow(page, Translator, {"written": "Sutskever"})
    assert copy.is_disabled()
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject() }")
    follow(page, Translator, {"written": "EMA"})
    copy.click()
    page.get_by_role("button", name="Copy by hand", exact=True).wait_for()


def test_the_note_is_told_once(visit):  # noqa: F811
    page = visit("Translator.html")
    note = page.locator(".note")
    assert field(page).get_attribute("aria-describedby") == note.get_attribute("id")
    assert note.get_attribute("aria-live") is None


@pytest.mark.parametrize("rate, dampening", [(1e308, 0.0), (5e-324, 0.9), (1e308, 0.9)])
def test_a_call_beyond_what_a_form_may_have_is_left_out_as_in_python(rate, dampening):
    one = Translator(learning_rate=rate, dampening=dampening)
    assert one.facts()["calls"] == one.calls()


def test_a_truth_value_is_taken_for_a_switch_and_a_wrong_word_is_shown_as_such():
    assert Translator(nesterov=True).nesterov == "True"
    assert explorers.Network(batch=32).batch == "32"
    with pytest.raises(ValueError, match="nesterov must be one of 'False', 'True', got 'yes'"):
        Translator(nesterov="yes")


def test_the_calls_stand_on_the_page_before_a_script_runs():
    html = explorers.Translator()._html()
    assert "<code>keras.optimizers.SGD(learning_rate=0.1, momentum=0.9)</code>" in html
    assert "<span>Sutskever: no call for this update</span>" in html

// The field: a choice of a form, a call in its words to read or to write, and the calls of all forms.

import { names, understood } from "./calls.js";
import { button, choice, element } from "./controls.js";

export function field(id, control, change) {
  const { say, name } = control, { node, show } = choice(id, control, change);
  const { input, note } = line(id), copy = copier(input, say);
  let call = "";
  const take = () => {
    if (input.value === call) return tell("");
    const { refused, name: form, given, raw } = understood(input.value);
    if (refused) tell(refused, true);
    else change({ [name]: form, ...settings(form, given, raw) });
  };
  const tell = (text, bad = false) => {
    note.textContent = text;
    input.setAttribute("aria-invalid", String(bad));
  };
  input.addEventListener("change", take);
  input.addEventListener("keydown", (event) => event.key.startsWith("Page") && event.preventDefault()); // no key shall scroll
  input.addEventListener("input", ({ inputType }) => inputType === "insertFromPaste" && take());
  const label = element("label", { class: "whole", for: `${id}-call` }, say("call")), list = names.map((form) => row(form, say));
  node.append(label, input, copy.node, note);
  const showAll = (value, _, calls = {}) => {
    show(value);
    list.forEach((one) => one.show(calls));
    if (calls[value] === call) return;
    input.value = call = calls[value];
    tell(call ? "" : say("no call", { form: say.label(value) }));
    copy.reset();
  };
  return { node, below: element("ul", { class: "calls" }, ...list.map((one) => one.node)), show: showAll };
}

function row(form, say) {
  const code = element("code"), text = element("span");
  const show = (calls) => {
    code.textContent = calls[form] ?? "";
    text.textContent = calls[form] ? "" : say("no call", { form: say.label(form) });
  };
  return { node: element("li", {}, code, text), show };
}

function line(id) {
  const input = element("input", {
    type: "text", id: `${id}-call`, spellcheck: "false", autocomplete: "off", autocapitalize: "off", "aria-describedby": `${id}-note`,
  });
  return { input, note: element("p", { class: "note", id: `${id}-note`, "aria-live": "polite" }) };
}

function copier(input, say) {
  const node = button(say("copy call"), () => {
    const copied = navigator.clipboard?.writeText(input.value) ?? Promise.reject();
    copied.then(() => (node.textContent = say("copied call")), () => input.select());
  });
  return { node, reset: () => (node.textContent = say("copy call")) };
}

// A call in the arguments of PyTorch, as the sliders have them.
function settings(form, given, [learning_rate, beta, ahead]) {
  const { dampening = 0, momentum } = form === "PyTorch" ? given : {};
  const own = momentum && dampening ? { learning_rate: given.lr, dampening } : { learning_rate, dampening: 0 };
  return { ...own, beta, nesterov: ahead ? "True" : "False" };
}

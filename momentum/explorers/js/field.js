// The field: a choice of a form, a call in its words to read or to write, and the calls of all forms.

import { names, understood } from "./calls.js";
import { choice, element } from "./controls.js";
import { copier } from "./copier.js";

export function field(id, control, change, { tell, signal }) {
  const { say, name } = control, { node, show } = choice(id, control, change), { input, note, judge } = line(id);
  const labels = ["copy call", "copied call", "not copied call"].map((key) => say(key)), copy = copier(() => call, labels, tell, signal);
  let call;
  const take = () => {
    const { refused, name: form, given, raw } = input.value === call ? {} : understood(input.value);
    if (refused) tell(refused);
    judge(refused ?? "", Boolean(refused));
    if (!raw) return;
    input.value = call; // until the state is shown: it may be the same
    change({ [name]: form, ...settings(form, given, raw) });
  };
  input.addEventListener("change", take);
  input.addEventListener("input", ({ inputType }) => inputType === "insertFromPaste" && take());
  const label = element("label", { class: "whole", for: `${id}-call` }, say("call")), list = names.map((form) => row(form, say));
  node.append(label, input, copy, note);
  const showAll = (value, _, calls = {}) => {
    show(value);
    list.forEach((one) => one.show(calls));
    // What a reader is writing stays as long as the call does.
    if (calls[value] === call && (input.value === call || document.activeElement === input)) return;
    input.value = call = calls[value];
    judge(call ? "" : say("no call", { form: say.label(value) }));
    copy.disabled = !call;
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
  const note = element("p", { class: "note", id: `${id}-note` });
  const judge = (text, bad = false) => {
    note.textContent = text;
    input.setAttribute("aria-invalid", String(bad));
  };
  return { input, note, judge };
}

// A call in the arguments of PyTorch, as the sliders have them.
function settings(form, given, [learning_rate, beta, ahead]) {
  const { dampening = 0, momentum } = form === "PyTorch" ? given : {};
  const own = momentum && dampening ? { learning_rate: given.lr, dampening } : { learning_rate, dampening: 0 };
  return { ...own, beta, nesterov: ahead ? "True" : "False" };
}

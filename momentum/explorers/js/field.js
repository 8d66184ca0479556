// The field: a choice of a form, a call in its words to read or to write, and the calls of all others.

import { names, understood } from "./calls.js";
import { button, choice, element } from "./controls.js";

export function field(id, control, change) {
  const { say, name } = control, { node, show } = choice(id, control, change);
  const input = element("input", {
    type: "text", id: `${id}-call`, spellcheck: "false", autocomplete: "off", autocapitalize: "off", "aria-describedby": `${id}-note`,
  });
  const note = element("p", { class: "note", id: `${id}-note`, role: "status" });
  let call = "";
  const take = () => {
    if (input.value === call) return (note.textContent = "");
    const { refused, name: form, given, raw } = understood(input.value);
    input.setAttribute("aria-invalid", String(Boolean(refused)));
    note.textContent = refused ?? "";
    if (!refused) change({ [name]: form, ...settings(form, given, raw) });
  };
  input.addEventListener("change", take);
  input.addEventListener("input", ({ inputType }) => inputType === "insertFromPaste" && take());
  const rows = names.map((form) => row(form, say));
  const showAll = (value, _, calls = {}) => {
    show(value);
    if (calls[value] !== call) {
      input.value = call = calls[value];
      input.setAttribute("aria-invalid", "false");
      note.textContent = call ? "" : say("none");
    }
    rows.forEach((one) => one.show(calls));
  };
  const label = element("label", { for: `${id}-call` }, say("call"));
  node.append(label, input, note, element("ul", { class: "calls" }, ...rows.map((one) => one.node)));
  return { node, show: showAll };
}

// A call in the arguments of PyTorch, as the sliders have them.
function settings(form, given, [learning_rate, beta, ahead]) {
  const { dampening = 0, momentum } = form === "PyTorch" ? given : {};
  const own = momentum && dampening ? { learning_rate: given.lr, dampening } : { learning_rate, dampening: 0 };
  return { ...own, beta, nesterov: ahead ? "True" : "False" };
}

function row(form, say) {
  const code = element("code"), copy = button(say("copy call"), () => {
    const copied = navigator.clipboard?.writeText(code.textContent) ?? Promise.reject();
    copied.then(() => (copy.textContent = say("copied call")), () => getSelection().selectAllChildren(code));
  });
  copy.setAttribute("aria-label", say("copy label", { form }));
  const node = element("li", {}, element("span", {}, form), code, copy);
  let told;
  const show = (calls) => {
    if (calls[form] === told) return;
    told = calls[form];
    code.textContent = told || say("no call");
    copy.textContent = say("copy call");
    node.setAttribute("class", told ? "" : "none");
  };
  return { node, show };
}

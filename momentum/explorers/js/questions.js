// The three kinds of questions: each gives the nodes that ask, and reads what the reader answers.

import { element } from "./dom.js";
import { PROMPTS } from "./given.js";
import { apart, near, read } from "./guess.js";
import { sketch } from "./sketch.js";

export const kindOf = (text) => PROMPTS[text.trim()];

// What a node says, as a copy without ids.
function said(node) {
  const copy = node.cloneNode(true);
  copy.querySelectorAll("[id]").forEach((part) => part.removeAttribute("id"));
  const lone = copy.children.length === 1 && copy.firstElementChild.matches("p") ? copy.firstElementChild : copy;
  return [...lone.childNodes];
}

export const isRight = (reason) => /^\s*Right\b/.test(reason.textContent);
const textOf = (node) => node.textContent.trim().replace(/\s+/g, " ");

export function choice({ list, reasons, id }) {
  const items = [...list.children], right = reasons.findIndex(isRight);
  const inputs = items.map((_, i) => element("input", { type: "radio", name: id, value: i }));
  const labels = items.map((item, i) => element("label", {}, inputs[i], element("span", {}, ...said(item))));
  const place = (record) => items.findIndex((item) => textOf(item) === record.guess);
  return {
    nodes: [element("div", { class: "choices" }, ...labels)],
    inputs,
    first: inputs[0],
    reset: () => inputs.forEach((input) => (input.checked = false)),
    answer() {
      const i = inputs.findIndex((input) => input.checked);
      return i < 0 ? { trouble: "Choose one of the answers first." } : { guess: textOf(items[i]), right: i === right };
    },
    known: (record) => record.skipped || place(record) >= 0,
    show: (record) => [verdicts(items, reasons, right, record.skipped ? -1 : place(record))],
  };
}

// All answers with what is to be said of each; the reader's own and the right one are marked.
function verdicts(items, reasons, right, chosen) {
  return element("ol", { class: "verdicts" }, ...items.map((item, i) => {
    const mark = [i === chosen && "your prediction", i === right && "right"].filter(Boolean).join(", ");
    const node = element("li", { class: i === right ? "is-right" : i === chosen ? "is-wrong" : "is-other" },
      element("p", {}, ...said(item), ...(mark ? [" ", element("b", {}, `(${mark})`)] : [])),
      element("p", {}, ...(reasons[i] ? said(reasons[i]) : [])));
    return node;
  }));
}

export function number({ details, id }) {
  const bold = details.querySelector("p strong"), right = read(bold.textContent);
  const beliefs = [...details.querySelectorAll("li")].filter((item) => read(item.querySelector("strong")?.textContent ?? ""));
  const input = element("input", {
    type: "text", inputmode: "decimal", autocomplete: "off", id: `${id}-number`, "aria-describedby": `${id}-trouble`,
  });
  const unit = right.percent ? [element("span", {}, "%")] : [];
  return {
    nodes: [element("div", { class: "number" }, element("label", { for: input.id }, "Your number"), input, ...unit)],
    first: input,
    reset: () => (input.value = ""),
    answer() {
      const guess = read(input.value);
      if (!guess) return { trouble: "That is no number. Write it like 38, 0.5, 1/2 or 1e-3." };
      return { guess: input.value.trim(), right: near(guess.value, right), off: apart(guess.value, right.value) };
    },
    known: () => true,
    show: (record) => [...belief(beliefs, record), ...bodies(details, beliefs)],
  };
}

// The sentence for the misconception that a guess is nearest to.
function belief(beliefs, record) {
  const guess = !record.skipped && !record.right && read(record.guess);
  const value = (item) => read(item.querySelector("strong").textContent);
  const close = beliefs.filter((item) => guess && near(guess.value, value(item)));
  close.sort((a, b) => Math.abs(value(a).value - guess.value) - Math.abs(value(b).value - guess.value));
  return close.slice(0, 1).map((item) => element("p", { class: "belief" }, ...said(item)));
}

// What stands in the details, without the misconceptions.
function bodies(details, beliefs) {
  const lists = new Set(beliefs.map((item) => item.parentElement));
  const blocks = [...details.children].filter((node) => node.tagName !== "SUMMARY" && !lists.has(node));
  return blocks.map((node) => element("div", {}, ...said(element("div", {}, node.cloneNode(true)))));
}

// A curve is a choice among shapes, too: for keys, and where there are no axes to draw in.
export function curve(parts) {
  const shapes = choice(parts), drawing = sketch(parts.prompt, parts.id);
  if (!drawing) return shapes;
  shapes.inputs.forEach((input) => input.addEventListener("change", drawing.clear));
  drawing.begun = shapes.reset;
  return {
    ...shapes,
    nodes: [drawing.node, element("p", { class: "or" }, "Draw the curve, or choose a shape:"), ...shapes.nodes],
    reset() {
      drawing.clear();
      shapes.reset();
    },
    answer: () => drawing.answer() ?? shapes.answer(),
    known: (record) => Array.isArray(record.guess) || shapes.known(record),
    show: (record) => [drawing.compared(record), ...shapes.show(record)],
  };
}

// The host for a kernel without a browser: the same drawing, written down.

import { element } from "./controls.js";
import { Chart } from "./chart.js";
import { Goal } from "./goal.js";
import { PARTS, controlsOf, figureOf, keeper, room, triesOf } from "./figure.js";
import { bound } from "./text.js";

const escaped = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

// An element of a document that nobody looks at: it can only be written down. What takes a hand is
// disabled, and has no id: a page may hold it twice.
class Written {
  #attributes = new Map();
  #children = [];

  constructor(tag) {
    this.tag = tag;
    if (["button", "input", "select"].includes(tag)) this.setAttribute("disabled", "");
  }
  setAttribute(name, value) {
    if (name !== "id" && name !== "for") this.#attributes.set(name, value);
  }
  append(...nodes) {
    this.#children.push(...nodes);
  }
  addEventListener() {}
  set value(value) {
    if (this.tag === "select") this.#children.find((option) => option.#attributes.get("value") === value).setAttribute("selected", "");
    else this.setAttribute("value", value);
  }
  set textContent(text) {
    this.#children = [text];
  }
  toString() {
    const attributes = [...this.#attributes].map(([name, value]) => ` ${name}="${escaped(value)}"`).join("");
    const children = this.#children.map((node) => (node instanceof Written ? String(node) : escaped(node))).join("");
    return `<${this.tag}${attributes}>${children}${this.tag === "input" ? "" : `</${this.tag}>`}`;
  }
}

// JSON has neither infinities nor arrays of numbers only: Python reads the former as words.
const plain = (_, value) => (ArrayBuffer.isView(value) ? [...value]
  : typeof value === "number" && !Number.isFinite(value) ? `\u0000${value}` : value);

// The picture of a state, the text, the facts, and what stands in a page until a script runs: as JSON.
export function still(model, size, language = "en") {
  globalThis.document = { createElement: (tag) => new Written(tag), createElementNS: (_, tag) => new Written(tag) };
  const traits = JSON.parse(model), shown = figureOf({ get: (name) => traits[name] }, language), ignore = () => {};
  const chart = new Chart(false), state = shown.state();
  chart.svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  chart.resize(...(JSON.parse(size) ?? shown.layout.shape));
  chart.svg.setAttribute("width", chart.width);
  chart.svg.setAttribute("height", chart.height);
  const { text, facts, found, captions: [caption, longest] = [] } = shown.show(chart, state, ignore), controls = controlsOf(shown, "", ignore);
  chart.svg.setAttribute("aria-label", text);
  controls.show(state, false, facts.calls);
  const tries = [...triesOf(shown, state, ignore), keeper(shown.say, ignore), element("button", { type: "button", class: "copy" }, shown.say("copy"))];
  const view = [element("div", { class: "stage" }, chart.svg)];
  if (caption) view.push(element("p", { class: "caption", "data-longest": bound(longest) }, element("span", {}, bound(caption))));
  if (found) {
    const goal = new Goal(shown, ignore);
    goal.show(state, found);
    view.push(element("div", { class: "goal" }, ...goal.nodes));
    tries.push(...goal.acts);
  }
  const inside = [view, controls.nodes, [bound(text)], tries];
  const parts = PARTS.map((name, i) => element("div", { class: name }, ...inside[i]));
  if (controls.below.length) parts.push(element("div", { class: "below" }, ...controls.below));
  const body = parts.join("");
  return JSON.stringify({ svg: String(chart.svg), body, text, caption, facts, found, room: room(shown.layout) }, plain)
    .replace(/"\\u0000(-?Infinity|NaN)"/g, "$1");
}

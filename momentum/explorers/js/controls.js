// Controls: each moves one trait over the values that Python handed over.

import * as dom from "./dom.js";
import { bound, trimmed } from "./text.js";

export const element = dom.element;

export const button = (text, onclick) => dom.button(bound(text), onclick);

export function slider(id, { name, label, values, digits, sets, between = [] }, change) {
  const input = element("input", { type: "range", id, min: 0, max: values.length - 1 });
  const output = element("output", { for: id });
  steady(input, () => change({ ...sets, [name]: values[input.value] }));
  const show = (value) => {
    const text = trimmed(value, digits);
    input.value = nearest(values, value);
    input.setAttribute("aria-valuetext", text);
    output.textContent = text;
  };
  return { node: element("div", { class: "control" }, element("label", { for: id }, label), ...between, input, output), show };
}

function nearest(values, value) {
  let best = 0;
  values.forEach((v, i) => {
    if (Math.abs(v - value) < Math.abs(values[best] - value)) best = i;
  });
  return best;
}

// A finger that lands on a slider may want to scroll the page. What the browser sets where it lands
// counts only when it goes on sideways, or is lifted again.
function steady(input, commit) {
  let landed = null;
  const decide = (meant) => {
    const { asked } = landed ?? {};
    landed = null;
    if (!meant || asked === undefined) return;
    input.value = asked;
    commit();
  };
  input.addEventListener("pointerdown", ({ pointerType, clientX, clientY }) => {
    landed = pointerType === "touch" ? { x: clientX, y: clientY, value: input.value } : null;
  });
  input.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (landed && Math.abs(clientX - landed.x) > Math.abs(clientY - landed.y)) decide(true);
  });
  input.addEventListener("pointerup", () => decide(true));
  input.addEventListener("pointercancel", () => decide(false));
  input.addEventListener("input", () => {
    if (!landed) return commit();
    landed.asked = input.value;
    input.value = landed.value;
  });
}

export function choice(id, { name, label, options, sets, say }, change) {
  const input = element("select", { id },
    ...options.map((option) => element("option", { value: option }, say.label(option))));
  input.addEventListener("change", () => change({ ...sets, [name]: input.value }));
  const show = (value) => (input.value = value);
  return { node: element("div", { class: "control" }, element("label", { for: id }, label), input), show };
}

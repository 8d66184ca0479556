// One prediction, alive: it asks, the reader commits, and only then does the answer unfold.

import { button, element } from "./dom.js";
import { forget, headline, keep, recall } from "./memory.js";
import { choice, curve, isRight, kindOf, number } from "./questions.js";

const ASK = { choice, number, curve };
const SEARCHED = "onbeforematch" in globalThis; // the browser's search looks into what is folded
const folding = SEARCHED ? "until-found" : "";

// From here on it is the device that folds a node, and no longer the style for a page that loads.
export function fold(node, folded = true) {
  node.classList.add("is-live");
  if (folded) node.setAttribute("hidden", folding);
  else node.removeAttribute("hidden");
}

export const unfold = (node) => fold(node, false);

// The parts of a prompt; null if it is none that can be asked.
export function partsOf(prompt, id) {
  const question = prompt.querySelector(":scope > p"), list = prompt.querySelector(":scope > ol");
  const details = prompt.querySelector(":scope > details"), kind = kindOf(question?.querySelector("strong")?.textContent ?? "");
  const reasons = [...(details?.querySelectorAll(":scope > ol > li") ?? [])];
  const whole = kind === "number" ? details?.querySelector("p strong") : list && reasons.some(isRight);
  return kind && whole ? { prompt, question, list, details, reasons, kind, id } : null;
}

export class Device {
  // `answers` gives the nodes that stay folded; they may change while the device lives.
  constructor(parts, { page, key, answers, changed = () => {} }) {
    Object.assign(this, { parts, page, key, answers, changed, asked: ASK[parts.kind](parts) });
    const { prompt, question, list, id } = parts;
    question.id ||= `${id}-question`;
    this.trouble = element("p", { class: "trouble", id: `${id}-trouble`, role: "alert" });
    this.form = element("form", { novalidate: "" },
      element("div", { role: parts.kind === "number" ? "group" : "radiogroup", "aria-labelledby": question.id }, ...this.asked.nodes),
      this.trouble, this.buttons());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.commit(this.asked.answer());
    });
    this.verdict = element("div", { class: "verdict", role: "status", tabindex: "-1" });
    this.node = element("div", { class: "device" }, this.form, this.verdict);
    (list ?? question).after(this.node);
    prompt.classList.add("is-live");
    const record = recall(page, key);
    if (record && this.asked.known(record)) this.settle(record);
    else this.ask();
  }

  get open() {
    return !this.form.hidden;
  }

  buttons() {
    const commit = element("button", { type: "submit", class: "commit" }, "Commit");
    const skip = button("Show me", () => this.commit({ skipped: true }));
    return element("div", { class: "acts" }, commit, skip);
  }

  ask() {
    this.form.hidden = false;
    this.verdict.replaceChildren();
    this.trouble.textContent = "";
    this.asked.reset();
    this.answers().forEach((node) => fold(node));
    this.changed();
  }

  commit(answer) {
    this.trouble.textContent = answer.trouble ?? "";
    if (answer.trouble) return this.asked.first.focus();
    const record = { kind: this.parts.kind, ...answer };
    keep(this.page, this.key, record);
    this.settle(record);
    this.verdict.focus({ preventScroll: true });
    return undefined;
  }

  settle(record) {
    const again = button("Ask me again", () => {
      forget(this.page, this.key);
      this.ask();
      this.asked.first.focus();
    });
    this.form.hidden = true;
    this.verdict.replaceChildren(element("p", { class: "headline" }, headline(record, true)), ...this.asked.show(record), again);
    this.verdict.classList.toggle("is-right", Boolean(record.right));
    this.answers().forEach(unfold);
    this.changed();
  }

  remove() {
    this.node.remove();
    this.parts.prompt.classList.remove("is-live");
    this.answers().forEach((node) => {
      unfold(node);
      node.classList.remove("is-live");
    });
  }
}

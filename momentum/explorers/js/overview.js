// How the reader did over the book: each prediction of the list with its guess, and the totals.

import { button, element } from "./dom.js";
import { forgetAll, headline, recall } from "./memory.js";

function overview(root) {
  const totals = element("p", { class: "totals", role: "status" });
  const clear = button("Forget all my predictions", () => ask(true));
  const yes = button("Yes, forget them", () => {
    forgetAll();
    show();
    ask(false);
  });
  const no = button("Keep them", () => ask(false)), sure = element("span", {}, "They cannot be brought back. ", yes, " ", no);
  const ask = (asking) => {
    [sure.hidden, clear.hidden] = [!asking, asking];
    (asking ? no : clear).focus();
  };
  const items = [...root.querySelectorAll("li[data-key]")].map((item) => [item, item.appendChild(element("span", { class: "guess" }))]);
  const show = () => (totals.textContent = told(items.map(fill)));
  [sure.hidden, clear.hidden] = [true, false];
  root.prepend(totals, element("p", { class: "acts" }, clear, sure));
  addEventListener("pageshow", show);
  addEventListener("storage", show);
  show();
}

function fill([item, place]) {
  const record = recall(item.dataset.page, item.dataset.key);
  const state = !record ? "open" : record.skipped ? "skipped" : record.right ? "right" : "wrong";
  item.dataset.state = state;
  place.textContent = record ? ` ${headline(record)}` : " Open.";
  return state;
}

function told(states) {
  const count = (state) => states.filter((one) => one === state).length;
  return `Right: ${count("right")}. Not right: ${count("wrong")}. Shown without a prediction: ${count("skipped")}. `
    + `Open: ${count("open")}. All: ${states.length}.`;
}

document.querySelectorAll(".predictions").forEach(overview);

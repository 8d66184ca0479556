"use strict";
// One light for one thing: a symbol, its word and its curve light up together, within a section.
{
  let lit = [];
  let chosen = null;
  const termAt = (node) => node.closest?.("[data-term]") ?? null;
  const light = (node, least = 2) => {
    if (node === chosen) return;
    lit.forEach((other) => other.classList.remove("lit"));
    chosen = node;
    const same = `[data-term="${node?.dataset.term}"]`;
    lit = node ? [...(node.closest("section") ?? document).querySelectorAll(same)] : [];
    if (lit.length < least) lit = [];
    lit.forEach((other) => other.classList.add("lit"));
  };
  const isEquation = (node) => node.matches?.("math[tabindex]");
  const touches = (event) => event.pointerType === "touch";

  document.addEventListener("pointerover", (event) => {
    if (!touches(event)) light(termAt(event.target));
  });
  document.addEventListener("click", (event) => {
    if (touches(event)) light(termAt(event.target));
  });
  // An equation is one stop of the keys; arrows go from symbol to symbol.
  document.addEventListener("keydown", (event) => {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape") light(null);
    if (!move || event.altKey || event.ctrlKey || event.metaKey || !isEquation(event.target)) return;
    const symbols = [...event.target.querySelectorAll("[data-term]")];
    const next = symbols[symbols.indexOf(chosen) + move];
    if (!next) return; // then the arrow scrolls
    event.preventDefault();
    light(next, 1);
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  document.addEventListener("focusout", ({ target }) => {
    if (isEquation(target) && target.contains(chosen)) light(null);
  });
}

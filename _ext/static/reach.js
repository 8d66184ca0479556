"use strict";
// What scrolls sideways can be reached by the keys. A browser tells the size of what it has laid out, and
// of what is folded once it opens: asked for it, it would lay out all folds of the page.
{
  const number = new Map(); // of each formula
  const watcher = new ResizeObserver((seen) => {
    const scrolls = seen.map(({ target }) => target.scrollWidth > target.clientWidth); // before anything changes
    seen.forEach(({ target }, i) => {
      const named = number.has(target) && { role: "region", "aria-label": `Formula ${number.get(target)}` };
      for (const [name, value] of Object.entries({ tabindex: 0, ...named })) {
        if (scrolls[i]) target.setAttribute(name, value);
        else target.removeAttribute(name);
      }
    });
  });
  addEventListener("load", () => document.fonts.ready.then(() => {
    const formulas = [...document.querySelectorAll("div.math")];
    formulas.forEach((formula, i) => number.set(formula, i + 1));
    const reached = (formula) => formula.querySelector("math[tabindex]"); // terms.js has it
    const others = document.querySelectorAll("pre, .cell_output > .output, .pst-scrollable-table-container");
    [...formulas.filter((formula) => !reached(formula)), ...others].forEach((node) => watcher.observe(node));
  }));
}

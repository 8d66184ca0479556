"use strict";
// What is copied of a page has its formulas as TeX, whole: $...$, and $$...$$ on lines of their own.
document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (selection.isCollapsed || !event.clipboardData) return;
  const range = selection.getRangeAt(0).cloneRange();
  const around = (node) => (node.closest ? node : node.parentElement).closest("math");
  const [first, last] = [around(range.startContainer), around(range.endContainer)];
  if (first) range.setStartBefore(first);
  if (last) range.setEndAfter(last);
  const copied = range.cloneContents();
  const formulas = copied.querySelectorAll("math");
  if (!formulas.length) return;
  for (const formula of formulas) {
    const tex = formula.querySelector("annotation").textContent;
    formula.replaceWith(formula.matches("[display=block]") ? `\n$$${tex}$$\n` : `$${tex}$`);
  }
  // Laid out out of sight, for only then are lines and paragraphs apart.
  const sheet = document.createElement("div");
  sheet.append(copied);
  document.body.append(sheet);
  event.clipboardData.setData("text/plain", sheet.innerText);
  event.clipboardData.setData("text/html", sheet.innerHTML);
  sheet.remove();
  event.preventDefault();
});

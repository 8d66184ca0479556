"use strict";
// Folded code: what a reader opened stays open, here and, by the switch, all over the book.
{
  const key = "momentum-code";
  const page = location.pathname.split("/").pop();
  const stored = () => {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? {};
    } catch {
      return {}; // a browser may forbid storage
    }
  };
  // all: what the switch says; own: the folds that differ from it
  let known = { all: false, own: {}, ...stored() };
  const wanted = (fold) => known.own[`${page}#${fold.id}`] ?? known.all;
  const keep = () => {
    try {
      localStorage.setItem(key, JSON.stringify(known));
    } catch {
      // then it holds for this page
    }
  };
  const show = () => {
    for (const fold of document.querySelectorAll("details.code")) {
      if (fold.open !== wanted(fold)) fold.open = wanted(fold);
    }
    const label = `${known.all ? "Hide" : "Show"} all code`;
    for (const button of document.querySelectorAll(".all-code")) {
      if (button.textContent !== label) button.textContent = label;
    }
  };
  // While the page arrives, before it is painted: nothing jumps.
  const arriving = new MutationObserver(show);
  arriving.observe(document, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => {
    arriving.disconnect();
    show();
  });
  document.addEventListener("toggle", ({ target: fold }) => {
    if (!fold.matches?.("details.code") || fold.open === wanted(fold)) return;
    known.own[`${page}#${fold.id}`] = fold.open;
    keep();
  }, true);
  document.addEventListener("click", ({ target }) => {
    if (!target.closest?.(".all-code")) return;
    known = { all: !known.all, own: {} };
    keep();
    show();
  });
}

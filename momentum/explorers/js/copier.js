// The button that writes a text on the clipboard, tells so, and then has its own label again.

import { button } from "./dom.js";

// Of its `words`, one is its label, one is told where the text was copied, and one where it could not be.
export function copier(text, words, tell, signal) {
  let timer = 0;
  const [label, done, failed] = words, node = button(label, () => {
    const written = text(), copied = navigator.clipboard?.writeText(written) ?? Promise.reject();
    copied.then(() => show(done), () => show(failed));
  });
  node.setAttribute("class", "copy");
  const show = (said) => {
    if (signal?.aborted) return;
    clearTimeout(timer);
    tell(node.textContent = said);
    timer = setTimeout(() => (node.textContent = label), 2500);
  };
  signal?.addEventListener("abort", () => clearTimeout(timer));
  return node;
}

// Outputs of a cell as elements of the page, in the markup that the book's own outputs have.

import { view } from "./compare.js";

const element = (name, className, text) => Object.assign(document.createElement(name), { className, textContent: text ?? "" });

function preformatted(className, text) {
  const box = element("div", `output ${className}`);
  const block = element("div", "highlight-none notranslate");
  const inner = element("div", "highlight");
  inner.append(element("pre", "", text));
  block.append(inner);
  box.append(block);
  return box;
}

// The error first, in a line; how it came about can be unfolded.
function failure({ ename, evalue, traceback, line }) {
  const box = element("div", "output run-error");
  const head = element("p", "");
  head.append(element("strong", "", ename), evalue ? `: ${evalue}` : "", line ? ` (line ${line})` : "");
  const more = element("details", "");
  more.append(element("summary", "", "How it came about"), preformatted("traceback", traceback.join("\n")));
  box.append(head, more);
  return box;
}

function picture(output, alt) {
  const box = element("div", "output");
  box.innerHTML = output.page ?? output.data["image/svg+xml"];
  box.querySelector("svg")?.setAttribute("aria-label", alt || "A figure that this cell draws");
  return box;
}

function image(base64, alt) {
  const box = element("div", "output");
  const shown = element("img", "");
  Object.assign(shown, { src: `data:image/png;base64,${base64}`, alt: alt || "A picture that this cell makes" });
  box.append(shown);
  return box;
}

function html(text) {
  const box = element("div", "output text_html");
  box.innerHTML = text;
  return box;
}

function live(id, models, cleanups) {
  const box = element("div", "output text_html");
  const host = element("div", "");
  box.append(host);
  cleanups.push(models.mount(id, host));
  return box;
}

function one(output, { models, alt, cleanups }) {
  const { output_type: type, data } = output;
  if (type === "stream") return preformatted(output.name === "stderr" ? "stderr" : "stream", output.text);
  if (type === "error") return failure(output);
  const hidden = /^<[^>]* hidden>/.test(data["text/html"] ?? ""); // nothing to see, in a page as in JupyterLab
  if (view(output) && !hidden) return live(view(output), models, cleanups);
  if (data["text/html"]) return html(data["text/html"]);
  if (data["image/svg+xml"]) return picture(output, alt());
  if (data["image/png"]) return image(data["image/png"], alt());
  return preformatted("text_plain", data["text/plain"]);
}

// Pieces of one text become one block.
export function joined(outputs) {
  const found = [];
  for (const output of outputs) {
    const last = found.at(-1);
    const goesOn = output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name;
    if (goesOn) found[found.length - 1] = { ...last, text: last.text + output.text };
    else found.push(output);
  }
  return found;
}

// Return { element, close }: the figures speak as the stored ones do, in their order.
export function show(outputs, models, alts) {
  const cleanups = [], waiting = [...alts];
  const context = { models, cleanups, alt: () => waiting.shift() };
  const box = element("div", "cell_output docutils container");
  box.append(...joined(outputs).map((output) => one(output, context)));
  return { element: box, close: () => cleanups.forEach((cleanup) => cleanup()) };
}

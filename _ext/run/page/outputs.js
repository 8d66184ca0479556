// Outputs of a cell as elements of the page, in the markup that the book's own outputs have.

import { view } from "./compare.js";

const LONG = 30; // lines; run.css lets a text of more scroll

const element = (name, className, text) => Object.assign(document.createElement(name), { className, textContent: text ?? "" });

function preformatted(className, text) {
  const box = element("div", `output ${className}`);
  const block = element("div", "highlight-none notranslate");
  const inner = element("div", "highlight");
  const shown = element("pre", text.split("\n").length > LONG ? "long" : "", text);
  if (shown.className) shown.tabIndex = 0;
  inner.append(shown);
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
  more.append(element("summary", "", "Traceback"), preformatted("traceback", traceback.join("\n")));
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

function live(id, models) {
  const node = element("div", "output"), host = element("div", "");
  node.append(host);
  return { node, close: models.mount(id, host) };
}

function one(output, alt, models) {
  const { output_type: type, data } = output;
  if (type === "stream") return { node: preformatted(output.name === "stderr" ? "stderr" : "stream", output.text) };
  if (type === "error") return { node: failure(output) };
  const hidden = /^<[^>]* hidden>/.test(data["text/html"] ?? ""); // nothing to see, in a page as in JupyterLab
  if (view(output) && !hidden) return live(view(output), models);
  if (data["text/html"]) return { node: html(data["text/html"]) };
  if (data["image/svg+xml"]) return { node: picture(output, alt) };
  if (data["image/png"]) return { node: image(data["image/png"], alt) };
  return { node: preformatted("text_plain", data["text/plain"]) };
}

const isPicture = ({ data }) => data?.["image/svg+xml"] || data?.["image/png"];

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

// The outputs of a run, shown as they come: what stands already is left alone. The figures speak as the stored
// ones do, in their order.
export class Shown {
  #parts = []; // { output, node, close } of each
  element = element("div", "cell_output docutils container");

  constructor(models, alts) {
    Object.assign(this, { models, alts });
  }

  update(outputs) {
    const all = joined(outputs);
    all.forEach((output, i) => this.#parts[i]?.output !== output && this.#put(output, i, all));
    for (const text of this.element.querySelectorAll("pre")) {
      if (text.scrollWidth > text.clientWidth) text.tabIndex = 0; // the keys shall reach what scrolls
    }
  }

  #put(output, i, all) {
    const old = this.#parts[i], alt = this.alts[all.slice(0, i).filter(isPicture).length];
    const part = { output, ...one(output, alt, this.models) };
    if (old) old.node.replaceWith(part.node);
    else this.element.append(part.node);
    old?.close?.();
    this.#parts[i] = part;
  }

  close() {
    this.#parts.forEach(({ close }) => close?.());
    this.element.remove();
  }
}

// The host of the predictions in JupyterLab: the Markdown cells of one notebook, upgraded in place.

import { element } from "./dom.js";
import { Device, fold, partsOf, unfold } from "./device.js";
import { kindOf } from "./questions.js";

const LIVING = (globalThis[Symbol.for("momentum.notebooks")] ??= new WeakMap()); // one for a notebook, however often it is shown
const HEADING = "h1, h2, h3, h4, h5, h6";

export function render({ model, el }) {
  let root = null, frame = 0;
  const begin = () => {
    root = el.closest(".jp-Notebook");
    if (!root) return (frame = requestAnimationFrame(begin));
    if (!LIVING.has(root)) LIVING.set(root, { notebook: new Notebook(root, model.get("page")), users: 0 });
    return LIVING.get(root).users++;
  };
  begin();
  return () => {
    cancelAnimationFrame(frame);
    const living = root && LIVING.get(root);
    if (!living || --living.users) return;
    living.notebook.remove();
    LIVING.delete(root);
  };
}

class Notebook {
  #frame = 0;
  #owner = new WeakMap(); // cell -> the device it answered when it was last seen: cells out of sight leave the page
  #devices = new Map(); // prompt -> device

  constructor(root, page) {
    Object.assign(this, { root, page });
    this.watcher = new MutationObserver(() => (this.#frame ||= requestAnimationFrame(() => this.read())));
    this.read();
  }

  watch(on) {
    this.watcher.disconnect();
    if (on) this.watcher.observe(this.root, { childList: true, subtree: true });
  }

  // Read all cells in their order: which prompts there are, and what is folded for whom.
  read() {
    this.#frame = 0;
    this.watch(false);
    for (const [prompt, device] of this.#devices) if (!prompt.isConnected && !this.#kept(prompt)) this.drop(prompt, device);
    const cells = [...this.root.querySelectorAll(".jp-Cell")];
    let device = this.#owner.get(cells[0]) ?? null;
    for (const cell of cells) {
      this.#owner.set(cell, device);
      device = cell.matches(".jp-MarkdownCell") ? this.text(cell, device) : this.code(cell, device);
    }
    this.watch(true);
  }

  #kept = (prompt) => prompt.closest(".jp-RenderedMarkdown");

  drop(prompt, device) {
    device.remove();
    this.#devices.delete(prompt);
  }

  code(cell, device) {
    const outputs = cell.querySelector(".jp-Cell-outputWrapper");
    if (outputs) this.folded(outputs, device);
    return device;
  }

  folded(node, device) {
    if (device?.open) fold(node);
    else if (node.classList.contains("is-live")) unfold(node);
  }

  // Wrap prompts and what answers them; return the device that is open at the end of the cell.
  text(cell, device) {
    const body = cell.querySelector(".jp-RenderedMarkdown");
    let now = device, wrap = null;
    for (const node of [...(body?.childNodes ?? [])]) {
      if (node.nodeType === Node.ELEMENT_NODE && node.matches(HEADING)) [now, wrap] = [null, null];
      else if (node.classList?.contains("prediction")) [now, wrap] = [this.#devices.get(node) ?? now, null];
      else if (node.classList?.contains("answer")) this.folded(wrap = node, now);
      else if (node.parentNode === body) [now, wrap] = this.block(node, now, wrap);
    }
    return now;
  }

  block(node, device, wrap) {
    const prompt = node.nodeName === "P" && kindOf(node.querySelector(":scope > strong:first-child")?.textContent ?? "");
    const made = prompt ? this.prompt(node) : null;
    if (made || !device) return [made ?? device, null];
    const into = wrap ?? element("div", { class: "answer" });
    if (!wrap) node.before(into);
    into.append(node);
    this.folded(into, device);
    return [device, into];
  }

  // Wrap a prompt from its question to its details, and ask it.
  prompt(question) {
    const nodes = [question];
    while (nodes.at(-1) && nodes.at(-1).nodeName !== "DETAILS") nodes.push(nodes.at(-1).nextSibling);
    if (!nodes.at(-1)) return null;
    const key = question.textContent.toLowerCase().replace(/\W+/g, "-"), box = element("div", { class: "prediction" });
    question.before(box);
    box.append(...nodes);
    const parts = partsOf(box, `predict-${key.slice(0, 60)}`);
    if (!parts) return box.replaceWith(...nodes) ?? null;
    box.dataset.lmSuppressShortcuts = "true";
    for (const type of ["keydown", "dblclick"]) box.addEventListener(type, (event) => event.stopPropagation());
    const again = () => (this.#frame ||= requestAnimationFrame(() => this.read()));
    const device = new Device(parts, { page: this.page, key, answers: () => [], changed: again });
    this.#devices.set(box, device);
    return device;
  }

  remove() {
    this.watch(false);
    cancelAnimationFrame(this.#frame);
    for (const [prompt, device] of this.#devices) {
      this.drop(prompt, device);
      prompt.replaceWith(...prompt.childNodes);
    }
    for (const node of this.root.querySelectorAll(".answer")) node.replaceWith(...node.childNodes);
    for (const node of this.root.querySelectorAll(".jp-Cell-outputWrapper.is-live")) {
      unfold(node);
      node.classList.remove("is-live");
    }
  }
}

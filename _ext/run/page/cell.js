// One cell: the code as an editor, its buttons, and below it what its run gave or what the page says.

import { difference, view } from "./compare.js";
import { Editor } from "./editor.js";
import { show } from "./outputs.js";

const PATIENCE = 500; // milliseconds after which an unfinished cell shows what it has

export function button(text, act, label) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
  if (label) made.ariaLabel = `${text}: ${label}`;
  made.addEventListener("click", act);
  return made;
}

export class Cell {
  #shown = null; // what stands in the place of the stored output: { element, close }
  #running = null;
  outputs = null; // of the last run

  // outputs: what the page states, or null; place: where the code stands; result: where that output does, or null
  constructor({ name, id, stored, outputs: stated, place, result }, notebook) {
    Object.assign(this, { name, id, stored, stated, place, result, notebook });
    this.alts = [...(result?.querySelectorAll("svg.figure") ?? [])].map((svg) => svg.getAttribute("aria-label"));
    this.editor = new Editor(stored, `${name}, code`, { run: () => this.run(), changed: () => this.changed() });
    this.note = Object.assign(document.createElement("p"), { className: "run-note" });
    this.status = Object.assign(document.createElement("span"), { className: "run-status", role: "status" });
    this.tools = this.#tools();
    const block = document.createElement("div");
    block.className = "run-cell";
    block.append(this.editor.element, this.tools);
    place.classList.add("is-edited");
    place.append(block);
    this.anchor = result ?? place; // outputs come after it
  }

  #tools() {
    const tools = Object.assign(document.createElement("div"), { className: "run-tools", role: "group", ariaLabel: this.name });
    const { notebook, name } = this;
    this.runButton = button("Run", () => (this.#running ? notebook.stop() : this.run()), name);
    this.aboveButton = button("Run all above", () => notebook.runAbove(this), name);
    this.resetButton = button("Reset", () => this.reset(), name);
    this.resetButton.hidden = true;
    tools.append(this.runButton, this.aboveButton, this.resetButton, this.status);
    return tools;
  }

  changed() {
    const isOwn = this.editor.source !== this.stored;
    this.resetButton.hidden = !isOwn;
    this.notebook.keep(this.id, isOwn ? this.editor.source : null);
  }

  write(source) {
    this.editor.source = source;
    this.resetButton.hidden = source === this.stored;
  }

  // The code and the output that the page states.
  reset() {
    this.write(this.stored);
    this.changed();
    this.#restore();
    this.say("");
    this.outputs = null;
    this.runButton.focus();
  }

  say(text) {
    this.status.textContent = text;
  }

  // Resolves with { difference, failed }: what differs from the page, and whether the cell ended early.
  async run(source = this.editor.source) {
    if (this.#running) return this.#running;
    this.#begin();
    const outputs = [];
    const late = setInterval(() => outputs.length && this.#render(outputs), PATIENCE);
    this.#running = this.notebook.kernel.run(source, this.name, (output) => outputs.push(output));
    const end = await this.#running;
    clearInterval(late);
    this.#running = null;
    return this.#finish(source, outputs, end);
  }

  #begin() {
    this.editor.mark();
    delete this.place.dataset.result;
    this.runButton.textContent = "Stop";
    this.place.classList.add("is-running");
    this.say(this.notebook.kernel.state === "ready" ? "running" : "waits for Python");
  }

  #finish(source, outputs, { ms, stopped, failed }) {
    this.runButton.textContent = "Run";
    this.place.classList.remove("is-running");
    this.outputs = outputs;
    const error = outputs.find(({ output_type: type }) => type === "error");
    this.editor.mark(source === this.editor.source && error?.line);
    if (stopped || failed) {
      this.#render(outputs);
      this.say(stopped ? "stopped; Python begins anew, without its names" : `Python broke down (${failed}) and begins anew`);
      return { difference: "The cell did not end.", failed: true };
    }
    const told = this.stated ? difference(this.stated, outputs) : "";
    this.place.dataset.result = told ? "differs" : this.stated ? "same" : "";
    if (!told && this.stated && !outputs.some(view)) this.#restore();
    else this.#render(outputs);
    this.#tell(told, error);
    this.say(`${told || !this.stated ? "" : "the same as on the page, "}${seconds(ms)}`);
    return { difference: told, failed: Boolean(error) };
  }

  #render(outputs) {
    this.#shown?.close();
    const shown = show(outputs, this.notebook.models, this.alts);
    if (this.#shown) this.#shown.element.replaceWith(shown.element);
    else this.anchor.after(shown.element);
    this.#shown = shown;
    if (this.result) this.result.hidden = true;
  }

  #restore() {
    this.#shown?.close();
    this.#shown?.element.remove();
    this.#shown = null;
    this.note.remove();
    if (this.result) this.result.hidden = false;
  }

  // What differs, below the output, with the way back to what the page says.
  #tell(told, error) {
    this.note.remove();
    const text = `${told} ${error ? this.notebook.hint(this, error) : ""}`.trim();
    if (!text) return;
    this.note.replaceChildren(text);
    if (this.result) this.note.append(" ", this.#back());
    this.#shown.element.after(this.note);
  }

  #back() {
    const label = (own) => (own ? "Show what the page says" : "Show what this run gave");
    const back = button(label(true), () => {
      const own = this.result.hidden;
      this.result.hidden = !own;
      this.#shown.element.hidden = own;
      back.textContent = label(!own);
    });
    return back;
  }
}

export const seconds = (ms) => `${(ms / 1000).toLocaleString("en", { maximumSignificantDigits: 2 })} s`;

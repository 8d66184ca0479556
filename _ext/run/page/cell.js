// One cell: the code as an editor, its buttons, and below it what its run gave or what the page says.

import { difference, view } from "./compare.js";
import { Editor } from "./editor.js";
import { Shown } from "./outputs.js";

const PATIENCE = 500; // milliseconds after which an unfinished cell shows what it has

export function button(text, act, label) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
  if (label) named(made, text, label);
  made.addEventListener("click", act);
  return made;
}

const named = (node, text, name) => Object.assign(node, { textContent: text, ariaLabel: `${text}: ${name}` });

export class Cell {
  #shown = null; // what stands in the place of the stored output
  #running = null;
  #given = null; // the reader's code that a reset took away
  hasRun = false;
  outputs = null; // of the last run

  // outputs: what the page states, or null; place: where the code stands; result: where that output does, or null
  constructor({ name, id, stored, outputs: stated, place, result }, notebook) {
    Object.assign(this, { name, id, stored, stated, place, result, notebook });
    this.alts = [...(result?.querySelectorAll("svg.figure") ?? [])].map((svg) => svg.getAttribute("aria-label"));
    this.editor = new Editor(stored, `${name}, code`, { run: () => this.runButton.disabled || this.run(), changed: () => this.changed() });
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
    this.runButton = button("Run", () => (this.#running ? this.stop() : this.run()), name);
    this.aboveButton = button("Run all above", () => notebook.runAbove(this), name);
    this.resetButton = button("Reset", () => this.reset(), name);
    this.resetButton.hidden = true;
    tools.append(this.runButton, this.aboveButton, this.resetButton, this.status);
    return tools;
  }

  get isOwn() {
    return this.editor.source !== this.stored;
  }

  // A reader wrote: from here on, the button resets.
  changed() {
    this.#given = null;
    delete this.place.dataset.result;
    if (!this.#running) this.say("");
    this.#label();
    this.notebook.keep(this.id, this.isOwn ? this.editor.source : null);
  }

  write(source) {
    this.editor.source = source;
    this.#label();
  }

  #label() {
    this.resetButton.hidden = !this.isOwn && this.#given === null;
    named(this.resetButton, this.isOwn ? "Reset" : "Bring mine back", this.name);
  }

  // The code and the output that the page states; pressed once more, the reader's own code.
  reset() {
    const own = this.isOwn ? this.editor.source : null;
    const source = this.isOwn ? this.stored : (this.#given ?? this.stored);
    this.write(source);
    this.changed();
    this.#given = own;
    this.#label();
    this.#restore();
    this.say("");
    this.outputs = null;
  }

  // While another runs the cells, none runs alone.
  lock(isLocked) {
    for (const each of [this.runButton, this.aboveButton]) each.disabled = isLocked;
  }

  // Python began anew: nothing that ran is known to it.
  forget() {
    this.hasRun = false;
    delete this.place.dataset.result;
    this.say("");
  }

  say(text) {
    this.status.textContent = text;
  }

  stop() {
    this.#running?.stop();
  }

  // Resolves with { difference, failed }: what differs from the page, and whether the cell ended early.
  async run(source = this.editor.source) {
    if (this.#running) return { difference: "", failed: true };
    const outputs = [];
    const late = setInterval(() => outputs.length && this.#render(outputs), PATIENCE);
    const run = { source, name: this.name, begun: () => this.say("running"), output: (output) => outputs.push(output) };
    this.#begin();
    this.#running = this.notebook.kernel.run(run);
    const end = await this.#running;
    clearInterval(late);
    this.#running = null;
    return this.#finish(source, outputs, end);
  }

  #begin() {
    this.editor.mark();
    this.note.remove();
    this.resetButton.disabled = true;
    delete this.place.dataset.result;
    named(this.runButton, "Stop", this.name);
    this.place.classList.add("is-running");
    this.say("waits");
  }

  #finish(source, outputs, end) {
    const isShown = source === this.editor.source;
    named(this.runButton, "Run", this.name);
    this.resetButton.disabled = false;
    this.place.classList.remove("is-running");
    this.outputs = isShown ? outputs : null;
    if (end.ms === undefined) return this.#cut(outputs, end);
    this.hasRun = true;
    const error = outputs.find(({ output_type: type }) => type === "error");
    if (isShown) this.editor.mark(error?.line);
    const told = this.stated ? difference(this.stated, outputs) : "";
    this.place.dataset.result = told ? "differs" : this.stated ? "same" : "";
    if (!told && this.stated && !outputs.some(view)) this.#restore();
    else this.#render(outputs);
    this.#tell(told, error);
    const same = this.stated && !told ? `${isShown ? "the same as on the page" : "the page's code gave the same"}, ` : "";
    this.say(`${same}${seconds(end.ms)}`);
    return { difference: told, failed: Boolean(error) };
  }

  #cut(outputs, { left, failed }) {
    if (outputs.length) {
      this.#render(outputs);
      this.#tell("The cell did not end.");
    } else {
      this.outputs = null;
      this.#restore();
    }
    const reason = this.notebook.kernel.state === "failed" ? `no Python: ${failed}` : failed && `Python broke down: ${failed}`;
    this.say(left ? "" : (reason ?? "stopped; Python begins anew and knows no variables"));
    return { difference: "The cell did not end.", failed: true };
  }

  #render(outputs) {
    if (!this.#shown || this.#shown.run !== outputs) {
      this.#shown?.close();
      this.#shown = new Shown(this.notebook.models, this.alts);
      this.#shown.run = outputs;
      this.anchor.after(this.#shown.element);
    }
    this.#shown.update(outputs);
    if (this.result) this.result.hidden = true;
  }

  #restore() {
    this.#shown?.close();
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

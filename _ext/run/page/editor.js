// The smallest editor that serves: a text area over the same text in colours. Tab leaves it.

import { highlight } from "./highlight.js";

const INDENT = "    ";

export class Editor {
  #mark = document.createElement("div"); // the line of an error

  constructor(source, label, { run, changed }) {
    this.shown = Object.assign(document.createElement("pre"), { ariaHidden: "true" });
    this.text = Object.assign(document.createElement("textarea"), {
      ariaLabel: label, spellcheck: false, autocapitalize: "off", autocomplete: "off", wrap: "off",
    });
    this.text.setAttribute("autocorrect", "off");
    this.#mark.className = "marked-line";
    this.element = document.createElement("div");
    this.element.className = "editor highlight";
    this.element.append(this.shown, this.text);
    this.text.addEventListener("input", () => {
      this.#draw();
      changed();
    });
    this.text.addEventListener("keydown", (event) => this.#key(event, run));
    this.source = source;
  }

  get source() {
    return this.text.value;
  }

  set source(source) {
    this.text.value = source;
    this.#draw();
  }

  // Mark a line, counted from 1; none without a number.
  mark(line) {
    this.#mark.remove();
    if (!line) return;
    this.#mark.style.setProperty("--line", line - 1);
    this.element.prepend(this.#mark);
  }

  #draw() {
    this.mark();
    highlight(this.shown, this.source);
    this.text.rows = this.source.split("\n").length;
  }

  #key(event, run) {
    if (event.key !== "Enter") return;
    if (event.shiftKey || event.ctrlKey || event.metaKey) {
      event.preventDefault();
      return run();
    }
    const before = this.source.slice(0, this.text.selectionStart).split("\n").pop();
    const indent = before.match(/^ */)[0] + (/:\s*$/.test(before) ? INDENT : "");
    if (!indent) return;
    event.preventDefault();
    // The one way to write that the browser's own undo knows.
    document.execCommand("insertText", false, `\n${indent}`);
  }
}

// "Run it here": the button becomes a bar, Python loads, and the page's cells become editors.

import { button } from "./cell.js";
import { Kernel } from "./kernel.js";
import { Notebook } from "./notebook.js";
import { opened } from "./store.js";

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

export async function begin(pressed) {
  const bar = new Bar(pressed);
  try {
    await dressed();
    const page = location.pathname.split("/").pop().replace(/\.html$/, "");
    const answer = await fetch(pressed.dataset.notebook, { cache: "no-cache" });
    if (!answer.ok) throw new Error(`the notebook could not be loaded (${answer.status})`);
    const code = getComputedStyle(document.querySelector("article .cell_input pre"));
    document.documentElement.style.setProperty("--editor-font", code.font);
    const stored = await new Response(opened(await answer.arrayBuffer())).json();
    const kernel = new Kernel();
    bar.follow(kernel);
    bar.serve(new Notebook(stored, page, kernel));
  } catch (error) {
    bar.say(`It does not run here: ${error.message}.`);
  }
}

const dressed = () => new Promise((resolve, reject) => {
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("run.css", import.meta.url).href });
  sheet.addEventListener("load", resolve);
  sheet.addEventListener("error", () => reject(new Error("its styles could not be loaded")));
  document.head.append(sheet);
});

class Bar {
  constructor(pressed) {
    this.element = Object.assign(document.createElement("div"), { className: "run-bar", role: "group", ariaLabel: "Run it here" });
    this.progress = Object.assign(document.createElement("progress"), { ariaLabel: "Python loads" });
    this.status = Object.assign(document.createElement("span"), { className: "run-status", role: "status" });
    this.amount = Object.assign(document.createElement("span"), { className: "run-amount" }); // not for every ear
    this.element.append(this.progress, this.amount, this.status);
    pressed.replaceWith(this.element);
    this.say("Python loads");
  }

  say(text) {
    this.status.textContent = text;
  }

  follow(kernel) {
    kernel.addEventListener("progress", ({ detail: { loaded, total } }) => {
      Object.assign(this.progress, { value: loaded, max: total });
      this.amount.textContent = loaded < total ? `${megabytes(loaded)} of ${megabytes(total)} MB` : "";
      if (loaded >= total && !this.outcome) this.say("Python starts");
    });
    kernel.addEventListener("ready", ({ detail: { memory } }) => {
      this.progress.hidden = true;
      if (this.outcome) this.say(this.outcome);
      else this.say(`Python is ready, in ${(memory / 1e6).toFixed(0)} MB of memory.`);
    });
    kernel.addEventListener("failed", ({ detail: { reason } }) => {
      this.progress.hidden = true;
      this.say(`Python does not start here: ${reason}.`);
    });
  }

  serve(notebook) {
    const recompute = button("Recompute this page", () => (this.isComputing ? notebook.cut() : this.recompute(notebook, recompute)));
    this.element.prepend(recompute, button("Download as notebook", () => notebook.download()));
    recompute.focus({ preventScroll: true });
  }

  async recompute(notebook, pressed) {
    if (notebook.kernel.busy) return this.say("A cell is running: stop it first.");
    this.isComputing = true;
    pressed.textContent = "Stop";
    await notebook.recompute((text) => {
      this.outcome = text;
      this.say(text);
    });
    pressed.textContent = "Recompute this page";
    this.isComputing = false;
  }
}

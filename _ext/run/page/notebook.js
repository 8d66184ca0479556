// A page's cells as one notebook: which they are, running many of them, and taking them along.

import { Cell, seconds } from "./cell.js";
import { keep, kept } from "./keep.js";
import { Models } from "./live.js";

const text = (source) => (Array.isArray(source) ? source.join("") : source);

export class Notebook {
  constructor(stored, page, kernel) {
    Object.assign(this, { stored, page, kernel, models: new Models(kernel) });
    this.keep = (cell, source) => keep(page, cell, source);
    this.cells = [...this.#stated(), ...this.#exercises()];
    const own = kept(page);
    for (const cell of this.cells) if (cell.id in own) cell.write(own[cell.id]);
  }

  // Code and outputs stand on the page in the order in which the notebook has them.
  #stated() {
    const places = [...document.querySelectorAll("article .cell_input")];
    const results = [...document.querySelectorAll("article .cell_output")];
    const code = this.stored.cells.filter(({ cell_type: type }) => type === "code");
    if (code.length !== places.length) throw new Error("this page and its notebook do not agree");
    return code.map(({ id, source, outputs }, i) => {
      const result = outputs.length ? results.shift() : null;
      return new Cell({ name: `Cell ${i + 1}`, id, stored: text(source), outputs, place: places[i], result }, this);
    });
  }

  // An exercise has a cell of its own, empty, above its solution.
  #exercises() {
    const headings = [...document.querySelectorAll("article h3")].filter(({ textContent }) => /^Exercise \d/.test(textContent));
    return headings.map(({ parentElement: section }, i) => {
      const place = Object.assign(document.createElement("div"), { className: "cell_input" });
      const solution = [...section.children].find((child) => child.matches("details") || child.querySelector("details"));
      section.insertBefore(place, solution ?? null);
      return new Cell({ name: `Exercise ${i + 1}`, id: `exercise-${i + 1}`, stored: "", outputs: null, place, result: null }, this);
    });
  }

  get code() {
    return this.cells.filter(({ id }) => !id.startsWith("exercise-"));
  }

  // Above is what stands above: an exercise needs all cells that its page has before it.
  above(cell) {
    const isAbove = ({ place }) => place.compareDocumentPosition(cell.place) & Node.DOCUMENT_POSITION_FOLLOWING;
    return this.code.filter((other) => other !== cell && isAbove(other));
  }

  async runAbove(cell) {
    for (const other of this.above(cell)) if ((await other.run()).failed) return other.editor.text.focus();
    return cell.editor.text.focus();
  }

  stop() {
    this.kernel.stop();
  }

  hint(cell, { ename }) {
    const missing = ename === "NameError" && this.above(cell).some(({ outputs }) => !outputs);
    return missing ? "Cells above have not run here yet: “Run all above” runs them." : "";
  }

  // Run the page's own code from a fresh start, and say of each cell whether it gave what the page says.
  async recompute(say) {
    const begun = performance.now(), { code } = this;
    this.kernel.forget();
    let same = 0;
    for (const [i, cell] of code.entries()) {
      say(`Cell ${i + 1} of ${code.length} …`);
      const { difference: told } = await cell.run(cell.stored);
      same += !told;
      if (told === "The cell did not end.") return say(`Stopped at cell ${i + 1} of ${code.length}.`);
    }
    return say(`${same} of ${code.length} cells gave what this page says, in ${seconds(performance.now() - begun)}.`);
  }

  // The chapter as it stands here: the reader's code, and the outputs of the last runs.
  download() {
    const code = new Map(this.code.map((cell) => [cell.id, cell]));
    const cells = this.stored.cells.map((cell) => (code.has(cell.id) ? written(cell, code.get(cell.id)) : cell));
    const own = this.cells.filter((cell) => !code.has(cell.id) && cell.editor.source.trim());
    cells.push(...own.flatMap(added));
    const blob = new Blob([JSON.stringify({ ...this.stored, cells }, null, 1)], { type: "application/x-ipynb+json" });
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: `${this.page}.ipynb` });
    link.click();
    URL.revokeObjectURL(link.href);
  }
}

function written(stored, cell) {
  if (!cell.outputs && cell.editor.source === cell.stored) return stored;
  const own = { line: undefined, page: undefined }; // what no notebook knows
  const outputs = (cell.outputs ?? []).map((output) => ({ ...blank(output.output_type), ...output, ...own }));
  return { ...stored, source: cell.editor.source, outputs };
}

function blank(type) {
  if (type === "display_data") return { metadata: {} };
  return type === "execute_result" ? { metadata: {}, execution_count: null } : {};
}

const added = (cell) => [
  { cell_type: "markdown", id: `${cell.id}-name`, metadata: {}, source: `**${cell.name}**` },
  written({ cell_type: "code", id: cell.id, metadata: {}, execution_count: null, outputs: [] }, cell),
];

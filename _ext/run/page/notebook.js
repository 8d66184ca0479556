// A page's cells as one notebook: which they are, running many of them, and taking them along.

import { Cell, seconds } from "./cell.js";
import { VIEW } from "./compare.js";
import { keep, kept } from "./keep.js";
import { Models } from "./live.js";

const text = (source) => (Array.isArray(source) ? source.join("") : source);

export class Notebook {
  constructor(stored, page, kernel) {
    Object.assign(this, { stored, page, kernel, models: new Models(kernel) });
    this.keep = (cell, source) => keep(page, cell, source);
    this.cells = [...this.#stated(), ...this.#exercises()];
    kernel.addEventListener("restart", () => this.cells.forEach((cell) => cell.forget()));
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

  // A name that a cell above makes, and that has not run, says what to do.
  hint(cell, { ename, evalue }) {
    const name = ename === "NameError" && evalue.match(/'(.+?)'/)?.[1];
    const makes = ({ hasRun, editor }) => !hasRun && name && editor.source.split(/[^\p{L}\p{N}_]+/u).includes(name);
    return this.above(cell).some(makes) ? "A cell above makes it: “Run all above” runs them." : "";
  }

  // Run the page's own code in a fresh Python, and say of each cell whether it gave what the page says.
  async recompute(say) {
    const { code, cells } = this;
    cells.forEach((cell) => cell.lock(true));
    this.isCut = false;
    say("Python begins anew");
    await this.kernel.fresh();
    const begun = performance.now(), same = [];
    for (const cell of code) {
      if (this.isCut) break;
      say(`Cell ${code.indexOf(cell) + 1} of ${code.length} …`);
      this.under = cell;
      const { difference: told } = await cell.run(cell.stored);
      if (!told) same.push(cell);
    }
    cells.forEach((cell) => cell.lock(false));
    if (this.isCut) return say(`Stopped: ${same.length} of ${code.length} cells had given what this page says.`);
    return say(`${same.length} of ${code.length} cells gave what this page says, in ${seconds(performance.now() - begun)}.`);
  }

  cut() {
    this.isCut = true;
    this.under?.stop();
  }

  // The chapter as it stands here: the reader's code, and the outputs of the last runs.
  async download() {
    const code = new Map(this.code.map((cell) => [cell.id, cell]));
    const cells = this.stored.cells.map((cell) => (code.has(cell.id) ? written(cell, code.get(cell.id)) : cell));
    const own = this.cells.filter((cell) => !code.has(cell.id) && cell.editor.source.trim());
    cells.unshift(await install());
    cells.push(...own.flatMap(added));
    const blob = new Blob([JSON.stringify({ ...this.stored, cells }, null, 1)], { type: "application/x-ipynb+json" });
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: `${this.page}.ipynb` });
    link.click();
    URL.revokeObjectURL(link.href);
  }
}

function written(stored, cell) {
  if (!cell.outputs && cell.editor.source === cell.stored) return stored;
  const outputs = (cell.outputs ?? []).map(lasting);
  return { ...stored, source: cell.editor.source, outputs };
}

// What a notebook knows of an output: neither the page's form of it nor a widget that is gone.
function lasting({ output_type: type, data, ...rest }) {
  const known = { ...blank(type), ...rest, output_type: type, line: undefined, page: undefined };
  return data ? { ...known, data: { ...data, [VIEW]: undefined } } : known;
}

function blank(type) {
  if (type === "display_data") return { metadata: {} };
  return type === "execute_result" ? { metadata: {}, execution_count: null } : {};
}

// Elsewhere the package may be missing: then it comes from here.
async function install() {
  const stated = await (await fetch(new URL("pieces.json", import.meta.url))).json();
  const source = stated.install.trim().replace("ADDRESS", new URL(stated.wheel, import.meta.url).href);
  return { cell_type: "code", id: "install", metadata: {}, execution_count: null, outputs: [], source };
}

const added = (cell) => [
  { cell_type: "markdown", id: `${cell.id}-name`, metadata: {}, source: `**${cell.name}**` },
  written({ cell_type: "code", id: cell.id, metadata: {}, execution_count: null, outputs: [] }, cell),
];

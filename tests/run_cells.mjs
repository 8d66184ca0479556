// Runs cells as a page does, without a browser: node run_cells.mjs FOLDER, the pieces, those compressed inflated, too.
// A line of input is the list of a notebook's code cells, each { source, outputs }, in JSON. The answer is a line, too:
// of each cell { told, made }, what differs in the page's words, and the outputs of the run.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const folder = pathToFileURL(`${process.argv[2]}/`);
const { difference } = await import(new URL("compare.js", folder));
const { openKernel } = await import(new URL("python.js", folder));
const read = (name) => readFileSync(new URL(name, folder));

let made = null; // the outputs of the cell that runs
const stated = JSON.parse(read("pieces.json"));
const bytes = Object.fromEntries(stated.files.map(({ name }) => [name, read(name)]));
const heard = ({ kind, output }) => kind === "output" && made.push(output);
const { kernel } = await openKernel({ ...stated, bytes }, heard, { indexURL: process.argv[2] });

function run({ source, outputs }, i) {
  made = [];
  kernel.run(i, source, `Cell ${i + 1}`);
  return { told: difference(outputs, made), made };
}

for await (const line of createInterface({ input: process.stdin })) {
  kernel.forget();
  console.log(JSON.stringify(JSON.parse(line).map(run)));
}

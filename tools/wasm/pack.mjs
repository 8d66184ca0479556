// Run pack.py in pyodide's CPython, since the page needs its .pyc: node pack.mjs FOLDER TARGET,
// beside pyodide/ and contents.txt.
import { readFileSync } from "node:fs";
import { loadPyodide } from "./pyodide/pyodide.mjs";

const here = import.meta.dirname;
const lockFileContents = JSON.stringify({ info: { abi_version: "2026_0" }, packages: {} });
const python = await loadPyodide({ lockFileContents, env: { PYTHONHASHSEED: "0" } });
python.mountNodeFS(here, here);
python.runPython(readFileSync(`${here}/pack.py`, "utf-8"));
const [folder, target] = process.argv.slice(2);
python.globals.get("pack")(`${here}/${folder}`, `${here}/contents.txt`, `${here}/${target}`);

// Python as the kernel of a page, made from its pieces; tests make it the same way without a browser.

import { loadPyodide } from "./pyodide.mjs";

const LOCK = { info: { abi_version: "2026_0" }, packages: {} }; // of packages that pyodide would load: none
const ENV = { MPLBACKEND: "module://page_figures", TQDM_DISABLE: "1" };

// Return the module kernel.py, and how many bytes of memory Python takes; post gets what kernel.py sends.
export async function openKernel({ home, unpack, bytes }, post, how) {
  const python = await loadPyodide({ lockFileContents: LOCK, env: { ...ENV, HOME: home }, ...how });
  python.registerJsModule("page", { post: (text) => post(JSON.parse(text)) });
  for (const [name, to] of Object.entries(unpack)) unpacked(python, `/tmp/${name}`, bytes[name], to);
  return { kernel: python.pyimport("kernel"), memory: python._module.HEAPU8.length };
}

function unpacked(python, path, bytes, to) {
  python.FS.writeFile(path, new Uint8Array(bytes));
  python.pyimport("shutil").unpack_archive(path, ...to);
  python.FS.unlink(path);
}

// Python in a worker of its own: it loads, then runs what the page asks for, one thing at a time.

import { openKernel } from "./python.js";
import { inflated, pieces } from "./store.js";

async function open() {
  const got = await pieces((loaded, total) => postMessage({ kind: "progress", loaded, total }));
  const binary = { "pyodide.asm.wasm": "application/wasm", "python_stdlib.zip": "application/zip" };
  // Pyodide asks for its binary pieces by fetch: they are here already.
  globalThis.fetch = async (url) => {
    const name = String(url).split("/").pop();
    if (!(name in binary)) throw new TypeError(`the page loads nothing but its own pieces, got ${url}`);
    return new Response(inflated(got, name), { headers: { "Content-Type": binary[name] } });
  };
  const { default: createPyodideModule } = await import(await script(got, "pyodide.asm.mjs"));
  const indexURL = new URL(".", import.meta.url).href;
  return openKernel(got, (message) => postMessage(message), { indexURL, createPyodideModule });
}

// A module's address has to be one of bytes that are here.
async function script(got, name) {
  const text = await new Response(inflated(got, name)).blob();
  return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
}

const opened = open();
opened.then(
  ({ memory }) => postMessage({ kind: "ready", memory }),
  (error) => postMessage({ kind: "failed", reason: String(error?.message ?? error) }),
);

const asked = {
  run: (kernel, { id, source, name }) => kernel.run(id, source, name),
  state: (kernel, { model, values }) => kernel.receive(model, JSON.stringify(values)),
};

self.onmessage = async ({ data }) => {
  try {
    asked[data.kind]((await opened).kernel, data);
  } catch (error) {
    postMessage({ kind: "failed", reason: String(error?.message ?? error) });
  }
};

// The page's side of the worker: asks for runs, hands on what comes, ends it and begins another.

export class Kernel extends EventTarget {
  #worker = null;
  #runs = new Map(); // id -> { output, resolve } of what is asked for and not done
  #count = 0;
  state = "loading"; // then "ready"

  constructor() {
    super();
    this.open();
  }

  open() {
    this.state = "loading";
    this.#worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }) => this.#heard(data);
    this.#worker.onerror = (event) => this.#failed(event.message ?? "the worker did not start");
  }

  // Resolves with { ms }, or with { stopped } or { failed: reason } where the cell did not end.
  run(source, name, output) {
    const id = ++this.#count;
    this.#worker.postMessage({ kind: "run", id, source, name });
    return new Promise((resolve) => this.#runs.set(id, { output, resolve }));
  }

  // Begin with no names, as a fresh kernel does.
  forget() {
    this.#worker.postMessage({ kind: "forget" });
  }

  tell(model, values) {
    this.#worker.postMessage({ kind: "state", model, values });
  }

  // A loop that never ends hears nothing: only the end of its worker ends it.
  stop(how = { stopped: true }) {
    this.#worker.terminate();
    for (const { resolve } of this.#runs.values()) resolve(how);
    this.#runs.clear();
    this.open();
    this.#say("restart");
  }

  close() {
    this.#worker.terminate();
  }

  get busy() {
    return this.#runs.size > 0;
  }

  #heard(data) {
    if (data.kind === "output") return this.#runs.get(data.id)?.output(data.output);
    if (data.kind === "failed") return this.#failed(data.reason);
    if (data.kind === "done") {
      this.#runs.get(data.id)?.resolve({ ms: data.ms });
      this.#runs.delete(data.id);
    }
    if (data.kind === "ready") this.state = "ready";
    return this.#say(data.kind, data);
  }

  // Python that did not start would not start a second time; one that broke down may.
  #failed(reason) {
    if (this.state === "ready") return this.stop({ failed: reason });
    this.state = "failed";
    for (const { resolve } of this.#runs.values()) resolve({ failed: reason });
    this.#runs.clear();
    return this.#say("failed", { reason });
  }

  #say(kind, detail = {}) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}

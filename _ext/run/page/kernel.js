// The page's side of the worker: asks for one run after the other, hands on what comes, begins anew.

export class Kernel extends EventTarget {
  #worker = null;
  #runs = []; // the first is under way once Python is ready, the others wait
  #count = 0;
  #isUsed = false;
  state = "loading"; // then "ready", or "failed"

  constructor() {
    super();
    this.open();
  }

  open() {
    this.state = "loading";
    this.#isUsed = false;
    this.#worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }) => this.#heard(data);
    this.#worker.onerror = (event) => this.#failed(event.message ?? "the worker did not start");
  }

  // Resolves with { ms }; with { left } where the cell waited and did not begin, with { stopped } or
  // { failed: reason } where it did not end.
  run({ source, name, begun, output }) {
    if (this.state === "failed") return Object.assign(Promise.resolve({ failed: "it did not start" }), { stop() {} });
    const run = { id: ++this.#count, source, name, begun, output };
    const ended = new Promise((resolve) => (run.resolve = resolve));
    this.#runs.push(run);
    if (this.#runs.length === 1) this.#next();
    return Object.assign(ended, { stop: () => this.#stop(run) });
  }

  // Python in which nothing has run.
  async fresh() {
    if (this.#isUsed) this.#restart({ stopped: true });
    const heard = (kind) => new Promise((resolve) => this.addEventListener(kind, resolve, { once: true }));
    if (this.state === "loading") await Promise.race([heard("ready"), heard("failed")]);
  }

  tell(model, values) {
    this.#worker.postMessage({ kind: "state", model, values });
  }

  get busy() {
    return this.#runs.length > 0;
  }

  #next() {
    const [run] = this.#runs;
    if (this.state !== "ready" || !run) return;
    const { id, source, name } = run;
    this.#isUsed = true;
    this.#worker.postMessage({ kind: "run", id, source, name });
    run.begun();
  }

  // A run that waits leaves the queue. A loop that never ends hears nothing: only the end of its worker ends it.
  #stop(run) {
    const place = this.#runs.indexOf(run);
    if (place === 0 && this.state === "ready") return this.#restart({ stopped: true });
    if (place >= 0) this.#runs.splice(place, 1);
    return run.resolve({ left: true });
  }

  #restart(how) {
    this.#worker.terminate();
    const ended = this.#runs.splice(0);
    this.open();
    this.#say("restart");
    ended.forEach(({ resolve }) => resolve(how));
  }

  #heard(data) {
    const [run] = this.#runs;
    if (data.kind === "output") return run?.id === data.id && run.output(data.output);
    if (data.kind === "failed") return this.#failed(data.reason);
    if (data.kind === "ready") this.state = "ready";
    if (data.kind === "done") this.#runs.shift().resolve({ ms: data.ms });
    if (data.kind === "ready" || data.kind === "done") this.#next();
    return this.#say(data.kind, data);
  }

  // Python that did not start would not start a second time; one that broke down may.
  #failed(reason) {
    if (this.state === "ready") return this.#restart({ failed: reason });
    this.state = "failed";
    this.#runs.splice(0).forEach(({ resolve }) => resolve({ failed: reason }));
    return this.#say("failed", { reason });
  }

  #say(kind, detail = {}) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}

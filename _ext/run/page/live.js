// Live figures that a cell shows: anywidget's model, whose other half is the explorer in Python.

class Model extends EventTarget {
  on = this.addEventListener;
  off = this.removeEventListener;
  #changed = {};

  constructor(state, tell) {
    super();
    Object.assign(this, { state, tell });
  }
  get(name) {
    return this.state[name];
  }
  set(name, value) {
    if (Object.is(this.state[name], value)) return;
    this.#changed[name] = value;
    this.receive({ [name]: value });
  }
  save_changes() {
    if (Object.keys(this.#changed).length) this.tell(this.#changed);
    this.#changed = {};
  }
  receive(values) {
    for (const [name, value] of Object.entries(values)) {
      this.state[name] = value;
      this.dispatchEvent(new Event(`change:${name}`));
    }
  }
}

export class Models {
  #models = new Map(); // id -> { model, module }
  #modules = new Map(); // source -> promise of the module
  #styles = new Set();

  constructor(kernel) {
    kernel.addEventListener("model", ({ detail }) => this.add(detail, kernel));
    kernel.addEventListener("state", ({ detail }) => this.#models.get(detail.model)?.model.receive(detail.values));
  }

  add({ model: id, source, style, state }, kernel) {
    this.#dress(style);
    if (!this.#modules.has(source)) {
      const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      this.#modules.set(source, import(address));
    }
    const model = new Model(state, (values) => kernel.tell(id, values));
    this.#models.set(id, { model, module: this.#modules.get(source) });
  }

  #dress(style) {
    if (!style || this.#styles.has(style)) return;
    this.#styles.add(style);
    document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
  }

  // Show a model in an element; return what takes it away again.
  mount(id, el) {
    const { model, module } = this.#models.get(id);
    let cleanup = null, gone = false;
    module.then(async ({ default: { render } }) => {
      if (!gone) cleanup = await render({ model, el });
    });
    return () => {
      gone = true;
      cleanup?.();
    };
  }
}

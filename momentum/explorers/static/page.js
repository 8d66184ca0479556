// On a static page there is no kernel: the model is a plain map with anywidget's five methods.

class PageModel {
  inPage = true;
  #state;
  #listeners = new Map();

  constructor(state) {
    this.#state = new Map(Object.entries(state));
  }
  get(name) {
    return this.#state.get(name);
  }
  set(name, value) {
    if (Object.is(this.#state.get(name), value)) return;
    this.#state.set(name, value);
    this.#listeners.get(`change:${name}`)?.forEach((listener) => listener());
  }
  on(event, listener) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(listener);
  }
  off(event, listener) {
    this.#listeners.get(event)?.delete(listener);
  }
  save_changes() {}
}

customElements.define("momentum-explorer", class extends HTMLElement {
  connectedCallback() {
    // The element is whole when its data is: a parser may connect it earlier.
    const data = this.querySelector(":scope > script");
    if (!data) return requestAnimationFrame(() => this.isConnected && this.connectedCallback());
    this.cleanup ??= render({ model: new PageModel(JSON.parse(data.textContent)), el: this });
  }
  disconnectedCallback() {
    this.cleanup?.();
    this.cleanup = undefined;
  }
});

// The host for a static page: there is no kernel, so the model is a plain map with anywidget's five
// methods.

import { render } from "./explorer.js";

class PageModel extends EventTarget {
  inPage = !document.querySelector(".reveal"); // a deck of slides has an address and keys of its own
  on = this.addEventListener;
  off = this.removeEventListener;

  constructor(state) {
    super();
    this.state = state;
  }
  get(name) {
    return this.state[name];
  }
  set(name, value) {
    if (Object.is(this.state[name], value)) return;
    this.state[name] = value;
    this.dispatchEvent(new Event(`change:${name}`));
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

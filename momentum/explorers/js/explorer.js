// One explorer, alive: its picture, its controls, its text.

import { admitted, askedFor, changed, land, link, linked, shownLink } from "./address.js";
import { Chart } from "./chart.js";
import { element } from "./controls.js";
import { copier } from "./copier.js";
import { Goal } from "./goal.js";
import { PARTS, STEP, controlsOf, figureOf, keeper, room, triesOf } from "./figure.js";
import { Player, whenSeen } from "./player.js";
import { Readout } from "./readout.js";
import { bound } from "./text.js";

export function render({ model, el }) {
  const explorer = new Explorer(model, el);
  return () => explorer.remove();
}

// One for the page: in JupyterLab every explorer loads this module anew.
const taken = (globalThis[Symbol.for("momentum.explorers")] ??= new Set());

// valley-1, valley-2, ...: the first name that no explorer has, whether it is on the page already or not.
function unused(kind) {
  let n = 1;
  while (taken.has(`${kind}-${n}`)) n++;
  taken.add(`${kind}-${n}`);
  return `${kind}-${n}`;
}

class Explorer {
  #frame = 0;
  #timer = 0;
  #note = ""; // what a link asked for in vain
  #touched = false;
  #away = new AbortController();
  #schedule = () => (this.#frame ||= requestAnimationFrame(() => this.redraw()));
  #change = (change) => {
    this.player.pause();
    for (const name in change) this.model.set(name, change[name]);
    [this.#note, this.#touched] = ["", true];
    this.model.save_changes();
  };

  constructor(model, el) {
    Object.assign(this, { model, el, figure: figureOf(model, document.documentElement.lang) });
    this.id = unused(this.figure.kind);
    this.initial = this.began = this.figure.state();
    this.assemble();
    this.player = this.playerOf(this.figure.controls.find(({ name }) => name === STEP));
    this.chart = new Chart(true);
    this.size = { width: 0, height: 0 };
    this.chart.flush = () => {
      cancelAnimationFrame(this.#frame);
      this.redraw();
    };
    this.readout = new Readout(this.chart, this.stage);
    this.listen();
  }

  // Take the place of the picture on the page, once the browser has laid it out: to ask for its size would
  // lay out the whole page in between.
  begin() {
    this.readout.node.before(this.chart.svg);
    this.furnish();
    this.stage.classList.add("is-live");
    if (this.figure.plays) whenSeen(this.stage, () => this.show(), this.#away.signal);
  }

  // What plays the run; while it does, nothing is told, and no kernel and no address hears of it.
  playerOf({ values } = { values: [] }) {
    return new Player(this.stage, values, {
      now: () => this.model.get(STEP),
      go: (step) => {
        this.model.set(STEP, step);
        this.chart.flush();
      },
      show: this.#schedule,
      touch: () => (this.#touched = true),
      rest: () => {
        this.model.save_changes();
        if (!this.#touched) this.began = this.figure.state();
        this.#schedule();
      },
    });
  }

  // The run plays once by itself: up to the step that the figure began with, or to the end.
  show() {
    if (this.#touched || this.figure.state().step !== this.initial.step) return;
    this.model.set(STEP, 0);
    this.player.play(this.initial.step || this.player.last);
  }

  // Take what stood in for the parts on the page, or make them.
  assemble() {
    const { el, figure: { kind, layout } } = this;
    el.dataset.explorer = this.id;
    el.dataset.lmSuppressShortcuts = "true"; // JupyterLab shall leave the keys to the figure
    el.classList.add("momentum-explorer", `kind-${kind}`);
    el.style.cssText = room(layout);
    const body = el.querySelector(":scope > .body") ?? element("div", { class: "body" });
    el.append(body);
    const part = (parent, name, tag = "div") => {
      this[name] = parent.querySelector(`:scope > .${name}`) ?? element(tag, { class: name });
      parent.append(this[name]);
    };
    PARTS.forEach((name) => part(body, name));
    part(this.view, "stage");
    if (this.figure.caption) part(this.view, "caption", "p");
    if (this.figure.goal) part(this.view, "goal");
    if (this.figure.controls.some(({ field }) => field)) part(body, "below");
    this.status = element("p", { class: "hidden", role: "status" });
    body.append(this.status);
  }

  furnish() {
    const { figure, id, model, player } = this, { say } = figure, { signal } = this.#away;
    const tell = (text) => (this.status.textContent = text), toggle = () => this.keep(tell);
    const { nodes, below, show } = controlsOf(figure, id, this.#change, { player, tell, signal });
    this.controls.replaceChildren(...nodes);
    this.below?.replaceChildren(...below);
    this.showControls = show;
    this.tries.replaceChildren(...triesOf(figure, this.initial, this.#change), keeper(say, toggle));
    const address = () => shownLink(id, figure.state()), labels = ["copy", "copied", "see"].map((key) => say(key));
    if (model.inPage) this.tries.append(copier(address, labels, tell, signal));
    if (!figure.goal) return;
    this.aim = new Goal(figure, this.#change);
    this.goal.replaceChildren(...this.aim.nodes);
    this.tries.append(...this.aim.acts);
  }

  keep(tell) {
    this.kept = this.kept ? undefined : this.figure.keep(this.figure.state());
    tell(this.figure.say(this.kept ? "kept" : "released"));
    this.#schedule();
    return this.kept;
  }

  listen() {
    const { el, model, figure: { names } } = this, { signal } = this.#away;
    names.forEach((name) => model.on(`change:${name}`, this.#schedule));
    const hand = ({ target }) => target.closest("input, select, .signs, .handle") && this.player.pause();
    el.addEventListener("pointerdown", hand, { signal });
    this.watcher = new ResizeObserver(([{ contentRect }]) => {
      this.size = contentRect;
      if (this.showControls) this.#schedule();
      else this.#timer = setTimeout(this.chart.flush); // a task of its own: a frame has enough to do
    });
    this.watcher.observe(this.stage);
    if (model.inPage) this.listenToAddress(signal);
    else el.addEventListener("keydown", (event) => event.stopPropagation(), { signal });
  }

  listenToAddress(signal) {
    const { el, id, figure } = this;
    changed.set(id, () => {
      const state = figure.state();
      return figure.names.some((name) => state[name] !== this.began[name]) && state;
    });
    if (this.follow() && askedFor()) land(el, signal);
    addEventListener("hashchange", () => {
      if (!this.follow()) return;
      this.#touched = true;
      land(el, signal);
    }, { signal });
  }

  // Take the state from the page's address; return whether the reader was sent to this figure.
  follow() {
    const { query, first } = linked(this.id), { controls, say } = this.figure;
    const { state, refused } = admitted(query, controls, this.initial);
    for (const name in state) this.model.set(name, state[name]);
    this.#note = refused.length ? say("refused", { refused: refused.join(", ") }) : "";
    this.model.save_changes();
    if (Object.keys(query).length) {
      this.player.pause();
      this.#schedule();
    }
    return first;
  }

  redraw() {
    this.#frame = 0;
    const state = this.figure.state(), { width, height } = this.size;
    if (!width) return;
    if (!this.showControls) this.begin();
    this.chart.resize(width, height);
    const { text: told, facts, captions, last, found } = this.figure.show(this.chart, state, this.#change, this.kept);
    const text = this.#note + told, { playing } = this.player;
    this.player.last = last ?? this.player.last;
    this.showControls(state, playing, facts.calls);
    if (found) this.aim.show(state, found);
    if (captions) {
      this.caption.replaceChildren(element("span", {}, bound(captions[0])));
      this.caption.dataset.longest = bound(captions[1]);
    }
    this.description.textContent = bound(text);
    this.chart.svg.setAttribute("aria-label", text);
    this.readout.update();
    clearTimeout(this.#timer);
    if (this.#touched && !playing) this.#timer = setTimeout(() => this.settle(text), 400);
  }

  // Once the hand rests: a browser refuses a hundred new addresses a second, and an ear as well.
  settle(text) {
    this.status.textContent = text + (this.aim?.said ?? "");
    if (this.model.inPage) history.replaceState(null, "", link(this.id, this.figure.state()));
  }

  remove() {
    this.figure.names.forEach((name) => this.model.off(`change:${name}`, this.#schedule));
    changed.delete(this.id);
    taken.delete(this.id);
    this.watcher.disconnect();
    this.player.stop();
    this.#away.abort();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    [this.chart.svg, this.readout.node, this.status].forEach((node) => node.remove());
    [this.controls, this.description, this.tries, this.goal, this.below].forEach((node) => node?.replaceChildren());
    this.stage.classList.remove("is-live");
    delete this.el.dataset.explorer;
  }
}

// One explorer: its picture, its controls, its text.

const explorers = {}; // kind -> { draw(chart, state, data, act), describe(state, data) }

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// Fixed digits, as momentum/explorers/base.py prints them; infinity and NaN in words.
function fixed(x, digits) {
  if (Number.isNaN(x)) return "undefined";
  if (!Number.isFinite(x)) return x > 0 ? "infinity" : "minus infinity";
  const text = Math.abs(x) < 1e15 ? x.toFixed(digits) : x.toExponential(2);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

// No line ends inside "65 %", "0 < ηL" or "β = 0.9".
const bound = (text) => text.replace(/ ([=<+]) /g, "\u00a0$1\u00a0").replace(/ %/g, "\u00a0%");

// valley-1, valley-2, ...: the first name that no explorer on the page has.
function unused(kind) {
  let n = 1;
  while (document.querySelector(`[data-explorer="${kind}-${n}"]`)) n++;
  return `${kind}-${n}`;
}

const read = (model, names) => Object.fromEntries(names.map((name) => [name, model.get(name)]));

const PARTS = ["stage", "controls", "says", "tries"];

// The parts of an explorer: what stood in for them on the page, or new ones.
function assemble(el, id, kind) {
  el.dataset.explorer = id;
  el.dataset.lmSuppressShortcuts = "true"; // JupyterLab shall leave the keys to the figure
  el.classList.add("momentum-explorer", `kind-${kind}`);
  const body = el.querySelector(":scope > .body") ?? element("div", { class: "body" });
  el.append(body);
  const parts = PARTS.map((name) => body.querySelector(`:scope > .${name}`) ?? element("div", { class: name }));
  body.append(...parts);
  parts.slice(1).forEach((part) => part.replaceChildren());
  const live = element("p", { class: "hidden", role: "status" });
  body.append(live);
  return [...parts, live];
}

function render({ model, el }) {
  const kind = model.get("_kind"), { draw, describe } = explorers[kind];
  const { controls, tries, data } = model.get("_data");
  const names = controls.map((c) => c.name), initial = read(model, names);
  const id = unused(kind), away = new AbortController(), { signal } = away;
  const [stage, panel, says, row, live] = assemble(el, id, kind);
  const chart = new Chart(stage);
  let note = "", frame = 0, timer = 0, touched = false;

  const act = (change) => {
    for (const name in change) model.set(name, change[name]);
    [note, touched] = ["", true];
    model.save_changes();
  };
  const shows = controls.filter((control) => control.pad || !control.hidden).map((control) => {
    const [node, show] = (control.pad ? pad : control.options ? choice : slider)(id, control, model, act);
    panel.append(node);
    return show;
  });
  for (const { text, state } of tries) row.append(button(text, () => act({ ...initial, ...state })));
  row.append(button("Reset", () => act(initial)));
  if (model.inPage) row.append(copier(() => link(id, read(model, names)), live, signal));

  const redraw = () => {
    frame = 0;
    const state = read(model, names), { width, height } = stage.getBoundingClientRect();
    if (!width) return;
    chart.resize(width, height);
    draw(chart, state, data, act);
    shows.forEach((show) => show());
    const text = note + describe(state, data);
    says.textContent = bound(text);
    chart.svg.setAttribute("aria-label", text);
    clearTimeout(timer);
    if (touched) timer = setTimeout(() => settle(text), 400);
  };
  const ask = () => (frame ||= requestAnimationFrame(redraw));
  chart.flush = () => {
    cancelAnimationFrame(frame);
    redraw();
  };
  // Once the hand rests: a browser refuses a hundred new addresses a second, and an ear as well.
  const settle = (text) => {
    live.textContent = text;
    if (model.inPage) history.replaceState(null, "", link(id, read(model, names)));
  };
  const follow = () => {
    const { asked, first } = linked(id), { state, refused } = admitted(asked, controls);
    for (const name in state) model.set(name, state[name]);
    note = refused.length ? `The link asks for ${refused.join(", ")}, which is not possible here. ` : "";
    model.save_changes();
    if (Object.keys(asked).length) ask();
    return first;
  };

  names.forEach((name) => model.on(`change:${name}`, ask));
  const watcher = new ResizeObserver(ask);
  watcher.observe(stage);
  if (model.inPage) {
    changed.set(id, () => {
      const state = read(model, names);
      return names.some((name) => state[name] !== initial[name]) && state;
    });
    if (follow() && asked_for()) land(el, signal);
    addEventListener("hashchange", () => {
      if (!follow()) return;
      touched = true;
      land(el, signal);
    }, { signal });
  } else {
    el.addEventListener("keydown", (event) => event.stopPropagation(), { signal });
  }
  redraw();
  stage.classList.add("is-live");

  return () => {
    names.forEach((name) => model.off(`change:${name}`, ask));
    changed.delete(id);
    watcher.disconnect();
    away.abort();
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    [chart.svg, live].forEach((node) => node.remove());
    [panel, says, row].forEach((node) => node.replaceChildren());
    stage.classList.remove("is-live");
    delete el.dataset.explorer;
  };
}

// The button that writes a link into the address bar and on the clipboard, and says so.
function copier(address, live, signal) {
  let timer = 0;
  const say = (text) => {
    if (signal.aborted) return;
    clearTimeout(timer);
    node.textContent = live.textContent = text;
    timer = setTimeout(() => (node.textContent = "Copy link"), 2500);
  };
  const node = button("Copy link", () => {
    history.replaceState(null, "", address());
    const copied = navigator.clipboard?.writeText(location.href) ?? Promise.reject();
    copied.then(() => say("Link copied"), () => say("See address bar"));
  });
  node.className = "copy";
  signal.addEventListener("abort", () => clearTimeout(timer));
  return node;
}

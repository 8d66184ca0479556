// What every explorer shares: its chart, its controls, its text, its state in the page's address.

const SVG = "http://www.w3.org/2000/svg";
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

// A chart keeps its elements by name and only changes their attributes: no redraw starts afresh.
class Chart {
  constructor(stage) {
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.setAttribute("role", "img");
    this.svg.setAttribute("class", "live");
    this.parts = new Map();
    stage.append(this.svg);
  }

  resize(width, height) {
    [this.width, this.height] = [width, height];
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }

  set(name, tag, attributes, text) {
    let part = this.parts.get(name);
    if (!part) {
      part = document.createElementNS(SVG, tag);
      this.parts.set(name, part);
      this.svg.append(part);
    }
    for (const key in attributes) part.setAttribute(key, attributes[key]);
    if (text !== undefined && part.textContent !== text) part.textContent = text;
    return part;
  }

  drop(prefix) {
    for (const [name, part] of this.parts) {
      if (name.startsWith(prefix)) {
        part.remove();
        this.parts.delete(name);
      }
    }
  }

  // A panel is a rectangle of the chart with scales: p.x(value), p.y(value) are pixels.
  panel(name, { top = 0, bottom = 1, left: from = 0, right: to = 1, x, y, xLabel = "", yLabel = "", xTicks, yTicks }) {
    const left = from * this.width + 46, right = to * this.width - 12;
    const high = top * this.height + 22, low = bottom * this.height - 36;
    const scale = ([a, b], from, to) => (value) => from + ((value - a) / (b - a)) * (to - from);
    const p = { name, left, right, high, low, x: scale(x, left, right), y: scale(y, low, high) };
    p.clampY = (value) => p.y(Math.min(Math.max(value, y[0]), y[1]));
    p.toX = scale([left, right], ...x);
    p.toY = scale([low, high], ...y);
    this.set(`${name} axes`, "path", { d: `M${left} ${high}V${low}H${right}`, class: "axis" });
    this.drop(`${name} tick`);
    (xTicks ?? ticks(x)).forEach((value, i) =>
      this.set(`${name} tick x${i}`, "text",
        { x: p.x(value), y: low + 15, class: "tick", "text-anchor": "middle" }, label(value)));
    (yTicks ?? ticks(y, 4)).forEach((value, i) =>
      this.set(`${name} tick y${i}`, "text",
        { x: left - 5, y: p.y(value) + 4, class: "tick", "text-anchor": "end" }, label(value)));
    this.set(`${name} x label`, "text",
      { x: right, y: low + 31, class: "tick", "text-anchor": "end" }, xLabel);
    this.set(`${name} y label`, "text", { x: left - 42, y: high - 9, class: "tick" }, yLabel);
    return p;
  }

  line(p, name, xs, ys, cls) {
    let d = "", pen = "M";
    for (let i = 0; i < ys.length; i++) {
      if (!Number.isFinite(ys[i])) break; // a run that has left every bound ends here
      d += `${pen}${p.x(xs ? xs[i] : i).toFixed(1)} ${Math.round(p.clampY(ys[i]) * 10) / 10}`;
      pen = "L";
    }
    return this.set(name, "path", { d, class: `line ${cls}` });
  }

  // Dots are one path of zero-length strokes with round ends: a thousand cost what one does.
  dots(p, name, xs, ys, cls) {
    let d = "";
    for (let i = 0; i < ys.length; i++) {
      if (!Number.isFinite(ys[i])) break;
      d += `M${p.x(xs ? xs[i] : i).toFixed(1)} ${p.clampY(ys[i]).toFixed(1)}h0`;
    }
    return this.set(name, "path", { d, class: `dots ${cls}` });
  }

  // A path through x0, y0, x1, y1, ..., a line and its dots. What lies outside the panel is cut off
  // here, which needs no clipping element and so no id; points that the eye cannot tell apart are
  // left out.
  trace(p, color, path) {
    let line = "", dots = "", x0, y0, was = false;
    for (let i = 0; i < path.length; i += 2) {
      const x = Math.round(p.x(path[i]) * 10) / 10, y = Math.round(p.y(path[i + 1]) * 10) / 10;
      const lost = !was && Math.abs(x0) + Math.abs(y0) > 1e7; // far out, and not on its way back
      if (lost || !Number.isFinite(x + y)) break;
      const is = within(p, x, y);
      if (is && was && Math.abs(x - x0) < 0.3 && Math.abs(y - y0) < 0.3) continue;
      if (is && was) line += `L${x} ${y}`;
      else if (i > 0) line += cut(p, x0, y0, x, y);
      else line = `M${x} ${y}`;
      if (is) dots += `M${x} ${y}h0`;
      [x0, y0, was] = [x, y, is];
    }
    this.set(`${p.name} ${color} line`, "path", { d: line, class: `line ${color}` });
    this.set(`${p.name} ${color} dots`, "path", { d: dots, class: `dots ${color}` });
  }

  bars(p, name, values, cls, width = 0.7) {
    const zero = p.clampY(0);
    let d = "";
    for (let i = 0; i < values.length; i++) {
      d += `M${p.x(i - width / 2).toFixed(1)} ${zero.toFixed(1)}V${p.clampY(values[i]).toFixed(1)}` +
        `H${p.x(i + width / 2).toFixed(1)}V${zero.toFixed(1)}Z`;
    }
    return this.set(name, "path", { d, class: `bars ${cls}` });
  }

  text(name, x, y, text, cls = "", anchor = "start") {
    return this.set(name, "text", { x, y, class: cls, "text-anchor": anchor }, text);
  }

  // Labels in their colours, one after another along the top of a panel.
  header(p, labels) {
    let x = p.left + 40;
    for (const [cls, text] of labels) {
      const part = this.text(`${p.name} header ${cls}`, x, p.high - 9, text, `label ${cls}`);
      if (part.measured !== text) [part.measured, part.length] = [text, part.getComputedTextLength()];
      x += part.length + 14;
    }
  }

  // A point to drag with mouse, finger or arrow keys; `move(x, y)` is told where to, in values.
  // With `anywhere` a click on the panel moves it, too.
  handle(p, name, [x, y], { label, says, move, range, anywhere = false, step = [0.1, 0.1] }) {
    const known = this.parts.has(name);
    this.svg.setAttribute("role", "group"); // an image may hold nothing that takes the focus
    const part = this.set(name, "circle", {
      cx: p.x(x), cy: p.clampY(y), r: 11, class: "handle", tabindex: 0, role: "slider",
      "aria-label": label, "aria-valuetext": says, "aria-valuenow": x,
      ...(range && { "aria-valuemin": range[0], "aria-valuemax": range[1] }),
    });
    part.now = { p, x, y, move, step, anywhere };
    if (!known) this.listen(part);
  }

  listen(part) {
    const place = (event) => {
      const box = this.svg.getBoundingClientRect();
      return [(event.clientX - box.left) * (this.width / box.width),
        (event.clientY - box.top) * (this.height / box.height)];
    };
    const follow = ([x, y]) => part.now.move(part.now.p.toX(x), part.now.p.toY(y));
    this.svg.addEventListener("click", (event) => {
      const at = place(event);
      if (part.now.anywhere && event.target !== part && within(part.now.p, ...at)) follow(at);
    });
    part.addEventListener("pointerdown", (event) => {
      part.setPointerCapture(event.pointerId);
      event.preventDefault();
      part.focus();
    });
    part.addEventListener("pointermove", (event) => {
      if (part.hasPointerCapture(event.pointerId)) follow(place(event));
    });
    part.addEventListener("keydown", (event) => {
      const { x, y, step, move } = part.now;
      const up = step[1] ? [0, 1] : [1, 0]; // where there is one direction only, up is right
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: up, ArrowDown: up.map((d) => -d) };
      if (!(event.key in way)) return;
      const [dx, dy] = way[event.key];
      event.preventDefault();
      move(x + dx * step[0], y + dy * step[1]);
      this.flush(); // or the next press within this frame would start from the old place
    });
  }
}

// The nearest of the values low, ..., high that has so many parts to one.
const snap = (value, [low, high], parts = 100) => Math.min(Math.max(Math.round(value * parts) / parts, low), high);

const within = (p, x, y) => x >= p.left && x <= p.right && y >= p.high && y <= p.low;

// The part inside the panel of the straight line between two points (Liang and Barsky, 1984).
function cut(p, x0, y0, x1, y1) {
  const dx = x1 - x0, dy = y1 - y0;
  let from = 0, to = 1;
  for (const [rate, room] of [[-dx, x0 - p.left], [dx, p.right - x0], [-dy, y0 - p.high], [dy, p.low - y0]]) {
    if (rate === 0 && room < 0) return "";
    if (rate < 0) from = Math.max(from, room / rate);
    if (rate > 0) to = Math.min(to, room / rate);
  }
  const clamp = (low, x, high) => Math.min(Math.max(x, low), high).toFixed(1);
  const point = (share) =>
    `${clamp(p.left, x0 + share * dx, p.right)} ${clamp(p.high, y0 + share * dy, p.low)}`;
  return from <= to ? `M${point(from)}L${point(to)}` : "";
}

function ticks([low, high], count = 5) {
  const raw = Math.abs(high - low) / count, ten = 10 ** Math.floor(Math.log10(raw));
  const step = ten * [1, 2, 5, 10].find((m) => m * ten >= raw);
  const first = Math.ceil(Math.min(low, high) / step);
  const last = Math.floor(Math.max(low, high) / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(6)));
}

const label = (value) => String(value).replace("-", "−");

// --- controls: each moves one trait over the values that Python handed over

function nearest(values, value) {
  let best = 0;
  values.forEach((v, i) => {
    if (Math.abs(v - value) < Math.abs(values[best] - value)) best = i;
  });
  return best;
}

function slider(id, { name, label, values, digits, sets }, model, act) {
  const input = element("input", { type: "range", id: `${id}-${name}`, min: 0, max: values.length - 1 });
  const output = element("output", { for: input.id });
  input.addEventListener("input", () => act({ ...sets, [name]: values[input.value] }));
  const show = () => {
    const value = model.get(name), text = fixed(value, digits).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
    input.value = nearest(values, value);
    input.setAttribute("aria-valuetext", text);
    output.textContent = text;
  };
  return [element("div", { class: "control" }, element("label", { for: input.id }, label), input, output), show];
}

function choice(id, { name, label, options, sets }, model, act) {
  const input = element("select", { id: `${id}-${name}` },
    ...options.map((option) => element("option", { value: option }, option)));
  input.addEventListener("change", () => act({ ...sets, [name]: input.value }));
  const show = () => (input.value = model.get(name));
  return [element("div", { class: "control" }, element("label", { for: input.id }, label), input), show];
}

function button(text, onclick) {
  const node = element("button", { type: "button" }, text);
  node.addEventListener("click", onclick);
  return node;
}

// --- the state in the page's address: #valley-1?learning_rate=0.1&beta=0.9

function linked(id) {
  const [target, query] = location.hash.slice(1).replace(/%3F/i, "?").split("?");
  return target === id && query ? Object.fromEntries(new URLSearchParams(query)) : {};
}

function link(id, state) {
  const query = Object.entries(state).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `#${id}?${query.join("&")}`;
}

// What a link asks for, as the controls allow it; the rest is named in `refused`.
function admitted(asked, controls) {
  const state = {}, refused = [];
  for (const [name, text] of Object.entries(asked)) {
    const control = controls.find((c) => c.name === name);
    if (!control) {
      refused.push(`“${name}”`);
      continue;
    }
    const { values, options, label, range } = control;
    if (options) {
      if (options.includes(text)) state[name] = text;
      else refused.push(`${label} “${text}”`);
      continue;
    }
    const [low, high] = range ?? [values[0], values.at(-1)], value = Number(text);
    if (text.trim() !== "" && value >= low && value <= high) state[name] = value;
    else refused.push(`${label} “${text}”`);
  }
  return { state, refused };
}

// --- one explorer

// valley-1, valley-2, ...: the first name that no explorer on the page has.
function unused(kind) {
  let n = 1;
  while (document.querySelector(`[data-explorer="${kind}-${n}"]`)) n++;
  return `${kind}-${n}`;
}

function render({ model, el }) {
  const kind = model.get("_kind"), { draw, describe } = explorers[kind];
  const { controls, tries, data } = model.get("_data");
  const names = controls.map((c) => c.name), initial = read(model, names);
  const id = unused(kind), away = new AbortController();
  el.dataset.explorer = id;
  el.classList.add("momentum-explorer", `kind-${kind}`);
  const [stage, says, panel, row] = ["stage", "says", "controls", "tries"].map((part) => {
    const found = el.querySelector(`:scope > .${part}`) ?? element("div", { class: part });
    el.append(found);
    return found;
  });
  [says, panel, row].forEach((part) => part.replaceChildren()); // what stood in for them
  const live = element("p", { class: "hidden", role: "status" });
  const chart = new Chart(stage);
  let note = "", frame = 0, timer = 0, touched = false;

  const act = (change) => {
    for (const name in change) model.set(name, change[name]);
    [note, touched] = ["", true];
    model.save_changes();
  };
  const shows = [];
  for (const control of controls) {
    if (control.hidden) continue;
    const [node, show] = (control.options ? choice : slider)(id, control, model, act);
    panel.append(node);
    shows.push(show);
  }
  for (const { text, state } of tries) row.append(button(text, () => act({ ...initial, ...state })));
  row.append(button("Reset", () => act(initial)));
  if (model.inPage) row.append(button("Copy link", () => copyLink(id, read(model, names))));

  const redraw = () => {
    frame = 0;
    const state = read(model, names), { width, height } = stage.getBoundingClientRect();
    if (!width) return;
    chart.resize(width, height);
    draw(chart, state, data, act);
    shows.forEach((show) => show());
    const text = note + describe(state, data);
    says.textContent = text;
    chart.svg.setAttribute("aria-label", text);
    clearTimeout(timer);
    timer = setTimeout(() => settle(text), 400);
  };
  const ask = () => (frame ||= requestAnimationFrame(redraw));
  chart.flush = () => {
    cancelAnimationFrame(frame);
    redraw();
  };
  // Once the hand rests: a browser refuses a hundred new addresses a second, and an ear as well.
  const settle = (text) => {
    live.textContent = text;
    if (model.inPage && touched) history.replaceState(null, "", link(id, read(model, names)));
  };
  const follow = () => {
    const asked = linked(id);
    if (!Object.keys(asked).length) return;
    const { state, refused } = admitted(asked, controls);
    for (const name in state) model.set(name, state[name]);
    note = refused.length ? `The link asks for ${refused.join(", ")}, which is not possible here. ` : "";
    model.save_changes();
    el.scrollIntoView({ block: "center" });
    ask();
  };

  el.append(live);
  names.forEach((name) => model.on(`change:${name}`, ask));
  const watcher = new ResizeObserver(ask);
  watcher.observe(stage);
  if (model.inPage) {
    follow();
    addEventListener("hashchange", follow, { signal: away.signal });
  }
  redraw();
  stage.classList.add("is-live");

  return () => {
    names.forEach((name) => model.off(`change:${name}`, ask));
    watcher.disconnect();
    away.abort();
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    [chart.svg, live].forEach((node) => node.remove());
    [says, panel, row].forEach((node) => node.replaceChildren());
    stage.classList.remove("is-live");
    delete el.dataset.explorer;
  };
}

const read = (model, names) => Object.fromEntries(names.map((name) => [name, model.get(name)]));

function copyLink(id, state) {
  history.replaceState(null, "", link(id, state));
  navigator.clipboard?.writeText(location.href).catch(() => {});
}

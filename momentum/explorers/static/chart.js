// The chart of an explorer: panels with scales, lines, bars, words, and handles to drag.

const SVG = "http://www.w3.org/2000/svg";

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
    this.ticks(`${name} tick x`, xTicks ?? ticks(x), (value) => [p.x(value), low + 15], "middle");
    this.ticks(`${name} tick y`, yTicks ?? ticks(y, 4), (value) => [left - 5, p.y(value) + 4], "end");
    this.text(`${name} x label`, right, low + 31, xLabel, "tick", "end");
    this.text(`${name} y label`, left - 42, high - 9, yLabel, "tick");
    p.free = left - 42 + (yLabel && this.measure(`${name} y label`) + 14); // right of the y label
    return p;
  }

  ticks(prefix, values, place, anchor) {
    values.forEach((value, i) => {
      const known = this.parts.has(prefix + i), part = this.text(prefix + i, ...place(value), label(value), "tick", anchor);
      if (!known) this.svg.prepend(part); // a handle stays above it
    });
    for (let i = values.length; this.parts.has(prefix + i); i++) {
      this.parts.get(prefix + i).remove();
      this.parts.delete(prefix + i);
    }
  }

  // The length of a text, in pixels; asked of the browser only when the text is new.
  measure(name) {
    const part = this.parts.get(name), text = part.textContent;
    if (part.measured !== text) [part.measured, part.length] = [text, part.getComputedTextLength()];
    return part.length;
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
  trace(p, name, path, color = name) {
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
    this.set(`${p.name} ${name} line`, "path", { d: line, class: `line ${color}` });
    this.set(`${p.name} ${name} dots`, "path", { d: dots, class: `dots ${color}` });
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

  // A text on a ground of its own, through which no line shines.
  tag(name, x, y, text, cls) {
    this.set(`${name} ground`, "rect", { class: "ground", height: text ? 15 : 0 });
    this.text(name, x, y, text, cls, "middle");
    const half = this.measure(name) / 2 + 2;
    this.set(`${name} ground`, "rect", { x: x - half, y: y - 11.5, width: 2 * half });
  }

  // The legend: labels in their colours along the top of a panel, each beside a sample of its mark.
  header(p, labels) {
    let x = Math.max(p.free, p.left - 26);
    for (const [cls, text, mark = "line"] of labels) {
      const y = p.high - 13, d = { line: `M${x} ${y}h20`, dots: `M${x + 2} ${y}h0m8 0h0m8 0h0`,
        bars: `M${x + 8} ${y - 5}h10v10h-10Z` }[mark];
      this.set(`${p.name} sample ${cls}`, "path", { d, class: `${mark} ${cls}` });
      this.text(`${p.name} header ${cls}`, x + 24, p.high - 9, text, `label ${cls}`);
      x += 24 + this.measure(`${p.name} header ${cls}`) + 12;
    }
  }

  // A point to drag with mouse, finger or keys; `move(x, y, byKey)` is told where to, in values.
  // With `anywhere` a press on the panel moves it, too.
  handle(p, name, [x, y], { label, says, move, range, anywhere = false, step = [0.1, 0.1] }) {
    const known = this.parts.has(name);
    this.svg.setAttribute("role", "group"); // an image may hold nothing that takes the focus
    const part = this.set(name, "circle", {
      cx: p.x(x), cy: p.clampY(y), r: 12, class: "handle", tabindex: 0, role: "slider",
      "aria-label": label, "aria-valuetext": says, "aria-valuenow": x,
      "aria-valuemin": range[0], "aria-valuemax": range[1],
    });
    part.now = { p, x, y, move, range, step, anywhere };
    if (!known) this.listen(part);
  }

  // Where a pointer is, in pixels of the chart.
  place(event) {
    const box = this.svg.getBoundingClientRect();
    return [(event.clientX - box.left) * (this.width / box.width),
      (event.clientY - box.top) * (this.height / box.height)];
  }

  listen(part) {
    let grip = [0, 0]; // from the pointer to the middle of the handle
    const follow = ([x, y]) => {
      const { p, move } = part.now;
      move(p.toX(x + grip[0]), p.toY(y + grip[1]), false);
    };
    const grasp = (event, at) => {
      grip = at ?? ["cx", "cy"].map((c, i) => Number(part.getAttribute(c)) - this.place(event)[i]);
      part.setPointerCapture(event.pointerId);
      event.preventDefault();
      part.focus({ preventScroll: true });
    };
    const beside = (event) => part.now.anywhere && event.target !== part &&
      within(part.now.p, ...this.place(event));
    part.addEventListener("pointerdown", (event) => grasp(event));
    part.addEventListener("pointermove", (event) => {
      if (part.hasPointerCapture(event.pointerId)) follow(this.place(event));
    });
    // Beside the handle a mouse takes hold at once; a finger may want to scroll, so it has to tap.
    this.svg.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch" || !beside(event)) return;
      grasp(event, [0, 0]);
      follow(this.place(event));
    });
    this.svg.addEventListener("click", (event) => {
      if (!beside(event)) return;
      grip = [0, 0];
      follow(this.place(event));
    });
    part.addEventListener("keydown", (event) => this.press(part, event));
  }

  // Arrows make a step, Home and End go to the ends of x, Page makes ten steps: of y where it moves.
  press(part, event) {
    const { x, y, step: [dx, dy], range, move } = part.now;
    const up = (n) => (dy ? [x, y + n * dy] : [x + n * dx, y]); // in one direction, up is right
    const to = {
      ArrowLeft: [x - dx, y], ArrowRight: [x + dx, y], ArrowUp: up(1), ArrowDown: up(-1),
      PageUp: up(10), PageDown: up(-10), Home: [range[0], y], End: [range[1], y],
    }[event.key];
    if (!to || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move(...to, true);
    this.flush(); // or the next press within this frame would start from the old place
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

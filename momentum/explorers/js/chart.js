// The chart of an explorer: panels with scales, lines, dots, bars and words.

import { SIZES, WIDTHS } from "./given.js";
import { scale, ticks, within } from "./scales.js";

const SVG = "http://www.w3.org/2000/svg";
const LAYERS = ["ground", "axes", "marks"]; // one above the other

// A chart keeps its elements by name and only changes their attributes: no redraw starts afresh.
export class Chart {
  constructor(live) {
    this.live = live; // or a picture: then nothing in it takes the focus
    this.parts = new Map();
    this.reads = new Map(); // of each panel: what finds the values nearest to a place
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.setAttribute("role", "img");
    this.svg.setAttribute("class", live ? "momentum-chart live" : "momentum-chart");
    this.layers = Object.fromEntries(LAYERS.map((name) => [name, document.createElementNS(SVG, "g")]));
    this.svg.append(...Object.values(this.layers));
  }

  resize(width, height) {
    [this.width, this.height] = [width, height];
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }

  set(name, tag, attributes, text, layer = "marks") {
    const part = this.parts.get(name) ?? this.add(name, tag, layer), { known } = part;
    for (const key in attributes) {
      const asked = attributes[key], value = typeof asked === "number" ? Math.round(asked * 100) / 100 : asked;
      if (known[key] === value) continue;
      known[key] = value;
      if (value === undefined) part.removeAttribute(key);
      else part.setAttribute(key, value);
    }
    if (text !== undefined && known.text !== text) part.textContent = known.text = text;
    return part;
  }

  add(name, tag, layer) {
    const part = document.createElementNS(SVG, tag);
    part.known = {};
    this.parts.set(name, part);
    this.layers[layer].append(part);
    return part;
  }

  // A panel is a rectangle of the chart with scales: p.x(value), p.y(value) are pixels.
  panel(name, { top = 0, bottom = 1, left: from = 0, right: to = 1, x, y, xLabel = "", yLabel = "", xTicks, yTicks }) {
    const left = from * this.width + 46, right = to * this.width - 12;
    const high = top * this.height + 22, low = bottom * this.height - 36;
    const p = { name, left, right, high, low, x: scale(x, [left, right]), y: scale(y, [low, high]) };
    p.clampY = (value) => p.y(Math.min(Math.max(value, y[0]), y[1]));
    p.toX = scale([left, right], x);
    p.toY = scale([low, high], y);
    this.clip(p);
    this.set(`${name} axes`, "path", { d: `M${left} ${high}V${low}H${right}`, class: "axis" }, undefined, "axes");
    this.ticks(`${name} tick x`, xTicks ?? ticks(x), (value) => [p.x(value), low + 15], "middle");
    this.ticks(`${name} tick y`, yTicks ?? ticks(y, 4), (value) => [left - 5, p.y(value) + 4], "end");
    this.text(`${name} x label`, right, low + 31, xLabel, "tick", "end");
    this.text(`${name} y label`, left - 42, high - 9, yLabel, "tick");
    p.free = left - 42 + (yLabel && measure(yLabel, SIZES.tick) + 14); // right of the y label
    return p;
  }

  // What is drawn in a panel ends at its edges, a little outside: a dot on an edge is whole.
  clip({ name, left, right, high, low }) {
    const [x, y, width, height] = [left - 3, high - 3, right - left + 6, low - high + 6];
    const viewBox = `${x} ${y} ${width} ${height}`;
    this.layers[name] = this.set(`${name} clip`, "svg", { x, y, width, height, viewBox });
  }

  // A tick is a value, or a text and where it stands; the first come first where there is no room.
  ticks(prefix, values, place, anchor) {
    const kept = [];
    for (const tick of values) {
      const [text, value] = Array.isArray(tick) ? tick : [String(tick).replace("-", "−"), tick], [x, y] = place(value);
      if (kept.every((other) => Math.hypot(other[0] - x, other[1] - y) > 12.5)) kept.push([x, y, text]);
    }
    kept.forEach(([x, y, text], i) => this.set(prefix + i, "text", { x, y, class: "tick", "text-anchor": anchor }, text, "axes"));
    for (let i = kept.length; this.parts.has(prefix + i); i++) {
      this.parts.get(prefix + i).remove();
      this.parts.delete(prefix + i);
    }
  }

  // `find(x, y)` gives of the values nearest to a place { x, y, text }.
  read(p, find) {
    this.reads.set(p.name, { p, find });
  }

  // A line; `term` is the word of the text that it lights up with.
  line(p, name, xs, ys, cls, term) {
    return this.joined(p, name, places(p, xs, ys), cls, term);
  }

  dots(p, name, xs, ys, cls, term) {
    return this.dotted(p, name, places(p, xs, ys), cls, term);
  }

  // A line and its dots.
  trace(p, name, xs, ys, color, term) {
    const found = places(p, xs, ys);
    this.joined(p, `${p.name} ${name} line`, found, color, term);
    this.dotted(p, `${p.name} ${name} dots`, found, color, term);
  }

  // The pale copy of a line or of dots that a reader keeps, below all else in its panel.
  kept(p, name, xs, ys, cls, form = "line") {
    const known = this.parts.has(name);
    if (!ys && !known) return;
    const part = this[form](p, name, xs, ys ?? [], `${cls} kept`);
    if (!known) this.layers[p.name].prepend(part);
  }

  joined(p, name, found, cls, term) {
    const d = found.length ? `M${found.join("L")}` : "";
    return this.set(name, "path", { d, class: `line ${cls}`, "data-term": term }, undefined, p.name);
  }

  // Dots are one path of zero-length strokes with round ends: a thousand cost what one does.
  dotted(p, name, found, cls, term) {
    const d = Array.from(new Set(found), (place) => `M${place}h0`).join("");
    return this.set(name, "path", { d, class: `dots ${cls}`, "data-term": term }, undefined, p.name);
  }

  bars(p, name, values, cls, term) {
    const zero = p.clampY(0).toFixed(1);
    const bar = (value, i) => `M${p.x(i - 0.35).toFixed(1)} ${zero}V${p.clampY(value).toFixed(1)}H${p.x(i + 0.35).toFixed(1)}V${zero}Z`;
    return this.set(name, "path", { d: values.map(bar).join(""), class: `bars ${cls}`, "data-term": term });
  }

  // A mark; out of sight where its place is not finite, or beyond the panel.
  mark(p, name, x, y, r, cls) {
    const seen = within(p, x, y);
    return this.set(`${p.name} ${name}`, "circle", { cx: seen ? x : 0, cy: seen ? y : 0, r: seen ? r : 0, class: cls });
  }

  rule(p, name, d, cls = "grid") {
    return this.set(`${p.name} ${name}`, "path", { d, class: cls }, undefined, p.name);
  }

  text(name, x, y, text, cls = "", anchor = "start") {
    return this.set(name, "text", { x, y, class: cls, "text-anchor": anchor }, text);
  }

  // A text on a ground of its own, through which no line shines.
  tag(name, x, y, text) {
    const half = measure(text, SIZES.tick) / 2 + 2;
    this.set(`${name} ground`, "rect", { class: "paper", x: x - half, y: y - 11.5, width: 2 * half, height: text ? 15 : 0 });
    this.text(name, x, y, text, "tick", "middle");
  }

  // The legend: labels in their colours along the top of a panel, each beside a sample of its mark.
  header(p, labels) {
    let x = Math.max(p.free, p.left - 26);
    labels.forEach(([cls, text, mark = "line", term = undefined], i) => {
      const y = p.high - 13;
      const d = { line: `M${x} ${y}h20`, dots: `M${x + 2} ${y}h0m8 0h0m8 0h0`, bars: `M${x + 8} ${y - 5}h10v10h-10Z` }[mark];
      this.set(`${p.name} sample ${i}`, "path", { d, class: `${mark} ${cls}` });
      this.text(`${p.name} header ${i}`, x + 24, p.high - 9, text, `label ${cls}`);
      this.set(`${p.name} header ${i}`, "text", { "data-term": term });
      x += 24 + measure(text) + 12;
    });
  }
}

// Where points are, as far as the eye can tell them apart; a run that has left every bound ends there.
function places(p, xs, ys) {
  const found = [];
  for (let i = 0, far = 0, x0 = NaN, y0 = NaN; i < ys.length && far < 1e5; i++) {
    const x = p.x(xs ? xs[i] : i), y = p.y(ys[i]);
    far = Math.abs(x) + Math.abs(y);
    if (!Number.isFinite(far)) break;
    if (Math.abs(x - x0) + Math.abs(y - y0) < 0.3) continue;
    found.push(`${Math.round(10 * x) / 10} ${Math.round(10 * y) / 10}`);
    [x0, y0] = [x, y];
  }
  return found;
}

// The length of a text in pixels, from a table of a wide font: it fits in any, and a picture that
// is drawn without a browser is the same.
export function measure(text, size = SIZES.text) {
  return [...text].reduce((sum, letter) => sum + (WIDTHS[letter] ?? 0.6), 0) * size;
}

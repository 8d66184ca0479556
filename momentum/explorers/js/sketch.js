// The axes of a figure, empty: the reader draws in them, and the true line comes in beside.

import { button, element } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg", COLUMNS = 100, CLOSE = 10, LEAST = 0.7;

function drawn(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const points = (path) => [...path.matchAll(/[ML]\s*(-?[\d.]+)[\s,]+(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

// The figure and the line that a prompt names, read from the page; null where they are not to be had.
function original({ dataset }) {
  const svg = document.getElementById(dataset.figure)?.querySelector("svg.figure");
  const line = dataset.line && svg?.querySelector(`[id$="-${dataset.line}"] path`), axes = line?.closest('[id*="axes_"]');
  if (!axes) return null;
  const corners = points(axes.querySelector(':scope > [id*="patch_"] path').getAttribute("d"));
  const [xs, ys] = [0, 1].map((i) => corners.map((corner) => corner[i])), x = Math.min(...xs), y = Math.min(...ys);
  return { svg, axes, line, box: { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y } };
}

// Heights of a line over the columns, 0 at the bottom and 1 at the top; null where it is not.
function heights(line, { x, y, width, height }) {
  const path = points(line.getAttribute("d"));
  return Array.from({ length: COLUMNS + 1 }, (_, i) => {
    const at = x + (i * width) / COLUMNS, k = path.findIndex((point, j) => j && point[0] >= at && path[j - 1][0] <= at);
    if (k < 0) return null;
    const [[x0, y0], [x1, y1]] = [path[k - 1], path[k]], share = x1 > x0 ? (at - x0) / (x1 - x0) : 0;
    return Math.min(Math.max((y + height - y0 - share * (y1 - y0)) / height, 0), 1);
  });
}

// The empty axes, and in them a window that shows curves.
function blank({ svg, axes, box: { x, y, width, height } }, label) {
  const copy = svg.cloneNode(false), frame = `M${x} ${y}V${y + height}H${x + width}`;
  copy.setAttribute("aria-label", label);
  for (const axis of axes.querySelectorAll(':scope > [id*="matplotlib.axis_"]')) {
    const part = axis.cloneNode(true);
    [part, ...part.querySelectorAll("[id]")].forEach((node) => node.removeAttribute("id"));
    copy.append(part);
  }
  const inside = drawn("svg", { x, y, width, height, viewBox: `0 0 ${COLUMNS} 1`, preserveAspectRatio: "none" });
  copy.append(drawn("path", { class: "frame", d: frame }), inside);
  return { copy, inside };
}

// A curve as a path: a gap where it has no height.
const pathOf = (curve) => curve.map((h, i) => (h === null ? "" : `${i && curve[i - 1] !== null ? "L" : "M"}${i} ${1 - h}`)).join("");
const lineOf = (curve, name) => drawn("path", { class: name, d: pathOf(curve) });

export function sketch(prompt) {
  const found = original(prompt);
  if (!found) return null;
  const truth = heights(found.line, found.box), { copy, inside } = blank(found, "Empty axes to draw in");
  const pad = drawn("rect", { class: "pad", ...found.box }), own = { begun() {} };
  let curve = [], undone = [];
  const show = () => inside.replaceChildren(lineOf(curve, "guess"));
  const set = (next) => {
    curve = next;
    show();
  };
  const clear = () => set(new Array(COLUMNS + 1).fill(null));
  copy.append(pad);
  clear();
  pen(pad, () => curve, set, () => {
    undone.push([...curve]);
    own.begun();
  });
  const again = button("Undo", () => undone.length && set(undone.pop()));
  const node = element("div", { class: "sketch" }, copy, again);
  return Object.assign(own, {
    node, clear: () => {
      undone = [];
      clear();
    },
    answer: () => measured(curve, truth),
    compared: (record) => compared(found, truth, record),
  });
}

// A finger or a mouse draws one height for each column that it passes.
function pen(pad, now, set, begin) {
  let last = null;
  const place = ({ clientX, clientY }) => {
    const { left, top, width, height } = pad.getBoundingClientRect(), inside = (x) => Math.min(Math.max(x, 0), 1);
    return [Math.round(COLUMNS * inside((clientX - left) / width)), 1 - inside((clientY - top) / height)];
  };
  const stroke = (event) => {
    const [to, h] = place(event), [from, start] = last ?? [to, h], next = [...now()];
    for (let i = from; i !== to; i += Math.sign(to - from)) next[i] = start + ((i - from) / (to - from)) * (h - start);
    next[to] = h;
    last = [to, h];
    set(next);
  };
  pad.addEventListener("pointerdown", (event) => {
    pad.setPointerCapture(event.pointerId);
    begin();
    last = null;
    stroke(event);
  });
  pad.addEventListener("pointermove", (event) => {
    if (last && event.buttons) (event.getCoalescedEvents?.() ?? [event]).forEach(stroke);
  });
  for (const type of ["pointerup", "pointercancel"]) pad.addEventListener(type, () => (last = null));
}

// What was drawn, as an answer: nothing without a stroke, trouble with a short one.
function measured(curve, truth) {
  const both = curve.map((h, i) => (h === null || truth[i] === null ? null : Math.abs(h - truth[i]))).filter((d) => d !== null);
  if (curve.every((h) => h === null)) return null;
  if (both.length < LEAST * truth.filter((h) => h !== null).length) {
    return { trouble: "Draw on, from the left edge to the right one." };
  }
  const mean = Math.round((100 * both.reduce((sum, d) => sum + d, 0)) / both.length);
  const off = `on average ${mean} % of the axis’ height away`;
  return { guess: curve.map((h) => h && Math.round(1000 * h) / 1000), right: mean <= CLOSE, off };
}

// The true line beside the one that was drawn.
function compared(found, truth, { guess }) {
  const hand = Array.isArray(guess), label = hand ? "Your curve, dotted, beside the true one" : "The true curve";
  const { copy, inside } = blank(found, label), line = lineOf(truth, "truth");
  line.style.stroke = getComputedStyle(found.line).stroke;
  inside.append(line, ...(hand ? [lineOf(guess, "guess")] : []));
  return element("div", { class: "sketch" }, copy);
}

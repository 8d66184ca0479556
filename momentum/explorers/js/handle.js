// A point of a chart to drag with mouse, finger or keys.

import { within } from "./scales.js";

// `move(x, y, byKey)` is told where to, in values; `beside(x, y)` of a press on the panel that is not
// on the handle, which it may bring there.
export function handle(chart, p, name, [x, y], { label, value, move, range, beside, step }) {
  const known = chart.parts.has(name);
  const part = chart.set(name, "circle", { cx: p.x(x), cy: p.clampY(y), r: 12, class: "handle" });
  if (!chart.live) return;
  chart.set(name, "circle", {
    tabindex: 0, role: "slider", "aria-label": label, "aria-valuetext": value,
    "aria-valuenow": String(x), "aria-valuemin": String(range[0]), "aria-valuemax": String(range[1]),
  });
  part.now = { p, x, y, move, range, step, beside };
  if (!known) listen(chart, part);
}

// Where a pointer is, in pixels of the chart.
export function place(chart, event) {
  const box = chart.svg.getBoundingClientRect();
  return [(event.clientX - box.left) * (chart.width / box.width),
    (event.clientY - box.top) * (chart.height / box.height)];
}

function listen(chart, part) {
  chart.svg.setAttribute("role", "group"); // an image may hold nothing that takes the focus
  let grip = [0, 0]; // from the pointer to the middle of the handle
  const grasp = (event) => {
    if (event.button || !event.isPrimary) return;
    grip = ["cx", "cy"].map((c, i) => Number(part.getAttribute(c)) - place(chart, event)[i]);
    part.setPointerCapture(event.pointerId);
    event.preventDefault();
    part.focus({ preventScroll: true });
  };
  part.addEventListener("pointerdown", grasp);
  part.addEventListener("pointermove", (event) => {
    const { p, move } = part.now, [x, y] = place(chart, event);
    if (part.hasPointerCapture(event.pointerId)) move(p.toX(x + grip[0]), p.toY(y + grip[1]), false);
  });
  part.addEventListener("keydown", (event) => press(chart, part, event));
  // Beside the handle a mouse takes hold at once; a finger may want to scroll, so it has to tap.
  const bring = (event) => {
    const { p, beside } = part.now, [x, y] = place(chart, event);
    if (!beside || event.target.matches(".handle") || !within(p, x, y)) return false;
    beside(p.toX(x), p.toY(y));
    chart.flush();
    return true;
  };
  chart.svg.addEventListener("pointerdown", (event) => event.pointerType !== "touch" && bring(event) && grasp(event));
  chart.svg.addEventListener("click", (event) => bring(event) && part.focus({ preventScroll: true }));
}

// Arrows make a step, Home and End go to the ends of x, Page makes ten steps: of y where it moves.
function press(chart, part, event) {
  const { x, y, step: [dx, dy], range, move } = part.now;
  const up = (n) => (dy ? [x, y + n * dy] : [x + n * dx, y]); // in one direction, up is right
  const to = {
    ArrowLeft: [x - dx, y], ArrowRight: [x + dx, y], ArrowUp: up(1), ArrowDown: up(-1),
    PageUp: up(10), PageDown: up(-10), Home: [range[0], y], End: [range[1], y],
  }[event.key];
  if (!to || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  move(...to, true);
  chart.flush(); // or the next press within this frame would start from the old place
}

// Where momentum can circle for ever, over learning rate and beta; and a surface on which it does.

import { rules } from "../core.js";
import { handle } from "../handle.js";
import { clamp, snap } from "../scales.js";
import { convergenceRate, optimalParameters, stabilityLimit } from "../theory.js";

export const layout = { shape: [374, 415], lines: [8, 4] };

export const words = {
  cycle: "With {corners} corners it cycles: on this surface, with curvatures from L/κ to L, momentum goes round for ever, and runs nearby are drawn in.{bowls}{at}",
  none: "No cycle of this kind: on no surface with curvatures from L/κ to L does momentum go round a regular polygon of {fewest} to {most} corners.{safe}{bowls}{at}",
  safe: " It converges on all of them, from every start, since β is below {safe:3}.",
  diverges: "Momentum diverges even on the bowl of curvature L: ηL is not below 2(1 + β) = {limit:2}.",
  bowls: " On bowls its rate is {rate:4}; the best pair, ηL = {eta:2} and β = {beta:3}, has {best:4}.",
  at: " At step {step} it is {distance:3} from the minimum.",
  cycles: "cycles", converging: "converges, always", best: "best pair", diverging: "diverges",
  step: "step", y: "y", far: "distance", handle: "ηL and momentum", value: "ηL = {eta_largest:2}, β = {beta:3}",
  read: "ηL = {x:2}, β = {y:3}: {what}", "read cycle": "{corners} corners", "read none": "no cycle",
  "read place": "step {step}: ({x:2}, {y:2})", "read step": "step {step}: {y:3} from the minimum",
};

// The ηL from which and up to which momentum goes round so many corners; no numbers if there are none.
function range(kappa, beta, corners) {
  const c = Math.cos(2 * Math.PI / corners), s = Math.sin(2 * Math.PI / corners), q = 1 / kappa;
  const a = (1 + beta) * (1 - c), half = a * q + (1 - q) * (a - (1 - beta) * (1 + c)) / 2;
  const square = a * a + (1 - beta) * (1 - beta) * s * s, root = Math.sqrt(half * half - q * square);
  return half < 0 ? [NaN, NaN] : [square / (half + root), (half + root) / q];
}

function cornersOf(kappa, x, beta, { fewest, most }) {
  for (let corners = fewest; corners <= most; corners++) {
    const [from, to] = range(kappa, beta, corners);
    if (x >= from && x <= to) return corners;
  }
  return 0;
}

// The beta below which momentum converges on all these surfaces.
function safeBeta(kappa, x) {
  const b = x / kappa / 2;
  return x < 2 ? (b + Math.sqrt(b * b + 4 - 2 * x)) / 2 : 0;
}

export function facts({ condition_number: kappa, eta_largest: x, beta, step }, data) {
  const { rate: best, ...pair } = optimalParameters(1 / kappa, 1), limit = stabilityLimit(beta), safe = safeBeta(kappa, x);
  const diverges = x >= limit, corners = diverges ? 0 : cornersOf(kappa, x, beta, data), t = Math.round(step);
  const count = corners || data.fewest, corner = firstCorner(kappa, x, beta, count), ring = ringOf(count);
  const run = diverges ? NONE : runOf(ring, turned(ring, corner), 1 / kappa, x, beta, data.shown);
  return {
    corners, limit, diverges, safe, isSafe: beta < safe, best, eta: pair.learning_rate, beta: pair.beta,
    rate: Math.max(convergenceRate(x / kappa, beta), convergenceRate(x, beta)),
    ...run, corner, count, step: t, at: run.distances[t] ?? NaN,
  };
}

const NONE = { x: [], y: [], distances: [] };

const ringOf = (count) =>
  Array.from({ length: count }, (_, t) => 2 * Math.PI * t / count).map((angle) => [Math.cos(angle), Math.sin(angle)]);

// The corner p(0) of the polygon; the others are that one, turned like the corners of the ring.
function firstCorner(kappa, x, beta, count) {
  const [, [c, s]] = ringOf(count), q = 1 / kappa, wide = x * (1 - q);
  return [((1 + beta) * (1 - c) - x * q) / wide, -(1 - beta) * s / wide];
}

const turned = (ring, [p, q]) => ring.map(([a, b]) => [p * a - q * b, p * b + q * a]);

// The place nearest to (x, y) in a convex polygon, its corners counterclockwise.
function nearest(polygon, [x, y]) {
  let inside = true, least = Infinity, [place] = polygon;
  polygon.forEach(([a, b], i) => {
    const [c, d] = polygon[(i + 1) % polygon.length], wide = c - a, high = d - b;
    inside &&= wide * (y - b) >= high * (x - a);
    const share = clamp(((x - a) * wide + (y - b) * high) / (wide * wide + high * high), [0, 1]);
    const foot = [a + share * wide, b + share * high], far = (x - foot[0]) ** 2 + (y - foot[1]) ** 2;
    if (far < least) [least, place] = [far, foot];
  });
  return inside ? [x, y] : place;
}

// The run that comes from the last corner and stands on the first; the gradient is q w + (1 - q) p.
function runOf(ring, polygon, q, eta, beta, steps) {
  const w = [...ring[0]], v = ring.at(-1).map((one, i) => (one - w[i]) / eta);
  const rule = rules.Momentum({ learning_rate: eta, beta }), x = [w[0]], y = [w[1]];
  for (let t = 0; t < steps; t++) {
    nearest(polygon, w).map((p, i) => q * w[i] + (1 - q) * p).forEach((g, i) => rule(w, v, g, i));
    x.push(w[0]);
    y.push(w[1]);
  }
  return { x, y, distances: x.map((one, t) => Math.hypot(one, y[t])) };
}

export function describe({ data, facts, say }) {
  const { diverges, corners, isSafe, step, at: distance } = facts;
  if (diverges) return say("diverges", facts);
  const at = say("at", { step, distance }), bowls = say("bowls", facts), safe = isSafe ? say("safe", facts) : "";
  return say(corners ? "cycle" : "none", { ...data, ...facts, safe, bowls, at });
}

const SPLIT = 0.54, ROWS = 100;

export function draw(chart, { state, data, facts, say, label, ends, change, kept }) {
  const p = chart.panel("map", { bottom: SPLIT, x: [0, ends("eta_largest")[1]], y: [0, 1], xLabel: label("eta_largest"), yLabel: label("beta") });
  const size = `${state.condition_number} ${chart.width} ${chart.height}`;
  if (chart.mapped !== size) drawMap(chart, p, state.condition_number, data, say); // not in every redraw
  chart.mapped = size;
  chart.mark(p, "best", p.x(facts.eta), p.y(facts.beta), 4, "begin");
  chart.text("best", p.x(facts.eta) + 4, p.y(facts.beta) + (facts.beta < 0.25 ? -10 : 24), say("best"), "tick over", "middle");
  chart.read(p, (x, y) => {
    const corners = cornersOf(state.condition_number, x, Math.min(y, 0.9999), data);
    return { x, y, text: say("read", { x, y, what: say(corners ? "read cycle" : "read none", { corners }) }) };
  });
  drawRun(chart, facts, data.shown, say, kept?.facts);
  drawHandle(chart, p, state, say, change, ends);
}

const NAMES = { cycles: [2.2, 0.88], converging: [0.15, 0.3], diverging: [3, 0.1] }; // where they stand

function drawMap(chart, p, kappa, { fewest, most }, say) {
  const betas = Array.from({ length: ROWS + 1 }, (_, i) => Math.min(i / ROWS, 0.9999)), outlines = [];
  const point = (x, beta) => `${p.x(x).toFixed(1)} ${p.y(beta).toFixed(1)}`;
  for (let corners = fewest; corners <= most; corners++) {
    const all = betas.map((beta) => [beta, ...range(kappa, beta, corners)]);
    const rows = all.filter(([beta, from]) => from < stabilityLimit(beta));
    const right = rows.map(([beta, , to]) => point(Math.min(to, stabilityLimit(beta)), beta)).reverse();
    if (rows.length > 1) outlines.push(`M${[...rows.map(([beta, from]) => point(from, beta)), ...right].join("L")}Z`);
  }
  chart.rule(p, "region", outlines.join(""), "tinted orange");
  const xs = Array.from({ length: 41 }, (_, i) => 2 - 2 * (1 - i / 40) ** 2);
  chart.line(p, "theorem", [...xs, 2], [...xs.map((x) => Math.min(safeBeta(kappa, x), 1)), 0], "ink");
  for (const name in NAMES) chart.text(name, p.x(NAMES[name][0]), p.y(NAMES[name][1]), say(name));
  chart.rule(p, "limit", `M${point(stabilityLimit(0), 0)}L${point(stabilityLimit(1), 1)}`, "line dashed");
}

const HALF = 1.5;

// Cosines may differ in the last bit from one machine to another; a place on the edge of a pixel may not.
const steady = (values) => values.map((one) => Math.round(1e9 * one) / 1e9);

function drawRun(chart, facts, steps, say, kept) {
  const { x, y, distances, step } = facts, ring = ringOf(distances.length && facts.count);
  const square = (chart.width * 0.5 - 58) / ((1 - SPLIT) * chart.height - 58);
  const wide = [-HALF * square, HALF * square];
  const p = chart.panel("plane", { top: SPLIT, right: 0.5, x: wide, y: [-HALF, HALF], xLabel: "x", yLabel: say("y") });
  const polygon = turned(ring, facts.corner.map((one) => clamp(one, [-99, 99])));
  const places = polygon.map(([a, b]) => `${p.x(a).toFixed(1)} ${p.y(b).toFixed(1)}`);
  chart.rule(p, "polygon", places.length ? `M${places.join("L")}Z` : "", "tinted");
  chart.rule(p, "cross", `M${p.left} ${p.y(0)}H${p.right}M${p.x(0)} ${p.high}V${p.low}`);
  chart.kept(p, "kept plane", kept && steady(kept.x.slice(0, kept.step + 1)), kept && steady(kept.y.slice(0, kept.step + 1)), "orange");
  chart.dots(p, "ring", steady(ring.map(([a]) => a)), steady(ring.map(([, b]) => b)), "muted");
  chart.trace(p, "run", steady(x.slice(0, step + 1)), steady(y.slice(0, step + 1)), "orange", "momentum");
  chart.mark(p, "now", p.x(x[step]), p.y(y[step]), 5, "ring ink");
  const d = chart.panel("distance", { top: SPLIT, left: 0.5, x: [0, steps], y: [0, HALF], xLabel: say("step"), yLabel: say("far") });
  chart.kept(d, "kept distance", null, kept && steady(kept.distances), "orange");
  chart.line(d, "distances", null, steady(distances), "orange", "momentum");
  chart.mark(d, "now", d.x(step), d.y(distances[step]), 5, "ring ink");
  chart.read(p, (at, up) => {
    const away = x.map((one, t) => Math.hypot(one - at, y[t] - up)), t = away.indexOf(Math.min(...away));
    return t < 0 ? undefined : { x: x[t], y: y[t], text: say("read place", { step: t, x: x[t], y: y[t] }) };
  });
  chart.read(d, (at) => {
    const t = Math.round(clamp(at, [0, steps]));
    return t in distances && { x: t, y: distances[t], text: say("read step", { step: t, y: distances[t] }) };
  });
}

function drawHandle(chart, p, state, say, change, ends) {
  const { eta_largest, beta } = state, rates = ends("eta_largest"), betas = ends("beta");
  const move = (to, up) => change({ eta_largest: snap(to, rates), beta: snap(up, betas, up < 0.9 ? 100 : 1000) });
  const x = Math.min(eta_largest, rates[1]);
  handle(chart, p, "pair", [x, beta], {
    label: say("handle"), value: say("value", state), step: [0.05, 0.02], range: rates, move, beside: move,
  });
  chart.mark(p, "spot", p.x(x), p.y(beta), 3.5, "bars spot orange");
}

// One curvature: the regimes over learning rate and beta, and the run at the marked pair.

import { descend, rules, settlingTime, surfaces, velocities } from "../core.js";
import { SETTLED } from "../given.js";
import { handle } from "../handle.js";
import { clamp, snap } from "../scales.js";
import { grouped } from "../text.js";
import { convergenceRate, oscillationPeriod, regime, stabilityLimit } from "../theory.js";

export const layout = { shape: [374, 415], lines: [6, 3] };

export const words = {
  "momentum limit": "the stability limit 2(1 + β) = {limit:3}",
  "Nesterov limit": "the stability limit 2(1 + β)/(1 + 2β) = {limit:3}",
  limit: "{name} is at {bound}: it neither settles nor diverges, it jumps from side to side for ever.",
  diverging: "{name} diverges, by a factor of {rate:4} a step: ηλ is beyond {bound}.",
  "raw converges": " Momentum in its raw form would converge.",
  finite: "{name} has the rate 0: both roots are 0, and it settles in {steps}.",
  critical: "is critically damped: its two roots have met, at {rate:4}.",
  "critical jump": "is where oscillating meets jumping: its two roots have met, at −{rate:4}.",
  oscillating: "oscillates with period {period:1} steps; its rate is {rate:4}.",
  jumping: "jumps from side to side; its rate is {rate:4}.", monotone: "is monotone; its rate is {rate:4}.",
  converging: "{name} {how} The rate predicts {predicted:1} steps to {percent} %; the run {takes}{double}.{beyond}",
  double: ", for at a double root the error shrinks like t times the t-th power of the rate",
  "gd diverges": " Gradient descent, whose limit is 2, would diverge.", momentum: "Momentum", Nesterov: "Nesterov’s form",
  "no memory": "Gradient descent (β = 0)", "1 step": "1 step", "2 steps": "2 steps", takes: "takes {time}",
  still: "has not settled in {steps}", contours: "convergence rate",
  "map monotone": "monotone", "map oscillating": "oscillating", "map jumping": "jumping", "map diverging": "diverging",
  step: "step", v: "velocity v", handle: "learning rate × curvature and momentum", value: "ηλ = {eta_lambda:2}, β = {beta:3}",
  beyond: "{eta_lambda:2} →", at: " At step {step} w is {at:3} and the velocity {v:3}.",
  read: "ηλ = {x:2}, β = {y:2}: rate {rate:3}", "read step": "step {step}: w = {w:3}, v = {v:3}",
};

// Where a name starts; with a third number, where its leader ends.
const NAMES = {
  momentum: { monotone: [0.62, 0.13, 0.2], oscillating: [0.95, 0.36], jumping: [2.55, 0.06, 1.75], diverging: [3.2, 0.36] },
  Nesterov: { monotone: [0.08, 0.07], oscillating: [0.42, 0.3], jumping: [1.08, 0.13], diverging: [1.62, 0.82] },
};

export function facts({ method, eta_lambda, beta, step }, { steps, shown, nesterov: name }) {
  const nesterov = method === name, rate = convergenceRate(eta_lambda, beta, nesterov);
  const { path, gradients } = runOf(nesterov ? "Nesterov" : "Momentum", { learning_rate: eta_lambda, beta }, steps);
  const all = [0, ...velocities(gradients.subarray(0, shown), beta)], t = Math.round(step);
  return {
    step: t, at: path[t], velocity: all[t], nesterov, rate, regime: regime(eta_lambda, beta, nesterov),
    limit: stabilityLimit(beta, nesterov), period: oscillationPeriod(eta_lambda, beta, nesterov), time: settlingTime(path),
    predicted: rate < 1 ? Math.log(SETTLED) / Math.log(rate) : Infinity,
    gdDiverges: regime(eta_lambda, 0) === "diverging", rawConverges: regime(eta_lambda, beta) !== "diverging" && regime(eta_lambda, beta) !== "limit",
    path: path.subarray(0, shown + 1), velocities: all,
  };
}

let latest = {}; // the run before: a play changes the step alone

function runOf(rule, settings, steps) {
  const key = JSON.stringify([rule, settings]), make = () => rules[rule](settings);
  if (latest.key !== key) latest = { key, ...descend(surfaces.quadratic({ curvatures: [1] }), [1], make(), steps) };
  return latest;
}

export const describe = (shown) =>
  regimeOf(shown) + shown.say("at", { step: shown.facts.step, at: shown.facts.at, v: shown.facts.velocity });

function regimeOf({ state: { method, beta }, data: { steps }, facts, say }) {
  const { regime: which, time, nesterov } = facts, name = say(beta === 0 ? "no memory" : method);
  const slots = { ...facts, percent: 100 * SETTLED, name, bound: say(nesterov ? "Nesterov limit" : "momentum limit", facts) };
  if (which === "limit") return say("limit", slots);
  if (which === "diverging") return say("diverging", slots) + (facts.rawConverges ? say("raw converges") : "");
  if (which === "finite") return say("finite", { name, steps: say(time === 1 ? "1 step" : "2 steps") });
  return say("converging", {
    ...slots, how: say(which, facts),
    takes: Number.isFinite(time) ? say("takes", facts) : say("still", { steps: grouped(steps) }),
    double: which.startsWith("critical") ? say("double") : "",
    beyond: facts.gdDiverges ? say("gd diverges") : "",
  });
}

export function draw(chart, { state, data, facts, say, label, ends, change, kept }) {
  const map = data.maps[state.method], split = 0.6, color = facts.nesterov ? "green" : "orange";
  const p = chart.panel("map", {
    bottom: split, x: [0, map.edge], y: [0, 1], xLabel: label("eta_lambda"), yLabel: label("beta"),
  });
  const size = `${state.method} ${chart.width} ${chart.height}`;
  if (chart.mapped !== size) drawMap(chart, p, map, Object.entries(NAMES[state.method]), say); // not in every redraw
  chart.mapped = size;
  drawRun(chart, split, facts, state, color, say, kept?.facts);
  readMap(chart, p, facts.nesterov, say);
  drawHandle(chart, p, map.edge, { state, color, say, change, ends });
}

function drawMap(chart, p, { diverging, edges, contours, labels }, names, say) {
  chart.header(p, [["muted thin", say("contours")]]);
  const outline = ([xs, ys]) => `M${xs.map((x, i) => `${p.x(x).toFixed(1)} ${p.y(ys[i]).toFixed(1)}`).join("L")}`;
  chart.set("diverging", "path", { d: outline(diverging), class: "tinted" }, undefined, "ground");
  chart.set("contours", "path", { d: contours.map(outline).join(""), class: "line muted thin" });
  chart.set("edges", "path", { d: edges.map(outline).join(""), class: "line dashed" });
  const dotted = names.map(([, place]) => place).filter(([, , dot]) => dot);
  chart.rule(p, "leaders", dotted.map(([x, y, dot]) => `M${p.x(dot)} ${p.y(y)}H${p.x(x - 0.05)}`).join(""), "axis");
  chart.dots(p, "leader ends", dotted.map(([, , dot]) => dot), dotted.map(([, y]) => y), "muted");
  for (let i = 0; i < 5; i++) {
    const [text, x, y] = labels[i] ?? ["", 0, 0];
    chart.tag(`contour ${i}`, p.x(x), p.y(y) + 4, text);
  }
  names.forEach(([name, [x, y]], i) =>
    chart.text(`name ${i}`, p.x(x), p.y(y) + 4, say(`map ${name}`), name === "diverging" ? "" : "over"));
}

const HIGH = 1.6; // the run is shown with w from -HIGH to HIGH

function readMap(chart, p, nesterov, say) {
  chart.read(p, (x, y) => {
    const rate = convergenceRate(x, Math.min(y, 0.9999), nesterov);
    return { x, y, text: say("read", { x, y, rate }) };
  });
}

function drawRun(chart, top, { path, velocities: v, step }, { eta_lambda }, color, say, kept) {
  const high = [1.6, 2, 4, 8, 12].find((h) => 1.2 / Math.sqrt(eta_lambda) <= h) ?? 16; // velocities grow so
  const w = [-HIGH, HIGH], xLabel = say("step");
  const run = chart.panel("run", { top, right: 0.58, x: [0, path.length - 1], y: w, xLabel, yLabel: "w" });
  chart.rule(run, "cross", `M${run.left} ${run.y(0)}H${run.right}`);
  const term = color === "green" ? "nesterov" : "momentum", read = (t, x, y) =>
    ({ x, y, text: say("read step", { step: t, w: path[t], v: v[t] }) });
  chart.kept(run, "kept", null, kept?.path, color);
  chart.trace(run, "run", null, path, color, term);
  chart.mark(run, "now", run.x(step), run.y(path[step]), 5, "ring ink");
  chart.read(run, (x) => {
    const t = Math.round(clamp(x, [0, path.length - 1]));
    return read(t, t, path[t]);
  });
  const p = chart.panel("plane", { top, left: 0.58, x: w, y: [-high, high], xLabel: "w", yLabel: say("v") });
  chart.rule(p, "cross", `M${p.left} ${p.y(0)}H${p.right}M${p.x(0)} ${p.high}V${p.low}`);
  chart.kept(p, "kept plane", kept?.path, kept?.velocities, color);
  chart.trace(p, "plane", path, v, color, term);
  chart.mark(p, "begin", p.x(1), p.y(0), 4, "begin");
  chart.mark(p, "now", p.x(path[step]), p.y(v[step]), 5, "ring ink");
  chart.read(p, (x, y) => {
    const far = v.map((up, t) => Math.hypot(p.x(path[t]) - p.x(x), p.y(up) - p.y(y))), t = far.indexOf(Math.min(...far));
    return t < 0 ? undefined : read(t, path[t], v[t]);
  });
}

function drawHandle(chart, p, edge, { state, color, say, change, ends }) {
  const { eta_lambda, beta } = state, x = Math.min(eta_lambda, edge), rates = ends("eta_lambda"), betas = ends("beta");
  const move = (to, up) => change({ eta_lambda: snap(to, rates), beta: snap(up, betas, up < 0.9 ? 100 : 1000) });
  handle(chart, p, "pair", [x, beta], {
    label: say("handle"), value: say("value", state), step: [0.05, 0.02], range: rates, move, beside: move,
  });
  chart.mark(p, "spot", p.x(x), p.y(beta), 3.5, `bars spot ${color}`);
  chart.text("beyond", p.right - 2, p.y(beta) - 18, eta_lambda > x ? say("beyond", state) : "", "label", "end");
}

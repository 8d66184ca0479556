// Gradient descent beside another rule on a map, and the arithmetic of the step the scrubber stands on.

import { arrows } from "../arrows.js";
import { descend, diverged, largest, rules, surfaces } from "../core.js";
import { FAR } from "../given.js";
import { handle } from "../handle.js";
import { clamp, snap } from "../scales.js";
import { sharesOf, takenApart } from "../steps.js";

export const layout = { shape: [374, 370], lines: [13, 6] };

export const words = {
  text: "{moved}After {steps} steps: gradient descent {gd}, {rule} {run}. {arithmetic}. The cost is {cost} here, {gdCost} for gradient descent.",
  moved: "Start moved into the view: ({x:2}, {y:2}). ", ends: "{distance:3} from minimum ({x:2}, {y:2})",
  far: "At step {step} {rule} is out of reach, its numbers have passed a million",
  Momentum: "At step {step} {rule} stands at w = {at}: βv = {kept}, g = {g}, v = βv + g = {v}, ηv = {move}, so it goes to w − ηv = {to}. Share of the newest gradient: {share:1} %",
  Nesterov: "At step {step} {rule} stands at w = {at}: βv = {kept}, g = {g}, the new v = βv + g = {v}, and with it η(g + βv) = {move}, so it goes to {to}. Share of the newest gradient: {share:1} %",
  AdaGrad: "At step {step} {rule}, which has no β, stands at w = {at}: g = {g}, s = s + g², √s = {root}, ηg/(√s + ε) = {move}, so it goes to {to}. Share of the newest g² in s: {share:1} %",
  RMSProp: "At step {step} {rule} stands at w = {at}: g = {g}, s = βs + (1 − β)g², √s = {root}, ηg/(√s + ε) = {move}, so it goes to {to}. Share of the newest g² in s: {share:1} %",
  Adam: "At step {step} {rule} stands at w = {at}: g = {g}, m = βm + (1 − β)g = {v}, debiased {mean}; √s, debiased, {root}; η times their ratio {move}, so it goes to {to}. Share of the newest gradient in m: {share:1} %",
  newest: "age, {most} newest of {count}", diverges: "diverges", height: "{cost:3}", beyond: "out of reach", pair: "({x:3}, {y:3})",
  gd: "gradient descent", handle: "start", value: "x = {x:2}, y = {y:2}", age: "age in steps",
  "share of gradients": "share of each past g", "share of squares": "share of each past g²",
  read: "step {step}: ({x:2}, {y:2})", "read cost": "step {step}: cost {run:3}, gradient descent {gd:3}",
  "read share": "age {age}: {share:1} %",
  cost: "cost", step: "step", longer: "arrows × {factor}",
  "past Momentum": "−ηβv", "newest Momentum": "−ηg", "past Nesterov": "−ηβ²v", "newest Nesterov": "−η(1 + β)g",
  "past Adam": "old m", "newest Adam": "g", root: "−ηg/√s", sum: "step",
};

const SQUARES = ["AdaGrad", "RMSProp"], SHOWN = [50, 100, 200], LEAST = -3; // of the cost's logarithm

export function facts({ surface, rule, start_x, start_y, learning_rate, beta, step }, { steps, bars, ...known }) {
  const { view, minima, made: [form, settings] } = known.surfaces[surface], made = surfaces[form](settings);
  const start = [start_x, start_y].map((x, i) => clamp(x, view[i])), { kind, memory, more } = known.rules[rule];
  const t = Math.round(step); // a link may ask for half a step
  const own = { learning_rate, [memory]: beta, ...more }, shown = SHOWN.find((count) => t <= count);
  const [gd, run] = [["GradientDescent", { learning_rate }], [kind, own]].map(([name, given]) => {
    const one = descend(made, start, rules[name](given), steps), { path } = one;
    const costs = Array.from({ length: shown + 1 }, (_, k) => made.f(path[2 * k], path[2 * k + 1]));
    return { ...one, costs, diverged: diverged(one), nearest: nearest([path.at(-2), path.at(-1)], minima) };
  });
  const shares = sharesOf(kind, beta, t + 1), parts = takenApart(run, t, kind, own, rules[kind](own));
  return {
    start, moved: start[0] !== start_x || start[1] !== start_y, gd, run, step: t, kind, ...parts,
    far: !(largest(parts.to, parts.g, parts.v ?? parts.g) <= FAR), share: 100 * shares[0], shares: shares.slice(0, bars),
  };
}

function nearest(end, minima) {
  const distances = minima.map(([x, y]) => Math.sqrt((end[0] - x) * (end[0] - x) + (end[1] - y) * (end[1] - y)));
  const distance = Math.min(...distances);
  return { distance, minimum: minima[Math.max(0, distances.indexOf(distance))] }; // NaN is nowhere
}

export function describe({ state, data: { steps }, facts, say }) {
  const pair = ([x, y], form = "pair") => say(form, { x, y }), { gd, run, step, kind } = facts, rule = say.label(state.rule);
  const end = ({ diverged: lost, nearest: { distance, minimum: [x, y] } }) => (lost ? say("diverges") : say("ends", { distance, x, y }));
  const cost = ({ costs }) => (Number.isFinite(costs[step]) ? say("height", { cost: costs[step] }) : say("beyond"));
  const names = ["at", "to", "kept", "g", "v", "mean", "root", "move"].filter((name) => name in facts);
  const pairs = Object.fromEntries(names.map((name) => [name, pair(facts[name])]));
  return say("text", {
    moved: facts.moved ? pair(facts.start, "moved") : "", steps, gd: end(gd), rule, run: end(run),
    arithmetic: say(facts.far ? "far" : kind, { ...facts, ...pairs, rule }), cost: cost(run), gdCost: cost(gd),
  });
}

const TERMS = { Momentum: "momentum", Nesterov: "nesterov" };

export function draw(chart, { state, data, facts, say, change, kept }) {
  const { view, minima, contours, logarithmic } = data.surfaces[state.surface], { color } = data.rules[state.rule];
  const top = 1 - Math.max(120, 0.3 * chart.height) / chart.height, runs = [["blue", facts.gd], [color, facts.run]];
  const terms = ["gradient-descent", TERMS[facts.kind]];
  const p = chart.panel("map", { bottom: top, x: view[0], y: view[1], xLabel: "x", yLabel: "y" });
  chart.header(p, [["blue", say("gd"), "line", terms[0]], [color, say.label(state.rule), "line", terms[1]]]);
  chart.set("contours", "path", {
    d: contours, class: "contours", "vector-effect": "non-scaling-stroke",
    transform: `translate(${p.left} ${p.high}) scale(${(p.right - p.left) / data.grid} ${(p.low - p.high) / data.grid})`,
  });
  const before = kept?.state.surface === state.surface ? kept : undefined, [xs, ys] = before ? columns(before.facts.run) : [];
  chart.kept(p, "kept", xs, ys, before ? data.rules[before.state.rule].color : color);
  runs.forEach(([cls, run], i) => chart.trace(p, ["gd", "rule"][i], ...columns(run), cls, terms[i]));
  chart.read(p, (x, y) => nearestStep(p, runs, x, y, say));
  chart.rule(p, "minima", minima.map(([x, y]) => `M${p.x(x) - 5} ${p.y(y)}h10m-5 -5v10`).join(""), "axis");
  drawStep(chart, p, facts, color, say);
  drawShares(chart, top, data.bars, facts, color, say);
  drawCosts(chart, top, runs, facts.step, logarithmic, say);
  const [x, y] = facts.start, place = (to, up) => change({ start_x: snap(to, view[0]), start_y: snap(up, view[1]) });
  handle(chart, p, "start", facts.start, {
    label: say("handle"), value: say("value", { x, y }), step: view.map(([low, high]) => (high - low) / 50), range: view[0],
    move: place, beside: place,
  });
}

function columns({ path }) {
  const count = path.length / 2, xs = new Float64Array(count), ys = new Float64Array(count);
  for (let t = 0; t < count; t++) [xs[t], ys[t]] = [path[2 * t], path[2 * t + 1]];
  return [xs, ys];
}

// Of both runs the step that is nearest to a place in the picture.
function nearestStep(p, runs, x, y, say) {
  let best, least = Infinity;
  for (const [, { path }] of runs) {
    for (let k = 0; k < path.length; k += 2) {
      const far = Math.hypot(p.x(path[k]) - p.x(x), p.y(path[k + 1]) - p.y(y));
      if (far < least) [least, best] = [far, { step: k / 2, x: path[k], y: path[k + 1] }];
    }
  }
  return best && { ...best, text: say("read", best) };
}

// Where both stand at a step, gradient descent's mark hollow; where the step leads the rule, and of what
// it is made.
function drawStep(chart, p, { start, gd, step, kind, at, to, past, newest, move }, color, say) {
  const mark = (name, [x, y], r, cls) => chart.mark(p, name, p.x(x), p.y(y), r, cls), rooted = SQUARES.includes(kind);
  const around = ([x, y], r) => [p.x(x) - r, p.y(y) - r, p.x(x) + r, p.y(y) + r];
  mark("gd", [gd.path[2 * step], gd.path[2 * step + 1]], 5, "ring blue");
  mark("rule", at, 6, `bars ${color}`);
  mark("goes to", to, 4, "begin");
  const factor = arrows(chart, p, at, [
    { name: "past", by: past, cls: color, text: rooted ? "" : say(`past ${kind}`) },
    { name: "newest", by: newest, cls: "blue", text: say(rooted ? "root" : `newest ${kind}`) },
    { name: "sum", by: move.map((x) => -x), cls: "ink", text: say("sum") },
  ], [around(start, 13), around(at, 7)]);
  chart.text("map longer", p.right - 4, p.low - 6, factor && factor !== 1 ? say("longer", { factor }) : "", "tick over", "end");
}

function drawShares(chart, top, most, { shares, step, kind }, color, say) {
  const high = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1].find((bound) => shares[0] <= bound), count = step + 1;
  const p = chart.panel("shares", {
    top, right: 0.5, x: [-0.6, most - 0.4], y: [0, high], yTicks: [0, high],
    xLabel: count > most ? say("newest", { most, count }) : say("age"),
    yLabel: say(SQUARES.includes(kind) ? "share of squares" : "share of gradients"),
  });
  chart.bars(p, "bars", shares, color);
  chart.read(p, (x) => {
    const age = Math.round(clamp(x, [0, shares.length - 1]));
    return { x: age, y: shares[age], text: say("read share", { age, share: 100 * shares[age] }) };
  });
}

// The costs of both runs, with a mark at the step; in powers of ten where they fall by the same factor
// again and again.
function drawCosts(chart, top, runs, step, logarithmic, say) {
  const height = (cost) => (logarithmic ? Math.log10(Math.max(cost, 10 ** (LEAST - 1))) : cost), { costs } = runs[0][1];
  const highs = logarithmic ? [0, 1, 2, 3] : [0.2, 0.5, 1, 2, 5, 10, 20], high = highs.find((bound) => height(costs[0]) <= bound);
  const last = costs.length - 1, tens = [high, LEAST, 0].map((power) => [String(10 ** power), power]);
  const p = chart.panel("costs", {
    top, left: 0.5, x: [0, last], xTicks: [0, last / 2, last], xLabel: say("step"), yLabel: say("cost"),
    y: [logarithmic ? LEAST : 0, high], yTicks: logarithmic ? tens : [0, high],
  });
  chart.rule(p, "now", `M${p.x(step).toFixed(1)} ${p.high}V${p.low}`);
  runs.forEach(([cls, run], i) => {
    const name = ["gd", "rule"][i], heights = run.costs.map(height);
    chart.line(p, `cost of ${name}`, undefined, heights, cls);
    chart.mark(p, name, p.x(step), p.y(heights[step]), 4, i ? `bars ${cls}` : `ring ${cls}`);
  });
  chart.read(p, (x) => {
    const t = Math.round(clamp(x, [0, last])), [gd, run] = runs.map(([, one]) => one.costs[t]);
    return { x: t, y: height(run), text: say("read cost", { step: t, run, gd }) };
  });
}

// Gradient descent beside momentum on a map, and the arithmetic of the step the scrubber stands on.

import { descend, diverged, largest, rules, surfaces } from "../core.js";
import { FAR } from "../given.js";
import { handle } from "../handle.js";
import { clamp, snap } from "../scales.js";

export const layout = { shape: [374, 340], lines: [10, 5] };

export const words = {
  text: "{moved}After {steps} steps: gradient descent {gd}, momentum {momentum}. {arithmetic}.",
  moved: "Start moved into the view: ({x:2}, {y:2}). ", ends: "{distance:3} from minimum ({x:2}, {y:2})",
  far: "At step {step} momentum is out of reach, its numbers have passed a million",
  arithmetic: "At step {step} momentum stands at w = {at}: βv = {kept}, g = {g}, v = βv + g = {v}, ηv = {move}, so it goes to w − ηv = {to}. Share of the newest gradient: {share:1} %",
  newest: "age of the gradient in steps, {most} newest of {count}", diverges: "diverges", pair: "({x:3}, {y:3})",
  gd: "gradient descent", momentum: "momentum", handle: "start", value: "x = {x:2}, y = {y:2}",
  age: "age of the gradient in steps", share: "share of each past gradient in the step",
};

export function facts({ surface, start_x, start_y, learning_rate, beta, step }, { steps, bars, surfaces: all }) {
  const { view, minima, made: [kind, settings] } = all[surface], start = [start_x, start_y].map((x, i) => clamp(x, view[i]));
  const t = Math.round(step); // a link may ask for half a step
  const [gd, momentum] = ["GradientDescent", "Momentum"].map((name) => {
    const run = descend(surfaces[kind](settings), start, rules[name]({ learning_rate, beta }), steps);
    return { ...run, diverged: diverged(run), nearest: nearest([run.path.at(-2), run.path.at(-1)], minima) };
  });
  const shares = sharesOf(beta, t + 1);
  return {
    start, moved: start[0] !== start_x || start[1] !== start_y, gd, momentum, step: t,
    ...arithmetic(momentum, t, learning_rate, beta), share: 100 * shares[0], shares: shares.slice(0, bars),
  };
}

const point = (path, t) => [path[2 * t], path[2 * t + 1]];

function nearest(end, minima) {
  const distances = minima.map(([x, y]) => Math.sqrt((end[0] - x) * (end[0] - x) + (end[1] - y) * (end[1] - y)));
  const distance = Math.min(...distances);
  return { distance, minimum: minima[Math.max(0, distances.indexOf(distance))] }; // NaN is nowhere
}

function arithmetic({ path, gradients }, step, learning_rate, beta) {
  let v = [0, 0], kept, g;
  for (let t = 0; t <= step; t++) {
    g = point(gradients, t);
    kept = v.map((x) => beta * x);
    v = v.map((_, i) => kept[i] + g[i]);
  }
  const at = point(path, step), to = point(path, step + 1);
  return { at, to, kept, g, v, move: v.map((x) => learning_rate * x), far: !(largest(to, v, g) <= FAR) };
}

// What part of the velocity each of `count` gradients has, the newest first.
function sharesOf(beta, count) {
  const weights = [1];
  while (weights.length < count) weights.push(weights.at(-1) * beta);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

export function describe({ data: { steps }, facts, say }) {
  const pair = ([x, y], form = "pair") => say(form, { x, y });
  const end = ({ diverged: lost, nearest: { distance, minimum: [x, y] } }) => (lost ? say("diverges") : say("ends", { distance, x, y }));
  const pairs = Object.fromEntries(["at", "to", "kept", "g", "v", "move"].map((name) => [name, pair(facts[name])]));
  return say("text", {
    moved: facts.moved ? pair(facts.start, "moved") : "", steps, gd: end(facts.gd), momentum: end(facts.momentum),
    arithmetic: facts.far ? say("far", facts) : say("arithmetic", { ...facts, ...pairs }),
  });
}

export function draw(chart, { state, data, facts, say, change }) {
  const { view, minima, contours } = data.surfaces[state.surface], below = Math.max(104, 0.26 * chart.height) / chart.height;
  const p = chart.panel("map", { bottom: 1 - below, x: view[0], y: view[1], xLabel: "x", yLabel: "y" });
  chart.header(p, [["blue", say("gd")], ["orange", say("momentum")]]);
  chart.set("contours", "path", {
    d: contours, class: "contours", "vector-effect": "non-scaling-stroke",
    transform: `translate(${p.left} ${p.high}) scale(${(p.right - p.left) / data.grid} ${(p.low - p.high) / data.grid})`,
  });
  for (const [color, { path }] of [["blue", facts.gd], ["orange", facts.momentum]]) {
    chart.trace(p, color, path.filter((_, i) => i % 2 === 0), path.filter((_, i) => i % 2), color);
  }
  chart.rule(p, "minima", minima.map(([x, y]) => `M${p.x(x) - 5} ${p.y(y)}h10m-5 -5v10`).join(""), "axis");
  drawStep(chart, p, facts);
  drawShares(chart, 1 - below, data.bars, facts, say);
  const [x, y] = facts.start;
  handle(chart, p, "start", facts.start, {
    label: say("handle"), value: say("value", { x, y }), step: view.map(([low, high]) => (high - low) / 50), range: view[0],
    move: (to, up) => change({ start_x: snap(to, view[0]), start_y: snap(up, view[1]) }),
  });
}

// Where both stand at a step, gradient descent's mark hollow, and where the step leads momentum.
function drawStep(chart, p, { gd, step, at, to }) {
  const mark = (name, [x, y], r, cls) => chart.mark(p, name, p.x(x), p.y(y), r, cls);
  mark("gd", point(gd.path, step), 5, "ring blue");
  chart.line(p, "move", [at[0], to[0]], [at[1], to[1]], "ink");
  mark("momentum", at, 6, "bars orange");
  mark("goes to", to, 4, "begin");
}

function drawShares(chart, top, most, { shares, step }, say) {
  const high = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1].find((bound) => shares[0] <= bound), count = step + 1;
  const p = chart.panel("shares", {
    top, x: [-0.6, most - 0.4], y: [0, high], yTicks: [0, high],
    xLabel: count > most ? say("newest", { most, count }) : say("age"), yLabel: say("share"),
  });
  chart.bars(p, "bars", shares, "orange");
}

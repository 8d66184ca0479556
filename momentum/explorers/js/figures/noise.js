// Noisy gradients around a minimum: the cloud of places, and the ellipse that theory predicts.

import { descend, rules, surfaces } from "../core.js";
import { handle } from "../handle.js";
import { clamp } from "../scales.js";
import { regime, stabilityLimit, stationaryVariance, stepVariance } from "../theory.js";

export const layout = { shape: [374, 415], lines: [9, 5] };

export const words = {
  text: "The noise in a gradient has the variance {noise:~4}. {runs}{at}",
  spread: "Momentum’s places{own} have the variance {x:4} along x and {y:4} along y; predicted {px:4} and {py:4}{times}. Its steps have {sx:6} and {sy:6}; predicted {psx:6} and {psy:6}{stepTimes}.",
  own: ", at its own η = {rate:~5},", times: ", {times:2} times gradient descent’s",
  "gd diverges": " Gradient descent diverges: its limit is ηλ = 2.",
  diverges: "Momentum diverges, and so does gradient descent: along y momentum’s ηλ = {x:2} is not below its limit 2(1 + β) = {limit:2}. No ellipse is predicted.",
  at: " At step {step} momentum stands at ({x:2}, {y:2}).",
  gd: "gradient descent", momentum: "momentum", flat: "x, curvature {curvature:1}", steep: "y, curvature {curvature:~1}", step: "step", x: "x",
  law: "ellipses: predicted, 2 standard deviations", "no law": "both diverge",
  handle: "step in the picture", value: "{step}", read: "({x:2}, {y:2})", "read step": "step {step}: x = {x:2}, gradient descent {gd:2}", "read diverging": "step {step}: x = {x:2}",
};

export function facts({ compared, batch, learning_rate, beta, step }, data) {
  const noise = 1 / batch, t = Math.round(step), { before, measured, shown, equal, every } = data;
  const rate = compared === equal ? learning_rate * (1 - beta) : learning_rate;
  const gd = runOf(0, learning_rate, 0, noise, before + shown, data);
  const momentum = runOf(1, rate, beta, noise, before + measured, data);
  const ratio = (name) => momentum[name].map((one, i) => one / gd[name][i]), total = ([x, y]) => x + y;
  const times = (name) => total(momentum[name]) / total(gd[name]), { path } = momentum;
  return {
    noise, rate, limit: stabilityLimit(beta), step: t, gd: seen(gd, before, shown), momentum: seen(momentum, before, shown),
    cloud: columns(path, before, before + measured, every), ratios: ratio("predicted"), ratio: times("predicted"), stepRatio: times("predictedSteps"),
    measured: [0, 1].map((i) => square(path, before, (k) => path[2 * k + i])),
    measuredSteps: [0, 1].map((i) => square(path, before, (k) => path[2 * k + i] - path[2 * k - 2 + i])),
  };
}

let noises = []; // two numbers a step, the same in every run
const latest = []; // the run of each method before: a play changes the step alone

// What theory predicts of a run, and its path; none where there is no variance to settle to.
function runOf(i, rate, beta, noise, steps, data) {
  const key = [rate, beta, noise].join();
  return latest[i]?.key === key ? latest[i] : (latest[i] = { key, ...made(rate, beta, noise, steps, data) });
}

function made(rate, beta, noise, steps, { curvatures, normals, generator }) {
  const largest = rate * Math.max(...curvatures), stable = !["limit", "diverging"].includes(regime(largest, beta));
  const both = (variance) => curvatures.map((a) => (stable ? variance(rate, beta, a, noise) : NaN));
  const law = { stable, predicted: both(stationaryVariance), predictedSteps: both(stepVariance) };
  if (!stable) return { ...law, path: [] };
  while (noises.length < 2 * steps) noises = drawn(4 * steps, normals, generator);
  const bowl = surfaces.quadratic({ curvatures }), scale = Math.sqrt(noise);
  let k = 0;
  const partials = (w) => {
    const g = bowl.partials(w);
    for (let i = 0; i < bowl.dim; i++) g[i] += scale * noises[k++];
    return g;
  };
  return { ...law, ...descend({ dim: bowl.dim, partials }, [0, 0], rules.Momentum({ learning_rate: rate, beta }), steps) };
}

function drawn(count, normals, [factor, modulus, first]) {
  let seed = first;
  return Float64Array.from({ length: count }, () => normals[(seed = factor * seed % modulus) % normals.length]);
}

// The places of every so many steps after one step, up to another.
function columns(path, after, end, every) {
  const found = [[], []];
  for (let t = after + every; t <= end && path.length; t += every) found.forEach((one, i) => one.push(path[2 * t + i]));
  return found;
}

const seen = ({ stable, predicted, predictedSteps, path }, before, shown) => {
  const [x, y] = columns(path, before - 1, before + shown, 1);
  return { stable, predicted, predictedSteps, x, y };
};

// The mean square of what is known of the steps behind one; no number where the run diverges.
function square(path, before, of) {
  const count = path.length / 2 - before - 1;
  let sum = 0;
  for (let t = before + 1; t <= before + count; t++) sum += of(t) * of(t);
  return count > 0 ? sum / count : NaN;
}

export function describe({ state: { compared }, data: { equal, curvatures }, facts, say }) {
  const { gd, momentum, noise, rate, limit, step, ratio, stepRatio, measured, measuredSteps } = facts;
  if (!momentum.stable) return say("text", { noise, runs: say("diverges", { x: rate * Math.max(...curvatures), limit }), at: "" });
  const [[x, y], [px, py], [sx, sy], [psx, psy]] = [measured, momentum.predicted, measuredSteps, momentum.predictedSteps];
  const times = (one) => (gd.stable ? say("times", { times: one }) : ""), own = compared === equal ? say("own", { rate }) : "";
  const spread = say("spread", { own, x, y, px, py, sx, sy, psx, psy, times: times(ratio), stepTimes: times(stepRatio) });
  return say("text", {
    noise, runs: spread + (gd.stable ? "" : say("gd diverges")), at: say("at", { step, x: momentum.x[step], y: momentum.y[step] }),
  });
}

const HALVES = [0.5, 0.9, 1.5, 2.7, 4.5, 8, 13.5, 24, 40], SPLIT = 0.62, TRAIL = 12;

// The least half of an axis that has room for a distance: one of few, so that clouds can be compared.
const halfOf = (need) => HALVES.find((half) => !(half < need)) ?? 120;

export function draw(chart, { data: { curvatures, shown }, facts, say, change, kept }) {
  const flatness = (SPLIT * chart.height - 58) / (chart.width - 58), { gd, momentum } = facts; // x and y have one scale
  const [x, y] = momentum.predicted.map((one) => 2.6 * Math.sqrt(one));
  const high = halfOf(x), half = halfOf(Math.max(x, y / flatness));
  const p = chart.panel("map", {
    bottom: SPLIT, x: [-half, half], y: [-half * flatness, half * flatness],
    xLabel: say("flat", { curvature: curvatures[0] }), yLabel: say("steep", { curvature: curvatures[1] }),
  });
  chart.header(p, [["orange", say("momentum"), "line", "momentum"], ["blue", say("gd"), "line", "gradient-descent"]]);
  drawCloud(chart, p, facts, say, kept?.facts.momentum);
  const axes = { top: SPLIT, x: [0, shown], y: [-high, high], xLabel: say("step"), yLabel: say("x") };
  drawSteps(chart, chart.panel("steps", axes), axes, facts, say, change, kept?.facts.momentum);
  for (const [name, run, cls] of [["gd", gd, "ring blue"], ["now", momentum, "bars orange spot"]])
    chart.mark(p, name, p.x(run.x[facts.step]), p.y(run.y[facts.step]), 4, cls);
}

// An ellipse of two standard deviations along each axis.
function ellipse({ stable, predicted }) {
  const angles = Array.from({ length: stable ? 97 : 0 }, (_, i) => 2 * Math.PI * i / 96), [x, y] = predicted.map(Math.sqrt);
  return [angles.map((a) => 2 * x * Math.cos(a)), angles.map((a) => 2 * y * Math.sin(a))];
}

function drawCloud(chart, p, { cloud, gd, momentum, step }, say, kept) {
  chart.rule(p, "cross", `M${p.left} ${p.y(0)}H${p.right}M${p.x(0)} ${p.high}V${p.low}`);
  chart.kept(p, "kept", ...(kept ? ellipse(kept) : []), "orange");
  chart.dots(p, "cloud", ...cloud, "orange fine", "momentum");
  const from = Math.max(0, step - TRAIL);
  chart.line(p, "trail", momentum.x.slice(from, step + 1), momentum.y.slice(from, step + 1), "ink thin");
  chart.line(p, "gd law", ...ellipse(gd), "blue", "gradient-descent");
  chart.line(p, "law", ...ellipse(momentum), "orange", "momentum");
  chart.text("law text", p.left + 6, p.low - 6, say(momentum.stable ? "law" : "no law"), "tick over");
  chart.read(p, (x, y) => {
    const far = cloud[0].map((one, i) => Math.hypot(p.x(one) - p.x(x), p.y(cloud[1][i]) - p.y(y)));
    const i = far.indexOf(Math.min(...far)), found = { x: cloud[0][i], y: cloud[1][i] };
    return i < 0 ? undefined : { ...found, text: say("read", found) };
  });
}

function drawSteps(chart, p, { x: range, y: [low] }, { gd, momentum, step }, say, change, kept) {
  chart.rule(p, "cross", `M${p.left} ${p.y(0)}H${p.right}M${p.x(step).toFixed(1)} ${p.high}V${p.low}`);
  chart.kept(p, "kept steps", null, kept?.x, "orange");
  chart.line(p, "momentum", null, momentum.x, "orange", "momentum");
  chart.line(p, "gd", null, gd.x, "blue thin", "gradient-descent");
  chart.mark(p, "gd", p.x(step), p.y(gd.x[step]), 4, "ring blue");
  chart.mark(p, "now", p.x(step), p.y(momentum.x[step]), 4, "bars orange");
  chart.read(p, (at) => {
    const t = Math.round(clamp(at, range)), x = momentum.x[t];
    return x === undefined ? x : { x: t, y: x, text: say(gd.stable ? "read step" : "read diverging", { step: t, x, gd: gd.x[t] }) };
  });
  const move = (to) => change({ step: clamp(Math.round(to), range) });
  handle(chart, p, "step handle", [step, 0.7 * low], { label: say("handle"), value: say("value", { step }), range, step: [1, 0], move, beside: move });
}

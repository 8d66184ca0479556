// A series, its exponential average, and the weights of the past beneath it.

import { handle } from "../handle.js";
import { clamp } from "../scales.js";
import { effectiveSampleSize, halfLife } from "../theory.js";

export const layout = { shape: [374, 281], lines: [7, 4] };

export const words = {
  text: "β = {beta:~6}: {memory}. It {start}ends at {end:2}, the series at {last:~3}. The newest {newest} values have {share:0} % of the weight.{moved}",
  memory: "a weight halves every {halfLife:1} steps; in the long run the average is as calm as a plain mean of {size:1} values",
  "no memory": "nothing is remembered, the average is the series itself", unbiased: "starts at zero, without bias here, and ",
  "too small": "starts at zero, at the first step {missing:~3} ({percent:~1} %) too small, and ",
  "too large": "starts at zero, at the first step {missing:~3} ({percent:~1} %) too large, and ",
  moved: " Point {point} is moved from {from:~3} to {to:~3}.", step: "step", penguin: "penguin", kg: "kg", series: "series",
  average: "average", age: "age in steps (0 is the newest)", weight: "weight", newest: "newest {newest}", older: "older",
  read: "{what} {t}: {value:~3}, average {average:3}", "read weight": "age {age}: weight {weight:4}",
  "half-life": "half-life {halfLife:1}", handle: "{what} to move", value: "{what} {point}, {to:~3}",
};

export function facts({ series, beta, initial, point, value }, { series: all, starts, ages, newest }) {
  const { values: own, view } = all[series], values = own.slice();
  const { initial: first, debias: debiased = false } = starts[initial], zero = first !== undefined;
  const chosen = Math.round(point), selected = chosen < 0 ? own.length / 2 : chosen; // a link may ask for half a point
  if (chosen >= 0 && value >= view[0] && value <= view[1]) values[chosen] = value;
  const average = ema(values, beta, zero ? 0 : values[0], debiased), whole = debiased ? 1 - power(beta, values.length) : 1;
  return {
    own, values, average, before: ema(own, beta, zero ? 0 : own[0], debiased), last: values.at(-1), zero, debiased, newest,
    point: selected, from: own[selected], to: values[selected], halfLife: halfLife(beta), size: effectiveSampleSize(beta),
    end: Math.floor(average.at(-1) * 1e9 + 0.5) / 1e9, // what is halfway then prints alike, whatever the last bits
    share: 100 * (1 - power(beta, newest)) / whole, missing: Math.abs(beta * values[0]),
    sign: Math.sign(beta * values[0]), percent: 100 * beta, weights: weightsOf(beta, ages, whole),
  };
}

// S(t) = beta S(t-1) + (1 - beta) Y(t), from `start`; divided by 1 - beta^t where asked.
function ema(series, beta, start, debias) {
  let s = start, left = 1;
  return Float64Array.from(series, (y) => {
    s = beta * s + (1 - beta) * y;
    left *= beta;
    return debias ? s / (1 - left) : s;
  });
}

// A running product: the same bits everywhere, which ** has not.
const power = (beta, n) => Array(n).fill(beta).reduce((a, b) => a * b);

// The weights of the newest n values, newest first.
function weightsOf(beta, n, whole) {
  let weight = (1 - beta) / whole;
  return Array.from({ length: n }, (_, age) => (age ? (weight *= beta) : weight));
}

export function describe({ state, facts, say }) {
  const { beta } = state, moved = facts.from !== facts.to, biased = facts.zero && !facts.debiased && beta !== 0;
  const start = facts.sign === 0 ? "unbiased" : facts.sign > 0 ? "too small" : "too large";
  return say("text", {
    ...state, ...facts, memory: say(beta === 0 ? "no memory" : "memory", facts),
    start: biased ? say(start, facts) : "", moved: moved ? say("moved", facts) : "",
  });
}

export function draw(chart, { state, data, facts, say, change, kept }) {
  const series = data.series[state.series], same = kept?.state.series === state.series;
  const p = drawSeries(chart, series, facts, say, same ? kept.facts.average : undefined);
  drawWeights(chart, data, facts, say);
  drawHandle(chart, p, say(series.xLabel ?? "step"), series.view, facts, say, change);
}

function drawSeries(chart, { view: [low, high], xLabel = "step", yLabel }, facts, say, kept) {
  const { own, values, average, point, from, to } = facts, least = facts.zero && !facts.debiased ? Math.min(low, 0) : low;
  const p = chart.panel("upper", {
    bottom: 0.58, x: [0, own.length - 1], xLabel: say(xLabel), yLabel: yLabel && say(yLabel), y: [least, high],
  });
  chart.dots(p, "series", null, values, "muted");
  chart.line(p, "before", null, from === to ? [] : facts.before, "muted dotted");
  chart.kept(p, "kept", null, kept, "orange");
  chart.line(p, "average", null, average, "orange");
  chart.read(p, (x) => {
    const t = Math.round(clamp(x, [0, own.length - 1]));
    return { x: t, y: average[t], text: say("read", { what: say(xLabel), t, value: values[t], average: average[t] }) };
  });
  chart.rule(p, "move", from === to ? "" : `M${p.x(point)} ${p.clampY(from)}V${p.clampY(to)}`, "axis");
  chart.header(p, [["muted", say("series"), "dots"], ["orange", say("average")]]);
  return p;
}

const TOPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

function drawWeights(chart, { ages, newest }, { weights, halfLife: steps }, say) {
  const top = TOPS.find((value) => weights[0] < value * (1 + 1e-9)) ?? 1;
  const p = chart.panel("lower", {
    top: 0.58, x: [-0.6, ages - 0.4], y: [0, 1.12 * top], yTicks: [0, top],
    xLabel: say("age"), yLabel: say("weight"),
  });
  chart.bars(p, "newest", weights.slice(0, newest), "orange");
  chart.bars(p, "older", weights.map((weight, age) => (age < newest ? 0 : weight)), "muted");
  chart.header(p, [["orange", say("newest", { newest }), "bars"], ["muted", say("older"), "bars"]]);
  chart.read(p, (x) => {
    const age = Math.round(clamp(x, [0, ages - 1]));
    return { x: age, y: weights[age], text: say("read weight", { age, weight: weights[age] }) };
  });
  const at = p.x(steps), inside = steps > 0 && steps < ages - 0.5;
  chart.rule(p, "half", inside ? `M${at} ${p.low}V${p.high}` : "", "axis dotted");
  const text = inside && at + 90 < p.right ? say("half-life", { halfLife: steps }) : "";
  chart.text("half label", Math.max(at, p.x(0.4)) + 5, p.high + 10, text, "tick");
}

function drawHandle(chart, p, what, [low, high], { own, values, point, to }, say, change) {
  const fine = (high - low) / 80, last = own.length - 1;
  const raise = (at, y) => change({ point: at, value: clamp(Number((Math.round(y / fine) * fine).toFixed(3)), [low, high]) });
  const select = (at) => {
    const next = clamp(at, [0, last]);
    if (next !== point) change({ point: next, value: own[next] });
  };
  // Keys go sideways to another point; a pointer that drags moves the point up and down only.
  const move = (x, y, byKey) => (byKey && x !== point ? select(x) : raise(point, y));
  handle(chart, p, "handle", [point, to], {
    label: say("handle", { what }), value: say("value", { what, point, to }), move, step: [1, 2 * fine], range: [0, last],
    beside: (x, y) => select(nearest(p, values, p.x(x), p.clampY(y))),
  });
}

function nearest(p, values, x, y) {
  const far = values.map((value, i) => Math.hypot(p.x(i) - x, p.clampY(value) - y));
  return far.indexOf(Math.min(...far));
}

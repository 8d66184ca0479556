// A pattern of gradients, the velocity of the raw form in the long run, and its gain curve.

import { velocities } from "../core.js";
import { handle } from "../handle.js";
import { clamp, snap } from "../scales.js";
import { fixed } from "../text.js";
import { crossoverPeriod, gain } from "../theory.js";

export const layout = { shape: [374, 281], wide: [374, 340], lines: [5, 3] };

export const words = {
  "no memory": "With β = 0 the velocity is the gradient itself: every gain is 1.",
  text: "{subject} is {effect}: gain {gain:3}{lag}. The crossover period is {crossover:2} steps: slower oscillations are amplified, faster ones are damped.",
  lag: ", and the velocity lags {lag:1} steps behind the gradient",
  "nothing drawn": "No gradient, no velocity: every bar is 0.",
  "no mean": "This pattern has the mean 0: only its swings are left, and in the long run the velocity {range}.",
  mean: "This pattern has the mean {mean:2}, which is amplified to {amplified:2}; in the long run the velocity {range}.",
  period: "A period of {period:1} steps", "same sign": "A gradient that keeps its sign",
  alternating: "A gradient that alternates every step", unchanged: "passed on nearly unchanged", damped: "damped",
  amplified: "amplified", constant: "is {low:2}", swings: "swings between {low:2} and {high:2}", gradient: "gradient g",
  velocity: "velocity v", step: "step, in the long run", y: "gain",
  crossover: "crossover {crossover:2}", "mark same sign": "of one sign: {gain:3}",
  "mark alternating": "at period 2: {gain:3}", "mark period": "at period {period:1}: {gain:3}",
  "mark drawn by hand": "of the mean: {gain:3}", "read step": "step {step}: g = {g:2}, v = {v:2}",
  "read gain": "period {period:1}: gain {gain:3}", handle: "period of the gradient", value: "{period:1}", sign: "gradient {number}: {value}",
};

const SIGNS = { "+": 1, "0": 0, "-": -1 };

export function facts({ pattern, period, beta, drawn }, { steps, periods, patterns }) {
  const byHand = pattern === patterns.drawn, swings = pattern === patterns.period;
  const omega = 2 * Math.PI / (swings ? period : pattern === patterns.alternating ? 2 : Infinity);
  const g = byHand ? [...drawn].map((sign) => SIGNS[sign])
    : Array.from({ length: steps }, (_, t) => Math.cos(omega * t));
  const v = [...velocities(g, beta, byHand ? before(g, beta) : (Math.cos(omega) - beta) * gain(beta, omega) ** 2)];
  const mean = g.reduce((a, b) => a + b) / g.length;
  return {
    byHand, swings, omega, gain: gain(beta, omega), crossover: crossoverPeriod(beta), g, v, mean,
    amplified: mean * gain(beta, 0), low: Math.min(...v), high: Math.max(...v),
    lag: swings ? Math.atan2(beta * Math.sin(omega), 1 - beta * Math.cos(omega)) / omega : 0,
    curve: periods.map((one) => gain(beta, 2 * Math.PI / one)), constant: gain(beta, 0),
  };
}

// The velocity from which a drawn pattern repeats for ever.
const before = (g, beta) => velocities(g, beta).at(-1) / (1 - g.reduce((left) => left * beta, 1));

export function describe({ state, facts, say }) {
  if (state.beta === 0) return say("no memory");
  if (facts.byHand) return describeDrawn(facts, say);
  const near = fixed(Number(facts.gain.toFixed(3)), 2) === fixed(1, 2);
  return say("text", {
    ...facts, subject: say(state.pattern, state), lag: facts.swings ? say("lag", facts) : "",
    effect: say(near ? "unchanged" : facts.gain < 1 ? "damped" : "amplified"),
  });
}

function describeDrawn(facts, say) {
  if (!facts.g.some(Boolean)) return say("nothing drawn");
  const range = say(fixed(facts.low, 2) === fixed(facts.high, 2) ? "constant" : "swings", facts);
  return say(facts.mean === 0 ? "no mean" : "mean", { ...facts, range });
}

export function draw(chart, { state, data, facts, say, label, ends, change, kept }) {
  drawSignals(chart, facts, say, kept?.facts);
  const p = drawGains(chart, state, data, facts, label("period"), say, kept?.facts);
  drawHandle(chart, p, facts, { say, range: ends("period"), change: (period) => change({ pattern: data.patterns.period, period }) });
}

function drawSignals(chart, { g, v, low: lowest, high: highest }, say, kept) {
  const high = 1.15 * Math.max(1, highest), low = Math.min(...g, lowest) < 0 ? 1.15 * Math.min(-1, lowest) : 0;
  const p = chart.panel("signals", { bottom: 0.52, x: [-0.7, g.length - 0.3], y: [low, high], xLabel: say("step") });
  const least = 1.5 * (high - low) / (p.low - p.high); // to see 1 beside a velocity of 1000
  const seen = (x) => (Math.abs(x) < 1e-9 ? 0 : Math.sign(x) * Math.max(Math.abs(x), least));
  chart.rule(p, "zero", `M${p.left} ${p.y(0)}H${p.right}`);
  chart.kept(p, "kept", null, kept?.v, "orange");
  chart.bars(p, "g", g.map(seen), "blue", "gradient");
  chart.line(p, "v", null, v, "orange", "velocity");
  chart.dots(p, "v dots", null, v, "orange", "velocity");
  chart.header(p, [["blue", say("gradient"), "bars", "gradient"], ["orange", say("velocity"), "line", "velocity"]]);
  chart.read(p, (x) => {
    const t = Math.round(clamp(x, [0, g.length - 1]));
    return { x: t, y: v[t], text: say("read step", { step: t, g: g[t], v: v[t] }) };
  });
}

// Both axes are logarithmic, and at the right end stands the period infinity.
const END = Math.log10(280);

function drawGains(chart, state, { periods }, facts, xLabel, say, kept) {
  const top = Math.log10(Math.max(20, 1.3 * facts.constant)), { log10 } = Math;
  const p = chart.panel("gains", {
    top: 0.52, x: [log10(1.9), log10(300)], y: [log10(0.4), top], xLabel, yLabel: say("y"),
    xTicks: [...[2, 5, 10, 20, 50, 100, 200].map((period) => [String(period), log10(period)]), ["∞", END]],
    yTicks: [1, 10, 100, 1000, 0.5, 2, 5, 20, 50, 200, 500].map((one) => [String(one), log10(one)]).filter(([, y]) => y <= top),
  });
  chart.rule(p, "one", `M${p.left} ${p.y(0)}H${p.right}`);
  const crossover = p.x(log10(facts.crossover));
  chart.rule(p, "crossover", `M${crossover} ${p.high}V${p.low}`);
  chart.text("crossover label", crossover + 4, p.high + 10, say("crossover", facts), "tick");
  chart.kept(p, "kept gain", periods.map(log10), kept?.curve.map(log10), "ink");
  chart.line(p, "gain", periods.map(log10), facts.curve.map(log10), "ink", "gain");
  chart.line(p, "gain of one sign", [log10(periods.at(-1)), END], [facts.curve.at(-1), facts.constant].map(log10), "ink dotted");
  chart.mark(p, "mark", p.x(facts.omega ? log10(2 * Math.PI / facts.omega) : END), p.y(log10(facts.gain)), 5.5, "bars orange");
  chart.text("mark label", p.left + 40, p.high - 9, say(`mark ${state.pattern}`, { ...state, ...facts }), "label orange");
  chart.read(p, (x) => {
    const far = periods.map((period) => Math.abs(log10(period) - x)), i = far.indexOf(Math.min(...far));
    return { x: log10(periods[i]), y: log10(facts.curve[i]), text: say("read gain", { period: periods[i], gain: facts.curve[i] }) };
  });
  return p;
}

// The handle is around the mark; whatever the pattern is, it makes it one with a period.
function drawHandle(chart, p, { omega, gain: height }, { say, range, change }) {
  const period = omega ? 2 * Math.PI / omega : range[1], place = (x) => change(snap(10 ** x, range, 10 ** x < 12 ? 10 : 2));
  handle(chart, p, "period", [omega ? Math.log10(period) : END, Math.log10(height)], {
    label: say("handle"), value: say("value", { period: omega ? period : Infinity }), range: range.map(Math.log10), step: [0.02, 0],
    move: place, beside: place,
  });
}

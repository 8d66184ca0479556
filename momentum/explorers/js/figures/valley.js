// One curvature: gradient descent and momentum over the steps, and what theory predicts of them.

import { descend, rules, settlingTime, surfaces } from "../core.js";
import { SETTLED } from "../given.js";
import { handle } from "../handle.js";
import { clamp } from "../scales.js";
import { convergenceRate, oscillationPeriod, regime } from "../theory.js";

export const layout = { shape: [374, 281], lines: [7, 4] };

export const words = {
  text: "Gradient descent {gd}. Momentum {momentum}. At step {step} they stand at {gdAt:3} and {momentumAt:3}.", diverging: "diverges, by a factor of {rate:3} a step",
  limit: "neither settles nor diverges", converging: "{how}, {settles}, rate {rate:4}",
  settles: "settles to {percent} % in {time} steps", "settles at once": "settles to {percent} % in 1 step",
  unsettled: "has not settled to {percent} % in {steps} steps",
  oscillating: "oscillates with period {period:1} steps, overshoots by {overshoot:0} %",
  "oscillating slowly": "oscillates with period {period:1} steps",
  jumping: "jumps from side to side", monotone: "is monotone", gd: "gradient descent", momentum: "momentum", x: "step",
  read: "step {step}: gradient descent {gd:3}, momentum {momentum:3}", value: "{step}", handle: "step in the picture",
};

const HOW = { oscillating: "oscillating", jumping: "jumping", "critical jump": "jumping" }; // else monotone
const HIGH = 1.6; // the picture shows w from -HIGH to HIGH

export function facts({ eta_lambda, beta, step }, { steps, shown }) {
  const runs = [run("GradientDescent", eta_lambda, 0, steps), run("Momentum", eta_lambda, beta, steps)];
  const times = runs.filter((one) => one.regime !== "diverging").map(({ time }) => time), t = Math.round(step);
  // The fewest of some steps that show the one it stands at and how both runs settle, so that the quicker
  // one is seen, too.
  const enough = shown.find((count) => [t, ...times].every((time) => time <= count));
  return { runs, steps, step: t, at: runs.map(({ path }) => path[t]), shown: enough ?? steps };
}

export const last = ({ shown }) => shown; // where a play ends

function run(rule, x, beta, steps) {
  const { path } = descend(surfaces.quadratic({ curvatures: [1] }), [1], rules[rule]({ learning_rate: x, beta }), steps);
  return {
    path, regime: regime(x, beta), rate: convergenceRate(x, beta), period: oscillationPeriod(x, beta),
    time: settlingTime(path), overshoot: 100 * Math.max(0, -path.reduce((a, b) => Math.min(a, b))),
  };
}

export function describe({ facts: { runs, steps, step, at: [gdAt, momentumAt] }, say }) {
  const [gd, momentum] = runs.map((one) => {
    if (one.regime === "diverging" || one.regime === "limit") return say(one.regime, one);
    const slow = one.regime === "oscillating" && one.period > 2 * steps ? "oscillating slowly" : undefined; // not yet beyond 0
    const settles = !Number.isFinite(one.time) ? "unsettled" : one.time === 1 ? "settles at once" : "settles";
    const slots = { ...one, steps, percent: 100 * SETTLED };
    return say("converging", { ...slots, how: say(slow ?? HOW[one.regime] ?? "monotone", one), settles: say(settles, slots) });
  });
  return say("text", { gd, momentum, step, gdAt, momentumAt });
}

export function draw(chart, { facts, say, ends, change, kept }) {
  const { runs: [gd, momentum], shown, step, at } = facts;
  const p = chart.panel("main", { x: [0, shown], y: [-HIGH, HIGH], xLabel: say("x"), yLabel: "w" });
  chart.rule(p, "zero", `M${p.left} ${p.y(0)}H${p.right}`);
  chart.rule(p, "now", `M${p.x(step).toFixed(1)} ${p.high}V${p.low}`);
  ["blue", "orange"].forEach((color, i) => chart.kept(p, `kept ${color}`, null, kept && seen(kept.facts.runs[i], shown), color));
  chart.line(p, "momentum", null, seen(momentum, shown), "orange thin", "momentum");
  chart.line(p, "gd", null, seen(gd, shown), "blue", "gradient-descent"); // above, for it may be the calmer one
  chart.header(p, [["blue", say("gd"), "line", "gradient-descent"], ["orange", say("momentum"), "line", "momentum"]]);
  chart.mark(p, "momentum", p.x(step), p.y(at[1]), 5, "bars orange");
  chart.mark(p, "gd", p.x(step), p.y(at[0]), 5, "ring blue");
  drawHandle(chart, p, step, { label: say("handle"), value: say("value", { step }), range: ends("step"), change });
  chart.read(p, (x, y) => {
    const t = Math.round(clamp(x, [0, shown])), [one, other] = [gd.path[t], momentum.path[t]];
    const near = Math.abs(y - one) < Math.abs(y - other) ? one : other;
    return { x: t, y: near, text: say("read", { step: t, gd: one, momentum: other }) };
  });
}

// The handle stands below the curves of all runs that settle; a press beside it brings it there.
function drawHandle(chart, p, step, { label, value, range, change }) {
  const place = (to) => change({ step: clamp(Math.round(to), range) });
  handle(chart, p, "step", [step, -1.4], { label, value, range, step: [1, 0], move: place, beside: place });
}

// A run that diverges is drawn up to where it leaves the picture.
function seen(one, shown) {
  const { path } = one, out = one.regime === "diverging" ? path.findIndex((w) => Math.abs(w) > HIGH) : -1;
  return path.subarray(0, Math.min(out < 0 ? Infinity : out, shown) + 1);
}

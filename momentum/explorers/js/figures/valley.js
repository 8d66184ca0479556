// One curvature: gradient descent and momentum over the steps, and what theory predicts of them.

import { descend, rules, settlingTime, surfaces } from "../core.js";
import { SETTLED } from "../given.js";
import { convergenceRate, oscillationPeriod, regime } from "../theory.js";

export const layout = { shape: [374, 281], lines: [5, 3] };

export const words = {
  text: "Gradient descent {gd}. Momentum {momentum}.", diverging: "diverges, by a factor of {rate:3} a step",
  limit: "neither settles nor diverges", converging: "{how}, {settles}, rate {rate:4}",
  settles: "settles to {percent} % in {time} steps", "settles at once": "settles to {percent} % in 1 step",
  unsettled: "has not settled to {percent} % in {steps} steps",
  oscillating: "oscillates with period {period:1} steps, overshoots by {overshoot:0} %",
  "oscillating slowly": "oscillates with period {period:1} steps",
  jumping: "jumps from side to side", monotone: "is monotone", gd: "gradient descent", momentum: "momentum", x: "step",
};

const HOW = { oscillating: "oscillating", jumping: "jumping", "critical jump": "jumping" }; // else monotone
const HIGH = 1.6; // the picture shows w from -HIGH to HIGH

export function facts({ eta_lambda, beta }, { steps, shown }) {
  const runs = [run("GradientDescent", eta_lambda, 0, steps), run("Momentum", eta_lambda, beta, steps)];
  const times = runs.filter((one) => one.regime !== "diverging").map(({ time }) => time);
  // The fewest of some steps that show how both runs settle, so that the quicker one is seen, too.
  return { runs, steps, shown: shown.find((count) => times.every((time) => time <= count)) ?? steps };
}

function run(rule, x, beta, steps) {
  const { path } = descend(surfaces.quadratic({ curvatures: [1] }), [1], rules[rule]({ learning_rate: x, beta }), steps);
  return {
    path, regime: regime(x, beta), rate: convergenceRate(x, beta), period: oscillationPeriod(x, beta),
    time: settlingTime(path), overshoot: 100 * Math.max(0, -path.reduce((a, b) => Math.min(a, b))),
  };
}

export function describe({ facts: { runs, steps }, say }) {
  const [gd, momentum] = runs.map((one) => {
    if (one.regime === "diverging" || one.regime === "limit") return say(one.regime, one);
    const slow = one.regime === "oscillating" && one.period > 2 * steps ? "oscillating slowly" : undefined; // not yet beyond 0
    const settles = !Number.isFinite(one.time) ? "unsettled" : one.time === 1 ? "settles at once" : "settles";
    const slots = { ...one, steps, percent: 100 * SETTLED };
    return say("converging", { ...slots, how: say(slow ?? HOW[one.regime] ?? "monotone", one), settles: say(settles, slots) });
  });
  return say("text", { gd, momentum });
}

export function draw(chart, { facts: { runs: [gd, momentum], shown }, say }) {
  const p = chart.panel("main", { x: [0, shown], y: [-HIGH, HIGH], xLabel: say("x"), yLabel: "w" });
  chart.rule(p, "zero", `M${p.left} ${p.y(0)}H${p.right}`);
  chart.line(p, "momentum", null, seen(momentum, shown), "orange thin");
  chart.line(p, "gd", null, seen(gd, shown), "blue"); // above, for it may be the calmer one
  chart.header(p, [["blue", say("gd")], ["orange", say("momentum")]]);
}

// A run that diverges is drawn up to where it leaves the picture.
function seen(one, shown) {
  const { path } = one, out = one.regime === "diverging" ? path.findIndex((w) => Math.abs(w) > HIGH) : -1;
  return path.subarray(0, Math.min(out < 0 ? Infinity : out, shown) + 1);
}

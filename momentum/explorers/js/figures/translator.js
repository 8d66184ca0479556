// One update in the words of eight libraries and papers, and what becomes of it when η changes.

import { callOf, isInside, names, raw, written } from "../calls.js";
import { handle } from "../handle.js";
import { clamp, snap } from "../scales.js";

export const layout = { shape: [374, 400], wide: [500, 280], lines: [9, 3] };

export const words = {
  text: "Written for {form}. {first}{change}",
  "no call": "{form}: no call for this update",
  dampened: "PyTorch’s first step is not dampened: it is up to {apart:3} away from the others. ",
  stays: "η stays as it is, so it does not matter where it stands.",
  changes: "At step {at} η goes from {eta:~5} to {then:~5}. With η inside ({insiders}) the next place differs by {first:4} from that with η outside ({outsiders}), later ones by up to {most:4}.",
  call: "call", "copy call": "Copy", "copied call": "Copied", "not copied call": "Copy by hand",
  outside: "η outside", inside: "η inside", torch: "PyTorch", step: "step", w: "w", eta: "η",
  handle: "step of the change, and η after it", value: "step {at}, η = {then:~5}", read: "step {step}: outside {outside:3}, inside {inside:3}", "read rate": "step {step}: η = {rate:~5}",
};

export function facts({ learning_rate, beta, nesterov, dampening, later, at }, { steps }) {
  const ahead = nesterov === "True" && beta > 0, damped = ahead || !beta ? 0 : dampening, change = Math.round(at);
  const own = { lr: learning_rate, momentum: beta, dampening: ahead ? 0 : dampening, nesterov: ahead };
  const [eta] = raw("PyTorch", own), calls = Object.fromEntries(names.map((form) => [form, written(form, eta, beta, ahead)]));
  calls.PyTorch = callOf("PyTorch", own);
  const run = (rate, kind, share = 0) => pathOf(rate, beta, ahead, share, (t) => (t < change ? rate : later * rate), steps, kind);
  const outside = run(eta, "outside"), inside = run(eta, "inside"), torch = damped ? run(learning_rate, "outside", damped) : [];
  const gaps = inside.map((w, t) => w - outside[t]), apart = torch.map((w, t) => w - outside[t]);
  return {
    eta, ahead, calls, outside, inside, torch, at: change, then: later * eta, changes: later !== 1,
    first: gaps[change + 1] ?? 0, most: furthest(gaps), apart: furthest(apart),
  };
}

// Math.max keeps what is no number.
const furthest = (gaps) => Math.max(0, ...gaps.map(Math.abs));

// On f(w) = w²/2 from 1, as PyTorch takes its steps, or Keras.
function pathOf(first, beta, ahead, dampening, rateAt, steps, kind) {
  const path = [1];
  let w = 1, v = kind === "inside" ? 0 : null;
  for (let t = 0; t < steps; t++) {
    const rate = rateAt(t), g = w;
    if (kind === "inside") {
      v = beta * v - rate * g;
      w += ahead ? beta * v - rate * g : v;
    } else {
      v = v === null || beta === 0 ? g : beta * v + (1 - dampening) * g;
      w -= rate * (ahead ? g + beta * v : v);
    }
    path.push(w);
  }
  return path;
}

export function describe({ state: { written: form }, facts, say }) {
  const { calls, torch, apart, changes, at, eta, then, first, most } = facts, known = names.filter((name) => calls[name]);
  const [insiders, outsiders] = [true, false].map((inside) => known.filter((name) => isInside(name) === inside).map(say.label).join(", "));
  return say("text", {
    form: say.label(form), first: torch.length ? say("dampened", { apart }) : "",
    change: changes ? say("changes", { at, eta, then, first, most, insiders, outsiders }) : say("stays"),
  });
}

const SPLIT = 0.57;

export function draw(chart, { data: { steps }, state, facts, say, label, ends, change, kept }) {
  const { outside, inside, torch, at, eta, then, ahead } = facts, color = ahead ? "green" : "orange";
  const p = chart.panel("paths", { bottom: SPLIT, x: [0, steps], y: [-1.1, 1.1], xLabel: say("step"), yLabel: say("w") });
  const third = torch.length ? ["muted", say("torch")] : ["muted", "", "none"];
  chart.header(p, [[color, say("outside"), "line", "momentum"], ["ink dashed", say("inside")], third]);
  chart.rule(p, "cross", `M${p.left} ${p.y(0)}H${p.right}M${p.x(at).toFixed(1)} ${p.high}V${p.low}`);
  chart.kept(p, "kept", null, kept?.facts.inside, "ink");
  chart.line(p, "torch", null, torch, "muted");
  chart.line(p, "outside", null, outside, color, "momentum");
  chart.line(p, "inside", null, inside, "dashed");
  chart.read(p, (x) => {
    const step = Math.round(clamp(x, [0, steps]));
    return { x: step, y: inside[step], text: say("read", { step, outside: outside[step], inside: inside[step] }) };
  });
  drawRate(chart, { steps, state, at, eta, then, say, label, ends, change });
}

function drawRate(chart, { steps, at, eta, then, say, ends, change }) {
  const high = 2.1 * eta, p = chart.panel("rate", {
    top: SPLIT, x: [0, steps], y: [0, high], xLabel: say("step"), yLabel: say("eta"), yTicks: [0, eta, 2 * eta].map((value) => Number(value.toPrecision(2))),
  });
  chart.line(p, "eta", [0, at, at, steps], [eta, eta, then, then], "ink", "learning-rate");
  chart.read(p, (x) => {
    const step = Math.round(clamp(x, [0, steps])), rate = step < at ? eta : then;
    return { x: step, y: rate, text: say("read rate", { step, rate }) };
  });
  const to = ends("at"), move = (x, y) => change({ at: clamp(Math.round(x), to), later: snap(y / eta, ends("later")) });
  handle(chart, p, "change", [at, then], {
    label: say("handle"), value: say("value", { at, then }), range: to, step: [1, 0.05 * eta], move, beside: move,
  });
}

// The plateau: a ball on the ledge, where the coasting law stops it, and where it does stop.

import { measure } from "../chart.js";
import { descend, diverged, rules, surfaces } from "../core.js";
import { handle } from "../handle.js";
import { clamp, snap } from "../scales.js";
import { fixed } from "../text.js";
import { coastingDistance, stabilityLimit } from "../theory.js";

export const layout = { shape: [374, 281], lines: [8, 4] };

export const words = {
  "never moves": "The ball starts {place}, where the gradient is 0. It never moves.",
  text: "{start}{run} {stands}", behind: "The ball starts behind the ledge, at {start_x:2}. ",
  "far behind": "The ball starts far behind the ledge, at {start_x:2}. ",
  outside: "The ball starts at {start_x:2}, outside the picture. ",
  enters: "{ball} {enters} the ledge{from} after {steps} with a step of {step:3}. The coasting law carries it to {rest:3}. The ledge is {width:2} wide{then}",
  stalls: ", so it stalls on the ledge at {end:2}, at cost 1.00.",
  back: ", so it crosses, rolls back and stops on the ledge at {end:2}.",
  "far back": ", so it crosses, rolls back to the slope, and at last stops on the ledge at {end:2}.",
  rests: ", so it crosses, and comes to rest in C at {end:2}.",
  "rests at last": ", so it crosses, rolls back to the slope, and at last comes to rest in C at {end:2}.",
  "out C": "{ball} comes to rest in C at {end:2}.",
  "out ledge": "{ball} rolls back and stops on the ledge at {end:2}, at cost 1.00.",
  "out edge": "{ball} never enters the ledge: it stops at its edge, at cost 1.00.",
  "out slope": "{ball} has not reached the ledge after {steps} steps: it is still on the slope, at {end:2}.",
  cycles: "After {steps} steps it repeats a cycle of {period} steps.",
  moves: "After {steps} steps it is still moving, at {end:2}.",
  diverges: "The run diverges: the limit of the learning rate is 2(1 + β) = {limit:3}.",
  lost: "At step {step} it is out of all bounds.", stands: "At step {step} it stands at {at:2}{outside}{on}.",
  "in C": "in C, the minimum", flat: "on flat ground", ball: "The ball", it: "It", "enters it": "enters", leaps: "leaps over",
  "from the slope": " from the slope", "1 step": "1 step", "n steps": "{entry} steps", "goes on": ". {more}",
  crosses: ", so it crosses. {more}", "stands outside": ", outside the picture", on: ", from where it moves by {move:3}",
  coasts: "coasts to {rest:2}", "coasts beyond": "coasts to {rest:2} →", ends: "ends at {end:2}",
  "still moving": "still moving", "diverges short": "diverges", y: "cost f(x)", edge: "edge of the ledge", value: "{width:1}",
  read: "step {step}: x = {x:2}, cost {cost:2}",
};

const HEIGHT = 7.2; // at least as much of the cost is shown
const SEEN = 0.005; // how far the ball moves at least, to be seen

export function facts({ learning_rate, beta, width, start_x, step }, { steps }) {
  const surface = surfaces.plateau({ width });
  const run = descend(surface, [start_x], rules.Momentum({ learning_rate, beta }), steps), { path } = run;
  const entry = entryOf(path), last = path[entry] - path[entry - 1], t = Math.round(step); // a link may ask for half a step
  const after = path.subarray(entry);
  return {
    path, entry, flat: surface.partials([start_x])[0] === 0, outcome: outcomeOf(run, entry, width, beta),
    lastStep: entry ? last : NaN, rest: entry ? path[entry] + coastingDistance(last, beta) : NaN, end: path.at(-1),
    leaps: path[entry] > width, crosses: after.some((x) => x > width), returns: after.some((x) => x < 0), period: periodOf(path),
    step: t, at: path[t], move: path[t + 1] - path[t], still: stillFrom(path), limit: stabilityLimit(beta),
    view: [-6.5, width + 5],
  };
}

// The step that first leads from the slope to the ledge or beyond; 0 if none does. A step below
// 1e-12 is none: it is the rounding error of a run that ends at the edge.
function entryOf(x) {
  for (let t = 1; t < x.length; t++) {
    const step = x[t] - x[t - 1];
    if (x[t - 1] < 0 && x[t] >= 0 && step > 1e-12 && Number.isFinite(step)) return t;
  }
  return 0;
}

function outcomeOf(run, entry, width, beta) {
  const { path } = run, end = path.at(-1), late = path.subarray(-100), last = Math.abs(end - path.at(-2));
  if (diverged(run)) return "diverges";
  if (path[0] < 0 && !entry && late.every((x) => x > -0.005)) return "edge";
  if (end >= 0 && end <= width && coastingDistance(last, beta) <= 0.0005) return "ledge";
  return late.every((x) => Math.abs(x - (width + 2)) <= 0.005) ? "C" : "moves";
}

// The step from which on nobody sees the ball move; a run that is lost ends where it is lost.
function stillFrom(x) {
  const end = x.at(-1);
  if (!Number.isFinite(end)) return x.findIndex((one) => !Number.isFinite(one));
  let t = x.length - 1;
  while (t > 0 && Math.abs(x[t - 1] - end) <= SEEN) t--;
  return t;
}

export const last = ({ still }) => still; // where a play ends

// After how many steps, of at most 60, a run that moves repeats itself; 0 if not.
function periodOf(x) {
  const repeats = (p) => x.subarray(-p).every((end, i) => Math.abs(end - x.at(i - 2 * p)) < 1e-6);
  const moves = Math.abs(x.at(-1) - x.at(-2)) > 1e-3;
  return (moves && Array.from({ length: 59 }, (_, i) => i + 2).find(repeats)) || 0;
}

const outside = ([low, high], x) => !(low <= x && x <= high);

export function describe({ state, data, facts, say }) {
  const { start_x, width } = state, slots = { ...state, ...facts, steps: data.steps };
  if (facts.flat) return say("never moves", { place: say(start_x > width ? "in C" : "flat") });
  const away = outside(facts.view, start_x);
  const start = start_x > width ? say(away ? "far behind" : "behind", slots) : away ? say("outside", slots) : "";
  const ball = say(start ? "it" : "ball"), stands = describeStep(facts, say);
  return say("text", { start, stands, run: facts.entry ? entered({ ...slots, ball }, say) : out({ ...slots, ball }, say) });
}

function entered(slots, say) {
  return say("enters", {
    ...slots, enters: say(slots.leaps ? "leaps" : "enters it"), from: slots.start_x > slots.width ? say("from the slope") : "",
    steps: say(slots.entry > 1 ? "n steps" : "1 step", slots), step: slots.lastStep, then: then(slots, say),
  });
}

// What follows once the ball has come to the ledge from the slope.
function then(slots, say) {
  const { outcome, crosses, returns } = slots, more = goesOn(slots, say);
  if (!crosses) return outcome === "ledge" ? say("stalls", slots) : say("goes on", { more });
  if (more) return say("crosses", { more });
  return say(outcome === "ledge" ? (returns ? "far back" : "back") : returns ? "rests at last" : "rests", slots);
}

// What a ball does that never comes from the slope to the ledge.
function out(slots, say) {
  const { outcome } = slots;
  if (outcome === "C" || outcome === "ledge" || outcome === "edge") return say(`out ${outcome}`, slots);
  return outcome === "moves" && slots.start_x < 0 ? say("out slope", slots) : goesOn(slots, say);
}

function goesOn(slots, say) {
  if (slots.outcome === "moves") return say(slots.period ? "cycles" : "moves", slots);
  return slots.outcome === "diverges" ? say("diverges", slots) : "";
}

function describeStep(facts, say) {
  if (!Number.isFinite(facts.at)) return say("lost", facts);
  return say("stands", {
    ...facts, outside: outside(facts.view, facts.at) ? say("stands outside") : "", on: Number.isFinite(facts.move) ? say("on", facts) : "",
  });
}

const heightOf = ({ width }) => {
  const surface = surfaces.plateau({ width });
  return (x) => surface.f(x);
};
const inView = ({ path }, [low, high]) => path.filter((x) => x >= low && x <= high);

export function draw(chart, shown) {
  const { state, facts, say } = shown, { view } = facts, f = heightOf(state), seen = inView(facts, view), heights = seen.map(f);
  const top = 1.05 * Math.max(HEIGHT, ...heights), y = [-0.17 * top, top];
  const p = chart.panel("main", { x: view, y, xLabel: "x", yLabel: say("y") });
  drawLedge(chart, p, state, view, f, top);
  drawKept(chart, p, shown.kept, view);
  chart.dots(p, "trail", seen, heights, "orange", "momentum");
  drawEnds(chart, p, facts, f, say);
  const ball = clamp(facts.at, view);
  chart.mark(p, "ball", p.x(ball), p.y(f(ball)), 7, "bars orange ball");
  drawHandles(chart, p, f, shown);
  chart.read(p, (x) => {
    const step = nearest(facts.path, x), at = facts.path[step];
    return { x: at, y: f(at), text: say("read", { step, x: at, cost: f(at) }) };
  });
}

// The first step that is nearest to a place.
const nearest = (path, x) => path.reduce((best, at, t) => (Math.abs(at - x) < Math.abs(path[best] - x) ? t : best), 0);

function drawLedge(chart, p, { width }, [low, high], f, top) {
  const highest = Math.max(low, -Math.sqrt(2 * (top - 1))), apart = (high - highest) / 200;
  const profile = Array.from({ length: 201 }, (_, i) => highest + i * apart);
  chart.line(p, "profile", profile, profile.map(f), "muted");
  chart.text("A", p.x(-2.6) - 16, p.y(f(-2.6)) + 12, "A", "", "middle");
  chart.text("B", Math.min(p.x(width / 2), p.x(width) - 20), p.y(1) + 22, width ? "B" : "", "", "middle");
  chart.text("C", p.x(width + 2), p.y(0) + 22, "C", "", "middle");
}

// What was kept lies on a ledge of its own width.
function drawKept(chart, p, kept, view) {
  const places = kept && inView(kept.facts, view);
  chart.kept(p, "kept", places, places?.map(heightOf(kept.state)), "orange", "dots");
}

function drawHandles(chart, p, f, { state, facts: { view }, say, label, ends, change }) {
  const { width, start_x } = state, [least, most] = ends("start_x"), widths = ends("width"), below = p.toY(p.y(1) + 26);
  // The picture grows with the ledge, so the edge follows the pointer at another width than stands there now.
  const [low, high] = view, widthAt = (x) => (x < high ? ((high - width - low) * x + low * width) / (high - x) : Infinity);
  const range = [least, Math.min(width + 4, most)], start = clamp(start_x, view);
  const place = (to) => change({ start_x: snap(to, range) });
  handle(chart, p, "start", [start, f(start)], {
    label: label("start_x"), value: fixed(start_x, 2), step: [0.1, 0], range, move: place, beside: place,
  });
  chart.set("edge", "path", { d: `M${p.x(width)} ${p.y(1)}v14`, class: "axis" });
  handle(chart, { ...p, clampY: p.y }, "width", [Math.min(width, widths[1]), below], {
    label: say("edge"), value: say("value", { width }), step: [0.1, 0], range: widths,
    move: (to, _, byKey) => change({ width: snap(byKey ? to : widthAt(to), widths, 10) }),
  });
}

function drawEnds(chart, p, { outcome, rest, end, view: [, high] }, f, say) {
  const beyond = rest > high, short = { diverges: "diverges short", moves: "still moving" }[outcome];
  const upright = (x) => (Number.isFinite(x) ? `M${p.x(x).toFixed(1)} ${p.high}V${p.y(f(x)).toFixed(1)}` : "");
  chart.set("end", "path", { d: upright(short ? NaN : end), class: "line orange" });
  chart.set("rest", "path", { d: upright(beyond ? NaN : rest), class: "line dashed" });
  const coasts = Number.isNaN(rest) ? "" : say(beyond ? "coasts beyond" : "coasts", { rest });
  drawLabels(chart, p, [
    ["rest label", "ink", beyond ? high : rest, coasts],
    ["end label", "orange", short ? high : end, short ? say(short) : say("ends", { end })],
  ]);
}

// Each label above its mark, as far as the other and the edges of the figure allow.
function drawLabels(chart, p, labels) {
  labels.forEach(([name, cls, , text]) => chart.text(name, 0, p.high - 9, text, `label ${cls}`));
  const shown = labels.filter(([, , , text]) => text).map(([name, , at, text]) => ({ name, at: p.x(at), size: measure(text) }));
  shown.sort((a, b) => a.at - b.at);
  let room = chart.width - 4 - shown.reduce((sum, { size }) => sum + size + 12, -12), from = 76;
  for (const { name, at, size } of shown) {
    const x = Math.max(from, Math.min(at - size / 2, room));
    chart.set(name, "text", { x });
    from = x + size + 12;
    room += size + 12;
  }
}

// A network that learns digits: runs on a plane through its weights, the loss, and what it reads.

import { handle } from "../handle.js";
import { clamp } from "../scales.js";

export const layout = { shape: [374, 415], lines: [7, 3] };

export const words = {
  text: "The plane holds {share:1} % of the variance of the places of all runs; how far off it a run is, it does not show. At step {step} gradient descent with η = {learning_rate:~2} has the loss {gdLoss:3} and misreads {gdWrong} of the ten new digits; momentum with β = {memory:~2} and η = {rate:~3} has the loss {loss:3} and misreads {wrong}.",
  gd: "gradient descent", momentum: "momentum", across: "1st principal direction", up: "2nd", step: "step", loss: "loss, all images",
  handle: "step in the picture", value: "{step}", read: "step {step}: loss {loss:3}", "read both": "step {step}: {loss:3}, gradient descent {gdLoss:3}",
  digits: "ten new digits, and what each reads",
};

export function facts({ batch, compared, beta, step }, { runs, names, betas, learning_rate, share }) {
  const memory = betas.reduce((one, other) => (Math.abs(other - beta) < Math.abs(one - beta) ? other : one));
  const t = Math.round(step), gd = unpacked(runs, batch), momentum = unpacked(runs, `${batch}, ${compared}, ${memory}`);
  return {
    step: t, share, learning_rate, memory, rate: learning_rate * (compared === names.equal ? 1 - memory : 1), gd, momentum,
    gdLoss: gd.loss[t], loss: momentum.loss[t], gdWrong: wrong(gd, t), wrong: wrong(momentum, t),
  };
}

const known = new Map(); // runs, by the words of their controls

// A run comes as changes, in hundredths and thousandths.
function unpacked(runs, name) {
  const added = (changes, parts) => {
    let sum = 0;
    return changes.map((change) => (sum += change) / parts);
  };
  if (!known.has(name)) {
    const { x, y, loss, read } = runs[name];
    known.set(name, { x: added(x, 100), y: added(y, 100), loss: added(loss, 1000), read });
  }
  return known.get(name);
}

// The images are of 0, 1, ..., 9 in this order.
const readAt = ({ read }, t) => [...read.slice(10 * t, 10 * t + 10)].map(Number);
const wrong = (run, t) => readAt(run, t).filter((digit, i) => digit !== i).length;

export const describe = ({ facts, say }) => say("text", facts);

const MAP = 0.56, LOSS = 0.84; // where the panels end, in shares of the height

export function draw(chart, { data, facts, say, change, kept }) {
  const runs = [["gd", facts.gd, "blue", "gradient-descent"], ["momentum", facts.momentum, "orange", "momentum"]];
  drawMap(chart, data, facts, runs, say, kept?.facts.momentum);
  drawLoss(chart, facts, runs, say, change, kept?.facts.momentum);
  drawDigits(chart, data.ink, facts, runs, say);
}

function drawMap(chart, { view, contours, grid }, { step }, runs, say, kept) {
  const p = chart.panel("map", { bottom: MAP, x: view[0], y: view[1], xLabel: say("across"), yLabel: say("up") });
  chart.header(p, runs.toReversed().map(([name, , cls, term]) => [cls, say(name), "line", term]));
  chart.set("contours", "path", {
    d: contours, class: "contours", "vector-effect": "non-scaling-stroke",
    transform: `translate(${p.left} ${p.high}) scale(${(p.right - p.left) / grid} ${(p.low - p.high) / grid})`,
  });
  chart.kept(p, "kept", kept?.x, kept?.y, "orange");
  for (const [name, { x, y }, cls, term] of runs.toReversed()) chart.trace(p, name, x, y, cls, term);
  const [, { x: [x0], y: [y0] }] = runs[0];
  chart.mark(p, "begin", p.x(x0), p.y(y0), 4, "begin");
  for (const [name, { x, y }, cls] of runs) chart.mark(p, `${name} now`, p.x(x[step]), p.y(y[step]), 5, name === "gd" ? "ring blue" : `bars ${cls}`);
  chart.read(p, (x, y) => nearest(p, runs.map(([, run]) => run), x, y, say));
}

function nearest(p, runs, x, y, say) {
  const far = ([run, t]) => Math.hypot(p.x(run.x[t]) - p.x(x), p.y(run.y[t]) - p.y(y));
  const places = runs.flatMap((run) => run.x.map((_, t) => [run, t]));
  const [run, t] = places.reduce((one, other) => (far(other) < far(one) ? other : one));
  return { x: run.x[t], y: run.y[t], text: say("read", { step: t, loss: run.loss[t] }) };
}

function drawLoss(chart, { gd, momentum, step }, runs, say, change, kept) {
  const range = [0, gd.loss.length - 1];
  const p = chart.panel("loss", { top: MAP, bottom: LOSS, x: range, y: [0, 2.5], xLabel: say("step"), yLabel: say("loss") });
  chart.rule(p, "cross", `M${p.x(step).toFixed(1)} ${p.high}V${p.low}`);
  chart.kept(p, "kept loss", null, kept?.loss, "orange");
  for (const [name, { loss }, cls, term] of runs) {
    chart.line(p, `${name} loss`, null, loss, cls, term);
    chart.mark(p, `${name} now`, p.x(step), p.y(loss[step]), 4, name === "gd" ? "ring blue" : `bars ${cls}`);
  }
  chart.read(p, (at) => {
    const t = Math.round(clamp(at, range)), loss = momentum.loss[t];
    return { x: t, y: loss, text: say("read both", { step: t, loss, gdLoss: gd.loss[t] }) };
  });
  const move = (to) => change({ step: clamp(Math.round(to), range) });
  handle(chart, p, "step handle", [step, 2.2], { label: say("handle"), value: say("value", { step }), range, step: [1, 0], move, beside: move });
}

// Ten images in squares of ink, and below each what a run reads; what is wrong stands on a tint.
function drawDigits(chart, ink, { step }, runs, say) {
  const top = LOSS * chart.height, left = 46, cell = (chart.width - 12 - left) / ink.length, size = Math.min(24, cell - 6);
  chart.text("digits", 4, top - 5, say("digits"), "tick");
  ink.forEach((levels, i) => {
    const x = left + (i + 0.5) * cell;
    chart.set(`image ${i}`, "path", { d: squares(levels, x - size / 2, top + 4, size / 8), class: "bars ink" });
    runs.toReversed().forEach(([name, run, cls], row) => {
      const y = top + size + 19 + 15 * row, read = readAt(run, step)[i];
      chart.set(`${name} tint ${i}`, "rect", { x: x - 8, y: y - 11, width: 16, height: read === i ? 0 : 14, class: `tinted ${cls}` });
      chart.text(`${name} read ${i}`, x, y, String(read), `label ${cls}`, "middle");
    });
  });
}

// A square for each of 64 counts of ink from 0 to 16, as large as its share.
function squares(levels, x, y, unit) {
  return [...levels].map((level, k) => {
    const side = unit * Math.sqrt(parseInt(level, 17) / 16), gap = (unit - side) / 2;
    const at = [x + (k % 8) * unit + gap, y + Math.floor(k / 8) * unit + gap].map((place) => place.toFixed(1));
    return side ? `M${at.join(" ")}h${side.toFixed(1)}v${side.toFixed(1)}h-${side.toFixed(1)}Z` : "";
  }).join("");
}

// Many curvatures: momentum's steps for each step of gradient descent, over the learning rate.

import { measure } from "../chart.js";
import { SIZES, TINY } from "../given.js";
import { handle } from "../handle.js";
import { clamp, snap } from "../scales.js";
import { fixed } from "../text.js";
import { convergenceRate, optimalParameters, optimalRate, relativeSteps, stabilityLimit } from "../theory.js";

export const layout = { shape: [374, 360], lines: [9, 4] };

export const words = {
  text: "{against}: {outcome}.{share} {best}", both: "{outcome}, with one curvature and over a spread of {kappa}",
  each: "with one curvature {one}; over a spread of {kappa} {many}",
  "one step": "gradient descent settles in one step, so momentum cannot win",
  share: " With one curvature momentum is the slower one in {share:1} % of gradient descent’s stable range, 0 < ηL < 2.",
  "best pair": "The best pair for this spread is ηL = {learning_rate:3}, β = {beta:3}: {ratio} times the steps of gradient descent at its best.",
  "best of one": "The best pair is ηL = 1 and β = 0, which is gradient descent at its best.",
  title: "{board}: {outcome}", "same rate": "At the same learning rate", "best rate": "Against gradient descent at its best",
  neither: "neither converges", momentum: "only momentum converges", gd: "only gradient descent converges",
  "gd title": "momentum diverges", "one step title": "one step settles it", "both one step": "both settle in one step",
  "as many": "momentum needs as many steps", "as many title": "as many steps",
  times: "momentum needs {ratio} times the steps", "times title": "{ratio} times the steps", tiny: "less than 0.001",
  "no share": " With β = 0 momentum is gradient descent.", handle: "learning rate in the picture",
  scale: "steps of momentum for each step of gradient descent",
  "one curvature": "one curvature",
  "many curvatures": "κ = {kappa}", slower: "slower", faster: "faster", "momentum slower": "momentum slower",
  "momentum faster": "momentum faster", read: "ηL = {x:2}: {ratio} times the steps", "only gd": "only/gradient/descent/converges",
  "only momentum": "only/momentum/converges", none: "neither/converges",
};

const LOW = -2, HIGH = 3; // powers of ten at the ends of the scale
const TINIEST = 0.0005; // a smaller ratio has no digit left

export function facts(state, { grid, edge, best }) {
  const { beta, condition_number, eta_largest } = state, bests = optimalParameters(1 / condition_number, 1);
  const atBest = state.against === best, limit = stabilityLimit(beta);
  const board = (kappa) => {
    const wins = kappa > 1 || !atBest; // nothing is faster than a single step
    const rates = (x) => bothRates(x, kappa, beta, atBest), here = rates(eta_largest);
    const end = !wins ? edge : atBest ? limit : stabilityLimit(0);
    const line = wins ? curve(rates, grid, end, beta, atBest) : [[], []];
    return { kappa, wins, end, rates: here, ratio: relativeSteps(...here), curve: line };
  };
  return {
    atBest, limit, boards: [board(1), board(condition_number)], share: 100 * Math.sqrt(beta),
    best: { ...bests, ratio: relativeSteps(optimalRate(1 / condition_number, 1), bests.rate) },
  };
}

// The two rates, gradient descent's first; what does not converge has infinity.
function bothRates(x, kappa, beta, atBest) {
  const rate = (b) => (x < stabilityLimit(b) * (1 - TINY)
    ? Math.max(convergenceRate(x / kappa, b), convergenceRate(x, b)) : Infinity);
  return [atBest ? optimalRate(1 / kappa, 1) : rate(0), rate(beta)];
}

// The curve ends where one of the two ceases to converge.
function curve(rates, grid, end, beta, atBest) {
  const xs = grid.filter((x) => x < end * (1 - TINY)), last = atBest ? HIGH : beta ? LOW : 0;
  const ys = xs.map((x) => clamp(Math.log10(relativeSteps(...rates(x))), [LOW, HIGH]));
  return [[...xs, end], [...ys, last]];
}

export function describe({ state, facts: { atBest, boards, share, best }, say }) {
  const [one, many] = boards.map((board) => outcome(board, "", say)), kappa = kappaOf(state.condition_number);
  return say("text", {
    against: say(atBest ? "best rate" : "same rate"),
    outcome: one === many ? say("both", { outcome: one, kappa }) : say("each", { one, many, kappa }),
    share: atBest ? "" : say(state.beta === 0 ? "no share" : "share", { share }),
    best: best.rate === 0 ? say("best of one") : say("best pair", { ...best, ratio: times(best.ratio, say) }),
  });
}

// `form` is " title" for the short form above a panel.
function outcome({ rates: [gd, momentum], ratio }, form, say) {
  if (gd === Infinity) return say(momentum === Infinity ? "neither" : "momentum");
  if (momentum === Infinity) return say(`gd${form}`);
  if (gd === 0) return momentum === 0 ? say("both one step") : say(`one step${form}`);
  const text = times(ratio, say);
  return text === fixed(1, 2) ? say(`as many${form}`) : say(`times${form}`, { ratio: text });
}

function times(ratio, say) {
  return ratio < TINIEST ? say("tiny") : fixed(ratio, ratio < 0.1 ? 3 : ratio < 10 ? 2 : ratio < 100 ? 1 : 0);
}

const kappaOf = (kappa) => fixed(kappa, (kappa < 10) + (kappa < 100));

export function draw(chart, { state, data, facts, say, label, ends, change, kept }) {
  const above = 18, space = (chart.height - above - 118) / 2, at = Math.min(state.eta_largest, data.edge);
  chart.text("scale", 4, 13, say("scale"), "tick");
  const panels = facts.boards.map((board, i) => {
    const p = chart.panel(`board${i}`, {
      top: i ? 1 - (space + 58) / chart.height : above / chart.height,
      bottom: i || (above + space + 58) / chart.height,
      x: [0, data.edge], y: [LOW, HIGH], xTicks: i ? undefined : [], xLabel: i ? label("eta_largest") : "",
      yTicks: [0.01, 0.1, 1, 10, 100, 1000].map((value) => [String(value), Math.log10(value)]),
    });
    const [xs, ys] = kept?.facts.boards[i].curve ?? [];
    chart.kept(p, `kept ${i}`, xs, ys, "ink");
    drawBoard(chart, p, board, facts, data.edge, at, say);
    const name = i ? say("many curvatures", { kappa: kappaOf(board.kappa) }) : say("one curvature");
    chart.text(`${p.name} title`, 4, p.high - 9, say("title", { board: name, outcome: outcome(board, " title", say) }));
    return p;
  });
  drawHandle(chart, panels, at, { state, range: ends("eta_largest"), label: say("handle"), change });
}

// The handle stands between the panels, where no mark, no curve and no word is; a press in either panel
// brings it there.
function drawHandle(chart, [panel, { low }], at, { state, range, label, change }) {
  const between = panel.low + 22, p = { ...panel, clampY: panel.y, low }, move = (to) => change({ eta_largest: snap(to, range) });
  chart.set("stem", "path", { d: `M${p.x(at)} ${p.low}V${between}`, class: "line thin orange" });
  handle(chart, p, "rate", [at, p.toY(between)], {
    label, value: fixed(state.eta_largest, 2), range, step: [range[0], 0], move, beside: move,
  });
}

function drawBoard(chart, p, board, facts, edge, at, say) {
  drawFields(chart, p, board, facts, edge);
  drawNames(chart, p, board, facts, edge, say);
  chart.line(p, `${p.name} curve`, ...board.curve, "ink");
  chart.rule(p, "here", `M${p.x(at)} ${p.high}V${p.low}`, "line thin orange");
  chart.mark(p, "mark", p.x(at), p.clampY(Math.log10(board.ratio)), 5, "bars orange");
  const [xs, ys] = board.curve;
  chart.read(p, (to) => {
    const i = xs.findLastIndex((x) => x <= to);
    return i < 0 ? undefined : { x: xs[i], y: ys[i], text: say("read", { x: xs[i], ratio: times(10 ** ys[i], say) }) };
  });
}

// Blue where gradient descent is ahead, orange where momentum is, grey where neither converges.
function drawFields(chart, p, { end, wins }, { atBest, limit }, edge) {
  const one = wins ? 0 : LOW;
  const box = (from, to, low = LOW, high = HIGH) => `M${p.x(from)} ${p.y(low)}H${p.x(to)}V${p.y(high)}H${p.x(from)}Z`;
  const fill = (color, d) => chart.set(`${p.name} ${color}`, "path", { d, class: `tinted ${color}` }, undefined, "ground");
  fill("blue", box(0, end, one) + (atBest ? box(end, edge) : ""));
  fill("orange", box(0, end, LOW, one) + (atBest ? "" : box(end, limit)));
  fill("none", atBest ? "" : box(limit, edge));
  chart.rule(p, "one", `M${p.left} ${p.y(one)}H${p.x(end)}`, "axis");
}

// Names stand where neither the curve nor, in the things to try, the learning rate does.
function drawNames(chart, p, { end, wins }, { atBest, limit }, edge, say) {
  const room = (p.x(end) - p.left) / 2 - 15; // beside the peak in the middle
  const who = room > measure(say("momentum slower"), SIZES.tick) ? "momentum " : "", [x, anchor] = atBest ? [p.left + 6, "start"] : [p.x(end) - 9, "end"];
  chart.text(`${p.name} slower`, atBest ? p.x(0.75 * end) : x, p.high + 15, say(`${who}slower`), "tick", "end");
  chart.text(`${p.name} faster`, x, p.low - 7, wins ? say(`${who}faster`) : "", "tick", anchor);
  stack(chart, p, "after", [end, atBest ? edge : limit], say(atBest ? "only gd" : "only momentum"));
  stack(chart, p, "neither", [atBest ? edge : limit, edge], say("none"));
}

// Words below each other in the middle of a field, if it is wide enough.
function stack(chart, p, name, [from, to], text) {
  const lines = text.split("/"), fits = p.x(to) - p.x(from) > Math.max(...lines.map((line) => measure(line))) + 4;
  for (let row = 0; row < 4; row++) {
    chart.text(`${p.name} ${name} ${row}`, p.x((from + to) / 2), (p.high + p.low) / 2 + 17 * (row - (lines.length - 1) / 2) + 4,
      (fits && lines[row]) || "", "label muted", "middle");
  }
}

// Arrows in a panel, each with its label where there is room.

import { measure } from "./chart.js";
import { within } from "./scales.js";
import { SIZES } from "./given.js";

const SHORT = 24, FAINT = 1000; // a length in pixels; drawn longer or shorter by more, an arrow says nothing

// By how much arrows are drawn longer, or shorter, to be seen whole: 1, 2, 5, 10, ...; 0 is not at all.
function factorOf(longest, room) {
  if (!(longest * FAINT >= SHORT && longest <= room * FAINT)) return 0;
  return longest > room ? 1 / rounded(longest / room) : rounded(Math.max(1, SHORT / longest));
}

// The next of 1, 2, 5, 10, 20, ...
function rounded(x) {
  const ten = 10 ** Math.floor(Math.log10(x));
  return ten * [1, 2, 5, 10].find((m) => m * ten >= x);
}

// Head to tail from (x, y), in values: each arrow has a name, a step `by`, a class and a text; the last
// is the sum of those before it. Returns by how much they are drawn longer.
export function arrows(chart, p, [x, y], all, taken) {
  const steps = all.map(({ by: [dx, dy] }) => [p.x(x + dx) - p.x(x), p.y(y + dy) - p.y(y)]);
  const lengths = steps.map(([dx, dy]) => Math.hypot(dx, dy)), room = (p.low - p.high) / 2;
  const factor = factorOf(Math.max(...lengths), room), sum = all.length - 1;
  const alone = lengths.filter((length) => factor * length >= 1).length < 3; // then the sum is that arrow
  let from = [p.x(x), p.y(y)];
  const drawn = all.map((arrow, i) => {
    const seen = factor * lengths[i] >= 1 && !(i === sum && alone);
    const begin = i === sum ? [p.x(x), p.y(y)] : from, end = begin.map((c, k) => c + factor * steps[i][k]);
    if (seen && i < sum) from = end;
    return { ...arrow, seen, begin, end };
  });
  drawn.forEach((arrow) => line(chart, p, arrow));
  const kept = drawn.filter(({ seen }) => seen), dots = kept.flatMap(along), boxes = [...taken];
  drawn.forEach((arrow) => label(chart, p, arrow, dots, boxes));
  return factor;
}

const along = ({ begin, end }) => [0, 1, 2, 3, 4, 5, 6].map((i) => begin.map((c, k) => c + (i / 6) * (end[k] - c)));

function line(chart, p, { name, cls, seen, begin: [x, y], end: [to, up] }) {
  const length = Math.hypot(to - x, up - y), [dx, dy] = [(to - x) / length, (up - y) / length], size = Math.min(8, length / 2);
  const [bx, by] = [to - size * dx, up - size * dy], side = size / 2, place = (...all) => all.map((c) => c.toFixed(1)).join(" ");
  const head = `M${place(to, up)}L${place(bx - side * dy, by + side * dx)}L${place(bx + side * dy, by - side * dx)}Z`;
  chart.rule(p, `${name} arrow`, seen ? `M${place(x, y)}L${place(bx, by)}` : "", `line ${cls}`);
  chart.rule(p, `${name} head`, seen ? head : "", `bars ${cls}`);
}

// Beside the middle, the end or the beginning of its arrow, on the first free place.
function label(chart, p, { name, cls, seen, begin, end, text }, dots, boxes) {
  const half = measure(text, SIZES.text) / 2, [dx, dy] = [end[0] - begin[0], end[1] - begin[1]], length = Math.hypot(dx, dy) || 1;
  const places = [14, 24, 36, 50].flatMap((far) => [0.5, 1, 0].flatMap((at) => [1, -1].map((side) => {
    const wide = side * (far + (half - 8) * Math.abs(dy / length)) / length; // a text is wider than high
    return [begin[0] + at * dx + wide * dy, begin[1] + at * dy - wide * dx];
  })));
  const box = ([x, y]) => [x - half - 1, y - 8, x + half + 1, y + 8];
  const free = (one) => within(p, one[0], one[1]) && within(p, one[2], one[3]) && !boxes.some((other) => meet(one, other));
  const clear = (one) => !dots.some((dot) => meet(one, [...dot, ...dot]));
  const found = seen && (places.find((at) => free(box(at)) && clear(box(at))) ?? places.find((at) => free(box(at))));
  if (found) boxes.push(box(found));
  const [x, y] = found || begin;
  chart.text(`${p.name} ${name} label`, found ? x : 0, found ? y + 4.5 : 0, found ? text : "", `label over ${cls}`, "middle");
}

const meet = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

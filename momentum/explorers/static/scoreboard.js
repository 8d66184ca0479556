// Many curvatures: momentum's steps for each step of gradient descent, over the learning rate.

explorers.scoreboard = {
  draw(chart, state, data, act) {
    const above = 18, room = (chart.height - above - 118) / 2, at = Math.min(state.learning_rate, data.edge);
    chart.text("scale", 4, 13, "steps of momentum for each step of gradient descent", "tick");
    const panels = [1, state.condition_number].map((kappa, i) => {
      const name = `board${i}`;
      ["none", "blue", "orange"].forEach((color) => chart.set(`${name} ${color}`, "path", {})); // below the axes
      const p = chart.panel(name, {
        top: i ? 1 - (room + 58) / chart.height : above / chart.height,
        bottom: i || (above + room + 58) / chart.height,
        x: [0, data.edge], y: [-2, 3], yTicks: [], xTicks: i ? [0, 1, 2, 3, 4] : [],
        xLabel: i ? "learning rate × largest curvature ηL" : "",
      });
      scoreboard_panel(chart, p, state, kappa, data.grid, at);
      const title = i ? `κ = ${scoreboard_kappa(kappa)}` : "one curvature";
      const says = scoreboard_says(scoreboard_rates(state, kappa, state.learning_rate));
      chart.text(`${name} title`, 4, p.high - 9, `${title}: ${says}`);
      return p;
    });
    // The handle stands between the panels, where no mark, no curve and no word is.
    const range = [0.02, data.edge], p = { ...panels[0], clampY: panels[0].y }, between = p.low + 22;
    chart.set("stem", "path", { d: `M${p.x(at)} ${p.low}V${between}`, class: "line thin orange" });
    chart.handle(p, "rate", [at, p.toY(between)], {
      label: "learning rate × largest curvature", says: fixed(state.learning_rate, 2), range, step: [0.02, 0],
      move: (to) => act({ learning_rate: snap(to, range) }),
    });
  },

  describe(state) {
    const { learning_rate: x, condition_number: kappa, beta } = state, best = scoreboard_best(state);
    const [one, many] = [1, kappa].map((k) => scoreboard_says(scoreboard_rates(state, k, x), "momentum needs "));
    const spread = `over a spread of ${scoreboard_kappa(kappa)}`;
    const says = one === many ? `${one}, with one curvature and ${spread}` : `with one curvature ${one}; ${spread} ${many}`;
    const start = best ? "Against gradient descent at its best" : "At the same learning rate";
    const share = best ? "" : beta === 0 ? " With β = 0 momentum is gradient descent."
      : ` With one curvature momentum is the slower one in ${fixed(100 * Math.sqrt(beta), 1)} % of ` +
        "gradient descent’s stable range, 0 < ηL < 2.";
    return `${start}: ${says}.${share}${scoreboard_pair(kappa)}`;
  },
};

// --- the numbers

const scoreboard_best = ({ against }) => against === "at its best learning rate";

// The two rates, gradient descent's first; what does not converge has infinity.
function scoreboard_rates(state, kappa, x) {
  const ends = [1 / kappa, 1], { beta } = state;
  const rate = (b) => (x < stability_limit(b) * (1 - TINY)
    ? Math.max(...ends.map((a) => roots(x * a, b).rate)) : Infinity);
  return [scoreboard_best(state) ? (1 - ends[0]) / (1 + ends[0]) : rate(0), rate(beta)];
}

// Momentum's steps over gradient descent's: 0, infinite or NaN where one has none.
function scoreboard_ratio(gd, momentum) {
  if (gd === momentum) return gd === Infinity ? NaN : 1;
  if (gd === Infinity) return 0;
  return momentum === Infinity ? Infinity : Math.log(gd) / Math.log(momentum);
}

// --- the words

function scoreboard_says([gd, momentum], needs = "") {
  if (gd === Infinity) return momentum === Infinity ? "neither converges" : "only momentum converges";
  if (momentum === Infinity) return needs ? "only gradient descent converges" : "momentum diverges";
  if (gd === 0) {
    if (momentum === 0) return "both settle in one step";
    return needs ? "gradient descent settles in one step, so momentum cannot win" : "one step settles it";
  }
  const ratio = scoreboard_times(scoreboard_ratio(gd, momentum));
  return needs + (ratio === "1.00" ? "as many steps" : `${ratio} times the steps`);
}

function scoreboard_times(ratio) {
  if (ratio < 0.0005) return "less than 0.001";
  return fixed(ratio, ratio < 0.1 ? 3 : ratio < 10 ? 2 : ratio < 100 ? 1 : 0);
}

const scoreboard_kappa = (kappa) => fixed(kappa, (kappa < 10) + (kappa < 100));

function scoreboard_pair(kappa) {
  const low = Math.sqrt(1 / kappa), rate = (1 - low) / (1 + low), gd = (1 - 1 / kappa) / (1 + 1 / kappa);
  if (rate === 0) return " The best pair is ηL = 1 and β = 0, which is gradient descent at its best.";
  return ` The best pair for this spread is ηL = ${fixed(4 / ((low + 1) * (low + 1)), 3)}, ` +
    `β = ${fixed(rate * rate, 3)}: ${scoreboard_times(scoreboard_ratio(gd, rate))} times the steps of ` +
    "gradient descent at its best.";
}

// --- drawn

function scoreboard_panel(chart, p, state, kappa, grid, at) {
  scoreboard_ground(chart, p, state, kappa);
  const [xs, ys] = scoreboard_curve(state, kappa, grid);
  chart.line(p, `${p.name} curve`, xs, ys, "ink");
  chart.set(`${p.name} here`, "path", { d: `M${p.x(at)} ${p.high}V${p.low}`, class: "line thin orange" });
  const ratio = scoreboard_ratio(...scoreboard_rates(state, kappa, state.learning_rate));
  chart.set(`${p.name} mark`, "circle", {
    cx: p.x(at), cy: p.clampY(Math.log10(ratio) || 0), r: Number.isNaN(ratio) ? 0 : 5, class: "bars orange",
  });
}

// Nothing is faster than a single step.
const scoreboard_may_win = (state, kappa) => kappa > 1 || !scoreboard_best(state);

// The learning rate up to which there is a contest.
function scoreboard_end(state, kappa) {
  if (!scoreboard_may_win(state, kappa)) return 4;
  return scoreboard_best(state) ? stability_limit(state.beta) : 2;
}

function scoreboard_ground(chart, p, state, kappa) {
  const end = scoreboard_end(state, kappa), limit = stability_limit(state.beta);
  const wins = scoreboard_may_win(state, kappa), one = wins ? 0 : -2, best = scoreboard_best(state);
  const box = (from, to, low = -2, high = 3) => `M${p.x(from)} ${p.y(low)}H${p.x(to)}V${p.y(high)}H${p.x(from)}Z`;
  const fill = (color, d) => chart.set(`${p.name} ${color}`, "path", { d, class: `tinted ${color}` });
  fill("blue", box(0, end, one) + (best ? box(end, 4) : ""));
  fill("orange", box(0, end, -2, one) + (best ? "" : box(2, limit)));
  fill("none", best ? "" : box(limit, 4));
  chart.set(`${p.name} one`, "path", { d: `M${p.left} ${p.y(one)}H${p.x(end)}`, class: "axis" });
  [0.01, 0.1, 1, 10, 100, 1000].forEach((value, row) =>
    chart.text(`${p.name} scale ${row}`, p.left - 5, p.y(row - 2) + 4, label(value), "tick", "end"));
  const who = chart.width > 450 ? "momentum " : "";
  // Where neither the curve nor, in the things to try, the learning rate stands.
  const [x, anchor] = best ? [p.left + 6, "start"] : [p.x(end) - 9, "end"];
  chart.text(`${p.name} slower`, best ? p.x(0.75 * end) : x, p.high + 15, `${who}slower`, "tick", "end");
  chart.text(`${p.name} faster`, x, p.low - 7, wins ? `${who}faster` : "", "tick", anchor);
  scoreboard_words(chart, p, "after", [end, best ? 4 : limit],
    best ? ["only", "gradient", "descent", "converges"] : ["only", "momentum", "converges", ""]);
  scoreboard_words(chart, p, "neither", [best ? 4 : limit, 4], ["neither", "converges"]);
}

// Words below each other in the middle of a field, if it is wide enough.
function scoreboard_words(chart, p, name, [from, to], words) {
  const fits = p.x(to) - p.x(from) > 7 * Math.max(...words.map((word) => word.length));
  words.forEach((word, row) => chart.text(`${p.name} ${name} ${row}`, p.x((from + to) / 2),
    (p.high + p.low) / 2 + 17 * (row - (words.length - 1) / 2) + 4, fits ? word : "", "label muted", "middle"));
}

// The curve ends where one of the two ceases to converge.
function scoreboard_curve(state, kappa, grid) {
  if (!scoreboard_may_win(state, kappa)) return [[], []];
  const end = scoreboard_end(state, kappa), far = (y) => Math.min(Math.max(y, -9), 9);
  const xs = grid.filter((x) => x < end * (1 - TINY)), last = scoreboard_best(state) ? 9 : state.beta ? -9 : 0;
  const ys = xs.map((x) => far(Math.log10(scoreboard_ratio(...scoreboard_rates(state, kappa, x)))));
  return [[...xs, end], [...ys, last]];
}

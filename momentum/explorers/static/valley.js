// One curvature: gradient descent and momentum over the steps, and what theory predicts of them.

explorers.valley = {
  draw(chart, state, data) {
    const [gd, momentum] = valley_runs(state, data), shown = valley_shown(gd, momentum, data);
    const p = chart.panel("main", { x: [0, shown], y: [-1.6, 1.6], xLabel: "step", yLabel: "w" });
    chart.set("zero", "path", { d: `M${p.left} ${p.y(0)}H${p.right}`, class: "grid" });
    chart.line(p, "momentum", null, valley_seen(momentum, shown), "orange thin");
    chart.line(p, "gd", null, valley_seen(gd, shown), "blue"); // above, for it may be the calmer one
    chart.header(p, [["blue", "gradient descent"], ["orange", "momentum"]]);
  },

  describe(state, data) {
    const [gd, momentum] = valley_runs(state, data);
    return `Gradient descent ${valley_says(state.learning_rate, 0, gd)}. ` +
      `Momentum ${valley_says(state.learning_rate, state.beta, momentum)}.`;
  },
};

function valley_runs({ learning_rate, beta }, { steps }) {
  const bowl = surfaces.quadratic([1]);
  return [
    descend(bowl, [1], rules.GradientDescent({ learning_rate }), steps).path,
    descend(bowl, [1], rules.Momentum({ learning_rate, beta }), steps).path,
  ];
}

const valley_settles = (path) => settling_time(path.map(Math.abs));
const valley_diverges = (path) => Math.abs(path.at(-1)) > 1;

// The fewest of some steps that show how both runs settle, so that the quicker one is seen, too.
function valley_shown(gd, momentum, { steps, shown }) {
  const times = [gd, momentum].filter((path) => !valley_diverges(path)).map(valley_settles);
  return shown.find((count) => times.every((time) => time <= count)) ?? steps;
}

// A run that diverges is drawn up to where it leaves the picture.
function valley_seen(path, shown) {
  const out = valley_diverges(path) ? path.findIndex((w) => Math.abs(w) > 1.6) : -1;
  return path.subarray(0, Math.min(out < 0 ? Infinity : out, shown) + 1);
}

function valley_says(x, beta, path) {
  const { half, inside, rate } = roots(x, beta);
  if (rate >= 1) return rate > 1 ? `diverges, by a factor of ${fixed(rate, 3)} a step` : "neither settles nor diverges";
  const settles = valley_settles(path);
  const time = Number.isFinite(settles) ? `settles to 1 % in ${settles} steps` : `has not settled to 1 % in ${path.length - 1} steps`;
  const long = `, rate ${fixed(rate, 4)}`;
  if (inside < 0) {
    const period = 2 * Math.PI / Math.acos(half / Math.sqrt(beta));
    const overshoot = 100 * Math.max(0, -path.reduce((a, b) => Math.min(a, b)));
    return `oscillates with period ${fixed(period, 1)} steps, overshoots by ${fixed(overshoot, 0)} %, ${time}${long}`;
  }
  return `${half < 0 ? "jumps from side to side" : "is monotone"}, ${time}${long}`;
}

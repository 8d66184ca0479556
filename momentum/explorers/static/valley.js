// One curvature: gradient descent and momentum over the steps, and what theory predicts of them.

explorers.valley = {
  draw(chart, state, data) {
    const [gd, momentum] = valley_runs(state, data);
    const p = chart.panel("main", {
      x: [0, data.steps], y: [-1.6, 1.6], xLabel: "step", yLabel: "w",
    });
    chart.set("zero", "path", { d: `M${p.left} ${p.y(0)}H${p.right}`, class: "grid" });
    chart.line(p, "gd", null, gd, "blue");
    chart.line(p, "momentum", null, momentum, "orange");
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

function valley_says(x, beta, path) {
  const { half, inside, rate } = roots(x, beta);
  if (rate >= 1) return rate > 1 ? `diverges, by a factor of ${fixed(rate, 3)} a step` : "neither settles nor diverges";
  const settles = settling_time(path.map(Math.abs));
  const time = Number.isFinite(settles) ? `settles to 1 % in ${settles} steps` : `has not settled to 1 % in ${path.length - 1} steps`;
  const long = `, rate ${fixed(rate, 4)}`;
  if (inside < 0) {
    const period = 2 * Math.PI / Math.acos(half / Math.sqrt(beta));
    const overshoot = 100 * Math.max(0, -path.reduce((a, b) => Math.min(a, b)));
    return `oscillates with period ${fixed(period, 1)} steps, overshoots by ${fixed(overshoot, 0)} %, ${time}${long}`;
  }
  return `${half < 0 ? "jumps from side to side" : "is monotone"}, ${time}${long}`;
}

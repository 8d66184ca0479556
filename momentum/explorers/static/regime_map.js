// One curvature: the regimes over learning rate and beta, and the run at the marked pair.

explorers.regime_map = {
  draw(chart, state, data, act) {
    const map = data.maps[state.method], split = 0.6, { learning_rate, beta } = state;
    chart.set("diverging", "path", {}); // lies below the axes
    const p = chart.panel("map", {
      bottom: split, x: [0, map.edge], y: [0, 1], xTicks: map.ticks,
      xLabel: "learning rate × curvature ηλ", yLabel: "momentum β",
    });
    const size = `${state.method} ${chart.width} ${chart.height}`;
    if (chart.mapped !== size) regime_map_draw(chart, p, map); // not in every redraw
    chart.mapped = size;
    regime_map_run(chart, split, state, data);
    const at = [Math.min(learning_rate, map.edge), beta];
    regime_map_handle(chart, p, at, state, act);
  },

  describe(state, data) {
    const { method, learning_rate: x, beta } = state, nesterov = method === "Nesterov";
    const name = beta === 0 ? "Gradient descent (β = 0)" : nesterov ? "Nesterov’s form" : "Momentum";
    const limit = stability_limit(beta, nesterov), { rate } = roots(x, beta, nesterov);
    const bound = `the stability limit ${nesterov ? "2(1 + β)/(1 + 2β)" : "2(1 + β)"} = ${fixed(limit, 3)}`;
    if (Math.abs(x - limit) <= TINY * limit) {
      return `${name} is at ${bound}: it neither settles nor diverges, it jumps from side to side for ever.`;
    }
    if (x > limit) {
      return `${name} diverges, by a factor of ${fixed(rate, 4)} a step: ηλ is beyond ${bound}.` +
        (x < stability_limit(beta) * (1 - TINY) ? " Momentum in its raw form would converge." : "");
    }
    const time = settling_time(regime_map_path(state, data.steps).path.map(Math.abs));
    if (rate === 0) {
      return `${name} has the rate 0: both roots are 0, and it settles in ${time} step${time > 1 ? "s" : ""}.`;
    }
    return `${name} ${regime_map_says(roots(x, beta, nesterov), time)}` +
      (x > 2 ? " Gradient descent, whose limit is 2, would diverge." : "");
  },
};

function regime_map_path({ method, learning_rate, beta }, steps) {
  const rule = rules[method === "Nesterov" ? method : "Momentum"]({ learning_rate, beta });
  return descend(surfaces.quadratic([1]), [1], rule, steps);
}

function regime_map_says({ product, half, inside, rate }, time) {
  const double = Math.abs(inside) <= TINY * product, says = fixed(rate, 4);
  const period = () => fixed(2 * Math.PI / Math.acos(half / Math.sqrt(product)), 1);
  const manner = double && half > 0 ? `is critically damped: its two roots have met, at ${says}`
    : double ? `is where oscillating meets jumping: its two roots have met, at −${says}`
      : inside < 0 ? `oscillates with period ${period()} steps; its rate is ${says}`
        : `${half < 0 ? "jumps from side to side" : "is monotone"}; its rate is ${says}`;
  const predicted = rate < 1 ? Math.log(0.01) / Math.log(rate) : Infinity;
  return `${manner}. The rate predicts ${fixed(predicted, 1)} steps to 1 %; the run ` +
    (Number.isFinite(time) ? `takes ${time}` : "has not settled in 10,000") +
    (double ? ", for at a double root the error shrinks like t times the t-th power of the rate." : ".");
}

function regime_map_draw(chart, p, { diverging, edges, contours, labels, names }) {
  chart.header(p, [["muted thin", "convergence rate"]]);
  const outline = ([xs, ys]) => `M${xs.map((x, i) => `${p.x(x).toFixed(1)} ${p.y(ys[i]).toFixed(1)}`).join("L")}`;
  chart.set("diverging", "path", { d: outline(diverging), class: "tinted" });
  chart.set("contours", "path", { d: contours.map(outline).join(""), class: "line muted thin" });
  chart.set("edges", "path", { d: edges.map(outline).join(""), class: "line dashed" });
  const dotted = names.filter(([, , , dot]) => dot);
  chart.set("leaders", "path", {
    d: dotted.map(([, x, y, dot]) => `M${p.x(dot)} ${p.y(y)}H${p.x(x - 0.05)}`).join(""), class: "axis",
  });
  chart.dots(p, "leader ends", dotted.map(([, , , dot]) => dot), dotted.map(([, , y]) => y), "muted");
  for (let i = 0; i < 5; i++) {
    const [text, x, y] = labels[i] ?? ["", 0, 0];
    chart.tag(`contour ${i}`, p.x(x), p.y(y) + 4, text, "tick");
  }
  names.forEach(([text, x, y], i) =>
    chart.text(`name ${i}`, p.x(x), p.y(y) + 4, text, text === "diverging" ? "" : "over"));
}

function regime_map_run(chart, split, state, data) {
  const n = data.shown, { path, gradients } = regime_map_path(state, n);
  const v = velocity(gradients, state.beta), step = [], plane = [1, 0];
  for (let t = 0; t <= n; t++) step.push(t, path[t]);
  for (let t = 1; t <= n; t++) plane.push(path[t], v[t - 1]);
  const y = [-1.6, 1.6], high = [1.6, 2, 4, 8, 12].find((h) => 1.2 / Math.sqrt(state.learning_rate) <= h) ?? 16;
  const run = chart.panel("run", { top: split, right: 0.58, x: [0, n], y, xLabel: "step", yLabel: "w" });
  regime_map_cross(chart, run, `M${run.left} ${run.y(0)}H${run.right}`);
  const color = regime_map_color(state);
  chart.trace(run, "run", step, color);
  const p = chart.panel("plane", {
    top: split, left: 0.58, x: y, y: [-high, high], xTicks: [-1, 0, 1], xLabel: "w", yLabel: "velocity v",
  });
  regime_map_cross(chart, p, `M${p.left} ${p.y(0)}H${p.right}M${p.x(0)} ${p.high}V${p.low}`);
  chart.trace(p, "plane", plane, color);
  chart.set("begin", "circle", { cx: p.x(1), cy: p.y(0), r: 4, class: "begin" });
}

const regime_map_color = ({ method }) => (method === "Nesterov" ? "green" : "orange");
const regime_map_cross = (chart, p, d) => chart.set(`${p.name} cross`, "path", { d, class: "grid" });

function regime_map_handle(chart, p, [x, beta], state, act) {
  chart.handle(p, "pair", [x, beta], {
    label: "learning rate × curvature and momentum",
    says: `ηλ = ${fixed(state.learning_rate, 2)}, β = ${fixed(beta, 3)}`,
    step: [0.05, 0.02], range: [0.01, 4.2], anywhere: true,
    move: (to, up) => act({
      learning_rate: snap(to, [0.01, 4.2]), beta: snap(up, [0, 0.999], up < 0.9 ? 100 : 1000),
    }),
  });
  chart.set("mark", "circle", {
    cx: p.x(x), cy: p.y(beta), r: 3.5, class: `bars ${regime_map_color(state)}`, style: "pointer-events:none",
  });
  const beyond = state.learning_rate > x ? `${fixed(state.learning_rate, 2)} →` : "";
  chart.text("beyond", p.right - 2, p.y(beta) - 18, beyond, "label", "end");
}

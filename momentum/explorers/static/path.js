// Gradient descent beside momentum on a map, and the arithmetic of the step the scrubber stands on.

const path_surfaces = {
  ledge: surfaces.plateau(2, 2),
  saddle: surfaces.saddle(),
  bowl: surfaces.quadratic([1, 10]),
  himmelblau: surfaces.himmelblau(),
};

explorers.path = {
  draw(chart, state, data, act) {
    const runs = path_runs(state, data), { view, minima, contours } = data.surfaces[state.surface];
    const below = Math.max(104, 0.26 * chart.height) / chart.height;
    const p = chart.panel("map", {
      bottom: 1 - below, x: view[0], y: view[1], xLabel: "x", yLabel: "y",
    });
    chart.header(p, [["blue", "gradient descent"], ["orange", "momentum"]]);
    path_contours(chart, p, contours);
    ["blue", "orange"].forEach((color, i) => chart.trace(p, color, runs[i].path));
    path_minima(chart, p, minima);
    path_marks(chart, p, runs, path_step(state));
    path_bars(chart, 1 - below, state, data.bars);
    path_handle(chart, p, path_start(state, view), view, act);
  },

  describe(state, data) {
    const { view, minima } = data.surfaces[state.surface], [gd, momentum] = path_runs(state, data);
    const start = path_start(state, view), step = path_step(state);
    const moved = start[0] === state.start_x && start[1] === state.start_y ? ""
      : `Start moved into the view: ${path_pair(start, 2)}. `;
    return `${moved}After ${data.steps} steps: gradient descent ${path_ends(gd, minima)}, ` +
      `momentum ${path_ends(momentum, minima)}. ${path_arithmetic(momentum, state, step)}.`;
  },
};

const path_step = ({ step }) => Math.round(step); // a link may ask for half a step

const path_start = ({ start_x, start_y }, view) =>
  [start_x, start_y].map((x, i) => Math.min(Math.max(x, view[i][0]), view[i][1]));

function path_runs(state, data) {
  const surface = path_surfaces[state.surface];
  const start = path_start(state, data.surfaces[state.surface].view);
  return [rules.GradientDescent(state), rules.Momentum(state)]
    .map((rule) => descend(surface, start, rule, data.steps));
}

// --- words

function path_number(x, digits = 3) {
  const text = fixed(x, digits);
  return /^−[0.]+$/.test(text) ? text.slice(1) : text;
}

const path_pair = ([x, y], digits = 3) => `(${path_number(x, digits)}, ${path_number(y, digits)})`;

const path_largest = (...pairs) => Math.max(...pairs.flat().map(Math.abs));

function path_ends({ path }, minima) {
  const start = [path[0], path[1]], end = [path.at(-2), path.at(-1)];
  if (!(path_largest(end) / 1e6 <= Math.max(1, path_largest(start)))) return "diverges";
  const distances = minima.map(([x, y]) => {
    const dx = end[0] - x, dy = end[1] - y;
    return Math.sqrt(dx * dx + dy * dy);
  });
  const least = Math.min(...distances);
  return `${path_number(least)} from minimum ${path_pair(minima[distances.indexOf(least)], 2)}`;
}

function path_arithmetic({ path, gradients }, { learning_rate, beta }, step) {
  let v = [0, 0], kept, g;
  for (let t = 0; t <= step; t++) {
    g = [gradients[2 * t], gradients[2 * t + 1]];
    kept = [beta * v[0], beta * v[1]];
    v = [kept[0] + g[0], kept[1] + g[1]];
  }
  const at = path_point(path, step), w = path_point(path, step + 1), move = v.map((x) => learning_rate * x);
  if (!(path_largest(w, v, g) <= 1e6)) return `At step ${step} momentum is out of reach, its numbers have passed a million`;
  return `At step ${step} momentum stands at w = ${path_pair(at)}: ` +
    `βv = ${path_pair(kept)}, g = ${path_pair(g)}, v = βv + g = ${path_pair(v)}, ` +
    `ηv = ${path_pair(move)}, so it goes to w − ηv = ${path_pair(w)}. ` +
    `Share of the newest gradient: ${path_number(100 * path_shares(beta, step + 1)[0], 1)} %`;
}

// What part of the velocity each of `count` gradients has, the newest first.
function path_shares(beta, count) {
  const weights = [1];
  while (weights.length < count) weights.push(weights.at(-1) * beta);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

// --- the map

function path_contours(chart, p, contours) {
  // The long outline is handed over once, not in every redraw.
  const changed = chart.parts.get("contours")?.getAttribute("d") !== contours;
  chart.set("contours", "path", {
    ...(changed && { d: contours }), class: "contours", "vector-effect": "non-scaling-stroke",
    transform: `translate(${p.left} ${p.high}) scale(${(p.right - p.left) / 1000} ${(p.low - p.high) / 1000})`,
  });
}

function path_minima(chart, p, minima) {
  const cross = ([x, y]) => `M${p.x(x) - 5} ${p.y(y)}h10m-5 -5v10`;
  chart.set("minima", "path", { d: minima.map(cross).join(""), class: "axis" });
}

const path_point = (path, t) => [path[2 * t], path[2 * t + 1]];

// Where both stand at a step, gradient descent's mark hollow, and where the step leads momentum.
function path_marks(chart, p, [gd, momentum], step) {
  path_mark(chart, p, "gd", path_point(gd.path, step), 5, "ring blue");
  const from = path_point(momentum.path, step), to = path_point(momentum.path, step + 1);
  const ends = [p.x(from[0]), p.y(from[1]), p.x(to[0]), p.y(to[1])];
  chart.set("move", "path", { d: ends.every(Number.isFinite) ? cut(p, ...ends) : "", class: "line ink" });
  path_mark(chart, p, "momentum", from, 6, "bars orange");
  path_mark(chart, p, "goes to", to, 4, "begin");
}

function path_mark(chart, p, name, w, size, cls) {
  const [x, y] = [p.x(w[0]), p.y(w[1])], seen = within(p, x, y);
  chart.set(`${name} mark`, "circle", { cx: seen ? x : 0, cy: seen ? y : 0, r: seen ? size : 0, class: cls });
}

function path_handle(chart, p, start, view, act) {
  chart.handle(p, "start", start, {
    label: "start",
    says: `x = ${path_number(start[0], 2)}, y = ${path_number(start[1], 2)}`,
    step: view.map(([low, high]) => (high - low) / 50), range: view[0],
    move: (x, y) => act({ start_x: snap(x, view[0]), start_y: snap(y, view[1]) }),
  });
}

// --- the shares

function path_bars(chart, top, { beta, step }, most) {
  const count = Math.round(step) + 1, shares = path_shares(beta, count).slice(0, most);
  const high = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1].find((bound) => shares[0] <= bound);
  const which = count > most ? `, ${most} newest of ${count}` : "";
  const p = chart.panel("shares", {
    top, x: [-0.6, most - 0.4], y: [0, high], xTicks: [0, 5, 10, 15], yTicks: [0, high],
    xLabel: `age of the gradient in steps${which}`, yLabel: "share of each past gradient in the step",
  });
  chart.bars(p, "bars", shares, "orange");
}

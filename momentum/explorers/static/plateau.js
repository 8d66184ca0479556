// The plateau: a ball on the ledge, where the coasting law stops it, and where it does stop.

explorers.plateau = {
  draw(chart, state, data, act) {
    const x = plateau_run(state, data), surface = surfaces.plateau(state.width), f = (a) => surface.f([a]);
    const view = plateau_view(state), [low, high] = view, seen = plateau_seen(x, view);
    const heights = seen.map(f), top = 1.05 * Math.max(7.2, ...heights);
    const p = chart.panel("main", { x: view, y: [-0.17 * top, top], xLabel: "x", yLabel: "cost f(x)" });
    chart.set("profile", "path", { d: plateau_profile(p, state, surface, top), class: "line muted" });
    plateau_places(chart, p, state, f);
    chart.dots(p, "trail", seen, heights, "orange");
    plateau_marks(chart, p, state, x, f);
    const inside = (a) => Math.min(Math.max(a, low), high), ball = x[plateau_step(state)];
    chart.set("ball", "circle", {
      cx: p.x(inside(ball) || 0), cy: p.y(f(inside(ball)) || 0), r: 7, class: "bars orange",
      style: "stroke:var(--ink);stroke-width:1.5;pointer-events:none",
      visibility: Number.isFinite(ball) ? "visible" : "hidden",
    });
    const start = inside(state.start_x), range = [-6, Math.min(state.width + 4, 16)];
    chart.handle(p, "start", [start, f(start)], {
      label: "start x", says: plateau_at(state.start_x), step: [0.1, 0], range,
      move: (to) => act({ start_x: snap(to, range) }),
    });
  },

  describe(state, data) {
    const x = plateau_run(state, data), { width, start_x } = state, slope = [];
    surfaces.plateau(width).gradient([start_x], slope);
    if (slope[0] === 0) {
      const place = start_x > width ? "in C, the minimum" : "on flat ground";
      return `The ball starts ${place}, where the gradient is 0. It never moves.`;
    }
    const first = plateau_starts(state);
    return `${first}${plateau_rolls(state, x, first ? "It" : "The ball")} ${plateau_stands(state, x)}`;
  },
};

function plateau_run({ learning_rate, beta, width, start_x }, { steps }) {
  const rule = rules.Momentum({ learning_rate, beta });
  return descend(surfaces.plateau(width), [start_x], rule, steps).path;
}

// --- what happens in a run

// The step that first leads from the slope to the ledge or beyond; 0 if none does. A step below
// 1e-12 is none: it is the rounding error of a run that ends at the edge.
function plateau_entry(x) {
  for (let t = 1; t < x.length; t++) {
    const step = x[t] - x[t - 1];
    if (x[t - 1] < 0 && x[t] >= 0 && step > 1e-12 && Number.isFinite(step)) return t;
  }
  return 0;
}

function plateau_coasts_to(x, beta) {
  const t = plateau_entry(x);
  return t ? x[t] + (x[t] - x[t - 1]) * beta / (1 - beta) : undefined;
}

function plateau_end(x, { width, beta }) {
  const end = x.at(-1), late = x.subarray(-100);
  if (!(Math.abs(end) / 1e6 <= Math.max(1, Math.abs(x[0])))) return "diverges";
  const last = Math.abs(end - x.at(-2));
  if (x[0] < 0 && !plateau_entry(x) && late.every((a) => a > -0.005)) return "edge";
  if (end >= 0 && end <= width && last * beta <= 0.0005 * (1 - beta)) return "ledge";
  return late.every((a) => Math.abs(a - (width + 2)) <= 0.005) ? "C" : "moves";
}

// After how many steps, of at most 60, a run that moves repeats itself; 0 if not.
function plateau_period(x) {
  const last = x.length - 1;
  if (!(Math.abs(x[last] - x[last - 1]) > 1e-3)) return 0;
  for (let p = 2; p <= 60; p++) {
    let i = 0;
    while (i < p && Math.abs(x[last - i] - x[last - i - p]) < 1e-6) i++;
    if (i === p) return p;
  }
  return 0;
}

// --- in words

const plateau_step = ({ step }) => Math.round(step);
const plateau_view = ({ width }) => [-6.5, width + 5];
const plateau_at = (x, digits = 2) => fixed(2 * Math.abs(x) < 0.1 ** digits ? 0 : x, digits);

function plateau_outside(state, x) {
  const [low, high] = plateau_view(state);
  return low <= x && x <= high ? "" : ", outside the picture";
}

function plateau_starts(state) {
  const { start_x, width } = state, outside = plateau_outside(state, start_x);
  if (start_x > width) return `The ball starts ${outside && "far "}behind the ledge, at ${plateau_at(start_x)}. `;
  return outside && `The ball starts at ${plateau_at(start_x)}${outside}. `;
}

function plateau_rolls(state, x, ball) {
  const t = plateau_entry(x), end = plateau_end(x, state), { width, beta, start_x } = state;
  if (!t) return plateau_stays_out(state, x, end, ball);
  return `${ball} ${x[t] > width ? "leaps over" : "enters"} the ledge` +
    `${start_x > width ? " from the slope" : ""} after ${t} step${t > 1 ? "s" : ""} with a step of ` +
    `${fixed(x[t] - x[t - 1], 3)}. The coasting law carries it to ${fixed(plateau_coasts_to(x, beta), 3)}. ` +
    `The ledge is ${fixed(width, 2)} wide${plateau_then(state, x, t, end)}`;
}

function plateau_then(state, x, t, end) {
  const at = plateau_at(x.at(-1)), on = plateau_goes_on(state, x, end), after = x.subarray(t);
  if (!after.some((a) => a > state.width)) {
    return end === "ledge" ? `, so it stalls on the ledge at ${at}, at cost 1.00.` : `. ${on}`;
  }
  if (on) return `, so it crosses. ${on}`;
  const again = after.some((a) => a < 0) && "rolls back to the slope, and at last";
  return end === "ledge"
    ? `, so it crosses, ${again || "rolls back and"} stops on the ledge at ${at}.`
    : `, so it crosses, ${again || "and"} comes to rest in C at ${at}.`;
}

function plateau_stays_out(state, x, end, ball) {
  const at = plateau_at(x.at(-1));
  if (end === "C") return `${ball} comes to rest in C at ${at}.`;
  if (end === "ledge") return `${ball} rolls back and stops on the ledge at ${at}, at cost 1.00.`;
  if (end === "edge") return `${ball} never enters the ledge: it stops at its edge, at cost 1.00.`;
  if (end === "moves" && state.start_x < 0) {
    return `${ball} has not reached the ledge after ${x.length - 1} steps: it is still on the slope, at ${at}.`;
  }
  return plateau_goes_on(state, x, end);
}

function plateau_goes_on({ beta }, x, end) {
  const period = end === "moves" && plateau_period(x);
  if (period) return `After ${x.length - 1} steps it repeats a cycle of ${period} steps.`;
  if (end === "moves") return `After ${x.length - 1} steps it is still moving, at ${plateau_at(x.at(-1))}.`;
  const limit = fixed(stability_limit(beta), 3);
  return end === "diverges" ? `The run diverges: the limit of the learning rate is 2(1 + β) = ${limit}.` : "";
}

function plateau_stands(state, x) {
  const t = plateau_step(state), move = x[t + 1] - x[t];
  if (!Number.isFinite(x[t])) return `At step ${t} it is out of all bounds.`;
  const on = Number.isFinite(move) ? `, from where it moves by ${plateau_at(move, 3)}` : "";
  return `At step ${t} it stands at ${plateau_at(x[t])}${plateau_outside(state, x[t])}${on}.`;
}

// --- drawn

// The places of a run that the eye can tell apart.
function plateau_seen(x, [low, high]) {
  const apart = (high - low) / 600, seen = [];
  for (const a of x) {
    if (a >= low && a <= high && !(Math.abs(a - seen.at(-1)) < apart)) seen.push(a);
  }
  return seen;
}

// Each piece of the profile is a parabola, which a quadratic Bézier curve draws exactly.
function plateau_profile(p, state, surface, top) {
  const { width } = state, [low, high] = plateau_view(state), slope = [];
  const ends = [Math.max(low, -Math.sqrt(2 * (top - 1))), 0, width, width + 1, high];
  const point = (x, y) => `${p.x(x).toFixed(1)} ${p.y(y).toFixed(1)}`;
  let d = `M${point(ends[0], surface.f([ends[0]]))}`;
  for (let i = 1; i < ends.length; i++) {
    const a = ends[i - 1], b = ends[i], half = (b - a) / 2;
    surface.gradient([a], slope);
    d += `Q${point(a + half, surface.f([a]) + slope[0] * half)} ${point(b, surface.f([b]))}`;
  }
  return d;
}

function plateau_places(chart, p, { width }, f) {
  chart.text("A", p.x(-2.6) - 16, p.y(f(-2.6)) + 12, "A", "", "middle");
  chart.text("B", p.x(width / 2), p.y(1) + 22, width ? "B" : "", "", "middle");
  chart.text("C", p.x(width + 2), p.y(0) + 22, "C", "", "middle");
}

function plateau_marks(chart, p, state, x, f) {
  const end = plateau_end(x, state), rest = plateau_coasts_to(x, state.beta);
  const [, high] = plateau_view(state), beyond = rest > high, last = x.at(-1);
  const says = { diverges: "diverges", moves: "still moving" }[end];
  const upright = (at) => (at === undefined ? "" : `M${p.x(at).toFixed(1)} ${p.high}V${p.y(f(at)).toFixed(1)}`);
  chart.set("end", "path", { d: upright(says ? undefined : last), class: "line orange" });
  chart.set("rest", "path", {
    d: upright(beyond ? undefined : rest), class: "line dashed",
  });
  const coasts = rest === undefined ? "" : `coasts to ${plateau_at(rest)}${beyond ? " →" : ""}`;
  plateau_labels(chart, p, [
    ["rest label", "ink", beyond ? high : rest ?? 0, coasts],
    ["end label", "orange", says ? high : last, says ?? `ends at ${plateau_at(last)}`],
  ]);
}

// Each label above its mark, as far as the other and the edges of the figure allow.
function plateau_labels(chart, p, labels) {
  const parts = labels.map(([name, cls, at, text]) => (
    { name, part: chart.text(name, 0, p.high - 9, text, `label ${cls}`), at: p.x(at), text }
  )).filter(({ text }) => text).sort((a, b) => a.at - b.at);
  for (const { name } of parts) chart.measure(name);
  let room = chart.width - 4 - parts.reduce((sum, { part }) => sum + part.length + 12, -12), from = 68;
  for (const { part, at } of parts) {
    const size = part.length;
    const x = Math.max(from, Math.min(at - size / 2, room));
    part.setAttribute("x", x.toFixed(1));
    from = x + size + 12;
    room += size + 12;
  }
}

// A series, its exponential average, and the weights of the past beneath it.

explorers.averages = {
  draw(chart, state, data, act) {
    const shown = averages_shown(state, data);
    const p = averages_upper(chart, state, shown);
    averages_weights(chart, state, data);
    averages_handle(chart, p, shown, act);
  },

  describe(state, data) {
    const { beta } = state, { values, average } = averages_shown(state, data);
    const share = 100 * averages_sum(state, data.newest, values.length);
    return `β = ${averages_trimmed(beta, 6)}: ${averages_memory(beta)}. ` +
      `It ${averages_start(state, values[0])}` +
      `ends at ${averages_number(averages_snapped(average.at(-1)), 2)}, ` +
      `the series at ${averages_trimmed(values.at(-1))}. ` +
      `The newest ${data.newest} values have ${fixed(share, 0)} % of the weight.` +
      averages_move(state, data);
  },
};

// What is on the screen: the series, one point moved, its average, and the point with the handle.
function averages_shown(state, data) {
  const series = data.series[state.series], own = series.values, values = own.slice();
  const chosen = Math.round(state.point), [low, high] = series.view;
  if (chosen >= 0 && state.value >= low && state.value <= high) values[chosen] = state.value;
  const point = chosen < 0 ? own.length / 2 : chosen;
  return { ...series, own, values, point, average: averages_of(values, state) };
}

function averages_of(values, { beta, initial }) {
  return ema(values, beta, initial === "first value" ? values[0] : 0, initial === "zero, debiased");
}

function averages_upper(chart, { initial, ...state }, { own, values, average, point, ...series }) {
  const [low, high] = series.view, { xLabel, yLabel } = series;
  const p = chart.panel("upper", {
    bottom: 0.58, x: [0, own.length - 1], xLabel, yLabel,
    y: [initial === "zero" ? Math.min(low, 0) : low, high],
  });
  const moved = values[point] !== own[point], at = p.x(point);
  chart.dots(p, "series", null, values, "muted");
  const before = moved ? averages_of(own, { ...state, initial }) : [];
  chart.line(p, "before", null, before, "muted").setAttribute("stroke-dasharray", "2 4");
  chart.line(p, "average", null, average, "orange");
  chart.set("move", "path", {
    d: moved ? `M${at} ${p.clampY(own[point])}V${p.clampY(values[point])}` : "", class: "axis",
  });
  averages_catch(chart, p);
  chart.header(p, [["muted", "series", "dots"], ["orange", "average"]]);
  return p;
}

function averages_weights(chart, state, { ages, newest, series }) {
  const weights = averages_past(state, ages, series[state.series].values.length);
  const tops = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
  const top = tops.find((value) => weights[0] < value * (1 + 1e-9)) ?? 1;
  const p = chart.panel("lower", {
    top: 0.58, x: [-0.6, ages - 0.4], y: [0, 1.12 * top], yTicks: [0, top],
    xTicks: [0, 10, 20, 30], xLabel: "age in steps (0 is the newest)", yLabel: "weight",
  });
  chart.bars(p, "newest", weights.slice(0, newest), "orange");
  chart.bars(p, "older", weights.map((weight, age) => (age < newest ? 0 : weight)), "muted");
  chart.header(p, [["orange", `newest ${newest}`, "bars"], ["muted", "older", "bars"]]);
  averages_half(chart, p, averages_half_life(state.beta), ages);
}

// The weights of the newest n of `steps` values, newest first.
function averages_past({ beta, initial }, n, steps) {
  let weight = 1 - beta;
  if (initial === "zero, debiased") weight /= averages_sum({ beta }, steps);
  return Array.from({ length: n }, (_, age) => (age ? (weight *= beta) : weight));
}

// 1 - beta^n, what the newest n weigh together.
function averages_sum({ beta, initial }, n, steps) {
  const sum = 1 - Array(n).fill(beta).reduce((a, b) => a * b);
  return initial === "zero, debiased" ? sum / averages_sum({ beta }, steps) : sum;
}

const averages_half_life = (beta) => (beta === 0 ? 0 : Math.log(2) / -Math.log(beta));

function averages_half(chart, p, steps, ages) {
  const at = p.x(steps), inside = steps > 0 && steps < ages - 0.5;
  chart.set("half", "path", {
    d: inside ? `M${at} ${p.low}V${p.high}` : "", class: "axis", "stroke-dasharray": "3 3",
  });
  const text = inside && at + 90 < p.right ? `half-life ${fixed(steps, 1)}` : "";
  chart.text("half label", Math.max(at, p.x(0.4)) + 5, p.high + 10, text, "tick");
}

// --- moving a point: the handle stands on the one that is selected

function averages_handle(chart, p, { own, values, view: [low, high], point, xLabel }, act) {
  const fine = (high - low) / 80, last = own.length - 1;
  const grid = (y) => Number((Math.round(y / fine) * fine).toFixed(3));
  const raise = (at, y) => act({ point: at, value: Math.min(Math.max(grid(y), low), high) });
  const select = (at) => {
    const next = Math.min(Math.max(at, 0), last);
    if (next !== point) act({ point: next, value: own[next] });
  };
  // Keys go sideways to another point; a pointer that drags moves the point up and down only.
  const move = (x, y, byKey) => (byKey && x !== point ? select(x) : raise(point, y));
  chart.handle(p, "handle", [point, values[point]], {
    label: `${xLabel} to move`, says: `${xLabel} ${point}, ${averages_trimmed(values[point])}`,
    move, step: [1, 2 * fine], range: [0, last],
  });
  chart.parts.get("catch").now = { p, values, select, raise };
}

// Where no handle is, a press or a tap selects the nearest point; a mouse may go on to drag it.
function averages_catch(chart, p) {
  const known = chart.parts.has("catch");
  const part = chart.set("catch", "rect", {
    x: p.left, y: p.high, width: p.right - p.left, height: p.low - p.high,
    fill: "none", "pointer-events": "all", cursor: "pointer",
  });
  if (known) return;
  let held = null;
  const select = (event) => {
    const [x, y] = chart.place(event), at = averages_nearest(part.now, x, y);
    part.now.select(at);
    chart.parts.get("handle").focus({ preventScroll: true });
    return { at, from: y, value: part.now.values[at] };
  };
  part.addEventListener("pointerdown", (event) => {
    held = null;
    if (event.pointerType === "touch") return; // it may be the start of a scroll: wait for the tap
    event.preventDefault();
    part.setPointerCapture(event.pointerId);
    held = select(event);
  });
  part.addEventListener("pointermove", (event) => {
    if (!held || !part.hasPointerCapture(event.pointerId)) return;
    const y = chart.place(event)[1], { p: now, raise } = part.now;
    if (y !== held.from) raise(held.at, held.value + now.toY(y) - now.toY(held.from));
  });
  part.addEventListener("click", (event) => {
    if (!held) select(event);
    held = null;
  });
}

function averages_nearest({ p, values }, x, y) {
  const far = values.map((value, i) => Math.hypot(p.x(i) - x, p.clampY(value) - y));
  return far.indexOf(Math.min(...far));
}

// --- words

function averages_memory(beta) {
  if (beta === 0) return "nothing is remembered, the average is the series itself";
  return `a weight halves every ${fixed(averages_half_life(beta), 1)} steps; ` +
    "in the long run the average is as calm as a plain mean of " +
    `${fixed((1 + beta) / (1 - beta), 1)} values`;
}

function averages_start({ beta, initial }, first) {
  if (initial !== "zero" || beta === 0) return "";
  const missing = beta * first, size = averages_trimmed(Math.abs(missing));
  if (missing === 0) return "starts at zero, without bias here, and ";
  return `starts at zero, at the first step ${size} (${averages_trimmed(100 * beta, 1)} %) ` +
    `too ${missing > 0 ? "small" : "large"}, and `;
}

function averages_move(state, data) {
  const { own, values, point } = averages_shown(state, data);
  if (values[point] === own[point]) return "";
  const [from, to] = [own[point], values[point]].map((value) => averages_trimmed(value));
  return ` Point ${point} is moved from ${from} to ${to}.`;
}

// Nine decimals: what is halfway then prints alike here and in Python, whatever the last bits.
const averages_snapped = (x) => Math.floor(x * 1e9 + 0.5) / 1e9;

// A number that rounds to zero has no sign.
function averages_number(x, digits) {
  const text = fixed(x, digits);
  return /[1-9]/.test(text) ? text : text.replace("−", "");
}

function averages_trimmed(x, digits = 3) {
  const text = averages_number(x, digits);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

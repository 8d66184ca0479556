// A pattern of gradients, the velocity of the raw form in the long run, and its gain curve.

explorers.two_cases = {
  draw(chart, state, data) {
    two_cases_signals(chart, two_cases_gradients(state), state);
    two_cases_gains(chart, state, data);
  },

  describe(state) {
    const { beta, pattern } = state;
    if (beta === 0) return "With β = 0 the velocity is the gradient itself: every gain is 1.";
    if (pattern === "drawn by hand") return two_cases_drawn_says(state);
    const factor = fixed(two_cases_gain(beta, two_cases_omega(state)), 3);
    const crossover = fixed(two_cases_crossover(beta), 2);
    return `${two_cases_subject(state)} is ${two_cases_does(factor)}: gain ${factor}${two_cases_lag(state)}. ` +
      `The crossover period is ${crossover} steps: ` +
      "slower oscillations are amplified, faster ones are damped.";
  },
};

// --- the numbers

function two_cases_omega({ pattern, period }) {
  return 2 * Math.PI / (pattern === "alternating" ? 2 : pattern === "period" ? period : Infinity);
}

function two_cases_gain(beta, omega) {
  const s = Math.sin(omega / 2);
  return 1 / Math.sqrt((1 - beta) * (1 - beta) + 4 * beta * (s * s));
}

const two_cases_crossover = (beta) => 2 * Math.PI / Math.acos(beta / 2);

// The 24 digits of a drawn pattern, the first gradient's first: 0 for +, 1 for 0, 2 for −.
function two_cases_digits(drawn) {
  let rest = Math.floor(drawn);
  return Array.from({ length: 24 }, () => {
    const digit = rest % 3;
    rest = (rest - digit) / 3;
    return digit;
  });
}

function two_cases_gradients(state) {
  const { pattern, drawn } = state, omega = two_cases_omega(state);
  if (pattern === "drawn by hand") return two_cases_digits(drawn).map((digit) => 1 - digit);
  return Array.from({ length: 48 }, (_, t) => Math.cos(omega * t));
}

function two_cases_velocity(g, state) {
  let v = two_cases_before(g, state);
  return g.map((x) => (v = state.beta * v + x));
}

// The velocity from which the pattern repeats for ever.
function two_cases_before(g, state) {
  const { beta, pattern } = state, omega = two_cases_omega(state);
  const gain = two_cases_gain(beta, omega);
  if (pattern !== "drawn by hand") return (Math.cos(omega) - beta) * (gain * gain);
  return velocity(g, beta).at(-1) / (1 - g.reduce((left) => left * beta, 1));
}

// --- the words

function two_cases_does(factor) {
  if (fixed(Number(factor), 2) === "1.00") return "passed on nearly unchanged";
  return factor < 1 ? "damped" : "amplified";
}

function two_cases_subject({ pattern, period }) {
  if (pattern === "period") return `A period of ${fixed(period, 1)} steps`;
  return `A gradient that ${pattern === "same sign" ? "keeps its sign" : "alternates every step"}`;
}

function two_cases_lag(state) {
  if (state.pattern !== "period") return "";
  const { beta } = state, omega = two_cases_omega(state);
  const late = Math.atan2(beta * Math.sin(omega), 1 - beta * Math.cos(omega)) / omega;
  return `, and the velocity lags ${fixed(late, 1)} steps behind the gradient`;
}

function two_cases_drawn_says(state) {
  const g = two_cases_gradients(state), sum = g.reduce((a, b) => a + b), mean = sum / 24;
  if (!g.some(Boolean)) return "No gradient, no velocity: every bar is 0.";
  const range = `in the long run the velocity ${two_cases_range(two_cases_velocity(g, state))}.`;
  if (!sum) return `This pattern has the mean 0: only its swings are left, and ${range}`;
  const amplified = fixed(mean * two_cases_gain(state.beta, 0), 2);
  return `This pattern has the mean ${fixed(mean, 2)}, which is amplified to ${amplified}; ${range}`;
}

function two_cases_range(v) {
  const [low, high] = [Math.min(...v), Math.max(...v)].map((x) => fixed(x, 2).replace(/^−0\.00$/, "0.00"));
  return low === high ? `is ${low}` : `swings between ${low} and ${high}`;
}

// --- the upper panel

function two_cases_signals(chart, g, state) {
  const v = two_cases_velocity(g, state), high = 1.15 * Math.max(1, ...v);
  const low = state.pattern === "same sign" ? 0 : 1.15 * Math.min(-1, ...v);
  const p = chart.panel("signals", {
    bottom: 0.52, x: [-0.7, g.length - 0.3], y: [low, high], xLabel: "step, in the long run",
  });
  const least = 1.5 * (high - low) / (p.low - p.high); // to see 1 beside a velocity of 1000
  const seen = (x) => (Math.abs(x) < 1e-9 ? 0 : Math.sign(x) * Math.max(Math.abs(x), least));
  chart.set("zero", "path", { d: `M${p.left} ${p.y(0)}H${p.right}`, class: "grid" });
  chart.bars(p, "g", g.map(seen), "blue");
  chart.line(p, "v", null, v, "orange");
  chart.dots(p, "v dots", null, v, "orange");
  chart.header(p, [["blue", "gradient g", "bars"], ["orange", "velocity v"]]);
}

// The pad: one button a gradient, all one tab stop. A click changes a sign, a stroke carries it on.
function pad(id, { name, label, pad: count, sets }, model, act) {
  const parts = Array.from({ length: count }, (_, i) => button("", () => put(i, next(i))));
  const node = element("div", { class: "signs", role: "group", "aria-label": label }, ...parts);
  const digits = () => two_cases_digits(model.get(name)), next = (i) => (digits()[i] + 1) % 3;
  const put = (i, digit) => {
    const all = digits();
    all[i] = digit;
    act({ ...sets, [name]: all.reduceRight((rest, d) => 3 * rest + d, 0) });
  };
  const enter = (i) => parts.forEach((part, other) => (part.tabIndex = other === i ? 0 : -1));
  parts.forEach((part, i) => part.addEventListener("focus", () => enter(i)));
  node.addEventListener("keydown", (event) => two_cases_press(event, parts, put));
  two_cases_stroke(node, parts, next, put);
  enter(0);
  const show = () => digits().forEach((digit, i) => {
    parts[i].textContent = "+0−"[digit];
    parts[i].setAttribute("aria-label", `gradient ${i + 1}: ${["+1", "0", "−1"][digit]}`);
  });
  return [element("div", { class: "control" }, element("span", { class: "name" }, label), node), show];
}

function two_cases_press(event, parts, put) {
  const { key } = event, i = parts.indexOf(event.target), last = parts.length - 1;
  const digit = { "+": 0, 0: 1, "-": 2, ArrowUp: 0, ArrowDown: 2 }[key];
  const to = { ArrowLeft: i - 1, ArrowRight: i + 1, Home: 0, End: last, PageUp: 0, PageDown: last }[key];
  if (digit === undefined && to === undefined) return;
  event.preventDefault();
  if (digit === undefined) parts[Math.min(Math.max(to, 0), last)].focus();
  else put(i, digit);
}

function two_cases_stroke(node, parts, next, put) {
  let from = -1, digit, stroked = false;
  const paint = (to) => { // in one row, also the buttons that a quick hand leaves out
    for (let i = from; i !== to; i += Math.sign(to - from)) {
      if (parts[i].offsetTop === parts[to].offsetTop) put(i, digit);
    }
    put(to, digit);
    from = to;
  };
  node.addEventListener("pointerdown", (event) => {
    [from, stroked] = [parts.indexOf(event.target), false];
    if (from >= 0) digit = next(from);
  });
  node.addEventListener("pointermove", (event) => {
    const at = event.buttons ? parts.indexOf(document.elementFromPoint(event.clientX, event.clientY)) : -1;
    if (from < 0 || at < 0 || (at === from && !stroked)) return;
    if (!stroked) put(from, digit);
    stroked = true;
    paint(at);
  });
  // The click that ends a stroke on its first button changes nothing more.
  node.addEventListener("click", (event) => stroked && event.detail && event.stopPropagation(), { capture: true });
}

// --- the lower panel: both axes are logarithmic, and at the right end stands the period infinity

const TWO_CASES_FAR = Math.log10(280);

function two_cases_gains(chart, state, { periods }) {
  const { beta } = state, top = Math.log10(Math.max(20, 1.3 / (1 - beta)));
  const p = chart.panel("gains", {
    top: 0.52, x: [Math.log10(1.9), Math.log10(300)], y: [Math.log10(0.4), top],
    xTicks: [], yTicks: [], xLabel: "period in steps", yLabel: "gain",
  });
  two_cases_scales(chart, p, top);
  chart.set("one", "path", { d: `M${p.left} ${p.y(0)}H${p.right}`, class: "grid" });
  const crossover = two_cases_crossover(beta), x = p.x(Math.log10(crossover));
  chart.set("crossover", "path", { d: `M${x} ${p.high}V${p.low}`, class: "grid" });
  chart.text("crossover label", x + 4, p.high + 10, `crossover ${fixed(crossover, 2)}`, "tick");
  const gains = periods.map((period) => Math.log10(two_cases_gain(beta, 2 * Math.PI / period)));
  chart.line(p, "gain", periods.map(Math.log10), gains, "ink");
  const end = [gains.at(-1), Math.log10(two_cases_gain(beta, 0))];
  chart.line(p, "gain of one sign", [Math.log10(periods.at(-1)), TWO_CASES_FAR], end, "ink")
    .setAttribute("stroke-dasharray", "2 4");
  two_cases_mark(chart, p, state);
}

function two_cases_mark(chart, p, state) {
  const omega = two_cases_omega(state), gain = two_cases_gain(state.beta, omega);
  const x = omega ? Math.log10(2 * Math.PI / omega) : TWO_CASES_FAR;
  chart.set("mark", "circle", { cx: p.x(x), cy: p.y(Math.log10(gain)), r: 5.5, class: "bars orange" });
  const what = {
    "same sign": "of one sign", alternating: "at period 2",
    period: `at period ${fixed(state.period, 1)}`, "drawn by hand": "of the mean",
  }[state.pattern];
  chart.text("mark label", p.left + 40, p.high - 9, `${what}: ${fixed(gain, 3)}`, "label orange");
}

function two_cases_scales(chart, p, top) {
  [2, 5, 10, 20, 50, 100, 200, "∞"].forEach((text) => {
    const x = text === "∞" ? TWO_CASES_FAR : Math.log10(text);
    chart.text(`period ${text}`, p.x(x), p.low + 15, text, "tick", "middle");
  });
  const heights = [];
  for (const value of [1, 10, 100, 1000, 0.5, 2, 5, 20, 50, 200, 500]) {
    const y = p.y(Math.log10(value));
    const fits = Math.log10(value) <= top && heights.every((other) => Math.abs(other - y) > 12.5);
    if (fits) heights.push(y);
    chart.text(`gain ${value}`, p.left - 5, y + 4, fits ? label(value) : "", "tick", "end");
  }
}

// A goal: what a state is worth for it, and the best that the reader found, which this machine remembers.

import { button, element } from "./controls.js";
import { forget, keep, recall } from "./store.js";
import { bound, trimmed } from "./text.js";

const at = (known, path) => path.split(".").reduce((value, name) => value?.[name], known);

// A pair is what a number must lie between.
const holds = (is, value) => (Array.isArray(is) ? is[0] < value && value < is[1] : value === is);

// As printed: what looks the same is the same.
const rounded = (value, { digits }) => Number(value.toFixed(digits));

// Which rules a state keeps, and its value: if it counts.
export function worth(goal, state, facts) {
  const known = { ...facts, ...state }, met = goal.rules.map(({ path, is }) => holds(is, at(known, path)));
  const value = rounded(at(known, goal.of), goal);
  return { met, value: met.every(Boolean) && Number.isFinite(value) ? value : null };
}

export class Goal {
  constructor(figure, change) {
    const { goal, say, controls } = figure;
    Object.assign(this, { figure, goal, say, key: `momentum-goal/${goal.name}`, par: rounded(goal.par, goal) });
    this.rules = goal.rules.map(({ path, is, text }) => say.label(text ?? "") || say("given", {
      label: controls.find((one) => one.name === path).label, value: typeof is === "number" ? trimmed(is, 6) : is,
    }));
    this.marks = this.rules.map(() => element("li"));
    this.cells = ["now", "best", "par"].map((key) => [element("span", {}, say(key)), element("strong", { class: key })]);
    this.told = element("p", { class: "told" });
    this.acts = [["show best", () => change(this.best.state)], ["forget best", () => this.forget()]]
      .map(([key, act]) => button(say(key), act));
    this.nodes = [
      element("p", { class: "aim" }, element("strong", {}, say("goal")), ` ${say.label(goal.aim)}`),
      element("ul", { class: "rules" }, ...this.marks),
      element("div", { class: "score" }, ...this.cells.map((pair) => element("p", {}, ...pair))),
      this.told,
    ];
    this.remember();
  }

  // What was kept is a state: what it is worth is found again.
  remember() {
    const kept = recall(this.key);
    if (!kept) return;
    const first = this.figure.state(), { names } = this.figure;
    const state = Object.fromEntries(names.map((name) => [name, kept[name] ?? first[name]]));
    this.offer({ state, ...worth(this.goal, state, this.figure.keep(state).facts) });
  }

  offer(one) {
    const sign = this.goal.most ? -1 : 1, better = one.value !== null && !(sign * this.best?.value <= sign * one.value);
    if (better) this.best = one;
    return better;
  }

  forget() {
    forget(this.key);
    this.best = undefined;
    this.write();
  }

  // Another window may have kept a better one since.
  show(state, found) {
    this.now = found;
    if (this.offer({ state, ...found })) {
      this.remember();
      keep(this.key, this.best.state);
    }
    this.write();
  }

  write() {
    const { now: { met, value }, best, par, say } = this;
    this.rules.forEach((text, i) => {
      this.marks[i].textContent = bound(`${met[i] ? "✓" : "○"} ${text}`);
      this.marks[i].setAttribute("class", met[i] ? "met" : "open");
    });
    const seen = [value, best?.value ?? null, par].map((one) => this.print(one));
    this.cells.forEach(([, cell], i) => (cell.textContent = seen[i]));
    this.acts.forEach((node) => (node.disabled = !best));
    this.verdict = say(this.rank());
    this.told.textContent = this.verdict;
    this.said = ` ${say("score", { now: value === null ? say("counts not") : seen[0], best: seen[1], par: seen[2], verdict: this.verdict })}`;
  }

  print(value) {
    const { goal: { digits, unit }, say } = this;
    return value === null ? "–" : bound(`${trimmed(value, digits)} ${say.label(unit)}`.trim());
  }

  rank() {
    const { best, par, goal: { most } } = this;
    if (!best) return "no best";
    if (best.value === par) return "par met";
    return (best.value < par) === !most ? "par beaten" : "not par";
  }
}

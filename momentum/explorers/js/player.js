// Play: walks a slider of steps to the end of a run, small steps first, and rests where nobody looks.

import { button, element, slider } from "./controls.js";

const SECONDS = 8, SINGLE = 5; // for a whole run; steps a second at first, so that each is seen
const CALM = 500; // milliseconds between two jumps where a reader wants no motion

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// How many of `count` steps are done after a time, in seconds: evenly at first, then more and more.
function done(count, time) {
  const whole = Math.min(SECONDS, count / SINGLE), share = Math.min(1, time / whole), even = Math.min(1, SINGLE * whole / count);
  return Math.floor(count * share * (even + (1 - even) * share));
}

// `now()` is the step it stands at, `go(step)` is asked for another, `rest()` is told of the end, and
// `touch()` that a reader pressed the button.
export class Player {
  #frame = 0;
  #away = new AbortController();

  constructor(stage, values, host) {
    Object.assign(this, { stage, values, host, last: values.at(-1) });
  }

  get playing() {
    return this.#frame !== 0;
  }

  toggle() {
    if (this.playing) return this.pause();
    this.host.touch();
    this.play();
  }

  // From where it stands, or from the first step where it stands at the end, to the `last` one.
  play(last = this.last) {
    const { host, values } = this;
    const left = (from) => (from < last ? [...values.filter((value) => value > from && value < last), last] : []);
    let places = left(host.now()), at = -1, spent = 0, before = performance.now();
    if (!places.length) places = [values[0], ...left(values[0])];
    const frame = (time) => {
      const passed = time - before, still = calm();
      this.#frame = requestAnimationFrame(frame);
      if (still && passed < CALM) return;
      [before, spent] = [time, spent + (still ? passed : Math.min(passed, 100)) / 1000];
      const next = Math.min(places.length, Math.max(done(places.length, spent), still ? at + 2 : 1)) - 1;
      if (next > at) host.go(places[at = next]);
      if (at === places.length - 1) this.pause();
    };
    this.#frame = requestAnimationFrame(frame);
    this.#watch();
    if (calm()) host.show(); // else the first frame does
  }

  #watch() {
    const { signal } = this.#away = new AbortController();
    const watcher = new IntersectionObserver((seen) => seen.at(-1).isIntersecting || this.pause());
    watcher.observe(this.stage);
    signal.addEventListener("abort", () => watcher.disconnect());
    document.addEventListener("visibilitychange", () => document.hidden && this.pause(), { signal });
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#away.abort();
  }

  pause() {
    if (!this.playing) return;
    this.stop();
    this.host.rest();
  }
}

// Once, as soon as most of the stage is seen; never where a reader wants no motion.
export function whenSeen(stage, begin, signal) {
  if (calm()) return;
  const watcher = new IntersectionObserver((seen) => {
    if (!seen.at(-1).isIntersecting) return;
    watcher.disconnect();
    begin();
  }, { threshold: 0.6 });
  watcher.observe(stage);
  signal.addEventListener("abort", () => watcher.disconnect());
}

// A slider of steps with its buttons: one step back, play or pause, one step forward.
export function steps(id, control, change, { player }) {
  const { name, say, values } = control;
  let at = 0;
  const by = (one) => () => change({ [name]: Math.min(Math.max(Math.round(at) + one, values[0]), values.at(-1)) });
  const play = button(say("play"), () => player.toggle());
  const [back, forward] = [["‹", -1, "step back"], ["›", 1, "step forward"]].map(([sign, one, key]) => {
    const made = button(sign, by(one));
    made.setAttribute("aria-label", say(key));
    return made;
  });
  const { node, show } = slider(id, { ...control, between: [element("div", { class: "steps" }, back, play, forward)] }, change);
  return { node, show: (value, playing) => {
    show(at = value);
    play.textContent = say(playing ? "pause" : "play");
  } };
}

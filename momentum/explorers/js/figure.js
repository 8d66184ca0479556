// What an explorer consists of, on a screen or not: its figure, its controls, its words.

import { button, choice, slider } from "./controls.js";
import { field } from "./field.js";
import { worth } from "./goal.js";
import { kinds } from "./kinds.js";
import { pad } from "./pad.js";
import { steps } from "./player.js";
import { speaker } from "./text.js";

const TERMS = { // the words of the text that a control lights up with
  learning_rate: "learning-rate", eta_lambda: "learning-rate", eta_largest: "learning-rate", beta: "beta", step: "step",
  condition_number: "condition-number",
};
export const STEP = "step"; // the control that can be played
export const PARTS = ["view", "controls", "description", "tries"]; // the view: the stage, and the caption if there is one

// An explorer's model, with all its words in one language.
export function figureOf(model, language) {
  const kind = model.get("_kind"), { facts, draw, describe, words, layout, last } = kinds[kind];
  const { controls, tries, data, caption, plays, goal } = model.get("_data"), say = speaker(words, kind, language);
  const longer = (a, b) => (say.label(a).length < say.label(b).length ? b : a);
  const longest = Object.fromEntries(controls.flatMap(({ name, options }) => (options ? [[name, options.reduce(longer)]] : [])));
  const names = controls.map(({ name }) => name);
  const control = (name) => controls.find((one) => one.name === name);
  const ends = (name) => endsOf(control(name)), label = (name) => say.label(control(name).label);
  return {
    kind, layout, say, names, caption, plays, goal,
    controls: controls.map((one) => ({ ...one, label: say.label(one.label) })),
    tries: tries.map(({ text, state }) => ({ text: say.label(text), state })),
    state: () => Object.fromEntries(names.map((name) => [name, model.get(name)])),
    keep: (kept) => ({ state: kept, facts: facts(kept, data) }),
    // Compute once, then draw and describe: `change` is asked for another state, `kept` is one with its
    // facts that a reader compares with.
    show(chart, state, change, kept) {
      const shown = { state, data, say, label, ends, change, kept, facts: facts(state, data) };
      draw(chart, shown);
      const slots = { ...shown.facts, ...state };
      const captions = caption && [say.caption(caption, slots), say.longest(caption, { ...slots, ...longest })];
      const found = goal && worth(goal, state, shown.facts);
      return { text: describe(shown), facts: shown.facts, last: last?.(shown.facts), captions, found };
    },
  };
}

// The least and the largest number that a control allows.
export const endsOf = ({ range, values }) => range ?? (values ? [values[0], values.at(-1)] : []);

// The controls of a figure: what stands in the page, and what lets it show a state.
export function controlsOf({ controls, say, state }, id, change, host = {}) {
  const plays = ({ name }) => name === STEP; // that comes first, right below the picture
  const ordered = [...controls.filter(plays), ...controls.filter((one) => !plays(one))];
  const made = ordered.filter((one) => !one.hidden).map((one) => {
    const make = one.signs ? pad : one.field ? field : one.options ? choice : plays(one) ? steps : slider;
    const control = make(`${id}-${one.name}`, { ...one, say, value: state()[one.name] }, change, host);
    if (one.name in TERMS) control.node.setAttribute("data-term", TERMS[one.name]);
    return { name: one.name, ...control };
  });
  const showAll = (shown, playing, calls) => made.forEach(({ name, show }) => show(shown[name], playing, calls));
  return { nodes: made.map(({ node }) => node), below: made.flatMap(({ below }) => below ?? []), show: showAll };
}

export function triesOf({ tries, say }, initial, change) {
  const buttons = tries.map(({ text, state }) => button(text, () => change({ ...initial, ...state })));
  return [...buttons, button(say("reset"), () => change(initial))];
}

// The button that keeps what is drawn, pale, until it is pressed again.
export function keeper(say, toggle) {
  const node = button(say("keep"), () => (node.textContent = say(toggle() ? "release" : "keep")));
  node.setAttribute("class", "keep");
  return node;
}

// How much room a figure takes, before it is drawn.
export const room = ({ shape, wide = shape, lines }) =>
  `--shape:${shape.join("/")};--wide-shape:${wide.join("/")};--lines:${lines[0]};--wide-lines:${lines[1]}`;

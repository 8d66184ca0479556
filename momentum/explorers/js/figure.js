// What an explorer consists of, on a screen or not: its figure, its controls, its words.

import { button, choice, slider } from "./controls.js";
import { kinds } from "./kinds.js";
import { pad } from "./pad.js";
import { speaker } from "./text.js";

export const PARTS = ["view", "controls", "description", "tries"]; // the view: the stage, and the caption if there is one

// An explorer's model, with all its words in one language.
export function figureOf(model, language) {
  const kind = model.get("_kind"), { facts, draw, describe, words, layout } = kinds[kind];
  const { controls, tries, data, caption } = model.get("_data"), say = speaker(words, kind, language);
  const longer = (a, b) => (say.label(a).length < say.label(b).length ? b : a);
  const longest = Object.fromEntries(controls.flatMap(({ name, options }) => (options ? [[name, options.reduce(longer)]] : [])));
  const names = controls.map(({ name }) => name);
  const control = (name) => controls.find((one) => one.name === name);
  const ends = (name) => endsOf(control(name)), label = (name) => say.label(control(name).label);
  return {
    kind, layout, say, names, caption,
    controls: controls.map((one) => ({ ...one, label: say.label(one.label) })),
    tries: tries.map(({ text, state }) => ({ text: say.label(text), state })),
    state: () => Object.fromEntries(names.map((name) => [name, model.get(name)])),
    // Compute once, then draw and describe: `change` is asked for another state.
    show(chart, state, change) {
      const shown = { state, data, say, label, ends, change, facts: facts(state, data) };
      draw(chart, shown);
      const slots = { ...shown.facts, ...state };
      const captions = caption && { caption: say.caption(caption, slots), longest: say.longest(caption, { ...slots, ...longest }) };
      return { text: describe(shown), facts: shown.facts, ...captions };
    },
  };
}

// The least and the largest number that a control allows.
export const endsOf = ({ range, values }) => range ?? (values ? [values[0], values.at(-1)] : []);

// The controls of a figure: what stands in the page, and what lets it show a state.
export function controlsOf({ controls, say, state }, id, change) {
  const made = controls.filter((one) => !one.hidden).map((one) => {
    const make = one.signs ? pad : one.options ? choice : slider;
    return { name: one.name, ...make(`${id}-${one.name}`, { ...one, say, value: state()[one.name] }, change) };
  });
  return { nodes: made.map(({ node }) => node), show: (shown) => made.forEach(({ name, show }) => show(shown[name])) };
}

export function triesOf({ tries, say }, initial, change) {
  const buttons = tries.map(({ text, state }) => button(text, () => change({ ...initial, ...state })));
  return [...buttons, button(say("reset"), () => change(initial))];
}

// How much room a figure takes, before it is drawn.
export const room = ({ shape, wide = shape, lines }) =>
  `--shape:${shape.join("/")};--wide-shape:${wide.join("/")};--lines:${lines[0]};--wide-lines:${lines[1]}`;

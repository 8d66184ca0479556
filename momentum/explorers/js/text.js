// How numbers and sentences are written.

import { translations } from "./given.js";

export const words = {
  refused: "The link asks for {refused}, which is not possible here. ", undefined: "undefined", infinity: "infinity",
  "minus infinity": "minus infinity", reset: "Reset", copy: "Copy link", copied: "Link copied", see: "See address bar",
  keep: "Keep", release: "Release", kept: "Kept for comparison", released: "Released",
  goal: "Goal.", now: "Now", best: "Your best", par: "Par", given: "{label}: {value}", "counts not": "does not count",
  "show best": "Show my best", "forget best": "Forget my best", "no best": "Nothing counts yet.", "not par": "Not yet par.",
  "par met": "✓ Par is met. Can it be beaten? Read on.", "par beaten": "✓ Better than par! Read on.",
  score: "Now: {now}. Your best: {best}. Par: {par}. {verdict}",
  play: "Play", pause: "Pause", "step back": "One step back", "step forward": "One step forward",
};

// Say a sentence of a figure, its slots filled: in the language of the page, if it is translated.
export function speaker(own, kind, language) {
  const translated = translations[language] ?? translations[language.split("-")[0]] ?? {};
  const known = { ...words, ...translated.shared, ...own, ...translated[kind] };
  const print = (value, trim, digits) => (digits === undefined ? value : (trim ? trimmed : fixed)(value, digits, say));
  const fill = (template, slots, where, printed = print) =>
    template.replace(/\{([\w.]+)(?::(~?)(\d))?\}/g, (slot, path, trim, digits) => {
      const value = path.split(".").reduce((at, name) => at?.[name], slots);
      if (value === undefined) throw new Error(`nothing for ${slot} in the ${where} of ${kind}`);
      return printed(value, trim, digits);
    });
  const say = (key, slots = {}) => {
    if (!(key in known)) throw new Error(`no words “${key}” in ${kind}`);
    return fill(known[key], slots, `words “${key}”`);
  };
  say.label = (text) => translated.labels?.[text] ?? text; // of a control, which Python names
  say.caption = (template, slots) =>
    fill(say.label(template), slots, "caption", (value, ...how) => say.label(print(value, ...how)));
  // The caption with room for any number, whatever it is now.
  say.longest = (template, slots) => fill(say.label(template), slots, "caption", (value, trim, digits = 2) =>
    (typeof value === "string" ? say.label(value).padEnd(12, "0") : "0".repeat(Math.max(8, Number(digits) + 4))));
  return say;
}

// Fixed digits, rounded half away from zero; what rounds to zero has no sign.
export function fixed(x, digits, say = (key) => words[key]) {
  if (Number.isNaN(x)) return say("undefined");
  if (!Number.isFinite(x)) return say(x > 0 ? "infinity" : "minus infinity");
  const text = Math.abs(x) < 1e15 ? x.toFixed(digits) : x.toExponential(2);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

// At most so many digits: no zeros at the end.
export function trimmed(x, digits, say) {
  const text = fixed(x, digits, say);
  return text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
}

export const grouped = (whole) => String(whole).replace(/\B(?=(\d{3})+$)/g, ",");

// No line ends inside "65 %", "0 < ηL" or "β = 0.9".
export const bound = (text) => text.replace(/ ([=<+]) /g, "\u00a0$1\u00a0").replace(/ %/g, "\u00a0%");

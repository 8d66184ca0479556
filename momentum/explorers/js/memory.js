// What the reader guessed.

import * as store from "./store.js";

const PREFIX = "momentum-predict/";

export const recall = (page, key) => store.recall(`${PREFIX}${page}/${key}`);

export const keep = (page, key, record) => store.keep(`${PREFIX}${page}/${key}`, record);

export const forget = (page, key) => store.forget(`${PREFIX}${page}/${key}`);

export const forgetAll = () => store.forgetAll(PREFIX);

// What was predicted, in words; briefly where the guess stands below, marked.
export function headline({ skipped, right, guess, off = "" }, brief = false) {
  if (skipped) return "Shown without a prediction.";
  const drawn = Array.isArray(guess), yours = drawn ? "your curve lies" : `you predicted “${guess.replace(/\.$/, "")}”`;
  const said = brief && !off && !drawn ? "" : `: ${yours}${off && (drawn ? ` ${off}` : `, ${off}`)}`;
  return `${right ? "Right" : "Not so"}${said}.`.replaceAll(" %", "\u00a0%");
}

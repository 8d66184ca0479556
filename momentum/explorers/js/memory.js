// What the reader guessed: kept on this machine alone, or for the visit only where nothing can be kept.

const PREFIX = "momentum-predict/";
const visit = (globalThis[Symbol.for("momentum.predictions")] ??= new Map());

// A browser may forbid storage.
function kept(act) {
  try {
    return act(localStorage);
  } catch {
    return undefined;
  }
}

export function recall(page, key) {
  const name = `${PREFIX}${page}/${key}`, text = visit.get(name) ?? kept((store) => store.getItem(name));
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

export function keep(page, key, record) {
  const name = `${PREFIX}${page}/${key}`, text = JSON.stringify(record);
  if (kept((store) => store.setItem(name, text) ?? true)) visit.delete(name);
  else visit.set(name, text);
}

export function forget(page, key) {
  const name = `${PREFIX}${page}/${key}`;
  visit.delete(name);
  kept((store) => store.removeItem(name));
}

export function forgetAll() {
  visit.clear();
  kept((store) => Object.keys(store).filter((name) => name.startsWith(PREFIX)).forEach((name) => store.removeItem(name)));
}

// What was predicted, in words; briefly where the guess stands below, marked.
export function headline({ skipped, right, guess, off = "" }, brief = false) {
  if (skipped) return "Shown without a prediction.";
  const drawn = Array.isArray(guess), yours = drawn ? "your curve lies" : `you predicted “${guess.replace(/\.$/, "")}”`;
  const said = brief && !off && !drawn ? "" : `: ${yours}${off && (drawn ? ` ${off}` : `, ${off}`)}`;
  return `${right ? "Right" : "Not so"}${said}.`.replaceAll(" %", "\u00a0%");
}

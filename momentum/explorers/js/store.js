// What is kept on the reader's machine alone, or for the visit only where nothing can be kept.

const visit = (globalThis[Symbol.for("momentum.kept")] ??= new Map());

// A browser may forbid storage.
function kept(act) {
  try {
    return act(localStorage);
  } catch {
    return undefined;
  }
}

export function recall(name) {
  const text = visit.get(name) ?? kept((store) => store.getItem(name));
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

export function keep(name, record) {
  const text = JSON.stringify(record);
  if (kept((store) => store.setItem(name, text) ?? true)) visit.delete(name);
  else visit.set(name, text);
}

export function forget(name) {
  visit.delete(name);
  kept((store) => store.removeItem(name));
}

// Forget all whose names begin alike.
export function forgetAll(prefix) {
  const begins = (name) => name.startsWith(prefix);
  [...visit.keys()].filter(begins).forEach((name) => visit.delete(name));
  kept((store) => Object.keys(store).filter(begins).forEach((name) => store.removeItem(name)));
}

// The state in the page's address: #valley-1?eta_lambda=0.1&beta=0.9/path-1?beta=0.5
// The figure that a reader is sent to comes first; each other one follows if it was changed.

import { endsOf } from "./figure.js";

export const changed = new Map(); // id of a figure in the page -> () => its state, or nothing if as it began

const written = (id, state) =>
  `${id}?${Object.entries(state).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;

export function link(id, state) {
  const others = [...changed].filter(([other, now]) => other !== id && now());
  return `#${[written(id, state), ...others.map(([other, now]) => written(other, now()))].join("/")}`;
}

// What the address says of a figure, and whether that figure comes first.
export function linked(id) {
  const decoded = location.hash.slice(1).replace(/%3F/gi, "?").replace(/%2F/gi, "/").split("/");
  const at = decoded.findIndex((part) => part.startsWith(`${id}?`));
  const query = at < 0 ? {} : Object.fromEntries(new URLSearchParams(decoded[at].slice(id.length + 1)));
  return { query, first: at === 0 };
}

// The state in a link as far as the controls allow it; what they do not is named in `refused`.
export function admitted(query, controls, now) {
  const state = {}, refused = [];
  for (const control of controls) {
    const { name, label, options, signs } = control, text = query[name];
    if (text === undefined) continue;
    const [low, high] = endsOf(control), value = Number(text);
    const drawn = signs && text.length === now[name].length && [...text].every((sign) => signs.includes(sign));
    if (options?.includes(text) || drawn) state[name] = text;
    else if (!options && text.trim() !== "" && value >= low && value <= high) state[name] = value;
    else refused.push(`${label} “${text.length > 20 ? `${text.slice(0, 20)}…` : text}”`);
  }
  return { state, refused };
}

// Show the top of a figure, and hold it there for ten seconds or until the reader does something:
// what loads late above it shall not carry it away.
export function land(el, signal) {
  landing.abort();
  const now = landing = new AbortController(), end = () => now.abort();
  const watcher = new ResizeObserver(() => el.scrollIntoView({ block: "start" })), late = setTimeout(end, 10_000);
  watcher.observe(document.body);
  now.signal.addEventListener("abort", () => {
    watcher.disconnect();
    clearTimeout(late);
  });
  signal.addEventListener("abort", end, { signal: now.signal });
  for (const type of ["wheel", "pointerdown", "keydown"]) addEventListener(type, end, { signal: now.signal, passive: true });
}

let landing = new AbortController();

// Whether the page was asked for, not loaded again: then the browser knows where the reader was.
export const askedFor = () => performance.getEntriesByType("navigation")[0]?.type === "navigate";

// What the button that copies a link writes into the address bar, and on the clipboard.
export function shownLink(id, state) {
  history.replaceState(null, "", link(id, state));
  return location.href;
}

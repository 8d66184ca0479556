// The state in the page's address: #valley-1?learning_rate=0.1&beta=0.9/path-1?beta=0.5
// The figure that a reader is sent to comes first; each other one follows if it was changed.

const changed = new Map(); // id of a figure in the page -> () => its state, or nothing if as it began

const query = (id, state) =>
  `${id}?${Object.entries(state).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;

function link(id, state) {
  const others = [...changed].filter(([other, now]) => other !== id && now());
  return `#${[query(id, state), ...others.map(([other, now]) => query(other, now()))].join("/")}`;
}

// What the address asks of a figure, and whether that figure comes first.
function linked(id) {
  const decoded = location.hash.slice(1).replace(/%3F/gi, "?").replace(/%2F/gi, "/").split("/");
  const at = decoded.findIndex((part) => part.startsWith(`${id}?`));
  const asked = at < 0 ? {} : Object.fromEntries(new URLSearchParams(decoded[at].slice(id.length + 1)));
  return { asked, first: at === 0 };
}

// What a link asks for, as the controls allow it; what they do not is named in `refused`.
function admitted(asked, controls) {
  const state = {}, refused = [];
  for (const { name, label, values, options, range } of controls) {
    const text = asked[name];
    if (text === undefined) continue;
    const [low, high] = range ?? (values ? [values[0], values.at(-1)] : []), value = Number(text);
    if (options?.includes(text)) state[name] = text;
    else if (!options && text.trim() !== "" && value >= low && value <= high) state[name] = value;
    else refused.push(`${label} “${text.length > 20 ? `${text.slice(0, 20)}…` : text}”`);
  }
  return { state, refused };
}

// Show the top of a figure, and hold it there for ten seconds or until the reader does something:
// what loads late above it shall not carry it away.
function land(el, signal) {
  landed();
  const watcher = new ResizeObserver(() => el.scrollIntoView({ block: "start" }));
  watcher.observe(document.body);
  const late = setTimeout(() => landed(), 10_000);
  landed = () => {
    watcher.disconnect();
    clearTimeout(late);
  };
  signal.addEventListener("abort", landed);
  for (const type of ["wheel", "pointerdown", "keydown"]) addEventListener(type, landed, { signal, passive: true });
}

let landed = () => {};

// Whether the page was asked for, not loaded again: then the browser knows where the reader was.
const asked_for = () => performance.getEntriesByType("navigation")[0]?.type === "navigate";

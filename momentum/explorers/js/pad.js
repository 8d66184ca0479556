// The pad: one button a sign, all one tab stop. A click changes a sign, a stroke carries it on.

import { button, element } from "./controls.js";

const SHOWN = { "+": "+", "0": "0", "-": "−" }, SPOKEN = { "+": "+1", "0": "0", "-": "−1" };

export function pad(id, { name, label, value, signs, sets, say }, change) {
  let drawn = value;
  const next = (i) => signs[(signs.indexOf(drawn[i]) + 1) % signs.length];
  const put = (i, sign) => {
    drawn = drawn.slice(0, i) + sign + drawn.slice(i + 1);
    change({ ...sets, [name]: drawn });
  };
  const parts = [...drawn].map((_, i) => button("", () => put(i, next(i))));
  const node = element("div", { class: "signs", role: "group", "aria-label": label }, ...parts);
  const enter = (i) => parts.forEach((part, other) => (part.tabIndex = other === i ? 0 : -1));
  parts.forEach((part, i) => part.addEventListener("focus", () => enter(i)));
  node.addEventListener("keydown", (event) => press(event, parts, put));
  stroke(node, parts, next, put);
  enter(0);
  const show = (now) => {
    drawn = now;
    parts.forEach((part, i) => {
      part.textContent = SHOWN[drawn[i]];
      part.setAttribute("aria-label", say("sign", { number: i + 1, value: SPOKEN[drawn[i]] }));
    });
  };
  return { node: element("div", { class: "control" }, element("span", { class: "name" }, label), node), show };
}

function press(event, parts, put) {
  const { key } = event, i = parts.indexOf(event.target), last = parts.length - 1;
  const sign = { "+": "+", "0": "0", "-": "-", ArrowUp: "+", ArrowDown: "-" }[key];
  const to = { ArrowLeft: i - 1, ArrowRight: i + 1, Home: 0, End: last, PageUp: 0, PageDown: last }[key];
  if ((sign ?? to) === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  if (sign === undefined) parts[Math.min(Math.max(to, 0), last)].focus();
  else put(i, sign);
}

function stroke(node, parts, next, put) {
  let from = -1, sign, stroked = false;
  const paint = (to) => { // in one row, also the buttons that a quick hand leaves out
    for (let i = from; i !== to; i += Math.sign(to - from)) {
      if (parts[i].offsetTop === parts[to].offsetTop) put(i, sign);
    }
    put(to, sign);
    from = to;
  };
  node.addEventListener("pointerdown", (event) => {
    [from, stroked] = [parts.indexOf(event.target), false];
    if (from >= 0) sign = next(from);
  });
  node.addEventListener("pointermove", (event) => {
    const at = event.buttons ? parts.indexOf(document.elementFromPoint(event.clientX, event.clientY)) : -1;
    if (from < 0 || at < 0 || (at === from && !stroked)) return;
    if (!stroked) put(from, sign);
    stroked = true;
    paint(at);
  });
  for (const type of ["pointerup", "pointercancel", "pointerleave"]) node.addEventListener(type, () => (from = -1));
  // The click that ends a stroke on its first button changes nothing more.
  node.addEventListener("click", (event) => stroked && event.detail && event.stopPropagation(), { capture: true });
}

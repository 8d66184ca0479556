// What stands under a mouse: the values at the nearest step or point, in words beside a ring.

import { element } from "./controls.js";
import { place } from "./handle.js";
import { bound } from "./text.js";
import { clamp, within } from "./scales.js";

export class Readout {
  #at = null; // where the mouse is, in pixels of the chart

  constructor(chart, stage) {
    Object.assign(this, { chart, node: element("div", { class: "readout", "aria-hidden": "true" }) });
    stage.append(this.node);
    const { svg } = chart, move = (event) => {
      this.#at = event.pointerType === "mouse" && !event.buttons ? place(chart, event) : null;
      this.update();
    };
    for (const type of ["pointermove", "pointerdown"]) svg.addEventListener(type, move);
    svg.addEventListener("pointerleave", () => {
      this.#at = null;
      this.update();
    });
  }

  update() {
    const { chart, node } = this, [x, y] = this.#at ?? [];
    const one = this.#at && [...chart.reads.values()].find(({ p }) => within(p, x, y));
    const found = one?.find(one.p.toX(x), one.p.toY(y));
    node.replaceChildren(...(found ? [element("span", {}, bound(found.text))] : []));
    if (!found) return;
    const { p } = one, left = clamp(p.x(found.x), [p.left, p.right]), top = clamp(p.y(found.y), [p.high, p.low]);
    node.style.cssText = `left:${left}px;top:${top}px`;
    node.className = `readout${left > chart.width / 2 ? " to-left" : ""}${top < 40 ? " below" : ""}`;
  }
}

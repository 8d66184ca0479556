"use strict";
/* global Reveal, RevealNotes */
// A deck: its keys and its print. In a live figure the keys are the figure's, but not those of a presenter.
const figureOf = (target) => target.closest?.("momentum-explorer");

addEventListener("keydown", (event) => {
  if (!figureOf(event.target) || !["PageDown", "PageUp", "Escape"].includes(event.key)) return;
  event.stopPropagation();
  event.preventDefault();
  document.activeElement.blur();
  if (event.key === "PageDown") Reveal.next();
  if (event.key === "PageUp") Reveal.prev();
}, { capture: true });

// As large as fits, for the back of the room; on another machine letters may be wider.
const SIZES = { largest: 1.4, smallest: 0.8 };
const wide = (part) => part.scrollWidth > part.clientWidth;
function fit(slide) {
  const parts = [slide, ...slide.querySelectorAll("pre, div.math")];
  const full = () => slide.scrollHeight > slide.clientHeight || parts.some(wide);
  const set = (size) => slide.style.setProperty("--size", size.toFixed(2));
  let size = slide.querySelector("figure, momentum-explorer, h1") ? 1 : SIZES.largest;
  for (set(size); full() && size > SIZES.smallest; set(size)) size -= 0.02;
}
const fitShown = () => fit(Reveal.getCurrentSlide().querySelector(".slide"));

const printing = new URLSearchParams(location.search).get("view") === "print";
// On paper a prediction takes two pages: the question, and all of the answer.
if (printing) document.querySelectorAll(".fragment").forEach((part) => (part.dataset.fragmentIndex = 0));
// In front of what is drawn once it is laid out: two frames later all figures are.
const drawn = () => requestAnimationFrame(() => requestAnimationFrame(() => document.documentElement.classList.add("printable")));

Reveal.on("ready", fitShown);
Reveal.on("slidechanged", fitShown);
Reveal.on("pdf-ready", () => {
  document.querySelectorAll(".slide").forEach(fit);
  drawn();
});
// Nothing is measured before the font of the formulas is there.
document.fonts.load("20px 'STIX Two Math'").finally(() => Reveal.initialize({
  width: 1280, height: 720, margin: 0, center: false, controls: false, hash: true, transition: "none",
  slideNumber: "c/t", viewDistance: 1, mobileViewDistance: 1, plugins: [RevealNotes],
}));

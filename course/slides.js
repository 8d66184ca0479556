"use strict";
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

// On another machine letters may be larger: what does not fit is made smaller.
const SMALLEST = 0.8;
function fit(slide) {
  for (let size = 1; size > SMALLEST && slide.scrollHeight > slide.clientHeight; size -= 0.02) {
    slide.style.setProperty("--size", size);
  }
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
  document.fonts.ready.then(drawn);
});
Reveal.initialize({
  width: 1280, height: 720, margin: 0, center: false, controls: false, hash: true, transition: "none",
  slideNumber: "c/t", viewDistance: 1, mobileViewDistance: 1, plugins: [RevealNotes],
});

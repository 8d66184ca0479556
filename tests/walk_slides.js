// Goes through all slides of the deck that is open, and says what is wrong with which.
async () => {
  const faults = [];
  const shows = (node) => node.getClientRects().length && getComputedStyle(node).visibility === "visible";
  const box = (node) => node.getBoundingClientRect();

  function asks(slide, fault) {
    const fragments = [...slide.querySelectorAll(".fragment")], before = slide.innerText;
    if (fragments.some(shows)) fault("shows its answer");
    while (Reveal.availableFragments().next) Reveal.next();
    if (!fragments.every(shows)) fault("keeps its answer");
    if (fragments.length && slide.innerText.length <= before.length) fault("has no answer");
  }

  function lives(slide, fault) {
    const parts = [...slide.querySelectorAll("momentum-explorer :is(.controls, .tries, .caption)")];
    if (!parts.every(shows)) fault("hides a part of its figure");
  }

  function fits(slide, fault) {
    const { top, left, right, bottom } = box(slide);
    const parts = [...slide.querySelectorAll("*")].filter((part) => !part.closest(".hidden, svg *, math *") && shows(part));
    const boxes = parts.map(box);
    const out = (b) => b.top < top - 1 || b.left < left - 1 || b.right > right + 1 || b.bottom > bottom + 1;
    if (slide.scrollHeight > 720 || slide.scrollWidth > 1280 || boxes.some(out)) fault("overflows");
    if (Math.max(...boxes.map((b) => b.bottom)) - top < 240) fault("is nearly empty");
    if (parts.some((part) => part.matches("pre, div.math") && part.scrollWidth > part.clientWidth)) fault("cuts a line");
  }

  function liesFree(slide, fault) {
    const rows = [...slide.querySelectorAll(":scope > *, .body > *")].filter(shows);
    const apart = (a, b) => a.bottom <= b.top + 1 || a.right <= b.left + 1;
    for (const a of rows) for (const b of rows) {
      const related = a.contains(b) || b.contains(a);
      if (!related && !apart(box(a), box(b)) && !apart(box(b), box(a))) fault(`lays ${a.className} on ${b.className}`);
    }
  }

  function reads(slide, fault) {
    const parts = [...slide.querySelectorAll("pre, p:not(.colophon), li, figcaption")].filter(shows);
    const size = (part) => parseFloat(getComputedStyle(part).fontSize) * part.currentCSSZoom;
    for (const part of parts) if (size(part) < 18) fault(`has letters of ${size(part)} px`);
  }

  for (let i = 0; i < Reveal.getTotalSlides(); i++) {
    Reveal.slide(i);
    const slide = Reveal.getCurrentSlide().querySelector(".slide");
    const fault = (text) => faults.push(`slide ${i + 1} ${text}`);
    const waits = () => slide.querySelector("momentum-explorer:not(:has(svg.live))");
    for (let n = 0; n < 100 && waits(); n++) await new Promise(requestAnimationFrame);
    if (waits()) fault("has a dead figure");
    for (const look of [asks, lives, fits, liesFree, reads]) look(slide, fault);
  }
  return faults;
}

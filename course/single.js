"use strict";
// The book in one file: one page at a time. A link, a search in the page and Back open another.
{
  const pages = [...document.querySelectorAll("article")];
  const links = [...document.querySelectorAll(".contents a")];
  const folded = document.querySelector(".contents details");
  const place = () => {
    const id = decodeURIComponent(location.hash.slice(1)).split("?")[0];
    return id && (document.getElementById(id) ?? document.querySelector(`[data-explorer="${CSS.escape(id)}"]`));
  };
  const show = (page) => {
    for (const one of pages) one.hidden = one === page ? false : "until-found";
    for (const link of links) {
      if (link.hash === `#${page.id}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    folded.open = matchMedia("(min-width: 60rem)").matches;
    document.title = `${page.querySelector("h1").textContent.replace(/#$/, "")} — ${document.documentElement.dataset.title}`;
  };
  const follow = () => {
    const found = place() || pages[0];
    const page = found.closest("article");
    if (!page) return;
    if (page.hidden) show(page);
    if (found === page) scrollTo(0, 0);
    else found.scrollIntoView();
  };
  for (const page of pages) page.addEventListener("beforematch", () => show(page));
  addEventListener("hashchange", follow);
  show(pages[0]);
  follow();
}

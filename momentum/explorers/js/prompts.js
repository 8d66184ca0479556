// The host of the predictions on a static page.

import { Device, partsOf, unfold } from "./device.js";

function begin() {
  for (const prompt of document.querySelectorAll(".prediction")) {
    const parts = partsOf(prompt, prompt.id), answers = [...document.querySelectorAll(`.answer[data-of="${prompt.id}"]`)];
    answers.forEach((answer) => answer.addEventListener("beforematch", () => unfold(answer)));
    if (parts) new Device(parts, { page: prompt.dataset.page, key: prompt.id, answers: () => answers });
    else answers.forEach((answer) => answer.classList.add("is-live"));
  }
}

// A link may lead into what is folded: to an element, or to a live figure.
function follow() {
  const id = decodeURIComponent(location.hash.slice(1)).split("?")[0];
  const target = id && (document.getElementById(id) ?? document.querySelector(`[data-explorer="${CSS.escape(id)}"]`));
  const answer = target && target.closest(".answer[hidden]");
  if (!answer) return;
  unfold(answer);
  target.scrollIntoView();
}

begin();
document.documentElement.dataset.predictions = "alive";
addEventListener("hashchange", follow);
follow();

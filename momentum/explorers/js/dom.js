// Elements of a page.

export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

export function button(text, onclick) {
  const node = element("button", { type: "button" }, text);
  node.addEventListener("click", onclick);
  return node;
}

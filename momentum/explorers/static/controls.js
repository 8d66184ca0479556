// Controls: each moves one trait over the values that Python handed over.

function nearest(values, value) {
  let best = 0;
  values.forEach((v, i) => {
    if (Math.abs(v - value) < Math.abs(values[best] - value)) best = i;
  });
  return best;
}

function slider(id, { name, label, values, digits, sets }, model, act) {
  const input = element("input", { type: "range", id: `${id}-${name}`, min: 0, max: values.length - 1 });
  const output = element("output", { for: input.id });
  steady(input, () => act({ ...sets, [name]: values[input.value] }));
  const show = () => {
    const value = model.get(name), text = fixed(value, digits).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
    input.value = nearest(values, value);
    input.setAttribute("aria-valuetext", text);
    output.textContent = text;
  };
  return [element("div", { class: "control" }, element("label", { for: input.id }, label), input, output), show];
}

// A finger that lands on a slider may want to scroll the page. What the browser sets where it lands
// counts only when it goes on sideways, or is lifted again.
function steady(input, commit) {
  let landed = null;
  const decide = (meant) => {
    const { asked } = landed ?? {};
    landed = null;
    if (!meant || asked === undefined) return;
    input.value = asked;
    commit();
  };
  input.addEventListener("pointerdown", ({ pointerType, clientX, clientY }) => {
    landed = pointerType === "touch" ? { x: clientX, y: clientY, value: input.value } : null;
  });
  input.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (landed && Math.abs(clientX - landed.x) > Math.abs(clientY - landed.y)) decide(true);
  });
  input.addEventListener("pointerup", () => decide(true));
  input.addEventListener("pointercancel", () => decide(false));
  input.addEventListener("input", () => {
    if (!landed) return commit();
    landed.asked = input.value;
    input.value = landed.value;
  });
}

function choice(id, { name, label, options, sets }, model, act) {
  const input = element("select", { id: `${id}-${name}` },
    ...options.map((option) => element("option", { value: option }, option)));
  input.addEventListener("change", () => act({ ...sets, [name]: input.value }));
  const show = () => (input.value = model.get(name));
  return [element("div", { class: "control" }, element("label", { for: input.id }, label), input), show];
}

function button(text, onclick) {
  const node = element("button", { type: "button" }, bound(text));
  node.addEventListener("click", onclick);
  return node;
}

// What differs between the outputs of a run and those that the page states, in words; "" if nothing does.

export const VIEW = "application/vnd.jupyter.widget-view+json";
const COUNTED = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const WHAT = { stream: "text", execute_result: "a result", display_data: "a figure", error: "an error" };

const joined = (text) => (Array.isArray(text) ? text.join("") : (text ?? ""));
const count = (number, thing) => `${COUNTED[number] ?? number} ${thing}${number === 1 ? "" : "s"}`;
const verb = (number) => (number === 1 ? "differs" : "differ");
const shortened = (line) => (line.length > 60 ? `${line.slice(0, 57)}…` : line);
const quoted = (line) => (line === undefined ? "nothing" : `“${shortened(line.replace(/\n$/, ""))}”`);

export function difference(stated, made) {
  const before = normal(stated), after = normal(made);
  const error = after.find(({ type }) => type === "error");
  if (error) return `The cell ended with ${error.text}.`;
  for (let i = 0; i < Math.max(before.length, after.length); i++) {
    const told = compare(before[i], after[i]);
    if (told) return told;
  }
  return "";
}

// One entry an output, text that follows text joined to it.
function normal(outputs) {
  const found = [];
  for (const { output_type: type, name, text, data, ename } of outputs) {
    const last = found.at(-1);
    if (type === "stream" && last?.type === type && last.name === name) last.text += joined(text);
    else if (type === "stream") found.push({ type, name, text: joined(text) });
    else if (type === "error") found.push({ type, text: `${/^[AEIOU]/.test(ename) ? "an" : "a"} ${ename}` });
    else found.push({ type, svg: named(joined(data["image/svg+xml"])), text: joined(data["text/plain"]), html: joined(data["text/html"]) });
  }
  return found;
}

function compare(before, after) {
  if (!before) return `Here ${WHAT[after.type]} comes that the page does not have.`;
  if (!after) return `Here ${WHAT[before.type]} is missing that the page has.`;
  if (before.type !== after.type) return `Here ${WHAT[after.type]} comes where the page has ${WHAT[before.type]}.`;
  if (before.svg || after.svg) return drawn(before.svg, after.svg);
  return lines(before.text, after.text) || (before.html === after.html ? "" : "The figure or table differs.");
}

function lines(before, after) {
  const [old, now] = [before, after].map((text) => text.split(/(?<=\n)/));
  const places = Array.from({ length: Math.max(old.length, now.length) }, (_, i) => i).filter((i) => old[i] !== now[i]);
  if (!places.length) return "";
  const [here, there] = [now, old].map((all) => quoted(all[places[0]]));
  const said = here === there ? "differs from what the page says" : `is ${here}; the page says ${there}`;
  const more = places.length - 1;
  return `Line ${places[0] + 1} ${said}.${more ? ` ${capital(count(more, "more line"))} ${verb(more)}.` : ""}`;
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

// Matplotlib names clip paths and markers by a hash that sees the last bit of the layout, which an inverted matrix
// decides: names are as good as others in the same places.
function named(svg) {
  const names = new Map();
  return svg.replace(/(?<=id="|#)[a-zA-Z][0-9a-f]{10}\b/g, (name) => names.get(name) ?? names.set(name, `name-${names.size}`).get(name));
}

// Pictures that differ in numbers alone are told by how many, and by the largest step.
function drawn(before, after) {
  if (before === after) return "";
  const number = /(?<![\w#.-])-?\d+(?:\.\d+)?/g; // of a place or a size, not of a colour or a name
  const old = before.match(number) ?? [], now = after.match(number) ?? [];
  if (before.replace(number, "") !== after.replace(number, "") || old.length !== now.length) return "The figure is another one.";
  const steps = old.flatMap((text, i) => (text === now[i] ? [] : Math.abs(text - now[i])));
  const most = steps.reduce((a, b) => Math.max(a, b), 0).toPrecision(2);
  return `In the figure ${count(steps.length, "number")} of ${old.length} ${verb(steps.length)}, by at most ${most} points.`;
}

export const view = (output) => output.data?.[VIEW]?.model_id;

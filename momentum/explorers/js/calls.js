// Calls of momentum in eight libraries and papers: read, translated and written as in
// momentum/conventions/, whose tables it has from Python.

import { CONVENTIONS } from "./given.js";

const { forms, rules, arguments: kinds, words, homes, patterns, shown, without, undamped, untranslated } = CONVENTIONS;
const [CALL, NAMED, NUMBER] = ["call", "named", "number"].map((name) => new RegExp(patterns[name]));
export const names = Object.keys(forms);
export const isInside = (form) => forms[form].inside; // where the learning rate stands

class Refused extends Error {}

function refuse(key, value, more = {}) {
  const cut = [...value].length > shown ? `${[...value].slice(0, shown).join("")}…` : value;
  const slots = { ...more, value: cut || without };
  throw new Refused(words[key].replace(/\{(\w+)\}/g, (_, name) => slots[name]));
}

function guarded(judge) {
  try {
    return judge();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { refused: error.message };
  }
}

const parse = (text) => guarded(() => read(text.replaceAll("\u00a0", " ")));

// { name, given, raw } of a call's text, or { refused }, in the words that Python has for it.
export const understood = (text) => guarded(() => {
  const { name, given, refused } = parse(text);
  return refused ? { refused } : { name, given, raw: raw(name, given) };
});

function read(text) {
  const found = CALL.exec(text);
  if (!found) refuse("text", text.trim());
  const [, path, called, inside] = found, list = split(inside).map(named), name = formOf(path, called, list);
  const given = { ...forms[name].fields, ...valuesOf(name, list) };
  for (const field in given) if (given[field] === null) refuse("missing", "", { name: field });
  if (given.nesterov && "dampening" in given && (given.momentum === 0 || given.dampening)) {
    throw new Refused(`nesterov must be ${undamped}, got True`);
  }
  return { name, given };
}

// The arguments between commas that stand in no bracket of their own.
function split(inside) {
  const parts = [""];
  let depth = 0;
  for (const sign of inside) {
    depth += "([{".includes(sign) - ")]}".includes(sign);
    if (sign === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += sign;
  }
  const trimmed = parts.map((part) => part.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ""));
  return trimmed.at(-1) ? trimmed : trimmed.slice(0, -1);
}

const named = (text) => NAMED.exec(text)?.slice(1) ?? [null, text];

function formOf(path, called, list) {
  const found = names.filter((name) => forms[name].function === called);
  const known = new Set(names.map((name) => forms[name].function));
  if (!found.length) refuse("function", called, { rule: [...known].join(", ") });
  if (found.length === 1) return found[0];
  const home = found.find((name) => homes[name].some((one) => path.split(".").includes(one)));
  const [first, text] = list[0] ?? [null, "0"];
  const torch = list.some(([name]) => name === "lr" || name === "dampening") || (first === null && !NUMBER.test(text));
  return home ?? found[torch ? 0 : 1];
}

function valuesOf(form, list) {
  const { fields, order } = forms[form], given = {};
  list.forEach(([own, text], i) => {
    const placed = i < order.length && list.slice(0, i).every(([name]) => name === null);
    const name = own ?? (placed ? order[i] : refuse("unnamed", text));
    if (name === "params" && order.includes(name)) return NUMBER.test(text) && refuse("params", text);
    if (!(name in fields)) refuse("unknown", `${name}=${text}`, { rule: Object.keys(fields).join(", ") });
    if (name in given) refuse("twice", text, { name });
    given[name] = valueOf(form, name, text);
  });
  return given;
}

function valueOf(form, name, text) {
  const [rule, least, most] = rules[kinds[name]];
  if (least === false) return ["True", "False"].includes(text) ? text === "True" : refuse("rule", text, { name, rule });
  if (text === "None" && name === "momentum" && form === "Optax") return 0;
  if (!NUMBER.test(text)) refuse("number", text, { name });
  const value = Number(text.replaceAll("_", ""));
  return value >= least && value <= most ? value : refuse("rule", text, { name, rule });
}

const toRaw = {
  PyTorch: (f) => [f.lr * (1 - (f.momentum ? f.dampening : 0)), f.momentum, f.nesterov],
  Keras: (f) => [f.learning_rate, f.momentum, f.nesterov],
  EMA: (f) => [f.learning_rate * (1 - f.beta), f.beta],
  Polyak: (f) => [f.alpha, f.beta],
  Sutskever: (f) => [f.epsilon, f.mu, true],
  QHM: (f) => (f.nu ? [f.lr * (1 - f.momentum), f.momentum, f.nu === f.momentum] : [f.lr, 0]),
  PrimalAveraging: (f) => [f.gamma * f.c, 1 - f.c],
};
toRaw.Optax = toRaw.Keras;

const averaged = (eta, beta) => eta / (1 - beta);
const fromRaw = {
  PyTorch: (lr, momentum, nesterov) => ({ lr, momentum, nesterov }),
  Keras: (learning_rate, momentum, nesterov) => ({ learning_rate, momentum, nesterov }),
  EMA: (eta, beta, ahead) => !ahead && { learning_rate: averaged(eta, beta), beta },
  Polyak: (alpha, beta, ahead) => !ahead && { alpha, beta },
  Sutskever: (epsilon, mu, ahead) => (ahead || !mu) && { epsilon, mu },
  QHM: (eta, momentum, ahead) => ({ lr: averaged(eta, momentum), momentum, nu: ahead ? momentum : 1 }),
  PrimalAveraging: (eta, beta, ahead) => !ahead && { gamma: averaged(eta, beta), c: 1 - beta },
};
fromRaw.Optax = fromRaw.Keras;

// The raw form of a call: [learning rate, beta, whether it is Nesterov's].
export function raw(form, given) {
  if ("nu" in given && ![0, 1, given.momentum].includes(given.nu)) {
    throw new Refused(`nu of call must be ${untranslated}, got ${plain(given.nu)}`);
  }
  const [eta, beta, ahead] = toRaw[form](given);
  return [eta, beta, Boolean(ahead && beta)];
}

// The call of a form for a raw one; an empty text where it has none.
export function written(form, eta, beta, ahead) {
  const given = fromRaw[form](eta, beta, ahead);
  return given ? callOf(form, given) : "";
}

export function callOf(form, given) {
  const { call, fields } = forms[form];
  const told = Object.keys(fields).filter((name, i) => i === 0 || (given[name] ?? fields[name]) !== fields[name]);
  return `${call}${told.map((name) => `${name}=${plain(given[name])}`).join(", ")})`;
}

// A number of at most twelve digits as Python prints it.
function plain(value) {
  if (typeof value === "boolean") return value ? "True" : "False";
  const [digits, power] = value.toExponential(11).split("e");
  if (value === 0 || (power >= -4 && power < 12)) {
    const text = String(Number(value.toPrecision(12)));
    return text.includes(".") ? text : `${text}.0`;
  }
  return `${digits.replace(/\.?0+$/, "")}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

// Calls of momentum in eight libraries and papers: read, translated and written as in
// momentum/conventions/, whose tables it has from Python.

import { CONVENTIONS } from "./given.js";

const { forms, rules, arguments: kinds, words, harmless, patterns, shown, without, undamped, untranslated } = CONVENTIONS;
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

// { name, given, raw } of a call's text, or { refused }, in the words that Python has for it.
export const understood = (text) => guarded(() => {
  const { name, given } = read(text.replaceAll("\u00a0", " ")), found = raw(name, given);
  if ("nu" in given && ![0, 1, given.momentum].includes(given.nu)) refuse("raw", plain(given.nu, "nu"), { name: "nu", rule: untranslated });
  for (const [i, key] of ["learning_rate", "beta"].entries()) {
    if (!isAllowed(key, found[i])) refuse("raw", plain(found[i], key), { name: key, rule: ruleOf(key)[0] });
  }
  return { name, given, raw: found };
});

const ruleOf = (name) => rules[kinds[name]];
const isAllowed = (name, value) => value >= ruleOf(name)[1] && value <= ruleOf(name)[2];

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
  const home = names.find((name) => forms[name].home.some((one) => path.split(".").includes(one)));
  if (home && forms[home].function !== called) refuse("home", path + called, { rule: forms[home].call.split("(")[0] });
  const found = home ? [home] : names.filter((name) => forms[name].function === called);
  const known = new Set(names.map((name) => forms[name].function));
  if (!found.length) refuse("function", called, { rule: [...known].join(", ") });
  return found.at(isPyTorchs(list) ? 0 : -1);
}

// Whether the arguments of an SGD of unknown home are PyTorch's.
function isPyTorchs(list) {
  const [first, text] = list[0] ?? [null, "0"];
  return list.some(([name]) => ["params", "lr", "dampening"].includes(name)) || (first === null && !NUMBER.test(text));
}

function valuesOf(form, list) {
  const { order } = forms[form], given = {};
  list.forEach(([own, text], i) => {
    const placed = i < order.length && list.slice(0, i).every(([name]) => name === null);
    const name = own ?? (placed ? order[i] : refuse("unnamed", text));
    if (Object.hasOwn(given, name)) refuse("twice", text, { name });
    given[name] = valueOf(forms[form], form, name, text);
  });
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

const isIdle = (name, text, value) => harmless.includes(name) || ["None", "False"].includes(text) || value === 0;

// The value of an argument; null for one that no form has.
function valueOf({ fields, order, unused }, form, name, text) {
  const value = NUMBER.test(text) ? Number(text.replaceAll("_", "")) : null;
  if (name === "params" && order.includes(name)) return value === null ? null : refuse("params", text);
  if (unused.includes(name)) return isIdle(name, text, value) ? null : refuse("unused", text, { name });
  if (!Object.hasOwn(fields, name)) refuse("unknown", `${name}=${text}`, { rule: Object.keys(fields).join(", ") });
  const [rule, least] = ruleOf(name);
  if (least === false) return ["True", "False"].includes(text) ? text === "True" : refuse("rule", text, { name, rule });
  if (text === "None" && name === "momentum" && form === "Optax") return 0;
  if (value === null) refuse("number", text, { name });
  return isAllowed(name, value) ? value : refuse("rule", text, { name, rule });
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
  EMA: (eta, beta) => ({ learning_rate: averaged(eta, beta), beta }),
  Polyak: (alpha, beta) => ({ alpha, beta }),
  Sutskever: (epsilon, mu) => ({ epsilon, mu }),
  QHM: (eta, momentum, ahead) => ({ lr: averaged(eta, momentum), momentum, nu: ahead ? momentum : 1 }),
  PrimalAveraging: (eta, beta) => ({ gamma: averaged(eta, beta), c: 1 - beta }),
};
fromRaw.Optax = fromRaw.Keras;

// The raw form of a call: [learning rate, beta, whether it is Nesterov's].
export function raw(form, given) {
  const [eta, beta, ahead] = toRaw[form](given);
  return [eta, beta, Boolean(ahead && beta)];
}

// The call of a form for a raw one; an empty text where it has none.
export function written(form, eta, beta, ahead) {
  if (ahead ? !forms[form].ahead : beta && !forms[form].plain) return "";
  const given = fromRaw[form](eta, beta, ahead), possible = Object.entries(given).every((one) => isAllowed(...one));
  return possible ? callOf(form, given) : "";
}

export function callOf(form, given) {
  const { call, fields } = forms[form];
  const told = Object.keys(fields).filter((name, i) => i === 0 || (given[name] ?? fields[name]) !== fields[name]);
  return `${call}${told.map((name) => `${name}=${plain(given[name], name)}`).join(", ")})`;
}

// A number as `written` prints it in Python.
function plain(value, name) {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (kinds[name] !== "rate" && value < 1 && Number(value.toPrecision(12)) === 1) return String(value);
  const [digits, power] = value.toExponential(11).split("e");
  if (value === 0 || (power >= -4 && power < 12)) {
    const text = String(Number(value.toPrecision(12)));
    return text.includes(".") ? text : `${text}.0`;
  }
  return `${digits.replace(/\.?0+$/, "")}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

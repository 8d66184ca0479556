// One step of a rule, taken apart: what it is made of, and how much of it each past gradient is.

const none = () => 0;

// Of two states of one coordinate, before and after the step: what the step is, what of it comes of
// the past and what of the newest gradient, and the numbers on the way.
const apart = {
  Momentum: ({ learning_rate, beta }) => ({ old, v, g }) => {
    const kept = beta * old;
    return { kept, v, move: learning_rate * v, past: -learning_rate * kept, newest: -learning_rate * g };
  },

  Nesterov: ({ learning_rate, beta }) => ({ old, v, g }) => {
    const kept = beta * old, move = learning_rate * (g + beta * v);
    return { kept, v, move, past: -learning_rate * beta * kept, newest: -learning_rate * (1 + beta) * g };
  },

  AdaGrad: ({ learning_rate, epsilon }) => ({ s, g }) => {
    const root = Math.sqrt(s), move = learning_rate * g / (root + epsilon);
    return { root, move, past: 0, newest: -move };
  },

  Adam: ({ learning_rate, beta1, beta2, epsilon }) => ({ old, v, s, g, t }) => {
    const left = 1 - power(beta1, t), root = Math.sqrt(s / (1 - power(beta2, t))), mean = v / left;
    const part = (m) => -learning_rate * (m / left) / (root + epsilon);
    const move = learning_rate * mean / (root + epsilon);
    return { v, mean, root, move, past: part(beta1 * old), newest: part((1 - beta1) * g) };
  },
};
apart.RMSProp = apart.AdaGrad;

// A running product, as the rule has it.
function power(beta, count) {
  let product = 1;
  for (let i = 0; i < count; i++) product *= beta;
  return product;
}

// The step from w(t) to w(t + 1) by a rule, each number for both coordinates.
export function takenApart({ path, gradients, dim }, t, kind, settings, rule) {
  const point = (all, k) => [...all.subarray(dim * k, dim * (k + 1))], w = point(path, 0), v = w.map(none), s = w.map(none);
  let old;
  for (let k = 0; k <= t; k++) {
    old = [...v];
    point(gradients, k).forEach((g, i) => rule(w, v, g, i, s));
  }
  const g = point(gradients, t), take = apart[kind](settings);
  const found = g.map((_, i) => take({ old: old[i], v: v[i], s: s[i], g: g[i], t: t + 1 }));
  const both = Object.fromEntries(Object.keys(found[0]).map((name) => [name, found.map((one) => one[name])]));
  return { at: point(path, t), to: point(path, t + 1), g, ...both };
}

// The share of each of `count` gradients, the newest first: in the step of momentum and Nesterov, in
// Adam's m; for AdaGrad and RMSProp that of each squared gradient in s.
export function sharesOf(kind, beta, count) {
  const weights = [1], factor = kind === "AdaGrad" ? 1 : beta;
  while (weights.length < count) weights.push(weights.at(-1) * factor);
  if (kind === "Nesterov") weights.forEach((weight, k) => (weights[k] = k ? beta * weight : 1 + beta));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

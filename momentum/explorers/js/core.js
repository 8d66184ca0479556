// The update rules, surfaces and runs, named and written as in momentum/optimizers.py,
// momentum/surfaces/ and momentum/descent.py. Only + - * / and sqrt, in the same order: the same
// bits as NumPy's.

import { FAR, SETTLED } from "./given.js";

const hinge = (x) => Math.max(x, 0);

// A surface has its number of coordinates, its value and its partial derivatives.
export const surfaces = {
  quadratic: ({ curvatures }) => ({
    dim: curvatures.length,
    f: (...w) => {
      let total = 0;
      for (let i = 0; i < curvatures.length; i++) total += curvatures[i] * w[i] * w[i];
      return total / 2;
    },
    partials: (w) => {
      const g = [];
      for (let i = 0; i < curvatures.length; i++) g.push(curvatures[i] * w[i]);
      return g;
    },
  }),

  plateau: ({ width, dim = 1 }) => ({
    dim,
    f: (x, y = 0) => {
      const slope = hinge(-x), edge = hinge(x - width), valley = hinge(x - width - 1);
      return 1 + (slope * slope - edge * edge + y * y) / 2 + valley * valley;
    },
    partials: ([x, ...y]) => [2 * hinge(x - width - 1) - hinge(x - width) - hinge(-x), ...y],
  }),

  saddle: () => ({
    dim: 2,
    f: (x, y) => x * x / 2 + (y * y - 1) * (y * y - 1) / 4,
    partials: ([x, y]) => [x, y * (y * y - 1)],
  }),

  himmelblau: () => ({
    dim: 2,
    f: (x, y) => {
      const p = x * x + y - 11, q = x + y * y - 7;
      return p * p + q * q;
    },
    partials: ([x, y]) => {
      const p = x * x + y - 11, q = x + y * y - 7;
      return [4 * x * p + 2 * q, 2 * p + 4 * y * q];
    },
  }),
};

// A rule makes the step of coordinate i from the gradient g: it changes w, the velocity v and the sum
// or mean s of squared gradients. It is made anew for each run.
export const rules = {
  GradientDescent: ({ learning_rate }) => (w, v, g, i) => {
    w[i] -= learning_rate * g;
  },

  Momentum: ({ learning_rate, beta }) => (w, v, g, i) => {
    v[i] = beta * v[i] + g;
    w[i] -= learning_rate * v[i];
  },

  Nesterov: ({ learning_rate, beta }) => (w, v, g, i) => {
    v[i] = beta * v[i] + g;
    w[i] -= learning_rate * (g + beta * v[i]);
  },

  AdaGrad: ({ learning_rate, epsilon }) => (w, v, g, i, s) => {
    s[i] += g * g;
    w[i] -= learning_rate * g / (Math.sqrt(s[i]) + epsilon);
  },

  RMSProp: ({ learning_rate, decay, epsilon }) => (w, v, g, i, s) => {
    s[i] = decay * s[i] + (1 - decay) * (g * g);
    w[i] -= learning_rate * g / (Math.sqrt(s[i]) + epsilon);
  },

  Adam: ({ learning_rate, beta1, beta2, epsilon }) => {
    let power1 = 1, power2 = 1;
    return (w, v, g, i, s) => {
      if (i === 0) [power1, power2] = [power1 * beta1, power2 * beta2];
      v[i] = beta1 * v[i] + (1 - beta1) * g;
      s[i] = beta2 * s[i] + (1 - beta2) * (g * g);
      w[i] -= learning_rate * (v[i] / (1 - power1)) / (Math.sqrt(s[i] / (1 - power2)) + epsilon);
    };
  },
};

// Run a rule down a surface: the path as (steps + 1) x dim numbers, and the gradients seen.
export function descend({ dim, partials }, start, step, steps) {
  const path = new Float64Array((steps + 1) * dim), gradients = new Float64Array(steps * dim);
  const w = [...start], v = w.map(() => 0), s = w.map(() => 0);
  path.set(w);
  for (let t = 0; t < steps; t++) {
    const g = partials(w);
    for (let i = 0; i < dim; i++) {
      gradients[t * dim + i] = g[i];
      step(w, v, g[i], i, s);
      path[(t + 1) * dim + i] = w[i];
    }
  }
  return { path, gradients, dim };
}

export const largest = (...points) => Math.max(...points.flat().map(Math.abs));

// Whether a run ended somewhere that is not finite, or too far out.
export function diverged({ path, dim }) {
  const start = [...path.subarray(0, dim)], end = [...path.subarray(-dim)];
  return !(largest(end) / FAR <= Math.max(1, largest(start)));
}

// The first step from which on a path in one coordinate stays within a share of its first distance
// from 0; Infinity if none.
export function settlingTime(path) {
  const enough = SETTLED * Math.abs(path[0]);
  let t = path.length;
  while (t > 0 && Math.abs(path[t - 1]) <= enough) t--;
  return t === path.length ? Infinity : t;
}

// The velocities of the raw form from v on, fed a list of gradients.
export const velocities = (gradients, beta, v = 0) =>
  Float64Array.from(gradients, (g) => (v = beta * v + g));

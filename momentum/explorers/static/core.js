// The update rules and surfaces, named and written as in momentum/optimizers.py and
// momentum/surfaces/. Only + - * / and sqrt, in the same order: the same bits as NumPy's.

const hinge = (x) => Math.max(x, 0);

// A surface maps coordinates to its value, and fills `g` with its partial derivatives.
const surfaces = {
  quadratic: (curvatures) => ({
    dim: curvatures.length,
    f: (w) => {
      let sum = 0;
      for (let i = 0; i < curvatures.length; i++) sum += curvatures[i] * w[i] * w[i];
      return sum / 2;
    },
    gradient: (w, g) => {
      for (let i = 0; i < curvatures.length; i++) g[i] = curvatures[i] * w[i];
    },
  }),

  huber: (curvature = 1, threshold = 1) => {
    const clip = (x) => Math.min(Math.max(x, -threshold), threshold);
    return {
      dim: 1,
      f: ([x]) => curvature * clip(x) * (x - clip(x) / 2),
      gradient: ([x], g) => {
        g[0] = curvature * clip(x);
      },
    };
  },

  plateau: (width = 2, dim = 1) => ({
    dim,
    f: ([x, y = 0]) => {
      const slope = hinge(-x), edge = hinge(x - width), valley = hinge(x - width - 1);
      return 1 + (slope * slope - edge * edge + y * y) / 2 + valley * valley;
    },
    gradient: ([x, y], g) => {
      g[0] = 2 * hinge(x - width - 1) - hinge(x - width) - hinge(-x);
      if (dim > 1) g[1] = y;
    },
  }),

  double_well: (tilt = 0.3) => ({
    dim: 1,
    f: ([x]) => (x * x - 1) * (x * x - 1) + tilt * x,
    gradient: ([x], g) => {
      g[0] = 4 * x * (x * x - 1) + tilt;
    },
  }),

  saddle: () => ({
    dim: 2,
    f: ([x, y]) => x * x / 2 + (y * y - 1) * (y * y - 1) / 4,
    gradient: ([x, y], g) => {
      g[0] = x;
      g[1] = y * (y * y - 1);
    },
  }),

  rosenbrock: (steepness = 100) => ({
    dim: 2,
    f: ([x, y]) => {
      const across = y - x * x;
      return (1 - x) * (1 - x) + steepness * across * across;
    },
    gradient: ([x, y], g) => {
      const across = 2 * steepness * (y - x * x);
      g[0] = -2 * (1 - x) - 2 * x * across;
      g[1] = across;
    },
  }),

  himmelblau: () => ({
    dim: 2,
    f: ([x, y]) => {
      const p = x * x + y - 11, q = x + y * y - 7;
      return p * p + q * q;
    },
    gradient: ([x, y], g) => {
      const p = x * x + y - 11, q = x + y * y - 7;
      g[0] = 4 * x * p + 2 * q;
      g[1] = 2 * p + 4 * y * q;
    },
  }),
};

// A rule makes, for one coordinate, the step (w, g) -> w; its state lives in the closure.
const rules = {
  GradientDescent: ({ learning_rate }) => () => (w, g) => w - learning_rate * g,

  Momentum: ({ learning_rate, beta, dampening = 0 }) => () => {
    let v = 0;
    return (w, g) => {
      v = beta * v + (1 - dampening) * g;
      return w - learning_rate * v;
    };
  },

  Nesterov: ({ learning_rate, beta }) => () => {
    let v = 0;
    return (w, g) => {
      v = beta * v + g;
      return w - learning_rate * (g + beta * v);
    };
  },

  AdaGrad: ({ learning_rate, epsilon = 1e-10 }) => () => {
    let s = 0;
    return (w, g) => {
      s = s + g * g;
      return w - learning_rate * g / (Math.sqrt(s) + epsilon);
    };
  },

  RMSProp: ({ learning_rate, decay = 0.99, epsilon = 1e-8 }) => () => {
    let s = 0;
    return (w, g) => {
      s = decay * s + (1 - decay) * (g * g);
      return w - learning_rate * g / (Math.sqrt(s) + epsilon);
    };
  },

  Adam: ({ learning_rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }) => () => {
    let m = 0, s = 0, p1 = 1, p2 = 1;
    return (w, g) => {
      [p1, p2] = [p1 * beta1, p2 * beta2];
      m = beta1 * m + (1 - beta1) * g;
      s = beta2 * s + (1 - beta2) * (g * g);
      const mean = m / (1 - p1), square = s / (1 - p2);
      return w - learning_rate * mean / (Math.sqrt(square) + epsilon);
    };
  },
};

// Run a rule down a surface: the path as (steps + 1) x dim numbers, and the gradients seen.
function descend(surface, start, rule, steps) {
  const { dim } = surface;
  const path = new Float64Array((steps + 1) * dim), gradients = new Float64Array(steps * dim);
  const w = Float64Array.from(start), g = new Float64Array(dim);
  const step = Array.from({ length: dim }, rule);
  path.set(w);
  for (let t = 0; t < steps; t++) {
    surface.gradient(w, g);
    gradients.set(g, t * dim);
    for (let i = 0; i < dim; i++) w[i] = step[i](w[i], g[i]);
    path.set(w, (t + 1) * dim);
  }
  return { path, gradients, dim, steps };
}

// The velocities of the raw form, fed a list of gradients.
function velocity(gradients, beta) {
  let v = 0;
  return Float64Array.from(gradients, (g) => (v = beta * v + g));
}

// S(t) = beta S(t-1) + (1 - beta) Y(t), from `start`; divided by 1 - beta^t where asked.
function ema(series, beta, start = series[0], debias = false) {
  let s = start, left = 1;
  return Float64Array.from(series, (y) => {
    s = beta * s + (1 - beta) * y;
    left *= beta;
    return debias ? s / (1 - left) : s;
  });
}

// The first step from which on every distance stays within a share of the first; Infinity if none.
function settling_time(distances, tolerance = 0.01) {
  const enough = tolerance * distances[0];
  let t = distances.length;
  while (t > 0 && distances[t - 1] <= enough) t--;
  return t === distances.length ? Infinity : t;
}

// --- closed forms, as in momentum/theory/rates.py; x is learning rate × curvature

const TINY = 1e-9; // two numbers this close, relatively, are meant to be equal

// The two roots of a step on one curvature: their product, half their sum, what stands under the
// square root, and the larger modulus, which is the convergence rate.
function roots(x, beta, nesterov = false) {
  const product = nesterov ? beta * (1 - x) : beta, half = (1 + product - x) / 2;
  const inside = half * half - product;
  const rate = inside < 0 ? Math.sqrt(product) : Math.abs(half) + Math.sqrt(inside);
  return { product, half, inside, rate };
}

const stability_limit = (beta, nesterov = false) => 2 * (1 + beta) / (nesterov ? 1 + 2 * beta : 1);

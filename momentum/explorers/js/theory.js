// Closed forms, as in momentum/theory/ and momentum/averages.py; x is learning rate × curvature.

import { TINY } from "./given.js";

// The two roots of a step on one curvature: their product, half their sum, what stands under the
// square root, and the larger modulus, which is the convergence rate.
function roots(x, beta, nesterov) {
  const product = nesterov ? beta * (1 - x) : beta, half = (1 + product - x) / 2;
  const inside = half * half - product;
  const far = Math.abs(x) * (nesterov ? 1 + beta : 1); // all that counts where the square overflows
  const rate = inside < 0 ? Math.sqrt(product) : inside < Infinity ? Math.abs(half) + Math.sqrt(inside) : far;
  return { product, half, inside, rate };
}

export const convergenceRate = (x, beta, nesterov = false) => roots(x, beta, nesterov).rate;

export const stabilityLimit = (beta, nesterov = false) => 2 * (1 + beta) / (nesterov ? 1 + 2 * beta : 1);

export function regime(x, beta, nesterov = false) {
  const { product, half, inside, rate } = roots(x, beta, nesterov), limit = stabilityLimit(beta, nesterov);
  if (Math.abs(x - limit) <= TINY * limit) return "limit";
  if (x > limit) return "diverging";
  if (rate === 0) return "finite";
  if (Math.abs(inside) <= TINY * product) return half > 0 ? "critical" : "critical jump";
  return inside < 0 ? "oscillating" : half > 0 ? "monotone" : "jumping";
}

// How many steps a swing takes; infinity where nothing swings.
export function oscillationPeriod(x, beta, nesterov = false) {
  const { product, half, inside } = roots(x, beta, nesterov);
  return inside < 0 ? 2 * Math.PI / Math.acos(half / Math.sqrt(product)) : Infinity;
}

// How many steps at `rate` do as much as one at `reference`; a rate that does not converge is
// infinity.
export function relativeSteps(reference, rate) {
  if (reference === rate) return rate === Infinity ? NaN : 1;
  if (reference === Infinity) return 0;
  return rate === Infinity ? Infinity : Math.log(reference) / Math.log(rate);
}

export function optimalParameters(smallest, largest) {
  const low = Math.sqrt(smallest), high = Math.sqrt(largest), rate = (high - low) / (high + low);
  return { learning_rate: 4 / ((low + high) * (low + high)), beta: rate * rate, rate };
}

// The rate of gradient descent at its best learning rate.
export const optimalRate = (smallest, largest) => (largest - smallest) / (largest + smallest);

export function gain(beta, omega) {
  const s = Math.sin(omega / 2);
  return 1 / Math.sqrt((1 - beta) * (1 - beta) + 4 * beta * (s * s));
}

export const crossoverPeriod = (beta) => 2 * Math.PI / Math.acos(beta / 2);

export const coastingDistance = (lastStep, beta) => lastStep * beta / (1 - beta);

export const halfLife = (beta) => (beta === 0 ? 0 : Math.log(2) / -Math.log(beta));

export const effectiveSampleSize = (beta) => (1 + beta) / (1 - beta);

const room = (rate, beta, curvature) => 2 * (1 + beta) - rate * curvature; // below the stability limit

export const stationaryVariance = (rate, beta, curvature, noise) =>
  rate * noise * (1 + beta) / (curvature * (1 - beta) * room(rate, beta, curvature));

export const stepVariance = (rate, beta, curvature, noise) =>
  2 * rate * rate * noise / ((1 - beta) * room(rate, beta, curvature));

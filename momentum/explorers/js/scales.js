// From values to pixels and back.

export const scale = ([a, b], [from, to]) => (value) => from + ((value - a) / (b - a)) * (to - from);

export const clamp = (value, [low, high]) => Math.min(Math.max(value, low), high);

// The nearest of the values low, ..., high that has so many parts to one.
export const snap = (value, range, parts = 100) => clamp(Math.round(value * parts) / parts, range);

export const within = (p, x, y) => x > p.left - 1 && x < p.right + 1 && y > p.high - 1 && y < p.low + 1;

export function ticks([low, high], count = 5) {
  const raw = Math.abs(high - low) / count, ten = 10 ** Math.floor(Math.log10(raw));
  const step = ten * [1, 2, 5, 10].find((m) => m * ten >= raw);
  const first = Math.ceil(Math.min(low, high) / step);
  const last = Math.floor(Math.max(low, high) / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(6)));
}

// Numbers as readers write them: 38, 38.5, 38,5, 49,986, −3, 1e-3, 2 × 10⁻³, 1/2, 37 %.

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻", PLAIN = "0123456789-";
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i, GROUPS = /^[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/;

// Return { value, percent, half }, half a unit of the last digit; null if the text is no number.
export function read(text) {
  const percent = /%\s*$/.test(text), [top, below, ...more] = plain(text.replace(/%\s*$/, "")).split("/");
  if (more.length || ![top, below ?? "1"].every((part) => NUMBER.test(part))) return null;
  const value = Number(top) / Number(below ?? 1);
  return Number.isFinite(value) ? { value, percent, half: below ? 0 : half(top) } : null;
}

function plain(text) {
  const bare = text.replace(/\s/g, "").replace(/[−–]/g, "-")
    .replace(/(?:[×·*]|^)10\^?([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+|-?\d+$)/, (all, power) =>
      `${/^[×·*]/.test(all) ? "" : "1"}e${[...power].map((a) => PLAIN[RAISED.indexOf(a)] ?? a).join("")}`);
  return GROUPS.test(bare) ? bare.replaceAll(",", "") : bare.replace(",", ".");
}

function half(text) {
  const [digits, power] = text.toLowerCase().split("e"), places = digits.split(".")[1]?.length ?? 0;
  return 0.5 * 10 ** (Number(power ?? 0) - places);
}

// Whether a guess is meant by a number: within 3 %, or by its last digit.
export const near = (guess, { value, half: least }) =>
  Math.abs(guess - value) <= Math.max(0.03 * Math.abs(value), least * (1 + 1e-9));

const short = (x) => String(Number(x.toPrecision(2))).replace("-", "−");

// How far off a guess is: as a ratio, in per cent, or as a difference, whichever says most.
export function apart(guess, right) {
  const side = guess > right ? "large" : "small", ratio = guess / right;
  if (guess === right) return "";
  if (!(ratio > 0)) return `off by ${short(Math.abs(guess - right))}`;
  const sized = Math.max(ratio, 1 / ratio), far = right < 0 ? (side === "large" ? "small" : "large") : side;
  if (sized >= 2) return `${short(sized)} times too ${far}`;
  return `${short(100 * Math.abs(ratio - 1))} % too ${far}`;
}

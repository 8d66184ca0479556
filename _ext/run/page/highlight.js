// Python in the colours of the page: its own classes, Pygments' names.

const KEYWORDS = `False None True and as assert async await break class continue def del elif else except finally for from
global if import in is lambda nonlocal not or pass raise return try while with yield`.split(/\s+/);
const BUILTINS = `abs all any bool dict display enumerate filter float int isinstance len list map max min next open print
range repr reversed round set sorted str sum tuple type zip`.split(/\s+/);
const PARTS = [
  ["c1", "#[^\\n]*"],
  ["s2", `[rbfuRBFU]{0,2}(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\\\.|[^"\\\\\\n])*"?|'(?:\\\\.|[^'\\\\\\n])*'?)`],
  ["mi", "(?:\\d[\\d_]*\\.?[\\d_]*|\\.\\d[\\d_]*)(?:[eE][+-]?\\d+)?j?"],
  ["n", "[\\p{L}_][\\p{L}\\p{N}_]*"],
  ["o", "[-+*/%@=<>!&|^~]+"],
];
const TOKEN = new RegExp(PARTS.map(([, pattern]) => `(${pattern})`).join("|"), "gu");

const kind = (name) => (KEYWORDS.includes(name) ? "k" : BUILTINS.includes(name) ? "nb" : "n");

// Write source into an element, a span for each token.
export function highlight(element, source) {
  const parts = [];
  let end = 0;
  for (const found of source.matchAll(TOKEN)) {
    const name = PARTS[found.slice(1).findIndex((part) => part !== undefined)][0];
    const span = document.createElement("span");
    span.className = name === "n" ? kind(found[0]) : name;
    span.textContent = found[0];
    parts.push(source.slice(end, found.index), span);
    end = found.index + found[0].length;
  }
  // Without a last character, a last empty line would have no height.
  element.replaceChildren(...parts, `${source.slice(end)}\n`);
}

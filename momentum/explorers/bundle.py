"""The explorers' ES modules, joined into one source, and what Python hands over to them.

Modules do not load from `file://`, and JupyterLab takes one file: so each module becomes a function
that returns what it exports. Two modules are made here: `given.js` holds what Python states, and
`kinds.js` has one entry for each file in `js/figures`. The styles get colours and sizes likewise.
"""

import json
import re
from functools import cache
from pathlib import Path
from string import Template

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from momentum import figures
from momentum.descent import FAR, SETTLED
from momentum.theory.regimes import TINY

JS = Path(__file__).parent / "js"
SIZES = {"text": 13, "tick": 12}  # of letters, in pixels
COLORS = {
    "ink": figures.INK, "muted": figures.MUTED, "grid": figures.GRID, "tint": figures.TINT,
    "paper": figures.PAPER, "blue": figures.BLUE, "orange": figures.ORANGE, "green": figures.GREEN,
    "pale_blue": figures.PALE_BLUE, "pale_orange": figures.PALE_ORANGE,
}  # fmt: skip
METHODS = {"blue": "gradient descent", "green": "Nesterov"}  # those with dashes
LETTERS = [*map(chr, range(32, 127)), *"−×αβηκλωπ→∞’“”…"]
TRANSLATIONS = {file.stem: json.loads(file.read_text("utf-8")) for file in JS.glob("words/*.json")}
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\.{1,2}/(.*?)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:function|const|class) (\w+))", re.MULTILINE)
_COMMENT = re.compile(r"^ *//.*\n|(?<=[;{,]) // .*$", re.MULTILINE)


def source(*entries):
    """Return one script: the modules that `entries` need, each once and after those it needs.

    What an entry exports is in reach of what follows the script.
    """
    joined, done = [], set()
    for entry in entries:
        _join(entry, joined, done)
    names = [f"const {{ {', '.join(_exports(entry))} }} = {_variable(entry)};" for entry in entries]
    return "".join(joined) + "\n".join(names) + "\n"


def _join(name, joined, done):
    if name in done:
        return
    done.add(name)
    text = _module(name)
    for needed in _IMPORT.findall(text):
        _join(needed[1], joined, done)
    body = _COMMENT.sub("", _EXPORT.sub("", _IMPORT.sub(_taken, text)))
    exports = ", ".join(_exports(name))
    joined.append(f"const {_variable(name)} = (() => {{\n{body}return {{ {exports} }};\n}})();\n")


def _taken(found):
    """Return an import as a constant: `{ a as b }` from a module is `{ a: b }` of its object."""
    return f"const {{{found[1].replace(' as ', ': ')}}} = {_variable(found[2])};\n"


def _variable(name):
    return f"m_{name.replace('/', '_')}"


def _exports(name):
    return _EXPORT.findall(_module(name))


@cache
def _module(name):
    made = {"given": _given, "kinds": _kinds}
    return made[name]() if name in made else (JS / f"{name}.js").read_text("utf-8")


def _given():
    """Return the module of what Python states."""
    stated = {
        "FAR": FAR, "SETTLED": SETTLED, "TINY": TINY, "SIZES": SIZES, "WIDTHS": _widths(),
        "translations": TRANSLATIONS,
    }  # fmt: skip
    return "".join(f"export const {name} = {_json(value)};\n" for name, value in stated.items())


def _json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _widths():
    """Return how wide each letter is, in units of its size: in DejaVu Sans, one of the widest."""
    font = FontProperties(family="DejaVu Sans", size=100)
    size_of = text_to_path.get_text_width_height_descent
    return {a: round(size_of(a, font, ismath=False)[0] / 100, 2) for a in LETTERS}


def _kinds():
    """Return the module that has every figure by the name of its file."""
    lines, entries = [], []
    for file in sorted(JS.glob("figures/*.js")):
        names = _exports(f"figures/{file.stem}")
        renamed = ", ".join(f"{name} as {file.stem}_{name}" for name in names)
        lines.append(f'import {{ {renamed} }} from "./figures/{file.stem}.js";\n')
        inside = ", ".join(f"{name}: {file.stem}_{name}" for name in names)
        entries.append(f"{file.stem}: {{ {inside} }}")
    return f"{''.join(lines)}export const kinds = {{ {', '.join(entries)} }};\n"


def style(*files, plain=False):
    """Return style sheets, in colours that a page may restate; `plain` for where none does."""
    stated = {f"name_{name}": f"--figure-{color[1:]}" for name, color in COLORS.items()}
    stated |= {name: f"var({stated[f'name_{name}']}, {color})" for name, color in COLORS.items()}
    for name, method in METHODS.items():
        dash = figures.METHODS[method].dash  # in widths of the line, which is 2 pixels
        stated[f"{name}_dash"] = " ".join(f"{2 * part:g}" for part in dash)
    stated |= {f"{name}_size": f"{size}px" for name, size in SIZES.items()}
    stated |= COLORS if plain else {"dark": figures.dark_rules()}
    sheets = "".join((JS / f"{file}.css").read_text("utf-8") for file in files)
    return Template(sheets).substitute(stated)

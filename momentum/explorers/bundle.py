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

from momentum import conventions, figures
from momentum.descent import FAR, SETTLED
from momentum.theory.regimes import TINY

JS = Path(__file__).parent / "js"
SIZES = {"text": 13, "tick": 12}  # of letters, in pixels
LINE = 2  # the width of a line, in pixels
COLORS = {
    "ink": figures.INK, "muted": figures.MUTED, "grid": figures.GRID, "tint": figures.TINT,
    "paper": figures.PAPER, "blue": figures.BLUE, "orange": figures.ORANGE, "green": figures.GREEN,
    "pale_blue": figures.PALE_BLUE, "pale_orange": figures.PALE_ORANGE,
    "moss": figures.METHODS["AdaGrad"].color, "crimson": figures.METHODS["RMSProp"].color,
    "violet": figures.METHODS["Adam"].color,
}  # fmt: skip
PROMPTS = {"Predict.": "choice", "Predict a number.": "number", "Predict the curve.": "curve"}
METHODS = {  # those with dashes
    "blue": "gradient descent", "green": "Nesterov", "moss": "AdaGrad", "crimson": "RMSProp",
}  # fmt: skip
LETTERS = [*map(chr, range(32, 127)), *"−×αβηκλωπ→∞’“”…"]
TRANSLATIONS = {file.stem: json.loads(file.read_text("utf-8")) for file in JS.glob("words/*.json")}
_IMPORT = re.compile(r'^import (?:\* as )?(.*) from "\.{1,2}/(.*?)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:function|const|class) (\w+))", re.MULTILINE)
_COMMENT = re.compile(r"^ *//.*\n|^ +|(?<=[;{,]) +// [^\n\"'`]*$", re.MULTILINE)  # and indentation
_CSS_COMMENT = re.compile(r" */\*.*?\*/|^ +", re.MULTILINE | re.DOTALL)


@cache
def source(entry):
    """Return one script: a module behind all that it needs, and what it exports in reach."""
    joined = {}
    _join(entry, joined)
    return (
        f"'use strict';\n{''.join(joined.values())}const {_exports(entry)} = {_variable(entry)};\n"
    )


def script(entry):
    """Return a module with all that it needs as a classic script, without most ends of lines."""
    joined = re.sub(r"^ +|(?<=[;{,])\n", "", source(entry), flags=re.MULTILINE)
    return f"(() => {{\n{joined}}})();\n"


def _join(name, joined):
    text = _module(name)
    for _, needed in _IMPORT.findall(text):
        if needed not in joined:
            _join(needed, joined)
    body = _IMPORT.sub(lambda found: f"const {found[1]} = {_variable(found[2])};", text)
    body = _COMMENT.sub("", _EXPORT.sub("", body))
    joined[name] = f"const {_variable(name)} = (() => {{\n{body}return {_exports(name)};\n}})();\n"


def _variable(name):
    return f"m_{name.replace('/', '_')}"


def _exports(name):
    return f"{{ {', '.join(_EXPORT.findall(_module(name)))} }}"


@cache
def _module(name):
    made = {"given": _given, "kinds": _kinds}
    text = made[name]() if name in made else (JS / f"{name}.js").read_text("utf-8")
    odd = re.search(r"^(import|export)\b.*", _EXPORT.sub("", _IMPORT.sub("", text)), re.MULTILINE)
    if odd:
        raise ValueError(f"{name}.js must import and export as the others do, got {odd[0]!r}")
    return text


def _given():
    """Return the module of what Python states."""
    stated = {
        "FAR": FAR, "SETTLED": SETTLED, "TINY": TINY, "SIZES": SIZES, "WIDTHS": _widths(),
        "PROMPTS": PROMPTS, "CONVENTIONS": conventions.table(),
        "translations": TRANSLATIONS,
    }  # fmt: skip
    return "".join(f"export const {name} = {compact(value)};\n" for name, value in stated.items())


def compact(value):
    """Return a value as JSON without a space; a number that JSON lacks raises ValueError."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _widths():
    """Return how wide each letter is, in units of its size: in DejaVu Sans, one of the widest."""
    font = FontProperties(family="DejaVu Sans", size=100)
    size_of = text_to_path.get_text_width_height_descent
    return {a: round(size_of(a, font, ismath=False)[0] / 100, 2) for a in LETTERS}


def _kinds():
    """Return the module that has every figure by the name of its file."""
    names = sorted(file.stem for file in JS.glob("figures/*.js"))
    lines = [f'import * as {name} from "./figures/{name}.js";\n' for name in names]
    return f"{''.join(lines)}export const kinds = {{ {', '.join(names)} }};\n"


def style(*files, plain=False):
    """Return style sheets, in colours that a page may restate; `plain` for where none does."""
    stated = {f"name_{name}": f"--figure-{color[1:]}" for name, color in COLORS.items()}
    stated |= {name: f"var({stated[f'name_{name}']}, {color})" for name, color in COLORS.items()}
    for name, method in METHODS.items():
        dash = figures.METHODS[method].dash  # in widths of the line
        stated[f"{name}_dash"] = " ".join(f"{LINE * part:g}" for part in dash)
    stated |= {"line_width": LINE} | {f"{name}_size": f"{size}px" for name, size in SIZES.items()}
    stated |= COLORS if plain else {"dark": figures.dark_rules()}
    sheets = "".join((JS / f"{file}.css").read_text("utf-8") for file in files)
    return Template(_CSS_COMMENT.sub("", sheets)).substitute(stated)

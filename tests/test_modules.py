"""The JavaScript of the live figures: its modules, and what one more figure costs."""

import re
import subprocess
import sys
from shutil import copytree

import pytest

from momentum import explorers, figures
from momentum.explorers import bundle

FILES = sorted(bundle.JS.rglob("*.js"))
TEXTS = {file: file.read_text("utf-8") for file in FILES}
HOSTS = {"render", "still"}  # what JupyterLab, the page and the kernel call
FIGURE = {"layout", "words", "facts", "describe", "draw", "last"}  # what figures give to figure.js
MADE = {"given": bundle._module("given"), "kinds": bundle._module("kinds")}
over_files = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def imports(text):
    """Return (names, module) of each import."""
    found = re.findall(r'^import \{([^}]*)\} from "\.{1,2}/(.*?)\.js";$', text, re.MULTILINE)
    return [([name.strip() for name in names.split(",")], module) for names, module in found]


def exports(text):
    return set(re.findall(r"^export (?:function|const|class) (\w+)", text, re.MULTILINE))


def text_of(module):
    return MADE.get(module) or TEXTS[bundle.JS / f"{module}.js"]


@over_files
def test_a_module_has_at_most_250_lines(file):
    assert len(TEXTS[file].splitlines()) <= 250


@over_files
def test_a_module_imports_what_another_exports_and_uses_it(file):
    for names, module in imports(TEXTS[file]):
        assert set(names) <= exports(text_of(module))
        for name in names:
            assert len(re.findall(rf"\b{name}\b", TEXTS[file])) > 1, name


def test_every_file_of_a_figure_is_one_that_the_package_names():
    kinds = {getattr(explorers, name).kind for name in explorers.__all__}
    assert kinds == {file.stem for file in bundle.JS.glob("figures/*.js")}


def test_what_no_figure_uses_is_not_shipped():
    used = {name for text in TEXTS.values() for names, _ in imports(text) for name in names}
    made = {name for text in (*TEXTS.values(), *MADE.values()) for name in exports(text)}
    assert made - used - HOSTS - FIGURE == set()


def test_arrows_between_modules_make_no_circle():
    needs = {
        file.relative_to(bundle.JS).with_suffix("").as_posix(): text for file, text in TEXTS.items()
    }
    needs = {name: {module for _, module in imports(text)} for name, text in needs.items()} | {
        "given": set(),
        "kinds": {name for name in needs if name.startswith("figures/")},
    }
    while free := {name for name, rest in needs.items() if not rest & needs.keys()}:
        needs = {name: rest for name, rest in needs.items() if name not in free}
    assert needs == {}


@over_files
def test_a_figure_knows_the_parts_but_no_part_and_no_other_figure_knows_it(file):
    assert not [module for _, module in imports(TEXTS[file]) if module.startswith("figures/")]


COLOR = re.compile(r"#[0-9a-fA-F]{3,8}\b(?!\w)")


@pytest.mark.parametrize("file", sorted(bundle.JS.rglob("*.*s")), ids=lambda file: file.name)
def test_no_colour_is_stated_again(file):
    text = file.read_text("utf-8").replace("&#${", "")
    assert COLOR.findall(text) == []


@pytest.mark.parametrize("name", explorers.__all__)
def test_no_label_of_a_control_is_stated_again(name):
    one = getattr(explorers, name)()
    text = text_of(f"figures/{one._kind}")
    assert [
        c["label"] for c in one.controls if " " in c["label"] and f'"{c["label"]}"' in text
    ] == []


def test_the_styles_have_every_colour_from_the_figures():
    plain, follows = bundle.style("chart", plain=True), bundle.style("explorers", "chart")
    assert set(COLOR.findall(plain)) <= set(bundle.COLORS.values())
    assert "var(" not in plain and "$" not in plain + follows
    stated = set(re.findall(r"var\(--figure-\w+, (#\w+)\)", follows))
    assert stated <= {*figures.COLORS, figures.INK, *bundle.COLORS.values()}


STATES = '''"""A line."""

from momentum.explorers import base


class Line(base.Explorer):
    """A straight line."""

    beta = base.beta(0.5)
    controls = (base.slider("beta", "momentum β", base.BETAS),)
    tries = (base.attempt("Flat", beta=0.0),)
'''
DRAWS = """// A straight line.

export const layout = { shape: [374, 281], lines: [2, 1] };
export const words = { text: "The line ends at {end:2}." };
export const facts = ({ beta }) => ({ end: 2 * beta });
export const describe = ({ facts, say }) => say("text", facts);
export function draw(chart, { facts }) {
  const p = chart.panel("main", { x: [0, 1], y: [0, 2] });
  chart.line(p, "line", [0, 1], [0, facts.end], "orange");
}
"""


def test_one_more_figure_costs_two_files_and_one_import(tmp_path, root):
    package = copytree(root / "momentum", tmp_path / "momentum") / "explorers"
    (package / "line.py").write_text(STATES, "utf-8")
    (package / "js" / "figures" / "line.js").write_text(DRAWS, "utf-8")
    with (package / "__init__.py").open("a", encoding="utf-8") as file:
        file.write("from momentum.explorers.line import Line\n")
    code = "from momentum.explorers import Line; one = Line(beta=0.75)\n"
    code += "print(one.describe(), one.picture(), one._html(), sep=chr(0))"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    said, picture, page = ran.stdout.split("\0")
    assert said == "The line ends at 1.50."
    assert 'class="line orange"' in picture and "momentum β" in page

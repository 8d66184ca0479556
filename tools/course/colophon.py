"""What stands on every part of the course: title, authors, version, licences, and its one date."""

import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
_config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
_project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

TITLE, AUTHORS = _config["title"], _config["author"]
YEAR = int(_config["copyright"])
VERSION = _project["version"]
LICENCE = "Text and figures: CC BY 4.0. Code: BSD 3-Clause."
EPOCH = 315532800  # 1980, the first year that a zip knows: the same input gives the same bytes


def line(part):
    """Return the line that stands on a part: what it is, of which book, and its licences."""
    return f"{part} · {TITLE}, version {VERSION}. {LICENCE}"

"""Read the test of understanding, course/understanding.yml, and find its keys by computing them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml

import momentum

SOURCE = Path(__file__).parents[2] / "course" / "understanding.yml"
FORMS = {"A": "before the course", "B": "after the course"}
LETTERS = "abcde"


@dataclass(frozen=True)
class Question:
    """A question of one form: what it asks, its choices, and the run that decides."""

    number: int
    form: str
    idea: str
    ask: str
    choices: tuple[str, ...]
    conditions: tuple[str, ...]
    run: str
    because: str
    claim: str

    @property
    def verdicts(self):
        """Whether each condition holds; a key needs exactly one that does."""
        names = package_names()
        exec(self.run, names)
        return [bool(eval(condition, names)) for condition in self.conditions]

    @property
    def right(self):
        """The letter of the one choice whose condition holds."""
        (place,) = [i for i, holds in enumerate(self.verdicts) if holds]
        return LETTERS[place]

    def lettered(self):
        return list(zip(LETTERS, self.choices))


def about(value, stated):
    """Return whether a value is within a quarter of what a choice states."""
    return abs(value / stated - 1) < 0.25


def package_names():
    """Return what the conditions may use: the package's public names, NumPy, and `about`."""
    package = {name: getattr(momentum, name) for name in momentum.__all__}
    return package | {"np": np, "about": about}


@cache
def questions(form):
    """Return the questions of a form, in order."""
    items = yaml.safe_load(SOURCE.read_text("utf-8"))
    return [question(number, form, item) for number, item in enumerate(items, 1)]


def question(number, form, item):
    choices, conditions = zip(*item[form]["choices"])
    return Question(
        number,
        form,
        item["idea"],
        item[form]["ask"],
        choices,
        conditions,
        item.get("run", ""),
        item["because"],
        item["claim"],
    )

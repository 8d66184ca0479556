"""Read the test of understanding, course/understanding.yml, and find its keys by computing them."""

from dataclasses import dataclass
from functools import cache, cached_property
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
    ask: str
    choices: tuple[str, ...]
    conditions: tuple[str, ...]
    idea: str = ""
    run: str = ""
    because: str = ""
    claim: str = ""

    @cached_property
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
    return [asked(number, form, item | item[form]) for number, item in enumerate(items, 1)]


def asked(number, form, item):
    """Return one question as a file states it."""
    choices, conditions = zip(*item["choices"])
    more = {name: item.get(name, "") for name in ("idea", "run", "because", "claim")}
    return Question(number, form, item["ask"], choices, conditions, **more)

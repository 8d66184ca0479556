"""Assignments with numbers of each student's own, and checks that say what is wrong.

A notebook of the course makes one `Assignment`: `mine` are the numbers of the student who works on
it, and each check looks an answer up by its name. Without the right answer, as students have it, a
check looks at the kind of the answer only.
"""

import os
import warnings
from contextlib import redirect_stderr, redirect_stdout
from hashlib import sha256
from io import StringIO
from numbers import Integral, Real
from types import SimpleNamespace

import numpy as np

OWNER = "MOMENTUM_STUDENT"  # in the environment, when graded: who handed the notebook in
WITHIN = 0.005  # a number counts if it is right to three digits: to half a per cent
NEARLY = 0.05


class AnswerError(AssertionError):
    """What a check raises; a notebook shows its sentence, and no code.

    Examples
    --------
    >>> AnswerError("`rest` must be finite.")._render_traceback_()
    ['`rest` must be finite.']
    """

    def _render_traceback_(self):
        return [str(self)]


class Numbers(SimpleNamespace):
    """The numbers of one student, each by its name.

    Examples
    --------
    >>> Numbers(width=2.5, steps=7)
    width = 2.5
    steps = 7
    """

    def __repr__(self):
        return "\n".join(f"{name} = {value!r}" for name, value in vars(self).items())


class Draw:
    """Numbers that depend on the assignment and the identifier, and on nothing else.

    Examples
    --------
    >>> draw = Draw("05_plateau", "ada")
    >>> draw(0.8, 0.9, 3), draw(2, 9, 0)
    (0.856, 8)
    """

    def __init__(self, assignment, identifier):
        self._seed, self._count = f"{assignment}/{identifier}", 0

    def __call__(self, low, high, digits):
        """Return the next number: one of those from low to high with so many decimals."""
        self._count += 1
        drawn = int.from_bytes(sha256(f"{self._seed}/{self._count}".encode()).digest())
        first, last = (round(end * 10**digits) for end in (low, high))
        number = first + drawn % (last - first + 1)
        return number / 10**digits if digits else number


def identifier(student):
    """Return an identifier as the numbers know it: without blanks around, in small letters.

    Examples
    --------
    >>> identifier(" Ada ")
    'ada'
    """
    known = isinstance(student, str | Integral) and not isinstance(student, bool)
    if not known or not f"{student}".strip():
        raise AnswerError("Set `student` to your identifier, in quotes, then run all cells again.")
    return f"{student}".strip().casefold()


class Assignment:
    """One assignment in a notebook.

    Parameters
    ----------
    name : str
        That of the chapter: 05_plateau.
    numbers : function
        From a `Draw` to a dict, the numbers of one student.
    answers : dict
        Where the answers are: `globals()`.

    Examples
    --------
    >>> answers = {"student": "ada", "double": 12.0}
    >>> assignment = Assignment("a", lambda draw: {"width": draw(2, 9, 0)}, answers)
    >>> assignment.mine
    width = 3
    >>> assignment.number("double")
    `double` is one number, as it should be; whether it is right shows when it is graded.
    """

    def __init__(self, name, numbers, answers):
        self.name, self._numbers, self._answers = name, numbers, answers
        self.key = {}  # the right answers that the checks have asked for

    def of(self, student):
        """Return the numbers of a student."""
        return Numbers(**self._numbers(Draw(self.name, identifier(student))))

    @property
    def mine(self):
        """The numbers of whoever `student` names."""
        return self.of(self._answers.get("student", ""))

    @property
    def own(self):
        """The numbers that answers are checked by: when graded, of who handed the notebook in."""
        return self.of(os.environ.get(OWNER) or self._answers.get("student", ""))

    def number(self, name, right=None, hint=""):
        """Check that an answer is one finite number and, if the right one is given, that one."""
        value = self._real(name, self._get(name))
        if right is None:
            return _accept(name, "one number")
        self.key[name] = float(right)
        if abs(value - right) > WITHIN * abs(right):
            near = abs(value - right) <= NEARLY * abs(right)
            self._refuse(_near(name) if near else _far(name), hint)

    def whole(self, name, right=None, hint=""):
        """Check that an answer is a whole number and, if the right one is given, that one."""
        value = self._real(name, self._get(name))
        if value != round(value):
            self._refuse(f"`{name}` must be a whole number.")
        if right is None:
            return _accept(name, "a whole number")
        self.key[name] = int(right)
        if value != right:
            beside = abs(value - right) == 1
            told = f"`{name}` is one off. Count once more." if beside else _far(name)
            self._refuse(told, hint)

    def function(self, name, arguments=None, right=None, hint=""):
        """Check that an answer is a function and, if a case is given, what it returns there."""
        function = self._get(name)
        if not callable(function):
            self._refuse(f"`{name}` must be a function, got {_kind(function)}.")
        if arguments is None:
            return _accept(name, "a function")
        self.key[name] = "a function"
        value = self._array(name, self._call(name, function, arguments))
        right = np.asarray(right, dtype=float)
        if value.shape != right.shape:
            self._refuse(
                f"`{name}` must return {_shape(right.shape)}, got {_shape(value.shape)}.", hint
            )
        scale = np.max(abs(right), where=np.isfinite(right), initial=0.0)
        if not np.allclose(value, right, rtol=1e-6, atol=1e-6 * scale):
            self._refuse(
                f"`{name}` returns values of the right shape, but not the right ones.", hint
            )

    def goal(self, names, met, sentence):
        """Check that answers meet a goal, a function of them; the sentence says what they miss."""
        values = [self._real(name, self._get(name)) for name in names.split()]
        self.key |= {n: f"for example {value:.6g}" for n, value in zip(names.split(), values)}
        try:
            reached = met(*values)
        except ValueError as error:  # the package names the rule that the answer breaks
            self._refuse(sentence, f"({error})")
        if not reached:
            self._refuse(sentence)

    def _get(self, name):
        identifier(self._answers.get("student", ""))
        if name not in self._answers:
            self._refuse(f"There is no `{name}`: the cell above must set it, and run to its end.")
        return self._answers[name]

    def _real(self, name, value):
        if isinstance(value, np.ndarray) and value.size == 1:
            value = value.item()
        if not isinstance(value, Real) or isinstance(value, bool):
            self._refuse(f"`{name}` must be one number, got {_kind(value)}.")
        if not np.isfinite(float(value)):
            self._refuse(f"`{name}` must be finite.")
        return float(value)

    def _array(self, name, value):
        try:
            return np.array(value, dtype=float) if value is not None else float(value)
        except (TypeError, ValueError):
            self._refuse(f"`{name}` must return numbers, got {_kind(value)}.")

    def _call(self, name, function, arguments):
        """Call a student's function; what it prints or warns of is no part of the check."""
        arguments = [np.copy(a) if isinstance(a, np.ndarray) else a for a in arguments]
        try:
            with (
                warnings.catch_warnings(),
                redirect_stdout(StringIO()),
                redirect_stderr(StringIO()),
            ):
                warnings.simplefilter("ignore")
                return function(*arguments)
        except NotImplementedError:
            self._refuse(f"`{name}` is not written yet.")
        except KeyboardInterrupt:
            self._refuse(f"`{name}` did not come to an end in the time that it has.")
        except Exception as error:
            self._refuse(f"`{name}` stopped with {type(error).__name__}: {error}")

    def _refuse(self, sentence, hint=""):
        raise AnswerError(" ".join(filter(None, (sentence, hint, self._whose())))) from None

    def _whose(self):
        owner, named = os.environ.get(OWNER, ""), self._answers.get("student", "")
        if not owner or identifier(owner) == identifier(named):
            return ""
        return f"(The notebook is made for {named!r}, and was handed in by {owner!r}.)"


def _accept(name, kind):
    print(f"`{name}` is {kind}, as it should be; whether it is right shows when it is graded.")


def _far(name):
    return f"`{name}` is of the right kind, but it is not the right one for these numbers."


def _near(name):
    return f"`{name}` is close, but not right to three digits. Was it rounded on the way?"


def _kind(value):
    if value is None:
        return "nothing (None)"
    if isinstance(value, str):
        return "text"
    is_array = isinstance(value, np.ndarray) and value.ndim
    return _shape(value.shape) if is_array else f"a value of type {type(value).__name__}"


def _shape(shape):
    return f"an array of shape {shape}" if shape else "one number"

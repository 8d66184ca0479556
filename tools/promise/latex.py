r"""Evaluate the formulas of the book: `\frac{\beta}{1-\beta}` is a number once β is one.

A formula is read as a list of sides: `\kappa = L/\mu` has two. Symbols get their values from a
dictionary; `w(t+1)` and `w_{41}` are values of a function called w.
"""

import math
import re
from dataclasses import dataclass, field

import numpy as np

TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|[a-zA-Z]|\S", re.DOTALL)
SILENT = re.compile(r"\\(?:left|right|[bB]igg?[lr]|[!,;: ]|q?quad|displaystyle)(?![a-zA-Z])|\{\}|~")
WORDS = re.compile(r"\\(?:label|tag|begin|end)\{[^}]*\}|\\text\{([^}]*)\}")
INDEXED = set("wgvSYVxyfpz") | {r"\delta", r"\hat", r"\gain"}
FUNCTIONS = {
    r"\ln": np.log, r"\cos": np.cos, r"\sin": np.sin, r"\tanh": np.tanh, r"\arccos": np.arccos,
    r"\cosh": np.cosh, r"\log": np.log,
}  # fmt: skip
SIGNS = {"+": 1, "-": -1, r"\pm": 1, r"\mp": -1}
OPEN = {"(": ")", "[": "]", "{": "}"}


@dataclass
class Side:
    """One side of a formula: its source, its value, and whether digits and symbols stand in it."""

    text: str
    value: complex
    symbols: set = field(default_factory=set)
    equals_last: bool = False

    @property
    def literal(self):
        """Return whether the side is a plain number."""
        return bool(re.fullmatch(r"[-+]?\s*\d+(\.\d+)?", self.text.strip()))


def pseudo(name, index):
    """Return a value that depends on a name and an index, for w(t+1) and g(t)."""
    name = name.lstrip("\\")
    seed = sum(ord(letter) * 31**place for place, letter in enumerate(name)) % 977
    return 2 + math.sin(seed + 1.37 * float(np.real(index)))


def sides(formula, values):
    """Return the sides of a formula, evaluated with the values of the symbols."""
    return Reader(formula, values).sides()


class Reader:
    """A recursive descent through the tokens of one formula."""

    def __init__(self, formula, values):
        formula = re.sub(r"\\\\\s*&\s*(?=[+-])", " ", formula)  # a sum goes on in the next line
        formula = WORDS.sub(self._words, formula)
        formula = SILENT.sub(lambda m: " " if m[0][-1] not in ",: " else " \\, ", formula)
        self.matches = list(TOKEN.finditer(re.sub(r"\{([+-])\}", r" \1 ", formula)))
        self.source = self.matches[0].string if self.matches else ""
        self.tokens = [match[0] for match in self.matches]
        self.values, self.place, self.symbols, self.bars = dict(values), 0, set(), 0
        if re.search(r"e\^\{-?i", formula):
            self.values["i"] = 1j

    @staticmethod
    def _words(match):
        return rf"\{match[1]} " if match[1] in {"rate", "gain"} else " ; "

    # --- tokens

    def peek(self, ahead=0):
        place = self.place + ahead
        return self.tokens[place] if place < len(self.tokens) else ""

    def take(self, expected=None):
        token = self.peek()
        if expected is not None and token != expected:
            raise ValueError(f"expected {expected!r}, found {token!r}")
        self.place += 1
        return token

    def skip_spaces(self):
        while self.peek() == r"\,":
            self.place += 1

    # --- grammar

    def sides(self):
        found, equals = [], False
        while self.place < len(self.tokens):
            begin = self.place
            try:
                read = self.listed()
            except (ValueError, IndexError, KeyError, ZeroDivisionError, TypeError):
                self.place, equals = begin + 1, self.tokens[begin] == "="
                continue
            found += [
                Side(self.text(*where), value, names, equals) for value, names, *where in read
            ]
            equals = False
        return found

    def text(self, begin, end):
        return self.source[self.matches[begin].start() : self.matches[end - 1].end()]

    def listed(self):
        """Read an expression, or a tuple of several in brackets."""
        begin = self.place
        try:
            return [self.item()]
        except ValueError:
            self.place = begin
            self.take("(")
            read = [self.item()]
            while self.peek() == ",":
                self.take()
                read.append(self.item())
            self.take(")")
            return read

    def item(self):
        self.symbols, begin = set(), self.place
        value = self.expression()
        return value, self.symbols, begin, self.place

    def expression(self):
        self.skip_spaces()
        sign = SIGNS[self.take()] if self.peek() in SIGNS else 1
        total = sign * self.term()
        while self.peek() in SIGNS:
            sign = SIGNS[self.take()]
            self.skip_spaces()
            if self.peek() == r"\dots":
                self.take()
                break
            total = total + sign * self.term()
        return total

    def term(self):
        begin = self.place
        product = self.factor()
        while True:
            self.skip_spaces()
            token = self.peek()
            if token in {r"\cdot", r"\times"}:
                self.take()
                product = product * self.factor()
            elif token == "/":
                self.take()
                product = product / self.factor()
            elif self.starts_factor(token):
                self.refuse(self.tokens[begin : self.place])
                product = product * self.factor()
            else:
                return product

    @staticmethod
    def refuse(tokens):
        """Raise ValueError for a coefficient or a power of 0 or 1: nobody writes these."""
        if [token for token in tokens if token != r"\,"] in (["0"], ["1"]):
            raise ValueError("a coefficient of 0 or 1")

    def starts_factor(self, token):
        if token == "|":
            return self.bars == 0
        known = token in FUNCTIONS or token in self.values or token in INDEXED
        special = token in {r"\frac", r"\tfrac", r"\sqrt", r"\sum", r"\operatorname"}
        return known or special or token in {"(", "["} or bool(re.fullmatch(r"\d.*", token))

    def factor(self):
        self.skip_spaces()
        base = self.base()
        while self.peek() in {"^", "'"}:
            if self.take() == "'":
                base = pseudo("prime", base)
            elif self.peek() == r"\star":
                self.take()
            else:
                self.refuse([self.peek()])
                base = base ** self.group()
        return base

    def group(self):
        """Read {...}, or the one token that stands for it; \\tfrac12 and x^2 take one digit."""
        if self.peek() == "{":
            self.take()
            value = self.expression()
            self.take("}")
            return value
        if re.fullmatch(r"\d\d+", self.peek()):
            digits = self.peek()
            self.tokens[self.place] = digits[1:]
            return float(digits[0])
        return self.base()

    def base(self):
        token = self.take()
        if re.fullmatch(r"\d+(\.\d+)?", token):
            return float(token)
        if token in {"(", "["}:
            bars, self.bars = self.bars, 0
            value = self.expression()
            self.take(OPEN[token])
            self.bars = bars
            return value
        if token == "|":
            return self.size()
        if token in {r"\frac", r"\tfrac"}:
            return self.group() / self.group()
        if token == r"\sqrt":
            self.skip_spaces()
            return np.emath.sqrt(self.group())
        if token in FUNCTIONS:
            return self.function(token)
        return self.sum() if token == r"\sum" else self.symbol(token)

    def size(self):
        self.bars += 1
        value = abs(self.expression())
        self.take("|")
        self.bars -= 1
        return value

    def function(self, token):
        if self.peek() in FUNCTIONS:
            return FUNCTIONS[token](self.function(self.take()))
        return FUNCTIONS[token](self.factor())

    def sum(self):
        name, low, high = "k", 0, 200
        if self.peek() == "_":
            self.take()
            braces = self.peek() == "{"
            name = self.take() if not braces else self.take("{") and self.take()
            low, high = (1, int(self.values["t"])) if name == "i" else (0, 200)
            if braces:
                self.take("=")
                low = int(self.expression())
                self.take("}")
        if self.peek() == "^":
            self.take()
            high = int(self.group())
        return self.summed(name, low, high)

    def summed(self, name, low, high):
        begin, total = self.place, 0
        outer = self.values.get(name)
        for index in range(low, high + 1):
            self.place, self.values[name] = begin, index
            total += self.term()
        self.values[name] = outer
        return total

    def symbol(self, token):
        if token == r"\operatorname":
            self.group_text()
            self.take()
            token = "Var"
        if token == r"\hat":
            token += self.take()
        if self.peek() == "_":
            self.take()
            return self.subscript(token)
        if self.peek() == "(" and (token in INDEXED or token.startswith(r"\hat")):
            self.take()
            index = self.expression()
            self.take(")")
            self.symbols.add(token)
            return pseudo(token, index)
        if token not in self.values:
            raise ValueError(f"unknown symbol {token!r}")
        if token not in {r"\pi", "e"}:
            self.symbols.add(token)
        return self.values[token]

    def subscript(self, token):
        self.symbols.add(token)
        if self.peek(1) == ";":  # a word, as in β with the index "critical"
            while self.take() != "}":
                pass
            return pseudo(token, 99)
        return pseudo(token, self.group())

    def group_text(self):
        self.take("{")
        while self.take() != "}":
            pass

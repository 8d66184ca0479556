"""The verdicts of the ledger, counted: the directive `verdicts` makes a table of them."""

import re
from pathlib import Path

from sphinx.util.docutils import SphinxDirective

ENTRY = re.compile(r"^\(([st]\d+b?)\)=\n.*?^\*\*Verdict\.\*\* ([^\n]+)$", re.MULTILINE | re.DOTALL)
# The first kind whose pattern is in the verdict counts it.
KINDS = {
    "exact": r"^exact(?:\.|, and )",
    "exact in part": r"exact.*(?:wrong|imprecise)",
    "exact, on a condition": r"^exact",
    "imprecise": r"^imprecise",
    "wrong": r"^wrong|error",
    "a convention": r"convention",
}
SHOWN = "exact", "exact, on a condition", "exact in part", "imprecise", "wrong", "a convention"
PARTS = {"s": "the article's claims", "t": "the field's claims"}


def kind_of(verdict):
    """Return the kind of a verdict, which must have one."""
    for kind, pattern in KINDS.items():
        if re.search(pattern, verdict.lower()):
            return kind
    raise ValueError(f"a verdict must be one of {', '.join(SHOWN)}, got {verdict!r}")


def verdicts(text):
    """Return the labels of the ledger's entries by part and kind of verdict, in their order."""
    found = {(part, kind): [] for part in PARTS for kind in SHOWN}
    for label, verdict in ENTRY.findall(text):
        found[label[0], kind_of(verdict)].append(label)
    return found


def table(found):
    """Return the verdicts as a Markdown table, with a link to each entry."""
    counts = {part: sum(len(found[part, kind]) for kind in SHOWN) for part in PARTS}
    head = [f"{name} ({counts[part]})" for part, name in PARTS.items()]
    rows = [[kind, *(cell(found[part, kind]) for part in PARTS)] for kind in SHOWN]
    lines = [["verdict", *head], ["---"] * 3, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cell(labels):
    """Return a count, and what it counts."""
    links = [f"{{ref}}`{label[0].upper()}{label[1:]} <{label}>`" for label in labels]
    return f"**{len(labels)}** {' '.join(links)}"


class Verdicts(SphinxDirective):
    """The table of the verdicts, as the page of the claims has them."""

    def run(self):
        """Return the table."""
        page = Path(self.env.srcdir, "chapters/claims.md")
        self.env.note_dependency(str(page))
        try:
            lines = table(verdicts(page.read_text("utf-8")))
        except ValueError as error:
            raise self.error(str(error)) from error
        (made,) = self.parse_text_to_nodes(lines)
        made["classes"].append("verdicts")
        return [made]


def setup(app):
    app.add_directive("verdicts", Verdicts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""Formulas in TeX as Typst's, by one call of pandoc for all of them."""

import re

import pypandoc

MARK = "formula"


def to_typst(formulas):
    """Return for each TeX formula its Typst, with the dollar signs around it."""
    formulas = sorted(set(formulas))
    document = "\n\n".join(f"{MARK} \\({tex}\\)" for tex in formulas)
    text = pypandoc.convert_text(document, "typst", "latex", extra_args=["--wrap=none"])
    found = [one.strip() for one in re.split(rf"^{MARK}\s", text, flags=re.M)[1:]]
    wrong = [tex for tex, one in zip(formulas, found) if not re.fullmatch(r"\$.*\$", one, re.S)]
    if wrong or len(found) != len(formulas):
        raise ValueError(f"pandoc must turn each formula into one of Typst, got {wrong or text}")
    return dict(zip(formulas, found))

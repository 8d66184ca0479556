"""Turns a figure's SVG into an element of a page; the page's own Python uses it too."""

import re
from html import escape


def inline_svg(svg, alt, prefix):
    """Turn a matplotlib SVG file into an element that lives in the page and follows its theme."""
    head, body = re.search(r"<svg\b([^>]*)>(.*)</svg>", svg, re.DOTALL).groups()
    view_box = re.search(r'viewBox="([^"]*)"', head)[1]
    body = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", body, flags=re.DOTALL)
    # Inside a page, matplotlib's `* {...}` would style all of it: book.css says it instead.
    body = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", body, flags=re.DOTALL)
    body = themed(unique_ids(shortened(body), prefix)).strip()
    width = float(view_box.split()[2]) / 12  # points to rem
    attributes = f'class="figure" viewBox="{view_box}" style="width: {width:.4g}rem"'
    return f'<svg role="img" aria-label="{escape(alt)}" {attributes}>{body}</svg>'


def shortened(svg):
    """Round the coordinates of paths to hundredths of a point: half the size, the same picture."""
    number = re.compile(r"-?\d+\.\d{3,}")
    return re.sub(r' d="[^"]*"', lambda d: number.sub(lambda n: f"{float(n[0]):.2f}", d[0]), svg)


def unique_ids(svg, prefix):
    """Prefix every id and every reference to one: a page holds several figures."""
    return re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{prefix}", svg)


def themed(svg):
    """Let book.css restate each colour: #0072b2 becomes var(--figure-0072b2, #0072b2)."""
    svg = re.sub(r'\b(fill|stroke)="(#[0-9a-fA-F]{6})"', r'style="\1: \2"', svg)
    return re.sub(r'style="[^"]*"', lambda style: themed_style(style[0]), svg)


def themed_style(style):
    return re.sub(
        r"#[0-9a-fA-F]{6}\b", lambda c: f"var(--figure-{c[0][1:].lower()}, {c[0]})", style
    )

"""Pages on paper: light colours from either theme, and solutions as the reader chooses."""

import re
from pathlib import Path

# All that the light theme states, in the sheets of the theme and of the highlighter.
LIGHT = re.compile(r'html\[data-theme="?light"?\]([^{},]*\{[^}]*\})')
SHEETS = (
    "styles/pydata-sphinx-theme.css",
    "styles/sphinx-book-theme.css",
    "pygments.css",
)
CHOICES = {
    "with": "Print with solutions",
    "without": "Print without solutions",
}


def offer_print(app, pagename, templatename, context, doctree):
    """Offer to print with and without solutions in place of the theme's one button."""
    for group in context.get("header_buttons", []):
        buttons = group.get("buttons", [])
        kept = [button for button in buttons if button.get("label") != "download-pdf-button"]
        if len(kept) < len(buttons):
            group["buttons"] = kept + [print_button(choice) for choice in CHOICES]
            group["tooltip"] = "Download or print this page"


def print_button(choice):
    return {
        "type": "javascript",
        "javascript": f"printPage('{choice}')",
        "text": CHOICES[choice],
        "icon": "fas fa-print",
        "label": f"print-{choice}-button",
    }


def write_light(app, exception):
    """State the light colours once more for print: the theme of the screen shall not matter."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    rules = [
        f"html[data-theme]{rule}"
        for sheet in SHEETS
        for rule in LIGHT.findall((static / sheet).read_text("utf-8"))
    ]
    (static / "light-print.css").write_text("\n".join(rules) + "\n", "utf-8")


def setup(app):
    # Before the theme's own handlers nothing is there to replace: they have priority 501.
    app.connect("html-page-context", offer_print, priority=600)
    app.add_css_file("light-print.css", priority=950, media="print")
    app.add_js_file("print.js")
    app.connect("build-finished", write_light, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

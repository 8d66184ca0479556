"""Write the address of the repository from _config.yml into README and CITATION: `make address`."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
LINES = {  # file: what the line looks like, and behind which line it stands
    "README.md": ("The book’s repository: <{}>", "Every number on its pages was computed"),
    "CITATION.cff": ("repository-code: {}", "license:"),
}


def stated():
    """Return the address in _config.yml; an empty text without one."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    return (config["repository"]["url"] or "").rstrip("/")


def written(name, text, url):
    """Return the text of a file with the line of the address, or without it if there is none.

    >>> print(written("CITATION.cff", "license: [x]\\n", "https://example.org/a/b"))
    license: [x]
    repository-code: https://example.org/a/b
    <BLANKLINE>
    """
    form, before = LINES[name]
    line = re.escape(form).replace(r"\{\}", ".*")
    bare = re.sub(rf"^{line}\n", "", text, flags=re.MULTILINE)
    if not url:
        return bare
    return re.sub(
        rf"^{before}.*\n", lambda found: f"{found[0]}{form.format(url)}\n", bare, flags=re.M
    )


def main():
    for name in LINES:
        path, text = ROOT / name, (ROOT / name).read_text("utf-8")
        path.write_text(written(name, text, stated()), "utf-8")


if __name__ == "__main__":
    main()

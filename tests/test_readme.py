"""The examples in the README and on the front page run as they stand."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "chapters/index.md")
EXAMPLES = [
    (page, code)
    for page in PAGES
    for code in re.findall(r"^```python\n(.*?)^```$", (ROOT / page).read_text("utf-8"), re.M | re.S)
]


def test_both_pages_show_an_example():
    assert [page for page, _ in EXAMPLES] == list(PAGES)


@pytest.mark.parametrize("page, code", EXAMPLES, ids=PAGES)
def test_an_example_runs_and_prints_numbers(page, code, tmp_path):
    script = tmp_path / "example.py"  # a file: new processes import it
    script.write_text(code, "utf-8")
    ran = subprocess.run(
        [sys.executable, "-W", "error", script], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr  # which on a busy machine shows the progress bar
    assert re.search(r"\d", ran.stdout)

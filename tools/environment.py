"""Make .venv, the environment of this checkout, or bring it up to date: `make .venv/installed`.

.venv/installed holds the folder it was made for. Where that is another one, or none, since the
checkout was moved or the first run interrupted, the environment is made anew.
"""

import subprocess
import sys
from pathlib import Path

INSTALLED = Path(".venv/installed")
SOURCES = "requirements.txt", "constraints.txt", "pyproject.toml"


def is_ours():
    if not (INSTALLED.exists() and Path(".venv/bin/python").exists()):
        return False
    return INSTALLED.read_text("utf-8").strip() == str(Path.cwd())


def is_fresh():
    made = INSTALLED.stat().st_mtime
    return all(Path(source).stat().st_mtime <= made for source in SOURCES)


def main():
    if is_ours() and is_fresh():
        return  # another make was quicker
    if not is_ours():
        create()
    python = ".venv/bin/python"
    pip = python, "-m", "pip", "--disable-pip-version-check", "--quiet"
    subprocess.run([*pip, "install", "--no-compile", "-r", "requirements.txt"], check=True)
    # What pip does on one core; left for later, others' syntax warnings would show in our runs.
    compileall = python, "-W", "ignore", "-m", "compileall", "-qq", "-j", "0", ".venv/lib"
    subprocess.run(compileall, check=False)
    INSTALLED.write_text(f"{Path.cwd()}\n", "utf-8")


def create():
    """Make the environment as `python -m venv` does, which says what to do if it cannot."""
    subprocess.run([sys.executable, "-m", "venv", "--clear", ".venv"], check=True)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)

"""Find a Chromium for the site's tests, or install Debian's: `python tools/chromium.py`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"
HELP = """No Chromium found, and none could be installed here. Do one of these, then run it again:
  sudo apt-get install chromium
  .venv/bin/playwright install chromium"""


def find():
    """Path of the system's Chromium, else of Playwright's own, else None."""
    return next(filter(None, map(shutil.which, NAMES)), None) or playwrights_own()


def playwrights_own():
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install():
    """Install Debian's package, where this user may."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", "--quiet", *command], env=environment, check=False)


def ensure():
    """Path of a Chromium, installed first if need be; exits where there can be none."""
    if not find():
        install()
    return find() or sys.exit(HELP)


if __name__ == "__main__":
    print("Chromium:", ensure())

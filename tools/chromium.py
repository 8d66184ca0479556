"""Find a Chromium for the site's tests, or install Debian's: `python tools/chromium.py`."""

import os
import re
import shutil
import subprocess
import sys

NAMES = "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"
# In a process of its own: it works within a test that uses Playwright, and says nothing if broken.
PLAYWRIGHTS_OWN = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""
HELP = """No Chromium that starts was found, and none could be installed here.
Do one of these, then run it again:
  sudo apt-get install chromium                           (Debian)
  .venv/bin/playwright install --with-deps chromium       (Ubuntu, whose package is only a pointer
                                                           to a snap, and other systems)"""


def output(*command):
    """Return what a command prints; nothing if it cannot be run, fails or hangs."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def starts(path):
    """Whether a program is a browser that tells its version."""
    return bool(path and re.search(r"\d+\.\d+", output(path, "--version")))


def find():
    """Path of the system's Chromium, else of Playwright's own, else None."""
    systems = next(filter(starts, map(shutil.which, NAMES)), None)
    return systems or next(filter(starts, [output(sys.executable, "-c", PLAYWRIGHTS_OWN)]), None)


def install(package):
    """Install a package of Debian's, where this user may."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "--yes", "--no-install-recommends", package]):
            subprocess.run(["apt-get", "--quiet", *command], env=environment, check=False)


def ensure():
    """Path of a Chromium that starts, installed first if need be; exits where there is none."""
    found = find()
    if not found:
        install("chromium")
        found = find()
    return found or sys.exit(HELP)


if __name__ == "__main__":
    print("Chromium:", ensure())

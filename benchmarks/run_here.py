"""Print what running a chapter in its page costs, beside the limits; exit with 1 if one breaks.

Run `make book`, then `make bench`, or `python benchmarks/run_here.py`. Each visit is one of a
Chromium that has stored nothing, to a server on this machine that does not compress. A chapter is
recomputed in its page by the button for that, and here by a kernel of Jupyter: both have started
before, and imported what a page's Python starts with.
"""

import re
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import nbformat
import timing
from pages import BUILT, FLAGS, Compressing, served
from playwright.sync_api import sync_playwright

from tools import chromium, refresh

CHAPTERS = sorted((timing.ROOT / "chapters").glob("0*.ipynb"))
REPEATS = 2
START, RATIO = 8, 3  # seconds; times the time in a kernel
MEGABYTES = {  # of a chapter: what is measured, at most that much
    "loaded after the button": 14,
    "Python's heap": 500,
    "the tab's process": 800,
}
SENT = []  # bytes of each file
UNTIL = """(found) => new Promise((resolve) => {
  const look = () => (found() ? resolve(performance.now()) : setTimeout(look, 10))
  look()
})"""
FIRST_CELL = f"""async () => {{
  const until = {UNTIL}, begun = performance.now()
  document.querySelector('.run-here').click()
  await until(() => document.querySelector('.run-tools button'))
  document.querySelector('.run-tools button').click()
  const status = document.querySelector('.run-tools .run-status')
  return await until(() => / s$/.test(status.textContent)) - begun
}}"""
RECOMPUTE = f"""async () => {{
  const until = {UNTIL}
  document.querySelector('.run-here').click()
  await until(() => /ready/.test(document.querySelector('.run-bar .run-status')?.textContent))
  const begun = performance.now(), status = document.querySelector('.run-bar .run-status')
  document.querySelector('.run-bar button').click()
  return await until(() => /^(\\d+) of \\1 cells gave what /.test(status.textContent)) - begun
}}"""
HEAP = "import pyodide_js; print('The heap has', pyodide_js._module.HEAP8.length, 'bytes')"


class Plain(Compressing):
    """Serves every file as it is, and counts the bytes."""

    gains = ()

    def copyfile(self, source, target):
        super().copyfile(source, target)
        SENT.append(source.tell())


@contextmanager
def visited(browser, url, name):
    """Open a chapter's page in a context of its own."""
    context = browser.new_context()
    context.set_default_timeout(120_000)
    page = context.new_page()
    page.goto(f"{url}/chapters/{name}.html", wait_until="networkidle")
    yield page
    context.close()


def start(browser, url):
    """Return seconds from the button to the first cell."""
    with visited(browser, url, CHAPTERS[0].stem) as page:
        return page.evaluate(FIRST_CELL) / 1000


def recompute(browser, url, name):
    """Return seconds of a chapter in its page, and its megabytes as MEGABYTES names them."""
    with visited(browser, url, name) as page:
        SENT.clear()
        seconds = page.evaluate(RECOMPUTE) / 1000
        loaded = sum(SENT) / 1e6
        cell = page.locator(".run-cell", has=page.get_by_role("group", name="Exercise 1"))
        cell.locator("textarea").fill(HEAP)
        cell.get_by_role("button", name="Run: Exercise 1").click()
        told = page.get_by_text(re.compile(r"The heap has \d")).text_content()
        heap = int(re.search(r"\d+", told)[0]) / 1e6
        return seconds, loaded, heap, largest_renderer(browser)


def largest_renderer(browser):
    """Return the memory of Chromium's largest process for pages."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    pages = (process["id"] for process in processes if process["type"] == "renderer")
    return max(map(memory, pages))


def memory(process):
    """Return a process's megabytes of memory; of what it shares with others, its part."""
    told = Path(f"/proc/{process}/smaps_rollup").read_text("utf-8")
    return 1.024e-3 * int(re.search(r"^Pss: +(\d+) kB", told, re.MULTILINE)[1])


def native(path):
    """Return seconds of a chapter in a kernel of Jupyter that has started."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell("import matplotlib.pyplot"))
    client = refresh.client(notebook, path.parent)
    with client.setup_kernel():
        imports, *cells = enumerate(notebook.cells)
        client.execute_cell(imports[1], 0)
        begin = time.perf_counter()
        for index, cell in cells:
            client.execute_cell(cell, index)
        return time.perf_counter() - begin


def rows(browser, url):
    seconds = min(start(browser, url) for _ in range(REPEATS))
    yield "from the button to the first cell, in s", seconds, "<=", START
    most = [0.0] * len(MEGABYTES)
    for path in CHAPTERS:
        pairs = [(recompute(browser, url, path.stem), native(path)) for _ in range(REPEATS)]
        here, there = min(page[0] for page, _ in pairs), min(other for _, other in pairs)
        most = [max(column) for column in zip(most, *(page[1:] for page, _ in pairs))]
        label = f"{path.stem}, {here:.1f} s in its page over {there:.1f} s in a kernel"
        yield label, here / there, "<=", RATIO
    for (label, limit), megabytes in zip(MEGABYTES.items(), most):
        yield f"{label}, at most, in MB", megabytes, "<=", limit


def main():
    if not BUILT.exists():
        return print("The site is not built here: nothing runs in its pages.")
    with sync_playwright() as playwright, served(BUILT, Plain) as url:
        browser = playwright.chromium.launch(executable_path=chromium.ensure(), args=FLAGS)
        status = timing.report(rows(browser, url))
        browser.close()
    return status


if __name__ == "__main__":
    sys.exit(main())

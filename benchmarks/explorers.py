"""Print how fast and how light the explorers are, beside their limits; exit with 1 if one breaks.

Run `make bench`, or `python benchmarks/explorers.py`. A redraw is everything from the start of a
frame's callback until the browser has laid the figure out anew, in a real Chromium, while one
slider after another is dragged back and forth.
"""

import gzip
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copytree
from threading import Thread
from types import SimpleNamespace

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from _ext import momentum_book  # noqa: E402
from momentum import explorers  # noqa: E402
from tools import chromium  # noqa: E402

MEDIAN_MS, P95_MS, SECONDS = 4.0, 16.7, 5.0
SCRIPT_KB, SLOWDOWN = 56, 4
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PAGE = """<!doctype html>
<meta charset="utf-8">
<title>Explorers</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="_static/book.css">
<link rel="stylesheet" href="_static/explorers.css">
<script defer src="_static/explorers.js"></script>
<body>{}</body>
"""
# Times every frame's callback, and the layout that it asks for.
STOPWATCH = """(() => {
  globalThis.times = []
  const frame = requestAnimationFrame
  globalThis.requestAnimationFrame = call => frame(now => {
    const begin = performance.now()
    call(now)
    document.body.getBoundingClientRect()
    times.push(performance.now() - begin)
  })
})()"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@contextmanager
def served(folder):
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as httpd:
        Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


def write_site(folder):
    """Write one page an explorer, as the book's extension does."""
    copytree(momentum_book.STATIC, folder / "_static")
    momentum_book.write_colors(folder / "_static")
    momentum_book.write_explorers(SimpleNamespace(outdir=folder))
    for name in explorers.__all__:
        (folder / f"{name}.html").write_text(
            PAGE.format(getattr(explorers, name)()._html()), "utf-8"
        )


def drag(page, slider, seconds):
    """Drag a slider back and forth."""
    slider.scroll_into_view_if_needed()
    box, begin, step = slider.bounding_box(), time.monotonic(), 0
    page.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    page.mouse.down()
    while time.monotonic() < begin + seconds:
        step += 1
        share = abs((step * 0.017) % 2 - 1)
        page.mouse.move(box["x"] + 8 + share * (box["width"] - 16), box["y"] + box["height"] / 2)
    page.mouse.up()


def redraw_times(browser, url, slowdown=1):
    """Return the milliseconds of every redraw while each slider is dragged for its time."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    page.add_init_script(STOPWATCH)
    page.goto(url)
    sliders = page.locator("input[type=range]").all()
    for slider in sliders:
        drag(page, slider, SECONDS)
    times = page.evaluate("times")
    page.close()
    return times


def redraw_rows(browser):
    with tempfile.TemporaryDirectory() as folder, served(folder) as url:
        write_site(Path(folder))
        for name in explorers.__all__:
            times = redraw_times(browser, f"{url}/{name}.html")
            p95 = statistics.quantiles(times, n=20)[-1]
            yield (
                f"{name}, median of {len(times)} redraws",
                statistics.median(times),
                MEDIAN_MS,
                "ms",
            )
            yield f"{name}, 95th percentile", p95, P95_MS, "ms"
            slow = redraw_times(browser, f"{url}/{name}.html", SLOWDOWN)
            yield f"{name}, median on a slow phone", statistics.median(slow), P95_MS, "ms"
        files = [Path(folder, "_static", f"explorers.{kind}") for kind in ("js", "css")]
        yield "all scripts and styles, gzipped", sum(map(gzipped, files)), SCRIPT_KB, "KB"


def gzipped(file):
    return len(gzip.compress(file.read_bytes())) / 1000


def rows():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.ensure(), args=FLAGS)
        yield from redraw_rows(browser)
        browser.close()


def main():
    kept = True
    for name, measured, limit, unit in rows():
        kept = kept and measured <= limit
        mark = "" if measured <= limit else "   TOO MUCH"
        print(f"{name:<45} {measured:8.1f} {unit:<2} at most {limit:g} {unit}{mark}".rstrip())
    return not kept


if __name__ == "__main__":
    sys.exit(main())

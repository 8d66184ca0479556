"""Print how light and fast the built chapters are, beside their limits; exit with 1 if one breaks.

Run `make book`, then `make bench`, or `python benchmarks/pages.py`. Each chapter is loaded as by a
first-time reader from a server that compresses, as static hosts do: once as it is, for its weight,
and as often as REPEATS says on a slow phone (4G of 1.6 Mbit/s with 150 ms there and back, the
processor slowed four times), for its times, of which the medians count.
"""

import gzip
import statistics
import sys
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import chromium  # noqa: E402

BUILT = ROOT / "_build" / "html"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
REPEATS = 3
PHONE = {"width": 412, "height": 823}
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 200e3, "uploadThroughput": 94e3}
SLOWDOWN = 4
LIMITS = {  # what is measured of a visit: at most that many of a unit
    "weight": (250, "KB, gzipped"),
    "requests": (15, ""),
    "shift": (0.02, ""),
    "largest paint": (2.0, "s"),
    "figures alive": (2.5, "s"),
    "blocked": (0.3, "s"),
}
WATCH = """(() => {
  const seen = globalThis.seen = { shift: 0, paint: 0, alive: 0, blocked: 0 }
  const watch = (type, note) => new PerformanceObserver(list => list.getEntries().forEach(note))
    .observe({ type, buffered: true })
  watch('layout-shift', shift => { if (!shift.hadRecentInput) seen.shift += shift.value })
  watch('largest-contentful-paint', paint => { seen.paint = paint.startTime })
  watch('longtask', task => { seen.blocked += task.duration - 50 })
  new MutationObserver(() => {
    const asleep = 'momentum-explorer:not(:has(.is-live))'
    if (seen.alive || document.querySelector(asleep)) return
    if (document.readyState !== 'loading') seen.alive = performance.now()
  }).observe(document, { subtree: true, childList: true, attributes: true })
})()"""


@cache
def compressed(path):
    return gzip.compress(Path(path).read_bytes())


class Compressing(SimpleHTTPRequestHandler):
    """Serves what gains by it compressed, over connections that stay open."""

    protocol_version = "HTTP/1.1"
    gains = ".html", ".css", ".js", ".svg"

    def do_GET(self):
        path = self.translate_path(self.path)
        if not path.endswith(self.gains) or not Path(path).exists():
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(compressed(path))))
        self.end_headers()
        self.wfile.write(compressed(path))

    def log_message(self, *args):
        pass


@contextmanager
def served(folder, kind=Compressing):
    handler = partial(kind, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


def visit(browser, url, slow=False):
    """Return what a first visit loads and how long it takes, by the names of LIMITS."""
    context = browser.new_context(viewport=PHONE)
    page, answers = context.new_page(), []
    page.on("response", lambda answer: answers.append(answer))
    page.add_init_script(WATCH)
    if slow:
        slow_down(context.new_cdp_session(page))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500 if slow else 300)
    seen = page.evaluate("seen")
    answers = [answer for answer in answers if answer.url.startswith("http")]
    weight = sum(min(len(gzip.compress(body)), len(body)) for body in map(body_of, answers)) / 1000
    context.close()
    times = (seen[name] / 1000 for name in ("paint", "alive", "blocked"))
    return dict(zip(LIMITS, (weight, len(answers), seen["shift"], *times), strict=True))


def slow_down(session):
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})


def body_of(answer):
    return answer.body() if answer.ok else b""


def medians(visits):
    return {name: statistics.median(visit[name] for visit in visits) for name in LIMITS}


def rows(site):
    """Yield of each chapter: its name, what is measured, the value."""
    with sync_playwright() as playwright, served(site) as url:
        browser = playwright.chromium.launch(executable_path=chromium.ensure(), args=FLAGS)
        for path in sorted(Path(site, "chapters").glob("[01]*.html")):
            address = f"{url}/chapters/{path.name}"
            visits = [visit(browser, address, slow=True) for _ in range(REPEATS)]
            yield path.stem, medians(visits) | light(visit(browser, address))
        browser.close()


def light(visit):
    return {name: visit[name] for name in ("weight", "requests")}


def main(site=BUILT):
    if not Path(site).exists():
        return print("The site is not built here: its pages are not measured.")
    kept = True
    for page, measured in rows(site):
        for name, (limit, unit) in LIMITS.items():
            mark = "" if measured[name] <= limit else "   TOO MUCH"
            kept = kept and not mark
            label = f"{page}, {name}"
            print(f"{label:<40} {measured[name]:8.3f}  at most {limit:g} {unit}{mark}".rstrip())
    return not kept


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

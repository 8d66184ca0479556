"""Run the built site's chapters in Firefox: `python tools/firefox.py [chapter ...]`.

On each page it presses "Run it here", runs the first cell, then recomputes the page. Playwright
drives no Firefox but its own: this speaks Firefox's own protocol, Marionette.
"""

import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

if __package__ is None:
    sys.path.insert(0, str(Path(__file__).parent.parent))
from tools import chromium

SITE = Path(__file__).parent.parent / "_build" / "html"
NAMES = "firefox-esr", "firefox"
LIMIT = 8  # seconds from the press to the end of the first cell
# What Firefox prints of a page's errors, and not its own complaint that the network is closed.
ERROR = re.compile(r"console\.error: (?!RSLoader)|JavaScript error: http://127\.0\.0\.1")
LOOP = "while True:\n    pass"
# A proxy that is not there closes the network; Firefox asks none for this machine.
PREFERENCES = {
    "browser.dom.window.dump.enabled": True,
    "devtools.console.stdout.content": True,
    "marionette.port": 0,
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 1,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 1,
}
STEPS = """
const all = (selector) => [...document.querySelectorAll(selector)];
const bar = () => all(".run-bar .run-status")[0]?.textContent;
const named = (name, within) => all(`${within} button`).find((it) => it.textContent === name);
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const until = async (is) => {
  for (const begun = Date.now(); Date.now() - begun < 120_000; await wait(10)) if (is()) return;
  throw new Error(`this did not come: ${is}; the page says: ${bar()}`);
};
const done = () => until(() => !all(".is-running").length);
"""
PRESS = """
const begun = performance.now();
all(".run-here")[0].click();
await until(() => all(".run-tools").length);
named("Run", ".run-tools").click();
await done();
return [(performance.now() - begun) / 1000, all(".run-tools .run-status")[0].textContent];
"""
RECOMPUTE = """
named("Recompute this page", ".run-bar").click();
await until(() => /gave what|Stopped/.test(bar()));
return [bar(), all("[data-result=differs] .run-tools").map((it) => it.ariaLabel).join(", ")];
"""
STOP = """
const text = all(".editor textarea")[0];
text.value = arguments[0];
text.dispatchEvent(new Event("input"));
named("Run", ".run-tools").click();
await wait(500);
const begun = performance.now();
named("Stop", ".run-tools").click();
await done();
return (performance.now() - begun) / 1000;
"""
KEPT = """
all(".run-here")[0].click();
await until(() => bar()?.startsWith("Python is ready"));
return all(".editor textarea")[0].value;
"""
HELP = """No Firefox that starts was found, and none could be installed here.
Debian's is enough: sudo apt-get install firefox-esr"""


def find():
    """Path of the system's Firefox, else None."""
    return next(filter(chromium.starts, map(shutil.which, NAMES)), None)


def ensure():
    """Path of a Firefox that starts, installed first if need be; exits where there is none."""
    if not find():
        chromium.install("firefox-esr")
    return find() or sys.exit(HELP)


class Firefox:
    """A Firefox without a window, in a fresh profile, that reaches this machine only."""

    def __init__(self, path):
        self.folder = TemporaryDirectory(ignore_cleanup_errors=True)
        profile, self.numbers = Path(self.folder.name), count(1)
        lines = (f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in PREFERENCES.items())
        (profile / "user.js").write_text("".join(lines))
        flags = "--headless", "--no-remote", "--marionette"
        self.said = profile / "said.txt"
        with self.said.open("w") as said:
            command = [path, *flags, "--profile", profile]
            self.process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        port = profile / "MarionetteActivePort"
        while not (port.exists() and port.read_text()):
            if self.process.poll() is not None:
                sys.exit(f"{path} does not start.")
            time.sleep(0.1)
        self.socket = socket.create_connection(("127.0.0.1", int(port.read_text())))
        self.stream = self.socket.makefile("rb")
        self.read()  # the greeting
        self.ask("WebDriver:NewSession", timeouts={"script": 300_000})

    def read(self):
        """Read a message: its length, a colon, and JSON."""
        length = b""
        while not length.endswith(b":"):
            digit = self.stream.read(1)
            if not digit:
                raise ConnectionError("Firefox has ended")
            length += digit
        return json.loads(self.stream.read(int(length[:-1])))

    def ask(self, command, **parameters):
        message = json.dumps([0, next(self.numbers), command, parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self.read()
        if error:
            raise RuntimeError(f"{error['error']}: {error['message']}")
        return result and result.get("value")

    def open(self, url):
        self.ask("WebDriver:Navigate", url=url)

    def run(self, script, *arguments):
        """Run the body of an asynchronous function in the page; return what it gives."""
        body = f"return (async () => {{ {STEPS} {script} }})()"
        return self.ask("WebDriver:ExecuteScript", script=body, args=arguments)

    def errors(self):
        """Return what the site's scripts threw, and wrote to the console as errors."""
        lines = self.said.read_text("utf-8").splitlines()
        return [line for line in lines if ERROR.match(line)]

    def close(self):
        self.process.terminate()
        self.process.wait(30)
        self.folder.cleanup()


class Site(SimpleHTTPRequestHandler):
    """The built site; it counts what it is asked for."""

    def __init__(self, asked, *args):
        self.asked = asked
        super().__init__(*args, directory=SITE)

    def log_message(self, *args):
        pass

    def log_request(self, code="-", size="-"):
        self.asked[Path(self.path).name.partition("?")[0]] += 1


def chapter(firefox, url):
    """Run one chapter; print what its bar says, and yield what is wrong."""
    name = Path(url).stem
    firefox.open(url)
    first, cell = firefox.run(PRESS)
    told, other = firefox.run(RECOMPUTE)
    print(f"{name}: first cell after {first:.1f} s; {told}", flush=True)
    if first > LIMIT or not cell.startswith("the same"):
        yield f"{name}: the first cell after {first:.1f} s: {cell}"
    same, _, cells, *_ = told.split()
    if same != cells:
        yield f"{name}: {told} Others: {other}"


def stop(firefox, url):
    """Stop a loop that never ends, and go on; yield what is wrong."""
    firefox.open(url)
    firefox.run(PRESS)
    took = firefox.run(STOP, LOOP)
    told, _ = firefox.run(RECOMPUTE)
    print(f"A loop that never ends: stopped after {took:.2f} s; then {told}")
    if took > 1 or "Stopped" in told:
        yield f"Stop took {took:.1f} s; then {told}"
    firefox.open(url)
    if firefox.run(KEPT) != LOOP:
        yield "The edit was not kept"


def once(asked):
    """Yield the pieces that were not loaded once and only once."""
    stated = json.loads((SITE / "_static/run/pieces.json").read_text())
    for name in (piece["name"] for piece in stated["files"]):
        if asked[name] != 1:
            yield f"{name} was loaded {asked[name]} times"


def faults(firefox, urls, asked):
    for url in urls:
        yield from chapter(firefox, url)
    yield from stop(firefox, urls[0])
    yield from once(asked)
    yield from firefox.errors()


def main(names):
    names = names or [path.stem for path in sorted((SITE / "chapters").glob("[0-9]*.html"))]
    asked = Counter()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, asked)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        firefox = Firefox(ensure())
        try:
            host = f"http://127.0.0.1:{server.server_port}/chapters"
            found = list(faults(firefox, [f"{host}/{name}.html" for name in names], asked))
        finally:
            firefox.close()
            server.shutdown()
    print(*found, f"{len(found)} faults in Firefox", sep="\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main(sys.argv[1:])

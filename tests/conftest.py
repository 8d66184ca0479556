"""Shared by all tests: where the repository is, a server on localhost, a real Chromium."""

import fcntl
import os
import pickle
import subprocess
import sys
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import sync_playwright

from tools import chromium

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no network, on any machine
]


@pytest.fixture(scope="session")
def root():
    return Path(__file__).parent.parent


@pytest.fixture(scope="session")
def build(root, tmp_path_factory):
    """Build the whole site, once for all workers: (finished process, folder)."""
    base = tmp_path_factory.getbasetemp()
    target = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "site"
    target.mkdir(exist_ok=True)
    with (target / "done").open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        if not (done := file.read()):
            file.write(done := pickle.dumps(built(root, target)))
    return pickle.loads(done), target / "_build" / "html"


def built(root, target):
    """Build the site with warnings as errors; return the finished process."""
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    strict = "-W", "-n", "--keep-going"
    command = [jupyter_book, "build", "-q", *strict, "--path-output", target, root]
    return subprocess.run(command, capture_output=True, text=True)


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@contextmanager
def serving(folder, handler=Quiet):
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder))) as httpd:
        Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


@pytest.fixture(scope="module")
def server(site):
    """Serve the folder that the module's fixture `site` names."""
    with serving(site) as url:
        yield url


@pytest.fixture(scope="module")
def browser():
    """Open a Chromium that reaches this machine only."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium.ensure(),
            args=FLAGS,
            # As for a reader, Chromium shall complain of an address that changes too often.
            ignore_default_args=["--disable-ipc-flooding-protection"],
        )
        yield opened
        opened.close()

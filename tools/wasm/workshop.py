"""The chroot that builds for the page: Debian's emscripten, and what it must know of pyodide."""

import gzip
import re
import runpy
import shutil
import subprocess
import zipfile
from pathlib import Path

from tools.pythons import CHROOTS, inside, make_chroot, run

HERE = Path(__file__).parent
PYODIDE = HERE.parent.parent / "third_party/pyodide"
CHROOT = CHROOTS / "wasm"
BUILD = CHROOT / "build"  # /build for what runs in the chroot: the same place whoever builds
HEADERS = CHROOT / "usr/include"
PACKAGES = "emscripten", "patch", "python3-dev", "python3-venv"
SYSCONFIG = "_sysconfigdata__emscripten_wasm32-emscripten"
ENVIRONMENT = {
    "HOME": "/root",
    "PATH": "/build/venv/bin:/usr/bin:/bin",
    "LC_ALL": "C.UTF-8",
    "EM_CACHE": "/var/cache/emscripten",
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "315532800",  # 1980, before which a zip cannot date a file
}
CROSS = {
    "PYTHONPATH": "/build/python",
    "_PYTHON_SYSCONFIGDATA_NAME": SYSCONFIG,
    "_PYTHON_HOST_PLATFORM": "emscripten_wasm32",
    "CC": "/build/xcc",
    "CXX": "/build/xc++",
    "AR": "emar",
    "LDSHARED": "/build/xcc -shared",
    "LDCXXSHARED": "/build/xc++ -shared",
    "ZLIB_ROOT": "/build/zlib",
}


class Workshop:
    """The chroot, made when it is missing, with an empty /build; what it does goes to a log."""

    def __init__(self, log):
        self.log = log
        make_chroot(CHROOT, "sid", PACKAGES, log)
        shutil.rmtree(BUILD, ignore_errors=True)
        for folder in "sources", "wheels", "tree", "pyodide", "zlib/include", "zlib/lib":
            (BUILD / folder).mkdir(parents=True)
        for name in "contents.txt", "cross.ini", "pack.mjs", "pack.py", "tools.txt":
            shutil.copy(HERE / name, BUILD)
        for name in "xcc", "xc++":
            shutil.copy(HERE / "xcc.py", BUILD / name)
        self.offer_sources()
        self("python3", "-m", "venv", "/build/venv")
        self("pip", "install", "--no-deps", "--require-hashes", "-r", "tools.txt")
        lay_pyodide()
        describe_pyodide()
        borrow_zlib()

    def __call__(self, *command, folder="/build", **environment):
        """Run a command in the chroot."""
        variables = (f"{name}={value}" for name, value in (ENVIRONMENT | environment).items())
        run(inside(CHROOT, "env", "-i", "-C", folder, *variables, *command), self.log)

    def offer_sources(self):
        """Let apt fetch sources as well; a mirror that is a copy of an earlier day will do."""
        path = CHROOT / "etc/apt/sources.list"
        (binary, *_) = path.read_text("utf-8").splitlines()
        path.write_text(f"{binary}\n{binary.replace('deb ', 'deb-src ', 1)}\n", "utf-8")
        self("apt-get", "-o", "Acquire::Check-Valid-Until=false", "update")


def versions(*packages):
    """Return the versions of packages in the chroot."""
    show = "dpkg-query", "--show", "--showformat=${Package} ${Version}\n", *packages
    lines = subprocess.check_output(inside(CHROOT, *show), text=True).splitlines()
    return dict(line.split() for line in lines)


def lay_pyodide():
    """Lay pyodide in /build/pyodide as it is published, with nothing compressed."""
    for path in PYODIDE.iterdir():
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == ".gz" else data
        (BUILD / "pyodide" / path.name.removesuffix(".gz")).write_bytes(data)


def describe_pyodide():
    """Describe pyodide's CPython: Debian's headers, with the values that it was built with."""
    with zipfile.ZipFile(PYODIDE / "python_stdlib.zip") as stdlib:
        stdlib.extract(f"{SYSCONFIG}.py", BUILD / "python")
    values = runpy.run_path(str(BUILD / f"python/{SYSCONFIG}.py"))["build_time_vars"]

    def line(match):
        name = match["name"]
        if name.startswith("_"):  # the same everywhere, and not among the values
            return match[0]
        return f"#define {name} {values[name]}" if values.get(name) else ""

    (debian,) = HEADERS.glob("*/python3.14/pyconfig.h")
    names = re.compile(r"^(#define|/\* #undef) (?P<name>\w+).*", re.MULTILINE)
    config = names.sub(line, debian.read_text("utf-8"))
    (HEADERS / "python3.14/pyconfig.h").write_text(config, "utf-8")


def borrow_zlib():
    """Let Pillow use the zlib inside pyodide's CPython: its headers, and nothing to link with."""
    for name in "zlib.h", "zconf.h":
        shutil.copy(HEADERS / name, BUILD / "zlib/include")
    (BUILD / "zlib/lib/libz.a").write_bytes(b"!<arch>\n")

"""What `make` does on other machines than this one: which Python, which Chromium, twice at once."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import chromium, environment, versions

ROOT = Path(__file__).parents[1]
MADE_FROM = "Makefile", "requirements.txt", "constraints.txt", "pyproject.toml", "_config.yml"
SHELL = f"#!{shutil.which('bash')}\n"


def program(path, text):
    """Write a program in shell, as one that a machine may have."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SHELL + text + "\n", "utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Return the only folder of a machine's PATH."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("PYTHON", raising=False)
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """Return a folder where `make book` runs and `jupyter-book` does what a test says."""
    for name in ("MAKEFLAGS", "MAKELEVEL", "MOMENTUM_ALONE", "PYTHON"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "a 'checkout'"
    folder.mkdir()
    for name in MADE_FROM:
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "tools", folder / "tools")
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/bin/python").symlink_to(sys.executable)
    (folder / ".venv/installed").write_text(f"{folder}\n", "utf-8")
    return folder


def begin(folder, *targets):
    return subprocess.Popen(
        ["make", "-C", folder, *targets],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip


def make(folder, *targets):
    """Return the exit status of make, and what it printed."""
    process = begin(folder, *targets)
    printed, _ = process.communicate(timeout=60)
    return process.returncode, printed


# --- Python

OLD, NEW = "exit 1", f'exec {sys.executable} "$@"'


@pytest.mark.parametrize(
    "pythons",
    [
        {"python3.12": NEW},
        {"python3": OLD, "python3.14": NEW},
        {"python3": OLD, "python3.13": "exit 127", "python3.11": NEW},
        {"python": NEW},
    ],
    ids=lambda pythons: " ".join(pythons),
)
def test_a_python_is_found_by_whatever_name_it_has(machine, pythons):
    for name, text in pythons.items():
        program(machine / name, text)
    done = subprocess.run([ROOT / "tools/python", "-c", "print(7)"], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "7\n", "")


@pytest.mark.parametrize("chosen", [None, "python3.9"])
def test_without_a_new_enough_python_make_says_what_it_needs(machine, monkeypatch, chosen):
    program(machine / "python3", OLD)
    program(machine / "python3.9", OLD)
    if chosen:
        program(machine / "python3.12", NEW)  # a choice is a choice
        monkeypatch.setenv("PYTHON", chosen)
    done = subprocess.run([ROOT / "tools/python"], capture_output=True, text=True)
    expected = (
        f"The book needs Python 3.11 or newer; {chosen or 'python3'} is not. Try: make PYTHON"
    )
    assert done.returncode == 1 and done.stderr.startswith(expected)


def test_make_says_so_too(checkout):
    (checkout / ".venv/installed").unlink()
    status, printed = make(checkout, "PYTHON=no-such-python", "book")
    assert status and "The book needs Python 3.11 or newer; no-such-python is not" in printed


# --- Chromium


@pytest.mark.parametrize(
    "text",
    [
        "echo \"Command '$0' requires the chromium snap to be installed.\"; exit 1",
        "exit 0",
        "echo 'error while loading shared libraries: libnss3.so' >&2; exit 127",
    ],
    ids=["Ubuntu's pointer to a snap", "nothing", "a library is missing"],
)
def test_a_chromium_that_does_not_start_is_none(machine, monkeypatch, text):
    program(machine / "chromium", text)
    monkeypatch.setattr(sys, "executable", str(program(machine / "driver", "exit 1")))
    assert chromium.find() is None
    with pytest.raises(SystemExit, match=r"(?s)No Chromium that starts.*apt-get.*playwright"):
        chromium.ensure()


def test_the_first_chromium_that_tells_its_version_is_taken(machine):
    program(machine / "chromium", "exit 1")
    good = program(machine / "google-chrome", "echo Google Chrome 131.0.6778.85")
    assert chromium.find() == str(good)


def test_playwrights_own_chromium_is_the_last_resort(machine, monkeypatch):
    good = program(machine / "chrome", "echo Chromium 131.0.6778.33")
    monkeypatch.setattr(sys, "executable", str(program(machine / "driver", f"echo {good}")))
    assert chromium.find() == str(good)


def test_a_driver_of_playwright_that_is_broken_ends_in_the_message(machine, monkeypatch, capfd):
    driver = program(machine / "driver", "echo 'Traceback (most recent call last):' >&2; exit 1")
    monkeypatch.setattr(sys, "executable", str(driver))
    with pytest.raises(SystemExit, match=r"(?s)No Chromium"):
        chromium.ensure()
    assert capfd.readouterr().err == ""


# --- the environment and the build

ALONE = "mkdir busy || { echo two at once >&2; exit 1; }; sleep 0.5; rmdir busy"


def test_two_builds_at_once_come_one_after_the_other(checkout):
    program(checkout / ".venv/bin/jupyter-book", ALONE)
    both = [begin(checkout, "book") for _ in range(2)]
    printed = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], printed
    assert sum("waiting for it" in text for text in printed) == 1


def test_a_build_after_an_interrupted_one_starts_afresh(checkout):
    book = checkout / ".venv/bin/jupyter-book"
    program(book, "[ ! -e _build/half ] || exit 1; touch _build/half; sleep 60")
    process = begin(checkout, "book")
    while not (checkout / "_build/half").exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGTERM)
    process.communicate(timeout=60)
    program(book, "[ ! -e _build/half ]")
    assert make(checkout, "book")[0] == 0


def test_a_build_after_a_failed_one_starts_afresh_and_after_a_good_one_does_not(checkout):
    book = checkout / ".venv/bin/jupyter-book"
    for text in ("touch _build/half; exit 1", "[ ! -e _build/half ] && touch _build/good"):
        status, printed = make(checkout, "book") if program(book, text) else None
    assert status == 0, printed
    program(book, "[ -e _build/good ]")
    assert make(checkout, "book")[0] == 0


def test_a_build_that_fails_without_a_warning_does_not_claim_one(checkout):
    status, printed = make(checkout, "book")  # there is no jupyter-book at all
    assert status and "The book was not built" in printed and "has warnings" not in printed


@pytest.fixture
def empty(checkout):
    """Return a checkout that needs no package, and has no environment."""
    shutil.rmtree(checkout / ".venv")
    (checkout / "requirements.txt").write_text("", "utf-8")
    return checkout


def test_two_makes_at_once_in_a_fresh_clone_and_a_move_after_it(empty, tmp_path):
    both = [begin(empty, ".venv/installed") for _ in range(2)]
    printed = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], printed
    assert "up to date" in make(empty, ".venv/installed")[1]
    moved = empty.rename(tmp_path / "moved")
    assert make(moved, ".venv/installed")[0] == 0
    assert "up to date" in make(moved, ".venv/installed")[1]
    pip = (moved / ".venv/bin/pip").read_text("utf-8")
    assert str(moved) in pip and str(empty) not in pip


INSTALL = ["requirements.txt", ".venv/lib"]  # what pip installs, and what is compiled
ANEW = [".venv", *INSTALL]


@pytest.mark.parametrize(
    "change, calls",
    [
        (lambda: None, []),
        (lambda: os.utime("requirements.txt", (2e9, 2e9)), INSTALL),
        (lambda: Path(".venv/installed").unlink(), ANEW),
        (lambda: Path(".venv/installed").write_text("/elsewhere\n"), ANEW),
        (lambda: Path(".venv/bin/python").unlink(), ANEW),
    ],
    ids=["nothing", "a requirement", "an interruption", "a move", "another Python"],
)
def test_an_environment_is_made_anew_when_it_is_of_no_use(checkout, monkeypatch, change, calls):
    monkeypatch.chdir(checkout)
    for name in MADE_FROM:
        os.utime(name, (1e9, 1e9))
    change()
    called = []
    monkeypatch.setattr(subprocess, "run", lambda call, check: called.append(call[-1]))
    environment.main()
    assert called == calls


# --- versions


def test_the_lower_bounds_are_the_versions_that_are_tested():
    declared = (ROOT / "pyproject.toml").read_text("utf-8")
    oldest = versions.pins(ROOT / "oldest.txt")
    for name in versions.PACKAGE:
        bound = oldest[name].split("==")[1].removesuffix(".0")
        assert f'"{name}>={bound}"' in declared


def test_the_oldest_versions_take_the_place_of_the_locked_ones(monkeypatch):
    monkeypatch.chdir(ROOT)
    oldest, newest = map(versions.requirements, ("oldest", "newest"))
    assert "numpy==2.1.0" in oldest and not [r for r in oldest if r.startswith("numpy==2.4")]
    assert "numpy" in newest and "jupyter-book==1.0.4.post1" in newest

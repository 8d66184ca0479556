"""Build and test the book under the Pythons of other Debian releases: `python tools/pythons.py`.

Each release lives in a chroot, made when it is missing, which takes root, debootstrap and two
gigabytes below $CHROOTS. The current commit is cloned into it; there `make book` and `make test`
run as they do anywhere.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
CHROOTS = Path(os.environ.get("CHROOTS", "/var/tmp/momentum-pythons"))
RELEASES = {"trixie": "3.13", "sid": "3.14"}
PACKAGES = "chromium", "git", "make", "nodejs", "python3", "python3-venv"
CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"
# The mounts end with the command, whatever becomes of it.
MOUNT = """mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@" """
ENVIRONMENT = {"HOME": "/root", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}


def inside(chroot, *command):
    """Return the call that runs a command in a chroot."""
    return ["unshare", "--mount", "sh", "-c", MOUNT, str(chroot), *command]


def run(call, log, check=True):
    return subprocess.run(
        call, stdout=log, stderr=log, check=check, env={**os.environ, **ENVIRONMENT}
    )


def make_chroot(chroot, release, packages, log):
    """Make a chroot with these packages; it has the network's own certificates."""
    ready, contents = chroot / "ready", "\n".join(packages)
    if ready.exists() and ready.read_text("utf-8") == contents:
        return
    shutil.rmtree(chroot, ignore_errors=True)
    options = "--force-check-gpg", "--variant=minbase", "--include=ca-certificates"
    run(["debootstrap", *options, release, str(chroot)], log)
    shutil.copy("/etc/resolv.conf", chroot / "etc")
    install = "apt-get", "install", "--yes", "--quiet", "--no-install-recommends"
    run(inside(chroot, *install, *packages), log)
    shutil.copy(f"/{CERTIFICATES}", chroot / CERTIFICATES)
    ready.write_text(contents, "utf-8")


def timed(call, log):
    """Run a call; return how it ended and how long it took."""
    begin = time.monotonic()
    failed = run(call, log, check=False).returncode
    return f"{'FAILED' if failed else 'passed'} in {time.monotonic() - begin:.0f} s"


def outcomes(release, log):
    """Return the release's Python, and how each command of the book ended there."""
    chroot = CHROOTS / release
    make_chroot(chroot, release, PACKAGES, log)
    shutil.rmtree(chroot / "book", ignore_errors=True)
    run(["git", "clone", "--quiet", str(ROOT), str(chroot / "book")], log)
    version = subprocess.check_output(inside(chroot, "python3", "--version"), text=True).strip()
    if not version.startswith(f"Python {RELEASES[release]}."):
        sys.exit(f"{release} has {version}, not {RELEASES[release]}: say so in tools/pythons.py")
    commands = [("make", "-C", "/book", target) for target in ("book", "test")]
    return [version, *(timed(inside(chroot, *command), log) for command in commands)]


def main(releases):
    CHROOTS.mkdir(parents=True, exist_ok=True)
    rows = []
    for release in releases or RELEASES:
        path = CHROOTS / f"{release}.log"
        print(f"{release}: see {path}", flush=True)
        with path.open("wb") as log:
            rows.append([release, *outcomes(release, log)])
    for row in [["release", "python", "make book", "make test"], *rows]:
        print("".join(f"{field:18}" for field in row).rstrip())
    sys.exit(any(field.startswith("FAILED") for row in rows for field in row))


if __name__ == "__main__":
    main(sys.argv[1:])

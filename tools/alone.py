"""Run a command once no other does so in this checkout: `python tools/alone.py command ...`.

Two `make book` at once would install into one .venv, and build into one _build. The lock is on the
Makefile, ends with the command and what it started, and is the command's own further down.
"""

import fcntl
import os
import sys

HELD = "MOMENTUM_ALONE"


def lock(path):
    """Wait for the lock on a file; leave it to the command that takes this process's place."""
    descriptor = os.open(path, os.O_RDWR)
    os.set_inheritable(descriptor, True)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another make is at work here: waiting for it.", flush=True)
        fcntl.flock(descriptor, fcntl.LOCK_EX)


if __name__ == "__main__":
    if os.environ.get(HELD) != os.getcwd():
        lock("Makefile")
    os.execvpe(sys.argv[1], sys.argv[1:], {**os.environ, HELD: os.getcwd()})

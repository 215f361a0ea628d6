"""One run at a time: a study's folder under .build/ in, the right to write there out. Two would mix their pages."""

from __future__ import annotations

import errno
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

FILE = "running"
HELD = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}


def say(words: str) -> None:
    """One line for the person who waits."""
    print(words, file=sys.stderr, flush=True)


@contextmanager
def alone(folder: Path, tell: Callable[[str], None] = say) -> Iterator[None]:
    """
    Holds the folder against other processes, and waits for one that holds it, which is told once.

    The system takes the hold away from a process that ends, however it ends. Where a file system knows no locks, nobody
    is held off.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FILE).open("a+b") as file:
        told = False
        while _is_held(file):
            if not told:
                tell(f"another run of {folder.name} is under way; this one begins when that one has ended")
                told = True
            time.sleep(0.2)
        yield


def _is_held(file) -> bool:
    """Whether another process holds the file; if not, this one does from now on, until it closes it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # of this process alone: its forks do not have it
    except OSError as error:
        return error.errno in HELD
    return False

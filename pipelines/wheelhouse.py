"""The lock file in; a folder with a wheel of everything in it out: what a machine without network is set up from."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from analysis.errors import Mistake
from pipelines.steps import replace_folder


def gather(lock: Path, folder: Path) -> list[Path]:
    """
    The wheels of the lock file, for this system and this Python, in `folder`. Returns them.

    Each is checked against its hash. Mistake where one is missing or another than the lock says; then the folder stays
    as it was.
    """
    aside = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    done = subprocess.run([*_pip(), "download", "-qq", "--disable-pip-version-check", "--require-hashes",
                           "--only-binary", ":all:", "-r", str(lock), "-d", str(aside)], stdout=subprocess.DEVNULL)
    if done.returncode:
        shutil.rmtree(aside)
        raise Mistake("not every wheel could be had; pip says above which", where=lock.name,
                      remedy="reach the package index that pip is set up for, and try again")
    replace_folder(aside, folder)
    return sorted(folder.iterdir())


def _pip() -> list[str]:
    """The pip of this Python. An environment that uv made has none; the Python under it does, or uv lends one."""
    for python in (sys.executable, sys._base_executable):
        if not subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode:
            return [python, "-m", "pip"]
    if shutil.which("uv"):
        return ["uv", "tool", "run", "--python", sys.executable, "pip"]
    raise Mistake("there is no pip", remedy=f"{sys._base_executable} -m ensurepip")

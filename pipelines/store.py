"""Finished pages in, by the key of all that they were made of; taken out by whichever run asks for that key next.

A folder that every machine of a cluster sees. A page is made in a folder of its own attempt and renamed into its place
when it is whole, so that two machines that make the same page (one of them thought to be lost) never write one file.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipelines.cache import read_json, write_json
from pipelines.pages import Order

LEFT_BEHIND = 24 * 3600  # seconds after which an entry that nobody took is cleared away
RECORD = "record.json"


class Store:
    """The pages of one study that workers finished and no run has taken yet."""

    def __init__(self, folder: Path):
        self.folder = folder

    def open(self) -> None:
        """Makes the folder; clears away what killed runs left there more than a day ago."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for entry in self.folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if time.time() - entry.stat().st_mtime > LEFT_BEHIND:
                    _remove(entry)

    @contextlib.contextmanager
    def signed(self, run: str) -> Iterator[Path]:
        """
        A file with the run's name for as long as the run lasts: who does not see it is looking at another folder.

        Lost attempts are cleared away with it. After a run that was stopped they stay: pages may be in the making.
        """
        sign = self.folder / f".{run}"
        sign.touch()
        try:
            yield sign
            for lost in self.folder.glob(f".*.{run}.*"):
                _remove(lost)
        finally:
            _remove(sign)

    def finished(self) -> set[str]:
        """The keys of the pages that are there, by a listing: networked folders remember for a while what was not."""
        return {name for name in os.listdir(self.folder) if not name.startswith(".")}

    # ---------------------------------------------------------------------------------------------- making

    @contextlib.contextmanager
    def attempt(self, key: str, run: str, number: int) -> Iterator[Path]:
        """A folder for one attempt at a page; what is not kept goes with it."""
        folder = self.folder / f".{key[:20]}.{run}.{number}"
        folder.mkdir()
        try:
            yield folder
        finally:
            _remove(folder)

    def keep(self, attempt: Path, key: str, record: dict) -> None:
        """A finished attempt becomes the page's entry. Where one is there already, it holds the same: it stays."""
        write_json(attempt / RECORD, record)
        try:
            os.rename(attempt, self.folder / key)
        except OSError:
            if key not in self.finished():
                raise

    # ---------------------------------------------------------------------------------------------- taking

    def take(self, key: str, order: Order) -> dict:
        """The entry's files put where the order wants its page. Returns the record of the run that made it."""
        order.output.parent.mkdir(parents=True, exist_ok=True)
        made = replace(order, output=self.folder / key / order.output.name)
        for which in ("registry", "article", "output"):
            source, target = getattr(made, which), getattr(order, which)
            if which == "article" and not source.exists():  # a page that belongs to no report has none
                continue
            aside = target.with_name(f".{target.name}.{os.getpid()}")
            shutil.copyfile(source, aside)
            os.replace(aside, target)
        order.failed.unlink(missing_ok=True)
        return read_json(self.folder / key / RECORD)

    def forget(self, key: str) -> None:
        """The entry is no longer needed: the page has its place and its record."""
        _remove(self.folder / key)


def _remove(entry: Path) -> None:
    shutil.rmtree(entry, ignore_errors=True) if entry.is_dir() else entry.unlink(missing_ok=True)

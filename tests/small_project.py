"""A copied project cut down to a few pages and extracts, so that a test goes the whole road in little time."""

import json
import re
from pathlib import Path

STUDY = "pipelines/studies/south-glos/study.toml"
RAW = "data_raw/south-glos/"


def keep(root: Path, *extracts: str, sections: tuple[str, ...] = ()) -> None:
    """Leaves only these extracts in the study's definition; of what rests on the others, only these sections."""
    unused = tuple(f"[{name}]" for name in ("outcomes", "[joint]", "interviews", "safety") if name not in sections)
    parts = re.split(r"(?m)^(?=\[)", (root / STUDY).read_text("utf-8"))
    (root / STUDY).write_text("".join(
        part for part in parts if not part.startswith(unused)
        and not ((named := re.match(r"\[extracts\.(\w+)", part)) and named[1] not in extracts)), "utf-8")


def keep_pages(root: Path, pages: list[str], of_sites: list[str] | None = None) -> None:
    """Leaves only these pages in the report over all, and those in a site's own; without the latter it says none."""
    said = (root / STUDY).read_text("utf-8")
    said = re.sub(r"(?ms)^pages    = \[.*?^\]", f"pages = {json.dumps(pages)}", said, count=1)
    own = f"pages = {json.dumps(of_sites)}\n" if of_sites else ""
    (root / STUDY).write_text(re.sub(r"(?ms)^pages = \[  .*?^\]\n", own, said, count=1), "utf-8")


def replace(root: Path, file: str, old: str, new: str) -> None:
    """The first `old` in the file becomes `new`."""
    text = (root / file).read_bytes()
    assert old.encode() in text
    (root / file).write_bytes(text.replace(old.encode(), new.encode(), 1))


def ledger(root: Path, site: str = "all", tier: str = "release") -> dict[str, str]:
    """Page -> what became of it in the last run."""
    entries = json.loads((root / ".build" / "south-glos" / f"ledger-{tier}.json").read_text("utf-8"))
    return {entry["page"]: entry["outcome"] for entry in entries if entry["site"] == site}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file under a folder with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file()}

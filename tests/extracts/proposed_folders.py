"""Folders of exports, written for a test, and what `make new` proposes of them."""

from pathlib import Path

from analysis.extracts.proposal.codes import Rule
from analysis.extracts.proposal.proposal import Proposal, propose
from analysis.study import Study, open_study

RULE = Rule(threshold=7, round_to=5)


def folder(root: Path, files: dict[str, str | bytes]) -> Path:
    exports = root / "exports"
    exports.mkdir(exist_ok=True)
    for name, content in files.items():
        (exports / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return exports


def proposed(root: Path, files: dict[str, str | bytes]) -> Proposal:
    return propose(folder(root, files), "leeds-pain", RULE)


def opened(root: Path, text: str) -> Study:
    """The proposed definition as a study over the folder of its exports."""
    studies, raw = root / "pipelines" / "studies" / "leeds-pain", root / "data_raw"
    studies.mkdir(parents=True, exist_ok=True)
    raw.mkdir(exist_ok=True)
    if not (raw / "leeds-pain").exists():
        (raw / "leeds-pain").symlink_to(root / "exports")
    (studies / "study.toml").write_text(text, "utf-8")
    return open_study("leeds-pain", root)


def lines_about(proposal: Proposal, name: str) -> list[str]:
    """The lines of the text that begin with a key or a choice of that name, without what aligns them."""
    return [" ".join(line.split()) for line in proposal.text.splitlines()
            if line.removeprefix("# CHOOSE ").removeprefix("# ").startswith((f"{name} ", f"{name}:"))]


def table(headings: str, rows: list[str], delimiter: str = ",") -> str:
    return "\n".join([headings.replace(",", delimiter), *(row.replace(",", delimiter) for row in rows)]) + "\n"


TWENTY = [f"W{n:02}" for n in range(1, 21)]

"""A number of sites in; a project under .build/ whose study has so many, out: the worked study, again and again."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pandas as pd

from analysis.study import Study, open_study
from pipelines.keys import Keys
from pipelines.steps import fingerprints

ROOT = Path(__file__).parents[2]
PEOPLE = ("patient_id", "contact_id", "interview_id", "participant_id", "person")


def synthetic_sites(number: int) -> Study:
    """The study `sites` with `number` practices, each the whole worked study under ids of its own; tidied already."""
    root = ROOT / ".build" / "synthetic-sites"
    shutil.rmtree(root, ignore_errors=True)
    folder = root / "pipelines" / "studies" / "sites"
    shutil.copytree(ROOT / "pipelines" / "studies" / "south-glos", folder,
                    ignore=shutil.ignore_patterns("*.py", "transcripts"))
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    (root / "data_raw" / "sites").mkdir(parents=True)
    names = [f"site_{i:02d}" for i in range(1, number + 1)]
    text = (folder / "study.toml").read_text("utf-8")
    listed = ", ".join(f'{name} = "Site {name[-2:]}"' for name in names)
    text = text.replace('names = { practice_a = "Practice A", practice_b = "Practice B" }', f"names = {{ {listed} }}")
    (folder / "study.toml").write_text(text, "utf-8")
    study = open_study("sites", root)
    tables = {path.stem: _repeated(pd.read_parquet(path), names)
              for path in (ROOT / ".build" / "south-glos" / "tidy").glob("*.parquet")}
    (study.build / "tidy").mkdir(parents=True)
    for name, frame in tables.items():
        frame.to_parquet(study.build / "tidy" / f"{name}.parquet", index=False)
    Keys(study).tidy_is_done({"queries": 0, "tables": fingerprints(study, tables)})
    return study


def _repeated(frame: pd.DataFrame, sites: list[str]) -> pd.DataFrame:
    """The frame once for each site: ids with the site's number, practices replaced by it; a table of no person once."""
    ids = [column for column in PEOPLE if column in frame]
    if not ids:
        return frame
    copies = []
    for site in sites:
        copy = frame.copy()
        for column in ids:
            copy[column] = copy[column] + f"-{site[-2:]}"
        if "practice" in copy:
            copy["practice"] = site
        copies.append(copy)
    return pd.concat(copies, ignore_index=True)


if __name__ == "__main__":
    print(synthetic_sites(int(sys.argv[1])).root.relative_to(ROOT))

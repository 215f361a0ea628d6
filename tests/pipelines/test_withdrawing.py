"""Somebody withdraws and the run is made again: what changed is told, and nothing that is kept holds the person."""

import re

import pandas as pd
import pytest
from small_project import RAW, keep_pages

from analysis.study import open_study
from pipelines.runner import Runner

BUILD, TIDY = ".build/south-glos", ".build/south-glos/tidy"
PERSON = ("C006", "P01", "I01")  # of the service, of the interview study, and the interview

pytestmark = pytest.mark.usefixtures("checks_here")


def withdraw(root, *lines: str) -> None:
    with (root / RAW / "consents.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def rows_of(root) -> dict[str, int]:
    """How many rows each canonical table has."""
    return {path.stem: len(pd.read_parquet(path)) for path in sorted((root / TIDY).glob("*.parquet"))
            if not path.stem.startswith(("quality", "withdrawals"))}


def held(root, *numbers: str) -> dict[str, list[str]]:
    """The tables with a column in which one of these numbers stands."""
    found = {}
    for path in sorted((root / TIDY).glob("*.parquet")):
        frame = pd.read_parquet(path).astype(str)
        if columns := [name for name in frame if frame[name].isin(numbers).any()]:
            found[path.stem] = columns
    return found


def said(capsys) -> list[str]:
    """What the run told of consent."""
    out, err = capsys.readouterr()
    return [line[9:] for line in (out + err).splitlines() if line.startswith("consent: ")]


def test_withdrawing_a_person_and_running_again_shows_what_changed(make_project, capsys):
    root = make_project(notebooks=True)
    keep_pages(root, ["02_participants"])
    Runner(open_study("south-glos")).validate()
    before = rows_of(root)
    assert set(held(root, *PERSON)) >= {"patients", "contacts", "responses", "recruitment", "interviews", "codings"}
    assert said(capsys) == []
    withdraw(root, "C006,Evaluation,Withdrawn,01/09/2017,No further use",
             "C006,Interview contact,Withdrawn,01/09/2017,Delete")
    assert Runner(open_study("south-glos"), jobs=1).report() == 0
    assert said(capsys) == [
        "evaluation (no further use): 1 person more than at the last run; rows taken out: consents +4, contacts +12, "
        "episodes +1, identifiers +2, interventions +7, patients +1, prescriptions +23, recruitment +1, referrals +1, "
        "responses +2",
        "interview (delete): 1 person more than at the last run; rows taken out: asked +6, codings +91, consents +3, "
        "interviews +1, memos +2",
        "12 lines of the extracts hold people who asked for deletion: take them out at their source; they are "
        "listed in .build/south-glos/purge.csv"]
    assert {name: before[name] - n for name, n in rows_of(root).items() if before[name] != n} == {
        "asked": 6, "codings": 52, "consents": 5, "contacts": 12, "episodes": 1, "interventions": 7,
        "interview_attributes": 1, "interviews": 1,
        "memos": 2, "patients": 1, "prescriptions": 23, "recruitment": 1, "referrals": 1, "responses": 48,
        "timepoints": 8, "transcripts": 1}
    assert held(root, *PERSON) == {}
    text = {path.name: path.read_text("utf-8", errors="replace") for folder in (root / BUILD, root / "reports")
            for path in folder.rglob("*") if path.is_file() and path.suffix not in (".parquet",)}
    assert {name for name, words in text.items() if any(one in words for one in PERSON)} == {"purge.csv"}
    page = re.sub("<[^>]*>", "", text["02_participants.html"])
    assert "Of 58 people invited, 33 (56.9%) enrolled" in page and "17 (51.5%) took part" in page
    assert "data_queries.csv" in text and "02_participants.registry.json" in text

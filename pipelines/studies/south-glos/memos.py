"""The words of memos.csv in; the analysts' memos and an earlier version of the codebook, all made up, out."""

import csv
import uuid
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from pathlib import Path

from coding import HERE, codebook
from fieldwork import INTERVIEWS, interview_id
from files import SYNTHETIC, day_month_year, write_csv

RENAMED = {"little-benefit": "no-benefit"}  # as it was called in the first version
LATER = {"community-barriers"}  # codes that the first version did not have
FIRST_WORDS = {"burden": "Effort that the service asked of people"}


def write_memos(folder: Path) -> None:
    """The analysts' notes of memos.csv, and for each interview that its transcript was checked."""
    with (HERE / "memos.csv").open(encoding="utf-8", newline="") as words:
        rows = [[one["kind"], one["about"], one["code"], one["by"], day_month_year(date.fromisoformat(one["day"])),
                 one["memo"]] for one in csv.DictReader(words)]
    for participant, (day, *_) in INTERVIEWS.items():
        marked = (HERE / "transcripts" / f"{participant}.txt").read_text(encoding="utf-8")
        checked = date.fromisoformat(day) + timedelta(days=7)
        rows.append(["Transcript checked", interview_id(participant), "", "R2", day_month_year(checked),
                     "Read against the recording."])
        names, places = marked.count("[name]"), marked.count("[place]")
        rows.append(["Anonymised", interview_id(participant), "", "R2", day_month_year(checked + timedelta(days=1)),
                     f"Names taken out: {names}; places: {places}."])
    write_csv(folder / "analysis_memos.csv", ["Kind", "About", "Code", "By", "Date", "Memo"], rows,
              preamble=[SYNTHETIC, f"Memos of the interview study: {len(rows)} rows"])


def write_first_codebook(folder: Path) -> None:
    """The codebook as it was after the first eight interviews, as a program for coding exports it."""
    root = ET.Element("CodeBook", xmlns="urn:QDA-XML:codebook:1.0", origin="extracts.py (synthetic)")
    tree, made = ET.SubElement(root, "Codes"), {}
    for row in codebook():
        if row["code"] in LATER:
            continue
        name = RENAMED.get(row["code"], row["code"])
        element = ET.SubElement(made.get(row["under"], tree), "Code", name=name, isCodable="true",
                                guid=str(uuid.uuid5(uuid.NAMESPACE_URL, f"first/{name}")).upper())
        words = FIRST_WORDS.get(row["code"], row["definition"])
        ET.SubElement(element, "Description").text = (
            f"{row['name']}. {words}.\nInclude: {row['include']}.\nExclude: {row['exclude']}.")
        made[row["code"]] = element
    ET.indent(root)
    (folder / "codebook_2017-08-02.qdc").write_bytes(
        b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode").encode() + b"\n")

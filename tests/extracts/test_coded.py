"""The coded project held against the interview log and the codebook."""

import zipfile
from pathlib import Path

import pandas as pd
import pytest
from coded_service import coded
from small_extracts import opened

from analysis.errors import ExtractMistake
from analysis.extracts.coded import with_interviews

DEFINITION = coded()
INTERVIEWS = pd.DataFrame({"interview_id": ["I1", "I2"]})
CODES = pd.DataFrame({"code_id": ["trust", "time"], "parent": ["", "trust"], "name": ["Trust", "Time to talk"]})


def project(sources: tuple[str, ...], codes: tuple[str, ...]) -> str:
    """A REFI-QDA project: every source says 'Good morning' and is coded from 0 to 4 with every code."""
    codings = "".join(f'<Coding guid="{10 + n:032}"><CodeRef targetGUID="{n:032}"/></Coding>'
                      for n, _ in enumerate(codes))
    return ('<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:1.0" name="p"><CodeBook><Codes>'
            + "".join(f'<Code guid="{n:032}" name="{code}" isCodable="true"/>' for n, code in enumerate(codes))
            + "</Codes></CodeBook><Sources>"
            + "".join(f'<TextSource guid="{100 + n:032}" name="{source}">'
                      '<PlainTextContent>Good morning</PlainTextContent>'
                      f'<PlainTextSelection guid="{200 + n:032}" startPosition="0" '
                      f'endPosition="4">{codings}</PlainTextSelection>'
                      '</TextSource>' for n, source in enumerate(sources))
            + "</Sources></Project>")


def held(root: Path, sources=("I1", "I2"), codes=("trust", "time")):
    study = opened(root, {}, DEFINITION)
    with zipfile.ZipFile(study.raw / "coded.qdpx", "w") as archive:
        archive.writestr("project.qde", project(sources, codes))
    return with_interviews(study, {"interviews": INTERVIEWS, "codes": CODES})


def test_codings_join_the_log_and_the_codebook(tmp_path):
    tables, faults, checks = held(tmp_path)
    assert tables["codings"][["interview_id", "code_id", "text"]].values.tolist() == [
        ["I1", "trust", "Good"], ["I1", "time", "Good"], ["I2", "trust", "Good"], ["I2", "time", "Good"]]
    assert faults.empty
    assert checks.values.tolist()[:2] == [
        ["interviews", "interview_id", "coded interview in the log", "blocking", 2, 0],
        ["interviews", "code_id", "code in the codebook", "blocking", 2, 0]]


def test_a_code_belongs_to_the_theme_at_the_top_of_its_branch(tmp_path):
    assert held(tmp_path)[0]["codes"][["code_id", "theme"]].values.tolist() == [["trust", "trust"], ["time", "trust"]]


def test_a_source_that_the_log_does_not_know_is_named_by_its_place_and_not_by_its_name(tmp_path):
    _, faults, _ = held(tmp_path, sources=("I1", "Mary Smith"))
    unknown = faults[faults["rule"] == "coded interview in the log"]
    assert unknown.drop(columns=["extract", "table", "column", "severity"]).to_dict("records") == [{
        "file": "coded.qdpx", "sheet": "", "row": 0, "heading": "", "rule": "coded interview in the log",
        "expected": "every coded interview is in the interview log",
        "found": "source 2 of the project, called like 'Aaaa Aaaaa'",
        "todo": "add the interview to the log, or rename the source in the project",
        "definition": "study.toml, line 11", "rows": 1}]


def test_a_code_that_the_codebook_does_not_know_is_named(tmp_path):
    _, faults, _ = held(tmp_path, codes=("trust", "hope"))
    assert faults[["rule", "found", "todo"]].values.tolist() == [
        ["code in the codebook", "'hope'", "add the code to the codebook"]]


def test_a_project_of_a_kind_that_no_reader_knows_is_refused_with_those_that_are_read(tmp_path):
    study = opened(tmp_path, {}, DEFINITION.replace("coded.qdpx", "coded.nvp"))
    with pytest.raises(ExtractMistake) as mistake:
        with_interviews(study, {"interviews": INTERVIEWS, "codes": CODES})
    assert str(mistake.value).startswith(
        "study.toml, line 11: 'coded.nvp' is of a kind that this version does not read\n"
        "  -> export the project as one of: REFI-QDA, from NVivo, MAXQDA, ATLAS.ti and others (.qdpx, .qde, .qdc); "
        "QualCoder's")


def test_a_project_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ExtractMistake) as mistake:
        with_interviews(opened(tmp_path, {}, DEFINITION), {"interviews": INTERVIEWS, "codes": CODES})
    assert str(mistake.value) == ("study.toml, line 11: data_raw/small/ has no 'coded.qdpx'\n"
                                  "  -> put the exported project there, or change 'project'")

"""A study with an extract that is too large to hold gives what it gives when everything is held: the whole road."""

import csv
import json
import random
import shutil

import openpyxl
import pandas as pd
import pytest
from small_project import RAW, STUDY, contents, keep, replace

from analysis.errors import BlockingFaults
from analysis.study import open_study
from pipelines.steps import check_and_tidy

ISSUES = {"A": RAW + "EMIS opioid issues (Practice A).csv", "B": RAW + "EMIS opioid issues (Practice B).csv"}
EVERYTHING, NOTHING = 0, 10**9  # is too large

pytestmark = pytest.mark.usefixtures("checks_here")


@pytest.fixture
def records(a_project):
    """The shipped study with its patients and what was prescribed to them, and nothing else."""
    keep(a_project, "clients", "gp_patients_a", "gp_patients_b", "gp_issues_a", "gp_issues_b", "consents")
    return a_project


def outcome(root, most: int, withhold: bool = False) -> dict:
    """All that a run leaves: tidy tables, query log, what it returns or with which message it stops."""
    study = open_study("south-glos", root)
    shutil.rmtree(study.build, ignore_errors=True)
    try:
        said = check_and_tidy(study, withhold, most)
    except BlockingFaults as stopped:
        said = str(stopped)
    assert not (study.build / "large").exists()
    return {"said": said, "log": pd.read_csv(study.build / "data_queries.csv"),
            "queries": contents(study.build / "queries"),
            "tables": {path.stem: pd.read_parquet(path) for path in (study.build / "tidy").glob("*.parquet")}}


def same(root, withhold: bool = False) -> dict:
    """Both ways of the road end alike; what they end with."""
    large, held = outcome(root, EVERYTHING, withhold), outcome(root, NOTHING, withhold)
    pd.testing.assert_frame_equal(large["log"], held["log"])
    assert large["queries"] == held["queries"]
    assert list(large["tables"]) == list(held["tables"])
    for name, table in held["tables"].items():
        pd.testing.assert_frame_equal(large["tables"][name], table)
    if isinstance(held["said"], dict):
        assert {table: set(sites) for table, sites in large["said"].pop("tables").items()} == {
            table: set(sites) for table, sites in held["said"].pop("tables").items()}
    assert large["said"] == held["said"]
    return large


def lines_of(root, practice: str) -> list[str]:
    return (root / ISSUES[practice]).read_text("utf-8-sig").splitlines()


def write(root, practice: str, lines: list[str]) -> None:
    (root / ISSUES[practice]).write_text("\n".join(lines) + "\n", "utf-8")


def test_the_shipped_extracts_come_out_the_same(records):
    found = same(records)
    assert len(found["tables"]["prescriptions"]) == 1163


@pytest.mark.parametrize("seed", range(2))
def test_faults_that_leave_rows_out_or_are_noted_come_out_the_same(records, seed, monkeypatch):
    monkeypatch.setattr("analysis.extracts.large.rules.PEOPLES_ROWS", 150)  # so that no part has everybody
    monkeypatch.setattr("analysis.extracts.large.repeats.TOGETHER", 60)
    dice = random.Random(seed)
    lines = lines_of(records, "B")
    for _ in range(20):
        at = dice.randrange(8, len(lines))
        lines.insert(dice.randrange(at, len(lines)), lines[at])  # a copy
    for _ in range(20):
        cells = lines[at := dice.randrange(8, len(lines))].split(",")
        cells[dice.choice([1, 2, 3, 4])] += dice.choice([" ", "\u00a0", "\t"])
        lines[at] = ",".join(cells)
    for _ in range(20):
        cells = lines[at := dice.randrange(8, len(lines))].split(",")
        cells[5] = f"0{dice.randint(1, 9)}/01/2018"
        lines[at] = ",".join(cells)
    write(records, "B", lines)
    found = same(records)
    assert {"row not repeated", "no surrounding space", "before the data cut"} <= set(found["log"]["rule"])


def test_the_rows_of_a_written_table_stand_in_the_order_of_the_file(records, monkeypatch):
    """Many groups of rows, which several threads would finish in any order."""
    monkeypatch.setattr("analysis.extracts.large.cut.AT_ONCE", 50_000)
    lines = lines_of(records, "B")
    write(records, "B", [*lines, *(line.replace(",Repeat", "").rsplit(",", 3)[0] + f",{n + 1},tablet,07/03/2016,Repeat"
                                   for n in range(300) for line in lines[8:108] if line.count(",") == 6)])
    study = open_study("south-glos", records)
    check_and_tidy(study, most=EVERYTHING)
    rows = pd.read_parquet(study.build / "tidy" / "prescriptions.parquet").groupby("source_file", sort=False)
    assert all(of_file["source_row"].is_monotonic_increasing for _, of_file in rows)


def test_rows_that_the_definition_does_not_keep_are_counted_and_not_looked_at(records):
    lines = lines_of(records, "B")
    odd = lines[10].split(",")
    odd[5], odd[6] = "31st May", "Weekly"  # of another kind of export: neither a date nor a code of this extract
    write(records, "B", [*lines[:9], ",".join(odd), *lines[9:]])
    replace(records, STUDY, "[extracts.gp_issues_b.columns]",
            'keep = { "Type" = ["Acute", "Repeat"] }\n[extracts.gp_issues_b.columns]')
    rows = same(records)["tables"]["quality_rows"]
    counted = rows[rows["extract"] == "gp_issues_b"].set_index("what")["rows"]
    assert counted["not of this extract"] == 1
    assert counted["delivered"] == counted.drop("delivered").sum()


def test_a_product_issued_again_in_another_practices_extract_is_seen(records):
    """The rule looks at all issues of a person: two extracts of one table, each too large to hold."""
    number, _, drug, directions, _, unit, day, _ = lines_of(records, "A")[8].split(",")
    write(records, "B", [*lines_of(records, "B"), f"{number},{drug},{directions},7,{unit},{day},Repeat"])
    log = same(records)["log"]
    last = len(lines_of(records, "B"))
    assert "issue not made twice" in set(log.loc[(log["extract"] == "gp_issues_b") & (log["row"] == last), "rule"])


def test_a_product_issued_again_in_a_workbook_beside_a_large_extract_is_seen(records):
    """A workbook of the same table takes the same road, so that rules between a person's rows see it."""
    number, _, drug, directions, _, unit, day, _ = lines_of(records, "A")[8].split(",")
    lines = list(csv.reader(lines_of(records, "B")))
    book = openpyxl.Workbook()
    for cells in [*lines, [number, drug, directions, "7", unit, day, "Repeat"]]:
        book.active.append(cells)
    book.save(records / ISSUES["B"].replace(".csv", ".xlsx"))
    (records / ISSUES["B"]).unlink()
    replace(records, STUDY, "EMIS opioid issues (Practice B).csv", "EMIS opioid issues (Practice B).xlsx")
    log = same(records)["log"]
    last = len(lines) + 1
    assert "issue not made twice" in set(log.loc[(log["extract"] == "gp_issues_b") & (log["row"] == last), "rule"])


def test_several_issues_in_one_row_are_seen_whoever_issued_the_others(records, monkeypatch):
    """A line of issues half in one practice's extract and half in the other's; parts of few lines at a time."""
    monkeypatch.setattr("analysis.extracts.large.repeats.TOGETHER", 100)
    number = lines_of(records, "A")[8].split(",")[0]
    days = [pd.Timestamp("2016-04-01") + pd.Timedelta(days=28 * n) for n in (0, 1, 2, 3, 4, 6, 7, 10, 12, 14)]
    rows = [(f"{day:%d/%m/%Y}", quantity) for day, quantity in zip(
        days, (28, 28, 28, 28, 56, 28, 84, 28, 56, 56), strict=True)]
    write(records, "A", [*lines_of(records, "A"), *(
        f"{number},GP 1,Codeine 15mg tablets,one at night,{quantity},tablet,{day},R" for day, quantity in rows[::2])])
    write(records, "B", [*lines_of(records, "B"), *(
        f"{number},Codeine 15mg tablets,One at  night,{quantity},tablet,{day},Repeat" for day, quantity in rows[1::2])])
    log = same(records)["log"]
    found = log[log["rule"] == "one issue a row"]
    assert sorted(zip(found["extract"], found["row"], strict=True)) == [
        ("gp_issues_a", len(lines_of(records, "A")) - 2), ("gp_issues_a", len(lines_of(records, "A")) - 1)]


def test_what_a_product_and_its_directions_say_together_is_seen(records):
    lines = lines_of(records, "B")
    number = lines[8].split(",")[0]
    write(records, "B", [*lines, *(f"{number},Buprenorphine {product},2{n}/04/2016,Acute" for n, product in enumerate([
        "10micrograms/hour transdermal patches,1 patch every 72 hours,4,patch",
        "35micrograms/hour transdermal patches,1 patch every 72 hours,4,patch",
        "8mg sublingual tablets,1 daily,28,tablet"]))])
    log = same(records)["log"]
    added = log[(log["extract"] == "gp_issues_b") & (log["row"] > len(lines))]
    assert dict(zip(added["row"] - len(lines), added["rule"], strict=True)) == {
        1: "patch changed when it is worn out", 3: "no medicine for dependence"}


def test_faults_of_every_rule_that_stop_the_run_are_told_alike(records):
    lines = lines_of(records, "B")
    for at, (column, value) in {20: (0, ""), 25: (0, "9990000019"), 30: (0, "9990000018"), 35: (1, ""), 40: (3, "two"),
                                45: (3, "-5"), 50: (3, ""), 55: (5, ""), 60: (5, "12/31/2017"), 65: (5, "31st May"),
                                70: (6, "Weekly"), 75: (6, "")}.items():
        cells = lines[at].split(",")
        cells[column] = value
        lines[at] = ",".join(cells)
    write(records, "B", lines)
    replace(records, STUDY, "[extracts.gp_issues_b.columns]",
            'key = ["patient_id", "product", "issued_on"]\n[extracts.gp_issues_b.columns]')
    write(records, "B", [*lines, lines[100].replace(",224,", ",56,"), lines[100].replace(",112,", ",56,")])
    log = same(records)["log"]
    assert set(log.loc[log["extract"] == "gp_issues_b", "rule"]) >= {
        "complete", "valid NHS number", "known person", "number", "in range", "date as stated", "known code",
        "no duplicate key"}


def test_a_site_with_faults_is_left_out_alike(records):
    lines = lines_of(records, "A")
    lines[30] = lines[30].replace("/201", "/1/201")
    write(records, "A", lines)
    found = same(records, withhold=True)
    assert set(found["said"]["withheld"]) == {"practice_a"} and len(found["tables"]["prescriptions"])


def test_who_withdrew_leaves_a_large_extract_as_they_leave_any(records):
    found = (records / RAW / "consents.csv").read_text("utf-8").rstrip("\n")
    issues = same(records)["tables"]["prescriptions"]
    some, all_of_it = issues.loc[issues["source_file"].str.contains("B"), "patient_id"].unique()[:2]
    (records / RAW / "consents.csv").write_text(
        f"{found}\n{some},Evaluation,Withdrawn,01/12/2017,No further collection\n"
        f"{all_of_it},Evaluation,Withdrawn,01/12/2017,No further use\n", "utf-8")
    tables = same(records)["tables"]
    left = tables["prescriptions"]
    assert all_of_it not in set(left["patient_id"]) and left.loc[left["patient_id"] == some, "issued_on"].max() < (
        pd.Timestamp("2017-12-02"))
    assert len(left) < len(issues) and tables["quality_rows"]["what"].eq("consent").any()


def test_when_more_rows_are_alike_than_the_log_names_it_says_how_many_more(records, monkeypatch):
    monkeypatch.setattr("analysis.extracts.large.checking.MOST_NAMED", 10)
    lines = lines_of(records, "B")
    write(records, "B", [*lines[:7], *(line.replace("/201", "-201") for line in lines[7:])])
    found = outcome(records, EVERYTHING)
    log = found["log"]
    of_dates = log[(log["extract"] == "gp_issues_b") & (log["rule"] == "date as stated")]
    assert list(of_dates["row"]) == [*range(8, 18), 0] and of_dates["found"].iloc[-1] == "495 more rows"
    assert f"{505} blocking faults" in found["said"] and "and 504 more" in found["said"]


def test_fingerprints_are_of_rows_and_not_of_the_run(records):
    first, again = (outcome(records, EVERYTHING)["said"]["tables"]["prescriptions"] for _ in range(2))
    lines = lines_of(records, "B")
    write(records, "B", [*lines[:7], lines[7].replace(",224,", ",220,"), *lines[8:]])
    other = outcome(records, EVERYTHING)["said"]["tables"]["prescriptions"]
    assert first == again and json.dumps(first)
    assert {site for site in first if first[site] != other[site]} == {"all", "practice_b"}

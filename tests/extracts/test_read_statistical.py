"""Parquet, Stata and SPSS files: values as the text of what they are, labels in their place, files that are none."""

import datetime
import decimal
import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
from arrivals import CONSENTS, HEADINGS, refused, rows
from small_extracts import opened

from analysis.errors import ExtractMistake
from analysis.extracts.formats import statistical
from analysis.extracts.plan import plans
from analysis.extracts.read import read

DAY = datetime.date(2017, 2, 1)


def parquet(**columns) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


@pytest.fixture
def as_people(arrived):
    """One column of a Parquet file, as it is read."""
    def reading(values: pa.Array) -> list[str | None]:
        empty = pa.array([""] * len(values))
        content = parquet(**{"Person": values, "Consent to": empty, "Status": pa.array(["Given"] * len(values)),
                             "Date": empty})
        return [r[2] for r in rows(arrived('file = "c.parquet"', c_dot_parquet=content))]

    return reading


@pytest.mark.parametrize("values, texts", [
    (pa.array(["00123", "NA", None, "1E5"]), ["00123", "NA", None, "1E5"]),
    (pa.array([1234567890123456789, -1], pa.int64()), ["1234567890123456789", "-1"]),
    (pa.array([2.0, 0.1 + 0.2, float("nan"), 1e16, 9007199254740991.0]),
     ["2", "0.3", None, "1E+16", "9007199254740991"]),
    (pa.array([0.1, 2.5], pa.float32()), ["0.1", "2.5"]),
    (pa.array([decimal.Decimal("1.50"), decimal.Decimal("0.00")]), ["1.50", "0.00"]),
    (pa.array([True, False, None]), ["TRUE", "FALSE", None]),
    (pa.array([DAY]), ["2017-02-01"]),
    (pa.array([datetime.datetime(2017, 2, 1, 13, 5, 7)]), ["2017-02-01 13:05:07"]),
    (pa.array([datetime.datetime(2017, 2, 1)], pa.timestamp("us", "Europe/London")), ["2017-02-01"]),
    (pa.array(["a", "b", "a"]).dictionary_encode(), ["a", "b", "a"]),
    (pa.array(["Zoë".encode()], pa.binary()), ["Zoë"]),
    (pa.array([["a", "b"]]), ['["a", "b"]']),
])
def test_a_value_of_a_parquet_file_is_the_text_of_what_it_is(as_people, values, texts):
    assert as_people(values) == texts


def test_rows_of_a_parquet_file_are_numbered_from_1(arrived):
    content = parquet(Date=pa.array([DAY, None]), Status=["Given", ""], Person=["C1", "C2"],
                      **{"Consent to": ["1", "1"]})
    assert rows(arrived('file = "c.parquet"', c_dot_parquet=content)) == [
        ["c.parquet", 1, "C1", "1", "Given", "01/02/2017"], ["c.parquet", 2, "C2", "1", None, None]]


# ------------------------------------------------------------------------------------------------ Stata and SPSS

# Headings of these files are names of variables, which have no spaces.
DEFINITION = CONSENTS.replace('"Consent to"', '"consent"').replace('"Person"', '"person"').replace(
    '"Status"', '"status"').replace('"Date"', '"date"')
LABELS = {"status": {1: "Given", 2: "Declined", 9: "Refused to say"}}


@pytest.fixture
def survey(tmp_path):
    """A file of that name read after it was written with these columns; what the definition says besides; options."""
    def reading(name: str, said: str = "", write=None, **columns):
        size = len(next(iter(columns.values())))
        frame = pd.DataFrame({"person": ["P1"] * size, "consent": ["1"] * size, "status": [""] * size,
                              "date": [None] * size} | columns)
        frame = frame.drop(columns=[c for c in frame if c == "date" and "date" not in columns])
        frame = frame if "date" in frame else frame.assign(date="")
        study = opened(tmp_path, {}, DEFINITION.format(file=f'file = "{name}"\n{said}'))
        (write or (pyreadstat.write_sav if name.endswith("sav") else pyreadstat.write_dta))(
            frame, study.raw / name, variable_value_labels=LABELS)
        return read(plans(study)[0], study.raw)

    return reading


@pytest.mark.parametrize("name", ["c.sav", "c.zsav", "c.dta"])
def test_a_labelled_value_arrives_as_its_label_and_another_as_its_number(survey, name):
    write = (lambda *a, **k: pyreadstat.write_sav(*a, compress=True, **k)) if name == "c.zsav" else None
    got = survey(name, write=write, status=[1.0, 2.0, 3.0, 2.5, None], person=["00123", "NA", "1E5", " x", ""])
    assert [[r[1], r[2], r[4]] for r in rows(got)] == [[1, "00123", "Given"], [2, "NA", "Declined"], [3, "1E5", "3"],
                                                       [4, "x", "2.5"], [5, None, None]]


@pytest.mark.parametrize("labels, statuses", [("false", ["1", "9"]), ('["consent"]', ["1", "9"]),
                                              ('["status"]', ["Given", "Refused to say"])])
def test_the_definition_says_where_values_are_wanted_instead_of_labels(survey, labels, statuses):
    assert [r[4] for r in rows(survey("c.sav", f"labels = {labels}", status=[1.0, 9.0]))] == statuses


def test_a_value_that_spss_is_told_to_leave_out_arrives_as_its_label_or_not_at_all(survey):
    def write(*a, **k):
        pyreadstat.write_sav(*a, missing_ranges={"status": [9, {"lo": 97, "hi": 99}]}, **k)

    values = [1.0, 9.0, 98.0]
    assert [r[4] for r in rows(survey("c.sav", write=write, status=values))] == ["Given", "Refused to say", None]
    assert [r[4] for r in rows(survey("c.sav", "labels = false", write, status=values))] == ["1", None, None]


def test_a_missing_value_of_stata_with_a_letter_arrives_as_its_label_or_not_at_all(survey):
    def write(frame, path, **k):
        pyreadstat.write_dta(frame, path, variable_value_labels={"status": {1: "Given", "a": "Refused to say"}},
                             missing_user_values={"status": ["a", "b"]})

    got = survey("c.dta", write=write, status=[1.0, "a", "b"])
    assert [r[4] for r in rows(got)] == ["Given", "Refused to say", None]


@pytest.mark.parametrize("name", ["c.sav", "c.dta"])
def test_true_dates_are_written_as_the_definition_says(survey, name):
    got = survey(name, date=[DAY, None], status=[0.1 + 0.2, 1234567890123456.0])
    assert [r[4:] for r in rows(got)] == [["0.3", "01/02/2017"], ["1234567890123456", None]]


def test_a_single_float_of_stata_has_no_noise(survey):
    def write(frame, path, **_):
        frame.assign(status=np.array([0.1, 36.6], dtype="float32")).to_stata(path, write_index=False, version=117)

    assert [r[4] for r in rows(survey("c.dta", write=write, status=[0.1, 36.6]))] == ["0.1", "36.6"]


def test_a_stata_file_of_old_is_known_by_its_first_byte(survey):
    def write(frame, path, **_):
        frame.to_stata(path, write_index=False, version=114)

    assert [r[2] for r in rows(survey("c.dta", write=write, person=["Zoë"]))] == ["Zoë"]


def test_an_encoding_that_is_not_that_of_a_stata_file_of_old_is_told(survey):
    def write(frame, path, **_):
        frame.to_stata(path, write_index=False, version=114)

    with pytest.raises(ExtractMistake) as mistake:
        survey("c.dta", 'encoding = "ascii"', write=write, person=["Zoë"])
    assert str(mistake.value) == ("c.dta: its text is in another encoding than it says\n"
                                  "  -> say how it is encoded at study.toml, line 7: encoding = \"cp1252\"")


@pytest.mark.parametrize("name, kind", [("c.parquet", "Parquet file"), ("c.sav", "SPSS file"), ("c.dta", "Stata file")])
@pytest.mark.parametrize("content, it_is", [
    (b"Person,Date\n", 'text\n  -> send the file again, or say at study.toml, line 7 what it is: read_as = "csv"'),
    (b"PK\x03\x04", 'a zip archive, as .xlsx and .ods workbooks are, too\n  -> send the file again, or say at '
     'study.toml, line 7 what it is: read_as = "xlsx", "ods" or "zip"'),
    (b"\x00\x01\x02", "of a kind that is not known here, or damaged\n"
     "  -> send the file again, or name the right file at study.toml, line 7"),
])
def test_a_file_that_is_none_is_told_by_what_it_is(arrived, name, kind, content, it_is):
    assert refused(arrived, f'file = "{name}"', **{name.replace(".", "_dot_"): content}) == (
        f"{name}: this is no {kind}: it is {it_is}")


@pytest.mark.parametrize("name, kind", [("c.parquet", "Parquet"), ("c.sav", "SPSS"), ("c.dta", "Stata")])
def test_a_file_that_was_cut_off_is_told(arrived, tmp_path, name, kind):
    frame, path = pd.DataFrame({"person": ["P1"] * 500}), tmp_path / name
    {"c.parquet": lambda: frame.to_parquet(path), "c.sav": lambda: pyreadstat.write_sav(frame, path),
     "c.dta": lambda: pyreadstat.write_dta(frame, path)}[name]()
    content = path.read_bytes()
    assert refused(arrived, f'file = "{name}"', **{name.replace(".", "_dot_"): content[:len(content) // 2]}) == (
        f"{name}: the {kind} file is damaged or was cut off on its way\n  -> send the file again")


@pytest.mark.parametrize("name", ["c.sav", "c.dta"])
def test_a_file_that_ends_the_process_which_reads_it_ends_no_run(survey, monkeypatch, name):
    monkeypatch.setattr(statistical, "LINES", "import os; os.abort()")
    with pytest.raises(ExtractMistake, match=rf"^{name}: the \w+ file is damaged or was cut off on its way\n"):
        survey(name, status=[1.0])


def test_a_column_that_is_not_there_is_named_without_a_line(arrived):
    content = parquet(**{heading: ["x"] for heading in HEADINGS.strip().split(",")[1:]})
    assert refused(arrived, 'file = "c.parquet"', c_dot_parquet=content) == (
        "c.parquet: no column 'Person' (wanted for consents.person)\n"
        "  -> change from = \"Person\" at study.toml, line 10; the file has: Consent to, Status, Date")

"""Files that are copied at one go, or record by record, beside the same files as read in memory: one result."""

import datetime
import zipfile

import pandas as pd
import pytest
from small_extracts import DEFINITION, FIVE_PEOPLE
from written_files import xlsx

from analysis.errors import ExtractMistake
from analysis.extracts.large.database import Database
from analysis.extracts.large.storing import LINE, stored
from analysis.extracts.plan import plans
from analysis.extracts.read import FILE, ROW, read
from analysis.study import open_study

A, B, C = FIVE_PEOPLE[:3]
HEADINGS = "NHS no.,Issued,Drug,Qty\n"
PLAIN = HEADINGS + f"{A},01/02/2017,Tramadol 50mg capsules,56\n{A},01/03/2017,Tramadol 50mg capsules,56\n"
AT_ONCE, RECORDS = "copied at one go", "read record by record"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("large")
    (root / "data_raw" / "small").mkdir(parents=True)
    (root / "pipelines" / "studies" / "small").mkdir(parents=True)
    return root


@pytest.fixture
def both(folder):
    """The extract of issues, delivered as these files: as a frame, as a frame by way of the database, and which way."""
    raw, aside = folder / "data_raw" / "small", folder / "aside"

    def ways(files: dict[str, str | bytes], quantity: str = "", **said: str):
        for old in [*raw.iterdir(), *(aside.iterdir() if aside.is_dir() else [])]:
            old.unlink()
        for name, content in files.items():
            (raw / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        table = "\n".join(f"{key} = {value}" for key, value in {"file": f'"{next(iter(files))}"', **said}.items())
        definition = DEFINITION.replace('file      = "issues.csv"\nfill_down = ["NHS no."]', table)
        if quantity:
            definition = definition.replace('quantity   = { from = "Qty", min = 0 }', f"quantity = {quantity}")
        (folder / "pipelines" / "studies" / "small" / "study.toml").write_text(definition, "utf-8")
        plan = next(plan for plan in plans(open_study("small", folder)) if plan.name == "issues")
        held = read(plan, raw)
        with Database(aside) as database:
            one = stored(plan, raw, aside, database)
            names = [FILE, ROW, *one.columns]
            frame = pd.concat([pd.DataFrame(columns=[*names, "position", "spaced"]), *database.batches(
                f"select * from {one.view} order by position", 1000)])
            assert list(frame["position"]) == sorted(frame["position"]) and one.rows == len(frame)
            spaced = [(row[FILE], row[ROW]) for _, row in frame.iterrows() if row["spaced"]]
            kept = {column for path in aside.glob("*.parquet") for (column, *_) in database.run(
                f"describe select * from read_parquet('{path}')")}
        way = RECORDS if LINE in kept and "more" not in kept else AT_ONCE
        assert sorted({place[:2] for place in held.trimmed}) == sorted(spaced)
        assert held.frame.to_dict("list") == frame[names].to_dict("list")
        return frame, way

    return ways


def test_a_regular_file_is_copied_at_one_go(both):
    frame, way = both({"issues.csv": PLAIN})
    assert (list(frame[ROW]), way) == ([2, 3], AT_ONCE)
    assert list(frame["issued_on"]) == ["01/02/2017", "01/03/2017"]


@pytest.mark.parametrize("text", [
    pytest.param(PLAIN.replace("\n", "\r\n"), id="CR LF"),
    pytest.param("\ufeff" + PLAIN, id="a byte order mark"),
    pytest.param(PLAIN.rstrip("\n"), id="no line end at the end"),
    pytest.param(PLAIN + "\n\n", id="blank lines at the end"),
    pytest.param(PLAIN + ",,,\n , ,,\n", id="lines of empty cells"),
    pytest.param(PLAIN + HEADINGS + PLAIN.split("\n", 1)[1].replace("56", "28"), id="headings printed again"),
    pytest.param(PLAIN.replace("Tramadol 50mg capsules", '"Tramadol, ""50mg"""'), id="quotation marks"),
    pytest.param(PLAIN.replace(A, " " + A).replace(",56", ",\u00a056\t"), id="white space"),
    pytest.param(PLAIN.replace("Tramadol", "\u2003Trämadol"), id="white space and letters beyond ASCII"),
    pytest.param(PLAIN.replace(A, f"{A[:3]} {A[3:6]} {A[6:]}"), id="a number printed 3-3-4"),
    pytest.param(PLAIN.replace(",56\n", ",\n"), id="empty cells"),
    pytest.param(PLAIN.replace(",56\n", ',""\n'), id="empty cells in quotation marks"),
    pytest.param(f"NHS no.,Usual GP,Issued,Drug,Qty\n{A},GP1,01/02/2017,Codeine,56\n,GP1,,,\n", id="columns unread"),
])
def test_what_the_file_holds_comes_out_of_the_copy_as_it_does_in_memory(both, text):
    assert both({"issues.csv": text})[1] == AT_ONCE


def test_a_cell_of_several_lines_moves_the_lines_below_it(both):
    frame, way = both({"issues.csv": HEADINGS + f'{A},01/02/2017,"Tramadol\n50mg\r\ncapsules",56\n{B},01/02/2017,X,1\n'
                                                f'{B},02/02/2017,"Y\nZ",1\n{B},03/02/2017,X,1\n'})
    assert (list(frame[ROW]), way) == ([2, 5, 6, 8], AT_ONCE)


def test_headings_below_a_preamble_with_cells_of_several_lines(both):
    preamble = '"Issues,\n from 01/01/2017"\n\nPractice A\n'
    frame, way = both({"issues.csv": preamble + PLAIN}, header_row="5")
    assert (list(frame[ROW]), way) == ([6, 7], AT_ONCE)


def test_a_number_is_filled_down_and_not_out_of_headings_printed_again(both):
    text = HEADINGS + f" {A} ,01/02/2017,X,1\n,02/02/2017,X,1\n{HEADINGS},03/02/2017,X,1\n{B},04/02/2017,X,1\n,,,\n" \
                      ",05/02/2017,X,1\n"
    frame, way = both({"issues.csv": text}, fill_down='["NHS no."]')
    assert (list(frame["patient_id"]), way) == ([A, A, A, B, B], AT_ONCE)


def test_lengths_of_time_come_to_minutes(both):
    text = HEADINGS + "".join(f"{A},01/02/2017,X,{said}\n" for said in ("30 mins", " 1 hr 15", "", "long", "30 mins"))
    frame, way = both({"issues.csv": text}, quantity='{ from = "Qty", type = "integer", format = "duration" }')
    assert (frame["quantity"].fillna("").tolist(), way) == (["30", "75", "", "long", "30"], AT_ONCE)


def test_rows_with_something_in_a_column_are_kept(both):
    text = HEADINGS + f"{A},01/02/2017,X,1\n{A},02/02/2017,, \n{A},03/02/2017,Y,\n"
    assert list(both({"issues.csv": text}, keep='{ "Drug" = ["*"] }')[0][ROW]) == [2, 4]


def test_a_number_is_filled_down_when_records_are_read_one_by_one(both, monkeypatch):
    monkeypatch.setattr("analysis.extracts.large.storing.AT_A_TIME", 2)
    text = HEADINGS + f"{A},01/02/2017,X,1\n,02/02/2017,X,1\n,03/02/2017,X\n{B},04/02/2017,X,1\n,05/02/2017,X,1\n"
    frame, way = both({"issues.csv": text}, fill_down='["NHS no."]')
    assert (list(frame["patient_id"]), way) == ([A, A, A, B, B], RECORDS)


@pytest.mark.parametrize(("text", "by"), [
    pytest.param(PLAIN.replace("\n", "\n\n"), RECORDS, id="blank lines"),
    pytest.param(PLAIN.replace(",56\n", "\n"), RECORDS, id="a line of fewer cells"),
    pytest.param(PLAIN.replace("Tramadol", '5" Tramadol'), AT_ONCE, id="a lone quotation mark within a cell"),
    pytest.param(PLAIN.replace("\n", "\r"), RECORDS, id="lines that end in CR alone"),
    pytest.param(PLAIN.replace(",56\n", ",56,,\n"), AT_ONCE, id="more empty cells than headings"),
    pytest.param(HEADINGS, RECORDS, id="no rows"),
])
def test_what_is_not_regular_comes_to_the_same_and_where_it_must_be_record_by_record(both, text, by):
    _, way = both({"issues.csv": text})
    assert way == by


def test_a_footer_is_no_record(both):
    frame, way = both({"issues.csv": PLAIN + "End of report,,,\n2 rows\n"}, footer='"End of report"')
    assert (list(frame[ROW]), way) == ([2, 3], RECORDS)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "latin-1"])
def test_another_encoding(both, encoding):
    text = PLAIN.replace("Tramadol", "Trämadol")
    frame, way = both({"issues.csv": text.encode(encoding)}, encoding=f'"{encoding}"')
    assert (frame["product"][0], way) == ("Trämadol 50mg capsules", AT_ONCE)


def test_several_files_and_columns_in_another_order(both):
    other = f"Qty;Drug;Issued;NHS no.\n1;X;05/02/2017;{B}\n".replace(";", ",")
    frame, _ = both({"issues_1.csv": PLAIN, "issues_2.csv": other}, file='"issues_*.csv"')
    assert list(frame[ROW]) == [2, 3, 2] and list(frame["position"]) == [0, 1, 2]


def test_members_of_an_archive(both, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("one.csv", PLAIN)
        archive.writestr("two.csv", PLAIN.replace("2017", "2018"))
    frame, way = both({"issues.zip": (tmp_path / "a.zip").read_bytes()}, member='"*.csv"')
    assert list(frame[FILE].unique()) == ["issues.zip/one.csv", "issues.zip/two.csv"] and way == AT_ONCE


def test_a_workbook(both):
    day = datetime.datetime(2017, 2, 1)
    book = xlsx(S=[["NHS no.", "Issued", "Drug", "Qty"], [A, day, " Tramadol", 56], [],
                   [B, "05/02/2017", None, 1.5]])
    frame, way = both({"issues.xlsx": book})
    assert (list(frame["issued_on"]), list(frame[ROW]), way) == (["01/02/2017", "05/02/2017"], [2, 4], RECORDS)


def test_words_that_mean_nothing_are_blank(both):
    frame, _ = both({"issues.csv": PLAIN.replace(",56\n", ", n/k \n")}, blank='["n/k"]')
    assert frame["quantity"].isna().any()


def test_a_cell_too_many_is_the_same_mistake(both):
    with pytest.raises(ExtractMistake, match="the row has 5 cells, and there are 4 headings"):
        both({"issues.csv": PLAIN + f"{A},01/02/2017,X,1,more\n"})

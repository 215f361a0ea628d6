"""A law: whatever table of text is written in whatever format comes back cell for cell, each row with its number."""

import csv
import io
import itertools
import tempfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from arrivals import CONSENTS, HEADINGS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_extracts import opened
from written_files import ods, saved, zipped

from analysis.extracts.plan import plans
from analysis.extracts.read import read

HEADS = HEADINGS.strip().split(",")
ODD = ["", "0", "00123", "1234567890123456789", "No", "NA", "N/A", "null", "nan", "1E5", "-0", "1.0", "TRUE", "=1+1",
       "01/02/2017", "2017-02-01", '"', '""', "'", "#N/A", ",", ";", "\t", "a\nb", "a\r\nb", "x\ny,z\"", "é", "\ufeffx",
       "𝄞"]
# No white space around a cell, which is taken off and told; no letter that XML cannot hold.
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"),
                        exclude_characters="\ufffe\uffff")
# Nor "-", which means empty in a column of this study.
CELLS = st.one_of(st.sampled_from(ODD), st.text(LETTERS, max_size=8)).map(str.strip).filter(lambda cell: cell != "-")
TABLES = st.lists(st.lists(CELLS, min_size=4, max_size=4).filter(any), max_size=6)
LAW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read_back(name: str, content: bytes, said: str = "") -> tuple[list[int], list[list[str]]]:
    """The numbers of the rows, and their cells, read from that file."""
    with tempfile.TemporaryDirectory() as folder:
        study = opened(Path(folder), {}, CONSENTS.format(file=f'file = "{name}"\n{said}'))
        (study.raw / name).write_bytes(content)
        frame = read(plans(study)[0], study.raw).frame
    cells = frame.drop(columns=["source_file", "source_row"]).fillna("")
    return frame["source_row"].tolist(), cells.to_numpy().tolist()


def lines_of(lines: list[list[str]], **how) -> list[str]:
    """Each line as a CSV writer writes it."""
    written = []
    for line in lines:
        out = io.StringIO(newline="")
        csv.writer(out, **how).writerow(line)
        written.append(out.getvalue())
    return written


def not_headings(table: list[list[str]]) -> bool:
    return HEADS not in table


@LAW
@given(TABLES.filter(not_headings), st.sampled_from(",;\t|~"), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans(),
       st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]), st.booleans())
def test_a_table_written_as_text_comes_back(table, delimiter, line_end, quoted, encoding, in_an_archive):
    # A writer whose lines end in \r does not see by itself that a \n has to be quoted.
    quoting = csv.QUOTE_ALL if quoted or line_end == "\r" else csv.QUOTE_MINIMAL
    written = lines_of([HEADS, *table], delimiter=delimiter, quoting=quoting, lineterminator=line_end)
    content = "".join(written).encode(encoding)
    said = 'delimiter = "~"' if delimiter == "~" else ""
    name = "c.zip" if in_an_archive else "c.csv"
    numbers, cells = read_back(name, zipped({"c.csv": content}) if in_an_archive else content, said)
    assert cells == table
    begins = itertools.accumulate((len(io.StringIO(line, newline="").readlines()) for line in written), initial=1)
    assert numbers == list(begins)[1:-1]


@LAW
@given(TABLES.filter(not_headings))
def test_a_table_written_as_an_excel_workbook_comes_back(table):
    book = openpyxl.Workbook()
    for row, line in enumerate([HEADS, *table], 1):
        for column, text in enumerate(line, 1):
            if text:
                book.active.cell(row, column, text).data_type = "s"  # =1+1 and #N/A are text, too
    numbers, cells = read_back("c.xlsx", saved(book))
    assert cells == table
    assert numbers == list(range(2, len(table) + 2))


@LAW
@given(TABLES.filter(not_headings))
def test_a_table_written_as_an_opendocument_sheet_comes_back(table):
    numbers, cells = read_back("c.ods", ods({"S": [HEADS, *table]}))
    assert cells == table
    assert numbers == list(range(2, len(table) + 2))


@LAW
@given(TABLES)
def test_a_table_written_as_parquet_comes_back(table):
    file = io.BytesIO()
    pq.write_table(pa.table({head: pa.array([line[i] for line in table], pa.string())
                             for i, head in enumerate(HEADS)}), file)
    numbers, cells = read_back("c.parquet", file.getvalue())
    assert cells == table
    assert numbers == list(range(1, len(table) + 1))

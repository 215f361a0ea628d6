"""A file of text without quotation marks: its cells as Parquet and the different cells of each column, or nothing."""

import pyarrow.parquet as pq
import pytest

from analysis.extracts.large.cut import cut

HEADINGS = "Number,Drug,Type\n"


@pytest.fixture
def cells(tmp_path, monkeypatch):
    """What is cut of a text, a few lines at a time: rows, and the different cells of columns that have few."""
    monkeypatch.setattr("analysis.extracts.large.cut.AT_ONCE", 60)

    def of(text: str):
        (tmp_path / "a.csv").write_bytes(text.encode("utf-8", "surrogateescape"))
        known = cut(tmp_path / "a.csv", tmp_path / "a.parquet", {"id": 0, "product": 1, "status": 2}, headings=3,
                    delimiter=",", first=2)
        if known is None:
            return None
        return (pq.read_table(tmp_path / "a.parquet").to_pylist(),
                {name: sorted(words.to_pylist()) for name, words in known.items()})

    return of


def test_a_column_of_few_texts_has_them_listed_in_whichever_part_of_the_file_they_stand(cells):
    lines = [f"{n},{'Codeine' if n < 30 else 'Tramadol'},{'Acute' if n == 39 else 'Repeat'}" for n in range(40)]
    rows, known = cells(HEADINGS + "\n".join(lines) + "\n")
    assert [",".join(row.values()) for row in rows] == lines
    assert known == {"product": ["Codeine", "Tramadol"], "status": ["Acute", "Repeat"]}


def test_a_list_that_grows_too_long_is_given_up(cells, monkeypatch):
    monkeypatch.setattr("analysis.extracts.large.cut.MOST", 3)
    rows, known = cells(HEADINGS + "".join(f"{n},{'X' if n < 9 else n},Acute\n" for n in range(40)))
    assert len(rows) == 40 and known == {"status": ["Acute"]}


@pytest.mark.parametrize("line", ['1,"X",Acute', "1,X", "1,X,Acute,more", "", "1,X\rY,Acute", "1,X\0,Acute",
                                  "1,\udcff,Acute"],
                         ids=["quotation mark", "too few", "too many", "blank", "CR alone", "NUL", "no UTF-8"])
def test_a_line_that_is_no_record_anywhere_in_the_file_makes_it_nothing(cells, line):
    regular = [f"{n},X,Acute" for n in range(40)]
    assert cells(HEADINGS + "\n".join([*regular, line, *regular]) + "\n") is None


def test_blank_lines_at_the_end_are_no_records(cells):
    assert len(cells(HEADINGS + "1,X,Acute\n2,X,Acute\n\n\r\n")[0]) == 2

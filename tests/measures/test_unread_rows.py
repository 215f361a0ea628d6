"""The rows of prescriptions that give no dose, as whoever holds the files is told."""

import pandas as pd

from analysis.measures.prescribing.dose_windows import Rules
from analysis.measures.prescribing.issues import issues_of
from analysis.measures.prescribing.readings import read_texts
from analysis.measures.prescribing.unread import unread_rows
from analysis.reference.factors import factor_table


def test_a_row_that_gives_no_dose_is_told_by_file_line_and_reason_and_by_nothing_else():
    rows = [("B", "issues_b.csv", 4, "Tramadol 50mg capsules", "as directed", 56),
            ("A", "issues_a.csv", 9, "Tramadol 50mg capsules", "2 qds", 56),
            ("A", "issues_a.csv", 7, "Tramadol 50mg capsules", "2 qds", 0),
            ("A", "issues_a.csv", 8, "Methadone 5mg tablets", "1 bd", 56),
            ("A", "issues_a.csv", 6, "Lidocaine 700mg plasters", "1 daily", 30),
            (None, "issues_a.csv", 5, "Tramadol 50mg capsules", "as directed", 56)]
    frame = pd.DataFrame(rows, columns=["patient_id", "source_file", "source_row", "product", "directions", "quantity"])
    frame = frame.assign(issued_on=pd.Timestamp("2017-01-01"))
    got = unread_rows(frame, read_texts(issues_of(frame).texts), Rules(factor_table("fpm-2020")))
    assert list(got.itertuples(index=False, name=None)) == [
        ("issues_a.csv", 7, "not readable", "no quantity or no date"),
        ("issues_a.csv", 8, "no factor", "methadone, oral"),
        ("issues_b.csv", 4, "not readable", "no dose in the directions")]
    assert list(got) == ["file", "row", "kind", "reason"]

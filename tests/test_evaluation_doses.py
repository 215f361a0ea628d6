"""Doses as a study asks for them: by its definition, from a table held or in parts, with a code list of its own."""

import pandas as pd
import pyarrow as pa
import pytest

from analysis.evaluation import Evaluation
from analysis.study import open_study

STARTED = pd.Timestamp("2017-03-01")
TABLES = {
    "episodes": pd.DataFrame({"patient_id": ["A", "B"], "started_on": STARTED}),
    "patients": pd.DataFrame({"patient_id": ["A", "B", "C"]}),
    "prescriptions": pd.DataFrame(
        # Half the window supplied by two products at once; a shortened name with a code; somebody who is not enrolled.
        [("A", "2017-01-18", "MST Continus 30mg tablets", None, "1 bd", 84.0),
         ("A", "2017-01-18", "OxyContin 20mg modified-release tablets", None, "1 bd", 84.0),
         ("B", "2017-01-18", "MST 30", "1", "1 bd", 84.0),
         ("C", "2017-01-18", "Methadone 5mg tablets", None, "1 bd", 84.0)],
        columns=["patient_id", "issued_on", "product", "dmd_code", "directions", "quantity"]
    ).astype({"issued_on": "datetime64[s]"}),
    "quality_checks": pd.DataFrame({"rule": ["complete", "one issue a row"]}),
    "quality_faults": pd.DataFrame({"rule": ["one issue a row", "complete", "one issue a row"], "rows": [1, 7, 1],
                                    "person": ["A", "A", "B"]}),
}


class InParts(dict):
    """Tables as a page has them: prescriptions a batch at a time, and never as a whole."""

    def batches(self, table, columns):
        yield from pa.Table.from_pandas(TABLES[table], preserve_index=False).to_batches(max_chunksize=1)


def asked(a_project, doses="", tables=TABLES):
    path = a_project / "pipelines" / "studies" / "south-glos" / "study.toml"
    path.write_text(path.read_text("utf-8").replace("high_dose   = 120", f"high_dose   = 120\n{doses}\n#"), "utf-8")
    return Evaluation(open_study("south-glos", a_project), tables)


@pytest.mark.parametrize("doses, dose", [("", 60.0), ('definition = "D2"', 120.0), ('definition = "D4"', 120.0)])
def test_the_dose_is_that_of_the_definition(a_project, doses, dose):
    assert asked(a_project, doses).doses("baseline").set_index("patient_id").loc["A", "dose"] == dose


def test_prescriptions_in_parts_give_the_doses_of_the_table_that_is_held(a_project):
    held = asked(a_project)
    parts = asked(a_project, tables=InParts({k: v for k, v in TABLES.items() if k != "prescriptions"}))
    for timepoint in ("baseline", "follow_up"):
        pd.testing.assert_frame_equal(held.doses(timepoint), parts.doses(timepoint))
    assert parts.dose_sources() == held.dose_sources()


def test_rows_that_may_be_several_issues_are_those_of_the_query_log_and_absent_where_the_rule_was_not_run(a_project):
    found = asked(a_project).dose_sources()
    assert [found.cells[found.names[name]].value for name in ("issues_several", "issues_several_people")] == [2, 2]
    not_run = TABLES | {"quality_checks": pd.DataFrame({"rule": ["complete"]})}
    assert "issues_several" not in asked(a_project, tables=not_run).dose_sources().names


def test_a_code_is_read_where_the_study_has_a_list(a_project):
    listed = a_project / "pipelines" / "studies" / "south-glos" / "opioids.csv"
    listed.write_text("code,term\n1,MST Continus 30mg tablets\n")
    without = asked(a_project).doses("baseline").set_index("patient_id")
    assert without.loc["B", "reason"] == "a line that cannot be read"
    coded = asked(a_project, 'products = "opioids.csv"').doses("baseline").set_index("patient_id")
    assert (coded.loc["B", "dose"], coded.loc["B", "reason"]) == (30.0, "")


def test_lines_of_the_definition_are_added_to_the_high_dose_line(a_project):
    labels = [line.label for line in asked(a_project, "lines = [60]").high_doses().lines]
    assert "60 to under 120" in labels and "50 to under 90" not in labels

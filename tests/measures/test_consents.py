"""What consent took out, by kind and scope: every line is there, whoever withdrew."""

import pandas as pd
from measured import named, optional, rows

from analysis.measures.people.consents import KINDS, consent_acted

COLUMNS = ["practice", "kind", "scope", "table", "rows", "people", "undated", "undated_people"]
ACTED = pd.DataFrame([
    ("a", "evaluation", "no further use", "all tables", 0, 2, 0, 0),
    ("a", "evaluation", "no further use", "contacts", 7, 2, 0, 0),
    ("b", "evaluation", "no further use", "all tables", 0, 1, 0, 0),
    ("b", "evaluation", "no further use", "contacts", 3, 1, 0, 0),
    ("b", "evaluation", "no further collection", "all tables", 0, 1, 0, 0),
    ("b", "evaluation", "no further collection", "responses", 2, 1, 4, 1),
    ("b", "quotation", None, "all tables", 0, 1, 0, 0)], columns=COLUMNS)


def test_people_and_rows_are_summed_over_sites_by_kind_scope_and_table():
    made = consent_acted(ACTED)
    shown = rows(made)
    assert shown["Contacts"] == {"People": "3", "Rows taken out": "10", "Rows kept for want of a date": "0"}
    assert shown["Responses"] == {"People": "1", "Rows taken out": "2", "Rows kept for want of a date": "4"}
    assert (named(made, "evaluation_no_further_use").value, named(made, "quotation").value,
            named(made, "interview_delete").value) == (3, 1, 0)


def test_every_kind_and_scope_has_its_line_and_only_tables_come_and_go():
    nobody, some = (consent_acted(acted) for acted in (ACTED.head(0), ACTED))
    assert [(line.section, line.label) for line in nobody.lines] == [
        (line.section, line.label) for line in some.lines if not line.depth]
    assert len(nobody.lines) == sum(map(len, KINDS.values()))
    assert optional(some) == ["Responses", "Contacts"]


def test_a_count_of_rows_rests_on_the_people_behind_them():
    made = consent_acted(ACTED)
    resting = {(dict(cell.dimensions)["table"], cell.statistic): cell.n for cell in made.cells.values()}
    assert resting[("contacts", "rows taken out")] == 3
    assert resting[("responses", "rows kept for want of a date")] == 1

"""Consent: the counts of what withdrawals and opt-outs took out in; a table of them out."""

from __future__ import annotations

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.summary import About, Summary
from analysis.measures.words import capitalised

EVERY = "all tables"
KINDS = {"evaluation": ("no further collection", "no further use", "delete"),
         "interview": ("no further collection", "no further use", "delete"),
         "quotation": ("",), "linkage": ("",), "archive": ("",),
         "national data opt-out": ("section 251", "rests on a record under section 251")}


def consent_acted(acted: pd.DataFrame) -> Summary:
    """
    People who took a consent back or opted out, by kind and scope, and the rows of each table that left for it.

    `acted` is the table `quality_consent`: kind, scope, table, rows, people, undated, undated_people. Every kind and
    scope has its line, whether anybody withdrew or not: a line that came and went would tell of a hidden count. Rows
    without a date cannot be said to be later than a withdrawal, and stay; they are counted beside those that left.
    """
    cells = Cells("consent acted")
    scope = acted["scope"].fillna("")
    for kind, scopes in KINDS.items():
        for one in scopes:
            mine = acted[acted["kind"].eq(kind) & scope.eq(one)]
            every = mine[mine["table"].eq(EVERY)]
            section, name = capitalised(kind), f"{kind} {one}".strip().replace(" ", "_").replace("-", "_")
            _row(cells, (one or "withdrawn").capitalize(), kind, one, EVERY, int(every["people"].sum()),
                 mine[mine["table"].ne(EVERY)], section, 0, name)
            for table, rows in mine[mine["table"].ne(EVERY)].groupby("table", sort=True):
                _row(cells, str(table).capitalize(), kind, one, str(table), int(rows["people"].sum()), rows, section, 1)
    return cells.summary("Consent withdrawn, and what it took out", About(
        "people whom the extracts name", "none: counts", "rows without a date stay, and are counted"),
        notes=("A person may have withdrawn more than one kind of consent. Consent to quotation, linkage or archiving "
               "takes no row: it rules what may be done with rows that stay.",), stub="Kind and scope",
        columns=("People", "Rows taken out", "Rows kept for want of a date"))


def _row(cells: Cells, label: str, kind: str, scope: str, table: str, people: int, rows: pd.DataFrame, section: str,
         depth: int, name: str = "") -> None:
    where = {"kind": kind, "scope": scope or "any", "table": table}

    def count(what: str, column: str, behind: int) -> tuple[str, dict[str, str]]:
        return "{n}", {"n": cells.count(int(rows[column].sum()), what, population="invited", people=behind, unit="rows",
                                        **where)}

    who = cells.count(people, population="invited", name=name, **where)
    cells.row(label, {"People": ("{n}", {"n": who}),
                      "Rows taken out": count("rows taken out", "rows", people),
                      "Rows kept for want of a date": count("rows kept for want of a date", "undated",
                                                            int(rows["undated_people"].max() if len(rows) else 0))},
              section=section, depth=depth, optional=bool(depth))

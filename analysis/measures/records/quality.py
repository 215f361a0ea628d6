"""What the checking found and what tidying left out: their logs in, tables that balance out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.summary import About, Summary
from analysis.measures.words import capitalised

DELIVERED, KEPT = "delivered", "kept"
# What a broken rule's rows are called; another rule that takes rows out is called by its name.
LEFT_OUT = {"row not repeated": "Repeated rows", "before the data cut": "After the data cut",
            "consent": "Consent withdrawn or opted out", "not of this extract": "Not of this extract"}


def rows_kept(rows: pd.DataFrame) -> Summary:
    """
    Rows of each extract: delivered = kept + left out for each reason. ValueError where that does not hold.

    `rows` has a row an extract for 'delivered', each rule that takes rows out, and 'kept' (extract, table, what, rows,
    people). Rows are counted, not people; how many people stand behind them decides whether the count may be shown.
    Named cells: `extracts`, and of the rows of all of them `delivered`, `kept`, `kept_share`.
    """
    cells = Cells("rows kept", record=True)
    ids: dict[str, list[str]] = {}
    reasons = [what for what in dict.fromkeys(rows["what"]) if what not in (DELIVERED, KEPT)]
    for (extract, table), of_extract in rows.groupby(["extract", "table"], sort=True):
        counted = of_extract.set_index("what")
        if counted.at[DELIVERED, "rows"] != counted["rows"].drop(DELIVERED).sum():
            raise ValueError(f"rows of {extract} do not balance")

        def count(what: str, counted=counted, extract=extract) -> tuple[str, dict[str, str]]:
            if what not in counted.index:
                return "", {}
            n, people = (int(counted.at[what, column]) for column in ("rows", "people"))
            identity = cells.count(n, "rows", population="invited", people=people, unit="rows", extract=extract,
                                   rows=what)
            ids.setdefault(what, []).append(identity)
            return "{n}", {"n": identity}

        cells.row(extract.replace("_", " "), {
            "Table": (table, {}), "Delivered": count(DELIVERED),
            **{LEFT_OUT.get(reason, f"Left out: {reason}"): count(reason) for reason in reasons}, "Kept": count(KEPT)})
    cells.count(rows["extract"].nunique(), "extracts", population="checks", people=10_000, unit="extracts",
                name="extracts")
    total = {what: cells.total(ids[what], "rows of all extracts", population="invited", name=what, rows=what)
             for what in (DELIVERED, *reasons, KEPT) if what in ids}
    if total:
        cells.share(total[KEPT], total[DELIVERED], name="kept_share")
        cells.row("All extracts", {"Table": ("", {}), **{
            {DELIVERED: "Delivered", KEPT: "Kept"}.get(what) or LEFT_OUT.get(what, f"Left out: {what}"):
                ("{n}", {"n": n}) for what, n in total.items()}})
    return cells.summary("Rows delivered, left out and kept", About("rows of every extract", "rows delivered"),
                         notes=("Delivered is the sum of kept and left out in every row.",), stub="Extract")


def declared_counts(declared: Sequence[tuple[str, str, int, int, int]]) -> Summary:
    """
    What whoever sent the records says there should be, beside what came: (what, unit, declared, found, people).

    Both numbers rest on the people behind what came: a declared count that is shown would tell a hidden one.
    """
    cells = Cells("declared counts", record=True)
    for what, unit, said, found, people in declared:
        where = {"population": "interviewed" if unit != "rows" else "invited", "unit": unit, "people": people,
                 "extract": what}
        entries = {"Declared": cells.count(said, "declared", **where), "Delivered": cells.count(found, "delivered",
                                                                                              **where)}
        cells.row(capitalised(what).replace("_", " "), {"Of": (unit, {}), **{
            column: ("{n}", {"n": cell}) for column, cell in entries.items()}})
    if not declared:
        cells.row("No count was declared", {"Of": ("", {}), "Declared": ("", {}), "Delivered": ("", {})})
    return cells.summary("Counts that were declared, and what came", About("rows of every extract", "none: counts"),
                         notes=("Another number than the declared one stops the run, unless the study lets it pass "
                                "with a reason.",), stub="What")


def faults_found(checks: pd.DataFrame, faults: pd.DataFrame) -> Summary:
    """
    Rules run and rows that broke them, by rule: what was done is said by the rule's severity.

    Each line of `faults` speaks of one row or, where more rows than the log names are alike, of several (`rows`). It
    names the `person` of its row, where the row has one: all rows of nobody known count as one person's.
    """
    cells = Cells("faults found", record=True)
    broken = faults.groupby(["rule", "severity"])
    rows, people = broken["rows"].sum(), broken["person"].nunique(dropna=False)
    for (rule, severity), group in checks.groupby(["rule", "severity"], sort=True):
        n = int(rows.get((rule, severity), 0))
        run = cells.count(len(group), "columns checked", population="checks", people=10_000, unit="columns", rule=rule)
        found = cells.count(n, "rows", population="invited", people=int(people.get((rule, severity), 0)),
                            unit="rows", rule=rule,
                            name=rule.replace(" ", "_"))
        cells.row(capitalised(rule), {"If broken": (severity, {}), "Columns checked": ("{n}", {"n": run}),
                                "Rows that broke it": ("{n}", {"n": found})})
    return cells.summary("Rules that the extracts were held against", About("rows of every extract", "none: counts"),
                         notes=("Blocking: the run stops. Excluded: the row is left out. Noted: the row is kept and "
                                "the query is sent.",), stub="Rule")


def codings_balance(balance: pd.DataFrame) -> Summary:
    """What became of every coding in the interviews' project: in = read + read as stance + losses by name."""
    cells = Cells("codings read", record=True)
    for row in balance.itertuples():
        n = cells.count(int(row.codings), "codings", population="checks", people=10_000, unit="codings", what=row.what)
        cells.row(capitalised(row.what), {"Codings": ("{n}", {"n": n})})
    return cells.summary("Codings in the project and what became of them",
                         About("codings in the delivered project", "none: counts"),
                         notes=("The first row is the sum of the others.",), stub="What became of them")

"""What consent took out of the extracts in; counts of it, what stays in the flow, flags and lines to purge, out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.extracts.consents.consent import COLLECTION, DELETE, USE, Consented
from analysis.extracts.consents.withhold import sites_of_people
from analysis.extracts.people import people_of_rows
from analysis.extracts.read import FILE, ROW, Delivered
from analysis.extracts.tidy import DELIVERED

EVERY = "all tables"  # the line that counts the people of a kind and scope
ACTED = ["kind", "scope", "table", "rows", "people", "undated", "undated_people"]
CONSENT = "consent"  # the line of the balance of rows
PURGE = ["extract", "file", "sheet", "line"]


def acted(left: Consented, by: str) -> pd.DataFrame:
    """
    The table `quality_consent`: `by` (the site) and ACTED, without anybody's number.

    Of each site, kind and scope a line a table: rows that left, rows that stayed because they have no date, and the
    people behind each; the line 'all tables' counts everybody whose decision stands, rows or none. Whoever asked for
    deletion of their records is of no site: of them a bare count is kept.
    """
    site, stays = _sites(left, by), left.rows[~left.rows["leaves"]]
    lines = [[site(one.who, one.kind, one.scope), one.kind, one.scope, table or one.table, gone, kept, one.who]
             for part, table, gone, kept in ((_decided(left), EVERY, 0, 0), (left.taken, "", 1, 0), (stays, "", 0, 1))
             for one in part.itertuples()]
    frame = pd.DataFrame(lines, columns=[by, "kind", "scope", "table", "rows", "undated", "who"])
    kept = frame["undated"].eq(1)
    frame = frame.assign(gone=frame["who"].mask(kept), kept=frame["who"].where(kept))
    made = frame.groupby([by, "kind", "scope", "table"], dropna=False).agg(
        rows=("rows", "sum"), people=("gone", "nunique"), undated=("undated", "sum"),
        undated_people=("kept", "nunique"))
    return _typed(made.reset_index().values.tolist(), [by, *ACTED])


def counts(left: Consented, by: str) -> pd.DataFrame:
    """
    The table `withdrawals`: what stays of people whose records or interview are no longer used: how many, and where.

    `stage` is how far they had come: of records 'enrolled', 'invited' or 'listed', of an interview 'recruited' (their
    outcome left the recruitment log) or 'interviewed'. Deleted records have neither site nor stage.
    """
    site = _sites(left, by)
    seen = {table: _people(left, table) for table in ("referrals", "recruitment")} | {"episodes": _began(left)}
    decided = _decided(left)
    whole = set(decided.loc[decided["kind"].eq("evaluation") & decided["scope"].isin([USE, DELETE]), "who"])
    late = left.taken[left.taken["table"].eq("recruitment") & left.taken["scope"].eq(COLLECTION)]
    lines = []
    for one in decided.itertuples():
        if one.kind == "evaluation" and one.scope in (USE, DELETE):
            stage = ("" if one.scope == DELETE else "enrolled" if one.who in seen["episodes"]
                     else "invited" if one.who in seen["referrals"] else "listed")
        elif one.kind == "interview" and (one.scope in (USE, DELETE) or one.who in set(late["who"])):
            stage = "recruited" if one.who in seen["recruitment"] - whole else "interviewed"
        else:
            continue
        lines.append((site(one.who, one.kind, one.scope), one.kind, one.scope, stage))
    frame = pd.DataFrame(lines, columns=[by, "kind", "scope", "stage"])
    rows = [[*key, len(part)] for key, part in frame.groupby([by, "kind", "scope", "stage"], dropna=False, sort=True)]
    return _typed(rows, [by, "kind", "scope", "stage", "people"])


def balanced(rows: pd.DataFrame, left: Consented) -> pd.DataFrame:
    """The balance of rows with what consent took: delivered = consent + what left for each other reason + kept."""
    parts = []
    for name, part in rows.groupby("extract", sort=False):
        part, gone = part.copy(), left.taken.loc[left.taken["extract"] == name, "position"].astype(int)
        delivered = part["what"].eq(DELIVERED)
        part.loc[delivered, "rows"] += len(gone)
        # Of an extract that is too large to hold, `before` has the rows of people who decided, and only those.
        who = people_of_rows(left.before[name], left.before).fillna("").to_numpy()
        part.loc[delivered, "people"] += len(set(who[gone]) - {*np.delete(who, gone)})
        consent = part[delivered].assign(what=CONSENT, rows=len(gone), people=left.person[name].iloc[gone].nunique())
        parts += [part[delivered], consent, part[~delivered]]
    return pd.concat(parts, ignore_index=True) if parts else rows


def with_codings(made: pd.DataFrame, balance: pd.DataFrame, left: Consented) -> pd.DataFrame:
    """The counts with the codings of interviews that left, as the balance of the project has them."""
    more = [[None, "interview", scope, "codings", int(n), list(left.interviews.values()).count(scope), 0, 0]
            for scope in (COLLECTION, USE, DELETE)
            for n in balance.loc[balance["what"] == withdrawn_codings(scope), "codings"]]
    return pd.concat([made, _typed(more, list(made))], ignore_index=True) if more else made


def withdrawn_codings(scope: str) -> str:
    """How the balance of codings calls those of interviews that left by that scope."""
    return f"of interviews withdrawn: {scope}"


def with_flags(tables: Mapping[str, pd.DataFrame], left: Consented) -> dict[str, pd.DataFrame]:
    """
    The tables with what consent says of rows that stay.

    `interviews.quotable` and `.linkable` are yes only where that consent stands as given; where the study records none
    of the kind, what was delivered holds, and it may be nothing. Nobody whose records left can be linked.
    `interviews.linked_to` is the patient who was interviewed, where that may be known.
    `patients.withdrew_on` is the day after which nothing about the person is collected.
    """
    tables, standing = dict(tables), left.decisions.standing
    if "interviews" in tables:
        interviews = tables["interviews"].copy()
        who = interviews["participant_id"].map(left.decisions.people.one)
        for column, kind in (("quotable", "quotation"), ("linkable", "linkage")):
            of_kind = standing[standing["kind"] == kind]
            if len(of_kind):
                said = who.map(of_kind.set_index("who")["status"].eq("given")).eq(True)
                interviews[column] = said.map({True: "yes", False: "no"}).where(interviews[column].ne("no"), "no")
        gone = standing[standing["kind"].eq("evaluation") & standing["status"].eq("withdrawn")
                        & standing["scope"].ne(COLLECTION)]
        interviews["linkable"] = interviews["linkable"].mask(who.isin(gone["who"]), "no")
        patient = who.isin(left.decisions.people.patients) & interviews["linkable"].eq("yes")
        interviews["linked_to"] = who.where(patient)
        tables["interviews"] = interviews.astype({"quotable": "str", "linkable": "str", "linked_to": "str"})
    stopped = standing[standing["kind"].eq("evaluation") & standing["status"].eq("withdrawn")
                       & standing["scope"].eq(COLLECTION)].set_index("who")["date"]
    if "patients" in tables and len(stopped):
        patients = tables["patients"].copy()
        patients["withdrew_on"] = pd.to_datetime(patients["patient_id"].map(stopped)).astype("datetime64[s]")
        tables["patients"] = patients
    return tables


def purge(left: Consented, project: str = "") -> pd.DataFrame:
    """
    The lines (PURGE) of the raw extracts about people who asked for deletion: to be taken out at their source.

    The line that records the withdrawal stays there, or the next delivery would bring the person back. Of the coded
    `project` the source is named by the number of the interview.
    """
    gone = left.rows[left.rows["leaves"] & left.rows["scope"].eq(DELETE) & left.rows["table"].ne("consents")]
    gone = gone.drop_duplicates(["extract", "position"]).sort_values("position", kind="stable")
    gone = gone.sort_values("extract", key=lambda names: names.map(list(left.before).index), kind="stable")
    rows = []
    for one in gone.itertuples():
        extract = left.before[one.extract]
        source = extract.frame.iloc[one.position]
        rows.append([one.extract, source[FILE], extract.plan.sheet, str(source[ROW])])
    rows += [["coded project", project, "", f"source {interview}"] for interview, scope in left.interviews.items()
             if project and scope == DELETE]
    return pd.DataFrame(rows, columns=PURGE)


def still_interviewed(left: Consented) -> int:
    """How many people withdrew from the evaluation alone: the interview that they gave is still used."""
    gone = left.decisions.of("evaluation", "withdrawn")
    used = {left.decisions.people.one(number) for extract in left.delivered.values()
            if extract.plan.table.name == "interviews" for number in extract.frame["participant_id"].dropna()}
    return int(gone.loc[gone["scope"].ne(COLLECTION), "who"].isin(used).sum())


def _decided(left: Consented) -> pd.DataFrame:
    """Everybody with a decision that takes something away: kind, scope and who; those whom the opt-out acted on too."""
    standing = left.decisions.standing
    gone = standing[standing["status"] == "withdrawn"].copy()
    gone = gone[gone["kind"].isin(["evaluation", "interview", "quotation", "linkage", "archive"])]
    gone["scope"] = gone["scope"].where(gone["kind"].isin(["evaluation", "interview"]), "")
    opted = left.taken[left.taken["kind"] == "national data opt-out"].drop_duplicates(["scope", "who"])
    return pd.concat([gone[["kind", "scope", "who"]], opted[["kind", "scope", "who"]]], ignore_index=True)


def _people(left: Consented, table: str) -> set[str]:
    return {who for name, extract in left.before.items() if extract.plan.table.name == table
            for who in left.person[name].dropna()}


def _began(left: Consented) -> set[str]:
    """Who has an episode: who attended a contact, where episodes are made of those and no list says when they began."""
    if any(one.plan.table.name == "episodes" and one.plan.column("started_on") for one in left.before.values()):
        return _people(left, "episodes")
    contacts = {name: one for name, one in left.before.items() if one.plan.table.name == "contacts"}
    return {who for name, one in contacts.items() for who in left.person[name][_attended(one)].dropna()}


def _attended(contacts: Delivered) -> pd.Series:
    said = contacts.plan.column("attendance")
    codes = contacts.frame["attendance"].map(said.codes) if said.source else said.value
    return pd.Series(codes, index=contacts.frame.index).eq("attended")


def _sites(left: Consented, by: str):
    """The site of a person for a count; none for deleted records, which leave no trace of where the person was."""
    known = sites_of_people(left.before, by)

    def site(who: str, kind: str, scope: str) -> str | None:
        return None if (kind, scope) == ("evaluation", DELETE) else known.get(who)

    return site


def _typed(rows: list[list], columns: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({name: "int64" if name in (*ACTED[3:], "people") else "str" for name in columns})

"""Canonical tables in; stays in the service, made from attended contacts where no list says when they began, out."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.errors import ExtractMistake
from analysis.extracts.read import FILE, ROW
from analysis.extracts.typed import complete
from analysis.study import Study

ATTENDED = "attended"
OF_THE_LIST = ["worker", "ended_on", "end_reason", "recorded_on"]  # what a list of discharges says of a stay


def made_stays(tables: Mapping[str, pd.DataFrame], *, gap_days: int, data_cut: object,
               per: str = "person") -> pd.DataFrame:
    """
    The table `episodes`: a row for each stretch of a person's attended contacts, with file and line of its first one.

    More than `gap_days` without an attended contact end a stay with the contact before them; another begins with the
    next. The last is open where no more days than that had passed at the data cut. With `per` "referral" a contact
    after another referral of the person (one that was not declined and had a reply) begins a stay, too.
    Where `episodes` is a list without starts, of discharges, each row ends the stay of the contacts up to its day that
    are after the row before it, however long the pauses between them; a row without a day is a stay that is open. A
    row without such a contact is no stay: nobody came. Whoever has no row has stays by the pauses.
    """
    contacts = tables["contacts"].dropna(subset=["patient_id", "date"])
    seen = contacts[contacts["attendance"].eq(ATTENDED)].sort_values(["patient_id", "date"], kind="stable")
    seen = seen[["patient_id", "date", FILE, ROW]].reset_index(drop=True)
    listed = _listed(tables.get("episodes"))
    seen["part"] = _before(seen, listed.dropna(subset=["ended_on"]), "ended_on", same_day=False)
    seen = seen.merge(listed, how="left", on=["patient_id", "part"], indicator="known")
    covered = seen["known"].eq("both")
    person = seen.groupby("patient_id", sort=False)
    begins = seen["date"].sub(person["date"].shift()).gt(pd.Timedelta(days=gap_days)) & ~covered
    if per == "referral" and "referrals" in tables:
        which = _before(seen, _referrals(tables["referrals"]), "on", same_day=True)
        begins |= which.ne(which.groupby(seen["patient_id"]).shift()) & ~covered
    begins |= person.cumcount().eq(0) | seen["part"].ne(person["part"].shift())
    stays = seen.groupby(begins.cumsum(), sort=True).agg(
        patient_id=("patient_id", "first"), started_on=("date", "min"), last=("date", "max"), known=("known", "first"),
        **{name: (name, "first") for name in (*OF_THE_LIST, FILE, ROW)})
    over = stays["patient_id"].duplicated(keep="last") | stays["last"].lt(
        pd.Timestamp(data_cut) - pd.Timedelta(days=gap_days))
    by_pause = stays["known"].ne("both") & over
    stays["ended_on"] = stays["ended_on"].where(~by_pause, stays["last"]).astype("datetime64[s]")
    return complete("episodes", [stays.drop(columns=["last", "known"]).astype({"end_reason": "str", "worker": "str"})])


def _listed(episodes: pd.DataFrame | None) -> pd.DataFrame:
    """The rows of a list of discharges in the order of their days, `part` the number of rows of the person before."""
    said = (pd.DataFrame(columns=["patient_id", *OF_THE_LIST]) if episodes is None else
            episodes.dropna(subset=["patient_id"])).reindex(columns=["patient_id", *OF_THE_LIST])
    said = said.astype({"patient_id": "str", "ended_on": "datetime64[s]"})
    said = said.sort_values(["patient_id", "ended_on"], kind="stable").drop_duplicates(["patient_id", "ended_on"])
    return said.assign(part=said.groupby("patient_id").cumcount().astype("int64")).reset_index(drop=True)


def _referrals(referrals: pd.DataFrame) -> pd.DataFrame:
    """The days of the approaches that can have led to a stay."""
    led = referrals[~referrals["response"].isin(["declined", "no reply"])]
    return pd.DataFrame({"patient_id": led["patient_id"],
                         "on": led["identified_on"].fillna(led["invited_on"])}).dropna().drop_duplicates()


def _before(seen: pd.DataFrame, days: pd.DataFrame, day: str, *, same_day: bool) -> pd.Series:
    """How many of the person's `days` lie before each row of `seen`; `same_day` counts those of the day itself."""
    pairs = seen[["patient_id", "date"]].reset_index().merge(days[["patient_id", day]], on="patient_id")
    earlier = pairs[day] <= pairs["date"] if same_day else pairs[day] < pairs["date"]
    return pairs[earlier].groupby("index").size().reindex(seen.index, fill_value=0).astype("int64")


def with_stays(study: Study, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """
    The tables, with `episodes` as [stays] says; as they are where the definition has no such section.

    Raises ExtractMistake where nobody attended, or where contacts are too large to be held.
    """
    said = study["stays"]
    if not said:
        return dict(tables)
    where = study.definition.where("stays")
    if "contacts" not in tables:
        raise ExtractMistake("contacts of this size are not held in memory, and stays cannot be made from them",
                             where=where, remedy="send a list of stays as [extracts.episodes], and take [stays] out")
    stays = made_stays(tables, gap_days=said["gap_days"], per=said.get("per", "person"),
                       data_cut=study.data_cut("records"))
    if stays.empty:
        raise ExtractMistake("no contact was attended, so that nobody has a stay", where=where,
                             remedy="look at the codes of [extracts.contacts] attendance")
    return {**tables, "episodes": stays}


def check_stays(study: Study) -> None:
    """
    That [stays] can be followed, where it is there.

    Raises DefinitionMistake where no extract fills `contacts`, where a list says already when stays began, or where
    the pause is shorter than a day.
    """
    said, mistake = study["stays"], study.definition.mistake
    if not said:
        return
    if not study.collects("contacts"):
        raise mistake("[stays] makes stays from contacts, and no extract fills that table", "stays",
                      remedy="write [extracts.contacts]; or take [stays] out")
    if said["gap_days"] < 1:
        raise mistake(f"gap_days = {said['gap_days']}", "stays", "gap_days",
                      remedy="write after how many days without an attended contact a stay is over: gap_days = 90")
    for name, one in study["extracts"].items():
        if one.get("table", name) == "episodes" and "started_on" in one["columns"]:
            raise mistake(f"[extracts.{name}] says when stays began, and [stays] would make them from contacts",
                          "stays", remedy="take one of the two out")


def in_words(study: Study) -> str:
    """How stays were made, as pages say it; nothing where a list was delivered."""
    said = study["stays"]
    if not said:
        return ""
    another = ", or the first after another referral," if said.get("per") == "referral" else ""
    ends = (" A discharge on record ends a stay, whatever the pauses before it."
            if any(one.get("table", name) == "episodes" for name, one in study["extracts"].items()) else "")
    return (f"No list of episodes was delivered with their starts: they are made from attended contacts. The next "
            f"attended contact after more than {said['gap_days']} days without one{another} begins another episode; "
            f"the last is open where no more days than that had passed at the data cut.{ends}")

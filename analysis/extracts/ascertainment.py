"""Canonical tables in; every time point that was due, with outcome and reason, built where the site gives none, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.errors import ExtractMistake
from analysis.extracts.typed import complete
from analysis.study import NOT_COLLECTED, Study

KEY = ["patient_id", "instrument", "timepoint"]
DAYS = ("died_on", "deregistered_on", "withdrew_on")


def due_timepoints(tables: Mapping[str, pd.DataFrame], timepoints: Mapping[str, Mapping], instruments: Sequence[str],
                   data_cut: object) -> pd.DataFrame:
    """
    The table `timepoints`, whole: a row for each enrolled person, instrument and time point, with outcome and reason.

    A row that the site delivered keeps what it says; one without an outcome, or that was not delivered at all, is made
    up from the records: due so many `weeks` after the first episode began, and to be had until `window_weeks` later.
    Returned if any item was answered, whatever became of the person afterwards; the reason says where that was outside
    the window. Else, of what came first before the window closed: died, or left (deregistered, or withdrew so that
    nothing more is collected). Else not yet due, while the window is open at the data cut, or not returned.
    The dead and those who left could not answer, and are in no variable denominator (SISAQOL; PMC8096374, table 1).
    """
    episodes = tables["episodes"].sort_values("started_on").drop_duplicates("patient_id")
    people = episodes[["patient_id", "started_on"]].merge(
        tables["patients"].reindex(columns=["patient_id", *DAYS]), how="left", on="patient_id")
    said = pd.DataFrame([(name, one["weeks"], one.get("window_weeks")) for name, one in timepoints.items()],
                        columns=["timepoint", "weeks", "window"])
    grid = people.merge(said, how="cross").merge(pd.DataFrame({"instrument": list(instruments)}), how="cross")
    grid["due_on"] = grid["started_on"] + pd.to_timedelta(grid["weeks"] * 7, unit="D")
    delivered = tables.get("timepoints")
    if delivered is not None:
        grid = grid.merge(delivered[[*KEY, "due_on"]].drop_duplicates(KEY), how="left", on=KEY, suffixes=("", "_said"))
        grid["due_on"] = grid.pop("due_on_said").fillna(grid["due_on"])
    built = _with_outcomes(grid, _answered(tables["responses"]), pd.Timestamp(data_cut))
    built = built[[*KEY, "due_on", "outcome", "reason"]]
    return complete("timepoints", [built if delivered is None else _filled(delivered, built)])


def _answered(responses: pd.DataFrame) -> pd.DataFrame:
    """When each questionnaire was first answered; missing where no day is recorded."""
    answered = responses.reindex(columns=[*KEY, "date", "answer"]).dropna(subset=["answer"])
    return answered.assign(date=pd.to_datetime(answered["date"])).groupby(KEY, as_index=False)["date"].min()


def _with_outcomes(grid: pd.DataFrame, answered: pd.DataFrame, data_cut: pd.Timestamp) -> pd.DataFrame:
    grid = grid.merge(answered, how="left", on=KEY, indicator="answered")
    died, deregistered, withdrew = (pd.to_datetime(grid[name]) for name in DAYS)
    width = pd.to_timedelta(grid["window"].astype("Float64").fillna(0).astype("float64") * 7, unit="D")
    last = grid["due_on"] + width
    left = pd.concat([deregistered, withdrew], axis=1).min(axis=1)
    returned = grid["answered"].eq("both")
    outside = grid["window"].notna() & ((grid["date"] > last) | (grid["date"] < grid["due_on"] - width))
    # Whoever is taken off the list because they died has died: of one day, death is the reason.
    dead = died.le(last) & ~left.lt(died)
    gone = left.le(last) & ~dead
    tests = {"returned": returned, "died": dead, "left": gone, "not yet due": last.gt(data_cut)}
    grid["outcome"] = np.select([test.fillna(False).to_numpy(bool) for test in tests.values()], list(tests),
                                "not returned")
    reasons = {"outside the window": returned & outside,
               "withdrew": ~returned & gone & withdrew.eq(left), "deregistered": ~returned & gone,
               "window still open": grid["outcome"].eq("not yet due") & grid["due_on"].le(data_cut)}
    grid["reason"] = np.select([test.fillna(False).to_numpy(bool) for test in reasons.values()], list(reasons), "")
    grid["reason"] = grid["reason"].astype("str").replace("", None).astype("str")
    return grid


def _filled(delivered: pd.DataFrame, built: pd.DataFrame) -> pd.DataFrame:
    """The delivered rows, with an outcome where they had none, and the rows that were not delivered."""
    both = delivered.merge(built, how="left", on=KEY, suffixes=("", "_built"))
    silent = both["outcome"].isna()
    for name in ("outcome", "reason"):
        both[name] = both[name].where(~silent | both[name].notna(), both[f"{name}_built"])
    both["due_on"] = both["due_on"].fillna(both["due_on_built"])
    new = built.merge(delivered[KEY], how="left", on=KEY, indicator="delivered")
    return pd.concat([both[list(delivered)], new.loc[new.pop("delivered").eq("left_only")]], ignore_index=True)


def check_what_is_due(study: Study) -> None:
    """
    That questionnaires can be due: they are so many weeks after a stay began, and answers say which came back.

    Raises DefinitionMistake where `[outcomes]` is there and no extract says when stays began, or none has answers.
    """
    if not study.fits("outcomes"):
        return
    for table, what in (("episodes", "when anybody's stay began, after which questionnaires are due"),
                        ("responses", "what anybody answered")):
        if not study.collects(table):
            raise study.definition.mistake(
                f"[outcomes] names questionnaires, and no extract says {what}", "outcomes",
                remedy=f'write [extracts.{table}]' + (
                    ", from whichever list has a row a person and a day on which they began (a first appointment, a "
                    "start of treatment, a consent)" if table == "episodes" else "") + "; or take [outcomes] out")


def check_events(study: Study, tables: Mapping[str, pd.DataFrame]) -> None:
    """
    That the events delivered are those which `[safety] collected` names.

    Raises ExtractMistake where events come of a kind that it does not name, or where it names kinds and none come.
    """
    said, where = study["safety"].get("collected"), study.definition.where("safety", "collected")
    if said is None:
        return
    kinds = [] if said == NOT_COLLECTED else list(said)
    if kinds and "events" not in tables:
        raise ExtractMistake("kinds of safety event are named as collected, and no extract fills the table 'events'",
                             where=where, remedy=f'write [extracts.events], or collected = "{NOT_COLLECTED}"')
    found = sorted(set(tables["events"]["kind"].dropna()) - set(kinds)) if "events" in tables else []
    if found:
        raise ExtractMistake(f"there are safety events of the kind '{found[0]}', which is not named as collected",
                             where=where, remedy=f"add '{found[0]}' to the list")

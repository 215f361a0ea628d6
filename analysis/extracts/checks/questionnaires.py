"""Whether a questionnaire was answered as it is read: what is seen in, the answers that were not, out."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.extracts.checks.seen import Bad, Seen, Whole, days_of
from analysis.reference.instruments import Instrument
from analysis.reference.records import records

MOST_OF_A_SCALE, ENOUGH_TO_TELL = 7, 20
AGAINST = -3.3  # standard errors below nought: by chance in one item of two thousand


def _questionnaires(seen: Seen) -> Iterator[tuple[str, Instrument, pd.DataFrame]]:
    """Each extract with each instrument in it, and the answers as whole numbers."""
    for extract in seen.of_table("responses"):
        for name in extract.plan.items:
            yield extract.plan.name, extract.plan.scales[name], seen.answers(extract.plan.name, name)


def _answers_by_row(seen: Seen) -> Iterator[tuple[str, pd.DataFrame, pd.Series, pd.Series]]:
    """Each extract with one answer a row, its rows, and the lowest and the highest answer of each row's instrument."""
    for extract in seen.of_table("responses"):
        rows = seen.rows(extract.plan.name) if not extract.plan.items and extract.plan.scales else ()
        if len(rows):
            scales = extract.plan.scales.items()
            low, high = (rows["instrument"].map({name: float(getattr(scale, end)) for name, scale in scales})
                         for end in ("lowest", "highest"))
            yield extract.plan.name, rows, low.astype("float64"), high.astype("float64")


def out_of_scale(seen: Seen) -> Iterator[Bad]:
    """
    Rows with one answer that its instrument's scale does not have; of items with a column each, the suite tells.

    Numbers that stand for a missing answer are told by 'missing code declared'.
    """
    for _, rows, low, high in _answers_by_row(seen):
        given = rows["answer"].astype("float64")
        outside = (given < low) | (given > high)
        yield Bad(rows, "answer", outside & ~given.isin(records().missing_answers))


def missing_code(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'missing code declared'."""
    for _, rows, low, high in _answers_by_row(seen):
        given = rows["answer"].astype("float64")
        yield Bad(rows, "answer", ((given < low) | (given > high)) & given.isin(records().missing_answers))
    for extract, scale, answers in _questionnaires(seen):
        codes = [code for code in records().missing_answers if not scale.lowest <= code <= scale.highest]
        for item in answers:
            yield Bad(seen.rows(extract), item, answers[item].isin(codes))


def other_version(seen: Seen) -> Iterator[Bad]:
    """
    A version is read where it says its levels, as EuroQol does: 3L, 5L. Of several questionnaires in one extract nobody
    says whose version it is: it must be that of one of them.
    """
    for extract in seen.of_table("responses"):
        name, scales = extract.plan.name, list(extract.plan.scales.values())
        if extract.plan.column("version") and scales:
            rows = seen.rows(name)
            levels = pd.to_numeric(rows["version"].str.extract(r"([0-9]+)\s*-?\s*(?:[Ll]\b|levels?)", expand=False))
            yield Bad(rows, "version", levels.notna() & ~levels.isin(
                [scale.highest - scale.lowest + 1 for scale in scales]))


def half_a_scale(seen: Seen) -> Iterator[Whole]:
    """Rows that break the rule 'whole scale used'."""
    for extract, scale, answers in _questionnaires(seen):
        given = answers.dropna(how="all")
        if scale.highest - scale.lowest == 4 and len(given) >= ENOUGH_TO_TELL:
            yield Whole(extract, answers.columns[0], bool(given.max().max() < scale.highest - 1))
    for extract, rows, low, high in _answers_by_row(seen):
        told = rows[(high - low).eq(4) & rows["answer"].notna()].assign(top=high)
        sent = told.drop_duplicates(["patient_id", "instrument", "timepoint"]).groupby("instrument").size()
        most = (told["answer"].astype("float64") - told["top"]).groupby(told["instrument"]).max()
        if (enough := sent[sent.ge(ENOUGH_TO_TELL)].index).size:
            yield Whole(extract, "answer", bool(most[enough].lt(-1).any()))


def against_the_others(seen: Seen) -> Iterator[Whole]:
    """
    An item whose correlation with the sum of the others is below nought by more than chance (Fisher's z, AGAINST).

    Items that an instrument turns round are turned first: one that a sheet holds turned already runs against the rest.
    """
    for extract, scale, answers in _questionnaires(seen):
        inside = answers.where(answers.ge(scale.lowest) & answers.le(scale.highest)).dropna().astype("float64")
        if len(scale.items) < 3 or len(inside) < ENOUGH_TO_TELL:
            continue
        for item, number in zip(answers, scale.items, strict=True):
            if number in scale.reversed:
                inside[item] = scale.lowest + scale.highest - inside[item]
        for item in inside:
            others = inside.drop(columns=item).sum(axis=1)
            yield Whole(extract, item, _against(inside[item].to_numpy(), others.to_numpy()))


def _against(item: np.ndarray, others: np.ndarray) -> bool:
    if not item.std() or not others.std():
        return False
    r = float(np.corrcoef(item, others)[0, 1])
    return bool(np.arctanh(np.clip(r, -1 + 1e-12, 1 - 1e-12)) * np.sqrt(len(item) - 3) < AGAINST)


def total_alone(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'total with its items'."""
    for extract, _, answers, rows in _totals(seen):
        yield Bad(rows, "total", rows["total"].notna() & answers.isna().all(axis=1) & (rows["extract"] == extract))


def other_total(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'total is that of the items'."""
    for _, scale, answers, rows in _totals(seen):
        whole = answers.notna().all(axis=1) & rows["total"].notna()
        score = pd.Series({place: _score(scale, row) for place, row in answers[whole].iterrows()}, dtype="float64")
        off = (rows["total"] - score.reindex(rows.index)).abs() > 0.5 * 10.0 ** -scale.digits + 1e-9
        # A sheet may hold the plain sum of an instrument that is scored by a mean or a table.
        yield Bad(rows, "total", whole & off & (rows["total"] != answers.sum(axis=1)))


def _totals(seen: Seen) -> Iterator[tuple[str, Instrument, pd.DataFrame, pd.DataFrame]]:
    """
    Where an extract holds one instrument and its total: of two, nobody could tell whose total it is. An index is no
    total of the answers, and which one was meant depends on a value set.
    """
    for extract, scale, answers in _questionnaires(seen):
        plan = seen.delivered[extract].plan
        if plan.column("total") and len(plan.items) == 1 and scale.score != "index":
            yield extract, scale, answers, seen.rows(extract)


def _score(scale: Instrument, answers: pd.Series) -> float:
    turned = [scale.lowest + scale.highest - int(answer) if item in scale.reversed else int(answer)
              for item, answer in zip(scale.items, answers, strict=True)]
    if scale.score == "mean":
        return sum(turned) / len(turned)
    place = sum(turned) - len(turned) * scale.lowest
    converted = scale.score == "conversion" and 0 <= place < len(scale.conversion)
    return scale.conversion[place] if converted else sum(turned)


def all_alike(seen: Seen) -> Iterator[Bad]:
    """At an end of the scale all may be meant: nothing at all, every day. In the middle it is seldom."""
    for extract, scale, answers in _questionnaires(seen):
        if answers.shape[1] >= MOST_OF_A_SCALE:
            one = answers.notna().all(axis=1) & answers.nunique(axis=1).eq(1)
            step = answers.iloc[:, 0]
            yield Bad(seen.rows(extract), answers.columns[0],
                      one & step.gt(scale.lowest).fillna(False) & step.lt(scale.highest).fillna(False))


def wrong_order(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'time points in order'."""
    rows = seen.table("responses", "patient_id", "date")
    weeks = seen.setting.weeks
    if rows is None or "timepoint" not in rows or rows["timepoint"].nunique() < 2:
        return
    known = rows.assign(place=rows["timepoint"].map(weeks).astype("float64"))
    broken = pd.Series(False, index=rows.index)
    for earlier, later in itertools.combinations(sorted(known["place"].dropna().unique()), 2):
        first = known[known["place"] == earlier].groupby("patient_id")["date"].max()
        broken |= (known["place"] == later) & (known["date"] < days_of(known["patient_id"], first))
    yield Bad(rows, "date", broken)


def outside_window(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'answered in its window'."""
    rows, episodes = seen.table("responses", "patient_id", "date"), seen.table("episodes", "patient_id", "started_on")
    if rows is None or episodes is None or "timepoint" not in rows or not seen.setting.weeks:
        return
    unknown = episodes.loc[episodes["started_on"].isna(), "patient_id"]
    known = episodes[~episodes["patient_id"].isin(unknown)]
    started = days_of(rows["patient_id"], known.groupby("patient_id")["started_on"].min())
    due = started + pd.to_timedelta(rows["timepoint"].map(seen.setting.weeks).astype("float64") * 7, unit="D")
    yield Bad(rows, "date", (rows["date"] - due).abs() > pd.Timedelta(days=seen.days("answered in its window")))


def not_due(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'time point that was due'."""
    due = seen.table("timepoints", "patient_id", "timepoint")
    for extract, scale, answers in _questionnaires(seen) if due is not None else ():
        rows = seen.rows(extract)
        listed = due if "instrument" not in due else due[due["instrument"] == scale.name]
        known = set(zip(listed["patient_id"], listed["timepoint"], strict=True))
        there = pd.Series([pair in known for pair in zip(rows["patient_id"], rows["timepoint"], strict=True)],
                          index=rows.index, dtype=bool)
        yield Bad(rows, answers.columns[0], ~there & answers.notna().any(axis=1))


def by_another(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'answered by the person'."""
    rows = seen.table("responses", "completed_by")
    if rows is not None:
        yield Bad(rows, "completed_by", rows["completed_by"] == "somebody else")


BREAKS = {
    "in range": out_of_scale,
    "missing code declared": missing_code, "version fits the answers": other_version, "whole scale used": half_a_scale,
    "item runs with the others": against_the_others, "total with its items": total_alone,
    "total is that of the items": other_total, "answers differ": all_alike, "time points in order": wrong_order,
    "answered in its window": outside_window, "time point that was due": not_due,
    "answered by the person": by_another}

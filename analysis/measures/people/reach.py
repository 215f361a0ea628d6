"""Reach: counts that came as counts, and people at each step, in; shares of the step before, by group, out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.measures.cells import Cells
from analysis.measures.people.characteristics import NOT_RECORDED, Characteristic
from analysis.measures.people.flow import conserves, last_responses, never_invited
from analysis.measures.summary import About, Summary
from analysis.measures.words import capitalised, day_in_words

TOGETHER = "All sites, as delivered"
KINDS = ("list size", "eligible", "staff in role")
NAMES = {"list size": "People on the list", "eligible": "Eligible people", "staff in role": "Staff in role"}
STEPS = {"list size": "On the list", "eligible": "Eligible"}  # the steps that come as counts, in order
EVERYBODY = "Everybody"
EQUALITY_ACT = ("Of the nine protected characteristics of the Equality Act 2010 these records can hold age, sex, "
                "disability, and race as ethnicity; deprivation is none of them, and stands beside them.")


def latest(aggregates: pd.DataFrame) -> pd.DataFrame:
    """Of two counts of one thing the later by date; of two without one, the later row."""
    dated = aggregates.sort_values("date", kind="stable", na_position="first")
    return dated.drop_duplicates(["site", "what", "by"], keep="last")


def aggregate_counts(aggregates: pd.DataFrame, sites: Mapping[str, str]) -> Summary:
    """
    List size, eligible people by group and staff in role, by site, as they were delivered.

    Of two counts of one thing the later by date holds. Nothing is summed: a count for all sites is shown where it came
    as one, since people may be eligible at two and staff may work in both. Whoever counted is trusted.
    """
    cells = Cells("counts delivered")
    last = latest(aggregates)
    columns = {**sites, None: TOGETHER}
    for what in KINDS:
        rows = last[last["what"].eq(what)]
        for by in sorted(rows["by"].fillna("").unique()):
            mine = rows[rows["by"].fillna("").eq(by)]
            entries: dict[str, tuple[str, dict[str, str]]] = {}
            for site, heading in columns.items():
                here = mine[mine["site"].isna() if site is None else mine["site"].eq(site)]
                if here.empty:
                    continue
                n = int(here["count"].iloc[0])
                entries[heading] = ("{n}", {"n": cells.count(
                    n, population="service providers" if what == "staff in role" else "invited", what=what,
                    by=by or "all", site=site or "all", name=f"{what} {by} {site or 'all'}".replace(" ", "_"))})
            days = mine["date"].dropna()
            entries["As of"] = (day_in_words(days.max()) if len(days) else "date not recorded", {})
            cells.row(capitalised(by or "all"), entries, section=NAMES[what])
    return cells.summary("Counts delivered as counts", About(
        "the sites' own lists", "none: counts", "what a site did not deliver is empty"),
        notes=("As delivered: these were counted by whoever keeps the list and cannot be checked here.",), stub="Group",
        columns=(*sites.values(), TOGETHER, "As of"))


def counted(aggregates: pd.DataFrame, what: str, sites: Collection[str], by: str | None = None) -> dict[str, int]:
    """
    Site -> count of a kind and group; 'all' -> the count for all sites, which goes before those of each.

    Empty where a site did not deliver it: a sum over some of the sites would be taken for one over all of them.
    """
    last = latest(aggregates)
    rows = last[last["what"].eq(what) & (last["by"].isna() if by is None else last["by"].eq(by))]
    whole = rows[rows["site"].isna()]
    if len(whole):
        return {"all": int(whole["count"].iloc[0])}
    found = {site: int(n) for site, n in zip(rows["site"], rows["count"], strict=True) if site in sites}
    return found if set(found) == set(sites) else {}


def reach(known: Sequence[Characteristic], referrals: pd.DataFrame, *, returned: Collection[str] | None = None,
          label: str = "", delivered: Mapping[tuple[str, str, str], Mapping[str, int]] | None = None,
          everybody: Mapping[str, str] | None = None, not_collected: Sequence[str] = ()) -> Summary:
    """
    From eligible, where that was delivered, to invited, enrolled and returned, for everybody and for each group.

    Each step is a share of the one before, named in the heading. `known` are characteristics with levels; `delivered`
    has (step of STEPS, title, level) -> site -> count, with title and level EVERYBODY and '' for all; where these did
    not come, `everybody` has step -> the title whose groups are everybody together. `returned` are the people who
    returned a questionnaire at the time point `label`, None where the service has none. Counts of several sites or
    groups are summed: somebody eligible at two is counted at both. Whoever has nothing recorded is a row, and the rows
    of a characteristic conserve (ValueError). `not_collected` are characteristics that no extract brings.
    """
    cells, delivered = Cells("reach"), delivered or {}
    last = last_responses(referrals)
    last = last[~never_invited(last)].set_index("patient_id")["response"]
    enrolled = last.index[last.eq("enrolled")]
    people = {"invited": last.index, "enrolled": enrolled}
    if returned is not None:
        people["returned"] = enrolled.intersection(pd.Index(list(returned)))
    heads = _headings([step for step in STEPS if any(one == step for one, *_ in delivered)], list(people), label)

    rows = _Rows(cells, heads, delivered, everybody or {})
    rows.row(EVERYBODY, "", people)
    for one in known:
        told = one.values.reindex(last.index).astype(object)
        told = told.where(told.isin(one.levels), NOT_RECORDED)
        groups = {level: {step: who[told.reindex(who).eq(level).to_numpy()] for step, who in people.items()}
                  for level in (*one.levels, NOT_RECORDED)}
        for step, who in people.items():
            conserves(len(who), sum(len(group[step]) for group in groups.values()), f"{step}, {one.key}")
        for level, who in groups.items():
            rows.row(one.title, level, who, section=one.title, optional=True)
    for title in not_collected:
        cells.row("Not collected", {}, section=title)
    return cells.summary("Whom the service reached, step by step", About(
        "people invited", "of each share, the step before it, as the heading says", "a row of its own"),
        notes=(*(("Counts of those on a list or eligible are as delivered, and where sites are summed, somebody at two "
                  "counts twice.",) if delivered else ()), EQUALITY_ACT), stub="Group", columns=tuple(heads.values()))


@dataclass(frozen=True)
class _Rows:
    """What every row of `reach` is made from: the cells, step -> heading, and what was delivered as counts."""

    cells: Cells
    heads: Mapping[str, str]
    delivered: Mapping[tuple[str, str, str], Mapping[str, int]]
    everybody: Mapping[str, str]

    def row(self, title: str, level: str, who: Mapping[str, pd.Index], *, section: str = "",
            optional: bool = False) -> None:
        """A row of everybody or of one group: each step, and its share of the one before where that is known."""
        entries: dict[str, tuple[str, dict[str, str]]] = {}
        before = ""
        for step, heading in self.heads.items():
            name = f"{_slug(level or 'everybody')}_{step.replace(' ', '_')}"
            cell = self._step(step, title, level, who, name)
            if cell:
                share = {"share": self.cells.share(cell, before, name=f"{name}_share")} if before else {}
                entries[heading] = ("{n} ({share})" if share else "{n}", {"n": cell, **share})
            before = cell
        self.cells.row(capitalised(level) or EVERYBODY, entries, section=section, optional=optional)

    def _step(self, step: str, title: str, level: str, who: Mapping[str, pd.Index], name: str) -> str:
        """The id of how many came to the step; nothing where that was not delivered."""
        group = {"group": title, "level": level or EVERYBODY}
        if step in STEPS:
            of = self.everybody.get(step) if title == EVERYBODY else None
            found = ({key[1:]: counts for key, counts in self.delivered.items() if key[:2] == (step, of)} if of else
                     {(title, level or EVERYBODY): self.delivered.get((step, title, level), {})})
            return _sum(self.cells, found, step, name, group)
        if title == EVERYBODY and step in ("invited", "enrolled"):
            return self.cells.people(step, len(who[step]), name)
        return self.cells.count(len(who[step]), step, population="invited" if step == "invited" else "enrolled",
                                name=name, **group)


def _headings(steps: Sequence[str], people: Sequence[str], label: str) -> dict[str, str]:
    """Step -> the heading of its column, which names the denominator of its share."""
    words = {**STEPS, "invited": "Invited", "enrolled": "Enrolled", "returned": f"Returned, {label.lower()}"}
    of = {"list size": "on the list", "eligible": "eligible", "invited": "invited", "enrolled": "enrolled"}
    order = [*steps, *people]
    return {step: words[step] + (f" (% of {of[order[at - 1]]})" if at else "") for at, step in enumerate(order)}


def _sum(cells: Cells, found: Mapping[tuple[str, str], Mapping[str, int]], step: str, name: str,
         group: Mapping[str, str]) -> str:
    """The count as it came, or the sum of those of sites, and of groups; nothing where it was not delivered."""
    one = sum(len(counts) for counts in found.values()) == 1
    parts = [cells.count(n, step, population="invited", name=name if one else "", site=site, group=title, level=level)
             for (title, level), counts in found.items() for site, n in counts.items()]
    return cells.total(parts, step, population="invited", name=name, **group) if len(parts) > 1 else "".join(parts)


def _slug(words: str) -> str:
    return "_".join("".join(c if c.isalnum() else " " for c in words.lower()).split())

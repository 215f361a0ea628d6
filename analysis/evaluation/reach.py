"""Settings and tables in; whom the service reached, and how far it was delivered as planned, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from analysis.errors import suggestion
from analysis.evaluation.described import Described
from analysis.measures.summary import Summary

if TYPE_CHECKING:
    import pandas as pd

    from analysis.measures.people.characteristics import Characteristic

# Protected characteristics that a record can hold, and deprivation -> how each is called where it is not collected.
EQUALITY = {"age": "Age", "sex": "Sex", "ethnicity": "Ethnicity", "disability": "Disability",
            "imd_decile": "Deprivation of home area (IMD decile)"}


class Reach(Described):
    """Of one study: whom the service reached, by which sites and staff, and how far it was delivered as planned."""

    def aggregate_counts(self) -> Summary:
        from analysis.measures.people.reach import aggregate_counts

        return aggregate_counts(self.tables["aggregates"], self.sites)

    def reach(self) -> Summary:
        from analysis.measures.people.reach import reach

        known = self._known({one: ("bands" if one in ("age", "imd_decile") else "levels",)
                             for one in EQUALITY if self._brings(one)})
        delivered, everybody = self._counted(known)
        return reach(known, self._approaches, returned=self._completed, label=self._last_label,
                     delivered=delivered, everybody=everybody,
                     not_collected=[title for one, title in EQUALITY.items() if not self._brings(one)])

    def adoption(self) -> Summary:
        from analysis.measures.people.adoption import adoption

        named = self.study.collects("contacts") and "worker" in self._delivered("contacts")
        return adoption(self.tables["patients"], self._approaches, self.sites, returned=self._completed,
                        label=self._last_label, staff=self._staff(), workers=self._workers(),
                        contacts=self.tables["contacts"] if named else None)

    def fidelity(self) -> Summary:
        from analysis.measures.people.fidelity import fidelity

        planned = self.study["fidelity"]
        for name in planned.get("interventions", ()):
            known = self._codes("interventions", "intervention")
            if name not in known:
                raise self.study.definition.mistake(
                    f"'{name}' is planned, and no extract knows such an intervention", "fidelity", "interventions",
                    remedy=suggestion(name, known, f"known: {', '.join(known) or 'none'}"))
        return fidelity(planned, self.tables["episodes"], quantile_rule=self.study.quantile_rule,
                        contacts=self.tables["contacts"] if self.study.collects("contacts") else None,
                        interventions=self.tables["interventions"] if self.study.collects("interventions") else None)

    @property
    def _completed(self) -> pd.Index | None:
        """Who returned a questionnaire at the last time point; None where the service has none."""
        if not self._due:
            return None
        outcomes = self._outcomes_at(list(self._due)[-1])
        return outcomes.index[outcomes.eq("returned")]

    @property
    def _last_label(self) -> str:
        return list(self._due.values())[-1] if self._due else ""

    def _groups(self, what: str) -> list[str]:
        """The groups that counts of a kind were delivered for, in the definition's order of codes."""
        found = set(self.tables["aggregates"].loc[lambda rows: rows["what"].eq(what), "by"].dropna())
        return [by for by in self._codes("aggregates", "by") if by in found]

    def _staff(self) -> Mapping[str, Mapping[str, int]]:
        from analysis.measures.people.reach import counted

        if not self.study.collects("aggregates"):
            return {}
        counts = {group: counted(self.tables["aggregates"], "staff in role", self.sites, group)
                  for group in self._groups("staff in role")}
        return {group: found for group, found in counts.items() if found}

    def _workers(self) -> str:
        """The group of staff that the workers of the contacts are, as the definition says; Mistake for one unknown."""
        said = self.study["reach"].get("workers", "")
        known = self._codes("aggregates", "by")
        if said and said not in known:
            raise self.study.definition.mistake(f"no count of staff is of '{said}'", "reach", "workers",
                                                remedy=f"one of: {', '.join(known) or 'no aggregates are delivered'}")
        return said

    def _counted(self, known: Sequence[Characteristic]) -> tuple[dict[tuple[str, str, str], dict[str, int]],
                                                                 dict[str, str]]:
        """
        What was counted on lists: (step, title, level) -> site -> count; step -> whose groups are everybody.

        A group is a level of a characteristic where it has its name, or where `[reach.groups]` says so. Everybody is
        the count without a group, or the groups of one characteristic where only these came, all from the same sites.
        """
        from analysis.measures.people.reach import EVERYBODY, STEPS, counted

        if not self.study.collects("aggregates"):
            return {}, {}
        found: dict[tuple[str, str, str], dict[str, int]] = {}
        everybody: dict[str, str] = {}
        for step in STEPS:
            groups: dict[str, dict[str, dict[str, int]]] = {}
            for by in self._groups(step):
                if place := self._level(by, known):
                    counts = counted(self.tables["aggregates"], step, self.sites, by)
                    groups.setdefault(place[0], {})[place[1]] = counts
            found |= {(step, title, level): counts for title, levels in groups.items()
                      for level, counts in levels.items() if counts}
            if whole := counted(self.tables["aggregates"], step, self.sites):
                found[step, EVERYBODY, ""] = whole
            elif title := next((title for title, levels in groups.items() if all(levels.values())
                                and len({frozenset(counts) for counts in levels.values()}) == 1), ""):
                everybody[step] = title
        return found, everybody

    def _level(self, by: str, known: Sequence[Characteristic]) -> tuple[str, str] | None:
        """The title and level that a delivered group is of; Mistake where `[reach.groups]` says what there is not."""
        said = self.study["reach"].get("groups", {}).get(by)
        if said is None:
            return next(((one.title, by) for one in known if by in one.levels), None)
        (name, level), titles = next(iter(said.items())), {one.title: one for one in known}
        one = titles.get(EQUALITY.get(name, ""))
        if one is None or level not in one.levels:
            raise self.study.definition.mistake(
                f"the group '{by}' is said to be '{level}' of '{name}'", "reach", "groups", by,
                remedy=f"'{name}' has: {', '.join(one.levels)}" if one else
                f"one of the characteristics that are delivered: {', '.join(n for n in EQUALITY if self._brings(n))}")
        return one.title, level

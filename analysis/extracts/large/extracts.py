"""The extracts of a study that are too large to hold: read, validated, tidied and written as the others are."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.extracts.checks.expectations import Expectations, Validation
from analysis.extracts.consents.withhold import site_of_rows, without_sites
from analysis.extracts.people import people_of_rows
from analysis.extracts.plan import ExtractPlan
from analysis.extracts.read import Delivered
from analysis.extracts.tidy import ROWS, reasons_of, tidied, tidy
from analysis.extracts.typed import complete

if TYPE_CHECKING:
    from analysis.extracts.consents.consent import Consented
    from analysis.extracts.large.checking import LargeValidation
    from analysis.extracts.large.database import Database
    from analysis.extracts.large.stored import Stored
    from analysis.extracts.large.tables import LargeTable


@dataclass
class LargeExtracts:
    """
    What the road does with extracts of more bytes than `most`, through a database in the folder `aside`; `meanwhile`
    is begun when the first one is read, which waits for files and for other cores.

    A study without any has none: no database is opened. The folder holds rows; it is taken away at the end.
    """

    aside: Path
    most: int
    meanwhile: Callable[[], None] = lambda: None
    order: Sequence[str] = ()  # of all extracts, as the definition has them
    stored: dict[str, Stored] = field(default_factory=dict)
    validated: dict[str, LargeValidation] = field(default_factory=dict)
    _decided: dict[str, dict[int, int]] = field(default_factory=dict)
    _database: Database | None = None

    def __enter__(self) -> LargeExtracts:
        return self

    def __exit__(self, *_) -> None:
        if self._database:
            self._database.close()
            shutil.rmtree(self.aside, ignore_errors=True)

    def takes(self, plan: ExtractPlan, plans: Sequence[ExtractPlan], folder: Path) -> bool:
        """Reads the extract if it is too large to hold; whether it was."""
        from analysis.extracts.large.storing import stored, too_large

        if not too_large(plan, plans, folder, self.most):
            return False
        if self._database is None:
            from analysis.extracts.large.database import Database

            shutil.rmtree(self.aside, ignore_errors=True)
            self.aside.mkdir(parents=True)
            self._database = Database(self.aside)
            self.meanwhile()
        self.stored[plan.name] = stored(plan, folder, self.aside, self._database)
        return True

    def with_rows_of_the_decided(self, delivered: Mapping[str, Delivered]) -> dict[str, Delivered]:
        """The extracts that are held, and of the large ones the rows of people who withdrew or opted out."""
        if not self.stored:
            return dict(delivered)
        from analysis.extracts.consents.decisions import OPT_OUT, column_of, decisions

        said = decisions(delivered)
        decided = set(said.standing.loc[
            said.standing["status"].eq("withdrawn") | said.standing["kind"].eq(OPT_OUT), "who"])
        for extract in delivered.values():
            if extract.plan.table.name == "patients":
                opted = column_of(extract, "opted_out", delivered).eq("yes")
                decided |= set(people_of_rows(extract, delivered)[opted].dropna())
        found = dict(delivered)
        for name, stored in self.stored.items():
            cells = stored.cells(stored.person if decided else (), lambda held, name=name: people_of_rows(
                held, {**delivered, name: held}).map(said.people.one, na_action="ignore").isin(decided))
            found[name], self._decided[name] = stored.read(stored.holds(stored.person, cells))
        return {name: found[name] for name in self.order}

    def consented(self, left: Consented) -> dict[str, Delivered]:
        """The held extracts as consent left them. From here on, the large ones are without the rows that it took."""
        for name, stored in self.stored.items():
            at = list(self._decided[name])
            gone = left.taken.loc[left.taken["extract"] == name, "position"]
            self.stored[name] = stored.without_rows([at[position] for position in gone])
        return {name: extract for name, extract in left.delivered.items() if name not in self.stored}

    def validate(self, validation: Validation, delivered: Mapping[str, Delivered]) -> Validation:
        """The validation of the extracts that are held, with that of the large ones, in the order of the definition."""
        if not self.stored:
            return validation
        from analysis.extracts.large.checking import validate_large

        self.validated = validate_large(self.stored, delivered, Expectations(), self.order)
        found = [validation, *self.validated.values()]
        return Validation(_in_order([one.faults for one in found], self.order),
                          _in_order([one.checks for one in found], self.order))

    @property
    def named(self) -> dict[str, Delivered]:
        """Of each large extract, the rows that the log names."""
        return {name: one.named for name, one in self.validated.items()}

    def leave_out(self, sites: Collection[str], delivered: Mapping[str, Delivered], by: str) -> None:
        """From here on, the large extracts are without the rows of these sites."""
        named = without_sites({**delivered, **self.named}, sites, by)
        for name, stored in self.stored.items():
            self.validated[name] = replace(self.validated[name], named=named[name])
            own = (by,) if by in stored.columns else stored.person
            cells = stored.cells(own, lambda held, name=name: site_of_rows(
                name, {**delivered, name: held}, by).isin(list(sites)))
            self.stored[name] = stored.without(stored.holds(own, cells))

    def tidy(self, delivered: Mapping[str, Delivered], faults: pd.DataFrame, checks: pd.DataFrame,
             ) -> tuple[dict[str, pd.DataFrame], dict[str, LargeTable], pd.DataFrame]:
        """The canonical tables that are held, those that are not, and the balance of rows of every extract."""
        if not self.stored:
            tables, rows = tidy(delivered, faults, checks)
            return tables, {}, rows
        parts: dict[str, list] = {}
        balance: list[list] = []
        for name in self.order:
            if name in delivered:
                frame, rows = tidied(delivered[name], delivered, faults, checks)
                table = delivered[name].plan.table.name
            else:
                from analysis.extracts.large.tables import balance_of_rows, large_part

                table, left_out = self.stored[name].plan.table.name, self.validated[name].excluded
                frame = large_part(self.stored[name], delivered, left_out)
                rows = balance_of_rows(frame, delivered, reasons_of(name, checks))
            parts.setdefault(table, []).append(frame)
            balance += rows
        large = {self.stored[name].plan.table.name for name in self.stored}
        tables = {name: complete(name, frames) for name, frames in parts.items() if name not in {*large, "identifiers"}}
        return tables, {name: self._table(name, parts[name]) for name in large}, pd.DataFrame(balance, columns=ROWS)

    def unchecked(self, delivered: Mapping[str, Delivered]) -> dict[str, LargeTable]:
        """The large extracts' tables, nothing checked and nothing left out: what the bench times by itself."""
        from analysis.extracts.large.tables import large_part

        return {stored.plan.table.name: self._table(stored.plan.table.name, [large_part(stored, delivered)])
                for stored in self.stored.values()}

    def _table(self, name: str, parts: list) -> LargeTable:
        from analysis.extracts.large.tables import large_table

        return large_table(name, self._database, parts)


def _in_order(frames: list[pd.DataFrame], order: Sequence[str]) -> pd.DataFrame:
    """Lines about extracts as one frame, in the order of the extracts in the definition."""
    one = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    return one.sort_values("extract", key=lambda names: names.map(list(order).index), kind="stable", ignore_index=True)

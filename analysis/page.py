"""Page: opens study, tables and plan for one notebook, releases what measures return, lets nothing else be shown."""

from __future__ import annotations

import hashlib
import json
import os
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from analysis import reads
from analysis.approach import COUNTS, verdicts
from analysis.errors import Leak, Mistake, suggestion
from analysis.evaluation import Evaluation
from analysis.evaluation.quotations import Candidates
from analysis.measures.summary import Summary
from analysis.present.shown import Shown
from analysis.protect.profile import Profiles, profile
from analysis.protect.quotes import Quotations, quoted
from analysis.protect.registry import Registry
from analysis.protect.released import Released, release
from analysis.sites import rows_of
from analysis.study import Study, open_study, project_root

if TYPE_CHECKING:
    import pyarrow as pa

Tier = Literal["release", "working"]


class Page:
    """
    What a notebook works with.

    `page["contacts"]` is a canonical table (the site's rows only, where a site is asked for); `page.measures` calls the
    measures with the study's settings; `page.release(summary)` puts one through disclosure control and registers its
    cells. Writes only its registry, under .build/.
    """

    def __init__(self, name: str, *, study: str, site: str = "all", tier: Tier = "release"):
        self.name, self.site, self.tier = name, site, tier
        root = project_root()
        reads.listen(root / "pipelines" / "studies" / study, Path(__file__).parent / "reference")
        self.study: Study = open_study(study, root)
        if tier not in ("release", "working"):
            raise Mistake(f"there is no tier '{tier}'", remedy="release or working")
        if site != "all" and site not in self.study.sites:
            raise Mistake(f"'{study}' has no site '{site}'",
                          remedy=suggestion(site, self.study.sites,
                                            always=f"known: all, {', '.join(self.study.sites)}"))
        self.profiles = Profiles({p: profile("none" if tier == "working" else n)
                                  for p, n in self.study.profile_names.items()})
        folder = Path(os.environ.get("SERVICE_EVALUATION_PAGES", self.study.build / "notebooks"))
        self._registry = Registry(name, folder / f"{name}.registry.json", self._read, tier)
        self._plan = frozenset(_plan(self.study))
        self._tables: dict[str, pd.DataFrame] = {}
        self._in_parts: set[str] = set()
        self.measures = Evaluation(self.study, self, _sites(self.study, site))
        self._registry.write()  # a page that shows nothing has one too
        _seed(name, study, site)
        _guard(self)

    def __getitem__(self, table: str) -> pd.DataFrame:
        """A canonical table as a frame. Raises Mistake where the study does not deliver it."""
        if table not in self._tables:
            self._tables[table] = rows_of(table, pd.read_parquet(self._path(table)), self.site,
                                          self.study["sites"].get("by", ""), self.__getitem__)
        return self._tables[table].copy()

    def batches(self, table: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """
        Columns of a table about patients, a million rows at a time and its words coded: for what is too large to hold.

        The site's rows only, where a site is asked for.
        """
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        path = self._path(table)
        self._in_parts.add(table)
        file = pq.ParquetFile(path, read_dictionary=list(columns))
        for batch in file.iter_batches(1_000_000, columns=list(columns)):
            if self.site != "all":
                whose = batch.column("patient_id").cast("string")
                batch = batch.filter(pc.is_in(whose, pa.array(self["patients"]["patient_id"], "string")))
            yield batch

    def _path(self, table: str) -> Path:
        path = self.study.build / "tidy" / f"{table}.parquet"
        if not path.is_file():
            there = sorted(p.stem for p in path.parent.glob("*.parquet"))
            raise Mistake(f"there is no tidy table '{table}' for {self.study.name}",
                          remedy=f"run make validate STUDY={self.study.name} first; "
                                 f"there are: {', '.join(there) or 'none'}")
        return path

    def release(self, summary: Summary) -> Released:
        """The summary after disclosure control, its cells registered for the audit of the whole report."""
        if summary.cells and not summary.record:  # a listing in words measures nothing
            summary = summary.with_about(prespecified=self.study.prespecified(summary.measure))
        if summary.working and self.tier == "release":
            summary = summary.kept_back
        released = release(summary, self.profiles, plan=self._plan, rounding=self.study.rounding)
        self._registry.add(summary, released)
        return released

    def quote(self, candidates: Candidates) -> Quotations:
        """Which of the signed quotations may be shown, beside counts where the approach has any; all registered."""
        counts = self.release(self.measures.theme_counts()) if verdicts(self.study)[COUNTS].shown else None
        quotations = quoted(candidates, beside=counts, working=self.tier == "working", of_site=self.site != "all")
        self._registry.quoted(quotations)
        return quotations

    def _showed(self, shown: Shown) -> None:
        self._registry.showed(shown.content)

    def _read(self) -> dict[str, list[str]]:
        """What this page has read so far: when one of these changes, the page must run again."""
        return {"tables": sorted({*self._tables, *self._in_parts}), "sections": reads.sections(),
                "files": [os.path.relpath(path, self.study.root) for path in reads.files()]}


def _sites(study: Study, site: str) -> dict[str, str]:
    """The sites that this page has rows of: a row of the others would say nought of what is only not here."""
    path = study.build / "tidied.json"
    withheld = json.loads(path.read_text("utf-8")).get("withheld", {}) if path.is_file() else {}
    return {code: name for code, name in study.sites.items()
            if code == site or (site == "all" and code not in withheld)}


def _plan(study: Study) -> list[str]:
    """The cells that the audit asked to hide besides the small ones; none before it first ran."""
    path = study.build / "plan.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else []


def _seed(*page: str) -> None:
    """Random numbers of its own for each page, the same in every run and whichever way its kernel was started."""
    seed = int.from_bytes(hashlib.sha256("|".join(page).encode()).digest()[:4])
    random.seed(seed)
    np.random.seed(seed)


def _guard(page: Page) -> None:
    """In a notebook of the release tier, only `present`'s own types can be displayed."""
    try:
        from IPython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if shell is None:
        return
    from IPython.core.formatters import DisplayFormatter

    class Guard(DisplayFormatter):
        """Refuses whatever `present` did not make; tells the registry of what it did."""

        def format(self, obj, include=None, exclude=None):
            if isinstance(obj, Shown):
                page._showed(obj)
            elif page.tier == "release":
                raise Leak(f"this cell would display a {type(obj).__name__}, and a released page shows only what "
                           "present makes",
                           remedy="release a measure and show it: table(page.release(…)), a figure, or a sentence")
            return super().format(obj, include, exclude)

    shell.display_formatter = Guard(parent=shell)

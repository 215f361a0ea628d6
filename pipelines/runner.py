"""The graph from extracts to report: what changed is done again, the rest is left; pages run side by side."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from analysis.errors import BlockingFaults, Mistake
from analysis.study import Study
from pipelines import cache, needs, steps
from pipelines.keys import Keys
from pipelines.ledger import Ledger
from pipelines.pages import Order
from pipelines.parameters import checked, declared, from_words, read_notebook
from pipelines.progress import Progress


class Runner:
    """Runs one study's road in one tier, for all sites together and for those that are asked for besides."""

    def __init__(self, study: Study, *, tier: str = "release", sites: Sequence[str] = ("all",), jobs: int = 0,
                 timeout: int = 600, scheduler: str = "", workers: int | None = None):
        for site in sites:
            if site != "all" and site not in study.sites:
                raise Mistake(f"'{study.name}' has no site '{site}'", remedy=f"known: all, {', '.join(study.sites)}")
        self.study, self.tier, self.sites, self.timeout = study, tier, list(sites), timeout
        self.jobs = jobs or os.cpu_count() or 1
        self.progress = Progress()
        self.keys = Keys(study)
        self._cluster = {"scheduler": scheduler, "workers": workers or 0} if scheduler or workers is not None else {}

    # ---------------------------------------------------------------------------------------------- the verbs

    def validate(self) -> int:
        """Extracts checked and tidied, unless nothing that they depend on has changed."""
        if self._tidy():
            queries = self.keys.tidied().get("queries", 0)
            log = f".build/{self.study.name}/data_queries.csv"
            self.progress.say(f"{self.study.name}: extracts valid; {queries} data quer{'y' if queries == 1 else 'ies'} "
                              f"logged in {log}")
        else:
            self.progress.say(f"{self.study.name}: extracts unchanged since they were found valid")
        return 0

    def report(self, only: Sequence[str] = (), extra: Mapping[str, str] | None = None) -> int:
        """
        The whole road. Returns 0, or the exit code of what failed: other pages and sites go on.

        A site is published when all its pages are there. Where reports by site were asked for, a site whose own rows
        break a blocking rule is withheld, with a page that says why. With `only`, nothing is published.
        """
        orders = self._orders(only, extra or {})
        held = self._withheld()
        due = any(self.keys.is_due(order) for order in orders if order.site not in held)
        if not self.keys.tidy_is_due(self._by_site) and not due and self._is_published(orders, only):
            withheld = {site: rules for site, rules in held.items() if site in self.sites}
            self._say_withheld(withheld)
            self._say_notices(orders)
            self.progress.say(f"{self.study.name}: nothing has changed; the report is {self._where()}/index.html")
            return BlockingFaults.exit_code if withheld else 0
        ledger = Ledger((order.site, order.name) for order in orders)
        with self._executor() as executor:
            self._tidy(executor.prepare)
            withheld = {site: rules for site, rules in self._withheld().items() if site in self.sites}
            for order in orders:
                if order.site in withheld:
                    ledger.enter(order.site, order.name, "withheld", why=", ".join(withheld[order.site]))
            failures = self._make([order for order in orders if order.site not in withheld], ledger, executor)
        ledger.write(self.study.build / f"ledger-{self.tier}.json")
        self._write_times(orders, ledger)
        for failure in failures:
            self.progress.say(f"\n{failure}")
        if ledger.gaps:
            raise RuntimeError(f"nothing is known of {ledger.gaps}")
        whole = [site for site in self.sites if all(e["outcome"] in ("built", "unchanged") for e in ledger.of(site))]
        if (whole or withheld) and not only:
            self._publish({site: [o for o in orders if o.site == site] for site in whole}, withheld)
        return self._said(orders, failures, whole, withheld, only)

    def _said(self, orders: list[Order], failures: list[Mistake], whole: list[str], withheld: Mapping[str, list[str]],
              only: Sequence[str]) -> int:
        """Tells how the run ended. Returns its exit code."""
        self._say_withheld(withheld)
        self._say_notices(orders)
        if failures:
            left = [site for site in self.sites if site not in whole]
            said = ("nothing was published, the last report is as it was" if not whole
                    else f"not published: {', '.join(left)}")
            self.progress.say(f"\n{len(failures)} of {len(orders)} pages failed; {said}")
        elif not only:
            self.progress.say(f"{self.study.name}: {self._where()}/index.html")
        codes = [failure.exit_code for failure in failures] + [BlockingFaults.exit_code] * bool(withheld)
        return max(codes, default=0)

    def _say_withheld(self, withheld: Mapping[str, list[str]]) -> None:
        for site, rules in withheld.items():
            self.progress.say(f"withheld: {self.study.site_name(site)}, whose rows break: {', '.join(rules)}; "
                              f"see .build/{self.study.name}/data_queries.csv")

    def _say_notices(self, orders: Sequence[Order]) -> None:
        """What pages found that whoever runs the report must hear of: also of pages that did not have to run again."""
        for order in orders:
            for notice in cache.read_json(order.record).get("notices", []):
                self.progress.say(f"look at {order.label}: {notice}")

    def store_outputs(self) -> int:
        """The committed notebooks executed on their defaults, with their outputs stored in notebooks/."""
        from pipelines.executors import Local

        folder = self.study.build / "notebooks"
        orders = [Order(path, folder / path.name, {}, self.study.root, self.timeout)
                  for path in sorted((self.study.root / "notebooks").glob("*.ipynb"))]
        ledger = Ledger((order.site, order.name) for order in orders)
        with Local(self.jobs) as executor:
            self._tidy(executor.prepare)
            failures = self._make(orders, ledger, executor, report=False)
        for order in orders:
            if order.output.is_file() and not order.failed.exists():
                cache.write_text(order.notebook, order.output.read_text("utf-8"))
        for failure in failures:
            self.progress.say(f"\n{failure}")
        return max((failure.exit_code for failure in failures), default=0)

    # ---------------------------------------------------------------------------------------------- the graph

    def _tidy(self, meanwhile: Callable[[], object] | None = None) -> bool:
        """Brings the tidy tables up to date, in a process aside; whether anything had to be done."""
        if not self.keys.tidy_is_due(self._by_site):
            return False
        from pipelines.executors import aside

        # A run that stops at a fault leaves a query log that the next one must write again, even on the old extracts.
        (self.study.build / "tidied.json").unlink(missing_ok=True)
        with self.progress.step(f"checking and tidying the extracts of {self.study.name}"):
            result = aside(steps.check_and_tidy, self.study, self._by_site, meanwhile=meanwhile)
        self.keys.tidy_is_done(result)
        for line in result["consent"]:
            self.progress.say(f"consent: {line}")
        return True

    def _orders(self, only: Sequence[str], extra: Mapping[str, str]) -> list[Order]:
        """The pages to make, with their parameters checked before any kernel starts."""
        orders = []
        for site in self.sites:
            for name in only or needs.pages_of(self.study, site):
                path = self.study.root / "notebooks" / f"{name}.ipynb"
                notebook, file = read_notebook(path), f"{name}.ipynb"
                known = declared(notebook, file)
                given = {"study": self.study.name, "site": site, "tier": self.tier}
                for parameter in given:
                    if parameter not in known:
                        raise Mistake(f"the notebook lacks the parameter '{parameter}'", where=file,
                                      remedy=f'add to its parameters cell: {parameter}: str = "…"')
                parameters = checked(notebook, given, file) | from_words(notebook, extra, file)
                output = self.study.build / "pages" / f"{self.tier}-{site}" / file
                orders.append(Order(path, output, parameters, self.study.root, self.timeout,
                                    needs.without(self.study, notebook, name)))
        return orders

    def _make(self, orders: list[Order], ledger: Ledger, executor, *, report: bool = True) -> list[Mistake]:
        """The pages that are due, as they finish. Returns what failed; a page that fails stops no other."""
        due = [order for order in orders if not report or self.keys.is_due(order)]
        for order in orders:
            if order not in due:
                ledger.enter(order.site, order.name, "unchanged")
        contexts = self._contexts(orders) if report else dict.fromkeys(order.site for order in orders)
        failures: list[Mistake] = []
        for number, (order, result) in enumerate(executor.run(due, contexts), 1):
            if isinstance(result, Mistake):
                failures.append(result)
                ledger.enter(order.site, order.name, "failed", why=result.found.splitlines()[0])
                self.progress.say(f"[{number}/{len(due)}] {order.label}: failed")
                continue
            if report:
                self.keys.is_done(order, result)
            ledger.enter(order.site, order.name, "built", seconds=result["seconds"])
            self.progress.say(f"[{number}/{len(due)}] {order.label} {result['seconds']:.1f} s")
        return sorted(failures, key=lambda failure: failure.where)

    def _contexts(self, orders: list[Order]) -> dict:
        from pipelines.context import report_context

        return {site: report_context(self.study, [o.notebook for o in orders if o.site == site], self.tier, site,
                                     list(self._withheld())) for site in {order.site for order in orders}}

    @property
    def _by_site(self) -> bool:
        """Whether reports by site were asked for: then one site's faults need not stop the others."""
        return self.sites != ["all"]

    def _withheld(self) -> dict[str, list[str]]:
        """The sites that the tidy tables leave out, with the rules that their rows break."""
        return self.keys.tidied().get("withheld", {})

    def _executor(self):
        """Where pages run: on this machine's cores, or on the cluster that was asked for."""
        if self._cluster:
            from pipelines.cluster import Cluster

            return Cluster(self.keys, **self._cluster)
        from pipelines.executors import Local

        return Local(self.jobs)

    def _write_times(self, orders: list[Order], ledger: Ledger) -> None:
        """Times and memory of the run, which differ from run to run: they stay in .build/."""
        from pipelines.runs import write_times

        path = self.study.build / "run.html"
        write_times(path, self.study.title, orders, [entry for site in self.sites for entry in ledger.of(site)])
        self.progress.say(f"times and memory of each page: {path.relative_to(self.study.root).as_posix()}")

    # ---------------------------------------------------------------------------------------------- publishing

    def _publish(self, orders: Mapping[str, list[Order]], withheld: Mapping[str, list[str]]) -> None:
        """The sites' pages put into the report in one move; sites that were not asked for stay as they are."""
        began = time.monotonic()
        every = self._orders((), {})
        contexts = self._contexts(every)
        steps.publish(self._target(), {site: (contexts[site], of_site) for site, of_site in orders.items()},
                      {site: (contexts[site], rules) for site, rules in withheld.items()})
        published = cache.read_json(self._record()) | {
            site: self.keys.of_site([o for o in every if o.site == site]) for site in (*orders, *withheld)}
        cache.write_json(self._record(), published)
        self.keys.remember()
        pages = sum(map(len, orders.values()))
        self.progress.say(f"done publishing {pages} pages ({time.monotonic() - began:.1f} s)")

    def _is_published(self, orders: list[Order], only: Sequence[str]) -> bool:
        said = cache.read_json(self._record())
        return not only and all(
            said.get(site) == self.keys.of_site([o for o in orders if o.site == site])
            and (steps.folder_of(self._target(), site) / "index.html").is_file() for site in self.sites)

    def _record(self) -> Path:
        return self.study.build / f"published-{self.tier}.json"

    def _target(self) -> Path:
        return self.study.reports if self.tier == "release" else self.study.build / "working"

    def _where(self) -> str:
        target = self._target() if "all" in self.sites else steps.folder_of(self._target(), self.sites[0])
        return target.relative_to(self.study.root).as_posix()

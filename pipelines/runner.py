"""The graph from extracts to report: what changed is done again, the rest is left; pages run side by side."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from analysis.errors import Mistake, PageFailed
from analysis.study import Study
from pipelines import cache, steps
from pipelines.parameters import checked, declared, from_words, read_notebook
from pipelines.progress import Progress


class Runner:
    """Runs one study's road in one tier, for all sites together or for one."""

    def __init__(self, study: Study, *, tier: str = "release", site: str = "all", jobs: int = 0):
        if site != "all" and site not in study.sites:
            raise Mistake(f"'{study.name}' has no site '{site}'", remedy=f"known: all, {', '.join(study.sites)}")
        self.study, self.tier, self.site = study, tier, site
        self.jobs = jobs or os.cpu_count() or 1
        self.progress = Progress()
        self.pages_folder = study.build / "pages" / f"{tier}-{site}"
        self._known = cache.read_json(study.build / "hashes.json")

    # ---------------------------------------------------------------------------------------------- the verbs

    def validate(self) -> int:
        """Extracts checked and tidied, unless nothing that they depend on has changed."""
        if self._tidied():
            queries = sum(1 for _ in (self.study.build / "data_queries.csv").open(encoding="utf-8")) - 1
            log = f".build/{self.study.name}/data_queries.csv"
            self.progress.say(f"{self.study.name}: extracts valid; {queries} data quer{'y' if queries == 1 else 'ies'} logged in {log}")
        else:
            self.progress.say(f"{self.study.name}: extracts unchanged since they were found valid")
        return 0

    def report(self, only: list[str] | None = None, extra: Mapping[str, str] | None = None) -> int:
        """The whole road. Returns 0, or 1 where a page failed (others go on; then nothing is published)."""
        wanted = self._pages(only, extra or {})
        tidied = self._tidied()
        due = {name: parameters for name, parameters in wanted.items() if not self._is_done(name, parameters)}
        target = self.study.reports if self.tier == "release" else self.study.build / "working"
        published = self.study.build / f"published-{self.tier}.json"
        site_key = self._site_key(wanted)
        where = f"{target.relative_to(self.study.root)}/index.html"
        if not tidied and not due and cache.read_json(published).get("key") == site_key and (target / "index.html").is_file():
            self.progress.say(f"{self.study.name}: nothing has changed; the report is {where}")
            return 0
        failures = self._execute(due)
        if failures:
            for failure in failures:
                self.progress.say(f"\n{failure}")
            self.progress.say(f"\n{len(failures)} of {len(wanted)} pages failed; nothing was published, the last report is as it was")
            return max(failure.exit_code for failure in failures)
        if only:
            return 0
        with self.progress.step(f"publishing {len(wanted)} pages"):
            steps.publish(self.study, {name: self._output(name) for name in wanted}, self.tier, self.site)
            cache.write_json(published, {"key": site_key})
        self._remember()
        self.progress.say(f"{self.study.name}: {where}")
        return 0

    def store_outputs(self) -> int:
        """The committed notebooks executed on their defaults, with their outputs stored in notebooks/."""
        self._tidied()
        names = [path.stem for path in sorted((self.study.root / "notebooks").glob("[0-9]*.ipynb"))]
        folder = self.study.build / "notebooks"
        failures = self._execute({name: {} for name in names}, folder)
        for failure in failures:
            self.progress.say(f"\n{failure}")
        failed = {failure.where.removesuffix(".ipynb") for failure in failures}
        for name in names:
            if name not in failed:
                cache.write_text(self._notebook(name), (folder / f"{name}.ipynb").read_text("utf-8"))
        return max((failure.exit_code for failure in failures), default=0)

    # ---------------------------------------------------------------------------------------------- the graph

    def _tidied(self) -> bool:
        """Brings the tidy tables up to date; whether anything had to be done."""
        key = cache.key_of(extracts=self._hashes(self.study.raw, "*"), definition=self._definition(),
                           code=self._code("extracts", "interviews", "reference"), lock=self._lock())
        done = self.study.build / "tidied.json"
        if cache.read_json(done).get("key") == key and (self.study.build / "tidy").is_dir():
            return False
        with self.progress.step(f"checking and tidying the extracts of {self.study.name}"):
            queries = steps.check_and_tidy(self.study)
        cache.write_json(done, {"key": key, "queries": queries})
        self._remember()
        return True

    def _pages(self, only: list[str] | None, extra: Mapping[str, str]) -> dict[str, dict[str, object]]:
        """The pages to make with their checked parameters; before any kernel starts."""
        wanted = {}
        for name in only or self.study.pages:
            notebook = read_notebook(self._notebook(name))
            known = declared(notebook, f"{name}.ipynb")
            given = {"study": self.study.name, "site": self.site, "tier": self.tier}
            for parameter in given:
                if parameter not in known:
                    raise Mistake(f"the notebook lacks the parameter '{parameter}'", where=f"{name}.ipynb",
                                  remedy=f'add to its parameters cell: {parameter}: str = "…"')
            wanted[name] = checked(notebook, given, f"{name}.ipynb") | from_words(notebook, extra, f"{name}.ipynb")
        return wanted

    def _execute(self, due: Mapping[str, Mapping[str, object]], folder: Path | None = None) -> list[Mistake]:
        """The due pages, as many at a time as there are jobs. Returns what failed; a page that fails stops no other."""
        if not due:
            return []
        folder = folder or self.pages_folder
        failures: list[Mistake] = []
        with ProcessPoolExecutor(min(self.jobs, len(due)), mp_context=get_context("spawn")) as pool:
            running = {pool.submit(steps.execute_page, self._notebook(name), folder / f"{name}.ipynb", dict(parameters),
                                   self.study.root): name for name, parameters in due.items()}
            for number, future in enumerate(as_completed(running), 1):
                name = running[future]
                try:
                    future.result()
                except Mistake as failure:
                    failures.append(failure)
                    self.progress.say(f"[{number}/{len(due)}] {name}: failed")
                except Exception as error:  # a worker that dies is a failed page, not a failed run
                    failures.append(PageFailed(f"the page's process ended: {type(error).__name__}: {error}", where=f"{name}.ipynb",
                                               remedy="run make report again; finished pages are kept"))
                    self.progress.say(f"[{number}/{len(due)}] {name}: failed")
                else:
                    if folder == self.pages_folder:
                        cache.write_json(folder / f"{name}.json", {"key": self._page_key(name, due[name])})
                    self.progress.say(f"[{number}/{len(due)}] {name}")
        return sorted(failures, key=lambda failure: failure.where)

    # ---------------------------------------------------------------------------------------------- the keys

    def _is_done(self, name: str, parameters: Mapping[str, object]) -> bool:
        return (cache.read_json(self.pages_folder / f"{name}.json").get("key") == self._page_key(name, parameters)
                and self._output(name).is_file())

    def _page_key(self, name: str, parameters: Mapping[str, object]) -> str:
        return cache.key_of(notebook=self._hashes(self._notebook(name).parent, f"{name}.ipynb"), parameters=dict(parameters),
                            tidy=cache.read_json(self.study.build / "tidied.json").get("key"), definition=self._definition(),
                            code=self._code("*"), lock=self._lock(), plan=cache.read_json(self.study.build / "plan.json"))

    def _site_key(self, wanted: Mapping[str, Mapping[str, object]]) -> str:
        return cache.key_of(pages={n: self._page_key(n, p) for n, p in wanted.items()}, commit=_head(self.study.root),
                            runner=self._hashes(self.study.root / "pipelines", "*.py"))

    def _hashes(self, folder: Path, *patterns: str) -> dict[str, str]:
        return cache.hashes(self.study.root, cache.files_under(folder, *patterns), self._known)

    def _definition(self) -> dict[str, str]:
        return self._hashes(self.study.folder, "*.toml", "*.md")

    def _code(self, *rooms: str) -> dict[str, str]:
        """Hashes of the package's source and reference data, or of some of its rooms."""
        package = Path(steps.__file__).parent.parent / "analysis"
        files = [f for room in rooms for f in cache.files_under(package if room == "*" else package / room, "*.py", "*.toml", "*.csv", "*.j2", "*.css", "*.json")]
        return cache.hashes(package.parent, files, self._known)

    def _lock(self) -> dict[str, str]:
        lock = self.study.root / "requirements.lock"
        return cache.hashes(self.study.root, [lock] if lock.is_file() else [], self._known)

    def _remember(self) -> None:
        cache.write_json(self.study.build / "hashes.json", self._known)

    def _notebook(self, name: str) -> Path:
        return self.study.root / "notebooks" / f"{name}.ipynb"

    def _output(self, name: str) -> Path:
        return self.pages_folder / f"{name}.ipynb"


def _head(root: Path) -> str:
    """What git says is checked out, read without starting git; the report's provenance shows it."""
    head = root / ".git" / "HEAD"
    if not head.is_file():
        return ""
    said = head.read_text("utf-8").strip()
    ref = root / ".git" / said.removeprefix("ref: ")
    return ref.read_text("utf-8").strip() if said.startswith("ref: ") and ref.is_file() else said

"""What the tidy tables and each page depend on; from it, what has to be done again and what has not."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from analysis.protect.profile import Profiles, profile
from analysis.study import Study
from pipelines import cache
from pipelines.needs import left_out
from pipelines.pages import Order, source_of

PACKAGE = Path(__file__).parent.parent / "analysis"


class Keys:
    """
    The keys of one study's steps.

    A page says what it read: tables, sections of the definition, files of the study and of the reference data, the
    populations whose numbers it released. Its key is made of those, its notebook and parameters, the package's source,
    the lock file and the part of the suppression plan that touches its cells. It runs again when one of them changed.
    """

    def __init__(self, study: Study):
        self.study = study
        self._known = cache.read_json(study.build / "hashes.json")
        self._code: dict[str, str] = {}

    # ---------------------------------------------------------------------------------------------- tidy tables

    def tidied(self) -> dict:
        """What was noted when the tables were last made."""
        return cache.read_json(self.study.build / "tidied.json")

    def tidy_is_due(self, withhold: bool = False) -> bool:
        """
        Whether extracts, definition, reading code or lock file changed since the tables were made.

        Tables that leave a site out for its faults serve only a run that may withhold one.
        """
        said = self.tidied()
        return (said.get("key") != self._tidy_key() or not (self.study.build / "tidy").is_dir()
                or bool(said.get("withheld") and not withhold))

    def tidy_is_done(self, result: dict) -> None:
        """Notes what the tables were made from; `result` holds the queries and the fingerprint of each table."""
        cache.write_json(self.study.build / "tidied.json", {"key": self._tidy_key(), **result})
        self.remember()

    def _tidy_key(self) -> str:
        sections = {name: self.study.definition.values[name] for name in (
            "extracts", "period", "data_cut", "timepoints", "outcomes", "interviews", "sites", "rules", "synthetic",
            "safety")
            if name in self.study.definition.values}
        return cache.key_of(
            extracts=self._hashes(cache.files_under(self.study.raw, "*")), definition=sections,
            codebook=self.study.codebook, code=self._source("extracts", "interviews"), lock=self._lock(),
            reference=self._hashes(cache.files_under(PACKAGE / "reference", "*.toml")),
            instruments=self._hashes(cache.files_under(self.study.folder / "instruments", "*.toml")))

    # ---------------------------------------------------------------------------------------------- pages

    def is_due(self, order: Order) -> bool:
        """Whether the page must run: it never did, or something that it read has changed."""
        record = cache.read_json(order.output.with_suffix(".json"))
        return not (order.output.is_file() and order.article.is_file() and record.get("outcome") == "built"
                    and record.get("key") == self.of_page(order, record))

    def is_done(self, order: Order, record: dict) -> None:
        """Writes the record of a run beside its page, with the key and its parts."""
        parts = self.parts(order, record)
        cache.write_json(order.output.with_suffix(".json"), {**record, "key": cache.key_of(**parts), "parts": parts})

    def of_page(self, order: Order, record: dict) -> str:
        """The page's key as things are now, for what it read when it last ran."""
        return cache.key_of(**self.parts(order, record))

    def parts(self, order: Order, record: dict) -> dict:
        """What the page's key is made of, by name."""
        read = record["read"]
        tables = self.tidied().get("tables", {})
        values = self.study.definition.values
        profiles = Profiles({p: profile(name) for p, name in self.study.profile_names.items()})
        files = [self.study.root / name for name in read["files"] if not name.endswith("study.toml")]
        return {
            "notebook": source_of(order.notebook), "parameters": dict(order.parameters), "without": list(order.without),
            "tables": {name: tables.get(name, {}).get(order.site, "none") for name in read["tables"]},
            "definition": {name: _digest(values.get(name)) for name in read["sections"] if name != "disclosure"},
            "profiles": {population: profiles.of(population).name for population in record["populations"]},
            "files": self._hashes([file for file in files if file.is_file()]),
            "code": self._source("*"), "lock": self._lock(), "plan": self._plan(order),
        }

    def of_everything(self, order: Order, context: object) -> str:
        """
        A key that is known before the page ever ran: of all that it may read, and of what it is laid out with.

        More changes it than the page's own key, and nothing that changes the page leaves it as it was.
        """
        engine = list((PACKAGE.parent / "pipelines").glob("*.py"))
        return cache.key_of(
            page=order.name, notebook=self._hashes([order.notebook]), parameters=dict(order.parameters),
            without=order.without,
            tables={name: of_site.get(order.site, "none") for name, of_site in self.tidied().get("tables", {}).items()},
            definition=self._hashes(cache.files_under(self.study.folder, "*")), context=repr(context),
            package=self._hashes([*cache.files_under(PACKAGE, "*"), *engine]), lock=self._lock(),
            plan=cache.read_json(self.study.build / "plan.json"))

    def of_site(self, orders: list[Order]) -> str:
        """The key of a published report: its pages and everything that stands around them."""
        records = {order.name: cache.read_json(order.output.with_suffix(".json")).get("key") for order in orders}
        return cache.key_of(
            pages=records, left_out=[(path.name, why) for path, why in left_out(self.study)],
            definition=self._hashes(cache.files_under(self.study.folder, "*.toml", "*.md")),
            inputs=self._hashes(cache.files_under(self.study.raw, "*")), commit=_head(self.study.root),
            templates=self._hashes(cache.files_under(PACKAGE / "report", "*")))

    def remember(self) -> None:
        """Keeps the hashes of files, so that the next run looks at sizes and times first."""
        cache.write_json(self.study.build / "hashes.json", self._known)

    # ---------------------------------------------------------------------------------------------- parts

    def _hashes(self, files: list[Path]) -> dict[str, str]:
        inside = all(file.is_relative_to(self.study.root) for file in files)  # else they are the package's own
        return cache.hashes(self.study.root if inside else PACKAGE.parent, files, self._known)

    def _source(self, *rooms: str) -> str:
        """One fingerprint of the package's Python source, or of some of its rooms."""
        name = " ".join(rooms)
        if name not in self._code:
            files = [f for room in rooms for f in cache.files_under(PACKAGE if room == "*" else PACKAGE / room, "*.py")]
            if "*" in rooms:  # how a page is laid out is not what it says: those files are in the report's key
                files = [f for f in files if "report" not in f.relative_to(PACKAGE).parts]
            self._code[name] = _digest(self._hashes(files))
        return self._code[name]

    def _lock(self) -> dict[str, str]:
        lock = PACKAGE.parent / "requirements.lock"
        return self._hashes([lock] if lock.is_file() else [])

    def _plan(self, order: Order) -> list[str]:
        """The cells of this page that the suppression plan hides."""
        plan = set(cache.read_json(self.study.build / "plan.json") or [])
        return sorted(plan & set(cache.read_json(order.registry).get("cells", {}))) if plan else []


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _head(root: Path) -> str:
    """What git says is checked out, read without starting git; the report's provenance shows it."""
    head = root / ".git" / "HEAD"
    if not head.is_file():
        return ""
    said = head.read_text("utf-8").strip()
    ref = root / ".git" / said.removeprefix("ref: ")
    return ref.read_text("utf-8").strip() if said.startswith("ref: ") and ref.is_file() else said

"""A study's folder in, one frozen Study out: everything that is particular to one evaluation, read and checked."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.definition import Definition, Required, read_definition, read_optional
from analysis.errors import Mistake, suggestion
from analysis.presets import with_presets
from analysis.reads import Sections
from analysis.reference.instruments import Catalogue

COLUMN = {
    "from": str, "value": str, "from_file": str, "from_sheet": str, "type": str, "format": str, "codes": {"*": str},
    "links": str, "through": str, "within": str, "until": str, "required": bool, "min": float, "max": float,
    "blank": [str], "age_in": (str, int), "of": str,
}
PROTOCOL = ("classification", "design", "rec", "iras", "dpia", "legal_basis", "data_sharing", "retention", "funder",
            "registration")
TIDIER = ("name", "why", "materials", "procedures", "who", "how", "where", "when", "tailoring", "modifications",
          "fidelity_planned", "fidelity_actual")  # its items, for what the records cannot say
# What a row of a joint display, or a step of a thread, cites of both halves and claims of it.
CITED: dict[str, Any] = {"theme": str, "cells": [str], "quotes": [str], "says": str, "expects": [str],
                         "mentioned": ({"*": str}, str)}
GRAMMS = ("justification", "purpose", "priority", "sequence", "sampling", "collection", "analysis", "where", "how",
          "who", "limits", "insights")  # what authors state for its items: reference/guidelines/mixed_methods.toml
NOT_COLLECTED = "not collected"
MANIFEST = "made-up.json"  # in a folder of extracts: `make synthetic` wrote them
MADE_UP = "Every record behind this report was made up by `make synthetic`: its numbers say nothing about anybody."
SCHEMA: dict[str, Any] = {
    "title": Required(str),
    "question": str,
    "synthetic": str,
    "period": Required({"from": Required(datetime.date), "to": Required(datetime.date)}),
    "data_cut": Required({"records": Required(datetime.date), "questionnaires": datetime.date,
                          "interviews": datetime.date}),
    "groups": [str],
    "pages": [str],
    "statistics": {"quantiles": str, "rounding": str},
    "disclosure": Required({"*": (str, {"profile": Required(str), "assessment": str})}),
    "protocol": {**dict.fromkeys(PROTOCOL, str), "prespecified": [str],
                 "deviations": [{"date": Required(datetime.date), "what": Required(str), "why": Required(str)}]},
    "safety": {"collected": Required((str, [str]))},
    "stays": {"from": Required(str), "gap_days": Required(int), "per": str},
    "activity": {"wait_from": str, "seen_within_weeks": [int], "calendar": str, "leaving": [str]},
    "tidier": dict.fromkeys(TIDIER, str),
    "sites": {"by": Required(str), "names": {"*": str}, "pages": [str]},
    "characteristics": {"denominator": str, "columns": {"*": (str, [str])}},
    "reach": {"workers": str, "groups": {"*": {"*": str}}},
    "fidelity": {"contacts": float, "minutes": float, "weeks": float, "staff": float, "interventions": [str],
                 "source": str},
    "doses": {"table": Required(str), "window_days": Required(int), "range": str, "prn": str,
              "baseline": {"weeks": Required(int)}, "follow_up": {"weeks": Required(int)}, "high_dose": float,
              "lines": [float], "definition": str, "products": str},
    "timepoints": {"*": {"label": Required(str), "weeks": Required(int), "window_weeks": int}},
    "outcomes": {"instruments": Required([str]), "value_sets": {"*": str}, "settings": {"*": str},
                 "thresholds": {"*": str}, "wording": str,
                 "tests": [{"instrument": Required(str), "test": Required(str), "zeros": str, "cut": float}]},
    "extracts": Required({"*": {
        "preset": str, "without": [str],
        "table": str, "file": Required(([str], str)), "member": ([str], str), "read_as": str, "sheet": ([str], str),
        "header_row": int, "footer": ([str], str), "encoding": str, "delimiter": str, "labels": ([str], bool),
        "fill_down": [str], "key": [str], "timepoint": str, "columns": Required({"*": COLUMN}), "items": {"*": [str]},
        "legal_basis": str,
        "rows": int, "exported": datetime.date, "blank": [str], "keep": {"*": [str]},
    }}),
    "rules": {"*": {"severity": str, "reason": str, "extract": ([str], str), "days": int}},
    "interviews": {"project": Required(str), "coding": Required(str), "stance": str, "coefficients": bool,
                   "saturation": {"base": Required(int), "run": Required(int), "threshold": Required(float)},
                   "codes": int, "interviews": int, "by": [str], "software": str,
                   "codebooks": {"*": str}},
    "quotations": {"k": int, "most": int, "attribution": {"*": [str]}},
    "joint": [{**CITED, "question": Required(str), "finding": str, "inference": Required(str)}],
    "thread": [{"question": Required(str), "why": str, "says": str,
                "steps": Required([{**CITED, "component": Required(str)}])}],
    "mixed_methods": dict.fromkeys(GRAMMS, str),
    "matrix": {"by": Required([str]), "themes": [str], "who": [str]},
}
CODEBOOK = {"framework": str, "mapped_by": str, "themes": {"*": str}, "constructs": {"*": str}}
CHOICES = {
    ("statistics", "quantiles"): tuple(f"type {n}" for n in range(1, 10)),
    ("statistics", "rounding"): ("half up", "half even"),
    ("stays", "from"): ("contacts",),
    ("stays", "per"): ("person", "referral"),
    ("activity", "wait_from"): ("identified_on", "invited_on", "responded_on"),
    ("activity", "calendar"): ("month", "quarter"),
    ("characteristics", "denominator"): ("all", "recorded", "both"),
    ("doses", "range"): ("minimum", "mean", "maximum"),
    ("doses", "prn"): ("none", "half", "full"),
    ("doses", "definition"): ("D1", "D2", "D3", "D4"),
    ("protocol", "classification"): ("research", "service evaluation", "audit"),
    ("interviews", "coding"): ("coding reliability", "codebook", "reflexive"),
}


def project_root() -> Path:
    """The folder of data_raw/, pipelines/studies/ and .build/: SERVICE_EVALUATION_ROOT, or the nearest above us."""
    if named := os.environ.get("SERVICE_EVALUATION_ROOT"):
        return Path(named)
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (folder / "pipelines" / "studies").is_dir():
            return folder
    return Path(__file__).parent.parent


@dataclass(frozen=True)
class Study:
    """One evaluation. `definition` keeps the file's values and lines; the properties name what the road asks of it."""

    name: str
    root: Path
    definition: Definition
    codebook: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.definition.values.get(key, {})

    @property
    def title(self) -> str:
        return self.definition.values["title"]

    @property
    def folder(self) -> Path:
        """Where the definition and its neighbours are."""
        return self.definition.path.parent

    @property
    def raw(self) -> Path:
        """Where the extracts are."""
        return self.root / "data_raw" / self.name

    @property
    def instruments(self) -> Catalogue:
        """The questionnaires it may name: those in its own folder `instruments/`, then those that ship."""
        return Catalogue(self.folder / "instruments")

    @property
    def synthetic(self) -> str:
        """The sentence that everything is invented; empty where the records are real."""
        return self.definition.values.get("synthetic", MADE_UP if self.made_up else "")

    @property
    def made_up(self) -> bool:
        """Whether `make synthetic` wrote the extracts that are there."""
        return (self.raw / MANIFEST).is_file()

    @property
    def build(self) -> Path:
        """Where row-level data may be, and never leaves."""
        return self.root / ".build" / self.name

    @property
    def reports(self) -> Path:
        return self.root / "reports" / self.name

    @property
    def period(self) -> tuple[datetime.date, datetime.date]:
        said = self.definition.values["period"]
        return said["from"], said["to"]

    def data_cut(self, component: str) -> datetime.date:
        """The last day of records, questionnaires or interviews; records' where the component has none of its own."""
        said = self.definition.values["data_cut"]
        return said.get(component, said["records"])

    @property
    def quantile_rule(self) -> str:
        return self["statistics"].get("quantiles", "type 7")

    @property
    def rounding(self) -> str:
        return self["statistics"].get("rounding", "half up")

    @property
    def sites(self) -> dict[str, str]:
        """Code of each site -> its name; empty where the definition fans out over nothing."""
        return dict(self["sites"].get("names", {})) if self["sites"] else {}

    def site_name(self, site: str) -> str:
        return "All sites" if site == "all" else self.sites[site]

    @property
    def profile_names(self) -> dict[str, str]:
        """Population (as measures say it) -> name of its disclosure profile."""
        return {population.replace("_", " "): said if isinstance(said, str) else said["profile"]
                for population, said in self["disclosure"].items()}

    def prespecified(self, measure: str) -> str:
        """Whether the protocol says that this measure was planned: in words, or nothing where it does not say."""
        planned = self["protocol"].get("prespecified") if self["protocol"] else None
        if planned is None:
            return ""
        return "prespecified" if measure in planned else "not prespecified (post hoc)"

    def collects(self, table: str) -> bool:
        """Whether some extract fills the canonical table of that name; episodes may be made as [stays] says."""
        made = table == "episodes" and bool(self["stays"])
        return made or any(said.get("table", name) == table for name, said in self["extracts"].items())

    def fits(self, component: str) -> bool:
        """Whether the definition has what a component needs: 'doses', 'interviews', or a key: 'outcomes.tests'."""
        section, _, key = component.partition(".")
        return bool(self[section].get(key) if key else self[section])


def study_names(root: Path) -> list[str]:
    """The studies that have a definition."""
    return sorted(path.parent.name for path in (root / "pipelines" / "studies").glob("*/study.toml"))


def open_study(name: str, root: Path | None = None) -> Study:
    """
    The study of that name, its definition checked.

    Raises DefinitionMistake for what is wrong in the file, with its line and the remedy; Mistake for an unknown study.
    """
    root = root or project_root()
    known = study_names(root)
    if name not in known:
        raise Mistake(f"there is no study '{name}'",
                      remedy=suggestion(name, known, f"known: {', '.join(known) or 'none yet'}; "
                      f"a study is a folder pipelines/studies/<name>/ with a study.toml"))
    folder = root / "pipelines" / "studies" / name
    definition = read_definition(folder / "study.toml", SCHEMA, with_presets)
    _check_choices(definition)
    codebook = read_optional(folder / "codebook.toml", CODEBOOK)
    return Study(name, root, replace(definition, values=Sections(definition.values)),
                 codebook.values if codebook else {})


def _check_choices(definition: Definition) -> None:
    values = definition.values
    for (table, key), choices in CHOICES.items():
        said = values.get(table, {}).get(key)
        if said is not None and said not in choices:
            raise definition.mistake(f"{table}.{key} is '{said}'", table, key,
                                     remedy=suggestion(said, choices))
    if values["period"]["from"] > values["period"]["to"]:
        raise definition.mistake("the period ends before it begins", "period", remedy="turn 'from' and 'to' round")

"""A plan in; the files, members of archives and sheets that its made-up rows go into, out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from analysis.errors import Mistake
from analysis.extracts.column_plan import ColumnPlan
from analysis.extracts.formats.reading import NOT_READ, SUFFIXES
from analysis.extracts.formats.source import pattern
from analysis.extracts.plan import ExtractPlan

MADE_UP = (*(kind for kind, reader in SUFFIXES.items() if reader == "delimited"), ".xlsx", ".xlsm", ".ods", ".parquet",
           ".dta", ".sav", ".zip")
FEW = ("1", "2")  # what stands for a star: two files, so that somebody sees that there may be several


@dataclass(frozen=True)
class Slot:
    """Where rows of an extract may stand. `says` is what a column takes from the name: their value by its source."""

    file: str
    member: str = ""
    sheet: str = ""
    of_several_sheets: bool = False
    says: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """As the reader calls it."""
        inside = f"{self.file}/{self.member}" if self.member else self.file
        return f"{inside}[{self.sheet}]" if self.of_several_sheets else inside

    @property
    def name(self) -> str:
        return self.member or self.file


def slots(plan: ExtractPlan) -> list[Slot]:
    """
    Every place that the definition speaks of, in the order in which it is read.

    Raises Mistake for a kind of file that cannot be made up, or a pattern of a name that no made-up name fits.
    """
    suffix = plan.read_as or PurePosixPath(plan.files[0]).suffix.lower()
    if suffix in (*SUFFIXES, *NOT_READ) and suffix not in MADE_UP:
        raise Mistake(f"'{plan.file}' is of a kind that is not made up", where=plan.where,
                      remedy=f"name a file that ends in one of: {', '.join(MADE_UP)}, until the real one comes")
    named = [c for c in plan.delivered if c.named]
    if not named:
        return list(_plain(plan, suffix))
    return sorted((_named(plan, suffix, named, values) for values in _values(named)),
                  key=lambda slot: _order(plan, slot))


def _values(named: list[ColumnPlan]) -> Iterator[dict[str, str]]:
    """One value for each column that a name gives: as many names as the column with the most codes asks for."""
    known = {c.source: list(c.codes) or list(FEW) for c in named}
    for n in range(max((len(codes) for codes in known.values()), default=0)):
        yield {source: codes[n % len(codes)] for source, codes in known.items()}


def _plain(plan: ExtractPlan, suffix: str) -> Iterator[Slot]:
    for said in plan.files:
        for file in _starred(said):
            for member in _members(plan, file) if suffix == ".zip" else [""]:
                for sheet in _sheets(plan):
                    yield Slot(file, member, sheet, bool(plan.sheets) and not plan.sheet)


def _named(plan: ExtractPlan, suffix: str, named: list[ColumnPlan], values: Mapping[str, str]) -> Slot:
    """A place with the values in its name, so that the reader finds them again."""
    for slot in _plain(plan, suffix):
        file, member, sheet = slot.file, slot.member, slot.sheet
        for c in named:
            kind, _, words = c.named.partition(":")
            said = words.replace("{}", values[c.source]).replace("*", FEW[0])
            if kind == "sheet":
                sheet = said
            elif member and _fits(said, plan.members):
                member = said
            elif "/" not in said and "/" in file and PurePosixPath(words).suffix == "":
                file = re.sub(r"^[^/]*", said.replace("\\", ""), file)
            else:
                file = said if "/" in said or "/" not in file else f"{PurePosixPath(file).parent}/{said}"
        made = Slot(file, member, sheet, slot.of_several_sheets, dict(values))
        if _fits(file, plan.files) and all(value_in(c, made) == values[c.source] for c in named):
            return made
    raise Mistake(f"no made-up name fits '{plan.file}' and says {', '.join(c.name for c in named)}",
                  where=plan.where, remedy="see that from_file or from_sheet describes the name that 'file' has")


def value_in(column: ColumnPlan, slot: Slot) -> str:
    """What the reader takes from the names of a place."""
    kind, _, words = column.named.partition(":")
    shape = re.compile("(.+)".join("[^/]*".join(re.escape(part) for part in side.split("*"))
                                   for side in words.split("{}")))
    place = PurePosixPath(f"{slot.file}/{slot.member}" if slot.member else slot.file)
    for name in [slot.sheet] if kind == "sheet" else [place.name, *(p.name for p in place.parents), str(place)]:
        if match := shape.fullmatch(name):
            return match[1]
    return ""


def _fits(name: str, said: tuple[str, ...]) -> bool:
    return any(pattern(one).fullmatch(name) for one in said)


def _starred(said: str) -> list[str]:
    return [said.replace("*", n) for n in FEW] if "*" in said else [said]


def _members(plan: ExtractPlan, file: str) -> list[str]:
    return [name for said in plan.members or (f"{PurePosixPath(file).stem}.csv",) for name in _starred(said)]


def _sheets(plan: ExtractPlan) -> list[str]:
    return [name for said in plan.sheets for name in _starred(said)] or [""]


def _order(plan: ExtractPlan, slot: Slot) -> tuple:
    """Files in the order of the list and of their names, members by name."""
    place = next(n for n, said in enumerate(plan.files) if pattern(said).fullmatch(slot.file))
    return place, slot.file, slot.member, slot.sheet

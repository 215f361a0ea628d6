"""What records hold in place of what was meant (unknown days, missing answers, packs): records.toml in, sets out."""

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "records.toml"


@dataclass(frozen=True)
class Records:
    """Days that stand for an unknown one, with our columns where each may be true; the other words of the file."""

    stand_in_days: Mapping[datetime.date, tuple[str, ...]]
    missing_answers: frozenset[int]
    opt_out_codes: frozenset[str]
    prescriptions: Mapping[str, Any]


@cache
def records() -> Records:
    """The knowledge of records.toml, read once."""
    said = tomllib.loads(FILE.read_text("utf-8"))
    return Records({one["day"]: tuple(one.get("but", [])) for one in said["stand_in_days"]},
                   frozenset(said["answers"]["missing"]), frozenset(said["opt_out"]["codes"]), said["prescriptions"])

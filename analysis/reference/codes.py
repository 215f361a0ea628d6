"""A list of product codes (dm+d) as CSV in; the name of each coded product out."""

from __future__ import annotations

import csv
from pathlib import Path

from analysis.errors import Mistake

CODES, NAMES = ("code", "dmd_id", "dmd_code", "id"), ("term", "name", "nm", "product")


def product_names(path: Path) -> dict[str, str]:
    """
    Code -> name of a code list such as those of OpenCodelists and OpenPrescribing.

    The file has a column of codes (one of CODES) and one of names (one of NAMES); others are not looked at. Raises
    Mistake where it is not there, lacks one of them, or gives one code two names.
    """
    if not path.is_file():
        raise Mistake(f"there is no {path.name} in {path.parent.name}/", where="[doses] products",
                      remedy="put the code list beside study.toml, or take the line out")
    rows = csv.DictReader(path.read_text("utf-8-sig").splitlines())
    heads = {head.strip().casefold(): head for head in rows.fieldnames or ()}
    code, name = (next((heads[one] for one in known if one in heads), None) for known in (CODES, NAMES))
    if code is None or name is None:
        lacks, known = ("codes", CODES) if code is None else ("names", NAMES)
        raise Mistake(f"the list has no column of {lacks}: {', '.join(heads) or 'it is empty'}", where=path.name,
                      remedy=f"call it one of: {', '.join(known)}")
    found: dict[str, str] = {}
    for line, row in enumerate(rows, 2):
        one, said = (row[code] or "").strip(), (row[name] or "").strip()
        if one and found.setdefault(one, said) != said:
            raise Mistake("one code has two names", where=f"{path.name}, line {line}",
                          remedy="keep the line that is right")
    return found

"""A law: whatever happened to a file on its way, reading it ends with rows or with a mistake that names the file."""

import datetime
import io
import random
import zipfile

import pandas as pd
import pytest
from arrivals import CONSENTS, HEADINGS
from small_extracts import opened
from written_files import ods, xls, xlsx, zipped

from analysis.errors import ExtractMistake
from analysis.extracts.plan import plans
from analysis.extracts.read import read

HEADS = HEADINGS.strip().split(",")
ROWS = [[f"C{n}", "Interview" if n % 2 else 1, "Given", datetime.date(2017, 2, n)] for n in range(1, 21)]
TEXTS = [[str(cell) for cell in row] for row in ROWS]
TEXT = HEADINGS + "".join(",".join(row) + "\n" for row in TEXTS)


def parquet() -> bytes:
    file = io.BytesIO()
    pd.DataFrame(TEXTS, columns=HEADS).to_parquet(file)
    return file.getvalue()


def stata() -> bytes:
    file = io.BytesIO()
    pd.DataFrame(TEXTS, columns=["Person", "Consent_to", "Status", "Date"]).to_stata(file, write_index=False)
    return file.getvalue()


# How many damaged files of each kind: a file that is read in a process of its own takes half a second.
FILES = {"c.csv": (TEXT.encode(), 60), "c.zip": (zipped({"c.csv": TEXT}), 60), "c.xlsx": (xlsx(S=[HEADS, *ROWS]), 60),
         "c.ods": (ods({"S": [HEADS, *TEXTS]}), 60), "c.parquet": (parquet(), 60),
         "c.xls": (xls([HEADS, *TEXTS], merged=[(1, 2, 0, 0)]), 3), "c.dta": (stata(), 3)}


def damaged(content: bytes, dice: random.Random) -> bytes:
    """The file cut off, with bytes changed, or packed again after a part of it was changed."""
    if content.startswith(b"PK") and dice.random() < 0.5:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = {name: archive.read(name) for name in archive.namelist()}
        name = dice.choice(sorted(parts))
        return zipped({**parts, name: damaged(b" " + parts[name], dice)[1:]})
    spoilt = bytearray(content)
    if dice.random() < 0.3:
        return bytes(spoilt[:dice.randrange(len(spoilt))])
    for _ in range(dice.choice([1, 2, 8])):
        at = dice.randrange(len(spoilt))
        if dice.random() < 0.7:
            spoilt[at] = dice.choice([0, 255, *b'0123456789"<>/,aZ-\n', dice.randrange(256)])
        else:
            del spoilt[at:min(at + dice.randrange(1, 20), len(spoilt) - 1)]
    return bytes(spoilt)


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_read_or_refused_by_name(tmp_path, name):
    definition = CONSENTS.format(file=f'file = "{name}"')
    study = opened(tmp_path, {}, definition.replace("Consent to", "Consent_to") if name == "c.dta" else definition)
    plan, (content, times) = plans(study)[0], FILES[name]
    (study.raw / name).write_bytes(content)
    assert len(read(plan, study.raw).frame) == len(ROWS)
    dice = random.Random(name)
    refused = 0
    for _ in range(times):
        (study.raw / name).write_bytes(damaged(content, dice))
        try:
            read(plan, study.raw)
        except ExtractMistake as mistake:
            assert str(mistake).startswith(name) and "\n  -> " in str(mistake)
            refused += 1
    assert refused > 0

"""Twenty million issues from CSV to typed Parquet, by a plain script and by ours: `pipelines bench large`."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[2]
OUT = ROOT / ".build" / "bench" / "large"
RESULTS = ROOT / "tests" / "bench" / "results-large.md"
ROWS, PEOPLE = 20_000_000, 100_000
ROUNDS = 2

DEFINITION = """\
title     = "Issues of twenty million prescriptions (synthetic)"
synthetic = "Every record is invented."
period    = { from = 2016-01-01, to = 2017-12-31 }
data_cut  = { records = 2017-12-31 }
pages     = []
disclosure = { enrolled = "none" }

[extracts.clients]
table = "identifiers"
file  = "clients.csv"
key   = ["patient_id"]
[extracts.clients.columns]
patient_id = { from = "Client no." }
nhs_number = { from = "NHS no.", required = true }

[extracts.patients]
file = "patients.csv"
key  = ["patient_id"]
[extracts.patients.columns]
patient_id = { from = "NHS no.", type = "nhs_number", through = "clients" }
practice   = { value = "practice_a" }

[extracts.issues]
table      = "prescriptions"
file       = "issues.csv"
header_row = 3
[extracts.issues.columns]
patient_id = { from = "NHS no.", type = "nhs_number", through = "clients" }
product    = { from = "Drug" }
directions = { from = "Dosage" }
quantity   = { from = "Qty", min = 0 }
unit       = { from = "Unit" }
issued_on  = { from = "Issued", format = "%d/%m/%Y", until = "records" }
status     = { from = "Type", codes = { "Acute" = "acute", "Repeat" = "repeat" } }
"""

# What somebody writes who needs the same table: every cell as text, so that numbers of people survive; then the types.
PLAIN = """\
import sys
import pandas as pd
issues = pd.read_csv(sys.argv[1], header=2, dtype=str)
issues["Issued"] = pd.to_datetime(issues["Issued"], format="%d/%m/%Y")
issues["Qty"] = pd.to_numeric(issues["Qty"])
issues.to_parquet(sys.argv[2])
"""
# The same, and pandas guesses what is a number: quicker, but a number of a person loses the nought it begins with.
GUESSING = PLAIN.replace(", dtype=str", "")

OURS = """\
import sys
from pathlib import Path
from pipelines import without_grammar
without_grammar()
from analysis.study import open_study
from pipelines.steps import check_and_tidy
study = open_study("large", Path(sys.argv[1]))
if sys.argv[2] == "checked":
    check_and_tidy(study)
else:
    from analysis.extracts.large.extracts import LargeExtracts
    from analysis.extracts.plan import plans
    from analysis.extracts.read import read
    every, held = plans(study), {}
    with LargeExtracts(study.build / "large", 64_000_000) as large:
        for plan in every:
            if not large.takes(plan, every, study.raw):
                held[plan.name] = read(plan, study.raw)
        large.unchecked(held)["prescriptions"].to_parquet(study.build / "prescriptions.parquet")
"""


def make(rows: int) -> Path:
    """The study and its delivered files under .build/: the same bytes every time."""
    sys.path.insert(0, str(ROOT))
    import numpy as np

    root = OUT / "project"
    raw = root / "data_raw" / "large"
    shutil.rmtree(OUT, ignore_errors=True)
    raw.mkdir(parents=True)
    (root / "pipelines" / "studies" / "large").mkdir(parents=True)
    (root / "pipelines" / "studies" / "large" / "study.toml").write_text(DEFINITION, "utf-8")
    people = _numbers()
    (raw / "clients.csv").write_text("Client no.,NHS no.\n" + "".join(
        f"C{n:06},{number}\n" for n, number in enumerate(people)), "utf-8")
    (raw / "patients.csv").write_text("NHS no.\n" + "".join(f"{number}\n" for number in people), "utf-8")
    dice = np.random.default_rng(20_170_901)
    drugs = [(drug, unit) for drug, unit in (
        ("Tramadol 50mg caps", "capsule"), ("Codeine 30mg tabs", "tablet"), ("Zomorph 10mg caps", "capsule"),
        ("Fentanyl 25mcg/hr patch", "patch"), ("Co-codamol 30/500 tabs", "tablet"), ("Oramorph 10mg/5ml", "ml"))]
    words = ["1 bd", "2 QDS", "1-2 qds prn", "ONE every 12 hours", "One patch every 72 hours", "1 tds when required"]
    lines = [f"{drug},{word},{quantity},{unit}," for drug, unit in drugs for word in words
             for quantity in (28, 56, 84, 100, 112, 224)]
    days = [str(day.strftime("%d/%m/%Y")) for day in _days()]
    numbers, lines, days = (np.array(values, dtype=object) for values in (people, lines, days))
    ends = np.array([",Repeat\n", ",Acute\n"], dtype=object)
    with (raw / "issues.csv").open("w", encoding="utf-8", newline="") as file:
        file.write("Issues of all practices\nSYNTHETIC DATA: invented records\n"
                   "NHS no.,Drug,Dosage,Qty,Unit,Issued,Type\n")
        for begins in range(0, rows, 500_000):
            some = min(500_000, rows - begins)
            file.write("".join(numbers[dice.integers(len(numbers), size=some)] + "," +
                               lines[dice.integers(len(lines), size=some)] + days[dice.integers(len(days), size=some)] +
                               ends[(dice.random(some) < 0.2).astype(int)]))
    return root


def _days():
    import datetime

    return [datetime.date(2016, 3, 1) + datetime.timedelta(n) for n in range(671)]


def _numbers() -> list[str]:
    """Numbers that begin with 999, which the NHS gives to nobody, with their check digits."""
    found, nine = [], 999_000_000
    while len(found) < PEOPLE:
        nine += 1
        check = 11 - sum(int(digit) * weight for digit, weight in zip(str(nine), range(10, 1, -1), strict=True)) % 11
        if check != 10:
            found.append(f"{nine}{0 if check == 11 else check}")
    return found


def timed(script: str, *words: object) -> tuple[float, float, float]:
    """Seconds, seconds of processors and gigabytes (most memory at once) of a Python of its own."""
    watch = ("import json,resource,subprocess,sys\n"
             "code=subprocess.call([sys.executable,'-c',*sys.argv[1:]])\n"
             "used=resource.getrusage(resource.RUSAGE_CHILDREN)\n"
             "print(json.dumps([code,used.ru_maxrss,used.ru_utime+used.ru_stime]))")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "GX_ANALYTICS_ENABLED": "false"}
    began = time.monotonic()
    said = subprocess.run([sys.executable, "-c", watch, script, *map(str, words)], env=environment, cwd=ROOT,
                          capture_output=True, text=True)
    spent = time.monotonic() - began
    if said.returncode or (found := json.loads(said.stdout.splitlines()[-1]))[0]:
        raise SystemExit(f"{said.stdout}\n{said.stderr}")
    return spent, found[2], found[1] / 2**20


def same(root: Path, plain: Path) -> int:
    """How many rows the checking left; stops where a cell, or the line of a row, is not what the plain script has."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    ours, theirs = pq.ParquetFile(root / ".build" / "large" / "prescriptions.parquet"), pq.ParquetFile(plain)
    kept = pq.ParquetFile(root / ".build" / "large" / "tidy" / "prescriptions.parquet")
    pairs = {"issued_on": "Issued", "quantity": "Qty", "product": "Drug", "directions": "Dosage", "unit": "Unit"}
    for our, their in pairs.items():
        one, other = (file.read([name]).column(0) for file, name in ((ours, our), (theirs, their)))
        kind = pa.timestamp("s") if our == "issued_on" else one.type
        if not pc.all(pc.equal(one.cast(kind), other.cast(kind))).as_py():
            raise SystemExit(f"{our} differs: the times mean nothing")
    lines = ours.read(["source_row"]).column(0).to_numpy()
    if (lines != range(4, len(lines) + 4)).any():
        raise SystemExit("the rows are not in the order of the file")
    lines = kept.read(["source_row"]).column(0).to_numpy()
    if (lines[1:] <= lines[:-1]).any():
        raise SystemExit("the checked rows are not in the order of the file")
    return kept.metadata.num_rows


def main(rows: int = ROWS) -> None:
    root = make(rows)
    size = (root / "data_raw" / "large" / "issues.csv").stat().st_size
    csv, parquet = root / "data_raw" / "large" / "issues.csv", OUT / "plain.parquet"
    found: dict[str, tuple[float, float, float]] = {}
    for way, script, *words in (("plain script, numbers guessed", GUESSING, csv, OUT / "guessed.parquet"),
                                ("plain script, cells as text", PLAIN, csv, parquet),
                                ("ours: read and tidied", OURS, root, "unchecked"),
                                ("ours: checked, too", OURS, root, "checked")) * ROUNDS:
        os.sync()  # nobody waits for what another one wrote
        took = timed(script, *words)
        print("{}: {:.1f} s, {:.1f} s of processors, {:.2f} GB".format(way, *took), flush=True)
        found[way] = min(took, found.get(way, took))
    kept = same(root, parquet)
    plain = found["plain script, cells as text"][0]
    memory = Path("/proc/meminfo").read_text().split()[1] if Path("/proc/meminfo").exists() else "0"
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "not known"
    lines = [
        "# Large extracts beside a plain script", "",
        f"Measured by `python -m pipelines bench large` in one run: {rows:,} issues, {size / 1e9:.2f} GB of CSV, "
        f"{os.cpu_count()} cores, {int(memory) // 2**20} GB, {platform.system()}, Python {platform.python_version()}, "
        f"pandas {version('pandas')}, DuckDB {version('duckdb')}; load of the machine at the end {load}. Each way in "
        f"a process of its own, the import of its libraries included; the quicker of {ROUNDS} times, by turns.", "",
        "| way | seconds | of processors | most memory | times as fast as the plain script with cells as text |",
        "|---|---|---|---|---|",
        *(f"| {way} | {seconds:.1f} | {processors:.1f} | {memory:.2f} GB | {plain / seconds:.1f} |"
          for way, (seconds, processors, memory) in found.items()), "",
        "The plain script uses one processor; ours shares its work among all, and gains by as many as are free.", "",
        "Plain script: `pandas.read_csv`, `to_datetime` with the format stated, `to_numeric`, `to_parquet`. It keeps "
        "no line numbers, exchanges no numbers of people and maps no codes; with numbers guessed it loses the noughts "
        "that a number of a person may begin with.",
        f"Ours: lists of {PEOPLE:,} people are read besides, and each row keeps its file and line. Checked with the "
        f"whole suite, {rows - kept:,} copies were left out. Cells and order were compared with the plain script's "
        "and are the same."]
    RESULTS.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))
    shutil.rmtree(OUT)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

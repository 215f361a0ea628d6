"""Millions of issues, from tidy Parquet to each person's four doses: `python -m pipelines bench doses`, N=rows."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[2]
OUT = ROOT / ".build" / "bench" / "doses"
RESULTS = ROOT / "tests" / "bench" / "results-doses.md"
ROWS, A_PERSON = 20_000_000, 200  # issues, and issues of one person over six years

# (product, unit) -> (directions, quantity for about a month) of those who have it.
WORDS = (("1 bd", 56.0), ("2 QDS", 224.0), ("1-2 qds prn", 112.0), ("Take ONE every 12 hours", 60.0),
         ("Take one or two up to four times a day when required. Maximum 8 in 24 hours", 168.0))
DRUGS = {
    **dict.fromkeys((("Tramadol 50mg capsules", "capsule"), ("Codeine 30mg tablets", "tablet"),
                     ("Zomorph 10mg modified-release capsules", "capsule"), ("Dihydrocodeine 30mg tablets", "tablet"),
                     ("Co-codamol 30mg/500mg tablets", "tablet"), ("Gabapentin 300mg capsules", "capsule"),
                     ("Morphine sulfate 30mg modified-release tablets", "tablet"),
                     ("OxyContin 20mg modified-release tablets", "tablet")), WORDS),
    ("Fentanyl 25micrograms/hour transdermal patches", "patch"): (("One patch every 72 hours", 10.0), ("", 10.0)),
    ("Buprenorphine 10micrograms/hour transdermal patches", "patch"): (("apply weekly", 4.0),),
    ("Oramorph 10mg/5ml oral solution", "ml"): (("5ml qds prn", 300.0), ("as directed", 300.0)),
    ("Methadone 5mg tablets", "tablet"): (("1 bd", 56.0),),
}

OURS = """\
import json, resource, sys, time
began = time.monotonic()
import pandas as pd
import pyarrow.parquet as pq
from analysis.measures.prescribing.dose_windows import Rules, window_doses
from analysis.measures.prescribing.issues import COLUMNS, TEXTS, issues_in, issues_of
from analysis.reference.factors import factor_table
patients = pd.read_parquet(sys.argv[2])
file = pq.ParquetFile(sys.argv[1], read_dictionary=["patient_id", *TEXTS])
issues = issues_in(file.iter_batches(batch_size=1_000_000, columns=list(COLUMNS)))
read = time.monotonic()
index = pd.Series(pd.Timestamp("2017-06-01"), index=patients["patient_id"])
doses = window_doses(issues, index, 84, patients, rules=Rules(factor_table("fpm-2020")))
done = time.monotonic()
said = {d: round(float(doses[d].mean()), 6) for d in ("D1", "D2", "D3", "D4")}
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"spent": time.time() - float(sys.argv[3]), "cpu": used.ru_utime + used.ru_stime,
                  "reading": read - began, "doses": done - read, "mean": said, "texts": len(issues.texts),
                  "without": int((doses["reason"] != "").sum()), "people": len(doses),
                  "memory": used.ru_maxrss / 2**20}))
# The same people by themselves, from a table that is held: the same doses, to the last digit.
some = list(patients["patient_id"].sample(50, random_state=1))
held = issues_of(pd.read_parquet(sys.argv[1], columns=list(COLUMNS), filters=[("patient_id", "in", some)]))
alone = window_doses(held, index[some], 84, patients, rules=Rules(factor_table("fpm-2020")))
pd.testing.assert_frame_equal(alone, doses.set_index("patient_id").loc[some].reset_index()[list(alone)],
                              check_dtype=False)
"""


def make(rows: int) -> tuple[Path, Path]:
    """
    The canonical tables of prescriptions and patients under .build/, in no order of people.

    A person has two or three drugs over six years; one in ten has a line that cannot be read, or methadone.
    """
    import duckdb

    issues, patients = OUT / f"prescriptions-{rows}.parquet", OUT / f"patients-{rows}.parquet"
    if issues.is_file():
        return issues, patients
    OUT.mkdir(parents=True, exist_ok=True)
    people = max(1, rows // A_PERSON)
    database = duckdb.connect()
    database.execute("set memory_limit = '2GB'; set preserve_insertion_order = false")
    database.execute(f"copy (select 'P' || lpad(range::varchar, 9, '0') as patient_id, timestamp '2010-01-01' as "
                     f"registered_on from range({people})) to '{patients}' (format parquet)")
    database.execute("create table texts (k integer, product varchar, unit varchar, directions varchar, many double)")
    texts = [(*one, said, many) for one, pairs in DRUGS.items() for said, many in pairs]
    database.executemany("insert into texts values (?, ?, ?, ?, ?)", [(k, *text) for k, text in enumerate(texts)])
    database.execute(f"""copy (
        with issues as (select range as n, (hash(range) % {people})::integer as person from range({rows}))
        select 'P' || lpad(person::varchar, 9, '0') as patient_id,
               timestamp '2012-01-01' + (hash(n + 1000000007) % 2190)::integer * interval 1 day as issued_on,
               product, null::varchar as dmd_code, null::varchar as bnf_code, null::varchar as strength,
               null::varchar as form, null::varchar as route, many as quantity, unit, directions,
               null::double as days_supply, 'repeat' as status, null::timestamp as recorded_on,
               'issues.csv' as source_file, n as source_row
        from issues join texts on k = (hash(person * 3 + n % 3) % {len(texts)})::integer
    ) to '{issues}' (format parquet, compression snappy)""")
    return issues, patients


def main(rows: int = ROWS) -> None:
    issues, patients = make(rows)
    words = [str(issues), str(patients), str(time.time())]
    said = subprocess.run([sys.executable, "-c", OURS, *words], cwd=ROOT, text=True,
                          env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True)
    if said.returncode:
        raise SystemExit(said.stderr)
    found = json.loads(said.stdout.splitlines()[-1])
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "not known"
    memory = Path("/proc/meminfo").read_text().split()[1] if Path("/proc/meminfo").exists() else "0"
    machine = (f"{os.cpu_count()} cores, {int(memory) // 2**20} GB, {platform.system()}, Python "
               f"{platform.python_version()}, numpy {version('numpy')}, pyarrow {version('pyarrow')}")
    lines = [
        "# Doses of many issues", "",
        f"Measured by `N={rows} python -m pipelines bench doses`: {rows:,} issues of {found['people']:,} people in no "
        f"order, {found['texts']} distinct texts, {issues.stat().st_size / 1e9:.2f} GB of Parquet; {machine}; load of "
        f"the machine at the end {load}.", "",
        "From the canonical table to four doses a person over 84 days, with a reason for each person who has none, in "
        "a Python of its own, its start and imports included:", "",
        "| seconds | of these reading | of these doses | seconds of processor | most memory at once, GB | people "
        "without a dose |",
        "|---|---|---|---|---|---|",
        f"| {found['spent']:.1f} | {found['reading']:.1f} | {found['doses']:.1f} | {found['cpu']:.1f} | "
        f"{found['memory']:.2f} | {found['without']:,} |", "",
        f"Mean doses, for whoever repeats this: {', '.join(f'{k} {v:.6f}' for k, v in found['mean'].items())} mg a "
        "day. They say nothing about anybody: issues are as the dice fall. Fifty people worked out by themselves, from "
        "a table that is held in memory, had the same doses to the last digit."]
    print("\n".join(lines))
    if rows == ROWS:
        RESULTS.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(int(os.environ.get("N", ROWS)))

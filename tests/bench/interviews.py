"""300 interviews of 8,000 words, 60,000 codings: from the file to every count (`pipelines bench interviews`)."""

from __future__ import annotations

import os
import platform
import random
import time
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from analysis.interviews.codings import Code, Coding, Interview, Project, codes_frame, codings_frame
from analysis.interviews.refi_export import qdpx
from analysis.interviews.refi_qda import read
from analysis.measures.interviews.agreement import agreement
from analysis.measures.interviews.co_occurrence import co_occurrence
from analysis.measures.interviews.count_ledger import count_ledger
from analysis.measures.interviews.saturation import saturation
from analysis.measures.interviews.themes import stance_counts, theme_counts
from analysis.measures.interviews.themes_by_attribute import themes_by_attribute
from analysis.reference.counting import countings

ROOT = Path(__file__).parents[2]
OUT = ROOT / ".build" / "bench" / "interviews.qdpx"
RESULTS = ROOT / "tests" / "bench" / "results-interviews.md"
INTERVIEWS, WORDS, CODINGS, CODERS, TWICE = 300, 8_000, 60_000, 5, 0.2
VOCABULARY = ("the", "pain", "was", "there", "and", "nobody", "asked", "me", "about", "it", "for", "years", "until",
              "she", "sat", "down", "listened", "then", "we", "tried", "less", "slowly", "naïve", "£2")


def made(seed: int = 1) -> Project:
    """A project of that size: 6 themes of 6 codes; a fifth of the interviews coded by two of the coders."""
    chance = random.Random(seed)
    codes = [code for t in range(6) for code in (
        Code(f"theme {t}", f"theme {t}"), *(Code(f"code {t}.{c}", f"code {t}.{c}", f"theme {t}", "words", 1)
                                            for c in range(6)))]
    leaves = [code.id for code in codes if code.parent]
    texts = [" ".join(chance.choices(VOCABULARY, k=WORDS)) for _ in range(INTERVIEWS)]
    coders = [[f"coder {n}" for n in chance.sample(range(CODERS), 2 if at < INTERVIEWS * TWICE else 1)]
              for at in range(INTERVIEWS)]
    codings = []
    for _ in range(CODINGS):
        at = chance.randrange(INTERVIEWS)
        start = texts[at].find(" ", chance.randrange(len(texts[at]) - 700)) + 1
        end = texts[at].find(" ", start + chance.randint(80, 500))
        codings.append(Coding(f"I{at:03}", chance.choice(leaves), chance.choice(coders[at]), start, end,
                              texts[at][start:end]))
    return Project(tuple(Interview(f"I{at:03}", f"I{at:03}", text) for at, text in enumerate(texts)), tuple(codes),
                   tuple(codings), len(codings))


def log(project: Project) -> pd.DataFrame:
    """An interview log that fits: two groups, two sites."""
    ids = [one.id for one in project.interviews]
    return pd.DataFrame({
        "interview_id": ids, "participant_id": [f"P{one}" for one in ids],
        "group": ["service provider" if n % 4 == 3 else "service user" for n in range(len(ids))],
        "practice": ["north" if n % 2 else "south" for n in range(len(ids))],
        "date": pd.date_range("2018-01-01", periods=len(ids)),
        "characters": [len(one.text) for one in project.interviews]})


def main() -> None:
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_bytes(qdpx(made(), "bench"))
    size, found = OUT.stat().st_size, {}
    begun, used = time.perf_counter(), time.process_time()

    def timed(what: str, step):
        start, before = time.perf_counter(), time.process_time()
        result = step()
        found[what] = time.perf_counter() - start, time.process_time() - before
        print(f"{what}: {found[what][0]:.1f} s, {found[what][1]:.1f} s of them on a core", flush=True)
        return result

    project = timed("read the file", lambda: read(OUT))
    codes, codings, interviews = timed("tables of it", lambda: (codes_frame(project), codings_frame(project),
                                                                log(project)))
    codings["stance"] = codings["stance"].fillna("none")
    groups = {"groups": ["service user", "service provider"]}
    sites = {"practice": {"north": "North", "south": "South"}}
    timed("theme counts", lambda: theme_counts(codes, codings, interviews, **groups))
    timed("stance counts", lambda: stance_counts(codes, codings, interviews, **groups))
    timed("count ledger", lambda: count_ledger(codes, codings, interviews, countings(), **groups))
    timed("co-occurrence of themes", lambda: co_occurrence(codes, codings, interviews, **groups))
    timed("co-occurrence of codes", lambda: co_occurrence(codes, codings, interviews, of_codes=True, **groups))
    timed("codes by site", lambda: themes_by_attribute(codes, codings, interviews, attributes=sites, **groups))
    timed("agreement, with intervals", lambda: agreement(codes, codings, interviews))
    timed("saturation, with its band", lambda: saturation(codings, interviews))
    whole, on_core = time.perf_counter() - begun, time.process_time() - used
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "not known"
    lines = ["# Interviews: from the file to every count", "",
             f"Measured by `python -m pipelines bench interviews` in one process: {INTERVIEWS} interviews of {WORDS:,} "
             f"words, {len(project.codings):,} codings of {CODERS} coders, {size / 1e6:.1f} MB of REFI-QDA; "
             f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, "
             f"pandas {version('pandas')}; load of the machine at the end {load}.", "",
             "| step | seconds | seconds on a core |", "|---|---|---|",
             *(f"| {what} | {seconds:.1f} | {core:.1f} |" for what, (seconds, core) in found.items()),
             f"| **all** | **{whole:.1f}** | **{on_core:.1f}** |", "",
             "A fifth of the interviews were coded by two coders. Importing the libraries is not in it. On a machine "
             "that others use at the same time the seconds on a core are what the work takes."]
    RESULTS.write_text("\n".join(lines) + "\n", "utf-8")
    OUT.unlink()


if __name__ == "__main__":
    main()

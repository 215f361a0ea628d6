"""A study without extracts in; made-up ones in data_raw/, with the faults that were asked for, out."""

from __future__ import annotations

import shutil

from analysis.extracts.planting import chosen, kinds, plant
from analysis.extracts.synthetic import refuse_others_files, synthetic, write_extracts
from analysis.extracts.synthetic.project import writes
from analysis.study import Study
from pipelines.steps import replace_folder


def make_up(study: Study, *, people: int, seed: str, faults: str = "") -> str:
    """
    Writes the extracts, all at once or none. Returns what to tell: what was written, what was planted and where.

    Raises Mistake where the folder holds what `make synthetic` did not write, or a kind of fault is not known.
    """
    refuse_others_files(study.raw)
    wanted = chosen(faults)
    extracts = synthetic(study, seed=seed, count=people)
    planted, without = plant(extracts, wanted, seed)
    aside = study.raw.with_name(f".{study.raw.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        written = write_extracts(extracts, aside, [one.sentence for one in planted])
        replace_folder(aside, study.raw)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    said = [f"{study.name}: {len(written)} made-up extracts of {people} people in data_raw/{study.name}/"]
    if planted:
        said += ["planted:", *(f"  {one.sentence}" for one in planted)]
    if without:
        said += ["not planted, because nothing that is delivered could have it, or no row without a fault was left:",
                 *(f"  {kind.name} (wants {kind.wants})" for kind in without)]
    if study.fits("interviews") and not writes(project := study["interviews"]["project"]):
        said.append(f"no coded project: '{project}' is of a kind that is not made up; to go on without one, "
                    "take [interviews] out")
    return "\n".join(said)


def listed() -> str:
    """Every kind of fault with the rule that names it, by subject."""
    lines, subject = [], ""
    for kind in kinds().values():
        if kind.subject != subject:
            subject = kind.subject
            lines += ["", subject]
        lines.append(f"  {kind.name:<52} {kind.rule or 'the reader refuses it'}")
    return "\n".join(lines[1:])

"""
A study's definition in; made-up extracts that fit it, as cells or as files that say what they are, out.

It knows nothing of a service but its definition: files, headings, codes, formats and links are those of study.toml,
and one made-up world of people stands behind all extracts, so that they agree with one another (people.py,
records.py). Nothing in them says anything about the service: rates and doses are as the dice fall.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from analysis.errors import Mistake
from analysis.extracts.plan import plans
from analysis.extracts.read import Delivered
from analysis.extracts.synthetic.files import Sheet, sheets, text_tables, write
from analysis.extracts.synthetic.people import Words, people
from analysis.extracts.synthetic.project import coded_project, write_project, writes
from analysis.extracts.synthetic.records import World
from analysis.reference.made_up import MARK
from analysis.study import MANIFEST, Study

PEOPLE = 60
FEWEST = 8
README = """\
{mark}.

`make synthetic STUDY={study}` wrote these files from pipelines/studies/{study}/study.toml alone
(PEOPLE={people}, SEED={seed}). They have the files, headings, codes, links and dates that the
definition asks for, and say nothing about anybody or about the service: write and test an analysis
on them before the data may be seen. NHS numbers are from 999, which is never issued.
{faults}
Before the real extracts come, take this folder away. `make synthetic` writes into no folder that
holds a file of somebody else; {manifest} says which files are its own.
"""


@dataclass
class Extracts:
    """Made-up extracts as cells, which faults may be planted in, and the world that they are about."""

    study: Study
    world: World
    sheets: list[Sheet]
    spoils: dict[str, Callable[[Path], object]] = field(default_factory=dict)  # by file: done to it once it is written

    def text_tables(self) -> dict[str, Delivered]:
        """The extracts as the reader would read them from their files."""
        return text_tables(self.sheets)


def synthetic(study: Study, *, seed: object = 1, count: int = PEOPLE, first: int = 1,
              words: Words | None = None) -> Extracts:
    """
    Extracts about `count` people, in which no rule finds anything; the same seed gives the same cells.

    `first` is the number of the first person: two worlds whose numbers do not overlap share no id and can be put
    together. `words` saves reading the definition again. Raises Mistake for fewer people than tell a story.
    """
    if count < FEWEST:
        raise Mistake(f"{count} people are too few for made-up extracts", remedy=f"PEOPLE={FEWEST} or more")
    words = words or words_of(study)
    world = World(words, seed, people(words, seed, count, first))
    return Extracts(study, world, sheets(world))


def words_of(study: Study) -> Words:
    """What the definition says, for extracts that are made up: how many rows were declared is not asked of them."""
    return Words(study, [replace(plan, rows=None, setting=replace(plan.setting, synthetic=True))
                         for plan in plans(study)])


def write_extracts(extracts: Extracts, folder: Path, planted: Sequence[str] = ()) -> list[Path]:
    """
    Every file of the study into `folder`, with a README and a manifest of what was written.

    `planted` are the faults that were put in, one sentence each, for the README.
    """
    study = extracts.study
    folder.mkdir(parents=True, exist_ok=True)
    written = write(extracts.sheets, folder, study.name)
    if study.fits("interviews") and writes(study["interviews"]["project"]):
        project = folder / study["interviews"]["project"]
        if project not in written:  # else another sheet of a workbook that has just been written
            project.unlink(missing_ok=True)
            written.append(project)
        write_project(coded_project(extracts.world), project, study.name)
    for file, spoil in extracts.spoils.items():
        spoil(folder / file)
    patterns = [said for plan in extracts.world.words.plans for said in plan.files]
    readme = folder / ("README.md" if any(fnmatch.fnmatch("README.txt", p) for p in patterns) else "README.txt")
    faults = "\n".join(["\nFaults were planted on purpose:", *(f"- {said}" for said in planted), ""]) if planted else ""
    readme.write_text(README.format(mark=MARK, study=study.name, people=len(extracts.world.people),
                                    seed=extracts.world.seed, faults=faults, manifest=MANIFEST), "utf-8", newline="\n")
    hashes = {path.relative_to(folder).as_posix(): _hash(path) for path in sorted(folder.rglob("*"))
              if path.is_file() and path.name != MANIFEST}
    (folder / MANIFEST).write_text(json.dumps({"made up by": "make synthetic", "files": hashes}, indent=2) + "\n",
                                   "utf-8", newline="\n")
    return written


def refuse_others_files(folder: Path) -> None:
    """Raises Mistake where a folder of extracts holds a file that `make synthetic` may not write over."""
    if others := others_files(folder):
        shown = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
        raise Mistake(f"data_raw/{folder.name}/ holds files that `make synthetic` did not write, or that were changed: "
                      f"{shown}", remedy="nothing was written; to try a definition whose extracts are there, copy its "
                      "study.toml into a folder of another name in pipelines/studies/ and make up extracts for that")


def refuse_a_mixture(study: Study) -> None:
    """Raises Mistake where made-up and delivered extracts lie in one folder: nobody could tell what a number is of."""
    if (study.raw / MANIFEST).is_file() and (others := others_files(study.raw)):
        raise Mistake(f"data_raw/{study.name}/ holds made-up extracts and others beside them: {', '.join(others[:3])}",
                      remedy=f"take the made-up ones away, with {MANIFEST}, which lists them")


def others_files(folder: Path) -> list[str]:
    """
    The files of a folder that `make synthetic` did not write, or that were changed since.

    Extracts that somebody delivered are among them, and may not be written over.
    """
    if not folder.is_dir():
        return []
    manifest = folder / MANIFEST
    try:
        ours = json.loads(manifest.read_text("utf-8"))["files"] if manifest.is_file() else {}
    except (ValueError, KeyError, UnicodeDecodeError):
        ours = {}
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")
             if path.is_file() and path != manifest}
    return sorted(name for name, path in there.items() if ours.get(name) != _hash(path))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

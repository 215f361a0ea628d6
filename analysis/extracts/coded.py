"""The coded project and the interview tables in; codes and codings, held against log and codebook, out."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from analysis.errors import ExtractMistake
from analysis.extracts.checks.expectations import CHECKS
from analysis.extracts.checks.faults import FAULTS
from analysis.extracts.checks.interviews import Broken, Held, held, source_in_words
from analysis.extracts.checks.rules import RULES
from analysis.extracts.checks.severity import severities
from analysis.extracts.tables import TABLES
from analysis.interviews import readers
from analysis.interviews.codings import Project, codes_frame, codings_frame, with_stance, without_interviews
from analysis.study import Study


def with_interviews(study: Study, tables: Mapping[str, pd.DataFrame], left_out: Collection[str] = (),
                    withdrawn: Mapping[str, str] = MappingProxyType({})) -> tuple[dict, pd.DataFrame, pd.DataFrame]:
    """
    The tables with `codings`, a whole `codes`, the `transcripts` and the fingerprint of each; faults and checks of the
    joins.

    Codings of the interviews `left_out` (of sites that are withheld) are left out, and so are interviews `withdrawn`,
    whose codings the balance counts under the words that are given for each.
    Also `quality_codings`, the balance of the import: codings in the file = codings read + what else became of them;
    `quality_project`, what else is to be said of the file; and `interview_attributes`, what the project says of its
    interviews by variables, cases and sets.
    Raises ExtractMistake where the project cannot be read.
    """
    said = study["interviews"]
    whole = _project(study, said["project"])
    project = without_interviews(whole, withdrawn)
    if said.get("stance"):
        project = with_stance(project, said["stance"])
    codings, codes = codings_frame(project), _codes(study, tables, project)
    codings = codings[~codings["interview_id"].isin(list(left_out))].reset_index(drop=True)
    texts = {interview.id: interview.sha256 for interview in project.interviews}
    interviews = tables["interviews"].copy()
    interviews["text_sha256"] = interviews["interview_id"].map(texts).astype("str")
    transcripts = pd.DataFrame([(one.id, one.text) for one in project.interviews
                                if one.text is not None and one.id not in left_out],
                               columns=["interview_id", "text"], dtype="str")
    lengths = {interview.id: len(interview.text) for interview in project.interviews if interview.text is not None}
    interviews["characters"] = interviews["interview_id"].map(lengths).astype("Int64")
    found = [Held(rule, "codings", column, codings[column].nunique(), tuple(
        Broken(words(whole, name), said["project"]) for name in sorted(set(codings[column]) - set(known))))
        for rule, column, known, words in (
            ("coded interview in the log", "interview_id", interviews["interview_id"], source_in_words),
            ("code in the codebook", "code_id", codes["code_id"], lambda _, name: f"'{name}'"))]
    found += held(study, tables, whole, project, codes, {*withdrawn, *left_out})
    faults, checks = _told(study, found)
    balance = pd.DataFrame(project.balance, columns=["what", "codings"])
    return ({**tables, "interviews": interviews, "codes": codes, "codings": codings, "transcripts": transcripts,
             "quality_codings": balance, "quality_project": _as_delivered(whole),
             "interview_attributes": _said(project), **_versions(study)}, faults, checks)


def _as_delivered(whole: Project) -> pd.DataFrame:
    """What the project's file holds beside codings, where it departs from its standard, how its positions were read."""
    rows = [("written by", whole.origin.strip() or "a program that does not say its name", 1)]
    rows += [("departs", what, n) for what, n in whole.tolerated] + [("beside", what, n) for what, n in whole.beside]
    if whole.placed:
        by = "by words" if whole.placed.by_words else "by edges"
        rows += [("reading", str(whole.placed.reading), 1), (by, "right", whole.placed.right),
                 (by, "of", whole.placed.of)]
    return pd.DataFrame(rows, columns=["kind", "what", "n"])


def _said(project: Project) -> pd.DataFrame:
    """What variables, cases and sets of the project say of its interviews."""
    return pd.DataFrame([(one.interview, one.name, one.value) for one in project.attributes],
                        columns=["interview_id", "name", "value"], dtype="str")


def _told(study: Study, found: Sequence[Held]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rules as faults (FAULTS) and checks (CHECKS), with the severities of the study."""
    faults, checks, severe = [], [], severities(study)
    for one in found:
        severity = severe.of(one.rule, "interviews")
        checks.append(["interviews", one.column, one.rule, severity, one.over, len(one.broken)])
        faults += [["interviews", one.table, broken.file, "", broken.row, one.column, "", one.rule, severity,
                    RULES[one.rule].says, broken.found, RULES[one.rule].todo,
                    study.definition.where("interviews", one.key), 1] for broken in one.broken]
    return pd.DataFrame(faults, columns=FAULTS), pd.DataFrame(checks, columns=CHECKS)


def _versions(study: Study) -> dict[str, pd.DataFrame]:
    """The dated versions of the codebook that the study kept: version, path (a name a line), definition, extension."""
    kept, stance, rows = study["interviews"].get("codebooks"), study["interviews"].get("stance"), []
    for version, file in (kept or {}).items():
        project = _project(study, file)
        if stance in {code.id for code in project.codes}:
            project = with_stance(project, stance)
        names, parents = ({code.id: said for code, said in ((c, getattr(c, what)) for c in project.codes)}
                          for what in ("name", "parent"))
        places: dict[str, set] = {}
        for coding in project.codings:
            if coding.start is not None:
                places.setdefault(coding.code, set()).add((coding.interview, coding.start, coding.end))
        for code in project.codes:
            path, above = [names[code.id]], parents[code.id]
            while above:
                path.insert(0, names[above])
                above = parents[above]
            here = sorted(places.get(code.id, ()))
            rows.append([version, "\n".join(path), code.definition,
                         hashlib.sha256(repr(here).encode()).hexdigest()[:16] if len(here) > 1 else ""])
    columns = ["version", "path", "definition", "extension"]
    return {"codebook_versions": pd.DataFrame(rows, columns=columns, dtype="str")} if kept else {}


def _project(study: Study, file: str) -> Project:
    path = study.raw / file
    where = study.definition.where("interviews", "project")
    if not readers.is_known(file):
        raise ExtractMistake(f"'{file}' is of a kind that this version does not read", where=where,
                             remedy=f"export the project as one of: {readers.known()}")
    if not path.exists():
        raise ExtractMistake(f"data_raw/{study.name}/ has no '{file}'", where=where,
                             remedy="put the exported project there, or change 'project'")
    return readers.read(path)


def _codes(study: Study, tables: Mapping[str, pd.DataFrame], project: Project) -> pd.DataFrame:
    """The codebook as delivered where there is one, else the project's own; with the study's themes and constructs."""
    codes = (tables["codes"] if "codes" in tables else codes_frame(project)).copy()
    parents = dict(zip(codes["code_id"], codes["parent"], strict=True))
    themes = study.codebook.get("themes", {})
    tops = codes["code_id"].map(lambda code: _top(code, parents))
    codes["theme"] = tops.map(lambda top: themes.get(top, top)).astype("str")
    codes["construct"] = codes["code_id"].map(study.codebook.get("constructs", {})).astype("str")
    return codes[[c for c in [*TABLES["codes"].names, "source_file", "source_row"] if c in codes]]


def _top(code: str, parents: Mapping[str, str]) -> str:
    seen = {code}
    while isinstance(parents.get(code), str) and parents[code] and parents[code] not in seen:
        code = parents[code]
        seen.add(code)
    return code

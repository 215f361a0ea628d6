"""What consent took out of a study's extracts in; its tables, and what changed since the last run, out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from analysis.study import Study
from pipelines.cache import read_json, write_json, write_text

EVERY = "all tables"  # as `withdrawals.acted` calls the line that counts people

if TYPE_CHECKING:
    import pandas as pd

    from analysis.extracts.consents.consent import Consented


def with_consent(study: Study, tables: Mapping[str, pd.DataFrame], left: Consented, withheld: Collection[str],
                 ) -> dict[str, pd.DataFrame]:
    """The tables with `quality_consent` and `withdrawals`, where the study records consents or something was taken."""
    from analysis.extracts.consents.withdrawals import acted, balanced, counts, with_codings

    if "consents" not in tables and left.taken.empty:
        return dict(tables)
    by = study["sites"].get("by", "practice")
    made = acted(left, by)
    if "quality_codings" in tables:
        made = with_codings(made, tables["quality_codings"], left)
    own = {"quality_consent": made, "withdrawals": counts(left, by)}
    return {**tables, **{name: frame[~frame[by].isin(list(withheld))] for name, frame in own.items()},
            "quality_rows": balanced(tables["quality_rows"], left)}


def tell_consent(study: Study, tables: Mapping[str, pd.DataFrame], left: Consented) -> list[str]:
    """
    What a person must be told, a line each: what consent takes now that it did not at the last run, or no longer takes;
    whose interview is still used; which lines of the raw extracts must be purged.

    Keeps under .build/ the counts of this run (consent.json), those that changed (consent_changes.csv: kind, scope,
    table, rows before and now, people before and now), and the lines to be purged (purge.csv). No number of a person
    is in any of them.
    """
    from analysis.extracts.consents.withdrawals import purge, still_interviewed

    record = study.build / "consent.json"
    before, now = read_json(record), _counted(tables)
    lines = _changes(before, now)
    if lines:
        changed = [f"{kind},{scope},{table},{had[0]},{has[0]},{had[1]},{has[1]}"
                   for kind, scope, table, had, has in _differences(before, now)]
        write_text(study.build / "consent_changes.csv", "\n".join([
            "kind,scope,table,rows_before,rows_now,people_before,people_now", *changed, ""]))
    write_json(record, now)
    if people := still_interviewed(left):
        lines.append(f"{_people(people)} withdrew from the evaluation and not from the interview, which is still used; "
                     "if both was meant, add a row of the kind 'interview'")
    to_purge = purge(left, study["interviews"].get("project", ""))
    (study.build / "purge.csv").unlink(missing_ok=True)
    if len(to_purge):
        write_text(study.build / "purge.csv", to_purge.to_csv(index=False, lineterminator="\n"))
        lines.append(f"{len(to_purge)} lines of the extracts hold people who asked for deletion: take them out at "
                     f"their source; they are listed in .build/{study.name}/purge.csv")
    return lines


def _counted(tables: Mapping[str, pd.DataFrame]) -> dict[str, list[int]]:
    """'kind|scope|table' -> rows and people, over all sites."""
    if "quality_consent" not in tables:
        return {}
    summed = tables["quality_consent"].groupby(["kind", "scope", "table"])[["rows", "people"]].sum()
    return {"|".join(key): [int(rows), int(people)] for key, rows, people in summed.itertuples()}


def _differences(before: Mapping[str, list[int]], now: Mapping[str, list[int]]) -> list[tuple]:
    """(kind, scope, table, before, now) of what is not as it was; 'all tables', which counts people, first."""
    keys = sorted({*before, *now}, key=lambda key: (key.split("|")[:2], key.split("|")[2] != EVERY, key))
    pairs = ((key, before.get(key, [0, 0]), now.get(key, [0, 0])) for key in keys)
    return [(*key.split("|"), had, has) for key, had, has in pairs if had != has]


def _changes(before: Mapping[str, list[int]], now: Mapping[str, list[int]]) -> list[str]:
    """One line for each kind and scope in which something is not as it was."""
    people: dict[tuple[str, str], str] = {}
    rows: dict[tuple[str, str], list[str]] = {}
    for kind, scope, table, had, has in _differences(before, now):
        step = has[1] - had[1] if table == EVERY else has[0] - had[0]
        if step and table == EVERY:
            people[kind, scope] = f"{_people(abs(step))} {'more' if step > 0 else 'fewer'}"
        elif step:
            rows.setdefault((kind, scope), []).append(f"{table} {step:+d}")
    return [f"{kind}{f' ({scope})' if scope else ''}: {people.get((kind, scope), 'no person more')} than at the last "
            f"run; rows taken out: {', '.join(rows.get((kind, scope), ['none']))}"
            for kind, scope in dict.fromkeys([*people, *rows])]


def _people(n: int) -> str:
    return f"{n} {'person' if n == 1 else 'people'}"

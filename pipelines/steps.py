"""The steps of the road around the pages: read, check and tidy before them; publish after them."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from analysis.errors import BlockingFaults, ExtractMistake
from analysis.study import Study
from pipelines.cache import write_text
from pipelines.consents import tell_consent, with_consent

if TYPE_CHECKING:
    from analysis.extracts.large.extracts import LargeExtracts
    from analysis.extracts.large.tables import LargeTable
    from analysis.report.context import ReportContext
    from pipelines.pages import Order

MOST_FAULTS_SHOWN = 12
LARGE = 64_000_000  # bytes of an extract. Held in memory, such a file takes about 1 GB until its rows are tidy.


def check_and_tidy(study: Study, withhold: bool = False, most: int = LARGE) -> dict:
    """
    Raw extracts to canonical tables under .build/<study>/tidy/, checked on the way.

    Returns how many `queries` were logged, the fingerprint of each of the `tables`, by site, the sites `withheld` with
    the rules that their rows break, and what to tell of `consent`. Withdrawals act first, so that nothing below has
    seen who withdrew. Raises BlockingFaults, with the first rows concerned, where a blocking rule is broken: then no
    table is written and what was there stays as it was. With `withhold`, faults in the rows of some sites leave those
    sites out instead, as long as another is left. Extracts of more bytes than `most` are never held in memory: they
    take the same road through a database.
    """
    from analysis.extracts.checks.expectations import import_meanwhile
    from analysis.extracts.large.extracts import LargeExtracts

    with LargeExtracts(study.build / "large", most, import_meanwhile) as large:
        return _check_and_tidy(study, withhold, large)


def _check_and_tidy(study: Study, withhold: bool, large: LargeExtracts) -> dict:
    from analysis.extracts.ascertainment import check_events, check_what_is_due, due_timepoints
    from analysis.extracts.checks.expectations import validate
    from analysis.extracts.checks.queries import queries, with_site
    from analysis.extracts.coded import with_interviews
    from analysis.extracts.consents.consent import consented
    from analysis.extracts.consents.withdrawals import with_flags, withdrawn_codings
    from analysis.extracts.consents.withhold import faults_of, faulty_sites, without_sites
    from analysis.extracts.people import with_person
    from analysis.extracts.stays import check_stays, with_stays
    from analysis.extracts.synthetic import refuse_a_mixture

    refuse_a_mixture(study)
    check_stays(study)
    # before anything is checked: who withdrew is in no log and in no count
    left = consented(study, large.with_rows_of_the_decided(_read(study, large)))
    delivered = large.consented(left)
    validation = large.validate(validate(delivered), delivered)
    named = delivered | large.named  # whatever the log speaks of
    faults = _joined(validation.faults, left.decisions.faults)
    checks = _joined(validation.checks, left.decisions.checks)
    by = study["sites"].get("by", "")
    withheld = faulty_sites(named, faults, by) if withhold and faults["severity"].eq("blocking").any() else {}
    left_out: set[str] = set()
    log = faults
    if withheld and set(withheld) < set(study.sites):
        kept = without_sites(delivered, withheld, by)
        large.leave_out(withheld, delivered, by)
        left_out = _interviews(delivered) - _interviews(kept)
        delivered, faults = kept, faults_of(kept | large.named, faults)
    else:
        withheld = {}
    blocking = faults[faults["severity"] == "blocking"]
    if blocking.empty:
        tables, too_large, rows = large.tidy(delivered, faults, checks)
        tables = with_stays(study, with_flags(tables, left))
        check_events(study, tables)
        check_what_is_due(study)
        if study.fits("outcomes"):
            tables["timepoints"] = due_timepoints(tables, study["timepoints"], study["outcomes"]["instruments"],
                                                  study.data_cut("questionnaires"))
        if study.fits("interviews"):
            withdrawn = {one: withdrawn_codings(scope) for one, scope in left.interviews.items()}
            tables, more_faults, more_checks = with_interviews(study, tables, left_out, withdrawn)
            faults, checks, log = _joined(faults, more_faults), _joined(checks, more_checks), _joined(log, more_faults)
            blocking = faults[faults["severity"] == "blocking"]
    write_text(study.build / "data_queries.csv", log.to_csv(index=False, lineterminator="\n"))
    _write_queries(study, queries(log, named, by))
    if len(blocking):
        raise _blocking(study, blocking)
    tables |= {"quality_rows": rows, "quality_checks": checks,
               "quality_faults": with_site(with_person(faults, delivered | large.named), delivered | large.named, by)}
    tables = with_consent(study, tables, left, withheld)
    _write_tables(study, {**tables, **too_large})
    _write_unread_prescriptions(study, tables)
    return {"queries": len(log), "tables": fingerprints(study, tables, too_large), "withheld": withheld,
            "consent": tell_consent(study, tables, left)}


def _read(study: Study, large: LargeExtracts) -> dict:
    """
    The extracts as text, but for those that `large` takes because they are too large to hold.

    Those that cannot be read are told together: a person who mends one wants to know all.
    """
    from analysis.extracts.plan import plans
    from analysis.extracts.read import read

    delivered, mistakes, every = {}, [], plans(study)
    large.order = [plan.name for plan in every]
    for plan in every:
        try:
            if not large.takes(plan, every, study.raw):
                delivered[plan.name] = read(plan, study.raw)
        except ExtractMistake as mistake:
            mistakes.append(mistake)
    if mistakes:
        raise mistakes[0] if len(mistakes) == 1 else ExtractMistake("\n".join(map(str, mistakes)))
    return delivered


def _write_queries(study: Study, by_site: Mapping) -> None:
    """A list for each site under .build/<study>/queries/, to be sent back to whoever holds the records."""
    aside = study.build / "queries.new"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    for site, frame in by_site.items():
        write_text(aside / f"{site}.csv", frame.to_csv(index=False, lineterminator="\n"))
    replace_folder(aside, study.build / "queries")


def _write_unread_prescriptions(study: Study, tables: Mapping) -> None:
    """
    The rows of prescriptions that give no dose, by file and line: what page 04 counts, for whoever holds the files.

    Not written of a table that is too large to hold; nor where the study has no doses.
    """
    path = study.build / "prescriptions_not_read.csv"
    path.unlink(missing_ok=True)
    if study.fits("doses") and "prescriptions" in tables:
        from analysis.evaluation.doses import Doses

        write_text(path, Doses(study, tables).unread_rows().to_csv(index=False, lineterminator="\n"))


def _interviews(delivered: Mapping) -> set[str]:
    """The interviews in the log."""
    logs = [extract.frame for extract in delivered.values() if extract.plan.table.name == "interviews"]
    return {interview for log in logs for interview in log["interview_id"].dropna()}


def _joined(one, other):
    import pandas as pd

    return pd.concat([one, other], ignore_index=True) if len(other) else one


def _blocking(study: Study, blocking) -> BlockingFaults:
    """A line for each column and rule: the first fault of it, and how many more: a wrong format breaks every row."""
    kinds, rows = blocking.groupby(["extract", "column", "rule"], sort=False), blocking["rows"].sum()
    lines = [_mismatch(fault, alike)
             for fault, alike in zip(kinds.head(1).itertuples(), kinds["rows"].sum(), strict=True)]
    hidden = len(lines) - MOST_FAULTS_SHOWN
    if hidden > 0:
        lines[MOST_FAULTS_SHOWN:] = [f"and {hidden} more kind{'s' if hidden > 1 else ''} of fault"]
    return BlockingFaults(
        f"{study.name}: {rows} blocking fault{'s' if rows > 1 else ''}; nothing was published, "
        f"the last report is as it was\n  " + "\n  ".join(lines),
        remedy=f"all of them: .build/{study.name}/data_queries.csv")


def _mismatch(fault, alike: int) -> str:
    """One line: extract, column, rule, what was expected, what came and where, what to do at which line."""
    column = f", column '{fault.heading}'" if fault.heading else ""
    place = ", ".join([*([fault.file] if fault.file else []), *([f"sheet {fault.sheet}"] if fault.sheet else []),
                       *([f"line {fault.row}"] if fault.row else [])])
    more = f" and {alike - 1} more" if alike > 1 else ""
    todo = (fault.todo.replace("study.toml", fault.definition) if "study.toml" in fault.todo
            else f"{fault.todo} (defined at {fault.definition})")
    return (f"{fault.extract}{column}, rule '{fault.rule}': {fault.expected}; found {fault.found}"
            f"{' in ' * bool(place)}{place}{more}; {todo}")


def _says(rule: str) -> str:
    from analysis.extracts.checks.rules import RULES

    return RULES[rule].says


def fingerprints(study: Study, tables: Mapping, too_large: Mapping[str, LargeTable] = MappingProxyType({}),
                 ) -> dict[str, dict[str, str]]:
    """Table -> site -> a hash of that site's rows: what tells a page whether anything that it may read has changed."""
    import pandas as pd

    from analysis.sites import rows_of

    def of(name: str, site: str):
        return rows_of(name, tables[name], site, study["sites"].get("by", ""), lambda other: of(other, site))

    def fingerprint(frame) -> str:
        rows = pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes()
        return hashlib.sha256(rows + "|".join(frame.columns).encode()).hexdigest()[:16]

    found = {name: {site: fingerprint(of(name, site)) for site in ("all", *study.sites)} for name in tables}
    for name, table in too_large.items():
        path, by = study.build / "tidy" / f"{name}.parquet", study["sites"].get("by", "")
        found[name] = {site: table.fingerprint(path, site, by, of("patients", site) if "patients" in tables else None)
                       for site in ("all", *study.sites)}
    return found


def _write_tables(study: Study, tables: Mapping) -> None:
    """All tables at once: written into a folder aside, which then takes the place of the old one."""
    aside = study.build / "tidy.new"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    for name, frame in sorted(tables.items()):
        frame.to_parquet(aside / f"{name}.parquet", index=False)  # a LargeTable writes itself by the same name
    replace_folder(aside, study.build / "tidy")


def publish(target: Path, reports: Mapping[str, tuple[ReportContext, Sequence[Order]]],
            withheld: Mapping[str, tuple[ReportContext, Sequence[str]]] = MappingProxyType({})) -> None:
    """
    Reports by site, each a context and its rendered pages, put into the folder `target` in one move.

    The report over all stands in the folder itself, each site's in sites/<site>/. A withheld site gets one page that
    names the rules its records break. Sites that are not given stay as they were published last.
    """
    from analysis.report.csv_tables import FOLDER
    from analysis.report.site import write_articles, write_withheld
    from pipelines.pages import article_of
    from pipelines.runs import runs_of

    target = target.resolve()  # a link to a folder elsewhere stays one
    aside, old = target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")
    shutil.rmtree(aside, ignore_errors=True)
    if old.is_dir() and not target.exists():  # a run was killed between the two renames
        os.replace(old, target)
    if target.is_dir():
        shutil.copytree(target, aside, copy_function=_linked)
    aside.mkdir(parents=True, exist_ok=True)
    for site in (*reports, *withheld):
        folder = folder_of(aside, site)
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.iterdir():
            if file.is_file():
                file.unlink()
        shutil.rmtree(folder / FOLDER, ignore_errors=True)
        fresh = folder / ".fresh"
        fresh.mkdir()
        if site in withheld:
            context, rules = withheld[site]
            write_withheld(fresh, context, [_says(rule) for rule in rules])
        else:
            context, orders = reports[site]
            write_articles(fresh, context, {order.name: article_of(order, context) for order in orders},
                           runs_of(context, orders))
        for file in fresh.iterdir():
            os.replace(file, folder / file.name)
        fresh.rmdir()
    replace_folder(aside, target)


def _linked(source: str, destination: str) -> None:
    """The file under a second name; a copy of it where the file system has no such links."""
    try:
        os.link(source, destination)
    except OSError:
        shutil.copy2(source, destination)


def folder_of(target: Path, site: str) -> Path:
    """Where a site's report stands in the published folder."""
    return target if site == "all" else target / "sites" / site


def replace_folder(new: Path, target: Path) -> None:
    """`new` in the place of `target`. A kill between the two renames leaves one of them whole, never a mixture."""
    target.parent.mkdir(parents=True, exist_ok=True)
    old = target.with_name(f".{target.name}.old")
    if old.is_symlink():
        old.unlink()
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        os.replace(target, old)
    os.replace(new, target)
    shutil.rmtree(old, ignore_errors=True)

"""One function per step of the road: read and check, tidy, execute a page, gate, publish."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from analysis.errors import BlockingFaults, Leak, PageFailed
from analysis.study import Study
from pipelines.cache import write_text

MOST_FAULTS_SHOWN = 12


def check_and_tidy(study: Study) -> int:
    """
    Raw extracts to canonical tables under .build/<study>/tidy/, checked on the way. Returns how many queries were logged.

    Raises BlockingFaults, with the first rows concerned, where a blocking rule is broken: then no table is written and
    what was there stays as it was.
    """
    from analysis.extracts.expectations import validate
    from analysis.extracts.coded import with_interviews
    from analysis.extracts.plan import plans
    from analysis.extracts.read import read
    from analysis.extracts.tidy import due_timepoints, tidy

    delivered = {plan.name: read(plan, study.raw) for plan in plans(study)}
    validation = validate(delivered)
    log = study.build / "data_queries.csv"
    faults, checks = validation.faults, validation.checks
    if validation.blocking.empty:
        tables, rows = tidy(delivered, faults)
        if study.fits("outcomes") and "timepoints" not in tables:
            tables["timepoints"] = due_timepoints(tables, study["timepoints"], study["outcomes"]["instruments"],
                                                  study.data_cut("questionnaires"))
        if study.fits("interviews"):
            tables, more_faults, more_checks = with_interviews(study, tables)
            faults, checks = _joined(faults, more_faults), _joined(checks, more_checks)
    write_text(log, faults.to_csv(index=False, lineterminator="\n"))
    blocking = faults[faults["severity"] == "blocking"]
    if len(blocking):
        raise _blocking(study, blocking)
    _write_tables(study, {**tables, "quality_rows": rows, "quality_checks": checks, "quality_faults": faults})
    return len(faults)


def _joined(one, other):
    import pandas as pd

    return pd.concat([one, other], ignore_index=True) if len(other) else one


def _blocking(study: Study, blocking) -> BlockingFaults:
    lines = [f"{f.file}, line {f.row}{', ' + f.column if f.column else ''}: not so: {_says(f.rule)} (found {f.found})\n    -> {f.todo}"
             for f in blocking.head(MOST_FAULTS_SHOWN).itertuples()]
    more = len(blocking) - len(lines)
    return BlockingFaults(
        f"{study.name}: {len(blocking)} blocking fault{'s' if len(blocking) > 1 else ''}; nothing was published, "
        f"the last report is as it was\n  " + "\n  ".join(lines) + (f"\n  and {more} more" if more else ""),
        remedy=f"all of them: .build/{study.name}/data_queries.csv")


def _says(rule: str) -> str:
    from analysis.extracts.rules import RULES

    return RULES[rule].says


def _write_tables(study: Study, tables: Mapping) -> None:
    """All tables at once: written into a folder aside, which then takes the place of the old one."""
    aside = study.build / "tidy.new"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    for name, frame in sorted(tables.items()):
        frame.to_parquet(aside / f"{name}.parquet", index=False)
    replace_folder(aside, study.build / "tidy")


def execute_page(notebook: Path, output: Path, parameters: Mapping[str, object], root: Path) -> str:
    """
    One notebook run under papermill with its parameters, the executed copy at `output`. Returns nothing but "".

    A page that fails is kept as <page>.failed.ipynb and PageFailed says cell, source and error. What the gate
    refuses is a Leak. Runs in a process of its own: papermill changes the working directory of the whole process.
    """
    import json
    import warnings

    warnings.simplefilter("ignore")
    import papermill
    from papermill.exceptions import PapermillExecutionError

    from analysis.protect.gate import refused

    os.environ["SERVICE_EVALUATION_ROOT"] = str(root)
    os.environ["SERVICE_EVALUATION_PAGES"] = str(output.parent)
    output.parent.mkdir(parents=True, exist_ok=True)
    aside, failed = output.with_name(f".{output.name}"), output.with_name(f"{output.stem}.failed.ipynb")
    failed.unlink(missing_ok=True)
    try:
        node = papermill.execute_notebook(
            str(notebook), str(aside), parameters=dict(parameters), cwd=str(notebook.parent), kernel_name="python3",
            progress_bar=False, log_output=False, request_save_on_cell_execute=False, record_timing=False)
    except PapermillExecutionError as error:
        os.replace(aside, failed)
        raise PageFailed(f"cell {error.cell_index} failed: {error.ename}: {error.evalue}\n    "
                         + "\n    ".join(error.source.strip().splitlines()), where=notebook.name,
                         remedy=f"the page as far as it came: {failed.relative_to(root)}") from None
    node = clean(node)
    registry = json.loads((output.parent / f"{output.stem}.registry.json").read_text("utf-8"))
    if parameters.get("tier", "release") == "release" and (found := refused(node["cells"], registry)):
        write_notebook(node, failed)
        aside.unlink(missing_ok=True)
        raise Leak("\n    ".join(found), where=notebook.name,
                   remedy="show only what present makes: table(page.release(…)), a figure, a sentence")
    write_notebook(node, output)
    aside.unlink(missing_ok=True)
    return ""


def clean(node):
    """The executed notebook without what differs from run to run: papermill's records, times, random ids."""
    node.metadata.pop("papermill", None)
    for number, cell in enumerate(node.cells):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = f"injected-parameters-{number}"
    node.metadata.get("language_info", {}).pop("version", None)
    return node


def write_notebook(node, path: Path) -> None:
    """The notebook as JSON, written aside and renamed."""
    import nbformat

    write_text(path, nbformat.writes(node) + "\n")


def publish(study: Study, executed: Mapping[str, Path], tier: str, site: str) -> Path:
    """
    Executed pages to a site: rendered aside, looked at by the gate, then put in the place of the last one in one move.

    Returns the folder: reports/<study>/ for the release tier, .build/<study>/working/ for the other.
    """
    import nbformat

    from analysis.report.site import write_site
    from pipelines.context import report_context

    notebooks = {name: nbformat.read(path, as_version=4) for name, path in executed.items()}
    aside = study.build / f"site-{tier}.new"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    write_site(aside, report_context(study, notebooks, tier, site), notebooks)
    target = study.reports if tier == "release" else study.build / "working"
    replace_folder(aside, target)
    return target


def replace_folder(new: Path, target: Path) -> None:
    """`new` in the place of `target`. A kill between the two renames leaves one of them whole, never a mixture."""
    target.parent.mkdir(parents=True, exist_ok=True)
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        os.replace(target, old)
    os.replace(new, target)
    shutil.rmtree(old, ignore_errors=True)

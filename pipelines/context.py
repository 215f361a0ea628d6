"""A study and the notebooks of its pages in; what the report says about itself, out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analysis.errors import Mistake
from analysis.measures.words import day_in_words, days_in_words
from analysis.protect.profile import profile
from analysis.report.context import PageLink, ReportContext
from analysis.report.pages import page_title
from analysis.report.provenance import provenance
from analysis.report.run import RUN
from analysis.study import Study
from pipelines.cache import files_under
from pipelines.needs import left_out


def report_context(study: Study, notebooks: Sequence[Path], tier: str, site: str,
                   withheld: Sequence[str] = ()) -> ReportContext:
    """
    The words that stand around every page: title, period, data cut, tier, site, disclosure rules, provenance.

    The report over all sites says which of them it leaves out because they are withheld.
    """
    import nbformat

    said = study.definition.values
    without = f", without {' and '.join(map(study.site_name, withheld))} (withheld: faults in the records)"
    titles = {path.stem: page_title(nbformat.read(path, as_version=4)) for path in notebooks}
    return ReportContext(
        study=study.name, title=study.title, question=said.get("question", ""), synthetic=study.synthetic,
        period=days_in_words(*study.period),
        data_cut=tuple((part, day_in_words(day)) for part, day in said["data_cut"].items()), tier=tier,
        site=study.site_name(site) + (without if withheld and site == "all" else ""),
        disclosure=tuple((population, profile(name).rule) for population, name in study.profile_names.items()),
        pages=tuple(PageLink(name, title, f"{name}.html") for name, title in titles.items()),
        provenance=provenance(study.root, files_under(study.folder, "*.toml", "*.md"), files_under(study.raw, "*")),
        about=(RUN,), left_out=tuple((_title(path), why) for path, why in left_out(study)))


def _title(path: Path) -> str:
    """A page's title, or the name of its notebook where that has none."""
    import nbformat

    try:
        return page_title(nbformat.read(path, as_version=4))
    except Mistake:
        return path.stem

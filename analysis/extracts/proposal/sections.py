"""Proposed extracts in; the sections of a definition that follow from them (period, sites, time points), out."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from statistics import median

from analysis.extracts.proposal.codes import Rule
from analysis.extracts.proposal.dates import dates
from analysis.extracts.proposal.extracts import Extract
from analysis.extracts.proposal.files import Folder
from analysis.extracts.proposal.text import toml
from analysis.extracts.proposal.timepoints import LABELS, timepoint_in
from analysis.reference.instruments import SHIPPED
from analysis.reference.medicines import medicines

# Dates of what happened in the service: of them the period is made. Births, deaths and registrations are older.
HAPPENED = {"referrals": ("identified_on", "invited_on"), "episodes": ("started_on",), "contacts": ("date",),
            "interventions": ("offered_on",)}
AFTER = {"responses": ("date",), "interviews": ("date",)}
GROUPS = ("service user", "service provider")  # as the pages about interviews call them
A_YEAR = datetime.timedelta(days=366)


def section_lines(study: str, made: Sequence[Extract], folder: Folder, rule: Rule,
                  coded: Sequence[str] = ()) -> Iterator[str]:
    """The text above the extracts. `coded` are files with a table of coded passages."""
    title = study.replace("-", " ").replace("_", " ")
    yield "# Written by make new from the exports' form: headings, formats, codes. No record is in it; read it through."
    yield '# Lines with CHOOSE wait for you: take the "# " away from the line below that is right.'
    yield "# Lines with CHECK hold a guess: look at them."
    yield '# Where an export holds more than is meant, keep = { "Type" = ["Opioid"] } reads only such rows of it.'
    yield ""
    yield f"title    = {toml(title[:1].upper() + title[1:])}   # CHECK: as it shall stand on the report"
    yield '# question = "What does the evaluation ask?"'
    period = _span(made, HAPPENED, rule)
    if period:
        yield f"period   = {{ from = {period[0]}, to = {period[1]} }}   # CHECK: the months that the records speak of"
        cut = {"records": period[1]}
        for table, component in (("responses", "questionnaires"), ("interviews", "interviews")):
            if span := _span(made, {table: AFTER[table]}, rule):
                cut[component] = span[1]
        yield f"data_cut = {toml(cut)}   # CHECK: until when each was collected"
    else:
        yield "# CHOOSE period: no dates of referrals, stays or contacts were found"
        yield "# period = { from = 2020-01-01, to = 2020-12-31 }"
        yield "# CHOOSE data_cut: until when the records were collected"
        yield "# data_cut = { records = 2020-12-31 }"
    if groups := _groups(made):
        said = f"groups   = {toml(groups)}" if "…" not in groups else f"# groups = {toml(groups)}"
        yield f"{said}   # of interviewees, in the order of the columns"
    yield ""
    yield "# What was promised to whom decides how small a count may be shown: opensafely is the strictest that ships."
    yield "[disclosure]"
    for population in _populations(made):
        yield f'{population} = "opensafely"'
    yield from _sites(made)
    yield from _stays(made)
    yield from _questionnaires(made, rule)
    yield from _doses(made)
    yield from _interviews([*folder.projects, *coded])


def _span(made: Sequence[Extract], columns: Mapping[str, tuple[str, ...]],
          rule: Rule) -> tuple[datetime.date, datetime.date] | None:
    """
    The first day of the first month and the last day of the last one; nothing where few people are behind them.

    A date more than a year before or after nearly all others is taken for a slip of the pen.
    """
    found: list[datetime.date] = []
    people: set[str] = set()
    for extract in made:
        one = extract.reading
        for name in columns.get(extract.table.name, ()):
            entry = extract.columns.get(name)
            if entry and one.meaning(name) and (format := _format(entry)):
                found += dates([cell for cell in one.cells(name) if cell], format)
                people |= set(one.cells(one.person)) if one.person else set(map(str, range(one.found.rows)))
    if not found or rule.hides(len(people)):
        return None
    found.sort()
    low, high = found[len(found) // 50], found[-1 - len(found) // 50]
    found = [day for day in found if low - A_YEAR <= day <= high + A_YEAR]
    first, last = found[0], found[-1]
    return first.replace(day=1), last.replace(day=calendar.monthrange(last.year, last.month)[1])


def _format(entry) -> str:
    """The format of a date; of an open choice the first."""
    said = entry.options[0][0] if entry.choose and entry.options else entry.said
    return said.get("format", "%Y-%m-%d") if "from" in said else ""


def _groups(made: Sequence[Extract]) -> list[str]:
    """The groups of interviewees: both of the pages' where the values mean those; else those that may be named."""
    entries = [entry for extract in made if extract.table.name == "interviews"
               and (entry := extract.columns.get("group")) and entry.codes]
    found = list(dict.fromkeys(ours for entry in entries for ours in entry.codes.codes.values()))
    rarer = [ours for entry in entries for ours in entry.codes.rarer.values()]
    if entries and {*found, *rarer} <= set(GROUPS):
        return list(GROUPS)
    return [*found, "…"] if rarer else found


def _populations(made: Sequence[Extract]) -> list[str]:
    tables = {extract.table.name for extract in made}
    return ["invited", "enrolled"] + (["interviewed", "service_providers"] if "interviews" in tables else [])


def _sites(made: Sequence[Extract]) -> Iterator[str]:
    names: dict[str, str] = {}
    for extract in made:
        entry = extract.columns.get("practice") if extract.table.name == "patients" else None
        if entry and entry.codes:
            names |= {ours: theirs for theirs, ours in entry.codes.codes.items()}
        elif entry and entry.said.get("value", "all") != "all":
            code = entry.said["value"]
            names[code] = code.replace("_", " ").title()
    if names:
        yield ""
        yield "[sites]                      # one report each: --sites all"
        yield 'by    = "practice"'
        yield f"names = {toml(names)}   # CHECK: as they shall be called"


def made_of_contacts(made: Sequence[Extract]) -> bool:
    """Whether stays have to be made of contacts: there are some, and no list says when anybody's stay began."""
    has = [(extract.table.name, set(extract.columns)) for extract in made]
    return any(name == "contacts" for name, _ in has) and not any(
        name == "episodes" and "started_on" in columns for name, columns in has)


def _stays(made: Sequence[Extract]) -> Iterator[str]:
    if made_of_contacts(made):
        yield ""
        yield "# No list says when each person's stay began: stays are made of attended contacts (README, \"Stays\")."
        yield "# If there is such a list, send it as [extracts.episodes] and take [stays] out."
        yield "[stays]"
        yield 'from = "contacts"'
        yield "# CHOOSE gap_days: after how many days without an attended contact a stay is over"
        yield "# gap_days = 42"
        yield "# gap_days = 91"
        yield "# gap_days = 182"


def _questionnaires(made: Sequence[Extract], rule: Rule) -> Iterator[str]:
    wide = [extract for extract in made if extract.items]
    long = [extract for extract in made if extract.table.name == "responses" and not extract.items]
    if not wide and not long:
        return
    names: dict[str, tuple[str, int | None]] = {}
    for extract in wide + long:
        if extract.timepoint:
            _add(names, extract.timepoint, extract.files[0] + " " + extract.reading.found.sheet)
        entry = extract.columns.get("timepoint")
        if entry and entry.codes:
            for theirs, ours in entry.codes.codes.items():
                _add(names, ours, theirs)
        if extract.choose_timepoint:
            for ours in ("baseline", "follow_up"):
                _add(names, ours, ours)
    yield ""
    yield "[timepoints]                 # weeks after the start of the stay"
    width = max((len(name) for name in names), default=0)
    in_order = sorted(names.items(), key=lambda item: (item[1][1] is None, item[1][1] or 0, item[0]))
    for name, (label, weeks) in in_order:
        apart = _weeks_apart(wide, name, rule) if weeks is None else None
        due = next(number for number in (weeks, apart, 26) if number is not None)
        said = f"{name:<{width}} = {toml({'label': label, 'weeks': due})}"
        if weeks is not None:
            yield said
        elif apart is not None:
            yield f"{said}   # CHECK: half of those with both came by then"
        else:
            yield f"# CHOOSE {name}: how many weeks after the start of the stay it is due"
            yield f"# {said}"
    instruments = sorted({name for extract in wide for name in extract.items}
                         | {ours for extract in long if "instrument" in extract.columns
                            for said in (extract.columns["instrument"].said,)
                            for ours in (said.get("codes", {}).values() or [said["value"]] * ("value" in said))})
    if instruments:
        yield ""
        yield "[outcomes]"
        yield f"instruments = {toml(instruments)}"
        yield from _choices_of(instruments)
        if not any(extract.table.name == "episodes" for extract in made) and not made_of_contacts(made):
            yield ("# CHECK: no list says when each person's stay began, after which questionnaires are due: write "
                   "[extracts.episodes],")
            yield "# from a first appointment, a start of treatment or a consent; or take [outcomes] out"


def _choices_of(instruments: Sequence[str]) -> Iterator[str]:
    """What a study must say of these questionnaires and no extract tells: the value set of an index, the setting."""
    known = [SHIPPED[name] for name in instruments if name in SHIPPED.names()]
    for key, what, options in (
            ("value_sets", "what the levels are worth; the package chooses no value set by itself",
             {one.name: SHIPPED.value_sets(one.name) for one in known if one.score == "index"}),
            ("settings", "where the people are seen: its cut-points differ",
             {one.name: list(one.settings) for one in known if one.settings})):
        if options:
            yield f"# CHOOSE {key}: {what}"
            for picked in product(*options.values()):
                yield f"# {key} = {toml(dict(zip(options, picked, strict=True)))}"


def _add(names: dict[str, tuple[str, int | None]], ours: str, theirs: str) -> None:
    known = timepoint_in(theirs)
    if ours not in names:
        names[ours] = ((known.label, known.weeks) if known and known.name == ours
                       else (LABELS.get(ours, theirs), 0 if ours == "baseline" else None))


def _weeks_apart(wide: Sequence[Extract], name: str, rule: Rule) -> int | None:
    """The median of weeks between the baseline and a later questionnaire of the same person, where enough have both."""
    def days(of: str) -> dict[str, datetime.date]:
        found: dict[str, datetime.date] = {}
        for extract in wide:
            one, entry = extract.reading, extract.columns.get("date")
            if not entry or not one.meaning("date") or not one.person or not (format := _format(entry)):
                continue
            column = extract.columns.get("timepoint")
            waves = ([column.codes.codes.get(cell, "") for cell in one.cells("timepoint")]
                     if column and column.codes and one.meaning("timepoint")
                     else [extract.timepoint] * one.found.rows)
            for person, cell, wave in zip(one.cells(one.person), one.cells("date"), waves, strict=True):
                if wave == of and person and cell and (day := dates([cell], format)):
                    found[person] = day[0]
        return found

    first, later = days("baseline"), days(name)
    apart = [(later[person] - first[person]).days / 7 for person in first.keys() & later.keys()]
    return round(median(apart)) if not rule.hides(len(apart)) and median(apart) > 0 else None


def _doses(made: Sequence[Extract]) -> Iterator[str]:
    known = medicines().names
    for extract in made:
        if extract.table.name == "prescriptions" and extract.reading.meaning("product"):
            words = {word for cell in set(extract.reading.cells("product")) for word in cell.casefold().split()}
            if words & set(known):
                yield ""
                yield "[doses]                      # CHECK: opioids are among the products; README, \"A factor table\""
                yield 'table       = "fpm-2020"'
                yield "window_days = 84"
                yield "baseline    = { weeks = 0 }"
                yield "follow_up   = { weeks = 26 }"
                return


def _interviews(projects: Sequence[str]) -> Iterator[str]:
    if projects:
        yield ""
        yield "[interviews]"
        yield f"project = {toml(projects[0])}" + (
            f"   # CHECK: one of {', '.join(projects)}" if len(projects) > 1 else "")
        yield '# stance = "stance"               # the code above those that say how a passage speaks: positive, mixed'
        yield "# CHOOSE coding: how the passages were coded decides what may be counted (README)"
        yield '# coding = "coding reliability"   # counts, agreement between coders, saturation'
        yield '# coding = "codebook"             # counts, and a log of discrepancies'
        yield '# coding = "reflexive"            # no counts: themes, and who spoke to what'

"""Proposed extracts in; the sections that a definition may have and a person has to fill in, as comments, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.extracts.proposal.extracts import Extract
from analysis.extracts.proposal.text import columns_line, comment, toml
from analysis.extracts.tables import EVENTS

# Of the table of characteristics: what is shown of each column of the lists of people, in the order of a Table 1.
SHOWN = {"birth_year": ("age", "median"), "sex": ("sex", "levels"), "practice": ("practice", "levels"),
         "ethnicity": ("ethnicity", "levels"), "imd_decile": ("imd_decile", "bands"),
         "disability": ("disability", "levels")}
APPROACH = {"source": ("source", "levels"), "route": ("route", "levels")}
DAYS = ("identified_on", "invited_on", "responded_on")


def optional_lines(made: Sequence[Extract], projects: Sequence[str]) -> Iterator[str]:
    """
    What the exports can bear beyond what is said already, each section commented out with what it would need.

    Nothing here waits for the person: a report is made without any of it, and says what is not stated.
    """
    has: dict[str, set[str]] = {}
    for extract in made:
        has.setdefault(extract.table.name, set()).update(extract.columns)
    yield '# What may be said beside: take the "# " away from what you fill in. A report is made without, and says what'
    yield "# is not stated. `pages` may list the pages; without it there is each whose records and sections are there."
    yield from _safety(made, has)
    if "contacts" in has:
        yield "# [activity]"
        yield from (f'# wait_from = "{day}"   # the day that a wait for the first contact begins on'
                    for day in DAYS if day in has.get("referrals", ()))
        yield "# seen_within_weeks = [4, 12]"
    shown = [pair for table, pairs in (("patients", SHOWN), ("referrals", APPROACH)) for column, pair in pairs.items()
             if column in has.get(table, ())]
    if len(shown) > 1:
        yield "# [characteristics.columns]   # in the order of the table; without it the usual ones"
        yield from (f'# {name} = "{way}"' for name, way in shown)
    if has.keys() & {"contacts", "interventions", "episodes"}:
        yield "# [fidelity]   # what was planned, to be set beside what was delivered"
        yield "# contacts = 6      # a person; likewise minutes (a contact), weeks (a stay), staff"
        yield '# source   = "where the plan is written"'
    yield '# [tidier]     # what no record says: name, why, materials, procedures, who, how, where, when, tailoring, …'
    yield '# name = "…"'
    yield '# why  = "…"'
    yield "# [protocol]   # and rec, iras, dpia, legal_basis, data_sharing, retention, funder, registration"
    yield '# classification = "service evaluation"   # or research, audit'
    yield '# prespecified   = ["participant flow", "outcome scores"]   # what was planned; all else is post hoc'
    if "contacts" in has and "episodes" in has:
        yield from _unit_costs(made)
    if "consents" in has and "interviews" in has:
        yield from _consents_of_staff(made)
    if projects:
        yield "# [quotations]   # and make quotes: README, \"Quotations\""
        yield "# k    = 10      # so many people must fit the words under a quotation"
        yield "# most = 3       # quotations of one participant"


def _safety(made: Sequence[Extract], has: dict[str, set[str]]) -> Iterator[str]:
    """Which safety events are collected: the kinds of the extract; where there is none, that is for a person to say."""
    if "events" in has:
        entry = next(extract.columns["kind"] for extract in made if extract.table.name == "events")
        said = entry.said.get("codes", {}).values() or [entry.said.get("value", "")]
        rarer = entry.codes.rarer.values() if entry.codes else []
        kinds = [kind for kind in EVENTS if kind in {*said, *rarer}]
        if kinds:
            yield f"# [safety]\n# collected = {toml(kinds)}"
            return
    yield '# [safety]'
    yield '# collected = "not collected"   # or the kinds that are: overdose, self-harm, withdrawal, complaint, other'


def _consents_of_staff(made: Sequence[Extract]) -> Iterator[str]:
    """Where consents are delivered, whoever was interviewed needs one: of staff, the log itself may be the record."""
    log = next(extract for extract in made if extract.table.name == "interviews")
    group = log.columns.get("group")
    said = group.codes.codes if group and group.codes else {}
    theirs = [theirs for theirs, ours in said.items() if ours == "service provider"]
    if not group or "participant_id" not in log.columns or "from" not in group.said:
        return
    yield comment("Whoever was interviewed needs a consent on record. If that of staff was given and is in no list, "
                  "the log can be read once more:")
    yield "# [extracts.consents_of_staff]"
    yield '# table = "consents"'
    for key in ("file", "sheet", "header_row", "encoding", "delimiter"):
        if key in log.said:
            yield f"# {key} = {toml(log.said[key])}"
    yield f"# keep = {{ {toml(group.said['from'])} = {toml(theirs or ['…'])} }}"
    yield "# [extracts.consents_of_staff.columns]"
    yield f"# {columns_line('person', {'from': log.columns['participant_id'].said.get('from', '…')})}"
    yield '# kind = { value = "interview" }'
    yield '# status = { value = "given" }'
    if (day := log.columns.get("date")) and not day.choose:
        yield f"# {columns_line('date', {key: day.said[key] for key in ('from', 'format') if key in day.said})}"


def _unit_costs(made: Sequence[Extract]) -> Iterator[str]:
    attendance = [ours for extract in made if extract.table.name == "contacts" and "attendance" in extract.columns
                  for ours in extract.columns["attendance"].said.get("codes", {}).values()]
    missed = [one for one in ("did not attend", "cancelled by patient") if one in attendance] or ["did not attend"]
    yield comment("A page of costs needs unit_costs.toml beside this file, each number with its source:")
    yield '#   price_year = "2024/25"'
    yield '#   [grades."therapist"]'
    yield '#   per_hour = 0.00'
    yield '#   source   = "…"'
    yield '#   [contacts]'
    yield '#   grade = "therapist"'
    yield f'#   [missed]\n#   grade = "therapist"\n#   attendance = {toml(missed)}\n#   basis = "…"'

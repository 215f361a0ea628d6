"""Made-up records and the extracts of one file in; what each row of the file says of each of them, out."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.extracts.column_plan import ColumnPlan
from analysis.extracts.plan import ExtractPlan
from analysis.extracts.synthetic.people import Person
from analysis.extracts.synthetic.records import Record, World
from analysis.extracts.tables import Table


def rows(world: World, plans: Sequence[ExtractPlan]) -> list[dict[str, Record | None]]:
    """
    What each row of a file says, by extract: as many rows as the fullest of its tables has.

    An extract that keeps only some rows of a file which another reads whole has none of its own: what the others say
    tells which rows are its. Where all extracts of a file keep some rows only, each has rows of its own. None: the row
    says nothing of it by itself.
    """
    of = {plan.name: _records(world, plan) for plan in plans}
    if len(plans) > 1 and all(plan.keep for plan in plans):
        return [{other.name: record if other is plan else None for other in plans}
                for plan in plans for record in of[plan.name]]
    whole = [plan for plan in plans if not plan.keep or len(plans) == 1]
    lead = max(whole, key=lambda plan: len(of[plan.name]))
    others = [plan for plan in whole if plan is not lead]
    by_name = {plan.name: plan for plan in others}
    theirs = {plan.name: {_who(r): r for r in reversed(of[plan.name])} for plan in others}
    made: list[dict[str, Record | None]] = []
    for record in of[lead.name]:
        row = {lead.name: record} | {plan.name: theirs[plan.name].get(_who(record)) or _declined(plan, record)
                                     for plan in others}
        if all(row[plan.name] or not any(c.required for c in plan.delivered if c.name != "patient_id")
               for plan in others):
            made.append(dict.fromkeys(plan.name for plan in plans) | {
                name: said or _nothing_of(record, by_name[name].table)
                for name, said in row.items()})
    return made


def _nothing_of(record: Record, table: Table) -> Record:
    """What a row says of a person of whom that table has no record: who it is, and nothing else."""
    return {**dict.fromkeys(table.names), "whose": record["whose"], "patient_id": record.get("patient_id")}


def _declined(plan: ExtractPlan, record: Record) -> Record | None:
    """Of a sheet with a column for each kind of consent: whoever was not asked for one is down as having declined."""
    status = plan.column("status")
    if plan.table.name != "consents" or "person" not in record or not status or "declined" not in status.codes.values():
        return None
    return {**record, "status": "declined"} | _constants(plan)


def _who(record: Record) -> object:
    return record["whose"].number if record.get("whose") else None


def _records(world: World, plan: ExtractPlan) -> list[Record]:
    """The records of the plan's table that this extract may hold, no two with the key that it says."""
    alike, said, needed = world.words.alike[plan.name], _constants(plan), [c for c in plan.delivered if c.required]
    identifiers = [c.name for c in plan.delivered if plan.table.name == "identifiers" and c.name != "patient_id"]
    held, keys = [], set()
    records = _questionnaires(world, plan) if plan.items else world.table(plan.table.name)
    for place, record in enumerate(records):
        if alike.index(plan.name) != share_of(world, record, place, len(alike)):
            continue  # two practices' own extracts of one shape: a person is in one of them
        if identifiers and not any(record.get(name) for name in identifiers):
            continue  # who was never interviewed has no participant's number
        if any(record.get(name) not in (None, value) for name, value in said.items()):
            continue
        if not all(_has(plan, c, record) for c in needed):
            continue
        key = tuple(record.get(name) for name in plan.key)
        if plan.key and key in keys:
            continue
        keys.add(key)
        held.append(record)
    return held


def share_of(world: World, record: Record, place: int, of: int) -> int:
    """Which of several files or extracts of one shape holds a record: that of the practice where there is one each."""
    whose: Person | None = record.get("whose")
    if whose is None:
        return place % of
    return (whose.site if len(world.words.sites) >= of else whose.number) % of


def _constants(plan: ExtractPlan) -> dict[str, str]:
    return {c.name: c.value for c in plan.columns if c.value}


def _has(plan: ExtractPlan, column: ColumnPlan, record: Record) -> bool:
    """Whether the record has what the column must say: a code that the extract knows."""
    value = record.get(column.name)
    return value is None or not column.codes or value in column.codes.values()


def _questionnaires(world: World, plan: ExtractPlan) -> list[Record]:
    """One record a questionnaire that came back at a time point of the extract, answers by 'instrument:heading'."""
    found: dict[tuple, Record] = {}
    column = plan.column("timepoint")
    here = {plan.timepoint} if column is None else {column.value} if column.value else set(column.codes.values())
    for answer in world.table("responses"):
        if answer["timepoint"] in here and answer["instrument"] in plan.items:
            whose = answer["whose"]
            record = found.setdefault((whose.number, answer["timepoint"]), {
                "whose": whose, "patient_id": whose.patient_id, "timepoint": answer["timepoint"],
                "date": answer["date"], "version": None, "total": None, "completed_by": answer["completed_by"]})
            headings = plan.items[answer["instrument"]]
            place = plan.scales[answer["instrument"]].items.index(answer["item"])
            record[f"{answer['instrument']}:{headings[place]}"] = answer["answer"]
    if len(plan.items) == 1:  # of two instruments, nobody could tell whose total it is
        for record in found.values():
            answers = [value for name, value in record.items() if ":" in name]
            record["total"] = None if None in answers else sum(answers)
    return list(found.values())

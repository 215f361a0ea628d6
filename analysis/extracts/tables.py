"""The canonical tables: every column's name, type, unit and codes. The one list for reading, checking and tidying."""

from dataclasses import dataclass

TYPES = ("id", "nhs_number", "date", "integer", "number", "text", "category")


@dataclass(frozen=True)
class Column:
    """One column of a canonical table. `codes` empty in a category: the study's definition brings its own codes."""

    name: str
    type: str
    required: bool = False
    links: str = ""  # the table whose key this column points at
    codes: tuple[str, ...] = ()
    unit: str = ""
    absent: bool = False  # an extract may lack the column altogether; where it has it, `required` holds


@dataclass(frozen=True)
class Table:
    """One canonical table. `key` names the columns that no two rows may share."""

    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    def column(self, name: str) -> Column | None:
        return next((c for c in self.columns if c.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)


def _patient(required: bool = True) -> Column:
    return Column("patient_id", "id", required=required, links="patients")


SEX = ("female", "male", "other", "not recorded")
YES_NO = ("yes", "no")
EVENTS = ("overdose", "self-harm", "withdrawal", "complaint", "other")
# Of a code, an interview or a decision; of an interview: what it says on a theme, that it speaks against one, that its
# transcript was checked, what was taken out of it; what participants said of the findings; where the analysts stand.
MEMOS = ("code", "interview", "decision", "summary", "negative case", "transcript check", "anonymisation",
         "participant feedback", "reflexivity")
# Of "national data opt-out", given means that the person has opted out.
CONSENTS = ("evaluation", "interview", "quotation", "linkage", "archive", "national data opt-out")

_TABLES = (
    Table("patients", "a person known to the service", (
        Column("patient_id", "id", required=True),
        Column("practice", "category", required=True),
        Column("registered_on", "date"),
        Column("deregistered_on", "date"),
        Column("died_on", "date"),
        Column("sex", "category", codes=SEX),
        Column("birth_year", "integer"),
        Column("ethnicity", "category"),
        Column("imd_decile", "integer"),
        Column("disability", "category"),
        Column("opted_out", "category", codes=YES_NO),  # the national data opt-out
        Column("withdrew_on", "date"),  # filled by consent.py: nothing about the person is collected after this day
    ), key=("patient_id",)),
    Table("identifiers", "one person's numbers in the systems that know them (never tidied, never published)", (
        Column("patient_id", "id", required=True),
        Column("nhs_number", "nhs_number"),
        Column("participant_id", "id"),
        Column("surname", "text"),  # only held against another list's: a name that changed is no other person
    ), key=("patient_id",)),
    Table("referrals", "an approach to the service", (
        _patient(),
        Column("source", "category"),
        Column("identified_on", "date"),
        Column("invited_on", "date"),
        Column("eligible", "category", codes=YES_NO),
        Column("route", "category"),
        Column("response", "category", codes=("enrolled", "declined", "no reply")),
        Column("responded_on", "date"),
        Column("reason", "category"),
    ), key=("patient_id", "invited_on")),
    Table("episodes", "a stay in the service", (
        _patient(),
        Column("worker", "id"),
        Column("started_on", "date", required=True),
        Column("ended_on", "date"),
        Column("end_reason", "category"),
        Column("recorded_on", "date"),
    ), key=("patient_id", "started_on")),
    Table("contacts", "a booked contact", (
        Column("contact_id", "id", required=True, absent=True),
        _patient(),
        Column("date", "date", required=True),
        Column("mode", "category",
               codes=("face to face", "telephone", "video", "text message", "email", "letter")),
        Column("place", "category"),
        Column("worker", "id"),
        Column("booked_minutes", "integer", unit="minutes"),
        Column("minutes", "integer", unit="minutes"),
        Column("attendance", "category", required=True,
               codes=("attended", "did not attend", "cancelled by patient", "cancelled by service")),
        Column("recorded_on", "date"),
    ), key=("contact_id",)),
    Table("interventions", "something offered", (
        _patient(),
        Column("setting", "category", required=True, codes=("within service", "community")),
        Column("intervention", "category", required=True),
        Column("provider", "category"),
        Column("offered_on", "date"),
        Column("uptake", "category", required=True, codes=("taken up", "not taken up", "not known")),
        Column("started_on", "date"),
        Column("ended_on", "date"),
    )),
    Table("prescriptions", "an issue of a drug", (
        _patient(),
        Column("issued_on", "date", required=True),
        Column("product", "text", required=True),
        Column("dmd_code", "id"),
        Column("bnf_code", "id"),
        Column("strength", "text"),
        Column("form", "text"),
        Column("route", "text"),
        Column("quantity", "number", required=True),
        Column("unit", "text"),
        Column("directions", "text"),
        Column("days_supply", "number", unit="days"),
        Column("status", "category"),
        Column("recorded_on", "date"),
    )),
    Table("timepoints", "a questionnaire or review that was due", (
        _patient(),
        Column("instrument", "id", required=True),
        Column("timepoint", "category", required=True),
        Column("due_on", "date"),
        Column("outcome", "category",
               codes=("returned", "not returned", "not yet due", "died", "left")),
        Column("reason", "category"),
    ), key=("patient_id", "instrument", "timepoint")),
    Table("responses", "one answer to one item", (
        _patient(),
        Column("instrument", "id", required=True),
        Column("version", "id"),
        Column("timepoint", "category", required=True),
        Column("date", "date"),
        Column("item", "id", required=True),
        Column("answer", "integer"),
        Column("total", "number"),  # as it was sent: scores are computed from the answers
        Column("completed_by", "category", codes=("the person", "the person with help", "somebody else")),
    ), key=("patient_id", "instrument", "timepoint", "item")),
    Table("events", "something that safety must see", (
        _patient(),
        Column("date", "date"),
        Column("kind", "category", required=True, codes=EVENTS),
        Column("related", "category", codes=("yes", "no", "not known")),
        Column("source", "category"),
    )),
    Table("aggregates", "a count that came as a count", (
        Column("site", "category"),
        Column("what", "category", required=True, codes=("list size", "eligible", "staff in role")),
        Column("by", "category"),  # the group that is counted; empty where it is everybody
        Column("count", "integer", required=True),
        Column("date", "date"),
        Column("source", "category"),
    ), key=("site", "what", "by", "date")),
    Table("consents", "a consent given, declined or withdrawn", (
        Column("person", "id", required=True),
        Column("kind", "category", required=True, codes=CONSENTS),
        Column("status", "category", required=True, codes=("given", "declined", "withdrawn")),
        Column("date", "date"),
        Column("scope", "category", codes=("no further collection", "no further use", "delete")),
    ), key=("person", "kind", "status", "date")),
    Table("recruitment", "an approach about being interviewed", (
        _patient(),
        Column("contact", "category", required=True, codes=("agreed", "declined", "not asked")),
        Column("reason", "category"),
        Column("invited", "category", codes=YES_NO),
        Column("response", "category", codes=("interviewed", "no response", "declined")),
    ), key=("patient_id",)),
    Table("interviews", "an interview", (
        Column("interview_id", "id", required=True),
        Column("participant_id", "id", required=True),
        Column("group", "category", required=True),
        Column("role", "category"),
        Column("practice", "category"),
        Column("sex", "category", codes=SEX),
        Column("age_band", "category"),
        Column("date", "date"),
        Column("minutes", "integer", unit="minutes"),
        Column("mode", "category"),
        Column("interviewer", "id"),
        Column("setting", "category"),
        Column("recorded", "category", codes=YES_NO),
        Column("guide_version", "id"),
        Column("text_sha256", "id"),
        Column("characters", "integer", unit="characters of the text"),
        Column("quotable", "category", codes=YES_NO),  # all three filled by withdrawals.py; only "yes" allows it
        Column("linkable", "category", codes=YES_NO),
        Column("linked_to", "id"),  # the patient, where linkable is yes: without consent no link is kept
    ), key=("interview_id",)),
    Table("asked", "a topic raised in an interview", (
        Column("interview_id", "id", required=True, links="interviews"),
        Column("guide_version", "id"),
        Column("topic", "category", required=True),
        Column("asked", "category", required=True, codes=YES_NO),
    ), key=("interview_id", "topic")),
    Table("codes", "a code of the codebook", (
        Column("code_id", "id", required=True),
        Column("parent", "id"),
        Column("name", "text", required=True),
        Column("definition", "text"),
        Column("include", "text"),
        Column("exclude", "text"),
        Column("theme", "text"),
        Column("construct", "text"),
    ), key=("code_id",)),
    Table("codings", "a coded passage", (
        Column("interview_id", "id", required=True, links="interviews"),
        Column("code_id", "id", required=True, links="codes"),
        Column("coder", "id"),
        Column("start", "integer"),
        Column("end", "integer"),
        Column("text", "text"),
        Column("date", "date"),
        Column("stance", "category", codes=("positive", "negative", "mixed", "none")),
        Column("part", "category", codes=("passage", "whole", "elsewhere")),  # elsewhere: of a picture, a recording
        Column("selection", "id"),  # codings that one act of selecting carries
    )),
    Table("memos", "a dated note of the analysis", (
        Column("kind", "category", codes=MEMOS),
        Column("about", "id"),  # the code or the interview; a decision need not be about either
        Column("code_id", "id"),  # of a summary or a negative case: the theme or code that it is of
        Column("author", "id"),
        Column("date", "date"),
        Column("text", "text", required=True),
    )),
)

TABLES: dict[str, Table] = {table.name: table for table in _TABLES}

"""A service of four people in which nothing is wrong, with every column that a rule over rows and tables looks at."""

import copy
from pathlib import Path

from small_extracts import LOG, Files, head, opened

from analysis.extracts.checks.across import findings
from analysis.extracts.plan import plans
from analysis.extracts.read import ROW, read

DEFINITION = head("A clean service", 2017) + """\
[timepoints]
baseline  = { label = "Baseline",  weeks = 0 }
follow_up = { label = "Follow-up", weeks = 26 }

[extracts.numbers]
table = "identifiers"
file  = "numbers.csv"
[extracts.numbers.columns]
patient_id     = { from = "Client" }
nhs_number     = { from = "NHS no." }
participant_id = { from = "Participant" }
surname        = { from = "Surname" }

[extracts.north]
table = "patients"
file  = "north.csv"
[extracts.north.columns]
patient_id      = { from = "Client" }
practice        = { value = "north" }
registered_on   = { from = "Registered" }
deregistered_on = { from = "Left" }
died_on         = { from = "Died" }
sex             = { from = "Sex", codes = { "F" = "female", "M" = "male", "?" = "not recorded" } }
birth_year      = { from = "Born" }
ethnicity       = { from = "Group", codes = { "A" = "White British" } }
imd_decile      = { from = "Decile" }

[extracts.south]
table = "patients"
file  = "south.csv"
[extracts.south.columns]
patient_id = { from = "Client" }
practice   = { value = "south" }
sex        = { from = "Sex", codes = { "F" = "female", "M" = "male" } }
birth_year = { from = "Born" }

[extracts.referrals]
file = "referrals.csv"
[extracts.referrals.columns]
patient_id    = { from = "Client" }
identified_on = { from = "Found" }
invited_on    = { from = "Invited" }
response      = { from = "Answer", codes = { "yes" = "enrolled", "no" = "declined" } }
responded_on  = { from = "Answered" }

[extracts.episodes]
file = "episodes.csv"
[extracts.episodes.columns]
patient_id  = { from = "Client" }
started_on  = { from = "Start" }
ended_on    = { from = "End" }

[extracts.contacts]
file     = "contacts.csv"
exported = 2018-01-05
[extracts.contacts.columns]
contact_id  = { from = "Ref" }
patient_id  = { from = "Client" }
date        = { from = "Date", format = "%d/%m/%Y %H:%M" }
attendance  = { from = "Outcome", codes = { "A" = "attended" } }
recorded_on = { from = "Typed", format = "%d/%m/%Y" }

[extracts.interventions]
file = "interventions.csv"
[extracts.interventions.columns]
patient_id   = { from = "Client" }
setting      = { value = "community" }
intervention = { value = "walking" }
uptake       = { value = "taken up" }
offered_on   = { from = "Offered" }
started_on   = { from = "Start" }

[extracts.issues]
table = "prescriptions"
file  = "issues.csv"
[extracts.issues.columns]
patient_id = { from = "Client" }
issued_on  = { from = "Issued" }
product    = { from = "Drug" }
bnf_code   = { from = "BNF" }
directions = { from = "Directions" }
quantity   = { from = "Qty" }
unit       = { from = "Unit" }
status     = { from = "Kind", codes = { "R" = "repeat", "A" = "acute", "T" = "never issued", "H" = "hospital" } }

[extracts.first]
table     = "responses"
file      = "first.csv"
timepoint = "baseline"
[extracts.first.columns]
patient_id   = { from = "Client" }
date         = { from = "Date" }
version      = { from = "Version" }
total        = { from = "Total" }
completed_by = { from = "By", codes = { "P" = "the person", "C" = "somebody else" } }
[extracts.first.items]
swemwbs = ["S1", "S2", "S3", "S4", "S5", "S6", "S7"]

[extracts.second]
table     = "responses"
file      = "second.csv"
timepoint = "follow_up"
[extracts.second.columns]
patient_id = { from = "Client" }
date       = { from = "Date" }
[extracts.second.items]
peg = ["P1", "P2", "P3"]

[extracts.due]
table = "timepoints"
file  = "due.csv"
[extracts.due.columns]
patient_id = { from = "Client" }
instrument = { from = "Scale" }
timepoint  = { from = "When", codes = { "1" = "baseline", "2" = "follow_up" } }

[extracts.consents]
file = "consents.csv"
[extracts.consents.columns]
person = { from = "Who" }
kind   = { from = "To", codes = { "E" = "evaluation", "I" = "interview" } }
status = { from = "Says", codes = { "Y" = "given", "N" = "declined", "W" = "withdrawn" } }
date   = { from = "Date" }
""" + LOG + """\
group          = { value = "service user" }
date           = { from = "Date" }
"""

CLEAN: Files = {
    "numbers.csv": [["Client", "NHS no.", "Participant", "Surname"], ["C1", "4010232137", "P1", "Oak-Hill"],
                    ["C2", "9434765919", "", ""], ["C3", "4505577104", "", "Made"], ["C4", "5990128088", "", "Up"]],
    "north.csv": [["Client", "Registered", "Left", "Died", "Sex", "Born", "Group", "Decile"],
                  ["C1", "1999-05-04", "", "", "F", "1950", "A", "3"],
                  ["C2", "2001-02-03", "", "", "M", "1960", "A", "4"],
                  ["C3", "2003-11-30", "2017-11-20", "2017-11-20", "F", "1941", "A", "3"]],
    "south.csv": [["Client", "Sex", "Born"], ["C4", "M", "1972"]],
    "referrals.csv": [["Client", "Found", "Invited", "Answer", "Answered"],
                      ["C1", "2017-01-03", "2017-01-10", "yes", "2017-01-15"],
                      ["C2", "2017-01-04", "2017-01-11", "yes", "2017-01-20"],
                      ["C3", "2017-01-05", "2017-01-12", "yes", ""],
                      ["C4", "2017-01-05", "2017-01-12", "no", "2017-01-12"]],
    "episodes.csv": [["Client", "Start", "End"], ["C1", "2017-02-01", "2017-03-31"], ["C1", "2017-04-01", ""],
                     ["C2", "2017-02-06", "2017-08-30"], ["C3", "2017-02-07", "2017-11-20"]],
    "contacts.csv": [["Ref", "Client", "Date", "Outcome", "Typed"],
                     *([f"1234567890123456{n:03}", client, f"{day} 10:{n:02}", "A", day]
                       for n, (client, day) in enumerate([
                           ("C1", "13/02/2017"), ("C1", "14/03/2017"), ("C1", "15/04/2017"), ("C2", "16/02/2017"),
                           ("C2", "17/03/2017"), ("C2", "18/04/2017"), ("C3", "19/02/2017"), ("C3", "20/03/2017"),
                           ("C3", "21/04/2017"), ("C3", "22/05/2017"), ("C1", "23/12/2017")], 11))],
    "interventions.csv": [["Client", "Offered", "Start"], ["C1", "2017-03-01", "2017-03-08"]],
    "issues.csv": [["Client", "Issued", "Drug", "BNF", "Directions", "Qty", "Unit", "Kind"],
                   ["C1", "2017-02-01", "Tramadol 50mg capsules", "040702040AAAAAA", "1 qds", "112", "capsule", "R"],
                   ["C1", "2017-03-01", "Tramadol 50mg capsules", "040702040AAAAAA", "1 qds", "112", "capsule", "R"],
                   ["C2", "2017-02-01", "Fentanyl 25micrograms/hour patches", "", "change every 72 hours", "10",
                    "patch", "R"],
                   ["C2", "2017-02-02", "Morphine sulfate 10mg/5ml oral solution", "", "5ml when needed", "300", "ml",
                    "A"],
                   ["C3", "2017-02-01", "Co-codamol 30mg/500mg tablets", "", "one or two at night", "56", "tablet",
                    "A"],
                   ["C4", "2017-02-01", "Emollient cream", "", "as directed by 1 nurse", "500", "g", "A"]],
    "first.csv": [["Client", "Date", "Version", "Total", "By", *(f"S{n}" for n in range(1, 8))],
                  ["C1", "2017-02-02", "5L", "21", "P", "2", "3", "4", "3", "3", "3", "3"],
                  ["C2", "2017-02-08", "", "", "P", "1", "1", "2", "1", "1", "1", "1"],
                  ["C3", "2017-02-09", "", "35", "P", "5", "5", "5", "5", "5", "5", "5"]],
    "second.csv": [["Client", "Date", "P1", "P2", "P3"], ["C1", "2017-08-02", "7", "7", "7"],
                   ["C2", "2017-08-08", "9", "8", ""]],
    "due.csv": [["Client", "Scale", "When"], ["C1", "swemwbs", "1"], ["C2", "swemwbs", "1"], ["C3", "swemwbs", "1"],
                ["C1", "peg", "2"], ["C2", "peg", "2"]],
    "consents.csv": [["Who", "To", "Says", "Date"], ["C1", "E", "Y", "2017-01-15"], ["C1", "I", "Y", "2017-05-01"],
                     ["C2", "E", "Y", "2017-01-20"], ["C3", "E", "Y", "2017-01-20"], ["P9", "I", "Y", "2017-06-01"],
                     ["C4", "E", "W", "2017-09-01"]],
    "log.csv": [["Interview", "Participant", "Date"], ["I1", "P1", "2017-05-01"], ["I2", "P9", "2017-06-02"]],
}


def with_rows(**changed: dict) -> Files:
    """
    The clean files with some cells changed: `contacts={2: {"Date": "…"}}` changes line 2 of contacts.csv.

    A line after the last one is a copy of the last, changed.
    """
    files = copy.deepcopy(CLEAN)
    for name, lines in changed.items():
        table = files[f"{name}.csv"]
        for line, cells in lines.items():
            if line > len(table):
                table.append(list(table[-1]))
            for heading, value in cells.items():
                table[line - 1][table[0].index(heading)] = value
    return files


def told(root: Path, files: Files, definition: str = DEFINITION) -> list[tuple]:
    """What the rules over rows and tables say: rule, extract, column, line; line 0 is a whole column."""
    study = opened(root, files, definition)
    delivered = {plan.name: read(plan, study.raw) for plan in plans(study)}
    said = []
    for extract, found in findings(delivered).items():
        lines = delivered[extract].frame[ROW]
        for finding in found:
            rows = [0] if finding.whole and finding.broken.any() else lines[finding.broken]
            said += [(finding.rule, extract, finding.column, int(line)) for line in rows]
    return sorted(said)

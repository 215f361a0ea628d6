"""The small service with consents and interviews: C1, C2 and C4 are P1, P2 and P4; S1 is interviewed as staff."""

from pathlib import Path

from small_extracts import DEFINITION, FIVE_PEOPLE, GUIDE, LOG, Files, delivered, five_people, opened

from analysis.extracts.consents.consent import Consented, consented
from analysis.extracts.consents.decisions import Decisions, decisions

CONSENTS = DEFINITION.replace("""\
practice   = { value = "practice_a" }
""", """\
practice   = { value = "practice_a" }
died_on    = { from = "Died", format = "%d/%m/%Y" }
""") + """
[extracts.referrals]
file = "referrals.csv"
[extracts.referrals.columns]
patient_id = { from = "Client" }
invited_on = { from = "Invited", format = "%d/%m/%Y" }
response   = { from = "Answer", codes = { "yes" = "enrolled", "no" = "declined" } }

[extracts.consents]
file = "consents.csv"
[extracts.consents.columns]
person = { from = "Who" }
kind   = { from = "To", codes = { "E" = "evaluation", "I" = "interview", "Q" = "quotation", "L" = "linkage", "A" = "archive", "O" = "national data opt-out" } }
status = { from = "Status", codes = { "Given" = "given", "Declined" = "declined", "Withdrawn" = "withdrawn" } }
date   = { from = "Date", format = "%d/%m/%Y" }
scope  = { from = "Scope", codes = { "collection" = "no further collection", "use" = "no further use", "delete" = "delete" } }

[extracts.recruitment]
file = "recruitment.csv"
[extracts.recruitment.columns]
patient_id = { from = "Client" }
contact    = { from = "Contact", codes = { "yes" = "agreed", "no" = "declined" } }

[extracts.key]
table = "identifiers"
file  = "key.csv"
[extracts.key.columns]
participant_id = { from = "Participant" }
patient_id     = { from = "Client" }
""" + LOG + """\
group          = { from = "Group", codes = { "user" = "service user", "staff" = "service provider" } }
date           = { from = "Held", format = "%d/%m/%Y" }
""" + GUIDE + """"""  # noqa: E501
HEADS = ["Who", "To", "Status", "Date", "Scope"]


def files_with(*consents: str, **changed: list[list[str]]) -> Files:
    """Five people's extracts with these consents, each written 'C1 E Withdrawn 01/03/2017 use', '-' for nothing."""
    files = five_people()
    files["patients.csv"] = [["NHS no.", "Born", "Died"], *([number, "1950", ""] for number in FIVE_PEOPLE)]
    return files | {
        "referrals.csv": [["Client", "Invited", "Answer"],
                          *([f"C{n}", "05/01/2017", "yes"] for n in range(1, 6)), ["C9", "05/01/2017", "no"]],
        "consents.csv": [HEADS, *(["" if cell == "-" else cell for cell in (*one.split(), "-", "-")[:5]]
                                  for one in consents)],
        "recruitment.csv": [["Client", "Contact"], *([f"C{n}", "yes"] for n in range(1, 6))],
        "key.csv": [["Participant", "Client"], ["P1", "C1"], ["P2", "C2"], ["P4", "C4"]],
        "log.csv": [["Interview", "Participant", "Group", "Held"], ["I1", "P1", "user", "01/05/2017"],
                    ["I2", "P2", "user", "02/05/2017"], ["I4", "P4", "user", ""], ["I5", "S1", "staff", "05/05/2017"]],
        "guide.csv": [["Interview", "Asked"], ["I1", "Y"], ["I2", "Y"], ["I4", "Y"], ["I5", "Y"]],
    } | {f"{name}.csv": lines for name, lines in changed.items()}


def decided(root: Path, *consents: str, definition: str = CONSENTS, **changed: list[list[str]]) -> Decisions:
    return decisions(delivered(opened(root, files_with(*consents, **changed), definition)))


def acted_on(root: Path, *consents: str, definition: str = CONSENTS, **changed: list[list[str]]) -> Consented:
    """What consent leaves of the small service."""
    study = opened(root, files_with(*consents, **changed), definition)
    return consented(study, delivered(study))

"""
The synthetic extracts of the link worker service: nothing in, the files that study.toml describes out.

    python pipelines/studies/link-workers/extracts.py [OUTPUT_FOLDER]

Writes into data_raw/link-workers/ unless told otherwise. Seeded, one generator of random numbers for each extract, so
that a change in one does not move the others; two runs write the same bytes. Every person, practice, organisation and
word is invented, and no number is anybody's finding.
"""

import sys
from pathlib import Path

from casework import write_case_list, write_offers
from fieldwork import write_interview_log, write_topic_guide
from people import everybody
from project import write_project
from records import write_appointments, write_manifest, write_patients, write_questionnaires, write_referrals

DEFAULT = Path(__file__).parents[3] / "data_raw" / "link-workers"


def write_extracts(folder: Path) -> None:
    """Every extract of the study, in a folder that is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    people = everybody()
    for write in (write_patients, write_referrals, write_appointments, write_questionnaires, write_case_list,
                  write_offers):
        write(people, folder)
    write_manifest(folder)
    write_interview_log(folder)
    write_topic_guide(folder)
    write_project(folder)


if __name__ == "__main__":
    write_extracts(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)

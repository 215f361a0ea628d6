"""
The synthetic extracts of the worked study: nothing in, the files that study.toml describes out.

    python pipelines/studies/south-glos/extracts.py [OUTPUT_FOLDER]

Writes into data_raw/south-glos/ unless told otherwise. Seeded, one generator of random numbers for each extract, so
that a change in one does not move the others; two runs write the same bytes. Every person, practice and word is
invented. Built so that the published figures on the report's comparison page come out; all else is made up.

Five faults are planted for the checks to find: an intervention entered twice, a contact dated after the data cut, a
missed contact with minutes, a code with a space after it, and an attended contact without minutes.
"""

import sys
from pathlib import Path

from casework import write_workbook
from fieldwork import write_fieldwork
from memos import write_first_codebook, write_memos
from people import everybody, write_patient_lists
from prescribing import write_issues
from project import write_codebook, write_project
from questionnaires import write_questionnaires
from safety import write_safety

DEFAULT = Path(__file__).parents[3] / "data_raw" / "south-glos"


def write_extracts(folder: Path) -> None:
    """Every extract of the study, in a folder that is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    people = everybody()
    for write in (write_patient_lists, write_issues, write_workbook, write_questionnaires, write_fieldwork,
                  write_safety):
        write(people, folder)
    write_codebook(folder)
    write_memos(folder)
    write_first_codebook(folder)
    write_project(folder)


if __name__ == "__main__":
    write_extracts(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)

"""Consents as they may arrive: the definition of a small study, and what a test asks of the reading of its files."""

import pytest

from analysis.errors import ExtractMistake
from analysis.extracts.read import Delivered

CONSENTS = """\
title    = "A small service"
period   = {{ from = 2017-01-01, to = 2017-12-31 }}
data_cut = {{ records = 2017-12-31 }}
pages    = []
disclosure = {{ enrolled = "none" }}

[extracts.consents]
{file}
[extracts.consents.columns]
person = {{ from = "Person" }}
kind   = {{ from = "Consent to", codes = {{ "Interview" = "interview", "1" = "archive" }} }}
status = {{ from = "Status", blank = ["-"], codes = {{ "Given" = "given" }} }}
date   = {{ from = "Date", format = "%d/%m/%Y" }}
"""
HEADINGS = "Person,Consent to,Status,Date\n"


def rows(delivered: Delivered) -> list[list]:
    """The rows as read, None where a cell is empty: source_file, source_row, person, kind, status, date."""
    return delivered.frame.astype(object).where(delivered.frame.notna(), None).values.tolist()


def refused(arrived, *args, **files) -> str:
    """The whole message with which the reading stops."""
    with pytest.raises(ExtractMistake) as mistake:
        arrived(*args, **files)
    return str(mistake.value)

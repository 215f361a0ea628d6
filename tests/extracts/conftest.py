"""Reading what arrived: a study of one extract whose file a test writes."""

import pytest
from arrivals import CONSENTS
from small_extracts import opened

from analysis.extracts.plan import plans
from analysis.extracts.read import read


@pytest.fixture
def arrived(tmp_path):
    """
    Reads the consents of a study: what the definition says of the file, and the files (name -> text or bytes).

    `columns` is put in the place of the definition's line about the person.
    """

    def reading(said: str = 'file = "consents.csv"', columns: str = 'person = { from = "Person" }',
                **files: str | bytes):
        definition = CONSENTS.format(file=said).replace('person = { from = "Person" }', columns)
        study = opened(tmp_path, {}, definition)
        for name, content in files.items():
            path = study.raw / name.replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(plans(study)[0], study.raw)

    return reading

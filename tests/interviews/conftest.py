"""What the tests of readers share."""

import pytest
from refi_project import write


@pytest.fixture
def qdpx(tmp_path):
    """Writes an XML, and texts where others than the usual one are wanted, as a project."""
    def written(xml, files=None, name="project.qde"):
        return write(tmp_path / "interviews.qdpx", xml, files, name)
    return written

"""A zip that somebody sent: limited, never unpacked."""

import zipfile

import pytest

from analysis.errors import ExtractMistake
from analysis.interviews.archive import Archive


@pytest.fixture
def archive(tmp_path):
    def write(**members):
        path = tmp_path / "sent.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
            for name, content in members.items():
                opened.writestr(name, content)
        return Archive(path, remedy="send it again")
    return write


def test_a_member_that_unpacks_to_more_than_the_limit_is_refused(archive):
    with pytest.raises(ExtractMistake, match="'bomb' in the archive is larger than 1 MB"):
        archive(bomb="0" * 3_000_000).read("bomb", largest=1024 * 1024)


def test_a_damaged_member_is_a_mistake(archive):
    sent = archive(text="all that was said")
    data = bytearray(sent.path.read_bytes())
    data[36] ^= 0xFF
    sent.path.write_bytes(bytes(data))
    with pytest.raises(ExtractMistake, match="'text' in the archive is damaged"):
        sent.read("text")


def test_a_member_is_found_by_its_last_part_in_any_case_unless_two_have_it(archive):
    sent = archive(**{"Sources/A.txt": "", "x/b.txt": "", "y/b.txt": ""})
    assert sent.find("sources/a.TXT") == "Sources/A.txt"
    assert sent.find("sources/b.txt") is None
    assert sent.find("y/b.txt") == "y/b.txt"
    assert sent.find("sources/") is None


def test_a_member_that_is_not_there_is_named(archive):
    with pytest.raises(ExtractMistake, match="the archive holds no 'word/document.xml'"):
        archive(text="a").read("word/document.xml")

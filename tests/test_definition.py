"""Definition files: every mistake with its line, what was found and what would be right."""

import datetime

import pytest

from analysis.definition import Required, key_lines, read_definition
from analysis.errors import DefinitionMistake

SCHEMA = {"title": Required(str), "weeks": int, "limit": float, "shown": bool, "from": datetime.date, "pages": [str],
          "codes": {"*": str}, "period": {"from": Required(datetime.date), "to": datetime.date},
          "profile": (str, {"name": Required(str), "why": str}), "joint": [{"question": Required(str)}]}


def read(tmp_path, text: str | bytes):
    path = tmp_path / "study.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_definition(path, SCHEMA)


def refused(tmp_path, text: str | bytes) -> str:
    with pytest.raises(DefinitionMistake) as mistake:
        read(tmp_path, text)
    return str(mistake.value)


def test_values_are_read_as_toml_has_them(tmp_path):
    assert read(tmp_path, 'title = "No"\nweeks = 7\nlimit = 3\nfrom = 2017-01-01\n[codes]\n007 = "No"\n').values == {
        "title": "No", "weeks": 7, "limit": 3, "from": datetime.date(2017, 1, 1), "codes": {"007": "No"}}


def test_a_byte_order_mark_from_an_editor_is_no_mistake(tmp_path):
    assert read(tmp_path, b'\xef\xbb\xbftitle = "a"').values == {"title": "a"}


@pytest.mark.parametrize("text, message", [
    ('title = "a"\ntitel = "b"\n', "study.toml, line 2: unknown key 'titel'\n  -> did you mean 'title'?"),
    ('title = "a"\n\nxyz = "b"\n', "study.toml, line 3: unknown key 'xyz'\n"
     "  -> known here: codes, from, joint, limit, pages, period, profile, shown, title, weeks"),
    ('title = "a"\n[period]\nfrom = 2017-01-01\ntoo = 2017-01-01\n',
     "study.toml, line 4: unknown key 'too' in [period]\n  -> did you mean 'to'?"),
    ('weeks = 7\n', "study.toml, line 1: 'title' is missing\n  -> add: title = …"),
    ('title = "a"\n[period]\nto = 2017-01-01\n',
     "study.toml, line 2: 'from' is missing in [period]\n  -> add: from = …"),
    ('title = 7\n', "study.toml, line 1: 'title' is a whole number: 7\n  -> write text in quotes"),
    ('title = "a"\nweeks = "7"\n', "study.toml, line 2: 'weeks' is text in quotes: '7'\n  -> write a whole number"),
    ('title = "a"\nweeks = 7.5\n', "study.toml, line 2: 'weeks' is a number: 7.5\n  -> write a whole number"),
    ('title = "a"\nweeks = true\n', "study.toml, line 2: 'weeks' is true or false: True\n  -> write a whole number"),
    ('title = "a"\nlimit = true\n', "study.toml, line 2: 'limit' is true or false: True\n  -> write a number"),
    ('title = "a"\nshown = 1\n', "study.toml, line 2: 'shown' is a whole number: 1\n  -> write true or false"),
    ('title = "a"\nfrom = "1/9/2016"\n',
     "study.toml, line 2: 'from' is text in quotes: '1/9/2016'\n  -> write a date such as 2016-09-01"),
    ('title = "a"\nfrom = 2016-09-01T00:00:00\n',
     "study.toml, line 2: 'from' is a date with a time\n  -> write a date such as 2016-09-01"),
    ('title = "a"\npages = "00"\n',
     "study.toml, line 2: 'pages' is text in quotes: '00'\n  -> write a list in square brackets"),
    ('title = "a"\npages = [\n  "00",\n  1,\n]\n',
     "study.toml, line 2: 'pages.1' is a whole number: 1\n  -> write text in quotes"),
    ('title = "a"\ncodes = "b"\n',
     "study.toml, line 2: 'codes' is text in quotes: 'b'\n  -> write a table with your own names"),
    ('title = "a"\nperiod = 2017\n',
     "study.toml, line 2: 'period' is a whole number: 2017\n  -> write a table with from, to"),
    ('title = "a"\nprofile = { nam = "b" }\n',
     "study.toml, line 2: unknown key 'nam' in [profile]\n"
     "  -> did you mean 'name'?\n"
     "study.toml, line 2: 'name' is missing in [profile]\n  -> add: name = …"),
    ('title = "a"\n[[joint]]\nquestion = "b"\n[[joint]]\nquestion = 2\n',
     "study.toml, line 5: 'joint.1.question' is a whole number: 2\n  -> write text in quotes"),
])
def test_what_does_not_fit_is_said_with_its_line_and_the_remedy(tmp_path, text, message):
    assert refused(tmp_path, text) == message


@pytest.mark.parametrize("profile", ['"none"', '{ name = "none", why = "synthetic" }'])
def test_where_two_forms_are_allowed_either_is_taken(tmp_path, profile):
    assert "profile" in read(tmp_path, f'title = "a"\nprofile = {profile}\n').values


def test_all_mistakes_are_said_at_once(tmp_path):
    assert refused(tmp_path, 'weeks = "7"\npages = 1\n') == (
        "study.toml, line 1: 'weeks' is text in quotes: '7'\n"
        "  -> write a whole number\n"
        "study.toml, line 2: 'pages' is a whole number: 1\n"
        "  -> write a list in square brackets\n"
        "study.toml, line 1: 'title' is missing\n  -> add: title = …")


@pytest.mark.parametrize("text, message", [
    ("title = No\n", "study.toml, line 1, column 9: this is not TOML: Invalid value"),
    ('title = "a"\ntitle = "b"\n', "study.toml, line 2, column 12: this is not TOML: Cannot overwrite a value"),
    ('pages = ["00"', "study.toml, at its end: this is not TOML: Unclosed array"),
])
def test_a_file_that_is_no_toml_is_said_to_be_none_and_where(tmp_path, text, message):
    assert refused(tmp_path,
                   text) == f"{message}\n  -> text stands in quotes, a list in [ ], a table in {{ }} on one line"


def test_a_file_in_another_encoding_is_said_to_be_with_its_line(tmp_path):
    assert refused(tmp_path, 'weeks = 7\ntitle = "Santé"\n'.encode("cp1252")) == (
        "study.toml, line 2: a letter is not in UTF-8\n  -> save the file again with the encoding UTF-8")


def test_a_file_that_is_not_there_is_asked_for(tmp_path):
    with pytest.raises(DefinitionMistake) as mistake:
        read_definition(tmp_path / "new" / "study.toml", SCHEMA)
    assert str(mistake.value) == "there is no study.toml in new/\n  -> write new/study.toml"


def test_a_key_inside_an_inline_table_has_the_line_that_the_table_begins_on(tmp_path):
    definition = read(tmp_path, 'title = "a"\n\nperiod = { from = 2017-01-01 }\n')
    assert (definition.where("period", "from"), definition.where("title"), definition.where("nowhere")) == (
        "study.toml, line 3", "study.toml, line 1", "study.toml, line 1")
    assert str(definition.mistake("it is short", "period", remedy="make it longer")) == (
        "study.toml, line 3: it is short\n  -> make it longer")


def test_lines_of_keys_are_found_past_comments_lists_and_long_texts():
    assert key_lines('''\
# title = "no"
title = "a # [b]"
pages = [
  "x = 1",   # ]
  "y",
]
words = """
[no]
no = 1
"""
[extracts.contacts]          # a comment
"their key" = 1
a.b = 2
[[joint]]
question = 1
[[joint]]
question = 2
''') == {("title",): 2, ("pages",): 3, ("words",): 7, ("extracts", "contacts"): 11,
         ("extracts", "contacts", "their key"): 12, ("extracts", "contacts", "a", "b"): 13,
         ("joint", "0"): 14, ("joint", "0", "question"): 15, ("joint", "1"): 16, ("joint", "1", "question"): 17}


def test_tables_inside_one_that_is_there_several_times_are_numbered_within_it():
    assert key_lines('''\
[[thread]]
[[thread.steps]]
a = 1
[[thread.steps]]
[[thread]]
[[thread.steps]]
a = 2
''') == {("thread", "0"): 1, ("thread", "0", "steps", "0"): 2, ("thread", "0", "steps", "0", "a"): 3,
         ("thread", "0", "steps", "1"): 4, ("thread", "1"): 5, ("thread", "1", "steps", "0"): 6,
         ("thread", "1", "steps", "0", "a"): 7}

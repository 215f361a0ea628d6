"""The definition of extracts: what cannot be right in it is said with its line and what would be right."""

import datetime

import pytest
from small_extracts import DEFINITION, opened

from analysis.errors import DefinitionMistake
from analysis.extracts.plan import plans


def changed(old: str, new: str) -> str:
    assert DEFINITION.count(old) == 1, f"{old!r} stands {DEFINITION.count(old)} times"
    return DEFINITION.replace(old, new)


def refused(tmp_path, old: str, new: str) -> str:
    with pytest.raises(DefinitionMistake) as mistake:
        plans(opened(tmp_path, {}, changed(old, new)))
    return str(mistake.value)


def test_plans_come_in_the_order_of_the_definition(tmp_path):
    assert [(p.name, p.table.name, p.file, p.header_row, p.encoding, p.delimiter, p.where)
            for p in plans(opened(tmp_path, {}))] == [
        ("clients", "identifiers", "clients.csv", 1, "", "", "study.toml, line 12"),
        ("patients", "patients", "patients.csv", 1, "", "", "study.toml, line 20"),
        ("episodes", "episodes", "episodes.csv", 1, "", "", "study.toml, line 28"),
        ("contacts", "contacts", "contacts_*.csv", 1, "", "", "study.toml, line 34"),
        ("issues", "prescriptions", "issues.csv", 1, "", "", "study.toml, line 45"),
        ("questionnaire", "responses", "questionnaire.csv", 1, "", "", "study.toml, line 55"),
    ]


def test_a_column_takes_type_and_need_from_its_canonical_column_and_limits_from_the_study(tmp_path):
    planned = {f"{p.name}.{c.name}": c for p in plans(opened(tmp_path, {})) for c in p.columns}
    told = {name: (c.source, c.value, c.type, c.required, c.through, c.earliest, c.latest)
            for name, c in planned.items()}
    first, last = datetime.date(2017, 1, 1), datetime.date(2017, 12, 31)
    assert {name: told[name] for name in ("patients.patient_id", "patients.practice", "patients.birth_year",
                                          "episodes.started_on", "contacts.date", "contacts.minutes")} == {
        "patients.patient_id": ("NHS no.", "", "nhs_number", True, "clients", None, None),
        "patients.practice": ("", "practice_a", "category", True, "", None, None),
        "patients.birth_year": ("Born", "", "integer", False, "", None, None),
        "episodes.started_on": ("Start", "", "date", True, "", first, last),
        "contacts.date": ("Date", "", "date", True, "", None, last),
        "contacts.minutes": ("Minutes", "", "integer", False, "", None, None),
    }


@pytest.mark.parametrize("old, new, message", [
    ('table     = "prescriptions"', 'table     = "prescription"',
     "study.toml, line 46: there is no canonical table 'prescription'\n  -> did you mean 'prescriptions'?"),
    ("product    =", "produkt    =",
     "study.toml, line 52: prescriptions has no column 'produkt'\n  -> did you mean 'product'?"),
    ('product    = { from = "Drug" }\n', "",
     "study.toml, line 45: [extracts.issues] has no 'product', which prescriptions needs\n"
     "  -> add: product = { from = \"…\" }"),
    ('quantity   = { from = "Qty", min = 0 }', 'quantity   = { from = "Qty", type = "numbr" }',
     "study.toml, line 53: there is no type 'numbr'\n"
     "  -> did you mean 'number'? one of: id, nhs_number, date, integer, number, text, category"),
    ('quantity   = { from = "Qty", min = 0 }', 'quantity   = { from = "Qty", type = "£" }',
     "study.toml, line 53: there is no type '£'\n  -> one of: id, nhs_number, date, integer, number, text, category"),
    ('product    = { from = "Drug" }', 'product    = { from = "Drug", value = "x" }',
     "study.toml, line 52: 'product' needs either from or value\n"
     "  -> from = \"their heading\", or value = \"for every row\", or from_file = \"issues_{}.csv\""),
    ('mode       = { from = "How", codes = { "F2F" = "face to face", "Tel" = "telephone" } }',
     'mode = { from = "How" }',
     "study.toml, line 41: 'mode' is a category without codes\n  -> codes = { \"theirs\" = \"ours\", … }"),
    ('"F2F" = "face to face"', '"F2F" = "face-to-face"',
     "study.toml, line 41: 'face-to-face' is no code of mode\n  -> did you mean 'face to face'?"),
    ('"DNA" = "did not attend"', '"DNA" = "missing"',
     "study.toml, line 43: 'missing' is no code of attendance\n"
     "  -> one of: attended, did not attend, cancelled by patient, cancelled by service"),
    ('type = "nhs_number", through = "clients" }\npractice', 'type = "nhs_number", through = "contacts" }\npractice',
     "study.toml, line 24: 'patient_id' goes through 'contacts', which is no extract of identifiers\n"
     "  -> name an extract whose table is \"identifiers\", with patient_id and the other number"),
    ('contact_id = { from = "Ref" }', 'contact_id = { from = "Ref", links = "contact" }',
     "study.toml, line 38: 'contact_id' links to 'contact', which is no canonical table with a key\n"
     "  -> did you mean 'contacts'?"),
    ('within = "period"', 'within = "study"', "study.toml, line 32: within = 'study'\n  -> write within = \"period\""),
    ('"Date", format = "%d/%m/%Y", until = "records"', '"Date", format = "%d/%m/%Y", until = "interviews"',
     "study.toml, line 40: until = 'interviews' is no component of the data cut\n  -> one of: records"),
    ('"Start", format = "%d/%m/%Y"', '"Start", format = "DD/MM/YYYY"',
     "study.toml, line 32: the format 'DD/MM/YYYY' of 'started_on' does not say where year and month stand\n"
     "  -> write %d for the day, %m for the month and %Y for the year: format = \"%d/%m/%Y\""),
    ('"Start", format = "%d/%m/%Y"', '"Start", format = "%d/%M/%Y"',
     "study.toml, line 32: the format '%d/%M/%Y' of 'started_on' does not say where year and month stand\n"
     "  -> write %d for the day, %m for the month and %Y for the year: format = \"%d/%m/%Y\""),
    ('key  = ["contact_id"]', 'key  = ["ref"]',
     "study.toml, line 36: the key 'ref' of [extracts.contacts] is none of its columns\n"
     "  -> its columns: attendance, contact_id, date, minutes, mode, patient_id"),
    ('fill_down = ["NHS no."]', 'fill_down = ["NHS number"]',
     "study.toml, line 48: fill_down names 'NHS number', which no column of [extracts.issues] is read from\n"
     "  -> the headings: NHS no., Issued, Drug, Qty"),
    ('file = "episodes.csv"', 'file = "episodes.csv"\nencoding = "utf8x"',
     "study.toml, line 30: there is no encoding 'utf8x'\n"
     "  -> \"utf-8-sig\", \"cp1252\" (Excel on Windows) or \"utf-16\""),
    ('file = "episodes.csv"', 'file = "episodes.csv"\nencoding = "base64"',
     "study.toml, line 30: there is no encoding 'base64'\n"
     "  -> \"utf-8-sig\", \"cp1252\" (Excel on Windows) or \"utf-16\""),
    ('file = "episodes.csv"', 'file = "../episodes.csv"',
     "study.toml, line 29: the file '../episodes.csv' is not in the folder of the extracts\n"
     "  -> put it into data_raw/small/, and write its name"),
    ('file = "episodes.csv"', "file = []",
     "study.toml, line 29: 'file' names no file\n  -> put it into data_raw/small/, and write its name"),
    ('file = "episodes.csv"', 'file = "episodes.csv"\nread_as = "xslx"',
     "study.toml, line 30: read_as = 'xslx' is no kind of file that is read\n  -> did you mean 'xlsx'?"),
    ('file = "episodes.csv"', 'file = "episodes.csv"\nheader_row = 0',
     "study.toml, line 30: header_row = 0\n  -> the first line is line 1"),
    ('file = "episodes.csv"', 'file = "episodes.csv"\nfooter = ""',
     "study.toml, line 30: a footer without words would begin at the first row\n"
     "  -> write how its first cell begins: footer = \"End of report\""),
    ('file = "episodes.csv"', 'file = 7', "study.toml, line 29: 'extracts.episodes.file' is a whole number: 7\n"
     "  -> write text in quotes"),
    ('patient_id = { from = "Client" }\nstarted', 'patient_id = { from_file = "episodes_*.csv" }\nstarted',
     "study.toml, line 31: from_file = 'episodes_*.csv' does not mark the part of the name that is the value\n"
     "  -> write {} in its place: from_file = \"episodes_{}.csv\""),
    ('practice   = { value = "practice_a" }', 'practice   = { from_file = "{}.csv" }',
     "study.toml, line 25: 'practice' is a category without codes\n  -> codes = { \"theirs\" = \"ours\", … }"),
    ('file = "episodes.csv"', 'file = "episodes.csv"\ndelimiter = "tab"',
     "study.toml, line 30: the delimiter 'tab' is not one character\n  -> \",\" or \";\" or, for a tab, \"\\t\""),
    ('peg = ["Q1", "Q2", "Q3"]', 'pegg = ["Q1", "Q2", "Q3"]',
     "study.toml, line 63: there is no instrument 'pegg'\n  -> did you mean 'peg'?"),
    ('peg = ["Q1", "Q2", "Q3"]', 'peg = ["Q1", "Q2"]',
     "study.toml, line 63: peg has 3 items, and 2 headings are named\n"
     "  -> name the heading of every item, in the order of the instrument"),
    ('timepoint = "baseline"', 'timepoint = "base line"',
     "study.toml, line 58: [extracts.questionnaire] has the time point 'base line'\n  -> did you mean 'baseline'?"),
    ('timepoint = "baseline"\n', "",
     "study.toml, line 55: [extracts.questionnaire] says no time point\n  -> one of: baseline"),
    ('file  = "clients.csv"\n', 'file  = "clients.csv"\nlegal_basis = "s251"\n',
     "study.toml, line 15: 's251' is no legal basis that this version knows\n"
     "  -> one of: consent, section 251, direct care, anonymised"),
])
def test_what_cannot_be_right_is_said_with_its_line_and_what_would_be(tmp_path, old, new, message):
    assert refused(tmp_path, old, new) == message


@pytest.mark.parametrize("format", ["%d/%m/%Y", "%Y-%m-%d", "%d-%b-%y", "%m/%Y", "%d/%m/%Y %H:%M"])
def test_any_format_that_tells_year_and_month_is_taken(tmp_path, format):
    definition = changed('"Start", format = "%d/%m/%Y"', f'"Start", format = "{format}"')
    assert plans(opened(tmp_path, {}, definition))[2].column("started_on").format == format


def test_an_extract_may_say_its_legal_basis(tmp_path):
    definition = changed('file  = "clients.csv"\n', 'file  = "clients.csv"\nlegal_basis = "section 251"\n')
    assert [p.legal_basis for p in plans(opened(tmp_path, {}, definition))] == ["section 251", "", "", "", "", ""]


def test_an_extract_called_identifiers_needs_no_word_about_its_table(tmp_path):
    definition = changed('table = "identifiers"\n', "").replace(
        "extracts.clients", "extracts.identifiers").replace('through = "clients"', 'through = "identifiers"')
    assert plans(opened(tmp_path, {}, definition))[1].column("patient_id").through == "identifiers"


def test_a_person_is_looked_up_by_the_number_of_the_asking_column(tmp_path):
    definition = changed('nhs_number = { from = "NHS no.", type = "nhs_number", required = true }',
                         'participant_id = { from = "Participant" }\n'
                         'nhs_number = { from = "NHS no.", type = "nhs_number", required = true }')
    clients, patients, *_ = plans(opened(tmp_path, {}, definition))
    assert clients.number_column(patients.column("patient_id")) == "nhs_number"


def test_what_is_said_of_the_files_is_in_the_plan(tmp_path):
    definition = changed('file = "episodes.csv"', 'file = ["e1.zip", "e2_*.zip"]\nmember = "starts*.xls"\n'
                         'sheet = "S*"\nread_as = "ZIP"\nheader_row = 3\nfooter = ["Total", "End"]\n'
                         'labels = ["Client"]')
    plan = plans(opened(tmp_path, {}, definition))[2]
    assert (plan.file, plan.files, plan.members, plan.sheet, plan.sheets, plan.read_as, plan.header_row, plan.footer,
            plan.labels) == ("e1.zip, e2_*.zip", ("e1.zip", "e2_*.zip"), ("starts*.xls",), "", ("S*",), ".zip", 3,
                             ("Total", "End"), ("Client",))


def test_a_value_from_a_name_is_delivered_without_a_heading(tmp_path):
    definition = changed('practice   = { value = "practice_a" }',
                         'practice   = { from_file = "list_{}.csv", codes = { "A" = "practice_a" } }')
    plan = plans(opened(tmp_path, {}, definition))[1]
    assert (plan.column("practice").named, plan.column("practice").source) == ("file:list_{}.csv",
                                                                               "name of the file list_{}.csv")
    assert [c.name for c in plan.delivered] == ["patient_id", "practice", "birth_year"]
    assert plan.headings == ("NHS no.", "Born")

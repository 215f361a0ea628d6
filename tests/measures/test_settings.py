"""Settings: words in a table, none of them a number of anybody."""

from measured import rows

from analysis.measures.records.settings import settings


def test_choices_are_rows_under_their_section_and_no_cells():
    found = settings({"Doses": [("Window", "84 days"), ("Table", "FPM {2020}")], "Study": [("Design", "survey")]})
    assert [(line.section, line.label) for line in found.lines] == [
        ("Doses", "Window"), ("Doses", "Table"), ("Study", "Design")]
    assert found.cells == {}


def test_braces_in_a_choice_are_no_placeholder():
    assert rows(settings({"Doses": [("Table", "FPM {2020}")]})) == {"Table": {"Chosen": "FPM (2020)"}}

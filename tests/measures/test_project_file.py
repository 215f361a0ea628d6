"""What is said of the file that interviews were coded in: where it departs, how positions were read."""

import pandas as pd
from coded_material import shown

from analysis.measures.interviews.project_file import project_file


def frame(*rows):
    return project_file(pd.DataFrame([("written by", "ATLAS.ti 26", 1), *rows], columns=["kind", "what", "n"]))


def test_each_departure_is_told_with_how_often_it_occurs():
    made = frame(("departs", "a path without internal://", 3), ("beside", "sets", 2))
    assert [line.label for line in made.lines] == ["ATLAS.ti 26", "A path without internal://", "Sets"]
    assert shown(made, "A path without internal://", "Departs from its standard, and was read") == {"How often": "3"}
    assert shown(made, "Sets", "Holds besides codings") == {"How often": "2"}


def test_the_share_of_passages_that_stand_where_they_should_is_told_with_the_reading():
    made = frame(("reading", "code points from 0", 1), ("by words", "right", 18), ("by words", "of", 20))
    label = "Read as code points from 0: passages that hold the words stored with them"
    assert shown(made, label, "Positions of passages") == {"How often": "18 of 20"}


def test_cases_are_people_interviewed_and_hidden_as_they_are():
    made = frame(("beside", "cases", 4), ("beside", "sets", 2))
    assert [(cell.population, cell.n) for cell in made.cells.values()] == [("interviewed", 4), ("checks", 10_000)]


def test_a_file_that_keeps_to_its_standard_says_so():
    assert [line.label for line in frame().lines] == ["ATLAS.ti 26", "Nothing was found"]

"""A matrix of codes and attributes: who among the people interviewed mentions what."""

from coded_material import CODES, GROUPS, INTERVIEWS, codings, shown

from analysis.measures.interviews.themes_by_attribute import themes_by_attribute

LOG = INTERVIEWS.assign(role=["patient", "patient", "patient", None], sex=["female", "male", "male", "female"])


def measured(*rows):
    return themes_by_attribute(CODES, codings(*rows), LOG, groups=GROUPS, attributes={
        "role": {"patient": "Patient", "gp": "GP"}, "sex": {"female": "Female", "male": "Male"}})


def test_each_column_counts_the_interviews_of_people_who_have_it():
    found = measured(("I01", "fear", "A", 0, 9), ("I02", "fear", "A", 0, 9), ("I04", "delivery", "A", 0, 9))
    assert shown(found, "Interviews") == {"Patient": "3", "GP": "0", "Female": "2", "Male": "2"}
    assert shown(found, "Medicines") == {"Patient": "2", "GP": "0", "Female": "1", "Male": "1"}
    assert shown(found, "Delivery") == {"Patient": "0", "GP": "0", "Female": "1", "Male": "0"}


def test_an_interview_whose_attribute_is_not_recorded_is_in_no_column_of_it():
    found = measured(("I04", "delivery", "A", 0, 9))
    assert shown(found, "Delivery")["Patient"] == "0"


def test_a_number_rests_on_people_and_not_on_interviews():
    found = measured(("I02", "fear", "A", 0, 9), ("I03", "fear", "A", 0, 9))  # one man, interviewed twice
    cell = found.cells[found.names["fear_sex_male_service_user"]]
    assert (cell.value, cell.n) == (2, 1)

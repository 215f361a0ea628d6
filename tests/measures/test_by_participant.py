"""Who speaks of what, person by person: for the working tier alone."""

from coded_material import CODES, GROUPS, INTERVIEWS, codings, shown

from analysis.measures.interviews.by_participant import themes_by_participant


def test_the_interviews_of_one_person_count_together_and_overlapping_codes_of_a_theme_once():
    made = themes_by_participant(CODES, codings(
        ("I02", "fear", "A", 0, 9), ("I02", "own-pace", "A", 5, 12), ("I03", "fear", "A", 0, 9),
        ("I04", "delivery", "A", 0, 9)), INTERVIEWS, groups=GROUPS)
    assert made.working and made.columns == ("Service users: P01", "Service users: P02", "Service providers: S01")
    assert shown(made, "Medicines") == {"Service users: P01": "0", "Service users: P02": "2",
                                        "Service providers: S01": "0"}
    assert shown(made, "Fear of reducing")["Service users: P02"] == "2"
    assert shown(made, "Delivery")["Service providers: S01"] == "1"

"""The mixed methods matrix: people's records beside what the same people said, where they consented to that."""

import pandas as pd
import pytest
from coded_material import CODES, codings
from paired_scores import scores

from analysis.measures.joint.matrix import LINKED, Linked, matrix_by_group, mixed_methods_matrix
from analysis.measures.joint.outcomes_of_people import Outcome, contact_outcome, dose_outcome, score_outcome
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release
from analysis.reference.instruments import instrument

INTERVIEWS = pd.DataFrame([
    ("I1", "P1", "yes", "C1"), ("I2", "P2", "yes", "C2"), ("I3", "P2", "yes", "C2"),  # P2 twice
    ("I4", "P3", "no", None), ("I5", "P4", None, None)], columns=["interview_id", "participant_id", "linkable",
                                                                  "linked_to"])
SAID = codings(("I1", "fear", "A", 0, 9), ("I3", "fear", "A", 0, 9), ("I4", "delivery", "A", 0, 9))
PAIN = Outcome("PEG", ("Improved", "Worsened", "Not known"), {"C1": "Improved", "C2": "Worsened", "C9": "Improved"},
               {"C1": "8.3 to 6.0"})


def linked(**chosen):
    return Linked(CODES, SAID, INTERVIEWS, themes=None, **chosen)


def rows(made, rules="none"):
    found = release(made, Profiles({name: profile(rules) for name in ("interviewed", "enrolled")}))
    return {line.label: [pattern.format(**{slot: found.cells[one].text for slot, one in ids})
                         for _, pattern, ids in line.entries] for line in found.lines}


def test_a_case_is_a_row_with_the_person_s_records_and_themes():
    made = mixed_methods_matrix(linked(), [PAIN])
    assert made.columns == ("PEG", "Medicines", "Delivery") and rows(made) == {
        "P1": ["8.3 to 6.0", "yes", "–"], "P2": ["not known", "yes", "–"]}


def test_it_stands_in_the_working_tier_only_and_holds_nobody_without_consent():
    made = mixed_methods_matrix(linked(), [PAIN])
    assert made.working and made.kept_back.lines[0].label == "In the working tier only"
    assert not {"P3", "P4"} & {line.label for line in made.lines}


def test_people_are_grouped_by_an_outcome_and_each_count_stands_over_its_group():
    assert rows(matrix_by_group(linked(), [PAIN])) == {
        "Interviewed": ["4"], "not linked: no consent to it, or no record of the person": ["2"],
        "linked": ["2", "2 of 2", "0 of 2"],
        "Improved": ["1", "1 of 1", "0 of 1"], "Worsened": ["1", "1 of 1", "0 of 1"]}


def test_themes_and_codes_may_be_chosen():
    assert matrix_by_group(linked(chosen=["fear"]), [PAIN]).columns == ("People", "Fear of reducing")


@pytest.mark.parametrize(("mention", "rules", "shown"), [
    (20, "nhs-england", "20 of 40"),
    (3, "nhs-england", "* of 40"),    # three mention it
    (37, "nhs-england", "* of 40"),   # three do not
    (40, "opensafely", "[REDACTED] of 40"),  # nobody does not: a nought is hidden there
    (40, "none", "40 of 40")])
def test_a_count_is_shown_where_those_who_do_not_mention_it_are_enough_too(mention, rules, shown):
    people = pd.DataFrame([(f"I{n}", f"P{n}", "yes", f"C{n}") for n in range(40)], columns=INTERVIEWS.columns)
    said = codings(*((f"I{n}", "fear", "A", 0, 9) for n in range(mention)))
    made = matrix_by_group(Linked(CODES, said, people, themes=None), [])
    assert rows(made, rules)["linked"][1] == shown


def test_people_who_are_in_both_halves_may_have_a_profile_of_their_own():
    both = {name: profile("none") for name in ("interviewed", "enrolled")} | {LINKED: profile("nhs-england")}
    found = release(matrix_by_group(linked(), [PAIN]), Profiles(both))
    texts = {name: found.named(name).text for name in ("not_linked", "linked", "linked_medicines")}
    assert texts == {"not_linked": "2", "linked": "*", "linked_medicines": "*"}


def test_a_score_puts_people_in_the_groups_of_its_published_change_and_says_both_numbers():
    made = score_outcome(scores(instrument("phq9"), (16, 10), (16, 12), (10, 16), (10, None)), instrument("phq9"),
                         "baseline", "follow_up")
    assert [(made.of(one), made.said(one)) for one in ("P1", "P2", "P3", "P4", "P9")] == [
        (made.groups[0], "16 to 10"), (made.groups[1], "16 to 12"), (made.groups[2], "10 to 16"),
        ("Not known", "10 to ?"), ("Not known", "not known")]
    assert made.groups[0].startswith("Improved by")


def test_a_dose_puts_people_in_the_groups_of_its_change_and_says_both_numbers():
    both = pd.DataFrame([("C1", 90.0, 0.0, "stopped"), ("C2", 90.0, 120.0, "higher"), ("C3", None, 40.0, ""),
                         ("C4", None, None, "")], columns=["patient_id", "baseline", "follow_up", "change"])
    made = dose_outcome(both)
    assert [made.of(one) for one in ("C1", "C2", "C3", "C9")] == ["Lower or stopped", "Higher", *["Not known"] * 2]
    assert [made.said(one) for one in ("C1", "C3", "C4")] == ["90 to 0 mg", "? to 40 mg", "not known"]


def test_contacts_put_people_in_bands_and_those_who_never_came_in_the_first():
    contacts = pd.DataFrame([("C1", "attended")] * 5 + [("C2", "did not attend")],
                            columns=["patient_id", "attendance"])
    made = contact_outcome(contacts, pd.DataFrame({"patient_id": ["C1", "C2"]}))
    assert [(made.of(one), made.said(one)) for one in ("C1", "C2", "C9")] == [
        ("4 to 6", "5"), ("No contact", "0"), ("Not known", "not known")]

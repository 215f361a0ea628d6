"""A withdrawal acts by its kind and scope on every extract before anything is checked; what it took is counted."""

import pandas as pd
import pytest
from consent_extracts import CONSENTS, acted_on
from small_extracts import FIVE_PEOPLE

from analysis.errors import DefinitionMistake
from analysis.extracts.consents import withdrawals

EVERYTHING = {"clients": 5, "patients": 5, "episodes": 5, "contacts": 5, "issues": 3, "questionnaire": 2,
              "referrals": 6, "recruitment": 5, "key": 3, "log": 4, "guide": 4}


def rows_left(left) -> dict[str, int]:
    """How many rows each extract has left, where some are gone; consents apart."""
    return {name: len(extract.frame) for name, extract in left.delivered.items()
            if name != "consents" and len(extract.frame) != EVERYTHING[name]}


def column(left, name: str, of: str) -> list:
    values = left.delivered[name].frame[of].astype(object)
    return list(values.where(values.notna(), None))


def counted(left) -> list[tuple]:
    """(kind, scope, table, rows, people, undated) of what acted, at the one site."""
    made = withdrawals.acted(left, "practice")
    return [tuple(row) for row in made[["kind", "scope", "table", "rows", "people", "undated"]].itertuples(index=False)]


# ------------------------------------------------------------------------------------------------ evaluation


def test_where_nobody_withdrew_the_extracts_are_as_they_came(tmp_path):
    left = acted_on(tmp_path, "C1 E Given 01/02/2017", "C2 I Declined 01/02/2017")
    assert all(left.delivered[name].frame.equals(extract.frame) for name, extract in left.before.items())
    assert (len(left.rows), counted(left), len(withdrawals.counts(left, "practice"))) == (0, [], 0)


@pytest.mark.parametrize("scope", ["use", "delete"])
def test_no_further_use_and_delete_take_every_row_of_the_person_and_nobody_else_s(tmp_path, scope):
    """Records known by another system's number and by a blank that repeats the line above go too."""
    left = acted_on(tmp_path, "C1 E Given 01/02/2017", f"C1 E Withdrawn 01/06/2017 {scope}", "C2 E Given 01/02/2017")
    assert rows_left(left) == {"clients": 4, "patients": 4, "episodes": 4, "contacts": 3, "issues": 1,
                               "questionnaire": 1, "referrals": 5, "recruitment": 4, "key": 2}
    names = {cell for extract in left.delivered.values() for cell in extract.frame.to_numpy().ravel()}
    assert names & {"C1", FIVE_PEOPLE[0]} == set()
    assert column(left, "consents", "person") == ["C2"]


def test_rows_that_were_declared_are_those_of_the_file_so_that_a_withdrawal_is_no_loss_of_rows(tmp_path):
    declared = CONSENTS.replace('file = "episodes.csv"', 'file = "episodes.csv"\nrows = 5')
    left = acted_on(tmp_path, "C1 E Withdrawn 01/06/2017 delete", definition=declared)
    assert len(left.delivered["episodes"].frame) == left.delivered["episodes"].plan.rows == 4


def test_the_interview_is_another_consent_and_stays(tmp_path):
    left = acted_on(tmp_path, "C1 E Withdrawn 01/06/2017 use")
    assert (column(left, "log", "participant_id"), left.interviews) == (["P1", "P2", "P4", "S1"], {})
    assert withdrawals.still_interviewed(left) == 1


def test_no_further_collection_takes_the_rows_dated_after_the_withdrawal_and_says_how_many_have_no_date(tmp_path):
    left = acted_on(tmp_path, "C1 E Withdrawn 01/03/2017 collection")
    assert rows_left(left) == {"contacts": 4}  # K3 of 3 April; K1 and an issue are of the day itself
    assert column(left, "contacts", "contact_id") == ["K1", "K2", "K4", "K5"]
    assert counted(left) == [("evaluation", "no further collection", "all tables", 0, 1, 0),
                             ("evaluation", "no further collection", "contacts", 1, 1, 0),
                             ("evaluation", "no further collection", "responses", 0, 0, 1)]
    assert column(left, "consents", "person") == ["C1"]


def test_later_days_in_a_row_that_stays_are_taken_out_of_it(tmp_path):
    patients = [["NHS no.", "Born", "Died"], *([number, "1950", "01/09/2017"] for number in FIVE_PEOPLE)]
    left = acted_on(tmp_path, "C1 E Withdrawn 01/06/2017 collection", "C2 E Withdrawn 01/10/2017 collection",
                    patients=patients)
    assert column(left, "patients", "died_on") == [None, *["01/09/2017"] * 4]


def test_consent_that_was_given_again_takes_nothing(tmp_path):
    left = acted_on(tmp_path, "C1 E Withdrawn 01/03/2017 delete", "C1 E Given 01/04/2017")
    assert (rows_left(left), counted(left)) == ({}, [])


# ------------------------------------------------------------------------------------------------ interview


@pytest.mark.parametrize("who", ["C1", "P1"])
def test_a_withdrawn_interview_takes_its_topics_and_the_outcome_of_recruitment_and_leaves_the_records(tmp_path, who):
    left = acted_on(tmp_path, "C1 E Given 01/02/2017", "P1 Q Given 01/05/2017", f"{who} I Withdrawn 01/06/2017 use")
    assert rows_left(left) == {"recruitment": 4, "key": 2, "log": 3, "guide": 3}
    assert left.interviews == {"I1": "no further use"}
    assert column(left, "consents", "person") == ["C1"]  # consent to the evaluation stays


def test_an_interview_held_after_collection_was_to_stop_leaves_and_one_without_a_date_stays(tmp_path):
    left = acted_on(tmp_path, "C1 I Withdrawn 01/04/2017 collection", "C2 I Withdrawn 01/06/2017 collection",
                    "P4 I Withdrawn 01/04/2017 collection")
    assert left.interviews == {"I1": "no further collection"}
    assert column(left, "recruitment", "patient_id") == ["C2", "C3", "C4", "C5"]
    assert ("interview", "no further collection", "interviews", 1, 1, 1) in counted(left)


def test_staff_withdraw_their_interview_by_participant_number(tmp_path):
    left = acted_on(tmp_path, "S1 I Withdrawn 01/06/2017 use")
    assert (left.interviews, rows_left(left)) == ({"I5": "no further use"}, {"log": 3, "guide": 3})


def test_where_one_list_links_all_numbers_the_interview_goes_out_of_its_row(tmp_path):
    """The row itself must stay: the person's records are found through the NHS number in it."""
    key = CONSENTS.index("[extracts.key]")
    definition = (CONSENTS[:key] + CONSENTS[CONSENTS.index("[extracts.log]"):]).replace(
        'nhs_number = { from = "NHS no.", type = "nhs_number", required = true }',
        'nhs_number = { from = "NHS no.", type = "nhs_number", required = true }\n'
        'participant_id = { from = "Participant" }')
    clients = [["Client", "NHS no.", "Participant"],
               *([f"C{n}", number, f"P{n}"] for n, number in enumerate(FIVE_PEOPLE, 1))]
    left = acted_on(tmp_path, "P1 I Withdrawn 01/06/2017 use", definition=definition, clients=clients)
    assert column(left, "clients", "participant_id") == [None, "P2", "P3", "P4", "P5"]
    assert rows_left(left) == {"recruitment": 4, "log": 3, "guide": 3}


def test_a_memo_about_a_withdrawn_interview_leaves_with_it(tmp_path):
    definition = CONSENTS + """
[extracts.notes]
table = "memos"
file  = "notes.csv"
[extracts.notes.columns]
kind  = { from = "On", codes = { "interview" = "interview", "code" = "code" } }
about = { from = "Which" }
text  = { from = "Note" }
"""
    notes = [["On", "Which", "Note"], ["interview", "I1", "spoke softly"], ["interview", "I2", "in a hurry"],
             ["code", "trust", "wide"]]
    left = acted_on(tmp_path, "P1 I Withdrawn 01/06/2017 use", definition=definition, notes=notes)
    assert column(left, "notes", "about") == ["I2", "trust"]


# ------------------------------------------------------------------------------------------------ what is kept


def test_what_acted_is_counted_by_kind_scope_and_table_without_anybody_s_number(tmp_path):
    left = acted_on(tmp_path, "C1 E Withdrawn 01/06/2017 use", "C3 E Withdrawn 01/06/2017 use",
                    "P2 I Withdrawn 01/06/2017 delete", "P4 Q Withdrawn 01/06/2017", "C4 A Withdrawn 01/06/2017")
    of_use = ("evaluation", "no further use")
    assert counted(left) == [
        ("archive", "", "all tables", 0, 1, 0),
        (*of_use, "all tables", 0, 2, 0), (*of_use, "consents", 2, 2, 0), (*of_use, "contacts", 3, 2, 0),
        (*of_use, "episodes", 2, 2, 0), (*of_use, "identifiers", 3, 2, 0), (*of_use, "patients", 2, 2, 0),
        (*of_use, "prescriptions", 2, 1, 0), (*of_use, "recruitment", 2, 2, 0), (*of_use, "referrals", 2, 2, 0),
        (*of_use, "responses", 1, 1, 0),
        ("interview", "delete", "all tables", 0, 1, 0), ("interview", "delete", "asked", 1, 1, 0),
        ("interview", "delete", "consents", 1, 1, 0), ("interview", "delete", "identifiers", 1, 1, 0),
        ("interview", "delete", "interviews", 1, 1, 0), ("interview", "delete", "recruitment", 1, 1, 0),
        ("quotation", "", "all tables", 0, 1, 0)]


def test_whoever_withdrew_stays_a_count_at_the_stage_they_had_come_to_and_of_the_deleted_only_the_count(tmp_path):
    left = acted_on(tmp_path, "C1 E Withdrawn 01/06/2017 use", "C9 E Withdrawn 01/06/2017 use",
                    "C3 E Withdrawn 01/06/2017 delete", "P2 I Withdrawn 01/06/2017 delete",
                    "S1 I Withdrawn 01/06/2017 use", "C4 E Withdrawn 01/06/2017 collection")
    made = withdrawals.counts(left, "practice").astype(object)
    assert made.where(made.notna(), None).values.tolist() == [
        ["practice_a", "evaluation", "no further use", "enrolled", 1],
        ["practice_a", "interview", "delete", "recruited", 1],
        [None, "evaluation", "delete", "", 1],
        [None, "evaluation", "no further use", "invited", 1],     # C9 is on no practice's list
        [None, "interview", "no further use", "interviewed", 1]]  # nor is S1


def test_the_lines_to_purge_are_those_of_the_deleted_and_the_withdrawal_itself_stays(tmp_path):
    left = acted_on(tmp_path, "C3 E Withdrawn 01/06/2017 delete", "P1 I Withdrawn 01/06/2017 delete",
                    "C2 E Withdrawn 01/06/2017 use")
    made = withdrawals.purge(left, "coded.qdpx")
    assert [tuple(row) for row in made[["extract", "file", "line"]].itertuples(index=False)] == [
        ("clients", "clients.csv", "4"), ("patients", "patients.csv", "4"), ("episodes", "episodes.csv", "4"),
        ("contacts", "contacts_2.csv", "3"), ("referrals", "referrals.csv", "4"),
        ("recruitment", "recruitment.csv", "2"), ("recruitment", "recruitment.csv", "4"), ("key", "key.csv", "2"),
        ("log", "log.csv", "2"), ("guide", "guide.csv", "2"), ("coded project", "coded.qdpx", "source I1")]


def test_an_interview_says_whether_it_may_be_quoted_and_linked_and_only_a_standing_yes_is_one(tmp_path):
    left = acted_on(tmp_path, "P1 Q Given 01/05/2017", "P1 L Given 01/05/2017", "P2 Q Given 02/05/2017",
                    "P2 Q Withdrawn 01/06/2017", "P2 L Given 02/05/2017", "C2 E Withdrawn 01/07/2017 use",
                    "S1 Q Given 05/05/2017")
    interviews = pd.DataFrame({"participant_id": ["P1", "P2", "P4", "S1"], "quotable": [None] * 4,
                               "linkable": [None] * 4}, dtype="str")
    flagged = withdrawals.with_flags({"interviews": interviews}, left)["interviews"]
    assert flagged.fillna("").values.tolist() == [["P1", "yes", "yes", "C1"], ["P2", "no", "no", ""],
                                                  ["P4", "no", "no", ""], ["S1", "yes", "no", ""]]


def test_where_no_consent_to_quotation_is_recorded_what_was_delivered_holds(tmp_path):
    left = acted_on(tmp_path, "C1 E Given 01/02/2017")
    interviews = pd.DataFrame({"participant_id": ["P1", "P2"], "quotable": ["yes", None], "linkable": [None, None]},
                              dtype="str")
    flagged = withdrawals.with_flags({"interviews": interviews}, left)["interviews"]
    assert flagged["quotable"].isna().tolist() == [False, True]


def test_a_person_of_whom_no_more_is_collected_has_the_day_in_the_table_of_patients(tmp_path):
    left = acted_on(tmp_path, "C1 E Withdrawn 01/06/2017 collection")
    patients = withdrawals.with_flags({"patients": pd.DataFrame({"patient_id": ["C1", "C2"]})}, left)["patients"]
    assert list(patients["withdrew_on"]) == [pd.Timestamp(2017, 6, 1), pd.NaT]


def test_the_balance_of_rows_has_what_consent_took(tmp_path):
    left = acted_on(tmp_path, "C1 E Withdrawn 01/06/2017 use")
    rows = pd.DataFrame([(name, what, n, n) for name, n in (("contacts", 3), ("log", 4))
                         for what in ("delivered", "kept")], columns=["extract", "what", "rows", "people"])
    assert withdrawals.balanced(rows, left).values.tolist() == [
        ["contacts", "delivered", 5, 4], ["contacts", "consent", 2, 1], ["contacts", "kept", 3, 3],
        ["log", "delivered", 4, 4], ["log", "consent", 0, 0], ["log", "kept", 4, 4]]


# ------------------------------------------------------------------------------------------------ opt-out


def with_bases(**bases: str) -> str:
    """The definition with a legal basis for these extracts and direct care for the others."""
    definition = CONSENTS
    for name in EVERYTHING:
        definition = definition.replace(f"[extracts.{name}]\n",
                                        f'[extracts.{name}]\nlegal_basis = "{bases.get(name, "direct care")}"\n', 1)
    return definition


def test_an_opt_out_acts_on_extracts_under_section_251_only(tmp_path):
    left = acted_on(tmp_path, "C1 O Given 01/01/2017", definition=with_bases(issues="section 251"))
    assert rows_left(left) == {"issues": 1}
    assert counted(left) == [("national data opt-out", "section 251", "all tables", 0, 1, 0),
                             ("national data opt-out", "section 251", "prescriptions", 2, 1, 0)]


@pytest.mark.parametrize("consents, left_over", [
    (["C1 O Given 01/01/2017", "C1 E Given 01/02/2017"], {}),           # explicit consent overrides it
    (["C1 E Given 01/02/2017", "C1 O Given 01/03/2017"], {}),           # whichever came first
    (["C1 O Given 01/01/2017", "C1 E Declined 01/02/2017"], {"issues": 1}),
    (["C1 O Given 01/01/2017", "C1 I Given 01/02/2017"], {"issues": 1}),  # consent to be interviewed is another
    (["C1 O Given 01/01/2017", "C1 O Withdrawn 01/02/2017"], {})])      # opted in again
def test_explicit_consent_to_the_evaluation_overrides_an_opt_out(tmp_path, consents, left_over):
    assert rows_left(acted_on(tmp_path, *consents, definition=with_bases(issues="section 251"))) == left_over


def test_the_list_of_patients_may_say_who_opted_out_and_other_records_are_still_found_by_the_key(tmp_path):
    definition = with_bases(patients="section 251").replace(
        "died_on    =", 'opted_out  = { from = "Opt-out", codes = { "Y" = "yes", "N" = "no" } }\ndied_on    =')
    patients = [["NHS no.", "Born", "Died", "Opt-out"],
                *([number, "1950", "", "Y" if number == FIVE_PEOPLE[0] else "N"] for number in FIVE_PEOPLE)]
    left = acted_on(tmp_path, definition=definition, patients=patients)
    assert rows_left(left) == {"patients": 4}


def test_what_points_at_a_row_of_patients_that_an_opt_out_took_goes_with_it(tmp_path):
    """Nothing could place it, and the run would stop at a reference that leads nowhere."""
    definition = with_bases(patients="section 251").replace(
        'patient_id = { from = "NHS no.", type = "nhs_number", through = "clients" }\npractice',
        'patient_id = { from = "Client" }\npractice')
    patients = [["Client", "Born", "Died"], *([f"C{n}", "1950", ""] for n in range(1, 6)), ["C9", "1950", ""]]
    left = acted_on(tmp_path, "C1 O Given 01/01/2017", definition=definition, patients=patients)
    assert rows_left(left) == {"episodes": 4, "contacts": 3, "issues": 1, "questionnaire": 1, "referrals": 5,
                               "recruitment": 4}
    assert len(left.delivered["patients"].frame) == 5
    assert {scope for _, scope, *_ in counted(left)} == {"section 251", "rests on a record under section 251"}


def test_an_opt_out_where_extracts_do_not_say_their_legal_basis_is_a_mistake_that_names_them(tmp_path):
    with pytest.raises(DefinitionMistake) as mistake:
        acted_on(tmp_path, "C3 O Given 01/01/2017")
    line = CONSENTS.splitlines().index("[extracts.patients]") + 1
    assert str(mistake.value) == (
        f"study.toml, line {line}: the national data opt-out is recorded for people without consent to the evaluation, "
        "and [extracts.patients], [extracts.episodes], [extracts.contacts], [extracts.referrals], "
        "[extracts.recruitment] do not say the legal basis\n"
        '  -> write legal_basis = "section 251" where the opt-out applies; else "consent", "direct care" or '
        '"anonymised"')
    acted_on(tmp_path, "C3 O Given 01/01/2017", "C3 E Given 02/01/2017")  # consent overrides it: nothing to ask

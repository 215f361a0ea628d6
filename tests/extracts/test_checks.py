"""Every rule over rows and tables: a service in which nothing is wrong, one thing altered, the row that is named."""

import datetime

import pytest
from clean_service import CLEAN, DEFINITION, told, with_rows
from small_extracts import nhs_number

from analysis.extracts.checks.across import BREAKS
from analysis.reference.rules import RULES


def test_nothing_is_said_of_the_clean_service(tmp_path):
    assert told(tmp_path, CLEAN) == []


def test_every_rule_is_run_on_the_clean_service_or_tested_apart(tmp_path):
    """A rule that never ran could not fail any of these tests."""
    assert set(BREAKS) <= set(RULES)
    assert set(BREAKS) - {case.values[0] for case in CASES} == {
        "whole scale used", "item runs with the others", "day and month told apart", "person on every row", "in range"}


def case(rule: str, files, *rows: tuple, name: str = ""):
    return pytest.param(rule, files, [(rule, *row) for row in rows], id=name or rule)


def issues_of_one(days: list[int], quantities: list[int], kinds: dict[int, str] | None = None,
                  directions: dict[int, str] | None = None, **cells: str):
    """The clean files and, from line 8 of the issues on, repeats of one product to one person."""
    first = datetime.date(2017, 3, 1)
    return with_rows(issues={line: {
        "Client": "C4", "Drug": "Codeine 30mg tablets", "Directions": "1 bd", "Unit": "tablet", "Kind": "R",
        "Issued": str(first + datetime.timedelta(day)), "Qty": str(quantity)} | cells
        | ({"Kind": kinds[line]} if line in (kinds or {}) else {})
        | ({"Directions": directions[line]} if line in (directions or {}) else {})
        for line, (day, quantity) in enumerate(zip(days, quantities, strict=True), 8)})


CASES = [
    # identity
    case("NHS number that is issued", with_rows(numbers={2: {"NHS no.": nhs_number(999_123_457)}}),
         ("numbers", "nhs_number", 2)),
    case("NHS number that is issued", with_rows(numbers={2: {"NHS no.": "1111111111"}}), ("numbers", "nhs_number", 2),
         name="ten equal digits pass the check and are nobody's"),
    case("id not rounded", with_rows(contacts={3: {"Ref": "1.23457E+15"}}), ("contacts", "contact_id", 3)),
    case("id with all its digits", with_rows(contacts={3: {"Ref": "1234567890123450000"}}),
         ("contacts", "contact_id", 3)),
    case("one number a person", with_rows(numbers={6: {"Client": "C1", "NHS no.": "4010232153"}}),
         ("numbers", "nhs_number", 6)),
    case("one surname a person", with_rows(numbers={6: {"Surname": "Ash"}, 7: {"Client": "C1", "Surname": "OAK HILL",
                                                                            "NHS no.": "4010232137",
                                                                            "Participant": "P1"}}),
         ("numbers", "surname", 6)),
    case("person at one practice", with_rows(south={3: {"Client": "C2", "Sex": "M", "Born": "1960"}}),
         ("south", "practice", 3)),
    case("person listed once", with_rows(south={3: {"Born": ""}}), ("south", "patient_id", 3)),
    case("one birth year a person", with_rows(south={3: {"Client": "C2", "Sex": "M", "Born": "1961"}}),
         ("south", "birth_year", 3)),
    case("one sex a person", with_rows(south={3: {"Client": "C2", "Sex": "F", "Born": "1960"}}), ("south", "sex", 3)),
    case("no two people alike", with_rows(north={3: {"Registered": "1999-05-04", "Sex": "F", "Born": "1950",
                                                     "Decile": "3"}}), ("north", "patient_id", 3)),
    # time
    case("not before birth", with_rows(north={3: {"Born": "2017"}}), ("north", "registered_on", 3),
         name="not before birth: the year of birth itself is allowed"),
    case("not before birth", with_rows(south={2: {"Born": "2018"}}), ("referrals", "identified_on", 5),
         ("referrals", "invited_on", 5), ("referrals", "responded_on", 5), ("issues", "issued_on", 7),
         ("consents", "date", 7), name="not before birth: every date of the person"),
    case("not after death", with_rows(north={4: {"Died": "2017-05-21", "Left": "2017-11-20"}}),
         ("contacts", "date", 11), ("contacts", "recorded_on", 11)),
    case("not after leaving the practice", with_rows(issues={6: {"Issued": "2017-11-21"}}, north={4: {"Died": ""}}),
         ("issues", "issued_on", 6)),
    case("not after the export", with_rows(contacts={12: {"Date": "06/01/2018 10:00", "Typed": "06/01/2018"}}),
         ("contacts", "date", 12), ("contacts", "recorded_on", 12)),
    case("recorded after it happened", with_rows(contacts={3: {"Typed": "13/03/2017"}}),
         ("contacts", "recorded_on", 3)),
    case("no stand-in date", with_rows(episodes={3: {"End": "9999-12-31"}}), ("episodes", "ended_on", 3)),
    case("no stand-in date", with_rows(referrals={2: {"Found": "1899-12-30"}}, north={2: {"Born": ""}}),
         ("referrals", "identified_on", 2), name="no stand-in date: nought in a spreadsheet"),
    case("time of day known", with_rows(contacts={4: {"Date": "15/04/2017 00:00"}}), ("contacts", "date", 4)),
    # activity
    case("end not before start", with_rows(episodes={2: {"End": "2017-01-31"}}), ("episodes", "ended_on", 2)),
    case("contact within an episode", with_rows(episodes={4: {"End": "2017-04-03"}}), ("contacts", "date", 7),
         name="contact within an episode: 15 days after it ended, one day more than allowed"),
    case("contact within an episode", with_rows(episodes={4: {"End": "2017-04-04"}}),
         name="contact within an episode: 14 days after it ended"),
    case("episodes do not overlap", with_rows(episodes={2: {"End": "2017-04-02"}}), ("episodes", "started_on", 3)),
    case("invited after being identified", with_rows(referrals={3: {"Found": "2017-01-12"}}),
         ("referrals", "invited_on", 3)),
    case("answered after the invitation", with_rows(referrals={3: {"Answered": "2017-01-10"}}),
         ("referrals", "responded_on", 3)),
    case("episode after the invitation", with_rows(referrals={4: {"Invited": "2017-02-08"}}),
         ("episodes", "started_on", 5)),
    case("enrolled person has an episode", with_rows(referrals={5: {"Answer": "yes"}}), ("referrals", "response", 5)),
    case("episode of an enrolled person", with_rows(referrals={3: {"Answer": "no"}}), ("episodes", "patient_id", 4)),
    case("started after it was offered", with_rows(interventions={2: {"Start": "2017-02-28"}}),
         ("interventions", "started_on", 2)),
    # prescriptions
    case("issue that was made", with_rows(issues={3: {"Kind": "T"}}), ("issues", "status", 3)),
    case("issued by the practice", with_rows(issues={3: {"Kind": "H"}}), ("issues", "status", 3)),
    case("strength is stated", with_rows(issues={5: {"Drug": "MST 30"}}), ("issues", "product", 5)),
    case("combination strength has its units", with_rows(issues={6: {"Drug": "Co-codamol 30/500 tablets"}}),
         ("issues", "product", 6)),
    case("patch strength an hour", with_rows(issues={4: {"Drug": "Fentanyl 25mg patches"}}), ("issues", "product", 4)),
    case("patch strength an hour", with_rows(issues={4: {"Drug": "Fentanyl 25mcg transdermal patch"}}),
         ("issues", "product", 4), name="patch strength an hour: micrograms alone do not say of what"),
    case("patch changed when it is worn out", with_rows(issues={4: {"Directions": "change every 7 days"}}),
         ("issues", "directions", 4)),
    case("no medicine for dependence", with_rows(issues={5: {"Drug": "Buprenorphine 8mg sublingual tablets"},
                                                         6: {"Drug": "Buprenorphine 400microgram sublingual tablets"}}),
         ("issues", "product", 5), name="no medicine for dependence: by its strength, where no code says it"),
    case("liquid strength a volume", with_rows(issues={5: {"Drug": "Morphine 10mg oral solution"}}),
         ("issues", "product", 5)),
    case("quantity in doses", with_rows(issues={2: {"Unit": "1 OP"}}), ("issues", "unit", 2)),
    case("quantity above nought", with_rows(issues={2: {"Qty": "0"}}), ("issues", "quantity", 2)),
    case("quantity not huge", with_rows(issues={2: {"Qty": "2001"}}), ("issues", "quantity", 2)),
    case("no medicine for dependence", with_rows(issues={2: {"BNF": "041003000AAAAAA"}}), ("issues", "product", 2)),
    case("no injection", with_rows(issues={5: {"Drug": "Morphine 10mg/1ml solution for injection ampoules"}}),
         ("issues", "product", 5)),
    case("one strength a day", with_rows(issues={3: {"Issued": "2017-02-01", "Drug": "Tramadol 100mg capsules"}}),
         ("issues", "product", 3)),
    case("issue not made twice", with_rows(issues={3: {"Issued": "2017-02-01", "Qty": "56"}}),
         ("issues", "product", 3)),
    case("directions say a dose", with_rows(issues={2: {"Directions": "As directed"}}), ("issues", "directions", 2)),
    case("repeats without a gap", with_rows(issues={n: {"Issued": day, "Client": "C4", "Drug": "Codeine 30mg tablets",
                                                        "Kind": "R"} for n, day in enumerate([
             "2017-02-01", "2017-03-01", "2017-03-29", "2017-04-26", "2017-05-24", "2017-09-22"], 8)}),
         ("issues", "issued_on", 13), name="repeats without a gap: 121 days, one more than allowed"),
    case("repeats without a gap", with_rows(issues={3: {"Issued": "2017-09-01"}}),
         name="repeats without a gap: two issues make no row of months"),
    case("one issue a row", issues_of_one([0, 28, 56, 84, 112, 168], [56, 56, 56, 56, 112, 56]),
         ("issues", "quantity", 12), name="one issue a row: twice as much until the next issue after twice as long"),
    case("one issue a row", issues_of_one([0, 28, 56, 84, 168, 196], [56, 56, 56, 56, 168, 56]),
         ("issues", "quantity", 12), name="one issue a row: three times as much, three times as long after the last"),
    case("one issue a row", issues_of_one([0, 28, 56, 84, 112, 168], [56, 56, 56, 56, 112, 56], Kind="A"),
         name="one issue a row: an acute issue is no repeat"),
    case("one issue a row", issues_of_one([0, 28, 56, 84, 98, 112, 168], [56, 56, 56, 56, 56, 112, 56], {12: "T"}),
         ("issues", "quantity", 13),
         name="one issue a row: an issue that was never made stands nowhere"),
    case("one issue a row", issues_of_one([0, 28, 56, 84, 112, 168], [56, 56, 56, 56, 112, 56], directions={
        12: "2 bd"}), name="one issue a row: not where the directions changed with the quantity"),
    # questionnaires
    case("missing code declared", with_rows(second={3: {"P3": "999"}}), ("second", "peg:P3", 3)),
    case("version fits the answers", with_rows(first={2: {"Version": "EQ-5D-3L"}}), ("first", "version", 2)),
    case("total with its items", with_rows(first={4: {f"S{n}": "" for n in range(1, 8)}}), ("first", "total", 4)),
    case("total is that of the items", with_rows(first={2: {"Total": "22"}}), ("first", "total", 2)),
    case("answers differ", with_rows(first={3: {f"S{n}": "3" for n in range(1, 8)}}), ("first", "swemwbs:S1", 3)),
    case("time points in order", with_rows(second={2: {"Date": "2017-02-01"}}), ("second", "date", 2)),
    case("answered in its window", with_rows(second={3: {"Date": "2017-10-03"}}), ("second", "date", 3),
         name="answered in its window: 57 days after it was due, one more than allowed"),
    case("time point that was due", with_rows(due={6: {"Client": "C3"}}), ("second", "peg:P1", 3)),
    case("answered by the person", with_rows(first={3: {"By": "C"}}), ("first", "completed_by", 3)),
    # consent
    case("interview with consent", with_rows(consents={6: {"Who": "P8"}}), ("log", "participant_id", 3)),
    case("interview with consent", with_rows(consents={3: {"Date": "2017-05-02"}}), ("log", "participant_id", 2),
         name="interview with consent: given the day after"),
    case("nothing after withdrawal", with_rows(consents={7: {"Who": "C2"}}, contacts={5: {"Date": "02/09/2017 10:14",
                                                                                          "Typed": "02/09/2017"}},
                                               episodes={4: {"End": ""}}), ("contacts", "date", 5)),
    case("withdrawn after it was given", with_rows(consents={7: {"Who": "C3", "Date": "2017-01-19"}},
                                                   ), ("consents", "date", 7)),
    case("one consent at a time", with_rows(consents={5: {"Who": "C2", "Says": "N"}}), ("consents", "status", 5)),
    case("no opt-out code", with_rows(issues={7: {"BNF": "XaaDb"}}), ("issues", "bnf_code", 7)),
]


ENROLLED = "enrolled person has an episode"


def test_an_episode_of_nobody_known_may_be_the_one_that_seems_to_be_missing(tmp_path):
    files = with_rows(episodes={5: {"Client": "C33"}})
    assert [row for row in told(tmp_path, files) if row[0] == ENROLLED] == []


def test_of_more_people_than_there_are_episodes_of_nobody_known_each_is_named(tmp_path):
    files = with_rows(episodes={4: {"Client": "C22"}}, referrals={5: {"Answer": "yes"}})
    assert [row for row in told(tmp_path, files) if row[0] == ENROLLED] == [
        (ENROLLED, "referrals", "response", 3), (ENROLLED, "referrals", "response", 5)]


@pytest.mark.parametrize("rule, files, rows", CASES)
def test_the_row_that_was_altered_is_named(tmp_path, rule, files, rows):
    assert [one for one in told(tmp_path, files) if one[0] == rule] == sorted(rows)


def test_a_study_may_say_how_many_days_are_too_many(tmp_path):
    files = with_rows(episodes={4: {"End": "2017-04-03"}})
    wider = DEFINITION + '\n[rules]\n"contact within an episode" = { days = 15 }\n'
    assert [rule for rule, *_ in told(tmp_path, files, wider)] == []


def test_no_number_of_the_test_range_is_told_in_a_synthetic_study(tmp_path):
    files = with_rows(numbers={2: {"NHS no.": nhs_number(999_123_457)}})
    assert told(tmp_path, files, 'synthetic = "invented"\n' + DEFINITION) == []


def test_a_copy_and_a_row_after_the_data_cut_break_no_other_rule(tmp_path):
    """Each is left out for its own reason, so there is nothing else to ask of whoever sent it."""
    files = with_rows(issues={8: {}, 3: {"Issued": "2018-06-02"}})
    until = DEFINITION.replace('{ from = "Issued" }', '{ from = "Issued", until = "records" }')
    assert files["issues.csv"][6] == files["issues.csv"][7] and told(tmp_path, files, until) == []


@pytest.mark.parametrize("blank, said", [((3, 5, 6), [0]), ((3,), [])])
def test_a_number_that_is_printed_once_a_person_is_told_once(tmp_path, blank, said):
    files = with_rows(contacts={line: {"Client": ""} for line in blank})
    assert [row for rule, *_, row in told(tmp_path, files) if rule == "person on every row"] == said


def days(*told_apart: str) -> list[list[str]]:
    return [["Client", "Offered", "Start"],
            *(["C1", f"{n:02}/03/2017" if n < 13 else f"{n - 12:02}/04/2017", ""] for n in range(1, 16)),
            *(["C1", day, ""] for day in told_apart)]


DAYS = DEFINITION.replace('{ from = "Offered" }', '{ from = "Offered", format = "%d/%m/%Y" }')


def test_a_column_whose_days_all_read_the_other_way_round_too_is_told_once(tmp_path):
    assert told(tmp_path, CLEAN | {"interventions.csv": days()}, DAYS) == [
        ("day and month told apart", "interventions", "offered_on", 0)]


def test_one_day_after_the_twelfth_proves_the_order(tmp_path):
    assert told(tmp_path, CLEAN | {"interventions.csv": days("13/03/2017")}, DAYS) == []


@pytest.mark.parametrize("most, said", [("3", [("whole scale used", "first", "swemwbs:S1", 0)]), ("4", [])])
def test_five_levels_of_which_twenty_people_use_three_were_perhaps_three(tmp_path, most, said):
    answers = [CLEAN["first.csv"][0], *([f"C{n}", "", "", "", "P", "1", "2", most, "1", "2", "3", "1"]
                                        for n in range(5, 25))]
    files = {**CLEAN, "first.csv": answers, "due.csv": CLEAN["due.csv"] + [
        [f"C{n}", "swemwbs", "1"] for n in range(5, 25)]}
    assert told(tmp_path, files) == said


@pytest.mark.parametrize("turned, people, said", [
    (True, 20, [("item runs with the others", "first", "swemwbs:S2", 0)]), (False, 20, []), (True, 19, [])])
def test_an_item_that_was_turned_round_runs_against_the_sum_of_the_others(tmp_path, turned, people, said):
    answers = [CLEAN["first.csv"][0]]
    for n in range(people):
        step = 1 + n % 5
        items = [min(5, max(1, step + (n * k) % 3 - 1)) for k in range(1, 8)]
        items[1] = 6 - items[1] if turned else items[1]
        answers.append([f"C{n + 5}", "", "", "", "P", *map(str, items)])
    files = {**CLEAN, "first.csv": answers, "due.csv": CLEAN["due.csv"] + [
        [f"C{n + 5}", "swemwbs", "1"] for n in range(people)]}
    assert [one for one in told(tmp_path, files) if one[0] == "item runs with the others"] == said


def test_of_several_questionnaires_in_one_extract_the_version_is_that_of_one(tmp_path):
    items = [f"S{n}" for n in range(1, 8)]
    definition = DEFINITION.replace('peg = ["P1", "P2", "P3"]', f'peg = ["P1", "P2", "P3"]\nswemwbs = {items}').replace(
        "[extracts.second.items]", 'version = { from = "V" }\n[extracts.second.items]')
    files = with_rows()
    for row, more in zip(files["second.csv"], [["V", *items], ["5L", *"2343333"], ["3L", *"2343333"]], strict=True):
        row += more
    rule = "version fits the answers"
    assert [one for one in told(tmp_path, files, definition) if one[0] == rule] == [(rule, "second", "version", 3)]

"""Evaluation: each measure called with the settings of the definition, on the study's tables."""

import inspect

import pandas as pd
import pytest

from analysis.errors import Mistake
from analysis.evaluation import Evaluation
from analysis.study import open_study

EPISODES = pd.DataFrame({"patient_id": ["A", "B", "C", "D"]})
# One person of Practice A: enrolled, and nothing heard of since.
ONE = {"patients": pd.DataFrame({"patient_id": ["A"], "practice": ["practice_a"]}),
       "referrals": pd.DataFrame({"patient_id": ["A"], "invited_on": ["2017-01-02"], "response": ["enrolled"]}),
       "episodes": pd.DataFrame({"patient_id": ["A"]}),
       "timepoints": pd.DataFrame(columns=["patient_id", "instrument", "timepoint", "outcome", "reason"]),
       "recruitment": pd.DataFrame(columns=["patient_id", "response"])}
CONTACTS = pd.DataFrame([("A", "attended"), ("A", "attended"), ("A", "attended"), ("A", "attended"), ("B", "attended")],
                        columns=["patient_id", "attendance"])


def altered(root, *changes: tuple[str, str]):
    """The copied study with words of its definition replaced."""
    path = root / "pipelines" / "studies" / "south-glos" / "study.toml"
    said = path.read_text("utf-8")
    for before, after in changes:
        assert said.count(before) == 1
        said = said.replace(before, after)
    path.write_text(said, "utf-8")
    return open_study("south-glos", root)


@pytest.mark.parametrize(("rule", "upper"), [("type 7", 1.75), ("type 1", 1.0), ("type 6", 3.25)])
def test_quartiles_follow_the_rule_of_the_definition(a_project, rule, upper):
    """Attended contacts are 0, 0, 1 and 4."""
    study = altered(a_project, ('quantiles = "type 7"', f'quantiles = "{rule}"'))
    found = Evaluation(study, {"contacts": CONTACTS, "episodes": EPISODES}).contacts_per_patient()
    assert found.cells[found.names["contacts_q3"]].value == upper


def test_sites_have_the_names_of_the_definition(a_project):
    study = altered(a_project, ('practice_a = "Practice A"', 'practice_a = "Hill Surgery"'))
    found = Evaluation(study, ONE).enrolment_by_practice()
    assert [line.label for line in found.lines] == ["Hill Surgery", "Practice B"]
    assert found.columns == ("Invited", "Enrolled", "Enrolled of invited", "Returned, baseline", "Returned, follow-up",
                             "Interviewed")


def test_measures_by_site_have_a_row_for_the_sites_whose_rows_are_there(a_project):
    tables = ONE | {"interventions": pd.DataFrame({"patient_id": ["A"], "setting": ["community"],
                                                   "uptake": ["taken up"]})}
    here = Evaluation(open_study("south-glos", a_project), tables, {"practice_a": "Practice A"})
    assert [line.label for line in here.enrolment_by_practice().lines] == ["Practice A"]
    assert [line.label for line in here.interventions_by_practice().lines] == ["Practice A", "Practice A"]


def test_scores_are_compared_between_the_first_and_the_last_time_point_by_their_weeks(a_project):
    study = altered(a_project, ('follow_up = { label = "Follow-up", weeks = 30 }',
                                'year = { label = "A year", weeks = 52 }\n'
                                'half = { label = "Half a year", weeks = 26 }'))
    episodes = pd.DataFrame({"patient_id": ["A", "B"]})
    answers = [(person, "peg", point, item, answer) for person in "AB"
               for point, answer in (("baseline", 8), ("half", 5), ("year", 6)) for item in "123"]
    responses = pd.DataFrame(answers, columns=["patient_id", "instrument", "timepoint", "item", "answer"])
    found = Evaluation(study, {"responses": responses, "episodes": episodes}).outcome_scores()
    assert (found.about.window, found.cells[found.names["peg_change"]].value) == ("baseline and a year", -2.0)


def test_scores_at_one_time_point_are_a_mistake_of_the_definition(a_project):
    study = altered(a_project, ('follow_up = { label = "Follow-up", weeks = 30 }\n', ""))
    with pytest.raises(Mistake, match="scores are compared at two time points, and the definition has one"):
        Evaluation(study, {"responses": pd.DataFrame(), "episodes": EPISODES})._compared  # noqa: B018


def test_an_extract_that_is_of_one_setting_makes_no_row_in_the_other(a_project):
    study = altered(a_project, (
        'setting      = { from = "Setting", codes = { "Service" = "within service", "Community" = "community" } }',
        'setting      = { value = "community" }'))
    tables = {"interventions": pd.DataFrame(columns=["patient_id", "setting", "intervention", "uptake", "ended_on"]),
              "episodes": EPISODES}
    labels = [(line.section, line.label) for line in Evaluation(study, tables).interventions().lines]
    assert ("Within service", "Any") in labels and ("Community", "Walking group") in labels
    assert [label for section, label in labels if section == "Within service"] == ["Any"]


REFERRED = {"patients": pd.DataFrame({"patient_id": ["A"], **dict.fromkeys(
                ("died_on", "deregistered_on", "withdrew_on"), pd.Series([pd.NaT]))}),
            "referrals": pd.DataFrame({"patient_id": ["A"], "identified_on": pd.to_datetime(["2016-10-01"]),
                                       "invited_on": pd.to_datetime(["2016-10-11"])}),
            "episodes": pd.DataFrame({"patient_id": ["A"], "started_on": pd.to_datetime(["2016-10-21"]),
                                      "ended_on": pd.Series([pd.NaT]), "end_reason": [None]}),
            "contacts": pd.DataFrame({"patient_id": ["A", "B"], "attendance": "attended",
                                      "date": pd.to_datetime(["2016-10-21", "2016-10-21"])})}


@pytest.mark.parametrize(("since", "days"), [("identified_on", 20), ("invited_on", 10)])
def test_a_wait_begins_where_the_definition_says_and_ends_within_the_weeks_that_it_names(a_project, since, days):
    """B was seen and never enrolled, and waited for nothing."""
    study = altered(a_project, ('wait_from         = "identified_on"', f'wait_from         = "{since}"'),
                    ("seen_within_weeks = [4, 8, 12]", "seen_within_weeks = [2]"))
    found = Evaluation(study, REFERRED).waiting_time()
    assert found.cells[found.names["wait_median"]].value == days
    assert found.cells[found.names["seen_within_2"]].value == (days <= 14)
    assert found.cells[found.names["wait_followed"]].value == 1


def test_without_a_word_of_it_a_wait_begins_with_the_referral(a_project):
    study = altered(a_project, ('wait_from         = "identified_on"', ""))
    assert Evaluation(study, REFERRED).waiting_time().title == "From the day of referral to the first attended contact"


def test_the_calendar_goes_by_quarters_where_the_definition_says_so_and_no_further_than_the_data_cut(a_project):
    study = altered(a_project, ("[activity]", '[activity]\ncalendar = "quarter"'),
                    ("data_cut = { records = 2017-12-31", "data_cut = { records = 2017-05-31"))
    labels = [line.label for line in Evaluation(study, REFERRED).activity_over_time().lines]
    assert labels == ["Q3 2016 (in part)", "Q4 2016", "Q1 2017", "Q2 2017 (in part)"]


def test_what_was_planned_stands_in_its_item_of_tidier_unless_the_study_says_it_in_words(a_project):
    def planned(*changes):
        tables = {**REFERRED, "contacts": REFERRED["contacts"].assign(
            mode="telephone", place=None, worker=None, booked_minutes=30, minutes=30),
            "interventions": pd.DataFrame(columns=["patient_id", "setting", "intervention", "provider", "uptake",
                                                   "ended_on"]),
            "episodes": REFERRED["episodes"].assign(worker=None)}
        lines = Evaluation(altered(a_project, *changes), tables).what_was_delivered().lines
        return next(line for line in lines if line.label == "11 Adherence, as planned").entry("As stated")[0]

    assert planned() == ("6 attended contacts a person; 45 minutes a contact; 26 weeks of stay; 3 staff; "
                         "for everybody: pain education, goal setting, medication review")
    assert planned(("[tidier]", '[tidier]\nfidelity_planned = "Workers meet monthly"')) == "Workers meet monthly"


@pytest.mark.parametrize(("before", "after", "said"), [
    ('per_hour = 27.50', 'per_hour = "dear"', "unit_costs.toml, line 8"),
    ('per_hour = 27.50', 'per_huor = 27.50', "did you mean 'per_hour'?"),
    ('currency   = "£"', 'currency   = "pounds"', "one of: £, €, $"),
    ('minutes_per_contact = 15', '', "'minutes_per_contact' is missing in [admin]")])
def test_a_mistake_in_the_unit_costs_is_told_with_its_line_and_the_remedy(a_project, before, after, said):
    path = a_project / "pipelines" / "studies" / "south-glos" / "unit_costs.toml"
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")
    with pytest.raises(Mistake) as mistake:
        Evaluation(open_study("south-glos", a_project), REFERRED).unit_costs()
    assert said in str(mistake.value)


def test_the_cost_of_delivery_is_planned_or_not_only_where_unit_costs_are_stated(a_project):
    def shown():
        lines = Evaluation(open_study("south-glos", a_project), {}).planned_measures().lines
        return "Cost of delivery" in [line.label for line in lines]

    assert shown()
    (a_project / "pipelines" / "studies" / "south-glos" / "unit_costs.toml").unlink()
    assert not shown()


def test_settings_are_the_choices_of_the_definition_in_words(a_project):
    study = altered(a_project, ("window_days = 84 ", "window_days = 28 "),
                    ('rounding  = "half up"', 'rounding  = "half even"'))
    said = {(line.section, line.label): line.entry("Chosen")[0] for line in Evaluation(study, {}).settings().lines}
    assert said[("Doses", "Window")] == "28 days before the index date, earlier supply carried in"
    assert said[("Statistics", "Rounding for print")] == "half even"
    assert said[("Questionnaires", "EQ-5D-5L")] == (
        "index; no index where a dimension is missing; value set: EQ-5D-5L value set for the United Kingdom, 2026; "
        "no published size of change is used")
    assert said[("Questionnaires", "PEG")] == (
        "mean; complete items only; a change of 1 point counts (minimally important difference)")
    assert said[("Study", "Period")] == "1 September 2016 to 31 December 2017"
    assert Evaluation(study, {}).settings().cells == {}


def test_a_study_without_published_figures_is_told_what_to_do(a_project):
    (a_project / "pipelines" / "studies" / "south-glos" / "published.toml").unlink()
    with pytest.raises(Mistake) as mistake:
        Evaluation(open_study("south-glos", a_project), {}).not_transcribed()
    assert str(mistake.value) == ("south-glos has no published.toml to compare with\n"
                                  "  -> write it beside study.toml, or take the page 08_published_comparison out of "
                                  "'pages'")


def test_every_measure_returns_a_summary():
    """What is public is a measure that needs no argument; `doses` and `unread_rows` give frames, and `quotations`
    what `page.quote` decides about."""
    measures = {name: member for name, member in inspect.getmembers(Evaluation) if not name.startswith("_")}
    returned = {name: inspect.signature(member).return_annotation for name, member in measures.items()}
    assert {name for name, kind in returned.items() if kind != "Summary"} == {"doses", "unread_rows", "quotations"}


# ------------------------------------------------------------------------------------------------ characteristics

COLUMNS = 'source     = "levels"\n'
PEOPLE = {"patients": pd.DataFrame([("A", "practice_a", "female", 1950)],
                                   columns=["patient_id", "practice", "sex", "birth_year"]),
          "referrals": ONE["referrals"].assign(source="GP referral", route="letter"), "episodes": ONE["episodes"]}


def sections(study) -> list[str]:
    lines = Evaluation(study, PEOPLE).characteristics().lines
    return list(dict.fromkeys(line.section for line in lines if line.section))


def test_the_table_of_characteristics_has_those_that_the_definition_names_in_its_order(a_project):
    study = altered(a_project, (
        'age        = ["median", "mean"]\nsex        = "levels"\npractice   = "levels"\nethnicity  = "levels"\n'
        f'imd_decile = "bands"\n{COLUMNS}', 'route = "levels"\nsex = "levels"\nage = "bands"\n'))
    assert sections(study) == ["Invited by", "Sex", "Age"]


def test_without_a_word_in_the_definition_it_has_the_usual_ones_that_are_delivered(a_project):
    path = a_project / "pipelines" / "studies" / "south-glos" / "study.toml"
    before, after = path.read_text("utf-8").split("[characteristics]\n")
    path.write_text(before + after.split(COLUMNS)[1], "utf-8")
    bare = PEOPLE["patients"].assign(ethnicity=None, imd_decile=pd.Series([None], dtype="Int64"))
    lines = Evaluation(open_study("south-glos", a_project), PEOPLE | {"patients": bare}).characteristics().lines
    assert list(dict.fromkeys(line.section for line in lines)) == [
        "", "Age in years", "Sex", "Practice", "Ethnicity", "Deprivation of home area (IMD decile)"]


@pytest.mark.parametrize(("line", "says", "remedy"), [
    ('sauce = "levels"', "'sauce' is no characteristic", "did you mean 'source'?"),
    ('disability = "levels"', "no extract brings 'disability'",
     "read it from a column of an extract, or take this line out"),
    ('source = "mean"', "'source' cannot be shown as 'mean'", "one or several of: levels")])
def test_a_characteristic_that_cannot_be_shown_is_a_mistake_with_its_line(a_project, line, says, remedy):
    study = altered(a_project, (COLUMNS, line + "\n"))
    where = study.definition.line("characteristics", "columns", line.split(" ")[0])
    with pytest.raises(Mistake) as mistake:
        Evaluation(study, PEOPLE).characteristics()
    assert str(mistake.value) == f"study.toml, line {where}: {says}\n  -> {remedy}"


# ------------------------------------------------------------------------------------------------ reach

LISTS = ONE | {"patients": PEOPLE["patients"].assign(ethnicity=None, imd_decile=pd.Series([None], dtype="Int64")),
               "aggregates": pd.DataFrame([
                   ("practice_a", "eligible", "women", 131), ("practice_b", "eligible", "women", 97),
                   ("practice_a", "eligible", "men", 83), ("practice_b", "eligible", "men", 71),
                   (None, "staff in role", "project workers", 3)], columns=["site", "what", "by", "count"]).assign(
                       date=pd.NaT),
               "contacts": pd.DataFrame([("A", "W1", "attended")], columns=["patient_id", "worker", "attendance"])}


def test_counts_of_a_group_are_of_the_level_that_the_definition_says_and_everybody_is_their_sum(a_project):
    found = Evaluation(open_study("south-glos", a_project), LISTS).reach()
    people = [found.cells[found.names[f"{who}_eligible"]].value for who in ("everybody", "female", "male")]
    assert people == [382, 228, 154]
    assert found.columns[:2] == ("Eligible", "Invited (% of eligible)")
    assert [line.section for line in found.lines if line.label == "Not collected"] == ["Disability"]


def test_a_group_of_no_level_is_counted_for_nobody(a_project):
    study = altered(a_project, ('women = { sex = "female" }\nmen   = { sex = "male" }', ""))
    assert Evaluation(study, LISTS).reach().columns[0] == "Invited"


@pytest.mark.parametrize(("said", "remedy"), [
    ('{ sex = "woman" }', "'sex' has: female, male, other"),
    ('{ religion = "none" }', "one of the characteristics that are delivered: age, sex, ethnicity, imd_decile")])
def test_a_group_that_is_said_to_be_what_there_is_not_is_a_mistake_with_its_line(a_project, said, remedy):
    study = altered(a_project, ('women = { sex = "female" }', f"women = {said}"))
    with pytest.raises(Mistake) as mistake:
        Evaluation(study, LISTS).reach()
    assert str(mistake.value).startswith(f"study.toml, line {study.definition.line('reach', 'groups', 'women')}: ")
    assert str(mistake.value).endswith(remedy)


def test_the_workers_of_the_contacts_are_of_the_staff_that_the_definition_says(a_project):
    found = Evaluation(open_study("south-glos", a_project), LISTS).adoption()
    assert [line.label for line in found.lines if line.section == "Staff"] == ["Project workers"]
    study = altered(a_project, ('workers = "project workers"', 'workers = "nurses"'))
    with pytest.raises(Mistake, match="no count of staff is of 'nurses'"):
        Evaluation(study, LISTS).adoption()


def test_an_intervention_that_is_planned_and_that_no_extract_knows_is_a_mistake(a_project):
    study = altered(a_project, ('interventions = ["pain education", ', 'interventions = ["pain educasion", '))
    with pytest.raises(Mistake, match="did you mean 'pain education'"):
        Evaluation(study, LISTS).fidelity()


@pytest.mark.parametrize(("points", "says"), [
    ('baseline  = { label = "Baseline",  weeks = 0 }\n', "the definition has one time point"),
    ("", "there is no time point at which anybody could have returned a questionnaire")])
def test_completers_without_a_second_time_point_are_a_mistake_of_the_definition(a_project, points, says):
    study = altered(a_project, ('baseline  = { label = "Baseline",  weeks = 0 }\n'
                                'follow_up = { label = "Follow-up", weeks = 30 }\n', points))
    with pytest.raises(Mistake, match=says):
        Evaluation(study, LISTS).completers()

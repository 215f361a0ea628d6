"""A column of the list of people that another file of the same people has is looked up there."""

import pytest
from proposed_folders import TWENTY, lines_about, opened, proposed, table
from small_extracts import DEFINITION, five_people, write_study
from test_proposal_shapes import APPOINTMENTS, APPROACHES

from analysis.errors import DefinitionMistake
from analysis.extracts.checks.expectations import validate
from analysis.extracts.plan import plans
from analysis.extracts.read import read
from analysis.study import open_study

HUBS = table("Pt Ref,Hub,Referred", [f"{person},{'North' if n < 10 else 'South'},{n + 1:02}/02/2025"
                                     for n, person in enumerate(TWENTY)])
PEOPLE = table("Pt Ref,Gender", [f"{person},{'FM'[n % 2]}" for n, person in enumerate(TWENTY)])
OF = 'practice = { from = "Hub", of = "referrals", codes = { "North" = "north", "South" = "south" } }'


def mended(text: str) -> str:
    return text.replace("# CHOOSE gap_days", "# gap_days").replace("# gap_days = 91", "gap_days = 91")


def test_a_site_that_only_the_referrals_say_is_looked_up_there(tmp_path):
    proposal = proposed(tmp_path, {"people.csv": PEOPLE, "referrals.csv": HUBS, "contacts.csv": APPOINTMENTS})
    assert lines_about(proposal, "practice")[0].startswith(OF) and "not read: Hub" not in proposal.text
    study = opened(tmp_path, mended(proposal.text))
    delivered = {plan.name: read(plan, study.raw) for plan in plans(study)}
    assert delivered["patients"].frame["practice"].tolist() == ["North"] * 10 + ["South"] * 10
    checks = validate({name: delivered[name] for name in ("patients", "referrals")}).checks
    assert checks.loc[checks["column"].eq("practice"), ["rule", "rows", "failed"]].values.tolist()[:2] == [
        ["complete", 20, 0], ["known code", 20, 0]]


def test_where_the_list_says_the_site_itself_nothing_is_looked_up(tmp_path):
    people = PEOPLE.replace("Gender", "Practice").replace(",F", ",East").replace(",M", ",West")
    proposal = proposed(tmp_path, {"people.csv": people, "referrals.csv": HUBS})
    assert 'of = "' not in proposal.text


def test_the_first_row_that_says_anything_counts_and_whoever_has_none_lacks_the_column(tmp_path):
    proposal = proposed(tmp_path, {"people.csv": PEOPLE, "referrals.csv": HUBS, "contacts.csv": APPOINTMENTS})
    (tmp_path / "exports" / "referrals.csv").write_text(table("Pt Ref,Hub,Referred", [
        "W01,,01/02/2025", "W01,South,02/02/2025", "W01,North,03/02/2025"]), "utf-8")
    study = opened(tmp_path, mended(proposal.text))
    delivered = {plan.name: read(plan, study.raw) for plan in plans(study)}
    assert delivered["patients"].frame["practice"].tolist()[0] == "South"
    faults = validate(delivered).faults
    assert faults.loc[faults["column"] == "practice", "rule"].tolist() == ["complete"] * 19


@pytest.mark.parametrize("of, found", [
    ("referals", "did you mean 'referrals'"), ("contacts", "which is no other extract"),
    ("patients", "which is no other extract")])
def test_an_extract_that_cannot_be_looked_into_is_a_mistake_in_words(tmp_path, of, found):
    proposal = proposed(tmp_path, {"people.csv": PEOPLE, "referrals.csv": HUBS, "contacts.csv": APPOINTMENTS})
    with pytest.raises(DefinitionMistake, match=found):
        plans(opened(tmp_path, mended(proposal.text).replace('of = "referrals"', f'of = "{of}"')))


def test_people_known_by_another_number_cannot_be_looked_up(tmp_path):
    write_study(tmp_path, five_people(), DEFINITION.replace(
        'practice   = { value = "practice_a" }',
        'practice   = { from = "Where", of = "episodes", codes = { "A" = "practice_a" } }'))
    with pytest.raises(DefinitionMistake, match="does not know people by the number"):
        plans(open_study("small", tmp_path))


def test_only_columns_of_people_are_looked_up(tmp_path):
    proposal = proposed(tmp_path, {"people.csv": PEOPLE, "referrals.csv": APPROACHES, "contacts.csv": APPOINTMENTS})
    text = mended(proposal.text).replace('{ from = "D/C date"', '{ from = "D/C date", of = "patients"')
    with pytest.raises(DefinitionMistake, match="which only columns of patients may be"):
        plans(opened(tmp_path, text))

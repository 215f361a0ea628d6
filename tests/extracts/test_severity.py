"""The [rules] of a definition: up freely, down with a reason, and never for what does not exist."""

import pytest
from small_extracts import DEFINITION, opened

from analysis.errors import DefinitionMistake
from analysis.extracts.checks.severity import Move, severities
from analysis.extracts.plan import plans

LINE = len(DEFINITION.splitlines()) + 2


def said(root, rules: str):
    return severities(opened(root, {}, f"{DEFINITION}[rules]\n{rules}\n"))


def test_without_rules_of_its_own_a_study_has_the_packages(tmp_path):
    here = severities(opened(tmp_path, {}))
    assert (here.moves, here.of("in range"), here.of("no surrounding space")) == ((), "blocking", "noted")


def test_a_rule_moves_up_without_a_word_for_every_extract(tmp_path):
    here = said(tmp_path, '"no surrounding space" = { severity = "excluded" }')
    assert here.moves == (Move("no surrounding space", "noted", "excluded", "", ()),)
    assert (here.of("no surrounding space", "contacts"), here.of("in range", "contacts")) == ("excluded", "blocking")


def test_a_rule_moves_down_with_a_reason_for_the_extracts_that_are_named(tmp_path):
    here = said(tmp_path, '"in range" = { severity = "noted", reason = "the scale was printed wrong", '
                          'extract = ["contacts", "issues"] }')
    assert [here.of("in range", extract) for extract in ("contacts", "issues", "patients")] == [
        "noted", "noted", "blocking"]
    assert here.moves[0].down and here.moves[0].reason == "the scale was printed wrong"


def test_every_plan_knows_how_severe_its_rules_are(tmp_path):
    study = opened(tmp_path, {}, f'{DEFINITION}[rules]\n"complete" = {{ severity = "excluded", reason = "as agreed", '
                                 'extract = "contacts" }\n')
    assert {plan.name: plan.severity("complete") for plan in plans(study) if plan.name in ("contacts", "issues")} == {
        "contacts": "excluded", "issues": "blocking"}


@pytest.mark.parametrize("rules, message", [
    ('"in range" = { severity = "noted" }',
     "the rule 'in range' is moved down from blocking to noted without a reason\n"
     '  -> add: reason = "…"; the report prints it'),
    ('"in range" = { severity = "excluded", reason = " " }',
     "the rule 'in range' is moved down from blocking to excluded without a reason\n"
     '  -> add: reason = "…"; the report prints it'),
    ('"in rnge" = { severity = "noted", reason = "x" }',
     "there is no rule 'in rnge'\n  -> did you mean 'in range'?"),
    ('"in range" = { severity = "off", reason = "x" }',
     "the severity of 'in range' is 'off'\n  -> one of: noted, excluded, blocking"),
    ('"rows present" = { severity = "excluded", reason = "x" }',
     "'rows present' is about a whole extract, so there is no row to take out\n"
     '  -> write severity = "noted" or "blocking"'),
    ('"in range" = { severity = "noted", reason = "x", extract = "contact" }',
     "'in range' is moved for the extract 'contact', which the definition does not have\n"
     "  -> did you mean 'contacts'?"),
    ('"in range" = { days = 3 }', "'in range' compares no days\n  -> take 'days' out"),
])
def test_what_cannot_be_said_of_a_rule_is_told_with_its_line(tmp_path, rules, message):
    with pytest.raises(DefinitionMistake) as mistake:
        said(tmp_path, rules)
    assert str(mistake.value) == f"study.toml, line {LINE}: {message}"

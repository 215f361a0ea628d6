"""Rules moved and rules not run: a reader sees each with its reason, and is told where there are none."""

from measured import lines, rows

from analysis.measures.records.quality_rules import rules_moved, rules_not_run


def test_a_rule_that_was_moved_is_printed_with_its_reason():
    moves = [("in range", "blocking", "noted", "questionnaire", "the form printed {longer} scales"),
             ("answers differ", "noted", "excluded", "", "")]
    assert rows(rules_moved(moves)) == {
        "In range": {"Before": "blocking", "Here": "noted", "For": "questionnaire",
                     "Why": "the form printed (longer) scales"},
        "Answers differ": {"Before": "noted", "Here": "excluded", "For": "all", "Why": "not stated"}}


def test_where_no_rule_was_moved_a_row_says_so():
    assert list(rows(rules_moved([]))) == ["No rule was moved"]


def test_a_rule_that_was_not_run_says_what_it_would_need():
    assert lines(rules_not_run([("structure", "rows as declared", "`rows` in the definition of an extract"),
                                ("structure", "rows present", "")])) == [
        ("Structure", "Rows as declared", "rows in the definition of an extract"),
        ("Structure", "Rows present", "an extract with rows")]


def test_where_every_rule_was_run_a_row_says_so():
    assert list(rows(rules_not_run([]))) == ["Every rule was run"]

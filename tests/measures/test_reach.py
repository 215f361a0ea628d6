"""Counts that came as counts are shown as they came: by site, the latest, and never summed."""

import pandas as pd
from measured import lines, named

from analysis.measures.reach import aggregate_counts

COUNTS = pd.DataFrame([
    ("a", "list size", None, 9000, "2016-01-01"), ("a", "list size", None, 9812, "2016-09-01"),
    ("b", "list size", None, 7455, None), ("a", "eligible", "women", 131, "2016-09-01"),
    (None, "staff in role", "project workers", 3, "2016-10-01")],
    columns=["site", "what", "by", "count", "date"]).astype({"date": "datetime64[s]"})


def test_counts_stand_under_their_site_and_the_later_of_two_holds():
    assert lines(aggregate_counts(COUNTS, {"a": "Practice A", "b": "Practice B"})) == [
        ("People on the list", "All", "9812", "7455", "01/09/2016"),
        ("Eligible people", "Women", "131", "01/09/2016"),
        ("Staff in role", "Project workers", "3", "01/10/2016")]


def test_staff_are_of_the_population_of_service_providers_and_the_listed_of_the_invited():
    made = aggregate_counts(COUNTS, {"a": "Practice A", "b": "Practice B"})
    assert named(made, "list_size__a").population == "invited"
    assert named(made, "staff_in_role_project_workers_all").population == "service providers"


def test_a_site_s_own_report_has_its_own_column_alone():
    made = aggregate_counts(COUNTS[COUNTS["site"].eq("b")], {"b": "Practice B"})
    assert lines(made) == [("People on the list", "All", "7455", "date not recorded")]

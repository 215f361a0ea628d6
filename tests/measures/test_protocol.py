"""The protocol record: what is left out is shown as left out, and every measure as prespecified or post hoc."""

import datetime
import re
from pathlib import Path

from measured import lines

from analysis.measures.records.protocol import ITEMS, MEASURES, planned_measures, protocol_record

MEASURES_FOLDER = Path(__file__).parents[2] / "analysis" / "measures"


def test_every_item_is_there_and_what_is_left_out_is_not_stated():
    made = protocol_record({"classification": "audit", "rec": "not needed {HRA tool}"})
    assert lines(made) == [
        ("Approval and governance", label, {"classification": "audit", "rec": "not needed (HRA tool)"}.get(
            key, "not stated")) for key, label in ITEMS.items()] + [("Deviations", "Deviations", "not stated")]
    assert made.cells == {}


def test_deviations_stand_in_the_order_of_their_dates():
    said = {"deviations": [
        {"date": datetime.date(2020, 4, 1), "what": "Interviews by telephone", "why": "the pandemic"},
        {"date": datetime.date(2019, 11, 5), "what": "A third practice", "why": "slow recruitment"}]}
    assert lines(protocol_record(said))[-2:] == [
        ("Deviations", "5 November 2019", "A third practice. Why: slow recruitment"),
        ("Deviations", "1 April 2020", "Interviews by telephone. Why: the pandemic")]
    assert lines(protocol_record({"deviations": []}))[-1] == ("Deviations", "Deviations", "none")


def test_each_measure_shown_is_prespecified_or_post_hoc_and_what_was_planned_and_is_not_shown_is_said():
    assert lines(planned_measures(["themes", "attendance"], ["themes", "costs"])) == [
        ("Shown in this report", "Themes", "prespecified"), ("Shown in this report", "Attendance", "post hoc"),
        ("Prespecified, and not shown", "Costs", "prespecified")]


def test_without_a_list_nobody_has_said_of_any_measure_what_it_is():
    assert lines(planned_measures(["themes"], None)) == [("Shown in this report", "Themes", "not stated")]


def test_the_list_of_measures_is_every_measure_of_the_package_that_is_no_record():
    made = re.compile(r'Cells\("([^"]+)"\)|^MEASURE = "([^"]+)"', re.M)
    sources = [path.read_text("utf-8") for path in MEASURES_FOLDER.rglob("*.py")]
    assert {name for source in sources for pair in made.findall(source) for name in pair if name} == set(MEASURES)

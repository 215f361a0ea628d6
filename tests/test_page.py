"""Page: one study, one site, one tier; what it releases is protected and registered."""

import json

import pandas as pd
import pytest

from analysis.errors import Mistake
from analysis.measures.cells import Cells
from analysis.measures.summary import About
from analysis.page import Page

TABLES = {
    "patients": pd.DataFrame({"patient_id": ["A", "B", "C"], "practice": ["practice_a", "practice_a", "practice_b"]}),
    "contacts": pd.DataFrame({"patient_id": ["A", "A", "C"], "minutes": [10, 20, 30]}),
    "interviews": pd.DataFrame({"interview_id": ["I1", "I2"], "practice": ["practice_a", "practice_b"]}),
    "codings": pd.DataFrame({"interview_id": ["I1", "I1", "I2"], "code_id": ["x", "y", "x"]}),
    "codes": pd.DataFrame({"code_id": ["x", "y"]}),
}


@pytest.fixture
def opened(a_project):
    """Opens a page of the copied study, with these small tables as its tidy ones, under OpenSAFELY."""
    definition = a_project / "pipelines" / "studies" / "south-glos" / "study.toml"
    definition.write_text(definition.read_text("utf-8").replace('profile = "none"', 'profile = "opensafely"'), "utf-8")
    tidy = a_project / ".build" / "south-glos" / "tidy"
    tidy.mkdir(parents=True)
    for name, frame in TABLES.items():
        frame.to_parquet(tidy / f"{name}.parquet")
    return lambda **how: Page("02_small", study="south-glos", **how)


def flow(invited: int = 59, enrolled: int = 4):
    cells = Cells("participant flow")
    cells.people("invited", invited, "invited")
    cells.people("enrolled", enrolled, "enrolled")
    return cells.summary("Flow", About("people invited", "people invited"))


def texts(released) -> dict[str, str]:
    return {name: released.named(name).text for name in released.names}


# ------------------------------------------------------------------------------------------------ opening

@pytest.mark.parametrize(("how", "says"), [
    ({"tier": "public"}, "there is no tier 'public'\n  -> release or working"),
    ({"site": "practice_c"}, "'south-glos' has no site 'practice_c'\n"
                             "  -> did you mean 'practice_b'? known: all, practice_a, practice_b"),
    ({"study": "south-glas"}, "there is no study 'south-glas'\n  -> did you mean 'south-glos'?")])
def test_a_page_of_something_unknown_is_a_mistake_with_the_remedy(opened, how, says):
    with pytest.raises(Mistake) as mistake:
        Page("02_small", **{"study": "south-glos", **how})
    assert str(mistake.value) == says


def test_a_page_has_a_registry_as_soon_as_it_is_open(opened, a_project):
    opened()
    registry = json.loads((a_project / ".build/south-glos/notebooks/02_small.registry.json").read_text("utf-8"))
    assert [registry[key] for key in ("page", "tier", "cells", "shown")] == ["02_small", "release", {}, []]


def test_a_registry_says_in_which_tier_the_page_was_opened(opened, a_project):
    opened(tier="working")
    registry = json.loads((a_project / ".build/south-glos/notebooks/02_small.registry.json").read_text("utf-8"))
    assert registry["tier"] == "working"


# ------------------------------------------------------------------------------------------------ tables

@pytest.mark.parametrize(("table", "everyone", "at_a"), [
    ("patients", ["A", "B", "C"], ["A", "B"]),       # names its site itself
    ("contacts", ["A", "A", "C"], ["A", "A"]),       # belongs to a site through the person
    ("interviews", ["I1", "I2"], ["I1"]),
    ("codings", ["I1", "I1", "I2"], ["I1", "I1"]),   # through the interview
    ("codes", ["x", "y"], ["x", "y"])])              # of every site
def test_a_site_s_page_sees_the_rows_of_its_site(opened, table, everyone, at_a):
    def first(page):
        return list(page[table].iloc[:, 0])

    assert (first(opened()), first(opened(site="practice_a"))) == (everyone, at_a)


@pytest.mark.parametrize(("site", "withheld", "rows"), [
    ("all", {}, {"Practice A": 2, "Practice B": 1}),
    ("practice_a", {}, {"Practice A": 2}),
    ("all", {"practice_b": ["complete"]}, {"Practice A": 2})])
def test_a_table_by_site_has_no_row_for_a_site_whose_rows_are_not_there(opened, a_project, site, withheld, rows):
    """'Practice B: 0 invited' would be false: nobody was counted there."""
    build = a_project / ".build" / "south-glos"
    (build / "tidied.json").write_text(json.dumps({"withheld": withheld}), "utf-8")
    pd.DataFrame({"patient_id": ["A", "B", "C"], "invited_on": "2017-01-02", "response": "enrolled"}
                 ).to_parquet(build / "tidy" / "referrals.parquet")
    pd.DataFrame({"patient_id": ["A", "B", "C"], "started_on": pd.Timestamp("2017-02-01")}
                 ).to_parquet(build / "tidy" / "episodes.parquet")
    pd.DataFrame(columns=["patient_id", "instrument", "timepoint", "due_on", "outcome", "reason"]
                 ).to_parquet(build / "tidy" / "timepoints.parquet")
    pd.DataFrame(columns=["patient_id", "response", "reason"]
                 ).to_parquet(build / "tidy" / "recruitment.parquet")
    found = opened(site=site).measures.enrolment_by_practice()
    assert {line.label: found.cells[line.entry("Invited")[1]["n"]].value for line in found.lines} == rows


@pytest.mark.parametrize(("site", "minutes"), [("all", [10, 20, 30]), ("practice_b", [30])])
def test_a_table_in_parts_has_the_site_s_rows_and_is_one_that_the_page_has_read(opened, a_project, site, minutes):
    page = opened(site=site)
    assert [m for batch in page.batches("contacts", ["patient_id", "minutes"])
            for m in batch.column("minutes").to_pylist()] == minutes
    page._registry.write()
    registry = json.loads((a_project / ".build/south-glos/notebooks/02_small.registry.json").read_text("utf-8"))
    assert "contacts" in registry["read"]["tables"]


def test_what_a_notebook_does_to_its_table_stays_in_the_notebook(opened):
    page = opened()
    page["contacts"].insert(0, "days", 0)
    assert list(page["contacts"]) == ["patient_id", "minutes"]


def test_a_table_that_was_not_delivered_is_a_mistake_that_names_those_there_are(opened):
    with pytest.raises(Mistake) as mistake:
        opened()["events"]
    assert str(mistake.value) == ("there is no tidy table 'events' for south-glos\n"
                                  "  -> run make validate STUDY=south-glos first; there are: codes, codings, contacts, "
                                  "interviews, patients")


# ------------------------------------------------------------------------------------------------ releasing

def test_the_release_tier_protects_and_the_working_tier_shows_true_numbers(opened):
    assert texts(opened().release(flow())) == {"invited": "60", "enrolled": "[REDACTED]"}
    assert texts(opened(tier="working").release(flow())) == {"invited": "59", "enrolled": "4"}


def test_what_the_audit_planned_is_hidden_too(opened, a_project):
    (a_project / ".build/south-glos/plan.json").write_text(json.dumps([flow().names["invited"]]), "utf-8")
    assert texts(opened().release(flow())) == {"invited": "[REDACTED]", "enrolled": "[REDACTED]"}


def test_a_release_says_whether_the_protocol_planned_it_but_of_a_record_nothing(opened):
    modes = Cells("contact modes")
    listing = modes.summary("Modes", About("people enrolled", "people enrolled"))  # no number: nothing is measured
    modes.count(3, population="enrolled")
    unplanned = modes.summary("Modes", About("people enrolled", "people enrolled"))
    kept = Cells("rows kept", record=True)
    kept.count(3, "rows", population="enrolled", unit="rows")
    record = kept.summary("Rows kept", About("rows of every extract", "rows delivered"))
    assert opened().release(listing).about.prespecified == opened().release(record).about.prespecified == ""
    assert opened().release(flow()).about.prespecified == "prespecified"
    assert opened().release(unplanned).about.prespecified == "not prespecified (post hoc)"


def test_two_measures_on_a_page_that_disagree_about_a_number_are_an_error(opened):
    page = opened()
    page.release(flow(enrolled=30))
    with pytest.raises(ValueError, match="^two numbers for one cell: people, enrolled: people$"):
        page.release(flow(enrolled=31))

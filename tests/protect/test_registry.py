"""Registry: what a page released and showed, in one file; one cell has one text."""

import json

import pytest
from small_measure import profiles, released, summary

from analysis.measures.cells import Cells
from analysis.measures.summary import About
from analysis.measures.verdicts import CHECK
from analysis.protect.registry import Registry, digest
from analysis.protect.released import release


def test_a_registry_holds_the_released_number_beside_the_true_one(tmp_path):
    registry = Registry("02_people", tmp_path / "pages" / "02_people.registry.json")
    registry.add(summary(), released())
    registry.showed("<p>something</p>")
    read = json.loads(registry.path.read_text("utf-8"))
    assert {key: read[key] for key in ("page", "tier", "shown", "read")} == {
        "page": "02_people", "tier": "release", "shown": [digest("<p>something</p>")], "read": {}}
    assert len(read["cells"]) == 10
    names = summary().names
    assert read["cells"][names["beta_share"]] == {
        "words": "groups, enrolled, group = Beta & <co>: share of people, enrolled: people [people]",
        "population": "enrolled", "kind": "ratio", "unit": "%", "text": "[REDACTED]", "status": "hidden",
        "released": None, "true": 100 * 3 / 43, "n": 3, "numerator": names["beta"],
        "denominator": names["enrolled"], "parts": []}


def test_a_registry_holds_its_tier_and_what_the_page_has_read_when_it_is_written(tmp_path):
    read = {"tables": []}
    registry = Registry("page", tmp_path / "page.registry.json", lambda: read, "working")
    registry.write()
    read["tables"].append("contacts")
    registry.write()
    held = json.loads(registry.path.read_text("utf-8"))
    assert (held["tier"], held["read"]) == ("working", {"tables": ["contacts"]})


def test_the_same_page_writes_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        registry = Registry("page", tmp_path / f"{name}.json")
        registry.add(summary(), released())
        registry.write()
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def claimed(lower: int):
    """A summary with one claim, that few had a lower dose, and its verdict on all that is claimed."""
    cells = Cells("joint display")
    parts = [cells.count(lower, population="enrolled"), cells.people("enrolled", 34)]
    few = cells.verdict(parts, "few", "few")
    cells.verdict([few], "every", CHECK, words="they agree|they do not agree", asks="Why?")
    return cells.summary("Joint display", About("", ""))


@pytest.mark.parametrize(("lower", "rules", "notices"), [
    (3, "none", []), (20, "none", ["joint display, “Why?”: they do not agree with what the definition says of them"]),
    (3, "opensafely", [])])
def test_the_run_hears_where_released_numbers_are_not_what_is_claimed_of_them(tmp_path, lower, rules, notices):
    registry = Registry("07_integration", tmp_path / "r.json")
    registry.add(claimed(lower), release(claimed(lower), profiles(rules)))
    registry.write()
    assert json.loads(registry.path.read_text("utf-8"))["notices"] == notices


def test_nothing_is_left_beside_the_registry(tmp_path):
    Registry("page", tmp_path / "page.registry.json").write()
    assert [path.name for path in tmp_path.iterdir()] == ["page.registry.json"]


def test_two_numbers_for_one_cell_on_one_page_are_an_error(tmp_path):
    registry = Registry("page", tmp_path / "page.registry.json")
    for enrolled in (34, 35):
        cells = Cells("flow")
        cells.people("enrolled", enrolled)
        found = cells.summary("", About("", ""))
        if enrolled == 34:
            registry.add(found, release(found, profiles("none")))
    with pytest.raises(ValueError, match="^two numbers for one cell: people, enrolled: people$"):
        registry.add(found, release(found, profiles("none")))


def test_the_same_summary_twice_is_no_error(tmp_path):
    registry = Registry("page", tmp_path / "page.registry.json")
    registry.add(summary(), released())
    registry.add(summary(), released())
    registry.write()
    assert len(json.loads(registry.path.read_text("utf-8"))["cells"]) == 10

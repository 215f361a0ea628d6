"""Tables: same bytes twice, a heading for every row and column, and no number without its cell."""

import subprocess
import sys
from pathlib import Path

import pytest
from lxml import html
from small_measure import profiles, registered, released, summary

from analysis.errors import Mistake
from analysis.measures.cells import Cells
from analysis.measures.summary import About
from analysis.present import table
from analysis.protect.gate import unbound
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release

TESTS = Path(__file__).parents[1]


def parsed(shown=None, **how):
    return html.fromstring(table(shown or released(), **how).content)


def texts(parent, path: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in parent.xpath(path)]


def test_a_table_in_plain_text():
    assert repr(table(released())) == (
        "People by group\n"
        "Group            People         Age\n"
        "Alpha        10 (22.2%)        52.5\n"
        "Beta & <co>  [REDACTED]  [REDACTED]\n"
        "Gamma        30 (66.7%)        68.5\n"
        "Population: people enrolled. Denominator: people enrolled. Missing: none.\n"
        "Counted on one day.")


def test_every_entry_of_the_table_on_the_page():
    found = parsed()
    assert texts(found, "//th[@scope='col']") == ["Group", "People", "Age"]
    assert [(texts(row, "th")[0], *texts(row, "td")) for row in found.xpath("//tbody/tr")] == [
        ("Alpha", "10 (22.2%)", "52.5"), ("Beta & <co>", "[REDACTED]", "[REDACTED]"), ("Gamma", "30 (66.7%)", "68.5")]


def reasons(*people: int):
    """People who left by reason, in the order of the numbers, and in a section of their own two more."""
    cells = Cells("flow")
    for place, count in enumerate(people):
        n = cells.count(count, population="enrolled", reason=f"reason {place}")
        cells.row(f"Reason {'abcdefgh'[place]}", {"People": ("{n}", {"n": n})}, depth=1)
    for label in ("Died", "Moved"):
        n = cells.count(1, population="enrolled", reason=label)
        cells.row(label, {"People": ("{n}", {"n": n})}, section="Others")
    return release(cells.summary("Reasons", About("people enrolled", "none")), profiles("opensafely"))


def test_three_and_more_neighbouring_rows_whose_numbers_are_all_hidden_stand_in_one_row():
    shown = table(reasons(1, 2, 30, 0, 3, 4))
    assert texts(html.fromstring(shown.content), "//tbody/tr") == [
        "Reason a [REDACTED]", "Reason b [REDACTED]", "Reason c 30", "Reason d; Reason e; Reason f [REDACTED]",
        "Others", "Died [REDACTED]", "Moved [REDACTED]"]
    assert "Neighbouring rows whose numbers are all hidden stand in one row." in repr(shown)
    assert len(shown.cells) == 8


def test_with_fewer_hidden_rows_each_is_a_row_of_its_own_and_nothing_is_said():
    assert "stand in one row" not in repr(table(reasons(1, 2, 30)))
    assert texts(parsed(reasons(1, 2, 30)), "//tbody/tr")[:3] == [
        "Reason a [REDACTED]", "Reason b [REDACTED]", "Reason c 30"]


def test_rows_are_picked_by_their_label_and_one_that_is_not_there_is_a_mistake():
    shown = table(released(), rows=["Gamma"])
    assert texts(html.fromstring(shown.content), "//tbody/tr") == ["Gamma 30 (66.7%) 68.5"]
    assert len(shown.cells) == 3 < len(table(released()).cells)
    with pytest.raises(Mistake, match="'groups' has no row called 'Gama'\n  -> did you mean 'Gamma'?"):
        table(released(), rows=["Gama"])


def test_under_the_table_stand_what_it_counts_its_notes_and_what_was_hidden():
    assert texts(parsed(), "//tfoot//td") == [
        "Population: people enrolled. Denominator: people enrolled. Missing: none.", "Counted on one day.",
        "Disclosure control (OpenSAFELY): counts of 1 to 7 people and zero are hidden, other counts are rounded to the "
        "nearest 5 (minutes to 60 or more), percentages and totals are computed from those; so a total may be a little "
        "more or less than another count of the same people."]
    assert len(texts(parsed(released("none")), "//tfoot//td")) == 2


def test_every_number_carries_the_cell_it_is():
    shown = released("none")
    numbers = {span.get("data-cell"): span.text_content() for span in parsed(shown).xpath("//*[@data-cell]")}
    in_the_table = shown.cells.keys() - {shown.names["enrolled"]}
    assert numbers == {identity: shown.cells[identity].text for identity in in_the_table}
    assert unbound(table(shown).content, registered(summary(), shown)) == []


def test_a_table_made_in_two_processes_has_the_same_bytes():
    program = "from small_measure import released\nfrom analysis.present import table\nprint(table(released()).content)"
    made = subprocess.run([sys.executable, "-c", program], cwd=TESTS, capture_output=True, text=True, check=True,
                          env={"PYTHONPATH": f"{TESTS}:{TESTS.parent}", "PYTHONHASHSEED": "1"})
    assert made.stdout == table(released()).content + "\n"


def test_two_different_tables_on_a_page_have_different_ids():
    assert parsed().get("id") != parsed(columns=["Age"]).get("id")


def test_columns_are_picked_and_ordered():
    assert texts(parsed(columns=["Age", "People"]), "//th[@scope='col']") == ["Group", "Age", "People"]


def test_a_table_carries_no_style_of_its_own():
    assert "<style" not in table(released()).content and "style=" not in table(released()).content


def test_a_section_that_comes_again_later_is_a_section_again():
    cells = Cells("groups")
    n = cells.people("enrolled", 9)
    for section, label in (("One", "a"), ("Two", "b"), ("One", "c"), ("", "d")):
        cells.row(label, {"People": ("{n}", {"n": n})}, section=section)
    shown = release(cells.summary("Groups", About("", "")), profiles("none"))
    assert texts(parsed(shown), "//tbody//th") == ["One", "a", "Two", "b", "One", "c", "d"]


def test_rows_are_gathered_too_where_they_have_nothing_for_one_of_the_columns():
    cells = Cells("parts")
    whole = cells.people("enrolled", 90)
    for label, people in (("Died", 3), ("Left", 2), ("Moved", 1), ("Back", 50)):
        n = cells.count(people, population="enrolled", end=label)
        entries = {"People": ("{n}", {"n": n})}
        if label == "Back":
            entries["Share"] = ("{s}", {"s": cells.share(n, whole)})
        cells.row(label, entries)
    shown = release(cells.summary("Ends", About("", "")), Profiles({"enrolled": profile("opensafely")}))
    made = table(shown)
    assert [line.split("  ")[0] for line in repr(made).splitlines()[2:4]] == ["Died; Left; Moved", "Back"]
    assert {identity for identity, cell in shown.cells.items() if cell.status == "hidden"} <= set(made.cells)


def test_the_headings_that_a_number_names_are_all_there():
    """Rows without a section, beside others with one, have no heading of a section that a screen reader could read."""
    shown = html.fromstring(table(reasons(9, 12, 30)).content)
    named = {name for cell in shown.xpath("//td[@headers]") for name in cell.get("headers").split()}
    assert named and named <= set(shown.xpath("//@id"))


def test_rows_that_stand_alone_in_their_sections_are_called_by_them_and_say_once_what_they_are():
    cells = Cells("scores")
    for section in ("PEG", "PHQ-9"):
        for label in ("Mean", "Median"):
            n = cells.count(12, population="enrolled", section=section, label=label)
            cells.row(label, {"People": ("{n}", {"n": n})}, section=section)
    shown = release(cells.summary("Scores", About("people enrolled", "none")), profiles("none"))
    picked = html.fromstring(table(shown, rows=["Mean"]).content)
    assert texts(picked, "//tbody/tr") == ["PEG 12", "PHQ-9 12"]
    assert "In each row: Mean." in texts(picked, "//tfoot//span")
    assert texts(parsed(shown), "//tbody/tr")[:3] == ["PEG", "Mean 12", "Median 12"]

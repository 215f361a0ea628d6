"""The flow diagram: what goes on down the left, what leaves beside it, the same in words."""

from itertools import pairwise

import pytest
from lxml import etree

from analysis.measures.cells import Cells
from analysis.measures.summary import About
from analysis.present import flow_diagram
from analysis.protect.gate import unbound_in_figure
from analysis.protect.profile import Profiles, profile
from analysis.protect.released import release

SVG = "{http://www.w3.org/2000/svg}"


def flow(rules: str = "opensafely"):
    """59 invited; 25 not enrolled, of whom 4 were too unwell; 34 enrolled."""
    cells = Cells("participant flow")
    for label, depth, people in (
            ("Invited", 0, 59), ("Not enrolled & gone", 1, 25), ("Too unwell", 2, 4), ("Enrolled", 0, 34)):
        n = cells.count(people, population="invited", step=label)
        cells.row(label, {"People": ("{n}", {"n": n})}, depth=depth)
    cells.row("Rate", {"Share": ("words", {})})
    summary = cells.summary("Flow", About("people invited", "people invited"))
    return release(summary, Profiles({"invited": profile(rules)}))


def drawn(shown=None):
    return etree.fromstring(flow_diagram(shown or flow()).content.encode())


def test_the_boxes_hold_each_label_with_its_number():
    assert ["".join(text.itertext()) for text in drawn().iter(f"{SVG}text")] == [
        "Invited", "60", "Not enrolled & gone", "25", "Too unwell", "[REDACTED]", "Enrolled", "35"]


def test_a_label_leaves_room_for_a_marker_wherever_the_number_is_one():
    cells = Cells("participant flow")
    for label, depth, people in (("Invited", 0, 59), ("Left", 1, 25), ("Has support already, or had", 2, 4)):
        n = cells.count(people, population="invited", step=label)
        cells.row(label, {"People": ("{n}", {"n": n})}, depth=depth)
    flowing = cells.summary("Flow", About("people invited", "people invited"))

    def lines(rules: str) -> list[str]:
        released = release(flowing, Profiles({"invited": profile(rules)}))
        return [text.text for text in drawn(released).iter(f"{SVG}text") if text.get("class") == "label"][2:]

    assert lines("none") == ["Has support already,", "or had"]
    assert lines("opensafely") == ["Has support", "already, or had"]


def test_what_goes_on_stands_left_one_under_the_other_and_what_leaves_stands_to_the_right():
    boxes = drawn().iter(f"{SVG}rect")
    invited, left, enrolled = ([float(box.get(side)) for side in ("x", "y", "height")] for box in boxes)
    assert invited[0] == enrolled[0] < left[0]
    assert all(one[1] + one[2] < other[1] for one, other in pairwise([invited, enrolled]))
    assert left[1] + left[2] < enrolled[1]


def test_every_number_is_bound_to_its_cell():
    shown = flow()
    bound = {group.get("id").split("-")[1]: "".join(group.itertext()) for group in drawn(shown).iter(f"{SVG}g")
             if (group.get("id") or "").startswith("cell-")}
    assert bound == {identity: cell.text for identity, cell in shown.cells.items()}
    registered = {identity: {"text": cell.text} for identity, cell in shown.cells.items()}
    assert unbound_in_figure(flow_diagram(shown).content, registered) == []


@pytest.mark.parametrize(("rules", "said"), [
    ("none", "Flow diagram. Flow. Invited: 59; of whom not enrolled & gone: 25, too unwell 4; Enrolled: 34."),
    ("opensafely",
     "Flow diagram. Flow. Invited: 60; of whom not enrolled & gone: 25, too unwell hidden; Enrolled: 35.")])
def test_the_description_says_the_same_words_and_numbers(rules, said):
    assert (repr(flow_diagram(flow(rules))), drawn(flow(rules)).findtext(f"{SVG}desc")) == (said, said)


def parts(rules: str = "none", whole: int = 34):
    """What follows the trunk: a part whose first line leaves it, and one that begins with a box of its own."""
    cells = Cells("follow-up")
    for section, label, depth, people in (
            ("Follow-up", "Died", 1, 1), ("Follow-up", "Left", 1, 9), ("Follow-up", "Moved", 2, 2),
            ("Follow-up", "Withdrew", 2, 3), ("Follow-up", "Deregistered", 2, 4), ("Follow-up", "Due", 0, 24),
            ("Follow-up", "Not returned", 1, 4), ("Follow-up", "Returned", 0, 20), ("Consent", "Consented", 0, whole)):
        n = cells.count(people, population="invited", step=label)
        cells.row(label, {"People": ("{n}", {"n": n})}, depth=depth, section=section)
    return release(cells.summary("Later", About("", "")), Profiles({"invited": profile(rules)}))


def test_a_number_in_a_label_is_not_parted_from_its_word():
    """"Returned at 12" beside 105 people reads as two numbers."""
    cells = Cells("participant flow")
    n = cells.count(105, population="invited", step="returned")
    cells.row("Returned at 12 weeks", {"People": ("{n}", {"n": n})})
    flowing = release(cells.summary("Flow", About("people invited", "people invited")),
                      Profiles({"invited": profile("none")}))
    assert [text.text for text in drawn(flowing).iter(f"{SVG}text") if text.get("class") == "label"] == [
        "Returned at", "12\xa0weeks"]


def test_each_section_is_a_part_with_its_heading_below_the_trunk():
    made = flow_diagram(flow("none"), parts())
    texts = ["".join(text.itertext()) for text in etree.fromstring(made.content.encode()).iter(f"{SVG}text")]
    assert texts[6:] == ["Enrolled", "34", "Follow-up", "Died", "1", "Left", "9", "Moved", "2", "Withdrew", "3",
                         "Deregistered", "4", "Due", "24", "Not returned", "4", "Returned", "20", "Consent",
                         "Consented", "34"]
    assert repr(made) == (
        "Flow diagram. Flow. Invited: 59; of whom not enrolled & gone: 25, too unwell 4; Enrolled: 34. Follow-up: "
        "Died: 1; left: 9, moved 2, withdrew 3, deregistered 4; Due: 24; of whom not returned: 4; Returned: 20. "
        "Consent: Consented: 34.")


def test_every_part_branches_off_the_last_box_of_the_trunk():
    """The line from the rail begins at one height, the middle of the box 'Enrolled', for each part."""
    paths = [path.get("d") for path in etree.fromstring(flow_diagram(flow("none"), parts()).content.encode()).iter(
        f"{SVG}path") if path.get("marker-end") is None and "V" in path.get("d")]
    assert len(paths) == 2
    assert len({path.split(" H")[0] for path in paths}) == 1


def test_a_second_summary_that_begins_with_the_trunk_s_last_box_does_not_draw_it_again():
    cells = Cells("participant flow")
    for label, depth, people, step in (("Enrolled", 0, 34, "Enrolled"), ("Declined", 1, 4, "x"),
                                       ("Interviewed", 0, 30, "y")):
        n = cells.count(people, population="invited", step=step)
        cells.row(label, {"People": ("{n}", {"n": n})}, depth=depth)
    interviews = release(cells.summary("Interviews", About("", "")), Profiles({"invited": profile("none")}))
    assert repr(flow_diagram(flow("none"), interviews)).endswith(
        "Enrolled: 34. Interviews: Declined: 4; Interviewed: 30.")
    assert repr(flow_diagram(interviews)) == (
        "Flow diagram. Interviews. Enrolled: 34; of whom declined: 4; Interviewed: 30.")


def test_three_reasons_that_are_all_hidden_stand_in_one_row_and_every_number_keeps_its_cell():
    shown = parts("opensafely")
    made = flow_diagram(flow(), shown)
    texts = [text.text for text in etree.fromstring(made.content.encode()).iter(f"{SVG}text")]
    assert [words for words in texts if words and words.startswith("Moved")] == ["Moved;"]
    assert set(shown.cells) <= set(made.cells)


def test_a_number_that_does_not_fit_beside_the_first_word_stands_below_it():
    """'Enrolled [REDACTED]' is wider than a box."""
    cells = Cells("participant flow")
    n = cells.count(3, population="invited", step="Enrolled")
    cells.row("Enrolled", {"People": ("{n}", {"n": n})})
    flowing = cells.summary("Flow", About("", ""))

    def heights(rules: str) -> dict[str, float]:
        texts = drawn(release(flowing, Profiles({"invited": profile(rules)}))).iter(f"{SVG}text")
        return {text.text: float(text.get("y")) for text in texts}

    assert heights("none")["3"] == heights("none")["Enrolled"]
    assert heights("opensafely")["[REDACTED]"] > heights("opensafely")["Enrolled"]


def test_no_box_reaches_over_the_edge_of_the_picture():
    root = etree.fromstring(flow_diagram(flow(), parts("opensafely")).content.encode())
    for box in root.iter(f"{SVG}rect"):
        assert float(box.get("x")) >= 0 and float(box.get("x")) + float(box.get("width")) <= float(root.get("width"))
        assert float(box.get("y")) + float(box.get("height")) <= float(root.get("height"))


def test_a_line_without_people_is_no_box():
    assert len(list(drawn().iter(f"{SVG}rect"))) == 3


def test_the_same_flow_is_the_same_bytes():
    assert flow_diagram(flow()).content == flow_diagram(flow()).content


def test_a_hidden_number_changes_nothing_that_is_drawn():
    boxes = [dict(box.attrib) for box in drawn(flow("none")).iter(f"{SVG}rect")]
    assert [dict(box.attrib) for box in drawn(flow("opensafely")).iter(f"{SVG}rect")] == boxes

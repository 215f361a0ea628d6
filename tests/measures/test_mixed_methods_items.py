"""What GRAMMS asks: stated by the authors, shown by the report, or not stated."""

from coded_material import shown

from analysis.measures.cells import Cells
from analysis.measures.joint.reporting import mixed_methods_items
from analysis.measures.summary import About
from analysis.reference.guidelines import mixed_methods_items as items


def answer(label, **said):
    line = shown(mixed_methods_items(items(), said.pop("stated", {}), **said), label)
    return line["Stated by the authors"], line["In this report"]


def test_the_six_items_stand_in_order_and_what_nobody_stated_is_not_stated():
    made = mixed_methods_items(items(), {})
    assert [line.entry("GRAMMS")[0] for line in made.lines] == [f"item {n}" for n in range(1, 7)]
    assert {line.entry("Stated by the authors")[0] for line in made.lines} == {"not stated"}


def test_an_item_of_several_parts_says_which_of_them_are_lacking():
    assert answer("Design", stated={"purpose": "to explain"}) == (
        "Purpose: to explain; not stated: priority, sequence", "")


def test_the_displays_of_the_report_answer_how_the_halves_are_integrated():
    rows = [{"inference": "silence"}, {"inference": "convergence"}, {"inference": "silence"}]
    assert answer("Integration: where, how and by whom", rows=rows, threads=[{}], matrix={"by": ["peg"]})[1] == (
        "3 questions in joint displays; 1 of convergence; 2 of silence; threads followed: 1; a matrix of people who "
        "consented to linkage")


def test_how_many_each_method_is_about_are_the_cells_of_their_own_measures():
    cells = Cells("participant flow")
    cells.people("enrolled", 34, name="enrolled")
    flow = cells.summary("Flow", About("enrolled", "enrolled"))
    said = {"people enrolled": (flow, flow.cells[flow.names["enrolled"]])}
    assert answer("Each method: sampling, collection, analysis", people=said)[1] == "34 people enrolled"
    assert flow.names["enrolled"] in mixed_methods_items(items(), {}, people=said).cells

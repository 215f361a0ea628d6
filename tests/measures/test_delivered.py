"""What was delivered: TIDieR's items with what is stated and what the records say, by the same cells as elsewhere."""

import datetime

from measured import rows

from analysis.measures.activity.delivered import ITEMS, what_was_delivered
from analysis.measures.cells import Cells
from analysis.measures.summary import About
from analysis.study import TIDIER


def other(measure: str, mode: bool = False, **counts: int):
    cells = Cells(measure)
    ids = [cells.count(n, name, population="enrolled", name=name) for name, n in counts.items()]
    if mode:
        face = cells.count(3, "contacts", population="enrolled", mode="face to face")
        cells.share(face, cells.count(4, "contacts", population="enrolled"))
    return cells.summary("", About("", "")), ids


def test_every_item_has_a_row_and_what_nobody_says_is_not_stated_and_not_on_record():
    found = what_was_delivered({}, None)
    assert len(found.lines) == 12 and [key for key, *_ in ITEMS] == list(TIDIER)
    assert {tuple(entry.values()) for entry in rows(found).values()} == {("not stated", "not on record")}


def test_what_is_stated_stands_beside_what_the_records_say():
    contacts, _ = other("contact modes", mode=True)
    found = rows(what_was_delivered({"how": "In {person}, one to one"}, None, contacts))
    assert found["6 How"] == {"As stated": "In (person), one to one",
                              "In the records": "Of attended contacts: face to face 75"}


def test_a_phrase_stands_only_where_all_its_numbers_are_there_and_numbers_keep_their_ids():
    found_of, ids = other("attendance", booked_known=9)
    assert rows(what_was_delivered({}, None, found_of))["12 Adherence, as it was"]["In the records"] == "not on record"
    found_of, ids = other("attendance", enrolled=9, never_came=2)
    found = what_was_delivered({}, None, found_of)
    assert rows(found)["12 Adherence, as it was"]["In the records"] == "9 enrolled, of whom 2 never came"
    assert set(ids) <= set(found.cells)


def test_deviations_are_changes_on_the_way_with_their_dates():
    changes = [{"date": datetime.date(2020, 4, 1), "what": "Contacts by telephone", "why": "the pandemic"}]
    assert rows(what_was_delivered({}, changes))["10 Changes on the way"]["In the records"] == (
        "Contacts by telephone (1 April 2020)")

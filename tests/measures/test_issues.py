"""Prescriptions become numbers: the same ones from a frame, from record batches, and from some people's rows."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures.prescribing.issues import NO_DAY, TEXTS, issues_in, issues_of

FRAME = pd.DataFrame([("B", "2017-01-02", "Tramadol 50mg capsules", "2 qds", 224.0),
                      ("A", None, "Codeine 30mg tablets", None, 56.0),
                      ("B", "2017-01-03", "Codeine 30mg tablets", "1 bd", np.nan)],
                     columns=["patient_id", "issued_on", "product", "directions", "quantity"])


def rows(issues):
    """Issues as they were: person, day, product, directions, quantity."""
    texts = issues.texts.iloc[issues.text]
    columns = (issues.person, issues.day.tolist(), texts["product"], texts["directions"], issues.quantity.tolist())
    return [(issues.people[p], *said, "" if q != q else q) for p, *said, q in zip(*columns, strict=True)]


EXPECTED = [("B", 17168, "Tramadol 50mg capsules", "2 qds", 224.0), ("A", NO_DAY, "Codeine 30mg tablets", "", 56.0),
            ("B", 17169, "Codeine 30mg tablets", "1 bd", "")]


def test_an_issue_is_a_person_a_day_a_text_and_a_quantity_and_what_is_missing_is_told():
    got = issues_of(FRAME.assign(issued_on=pd.to_datetime(FRAME["issued_on"])))
    assert rows(got) == EXPECTED and list(got.texts) == list(TEXTS) and len(got.texts) == 3


@pytest.mark.parametrize("coded", [False, True])
def test_batches_give_the_same_whether_their_words_are_coded_or_not(coded):
    table = pa.Table.from_pandas(FRAME.assign(issued_on=pd.to_datetime(FRAME["issued_on"])), preserve_index=False)
    batches = [batch for k in range(3) for batch in table.slice(k, 1).to_batches()]
    if coded:
        names = ["patient_id", "product", "directions"]
        batches = [pa.RecordBatch.from_arrays([c.dictionary_encode() if n in names else c for n, c in zip(
            batch.schema.names, batch.columns, strict=True)], names=batch.schema.names) for batch in batches]
    assert rows(issues_in(batches)) == EXPECTED


def test_no_batches_are_no_issues():
    assert len(issues_in([])) == 0 and len(issues_of(FRAME.iloc[:0])) == 0


def test_some_people_s_issues_are_theirs():
    got = issues_of(FRAME.assign(issued_on=pd.to_datetime(FRAME["issued_on"]))).of({"A", "Z"})
    assert rows(got) == EXPECTED[1:2] and got.people.tolist() == ["A"]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.sampled_from("xyz")), min_size=1, max_size=30),
       st.integers(1, 9))
def test_parts_have_every_issue_once_and_no_person_twice(said, size):
    frame = pd.DataFrame(said, columns=["patient_id", "product"])
    frame = frame.assign(issued_on=pd.Timestamp("2017-01-02"), quantity=1)
    parts = list(issues_of(frame).by_people(size))
    people = [p for part in parts for p in part.people]
    assert len(people) == len(set(people))
    assert sorted(r for part in parts for r in rows(part)) == sorted(rows(issues_of(frame)))

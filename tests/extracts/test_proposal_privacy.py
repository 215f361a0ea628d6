"""Nothing personal is written into a proposed definition: a law over made-up folders."""

import csv
import datetime
import shutil
import string

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_extracts import nhs_number

from analysis.extracts.proposal.codes import Rule, code_list
from analysis.extracts.proposal.proposal import propose
from analysis.extracts.tables import TABLES

RULE = Rule(threshold=7, round_to=5)
HEADINGS = ["Client ID", "NHS No.", "Surname", "Address", "DOB", "Sex", "Ethnicity", "Surgery", "Referred by", "Notes",
            "Date of referral", "Outcome", "Reason", "Key worker", "Weight"]

# Words that stand nowhere else, so that one of them in the text can only have come from a cell.
WORD = st.text(string.ascii_lowercase, min_size=4, max_size=9).map(lambda letters: f"zq{letters}")


@st.composite
def folders(draw):
    """Rows of people, and the cells of which none may be written: by how many people have them, or by their column."""
    number = draw(st.integers(min_value=3, max_value=40))
    words = draw(st.lists(WORD, min_size=40, max_size=60, unique=True))
    dice = draw(st.randoms(use_true_random=False))
    common, rare = words[:4], words[4:12]
    private = [f"zq{dice.randrange(10 ** 8):08}" for _ in range(number)]
    numbers = [nhs_number(999_000_000 + dice.randrange(10 ** 6)) or "9990000018" for _ in range(number)]

    def code() -> str:
        return dice.choice(rare) if dice.random() < 0.2 else dice.choice(common)

    rows = []
    for n in range(number):
        born = datetime.date(1930, 1, 1) + datetime.timedelta(days=dice.randrange(25000))
        rows.append([private[n], numbers[n], f"{dice.choice(words[12:])}s", f"{dice.choice(words[12:])} street",
                     born.strftime("%d/%m/%Y"), code(), code(), code(), code(),
                     f"{dice.choice(words[12:])} {dice.choice(words[12:])}", f"{dice.randrange(10, 29)}/03/2025",
                     code(), code(), dice.choice(words[12:20]), str(dice.randrange(40, 160))])
    return rows


def never(rows: list[list[str]]) -> set[str]:
    """The cells that may not be written."""
    hidden = {cell for row in rows for place in (0, 1, 2, 3, 4, 9, 13, 14) for cell in [row[place]] if len(cell) > 3}
    for place in (5, 6, 7, 8, 11, 12):
        people: dict[str, set[str]] = {}
        for row in rows:
            people.setdefault(row[place], set()).add(row[0])
        hidden |= {cell for cell, who in people.items() if RULE.hides(len(who))}
    named = {cell for place in (5, 6, 7, 8, 11, 12) for row in rows for cell in [row[place]]
             if not RULE.hides(len({r[0] for r in rows if r[place] == row[place]}))}
    return hidden - named


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=folders(), split=st.booleans())
def test_no_cell_of_a_name_a_number_or_a_few_people_is_ever_in_the_text(tmp_path, rows, split):
    exports = tmp_path / "exports"
    shutil.rmtree(exports, ignore_errors=True)
    exports.mkdir()
    parts = ({"people.csv": HEADINGS[:8], "referrals.csv": ["Client ID", *HEADINGS[8:]]} if split
             else {"all.csv": HEADINGS})
    for name, headings in parts.items():
        with (exports / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(headings)
            writer.writerows([row[HEADINGS.index(heading)] for heading in headings] for row in rows)
    text = propose(exports, "leeds-pain", RULE).text
    assert "[extracts." in text
    assert sorted(cell for cell in never(rows) if cell in text) == []


@given(people=st.lists(st.integers(min_value=1, max_value=12), min_size=1, max_size=8), threshold=st.integers(0, 9))
def test_a_value_is_named_only_where_more_people_than_the_threshold_have_it(people, threshold):
    cells = [f"zq{n}" for n, many in enumerate(people) for _ in range(many)]
    whose = [f"{n}-{one}" for n, many in enumerate(people) for one in range(many)]
    table = TABLES["referrals"]
    found = code_list(table, table.column("source"), cells, whose, Rule(threshold, 5))
    assert set(found.codes) == {f"zq{n}" for n, many in enumerate(people) if many > threshold}
    assert set(found.rarer) == {f"zq{n}" for n, many in enumerate(people) if many <= threshold}


def test_people_are_counted_and_not_rows():
    table = TABLES["contacts"]
    found = code_list(table, table.column("place"), ["Home"] * 20 + ["Hall"] * 20,
                      ["A"] * 20 + [f"P{n}" for n in range(20)], RULE)
    assert (dict(found.codes), dict(found.counts), dict(found.rarer)) == (
        {"Hall": "Hall"}, {"Hall": 20}, {"Home": "Home"})


def test_a_title_with_a_name_an_address_and_a_number_are_no_codes_however_many_have_them():
    table = TABLES["interventions"]
    cells = ["Dr Zebra"] * 20 + ["zebra@example.org"] * 20 + ["LS1 4AB"] * 20 + ["07700 900123"] * 20 + ["Choir"] * 20
    found = code_list(table, table.column("provider"), cells, [str(n) for n in range(100)], RULE)
    assert list(found.codes) == ["Choir"]

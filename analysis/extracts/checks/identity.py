"""Whether a number means one person: what is seen in, the rows where it may not, out."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.extracts.checks.seen import EXTRACT, Bad, Seen

# A spreadsheet shows a number of more than 11 digits as 1.23457E+15, and saves a CSV as it shows it.
ROUNDED = r"[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{1,3}"
# It keeps 15 digits of a number. Of numbers of 18 and more, one in a thousand ends in three noughts by itself.
CUT = r"[1-9][0-9]{14}0{3,}"
EQUAL_DIGITS = r"([0-9])\1{9}"  # Modulus 11 lets them pass
ALIKE = ("registered_on", "birth_year", "sex", "ethnicity", "imd_decile")


def _numbers(seen: Seen) -> Iterator[tuple[str, str, pd.Series]]:
    """Each delivered column of numbers that name something: extract, column, its words."""
    for extract, one in seen.asked.items():
        for column in one.plan.delivered:
            if column.type in ("id", "nhs_number") and len(seen.rows(extract)):
                yield extract, column.name, seen.text(extract, column.name)


def not_issued(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'NHS number that is issued'. Those of a synthetic study are of the test range."""
    wrong = EQUAL_DIGITS if seen.setting.synthetic else f"999[0-9]{{7}}|{EQUAL_DIGITS}"
    for extract, name, text in _numbers(seen):
        if seen.delivered[extract].plan.column(name).type == "nhs_number":
            yield Bad(seen.rows(extract), name, text.str.fullmatch(wrong))


def rounded(seen: Seen) -> Iterator[Bad]:
    """Of an NHS number 'valid NHS number' tells."""
    for extract, name, text in _numbers(seen):
        if seen.delivered[extract].plan.column(name).type == "nhs_number":
            continue
        yield Bad(seen.rows(extract), name, text.str.fullmatch(ROUNDED))


def cut(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'id with all its digits'."""
    for extract, name, text in _numbers(seen):
        yield Bad(seen.rows(extract), name, text.str.fullmatch(CUT))


def two_numbers(seen: Seen) -> Iterator[Bad]:
    """Rows of one extract that its own key tells apart are told by 'no duplicate key'."""
    for name in ("nhs_number", "participant_id"):
        rows = seen.table("identifiers", "patient_id", name)
        if rows is not None:
            keyed = _is_keyed(seen, rows) & rows.duplicated(["patient_id", EXTRACT])
            yield Bad(rows, name, _another(rows, name) & ~keyed)


def two_surnames(seen: Seen) -> Iterator[Bad]:
    """A married name: the same number with another name is no fault of the number. Case and spaces do not count."""
    rows = seen.table("identifiers", "patient_id", "surname")
    if rows is not None:
        said = rows.assign(surname=rows["surname"].astype("str").str.casefold().str.replace(r"[^\w]", "", regex=True)
                           .where(rows["surname"].notna()))
        yield Bad(rows, "surname", _another(said, "surname"))


def two_practices(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'person at one practice'."""
    rows = seen.table("patients", "patient_id", "practice")
    if rows is not None:
        yield Bad(rows, "practice", _another(rows, "practice"))


def listed_twice(seen: Seen) -> Iterator[Bad]:
    """Rows of one extract that its own key tells apart are told by 'no duplicate key'."""
    rows = seen.table("patients", "patient_id")
    if rows is None:
        return
    named = rows.assign(practice=rows.get("practice", ""))
    again = named.duplicated(["patient_id", "practice"])
    keyed = _is_keyed(seen, rows) & named.duplicated(["patient_id", "practice", EXTRACT])
    yield Bad(rows, "patient_id", again & ~keyed & rows["patient_id"].notna())


def _is_keyed(seen: Seen, rows: pd.DataFrame) -> pd.Series:
    """Whether the extract of each row has the person as its key."""
    keyed = {name: one.plan.key == ("patient_id",) for name, one in seen.delivered.items()}
    return rows[EXTRACT].map(keyed).astype(bool)


def two_birth_years(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'one birth year a person'."""
    yield from _two(seen, "birth_year")


def two_sexes(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'one sex a person'."""
    yield from _two(seen, "sex")


def _two(seen: Seen, column: str) -> Iterator[Bad]:
    rows = seen.table("patients", "patient_id", column)
    if rows is not None:
        said = rows.assign(**{column: rows[column].mask(rows[column].astype("str") == "not recorded")})
        yield Bad(rows, column, _another(said, column))


def alike(seen: Seen) -> Iterator[Bad]:
    """Rows that break the rule 'no two people alike'."""
    rows = seen.table("patients", "patient_id", *ALIKE)
    if rows is not None:
        once = rows.drop_duplicates("patient_id").dropna(subset=["patient_id", *ALIKE])
        yield Bad(rows, "patient_id", once.duplicated(list(ALIKE)).reindex(rows.index, fill_value=False))


def _another(rows: pd.DataFrame, column: str) -> pd.Series:
    """Rows of a person with another value than the person's first row has."""
    known = rows.dropna(subset=["patient_id", column])
    first = known.groupby("patient_id")[column].transform("first")
    return (known[column] != first).reindex(rows.index, fill_value=False)


BREAKS = {
    "NHS number that is issued": not_issued, "id not rounded": rounded, "id with all its digits": cut,
    "one number a person": two_numbers, "one surname a person": two_surnames,
    "person at one practice": two_practices, "person listed once": listed_twice,
    "one birth year a person": two_birth_years, "one sex a person": two_sexes, "no two people alike": alike}

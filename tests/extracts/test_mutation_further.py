"""Kinds of fault that are seen beside the suites (consent, coding, blanked numbers), planted one at a time."""

import random
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from test_mutation import opened, words

from analysis.extracts import coded
from analysis.extracts.checks.expectations import validate
from analysis.extracts.checks.faults import FAULTS
from analysis.extracts.consents.decisions import decisions
from analysis.extracts.read import FILE, ROW
from analysis.extracts.synthetic import synthetic
from analysis.extracts.synthetic.project import coded_project
from analysis.extracts.tidy import tidy
from analysis.interviews.codings import Coding

STUDY = "south-glos"
SEEDS = range(5)
# The definition says how many interviews there are, and made-up extracts have fewer.
DECLARED = {("interviews as declared", "blocking")}


@cache
def made_up(seed: object = 1):
    return synthetic(opened(STUDY), seed=seed, count=15, words=words(STUDY))


# ------------------------------------------------------------------------------------------------ consent

def withdrawn(row: dict, **said) -> dict:
    return row | {"status": "Withdrawn", "date": "30/06/2017", "scope": "No further use"} | said


CONSENT = {
    "withdrawal without its date": ("withdrawal has its date", lambda row: withdrawn(row, date=None)),
    "withdrawal without its scope": ("withdrawal has its scope", lambda row: withdrawn(row, scope=None)),
    "withdrawal of somebody unknown": ("withdrawal of a known person", lambda row: withdrawn(row, person="X9999")),
    "consent declined after it was given": ("no decline after consent", lambda row: row | {
        "status": "Declined", "date": "30/12/2017"})}


def consents(seed: object, change=None) -> tuple[pd.DataFrame, tuple]:
    """The faults of a world's decisions, with the row that was added to its consents, and the place of that row."""
    tables = made_up(seed).text_tables()
    extract = tables["consents"]
    if change is None:
        return decisions(tables).faults, ()
    given = extract.frame[extract.frame["kind"].eq("Evaluation")].to_dict("records")
    row = change(random.Random(seed).choice(given)) | {ROW: int(extract.frame[ROW].max()) + 1}
    frame = pd.concat([extract.frame, pd.DataFrame([row])], ignore_index=True).astype(extract.frame.dtypes)
    found = decisions(tables | {"consents": replace(extract, frame=frame)}).faults
    return found, ("consents", row[FILE], row[ROW])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", CONSENT)
def test_a_fault_of_consent_is_named_by_its_rule_at_its_row_and_blocks(kind, seed):
    rule, change = CONSENT[kind]
    found, place = consents(seed, change)
    assert found[["extract", "file", "row", "rule", "severity"]].values.tolist() == [[*place, rule, "blocking"]]


@pytest.mark.parametrize("seed", SEEDS)
def test_of_clean_consents_nothing_is_said(seed):
    assert consents(seed)[0].empty


# ------------------------------------------------------------------------------------------------ coded interviews

@cache
def clean(seed: int):
    """The tidy tables of a world and its coded project."""
    extracts = made_up(seed)
    delivered = extracts.text_tables()
    return tidy(delivered, pd.DataFrame(columns=FAULTS))[0], coded_project(extracts.world)


def first_with_codings(project):
    return next(one for one in project.interviews if any(coding.interview == one.id for coding in project.codings))


def renamed(tables, project):
    old = first_with_codings(project).id
    return tables, replace(
        project, interviews=tuple(replace(one, id="Z99") if one.id == old else one for one in project.interviews),
        codings=tuple(replace(one, interview="Z99") if one.interview == old else one for one in project.codings))


def unknown_code(tables, project):
    return tables, replace(project, codings=(replace(project.codings[0], code="no-such-code"), *project.codings[1:]))


def with_codes(tables, **said):
    codes = tables["codes"].copy()
    for column, value in said.items():
        codes.loc[codes.index[-1], column] = value
    return tables | {"codes": codes}


def without_a_text(tables, project):
    gone = first_with_codings(project).id
    codings = tuple(one for one in project.codings if one.interview != gone)
    return tables, replace(project, interviews=tuple(one for one in project.interviews if one.id != gone),
                           codings=codings, codings_in=len(codings))


def another_text(tables, project):
    log = tables["interviews"].copy()
    log.loc[log["interview_id"].eq(first_with_codings(project).id), "text_sha256"] = "0" * 64
    return tables | {"interviews": log}, project


def lost(name: str):
    return lambda tables, project: (tables, replace(
        project, losses=((name, 1),), codings_in=project.codings_in + 1))


def inside_words(tables, project):
    """Six passages of one interview that begin and end one letter late, as when positions moved."""
    one = first_with_codings(project)
    starts = [at for at in range(1, len(one.text) - 1) if one.text[at - 1:at + 2].isalpha()][::7][:6]
    more = tuple(Coding(one.id, project.codings[0].code, "B", at, at + 1, one.text[at:at + 1]) for at in starts)
    kept = tuple(coding for coding in project.codings if coding.interview != one.id)
    return tables, replace(project, codings=(*kept, *more), codings_in=len(kept) + 6)


def with_a_name(tables, project):
    one = first_with_codings(project)
    coding = next(coding for coding in project.codings if coding.interview == one.id)
    text = one.text[:coding.start] + "Dr Brown " + one.text[coding.start + 9:]
    return tables, replace(project, interviews=tuple(replace(i, text=text) if i.id == one.id else i
                                                     for i in project.interviews))


def twice(tables, project):
    again = replace(project.codings[0], end=project.codings[0].end - 1)
    return tables, replace(project, codings=(*project.codings, again), codings_in=project.codings_in + 1)


def with_name_of_another(tables, project):
    return with_codes(tables, name=tables["codes"]["name"].iloc[0]), project


CODING = {
    "source that the log does not have": ("coded interview in the log", "blocking", renamed),
    "code that the codebook does not have": ("code in the codebook", "blocking", unknown_code),
    "two codes of one name": ("one name a code", "noted", with_name_of_another),
    "code below one that is not there": ("parent in the codebook", "blocking", lambda tables, project: (
        with_codes(tables, parent="nowhere"), project)),
    "interview without its text": ("interview with its transcript", "noted", without_a_text),
    "text that was changed after coding": ("transcript as coded", "blocking", another_text),
    "passage of no length": ("passage with words", "noted", lost("selection of no length")),
    "passage outside its text": ("passage inside its text", "noted", lost("selection outside the text")),
    "positions that moved": ("passage at the edges of words", "noted", inside_words),
    "name with its title in a passage": ("no name in a passage", "noted", with_a_name),
    "passage coded twice": ("passage counted once", "noted", twice)}


def told(seed: int, monkeypatch, change=lambda tables, project: (tables, project)) -> set[tuple[str, str]]:
    tables, project = change(*clean(seed))
    monkeypatch.setattr(coded, "_project", lambda study, file: project)
    faults = coded.with_interviews(opened(STUDY), tables)[1]
    return set(faults[["rule", "severity"]].itertuples(index=False, name=None)) - DECLARED


@pytest.mark.parametrize("seed", SEEDS[:2])
@pytest.mark.parametrize("kind", CODING)
def test_a_fault_of_coded_interviews_is_named_by_its_rule_with_its_severity_and_no_other(kind, seed, monkeypatch):
    rule, severity, change = CODING[kind]
    assert told(seed, monkeypatch, change) == {(rule, severity)}


@pytest.mark.parametrize("seed", SEEDS)
def test_of_a_clean_project_nothing_is_said(seed, monkeypatch):
    assert told(seed, monkeypatch) == set()


def test_another_number_of_interviews_than_declared_blocks(monkeypatch):
    tables, project = clean(0)
    monkeypatch.setattr(coded, "_project", lambda study, file: project)
    faults = coded.with_interviews(opened(STUDY), tables)[1]
    assert set(faults[["rule", "severity"]].itertuples(index=False, name=None)) == DECLARED


# ------------------------------------------------------------------------------------------------ numbers printed once

def test_a_number_that_is_printed_on_the_first_of_a_persons_rows_only_is_told_for_the_column():
    tables = made_up().text_tables()
    contacts = tables["contacts"]
    again = contacts.frame["patient_id"].duplicated()
    frame = contacts.frame.assign(patient_id=contacts.frame["patient_id"].mask(again))
    faults = validate(tables | {"contacts": replace(contacts, frame=frame)}).faults
    whole = faults[faults["rule"].eq("person on every row")]
    assert whole[["extract", "column", "severity"]].values.tolist() == [["contacts", "patient_id", "blocking"]]
    assert set(faults.loc[faults["rule"].eq("complete"), "severity"]) == {"blocking"}

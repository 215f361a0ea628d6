"""Every kind of fault, planted in clean made-up extracts of each shipped study: the right rule names the right row."""

import random
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest

from analysis.errors import ExtractMistake
from analysis.extracts.checks.expectations import validate
from analysis.extracts.checks.rules import RULES
from analysis.extracts.plan import plans
from analysis.extracts.planting import chosen, kinds, plant
from analysis.extracts.read import read
from analysis.extracts.synthetic import Extracts, synthetic, words_of, write_extracts
from analysis.extracts.synthetic.files import text_tables
from analysis.extracts.synthetic.people import Words
from analysis.study import Study, open_study, study_names

ROOT = Path(__file__).parents[2]
SHIPPED = study_names(ROOT)
STUDIES = [*SHIPPED, "every-column"]
KINDS = kinds()
COMBINATIONS, CLEAN = 40, -(-500 // len(STUDIES))  # of each study; 500 clean ones in all, each a dozen extracts


# The number of one of them leads to nobody then, and in the other worlds what is missing is not called missing either.
# Ten noughts in two worlds would be one number of two people.
ALONE = ("NHS number of two people", "NHS number of ten equal digits")


@cache
def opened(name: str) -> Study:
    """A shipped study, or the definition beside this file that delivers what none of them does."""
    if name in SHIPPED:
        return open_study(name, ROOT)
    root = Path(tempfile.mkdtemp())
    folder = root / "pipelines" / "studies" / name
    folder.mkdir(parents=True)
    shutil.copy(Path(__file__).with_name(f"{name.replace('-', '_')}.toml"), folder / "study.toml")
    return open_study(name, root)


@cache
def words(name: str) -> Words:
    return words_of(opened(name))


class Checked:
    """One study: worlds with one fault each, checked in one pass, those with several and clean ones in another."""

    def __init__(self, name: str):
        self.study = opened(name)
        self.words = words(name)
        self.worlds: dict[str, Extracts] = {}
        self.planted: dict[str, set[tuple]] = {}
        self.no_place: dict[str, list[str]] = {}
        rows = [kind for kind in chosen("all") if kind.name not in ALONE]
        dice = random.Random(4)
        for kind in rows:
            self._add(f"one-{rows.index(kind)}", [kind])
        for number in range(COMBINATIONS):
            self._add(f"several-{number}", dice.sample(rows, 4))
        for number in range(CLEAN):
            self._add(f"clean-{number}", [])
        one = [extracts for name, extracts in self.worlds.items() if name.startswith("one-")]
        others = [extracts for name, extracts in self.worlds.items() if not name.startswith("one-")]
        self.found = found_in(one) | found_in(others)

    def _add(self, name: str, some: list) -> None:
        people = 8 if not some else 12
        extracts = synthetic(self.study, seed=name, count=people, first=1 + 15 * len(self.worlds), words=self.words)
        for sheet in extracts.sheets:
            sheet.prefix = f"{name} "
        planted, without = plant(extracts, some, seed=name)
        self.worlds[name] = extracts
        self.planted[name] = set().union(*(one.places for one in planted))
        self.no_place[name] = [kind.name for kind in without]


def found_in(worlds) -> dict[str, set[tuple]]:
    """The faults of many worlds by the name of the world, which its files' names begin with."""
    faults = validate(text_tables(sheet for one in worlds for sheet in one.sheets)).faults
    moved = {name for study in SHIPPED for name in opened(study)["rules"]}
    own = faults[~faults["rule"].isin(moved)]
    assert list(own["severity"]) == [RULES[rule].severity for rule in own["rule"]]
    found: dict[str, set[tuple]] = {}
    for place in faults[["extract", "file", "row", "rule"]].itertuples(index=False, name=None):
        found.setdefault(place[1].split()[0], set()).add(place)
    return found


@pytest.fixture(scope="module", params=STUDIES)
def checked(request):
    return Checked(request.param)


def test_at_least_sixty_kinds_of_fault_are_known_and_each_names_a_rule():
    assert len(KINDS) >= 60
    assert {kind.rule for kind in KINDS.values() if kind.subject != "files"} <= set(RULES)


def test_each_kind_is_named_by_the_right_rule_at_the_right_row_and_nothing_else_is_named(checked):
    ones = {name: places for name, places in checked.planted.items() if name.startswith("one-") and places}
    assert {name: checked.found.get(name, set()) for name in ones} == ones


def test_random_combinations_are_named_each(checked):
    several = {name: places for name, places in checked.planted.items() if name.startswith("several-")}
    assert len(several) == COMBINATIONS and sum(map(len, several.values())) > 2 * COMBINATIONS
    assert {name: checked.found.get(name, set()) for name in several} == several


def test_in_five_hundred_clean_worlds_nothing_is_reported(checked):
    clean = [name for name in checked.worlds if name.startswith("clean-")]
    assert len(clean) == CLEAN and all(sheet.rows for name in clean for sheet in checked.worlds[name].sheets)
    assert {name: checked.found[name] for name in clean if name in checked.found} == {}


@pytest.mark.parametrize("name", ALONE)
def test_a_fault_that_reaches_into_every_world_is_named_in_its_own(name):
    extracts = synthetic(opened("south-glos"), seed=name, count=12)
    (planted,), _ = plant(extracts, [KINDS[name]], seed=1)
    faults = validate(extracts.text_tables()).faults
    assert set(faults[["extract", "file", "row", "rule"]].itertuples(index=False, name=None)) == planted.places


@pytest.mark.parametrize("study", STUDIES)
def test_faults_of_whole_extracts_are_named(study):
    extracts = synthetic(opened(study), seed="whole", count=40)
    planted, _ = plant(extracts, [kind for kind in KINDS.values() if kind.whole], seed=1)
    faults = validate(extracts.text_tables()).faults
    assert planted and sorted(faults[["extract", "rule"]].itertuples(index=False, name=None)) == sorted(
        (one.extract, one.kind.rule) for one in planted)


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS.values() if kind.subject == "files"])
def test_a_file_that_is_spoilt_is_refused_by_name(kind, tmp_path):
    study = open_study("south-glos", ROOT)
    extracts = synthetic(study, seed="spoilt", count=8)
    (planted,), _ = plant(extracts, [KINDS[kind]], seed=kind)
    write_extracts(extracts, tmp_path)
    refused = []
    for plan in plans(study):
        try:
            read(plan, tmp_path)
        except ExtractMistake as mistake:
            refused.append((plan.file, str(mistake)))
    assert refused and all(planted.named[0][0].sheet.slot.file in (file, *said.split("'")) for file, said in refused)


@pytest.mark.parametrize("kind", chosen("all"), ids=lambda kind: kind.name)
def test_every_kind_finds_a_place_in_some_definition(kind):
    """A kind that none could hold would never be tried."""
    assert any(plant(synthetic(opened(name), seed="place", count=15, words=words(name)), [kind])[0]
               for name in STUDIES)

"""The shipped studies' extracts proposed anew: how much of the definitions that people wrote comes out again."""

import shutil
import tomllib
from pathlib import Path

import pytest

from analysis.extracts.proposal.codes import Rule
from analysis.extracts.proposal.proposal import propose
from analysis.extracts.proposal.rarer import with_rarer_codes
from analysis.presets import preset

ROOT = Path(__file__).parents[2]
AT_LEAST = 0.95


def of_preset(said: dict) -> dict:
    file, _, one = said.get("preset", "").partition("/")
    return preset(file).extracts[one] if file else {}


def place(said: dict) -> tuple[str, str]:
    return said.get("file") or of_preset(said)["file"], said.get("sheet", "")


def whole(said: dict) -> dict:
    """The columns of an extract, those of its preset with them."""
    columns = {name: dict(keys) for name, keys in said.get("columns", {}).items()}
    for name, keys in of_preset(said).get("columns", {}).items():
        if name not in said.get("without", []):
            columns[name] = {**keys, **columns.get(name, {})}
    return columns


def meanings(definition: dict) -> set[tuple]:
    """(file, sheet, table, our column, their heading) of each column, and of each item of a questionnaire."""
    found = set()
    for name, said in definition["extracts"].items():
        table = said.get("table") or of_preset(said).get("table", name)
        found |= {(*place(said), table, ours, keys["from"]) for ours, keys in whole(said).items() if "from" in keys}
        found |= {(*place(said), table, f"{instrument}:{number}", heading)
                  for instrument, items in said.get("items", {}).items() for number, heading in enumerate(items, 1)}
    return found


def proposed(study: str, tmp_path: Path) -> dict:
    """The proposed definition with the rarer codes in it, every open choice of codes thereby made."""
    exports = tmp_path / study
    shutil.copytree(ROOT / "data_raw" / study, exports)
    proposal = propose(exports, study, Rule(threshold=7, round_to=5))
    rarer = tmp_path / "rarer_codes.toml"
    rarer.write_text(proposal.rarer, "utf-8")
    return tomllib.loads(with_rarer_codes(proposal.text, rarer)[0])


def written(study: str) -> dict:
    return tomllib.loads((ROOT / "pipelines" / "studies" / study / "study.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> dict[str, tuple[dict, dict]]:
    studies = [path.name for path in sorted((ROOT / "data_raw").iterdir()) if path.is_dir()
               and (ROOT / "pipelines" / "studies" / path.name / "study.toml").is_file()]
    assert "south-glos" in studies
    return {study: (written(study), proposed(study, tmp_path_factory.mktemp(study))) for study in studies}


def test_nearly_all_columns_get_the_meaning_that_people_gave_them(both):
    for study, (ours, new) in both.items():
        by_hand, found = meanings(ours), meanings(new)
        share = len(by_hand & found) / len(by_hand)
        print(f"{study}: {len(by_hand & found)} of {len(by_hand)} columns ({share:.1%})")
        assert share >= AT_LEAST, sorted(by_hand - found)


def test_every_format_of_a_date_is_the_one_that_people_wrote(both):
    """Of text: a true date of a workbook is written in any format."""
    for ours, new in both.values():
        formats = {(*place(said), name): keys["format"] for said in ours["extracts"].values()
                   for name, keys in whole(said).items() if "format" in keys}
        found = {(*place(said), name): keys["format"] for said in new["extracts"].values()
                 for name, keys in whole(said).items() if "format" in keys}
        shared = formats.keys() & found.keys()
        assert len(shared) >= 5
        assert {key: found[key] for key in shared} == {key: formats[key] for key in shared}


def test_every_code_that_people_listed_is_found_and_those_of_ours_mean_the_same(both):
    """Codes of the study's own have whatever right-hand side it likes; those of the canonical tables have one."""
    from analysis.extracts.tables import TABLES

    ours, new = both["south-glos"]
    found = {(*place(said), name): keys.get("codes", {}) for said in new["extracts"].values()
             for name, keys in whole(said).items()}
    compared = 0
    for extract, said in ours["extracts"].items():
        table = TABLES[said.get("table", extract)]
        for name, keys in whole(said).items():
            if "codes" not in keys or (*place(said), name) not in found:
                continue
            theirs = found[(*place(said), name)]
            if table.column(name).codes:
                assert {code: theirs.get(code) for code in keys["codes"] if code in theirs} == {
                    code: right for code, right in keys["codes"].items() if code in theirs}
                compared += 1
    assert compared >= 10

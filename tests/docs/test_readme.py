"""README, changelog and reference data against the code: what is written is there, what is there is written."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from analysis.extracts.checks.expectations import validate
from analysis.extracts.plan import plans
from analysis.extracts.read import read
from analysis.extracts.tidy import tidy
from analysis.interviews.spreadsheet import layouts
from analysis.measures.people.flow import participant_flow
from analysis.presets import preset
from analysis.protect.profile import FOLDER as PROFILES
from analysis.protect.profile import profile
from analysis.reference.counting import countings
from analysis.reference.factors import factor_table, factor_table_names
from analysis.reference.guidelines import interview_items, mixed_methods_items
from analysis.reference.instruments import FOLDER as INSTRUMENTS
from analysis.reference.instruments import SHIPPED, VALUE_SETS, instrument
from analysis.reference.medicines import medicines
from analysis.reference.records import records
from analysis.reference.rules import FOLDER as RULE_FILES
from analysis.reference.rules import RULES
from analysis.study import COLUMN, SCHEMA, open_study
from pipelines.__main__ import arguments

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
REFERENCE = ROOT / "analysis" / "reference"
EXAMPLE, OUTCOMES, PROFILE = re.findall(r"```toml\n(.*?)```", README, re.S)

# The lists that the example speaks of, as they might be delivered.
DELIVERED = {
    "patients.csv": "ID,Surgery,Sex\nA1,N,F\nA2,N,M\nA3,S,F\nA4,S,?\n",
    "invitations.csv": "Invitations 2025\nID;Letter sent;Answer;Why not\nA1;03/02/2025;yes;\nA2;03/02/2025;no;busy\n"
                       "A3;10/02/2025;yes;\nA4;10/02/2025;none;\n",
    "starts_north.csv": "ID,First walk\nA1,01/03/2025\n",
    "starts_south.csv": "ID,First walk\nA3,02/03/2025\n",
}

# Bracketed so that this file does not name what it looks for.
NOT_FOR_PRINT = {
    "a package index's host": r"py[p]i\.(org|python\.org)|pythonhos[t]ed\.org|anacond[a]\.org",
    "an address to install from": r"(index|find)[-_](url|links)[\s=]+\S*://",
    "a path of one machine": r"/wor[k]/\w",
    "a mark of unfinished work": r"\bTO[D]O\b|\bFIXM[E]\b",
}


def make_verbs() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.M))


def runner_verbs() -> set[str]:
    return set(re.findall(r"^ {4}([a-z-]+)\b", arguments().format_help(), re.M))


def section(title: str) -> str:
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.fixture
def walking_group(tmp_path):
    """The README's example as a project of its own, with its extracts."""
    folder, raw = tmp_path / "pipelines" / "studies" / "walking-group", tmp_path / "data_raw" / "walking-group"
    folder.mkdir(parents=True)
    raw.mkdir(parents=True)
    (folder / "study.toml").write_text(EXAMPLE, "utf-8")
    for name, text in DELIVERED.items():
        (raw / name).write_text(text, "utf-8")
    return open_study("walking-group", tmp_path)


# ------------------------------------------------------------------------------------------------ the verbs

def test_every_verb_of_make_is_in_the_readme_and_the_other_way_round():
    assert set(re.findall(r"`make ([a-z-]+)", section("The verbs"))) == make_verbs()


def test_every_verb_of_make_is_a_verb_of_the_runner_and_the_other_way_round():
    said = set(re.findall(r"`python -m pipelines ([a-z][a-z-]*)", section("The verbs")))
    assert make_verbs() - {"help"} == runner_verbs() == said


def test_every_option_of_report_is_in_the_readme_and_the_other_way_round(capsys):
    with pytest.raises(SystemExit):
        arguments().parse_args(["report", "--help"])
    known = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    assert set(re.findall(r"^\| .*?`(?:-p NAME=VALUE`, `)?(--[a-z-]+)", section("The verbs"), re.M)) == known


def test_the_first_screen_has_the_two_commands():
    assert all(f"    make {verb} " in "\n".join(README.splitlines()[:12]) for verb in ("report", "test"))


# ------------------------------------------------------------------------------------------------ one's own service

def test_the_example_definition_loads_and_plans(walking_group):
    assert [plan.name for plan in plans(walking_group)] == ["patients", "referrals", "episodes"]
    assert all(profile(name) for name in walking_group.profile_names.values())


def test_the_example_takes_its_extracts_to_a_measure_without_a_fault(walking_group):
    delivered = {plan.name: read(plan, walking_group.raw) for plan in plans(walking_group)}
    validation = validate(delivered)
    assert validation.faults.empty
    tables, _ = tidy(delivered, validation.faults)
    flow = participant_flow(tables["referrals"], tables["episodes"])
    found = {name: flow.cells[flow.names[name]].value for name in ("invited", "enrolled", "declined", "no_reply")}
    assert found == {"invited": 4, "enrolled": 2, "declined": 1, "no_reply": 1}


def test_every_key_of_an_extract_and_of_a_column_is_explained():
    said = set(re.findall(r"`(\w+)`", section("Bringing your own service")))
    assert set(SCHEMA["extracts"].what["*"]) | set(COLUMN) <= said


def test_every_section_of_a_definition_is_spoken_of():
    spoken = section("Bringing your own service")
    assert [key for key in SCHEMA if not re.search(rf"`\[?\[?{key}\b|^\[{key}\b|^{key} *=", spoken, re.M)] == []


def test_every_page_says_what_it_wants():
    pages = {path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb")}
    assert pages <= set(re.findall(r"^\| `(\w+)` \|", section("Bringing your own service"), re.M))


def test_the_example_profile_has_the_keys_of_those_that_ship():
    shipped = tomllib.loads((PROFILES / "opensafely.toml").read_text("utf-8"))
    assert set(tomllib.loads(PROFILE)) == set(shipped)


# ------------------------------------------------------------------------------------------------ what it says

def test_every_dependency_is_explained_and_nothing_else():
    wanted = [*PROJECT["dependencies"], *(d for extra in PROJECT["optional-dependencies"].values() for d in extra)]
    assert set(re.findall(r"^\| `([\w-]+)` \| \w", section("What it stands on"), re.M)) == {
        re.match(r"[\w-]+", d).group() for d in wanted}


@pytest.mark.parametrize("document", ["README.md", "CHANGELOG.md", "data_raw/README.md", "reports/README.md"])
def test_links_lead_to_files_and_headings_that_exist(document):
    path = ROOT / document
    text = path.read_text("utf-8")
    headings = {anchor(h) for h in re.findall(r"^#+ (.+)$", text, re.M)}
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [link for link in links if link.startswith("#") and link[1:] not in headings] == []
    assert [link for link in links if not link.startswith("#") and not (path.parent / link).exists()] == []


@pytest.mark.parametrize("document", ["README.md", "data_raw/README.md"])
def test_files_that_are_named_exist(document):
    text = (ROOT / document).read_text("utf-8")
    named = re.findall(r"`((?:analysis|pipelines|notebooks|tests|data_raw)/[\w./-]+)`", text)
    ours = {"notebooks/20_walks.ipynb"}  # the example's own page
    assert [name for name in named if name not in ours and not (ROOT / name).exists()] == []


def test_the_changelog_begins_with_this_version():
    assert re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M).group(1) == PROJECT["version"]


def test_the_licence_is_the_one_that_the_project_names_and_others_notices_are_there():
    assert (ROOT / "LICENSE").read_text("utf-8").startswith(f"{PROJECT['license']} License")
    assert "Ben Goldacre" in README
    assert "Ben Goldacre" in (REFERENCE / "doses" / "openprescribing.LICENSE.txt").read_text("utf-8")


# ------------------------------------------------------------------------------------------------ what ships

@pytest.mark.parametrize("path", sorted(REFERENCE.rglob("*.toml")), ids=lambda p: p.relative_to(REFERENCE).as_posix())
def test_every_reference_file_loads(path):
    assert tomllib.loads(path.read_text("utf-8"))
    if path.parent == INSTRUMENTS:
        assert instrument(path.stem).name == path.stem
    elif path.parent == VALUE_SETS:
        made = SHIPPED.value_set(path.stem)
        assert made.source and made.date and SHIPPED[made.instrument].score == "index"
    elif path.parent == PROFILES:
        assert profile(path.stem).name == path.stem and profile(path.stem).source
    elif path.name == "tools.toml":
        assert all(set(layout.needs) <= {*layout.headings} and layout.title for layout in layouts())
    elif path.name == "counting.toml":
        assert all(one.says and one.source for one in countings())
    elif path.name == "mixed_methods.toml":
        assert {key for item in mixed_methods_items() for key in item.stated} == set(SCHEMA["mixed_methods"])
    elif path.parent.name == "guidelines":
        assert all(item.label and item.answer for item in interview_items())
    elif path.name == "records.toml":
        assert records().stand_in_days and records().opt_out_codes
    elif path.parent == RULE_FILES:
        assert {rule.name for rule in RULES.values() if rule.subject == path.stem}
    elif path.name == "tables.toml":
        assert all(factor_table(name).rows for name in factor_table_names())
        assert set(factor_table_names()) == {csv.stem for csv in path.parent.glob("*.csv")}
    elif path.parent.name == "presets":
        assert preset(path.stem).extracts and tomllib.loads(path.read_text("utf-8"))["source"]
    elif path.parent.name == "vocabulary":
        assert path.name in ("headings.toml", "values.toml")
    else:
        assert path.name == "products.toml" and medicines().names


def test_the_choices_of_questionnaires_that_are_named_can_be_made():
    said = tomllib.loads(OUTCOMES)["outcomes"]
    assert set(said) <= set(SCHEMA["outcomes"])
    assert all(values in SHIPPED.value_sets(name) for name, values in said["value_sets"].items())
    assert all(setting in SHIPPED[name].settings for name, setting in said["settings"].items())
    assert all(words in {c.words for c in SHIPPED[name].changes} for name, words in said["thresholds"].items())


def committed() -> list[Path]:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("what is committed is known to git only")
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_no_committed_text_names_an_index_a_machine_or_unfinished_work():
    found = []
    for path in committed():
        content = path.read_bytes()
        if b"\0" in content:
            continue
        text = content.decode("utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {what}" for what, pattern in NOT_FOR_PRINT.items()
                  if re.search(pattern, text)]
    assert found == []


def test_of_records_and_reports_only_the_synthetic_studies_are_committed():
    held = {path.relative_to(ROOT).as_posix() for path in committed()}
    records = {name for name in held if name.startswith(("data_raw/", "reports/", ".build/"))}
    others = {name for name in records if not name.startswith(("data_raw/south-glos/", "data_raw/link-workers/"))}
    assert others <= {"data_raw/README.md", "reports/README.md"}

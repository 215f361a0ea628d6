"""The floors: a room imports only from those below, and no code knows a study by name."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pipelines
from pipelines.__main__ import arguments

ROOT = Path(__file__).parents[1]
NAMES = re.compile(r"south[-_ ]?glos|gloucester|kesten|scott 2020|bjgp", re.I)


def test_every_import_keeps_to_its_floor():
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    checked = subprocess.run([sys.executable, "-c", program, "--no-cache"], cwd=ROOT, capture_output=True, text=True,
                             env={**os.environ, "NO_COLOR": "1"})
    assert re.search(r"^Contracts: [1-9]\d* kept, 0 broken\.$", checked.stdout, re.M), checked.stdout + checked.stderr
    assert checked.returncode == 0


def test_every_room_stands_on_a_floor():
    """A module that the contract does not list may import what it likes."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    listed = {layer for contract in contracts for layer in contract.get("layers", [])}
    rooms = {f"analysis.{path.stem}" for path in (ROOT / "analysis").iterdir()
             if (path.suffix == ".py" or (path / "__init__.py").is_file()) and path.stem != "__init__"}
    assert rooms <= listed, f"without a floor: {sorted(rooms - listed)}"


def test_no_code_knows_a_study_by_name_but_the_one_line_that_names_the_default():
    sources = [path for room in ("analysis", "pipelines") for path in sorted((ROOT / room).rglob("*"))
               if path.is_file() and path.suffix not in (".pyc",) and "studies" not in path.parts]
    found = [f"{path.relative_to(ROOT)}: {line.strip()}" for path in sources
             for line in path.read_text("utf-8").splitlines() if NAMES.search(line)]
    assert found == ['pipelines/__init__.py: DEFAULT_STUDY = "south-glos"']


def test_make_and_the_command_line_have_the_same_default_study():
    assert arguments().parse_args(["report"]).study == pipelines.DEFAULT_STUDY
    assert f"STUDY ?= {pipelines.DEFAULT_STUDY}\n" in (ROOT / "Makefile").read_text("utf-8")

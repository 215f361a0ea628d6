"""The committed notebooks: prose with numbers, executed, and compared by nbval with what they held."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines import kernels
from pipelines.parameters import declared

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FORBIDDEN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.Try, ast.With)


def cells(path: Path) -> list[dict]:
    return [c for c in json.loads(path.read_text("utf-8"))["cells"] if c["cell_type"] == "code"]


def unexecuted(path: Path) -> list[int]:
    """The code cells that hold no result though they should: nbval alone lets them pass."""
    said = [c for c in cells(path) if not {"parameters", "setup"} & set(c["metadata"].get("tags", []))]
    return [i for i, c in enumerate(said) if c["execution_count"] is None or not c["outputs"]]


def test_the_pages_and_the_template_are_there():
    assert [p.stem for p in NOTEBOOKS] == [
        "00_summary", "01_data_quality", "02_participants", "03_service_activity", "04_opioid_dose", "05_outcomes",
        "06_themes", "07_integration", "08_published_comparison", "09_methods", "10_protocol", "11_coding",
        "12_reach", "13_cost", "14_code_patterns", "15_audit_trail", "18_changes",
        "_template"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
class TestEachNotebook:
    def test_every_cell_was_executed_and_shows_something(self, path):
        assert unexecuted(path) == []

    def test_no_cell_holds_an_error_or_printed_text(self, path):
        assert [o["output_type"] for c in cells(path) for o in c["outputs"]
                if o["output_type"] not in ("execute_result", "display_data")] == []

    def test_cells_are_calls_and_not_programs(self, path):
        for cell in cells(path):
            source = "".join(cell["source"])
            found = [type(n).__name__ for n in ast.walk(ast.parse(source)) if isinstance(n, FORBIDDEN)]
            assert found == [], source
            assert "read_csv" not in source and "../" not in source
            if not {"parameters", "setup"} & set(cell["metadata"].get("tags", [])):
                assert len(source.splitlines()) <= 3, source

    def test_its_parameters_are_study_site_and_tier_in_words(self, path):
        assert declared(json.loads(path.read_text("utf-8")), path.name) == {
            "study": ("str", "south-glos"), "site": ("str", "all"), "tier": ("str", "release")}

    def test_nothing_in_it_changes_from_run_to_run(self, path):
        text = path.read_text("utf-8")
        assert not re.search(r"0x[0-9a-f]{6,}|\d{4}-\d\d-\d\dT\d\d:|/work/|/home/", text)
        assert "papermill" not in json.loads(text)["metadata"]


def test_a_notebook_whose_outputs_were_cleared_is_caught(tmp_path):
    cleared = json.loads((ROOT / "notebooks" / "02_participants.ipynb").read_text("utf-8"))
    for cell in cleared["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    path = tmp_path / "02_participants.ipynb"
    path.write_text(json.dumps(cleared), "utf-8")
    assert len(unexecuted(path)) == len([c for c in cells(path) if not c["metadata"].get("tags")]) > 0


def test_nbval_fails_when_a_number_moved(a_project, template):
    """One woman of Practice B becomes a man in the extract: the page of characteristics no longer says what it said."""
    from analysis.study import open_study
    from pipelines.steps import check_and_tidy

    extract = a_project / "data_raw" / "south-glos" / "EMIS patient list (Practice B).csv"
    lines = extract.read_text("utf-8").splitlines(keepends=True)
    moved = next(i for i, line in enumerate(lines) if ",F," in line)
    lines[moved] = lines[moved].replace(",F,", ",M,", 1)
    extract.write_text("".join(lines), "utf-8")
    check_and_tidy(open_study("south-glos", a_project))
    page = a_project / "notebooks" / "02_participants.ipynb"
    page.parent.mkdir()
    shutil.copy(ROOT / "notebooks" / page.name, page)
    forked = {kernels.SWITCH: kernels.NAME, kernels.ADDRESS: template} if template else {}
    run = subprocess.run([sys.executable, "-m", "pytest", "--nbval", str(page), "-q", "-p", "no:cacheprovider"],
                         capture_output=True, text=True, cwd=a_project, env=os.environ | forked)
    assert run.returncode == 1, run.stdout[-2000:]
    assert re.search(r"\b1 failed\b|\b2 failed\b", run.stdout), run.stdout[-2000:]

"""
Leaks planted in real notebooks: each must fail the page and say why, naming the cell.

Executed as the runner does it, under OpenSAFELY, on a study of 12 people who enrolled and 3 who declined. A leak that
stops its cell is told by papermill; one that slips past every formatter is told by the gate. To start few kernels,
leaks of one kind share a notebook: those that stop their cell carry the tag that lets the next cell run all the same.
"""

from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from pipelines.executors import Local
from pipelines.pages import Order

ROOT = Path(__file__).parents[2]
FLOW = "page.measures.participant_flow()"
CLEAN = f"flow = page.release({FLOW})\n" 'sentence("Of {invited} people, {enrolled} enrolled.", flow)'

# Each prints, or hands to the front end, by a way that no formatter sees.
PAST_THE_FORMATTER = {
    "print": 'print(len(page["referrals"]))',
    "a warning": 'import warnings\nwarnings.warn(f"{len(page[\'referrals\'])} people")',
    "a shell escape": "!echo 3 declined",
    "HTML published by hand": "from IPython.display import publish_display_data\n"
                              'publish_display_data({"text/html": "<b>3 declined</b>", "text/plain": ""})',
    "a sentence made by hand": "from analysis.present.sentences import Sentence\n"
                               'Sentence("sentence", (("text/html", "<p>3 declined</p>"), ("text/plain", "")))',
    "a bare number on the error stream": "import sys\n_ = sys.stderr.write('3')",
    "present's own table with a number put in": 'made = table(flow).content.replace("Enrolled", "Enrolled 3")\n'
                                                'publish_display_data({"text/html": made, "text/plain": ""})',
    "a picture that rides on a table": "good = dict(table(flow).bundle)\n"
                                       "display(table(flow))\n"
                                       'publish_display_data({**good, "image/svg+xml": "<svg><text>3</text></svg>"})',
}
# Each is displayed, and the display formatter sees it: its type is what the message says.
DISPLAYED = {
    "int": 'len(page["referrals"])',
    "tuple": f'{FLOW}, page["referrals"]',
    "Summary": FLOW,
    "Released": f"page.release({FLOW})",
    "Markdown": "from IPython.display import Markdown, display\nMarkdown(f\"{len(page['referrals'])} people\")",
    "HTML": 'from IPython.display import HTML\ndisplay(HTML("<b>3</b>"))',
    "Styler": 'page["referrals"].style',
    "DataFrame": 'display(page["referrals"].head())',
    "Figure": "import matplotlib.pyplot as plt\n_ = plt.figure().add_subplot().bar([1, 2], [3, 12])",
    "str": "f\"{len(page['referrals'])} people\"",
}


def notebook(*sources: str, before: str = "", go_on: bool = False, name: str = "page",
             tier: str = "tier") -> nbformat.NotebookNode:
    """The template's parameters and set-up cells for a page of that name and tier, then one cell for each source."""
    template = nbformat.read(ROOT / "notebooks" / "_template.ipynb", as_version=4)
    tagged = {tag: cell for cell in template.cells for tag in cell.metadata.get("tags", [])}
    setup = tagged["setup"].source.replace('"_template"', f'"{name}"').replace("tier=tier", f"tier={tier}")
    cells = [new_code_cell(tagged["parameters"].source, metadata={"tags": ["parameters"]}),
             *([new_code_cell(before)] if before else []), new_code_cell(setup, metadata={"tags": ["setup"]})]
    more = {"metadata": {"tags": ["raises-exception"]}} if go_on else {}
    cells += [new_code_cell(source, **more) for source in sources]
    return new_notebook(cells=cells, metadata=template.metadata)


NOTEBOOKS = {
    "clean": notebook(CLEAN, "table(flow)"),
    "past": notebook(CLEAN, *PAST_THE_FORMATTER.values(), before="1 + 2"),
    "only print": notebook("print(3)"),
    "one int": notebook(CLEAN, DISPLAYED["int"]),
    "displayed": notebook(*DISPLAYED.values(), go_on=True),
    "working": notebook(CLEAN, DISPLAYED["int"], "print(3)"),
    "another name": notebook(CLEAN, name="another"),
    "another tier": notebook(CLEAN, name="page", tier='"working"'),
    "a typed number": notebook(CLEAN, 'sentence("Of {invited} people, 12 enrolled.", flow)'),
    "an error": notebook(CLEAN, "1 / 0"),
}


def project(root: Path) -> Path:
    """A root with the shipped definition under OpenSAFELY and a flow of 15 people."""
    study = root / "pipelines" / "studies" / "small"
    study.mkdir(parents=True)
    said = (ROOT / "pipelines/studies/south-glos/study.toml").read_text("utf-8")
    (study / "study.toml").write_text(said.replace('profile = "none"', 'profile = "opensafely"'), "utf-8")
    tidy = root / ".build" / "small" / "tidy"
    tidy.mkdir(parents=True)
    people = [f"C{n:02}" for n in range(15)]
    pd.DataFrame({"patient_id": people, "invited_on": pd.Timestamp("2017-01-02"),
                  "response": ["enrolled"] * 12 + ["declined"] * 3, "reason": None,
                  }).to_parquet(tidy / "referrals.parquet")
    pd.DataFrame({"patient_id": people[:12]}).to_parquet(tidy / "episodes.parquet")
    pd.DataFrame({name: pd.Series(dtype="str") for name in ("practice", "kind", "scope", "stage")}).assign(
        people=pd.Series(dtype="int64")).to_parquet(tidy / "withdrawals.parquet")
    return root


def order(root: Path, name: str) -> Order:
    """The notebook in a folder of its own, and where its page goes; an earlier run has left a registry there."""
    folder = root / name.replace(" ", "-")
    (folder / "pages").mkdir(parents=True)
    (folder / "pages" / "page.registry.json").write_text('{"cells": {}, "shown": [], "read": {}}', "utf-8")
    nbformat.write(NOTEBOOKS[name], folder / "page.ipynb")
    tier = {"tier": "working"} if name == "working" else {}
    return Order(folder / "page.ipynb", folder / "pages" / "page.ipynb", {"study": "small", **tier}, root)


@pytest.fixture(scope="module")
def pages(tmp_path_factory, checks_here) -> dict[str, tuple[str, str, list]]:
    """Name -> (kind of error, its message, the cells of the page or of the failed page); an empty kind is no error."""
    root = project(tmp_path_factory.mktemp("leaks"))
    orders = {order(root, name): name for name in NOTEBOOKS}
    found = {}
    with Local(2) as executor:
        for made, outcome in executor.run(list(orders), {"all": None}):
            failure = outcome if isinstance(outcome, Exception) else None
            assert made.output.is_file() == (failure is None)
            kept = nbformat.read(made.failed if failure else made.output, as_version=4).cells
            found[orders[made]] = (type(failure).__name__ if failure else "", str(failure or ""), kept)
    return found


# ------------------------------------------------------------------------------------------------ what passes

def test_a_page_that_shows_only_what_present_makes_passes(pages):
    kind, message, cells = pages["clean"]
    assert (kind, message) == ("", "")
    assert [cell.outputs[0].data["text/plain"].splitlines()[0] for cell in cells if cell.get("outputs")] == [
        "Of 15 people, 10 enrolled.", "Participant flow: invitation and enrolment"]


def test_the_working_tier_shows_true_numbers_and_whatever_else(pages):
    kind, message, cells = pages["working"]
    assert (kind, message) == ("", "")
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    assert [output.get("text") or output.data["text/plain"] for output in outputs] == [
        "Of 15 people, 12 enrolled.", "15", "3\n"]


# ------------------------------------------------------------------------------------------------ past every formatter

def test_what_passes_by_every_formatter_is_refused_at_the_gate_cell_by_cell(pages):
    kind, message, _ = pages["past"]
    foreign, printed = "shows something that did not come from present", "a released page holds no printed text"
    assert (kind, message) == ("Leak", "page.ipynb: " + "\n    ".join([
        f"code cell 3: {foreign}",                                   # a number before the set-up cell
        f"code cell 6: printed text on stdout: {printed}",           # print
        f"code cell 7: printed text on stderr: {printed}",           # a warning
        f"code cell 8: printed text on stdout: {printed}",           # a shell escape
        f"code cell 9: {foreign}",                                   # HTML published by hand
        "code cell 10: shows the number 3 bound to no cell",         # a sentence made by hand
        f"code cell 11: printed text on stderr: {printed}",          # a bare number on the error stream
        f"code cell 12: {foreign}",                                  # present's own table with a number put in
        f"code cell 13: {foreign}"]) +                               # a picture that rides on a table
        "\n  -> show only what present makes: table(page.release(…)), a figure, a sentence")


def test_a_page_that_shows_nothing_but_a_leak_is_refused_for_the_leak(pages):
    assert pages["only print"][:2] == (
        "Leak", "page.ipynb: code cell 4: printed text on stdout: a released page holds no printed text\n"
                "  -> show only what present makes: table(page.release(…)), a figure, a sentence")


# ------------------------------------------------------------------------------------------------ what a formatter sees

def test_a_number_as_last_expression_is_a_leak_with_its_cell_and_the_remedy(pages):
    assert pages["one int"][:2] == (
        "Leak", "page.ipynb: cell 4: this cell would display a int, and a released page shows only what present makes\n"
                "  -> release a measure and show it: table(page.release(…)), a figure, or a sentence")
    assert pages["one int"][2][-1].source == 'len(page["referrals"])'


def test_a_number_typed_into_a_sentence_is_a_leak_too(pages):
    assert pages["a typed number"][:2] == (
        "Leak", "page.ipynb: cell 4: a number is typed into a sentence: '12' in 'Of {invited} people, 12 enrolled.'\n"
                "  -> name the cell it comes from in braces: {enrolled}")


def test_a_page_that_fails_by_any_other_error_has_failed_and_is_no_leak(pages):
    assert pages["an error"][:2] == (
        "PageFailed", "page.ipynb: cell 4 failed: ZeroDivisionError: division by zero\n    1 / 0\n"
                      "  -> the page as far as it came: an-error/pages/page.failed.ipynb")


@pytest.mark.parametrize("kind", DISPLAYED)
def test_what_present_did_not_make_stops_its_cell_and_leaves_no_trace(pages, kind):
    """The cell's only output is the error: what it would have shown is nowhere in the page that is kept."""
    cell = next(cell for cell in pages["displayed"][2] if cell.source == DISPLAYED[kind])
    assert [(output.output_type, output.get("ename"), output.get("evalue")) for output in cell.outputs] == [
        ("error", "Leak", f"this cell would display a {kind}, and a released page shows only what present makes\n"
                          "  -> release a measure and show it: table(page.release(…)), a figure, or a sentence")]


def test_a_cell_that_may_raise_leaks_all_the_same(pages):
    assert pages["displayed"][:2] == (
        "Leak", "page.ipynb: cell 12: this cell would display a str, and a released page shows only what "
                "present makes\n"
                "  -> release a measure and show it: table(page.release(…)), a figure, or a sentence")


# ------------------------------------------------------------------------------------------------ another name or tier

def test_a_page_whose_set_up_names_another_page_is_refused(pages):
    assert pages["another name"][:2] == (
        "PageFailed", 'page.ipynb: it never opened Page("page", …)\n'
                      "  -> the page as far as it came: another-name/pages/page.failed.ipynb")


def test_a_page_that_opens_itself_in_the_working_tier_though_it_is_ordered_for_release_is_refused(pages):
    """All its numbers come from present, and all of them are true ones."""
    kind, message, cells = pages["another tier"]
    assert (kind, message) == (
        "Leak", 'page.ipynb: it opened its Page in the tier "working"\n'
                "  -> show only what present makes: table(page.release(…)), a figure, a sentence")
    assert [output.data["text/plain"] for cell in cells for output in cell.get("outputs", [])] == [
        "Of 15 people, 12 enrolled."]

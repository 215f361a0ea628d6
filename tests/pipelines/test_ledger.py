"""The ledger of a run: each page that was asked for is in it once; one of which nothing is known fails the run."""

import json
import shutil
from contextlib import nullcontext
from pathlib import Path

import pytest
from small_project import keep_pages, ledger

from analysis.errors import PageFailed
from analysis.study import open_study
from pipelines.ledger import Ledger
from pipelines.runner import Runner

ASKED = [("all", "one"), ("all", "two"), ("north", "one")]


def test_pages_stand_in_the_order_asked_and_a_page_of_which_nothing_is_known_is_a_gap(tmp_path):
    book = Ledger(ASKED)
    book.enter("north", "one", "withheld", why="unique")
    book.enter("all", "one", "built", seconds=1.5)
    assert book.gaps == [("all", "two")]
    book.write(tmp_path / "ledger.json")
    assert json.loads((tmp_path / "ledger.json").read_text("utf-8")) == [
        {"site": "all", "page": "one", "outcome": "built", "seconds": 1.5},
        {"site": "all", "page": "two", "outcome": "gap"},
        {"site": "north", "page": "one", "outcome": "withheld", "why": "unique"}]


@pytest.mark.parametrize("entry", [("all", "three", "built"), ("south", "one", "built"), ("all", "one", "lost")])
def test_a_page_that_was_not_asked_for_and_an_outcome_that_is_none_are_refused(entry):
    with pytest.raises(ValueError):
        Ledger(ASKED).enter(*entry)


def test_a_page_is_entered_once():
    book = Ledger(ASKED)
    book.enter("all", "one", "built")
    with pytest.raises(ValueError, match="entered twice"):
        book.enter("all", "one", "failed")
    assert [entry["outcome"] for entry in book.of("all")] == ["built"]


class Forgetful:
    """An executor that says nothing of one page."""

    def __init__(self, page: str):
        self.page = page

    def prepare(self) -> None:
        pass

    def run(self, orders, contexts):
        for order in orders:
            if order.name != self.page:
                yield order, PageFailed("it failed", where=order.notebook.name)


def test_a_run_with_a_gap_fails_and_publishes_nothing(a_project: Path, monkeypatch):
    shutil.copytree(Path(__file__).parents[2] / "notebooks", a_project / "notebooks")
    keep_pages(a_project, ["02_participants", "09_methods"])
    monkeypatch.setattr(Runner, "_tidy", lambda *_: False)
    monkeypatch.setattr(Runner, "_executor", lambda _: nullcontext(Forgetful("09_methods")))
    with pytest.raises(RuntimeError, match=r"nothing is known of \[\('all', '09_methods'\)\]"):
        Runner(open_study("south-glos", a_project)).report()
    assert ledger(a_project) == {"02_participants": "failed", "09_methods": "gap"}
    assert not (a_project / "reports").exists()

"""Results are the same whichever way kernels start: the committed notebooks, and the random numbers of a page."""

import json
import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis.study import open_study
from pipelines import kernels
from pipelines.executors import Local
from pipelines.pages import Order
from pipelines.steps import check_and_tidy

ROOT = Path(__file__).parents[2]
WAYS = ("forked", "stock")
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}

pytestmark = pytest.mark.skipif(not kernels.can_fork(), reason="there is one way only")


def made(way: str, orders: list[Order]) -> dict[Order, dict]:
    """The record of each page's run. The way is found out from a page's kernel, so that it is not only named."""
    before = os.environ.get(kernels.STOCK)
    if way == "stock":
        os.environ[kernels.STOCK] = "1"
    try:
        with Local(2) as executor:
            found = dict(executor.run(orders, dict.fromkeys(order.site for order in orders)))
    finally:
        os.environ.pop(kernels.STOCK, None)
        if before is not None:
            os.environ[kernels.STOCK] = before
    assert {order.label: str(result) for order, result in found.items() if not isinstance(result, dict)} == {}
    return found


@pytest.fixture(scope="module")
def project(make_project, checks_here):
    """The shipped study, tidied, with the committed notebooks and a page of random numbers."""
    root = make_project(notebooks=True)
    check_and_tidy(open_study("south-glos", root))
    sources = ['study: str = "south-glos"\nsite: str = "all"\ntier: str = "release"',
               "from analysis.page import Page\nfrom random import random\nfrom numpy.random import normal\n"
               "NAME = __import__('os').environ['SERVICE_EVALUATION_PAGES'].rpartition('-')[2]",
               "page = Page(NAME, study=study, site=site, tier=tier)",
               "import json, os; from pathlib import Path; folder = Path(os.environ['SERVICE_EVALUATION_PAGES'])\n"
               "forked = 'pipelines.template' in Path(f'/proc/{os.getppid()}/cmdline').read_text()\n"
               "drawn = json.dumps([random(), normal(), forked])\n"
               "_ = (folder / f'{site}.drawn').write_text(drawn)"]
    cells = [new_code_cell(source) for source in sources]
    cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(new_notebook(cells=cells, metadata=KERNEL), root / "notebooks" / "drawing.ipynb")
    return root


def test_every_committed_notebook_gives_the_same_bytes_and_the_same_registry(project):
    names = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
    found = {}
    for way in WAYS:
        orders = [Order(project / "notebooks" / name, project / way / name, {}, project) for name in names]
        made(way, orders)
        found[way] = {order.name: (order.output.read_text("utf-8"), json.loads(order.registry.read_text("utf-8")))
                      for order in orders}
    assert len(found["forked"]) == len(names) > 10 and all(registry for _, registry in found["forked"].values())
    assert found["forked"] == found["stock"]


def test_random_numbers_come_from_page_and_site_and_from_nothing_else(project):
    def drawn(way: str, name: str, tier: str = "release") -> dict[str, list]:
        orders = []
        for site in ("all", "practice_a"):
            folder = project / f"{way}-{tier}-{name}"
            notebook = folder / f"{name}.ipynb"
            folder.mkdir(exist_ok=True)
            shutil.copy(project / "notebooks" / "drawing.ipynb", notebook)
            orders.append(Order(notebook, folder / site / f"pages-{name}" / f"{name}.ipynb",
                                {"site": site, "tier": tier}, project))
        made(way, orders)
        return {order.site: json.loads((order.output.parent / f"{order.site}.drawn").read_text()) for order in orders}

    forked, again, stock, working, other = (drawn("forked", "one"), drawn("forked", "one"), drawn("stock", "one"),
                                            drawn("forked", "one", "working"), drawn("forked", "two"))
    assert [[numbers.pop() for numbers in way.values()] for way in (forked, again, stock, working, other)] == [
        [True] * 2, [True] * 2, [False] * 2, [True] * 2, [True] * 2]
    assert forked == again == stock == working
    assert len({number for way in (forked, other) for numbers in way.values() for number in numbers}) == 8

"""The engine of a page: when it is ready, what it notes of each cell, what it makes of a kernel that is gone."""

import asyncio
import os

import nbformat
import papermill
import pytest
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from pipelines import engine, kernels

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def executed(folder, *sources: str, timeout: int | None = None, **more):
    """The notebook of a heading and these cells, after papermill ran it with the engine."""
    cells = [new_markdown_cell("# Title"), *(new_code_cell(source) for source in sources)]
    nbformat.write(new_notebook(cells=cells, metadata=KERNEL), folder / "page.ipynb")
    return papermill.execute_notebook(
        str(folder / "page.ipynb"), None, engine_name=engine.NAME, kernel_name="python3", progress_bar=False,
        request_save_on_cell_execute=False, execution_timeout=timeout, **more)


def test_it_notes_seconds_and_peak_memory_of_each_code_cell(forking_kernels, tmp_path):
    page = executed(tmp_path, "import time; time.sleep(0.3)", "held = bytearray(200_000_000)", "del held")
    notes = page.metadata.papermill.cells
    assert [note["cell"] for note in notes] == [1, 2, 3]
    assert notes[0]["seconds"] >= 0.3
    before, held, after = (note["peak_mb"] for note in notes)
    assert held - before >= 190 and after == pytest.approx(held, abs=5)


def test_no_output_of_the_first_cell_is_lost_to_a_client_that_listens_too_late(forking_kernels, tmp_path):
    for _ in range(5):
        page = executed(tmp_path, "print('first'); 'second'")
        assert [o.get("text") or o.data["text/plain"] for o in page.cells[1].outputs] == ["first\n", "'second'"]


def test_a_kernel_that_dies_before_it_answers_is_a_dead_kernel(forking_kernels):
    manager = engine.PageKernelManager()

    async def start() -> None:
        await manager.start_kernel(extra_arguments=["--IPKernelApp.kernel_class=there.is.none"], stderr=nowhere)
        client = manager.client()
        client.start_channels()
        try:
            await client.wait_for_ready(60)
        finally:
            client.stop_channels()
            await manager.shutdown_kernel(now=True)

    with open(os.devnull, "w") as nowhere, pytest.raises(DeadKernelError):
        asyncio.run(start())


def test_a_kernel_that_stays_silent_is_given_up(forking_kernels):
    manager = engine.PageKernelManager()

    async def start() -> None:
        await manager.start_kernel()
        os.kill(manager.provisioner.pid, 19)  # SIGSTOP
        client = manager.client()
        client.start_channels()
        try:
            await client.wait_for_ready(1)
        finally:
            client.stop_channels()
            await manager.shutdown_kernel(now=True)

    with pytest.raises(DeadKernelError):
        asyncio.run(start())
    assert not manager.has_kernel


@pytest.mark.parametrize(("last", "error"), [
    ("import time; time.sleep(600)", CellTimeoutError), ("import os; os.kill(os.getpid(), 9)", DeadKernelError)])
def test_with_a_kernel_that_is_gone_go_the_cell_and_the_page_as_far_as_it_came(forking_kernels, tmp_path, last, error):
    with pytest.raises(error) as found:
        executed(tmp_path, "1 + 1", last, "never = 1", timeout=3)
    assert found.value.cell == (2, last)
    assert found.value.notebook.cells[1].outputs[0].data["text/plain"] == "2"
    assert found.value.notebook.cells[3].execution_count is None


def test_without_a_limit_a_page_may_take_its_time(forking_kernels, tmp_path):
    page = executed(tmp_path, "import time; time.sleep(1.5); 'done'")
    assert page.cells[1].outputs[0].data["text/plain"] == "'done'"


@pytest.mark.skipif(not kernels.can_fork(), reason="there is one provisioner only")
@pytest.mark.parametrize("way", ["forking", "local-provisioner"])
def test_kernels_start_as_the_variable_says_now_whatever_it_said_before(forking_kernels, monkeypatch, tmp_path, way):
    monkeypatch.setenv(kernels.SWITCH, {"forking": "local-provisioner"}.get(way, "forking"))
    assert KernelProvisionerFactory.instance().default_provisioner_name != way
    monkeypatch.setenv(kernels.SWITCH, way)
    page = executed(tmp_path, "import os; 'pipelines.template' in open(f'/proc/{os.getppid()}/cmdline').read()")
    assert page.cells[1].outputs[0].data["text/plain"] == str(way == "forking")

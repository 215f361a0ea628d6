"""Where kernels are not forked the stock provisioner takes over and says so once; and the tools that use either."""

import json
import os
import subprocess
import sys

import nbformat
import pytest
from live_kernels import Live, command, parent

from pipelines import forking, kernels

linux = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux")
SAID = "kernels start the ordinary, slower way: "


@pytest.fixture
def fresh(forking_kernels, monkeypatch):
    """This process has no template yet and has said nothing; what it starts is ended after the test."""
    monkeypatch.setattr(forking, "_here", {})
    monkeypatch.setattr(forking, "_lines", {})
    yield
    if own := forking._here.get("template"):
        own.close()


def lines_of(capfd) -> list[str]:
    """What was said, but for ipykernel's own warning about TCP."""
    return [line for line in capfd.readouterr().err.splitlines() if not line.startswith("[IPKernelApp] WARNING")]


def twice(**how) -> list[Live]:
    """Two kernels, one after the other, each of which answers."""
    started = [Live(**how), Live(**how)]
    assert [live.run("6 * 7") for live in started] == ["42", "42"]
    return started


def stopped(started: list[Live]) -> None:
    for live in started:
        live.stop()


# ------------------------------------------------------------------------------------------------ who takes over

def test_where_the_switch_is_set_kernels_are_stock_and_one_line_says_so(fresh, monkeypatch, capfd):
    monkeypatch.setenv(kernels.STOCK, "1")
    started = twice()
    assert [parent(live.pid) for live in started] == [os.getpid()] * 2
    assert lines_of(capfd) == [f"{SAID}{kernels.STOCK} is set"]
    stopped(started)


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_macos_and_windows_do_not_fork(fresh, monkeypatch, platform):
    monkeypatch.setattr(sys, "platform", platform)
    assert not kernels.can_fork()
    with pytest.raises(kernels.TemplateFailed, match=f"processes are not forked on {platform}"):
        forking.line()


@linux
@pytest.mark.parametrize(("library", "reason"), [
    ("raise ImportError('it is broken')", "seaborn cannot be imported: it is broken"),
    ("import os; os._exit(3)", ""),
    ("import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()",
     "the template has 2 threads")])
def test_where_the_template_does_not_start_kernels_are_stock_and_one_line_says_why(
        fresh, monkeypatch, capfd, tmp_path, library, reason):
    (tmp_path / "seaborn.py").write_text(library, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    started = twice()
    assert [parent(live.pid) for live in started] == [os.getpid()] * 2
    assert lines_of(capfd) == [f"{SAID}the template did not start{reason and ': '}{reason}"]
    stopped(started)


@linux
def test_a_kernel_that_a_fork_cannot_be_is_stock_and_one_line_says_why(fresh, monkeypatch, capfd):
    forked = twice()
    monkeypatch.setenv("PYTHONOPTIMIZE", "1")
    stock = twice()
    assert [live.forked for live in [*forked, *stock]] == [True, True, False, False]
    assert stock[0].run("import sys; sys.flags.optimize") == "1"
    assert lines_of(capfd) == [f"{SAID}PYTHONOPTIMIZE is not what it was when the template started"]
    stopped([*forked, *stock])


@linux
def test_a_pipe_for_a_kernel_s_output_makes_it_stock(fresh, capfd):
    started = Live(stdout=subprocess.PIPE)
    assert not started.forked and started.run("'well'") == "'well'"
    assert lines_of(capfd) == [f"{SAID}a fork cannot be given a pipe that does not exist yet"]
    started.manager.provisioner.process.stdout.close()
    started.stop()


@linux
def test_a_kernel_of_another_kind_is_started_by_its_own_command(fresh, monkeypatch, capfd, tmp_path):
    spec = tmp_path / "kernels" / "another"
    spec.mkdir(parents=True)
    (spec / "kernel.py").write_text("from ipykernel.kernelapp import launch_new_instance as start\nstart()", "utf-8")
    (spec / "kernel.json").write_text(json.dumps({
        "argv": [sys.executable, str(spec / "kernel.py"), "-f", "{connection_file}"], "display_name": "Another",
        "language": "another"}), "utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    from jupyter_client.manager import KernelManager

    started = [Live(KernelManager(kernel_name="another")) for _ in "12"]
    assert all("kernel.py" in command(live.pid) and parent(live.pid) == os.getpid() for live in started)
    assert started[0].run("6 * 7") == "42"
    [line] = lines_of(capfd)
    assert line.startswith(f"{SAID}'{sys.executable} {spec}") and line.endswith("is not this Python's ipykernel")
    stopped(started)


@linux
def test_the_run_says_one_line_where_its_template_fails_and_makes_its_pages(fresh, monkeypatch, capfd, tmp_path):
    from pipelines.executors import Local
    from pipelines.pages import Order

    (tmp_path / "seaborn.py").write_text("raise ImportError('it is broken')", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    nbformat.write(notebook("import os; os.environ['OPENBLAS_NUM_THREADS']"), tmp_path / "page.ipynb")
    orders = [Order(tmp_path / "page.ipynb", tmp_path / n / "page.ipynb", {}, tmp_path) for n in ("one", "two")]
    before = dict(os.environ)
    with Local(2) as executor:
        found = [str(result) for _, result in executor.run(orders, {"all": None})]
    assert all('it never opened Page("page", …)' in words for words in found)  # it ran to its end
    kept = [nbformat.read(order.failed, as_version=4).cells[0].outputs[0].data["text/plain"] for order in orders]
    assert kept == ["'1'", "'1'"]
    assert lines_of(capfd) == [f"{SAID}the template did not start: seaborn cannot be imported: it is broken"]
    assert dict(os.environ) == before


# ------------------------------------------------------------------------------------------------ the tools

FORKED = "import os; 'pipelines.template' in open(f'/proc/{os.getppid()}/cmdline').read()"


def notebook(*sources: str, stored: str = "") -> nbformat.NotebookNode:
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    cells = [new_code_cell(source) for source in sources]
    if stored:
        cells[-1].outputs = [new_output("execute_result", {"text/plain": stored}, execution_count=1)]
        cells[-1].execution_count = 1
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


@pytest.fixture(scope="module")
def shared():
    """A template for all tools, so that each test starts its tool only."""
    one = forking.Template()
    yield one
    one.close()


@linux
@pytest.mark.parametrize("tool", ["papermill", "papermill's API", "nbclient", "nbconvert", "nbval"])
def test_the_tool_forks_its_kernels(shared, tmp_path, tool):
    page, out = tmp_path / "page.ipynb", tmp_path / "out.ipynb"
    nbformat.write(notebook(FORKED, stored="True"), page)
    words = {
        "papermill": ["-m", "papermill", str(page), str(out), "--no-progress-bar"],
        "papermill's API": ["-c", f"import papermill; papermill.execute_notebook({str(page)!r}, {str(out)!r})"],
        "nbclient": ["-c", "import nbformat; from nbclient import NotebookClient\n"
                           f"page = nbformat.read({str(page)!r}, 4); NotebookClient(page).execute()\n"
                           f"nbformat.write(page, {str(out)!r})"],
        "nbconvert": ["-m", "nbconvert", "--execute", "--to", "notebook", "--output", str(out), str(page)],
        "nbval": ["-m", "pytest", "-q", "--nbval", str(page), "-p", "no:cacheprovider", "--rootdir", str(tmp_path)],
    }[tool]
    environment = os.environ | {kernels.SWITCH: kernels.NAME, kernels.ADDRESS: shared.address}
    done = subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert SAID not in done.stderr
    if tool == "nbval":  # it compares with what is stored, and stored is True
        assert "1 passed" in done.stdout
    else:
        assert nbformat.read(out, as_version=4).cells[0].outputs[0].data["text/plain"] == "True"


@linux
def test_nbval_would_have_noticed_a_kernel_that_was_not_forked(tmp_path):
    nbformat.write(notebook(FORKED, stored="True"), tmp_path / "page.ipynb")
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "--nbval", "page.ipynb", "-p", "no:cacheprovider"],
                          env={k: v for k, v in os.environ.items() if k != kernels.SWITCH}, cwd=tmp_path,
                          capture_output=True, text=True)
    assert done.returncode == 1 and "1 failed" in done.stdout

"""The template process: one thread or no fork; it and its kernels end with their owner, whatever way that ends."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from live_kernels import Live, command, descendants, parent, runs, status, there, threads, wait_until

from pipelines import forking, kernels, template

pytestmark = pytest.mark.skipif(not kernels.can_fork(), reason="kernels are forked on Linux")
HERE = str(Path(__file__).parent)

# An owner, as a process of its own: it says its template's, its kernel's and a helper's numbers, then waits.
OWNER = f"""
import multiprocessing, os, sys, time
sys.path.insert(0, {HERE!r})
from live_kernels import Live, parent
live = Live()
live.run("import subprocess; child = subprocess.Popen(['sleep', '600'])")
helper = multiprocessing.get_context("fork").Process(target=time.sleep, args=(600,))
helper.start()  # holds copies of all that its parent had open
print(parent(live.pid), live.pid, live.run("child.pid"), helper.pid, live.manager.ip, flush=True)
time.sleep(600)
"""
# A run of the runner, on two pages that do not end.
RUN = """
import sys
from pathlib import Path
from pipelines.executors import Local
from pipelines.pages import Order
root = Path(sys.argv[1])
orders = [Order(root / f"{n}.ipynb", root / "pages" / f"{n}.ipynb", {}, root) for n in "12"]
with Local(2) as executor:
    list(executor.run(orders, {"all": None}))
"""
ENDLESS = """{{"cells": [{{"cell_type": "code", "id": "a", "metadata": {{}}, "execution_count": null, "outputs": [],
"source": "import os, time; from pathlib import Path; Path('{0}.now').write_text(str(os.getpid()));
Path('{0}.now').rename('{0}.runs'); time.sleep(600)"}}],
"metadata": {{"kernelspec": {{"name": "python3", "display_name": "", "language": "python"}}}},
"nbformat": 4, "nbformat_minor": 5}}""".replace("\nPath", " Path")


@pytest.fixture
def owner(forking_kernels):
    """Starts owners: the process and what it says of itself. They are killed after the test."""
    started = []

    def one(**variables: str) -> tuple[subprocess.Popen, list[int], Path]:
        process = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True,
                                   start_new_session=True, env=os.environ | variables)
        started.append(process)
        *pids, place = process.stdout.readline().split()
        return process, [int(pid) for pid in pids], Path(place).parent

    yield one
    for process in started:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


@pytest.fixture(scope="module")
def warm():
    """A template that is ready."""
    one = forking.Template()
    one.wait_until_ready()
    yield one
    one.close()


def fork_request(**more) -> dict:
    return {"argv": ["-f", "none"], "env": forking.environment(os.environ), "cwd": "/", **more}


# ------------------------------------------------------------------------------------------------ whose it is

@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_template_and_kernels_end_with_their_owner_though_a_fork_of_it_lives_on(owner, how):
    process, (warm, kernel, child, helper), folder = owner()
    assert folder.exists() and all(map(runs, (warm, kernel, child, helper)))
    process.send_signal(how)
    process.wait()
    wait_until(lambda: not any(map(runs, (warm, kernel, child))))
    wait_until(lambda: not folder.parent.exists())
    assert runs(helper)


def test_the_workers_of_a_run_that_was_killed_end_with_their_kernels(tmp_path, forking_kernels):
    for number in "12":
        (tmp_path / f"{number}.ipynb").write_text(ENDLESS.format(number), "utf-8")
    run = subprocess.Popen([sys.executable, "-c", RUN, str(tmp_path)], start_new_session=True)
    signs = [tmp_path / f"{number}.runs" for number in "12"]
    wait_until(lambda: all(sign.exists() for sign in signs), 60)
    of_run = descendants(run.pid)
    workers = {pid for pid in of_run if parent(pid) == run.pid and command(pid) == command(run.pid)}
    assert len(workers) == 2  # forks of the run: had its libraries started threads, they would be other processes
    assert {int(sign.read_text()) for sign in signs} < of_run - workers
    run.kill()
    run.wait()
    wait_until(lambda: not any(map(runs, of_run)))


def test_kernels_end_when_the_template_is_killed(owner):
    _, (warm, kernel, _, _), _ = owner()
    os.kill(warm, signal.SIGKILL)
    wait_until(lambda: not runs(kernel))
    assert not runs(kernel)


def test_a_kernel_ends_with_the_process_that_asked_for_it_and_the_template_does_not(owner, warm):
    process, (template_pid, kernel, child, _), _ = owner(**{kernels.ADDRESS: warm.address})
    assert template_pid == warm.pid
    process.kill()
    wait_until(lambda: not there(kernel))
    wait_until(lambda: not runs(child))
    assert forking.Line(warm.address).ask() and warm.alive


def test_keys_pressed_at_the_owner_s_terminal_are_not_for_the_template(warm):
    assert status(warm.pid)[2:4] == [str(warm.pid)] * 2
    os.kill(warm.pid, signal.SIGINT)
    assert forking.Line(warm.address).ask() and warm.alive


def test_closing_ends_the_template_at_once_also_while_it_imports(tmp_path, monkeypatch):
    (tmp_path / "seaborn.py").write_text("import time; time.sleep(600)", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    slow = forking.Template()
    slow.close()
    assert not there(slow.pid) and not slow.folder.exists()


def test_a_process_that_ends_leaves_nothing_in_the_temporary_folder(forking_kernels):
    ends = f"import sys; sys.path.insert(0, {HERE!r}); from live_kernels import Live; print(Live().forked)"
    with tempfile.TemporaryDirectory(prefix="x") as folder:
        done = subprocess.run([sys.executable, "-c", ends], env=os.environ | {"TMPDIR": folder}, capture_output=True,
                              text=True)
        assert (done.stdout, done.stderr) == ("True\n", "")
        assert os.listdir(folder) == []


# ------------------------------------------------------------------------------------------------ one that has gone

def test_after_a_template_was_killed_a_kernel_restarts_from_another_where_its_client_looks_for_it(
        forking_kernels, monkeypatch):
    monkeypatch.setattr(forking, "_here", {})
    monkeypatch.setattr(forking, "_lines", {})
    live = Live()
    before, place = parent(live.pid), live.manager.get_connection_info()
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: not live.manager.is_alive())
    live.manager.restart_kernel(now=True)
    live.client.wait_for_ready(60)
    assert live.forked and parent(live.pid) != before and not there(before)
    assert live.manager.get_connection_info() == place
    live.stop()
    folder = forking._here["template"].folder
    forking._here["template"].close()
    assert not folder.exists()


def test_a_stale_address_leads_to_a_template_of_one_s_own(forking_kernels, monkeypatch, tmp_path, capfd):
    gone = socket.socket(socket.AF_UNIX)
    gone.bind(str(tmp_path / "t"))
    gone.close()
    for address in (tmp_path / "t", tmp_path / "never"):
        monkeypatch.setenv(kernels.ADDRESS, str(address))
        live = Live()
        assert live.forked
        live.stop()
    assert capfd.readouterr().err == ""


def test_a_shared_address_can_be_used_before_the_template_is_ready(forking_kernels, monkeypatch):
    early = forking.Template()
    monkeypatch.setenv(kernels.ADDRESS, early.address)
    live = Live()
    assert parent(live.pid) == early.pid
    live.stop()
    early.close()


def test_where_temporary_folders_have_long_names_sockets_are_elsewhere(monkeypatch, tmp_path):
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    folder = forking._short_folder()
    assert len(f"{folder}/k-12345678/k-5-pipe") <= forking.LONGEST and long not in folder.parents
    folder.rmdir()


# ------------------------------------------------------------------------------------------------ one thread

CROWD = "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()\n"


def test_a_template_whose_libraries_start_a_thread_does_not_start(tmp_path, monkeypatch):
    (tmp_path / "seaborn.py").write_text(CROWD, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    one = forking.Template()
    with pytest.raises(kernels.TemplateFailed, match="^the template did not start: the template has 2 threads$"):
        one.wait_until_ready()
    one.close()


def test_a_template_with_a_second_thread_refuses_to_fork(tmp_path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "t"))
    listener.listen()
    crowded = subprocess.Popen(
        [sys.executable, "-c", f"{CROWD}import socket; from pipelines import template\n"
                               f"template.serve(socket.socket(fileno={listener.fileno()}))"],
        stdin=subprocess.PIPE, pass_fds=[listener.fileno()], env=forking.environment(os.environ))
    line = forking.Line(str(tmp_path / "t"))
    assert threads(crowded.pid) == 2
    with pytest.raises(kernels.TemplateFailed, match="^the template has 2 threads$"):
        line.ask([1, 2], fork=fork_request())
    assert not descendants(crowded.pid)
    crowded.stdin.close()
    crowded.wait()


def test_threads_are_counted_by_what_the_system_says_of_this_process():
    before, done = template.threads(), threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    assert template.threads() == before + 1
    done.set()
    other.join()


# ------------------------------------------------------------------------------------------------ what it is asked

def test_it_refuses_what_a_fork_would_have_otherwise_than_a_new_process(warm, tmp_path):
    line = forking.Line(warm.address)
    environment = forking.environment(os.environ)
    with pytest.raises(kernels.TemplateFailed, match="PYTHONWARNINGS is not what it was when the template started"):
        line.ask([1, 2], fork=fork_request(env=environment | {"PYTHONWARNINGS": "error"}))
    (tmp_path / "matplotlibrc").write_text("font.size: 30", "utf-8")
    with pytest.raises(kernels.TemplateFailed, match="matplotlibrc has settings of its own"):
        line.ask([1, 2], fork=fork_request(cwd=str(tmp_path)))


@pytest.mark.parametrize("said", [b"nonsense\n", b"[]\n", b'{"fork": {}}\n', b'{"signal": 9, "kernel": {}}\n'])
def test_what_it_does_not_understand_ends_the_conversation_and_not_the_template(warm, said):
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(warm.address)
        stranger.sendall(said)
        stranger.settimeout(30)
        assert stranger.recv(10) == b""
    assert forking.Line(warm.address).ask() == {"code": -signal.SIGKILL} and warm.alive


def test_a_kernel_belongs_to_the_connection_that_asked_for_it(warm):
    one, two = forking.Line(warm.address), forking.Line(warm.address)
    made = one.ask([1, 2], fork=fork_request(argv=["-f", "/nowhere/at/all", "--IPKernelApp.log_level=50"]))
    assert two.ask(poll=made["kernel"]) == {"code": -signal.SIGKILL}
    two.ask(signal=signal.SIGKILL, kernel=made["kernel"])
    assert "pipelines.template" in command(made["pid"])
    one.close()
    wait_until(lambda: not there(made["pid"]))


def test_a_request_of_many_parts_arrives_whole(warm):
    line = forking.Line(warm.address)
    big = {f"NAME_{n}": "x" * 1000 for n in range(300)}
    with pytest.raises(kernels.TemplateFailed, match="LANG_TEST is not what it was"):
        line.ask([1, 2], fork=fork_request(env=forking.environment(os.environ) | big | {"LANG_TEST": "x"}))


def test_a_template_that_says_nothing_is_given_up(warm, monkeypatch):
    monkeypatch.setattr(forking, "PATIENCE", 0.2)
    line = forking.Line(warm.address)
    os.kill(warm.pid, signal.SIGSTOP)
    with pytest.raises(forking.TemplateGone):
        line.ask()
    assert line.gone
    os.kill(warm.pid, signal.SIGCONT)

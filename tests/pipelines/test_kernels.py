"""Forked kernels: what one is, what it is given, and that it can be interrupted, killed, restarted and left."""

import asyncio
import json
import os
import shutil
import signal
import stat
import sys
import threading
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from live_kernels import Live, command, descriptors, internet_sockets, parent, runs, status, there, threads, wait_until

from pipelines import forking, kernels

pytestmark = pytest.mark.skipif(not kernels.can_fork(), reason="kernels are forked on Linux")


@pytest.fixture
def start(forking_kernels):
    """Starts kernels that are stopped after the test."""
    started = []

    def one(manager=None, **how) -> Live:
        started.append(Live(manager, **how))
        return started[-1]

    yield one
    for live in started:
        live.stop()


# ------------------------------------------------------------------------------------------------ what it is

def test_the_entry_point_is_installed():
    [found] = entry_points(group="jupyter_client.kernel_provisioners", name=kernels.NAME)
    assert found.load() is kernels.ForkingProvisioner


def test_a_kernel_is_a_fork_of_the_template_with_a_group_and_session_of_its_own(start):
    one, two = start(), start()
    assert one.forked and parent(one.pid) == parent(two.pid)
    assert [int(field) for field in status(one.pid)[2:4]] == [one.pid, one.pid]
    assert one.run("1 + 1") == two.run("1 + 1") == "2"


def test_the_template_has_one_thread_and_runs_no_cell(start):
    live = start()
    live.run("import threading; [threading.Thread(target=threading.Event().wait, daemon=True).start() for _ in '12']")
    assert threads(parent(live.pid)) == 1 < threads(live.pid)
    assert start().run("'x' in dir(), len([n for n in dir() if n == 'threading'])") == "(False, 0)"


def test_no_port_is_opened_also_where_a_cell_forks_and_its_child_prints(start):
    live = start()
    assert live.run("import multiprocessing\n"
                    "child = multiprocessing.get_context('fork').Process(target=print, args=('from a child',))\n"
                    "child.start(); child.join()") == "from a child"
    assert internet_sockets(live.pid) == []
    assert live.manager.transport == "ipc"


def test_the_look_for_ports_would_see_one(start):
    live = start()
    live.run("import socket; listener = socket.create_server(('127.0.0.1', 0))")
    assert len(internet_sockets(live.pid)) == 1


def test_sockets_are_in_a_folder_for_this_user_only_with_short_paths_and_go_with_the_kernel(start):
    live = start()
    folder = Path(live.manager.ip).parent
    assert [f.stat().st_mode & 0o777 for f in (folder, folder.parent)] == [0o700, 0o700]
    files = sorted(folder.iterdir())
    assert len(files) == 7 and max(len(os.fsencode(file)) for file in files) <= forking.LONGEST
    assert stat.S_IMODE(Path(live.manager.connection_file).stat().st_mode) == 0o600
    assert Path(live.manager.connection_file).parent == folder
    live.stop()
    assert not folder.exists() and folder.parent.exists()


def test_a_kernel_starts_though_something_has_tidied_the_temporary_folder_away(start):
    one = start()
    shutil.rmtree(Path(one.manager.ip).parents[1])
    assert start().run("'here'") == "'here'"
    one.manager.restart_kernel(now=True)
    assert one.manager.is_alive() and Path(one.manager.connection_file).exists()


def test_each_kernel_has_a_key_of_its_own_and_believes_no_other(start):
    one, two = start(), start()
    keys = [json.loads(Path(live.manager.connection_file).read_text("utf-8"))["key"] for live in (one, two)]
    assert len(set(keys)) == 2 and min(map(len, keys)) >= 32
    one.client.session.key = two.client.session.key
    one.client.kernel_info()
    assert not one.client.shell_channel.msg_ready() and two.run("'still here'") == "'still here'"
    with pytest.raises(TimeoutError):
        one.client.execute_interactive("1", timeout=1)


def test_without_a_page_no_two_kernels_share_their_random_numbers(start):
    draw = "import random, numpy; (random.random(), float(numpy.random.random()))"
    first, second = (eval(start().run(draw)) for _ in "12")
    assert first[0] != second[0] and first[1] != second[1]


# ------------------------------------------------------------------------------------------------ what it is given

def test_the_environment_is_the_one_of_now_and_not_the_one_that_the_template_started_with(start, monkeypatch):
    monkeypatch.setenv("BEFORE", "1")
    start()
    monkeypatch.setattr(forking, "_here", {})
    monkeypatch.setattr(forking, "_lines", {})
    first = start()
    assert b"BEFORE=1" in Path(f"/proc/{parent(first.pid)}/environ").read_bytes()
    monkeypatch.delenv("BEFORE")
    monkeypatch.setenv("AFTER", "2")
    monkeypatch.setenv(kernels.ADDRESS, forking._here["template"].address)
    live = start()
    assert parent(live.pid) == parent(first.pid)
    assert live.run(f"import os; [os.environ.get(n) for n in ('BEFORE', 'AFTER', {kernels.ADDRESS!r})]") == (
        "[None, '2', None]")
    forking._here["template"].close()


def test_it_holds_none_of_the_template_s_descriptors(start, tmp_path):
    with open(tmp_path / "errors", "w") as errors:
        live = start(stderr=errors)
    mine, its = descriptors(parent(live.pid)), descriptors(live.pid)
    shared = {link for number, link in mine.items() if number > 2 and link.startswith(("socket", "pipe"))}
    assert shared and not shared & set(its.values())
    assert its[0] == os.devnull
    assert str(tmp_path / "errors") in its.values()


def test_another_folder_is_where_it_starts_and_imports_from(start, tmp_path):
    (tmp_path / "beside_the_notebook.py").write_text("found = 1", "utf-8")
    live = start(cwd=str(tmp_path))
    assert live.run("import os, beside_the_notebook; os.getcwd()") == repr(str(tmp_path))


def test_a_figure_is_shown_though_pyplot_was_imported_before_the_fork(start):
    live = start()
    asked = live.client.execute("import matplotlib.pyplot as plt; _ = plt.plot([1, 2])")
    shown = []
    while (message := live.client.get_iopub_msg(timeout=60))["content"].get("execution_state") != "idle":
        if message["parent_header"].get("msg_id") == asked:
            shown += message["content"].get("data", {})
    assert "image/png" in shown


PROBE = """
import json, locale, os, signal, sys, warnings, time, matplotlib, scipy.stats, seaborn
unlike = ("JPY_PARENT_PID", "JPY_SESSION_NAME")
print(json.dumps({
    "environment": {k: v for k, v in os.environ.items() if k not in unlike}, "path": sys.path, "folder": os.getcwd(),
    "signals": [str(signal.getsignal(n)) for n in (signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE, signal.SIGHUP)],
    "blocked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])), "input": os.readlink("/proc/self/fd/0"),
    "locale": locale.setlocale(locale.LC_ALL), "encoding": [sys.stdout.encoding, sys.getfilesystemencoding()],
    "warnings": sorted({str(f) for f in warnings.filters}), "hash": hash("hash"), "zone": time.tzname,
    "backend": matplotlib.get_backend(), "flags": str(sys.flags), "main": __name__, "umask": os.umask(0o22)}))
"""


def test_a_cell_sees_what_it_would_see_in_a_stock_kernel(start, monkeypatch, capsys):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    forked = start()
    monkeypatch.setenv(kernels.STOCK, "1")
    stock = start()
    monkeypatch.delenv(kernels.STOCK)
    assert (forked.forked, stock.forked) == (True, False)
    one, two = (json.loads(live.run(PROBE)) for live in (forked, stock))
    assert two["environment"].pop(kernels.STOCK) == "1"
    assert two.pop("input").startswith("pipe:") and one.pop("input") == os.devnull  # both are at their end
    assert one == two


# ------------------------------------------------------------------------------------------------ how it ends

def test_an_interrupt_stops_the_cell_and_not_the_kernel(start, tmp_path):
    live = start()
    asked = live.is_at("import time; time.sleep(600)", tmp_path / "sleeping")
    live.manager.interrupt_kernel()
    while (reply := live.client.get_shell_msg(timeout=60))["parent_header"].get("msg_id") != asked:
        pass
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert live.run("6 * 7") == "42"


def test_a_killed_kernel_takes_along_what_it_started_and_leaves_no_zombie(start, tmp_path):
    live = start()
    child = int(live.run("import subprocess; subprocess.Popen(['sleep', '600']).pid"))
    pid = live.pid
    assert there(child) and live.manager.is_alive()
    live.manager.shutdown_kernel(now=True)
    assert not there(pid)
    wait_until(lambda: not runs(child))
    assert not live.manager.is_alive()


def test_a_kernel_that_dies_leaves_no_zombie_though_nobody_asks_after_it(start):
    live = start()
    child = int(live.run("import subprocess; subprocess.Popen(['sleep', '600']).pid"))
    live.client.execute("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    wait_until(lambda: not there(live.pid))
    wait_until(lambda: not runs(child))
    assert asyncio.run(live.manager.provisioner.poll()) == -signal.SIGSEGV
    assert not live.manager.is_alive()


def test_a_signal_to_a_kernel_that_has_ended_reaches_nobody(start):
    live = start()
    os.kill(live.pid, signal.SIGKILL)
    live.manager.provisioner.process.send_signal(signal.SIGTERM)
    wait_until(lambda: not there(live.pid))
    live.manager.signal_kernel(signal.SIGTERM)
    assert not live.manager.is_alive()


def test_a_restarted_kernel_is_new_and_found_at_the_same_place_by_the_same_client(start):
    live = start()
    live.run("x = 1")
    before, place, file = live.pid, live.manager.get_connection_info(), Path(live.manager.connection_file).read_text()
    live.manager.restart_kernel(now=True)
    live.client.wait_for_ready(60)
    assert live.pid != before and not there(before) and live.forked
    assert (live.manager.get_connection_info(), Path(live.manager.connection_file).read_text()) == (place, file)
    assert live.run("'x' in dir()") == "False"


def test_a_kernel_that_is_asked_to_stop_ends_as_python_ends(start, tmp_path):
    live = start()
    live.run(f"import atexit, pathlib; kept = open({str(tmp_path / 'kept')!r}, 'w'); kept.write('in a buffer')\n"
             f"atexit.register(pathlib.Path({str(tmp_path / 'left')!r}).touch)")
    pid = live.pid
    live.manager.shutdown_kernel()
    assert not there(pid)
    assert (tmp_path / "kept").read_text() == "in a buffer" and (tmp_path / "left").exists()


def test_four_managers_in_four_threads_have_four_kernels(start):
    found, failed = {}, []

    def work(number: int) -> None:
        try:
            live = start()
            found[live.pid] = live.run(f"{number} ** 2"), live.forked
        except Exception as error:
            failed.append(error)

    workers = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    assert failed == [] and len(found) == 4
    assert sorted(found.values()) == [("0", True), ("1", True), ("4", True), ("9", True)]


def test_jupyterlab_s_manager_starts_interrupts_restarts_and_revives_kernels(forking_kernels, tmp_path, monkeypatch):
    from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

    async def answers(manager) -> bool:
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(30)
        client.stop_channels()
        return "pipelines.template" in command(parent(manager.provisioner.pid))

    async def lab() -> None:
        many = AsyncMappingKernelManager(root_dir=str(tmp_path), connection_dir=str(tmp_path))
        managers = [many.get_kernel(await many.start_kernel()) for _ in "12"]
        one, kernel = managers[0], many.list_kernel_ids()[0]
        await many.interrupt_kernel(kernel)  # before it is ready
        assert [await answers(manager) for manager in managers] == [True, True]
        first, place = one.provisioner.pid, one.get_connection_info()
        await many.restart_kernel(kernel)
        assert await answers(one)
        second = one.provisioner.pid
        assert second != first and not there(first)
        os.kill(second, signal.SIGKILL)  # what the server's own watch over its kernels is there for
        while one.provisioner.pid == second or not await one.is_alive():
            await asyncio.sleep(0.05)
        assert await answers(one)
        assert one.get_connection_info() == place
        pids, folder = [manager.provisioner.pid for manager in managers], Path(one.ip).parent
        await many.shutdown_all(now=True)
        assert not any(map(there, pids)) and not folder.exists()

    monkeypatch.chdir(tmp_path)
    asyncio.run(asyncio.wait_for(lab(), 90))


@pytest.mark.parametrize("argv", [
    ["/usr/bin/python3", "-m", "ipykernel_launcher", "-f", "file"], [sys.executable, "-O", "-m", "ipykernel_launcher"],
    [sys.executable, "-m", "bash_kernel", "-f", "file"], ["R", "--slave", "-e", "IRkernel::main()"]])
def test_a_command_that_is_not_this_python_s_ipykernel_is_not_forked(argv):
    with pytest.raises(kernels.TemplateFailed, match="is not this Python's ipykernel"):
        kernels._arguments(argv)


@pytest.mark.parametrize("argv", [
    ["python", "-m", "ipykernel_launcher", "-f", "file"], [sys.executable, "-m", "ipykernel_launcher", "-f", "file"],
    [f"{Path(sys.executable).parent}/python3", "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "file"]])
def test_this_python_s_ipykernel_is_forked_with_the_arguments_of_its_command(argv):
    assert kernels._arguments(argv) == ["-f", "file"]

"""Two runs at once: the second waits for the first, however that one ends."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from pipelines.alone import FILE, alone

HOLD = """
import sys
from pathlib import Path
from pipelines.alone import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path):
    """Another process that holds the folder until its input ends or it is killed."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "small")], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()


@pytest.mark.parametrize("end", ["its input ends", "it is killed"])
def test_a_second_run_says_once_that_it_waits_and_begins_when_the_first_has_ended(tmp_path, other, end):
    told, begun, waits = [], threading.Event(), threading.Event()

    def second():
        with alone(tmp_path / "small", lambda words: (told.append(words), waits.set())):
            begun.set()

    thread = threading.Thread(target=second)
    thread.start()
    assert waits.wait(60) and not begun.is_set()
    other.stdin.close() if end == "its input ends" else other.kill()
    assert begun.wait(60)
    thread.join()
    assert told == ["another run of small is under way; this one begins when that one has ended"]


def test_alone_nothing_is_said_and_the_folder_is_made(tmp_path):
    told = []
    with alone(tmp_path / "small", told.append):
        assert (tmp_path / "small" / FILE).is_file()
    assert told == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked here")
def test_what_a_process_that_holds_the_folder_forks_does_not_hold_it(tmp_path):
    """A template or a worker that outlives a killed run must not keep the next run waiting."""
    keep = ("import os, sys, time\nfrom pathlib import Path\nfrom pipelines.alone import alone\n"
            "with alone(Path(sys.argv[1])):\n    child = os.fork()\n    if child == 0: time.sleep(60)\n"
            "    print(child, flush=True)\n    os._exit(0)\n")
    first = subprocess.Popen([sys.executable, "-c", keep, str(tmp_path / "small")], stdout=subprocess.PIPE, text=True)
    child = int(first.stdout.readline())
    first.wait()
    try:
        told = []
        with alone(tmp_path / "small", told.append):
            assert told == []
    finally:
        os.kill(child, signal.SIGKILL)
        first.stdout.close()

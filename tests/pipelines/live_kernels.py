"""Real kernels for tests: started, spoken to and looked at from outside, by what /proc says of their processes."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from jupyter_client.manager import KernelManager

STATED = ("text", "evalue")


class Live:
    """A kernel and a client of it."""

    def __init__(self, manager: KernelManager | None = None, **how):
        self.manager = manager or KernelManager()
        self.manager.start_kernel(**how)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(60)

    @property
    def pid(self) -> int:
        return self.manager.provisioner.pid

    @property
    def forked(self) -> bool:
        return "pipelines.template" in command(parent(self.pid))

    def run(self, source: str) -> str:
        """What the cell printed, returned or raised, as text."""
        said: list[str] = []

        def hear(message: dict) -> None:
            content = message["content"]
            said.append(content.get("text") or content.get("data", {}).get("text/plain") or content.get("evalue") or "")

        self.client.execute_interactive(source, output_hook=hear, timeout=60)
        return "".join(said).strip()

    def is_at(self, source: str, sign: Path) -> str:
        """Has the kernel run a cell that does not end; returns once it has made the file that says so."""
        asked = self.client.execute(f"open({str(sign)!r}, 'w').close()\n{source}")
        wait_until(sign.exists)
        return asked

    def stop(self) -> None:
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)


def wait_until(true: Callable[[], object], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.01)


def there(pid: int) -> bool:
    """Whether the process exists, be it as a zombie."""
    return Path(f"/proc/{pid}").exists()


def runs(pid: int) -> bool:
    """Whether the process exists and is no zombie: one whose parent was killed is reaped by whoever is process 1."""
    try:
        return status(pid)[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # the second where it ends while it is looked at
        return False


def descendants(pid: int) -> set[int]:
    """The processes that this one started, and those started by them, as far as they run."""
    parents = {}
    for process in map(int, filter(str.isdigit, os.listdir("/proc"))):
        try:
            state, above = status(process)[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z":
            parents[process] = int(above)
    found, new = set(), {pid}
    while new := {process for process, above in parents.items() if above in new} - found:
        found |= new
    return found


def status(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat after the name: state, parent, group, session, …"""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def parent(pid: int) -> int:
    return int(status(pid)[1])


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def threads(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/task"))


def descriptors(pid: int) -> dict[int, str]:
    """The open descriptors of a process and what each leads to."""
    found = {}
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            found[int(name)] = os.readlink(f"/proc/{pid}/fd/{name}")
        except FileNotFoundError:
            continue
    return found


def internet_sockets(pid: int) -> list[str]:
    """The lines of the machine's tables of TCP and UDP sockets that are this process's."""
    ours = {link[8:-1] for link in descriptors(pid).values() if link.startswith("socket:[")}
    lines = [line for table in ("tcp", "tcp6", "udp", "udp6")
             for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]]
    return [line for line in lines if line.split()[9] in ours]

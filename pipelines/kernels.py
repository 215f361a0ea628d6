"""Forked kernels: a kernel provisioner for jupyter_client, which starts a kernel by forking a template process."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from pipelines.forked import SINGLE
from pipelines.forking import (
    ADDRESS,
    STOCK,
    ForkedProcess,
    Template,
    TemplateFailed,
    answering,
    environment,
    fork,
    line,
    say_once,
    why_not,
)

__all__ = ["ADDRESS", "NAME", "SINGLE", "STOCK", "SWITCH", "ForkingProvisioner", "Template", "TemplateFailed",
           "answering", "can_fork", "environment", "say_once", "why_not"]
NAME = "forking"  # the entry point, and what JUPYTER_DEFAULT_PROVISIONER_NAME is set to
SWITCH = "JUPYTER_DEFAULT_PROVISIONER_NAME"
PATIENCE = 5  # seconds that a kernel is given to bind its sockets, or to end, before its manager goes on as it would
FORKABLE = {"env", "cwd", "stdout", "stderr", "kernel_id", "extra_arguments"}  # of what Popen might be given


def can_fork() -> bool:
    """Whether kernels are forked on this machine."""
    return not why_not()


class ForkingProvisioner(LocalProvisioner):
    """
    Starts Python kernels by forking the template; any other kernel, and any that cannot be forked, the stock way.

    Entry point `forking` of jupyter_client.kernel_provisioners; papermill, nbclient, nbval, nbconvert and JupyterLab
    use it where JUPYTER_DEFAULT_PROVISIONER_NAME is `forking`, which only make and `python -m pipelines` set.
    """

    _forks = False
    _sockets: Path | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        kwargs["env"] = environment(kwargs.get("env") or os.environ)
        try:
            _arguments(self.kernel_spec.argv)
            home = Path((await asyncio.to_thread(line)).address).parent  # a server goes on while a template starts
            self._forks = True
        except TemplateFailed as failure:
            self._forks = False
            say_once(failure)
        if self._forks and self.parent:
            self._use_sockets(home)
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any):
        if self._forks:
            try:
                if more := {name for name, value in kwargs.items() if value} - FORKABLE:
                    raise TemplateFailed(f"a fork cannot be given {', '.join(sorted(more))}")
                folder = os.path.abspath(kwargs.get("cwd") or "")
                request = {"argv": _arguments(cmd), "env": kwargs["env"], "cwd": folder}
                output = _descriptor(kwargs.get("stdout"), sys.__stdout__)
                errors = _descriptor(kwargs.get("stderr"), sys.__stderr__)
                self.process = fork(request, (output, errors))
            except TemplateFailed as failure:
                say_once(failure)
            else:
                self.pid = self.pgid = self.process.pid
                self.cwd = folder
                await self._until_bound()
                return self.connection_info
        return await super().launch_kernel(cmd, **kwargs)

    async def send_signal(self, signum: int) -> None:
        """Through the template where the kernel was forked: by now, the number of one that ended may be another's."""
        if isinstance(self.process, ForkedProcess):
            self.process.send_signal(signum)
        else:
            await super().send_signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """As the stock one, and returns when the kernel is gone: its manager would look a tenth of a second later."""
        await super().kill(restart)
        until = time.monotonic() + PATIENCE
        while isinstance(self.process, ForkedProcess) and self.process.poll() is None and time.monotonic() < until:
            await asyncio.sleep(0.003)

    async def wait(self) -> int | None:
        """As the stock one, asking every few milliseconds instead of every hundred."""
        while isinstance(self.process, ForkedProcess) and self.process.poll() is None:
            await asyncio.sleep(0.003)
        return await super().wait()

    async def cleanup(self, restart: bool = False) -> None:
        await super().cleanup(restart)
        if self._sockets and not restart:
            shutil.rmtree(self._sockets, ignore_errors=True)

    async def _until_bound(self) -> None:
        """Returns when the kernel's sockets are there: who connects before tries again a tenth of a second later."""
        if self.parent and self._sockets:
            sockets = [Path(f"{self.parent.ip}-{port}") for port in self.parent.ports]
            until = time.monotonic() + PATIENCE
            while not all(map(Path.exists, sockets)) and time.monotonic() < until and self.process.poll() is None:
                await asyncio.sleep(0.003)

    def _use_sockets(self, home: Path) -> None:
        """No port but Unix sockets, in a folder that a restart keeps: clients go on with the paths that they know."""
        if self.parent.transport == "ipc" and not self._sockets:  # the person's own choice
            return
        if not self._sockets or not self._sockets.exists():
            home.mkdir(mode=0o700, exist_ok=True)  # something may have tidied the temporary folder
            before, self._sockets = self._sockets, Path(tempfile.mkdtemp(prefix="k-", dir=home))
            self.parent.transport, self.parent.ip = "ipc", f"{self._sockets}/k"
            if self.parent.connection_file in ("", f"{before}/k.json"):  # its key goes when the folder goes
                self.parent.connection_file = f"{self._sockets}/k.json"


def _arguments(argv: list[str]) -> list[str]:
    """What a kernel's command gives to ipykernel; TemplateFailed where it starts anything but our own ipykernel."""
    command, *words = argv
    name, here = os.path.basename(command), os.path.dirname(sys.executable)
    ours = name in ("python", "python3", f"python3.{sys.version_info[1]}") and os.path.dirname(command) in ("", here)
    if words[:1] == ["-Xfrozen_modules=off"]:  # for the debugger; changes nothing else
        words = words[1:]
    if not ours or words[:2] != ["-m", "ipykernel_launcher"]:
        raise TemplateFailed(f"'{' '.join(argv[:3])}' is not this Python's ipykernel")
    return words[2:]


def _descriptor(wanted: Any, ours: Any) -> int:
    """The descriptor for a kernel's output: the one asked for, else this process's own."""
    if wanted is not None and isinstance(wanted, int) and wanted < 0:
        raise TemplateFailed("a fork cannot be given a pipe that does not exist yet")
    try:
        return wanted if isinstance(wanted, int) else (wanted or ours).fileno()
    except (AttributeError, OSError, ValueError):
        return _nowhere()


def _nowhere() -> int:
    global _null
    if _null < 0:
        _null = os.open(os.devnull, os.O_WRONLY)
    return _null


_null = -1

"""Forked kernels: a kernel provisioner for jupyter_client, and the template process that kernels are forked from."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from pipelines.template import SINGLE

NAME = "forking"  # the entry point, and what JUPYTER_DEFAULT_PROVISIONER_NAME is set to
ADDRESS = "SERVICE_EVALUATION_TEMPLATE"  # the socket of a template that another process of the run has started
SWITCH = "JUPYTER_DEFAULT_PROVISIONER_NAME"
STOCK = "SERVICE_EVALUATION_STOCK_KERNELS"  # set to any value: no forking


class TemplateFailed(Exception):
    """The template cannot fork; the stock provisioner takes over."""


class Template:
    """A template process and the folder of its sockets. It ends when this object's process ends, whatever way."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="se-"))  # 0700, and short: a socket's path holds 107 characters
        self.address = str(self.folder / "t")
        environment = {**os.environ, **SINGLE}
        environment.pop(ADDRESS, None)
        self._process = subprocess.Popen([sys.executable, "-m", "pipelines.template", self.address],
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self._ready = False
        atexit.register(self.close)

    def wait_until_ready(self) -> None:
        """Returns when the template has imported its libraries; TemplateFailed where it could not."""
        if not self._ready:
            if self._process.stdout.readline() != b"ready\n":
                raise TemplateFailed("the template did not start")
            self._ready = True

    @property
    def pid(self) -> int:
        return self._process.pid

    def close(self) -> None:
        """Ends the template and its kernels."""
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        atexit.unregister(self.close)


class Line:
    """A connection to a template: one question, one answer."""

    def __init__(self, address: str):
        self.address = address
        self._lock = threading.Lock()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.connect(address)
        except OSError as error:
            raise TemplateFailed(f"the template does not answer: {error}") from None
        self._file = self._socket.makefile("rb")

    def ask(self, **request: Any) -> dict:
        """The template's answer; TemplateFailed where it is gone or refuses."""
        with self._lock:
            try:
                self._socket.sendall(json.dumps(request).encode() + b"\n")
                said = self._file.readline()
            except OSError as error:
                raise TemplateFailed(f"the template is gone: {error}") from None
        if not said:
            raise TemplateFailed("the template is gone")
        answer = json.loads(said)
        if "refused" in answer:
            raise TemplateFailed(answer["refused"])
        return answer


class ForkedProcess:
    """A forked kernel with what LocalProvisioner asks of a subprocess.Popen."""

    stdin = stdout = stderr = None

    def __init__(self, line: Line, pid: int):
        self._line, self.pid, self.returncode = line, pid, None

    def poll(self) -> int | None:
        """The exit code, or None while it runs. A kernel does not outlive its template."""
        if self.returncode is None:
            try:
                self.returncode = self._line.ask(poll=self.pid)["code"]
            except TemplateFailed:
                self.returncode = -signal.SIGKILL
        return self.returncode

    def wait(self) -> int:
        """The exit code of a kernel that has ended."""
        return self.poll()

    def send_signal(self, number: int) -> None:
        """The signal to the kernel and what it started."""
        if self.poll() is None:
            os.killpg(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


_here: dict[str, Any] = {}  # this process's own template and line, made when first asked for


def can_fork() -> bool:
    """Whether kernels are forked: on Linux, unless SERVICE_EVALUATION_STOCK_KERNELS is set. macOS forks unsafely."""
    return sys.platform == "linux" and not os.environ.get(STOCK)


def line() -> Line:
    """This process's connection to the run's template, or to one that it starts for itself."""
    if not can_fork():
        raise TemplateFailed("kernels are not forked here")
    if _here.get("pid") != os.getpid():
        _here.clear()
        _here["pid"] = os.getpid()
    address = os.environ.get(ADDRESS)
    if "line" not in _here or (address and address != _here["line"].address):  # a worker of a cluster serves many runs
        if not address:
            _here["template"] = Template()
            _here["template"].wait_until_ready()
            address = _here["template"].address
        _here["line"] = Line(address)
    return _here["line"]


class ForkingProvisioner(LocalProvisioner):
    """
    Starts Python kernels by forking the template; any other kernel, and any that cannot be forked, the stock way.

    Entry point `forking` of jupyter_client.kernel_provisioners; papermill, nbclient, nbval, nbconvert and JupyterLab
    use it where JUPYTER_DEFAULT_PROVISIONER_NAME is `forking`, which only make and `python -m pipelines` set.
    """

    _line: Line | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("env", os.environ.copy())
        kwargs["env"] |= SINGLE
        try:
            self._line = line() if "ipykernel_launcher" in self.kernel_spec.argv else None
        except TemplateFailed as failure:
            self._line = None
            say_once(failure)
        if self._line and self.parent and not self.parent.has_kernel and self.parent.transport != "ipc":
            folder = tempfile.mkdtemp(prefix="k-", dir=Path(self._line.address).parent)
            self.parent.transport, self.parent.ip = "ipc", f"{folder}/k"
            self._sockets = folder
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any):
        if self._line is None:
            return await super().launch_kernel(cmd, **kwargs)
        request = {"argv": cmd[cmd.index("ipykernel_launcher") + 1:], "env": kwargs["env"],
                   "cwd": str(kwargs.get("cwd") or Path.cwd())}
        try:
            self.pid = self._line.ask(fork=request)["pid"]
        except TemplateFailed as failure:
            say_once(failure)
            self._line = None
            return await super().launch_kernel(cmd, **kwargs)
        self.process, self.pgid, self.cwd = ForkedProcess(self._line, self.pid), self.pid, request["cwd"]
        return self.connection_info

    async def wait(self) -> int | None:
        """As the stock one, asking every few milliseconds instead of every hundred."""
        while isinstance(self.process, ForkedProcess) and self.process.poll() is None:
            await asyncio.sleep(0.003)
        return await super().wait()

    async def cleanup(self, restart: bool = False) -> None:
        await super().cleanup(restart)
        if not restart and getattr(self, "_sockets", None):
            shutil.rmtree(self._sockets, ignore_errors=True)


def say_once(failure: TemplateFailed) -> None:
    """One line, the first time: pages will take longer, and be the same."""
    if not _here.get("said"):
        _here["said"] = True
        print(f"kernels start the ordinary, slower way: {failure}", file=sys.stderr)

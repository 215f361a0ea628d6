"""The papermill engine of the runner: a client that does not wait longer than it must, and times each cell."""

from __future__ import annotations

import os
import time
from pathlib import Path
from queue import Empty

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from traitlets import Type

NAME = "service-evaluation"


class PageKernelClient(AsyncKernelClient):
    """A client that is ready as soon as the kernel has said that it is idle, where the stock one waits a fixed time."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Returns when the kernel answered and its output arrives here. DeadKernelError where it dies or is silent."""
        until = time.monotonic() + (timeout or 60)
        while True:
            asked = self.kernel_info()
            try:
                reply = await self.shell_channel.get_msg(timeout=1)
                while reply["parent_header"].get("msg_id") != asked:
                    reply = await self.shell_channel.get_msg(timeout=1)
                self._handle_kernel_info_reply(reply)
                while True:  # its output channel may connect later than its answer: then it is asked again
                    message = await self.iopub_channel.get_msg(timeout=0.05)
                    if (message["parent_header"].get("msg_id") == asked
                            and message["content"].get("execution_state") == "idle"):
                        return
            except Empty:
                pass
            if not await self._async_is_alive():
                raise DeadKernelError("Kernel died before replying to kernel_info")
            if time.monotonic() > until:
                raise DeadKernelError(f"Kernel didn't respond in {timeout or 60} seconds")


class PageKernelManager(AsyncKernelManager):
    """Its clients are PageKernelClients."""

    client_factory = Type(PageKernelClient)


class PageClient(PapermillNotebookClient):
    """
    Runs a page's cells; notes seconds and peak memory of each code cell in the notebook's papermill metadata.

    `timeout` is for all cells together. What goes with the error where a cell outlives it, or the kernel
    dies, is `cell`, its number and source, and `notebook`, as far as it came: papermill does not keep that one.
    """

    _until: float | None = None

    def __init__(self, nb_man, **more):
        super().__init__(nb_man, timeout_func=self._left, **more)

    def _left(self, cell) -> float | None:
        """Seconds that the page still has; the first cell starts the clock."""
        if not self.timeout:
            return None
        if self._until is None:
            self._until = time.monotonic() + self.timeout
        return max(self._until - time.monotonic(), 0.01)  # nought would mean for ever

    async def async_execute_cell(self, cell, cell_index, **more):
        began = time.monotonic()
        try:
            return await super().async_execute_cell(cell, cell_index, **more)
        except (CellTimeoutError, DeadKernelError) as error:
            error.cell, error.notebook = (cell_index, cell.source), self.nb
            raise
        finally:
            if cell.cell_type == "code":
                self.nb.metadata.papermill.setdefault("cells", []).append({
                    "cell": cell_index, "seconds": round(time.monotonic() - began, 3), "peak_mb": self._peak_memory()})

    execute_cell = run_sync(async_execute_cell)

    def _peak_memory(self) -> float | None:
        """The most memory that the kernel has held so far, in MB; None where the system does not say."""
        pid = getattr(self.km.provisioner, "pid", None) if self.km and self.km.provisioner else None
        status = Path(f"/proc/{pid}/status")
        if not pid or not status.exists():
            return None
        line = next((line for line in status.read_text().splitlines() if line.startswith("VmHWM")), "")
        return round(int(line.split()[1]) / 1024, 1) if line else None


class PageEngine(Engine):
    """Executes a parameterised notebook with a PageClient."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, log_output=False, execution_timeout=None, resources=None,
                                 **unused):
        """Called by papermill.execute_notebook; runs the notebook inside `nb_man`."""
        # jupyter_client reads the variable once a process; this one may have started kernels another way before.
        factory = KernelProvisionerFactory.instance()
        factory.default_provisioner_name = os.environ.get(factory.default_provisioner_name_env, "local-provisioner")
        return PageClient(nb_man, kernel_name=kernel_name, timeout=execution_timeout, startup_timeout=60,
                          iopub_timeout=60,  # a busy machine is no reason to give a page up
                          resources=resources or {}, kernel_manager_class=PageKernelManager,
                          shutdown_kernel="immediate", log_output=False,
                          extra_arguments=["--IPKernelApp.log_level=50"],  # its end interrupts it: that is no error
                          ).execute()


papermill_engines.register(NAME, PageEngine)

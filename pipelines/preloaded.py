"""Imported by the process that forks workers, before it forks any: the libraries of a worker, and a quiet end."""

import importlib
import os
import signal

from pipelines import without_grammar

# Ctrl-C reaches every process of a terminal. The run answers it and waits for this one, which would say in a traceback
# where its imports stood.
signal.signal(signal.SIGINT, lambda *_: os._exit(130))
without_grammar()
for name in ("papermill.clientwrap", "nbconvert", "jupyter_client.asynchronous"):
    importlib.import_module(name)

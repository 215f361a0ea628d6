"""Notebooks in, executed notebooks and HTML out, as an informed user does it: the stock tools' APIs in a pool."""

from __future__ import annotations

import json
import os
import sys
from multiprocessing import get_context
from pathlib import Path

_exporter = None


def made(job: tuple[str, str, str, str]) -> None:
    """One page: papermill's API, then this process's one HTMLExporter."""
    global _exporter
    import nbformat
    import papermill
    from nbconvert import HTMLExporter

    path, study, site, folder = job
    output = Path(folder) / f"{site}-{Path(path).name}"
    os.environ["SERVICE_EVALUATION_PAGES"] = f"{folder}/{site}"
    papermill.execute_notebook(path, str(output), parameters={"study": study, "site": site, "tier": "release"},
                               progress_bar=False, cwd=str(Path(path).parent))
    _exporter = _exporter or HTMLExporter()
    html, _ = _exporter.from_notebook_node(nbformat.read(output, as_version=4))
    output.with_suffix(".html").write_text(html, "utf-8")


if __name__ == "__main__":
    jobs = json.loads(sys.stdin.read())
    with get_context("spawn").Pool(os.cpu_count()) as pool:
        pool.map(made, [tuple(job) for job in jobs], chunksize=1)

"""Notebooks in, their drawings out, by plain Python: one process a core, no kernel. The floor a runner stands on."""

from __future__ import annotations

import ast
import json
import os
import sys
from multiprocessing import get_context
from pathlib import Path


def drawings(job: tuple[str, str, str]) -> tuple[str, str, list[str]]:
    """(page, site, the SVGs that its cells drew), its cells run as a script."""
    path, study, site = job
    os.chdir(Path(path).parent)
    space: dict = {"study": study, "site": site, "tier": "release"}
    found = []
    for cell in json.loads(Path(path).read_text("utf-8"))["cells"]:
        if cell["cell_type"] != "code" or "parameters" in cell["metadata"].get("tags", []):
            continue
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, path, "exec"), space)
        if last:
            bundle = eval(compile(ast.Expression(last.value), path, "eval"), space)._repr_mimebundle_()[0]
            found += [bundle["image/svg+xml"]] if "image/svg+xml" in bundle else []
    return Path(path).stem, site, found


if __name__ == "__main__":
    jobs = json.loads(sys.stdin.read())
    with get_context("spawn").Pool(os.cpu_count()) as pool:
        share = max(1, len(jobs) // os.cpu_count())
        json.dump(pool.map(drawings, [tuple(job) for job in jobs], chunksize=share), sys.stdout)

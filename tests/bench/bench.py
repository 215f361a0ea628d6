"""The runner beside the stock tools, in one run and interleaved: `make bench`. Ratios go to tests/bench/results.md."""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from sites import ROOT, synthetic_sites  # noqa: E402
from watch import measured  # noqa: E402

from analysis.study import Study, open_study  # noqa: E402
from pipelines import kernels  # noqa: E402
from pipelines.cache import read_json  # noqa: E402
from pipelines.context import report_context  # noqa: E402
from pipelines.executors import Local  # noqa: E402
from pipelines.needs import pages_of  # noqa: E402
from pipelines.pages import rehearse, render  # noqa: E402
from pipelines.runner import Runner  # noqa: E402
from pipelines.verbs import on_all_cores  # noqa: E402

CORES = os.cpu_count() or 1
OUT = ROOT / ".build" / "bench"
STOCK_ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in (kernels.SWITCH, kernels.ADDRESS)}


def run(command: list[str], environment: dict, **more) -> subprocess.CompletedProcess:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, **more)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:5])} … ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done


class Pages:
    """The pages of one study and one list of sites, made in four ways into folders of their own."""

    def __init__(self, study: Study, sites: list[str]):
        self.study, self.sites = study, sites
        self.jobs = [(str(study.root / "notebooks" / f"{page}.ipynb"), study.name, site)
                     for site in sites for page in pages_of(study, site)]
        self.environment = STOCK_ENVIRONMENT | {"SERVICE_EVALUATION_ROOT": str(study.root)}

    def stock(self, folder: Path) -> list[list[str]]:
        """papermill's command line, then jupyter nbconvert's, for each page; as many at once as there are cores."""
        def one(job: tuple[str, str, str]) -> None:
            path, study, site = job
            out = folder / f"{site}-{Path(path).name}"
            environment = self.environment | {"SERVICE_EVALUATION_PAGES": str(folder / site)}
            run([sys.executable, "-m", "papermill", path, str(out), "-p", "study", study, "-p", "site", site, "-p",
                 "tier", "release", "--cwd", str(Path(path).parent), "--no-progress-bar"], environment)
            run([sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", str(out)], environment)

        with ThreadPoolExecutor(CORES) as pool:
            list(pool.map(one, self.jobs))
        return self._drawn(lambda path, site: folder / f"{site}-{path.name}")

    def informed(self, folder: Path) -> list[list[str]]:
        run([sys.executable, str(ROOT / "tests" / "bench" / "informed.py")], self.environment,
            input=json.dumps([[*job, str(folder)] for job in self.jobs]))
        return self._drawn(lambda path, site: folder / f"{site}-{path.name}")

    def ours(self, folder: Path) -> list[list[str]]:
        """The runner, cold: no page of an earlier run is left; the tidy tables are, as for the others."""
        shutil.rmtree(self.study.build / "pages", ignore_errors=True)
        shutil.rmtree(self.study.reports, ignore_errors=True)
        many = ["--sites", "all"] if len(self.sites) > 1 else ["--site", self.sites[0]]
        run([sys.executable, "-m", "pipelines", "report", self.study.name, *many], self.environment, cwd=ROOT)
        return self._drawn(lambda path, site: self.study.build / "pages" / f"release-{site}" / path.name)

    def floor(self, folder: Path) -> list[list[str]]:
        environment = self.environment | {"SERVICE_EVALUATION_PAGES": str(folder)}
        script = str(ROOT / "tests" / "bench" / "floor.py")
        said = run([sys.executable, script], environment, input=json.dumps(self.jobs))
        return [drawings for _, _, drawings in json.loads(said.stdout)]

    def _drawn(self, where) -> list[list[str]]:
        """The figures of each page, in the order of the jobs."""
        return [["".join(output["data"]["image/svg+xml"])
                 for cell in json.loads(where(Path(path), site).read_text("utf-8"))["cells"]
                 for output in cell.get("outputs", []) if "image/svg+xml" in output.get("data", {})]
                for path, _, site in self.jobs]


def timed(pages: Pages, way: str) -> tuple[float, list[list[str]]]:
    folder = OUT / way
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    began = time.monotonic()
    drawn = getattr(pages, way)(folder)
    return time.monotonic() - began, drawn


def compare(pages: dict[str, Pages], rounds: int) -> dict[str, float]:
    """Seconds a page by way, medians over the rounds; every way must have drawn the same figures as ours."""
    seconds: dict[str, list[float]] = {way: [] for way in pages}
    for _ in range(rounds):
        drawn = {}
        for way, these in pages.items():
            took, figures = timed(these, way)
            drawn[way] = dict(zip(these.jobs, figures, strict=True))
            seconds[way].append(took / len(these.jobs))
            print(f"  {way}: {took:.1f} s for {len(these.jobs)} pages", flush=True)
        if not any(drawn["stock"].values()) or any(figures != drawn["ours"][job] for way in drawn
                                                   for job, figures in drawn[way].items()):
            raise SystemExit("the ways did not draw the same figures: the times mean nothing")
    return {way: statistics.median(values) for way, values in seconds.items()}


def nbval(words: list[str], forked: bool) -> float:
    """Seconds of nbval over the committed notebooks, the template's start included where kernels are forked."""
    command = [sys.executable, "-m", "pytest", "--nbval", "notebooks", "-p", "no:cacheprovider", "-q", *words]
    began = time.monotonic()
    if forked:
        with Local(jobs=1):
            run(command, dict(os.environ), cwd=ROOT)
    else:
        run(command, STOCK_ENVIRONMENT, cwd=ROOT)
    return time.monotonic() - began


def nbvals() -> dict[str, float]:
    """Seconds by way: as its users call it, with a process a core, with forked kernels, and as `make test` has it."""
    return {"stock": nbval([], False), "stock on all cores": nbval(on_all_cores(), False),
            "forked kernels": nbval([], True), "ours: both": nbval(on_all_cores(), True)}


def spent(pages: Pages, per_page: float) -> dict[str, float]:
    """
    What a page of ours cost, by part, in seconds of one core: from the records of the run that was made last.

    The cells; what a page's process does besides while it runs (a kernel's start and end, papermill, the gate); the
    laying out, measured here; and all that a run does once (imports, the template, publishing, idle cores), by page.
    """
    study, found = pages.study, {"cells": [], "kernel, papermill, gate": [], "laying out": []}
    for site in pages.sites:
        orders = Runner(study, sites=[site])._orders((), {})
        context = report_context(study, [order.notebook for order in orders], "release", site)
        rehearse(context)
        for order in orders:
            record = read_json(order.record)
            cells = sum(cell["seconds"] for cell in record["cells"])
            found["cells"].append(cells)
            found["kernel, papermill, gate"].append(record["seconds"] - cells)
            began = time.monotonic()
            render(order, context)
            found["laying out"].append(time.monotonic() - began)
    means = {part: statistics.mean(values) for part, values in found.items()}
    return means | {"once a run": per_page * CORES - sum(means.values())}


def one_report(rounds: int) -> dict:
    """The committed notebooks, for all sites together."""
    one = Pages(open_study("south-glos", ROOT), ["all"])
    print(f"one report of {len(one.jobs)} pages")
    seconds = compare(dict.fromkeys(("stock", "informed", "ours", "floor"), one), rounds)
    return {"seconds": seconds, "spent": spent(one, seconds["ours"]), "pages": len(one.jobs)}


def many_sites(number: int) -> dict:
    """A report for each of many sites beside the one over all. Stock and informed are given two of the sites."""
    study = synthetic_sites(number)
    every, few = Pages(study, ["all", *study.sites]), Pages(study, [*study.sites][:2])
    print(f"{number} sites, {len(every.jobs)} pages (stock and informed: two sites, by page)")
    seconds = compare({"stock": few, "informed": few, "ours": every, "floor": every}, 1)
    return {"seconds": seconds, "spent": spent(every, seconds["ours"]), "pages": len(every.jobs)}


def rows(*halves: dict) -> list[str]:
    """A line a way: seconds a page and the ratio to ours, for each half."""
    return [f"| {way} | " + " | ".join(f"{of[way]:.2f} | {of[way] / of['ours']:.2f}"
                                       for of in (half["seconds"] for half in halves)) + " |"
            for way in ("stock", "informed", "ours", "floor")]


def parts(*halves: dict) -> list[str]:
    """A line a part of what a page of ours costs."""
    return [f"| {part} | " + " | ".join(f"{half['spent'][part]:.2f}" for half in halves) + " |"
            for part in halves[0]["spent"]]


def main(asked: list[str]) -> None:
    rounds, number = int(os.environ.get("ROUNDS", 2)), int(os.environ.get("N", 25))
    wanted = asked or ["one", "sites", "nbval"]
    one = one_report(rounds) if "one" in wanted else {}
    sites = many_sites(number) if "sites" in wanted else {}
    checks = nbvals() if "nbval" in wanted else {}
    if checks:
        print(said := "nbval: " + ", ".join(f"{way} {took:.1f} s" for way, took in checks.items()))
    if asked:
        for half in filter(None, (one, sites)):
            print("\n".join([*rows(half), *parts(half)]))
        return
    beyond = [sum(half["spent"].values()) - half["spent"]["cells"] for half in (one, sites)]
    over = [half["seconds"]["ours"] / half["seconds"]["floor"] for half in (one, sites)]
    memory = Path("/proc/meminfo").read_text().split()[1] if Path("/proc/meminfo").exists() else "0"
    lines = [
        "# The runner beside the stock tools", "",
        f"Measured by `make bench`: {CORES} cores, {int(memory) // 2**20} GB, {platform.system()}, Python "
        f"{platform.python_version()}; papermill {version('papermill')}, nbconvert {version('nbconvert')}, nbval "
        f"{version('nbval')}. Seconds a page on all cores together; ratios are to ours. All ways drew the same "
        "figures.", "",
        f"| way | one report of {one['pages']} pages, s a page | ratio | {number} sites, {sites['pages']} pages, s a "
        "page | ratio |", "|---|---|---|---|---|", *rows(one, sites), "",
        f"Ours over the floor: {over[0]:.2f} for one report, {over[1]:.2f} for {number} sites. The floor is "
        f"{one['seconds']['stock'] / one['seconds']['floor']:.1f} and "
        f"{sites['seconds']['stock'] / sites['seconds']['floor']:.1f} times as fast as stock: no runner can be more, "
        "since what is left is the cells' own work.", "",
        f"{said}, over the committed notebooks. `make test` runs it {checks['stock'] / checks['ours: both']:.1f} times "
        "as fast as `pytest --nbval notebooks`, the template's start included.", "",
        "What a page of ours costs, in seconds of one core; beyond the cells' own work it is "
        f"{beyond[0]:.2f} in one report and {beyond[1]:.2f} at {number} sites:", "",
        f"| part | one report | {number} sites |", "|---|---|---|", *parts(one, sites), "",
        "Stock: papermill's command line, then `jupyter nbconvert`, as many at once as there are cores. Informed: "
        "papermill's API and one HTMLExporter in a process pool. Floor: the cells as a plain script, one process a "
        f"core. At {number} sites stock and informed are measured on two of them and given by page; ours and the "
        "floor make every page, those over all sites too. Once a run: imports, the template's start, publishing, and "
        "cores that wait for them.", "",
        "## From save to refreshed page", "",
        "`make watch` over a study of two pages whose cells take a tenth of a second, warm:", "",
        *(f"- {line}" for line in measured()), "",
        *SHARED_PREFIX]
    (ROOT / "tests" / "bench" / "results.md").write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


# Measured once, by processor time in the kernels of ten pages, on two cores; not measured again by each bench.
SHARED_PREFIX = """## Cells above the parameters

They could be run once a notebook, and a kernel forked after them for each site. It was measured and not built: in the
committed notebooks nothing but text stands above the parameters. What is the same for all sites, the import of
`analysis` in the set-up cell, takes 0.06 s of a page whose cells take 0.7 s, and a kernel comes out of the template in
0.07 s: a fork for each notebook would win less than a tenth, and would have to be given up with every change of the
package, which a template that holds none of it outlives.""".splitlines()


if __name__ == "__main__":
    main(sys.argv[1:])

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

from analysis.study import Study, open_study  # noqa: E402
from pipelines import kernels  # noqa: E402
from pipelines.cache import read_json  # noqa: E402
from pipelines.needs import pages_of  # noqa: E402

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
    """Seconds a page by way, medians over the rounds; every way must have drawn the same figures."""
    seconds: dict[str, list[float]] = {way: [] for way in pages}
    for _ in range(rounds):
        drawn = {}
        for way, these in pages.items():
            spent, drawn[way] = timed(these, way)
            seconds[way].append(spent / len(these.jobs))
            print(f"  {way}: {spent:.1f} s for {len(these.jobs)} pages", flush=True)
        shortest = min(map(len, drawn.values()))
        first = next(iter(drawn.values()))[:shortest]
        if not any(first) or any(figures[:shortest] != first for figures in drawn.values()):
            raise SystemExit("the ways did not draw the same figures: the times mean nothing")
    return {way: statistics.median(values) for way, values in seconds.items()}


def nbval(forked: bool) -> float:
    """Seconds of nbval over the committed notebooks, the template's start included where kernels are forked."""
    switch = {kernels.SWITCH: kernels.NAME} if forked else {}
    began = time.monotonic()
    run([sys.executable, "-m", "pytest", "--nbval", "notebooks", "-p", "no:cacheprovider", "-q"],
        STOCK_ENVIRONMENT | switch, cwd=ROOT)
    return time.monotonic() - began


def overhead(study: Study, site: str, per_page: float) -> float:
    """What a page costs beyond its cells' own work, in seconds of one core."""
    folder = study.build / "pages" / f"release-{site}"
    cells = [sum(cell["seconds"] for cell in read_json(folder / f"{page}.json")["cells"]) for page in pages_of(study)]
    return per_page * CORES - statistics.mean(cells)


def main(rounds: int = 2) -> None:
    one = Pages(open_study("south-glos", ROOT), ["all"])
    print("one report")
    single = compare(dict.fromkeys(("stock", "informed", "ours", "floor"), one), rounds)
    beyond = overhead(one.study, "all", single["ours"])
    study = synthetic_sites(25)
    every = ["all", *study.sites]
    some = [*study.sites][:3]
    print("25 sites (stock and informed: three sites, by page)")
    few, many = Pages(study, some), Pages(study, list(study.sites))
    sites = compare({"stock": few, "informed": few, "floor": many}, 1)
    spent, _ = timed(Pages(study, every), "ours")
    sites["ours"] = spent / len(Pages(study, every).jobs)
    checks = {forked: nbval(forked) for forked in (False, True)}
    memory = Path("/proc/meminfo").read_text().split()[1] if Path("/proc/meminfo").exists() else "0"
    lines = [
        "# The runner beside the stock tools", "",
        f"Measured by `make bench`: {CORES} cores, {int(memory) // 2**20} GB, {platform.system()}, Python "
        f"{platform.python_version()}; papermill {version('papermill')}, nbconvert {version('nbconvert')}, nbval "
        f"{version('nbval')}. Seconds a page on all cores together; ratios are to ours. All ways drew the same "
        "figures.", "",
        "| way | one report, s a page | ratio | 25 sites, s a page | ratio |", "|---|---|---|---|---|",
        *(f"| {way} | {single[way]:.2f} | {single[way] / single['ours']:.1f} | {sites[way]:.2f} | "
          f"{sites[way] / sites['ours']:.1f} |" for way in ("stock", "informed", "ours", "floor")), "",
        f"Ours over the floor: {single['ours'] / single['floor']:.2f} for one report, "
        f"{sites['ours'] / sites['floor']:.2f} for 25 sites. Beyond the cells' own work: {beyond:.2f} s of one "
        "core a page.",
        f"nbval over the committed notebooks: {checks[False]:.0f} s with stock kernels, {checks[True]:.0f} s with "
        f"forked ones, {checks[False] / checks[True]:.1f} times as fast, the template's start included.", "",
        "Stock: papermill's command line, then `jupyter nbconvert`, as many at once as there are cores. Informed: "
        "papermill's API and one HTMLExporter in a process pool. Floor: the cells as a plain script, one process a "
        "core. At 25 sites stock and informed are measured on three sites and given by page."]
    (ROOT / "tests" / "bench" / "results.md").write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

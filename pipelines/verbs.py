"""What each verb does: parsed words in, exit code out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

from analysis.errors import Mistake
from analysis.study import open_study, project_root
from pipelines import DEFAULT_STUDY
from pipelines.alone import alone


def new(asked: Namespace) -> int:
    """A folder of exports to a proposed definition; with --codes, the codes that were left out of it."""
    from pipelines.onboarding import add_codes, new_study

    root = project_root()
    said = (add_codes(root, asked.study) if asked.codes
            else new_study(root, asked.study, Path(asked.exports).expanduser() if asked.exports else None))
    print("\n".join(said))
    return 0


def report(asked: Namespace) -> int:
    """Extracts to the published report."""
    from pipelines.runner import Runner

    extra = {}
    for word in asked.parameter:
        name, equals, value = word.partition("=")
        if not equals:
            raise Mistake(f"'-p {word}' gives no value", remedy="write -p name=value")
        extra[name] = value
    study = open_study(asked.study)
    sites = [asked.site] if asked.sites != "all" else ["all", *study.sites]
    with alone(study.build):
        runner = Runner(study, tier=asked.tier, sites=sites, jobs=asked.jobs, timeout=asked.page_timeout,
                        scheduler=asked.scheduler, workers=asked.workers)
        return runner.report(asked.page or (), extra)


def validate(asked: Namespace) -> int:
    """The extracts checked and tidied."""
    from pipelines.runner import Runner

    study = open_study(asked.study)
    with alone(study.build):
        return Runner(study).validate()


def watch(asked: Namespace) -> int:
    """The report in the browser, made anew as its files are saved; nothing is published."""
    from pipelines.watch import Watch

    return Watch(asked.study, tier=asked.tier, port=asked.port).run()


def synthetic(asked: Namespace) -> int:
    """Made-up extracts that fit the definition, with faults planted where some are asked for."""
    from pipelines.made_up import listed, make_up

    if asked.faults.strip() == "list":
        print(listed())
        return 0
    print(make_up(open_study(asked.study), people=asked.people, seed=asked.seed, faults=asked.faults))
    return 0


def quotes(asked: Namespace) -> int:
    """A sheet of passages to sign off as quotations, or such a sheet into quotes.toml."""
    from pipelines.quoting import read_sheet, write_sheet
    from pipelines.runner import Runner

    study = open_study(asked.study)
    with alone(study.build):
        Runner(study).validate()
    said = read_sheet(study, Path(asked.sheet).expanduser()) if asked.sheet else write_sheet(study)
    print("\n".join(said))
    return 0


def notebooks(asked: Namespace) -> int:
    """The committed notebooks executed where they lie, on their default parameters."""
    from pipelines.runner import Runner

    study = open_study(DEFAULT_STUDY)
    with alone(study.build):
        return Runner(study).store_outputs()


def lab(asked: Namespace) -> int:
    """JupyterLab, opened on the notebooks, its kernels forked where that can be done."""
    from pipelines import kernels

    if why := kernels.why_not():
        kernels.say_once(why)
    switched = {kernels.SWITCH: kernels.NAME} if not why else {}
    return subprocess.call([sys.executable, "-m", "jupyter", "lab", str(project_root() / "notebooks")],
                           env=os.environ | switched)


def on_all_cores() -> list[str]:
    """pytest's words for a process a core, each with whole files: the tests of one share what is costly to set up."""
    return ["-n", str(os.cpu_count() or 1), "--dist", "loadfile"]


def test(asked: Namespace) -> int:
    """
    pytest over tests/, then nbval over the committed notebooks; fails if either does.

    Both run on all cores. A part of the suite, with pytest's own words after the verb, runs in one process unless they
    say otherwise.
    """
    from pipelines.executors import Local
    from pipelines.runner import Runner

    root = project_root()
    Runner(open_study(DEFAULT_STUDY)).validate()
    words = asked.pytest or [*on_all_cores(), "--no-loadscope-reorder"]
    suite = subprocess.call([sys.executable, "-m", "pytest", *words], cwd=root)
    if asked.pytest:
        return suite
    with Local(jobs=1):  # its template serves the kernels that nbval starts
        pages = subprocess.call([sys.executable, "-m", "pytest", "--nbval", "notebooks", "-p", "no:cacheprovider",
                                 *on_all_cores()], cwd=root)
    return suite or pages


def bench(asked: Namespace) -> int:
    """The runner timed beside the stock tools; or, by its name, one of the other benches beside it in tests/bench/."""
    from pipelines.runner import Runner

    other = project_root() / "tests" / "bench" / f"{'-'.join(asked.part)}.py"
    if other.is_file():
        return subprocess.call([sys.executable, str(other)])
    Runner(open_study(DEFAULT_STUDY)).validate()
    return subprocess.call([sys.executable, str(project_root() / "tests" / "bench" / "bench.py"), *asked.part])


def synthetic_sites(asked: Namespace) -> int:
    """A study of many sites, made from the worked one, where the bench looks for it."""
    from pipelines.runner import Runner

    Runner(open_study(DEFAULT_STUDY)).validate()
    return subprocess.call([sys.executable, str(project_root() / "tests" / "bench" / "sites.py"), str(asked.number)])


def lint(asked: Namespace) -> int:
    """ruff over the code, import-linter over the floors."""
    root = project_root()
    style = subprocess.call([sys.executable, "-m", "ruff", "check", "analysis", "pipelines", "tests"], cwd=root)
    floors = subprocess.call([sys.executable, "-c",
                              "from importlinter.cli import lint_imports_command; lint_imports_command()"], cwd=root)
    return style or floors


def wheelhouse(asked: Namespace) -> int:
    """Every wheel of the lock file in .build/wheelhouse/, to be carried to a machine without network."""
    from pipelines.wheelhouse import gather

    root = project_root()
    wheels = gather(root / "requirements.lock", root / ".build" / "wheelhouse")
    size = sum(wheel.stat().st_size for wheel in wheels) / 1e6
    print(f"{len(wheels)} wheels, {size:.0f} MB, in .build/wheelhouse/")
    return 0


def clean(asked: Namespace) -> int:
    """What a study's runs have made, taken away; the extracts stay."""
    study = open_study(asked.study)
    for folder in (study.build, study.reports):
        shutil.rmtree(folder, ignore_errors=True)
        print(f"took away {folder.relative_to(study.root)}/")
    return 0

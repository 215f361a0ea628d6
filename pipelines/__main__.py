"""The verbs: `python -m pipelines VERB …`, the same on every machine, with or without make."""

from __future__ import annotations

import argparse
import os
import sys

from analysis.errors import Mistake, refused
from pipelines import DEFAULT_STUDY, without_grammar

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m pipelines", description="Runs the evaluation package.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name: str, words: str, study: bool = True) -> argparse.ArgumentParser:
        one = verbs.add_parser(name, help=words, description=words)
        if study:
            one.add_argument("study", nargs="?", default=DEFAULT_STUDY, help="a folder of pipelines/studies/")
        return one

    new = verb("new", "a folder of exports to a commented study.toml, which you then complete", study=False)
    new.add_argument("study", help="the name of the new study, as in leeds-pain")
    new.add_argument("exports", nargs="?", metavar="FROM",
                     help="the folder of exports; left out, data_raw/STUDY/, where they are already")
    new.add_argument("--codes", action="store_true",
                     help="write the codes of .build/STUDY/rarer_codes.toml, which you looked through, into it")
    report = verb("report", "extracts to reports/STUDY/index.html")
    report.add_argument("--site", default="all", help="one site of the study, or all")
    report.add_argument("--sites", choices=["all"], help="all: a report for each site beside the report over all")
    report.add_argument("--page-timeout", type=int, default=600, metavar="SECONDS", help="for one page; 600 by default")
    report.add_argument("--tier", default="release", choices=["release", "working"],
                        help="working: true numbers, watermarked, under .build/ only")
    where = report.add_mutually_exclusive_group()
    where.add_argument("--jobs", type=int, default=0, help="pages at a time; as many as there are cores by default")
    where.add_argument("--workers", type=int, metavar="N", help="a Dask cluster of N processes on this machine instead")
    where.add_argument("--scheduler", default="", metavar="tcp://HOST:PORT", help="a Dask cluster that exists instead")
    report.add_argument("--page", action="append", help="only this page (again for more); nothing is published then")
    report.add_argument("-p", "--parameter", action="append", default=[], metavar="NAME=VALUE",
                        help="a parameter of the notebooks, beside study, site and tier")
    watch = verb("watch", "the report in the browser, made anew as files are saved; nothing is published")
    watch.add_argument("--port", type=int, default=0, help="of 127.0.0.1; 8642 by default, or a free one")
    watch.add_argument("--tier", default="release", choices=["release", "working"], help="working: true numbers")
    verb("validate", "check the extracts, write the data query log and the tidy tables")
    made_up = verb("synthetic", "made-up extracts that fit the definition, to write and test on before the data come")
    made_up.add_argument("--people", type=int, default=60, metavar="N", help="how many; 60 by default")
    made_up.add_argument("--seed", default="1", help="another seed makes up others")
    made_up.add_argument("--faults", default="", metavar="NAMES",
                         help="kinds of fault to plant, with commas between; all; or list, which names them")
    quotes = verb("quotes", "a sheet of coded passages to sign off as quotations, or such a sheet into quotes.toml")
    quotes.add_argument("sheet", nargs="?", metavar="FROM", help="the sheet as it was filled in, .xlsx or .csv")
    verb("notebooks", "run the committed notebooks again and store their outputs", study=False)
    verb("lab", "JupyterLab on the notebooks", study=False)
    test = verb("test", "the whole test suite, the committed notebooks included", study=False)
    test.add_argument("pytest", nargs="*", help="arguments for pytest")
    bench = verb("bench", "the runner beside the stock tools; ratios to tests/bench/results.md", study=False)
    bench.add_argument("part", nargs="*", help="one, sites, nbval: only these parts, and nothing is written; "
                       "large: an extract of 20 million rows beside a plain script; to tests/bench/results-large.md; "
                       "doses: those of 20 million issues; to tests/bench/results-doses.md; N=rows for others; "
                       "watch: from save to refreshed page")
    sites = verb("synthetic-sites", "a study of N sites under .build/, for the bench", study=False)
    sites.add_argument("number", type=int, nargs="?", default=25, metavar="N")
    verb("lint", "ruff, and the floors that imports must keep", study=False)
    verb("wheelhouse", "every wheel of the lock file in .build/wheelhouse/, for a machine without network", study=False)
    verb("clean", "take away .build/STUDY and reports/STUDY")
    return parser


def main(words: list[str] | None = None) -> int:
    """Does what the words say. Returns the exit code (README, "Exit codes"); a person's mistake has no traceback."""
    parser = arguments()
    asked, more = parser.parse_known_args(words)
    if more and asked.verb != "test":  # pytest's own options follow the verb
        parser.error(f"unrecognized arguments: {' '.join(more)}")
    if asked.verb == "test":
        asked.pytest += more
    without_grammar()
    from pipelines import verbs
    from pipelines.progress import fitted

    try:
        return getattr(verbs, asked.verb.replace("-", "_"))(asked)
    except Mistake as mistake:
        print(f"\n{fitted(str(mistake))}", file=sys.stderr)
        return mistake.exit_code
    except OSError as error:
        if not (mistake := refused(error)):
            raise
        print(f"\n{fitted(str(mistake))}", file=sys.stderr)
        return mistake.exit_code
    except KeyboardInterrupt:
        print("\nstopped; start it again and it goes on where it was", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())

"""A file saved under `make watch` in, seconds until its page is refreshed out: `python -m pipelines bench watch`."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import nbformat

sys.path.insert(0, str(Path(__file__).parents[1] / "pipelines"))
from watched_project import SHOW, Watched, notebook, project  # noqa: E402

TIMES = 5
PAGE = "10_reach"


def refreshed(watched: Watched, save, words: str) -> float:
    """Seconds from before the save until the page that a browser loads, told by an event, has the words."""
    began = time.monotonic()
    save()
    watched.follow(PAGE, lambda html: words in html and 'role="alert"' not in html)
    took = time.monotonic() - began
    watched.settle()
    return took


def measured() -> list[str]:
    """A line for each kind of file that is saved."""
    with tempfile.TemporaryDirectory() as folder:
        root = project(Path(folder) / "project")
        for name in (PAGE, "11_words"):
            nbformat.write(notebook(name, "As it was.", SHOW), root / "notebooks" / f"{name}.ipynb")
        watched = Watched(root)
        try:
            watched.follow(PAGE, lambda html: "4</span> were invited" in html)
            watched.settle()
            found = {
                "a notebook": [refreshed(watched, lambda i=i: watched.save(PAGE, f"Saved {i}.", SHOW), f"Saved {i}.")
                               for i in range(TIMES)],
                "the definition": [refreshed(watched, lambda i=i: watched.change(
                    "pipelines/studies/walking-group/study.toml", "A walking group", f"A walking group {i}:"),
                    f"A walking group {i}:") for i in range(TIMES)],
            }
            watched.save(PAGE, "With a table.", "table(page.release(page.measures.participant_flow()))")
            watched.follow(PAGE, lambda html: "With a table." in html)
            watched.settle()
            found["the package"] = [refreshed(watched, lambda i=i: watched.change(
                "analysis/measures/people/flow.py", "Participant flow: inv", f"Version {i}. Participant flow: inv"),
                f"Version {i}. Participant flow") for i in range(TIMES)]
        finally:
            watched.end()
    return [f"{saved} saved: median {statistics.median(seconds):.2f} s, from {min(seconds):.2f} to {max(seconds):.2f}, "
            f"until its page is refreshed ({len(seconds)} times)" for saved, seconds in found.items()]


if __name__ == "__main__":
    print("\n".join(measured()))

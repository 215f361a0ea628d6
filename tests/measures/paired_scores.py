"""Scores at baseline and follow-up small enough to see, for the measures that compare them."""

import pandas as pd


def scores(one, *people):
    """(baseline, follow-up) a person, P1, P2, …; None is no score."""
    rows = [(f"P{n}", one.name, timepoint, score) for n, pair in enumerate(people, 1)
            for timepoint, score in zip(("baseline", "follow_up"), pair, strict=True)]
    return pd.DataFrame(rows, columns=["patient_id", "instrument", "timepoint", "score"]).astype({"score": "Float64"})


def enrolled(n):
    return pd.DataFrame({"patient_id": [f"P{i}" for i in range(1, n + 1)]})


def value(summary, name):
    return summary.cells[summary.names[name]].value

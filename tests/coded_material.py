"""A small study: four interviews with three people, two themes; codings are made row by row."""

import pandas as pd

GROUPS = ["service user", "service provider"]
CODES = pd.DataFrame(
    [("medicines", None, "Medicines"), ("fear", "medicines", "Fear of reducing"),
     ("own-pace", "medicines", "Own {pace}"), ("delivery", None, "Delivery")], columns=["code_id", "parent", "name"])
INTERVIEWS = pd.DataFrame(
    [("I01", "P01", "service user"), ("I02", "P02", "service user"), ("I03", "P02", "service user"),
     ("I04", "S01", "service provider")], columns=["interview_id", "participant_id", "group"])


def codings(*rows):
    """(interview, code, coder, start, end[, stance[, text]])"""
    columns = ["interview_id", "code_id", "coder", "start", "end", "stance", "text"]
    types = {"start": "Int64", "end": "Int64", "stance": "str", "text": "str"}
    return pd.DataFrame([(*row, *(None, "words")[len(row) - 5:]) for row in rows], columns=columns).astype(types)


def shown(summary, label, section=""):
    """A row as it would print: column -> text, with the true numbers and the words beside them."""
    line = next(line for line in summary.lines if line.label == label and line.section == section)
    said = {i: cell.text if cell.kind == "text" else f"{cell.value:g}" for i, cell in summary.cells.items()}
    return {column: pattern.format(**{name: said[i] for name, i in ids}) for column, pattern, ids in line.entries}

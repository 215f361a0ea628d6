"""Reading a Summary in tests: its rows as they would print, and its named numbers."""

from analysis.measures.summary import Line, Summary


def rows(summary: Summary) -> dict[str, dict[str, str]]:
    """Label -> column -> text, with the true numbers to one decimal at most; '–' where there is none."""
    return {line.label: _entries(summary, line) for line in summary.lines}


def lines(summary: Summary) -> list[tuple[str, ...]]:
    """(section, label, the text of each column), for measures whose labels come again in another section."""
    return [(line.section, line.label, *_entries(summary, line).values()) for line in summary.lines]


def column(summary: Summary, name: str) -> dict[str, str]:
    """Label -> text of one column."""
    return {label: entries[name] for label, entries in rows(summary).items() if name in entries}


def optional(summary: Summary) -> list[str]:
    """The labels of the lines that a release leaves out where they show nought."""
    return [line.label for line in summary.lines if line.optional]


def named(summary: Summary, name: str):
    """The cell that the measure calls so."""
    return summary.cells[summary.names[name]]


def _entries(summary: Summary, line: Line) -> dict[str, str]:
    return {column: pattern.format(**{name: _text(summary.cells[i].value) for name, i in ids})
            for column, pattern, ids in line.entries}


def _text(value: float | None) -> str:
    return "–" if value is None else f"{round(value, 1):g}"

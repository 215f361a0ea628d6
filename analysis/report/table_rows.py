"""A table of a page in; its title, headings, rows and notes as words, out: what its files are written from."""

from __future__ import annotations

from dataclasses import dataclass

INDENT = "\u2003"


@dataclass(frozen=True)
class Row:
    """A row: the parts of each of its cells. The heading of a section has one cell."""

    cells: tuple[tuple[str, ...], ...]
    depth: int = 0
    heading: bool = False


@dataclass(frozen=True)
class Rows:
    """A table in words; `right` says of each column whether it is of numbers, which stand to the right."""

    title: str
    headings: tuple[str, ...]
    right: tuple[bool, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]


def rows_of(table) -> Rows:
    """What a great_tables table says (a BeautifulSoup element, its labels still indented, titled or captioned)."""
    heads = table.select("thead tr.gt_col_headings th")
    titles = table.select("thead tr.gt_heading td, thead tr.gt_heading th, caption")
    rows = []
    for row in table.select("tbody tr"):
        cells = row.find_all(["th", "td"], recursive=False)
        kinds = cells[0].get("class", []) if cells else []
        if "gt_group_heading" in kinds:
            rows.append(Row((parts_of(cells[0]),), heading=True))
        elif "gt_stub" in kinds:
            label = cells[0].get_text()
            rows.append(Row(tuple(map(parts_of, cells)), len(label) - len(label.lstrip(INDENT))))
    return Rows(titles[0].get_text(" ", strip=True) if titles else "",
                tuple(together(parts_of(head)) for head in heads),
                tuple("gt_right" in head.get("class", []) for head in heads), tuple(rows),
                tuple(together(parts_of(note)) for note in table.select("tfoot .gt_sourcenote")))


def parts_of(element) -> tuple[str, ...]:
    """The words of a cell: of each of its paragraphs, items of lists and quotations."""
    parts = element.find_all(["p", "li", "summary", "figcaption"]) or [element]
    return tuple(words for part in parts if (words := " ".join(part.get_text().split())))


def together(parts: tuple[str, ...]) -> str:
    """The parts of a cell on one line, set apart."""
    return "; ".join(parts)

"""A table in words in, the same words and numbers as rich text out: a table that Word opens, ready for a paper."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.report.table_rows import Rows

# In twips, of which a point has twenty: A4 with margins of two centimetres, and what a letter of ten points takes.
SHORT_SIDE, LONG_SIDE, MARGIN, LETTER, BOLD = 11906, 16838, 1134, 110, 125
UPRIGHT = 6  # columns that still stand on an upright page
NARROWEST, LABEL, STEP = 900, 2600, 240  # of a column, of the labels where room is short, and of each depth of one
HEAD = r"{\rtf1\ansi\deff0{\fonttbl{\f0\fswiss Calibri;}}\uc1\f0"
RULE = r"\brdrs\brdrw10"


def rtf_of(table: Rows, marks: Sequence[str] = ()) -> str:
    """
    A table as a document in rich text format.

    Title, headings that come again on each page, sections, indented labels, numbers to the right, rules above and below
    as journals want them, and the notes; `marks` stand last: what the table is from, and that it is not for release.
    All of it is real table and plain paragraph, so it can be pasted and restyled. The same table gives the same bytes.
    """
    headings = table.headings or ("",)
    wide = len(headings) > UPRIGHT
    page = (LONG_SIDE, SHORT_SIDE) if wide else (SHORT_SIDE, LONG_SIDE)
    edges = _edges(headings, [row.cells for row in table.rows if not row.heading], page[0] - 2 * MARGIN)
    lines = [HEAD, rf"\paperw{page[0]}\paperh{page[1]}\margl{MARGIN}\margr{MARGIN}\margt{MARGIN}\margb{MARGIN}"
             + (r"\landscape" if wide else ""), rf"{{\pard\keepn\sa100\fs22\b {_escaped(table.title)}\par}}",
             _row([(words,) for words in headings], edges, table.right, rules="tb", head=True)]
    sectioned = any(row.heading for row in table.rows)
    for place, row in enumerate(table.rows, start=1):
        rules = "b" if place == len(table.rows) else ""
        if row.heading:
            lines.append(_row(row.cells, edges[-1:], [False], rules=rules, bold=True, keep=True))
        else:
            lines.append(_row(row.cells, edges, table.right, rules=rules, depth=row.depth + sectioned))
    lines += [rf"{{\pard\sb60\fs16 {_escaped(words)}\par}}" for words in (*table.notes, *marks)]
    return "\n".join([*lines, "}"]) + "\n"


def _edges(headings: Sequence[str], rows: Sequence[Sequence[Sequence[str]]], room: int) -> list[int]:
    """
    Where each column ends: as wide as its longest words ask for. Where there is too little room the labels wrap first,
    since numbers should not, and then all columns give in proportion.
    """
    wanted = []
    for column, heading in enumerate(headings):
        longest = max((len(part) for row in rows if column < len(row) for part in row[column]), default=0)
        title = max([*map(len, heading.split()), min(len(heading), 12)])
        wanted.append(max(NARROWEST, min(longest, 46) * LETTER + 200, title * BOLD + 240))
    wanted[0] += 2 * STEP  # for what is indented
    wanted[0] = max(min(LABEL, wanted[0]), min(wanted[0], room - sum(wanted[1:])))
    share = min(1, room / sum(wanted))
    edges, at = [], 0.0
    for width in wanted:
        at += width * share
        edges.append(round(at))
    return edges


def _row(cells: Sequence[Sequence[str]], edges: Sequence[int], right: Sequence[bool], *, rules: str, head: bool = False,
         bold: bool = False, keep: bool = False, depth: int = 0) -> str:
    """One row of the table: where its cells end, with their rules, and what stands in them."""
    borders = (rf"\clbrdrt{RULE}" if "t" in rules else "") + (rf"\clbrdrb{RULE}" if "b" in rules else "")
    at = r"\clvertalb" if head else r"\clvertalt"
    made = [r"\trowd\trgaph80\trkeep" + (r"\trhdr" if head else "")
            + "".join(rf"{borders}{at}\cellx{edge}" for edge in edges)]
    for place, parts in enumerate(cells):
        words = r"\line ".join(map(_escaped, parts))
        indent = rf"\li{STEP * depth}" if depth and not place else ""
        side = r"\qr" if right[place:place + 1] == [True] and sum(map(len, parts)) <= 40 else r"\ql"
        style = r"\b" if head or bold else ""
        made.append(rf"\pard\intbl\sb30\sa30{side}{indent}{chr(92) + 'keepn' if head or keep else ''}"
                    rf"{{\fs20{style} {words}}}\cell")
    return "\n".join([*made, r"\row"])


def _escaped(words: str) -> str:
    """Words as rich text: its three signs escaped, every letter beyond ASCII by its number."""
    made = []
    for letter in words:
        if letter in "\\{}":
            made.append("\\" + letter)
        elif letter.isascii():
            made.append(letter)
        else:
            units = letter.encode("utf-16-le")
            made += [rf"\u{int.from_bytes(units[i:i + 2], 'little', signed=True)}?" for i in range(0, len(units), 2)]
    return "".join(made)

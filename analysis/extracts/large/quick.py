"""A delivered file of regular text in; its cells copied into a Parquet file at one go, out: by Arrow, or by DuckDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.extracts.headings import Wanted
from analysis.extracts.large.cut import cut
from analysis.extracts.large.database import ROWS_OF_A_GROUP, Database, literal, quoted
from analysis.extracts.large.lines import Lines, lines_of

if TYPE_CHECKING:
    import pyarrow as pa

# What str.strip() takes off.
SPACE = "".join(map(chr, [*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029,
                          0x202F, 0x205F, 0x3000]))
PASSED, LINE = "passed over", "begins on line"  # columns of a stored file that no column of ours is called


@dataclass(frozen=True)
class Copied:
    """
    What a stored file is like: the line of its `first` row where lines and rows go in step, and the different cells of
    its columns as far as they are `known`.
    """

    first: int | None = None
    known: Mapping[str, pa.Array] | None = None


@dataclass(frozen=True)
class Quick:
    """
    The copy of a file in UTF-8, whose records begin on the line `first`, after so many `above`.

    Of the columns that are `there`, the ones that are `filled` repeat the cell above where theirs is blank.
    """

    plain: Path
    path: Path
    headings: Sequence[str]
    there: Sequence[Wanted]
    filled: Sequence[Wanted]
    delimiter: str
    above: int
    first: int
    database: Database

    def copied(self) -> Copied | None:
        """
        The copy; None where it does not prove complete: every line of the file belongs to a record.

        Cells are copied as they are. Without quotation marks a line is a record, and no cell is more than what stands
        between delimiters. With them, cells may go across lines.
        """
        if not self.filled:
            known = cut(self.plain, self.path, {column.name: column.position for column in self.there},
                        headings=len(self.headings), delimiter=self.delimiter, first=self.first)
            if known is not None:
                return Copied(self.first, known)
        if (lines := lines_of(self.plain)) is None:
            return None
        if self._run(lines, False, bool(self.filled)):
            return Copied(self.first)
        return Copied() if self._run(lines, True, bool(self.filled)) else None

    def again_with_rows_passed_over(self, copied: Copied) -> Copied:
        """The copy, and of each record whether it is none: where every column has a cell that makes that possible."""
        self._run(lines_of(self.plain), copied.first is None, True)
        return Copied(copied.first)

    def _run(self, lines: Lines, across: bool, passing: bool) -> bool:
        raw = [f"c{number}" for number in range(len(self.headings))]
        cells = ", ".join(f"'{cell}': 'VARCHAR'" for cell in raw)
        chosen = [f"{raw[column.position]} as {quoted(column.name)}" for column in self.there]
        computed = []
        if passing:
            computed.append(f"{self._passed(raw)} as {quoted(PASSED)}")
            chosen.append(quoted(PASSED))
        for column in self.filled:
            cell = bare(raw[column.position])
            chosen.append(f"last_value(case when not {quoted(PASSED)} then nullif({cell}, '') end ignore nulls) "
                          f"over (rows unbounded preceding) as {quoted(filled_down(column))}")
        if across:
            within = " + ".join(f"coalesce(strlen({cell}) - strlen(replace({cell}, chr(10), '')), 0)" for cell in raw)
            computed.append(f"({within}) as more")
            chosen += [f"{self.first} - 1 + row_number() over (rows unbounded preceding) + (sum(more) over (rows "
                       f"unbounded preceding))::bigint - more as {quoted(LINE)}", "more"]
        path = literal(str(self.path))
        try:
            self.database.run(
                f"copy (select {', '.join(chosen)} from (select {', '.join([*raw, *computed])} "
                f"from read_csv({literal(str(self.plain))}, auto_detect = false, header = false, skip = {self.above}, "
                f"delim = {literal(self.delimiter)}, quote = '\"', escape = '\"', columns = {{{cells}}}))) "
                f"to {path} (format parquet, compression lz4_raw, row_group_size {ROWS_OF_A_GROUP})")
        except self.database.errors:
            return False
        taken = "coalesce(sum(more + 1), 0)" if across else "count(*)"
        return self.database.one(f"select {taken} from read_parquet({path})") \
            == lines.number - (self.first - 1) - lines.blank_at_the_end

    def _passed(self, raw: Sequence[str]) -> str:
        """Whether a record is none: all its cells are empty, or they are the headings again."""
        empty = " and ".join(f"(case when {_is_plain(cell)} then false else coalesce({bare(cell)}, '') = '' end)"
                             for cell in raw)
        again = " and ".join(f"coalesce({cell if n == 0 else bare(cell)}, '') = {literal(heading)}"
                             for n, (cell, heading) in enumerate(zip(raw, self.headings, strict=True)))
        return f"(({empty}) or ({again}))"


def filled_down(column: Wanted) -> str:
    """What the column of a stored file is called in which blank cells repeat the cell above."""
    return f"{column.name}, filled down"


def bare(cell: str) -> str:
    """The cell without white space around it."""
    return f"(case when {_is_plain(cell)} then {cell} else trim({cell}, {literal(SPACE)}) end)"


def _is_plain(cell: str) -> str:
    """Whether a cell begins and ends with a letter, digit or mark of ASCII: most do, and that is quick to see."""
    return f"(unicode({cell}) between 33 and 126 and unicode(right({cell}, 1)) between 33 and 126)"

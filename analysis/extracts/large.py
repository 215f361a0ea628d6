"""
Extracts that are too large to hold in memory: their files in, their rows as text in Parquet files beside, out.

DuckDB copies what is regular; what is not is read record by record, as smaller extracts are. Either way a row keeps the
line that it begins on, and every cell its text.
"""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.extracts.database import Database, literal, quoted
from analysis.extracts.formats.delimited import UTF_8, delimiter_of, encoding_of
from analysis.extracts.formats.reading import SUFFIXES, files, sheets
from analysis.extracts.formats.source import Sheet
from analysis.extracts.headings import Wanted, parted, wanted
from analysis.extracts.lines import Lines, lines_of
from analysis.extracts.plan import ExtractPlan
from analysis.extracts.read import FILE, ROW, records
from analysis.extracts.stored import Stored

# Tables with many rows a person. The others are lists of people, or words, that other extracts look things up in.
TABLES = ("prescriptions", "contacts")
AT_A_TIME = 50_000  # records that are in memory together where a file is read record by record
# What str.strip() takes off.
SPACE = "".join(map(chr, [*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029,
                          0x202F, 0x205F, 0x3000]))
PASSED, LINE = "passed over", "begins on line"  # columns of a stored file that no column of ours is called


def too_large(plan: ExtractPlan, plans: Iterable[ExtractPlan], folder: Path, most: int) -> bool:
    """
    Whether an extract takes the road of large ones: text with delimiters, together more bytes than `most`.

    Never where another extract points at its rows, which must then be looked up in.
    """
    if plan.table.name not in TABLES or plan.items or any(
            column.links == plan.table.name for other in plans for column in other.columns):
        return False
    size = 0
    for source in files(plan, folder):
        kind, bytes_of_text = _kind_and_size(folder / source.place, plan.read_as or source.suffix)
        if kind != "delimited":
            return False
        size += bytes_of_text
    return size > most


def _kind_and_size(path: Path, suffix: str) -> tuple[str, int]:
    """The reader of a file, and how much text it holds; of an archive that holds nothing else, that of its members."""
    kind = SUFFIXES.get(suffix, "delimited")
    if kind == "archive" and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
        kinds = {SUFFIXES.get(Path(member.filename).suffix.lower(), "delimited") for member in members}
        return ("delimited" if kinds == {"delimited"} else kind), sum(member.file_size for member in members)
    return kind, path.stat().st_size


def stored(plan: ExtractPlan, folder: Path, aside: Path, database: Database) -> Stored:
    """
    The extract's rows copied as text into Parquet files in the folder `aside`, and a view of them.

    Raises ExtractMistake for what `read` would raise it for.
    """
    aside.mkdir(parents=True, exist_ok=True)
    parts, before = [], 0
    for number, sheet in enumerate(sheets(plan, folder)):
        above, headings, rows = parted(sheet, plan)
        columns = wanted(plan, sheet, headings, itertools.chain(above, rows))
        path = aside / f"{plan.name}-{number}.parquet"
        file = _File(plan, sheet, headings, columns, rows, path, database)
        first = file.copied(folder / sheet.place, len(above) + 1)
        parts.append(_view_of(plan, sheet.place, path, columns, first, before))
        before += database.one(f"select count(*) from read_parquet({literal(str(path))})")
    view = quoted(f"text of {plan.name}")
    database.run(f"create or replace view {view} as {' union all '.join(parts)}")
    return Stored(plan, database, view, database.one(f"select count(*) from {view}"))


@dataclass(frozen=True)
class _File:
    """One file, or member of an archive, on its way into a Parquet file."""

    plan: ExtractPlan
    sheet: Sheet
    headings: Sequence[str]
    columns: Sequence[Wanted]
    rows: Iterator
    path: Path
    database: Database

    def copied(self, delivered: Path, records_above: int) -> int | None:
        """
        Copies the records. Returns the line of the first where lines and records go in step, None where they do not.

        DuckDB's copy counts only where it proves complete: every line of the file belongs to a record. A blank line,
        a line of fewer cells, a footer, a lone quotation mark and other oddities make it be read record by record.
        """
        first = next(self.rows, None)
        rows = itertools.chain([first] if first else [], self.rows)
        if first and not self.plan.footer:
            encoding = encoding_of(self.sheet.source, self.plan)
            delimiter = delimiter_of(self.sheet.source, self.plan, encoding, self.sheet.source.suffix)
            plain, text = self._plain(delivered, encoding)
            if plain and (lines := lines_of(plain)):
                for across_lines in (False, True):
                    if self._copied(plain, delimiter, records_above, first[0], lines, across_lines):
                        text.unlink(missing_ok=True)
                        return None if across_lines else first[0]
            text.unlink(missing_ok=True)
        self._read(rows)
        return None

    def _plain(self, delivered: Path, encoding: str) -> tuple[Path | None, Path]:
        """The file in UTF-8 on disk, itself or a copy; none where it is not in its encoding. And the copy's name."""
        text = self.path.with_suffix(".txt")
        if encoding in UTF_8 and delivered.is_file():
            return delivered, text
        try:
            with (io.TextIOWrapper(self.sheet.source.open(), encoding=encoding, newline="") as source,
                  text.open("w", encoding="utf-8", newline="") as copy):
                while part := source.read(1 << 20):
                    copy.write(part)
        except UnicodeError:
            return None, text
        return text, text

    def _copied(self, plain: Path, delimiter: str, records_above: int, first: int, lines: Lines, across: bool) -> bool:
        """DuckDB's copy of the records, with the line of each where cells go `across` lines; whether it is complete."""
        raw = [f"c{number}" for number in range(len(self.headings))]
        cells = ", ".join(f"'{cell}': 'VARCHAR'" for cell in raw)
        passed = self._passed(raw)
        chosen, windows = [], []
        for column in self.columns:
            if column.position < 0:
                continue
            cell = raw[column.position]
            chosen.append(f"{cell} as {quoted(column.name)}")
            if column.source in self.plan.fill_down:
                chosen.append(f"last_value(case when not {quoted(PASSED)} then nullif({_bare(cell)}, '') end ignore "
                              f"nulls) over (rows unbounded preceding) as {quoted(_filled(column))}")
        if across:
            within = " + ".join(f"coalesce(strlen({cell}) - strlen(replace({cell}, chr(10), '')), 0)" for cell in raw)
            windows = [f"({within}) as more"]
            chosen += [f"{first} - 1 + row_number() over (rows unbounded preceding) + (sum(more) over (rows unbounded "
                       f"preceding))::bigint - more as {quoted(LINE)}", "more"]
        try:
            self.database.run(
                f"copy (select {', '.join([*chosen, quoted(PASSED)])} from (select {', '.join([*raw, *windows])}, "
                f"{passed} as {quoted(PASSED)} from read_csv({literal(str(plain))}, auto_detect = false, "
                f"header = false, skip = {records_above}, delim = {literal(delimiter)}, quote = '\"', escape = '\"', "
                f"columns = {{{cells}}}))) to {literal(str(self.path))} (format parquet, compression lz4_raw)")
        except self.database.errors:
            return False
        taken = "coalesce(sum(more + 1), 0)" if across else "count(*)"
        return self.database.one(f"select {taken} from read_parquet({literal(str(self.path))})") \
            == lines.number - (first - 1) - lines.blank_at_the_end

    def _passed(self, raw: Sequence[str]) -> str:
        """Whether a record is none: all its cells are empty, or they are the headings again."""
        empty = " and ".join(f"(case when {_is_plain(cell)} then false else coalesce({_bare(cell)}, '') = '' end)"
                             for cell in raw)
        again = " and ".join(f"coalesce({cell if n == 0 else _bare(cell)}, '') = {literal(heading)}"
                             for n, (cell, heading) in enumerate(zip(raw, self.headings, strict=True)))
        return f"(({empty}) or ({again}))"

    def _read(self, rows: Iterator) -> None:
        """The records read one by one and written some at a time, as text and with the line that each begins on."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        there = [column for column in self.columns if column.position >= 0]
        filled = [column for column in there if column.source in self.plan.fill_down]
        text = [column.name for column in there] + [_filled(column) for column in filled]
        schema = pa.schema([*((name, pa.string()) for name in text), (LINE, pa.int64()), (PASSED, pa.bool_())])
        above = dict.fromkeys(column.name for column in filled)
        with pq.ParquetWriter(self.path, schema, compression="lz4") as writer:
            body = records(self.plan, self.sheet, self.headings, rows)
            while some := list(itertools.islice(body, AT_A_TIME)):
                cells = {column.name: [cells[column.position] if column.position < len(cells) else ""
                                       for _, cells in some] for column in there}
                for column in filled:
                    down = []
                    for cell in cells[column.name]:
                        above[column.name] = cell.strip() or above[column.name]
                        down.append(above[column.name])
                    cells[_filled(column)] = down
                writer.write_table(pa.table({
                    **{name: [cell or None for cell in cells[name]] for name in text},
                    LINE: [number for number, _ in some], PASSED: [False] * len(some)}, schema))


def _view_of(plan: ExtractPlan, place: str, path: Path, columns: Sequence[Wanted], first: int | None, before: int,
             ) -> str:
    """The records of a stored file as our text: white space off, blanks null, what the file's name says put in."""
    chosen = [f"{literal(place)} as {FILE}",
              f"{quoted(LINE) if first is None else f'{first} + file_row_number'} as {ROW}",
              f"{before} + file_row_number as position"]
    spaced = {}
    for column in columns:
        said = plan.column(column.name)
        if column.position < 0:
            text = literal(column.value)
        else:
            cell = quoted(column.name)
            spaced[column.name] = f"{cell} is distinct from {_bare(cell)}"
            text = quoted(_filled(column)) if column.source in plan.fill_down else _bare(cell)
        if said and said.type == "nhs_number":
            text = f"replace({text}, ' ', '')"
        for blank in ("", *(said.blank if said else ())):
            text = f"nullif({text}, {literal(blank)})"
        chosen.append(f"{text} as {quoted(column.name)}")
    names = ", ".join(["null", *(f"case when {is_so} then {literal(name)} end" for name, is_so in spaced.items())])
    return (f"(select {', '.join(chosen)}, {' or '.join(['false', *spaced.values()])} as spaced, "
            f"concat_ws('|', {names}) as spaced_in from read_parquet({literal(str(path))}, file_row_number = true) "
            f"where not {quoted(PASSED)})")


def _filled(column: Wanted) -> str:
    return f"{column.name}, filled down"


def _is_plain(cell: str) -> str:
    """Whether a cell begins and ends with a letter, digit or mark of ASCII: most do, and that is quick to see."""
    return f"(unicode({cell}) between 33 and 126 and unicode(right({cell}, 1)) between 33 and 126)"


def _bare(cell: str) -> str:
    """The cell without white space around it."""
    return f"(case when {_is_plain(cell)} then {cell} else trim({cell}, {literal(SPACE)}) end)"



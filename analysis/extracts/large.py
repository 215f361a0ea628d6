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
from dataclasses import dataclass, field
from pathlib import Path

from analysis.errors import ExtractMistake
from analysis.extracts.cut import cut
from analysis.extracts.database import ROWS_OF_A_GROUP, Database, literal, quoted
from analysis.extracts.durations import FORMAT, whole_minutes
from analysis.extracts.formats.delimited import UTF_8, delimiter_of, encoding_of
from analysis.extracts.formats.reading import SUFFIXES, files, sheets
from analysis.extracts.formats.source import Sheet
from analysis.extracts.headings import FILLED, KEEP, Wanted, parted, wanted
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
    Whether an extract takes the road of large ones: text with delimiters, which together with the other such extracts
    of its table has more bytes than `most`. Rules between a person's rows then see all of them.

    Never where another extract points at its rows, which must then be looked up in.
    """
    of_table = [one for one in plans if one.table.name == plan.table.name]
    if plan.table.name not in TABLES or plan.items or any(
            column.links == plan.table.name for other in plans for column in other.columns):
        return False
    sizes = {one.name: _bytes_of_text(one, folder) for one in of_table}
    return sizes[plan.name] is not None and sum(size for size in sizes.values() if size) > most


def _bytes_of_text(plan: ExtractPlan, folder: Path) -> int | None:
    """How much text with delimiters an extract is; None where a file of it is something else, or is not there."""
    size = 0
    try:
        for source in files(plan, folder):
            kind, bytes_of_text = _kind_and_size(folder / source.place, plan.read_as or source.suffix)
            if kind != "delimited":
                return None
            size += bytes_of_text
    except ExtractMistake:
        return None
    return size


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
    parts, others, before = [], [], 0
    for number, sheet in enumerate(sheets(plan, folder)):
        above, headings, rows = parted(sheet, plan)
        columns = wanted(plan, sheet, headings, itertools.chain(above, rows))
        path = aside / f"{plan.name}-{number}.parquet"
        file = _File(plan, sheet, headings, columns, rows, path, database)
        copied = file.copied(folder / sheet.place, len(above) + 1)
        parts.append(_view_of(file, copied, before))
        others.append(_view_of(file, copied, before, kept=False))
        before += database.one(f"select count(*) from read_parquet({literal(str(path))})")
    view = quoted(f"text of {plan.name}")
    database.run(f"create or replace view {view} as {' union all '.join(parts)}")
    aside = quoted(f"rows not of {plan.name}") if plan.keep else ""
    if aside:
        database.run(f"create or replace view {aside} as {' union all '.join(others)}")
    return Stored(plan, database, view, database.one(f"select count(*) from {view}"), aside)


@dataclass(frozen=True)
class _Copied:
    """What a stored file is like: the line of its `first` row where lines and rows go in step; rows to be `passed`."""

    first: int | None = None
    passed: bool = False


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
    looks: dict[str, _Looks] = field(default_factory=dict)

    @property
    def there(self) -> list[Wanted]:
        """The columns that stand in the file, not in its name."""
        return [column for column in self.columns if column.position >= 0]

    @property
    def filled(self) -> list[Wanted]:
        """Of these the ones whose blank cells repeat the cell above."""
        return [column for column in self.there if column.source in self.plan.fill_down]

    def copied(self, delivered: Path, records_above: int) -> _Copied:
        """
        Copies the records.

        DuckDB's copy counts only where it proves complete: every line of the file belongs to a record. A blank line,
        a line of fewer cells, a footer, a lone quotation mark and other oddities make it be read record by record.
        """
        first = next(self.rows, None)
        rows = itertools.chain([first] if first else [], self.rows)
        if first and not self.plan.footer:
            encoding = encoding_of(self.sheet.source, self.plan)
            delimiter = delimiter_of(self.sheet.source, self.plan, encoding, self.sheet.source.suffix)
            plain, text = self._plain(delivered, encoding)
            done = None
            if plain and (lines := lines_of(plain)):
                quick = _Quick(self, plain, delimiter, records_above, first[0], lines)
                done = quick.copied(across=False) or quick.copied(across=True)
            text.unlink(missing_ok=True)
            if done:
                return done
        self._read(rows)
        return _Copied()

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

    def _read(self, rows: Iterator) -> None:
        """The records read one by one and written some at a time, as text and with the line that each begins on."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        text = [column.name for column in self.there] + [_filled(column) for column in self.filled]
        schema = pa.schema([*((name, pa.string()) for name in text), (LINE, pa.int64())])
        above = dict.fromkeys(column.name for column in self.filled)
        with pq.ParquetWriter(self.path, schema, compression="lz4") as writer:
            body = records(self.plan, self.sheet, self.headings, rows)
            while some := list(itertools.islice(body, AT_A_TIME)):
                cells = {column.name: [cells[column.position] if column.position < len(cells) else ""
                                       for _, cells in some] for column in self.there}
                for column in self.filled:
                    down = []
                    for cell in cells[column.name]:
                        above[column.name] = cell.strip() or above[column.name]
                        down.append(above[column.name])
                    cells[_filled(column)] = down
                writer.write_table(pa.table({**{name: [cell or None for cell in cells[name]] for name in text},
                                             LINE: [number for number, _ in some]}, schema))


@dataclass(frozen=True)
class _Quick:
    """DuckDB's copy of a file of so many `lines`, whose records begin on the line `first`, after so many `above`."""

    file: _File
    plain: Path
    delimiter: str
    above: int
    first: int
    lines: Lines

    def copied(self, across: bool) -> _Copied | None:
        """
        The copy, with the line of each record where cells may go `across` lines; None where it is not complete.

        Cells are copied as they are. Only where every column has a cell that is empty or repeats its heading may there
        be records that are none: then each is looked at.
        """
        passing = bool(self.file.filled)
        if not (not across and not passing and self._cut()) and not self._run(across, passing):
            return None
        if not passing and all(_looks(self.file, column).none for column in self.file.there):
            self._run(across, passing := True)
        return _Copied(None if across else self.first, passing)

    def _cut(self) -> bool:
        """Without quotation marks a line is a record, and no cell is more than what stands between delimiters."""
        return not self.lines.quoted and cut(
            self.plain, self.file.path, {column.name: column.position for column in self.file.there},
            headings=len(self.file.headings), delimiter=self.delimiter, first=self.first, lines=self.lines)

    def _run(self, across: bool, passing: bool) -> bool:
        database, raw = self.file.database, [f"c{number}" for number in range(len(self.file.headings))]
        cells = ", ".join(f"'{cell}': 'VARCHAR'" for cell in raw)
        chosen = [f"{raw[column.position]} as {quoted(column.name)}" for column in self.file.there]
        computed = []
        if passing:
            computed.append(f"{self._passed(raw)} as {quoted(PASSED)}")
            chosen.append(quoted(PASSED))
        for column in self.file.filled:
            cell = _bare(raw[column.position])
            chosen.append(f"last_value(case when not {quoted(PASSED)} then nullif({cell}, '') end ignore nulls) "
                          f"over (rows unbounded preceding) as {quoted(_filled(column))}")
        if across:
            within = " + ".join(f"coalesce(strlen({cell}) - strlen(replace({cell}, chr(10), '')), 0)" for cell in raw)
            computed.append(f"({within}) as more")
            chosen += [f"{self.first} - 1 + row_number() over (rows unbounded preceding) + (sum(more) over (rows "
                       f"unbounded preceding))::bigint - more as {quoted(LINE)}", "more"]
        path = literal(str(self.file.path))
        try:
            database.run(
                f"copy (select {', '.join(chosen)} from (select {', '.join([*raw, *computed])} "
                f"from read_csv({literal(str(self.plain))}, auto_detect = false, header = false, skip = {self.above}, "
                f"delim = {literal(self.delimiter)}, quote = '\"', escape = '\"', columns = {{{cells}}}))) "
                f"to {path} (format parquet, compression lz4_raw, row_group_size {ROWS_OF_A_GROUP})")
        except database.errors:
            return False
        taken = "coalesce(sum(more + 1), 0)" if across else "count(*)"
        return database.one(f"select {taken} from read_parquet({path})") \
            == self.lines.number - (self.first - 1) - self.lines.blank_at_the_end

    def _passed(self, raw: Sequence[str]) -> str:
        """Whether a record is none: all its cells are empty, or they are the headings again."""
        empty = " and ".join(f"(case when {_is_plain(cell)} then false else coalesce({_bare(cell)}, '') = '' end)"
                             for cell in raw)
        again = " and ".join(f"coalesce({cell if n == 0 else _bare(cell)}, '') = {literal(heading)}"
                             for n, (cell, heading) in enumerate(zip(raw, self.file.headings, strict=True)))
        return f"(({empty}) or ({again}))"


@dataclass(frozen=True)
class _Looks:
    """What some cell of a column is: with white space around it, with a space in it, empty or its heading again."""

    spaced: bool
    parted: bool
    none: bool


def _looks(file: _File, column: Wanted) -> _Looks:
    """How the cells of a column of a stored file look; each different text is looked at once."""
    if column.name not in file.looks:
        bare = _bare("cell")
        file.looks[column.name] = _Looks(*file.database.run(
            f"select coalesce(bool_or(cell is distinct from {bare}), false), coalesce(bool_or(contains(cell, ' ')), "
            f"false), coalesce(bool_or(coalesce({bare}, '') in ('', {literal(column.source)})), false) "
            f"from (select distinct {quoted(column.name)} as cell from read_parquet({literal(str(file.path))}))")[0])
    return file.looks[column.name]


def _view_of(file: _File, copied: _Copied, before: int, kept: bool = True) -> str:
    """
    The records of a stored file as our text: white space off, blanks null, what the file's name says put in. Those that
    the definition keeps, or the others.
    """
    plan = file.plan
    chosen = [f"{literal(file.sheet.place)} as {FILE}",
              f"{quoted(LINE) if copied.first is None else f'{copied.first} + file_row_number'} as {ROW}",
              f"{before} + file_row_number as position"]
    spaced, keeps = {}, []
    for column in file.columns:
        said, text = plan.column(column.name), quoted(column.name)
        looks = _looks(file, column) if column.position >= 0 else _Looks(False, True, True)
        if column.position < 0:
            text = literal(column.value)
        if looks.spaced:
            spaced[column.name] = f"{text} is distinct from {_bare(text)}"
            text = _bare(text)
        if column in file.filled:
            text = quoted(_filled(column))
        if looks.parted and said and said.type == "nhs_number":
            text = f"replace({text}, ' ', '')"
        for blank in (*([""] if looks.none or looks.parted else []), *(said.blank if said else ())):
            text = f"nullif({text}, {literal(blank)})"
        if said and said.format == FORMAT:
            text = _in_minutes(file, text)
        if column.name.startswith(KEEP):
            spaced.pop(column.name, None)
            values = plan.keep[column.source]
            keeps.append(f"coalesce({text}, '') <> ''" if FILLED in values else
                         f"coalesce({text} in ({', '.join(map(literal, values))}), false)")
            continue
        chosen.append(f"{text} as {quoted(column.name)}")
    such = [f"not {quoted(PASSED)}"] * copied.passed
    if keeps:
        such.append(f"{'' if kept else 'not '}({' and '.join(keeps)})")
    names = ", ".join(["null", *(f"case when {is_so} then {literal(name)} end" for name, is_so in spaced.items())])
    return (f"(select {', '.join(chosen)}, {' or '.join(['false', *spaced.values()])} as spaced, "
            f"concat_ws('|', {names}) as spaced_in "
            f"from read_parquet({literal(str(file.path))}, file_row_number = true) "
            f"{'where ' if such else ''}{' and '.join(such)})")


def _in_minutes(file: _File, text: str) -> str:
    """Lengths of time as digits: each that is there by what it comes to, of which a column has few."""
    there = [said for said, in file.database.run(
        f"select distinct {text} from read_parquet({literal(str(file.path))})") if said]
    whens = " ".join(f"when {literal(said)} then {literal(whole_minutes(said))}" for said in sorted(there)
                     if whole_minutes(said) != said)
    return f"(case {text} {whens} else {text} end)" if whens else text


def _filled(column: Wanted) -> str:
    return f"{column.name}, filled down"


def _is_plain(cell: str) -> str:
    """Whether a cell begins and ends with a letter, digit or mark of ASCII: most do, and that is quick to see."""
    return f"(unicode({cell}) between 33 and 126 and unicode(right({cell}, 1)) between 33 and 126)"


def _bare(cell: str) -> str:
    """The cell without white space around it."""
    return f"(case when {_is_plain(cell)} then {cell} else trim({cell}, {literal(SPACE)}) end)"



"""
Extracts that are too large to hold in memory: their files in, their rows as text in Parquet files beside, out.

What is regular is copied at one go; what is not is read record by record, as smaller extracts are. Either way a row
keeps the line that it begins on, and every cell its text.
"""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from analysis.errors import ExtractMistake
from analysis.extracts.durations import FORMAT, whole_minutes
from analysis.extracts.formats.delimited import UTF_8, delimiter_of, encoding_of
from analysis.extracts.formats.reading import SUFFIXES, files, sheets
from analysis.extracts.formats.source import Sheet
from analysis.extracts.headings import FILLED, KEEP, Wanted, parted, wanted
from analysis.extracts.large.database import Database, literal, quoted
from analysis.extracts.large.pieces import Cell, Piece
from analysis.extracts.large.quick import LINE, PASSED, Copied, Quick, bare, filled_down
from analysis.extracts.large.stored import Stored
from analysis.extracts.plan import ExtractPlan
from analysis.extracts.read import records, texts_of

# Tables with many rows a person. The others are lists of people, or words, that other extracts look things up in.
TABLES = ("prescriptions", "contacts")
AT_A_TIME = 50_000  # records that are in memory together where a file is read record by record


def too_large(plan: ExtractPlan, plans: Iterable[ExtractPlan], folder: Path, most: int) -> bool:
    """
    Whether an extract takes the road of large ones: where the text with delimiters of its table's extracts has more
    bytes than `most`, all of them do, workbooks too. Rules between a person's rows then see all of those.

    Never where another extract points at its rows, which must then be looked up in.
    """
    of_table = [one for one in plans if one.table.name == plan.table.name]
    if plan.table.name not in TABLES or plan.items or any(
            column.links == plan.table.name for other in plans for column in other.columns):
        return False
    return sum(_bytes_of_text(one, folder) for one in of_table) > most


def _bytes_of_text(plan: ExtractPlan, folder: Path) -> int:
    """How much text with delimiters an extract is; 0 where all its files are something else, or not there."""
    try:
        found = [_kind_and_size(folder / source.place, plan.read_as or source.suffix) for source in files(plan, folder)]
    except ExtractMistake:
        return 0
    return sum(size for kind, size in found if kind == "delimited")


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
    pieces, before = [], 0
    for number, sheet in enumerate(sheets(plan, folder)):
        above, headings, rows = parted(sheet, plan)
        columns = wanted(plan, sheet, headings, itertools.chain(above, rows))
        path = aside / f"{plan.name}-{number}.parquet"
        file = _File(plan, sheet, headings, columns, rows, path, database)
        copied = file.copied(folder / sheet.place, len(above) + 1)
        pieces.append(file.piece(copied, before))
        before += pieces[-1].rows
    view, others = quoted(f"text of {plan.name}"), quoted(f"rows not of {plan.name}") if plan.keep else ""
    database.run(f"create or replace view {view} as {' union all '.join(piece.query() for piece in pieces)}")
    if others:
        database.run(f"create or replace view {others} as "
                     f"{' union all '.join(piece.query(kept=False) for piece in pieces)}")
    kept = None
    if not all(piece.whole for piece in pieces):
        kept = np.zeros(before, bool)
        kept[database.numbers(f"select position from {view}")["position"]] = True
    return Stored(plan, database, view, pieces, others, kept)


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
    words: dict[str, str] = field(default_factory=dict)  # column of the stored file -> table of its different cells

    @property
    def there(self) -> list[Wanted]:
        """The columns that stand in the file, not in its name."""
        return [column for column in self.columns if column.position >= 0]

    @property
    def filled(self) -> list[Wanted]:
        """Of these the ones whose blank cells repeat the cell above."""
        return [column for column in self.there if column.source in self.plan.fill_down]

    def copied(self, delivered: Path, records_above: int) -> Copied:
        """
        Copies the records.

        A quick copy of text with delimiters counts only where it proves complete. A blank line, a line of fewer cells,
        a footer, a lone quotation mark and other oddities make the file be read record by record, as a workbook is.
        """
        first = next(self.rows, None)
        rows = itertools.chain([first] if first else [], self.rows)
        if first and self.sheet.ragged and not self.plan.footer:
            encoding = encoding_of(self.sheet.source, self.plan)
            delimiter = delimiter_of(self.sheet.source, self.plan, encoding, self.sheet.source.suffix)
            plain, text = self._plain(delivered, encoding)
            done = None
            if plain:
                quick = Quick(plain, self.path, self.headings, self.there, self.filled, delimiter, records_above,
                              first[0], self.database)
                done = quick.copied()
                if done and not self.filled and all(self._looks(done, column).none for column in self.there):
                    done = quick.again_with_rows_passed_over(done)
            text.unlink(missing_ok=True)
            if done:
                return done
        self._read(rows)
        return Copied()

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

        text = [column.name for column in self.there] + [filled_down(column) for column in self.filled]
        schema = pa.schema([*((name, pa.string()) for name in text), (LINE, pa.int64())])
        above = dict.fromkeys(column.name for column in self.filled)
        with pq.ParquetWriter(self.path, schema, compression="lz4") as writer:
            body = records(self.plan, self.sheet, self.headings, rows)
            while some := list(itertools.islice(body, AT_A_TIME)):
                numbers, found = [number for number, _ in some], [cells for _, cells in some]
                cells = {column.name: texts_of(self.plan, self.sheet, column, numbers, found) for column in self.there}
                for column in self.filled:
                    down = []
                    for cell in cells[column.name]:
                        above[column.name] = cell.strip() or above[column.name]
                        down.append(above[column.name])
                    cells[filled_down(column)] = down
                writer.write_table(pa.table({**{name: [cell or None for cell in cells[name]] for name in text},
                                             LINE: numbers}, schema))

    def piece(self, copied: Copied, before: int) -> Piece:
        """The stored file, with what makes our text of each of its cells: white space off, blanks null."""
        rows, names = self._there_are()
        cells, keeps, spaced = {}, [], {}
        for column in self.columns:
            said = self.plan.column(column.name)
            at = filled_down(column) if column in self.filled else column.name
            text, looks = quoted(at), _Looks(False, True, True)
            if column.position < 0:
                at, text = "", literal(column.value)
            else:
                looks = self._looks(copied, column)
            if looks.spaced:
                spaced[column.name] = f"{quoted(column.name)} is distinct from {bare(quoted(column.name))}"
                text = text if column in self.filled else bare(text)
            in_parts = looks.parted and said is not None and said.type == "nhs_number"
            if in_parts:
                text = f"replace({text}, ' ', '')"
            for blank in (*([""] if looks.none or in_parts else []), *(said.blank if said else ())):
                text = f"nullif({text}, {literal(blank)})"
            words = self._words(copied, at) if at else ""
            if said and said.format == FORMAT:
                text = self._in_minutes(text, words)
            if column.name.startswith(KEEP):
                spaced.pop(column.name, None)
                values = self.plan.keep[column.source]
                keeps.append(f"coalesce({text}, '') <> ''" if FILLED in values else
                             f"coalesce({text} in ({', '.join(map(literal, values))}), false)")
            else:
                cells[column.name] = Cell(at, text, words)
        return Piece(self.path, self.sheet.place, before, rows, copied.first, cells, spaced,
                     passed=PASSED in names, keeps=" and ".join(keeps))

    def _in_minutes(self, text: str, words: str) -> str:
        """Lengths of time as digits: each that is there by what it comes to, of which a column has few."""
        there = [said for said, in self.database.run(f"select distinct {text}{words and ' from '}{words}") if said]
        whens = " ".join(f"when {literal(said)} then {literal(whole_minutes(said))}" for said in sorted(there)
                         if whole_minutes(said) != said)
        return f"(case {text} {whens} else {text} end)" if whens else text

    def _there_are(self) -> tuple[int, list[str]]:
        """How many rows the stored file has, and its columns."""
        import pyarrow.parquet as pq

        with pq.ParquetFile(self.path) as file:
            return file.metadata.num_rows, file.schema_arrow.names

    def _words(self, copied: Copied, name: str) -> str:
        """The table with each different cell of a column of the stored file."""
        if name not in self.words:
            table = f"cells of {self.path.stem} {name}"
            self.words[name] = quoted(table)
            if copied.known and name in copied.known:
                self.database.keep_arrow(table, {name: copied.known[name]})
            else:
                self.database.run(f"create or replace table {quoted(table)} as select distinct {quoted(name)} "
                                  f"from read_parquet({literal(str(self.path))})")
        return self.words[name]

    def _looks(self, copied: Copied, column: Wanted) -> _Looks:
        """How the cells of a column of the stored file look; each different text is looked at once."""
        cell = quoted(column.name)
        return _Looks(*self.database.run(
            f"select coalesce(bool_or({cell} is distinct from {bare(cell)}), false), "
            f"coalesce(bool_or(contains({cell}, ' ')), false), "
            f"coalesce(bool_or(coalesce({bare(cell)}, '') in ('', {literal(column.source)})), false) "
            f"from {self._words(copied, column.name)}")[0])


@dataclass(frozen=True)
class _Looks:
    """What some cell of a column is: with white space around it, with a space in it, empty or its heading again."""

    spaced: bool
    parted: bool
    none: bool

"""Prescriptions in, as a frame or in record batches; each issue as person, text, day and quantity in numbers, out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import pyarrow as pa

TEXTS = ("product", "strength", "form", "route", "dmd_code", "bnf_code", "unit", "directions")
COLUMNS = ("patient_id", "issued_on", "quantity", *TEXTS)
NO_DAY = np.iinfo("int32").min
_TOGETHER = 1_000_000  # rows that are coded together
_DENSE = 4_000_000  # up to so many combinations of texts a table of them is quicker than a sort


@dataclass(frozen=True)
class Issues:
    """
    Issues as numbers: sixteen to twenty bytes each, whatever their texts.

    `people`: the distinct patient_ids; `texts`: the distinct combinations of TEXTS, in their order, a missing text
    being empty. For each issue in the order of the record: `person` and `text` (positions in these), `day` (days since
    1970; NO_DAY where there is none) and `quantity` (nan where there is none).
    """

    people: np.ndarray
    texts: pd.DataFrame
    person: np.ndarray
    text: np.ndarray
    day: np.ndarray
    quantity: np.ndarray

    def __len__(self) -> int:
        return len(self.person)

    def of(self, people: Collection[str]) -> Issues:
        """The issues of these people only."""
        kept = pd.Index(self.people).isin(list(people))
        rows = np.flatnonzero(kept[self.person])
        return self._taken(rows, self.people[kept], (np.cumsum(kept) - 1).astype("int32"))

    def by_people(self, size: int) -> Iterator[Issues]:
        """Parts of about `size` issues, each with every issue of its people; in sum all of them."""
        if len(self) <= size:
            yield self
            return
        before = np.cumsum(np.bincount(self.person, minlength=len(self.people)))
        part = (np.maximum(before - 1, 0) // size).astype("uint16")
        order = np.argsort(part[self.person], kind="stable")
        ends = np.searchsorted(part, np.arange(part[-1] + 1), side="right") if len(part) else []
        begins, taken = 0, 0
        for end in ends:
            if end > begins:
                many = before[end - 1] - taken
                yield self._taken(order[taken:taken + many], self.people[begins:end], -begins)
                begins, taken = end, taken + many

    def _taken(self, rows: np.ndarray, people: np.ndarray, new: np.ndarray | int) -> Issues:
        person = self.person[rows]
        person = new[person] if isinstance(new, np.ndarray) else person + np.int32(new)
        return Issues(people, self.texts, person, self.text[rows], self.day[rows], self.quantity[rows])


def issues_of(prescriptions: pd.DataFrame) -> Issues:
    """The issues of a canonical table; columns that it lacks are empty."""
    import pyarrow as pa

    frame = prescriptions.reindex(columns=list(COLUMNS))
    words = {c: frame[c].astype(object).where(frame[c].notna(), None) for c in ("patient_id", *TEXTS)}
    columns = {c: pa.array([None if one is None else str(one) for one in said], pa.string())
               for c, said in words.items()}
    columns["issued_on"] = pa.array(pd.to_datetime(frame["issued_on"]).astype("datetime64[s]"), pa.timestamp("s"))
    columns["quantity"] = pa.array(pd.to_numeric(frame["quantity"]).astype(float), pa.float64(), from_pandas=True)
    return issues_in([pa.record_batch(columns)])


def issues_in(batches: Iterable[pa.RecordBatch]) -> Issues:
    """
    The issues of record batches of the canonical table, which are looked at one after another and not kept.

    Texts of a drug repeat: they are coded batch by batch, so that what is held is numbers. Columns that are
    dictionaries already are taken as such. People without a patient_id are left out: nobody's dose is theirs.
    """
    people, texts, parts = {}, {}, []
    for batch in _gathered(batches):
        parts.append(_coded(batch, people, texts))
    person, text, day, quantity = (np.concatenate(column) if parts else np.empty(0, kind) for column, kind in zip(
        zip(*parts, strict=True) if parts else ((),) * 4, ("int32", "int32", "int32", "float64"), strict=True))
    ordered = sorted(texts)  # in an order of their own: not that of the rows
    place = np.empty(len(texts), "int32")
    place[[texts[one] for one in ordered]] = np.arange(len(ordered), dtype="int32")
    known = np.array(list(people), dtype=object)
    coded = Issues(known, pd.DataFrame(ordered, columns=list(TEXTS), dtype=object), person, place[text], day, quantity)
    return coded if (person >= 0).all() else coded._taken(np.flatnonzero(person >= 0), known, 0)


def _gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Small batches together, with one dictionary of each column: a file's parts are smaller than is quick to code."""
    import pyarrow as pa

    def together(few: list[pa.RecordBatch]) -> pa.RecordBatch:
        return pa.Table.from_batches(few).unify_dictionaries().combine_chunks().to_batches()[0]

    few: list[pa.RecordBatch] = []
    for batch in batches:
        if few and (sum(one.num_rows for one in few) >= _TOGETHER or batch.schema != few[0].schema):
            yield together(few)
            few = []
        if batch.num_rows:
            few.append(batch)
    if few:
        yield together(few)


def _coded(batch: pa.RecordBatch, people: dict[str, int], texts: dict[tuple, int]) -> tuple[np.ndarray, ...]:
    """person, text, day, quantity of one batch; `people` and `texts` grow by what is met for the first time."""
    import pyarrow as pa

    codes, ids = _words(batch, "patient_id")
    person = np.array([-1 if one is None else people.setdefault(one, len(people)) for one in ids], "int32")[codes]
    combined, columns = np.zeros(batch.num_rows, "int64"), []
    for name in TEXTS:
        codes, said = _words(batch, name)
        if len(said) > 1:
            combined, kept = _dense(combined * len(said) + codes, (combined.max() + 1) * len(said))
            columns = [[column[k // len(said)] for k in kept] for column in columns]
            columns.append([said[k % len(said)] or "" for k in kept])
        else:
            columns.append([(said[0] or "") if said else ""] * (len(columns[0]) if columns else 1))
    met = np.array([texts.setdefault(one, len(texts)) for one in zip(*columns, strict=True)], "int32")
    day = batch.column("issued_on").cast(pa.timestamp("s"), safe=False).cast(pa.date32(), safe=False)
    day = day.cast(pa.int32()).fill_null(int(NO_DAY)).to_numpy(zero_copy_only=False)
    quantity = batch.column("quantity").cast(pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False)
    return person, met[combined], day, quantity


def _words(batch: pa.RecordBatch, name: str) -> tuple[np.ndarray, list]:
    """A column's position in its distinct words, and these; a missing word is None among them."""
    import pyarrow as pa

    if name not in batch.schema.names or pa.types.is_null(batch.column(name).type):
        return np.zeros(batch.num_rows, "int64"), [None]
    column = batch.column(name)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    words = column.dictionary.to_pylist()
    codes = column.indices.cast(pa.int64())
    if codes.null_count:
        codes, words = codes.fill_null(len(words)), [*words, None]
    return codes.to_numpy(zero_copy_only=False), words


def _dense(codes: np.ndarray, space: int) -> tuple[np.ndarray, list[int]]:
    """Codes from 0 without gaps in the place of `codes` below `space`, and what each of them was."""
    if space > _DENSE:
        kept, found = np.unique(codes, return_inverse=True)
        return found, kept.tolist()
    met = np.zeros(space, bool)
    met[codes] = True
    kept = np.flatnonzero(met)
    place = np.zeros(space, "int64")
    place[kept] = np.arange(len(kept))
    return place[codes], kept.tolist()

"""Columns of a large extract in; their canonical cells, made some rows at a time from the texts there, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from analysis.extracts.large.groups import Group, listed
from analysis.extracts.large.stored import Stored
from analysis.extracts.read import Delivered
from analysis.extracts.typed import typed

if TYPE_CHECKING:
    import pyarrow as pa

PLAIN = ("id", "text", "nhs_number")  # types whose cells are as they were delivered


class MadeCells(Protocol):
    """How some columns are made of the delivered ones that are `looked_at`; `many`: of too many words for a list."""

    columns: Sequence[str]
    looked_at: Sequence[str]
    many: bool

    def of(self, group: Group) -> dict[str, pa.Array]:
        """The cells of some rows."""


def made_cells(stored: Stored, delivered: Mapping[str, Delivered]) -> list[MadeCells]:
    """What makes each column of an extract: every text is converted once where a column has few."""
    made: list[MadeCells] = [_Said((column.name,), column.value) for column in stored.plan.columns if column.value]
    for columns in stored.groups():
        if all(_is_plain(stored.plan.column(name)) for name in columns):
            made += [_AsTold((name,), stored.listed(name)) for name in columns]
        elif len(columns) == 1 and stored.has_few(columns[0]):
            made.append(_Looked(columns, *_values(stored, columns[0], delivered)))
        else:
            made.append(_Typed(columns, stored, delivered))
    return made


def _is_plain(column) -> bool:
    return column.type in PLAIN and not column.codes and not column.through


def _values(stored: Stored, name: str, delivered: Mapping[str, Delivered]) -> tuple[pa.Array, pa.Array]:
    """The different texts of a column, and the value that each becomes."""
    import pyarrow as pa

    texts = stored.texts(name)
    held = stored.held((name,), pd.DataFrame({name: texts.to_pandas()}))
    values = pa.Array.from_pandas(typed(held, held.frame, delivered)[name])
    return texts, values


@dataclass(frozen=True)
class _Said:
    """A column in which every row has one value, which the definition says."""

    columns: Sequence[str]
    value: str
    looked_at: Sequence[str] = ()
    many: bool = False

    def of(self, group: Group) -> dict[str, pa.Array]:
        import pyarrow as pa

        return {self.columns[0]: pa.repeat(self.value, group.rows)}


@dataclass(frozen=True)
class _AsTold:
    """A column whose cells are the texts that were delivered."""

    columns: Sequence[str]
    few: bool

    @property
    def looked_at(self) -> Sequence[str]:
        return self.columns

    @property
    def many(self) -> bool:
        return not self.few

    def of(self, group: Group) -> dict[str, pa.Array]:
        return {self.columns[0]: group.text(self.columns[0])}


@dataclass(frozen=True)
class _Looked:
    """A column of few different texts, the value of each looked up."""

    columns: Sequence[str]
    texts: pa.Array
    values: pa.Array
    many: bool = False

    @property
    def looked_at(self) -> Sequence[str]:
        return self.columns

    @cached_property
    def _listed(self) -> pa.Array:
        return _in_words(self.values)

    def of(self, group: Group) -> dict[str, pa.Array]:
        return {self.columns[0]: _taken(self._listed, group.numbers(self.columns[0], self.texts))}


@dataclass(frozen=True)
class _Typed:
    """Columns of many different texts, or that are looked at together: made of those that some rows have."""

    columns: Sequence[str]
    stored: Stored
    delivered: Mapping[str, Delivered]
    many: bool = False

    @property
    def looked_at(self) -> Sequence[str]:
        return self.columns

    def of(self, group: Group) -> dict[str, pa.Array]:
        import pyarrow as pa

        words, numbers = [], np.zeros(group.rows, "int64")
        for name in self.columns:
            some, at = listed(group.text(name))
            words.append(pa.concat_arrays([some, pa.array([None], some.type)]))
            numbers = numbers * len(words[-1]) + at.fill_null(len(some)).to_numpy(zero_copy_only=False)
        every, at = np.unique(numbers, return_inverse=True)
        texts = {}
        for name, some in zip(reversed(self.columns), reversed(words), strict=True):
            texts[name] = some.take(pa.array(every % len(some))).to_pandas()
            every = every // len(some)
        held = self.stored.held(self.columns, pd.DataFrame({name: texts[name] for name in self.columns}))
        made = typed(held, held.frame, self.delivered)
        return {name: _taken(_in_words(pa.Array.from_pandas(made[name])), at) for name in self.columns}


def _in_words(values: pa.Array) -> pa.Array:
    """Text as numbers of words, other values as they are."""
    import pyarrow as pa

    is_text = pa.types.is_string(values.type) or pa.types.is_large_string(values.type)
    return values.cast(pa.string()).dictionary_encode() if is_text else values


def _taken(values: pa.Array, numbers: np.ndarray) -> pa.Array:
    """Of each row the value with its number, missing for -1."""
    import pyarrow as pa

    at = pa.array(numbers, mask=numbers < 0) if len(numbers) and numbers.min() < 0 else pa.array(numbers)
    return values.take(at)

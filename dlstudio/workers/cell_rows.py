"""Rows of a table kept as columns of cells, with the user's corrections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.workers.dataset import Mask
from dlstudio.workers.jobs import Cancelled, JobContext
from dlstudio.workers.table import ALL, Indices, Place, TableFilter, TablePage

if TYPE_CHECKING:
    from dlstudio.data.columns import Cells

Corrections = Mapping[str, Mapping[str, object]]
"""Id of a sample → column → value."""


@dataclass(frozen=True, eq=False)
class CellRows:
    """Cells by column, as they were read; they become texts a page at a time.

    Attributes:
        sample_ids: Id of each row.
        cells: Cells by column, in the order in which they are shown.
        splits: Index into `SPLITS` or `EXCLUDED` of each row, uint8 (n,); None while
            unknown.
        changed: Values instead of those in the cells.
        missing: Where a column has no value, bool (n,); by default where it is blank.
        unreadable: Where a column's cells are not of its kind, bool (n,).
    """

    sample_ids: Sequence[str]
    cells: Mapping[str, Cells] = field(repr=False)
    splits: npt.NDArray[np.uint8] | None = field(default=None, repr=False)
    changed: Corrections = field(default_factory=dict)
    missing: Mapping[str, Mask] = field(default_factory=dict, repr=False)
    unreadable: Mapping[str, Mask] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.sample_ids)

    def ids(self, rows: Indices) -> tuple[str, ...]:
        """Which samples stand in rows, in their order."""
        return tuple(self.sample_ids[row] for row in rows.tolist())

    def place(self, id: str) -> int:
        """The row in which a sample stands; -1 for none."""
        from dlstudio.data.row_ids import RowIds

        if isinstance(self.sample_ids, RowIds):
            found = self.sample_ids.places([id])
            return int(found[0]) if len(found) else -1
        return self.sample_ids.index(id) if id in self.sample_ids else -1

    def page(self, rows: Indices, columns: range) -> TablePage:
        """Texts of the cells of rows, in columns next to each other."""
        ids = self.ids(rows)
        names = self._names[columns.start : columns.stop]
        texts = [self._texts(name, rows) for name in names]
        unreadable: set[Place] = set()
        for column, name in enumerate(names):
            mask = self.unreadable.get(name)
            if mask is not None:
                found = np.flatnonzero(mask[rows]).tolist()
                unreadable.update((row, column) for row in found)
        corrected = self._correct(ids, names, texts)
        known = self.splits
        splits = [ALL] * len(ids) if known is None else known[rows].tolist()
        return TablePage(
            ids,
            tuple(map(tuple, texts)),
            tuple(splits),
            frozenset(corrected),
            frozenset(unreadable - corrected),
        )

    def matching(
        self, context: JobContext, wanted: TableFilter, found: Mask | None = None
    ) -> Indices:
        """The rows that match a filter, in order; for a job.

        Args:
            context: Context of the job.
            wanted: The filter.
            found: The rows with the filter's finding, bool (n,).

        Raises:
            Cancelled: The job was cancelled.
        """
        mask = np.ones(len(self), np.bool_)
        if wanted.split != ALL:
            known = self.splits
            mask &= False if known is None else known == wanted.split
        if wanted.finding:
            mask &= False if found is None else found
        if wanted.text:
            mask &= self._containing(context, wanted.text)
        return np.flatnonzero(mask).astype(np.int64)

    def _texts(self, name: str, rows: Indices) -> list[str | None]:
        from dlstudio.data.features.cell_text import cell_texts

        texts: list[str | None] = cell_texts(self.cells[name].take(rows)).to_list()
        missing = self.missing.get(name)
        if missing is not None:
            unreadable = self.unreadable.get(name)
            blank = missing if unreadable is None else missing & ~unreadable
            for row in np.flatnonzero(blank[rows]).tolist():
                texts[row] = None
        return texts

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.cells)

    def _correct(
        self,
        ids: tuple[str, ...],
        names: tuple[str, ...],
        texts: list[list[str | None]],
    ) -> set[Place]:
        """Put the user's values in their places; returns these."""
        places = {name: column for column, name in enumerate(names)}
        corrected: set[Place] = set()
        for row, id in enumerate(ids) if self.changed else ():
            for name, value in self.changed.get(id, {}).items():
                column = places.get(name)
                if column is not None:
                    texts[column][row] = _text(value)
                    corrected.add((row, column))
        return corrected

    def _containing(self, context: JobContext, text: str) -> Mask:
        import polars as pl

        from dlstudio.data.features.cell_text import cell_texts

        pattern = f"(?i){pl.escape_regex(text)}"
        mask = np.zeros(len(self), np.bool_)
        for cells in self.cells.values():
            start = 0
            for piece in cells.pieces():  # of a large table some rows at a time
                if context.should_stop():
                    raise Cancelled
                # Spaces around make no difference to what a text contains.
                plain = piece.values.dtype == pl.String
                texts = piece.values if plain else cell_texts(piece)
                found = texts.str.contains(pattern).fill_null(False).to_numpy()
                mask[start : start + len(piece)] |= found
                start += len(piece)
        lowered = text.lower()
        for row, values in self._changed_rows:
            mask[row] |= any(lowered in (value or "").lower() for value in values)
        return mask

    @cached_property
    def _changed_rows(self) -> tuple[tuple[int, tuple[str | None, ...]], ...]:
        return tuple(self._find_changed()) if self.changed else ()

    def _find_changed(self) -> Iterator[tuple[int, tuple[str | None, ...]]]:
        for id, values in self.changed.items():
            row = self.place(id)
            if row >= 0:
                yield row, tuple(map(_text, values.values()))


def _text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)

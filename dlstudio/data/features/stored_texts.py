"""Texts of a large table, which stay in its file until they are needed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from dlstudio.data.columns import Cells, Indices, Mask, Texts
from dlstudio.data.features.cell_text import cell_texts
from dlstudio.data.features.text_digest import TextDigest, digest_of
from dlstudio.data.tables.cell_store import StoredCells


class StoredTexts(Texts):
    """The texts in cells that are in a file; `values` reads all, each time anew.

    Args:
        cells: Whose texts they are.
    """

    _cells: StoredCells

    def __init__(self, cells: StoredCells) -> None:
        object.__setattr__(self, "_cells", cells)

    def __repr__(self) -> str:
        return f"StoredTexts({self._cells!r})"

    def __len__(self) -> int:
        return len(self._cells)

    @property
    def values(self) -> pl.Series:
        """The texts, read from the file."""
        return cell_texts(self._cells)

    @property
    def cells(self) -> StoredCells:
        """Where they are written."""
        return self._cells

    def pieces(self) -> Iterator[pl.Series]:
        """All texts, some at a time."""
        return (cell_texts(each) for each in self._cells.pieces())

    def take(self, indices: Indices) -> Texts:
        """Those at `indices`, in that order; where they are many, still in the file."""
        cells = self._cells.take(indices)
        if isinstance(cells, StoredCells):
            return StoredTexts(cells)
        return Texts(cell_texts(cells))

    def missing(self) -> Mask:
        """Where there is no text, bool (n,)."""
        return text_digest(self).missing()


def text_digest(column: Texts) -> TextDigest:
    """What is known of each text of a column; of a large table found only once."""
    if not isinstance(column, StoredTexts):
        return digest_of(column.pieces(), None)
    cells = column.cells
    if cells.rows is not None or cells.changes:
        found = text_digest(StoredTexts(cells.as_read()))
        if cells.changes:
            places, texts = zip(*cells.changes, strict=True)
            changed = cell_texts(Cells(pl.Series(texts, dtype=pl.String)))
            found = found.changed(np.array(places), digest_of([changed], None))
        return found if cells.rows is None else found.take(cells.rows)
    key, kept = (cells.key, TextDigest), cells.store.kept
    known = kept.get(key)
    if not isinstance(known, TextDigest):
        known = kept[key] = digest_of(column.pieces(), cells.store.file)
    return known

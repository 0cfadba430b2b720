"""Parsed columns of a large table: kept in its file, and read when they are needed."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from dlstudio.data.columns import Categories, Cells, Column, Indices, Mask, Numbers
from dlstudio.data.features.base import FeatureType, ParsedColumn
from dlstudio.data.tables.cell_store import StoredCells
from dlstudio.data.tables.scratch_file import Piece, ScratchFile, StoredArray
from dlstudio.document.feature import Feature


def parse_column(
    feature_type: FeatureType, cells: Cells, feature: Feature
) -> ParsedColumn:
    """Cells as values of a type, as `FeatureType.parse`; of a large table only once.

    Args:
        feature_type: Reads the cells.
        cells: All of a column, or some.
        feature: With its settings.
    """
    if not isinstance(cells, StoredCells) or cells.key is None:
        return feature_type.parse(cells, feature)
    store = cells.store
    key = cells.key, feature_type, feature.kind, feature.params

    def make() -> ParsedColumn:
        kept = store.kept.get(key)
        if isinstance(kept, _StoredColumn):
            return kept.read(store.file)
        parsed = feature_type.parse(cells, feature)
        again = cells.is_numeric and isinstance(parsed.column, Numbers)
        if not (again or cells.changes):  # which change with each edit
            store.kept[key] = _keep(parsed, store.file)
        return parsed

    found = store.recent.get(key, make)
    assert isinstance(found, ParsedColumn)
    return found


@dataclass(frozen=True, slots=True)
class _StoredColumn:
    """A parsed column in a file.

    Attributes:
        values: Numbers, or codes of names.
        names: Of the codes, as JSON; None for numbers.
        unreadable: bool (n,); None where there are none.
        reason: Why they are.
    """

    values: StoredArray
    names: Piece | None
    unreadable: StoredArray | None
    reason: str

    def read(self, file: ScratchFile) -> ParsedColumn:
        """The column."""
        values = file.read_array(self.values)
        unreadable = (
            np.zeros(len(values), bool)
            if self.unreadable is None
            else file.read_array(self.unreadable)
        )
        column: Column = Numbers(values)
        if self.names is not None:
            column = Categories(values, tuple(json.loads(file.read(self.names))))
        return ParsedColumn(column, unreadable, self.reason)


def _keep(parsed: ParsedColumn, file: ScratchFile) -> _StoredColumn | None:
    """Write a column into a file; None where it is of a type that is not kept."""
    column = parsed.column
    names: Piece | None = None
    if isinstance(column, Numbers):
        values = file.append_array(column.values)
    elif isinstance(column, Categories):
        values = file.append_array(column.codes)
        names = file.append(json.dumps(column.names).encode())
    else:
        return None
    odd = file.append_array(parsed.unreadable) if parsed.unreadable.any() else None
    return _StoredColumn(values, names, odd, parsed.reason)


class StoredParsedColumn(ParsedColumn):
    """A parsed column that is read from its file each time, but for the last few.

    All columns of a large table take as much memory as its file.

    Args:
        feature_type: Reads the cells.
        cells: In a file.
        feature: With its settings.
    """

    _of: tuple[FeatureType, StoredCells, Feature]

    def __init__(
        self, feature_type: FeatureType, cells: StoredCells, feature: Feature
    ) -> None:
        object.__setattr__(self, "_of", (feature_type, cells, feature))

    @property
    def column(self) -> Column:
        """One value for each cell."""
        return self._parsed().column

    @property
    def unreadable(self) -> Mask:
        """Cells that are not blank and not of this type, bool (n,)."""
        return self._parsed().unreadable

    @property
    def reason(self) -> str:
        """Why cells are unreadable."""
        return self._parsed().reason

    def take(self, indices: Indices) -> ParsedColumn:
        """The cells at `indices`, in that order; read when they are needed."""
        feature_type, cells, feature = self._of
        rows = cells.take(indices)
        if isinstance(rows, StoredCells):
            return StoredParsedColumn(feature_type, rows, feature)
        return feature_type.parse(rows, feature)

    def _parsed(self) -> ParsedColumn:
        feature_type, cells, feature = self._of
        if cells.key is not None:
            return parse_column(feature_type, cells, feature)
        found = cells.store.recent.get(self, lambda: feature_type.parse(cells, feature))
        assert isinstance(found, ParsedColumn)
        return found

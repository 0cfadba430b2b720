"""A parsed column of a large table, which is read from its file when it is needed."""

from __future__ import annotations

from dlstudio.data.columns import Column, Indices, Mask
from dlstudio.data.features.base import FeatureType, ParsedColumn
from dlstudio.data.tables.cell_store import StoredCells
from dlstudio.document.feature import Feature


class RereadColumn(ParsedColumn):
    """A column that is parsed again each time, but for the last few.

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
            return RereadColumn(feature_type, rows, feature)
        return feature_type.parse(rows, feature)

    def _parsed(self) -> ParsedColumn:
        feature_type, cells, feature = self._of
        found = cells.recent.get(
            self, lambda: feature_type.parse(cells.with_values(cells.values), feature)
        )
        assert isinstance(found, ParsedColumn)
        return found

"""Selection and cursor of the gallery. No Qt."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

SampleRows = npt.NDArray[np.int64]
NONE = -1


class GallerySelection:
    """Positions refer to the displayed samples, rows to the whole dataset.

    Attributes:
        rows: The displayed samples in order.
        current: Position of the cursor, or `NONE`.
    """

    def __init__(self) -> None:
        self.rows: SampleRows = np.zeros(0, np.int64)
        self.current = NONE
        self._anchor = NONE
        self._mask = np.zeros(0, np.bool_)

    def show(self, rows: SampleRows, total: int) -> None:
        """Show other samples; selected samples that remain stay selected.

        Args:
            total: Number of samples in the dataset; a different number resets.
        """
        keep = len(self._mask) == total
        here = self.row_at(self.current) if keep else NONE
        mask = np.zeros(total, np.bool_)
        if keep:
            mask[rows] = self._mask[rows]
        self.rows, self._mask = rows, mask
        self.current = self._anchor = self.position_of(here)

    def row_at(self, position: int) -> int:
        """The sample at a position, or `NONE`."""
        if 0 <= position < len(self.rows):
            return int(self.rows[position])
        return NONE

    def position_of(self, row: int) -> int:
        """The position of a sample, or `NONE`."""
        if row == NONE:
            return NONE
        at = int(np.searchsorted(self.rows, row))
        return at if at < len(self.rows) and self.rows[at] == row else NONE

    def has(self, row: int) -> bool:
        """Whether a sample is selected."""
        return bool(self._mask[row])

    def selected(self) -> SampleRows:
        """The selected samples in order."""
        return np.flatnonzero(self._mask).astype(np.int64)

    def count(self) -> int:
        """Number of selected samples."""
        return int(self._mask.sum())

    def choose(self, position: int) -> None:
        """Select a single cell."""
        self._mask[:] = False
        self._move_to(position)
        if position != NONE:
            self._mask[self.rows[position]] = True

    def toggle(self, position: int) -> None:
        """Add a cell to the selection, or remove it."""
        self._move_to(position)
        row = self.rows[position]
        self._mask[row] = not self._mask[row]

    def extend(self, position: int, keep: bool = False) -> None:
        """Select the range from the anchor to a position.

        Args:
            keep: Whether to keep the previous selection.
        """
        start = self._anchor if self._anchor != NONE else position
        if not keep:
            self._mask[:] = False
        first, last = sorted((start, position))
        self._mask[self.rows[first : last + 1]] = True
        self.current, self._anchor = position, start

    def move_cursor(self, position: int) -> None:
        """Move the cursor without changing the selection."""
        self.current = position

    def mask(self) -> npt.NDArray[np.bool_]:
        """A copy of the selection, as the starting point of a rubber band."""
        return np.array(self._mask, np.bool_)

    def band(self, positions: SampleRows, before: npt.NDArray[np.bool_]) -> None:
        """Select the cells in a rubber band in addition to the previous selection."""
        self._mask = before.copy()
        self._mask[self.rows[positions]] = True

    def all(self) -> None:
        """Select all displayed samples."""
        self._mask[self.rows] = True

    def clear(self) -> None:
        """Deselect all samples; the cursor stays."""
        self._mask[:] = False

    def _move_to(self, position: int) -> None:
        self.current = self._anchor = position

"""Rows that are looked up in a table, instead of a copy for each sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False, slots=True)
class CodedRows:
    """Rows of n samples, with the parts of an array's interface that feeding needs.

    Attributes:
        table: Different rows, (codes, ...).
        codes: Place in the table of each sample's row, (n,).
    """

    table: npt.NDArray[Any]
    codes: npt.NDArray[np.integer[Any]]

    base = None

    @property
    def shape(self) -> tuple[int, ...]:
        """(n, ...)."""
        return (len(self.codes), *self.table.shape[1:])

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return self.table.ndim

    @property
    def dtype(self) -> np.dtype[Any]:
        """Data type of the rows."""
        return self.table.dtype

    @property
    def itemsize(self) -> int:
        """Bytes of a value."""
        return self.table.itemsize

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, chosen: Any) -> npt.NDArray[Any]:
        """A copy of some rows."""
        rows: npt.NDArray[Any] = self.table[self.codes[chosen]]
        return rows

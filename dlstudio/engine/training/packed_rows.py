"""Packs scalars into matrices: one gather for all of them instead of one for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio.data.pipeline import Rows

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor


@dataclass(frozen=True, slots=True)
class PackedRows:
    """Which rows are columns of one matrix.

    Attributes:
        columns: Names of the rows in each matrix, by the matrix's name, which is its
            data type; they are scalars of that type.
    """

    columns: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, rows: Rows, names: Iterable[str]) -> PackedRows:
        """Scalars of the same type among those named, where there are several."""
        found: dict[str, list[str]] = {}
        for name in names:
            array = rows[name]
            if array.ndim == 1:
                found.setdefault(f"({array.dtype})", []).append(name)
        several = {kind: tuple(names) for kind, names in found.items() if names[1:]}
        return cls(several)

    def pack(self, rows: Rows) -> dict[str, npt.NDArray[np.generic]]:
        """Matrices (n, columns), and everything else as it is."""
        inside = {name for names in self.columns.values() for name in names}
        packed = {name: array for name, array in rows.items() if name not in inside}
        for matrix, names in self.columns.items():
            packed[matrix] = np.stack([rows[name] for name in names], axis=1)
        return packed

    def gather(self, pool: Mapping[str, Tensor], places: Tensor) -> dict[str, Tensor]:
        """The rows at `places` by name; those of a matrix are (batch, 1)."""
        found: dict[str, Tensor] = {}
        for name, values in pool.items():
            batch = tf.gather(values, places)
            names = self.columns.get(name)
            if names is None:
                found[name] = batch
            else:
                columns = tf.split(batch, len(names), axis=1)
                found |= dict(zip(names, columns, strict=True))
        return found

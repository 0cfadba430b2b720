"""How the values of one column are stored: plain arrays that know nothing of types.

A feature type (`dlstudio.data.features`) reads one kind of column and gives another; a
source yields columns under names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import polars as pl

Indices = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[Any]
"""One row for each sample, ready for the device: (n, ...)."""
Fitted = Mapping[str, Any]
"""What a feature has learned from the training split; plain JSON."""


class Column(Protocol):
    """Values of n samples, in their order."""

    def __len__(self) -> int: ...

    def take(self, indices: Indices) -> Column:
        """Those at `indices`, in that order."""

    def missing(self) -> Mask:
        """Where there is no value, bool (n,)."""


@dataclass(frozen=True, eq=False, slots=True)
class Cells:
    """Cells of a table as they were read, before anybody knows their type.

    Attributes:
        values: A series of strings, or of numbers, booleans, dates where the file
            itself has types (Parquet, Excel, JSON). Null where a cell is blank.
        folder: Absolute folder where relative paths in cells begin; "" for the current
            folder, as of values that are typed.
    """

    values: pl.Series
    folder: str = ""

    known: ClassVar[str] = ""
    """Kind of the feature type, where the source knows it; "" where cells say it."""

    def __len__(self) -> int:
        return len(self.values)

    def take(self, indices: Indices) -> Cells:
        """Those at `indices`, in that order."""
        return self.with_values(self.values.gather(indices))

    def with_values(self, values: pl.Series) -> Cells:
        """Other cells of the same column."""
        return Cells(values, self.folder)

    def in_folder(self, folder: str) -> Cells:
        """The same cells, whose relative paths begin in a folder."""
        return Cells(self.values, folder)

    def missing(self) -> Mask:
        """Where a cell is blank, bool (n,)."""
        return self.values.is_null().to_numpy()

    def pieces(self) -> Iterator[Cells]:
        """All cells, of a large table some at a time."""
        yield self

    def every(self, step: int) -> Cells:
        """Every so many of the cells, from the first on."""
        return self.with_values(self.values.gather_every(step)) if step > 1 else self

    def plain_numbers(self) -> npt.NDArray[np.float64] | None:
        """The cells as numbers, if it is known that all are; NaN where one is blank."""
        return None


@dataclass(frozen=True, eq=False, slots=True)
class Numbers:
    """Numbers.

    Attributes:
        values: float64 (n,); NaN where there is none.
    """

    values: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.values)

    def take(self, indices: Indices) -> Numbers:
        """Those at `indices`, in that order."""
        return Numbers(self.values[indices])

    def missing(self) -> Mask:
        """Where there is no number, bool (n,)."""
        return np.isnan(self.values)


@dataclass(frozen=True, eq=False, slots=True)
class Categories:
    """One name out of a few for each sample.

    Attributes:
        codes: Places in `names`, int32 (n,); -1 where there is none.
        names: All names that occur, and perhaps more.
    """

    codes: npt.NDArray[np.int32]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, indices: Indices) -> Categories:
        """Those at `indices`, in that order; all names are kept."""
        return replace(self, codes=self.codes[indices])

    def missing(self) -> Mask:
        """Where there is no name, bool (n,)."""
        return np.asarray(self.codes < 0)

    def counts(self) -> npt.NDArray[np.int64]:
        """How often each name occurs, int64 (names,)."""
        present = self.codes[self.codes >= 0]
        return np.bincount(present, minlength=len(self.names)).astype(np.int64)


@dataclass(frozen=True, eq=False, slots=True)
class CategorySets:
    """Any number of names for each sample.

    Attributes:
        values: uint8 of 0 and 1, shape (n, names).
        names: All names.
    """

    values: npt.NDArray[np.uint8]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.values)

    def take(self, indices: Indices) -> CategorySets:
        """Those at `indices`, in that order; all names are kept."""
        return replace(self, values=self.values[indices])

    def missing(self) -> Mask:
        """Nowhere: no name at all is a value, too. bool (n,)."""
        return np.zeros(len(self.values), bool)

    def counts(self) -> npt.NDArray[np.int64]:
        """How often each name occurs, int64 (names,)."""
        return np.asarray(self.values.sum(axis=0, dtype=np.int64))


@dataclass(frozen=True, eq=False, slots=True)
class Texts:
    """A text for each sample.

    Attributes:
        values: A series of strings (n,); null where there is none.
    """

    values: pl.Series

    def __len__(self) -> int:
        return len(self.values)

    def take(self, indices: Indices) -> Texts:
        """Those at `indices`, in that order."""
        return Texts(self.values.gather(indices))

    def pieces(self) -> Iterator[pl.Series]:
        """All texts, of a large table some at a time."""
        yield self.values

    def missing(self) -> Mask:
        """Where there is no text, bool (n,)."""
        return self.values.is_null().to_numpy()

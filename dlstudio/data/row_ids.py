"""Ids of the rows of a table: their numbers, made into text only where needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np

from dlstudio.data.columns import Indices


class RowIds(Sequence[str]):
    """The numbers of rows as ids; a million of them take 8 MB.

    Args:
        numbers: Each row's number in the file, int64 (n,).
    """

    def __init__(self, numbers: Indices) -> None:
        self.numbers = numbers

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> RowIds: ...

    def __getitem__(self, index: int | slice) -> str | RowIds:
        if isinstance(index, slice):
            return RowIds(self.numbers[index])
        return str(self.numbers[index])

    def __iter__(self) -> Iterator[str]:
        return map(str, self.numbers.tolist())

    def take(self, indices: Indices) -> RowIds:
        """Those at `indices`, in that order."""
        return RowIds(self.numbers[indices])

    def places(self, ids: Sequence[str]) -> Indices:
        """Places of the rows with some ids, ascending, int64; unknown ids are skipped.

        Args:
            ids: As in the recipe.
        """
        wanted = [int(id) for id in ids if id.isdecimal()]
        found = np.flatnonzero(np.isin(self.numbers, wanted))
        return found.astype(np.int64)


def take_ids(ids: Sequence[str], indices: Indices) -> Sequence[str]:
    """The ids at `indices`, in that order."""
    if isinstance(ids, RowIds):
        return ids.take(indices)
    return tuple(ids[index] for index in indices.tolist())

"""Columns of a table of text whose cells are all plain numbers, seen while it is read.

Most columns of a large table are: their numbers are kept beside the texts, so that
nothing has to read these again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from dlstudio.data.tables.null_marks import known_marks
from dlstudio.data.tables.scratch_file import ScratchFile, StoredArray

Values = npt.NDArray[np.float64]


class NumericColumns:
    """The numbers of columns that have hardly anything else in them.

    Other cells are blank, or words such as “NA” that mean the same.

    Args:
        names: Of all columns.
        file: Where the numbers are kept.
    """

    def __init__(self, names: Sequence[str], file: ScratchFile) -> None:
        self._file = file
        self._pieces: dict[str, list[StoredArray]] = {name: [] for name in names}
        self._marks: dict[str, set[str]] = {name: set() for name in names}
        self._counts = dict.fromkeys(names, 0)

    def add(self, frame: pl.DataFrame) -> None:
        """Look at the next rows.

        Args:
            frame: All columns, of strings.

        Raises:
            OSError: The disk is full.
        """
        names = list(self._pieces)
        read = frame.select(pl.col(names).cast(pl.Float64, strict=False))
        for texts in frame:
            marks = self._marks[texts.name]
            if texts.name in self._pieces:
                marks |= self._add(read[texts.name], texts)
            else:
                marks |= set(known_marks(texts))

    def is_numeric(self, name: str) -> bool:
        """Whether a column has numbers, and nothing else but blank cells and marks."""
        return name in self._pieces and self._counts[name] > 0

    def marks(self, name: str) -> set[str]:
        """The texts of a column that may mean that there is no value."""
        return self._marks[name]

    def values(self, name: str) -> Values:
        """The numbers of a column, float64 (n,); NaN where there is none."""
        pieces = self._pieces[name]
        found = np.empty(sum(each.shape[0] for each in pieces), np.float64)
        start = 0
        for each in pieces:
            self._file.read_into(each, found[start : start + each.shape[0]])
            start += each.shape[0]
        return found

    def _add(self, numbers: pl.Series, texts: pl.Series) -> set[str]:
        """Keep numbers, unless something else is among them; returns the marks."""
        values = np.asarray(numbers.to_numpy(), np.float64)
        finite = np.isfinite(values)
        marks: set[str] = set()
        if not finite.all():
            marks = set(known_marks(texts))
            others = texts.filter(pl.Series(~finite)).drop_nulls().unique()
            if not marks.issuperset(others.to_list()):
                del self._pieces[texts.name]
                return marks
            values = np.where(finite, values, np.nan)
        self._counts[texts.name] += int(np.count_nonzero(finite))
        self._pieces[texts.name].append(self._file.append_array(values))
        return marks

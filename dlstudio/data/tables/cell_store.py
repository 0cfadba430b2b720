"""Cells of a large table in a temporary file, a column of which is read when needed.

The cells of a table of text take two to three times the size of its file in memory, of
which a glance at one column after the other needs little. The file has no name where
the system allows that, and goes with the process, however it ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from dlstudio.data.columns import Cells, Indices, Mask
from dlstudio.data.tables.numeric_columns import NumericColumns
from dlstudio.data.tables.recent_values import RecentValues
from dlstudio.data.tables.scratch_file import Piece, ScratchFile
from dlstudio.data.tables.thinned_rows import ThinnedRows, on_its_own

FEW_PIECES = 4
"""Pieces of which the last is kept when some rows are read, as a view scrolls there."""
MANY_ROWS = 100_000
"""So many rows that are taken stay in the file."""


Changes = tuple[tuple[int, str | None], ...]
"""Places of rows, each with the text that is there."""


class CellStore:
    """The columns of one table in a file.

    Args:
        names: Of the columns of the frames that are added.
        steps: Of so many rows one stays in memory, too.

    Raises:
        OSError: No file can be made.
    """

    def __init__(self, names: Sequence[str], steps: Iterable[int] = ()) -> None:
        self.file = ScratchFile()
        self._pieces: dict[str, list[Piece]] = {name: [] for name in names}
        self._ends: list[int] = []
        self._numeric = NumericColumns(names, self.file)
        self._thinned = ThinnedRows(steps)
        self.recent = RecentValues()
        self.kept: dict[object, object] = {}

    def add(self, frame: pl.DataFrame) -> None:
        """Write the next rows.

        Args:
            frame: With the columns of the table, which are strings.

        Raises:
            OSError: The disk is full.
        """
        for values in frame:
            piece = self.file.append_by(values.to_frame().write_ipc)
            self._pieces[values.name].append(piece)
        self._numeric.add(frame)
        self._thinned.add(frame)
        self._ends.append(frame.height + (self._ends[-1] if self._ends else 0))

    def column(self, name: str) -> StoredCells:
        """All cells of a column, once everything is added."""
        return StoredCells(self, name)

    def marks(self, name: str) -> set[str]:
        """The texts of a column that may mean that there is no value."""
        return self._numeric.marks(name)

    def is_numeric(self, name: str) -> bool:
        """Whether a column has `numbers`; but for blank cells and marks."""
        return self._numeric.is_numeric(name)

    def thinned(self, name: str, step: int) -> pl.Series | None:
        """Every so many cells of a column, where they are in memory."""
        return self._thinned.column(name, step)

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """A column of numbers, float64 (n,); NaN where there is none."""
        return self._numeric.values(name)

    @property
    def ends(self) -> list[int]:
        """The row behind each piece of a column."""
        return self._ends

    def read(self, name: str, numbers: Sequence[int]) -> pl.Series:
        """Pieces of a column, joined."""
        found = [self._read(self._pieces[name][number]) for number in numbers]
        return pl.concat(found, rechunk=True) if len(found) > 1 else found[0]

    def _read(self, piece: Piece) -> pl.Series:
        return pl.read_ipc(self.file.read(piece)).to_series()


class StoredCells(Cells):
    """Cells in a file; `values` reads them, each time anew.

    Args:
        store: With the column.
        internal: The column's name there.
        name: What the column is called.
        blanks: Texts that mean that there is no value.
        rows: Which of the rows, int64 (n,); None for all.
        folder: Where relative paths begin; see `Cells`.
        changes: Cells instead of those in the file, by the place among all rows.
    """

    _store: CellStore
    _internal: str
    _name: str
    _blanks: tuple[str, ...]
    _rows: Indices | None
    _changes: Changes
    _last: tuple[int, pl.Series | None]

    def __init__(
        self,
        store: CellStore,
        internal: str,
        name: str = "",
        blanks: Sequence[str] = (),
        rows: Indices | None = None,
        folder: str = "",
        changes: Changes = (),
    ) -> None:
        put = object.__setattr__
        put(self, "_store", store)
        put(self, "_internal", internal)
        put(self, "_name", name or internal)
        put(self, "_blanks", tuple(blanks))
        put(self, "_rows", rows)
        put(self, "_changes", tuple(sorted(changes)))
        put(self, "_last", (-1, None))
        put(self, "folder", folder)

    def __repr__(self) -> str:
        return f"StoredCells({self._name!r}, {len(self)} cells)"

    def __len__(self) -> int:
        return self._store.ends[-1] if self._rows is None else len(self._rows)

    @property
    def values(self) -> pl.Series:
        """The cells, read from the file."""
        found = self._read(range(len(self._store.ends)))
        return found if self._rows is None else found.gather(self._rows)

    @property
    def store(self) -> CellStore:
        """The table whose column this is."""
        return self._store

    @property
    def rows(self) -> Indices | None:
        """Which of the table's rows these are, int64 (n,); None for all."""
        return self._rows

    @property
    def changes(self) -> Changes:
        """Cells instead of those in the file."""
        return self._changes

    def as_read(self) -> StoredCells:
        """The cells of the whole column as they are in the file."""
        store, internal = self._store, self._internal
        return StoredCells(store, internal, self._name, self._blanks, None, self.folder)

    def changed(self, changes: Mapping[int, str | None]) -> StoredCells:
        """These cells, of all rows, with others in some places.

        Args:
            changes: Texts by the place among all rows.
        """
        store, internal, blanks = self._store, self._internal, self._blanks
        found = tuple({**dict(self._changes), **changes}.items())
        return StoredCells(
            store, internal, self._name, blanks, self._rows, self.folder, found
        )

    @property
    def key(self) -> object:
        """The same for the same cells; None for some of the rows."""
        place = self._internal, self._blanks, self.folder, self._changes
        return place if self._rows is None else None

    @property
    def is_numeric(self) -> bool:
        """Whether there are `plain_numbers`."""
        return not self._changes and self._store.is_numeric(self._internal)

    def texts(self) -> Iterator[pl.Series]:
        """The cells as they are written, some at a time; of all rows."""
        for number in range(len(self._store.ends)):
            yield self._store.read(self._internal, [number])

    def pieces(self) -> Iterator[Cells]:
        """All cells, some at a time."""
        rows = self._rows
        if rows is not None and (rows[1:] < rows[:-1]).any():
            yield self.with_values(self.values)
            return
        start = 0
        for number, end in enumerate(self._store.ends):
            found = self._read_alone(number)
            if rows is not None:
                first, last = np.searchsorted(rows, [start, end])
                found = found.gather(rows[first:last] - start)
            yield self.with_values(found)
            start = end

    def every(self, step: int) -> Cells:
        """Every so many of the cells, from the first on; in memory."""
        if self._rows is not None:
            return self.take(np.arange(0, len(self), step))
        kept = self._store.thinned(self._internal, step)
        if kept is not None:
            return self.with_values(self._with_changes(self._cleared(kept), 0, step))
        found, start = [], 0
        for each in self.pieces():
            found.append(each.values.gather_every(step, -start % step))
            start += len(each)
        return self.with_values(pl.concat(found, rechunk=True))

    def plain_numbers(self) -> npt.NDArray[np.float64] | None:
        """The cells as numbers, if it is known that all are; NaN where one is blank."""
        if not self.is_numeric:
            return None
        found = self._store.numbers(self._internal)
        return found if self._rows is None else found[self._rows]

    def called(self, name: str, blanks: Sequence[str] = ()) -> StoredCells:
        """The same cells under another name.

        Args:
            name: What the column is called.
            blanks: Texts that mean that there is no value.
        """
        store, internal, rows = self._store, self._internal, self._rows
        changes = self._changes
        return StoredCells(store, internal, name, blanks, rows, self.folder, changes)

    def in_folder(self, folder: str) -> StoredCells:
        """The same cells, whose relative paths begin in a folder."""
        return self._other(self._rows, folder)

    def _other(self, rows: Indices | None, folder: str) -> StoredCells:
        store, internal, name = self._store, self._internal, self._name
        changes = self._changes
        return StoredCells(store, internal, name, self._blanks, rows, folder, changes)

    def take(self, indices: Indices) -> Cells:
        """Those at `indices`, in that order; where they are many, still in the file."""
        rows = indices if self._rows is None else self._rows[indices]
        if len(rows) > MANY_ROWS:
            return self._other(rows, self.folder)
        ends = np.array(self._store.ends, np.int64)
        pieces = np.searchsorted(ends, rows, "right")
        wanted = np.unique(pieces)
        if not len(rows):
            return self.with_values(self._read_alone(0).clear())
        read = self._piece if len(wanted) <= FEW_PIECES else self._read_alone
        parts = []
        for number in wanted.tolist():
            start = ends[number - 1] if number else 0
            some = read(number).gather(rows[pieces == number] - start)
            if len(wanted) > FEW_PIECES:
                some = on_its_own(some.to_frame()).to_series()
            parts.append(some)
        order = np.argsort(np.argsort(pieces, kind="stable"))
        return self.with_values(pl.concat(parts, rechunk=True).gather(order))

    def missing(self) -> Mask:
        """Where a cell is blank, bool (n,)."""
        numbers = self.plain_numbers()
        if numbers is not None:
            return np.isnan(numbers)
        return np.concatenate([each.missing() for each in self.pieces()])

    def _piece(self, number: int) -> pl.Series:
        """A piece; the last one is kept, as a view that scrolls asks for it again."""
        last, values = self._last
        if last != number:
            values = self._read_alone(number)
            object.__setattr__(self, "_last", (number, values))
        assert isinstance(values, pl.Series)
        return values

    def _read_alone(self, number: int) -> pl.Series:
        start = self._store.ends[number - 1] if number else 0
        found = self._cleared(self._store.read(self._internal, [number]))
        return self._with_changes(found, start)

    def _read(self, numbers: Sequence[int]) -> pl.Series:
        found = self._cleared(self._store.read(self._internal, numbers))
        return self._with_changes(found, 0)

    def _with_changes(self, values: pl.Series, start: int, step: int = 1) -> pl.Series:
        """Cells of the file, or others in their places.

        Args:
            values: Every so many of the cells.
            start: The row of the first one.
            step: Of so many rows one is there.
        """
        end = start + len(values) * step
        found = [
            ((row - start) // step, text)
            for row, text in self._changes
            if start <= row < end and not (row - start) % step
        ]
        if not found:
            return values
        places, texts = zip(*found, strict=True)
        return values.scatter(places, pl.Series(texts, dtype=pl.String))

    def _cleared(self, values: pl.Series) -> pl.Series:
        """Cells as they are written, under their column's name and without marks."""
        found = values.alias(self._name)
        if self._blanks:
            found = found.set(found.is_in(self._blanks).fill_null(False), None)
        return found

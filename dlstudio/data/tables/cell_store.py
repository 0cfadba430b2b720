"""Cells of a large table in a temporary file, a column of which is read when needed.

The cells of a table of text take two to three times the size of its file in memory, of
which a glance at one column after the other needs little. The file has no name where
the system allows that, and goes with the process, however it ends.
"""

from __future__ import annotations

import io
import tempfile
import weakref
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import IO

import numpy as np
import polars as pl

from dlstudio.data.columns import Cells, Indices, Mask
from dlstudio.paths import user_cache

FEW_PIECES = 4
"""Pieces that are read one by one for some rows; for more the whole column is."""
RECENT = 3
MANY_ROWS = 100_000
"""So many rows that are taken stay in the file."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Cells of a column, one after the other, in the file.

    Attributes:
        start: Of its first byte.
        size: Bytes.
    """

    start: int
    size: int


class RecentValues:
    """The last few values that were made, of any number of threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._values: OrderedDict[object, object] = OrderedDict()

    def get(self, key: object, make: Callable[[], object]) -> object:
        """The value of a key, made unless it is one of the last few.

        Args:
            key: Whose value it is.
            make: Makes it, perhaps twice at the same time.
        """
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        made = make()
        with self._lock:
            self._values[key] = made
            while len(self._values) > RECENT:
                self._values.popitem(last=False)
        return made


class CellStore:
    """The columns of one table in a file.

    Args:
        names: Of the columns of the frames that are added.

    Raises:
        OSError: No file can be made.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._file = _temporary_file()
        weakref.finalize(self, self._file.close)
        self._lock = Lock()
        self._end = 0
        self._pieces: dict[str, list[Piece]] = {name: [] for name in names}
        self._ends: list[int] = []
        self.recent = RecentValues()

    def add(self, frame: pl.DataFrame) -> None:
        """Write the next rows.

        Args:
            frame: With the columns of the table.

        Raises:
            OSError: The disk is full.
        """
        for values in frame:
            packed = io.BytesIO()
            values.to_frame().write_ipc(packed)
            data = packed.getbuffer()
            self._pieces[values.name].append(Piece(self._end, len(data)))
            self._file.write(data)
            self._end += len(data)
        self._ends.append(frame.height + (self._ends[-1] if self._ends else 0))

    def column(self, name: str) -> StoredCells:
        """All cells of a column, once everything is added."""
        self._file.flush()
        return StoredCells(self, name)

    @property
    def ends(self) -> list[int]:
        """The row behind each piece of a column."""
        return self._ends

    def read(self, name: str, numbers: Sequence[int]) -> pl.Series:
        """Pieces of a column, joined."""
        found = [self._read(self._pieces[name][number]) for number in numbers]
        return pl.concat(found, rechunk=True) if len(found) > 1 else found[0]

    def _read(self, piece: Piece) -> pl.Series:
        with self._lock:
            self._file.seek(piece.start)
            data = self._file.read(piece.size)
        return pl.read_ipc(io.BytesIO(data)).to_series()


class StoredCells(Cells):
    """Cells in a file; `values` reads them, each time anew.

    Args:
        store: With the column.
        internal: The column's name there.
        name: What the column is called.
        blanks: Texts that mean that there is no value.
        rows: Which of the rows, int64 (n,); None for all.
        folder: Where relative paths begin; see `Cells`.
    """

    _store: CellStore
    _internal: str
    _name: str
    _blanks: tuple[str, ...]
    _rows: Indices | None
    _last: tuple[int, pl.Series | None]

    def __init__(
        self,
        store: CellStore,
        internal: str,
        name: str = "",
        blanks: Sequence[str] = (),
        rows: Indices | None = None,
        folder: str = "",
    ) -> None:
        put = object.__setattr__
        put(self, "_store", store)
        put(self, "_internal", internal)
        put(self, "_name", name or internal)
        put(self, "_blanks", tuple(blanks))
        put(self, "_rows", rows)
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
    def recent(self) -> RecentValues:
        """What was made last of columns of this table."""
        return self._store.recent

    def called(self, name: str, blanks: Sequence[str] = ()) -> StoredCells:
        """The same cells under another name.

        Args:
            name: What the column is called.
            blanks: Texts that mean that there is no value.
        """
        store, internal = self._store, self._internal
        return StoredCells(store, internal, name, blanks, self._rows, self.folder)

    def in_folder(self, folder: str) -> StoredCells:
        """The same cells, whose relative paths begin in a folder."""
        return self._other(self._rows, folder)

    def _other(self, rows: Indices | None, folder: str) -> StoredCells:
        name, blanks = self._name, self._blanks
        return StoredCells(self._store, self._internal, name, blanks, rows, folder)

    def take(self, indices: Indices) -> Cells:
        """Those at `indices`, in that order; where they are many, still in the file."""
        rows = indices if self._rows is None else self._rows[indices]
        if len(rows) > MANY_ROWS:
            return self._other(rows, self.folder)
        ends = np.array(self._store.ends, np.int64)
        pieces = np.searchsorted(ends, rows, "right")
        wanted = np.unique(pieces)
        if len(wanted) > FEW_PIECES or not len(rows):
            return self.with_values(self._read(range(len(ends))).gather(rows))
        starts = np.concatenate([[0], ends[:-1]])
        found = pl.concat([self._piece(number) for number in wanted.tolist()])
        sizes = (ends - starts)[wanted]
        before = np.cumsum(sizes) - sizes
        place = np.searchsorted(wanted, pieces)
        return self.with_values(found.gather(rows - starts[pieces] + before[place]))

    def missing(self) -> Mask:
        """Where a cell is blank, bool (n,)."""
        return self.values.is_null().to_numpy()

    def _piece(self, number: int) -> pl.Series:
        """A piece; the last one is kept, as a view that scrolls asks for it again."""
        last, values = self._last
        if last != number:
            values = self._read([number])
            object.__setattr__(self, "_last", (number, values))
        assert isinstance(values, pl.Series)
        return values

    def _read(self, numbers: Sequence[int]) -> pl.Series:
        found = self._store.read(self._internal, numbers).alias(self._name)
        if self._blanks:
            found = found.set(found.is_in(self._blanks).fill_null(False), None)
        return found


def _temporary_file() -> IO[bytes]:
    """A file that is gone when it is closed; beside caches, which are on a disk."""
    folder = user_cache()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryFile(prefix="table-", dir=folder)
    except OSError:
        return tempfile.TemporaryFile(prefix="table-")

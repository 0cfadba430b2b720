"""Windows of running text: pieces of one buffer, which are made into strings if needed.

Neighbors have their last and first token in common, so that each token but the very
first one is predicted once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from dlstudio.data.columns import Cells, Indices, Mask, Rows

PIECE = 16 * 2**20
"""Bytes of the buffer that are looked at together."""
AT_ONCE = 50_000
"""Windows that are made into strings together."""
CONTINUES, FIRST_BITS = 0x80, 0xC0
"""What the first two bits of a byte are within a character of UTF-8, and which these
are."""


@dataclass(frozen=True, eq=False, slots=True)
class TextWindows:
    """Windows of a text: a column that is never a list of strings.

    Attributes:
        buffer: The text in UTF-8, uint8 (bytes,), perhaps mapped from a file.
        starts: First byte of each window, int64 (n,).
        ends: The byte behind each window, int64 (n,).
    """

    buffer: npt.NDArray[np.uint8]
    starts: Indices
    ends: Indices

    def __len__(self) -> int:
        return len(self.starts)

    def take(self, indices: Indices) -> TextWindows:
        """Those at `indices`, in that order."""
        return replace(self, starts=self.starts[indices], ends=self.ends[indices])

    def missing(self) -> Mask:
        """Nowhere, bool (n,)."""
        return np.zeros(len(self), bool)

    def texts(self) -> list[str]:
        """All windows as strings."""
        pairs = zip(self.starts.tolist(), self.ends.tolist(), strict=True)
        return [self.buffer[a:b].tobytes().decode("utf-8", "replace") for a, b in pairs]

    def pieces(self) -> Iterator[TextWindows]:
        """All windows, some at a time."""
        for start in range(0, len(self), AT_ONCE):
            some = slice(start, start + AT_ONCE)
            yield replace(self, starts=self.starts[some], ends=self.ends[some])

    def series(self) -> pl.Series:
        """All windows as a series of strings."""
        made = [pl.Series(each.texts(), dtype=pl.String) for each in self.pieces()]
        return pl.concat(made) if made else pl.Series([], dtype=pl.String)

    def lengths(self) -> Indices:
        """Characters of each window, int64 (n,)."""
        found = [np.zeros(0, np.int64)]
        for some in self.pieces():
            first = int(some.starts.min())
            part = some.buffer[first : int(some.ends.max())]
            before = np.concatenate([[0], np.cumsum((part & FIRST_BITS) != CONTINUES)])
            found.append(before[some.ends - first] - before[some.starts - first])
        return np.concatenate(found).astype(np.int64)


class WindowCells(Cells):
    """Windows as the cells of a column.

    Args:
        windows: All of them.
        unit: "characters" or "words".
        size: Characters or words of a window at most.
        name: What the column is called.
    """

    known = "dlstudio.features.continuous_text"
    windows: TextWindows
    unit: str
    size: int
    name: str

    def __init__(self, windows: TextWindows, unit: str, size: int, name: str) -> None:
        put = object.__setattr__
        put(self, "windows", windows)
        put(self, "unit", unit)
        put(self, "size", size)
        put(self, "name", name)
        put(self, "folder", "")

    def __repr__(self) -> str:
        return f"WindowCells({self.name!r}, {len(self)} windows)"

    def __len__(self) -> int:
        return len(self.windows)

    @property
    def values(self) -> pl.Series:
        """The windows as strings, made anew each time."""
        return self.windows.series().alias(self.name)

    def _of(self, windows: TextWindows) -> WindowCells:
        return WindowCells(windows, self.unit, self.size, self.name)

    def take(self, indices: Indices) -> WindowCells:
        """Those at `indices`, in that order."""
        return self._of(self.windows.take(indices))

    def in_folder(self, folder: str) -> WindowCells:
        """The same cells, which name no paths."""
        del folder
        return self

    def missing(self) -> Mask:
        """Nowhere, bool (n,)."""
        return self.windows.missing()

    def pieces(self) -> Iterator[Cells]:
        """All cells, some at a time."""
        return map(self._of, self.windows.pieces())

    def every(self, step: int) -> WindowCells:
        """Every so many of the cells, from the first on."""
        return self.take(np.arange(0, len(self), step, dtype=np.int64))


@dataclass(frozen=True, eq=False, slots=True)
class WindowRows:
    """Windows as rows, with the parts of an array's interface that rows need.

    Attributes:
        windows: All of them.
    """

    windows: TextWindows

    base = None
    ndim = 1
    dtype = np.dtype(object)

    @property
    def shape(self) -> tuple[int]:
        """(n,)."""
        return (len(self.windows),)

    @property
    def nbytes(self) -> int:
        """Bytes of all windows in UTF-8."""
        return int((self.windows.ends - self.windows.starts).sum())

    @property
    def itemsize(self) -> int:
        """Bytes of a window on average, at least one."""
        return max(1, self.nbytes // max(1, len(self)))

    def __len__(self) -> int:
        return len(self.windows)

    def __getitem__(self, chosen: slice | npt.ArrayLike) -> npt.NDArray[np.object_]:
        """Some windows, as strings."""
        everything = np.arange(len(self))
        if isinstance(chosen, slice):
            places = everything[chosen]
        else:
            places = np.asarray(everything[np.asarray(chosen)])
        found = np.empty(places.size, object)
        found[:] = self.windows.take(places.reshape(-1)).texts()
        return found.reshape(places.shape)

    def __array__(
        self, dtype: npt.DTypeLike | None = None, copy: bool | None = None
    ) -> npt.NDArray[Any]:
        """All windows, as strings."""
        del dtype, copy
        return self[:]

    def coded(self) -> tuple[npt.NDArray[np.int32], Rows]:
        """The place of each window, int32 (n,), and these rows: hardly any is twice."""
        return np.arange(len(self), dtype=np.int32), cast("Rows", self)

    def arrays(self) -> Iterator[npt.NDArray[Any]]:
        """Where windows begin and end, int64 (n,) each, then the text, uint8."""
        yield self.windows.starts
        yield self.windows.ends
        yield self.windows.buffer


def character_windows(
    buffer: npt.NDArray[np.uint8], start: int, end: int, size: int
) -> TextWindows:
    """Windows of so many characters; the last one may be shorter.

    Args:
        buffer: Text in UTF-8.
        start, end: Where the windows begin and end in it, in bytes.
        size: Characters of a window, at least 3.
    """
    return _windows(buffer, _character_starts, start, end, size)


def word_windows(
    buffer: npt.NDArray[np.uint8], start: int, end: int, size: int
) -> TextWindows:
    """Windows of so many words, with the blanks between them.

    Args:
        buffer: Text in UTF-8.
        start, end: Where the windows begin and end in it, in bytes.
        size: Words of a window, at least 3.
    """
    return _windows(buffer, _word_starts, start, end, size)


def _windows(
    buffer: npt.NDArray[np.uint8],
    starts_of: Callable[[npt.NDArray[np.uint8], int, int], Iterator[Indices]],
    start: int,
    end: int,
    size: int,
) -> TextWindows:
    """Windows of tokens: each begins at the last token of the one before."""
    step = size - 1
    none = np.zeros(0, np.int64)
    firsts, behind, seen = [none], [none], 0
    for tokens in starts_of(buffer, start, end):
        numbers = np.arange(seen, seen + len(tokens))
        firsts.append(tokens[numbers % step == 0])
        # A window ends where the token behind its last one begins.
        behind.append(tokens[(numbers % step == 1) & (numbers > step)])
        seen += len(tokens)
    count = max(0, -(-(seen - 1) // step))  # one token alone predicts nothing
    ends = np.full(count, end, np.int64)
    found = np.concatenate(behind)[:count]
    ends[: len(found)] = found
    return TextWindows(buffer, np.concatenate(firsts)[:count], ends)


def _character_starts(
    buffer: npt.NDArray[np.uint8], start: int, end: int
) -> Iterator[Indices]:
    """The first byte of each character, piece by piece."""
    for begin in range(start, end, PIECE):
        part = buffer[begin : min(end, begin + PIECE)]
        found = np.flatnonzero((part & FIRST_BITS) != CONTINUES)
        yield (found + begin).astype(np.int64)


def _word_starts(
    buffer: npt.NDArray[np.uint8], start: int, end: int
) -> Iterator[Indices]:
    """The first byte of each word, piece by piece; blanks are those of ASCII."""
    before = True
    for begin in range(start, end, PIECE):
        part = buffer[begin : min(end, begin + PIECE)]
        blank = (part == 32) | ((part >= 9) & (part <= 13))
        previous = np.concatenate([[before], blank[:-1]])
        yield (np.flatnonzero(~blank & previous) + begin).astype(np.int64)
        before = bool(blank[-1])

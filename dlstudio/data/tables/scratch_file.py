"""A temporary file for what is too large for memory; it goes with the process."""

from __future__ import annotations

import tempfile
import weakref
from dataclasses import dataclass
from threading import Lock
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from dlstudio.paths import user_cache


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes, one after the other, in the file.

    Attributes:
        start: Of its first byte.
        size: Bytes.
    """

    start: int
    size: int


@dataclass(frozen=True, slots=True)
class StoredArray:
    """An array in the file.

    Attributes:
        piece: Where it is.
        dtype: Of NumPy.
        shape: (n, ...).
    """

    piece: Piece
    dtype: np.dtype[Any]
    shape: tuple[int, ...]


class ScratchFile:
    """Appends to a file, and reads from it, on any number of threads.

    The file has no name where the system allows that, and goes with the process,
    however it ends.

    Raises:
        OSError: No file can be made.
    """

    def __init__(self) -> None:
        self._file = _temporary_file()
        weakref.finalize(self, self._file.close)
        self._lock = Lock()
        self._end = 0

    def append(self, data: bytes | memoryview) -> Piece:
        """Write some bytes behind all others.

        Raises:
            OSError: The disk is full.
        """
        with self._lock:
            piece = Piece(self._end, len(data))
            self._file.seek(piece.start)
            self._file.write(data)
            self._end += piece.size
        return piece

    def append_array(self, values: npt.NDArray[Any]) -> StoredArray:
        """Write an array behind everything else.

        Raises:
            OSError: The disk is full.
        """
        plain = np.ascontiguousarray(values)
        piece = self.append(plain.reshape(-1).view(np.uint8).data)
        return StoredArray(piece, plain.dtype, plain.shape)

    def read(self, piece: Piece) -> bytes:
        """The bytes of a piece."""
        with self._lock:
            self._file.seek(piece.start)
            return self._file.read(piece.size)

    def read_array(self, stored: StoredArray) -> npt.NDArray[Any]:
        """An array, read-only."""
        found = np.frombuffer(self.read(stored.piece), stored.dtype)
        return found.reshape(stored.shape)


def _temporary_file() -> IO[bytes]:
    """A file that is gone when it is closed; beside caches, which are on a disk."""
    folder = user_cache()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryFile(prefix="table-", dir=folder)
    except OSError:
        return tempfile.TemporaryFile(prefix="table-")

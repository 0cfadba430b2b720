"""A temporary file for what is too large for memory; it goes with the process."""

from __future__ import annotations

import errno
import io
import mmap
import os
import tempfile
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import IO, Any, cast

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

        def write(file: IO[bytes]) -> None:
            left = memoryview(data)
            while len(left):  # an unbuffered file may write a part only
                left = left[file.write(left) :]

        return self.append_by(write)

    def append_by(self, write: Callable[[IO[bytes]], object]) -> Piece:
        """Let something write into the file itself, behind everything else.

        Args:
            write: Called with the file, which is unbuffered and where it should begin.

        Raises:
            OSError: The disk is full.
        """
        with self._lock:
            start = self._file.seek(self._end)
            write(self._file)
            self._end = self._file.tell()
            return Piece(start, self._end - start)

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
            found = self._file.read(piece.size)
            while len(found) < piece.size:  # as of `append`
                more = self._file.read(piece.size - len(found))
                if not more:
                    raise _ends_early()
                found += more
        return found

    def mapped(self) -> mmap.mmap:
        """Everything that was written, at least a byte, mapped into memory."""
        with self._lock:
            self._file.flush()
            return mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)

    def read_array(self, stored: StoredArray) -> npt.NDArray[Any]:
        """An array, read-only."""
        found = np.frombuffer(self.read(stored.piece), stored.dtype)
        return found.reshape(stored.shape)

    def read_into(self, stored: StoredArray, target: npt.NDArray[Any]) -> None:
        """Read an array into one of the same form, which is contiguous."""
        left = memoryview(target.reshape(-1).view(np.uint8).data)
        with self._lock:
            self._file.seek(stored.piece.start)
            while len(left):
                count = cast("io.RawIOBase", self._file).readinto(left)
                if not count:
                    raise _ends_early()
                left = left[count:]


def _ends_early() -> OSError:
    return OSError(errno.EIO, os.strerror(errno.EIO))


def _temporary_file() -> IO[bytes]:
    """A file that is gone when it is closed; beside caches, which are on a disk."""
    folder = user_cache()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryFile(buffering=0, prefix="table-", dir=folder)
    except OSError:
        return tempfile.TemporaryFile(buffering=0, prefix="table-")

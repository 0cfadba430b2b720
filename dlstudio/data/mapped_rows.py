"""Rows of a large dataset in a mapped file, so that they take no memory."""

from __future__ import annotations

import mmap
import tempfile
import weakref
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import IO

import numpy as np

from dlstudio.data.features.base import Rows
from dlstudio.paths import user_errors

PIECE = 2**22
"""Bytes that are looked at at a time."""


class MappedRows:
    """Writes arrays into a file that is gone when nobody uses them any more.

    Args:
        folder: For the file; made if need be.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[bytes] | None = None
        self._lock = Lock()
        self._end = 0

    def put(self, count: int, parts: Iterable[Rows]) -> Rows:
        """The same rows, mapped read-only; may be called on several threads.

        Args:
            count: Of all rows, at least one.
            parts: Arrays that follow each other; the first is not empty.

        Raises:
            UserError: The file cannot be written.
        """
        with user_errors(self._folder, writing=True):
            start = at = -1
            for rows in parts:
                flat = np.ascontiguousarray(rows)
                if at < 0:
                    start = at = self._reserve(count * flat[0].nbytes)
                with self._lock:
                    file = self._open()
                    file.seek(at)
                    file.write(flat.reshape(-1).view(np.uint8).data)
                    file.flush()
                at += flat.nbytes
        return np.memmap(file, rows.dtype, "r", start, (count, *rows.shape[1:]))

    def _reserve(self, size: int) -> int:
        """The first byte of some room in the file, where a mapping may begin."""
        page = mmap.ALLOCATIONGRANULARITY
        with self._lock:
            start = self._end
            self._end += -(-size // page) * page
        return start

    def _open(self) -> IO[bytes]:
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = tempfile.TemporaryFile(  # noqa: SIM115, it stays open
                prefix="rows-", dir=self._folder
            )
            weakref.finalize(self, self._file.close)
        return self._file

"""Rows of a large dataset in a mapped file, so that they take no memory."""

from __future__ import annotations

import mmap
import tempfile
import weakref
from pathlib import Path
from typing import IO

import numpy as np

from dlstudio.data.features.base import Rows
from dlstudio.paths import user_errors

PIECE = 2**22
"""Bytes that are written, or looked at, at a time."""


class MappedRows:
    """Writes arrays into a file that is gone when nobody uses them any more.

    Args:
        folder: For the file; made if need be.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[bytes] | None = None

    def put(self, rows: Rows) -> Rows:
        """The same rows, mapped read-only.

        Args:
            rows: Any array with at least one element.

        Raises:
            UserError: The file cannot be written.
        """
        with user_errors(self._folder, writing=True):
            file = self._open()
            page = mmap.ALLOCATIONGRANULARITY
            start = -(-file.seek(0, 2) // page) * page
            file.seek(start)
            flat = np.ascontiguousarray(rows)
            step = max(1, PIECE * len(flat) // max(1, flat.nbytes))
            for first in range(0, len(flat), step):
                file.write(flat[first : first + step].data)
            file.flush()
        return np.memmap(file, rows.dtype, "r", start, rows.shape)

    def _open(self) -> IO[bytes]:
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = tempfile.TemporaryFile(  # noqa: SIM115, it stays open
                prefix="rows-", dir=self._folder
            )
            weakref.finalize(self, self._file.close)
        return self._file

"""The journal of written rows, with checksums."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dlstudio.errors import UserError
from dlstudio.json_file import read_regular

ENTRY = np.dtype([("row", "<u4"), ("crc", "<u4"), ("content", "V32"), ("check", "<u4")])
"""A journal entry: row, CRC-32 of its values, SHA-256 of its source."""

LARGEST_FILE = 1 << 30
"""Most bytes of a listing or journal."""

Entries = npt.NDArray[np.void]


class DamagedCache(Exception):
    """The files are inconsistent and must be rebuilt."""


def read_journal(path: Path) -> Entries:
    """The valid entries of a journal; a truncated last one is ignored.

    Raises:
        DamagedCache: It is not a regular file, or larger than any journal.
    """
    try:
        data = read_regular(path, LARGEST_FILE)
    except FileNotFoundError:
        data = b""
    except UserError as error:
        raise DamagedCache from error
    whole = len(data) // ENTRY.itemsize
    entries = np.frombuffer(data, ENTRY, whole)
    right = entries["check"] == np.array(entry_checks(entries), np.uint32)
    return np.asarray(entries[right])


def unique_entries(entries: Entries) -> Entries:
    """The last entry of each row, by row."""
    _rows, last = np.unique(entries["row"][::-1], return_index=True)
    return entries[::-1][last]


def entry_checks(entries: Entries) -> list[int]:
    """The checksum of each entry."""
    data, size = memoryview(entries.tobytes()), ENTRY.itemsize
    starts = range(0, len(data), size)
    return [zlib.crc32(data[start : start + size - 4]) for start in starts]


def contents_of(entries: Entries) -> list[bytes]:
    """The content hash of each entry's source."""
    data = np.ascontiguousarray(entries["content"]).tobytes()
    size = ENTRY["content"].itemsize
    return [data[start : start + size] for start in range(0, len(data), size)]

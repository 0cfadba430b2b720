"""Prepared images on disk: rows of one size, with a journal of written rows.

A row is written before its journal entry, and an entry has the checksums of its row and
of itself. So the journal only lists rows that exist, whenever the program is killed.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from dlstudio.data.images.cache.row_journal import (
    ENTRY,
    DamagedCache,
    Entries,
    entry_checks,
    read_journal,
    unique_entries,
)
from dlstudio.data.images.columns import Pixels
from dlstudio.errors import UserError
from dlstudio.json_file import open_regular, read_json
from dlstudio.paths import sync_folder, write_bytes
from dlstudio.safe_files import make_folder, open_file

ROWS, KEPT = "rows.u8", "kept.u8"
LISTING, JOURNAL, DONE = "listing.json", "journal.bin", "done.json"
PIECE = 8 * 2**20
"""Bytes read or copied at a time."""
NO_CHECKSUM = -1
CHECKED = 1 << 30
"""Bytes of a finished set whose checksums are verified when it is opened."""


@dataclass(frozen=True)
class CacheRecord:
    """The record of a finished set.

    Attributes:
        file: Name of the file that holds the rows.
        count: Number of rows in it.
        skipped: Ids of samples without a row, each with the reason.
    """

    file: str
    count: int
    skipped: tuple[tuple[str, str], ...]


class RowCache:
    """The files of one prepared set.

    Args:
        folder: Folder of the set.
        shape: Shape of a row: (height, width, channels).
        below: Folder below which no link is followed; by default the set's parent.
    """

    def __init__(
        self, folder: Path, shape: tuple[int, int, int], below: Path | None = None
    ) -> None:
        self.folder = folder
        self.below = below or folder.parent
        self.shape = shape
        self.row_bytes = int(np.prod(shape))

    def begin(self, tokens: Sequence[str]) -> Entries:
        """Create the files for writing, or resume existing ones.

        Args:
            tokens: Token of each row's source; stored for reuse by later sets.

        Returns:
            The journal entries of intact rows.

        Raises:
            DamagedCache: The existing files cannot be resumed.
            UserError: The path contains a link.
        """
        make_folder(self.folder, self.below)
        (self.folder / DONE).unlink(missing_ok=True)
        (self.folder / KEPT).unlink(missing_ok=True)
        if not (self.folder / LISTING).exists():
            text = json.dumps(list(tokens), ensure_ascii=True)
            write_bytes(self.folder / LISTING, text.encode(), below=self.below)
        entries = read_journal(self.folder / JOURNAL)
        entries = entries[entries["row"] < len(tokens)]
        rows = self.folder / ROWS
        with open_file(rows, self.below, "update") as stream:
            entries = self._sound(rows, entries, entries["row"])
            stream.truncate(len(tokens) * self.row_bytes)
        journal = self.folder / JOURNAL
        write_bytes(journal, entries.tobytes(), below=self.below)
        return entries

    @contextmanager
    def writer(self) -> Iterator[RowWriter]:
        """Open the files for writing rows and their entries."""
        # Unbuffered: a killed program leaves whole rows, and the journal is never ahead
        # of them.
        with (
            open_file(self.folder / ROWS, self.below, "update") as rows,
            open_file(self.folder / JOURNAL, self.below, "append") as journal,
        ):
            yield RowWriter(rows, journal, self.row_bytes)
        sync_folder(self.folder)

    def finish(self, skipped: Sequence[tuple[str, str]]) -> tuple[CacheRecord, Entries]:
        """Finish the set: rows without images are removed from the file."""
        entries = unique_entries(read_journal(self.folder / JOURNAL))
        name = KEPT if skipped else ROWS
        if skipped:
            self._copy_rows(entries["row"], self.folder / KEPT)
        done = CacheRecord(name, len(entries), tuple(skipped))
        text = json.dumps(
            {"file": name, "count": done.count, "skipped": [*map(list, skipped)]}
        )
        write_bytes(self.folder / DONE, text.encode(), below=self.below)
        if skipped:
            (self.folder / ROWS).unlink()
        return done, entries

    def open_done(self) -> tuple[CacheRecord, Entries] | None:
        """The finished set, verified; None if it is not finished.

        Raises:
            DamagedCache: The files are inconsistent.
        """
        if not os.path.lexists(self.folder / DONE):
            return None
        done = read_done(self.folder / DONE)
        if done is None:
            raise DamagedCache
        entries = unique_entries(read_journal(self.folder / JOURNAL))
        path = self.folder / done.file
        self._check_done(path, done, entries)
        return done, entries

    def images(self, done: CacheRecord) -> Pixels:
        """The rows, memory-mapped read-only: uint8 (count, h, w, c)."""
        shape = (done.count, *self.shape)
        return np.memmap(self.folder / done.file, np.uint8, "r", 0, shape)

    def _check_done(self, path: Path, done: CacheRecord, entries: Entries) -> None:
        try:
            with open_regular(path) as stream:
                size = stream.seek(0, os.SEEK_END)
        except (OSError, UserError) as error:
            raise DamagedCache from error
        if len(entries) != done.count or size != done.count * self.row_bytes:
            raise DamagedCache
        places = np.arange(done.count, dtype=np.int64)
        step = max(1, -(-size // CHECKED))
        chosen = entries[::step]
        if len(self._sound(path, chosen, places[::step])) != len(chosen):
            raise DamagedCache

    def _sound(
        self, path: Path, entries: Entries, places: npt.NDArray[np.int64]
    ) -> Entries:
        """The entries whose rows, at the indices `places`, have the right checksum."""
        if not len(entries):
            return entries
        order = np.argsort(places, kind="stable")
        found: list[int] = []
        with open_regular(path) as stream:
            for first, last in runs(places[order].tolist()):
                stream.seek(int(places[order[first]]) * self.row_bytes)
                found += (self._checksum(stream) for _row in range(first, last))
        sound = np.zeros(len(entries), bool)
        sound[order] = entries["crc"][order] == np.array(found, np.int64)
        return entries[sound]

    def _checksum(self, stream: BinaryIO) -> int:
        """The checksum of the next row; an impossible value if it is truncated."""
        data = stream.read(self.row_bytes)
        return zlib.crc32(data) if len(data) == self.row_bytes else NO_CHECKSUM

    def _copy_rows(self, rows: npt.NDArray[np.int64], target: Path) -> None:
        with (
            open_regular(self.folder / ROWS) as source,
            open_file(target, self.below, "new") as stream,
        ):
            for row in rows.tolist():
                source.seek(row * self.row_bytes)
                write_all(stream, source.read(self.row_bytes))


class RowWriter:
    """Writes rows of one set; thread-safe.

    Args:
        rows: File of the rows, open for writing.
        journal: File of the journal, open for appending.
        row_bytes: Size of a row in bytes.
    """

    def __init__(self, rows: FileIO, journal: FileIO, row_bytes: int) -> None:
        self._rows, self._journal = rows, journal
        self._row_bytes = row_bytes
        self._lock = threading.Lock()

    def write(
        self, rows: Sequence[int], pixels: Pixels, contents: Sequence[bytes]
    ) -> None:
        """Write images, uint8 (n, h, w, c), to their rows, then their entries.

        Args:
            rows: Row index of each image, n numbers.
            pixels: The images, uint8 (n, h, w, c).
            contents: A 32-byte content digest for each.
        """
        entries = np.zeros(len(rows), ENTRY)
        entries["row"] = rows
        pixels = np.ascontiguousarray(pixels)
        entries["crc"] = [zlib.crc32(each) for each in pixels]
        entries["content"] = np.frombuffer(b"".join(contents), "V32")
        entries["check"] = entry_checks(entries)
        with self._lock:
            for first, last in runs(rows):
                self._rows.seek(rows[first] * self._row_bytes)
                write_all(self._rows, pixels[first:last].data)
            write_all(self._journal, entries.tobytes())


def read_done(path: Path) -> CacheRecord | None:
    """The record of a finished set; None if it cannot be read."""
    try:
        item = read_json(path)
        pairs = tuple((str(name), str(why)) for name, why in item["skipped"])
        done = CacheRecord(str(item["file"]), int(item["count"]), pairs)
    except (OSError, UserError, ValueError, LookupError, TypeError):
        return None
    return done if done.file in (ROWS, KEPT) else None


def write_all(stream: BinaryIO, data: bytes | memoryview) -> None:
    """Write all data to an unbuffered file, handling partial writes."""
    view = memoryview(data).cast("B")
    while view:
        view = view[stream.write(view) :]


def runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Bounds of consecutive numbers: [4, 5, 9] → [(0, 2), (2, 3)]."""
    breaks = np.flatnonzero(np.diff(rows) != 1) + 1
    edges = [0, *breaks.tolist(), len(rows)]
    return list(pairwise(edges))


def digest(text: str) -> str:
    """A short digest of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]

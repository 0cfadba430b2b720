"""Rows of earlier sets, copied instead of decoded again."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import TypeAlias

from dlstudio.data.images.cache.row_cache import DONE, JOURNAL, KEPT, LISTING, ROWS
from dlstudio.data.images.cache.row_journal import (
    LARGEST_FILE,
    DamagedCache,
    read_journal,
    unique_entries,
)
from dlstudio.errors import UserError
from dlstudio.json_file import open_regular, read_json

Copy: TypeAlias = "tuple[bytes, bytes] | None"
"""Values of a row of an earlier set and the hash of its content, if there is one."""


class ReusableRows:
    """Rows of earlier sets with the same settings, to copy instead of decode."""

    def __init__(self, row_bytes: int) -> None:
        self._row_bytes = row_bytes
        self._by_token: dict[str, tuple[Path, int, int, bytes]] = {}
        self._by_content: dict[bytes, tuple[Path, int, int, bytes]] = {}

    def add(self, folder: Path) -> None:
        """Add the rows of a folder; a damaged one is ignored."""
        try:
            tokens = read_json(folder / LISTING, LARGEST_FILE)
            entries = unique_entries(read_journal(folder / JOURNAL))
            packed = (folder / KEPT).exists() and (folder / DONE).exists()
        except (OSError, UserError, DamagedCache):
            return
        if not isinstance(tokens, list) or not all(isinstance(t, str) for t in tokens):
            return
        for place, entry in enumerate(entries):
            row = int(entry["row"])
            path = folder / (KEPT if packed else ROWS)
            content = entry["content"].tobytes()
            found = (path, place if packed else row, int(entry["crc"]), content)
            if row < len(tokens):
                self._by_token[tokens[row]] = found
            self._by_content[content] = found

    def by_token(self, token: str) -> Copy:
        """The row of an unchanged file: (values, content); or None."""
        return self._read(self._by_token.get(token))

    def by_content(self, content: bytes) -> Copy:
        """The row made from the same bytes: (values, content); or None."""
        return self._read(self._by_content.get(content))

    def _read(self, found: tuple[Path, int, int, bytes] | None) -> Copy:
        if found is None:
            return None
        path, place, crc, content = found
        try:
            with open_regular(path) as stream:
                stream.seek(place * self._row_bytes)
                data = stream.read(self._row_bytes)
        except (OSError, UserError):
            return None
        whole = len(data) == self._row_bytes and zlib.crc32(data) == crc
        return (data, content) if whole else None

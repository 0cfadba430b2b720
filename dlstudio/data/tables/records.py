"""Blocks of whole records of a table of text, with quotation marks by the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dlstudio.data.tables.layout import Layout
from dlstudio.data.tables.quotes import LONGEST_RECORD, RecordReader, repair

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
NEW_LINE, RETURN, QUOTE = b'\n\r"'
IN_CACHE = 2**18
"""Bytes that are looked at at a time: more of them would take new memory."""
LONGEST_OPEN = 16 * LONGEST_RECORD


@dataclass(frozen=True, slots=True)
class RecordBlock:
    """Some records of a table, one after the other.

    Attributes:
        data: UTF-8; each record ends with a line end, the file's last one perhaps not.
        line: The first one's, from 1.
        stray_lines: Lines whose quotation marks are read as text.
        nulls: Characters NUL that were removed.
        lines: How many line ends are in `data`.
    """

    data: bytes
    line: int
    stray_lines: tuple[int, ...] = ()
    nulls: int = 0
    lines: int = 0


class RecordBlocks:
    """Cuts the text of a table into blocks of whole records.

    Args:
        chunks: The text in UTF-8, cut anywhere.
        layout: The lines above its first row are passed over.
    """

    def __init__(self, chunks: Iterable[bytes], layout: Layout) -> None:
        self._chunks = chunks
        self._delimiter = layout.delimiter
        self._quoted = layout.quoted
        self._reader = RecordReader(layout.delimiter, layout.quoted)
        self._skip = layout.first_line - 1
        self._line = 1

    def __iter__(self) -> Iterator[RecordBlock]:
        rest = b""
        for chunk, final in _marked_last(self._chunks):
            nulls = chunk.count(b"\0") if b"\0" in chunk else 0  # that is faster
            if final or nulls or self._skip or self._may_be_quoted(rest, chunk):
                data = rest + (chunk.replace(b"\0", b"") if nulls else chunk)
                data = self._below_header(data)
                block, rest = self._cut(data, final)
                lines = count_byte(data, NEW_LINE) - count_byte(rest, NEW_LINE)
            else:  # most blocks; large ones are not copied twice
                end = chunk.rfind(b"\n") + 1
                data = b"".join((rest if end else b"", memoryview(chunk)[:end]))
                block = RecordBlock(data, self._line)
                rest = chunk[end:] if end else rest + chunk
                lines = count_byte(data, NEW_LINE)
            if block.data or nulls:
                self._line += lines
                stray = block.stray_lines
                yield RecordBlock(block.data, block.line, stray, nulls, lines)

    def _may_be_quoted(self, *texts: bytes) -> bool:
        return self._quoted and any(b'"' in each for each in texts)

    def _below_header(self, data: bytes) -> bytes:
        start = 0
        while self._skip and (end := data.find(b"\n", start) + 1):
            start = end
            self._skip -= 1
            self._line += 1
        return b"" if self._skip else data[start:]

    def _cut(self, data: bytes, final: bool) -> tuple[RecordBlock, bytes]:
        """The whole records at the beginning of some text, and what is left."""
        if not self._quoted or b'"' not in data:
            end = len(data) if final else data.rfind(b"\n") + 1
            return RecordBlock(data[:end], self._line), data[end:]
        text = np.frombuffer(data, np.uint8)
        quotes = np.flatnonzero(text == QUOTE)
        end = len(data) if final else _last_line_end(text, quotes)
        if end and follows_rules(text, quotes[quotes < end], self._delimiter):
            return RecordBlock(data[:end], self._line), data[end:]
        if not end and len(data) < LONGEST_OPEN:
            return RecordBlock(b"", self._line), data
        return self._repaired(data, final)

    def _repaired(self, data: bytes, final: bool) -> tuple[RecordBlock, bytes]:
        end = len(data) if final else data.rfind(b"\n") + 1
        text = data[:end].decode("utf-8", "replace")
        found = repair(self._reader, text, self._delimiter, final)
        rest = text[found.consumed :].encode() + data[end:]
        lines = tuple(self._line + each for each in found.lines)
        return RecordBlock(found.text.encode(), self._line, lines), rest


def count_byte(data: bytes, value: int) -> int:
    """How often a byte occurs; where that is often, faster than `bytes.count`."""
    text = np.frombuffer(data, np.uint8)
    starts = range(0, len(text), IN_CACHE)
    return sum(int(np.count_nonzero(text[s : s + IN_CACHE] == value)) for s in starts)


def _marked_last(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each chunk, and whether it is the last one."""
    before: bytes | None = None
    for chunk in chunks:
        if before is not None:
            yield before, False
        before = chunk
    if before is not None:
        yield before, True


def _last_line_end(text: Bytes, quotes: Places) -> int:
    """The place behind the last line end that is not within quotation marks; or 0."""
    ends = np.flatnonzero(text == NEW_LINE)
    outside = ends[np.searchsorted(quotes, ends) % 2 == 0]
    return int(outside[-1]) + 1 if len(outside) else 0


def follows_rules(text: Bytes, quotes: Places, delimiter: str) -> bool:
    """Whether quotation marks stand around whole cells, and twice within them.

    Args:
        text: Begins with a record.
        quotes: Where its quotation marks are.
        delimiter: One character.
    """
    if len(quotes) % 2:
        return False
    mark = delimiter.encode()
    if len(mark) > 1:
        return False
    opening, closing = quotes[::2], quotes[1::2]
    before = text[np.maximum(opening - 1, 0)]
    last = len(text) - 1
    after = text[np.minimum(closing + 1, last)]
    returned = (after == RETURN) & (text[np.minimum(closing + 2, last)] == NEW_LINE)
    before = (before == NEW_LINE) | (before == mark[0]) | (opening == 0)
    behind = (after == NEW_LINE) | (after == mark[0]) | returned | (closing == last)
    doubled = opening[1:] == closing[:-1] + 1
    before[1:] |= doubled
    behind[:-1] |= doubled
    return bool(before.all() and behind.all())


@dataclass(frozen=True, eq=False, slots=True)
class BlockScan:
    """How the records of a block lie.

    Attributes:
        lines: The first line of each, int64 (records,).
        widths: Their cells, int64 (records,).
        blank: Whether nothing is on their line, bool (records,).
    """

    lines: npt.NDArray[np.int64]
    widths: npt.NDArray[np.int64]
    blank: npt.NDArray[np.bool_]


def scan_block(block: RecordBlock, layout: Layout) -> BlockScan:
    """Find the records of a block, without reading their cells."""
    text = np.frombuffer(block.data, np.uint8)
    ends = np.flatnonzero(text == NEW_LINE)
    marks = np.flatnonzero(text == ord(layout.delimiter))
    all_ends = ends
    if layout.quoted and b'"' in block.data:
        quotes = np.flatnonzero(text == QUOTE)
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
        marks = marks[np.searchsorted(quotes, marks) % 2 == 0]
    if not block.data.endswith(b"\n"):
        ends = np.append(ends, len(text))
    starts = np.append(0, ends[:-1] + 1)
    counts = np.diff(np.searchsorted(marks, ends), prepend=0)
    lines = block.line + np.searchsorted(all_ends, starts)
    inner = ends - starts
    only_return = (inner == 1) & (text[np.minimum(starts, len(text) - 1)] == RETURN)
    return BlockScan(lines, counts + 1, (inner == 0) | only_return)

"""Tables of text, such as CSV: read in blocks, so that hardly more than the table
itself is in memory at any time."""

from __future__ import annotations

from codecs import BOM_UTF8
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from dlstudio.data.columns import Cells, Indices
from dlstudio.data.tables.cell_store import CellStore
from dlstudio.data.tables.frame_writer import FrameWriter, long_bytes
from dlstudio.data.tables.header import unnamed_columns
from dlstudio.data.tables.layout import Layout, find_layout
from dlstudio.data.tables.line_tally import LineTally
from dlstudio.data.tables.note_text import Notes
from dlstudio.data.tables.null_marks import MarkTally, read_marks
from dlstudio.data.tables.quotes import RecordReader
from dlstudio.data.tables.records import (
    BlockScan,
    RecordBlock,
    RecordBlocks,
    count_byte,
    scan_block,
)
from dlstudio.data.tables.row_findings import (
    blank_rows,
    long_rows,
    null_characters,
    repeated_headers,
    short_rows,
    stray_quotes,
)
from dlstudio.data.tables.table import Table, TableOptions
from dlstudio.data.tables.text_chunks import CHUNK, FileText, open_text
from dlstudio.data.tables.thinned_rows import steps_of

HEAD = 2**20  # bytes that show how a table is laid out
HELD, PIECE = 2**21, 2**21
"""Cells that are held in memory before all go into a file, and in each piece of it."""
HELD_BYTES, PIECE_BYTES = 2**25, 2**22
"""Likewise bytes of long texts."""
BYTES_PER_COLUMN = 2**11
"""A block has so many for each column: it costs something for each of them."""


def read_delimited(path: Path, options: TableOptions) -> Table:
    """Read a table of text.

    Args:
        path: Any text; what is between its cells is found.
        options: What the user knows about it.

    Raises:
        UserError: It is empty, is no table, or has another encoding.
        OSError: It cannot be read.
    """
    text, layout = text_layout(path, options)
    table = DelimitedReader(text, layout).read()
    return replace(table, notes=(*text.notes, *layout.notes, *table.notes))


def text_layout(path: Path, options: TableOptions) -> tuple[FileText, Layout]:
    """How a table of text is laid out; only its beginning is read.

    Args:
        path: Any text; what is between its cells is found.
        options: What the user knows about it.

    Raises:
        UserError: It is empty, or no table.
        OSError: It cannot be read.
    """
    text = open_text(path, options.encoding)
    head, whole = text.head(HEAD)
    if b"\n" not in head and b"\r" in head:
        text = replace(text, old_line_ends=True)
        head = head.replace(b"\r", b"\n")
    if not whole:
        head = head[: head.rfind(b"\n") + 1] or head
    return text, find_layout(path, head.decode("utf-8", "replace"), whole, options)


class DelimitedReader:
    """Reads the rows of a table whose layout is known."""

    def __init__(self, text: FileText, layout: Layout) -> None:
        self._text, self._layout = text, layout
        self._internal = [f"c{number}" for number in range(layout.width)]
        self._schema = dict.fromkeys(self._internal, pl.String())
        self._header = ",".join(self._internal).replace(",", layout.delimiter)
        self._frames: list[pl.DataFrame] = []
        self._held = self._held_bytes = 0
        self._store: CellStore | None = None
        self._writer: FrameWriter | None = None
        self._numbers: list[npt.NDArray[np.int64]] = []
        self._rows = 0
        self._nulls = 0
        self._long, self._short = LineTally(), LineTally()
        self._blank, self._repeated = LineTally(), LineTally()
        self._stray = LineTally()

    def read(self) -> Table:
        """The table.

        Raises:
            UserError: It has another encoding.
            OSError: It cannot be read.
        """
        size = max(CHUNK, BYTES_PER_COLUMN * self._layout.width)
        with ExitStack() as self._open:
            for block in RecordBlocks(self._text.chunks(size), self._layout):
                self._nulls += block.nulls
                self._stray.add(block.stray_lines)
                if block.data:
                    self._add(block)
            if self._writer is not None:
                self._write(self._writer)
                self._writer.finish()
        numbers = np.concatenate([np.zeros(0, np.int64), *self._numbers])
        return self._table(numbers)

    def _add(self, block: RecordBlock) -> None:
        frame, scan = self._read_even(block)
        if frame is None:
            scan = scan_block(block, self._layout)
            self._count_widths(scan)
            frame = self._read_uneven(block.data, len(scan.lines))
        self._take(frame, block.line, scan)

    def _read_even(
        self, block: RecordBlock
    ) -> tuple[pl.DataFrame | None, BlockScan | None]:
        """A block whose rows are as wide as they should be, which two counts tell."""
        data, mark = block.data, ord(self._layout.delimiter)
        rows = block.lines + (not data.endswith(b"\n"))
        quoted = self._layout.quoted and b'"' in data
        if quoted or data.startswith(BOM_UTF8):  # which Polars would leave out
            return None, None
        if count_byte(data, mark) != rows * (self._layout.width - 1):
            return None, None
        try:
            frame = pl.read_csv(
                data,
                separator=self._layout.delimiter,
                quote_char='"' if self._layout.quoted else None,
                has_header=False,
                schema=self._schema,
            )
        except pl.exceptions.PolarsError:  # one is too wide, another too narrow
            return None, None
        return (frame, None) if frame.height == rows else (None, None)

    def _read_uneven(self, data: bytes, rows: int) -> pl.DataFrame:
        """A block whose rows have been counted."""
        try:
            frame = self._parse(data)
        except pl.exceptions.ComputeError:  # rules that Polars sees in another way
            return self._parse_slowly(data)
        return frame if frame.height == rows else self._parse_slowly(data)

    def _parse(self, data: bytes) -> pl.DataFrame:
        return pl.read_csv(
            self._header.encode() + b"\n" + data,
            separator=self._layout.delimiter,
            quote_char='"' if self._layout.quoted else None,
            infer_schema=False,
            truncate_ragged_lines=True,
        )

    def _parse_slowly(self, data: bytes) -> pl.DataFrame:
        reader = RecordReader(self._layout.delimiter, self._layout.quoted)
        width = self._layout.width
        rows = [
            [*each.cells, *[""] * width][:width]
            for each in reader.records(data.decode("utf-8", "replace"))
        ]
        return pl.DataFrame(rows, schema=self._schema, orient="row")

    def _count_widths(self, scan: BlockScan) -> None:
        width = self._layout.width
        filled = ~scan.blank
        self._long.add(scan.lines[filled & (scan.widths > width)])
        self._short.add(scan.lines[filled & (scan.widths < width)])

    def _take(self, frame: pl.DataFrame, line: int, scan: BlockScan | None) -> None:
        """Keep the rows of a block that are not blank and no repeated header."""
        lines = np.arange(line, line + frame.height) if scan is None else scan.lines
        blank = _blank_rows(frame)
        repeated = self._repeated_header(frame)
        self._blank.add(lines[blank])
        self._repeated.add(lines[repeated])
        numbers = self._rows + np.cumsum(~blank, dtype=np.int64)
        self._rows += int(np.count_nonzero(~blank))
        kept = ~(blank | repeated)
        if not kept.all():
            frame, numbers = frame.filter(pl.Series(kept)), numbers[kept]
        self._frames.append(frame)
        self._numbers.append(numbers)
        self._held += frame.height * frame.width
        self._held_bytes += long_bytes(frame)
        if self._holds_enough():
            self._write(self._writer or self._new_writer())

    def _holds_enough(self) -> bool:
        """Whether what is held should go into the file."""
        if self._writer is None:
            return self._held > HELD or self._held_bytes > HELD_BYTES
        return self._held > PIECE or self._held_bytes > PIECE_BYTES

    def _new_writer(self) -> FrameWriter:
        rows = self._text.lines - self._layout.first_line + 1
        steps = steps_of(rows, self._layout.width)
        self._store = CellStore(self._internal, steps)
        self._writer = self._open.enter_context(
            FrameWriter(self._store, PIECE, PIECE_BYTES)
        )
        return self._writer

    def _write(self, writer: FrameWriter) -> None:
        """Put what was read into a file."""
        if self._frames:
            writer.add(self._frames)
        self._frames.clear()
        self._held = self._held_bytes = 0

    def _repeated_header(self, frame: pl.DataFrame) -> npt.NDArray[np.bool_]:
        header = self._layout.header
        found = np.zeros(frame.height, bool)
        if len([cell for cell in header if cell.strip()]) < 2:
            return found
        rows: npt.NDArray[np.int64] | None = None
        for name, cell in zip(self._internal, header, strict=True):
            column = frame[name] if rows is None else frame[name].gather(rows)
            same = (column.fill_null("") == cell).to_numpy()
            rows = np.flatnonzero(same) if rows is None else rows[same]
            if not len(rows):
                return found
        found[rows] = True
        return found

    def _table(self, numbers: Indices) -> Table:
        header = self._layout.header
        columns: dict[str, Cells] = {}
        unnamed: list[str] = []
        read, marks = self._columns()
        for number, (name, cells) in enumerate(read.items()):
            if header and not header[number].strip():
                if cells.missing().all():  # a delimiter ends each line
                    continue
                unnamed.append(name)
            columns[name] = cells
        notes = (*unnamed_columns(unnamed), *self._notes(), *marks)
        return Table(columns, numbers, notes)

    def _columns(self) -> tuple[dict[str, Cells], Notes]:
        """All columns, blank where a mark says so, and what was found about these."""
        if self._store is None:
            empty = pl.DataFrame(schema=self._schema)
            frame = pl.concat([empty, *self._frames], rechunk=True)
            self._frames.clear()
            read = read_marks(frame, self._layout.names)
            return {n: Cells(each) for n, each in read.columns.items()}, read.notes
        tally = MarkTally()
        columns: dict[str, Cells] = {}
        for internal, name in zip(self._internal, self._layout.names, strict=True):
            cells = self._store.column(internal)
            blanks = tally.look(name, self._store.marks(internal), cells.texts)
            columns[name] = cells.called(name, blanks)
        return columns, tally.notes()

    def _notes(self) -> Notes:
        width = self._layout.width
        return (
            *long_rows(width, self._long.count, self._long.lines),
            *short_rows(width, self._short.count, self._short.lines),
            *repeated_headers(self._repeated.count, self._repeated.lines),
            *blank_rows(self._blank.count, self._blank.lines),
            *stray_quotes(self._stray.count, self._stray.lines),
            *null_characters(self._nulls),
        )


def _blank_rows(frame: pl.DataFrame) -> npt.NDArray[np.bool_]:
    """Rows without a cell, bool (n,)."""
    names = frame.columns
    first = frame[names[0]].is_null()
    if not first.any():
        return np.zeros(frame.height, bool)
    found = frame.select(pl.all_horizontal(pl.col(names).is_null())).to_series()
    return found.to_numpy()

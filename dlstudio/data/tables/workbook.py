"""Spreadsheets: Excel (.xlsx, .xlsm, .xls) and OpenDocument (.ods).

They are read with the extra "excel". Formulas give the values that were saved with
them; macros are not run, and links to other files not followed.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from dlstudio.data.columns import Cells
from dlstudio.data.findings import Finding
from dlstudio.data.tables.file_format import OLE, locked
from dlstudio.data.tables.header import unnamed_columns
from dlstudio.data.tables.header_row import HeaderRow, find_header
from dlstudio.data.tables.layout import ROWS_SAMPLED
from dlstudio.data.tables.note_text import SHOWN, Notes, some_of, source_fix
from dlstudio.data.tables.null_marks import read_marks
from dlstudio.data.tables.old_workbook import check_old_workbook
from dlstudio.data.tables.row_findings import blank_rows
from dlstudio.data.tables.table import Table, TableOptions
from dlstudio.data.tables.typed_columns import (
    check_memory,
    is_empty,
    plain_values,
    unreadable,
)
from dlstudio.data.tables.workbook_check import check_archive
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext

if TYPE_CHECKING:
    from fastexcel import ExcelReader

EXTRA = 'pip install "dlstudio[excel]"'
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MOST_SHEETS = 50
"""So many are looked at to find those with anything in them."""
MEMORY_PER_BYTE = 8
"""How much larger an old workbook may become in memory."""


@dataclass(frozen=True, eq=False, slots=True)
class _Sheet:
    """A sheet as text, to find its header.

    Attributes:
        rows: The first rows that are not blank, without blank cells at their ends.
        places: Their rows in the sheet, from 0.
        width: How many columns it has.
    """

    rows: Sequence[list[str]]
    places: Sequence[int]
    width: int


@dataclass(frozen=True, eq=False, slots=True)
class SheetLayout:
    """Which sheet is read, and where its table begins.

    Attributes:
        name: Of the sheet.
        is_first: Whether it is the first one.
        header: The names of the columns.
        place: The row of the sheet that has them, or the first one, from 0.
        notes: What to know about other sheets.
    """

    name: str
    is_first: bool
    header: HeaderRow
    place: int
    notes: Notes

    @property
    def first(self) -> int:
        """The first row of values, from 0."""
        return self.place + (1 if self.header.cells else 0)


def read_workbook(path: Path, options: TableOptions) -> Table:
    """Read a sheet of a spreadsheet.

    Args:
        path: Any of the formats.
        options: Of which the sheet and the header are looked at.

    Raises:
        UserError: It is damaged, locked, empty, too large, or the extra is missing.
        OSError: It cannot be read.
    """
    errors = _check(path)
    reader = _open(path)
    layout = _layout(path, reader, options)
    header = layout.header
    frame = _load(path, reader, layout.name, layout.first)
    table = _table(frame, header.names, header.cells, layout.first)
    notes = (*layout.notes, *header.notes, *table.notes, *_error_cells(errors))
    return Table(table.columns, table.row_numbers, notes)


def sheet_layout(path: Path, options: TableOptions) -> SheetLayout:
    """How the sheet of a spreadsheet is laid out; only its beginning is read.

    Args:
        path, options: As for `read_workbook`.

    Raises:
        UserError, OSError: As `read_workbook`.
    """
    _check(path)
    return _layout(path, _open(path), options)


def _layout(path: Path, reader: ExcelReader, options: TableOptions) -> SheetLayout:
    name, notes = _choose_sheet(path, reader, options.sheet)
    sheet = _sample(path, reader, name)
    if sheet is None:
        raise is_empty(path)
    header = find_header(sheet.rows, options.header, sheet.width)
    place = sheet.places[header.row]
    is_first = name == reader.sheet_names[0]
    return SheetLayout(name, is_first, header, place, notes)


def _check(path: Path) -> int:
    """Look at a workbook before it is opened; cells in it that are errors."""
    with open(path, "rb") as stream:
        if stream.read(len(OLE)) != OLE:
            return check_archive(path).errors
    check_memory(path, path.stat().st_size * MEMORY_PER_BYTE)
    if ENCRYPTED in path.read_bytes():
        raise locked(path)
    check_old_workbook(path)
    return 0


def _open(path: Path) -> ExcelReader:
    try:
        import fastexcel
    except ImportError as error:
        raise UserError(
            _("Spreadsheets such as {path} require the optional Excel support.").format(
                path=path
            ),
            _("Install it with: {command}").format(command=EXTRA),
        ) from error
    logging.getLogger("fastexcel").setLevel(logging.ERROR)
    logging.getLogger("_fastexcel").setLevel(logging.ERROR)
    try:
        return fastexcel.read_excel(path)
    except (Exception, pl.exceptions.PanicException) as error:
        raise _failure(path, error) from error


def _failure(path: Path, error: BaseException) -> UserError:
    text = str(error).lower()
    if "password" in text or "encrypt" in text:
        return locked(path)
    return unreadable(path, error)


def _choose_sheet(path: Path, reader: ExcelReader, wanted: str) -> tuple[str, Notes]:
    """The name of the sheet that is read, and what to know about others."""
    names = reader.sheet_names
    if wanted:
        if wanted in names:
            return wanted, ()
        raise UserError(
            _("{path} has no sheet called “{name}”.").format(path=path, name=wanted),
            _("It has these sheets: {names}.").format(names=some_of(names, 10)),
        )
    if len(names) == 1:
        return names[0], ()
    looked_at = names[:MOST_SHEETS]
    filled = [name for name in looked_at if _sample(path, reader, name, rows=50)]
    if not filled:
        raise is_empty(path)
    return filled[0], _other_sheets(filled)


def _other_sheets(names: Sequence[str]) -> Notes:
    if len(names) < 2:
        return ()
    message = _("The sheet “{name}” is read. The file also has {others}.")
    fixes = tuple(
        source_fix(_("Read the sheet “{name}”").format(name=name), sheet=name)
        for name in names[: SHOWN + 1]
    )
    text = message.format(name=names[0], others=some_of(names[1:]))
    return (Finding("other-sheets", names[0], text, fixes=fixes),)


def _sample(
    path: Path, reader: ExcelReader, name: str, rows: int = ROWS_SAMPLED
) -> _Sheet | None:
    """The first rows of a sheet as text; None where it has none."""
    frame = _load(path, reader, name, 0, rows=rows, as_text=True)
    found = [
        (place, _trimmed(["" if cell is None else str(cell) for cell in row]))
        for place, row in enumerate(frame.iter_rows())
    ]
    found = [(place, row) for place, row in found if row]
    if not found:
        return None
    places, rows_found = zip(*found, strict=True)
    return _Sheet(rows_found, places, frame.width)


def _trimmed(row: list[str]) -> list[str]:
    width = len(row)
    while width and not row[width - 1].strip():
        width -= 1
    return row[:width]


def _load(
    path: Path,
    reader: ExcelReader,
    name: str,
    first: int,
    rows: int | None = None,
    as_text: bool = False,
) -> pl.DataFrame:
    """Rows of a sheet, without names of columns.

    Args:
        path: For messages.
        reader: Of the workbook.
        name: Of the sheet.
        first: Row to begin with, from 0.
        rows: How many at most; None for all.
        as_text: All cells are text.
    """
    try:
        sheet = reader.load_sheet(
            name,
            header_row=None,
            skip_rows=first,
            n_rows=rows,
            schema_sample_rows=None,
            dtypes="string" if as_text else None,
        )
        return sheet.to_polars() if sheet.width else pl.DataFrame()
    except (Exception, pl.exceptions.PanicException) as error:
        raise _failure(path, error) from error


def _table(
    frame: pl.DataFrame, names: Sequence[str], header: Sequence[str], first: int
) -> Table:
    """Columns under their names, without blank rows.

    Args:
        frame: The rows below the header; no column where there are none.
        names: Of the columns.
        header: The cells that name them; none without a header.
        first: The row of the sheet that the frame begins with, from 0.
    """
    if not frame.width:  # a header and nothing else
        frame = pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    plain = frame.select(plain_values(each) for each in frame)
    read = read_marks(plain, names)
    kept = pl.DataFrame(read.columns)
    blank = kept.select(pl.all_horizontal(pl.all().is_null())).to_series()
    skipped = blank.arg_true().to_numpy() + first + 1
    kept = kept.filter(~blank)
    columns: dict[str, Cells] = {}
    unnamed: list[str] = []
    for number, values in enumerate(kept):
        if header and not header[number].strip():
            if values.null_count() == len(values):
                continue
            unnamed.append(values.name)
        columns[values.name] = Cells(values)
    notes = (
        *unnamed_columns(unnamed),
        *blank_rows(len(skipped), skipped.tolist()),
        *read.notes,
    )
    return Table(columns, np.arange(1, kept.height + 1, dtype=np.int64), notes)


def _error_cells(count: int) -> Notes:
    message = ngettext(
        "{count} cell holds an error, such as #DIV/0!, and is read as blank.",
        "{count} cells hold an error, such as #DIV/0!, and are read as blank.",
        count,
    )
    found = Finding("error-cells", "", message.format(count=count))
    return (found,) if count else ()

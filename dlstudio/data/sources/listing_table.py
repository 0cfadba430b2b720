"""Reading text tables that list files, as spreadsheets and programs write them."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from dlstudio.data.findings import Finding
from dlstudio.data.images.file_finder import FileFinder, locate
from dlstudio.data.images.files import IMAGE_FILE_SUFFIXES
from dlstudio.data.sources.listing_findings import ragged_rows
from dlstudio.data.tables.delimiters import (
    find_delimiter,
    given_delimiter,
    split_first_line,
)
from dlstudio.data.tables.encoding_findings import doubtful_encoding
from dlstudio.data.tables.header import numbered_columns
from dlstudio.data.tables.text_encoding import decode
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors

SPREADSHEETS = (b"PK\3\4", b"\xd0\xcf\x11\xe0")
"""First bytes of spreadsheet files."""
LARGEST_TABLE = 512 * 2**20
FILE_NAMES = (
    *("file", "filename", "file_name", "filepath", "file_path", "path", "image"),
    *("image_path", "image_name", "img", "picture", "photo", "id", "image_id"),
)
"""What a column of files is called."""
ROWS_SAMPLED = 50  # rows examined to detect a table of files


@dataclass(frozen=True)
class TextTable:
    """A text table: the column names, and rows of equal length.

    Attributes:
        header: Column names from the first line, or "column 1", "column 2", ...
        rows: Cells of each data line.
        named: Whether the header is from the file.
        notes: Findings about how it was read.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    named: bool = True
    notes: tuple[Finding, ...] = ()

    def column(self, name: str, setting: str) -> int:
        """The index of the column that the source's parameter `setting` names.

        Raises:
            UserError: The column does not exist.
        """
        if name in self.header:
            return self.header.index(name)
        raise UserError(
            _("The table has no column called “{name}”.").format(name=name),
            choose_setting(setting, self.header),
        )

    def find(self, names: Sequence[str]) -> int | None:
        """The first column with one of some common names."""
        plain = [each.strip().lower().replace(" ", "_") for each in self.header]
        return next((plain.index(name) for name in names if name in plain), None)

    def cells(self, column: int) -> list[str]:
        """All cells of a column."""
        return [row[column] for row in self.rows]


def choose_setting(setting: str, names: Sequence[str]) -> str:
    """A hint that lists the columns that a parameter of the source may name."""
    return _("Set {setting} to one of: {names}.").format(
        setting=f"data.source.{setting}", names=", ".join(filter(None, names))
    )


def read_table(path: Path, encoding: str = "", delimiter: str = "") -> TextTable:
    """Read the table in a file.

    Args:
        encoding, delimiter: The file's encoding and delimiter; "" to detect them.

    Raises:
        UserError: The file cannot be read, or is empty.
    """
    with user_errors(path, writing=False):
        if path.stat().st_size > LARGEST_TABLE:
            raise UserError(
                _("The table {path} is too large.").format(path=path),
                _("Tables of up to {size} MB are supported.").format(
                    size=LARGEST_TABLE // 2**20
                ),
            )
        data = path.read_bytes()
    if data.startswith(SPREADSHEETS):
        raise UserError(
            _("{path} is a spreadsheet.").format(path=path),
            _("Save the sheet as CSV, and use the CSV file."),
        )
    decoded = decode(data, encoding)
    marked, text = split_first_line(decoded.text)
    between = (
        given_delimiter(delimiter) if delimiter else marked or find_delimiter(text)
    )
    lines = _lines(text, between, path, 2 if marked else 1)
    notes = doubtful_encoding(data, decoded)
    named = _is_header(lines[0].cells, path.parent)
    if named:
        header, lines = _header(lines), lines[1:]
    else:
        widths = Counter(len(_trimmed(line.cells)) for line in lines)
        count = widths.most_common(1)[0][0]
        header = numbered_columns(count)
    width = len(header)
    long = [
        (line.number, len(cells))
        for line in lines
        if len(cells := _trimmed(line.cells)) > width
    ]
    rows = tuple(_fitted(line.cells, width) for line in lines)
    return TextTable(header, rows, named, (*notes, *ragged_rows(width, long)))


class _Line(NamedTuple):
    """A non-empty line with its number in the file, from 1."""

    number: int
    cells: list[str]


def _lines(text: str, delimiter: str, path: Path, first: int) -> list[_Line]:
    """The non-empty lines, numbered from `first`.

    Raises:
        UserError: It is not a table, or it is empty.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        found = [_Line(reader.line_num + first - 1, row) for row in reader]
    except csv.Error as error:
        raise UserError(
            _("{path} is not a readable table: {reason}.").format(
                path=path, reason=error
            ),
            _("Save it as CSV with one line per image."),
        ) from error
    lines = [line for line in found if _trimmed(line.cells)]
    if not lines:
        raise UserError(_("The table {path} is empty.").format(path=path))
    return lines


def _trimmed(row: list[str]) -> list[str]:
    width = len(row)
    while width and not row[width - 1].strip():
        width -= 1
    return row[:width]


def _fitted(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return (*cells[:width], *[""] * (width - len(cells)))


def _header(lines: Sequence[_Line]) -> tuple[str, ...]:
    """The column names; R omits that of the row names."""
    names = tuple(cell.strip() for cell in lines[0].cells)
    widths = [len(_trimmed(line.cells)) for line in lines[1:]]
    if set(widths) == {len(names) + 1} and not any(
        names_image(line.cells[0]) for line in lines[1:]
    ):
        return ("", *names)
    used = max([len(_trimmed(lines[0].cells)), *widths])
    return names[:used]


def _is_header(row: Sequence[str], folder: Path) -> bool:
    """Whether the first row is a header: it does not name an image."""
    return not any(names_image(cell) or locate(cell, folder) for cell in row)


def names_image(cell: str) -> bool:
    """Whether a cell has the extension of an image."""
    return os.path.splitext(cell.strip())[1].lower() in IMAGE_FILE_SUFFIXES


def lists_files(path: Path) -> bool:
    """Whether the first rows of a table name images or existing files."""
    try:
        table = read_table(path)
    except UserError:
        return False
    rows = (table.header, *table.rows[:ROWS_SAMPLED])
    if any(
        names_image(cell) or locate(cell, path.parent) for row in rows for cell in row
    ):
        return True
    columns = zip(*table.rows[:ROWS_SAMPLED], strict=True)
    return any(
        2 * FileFinder(path.parent, cells).hits(cells) >= len(cells)
        for name, cells in zip(table.header, columns, strict=False)
        if not table.named or _may_lack_extension(name, cells)
    )


def _may_lack_extension(name: str, cells: Sequence[str]) -> bool:
    """Whether cells may be names of files: numbers only where their column says so.

    A number of rooms is no image, although there is a 3.jpg beside the table.
    """
    if name.strip().lower().replace(" ", "_") in FILE_NAMES:
        return True
    return 2 * sum(cell.strip().isdecimal() for cell in cells) < len(cells)

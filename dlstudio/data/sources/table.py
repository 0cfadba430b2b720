"""Tables as spreadsheets write them, and the files they name."""

from __future__ import annotations

import csv
import io
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dlstudio.data.fileinfo import PICTURE_SUFFIXES, is_network_path
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors

LARGEST_TABLE = 512 * 2**20
LOOKED_AT = 50  # rows, to tell whether a table is about files


@dataclass(frozen=True)
class Table:
    """A table of text: the names of its columns, and its rows, all as wide.

    Attributes:
        header: From the first line, or "column 1", "column 2", ...
        rows: The cells of each further line.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> int:
        """The number of a column by its name.

        Raises:
            UserError: There is no such column.
        """
        if name in self.header:
            return self.header.index(name)
        raise UserError(
            _("The table has no column called “{name}”.").format(name=name),
            _("It has these: {names}.").format(names=", ".join(self.header)),
        )

    def find(self, names: Sequence[str]) -> int | None:
        """The first column that has one of some common names."""
        plain = [each.strip().lower().replace(" ", "_") for each in self.header]
        return next((plain.index(name) for name in names if name in plain), None)

    def cells(self, column: int) -> list[str]:
        """The cells of a column."""
        return [row[column] for row in self.rows]


def read_table(path: Path) -> Table:
    """The table in a file, whatever its delimiter and encoding.

    Raises:
        UserError: It cannot be read, or is empty.
    """
    with user_errors(path, writing=False):
        if path.stat().st_size > LARGEST_TABLE:
            raise UserError(
                _("{path} is too large for a table of files.").format(path=path),
                _("Up to {size} MB is read.").format(size=LARGEST_TABLE // 2**20),
            )
        text = _decode(path.read_bytes())
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), _dialect(text)))
    except csv.Error as error:
        raise UserError(
            _("{path} is not a table that can be read: {reason}.").format(
                path=path, reason=error
            ),
            _("Save it as CSV with one line per picture."),
        ) from error
    lines = [line for line in lines if any(cell.strip() for cell in line)]
    if not lines:
        raise UserError(_("The table {path} is empty.").format(path=path))
    width = max(len(line) for line in lines)
    rows = [(*line, *[""] * (width - len(line))) for line in lines]
    if _is_header(rows[0], path.parent):
        return Table(tuple(cell.strip() for cell in rows[0]), tuple(rows[1:]))
    names = tuple(_("column {number}").format(number=n + 1) for n in range(width))
    return Table(names, tuple(rows))


def _decode(data: bytes) -> str:
    """Text of a table in the encodings that spreadsheets write."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", "replace")


def _dialect(text: str) -> type[csv.Dialect]:
    """The delimiter that cuts the first lines into equally many cells, most of all."""
    head = "\n".join(text.splitlines()[:20])
    best, most = ",", 1
    for delimiter in ",;\t|":
        counts = {
            len(row)
            for row in csv.reader(io.StringIO(head), delimiter=delimiter)
            if row
        }
        if len(counts) == 1 and (cells := counts.pop()) > most:
            best, most = delimiter, cells

    class Dialect(csv.excel):
        delimiter = best

    return Dialect


def _is_header(row: Sequence[str], folder: Path) -> bool:
    """The first row names columns, unless it names a picture."""
    return not any(names_picture(cell) or locate(cell, folder) for cell in row)


def names_picture(cell: str) -> bool:
    """Whether a cell ends as the names of pictures do."""
    return os.path.splitext(cell.strip())[1].lower() in PICTURE_SUFFIXES


def locate(cell: str, folder: Path) -> str | None:
    """The regular file a cell names, as an absolute path, or None."""
    text = cell.strip()
    if not text or "\0" in text or len(text) > 4096 or is_network_path(text):
        return None
    for name in dict.fromkeys((text, text.replace("\\", "/"))):
        path = os.path.abspath(os.path.join(folder, name))
        try:
            if stat.S_ISREG(os.stat(path).st_mode):
                return path
        except (OSError, ValueError):
            continue
    return None


def lists_images(path: Path) -> bool:
    """Whether one of the first rows of a table names an image or a file that exists."""
    try:
        table = read_table(path)
    except UserError:
        return False
    rows = (*((table.header,) if table.header else ()), *table.rows[:LOOKED_AT])
    return any(
        names_picture(cell) or locate(cell, path.parent) for row in rows for cell in row
    )

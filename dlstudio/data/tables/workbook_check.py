"""A look into a spreadsheet's archive before anything of it is unpacked into memory.

A few kilobytes can hold gigabytes of XML, or two cells at opposite ends of a sheet, for
which the reader would make room for billions of cells between them. Here everything
goes through in small chunks, and only the extent of each sheet is kept. Macros and
links to other files are never looked at.
"""

from __future__ import annotations

import copy
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from dlstudio.data.archive import DAMAGE, LOCKED
from dlstudio.data.limits import grows_too_much
from dlstudio.data.tables.file_format import locked
from dlstudio.data.tables.typed_columns import check_memory, unreadable
from dlstudio.errors import UserError
from dlstudio.i18n import _

BYTES_PER_CELL = 32
"""What the reader keeps of each cell of a sheet, blank ones included."""
PIECE = 2**20
HEAD = 2**12
"""Bytes in which a document type is declared; no spreadsheet needs one."""
SHEETS = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
MOST_COLUMNS = 16_384

_REFERENCE = re.compile(rb"""\br=["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br=["']([0-9]{1,7})["']""")
_ERROR = re.compile(rb"""\bt=["']e["']""")


@dataclass(slots=True)
class SheetExtent:
    """How far the cells of a sheet go, at most.

    Attributes:
        errors: Cells such as #DIV/0!.
    """

    rows: int = 0
    columns: int = 0
    errors: int = 0


@dataclass(frozen=True, slots=True)
class WorkbookCheck:
    """What the look into an archive found.

    Attributes:
        errors: Cells of all sheets that hold an error, such as #DIV/0!.
    """

    errors: int = 0


def check_archive(path: Path) -> WorkbookCheck:
    """Look into a workbook that is a zip archive.

    Raises:
        UserError: It is none, is damaged, locked, or would take too much memory.
        OSError: It cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _checked(path, archive)
    except (*DAMAGE, expat.ExpatError) as error:
        raise unreadable(path, error) from error


def _checked(path: Path, archive: zipfile.ZipFile) -> WorkbookCheck:
    infos = archive.infolist()
    names = {info.filename for info in infos}
    packed = path.stat().st_size
    if "xl/workbook.bin" in names:
        raise UserError(
            _("{path} is a binary workbook, which is not read.").format(path=path),
            _("Save it as XLSX."),
        )
    if not names & {"xl/workbook.xml", "content.xml"}:
        raise UserError(
            _("{path} is an archive, not a table.").format(path=path),
            _("Unpack it, and choose the file in it."),
        )
    if any(info.flag_bits & LOCKED for info in infos):
        raise locked(path)
    if sum(info.compress_size for info in infos) > packed:
        raise unreadable(path, zipfile.BadZipFile(_("files in it overlap")))
    _check_growth(path, packed, sum(info.file_size for info in infos))
    extents = [_extent(path, archive, info) for info in infos if _is_text(info)]
    return WorkbookCheck(sum(each.errors for each in extents))


def _is_text(info: zipfile.ZipInfo) -> bool:
    return info.filename.lower().endswith((".xml", ".rels"))


def _check_growth(path: Path, packed: int, size: int) -> None:
    if grows_too_much(packed, size):
        text = _("{path} is not read: its {packed} KB would expand to {size} MB.")
        raise UserError(
            text.format(
                path=path, packed=f"{packed // 1024:,}", size=f"{size // 2**20:,}"
            ),
            _("If you trust it, save it as CSV, and use the CSV file."),
        )
    check_memory(path, size)


def _extent(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> SheetExtent:
    """The extent of a sheet, after a look at each of its bytes."""
    pieces = _unpacked(path, archive, info)
    if info.filename == "content.xml":
        extent = _document_extent(pieces)
    elif info.filename == "META-INF/manifest.xml":
        extent = SheetExtent()
        if b"encryption-data" in b"".join(pieces):
            raise locked(path)
    elif SHEETS.fullmatch(info.filename):
        extent = _sheet_extent(pieces)
    else:
        extent = SheetExtent()
        for _piece in pieces:
            pass
    check_memory(path, extent.rows * extent.columns * BYTES_PER_CELL)
    return extent


def _unpacked(
    path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo
) -> Iterator[bytes]:
    """The content of a file; as much as there really is, whatever its header says."""
    whole = copy.copy(info)
    whole.file_size = 2**62
    size = 0
    with archive.open(whole) as stream:
        while piece := stream.read(PIECE):
            if not size and b"<!DOCTYPE" in piece[:HEAD]:
                raise unreadable(path, ValueError(_("it declares entities")))
            size += len(piece)
            if size > info.file_size:
                raise unreadable(path, zipfile.BadZipFile(info.filename))
            yield piece


def _sheet_extent(pieces: Iterator[bytes]) -> SheetExtent:
    found = SheetExtent()
    columns: set[bytes] = set()
    cells = references = 0
    rest = b""
    for piece in pieces:
        data = rest + piece
        end = data.rfind(b"<")
        data, rest = (data[:end], data[end:]) if end > 0 else (b"", data)
        places = _REFERENCE.findall(data)
        columns.update(column for column, _row in places)
        rows = [int(row) for row in _ROW.findall(data)]
        rows.extend(int(row) for _column, row in places[-1:])
        rows.extend(int(row) for row in {row for _column, row in places})
        found.rows = max([found.rows, *rows])
        references += len(places)
        cells += len(_CELL.findall(data))
        found.errors += len(_ERROR.findall(data))
    found.columns = max(map(_column_number, columns), default=0)
    if cells > references:  # those without a reference follow each other
        found.columns = max(found.columns, min(cells, MOST_COLUMNS))
        found.rows = max(found.rows, 1)
    return found


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _document_extent(pieces: Iterator[bytes]) -> SheetExtent:
    parser = expat.ParserCreate()
    reader = _DocumentReader()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.EntityDeclHandler = _refuse_entity
    for piece in pieces:
        parser.Parse(piece)
    parser.Parse(b"", True)
    return reader.extent


def _refuse_entity(*_declaration: object) -> None:
    raise ValueError("entity")


class _DocumentReader:
    """Follows the rows and cells of an OpenDocument spreadsheet, repeated ones too."""

    def __init__(self) -> None:
        self.extent = SheetExtent()
        self._row = self._column = self._repeated = self._filled = 0
        self._cells = 1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self._row = 0
        elif name == "table:table-row":
            self._column = self._filled = 0
            self._repeated = int(attributes.get("table:number-rows-repeated", 1))
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._cells = int(attributes.get("table:number-columns-repeated", 1))
            self._column += self._cells
            if any(each.startswith(("office:", "calcext:")) for each in attributes):
                self._filled = self._column
        elif name == "text:p":
            self._filled = max(self._filled, self._column)

    def end(self, name: str) -> None:
        if name != "table:table-row":
            return
        self._row += self._repeated
        if self._filled:
            self.extent.rows = max(self.extent.rows, self._row)
            self.extent.columns = max(self.extent.columns, self._filled)

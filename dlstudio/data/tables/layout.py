"""How a table of text is laid out: delimiter, quotation marks, header, width."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dlstudio.data.tables.delimiters import (
    find_delimiter,
    given_delimiter,
    invalid_delimiter,
    split_first_line,
)
from dlstudio.data.tables.header_row import find_header, usual_width
from dlstudio.data.tables.note_text import Notes
from dlstudio.data.tables.quotes import RecordReader, TextRecord
from dlstudio.data.tables.table import TableOptions
from dlstudio.errors import UserError
from dlstudio.i18n import _

ROWS_SAMPLED = 2000
DELIMITER_SAMPLE = 2**16  # characters
USUAL = 0.5
"""The share of rows that must be equally wide in a table."""
CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")

_DECIMAL_COMMA = re.compile(r"\d,\d")


@dataclass(frozen=True, slots=True)
class Layout:
    """How the records of a table are to be read.

    Attributes:
        delimiter: One character.
        quoted: Cells may stand in quotation marks; otherwise those are text.
        names: Of the columns, no two the same.
        header: The cells that name them, as they are written; () where none do.
        first_line: Of the first row below the header, from 1.
        notes: Findings about the column.
    """

    delimiter: str
    quoted: bool
    names: tuple[str, ...]
    header: tuple[str, ...]
    first_line: int
    notes: Notes = ()

    @property
    def width(self) -> int:
        """How many cells a row has."""
        return len(self.names)


def find_layout(path: Path, text: str, whole: bool, options: TableOptions) -> Layout:
    """The layout of a table.

    Args:
        path: Of its file, for messages and its suffix.
        text: The beginning of the file.
        whole: That is all of the file.
        options: What the user knows about it.

    Raises:
        UserError: It is empty, or no table.
    """
    text = text.replace("\0", "")
    if not text.strip():
        raise UserError(_("The table {path} is empty.").format(path=path))
    odd = [each for each in CONTROL.findall(text) if each != options.delimiter]
    if len(odd) > max(16, len(text) // 20):
        raise _no_table(path)
    marked, rest = split_first_line(text)
    skipped = 1 if marked else 0
    delimiter = _delimiter(path, rest, options.delimiter, marked)
    quoted = _has_quoting(rest, delimiter, whole)
    reader = RecordReader(delimiter, quoted)
    found = itertools.islice(reader.records(rest, whole), ROWS_SAMPLED)
    records = [each for each in found if any(cell.strip() for cell in each.cells)]
    if not records:  # one row that is longer than the sample
        raise _no_table(path)
    rows = [each.cells for each in records]
    header = find_header(rows, options.header)
    _check_widths(path, rows[header.row :], options.delimiter)
    first = records[header.row]
    line = _line_after(rest, first) if header.cells else first.line
    line += skipped + 1
    return Layout(delimiter, quoted, header.names, header.cells, line, header.notes)


def _line_after(text: str, record: TextRecord) -> int:
    """The line behind a record, from 0."""
    lines = text.count("\n", 0, record.end)
    return lines if text[: record.end].endswith("\n") else lines + 1


def _delimiter(path: Path, text: str, wanted: str, marked: str) -> str:
    if wanted:
        found = given_delimiter(wanted)
        if not found.isascii() or found.isalnum() or found == "\0":
            raise invalid_delimiter(wanted)
        return found
    if marked:
        return marked
    sample = text[:DELIMITER_SAMPLE]
    if len(text) > DELIMITER_SAMPLE:
        sample = sample.rpartition("\n")[0] or sample
    if path.suffix.lower() in (".tsv", ".tab") and "\t" in sample:
        return "\t"
    found = find_delimiter(sample)
    return ";" if found == "," and _has_decimal_commas(sample) else found


def _has_decimal_commas(text: str) -> bool:
    """Whether semicolons stand between cells, and commas only within numbers."""
    lines = [line for line in text.splitlines()[:ROWS_SAMPLED] if line.strip()]
    widths = {line.count(";") for line in lines}
    commas = sum(line.count(",") for line in lines)
    within = sum(len(_DECIMAL_COMMA.findall(line)) for line in lines)
    return len(widths) == 1 and widths.pop() > 0 and commas == within


def _has_quoting(text: str, delimiter: str, whole: bool) -> bool:
    """Whether quotation marks stand around cells, and are not just text.

    They are text where all rows are as wide without them, and more of them are against
    the rules than around whole cells. Programs that write tabs seldom quote: there
    they also are where they would swallow line ends.
    """
    if '"' not in text:
        return True
    lines = [line.rstrip("\r") for line in text.split("\n")]
    lines = [line for line in (lines if whole else lines[:-1]) if line.strip()]
    widths = {line.count(delimiter) for line in lines}
    if len(widths) != 1 or widths == {0}:
        return True
    tabs = delimiter == "\t"
    records = list(RecordReader(delimiter).records(text, whole))
    if not whole:
        records = records[:-1]  # perhaps it ends in the middle of it
    against = sum(
        each.stray or (tabs and any("\n" in cell for cell in each.cells))
        for each in records
    )
    mark = re.escape(delimiter)
    cell = re.compile(rf'(?:^|(?<={mark}))"[^"\n]*"(?={mark}|\r?$)', re.MULTILINE)
    around = sum(1 for _each in cell.finditer(text))
    return not against or (around >= against and not tabs)


def _check_widths(path: Path, rows: Sequence[Sequence[str]], wanted: str) -> None:
    """Refuse text that is no table.

    Raises:
        UserError: Its rows have no width in common; or it is plain text.
    """
    usual = usual_width(rows)
    body = rows[1:] or rows
    most = len(rows[0])  # rows may end early where their last cells are blank
    share = sum(len(row) == usual or 1 < len(row) <= most for row in body) / len(body)
    prose = usual == 1 and path.suffix.lower() not in (".csv", ".tsv") and not wanted
    if prose or share < USUAL:
        raise _no_table(path)


def _no_table(path: Path) -> UserError:
    return UserError(
        _("{path} is not a table: its lines do not have the same columns.").format(
            path=path
        ),
        _("Choose the delimiter that separates the columns, or another file."),
    )

"""Records of a table of text whose quotation marks do not follow the rules.

By the rules (RFC 4180) a quotation mark stands around a whole cell, and twice within
it. Where one stands elsewhere, as in `5" nail,2` or `"Hello" he said`, or is never
closed, it is a character like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

LONGEST_RECORD = 2**20  # characters, after which a mark counts as never closed


class TextRecord(NamedTuple):
    """One row of a table of text.

    Attributes:
        cells: Without the quotation marks around them.
        line: The first line it is on, from 0.
        end: Where the next record begins.
        stray: It has quotation marks that are read as text.
    """

    cells: list[str]
    line: int
    end: int
    stray: bool = False


class RecordReader:
    """Takes text apart into records.

    Args:
        delimiter: One character.
        quoted: Cells may stand in quotation marks; otherwise those are text.
    """

    def __init__(self, delimiter: str, quoted: bool = True) -> None:
        mark = re.escape(delimiter)
        inside = r'[^"]*(?:""[^"]*)*'
        cell = rf'(?:"{inside}"|[^"{mark}]*)'
        self._delimiter, self._quoted = delimiter, quoted
        self._regular = re.compile(rf"{cell}(?:{mark}{cell})*")
        self._open = re.compile(rf'(?:{cell}{mark})*"{inside}')
        self._cell = re.compile(rf'"({inside})"(?={mark}|\Z)')

    def records(self, text: str, final: bool = True) -> Iterator[TextRecord]:
        """The records in `text`; without an unfinished one at its end.

        Args:
            final: Nothing comes behind it: what is at its end is finished.
        """
        start = line = 0
        while start < len(text):
            end = _line_end(text, start)
            if end == len(text) and not final and not text.endswith("\n"):
                return
            row = _without_end(text[start:end])
            stray = False
            if self._quoted and '"' in row and not self._regular.fullmatch(row):
                closed = self._end_of_open(text, start, end, row)
                if closed is None and not final and len(text) - start < LONGEST_RECORD:
                    return
                stray = not closed
                end = closed or end
                row = _without_end(text[start:end])
            yield TextRecord(self.cells(row), line, end, stray)
            line += text.count("\n", start, end)
            start = end

    def cells(self, row: str) -> list[str]:
        """The cells of a record, which has no line end."""
        if not self._quoted or '"' not in row:
            return row.split(self._delimiter)
        found, place = [], 0
        while True:
            whole = self._cell.match(row, place)
            if whole:
                found.append(whole[1].replace('""', '"'))
                end = whole.end()
            else:
                end = row.find(self._delimiter, place)
                end = len(row) if end < 0 else end
                found.append(row[place:end])
            if end == len(row):
                return found
            place = end + 1

    def _end_of_open(self, text: str, start: int, end: int, row: str) -> int | None:
        """Where a record ends that has line ends within quotation marks.

        0: it has not, so its marks are text; None: the text ends within it.
        """
        if not self._open.fullmatch(row):
            return 0
        while end < len(text) and end - start < LONGEST_RECORD:
            before, end = end, _line_end(text, end)
            if '"' not in text[before:end]:
                continue
            row = _without_end(text[start:end])
            if self._regular.fullmatch(row):
                return end
            if not self._open.fullmatch(row):
                return 0
        return None if end == len(text) else 0


def _without_end(line: str) -> str:
    return line.removesuffix("\n").removesuffix("\r")


def _line_end(text: str, start: int) -> int:
    return text.find("\n", start) + 1 or len(text)


class Repaired(NamedTuple):
    """Text whose quotation marks follow the rules.

    Attributes:
        consumed: So many characters of the text that was given are in it.
        lines: From 0, those whose marks became text.
    """

    text: str
    consumed: int
    lines: list[int]


def repair(reader: RecordReader, text: str, delimiter: str, final: bool) -> Repaired:
    """Write records so that all quotation marks follow the rules.

    Args:
        reader: Of the delimiter.
        text: Beginning with a record.
        delimiter: One character.
        final: Nothing comes behind it.
    """
    rows: list[str] = []
    lines: list[int] = []
    start = 0
    for record in reader.records(text, final):
        if record.stray:
            lines.append(record.line)
            rows.append(delimiter.join(_written(each) for each in record.cells) + "\n")
        else:
            rows.append(text[start : record.end])
        start = record.end
    return Repaired("".join(rows), start, lines)


def _written(cell: str) -> str:
    doubled = cell.replace('"', '""')
    return f'"{doubled}"' if cell else ""

"""Which row of a table is its header, below titles and comments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dlstudio.data.findings import Finding
from dlstudio.data.tables.header import (
    column_names,
    guess_header,
    guessed_header,
    numbered_columns,
)
from dlstudio.data.tables.note_text import Notes
from dlstudio.data.tables.table import HeaderOption
from dlstudio.i18n import ngettext

TITLE_ROWS = 20  # rows at the beginning among which the header is looked for


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """Where a table begins, and what its columns are called.

    Attributes:
        row: The first one of the table: the header, or data where there is none.
        names: Of the columns, no two the same.
        cells: Those that name them, as they are written; () where none do.
        notes: What should be known about it.
    """

    row: int
    names: tuple[str, ...]
    cells: tuple[str, ...]
    notes: Notes = ()


def find_header(
    rows: Sequence[Sequence[str]], wanted: HeaderOption, width: int = 0
) -> HeaderRow:
    """The header of a table.

    Args:
        rows: The first ones that are not blank, at least one.
        wanted: What the user says about it.
        width: Of the table, where that is known; otherwise rows say it.
    """
    start = _title_rows(rows)
    rows = rows[start:]
    named = wanted == "yes"
    notes = _titles(start)
    if wanted == "auto":
        guess = guess_header(rows)
        named, notes = guess.named, (*notes, *guessed_header(guess, rows[0]))
    if not named:
        return HeaderRow(start, numbered_columns(width or usual_width(rows)), (), notes)
    blank = [""] * (width - len(rows[0]))
    cells = (*rows[0], *blank) if width else _widened(rows)
    names, more = column_names(cells)
    return HeaderRow(start, names, cells, (*notes, *more))


def usual_width(rows: Sequence[Sequence[str]]) -> int:
    """How many cells most rows have; the first one counts only where it is alone."""
    return Counter(map(len, rows[1:] or rows)).most_common(1)[0][0]


def _title_rows(rows: Sequence[Sequence[str]]) -> int:
    """How many rows above the table are titles or comments, of a single cell."""
    usual = usual_width(rows)
    for number, row in enumerate(rows[:TITLE_ROWS]):
        filled = sum(bool(cell.strip()) for cell in row)
        if filled > 1 or len(row) >= usual:
            return number
    return 0


def _titles(count: int) -> Notes:
    if not count:
        return ()
    message = ngettext(
        "{count} line above the table is skipped.",
        "{count} lines above the table are skipped.",
        count,
    )
    return (Finding("lines-above-table", "", message.format(count=count)),)


def _widened(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The cells of a header, one more where all rows have a cell more.

    R leaves out the name of the column of row names; others write a delimiter behind
    the last cell, but not in the header.
    """
    header = tuple(rows[0])
    body = rows[1:]
    if not body or any(len(row) != len(header) + 1 for row in body):
        return header
    last = any(row[-1].strip() for row in body)
    return ("", *header) if last else (*header, "")

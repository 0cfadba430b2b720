"""Words in cells that mean that there is no value.

A blank cell has no value. Words such as "NaN" say the same wherever they are a whole
cell. Others, such as "NA" or "?", may be a category or a text of their own: they are
read as missing only where all else in the column is a number or a date.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from dlstudio.data.findings import Finding
from dlstudio.data.tables.note_text import Notes, shorten, some_of
from dlstudio.i18n import _

MISSING_MARKS = {
    "everywhere": ("nan", "n/a", "#n/a", "null", "<na>"),
    "among numbers": ("na", "none", "-", "--", "?", "."),
}
"""In lower case; capitals and a space around them do not matter."""
LONGEST_NAME = 40  # characters of a column's name in a message
NUMERIC = r"^\s*[-+]?[.,]?\d[\d.,:/ TZ%eE+-]*$"
"""How a number, an amount, a date or a time is written."""


def _spelled(marks: Sequence[str]) -> list[str]:
    plain = {each for mark in marks for each in (mark, mark.upper(), mark.title())}
    if "nan" in plain:
        plain |= {"NaN"}
    return sorted(
        {f(each) for each in plain for f in (str, " {}".format, "{} ".format)}
    )


BLANK = ["", *(space * count for space in (" ", "\t", "\u3000") for count in (1, 2, 3))]
EVERYWHERE = _spelled(MISSING_MARKS["everywhere"])
AMONG_NUMBERS = _spelled(MISSING_MARKS["among numbers"])
_KNOWN = [*BLANK, *EVERYWHERE, *AMONG_NUMBERS]
_LONGEST = max(len(mark.encode()) for mark in _KNOWN)
Pieces = Callable[[], Iterable[pl.Series]]
"""Gives the texts of a column, of a large one some at a time."""


@dataclass(frozen=True, eq=False, slots=True)
class MarkedColumns:
    """Columns in which cells without a value are null.

    Attributes:
        columns: By name.
        notes: Which words were read as missing, and which were not.
    """

    columns: dict[str, pl.Series]
    notes: Notes


def read_marks(frame: pl.DataFrame, names: Sequence[str]) -> MarkedColumns:
    """Make cells null that have no value.

    Args:
        frame: Columns of strings are looked at, others stay as they are.
        names: What its columns are called from now on.
    """
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    seen = frame.select(pl.col(texts).is_in(_KNOWN).any()).row(0) if texts else ()
    doubtful = {name for name, found in zip(texts, seen, strict=True) if found}
    columns: dict[str, pl.Series] = {}
    tally = MarkTally()
    for internal, name in zip(frame.columns, names, strict=True):
        values = frame[internal]
        if internal in doubtful:
            found = known_marks(values)
            cleared = pl.Series(tally.look(name, found, partial(iter, (values,))))
            values = values.set(values.is_in(cleared), None)
        columns[name] = values.alias(name)
    return MarkedColumns(columns, tally.notes())


class MarkTally:
    """Looks for marks in one column after the other."""

    def __init__(self) -> None:
        self._missing: dict[str, list[str]] = {}
        self._kept: dict[str, list[str]] = {}

    def look(self, name: str, found: Collection[str], pieces: Pieces) -> list[str]:
        """The texts of a column that mean that there is no value.

        Args:
            name: Of the column.
            found: Those of its texts that are `known_marks`.
            pieces: All of its texts, if they are needed.
        """
        removed, rest = _marks(found, pieces)
        if marks := _plain(mark for mark in removed if mark not in BLANK):
            self._missing[name] = marks
        if rest:
            self._kept[name] = _plain(rest)
        return removed

    def notes(self) -> Notes:
        """Which words were read as missing, and which were not."""
        missing = _read_as_missing(self._missing)
        return (*missing, *_read_as_text(self._kept))


def known_marks(texts: pl.Series) -> list[str]:
    """The different texts that may mean that there is no value."""
    if not (texts.str.len_bytes() <= _LONGEST).any():
        return []
    return [*texts.filter(texts.is_in(_KNOWN)).unique().to_list()]


def _marks(found: Collection[str], pieces: Pieces) -> tuple[list[str], list[str]]:
    """Texts of a column that become null, and marks that stay."""
    marks = [each for each in found if each not in BLANK]
    removed = [each for each in marks if each in EVERYWHERE]
    rest = [each for each in marks if each not in EVERYWHERE]
    if rest and _others_are_numeric(pieces):
        removed, rest = marks, []
    return [*(each for each in found if each in BLANK), *removed], rest


def _others_are_numeric(pieces: Pieces) -> bool:
    """Whether there are other texts, which look like numbers or dates."""
    some = False
    for each in pieces():
        others = each.filter(~each.is_in(_KNOWN))
        if not others.str.contains(NUMERIC).all():
            return False
        some = some or len(others) > 0
    return some


def _plain(marks: Iterable[str]) -> list[str]:
    return sorted({mark.strip() for mark in marks})


def _read_as_missing(found: dict[str, list[str]]) -> Notes:
    message = _("{marks} in the column {columns} means that there is no value.")
    several = _("{marks} in the columns {columns} mean that there is no value.")
    return _finding(message if len(found) == 1 else several, found)


def _read_as_text(found: dict[str, list[str]]) -> Notes:
    message = _(
        "{marks} in {columns} may mean that there is no value, but is read as text."
    )
    return _finding(message, found)


def _finding(message: str, found: dict[str, list[str]]) -> Notes:
    if not found:
        return ()
    marks = sorted({mark for each in found.values() for mark in each})
    columns = some_of(shorten(name, LONGEST_NAME) for name in found)
    text = message.format(marks=some_of(marks), columns=columns)
    return (Finding("missing-marks", next(iter(found)), text),)

"""Whether the first row of a table names its columns, and what they are called then."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dlstudio.data.findings import Finding
from dlstudio.data.tables.note_text import Notes, shorten, some_of, source_fix
from dlstudio.i18n import _

LONGEST_NAME = 60  # characters
MOST_WORDS = 8
MOSTLY = 0.9
USUAL_NAMES = frozenset(
    (
        *("id", "index", "name", "label", "labels", "class", "category", "target"),
        *("x", "y", "text", "sentence", "review", "message", "comment", "content"),
        *("title", "description", "tag", "tags", "question", "answer", "sentiment"),
        *("date", "time", "timestamp", "year", "month", "day", "split", "subset"),
        *("file", "filename", "path", "image", "image_path", "url", "source"),
        *("score", "rating", "value", "user", "gender", "sex", "country", "city"),
        *("state", "type"),
    )
)
_NUMBER = re.compile(r"[-+]?[.,]?\d[\d.,:/ TZ%eE+-]*")

COLUMN = "column {number}"
"""A column without a name: projects refer to it, so no language changes it."""


@dataclass(frozen=True, slots=True)
class HeaderGuess:
    """Whether the first row is a header.

    Attributes:
        sure: Something besides the words themselves says so.
    """

    named: bool
    sure: bool


def looks_numeric(cell: str) -> bool:
    """Whether a cell is a number, an amount, a date or a time."""
    return bool(_NUMBER.fullmatch(cell.strip()))


def guess_header(rows: Sequence[Sequence[str]]) -> HeaderGuess:
    """Whether the first of some rows names the columns.

    Args:
        rows: The first ones of a table, at least one.
    """
    first = [cell.strip() for cell in rows[0]]
    body = [row for row in rows[1:] if [cell.strip() for cell in row] != first]
    numbers = [cell for cell in first if looks_numeric(cell)]
    if numbers:
        return HeaderGuess(_counts_up(numbers), sure=not _counts_up(numbers))
    columns = [_column(body, number) for number in range(len(first))]
    pairs = [(name, cells) for name, cells in zip(first, columns, strict=True) if name]
    if any(_mostly_numeric(cells) for _name, cells in pairs):
        return HeaderGuess(named=True, sure=True)
    if any(name in set(cells) for name, cells in pairs):
        return HeaderGuess(named=False, sure=True)
    if any(_is_prose(name, cells) for name, cells in pairs):
        return HeaderGuess(named=False, sure=False)
    usual = any(name.lower() in USUAL_NAMES for name in first)
    return HeaderGuess(named=True, sure=usual)


def _column(rows: Sequence[Sequence[str]], number: int) -> list[str]:
    found = (row[number].strip() for row in rows if number < len(row))
    return [cell for cell in found if cell]


def _mostly_numeric(cells: Sequence[str]) -> bool:
    return bool(cells) and sum(map(looks_numeric, cells)) >= MOSTLY * len(cells)


def _counts_up(cells: Sequence[str]) -> bool:
    """Whether numbers go up evenly, as years or places in a grid do."""
    if len(cells) < 3 or not all(cell.isdecimal() for cell in cells):
        return False
    steps = {int(right) - int(left) for left, right in itertools.pairwise(cells)}
    return len(steps) == 1 and steps.pop() > 0


def _is_prose(name: str, cells: Sequence[str]) -> bool:
    """Whether a first cell is as long a text as those below it."""
    if len(name) <= LONGEST_NAME and len(name.split()) <= MOST_WORDS:
        return False
    return not cells or 3 * sum(map(len, cells)) > len(name) * len(cells)


def guessed_header(guess: HeaderGuess, first: Sequence[str]) -> Notes:
    """What should be known where the first row may be something else."""
    if guess.sure and guess.named:
        return ()
    words = some_of(shorten(cell, 30) for cell in first if cell.strip())
    if guess.named:
        message = _("The first row ({words}) is read as the names of the columns.")
        fix = source_fix(_("Read the first row as data"), header="no")
    else:
        message = _(
            "The first row ({words}) is read as data: the table seems to have no "
            "header."
        )
        fix = source_fix(_("Read the first row as the header"), header="yes")
    return (Finding("table-header", "", message.format(words=words), fixes=(fix,)),)


def column_names(cells: Sequence[str]) -> tuple[tuple[str, ...], Notes]:
    """A name for each column, no two the same, from the cells of a header."""
    plain = [" ".join(cell.split()) for cell in cells]
    counts = Counter(name for name in plain if name)
    taken = set(counts)
    names: list[str] = []
    for number, name in enumerate(plain, 1):
        wanted = name or COLUMN.format(number=number)
        if not name or name in names:
            wanted = _free(wanted, taken)
            taken.add(wanted)
        names.append(wanted)
    return tuple(names), _duplicates(counts)


def numbered_columns(count: int) -> tuple[str, ...]:
    """Names for the columns of a table without a header."""
    return tuple(COLUMN.format(number=n + 1) for n in range(count))


def _free(name: str, taken: set[str]) -> str:
    tries = (name, *(f"{name} ({number})" for number in range(2, len(taken) + 3)))
    return next(each for each in tries if each not in taken)


def _duplicates(counts: Counter[str]) -> Notes:
    several = [name for name, count in counts.items() if count > 1]
    if not several:
        return ()
    message = _(
        "Several columns have the same name ({names}); the later ones are numbered, "
        "such as “{example}”."
    )
    text = message.format(names=some_of(several), example=f"{several[0]} (2)")
    return (Finding("duplicate-columns", several[0], text),)


def unnamed_columns(names: Sequence[str]) -> Notes:
    """Columns whose cell in the header is blank, by the names they got."""
    if not names:
        return ()
    message = _("Columns without a name in the header are named {names}.")
    text = message.format(names=some_of(names))
    return (Finding("unnamed-columns", names[0], text),)

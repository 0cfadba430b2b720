"""Detecting the delimiter of a text table."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from dlstudio.errors import UserError
from dlstudio.i18n import _

DELIMITERS = ",;\t|"
NAMED = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
HEAD = 20  # lines used at first
MORE = 500  # lines used if one of the first is ragged

_FIRST_LINE = re.compile(r'"?sep=(.|\\t)"?[,;\t|]*\r?(\n|$)', re.IGNORECASE)


def split_first_line(text: str) -> tuple[str, str]:
    """The delimiter in a first line such as "sep=;", which Excel writes, and the rest.

    The delimiter is "" where there is no such line.
    """
    found = _FIRST_LINE.match(text)
    if found is None:
        return "", text
    return NAMED.get(found[1], found[1]), text[found.end() :]


def given_delimiter(wanted: str) -> str:
    """The delimiter that a user specifies: ";", or "tab".

    Raises:
        UserError: It is not one character.
    """
    found = NAMED.get(wanted.lower(), wanted)
    if len(found) == 1 and found not in '"\r\n':
        return found
    raise invalid_delimiter(wanted)


def invalid_delimiter(wanted: str) -> UserError:
    """The error for something that cannot stand between cells."""
    return UserError(
        _("“{text}” is not a valid column delimiter.").format(text=wanted),
        _("Use a single character, such as ; or ,; write “tab” for a tab."),
    )


def find_delimiter(text: str) -> str:
    """The delimiter that splits the first lines into equally many, and most, cells.

    If lines are ragged with every delimiter: the one that splits most lines into as
    many cells as the first one.
    """
    head = "\n".join(text.splitlines()[:HEAD])
    best, most = "", 1
    for delimiter in DELIMITERS:
        counts = set(_widths(head, delimiter))
        if len(counts) == 1 and (cells := counts.pop()) > most:
            best, most = delimiter, cells
    return best or _likeliest(text)


def _likeliest(text: str) -> str:
    head = "\n".join(text.splitlines()[:MORE])
    best, score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths = _widths(head, delimiter)
        if not widths:
            continue
        usual, count = Counter(widths).most_common(1)[0]
        found = (count / len(widths), usual)
        if usual > 1 and found > score:
            best, score = delimiter, found
    return best


def _widths(text: str, delimiter: str) -> list[int]:
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        return [len(row) for row in rows if row]
    except csv.Error:  # reported when the whole table is read
        return []

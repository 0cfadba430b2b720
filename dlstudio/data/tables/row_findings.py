"""Rows of a table that are not as they should be."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.data.findings import Finding
from dlstudio.data.tables.note_text import Notes, lines_text
from dlstudio.i18n import ngettext


def long_rows(width: int, count: int, lines: Sequence[int]) -> Notes:
    """Rows with more cells than there are columns.

    Args:
        width: How many columns there are.
        count: Of such rows.
        lines: The first of their lines.
    """
    message = ngettext(
        "{count} row has more than {width} cells (line {lines}); the extra "
        "cells are ignored. Enclose text that contains the delimiter in "
        "quotation marks.",
        "{count} rows have more than {width} cells (lines {lines}); the extra "
        "cells are ignored. Enclose text that contains the delimiter in "
        "quotation marks.",
        count,
    )
    return _of_rows("ragged-rows", message, count, lines, width)


def short_rows(width: int, count: int, lines: Sequence[int]) -> Notes:
    """Rows with fewer cells than there are columns.

    Args:
        width: How many columns there are.
        count: Of such rows.
        lines: The first of their lines.
    """
    message = ngettext(
        "{count} row has fewer than {width} cells (line {lines}); the missing ones "
        "are read as blank.",
        "{count} rows have fewer than {width} cells (lines {lines}); the missing ones "
        "are read as blank.",
        count,
    )
    return _of_rows("short-rows", message, count, lines, width)


def repeated_headers(count: int, lines: Sequence[int]) -> Notes:
    """Rows that are the header again, as in files that were appended to each other."""
    message = ngettext(
        "{count} row repeats the header (line {lines}) and is skipped.",
        "{count} rows repeat the header (lines {lines}) and are skipped.",
        count,
    )
    return _of_rows("repeated-header", message, count, lines)


def blank_rows(count: int, lines: Sequence[int]) -> Notes:
    """Rows without a cell."""
    message = ngettext(
        "{count} blank row is skipped (line {lines}).",
        "{count} blank rows are skipped (lines {lines}).",
        count,
    )
    return _of_rows("blank-rows", message, count, lines)


def stray_quotes(count: int, lines: Sequence[int]) -> Notes:
    """Quotation marks that are not around a whole cell, or are never closed."""
    message = ngettext(
        "{count} row has quotation marks that do not enclose a whole cell (line "
        "{lines}); they are read as text.",
        "{count} rows have quotation marks that do not enclose a whole cell (lines "
        "{lines}); they are read as text.",
        count,
    )
    return _of_rows("stray-quotes", message, count, lines)


def null_characters(count: int) -> Notes:
    """Bytes of zero within text, as damaged files have them."""
    message = ngettext(
        "{count} NUL character is removed. The file may be damaged.",
        "{count} NUL characters are removed. The file may be damaged.",
        count,
    )
    return _of_rows("null-characters", message, count, ())


def _of_rows(
    kind: str, message: str, count: int, lines: Sequence[int], width: int = 0
) -> Notes:
    if not count:
        return ()
    text = message.format(count=count, width=width, lines=lines_text(count, lines))
    return (Finding(kind, "", text),)

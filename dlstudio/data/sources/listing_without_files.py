"""Errors for tables that name no image files."""

from __future__ import annotations

import statistics
import unicodedata
from pathlib import Path

from dlstudio.data.sources.listing_table import TextTable, choose_setting
from dlstudio.errors import SettingNeeded, UserError
from dlstudio.i18n import _

PIXEL_COLUMNS = 16
SENTENCE = 4  # words from which on a cell is text


def no_files(table: TextTable, path: Path) -> UserError:
    """The error for a table of text, numbers or pixels, or of unknown content."""
    texts = list(zip(*table.rows[:200], strict=True)) if table.rows else []
    if _holds_pixels(table, texts):
        return UserError(
            _("{path} contains the pixels of images as numbers.").format(path=path),
            _(
                "Save the images as arrays: numpy.savez('images.npz', "
                "x=pixels, y=labels), where pixels has the shape (count, "
                "height, width)."
            ),
        )
    if any(_is_text(cells) for cells in texts):
        return UserError(
            _("{path} is a table of texts and names no image files.").format(path=path),
            _("Use it as a table of values."),
        )
    if sum(map(_is_numeric, texts)) >= max(2, len(texts) - 1):
        return UserError(
            _("{path} is a table of numbers and names no image files.").format(
                path=path
            ),
            _("Use it as a table of values."),
        )
    return SettingNeeded(
        _("{path} has no column of image files.").format(path=path),
        choose_setting("file_column", table.header),
    )


def _holds_pixels(table: TextTable, texts: list[tuple[str, ...]]) -> bool:
    named = sum(each.lower().startswith("pixel") for each in table.header)
    if named == 1 and "pixels" in [each.lower() for each in table.header]:
        return True
    return named >= PIXEL_COLUMNS or sum(map(_is_numeric, texts)) > 64


def _is_text(cells: tuple[str, ...]) -> bool:
    lengths = [_words(cell) for cell in cells if cell.strip()]
    return bool(lengths) and statistics.median(lengths) >= SENTENCE


def _words(cell: str) -> float:
    """The number of words in a cell; Chinese and Japanese do not use spaces."""
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in cell)
    return max(len(cell.split()), wide / 2)


def _is_numeric(cells: tuple[str, ...]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    try:
        return bool([float(cell) for cell in filled])
    except ValueError:
        return False

"""Detecting the columns of files, labels and splits of a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dlstudio.data.findings import Finding
from dlstudio.data.images.file_finder import FileFinder, locate
from dlstudio.data.samples import TEST, VALIDATION, split_name
from dlstudio.data.sources.listing_findings import (
    other_flags,
    unknown_splits,
    unused_split,
)
from dlstudio.data.sources.listing_table import (
    FILE_NAMES,
    TextTable,
    choose_setting,
    names_image,
)
from dlstudio.data.sources.listing_without_files import no_files
from dlstudio.errors import SettingNeeded, UserError
from dlstudio.i18n import _

LABEL_NAMES = ("label", "labels", "class", "classes", "category", "target", "tag", "y")
SPLIT_COLUMNS = (
    *("split", "subset", "set", "partition", "part", "usage", "ml_use", "phase"),
)
SPLIT_CELLS = {"publictest": VALIDATION, "privatetest": TEST}
UNKNOWN = "?"


def file_column(table: TextTable, wanted: str, path: Path) -> int:
    """The column of the files.

    Args:
        table: The table.
        wanted: Name of the column; "" to detect it.
        path: Path of the table; file names are relative to its folder.

    Returns:
        The index of the column, from 0.

    Raises:
        UserError: There is no column named `wanted`, or none that names files.
    """
    if wanted:
        return table.column(wanted, "file_column")
    head = table.rows[:50]
    columns = range(len(table.header))
    named = table.find(FILE_NAMES)
    for names in (_names_file, _names_stem):
        counts = [names([row[c] for row in head], path.parent) for c in columns]
        most = max(counts, default=0)
        if most:
            if named is not None and names is _names_stem and counts[named] == most:
                return named
            return counts.index(most)
    if named is not None:
        return named
    raise no_files(table, path)


def _names_file(cells: Sequence[str], folder: Path) -> int:
    return sum(names_image(cell) or bool(locate(cell, folder)) for cell in cells)


def _names_stem(cells: Sequence[str], folder: Path) -> int:
    """The number of cells that name an image without its extension."""
    return FileFinder(folder, cells).hits(cells)


def is_flag_column(table: TextTable, column: int) -> bool:
    """Whether every cell is a boolean or blank."""
    return all(flag(cell) is not None for cell in table.cells(column))


def flag(cell: str) -> bool | None:
    """The boolean value of a cell; a blank one is False, others None."""
    plain = cell.strip().lower()
    if plain in ("1", "1.0", "true", "yes"):
        return True
    return False if plain in ("0", "0.0", "false", "no", "") else None


@dataclass(frozen=True)
class Splits:
    """The split of each row.

    Attributes:
        column: Index of the column; None if there is none.
        names: For each row: "train", "validation", "test", "" for none, `UNKNOWN`.
        notes: Findings about the column.
    """

    column: int | None
    names: tuple[str, ...]
    notes: tuple[Finding, ...] = ()


def read_splits(table: TextTable, wanted: str, files: int) -> Splits:
    """Read the splits in a column of the table.

    Args:
        wanted: Name of the column; "" to detect it.
        files: Index of the column of the files.

    Raises:
        UserError: There is no column named `wanted`, or it names no split.
    """
    column = table.column(wanted, "split_column") if wanted else _column(table, files)
    if column is None:
        return Splits(None, ("",) * len(table.rows))
    cells = [cell.strip() for cell in table.cells(column)]
    names = [_split_name(cell) if cell else "" for cell in cells]
    pairs = zip(cells, names, strict=True)
    words = Counter(cell for cell, name in pairs if name == UNKNOWN)
    header = table.header[column]
    if not any(name not in ("", UNKNOWN) for name in names):
        found = unused_split(header, words)
        if wanted:
            raise UserError(
                found.message, _("Write train, val or test in this column.")
            )
        return Splits(None, ("",) * len(table.rows), (found,) if words else ())
    notes = unknown_splits(header, words, names.count(""))
    return Splits(column, tuple(names), notes)


def _column(table: TextTable, files: int) -> int | None:
    """The column by name; without a header, the one that has only split names."""
    if table.named:
        return table.find(SPLIT_COLUMNS)
    others = [c for c in range(len(table.header)) if c != files]
    if len(others) < 2 or not table.rows:
        return None
    for column in others:
        cells = {cell.strip() for cell in table.cells(column)} - {"", "UNASSIGNED"}
        if cells and all(_split_name(cell) != UNKNOWN for cell in cells):
            return column
    return None


def _split_name(cell: str) -> str:
    plain = cell.lower().replace(" ", "").replace("_", "")
    if plain == "unassigned":
        return ""
    return split_name(cell) or SPLIT_CELLS.get(plain, UNKNOWN)


def label_columns(
    table: TextTable, wanted: tuple[str, ...], files: int, split: int | None
) -> tuple[tuple[int, ...], tuple[Finding, ...]]:
    """The columns of the labels, and findings about the choice.

    Args:
        table: The table.
        wanted: Names of the columns; empty to detect them.
        files: Index of the column of the files.
        split: Index of the column of the splits; None for none.

    Returns:
        No columns where the table has no others.

    Raises:
        UserError: A wanted column does not exist, or detection is ambiguous.
    """
    if wanted:
        return tuple(table.column(str(n), "label_columns") for n in wanted), ()
    others = [c for c in range(len(table.header)) if c not in (files, split)]
    named = table.find(LABEL_NAMES)
    if named not in others:
        named = None
    if len(others) < 2:
        return tuple(others), ()
    all_flags = all(is_flag_column(table, c) for c in others)
    if named is not None:
        rest = [table.header[c] for c in others if c != named and all_flags]
        return (named,), other_flags(table.header[named], rest)
    if all_flags:
        return tuple(others), ()
    raise SettingNeeded(
        _("It is unclear which columns of the table are labels."),
        choose_setting("label_columns", [table.header[c] for c in others]),
    )

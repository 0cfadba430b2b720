"""Tables of images: whether they say nothing of them but their classes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dlstudio.data.sources.listing_columns import (
    LABEL_NAMES,
    file_column,
    label_columns,
    read_splits,
)
from dlstudio.data.sources.listing_table import read_table
from dlstudio.errors import SettingNeeded, UserError

QUANTITY = 0.85
"""Certainty from which numbers are no classes, whatever their column is called."""


def lists_labels(path: Path) -> bool:
    """Whether it is clear which columns of a table of images are classes.

    It is not if several columns may be, or if the only one has numbers such as ages.

    Args:
        path: Of a table that lists images.
    """
    try:
        table = read_table(path)
        files = file_column(table, "", path)
        splits = read_splits(table, "", files)
        labels, _notes = label_columns(table, (), files, splits.column)
    except SettingNeeded:
        return False
    except UserError:
        return True  # reading it will report the error
    name = table.header[labels[0]] if len(labels) == 1 else ""
    if not name or name.strip().lower().replace(" ", "_") in LABEL_NAMES:
        return True
    return not _are_quantities(table.cells(labels[0]), name)


def _are_quantities(cells: Sequence[str], name: str) -> bool:
    try:
        numbers = [float(cell) for cell in cells if cell.strip()]
    except ValueError:
        return False
    if not numbers:
        return False
    # What reads tables takes a moment to import, and most lists do not need it.
    import polars as pl

    from dlstudio.data.columns import Cells
    from dlstudio.data.features.number import NUMBER

    texts = [cell.strip() or None for cell in cells]
    return NUMBER.certainty(Cells(pl.Series(texts, dtype=pl.String)), name) >= QUANTITY

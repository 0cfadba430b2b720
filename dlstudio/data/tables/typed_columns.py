"""Columns of files that have types of their own: Parquet, JSON Lines, spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import psutil

from dlstudio.byte_size import size_text
from dlstudio.data.columns import Cells
from dlstudio.data.findings import Finding
from dlstudio.data.tables.header import column_names, unnamed_columns
from dlstudio.data.tables.note_text import Notes, some_of
from dlstudio.data.tables.table import Table
from dlstudio.errors import UserError
from dlstudio.i18n import _

WIDE_INTEGERS = ("Int128", "UInt128")
"""By name: older versions of Polars have only one of them."""


def is_flat(kind: pl.DataType) -> bool:
    """Whether cells of a type are single values, and no lists or bytes."""
    return not (kind.is_nested() or kind == pl.Binary or kind == pl.Object)


def plain_values(values: pl.Series) -> pl.Series:
    """A column with the types that are common: numbers, booleans, texts, dates, times.

    Decimals become float64, categories texts, durations seconds; NaN becomes null.
    """
    kind = values.dtype
    if kind.is_decimal() or str(kind) in WIDE_INTEGERS:
        values = values.cast(pl.Float64)
    elif kind in (pl.Categorical, pl.Enum, pl.Null):
        values = values.cast(pl.String)
    elif kind == pl.Duration:
        values = values.dt.total_microseconds() / 1e6
    if str(values.dtype) == "Float16":
        values = values.cast(pl.Float32)
    return values.fill_nan(None) if values.dtype.is_float() else values


def typed_table(frame: pl.DataFrame, nested: Sequence[str], path: Path) -> Table:
    """A table of a frame's columns.

    Args:
        frame: Of flat columns.
        nested: The names of others, which are not read.
        path: Of the file.

    Raises:
        UserError: There is no flat column.
    """
    if not frame.width:
        raise _nothing_flat(path, nested) if nested else is_empty(path)
    names, notes = column_names(frame.columns)
    columns = {
        name: Cells(plain_values(values).alias(name))
        for name, values in zip(names, frame, strict=True)
    }
    blank = zip(names, frame.columns, strict=True)
    unnamed = unnamed_columns([name for name, given in blank if not given.strip()])
    numbers = np.arange(1, frame.height + 1, dtype=np.int64)
    return Table(columns, numbers, (*notes, *unnamed, *_nested_columns(nested)))


def check_memory(path: Path, needed: int) -> None:
    """Refuse a table that takes more than half the free memory.

    Args:
        needed: Bytes.

    Raises:
        UserError: It does.
    """
    free = psutil.virtual_memory().available
    if needed <= free // 2:
        return
    text = _("The table {path} is too large: it needs {needed} of memory.")
    raise UserError(
        text.format(path=path, needed=size_text(needed)),
        _("Use a smaller table, or close other programs."),
    )


def is_empty(path: Path) -> UserError:
    """The error for a file without rows."""
    return UserError(_("The table {path} is empty.").format(path=path))


def unreadable(path: Path, error: BaseException) -> UserError:
    """The error for a damaged file, with what its reader says."""
    reason = " ".join(str(error).split("\n")[0].split()).rstrip(".")
    return UserError(
        _("{path} is not a readable table: {reason}.").format(
            path=path, reason=reason or type(error).__name__
        ),
        _("Create or download the file again."),
    )


def _nothing_flat(path: Path, nested: Sequence[str]) -> UserError:
    text = _("{path} has only columns of lists or other nested values: {names}.")
    return UserError(
        text.format(path=path, names=some_of(nested)),
        _(
            "Save each value in a column of its own. Lists of words are read if their "
            "column is called tokens, and lists of tags if they are B-person, O and "
            "the like."
        ),
    )


def _nested_columns(names: Sequence[str]) -> Notes:
    if not names:
        return ()
    message = _(
        "Columns with lists or other nested values are not read: {names}. Save each "
        "value in a column of its own. Lists of words are read if their column is "
        "called tokens, and lists of tags if they are B-person, O and the like."
    )
    text = message.format(names=some_of(names))
    return (Finding("nested-columns", names[0], text),)

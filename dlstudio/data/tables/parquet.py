"""Parquet files."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from dlstudio.data.tables.table import Table
from dlstudio.data.tables.token_lists import (
    are_tokens,
    joined_tokens,
    may_be_tokens,
)
from dlstudio.data.tables.typed_columns import (
    check_memory,
    is_flat,
    typed_table,
    unreadable,
)

BYTES_PER_CELL = 8
BYTES_PER_TEXT = 16


def read_parquet(path: Path) -> Table:
    """Read a Parquet file, without nested columns that are no tokens.

    Raises:
        UserError: It is damaged, has no flat column, or is larger than the memory.
        OSError: It cannot be read.
    """
    scan = pl.scan_parquet(path, glob=False, hive_partitioning=False)
    try:
        schema = scan.collect_schema()
        lists = [name for name, kind in schema.items() if may_be_tokens(kind)]
        flat = [n for n, kind in schema.items() if is_flat(kind) or n in lists]
        rows = scan.select(pl.len()).collect().item()
        # A few bytes can stand for millions of equal rows.
        check_memory(path, rows * sum(_size(schema[name]) for name in flat))
        frame = scan.select(flat).collect()
        frame = frame.with_columns(joined_tokens(frame[name]) for name in lists)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise unreadable(path, error) from error
    frame = frame.drop(name for name in lists if not are_tokens(name, frame[name]))
    return typed_table(
        frame, [name for name in schema if name not in frame.columns], path
    )


def _size(kind: pl.DataType) -> int:
    return BYTES_PER_TEXT if kind == pl.String else BYTES_PER_CELL

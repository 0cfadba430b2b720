"""Read a table of any common format."""

from __future__ import annotations

from pathlib import Path

from dlstudio.data.tables.delimited import read_delimited
from dlstudio.data.tables.table import Table, TableOptions
from dlstudio.paths import user_errors


def read_table(path: Path, options: TableOptions | None = None) -> Table:
    """Read a table; nothing about its columns' types is decided.

    Args:
        options: What the user knows about it.

    Raises:
        UserError: It cannot be read, is empty, or is no table.
    """
    with user_errors(path, writing=False):
        return read_delimited(path, options or TableOptions())

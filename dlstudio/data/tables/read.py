"""Read a table of any common format."""

from __future__ import annotations

from pathlib import Path

from dlstudio.data.tables.delimited import read_delimited
from dlstudio.data.tables.file_format import find_format
from dlstudio.data.tables.json_lines import read_json_lines
from dlstudio.data.tables.parquet import read_parquet
from dlstudio.data.tables.table import Table, TableOptions
from dlstudio.data.tables.workbook import read_workbook
from dlstudio.paths import user_errors


def read_table(path: Path, options: TableOptions | None = None) -> Table:
    """Read a table; nothing about its columns' types is decided.

    Text with delimiters, JSON Lines, Parquet and spreadsheets are read, whatever the
    file is called.

    Args:
        options: What the user knows about it.

    Raises:
        UserError: It cannot be read, is empty, or is no table.
    """
    options = options or TableOptions()
    with user_errors(path, writing=False):
        match find_format(path):
            case "parquet":
                return read_parquet(path)
            case "workbook":
                return read_workbook(path, options)
            case "json_lines":
                return read_json_lines(path, options)
            case _:
                return read_delimited(path, options)

"""A table of values: one sample in each row, one feature in each column."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dlstudio.data.data_source import Certainty, DataSource, Recognizer
from dlstudio.data.fileinfo import resolve
from dlstudio.data.row_ids import RowIds
from dlstudio.data.samples import Samples, split_array, split_name
from dlstudio.data.sources.table import lists_images
from dlstudio.data.tables.table import HeaderOption, Table, TableOptions
from dlstudio.errors import UserError
from dlstudio.i18n import _

SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".xlsx", ".xls", ".ods")
HEADERS: dict[str, HeaderOption] = {"auto": "auto", "yes": "yes", "no": "no"}


def read(params: Mapping[str, Any], base: Path) -> Samples:
    """The rows of a table, with a column of cells for each of its columns.

    Args:
        params: "path", and perhaps "encoding", "delimiter", "header", "sheet" and
            "split_column".
        base: Folder of the project.

    Raises:
        UserError: The table cannot be read, has no rows, or has no such column.
    """

    # Every folder of images is shown to this source; polars takes 0.2 s to import.
    from dlstudio.data.tables.read import read_table

    def text(name: str) -> str:
        return str(params.get(name) or "")

    path = resolve(params["path"], base)
    header = HEADERS.get(text("header"), "auto")
    options = TableOptions(text("encoding"), text("delimiter"), header, text("sheet"))
    table = read_table(path, options)
    if not len(table):
        raise UserError(
            _("The table {path} has no rows.").format(path=path),
            _("Add rows below the header."),
        )
    splits, columns = _splits(table, text("split_column"))
    return Samples(RowIds(table.row_numbers), columns, splits, table.notes)


def _splits(table: Table, column: str) -> tuple[Any, dict[str, Any]]:
    """The split of each row, and the columns without the one that says it."""
    columns = dict(table.columns)
    if not column:
        return split_array([""] * len(table)), columns
    cells = columns.pop(column, None)
    if cells is None:
        raise UserError(
            _("The table has no column called “{name}”.").format(name=column),
            _("Set {setting} to one of: {names}.").format(
                setting="data.source.split_column", names=", ".join(columns)
            ),
        )
    words = ["" if cell is None else str(cell) for cell in cells.values.to_list()]
    names = [split_name(word) for word in words]
    if not any(names):
        raise UserError(
            _("The column “{name}” contains no splits.").format(name=column),
            _("Write train, val or test in this column."),
        )
    return split_array(names), columns


def find(path: Path) -> Path | None:
    """The file itself, if it is a table of values and not a list of images."""
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        return None
    if path.suffix.lower() in (".csv", ".tsv") and lists_images(path):
        return None
    return path


SOURCE = DataSource(read, (Recognizer(Certainty.CONTENT, find),), by_name=False)

"""A table of values: one sample in each row, one feature in each column."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from dlstudio.data.columns import Cells
from dlstudio.data.data_source import Certainty, DataSource, Recognizer
from dlstudio.data.fileinfo import is_network_path, resolve
from dlstudio.data.row_ids import RowIds
from dlstudio.data.samples import Samples, split_array, split_name
from dlstudio.data.sources.folder_layout import names_classes
from dlstudio.data.sources.folder_tree import descend, only_file
from dlstudio.data.sources.listing_of_labels import lists_labels
from dlstudio.data.sources.listing_table import lists_files
from dlstudio.data.tables.table import HeaderOption, Table, TableOptions
from dlstudio.errors import UserError
from dlstudio.i18n import _

TEXT_SUFFIXES = (".csv", ".tsv")
SUFFIXES = (
    *TEXT_SUFFIXES,
    *(".jsonl", ".ndjson", ".parquet"),
    *(".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
)
HEADERS: dict[str, HeaderOption] = {"auto": "auto", "yes": "yes", "no": "no"}


def read(params: Mapping[str, Any], base: Path) -> Samples:
    """The rows of a table, with a column of cells for each of its columns.

    Args:
        params: "path", and perhaps "encoding", "delimiter", "header", "sheet",
            "split_column" and "image_folder".
        base: Folder of the project.

    Raises:
        UserError: The table cannot be read, has no rows, or has no such column.
    """

    # Every folder that is opened is shown to this source; polars takes 0.2 s to import.
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
    folder = cells_folder(path, text("image_folder"))
    columns = {name: each.in_folder(folder) for name, each in columns.items()}
    return Samples(RowIds(table.row_numbers), columns, splits, table.notes)


def cells_folder(path: Path, image_folder: str) -> str:
    """The absolute folder where relative paths in the cells of a table begin.

    Args:
        path: Of the table, absolute.
        image_folder: Relative to the table's folder, or absolute; "" for that folder.
    """
    if is_network_path(image_folder):
        return str(path.parent)
    return os.path.abspath(path.parent / Path(image_folder).expanduser())


def _splits(table: Table, column: str) -> tuple[Any, dict[str, Cells]]:
    """The split of each row, and the columns without the one that says it."""
    columns = dict(table.columns)
    if not column:
        return np.zeros(len(table), "<U1"), columns
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
    """The file itself, unless it says nothing of files but their classes."""
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        return None
    text = path.suffix.lower() in TEXT_SUFFIXES
    return None if text and lists_files(path) and lists_labels(path) else path


def find_listing(folder: Path) -> Path | None:
    """The only table in a folder, if it says more of files than their classes."""
    if not folder.is_dir():
        return None
    table = only_file(descend(folder), TEXT_SUFFIXES)
    if table is None or names_classes(folder) or not lists_files(table):
        return None
    return None if lists_labels(table) else table


def find_only_table(folder: Path) -> Path | None:
    """The only table in a folder, if it does not list files."""
    if not folder.is_dir():
        return None
    table = only_file(descend(folder), SUFFIXES)
    if table is None or table.suffix.lower() not in TEXT_SUFFIXES:
        return table
    return None if lists_files(table) else table


SOURCE = DataSource(
    read,
    (
        Recognizer(Certainty.CONTENT, find),
        Recognizer(Certainty.CONTENT, find_listing),
        Recognizer(Certainty.FALLBACK, find_only_table),
    ),
    by_name=False,
)

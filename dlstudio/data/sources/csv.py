"""A table with a column of image files, and columns of labels if there are any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dlstudio.data.data_source import Certainty, DataSource, Recognizer
from dlstudio.data.fileinfo import resolve
from dlstudio.data.findings import Finding
from dlstudio.data.images.checks.narrow_values import complete_images
from dlstudio.data.images.columns import Files
from dlstudio.data.images.file_finder import ADDRESSES, FileFinder
from dlstudio.data.images.samples import image_samples, require_samples
from dlstudio.data.samples import Samples, label_column, split_array
from dlstudio.data.sources.folder_layout import names_classes
from dlstudio.data.sources.folder_tree import descend, only_file
from dlstudio.data.sources.listing_columns import (
    UNKNOWN,
    Splits,
    file_column,
    label_columns,
    read_splits,
)
from dlstudio.data.sources.listing_findings import (
    doubtful_files,
    doubtful_folder,
    without_labels,
)
from dlstudio.data.sources.listing_labels import TableLabels
from dlstudio.data.sources.listing_of_labels import lists_labels
from dlstudio.data.sources.listing_table import TextTable, lists_files, read_table
from dlstudio.errors import SettingNeeded, UserError
from dlstudio.i18n import _

SUFFIXES = (".csv", ".tsv")
"""Extensions of tables detected in a folder; a text file may be anything."""


def read(params: Mapping[str, Any], base: Path) -> Samples:
    """Read the images that a table lists.

    File names are relative to the table's folder. Absolute paths and ".." are followed,
    since the table is the user's own; paths on another machine are not, since accessing
    them would send credentials.

    Args:
        params: "path", and perhaps "file_column", "label_columns", "split_column",
            "separator", "image_folder", "ignore_case", "encoding", "delimiter"; empty
            ones are detected. "unlabeled" to read no labels.
        base: Folder of the project.

    Raises:
        UserError: The table cannot be read, or its columns are ambiguous.
    """

    listed = read_listing(params, base)
    splits = listed.splits
    picked = _Picked(listed.finder, list(listed.notes))
    for number, split in enumerate(splits.names):
        if split != UNKNOWN:
            cell = listed.table.rows[number][listed.files]
            picked.take(cell, listed.labels.of(number), split)
    samples = require_samples(picked.samples(listed.labels), listed.path)
    if not listed.columns and not params.get("unlabeled"):
        found = without_labels(len(samples))
        samples = replace(samples, notes=(*samples.notes, found))
    return samples


@dataclass(frozen=True)
class ImageTable:
    """A table of images, and what its columns mean.

    Attributes:
        path: Its file.
        table: Its cells.
        files: Index of the column of files.
        columns: Indices of the columns of labels.
        labels: Those of each row.
        splits: That of each row.
        finder: Finds the file of a cell.
        notes: Findings met while reading.
    """

    path: Path
    table: TextTable
    files: int
    columns: tuple[int, ...]
    labels: TableLabels
    splits: Splits
    finder: FileFinder
    notes: tuple[Finding, ...]


def read_listing(params: Mapping[str, Any], base: Path) -> ImageTable:
    """Read a table, and find the meaning of its columns.

    Args:
        params: See `read`.
        base: Folder of the project.

    Raises:
        UserError: The table cannot be read, or its columns are ambiguous.
    """

    def text(name: str) -> str:
        return str(params.get(name) or "")

    path = resolve(params["path"], base)
    table = read_table(path, text("encoding"), text("delimiter"))
    files = file_column(table, text("file_column"), path)
    splits = read_splits(table, text("split_column"), files)
    wanted = tuple(params.get("label_columns") or ())
    unlabeled = bool(params.get("unlabeled"))
    columns, notes = (
        ((), ()) if unlabeled else label_columns(table, wanted, files, splits.column)
    )
    ignore_case = bool(params.get("ignore_case"))
    labels = TableLabels(table, columns, text("separator"), ignore_case)
    finder = FileFinder(path.parent, table.cells(files), text("image_folder"))
    found = (*table.notes, *splits.notes, *notes)
    return ImageTable(path, table, files, columns, labels, splits, finder, found)


@dataclass
class _Picked:
    """Collects the rows whose images exist, each image once."""

    finder: FileFinder
    notes: list[Finding] = field(default_factory=list)
    ids: dict[str, tuple[str, frozenset[str], str]] = field(default_factory=dict)

    def take(self, cell: str, labels: frozenset[str], split: str) -> None:
        """Add one row, or note why it is skipped."""
        name, path = self.finder.find(cell)
        if path is None:
            text = _("The table lists this file, but it does not exist.")
            self.notes.append(Finding("missing-file", name, text))
        elif name not in self.ids:
            self.ids[name] = (path, labels, split)
        elif self.ids[name][1] == labels:
            text = _("The table lists this file more than once.")
            self.notes.append(Finding("duplicate", name, text))
        else:
            text = _(
                "The table gives this file several different labels; the first one "
                "is used."
            )
            self.notes.append(Finding("conflicting-labels", name, text))

    def samples(self, labels: TableLabels) -> Samples:
        """The collected samples, in order of names.

        Raises:
            UserError: No file exists, or none has a label.
        """
        missing = [each.path for each in self.notes if each.kind == "missing-file"]
        if missing and not self.ids:
            raise _none_there(missing[0])
        if labels.columns and not labels.multi:
            for name in [n for n, each in self.ids.items() if not each[1]]:
                del self.ids[name]
                text = _("The table gives this file no label, so it is excluded.")
                self.notes.append(Finding("no-class", name, text))
        names = sorted(self.ids)
        picked = [self.ids[name] for name in names]
        sets = [each[1] for each in picked]
        classes, numbers = labels.numbers(sets)
        finder = self.finder
        notes = (
            *self.notes,
            *doubtful_folder(finder.inside, finder.others),
            *doubtful_files(finder.doubtful),
            *labels.notes(sets),
        )
        return image_samples(
            tuple(names),
            Files(tuple(each[0] for each in picked)),
            label_column(numbers, classes),
            split_array([each[2] for each in picked]),
            notes,
        )


def _none_there(name: str) -> UserError:
    if name.startswith(ADDRESSES):
        return UserError(
            _("The table contains URLs instead of files, such as {name}.").format(
                name=name
            ),
            _("Download the images, and write their file names in the table."),
        )
    text = _("None of the files listed in the table exists, for example {name}.")
    return SettingNeeded(
        text.format(name=name),
        _(
            "Put the table next to the images, or set data.source.image_folder "
            "to the folder that contains them."
        ),
    )


def find_listing(folder: Path) -> Path | None:
    """The only table in a folder, if it lists images and no subfolders are classes."""
    if not folder.is_dir():
        return None
    table = only_file(descend(folder), SUFFIXES)
    if table is None or names_classes(folder) or not lists_files(table):
        return None
    return table if lists_labels(table) else None


def find_table(folder: Path) -> Path | None:
    """The only table in a folder, if it lists images beside whatever folders."""
    if not folder.is_dir():
        return None
    table = only_file(folder, SUFFIXES)
    return table if table is not None and lists_files(table) else None


SOURCE = DataSource(
    read,
    (
        Recognizer(Certainty.CONTENT, find_listing),
        Recognizer(Certainty.FALLBACK, find_table),
    ),
    complete=complete_images,
)

"""A table with a column of picture files and one or more columns of labels."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dlstudio.data.fileinfo import resolve
from dlstudio.data.samples import (
    Finding,
    Labels,
    Samples,
    labels_from_names,
    labels_from_sets,
    require_samples,
    split_array,
    split_name,
)
from dlstudio.data.sources.table import Table, locate, names_picture, read_table
from dlstudio.errors import UserError
from dlstudio.i18n import _

FILE_NAMES = (
    *("file", "filename", "file_name", "filepath", "file_path", "path", "image"),
    *("image_path", "image_name", "img", "picture", "photo", "id"),
)
LABEL_NAMES = ("label", "labels", "class", "classes", "category", "target", "tag", "y")
SPLIT_COLUMNS = ("split", "subset", "set", "partition", "part", "usage")


def read(params: Mapping[str, Any], base: Path) -> Samples:
    """The pictures a table lists.

    File names are relative to the table's folder. An absolute path or one with
    ".." is followed, since the table is the user's own; one on another machine is
    not, since merely looking there would send credentials.

    Args:
        params: "path", and perhaps "file_column", "label_columns", "split_column",
            "separator"; what is empty is found by itself.
        base: Folder of the project.

    Raises:
        UserError: The table cannot be read, or its columns cannot be told.
    """
    path = resolve(params["path"], base)
    table = read_table(path)
    file_column = _file_column(table, str(params.get("file_column") or ""), path)
    wanted = str(params.get("split_column") or "")
    split_column = table.column(wanted) if wanted else _split_column(table)
    label_columns = _label_columns(
        table, tuple(params.get("label_columns") or ()), file_column, split_column
    )
    labels = _Labels(table, label_columns, str(params.get("separator") or ""))
    picked = _Picked(path.parent)
    for number in range(len(table.rows)):
        row = table.rows[number]
        split = split_name(row[split_column]) if split_column is not None else ""
        picked.take(row[file_column], labels.of(number), split)
    return require_samples(picked.samples(labels), path)


def _file_column(table: Table, wanted: str, path: Path) -> int:
    if wanted:
        return table.column(wanted)
    head = table.rows[:50]
    hits = [
        [names_picture(row[c]) or bool(locate(row[c], path.parent)) for row in head]
        for c in range(len(table.header))
    ]
    counts = [sum(each) for each in hits]
    most = max(counts, default=0)
    if most:
        return counts.index(most)
    named = table.find(FILE_NAMES)
    if named is not None:
        return named
    raise UserError(
        _("No column of {path} names picture files.").format(path=path),
        _("Set “file_column” to one of: {names}.").format(
            names=", ".join(table.header)
        ),
    )


def _split_column(table: Table) -> int | None:
    column = table.find(SPLIT_COLUMNS)
    if column is None:
        return None
    known = [split_name(cell) for cell in table.cells(column) if cell.strip()]
    return column if known and all(known) else None


def _label_columns(
    table: Table, wanted: tuple[str, ...], files: int, split: int | None
) -> tuple[int, ...]:
    if wanted:
        return tuple(table.column(str(name)) for name in wanted)
    others = [c for c in range(len(table.header)) if c not in (files, split)]
    if len(others) <= 1 or all(_is_flag_column(table, c) for c in others):
        found = others
    else:
        named = table.find(LABEL_NAMES)
        found = [named] if named is not None else []
    if found:
        return tuple(found)
    raise UserError(
        _("It cannot be told which columns of the table are labels."),
        _("Set “label_columns” to one or more of: {names}.").format(
            names=", ".join(table.header[c] for c in others)
        ),
    )


def _is_flag_column(table: Table, column: int) -> bool:
    return all(_flag(cell) is not None for cell in table.cells(column))


def _flag(cell: str) -> bool | None:
    plain = cell.strip().lower()
    if plain in ("1", "1.0", "true", "yes"):
        return True
    return False if plain in ("0", "0.0", "false", "no", "") else None


class _Labels:
    """The labels of each row, in whichever of the three forms the table has."""

    def __init__(self, table: Table, columns: tuple[int, ...], separator: str) -> None:
        self._table, self._columns = table, columns
        self.flags = len(columns) > 1
        self.separator = separator
        if self.flags:
            self._check_flags()
        elif not separator:
            cells = table.cells(columns[0])
            found = (mark for mark in "|;" if any(mark in cell for cell in cells))
            self.separator = next(found, "")
        self.multi = self.flags or bool(self.separator)
        self.classes = tuple(table.header[c] for c in columns) if self.flags else ()

    def of(self, number: int) -> frozenset[str]:
        """The labels of a row; empty when it has none."""
        row = self._table.rows[number]
        if self.flags:
            pairs = zip(self.classes, self._columns, strict=True)
            return frozenset(name for name, c in pairs if _flag(row[c]))
        cell = unicodedata.normalize("NFC", row[self._columns[0]])
        parts = cell.split(self.separator) if self.separator else [cell]
        return frozenset(part.strip() for part in parts if part.strip())

    def numbers(self, sets: Sequence[frozenset[str]]) -> tuple[tuple[str, ...], Labels]:
        """Class names, and the labels of samples as numbers.

        Raises:
            UserError: No sample has any.
        """
        if not any(sets):
            raise UserError(
                _("The table gives no picture a label."),
                _("Fill in the label columns, or name others with “label_columns”."),
            )
        if self.multi:
            return labels_from_sets(sets, self.classes)
        return labels_from_names([next(iter(each)) for each in sets])

    def _check_flags(self) -> None:
        for column in self._columns:
            if not _is_flag_column(self._table, column):
                raise UserError(
                    _(
                        "The label column “{name}” has cells that are not 0 or 1."
                    ).format(name=self._table.header[column]),
                    _("Use one column of names, or several columns of 0 and 1."),
                )


@dataclass
class _Picked:
    """The rows whose pictures exist, each picture once."""

    folder: Path
    ids: dict[str, tuple[str, frozenset[str], str]] = field(default_factory=dict)
    notes: list[Finding] = field(default_factory=list)

    def take(self, cell: str, labels: frozenset[str], split: str) -> None:
        """Take one row, or note why not."""
        name = unicodedata.normalize("NFC", cell.strip().replace("\\", "/"))
        path = locate(cell, self.folder)
        if path is None:
            text = _("The table names this file, but it is not there.")
            self.notes.append(Finding("missing-file", name, text))
        elif name not in self.ids:
            self.ids[name] = (path, labels, split)
        elif self.ids[name][1] == labels:
            text = _("The table lists this file more than once.")
            self.notes.append(Finding("duplicate", name, text))
        else:
            text = _("The table gives this file different labels; the first counts.")
            self.notes.append(Finding("conflicting-labels", name, text))

    def samples(self, labels: _Labels) -> Samples:
        """What was taken, in order of names.

        Raises:
            UserError: No file is there, or none has a label.
        """
        missing = [each.path for each in self.notes if each.kind == "missing-file"]
        if missing and not self.ids:
            text = _("None of the files that the table names is there, such as {name}.")
            raise UserError(
                text.format(name=missing[0]),
                _("Put the table beside the pictures, or write where they are in it."),
            )
        if not labels.multi:
            for name in [n for n, each in self.ids.items() if not each[1]]:
                del self.ids[name]
                text = _("The table gives this file no label; it is left out.")
                self.notes.append(Finding("no-class", name, text))
        names = sorted(self.ids)
        picked = [self.ids[name] for name in names]
        sets = [each[1] for each in picked]
        classes, numbers = labels.numbers(sets)
        return Samples(
            ids=tuple(names),
            classes=classes,
            labels=numbers,
            splits=split_array([each[2] for each in picked]),
            files=tuple(each[0] for each in picked),
            notes=tuple(self.notes),
        )

"""A table with a column of picture files and one or more columns of labels."""

from __future__ import annotations

import csv
import io
import os
import stat
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dlstudio.data.fileinfo import PICTURE_SUFFIXES, is_network_path, resolve
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
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors

LARGEST_TABLE = 512 * 2**20
FILE_NAMES = (
    *("file", "filename", "file_name", "filepath", "file_path", "path", "image"),
    *("image_path", "image_name", "img", "picture", "photo", "id"),
)
LABEL_NAMES = ("label", "labels", "class", "classes", "category", "target", "tag", "y")
SPLIT_COLUMNS = ("split", "subset", "set", "partition", "part", "usage")


@dataclass(frozen=True)
class _Table:
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> int:
        """The number of a column by its name.

        Raises:
            UserError: There is no such column.
        """
        if name in self.header:
            return self.header.index(name)
        raise UserError(
            _("The table has no column called “{name}”.").format(name=name),
            _("It has these: {names}.").format(names=", ".join(self.header)),
        )

    def find(self, names: Sequence[str]) -> int | None:
        """The first column that has one of some common names."""
        plain = [each.strip().lower().replace(" ", "_") for each in self.header]
        return next((plain.index(name) for name in names if name in plain), None)

    def cells(self, column: int) -> list[str]:
        """The cells of a column."""
        return [row[column] for row in self.rows]


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
    table = _read_table(path)
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


def _read_table(path: Path) -> _Table:
    with user_errors(path, writing=False):
        if path.stat().st_size > LARGEST_TABLE:
            raise UserError(
                _("{path} is too large for a table of files.").format(path=path),
                _("Up to {size} MB is read.").format(size=LARGEST_TABLE // 2**20),
            )
        text = _decode(path.read_bytes())
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), _dialect(text)))
    except csv.Error as error:
        raise UserError(
            _("{path} is not a table that can be read: {reason}.").format(
                path=path, reason=error
            ),
            _("Save it as CSV with one line per picture."),
        ) from error
    lines = [line for line in lines if any(cell.strip() for cell in line)]
    if not lines:
        raise UserError(_("The table {path} is empty.").format(path=path))
    width = max(len(line) for line in lines)
    rows = [(*line, *[""] * (width - len(line))) for line in lines]
    if _is_header(rows[0], path.parent):
        return _Table(tuple(cell.strip() for cell in rows[0]), tuple(rows[1:]))
    names = tuple(_("column {number}").format(number=n + 1) for n in range(width))
    return _Table(names, tuple(rows))


def _decode(data: bytes) -> str:
    """Text of a table in the encodings that spreadsheets write."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", "replace")


def _dialect(text: str) -> type[csv.Dialect]:
    """The delimiter that cuts the first lines into equally many cells, most of all."""
    head = "\n".join(text.splitlines()[:20])
    best, most = ",", 1
    for delimiter in ",;\t|":
        counts = {
            len(row)
            for row in csv.reader(io.StringIO(head), delimiter=delimiter)
            if row
        }
        if len(counts) == 1 and (cells := counts.pop()) > most:
            best, most = delimiter, cells

    class Dialect(csv.excel):
        delimiter = best

    return Dialect


def _is_header(row: Sequence[str], folder: Path) -> bool:
    """The first row names columns, unless it names a picture."""
    return not any(_names_picture(cell) or _locate(cell, folder) for cell in row)


def _names_picture(cell: str) -> bool:
    return os.path.splitext(cell.strip())[1].lower() in PICTURE_SUFFIXES


def _file_column(table: _Table, wanted: str, path: Path) -> int:
    if wanted:
        return table.column(wanted)
    head = table.rows[:50]
    hits = [
        [_names_picture(row[c]) or bool(_locate(row[c], path.parent)) for row in head]
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


def _split_column(table: _Table) -> int | None:
    column = table.find(SPLIT_COLUMNS)
    if column is None:
        return None
    known = [split_name(cell) for cell in table.cells(column) if cell.strip()]
    return column if known and all(known) else None


def _label_columns(
    table: _Table, wanted: tuple[str, ...], files: int, split: int | None
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


def _is_flag_column(table: _Table, column: int) -> bool:
    return all(_flag(cell) is not None for cell in table.cells(column))


def _flag(cell: str) -> bool | None:
    plain = cell.strip().lower()
    if plain in ("1", "1.0", "true", "yes"):
        return True
    return False if plain in ("0", "0.0", "false", "no", "") else None


class _Labels:
    """The labels of each row, in whichever of the three forms the table has."""

    def __init__(self, table: _Table, columns: tuple[int, ...], separator: str) -> None:
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
        """Class names, and the labels of samples as numbers."""
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
        path = _locate(cell, self.folder)
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
        """What was taken, in order of names."""
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


def _locate(cell: str, folder: Path) -> str | None:
    """The regular file a cell names, as an absolute path, or None."""
    text = cell.strip()
    if not text or "\0" in text or len(text) > 4096 or is_network_path(text):
        return None
    for name in dict.fromkeys((text, text.replace("\\", "/"))):
        path = os.path.abspath(os.path.join(folder, name))
        try:
            if stat.S_ISREG(os.stat(path).st_mode):
                return path
        except (OSError, ValueError):
            continue
    return None

"""Images that a table lists with their labels, in a script."""

from __future__ import annotations

import csv
import io
import os
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.data.images.samples import files_of
from dlstudio.data.open_source import open_source
from dlstudio.data.samples import Samples
from dlstudio.data.sources.csv import ImageTable, read_listing
from dlstudio.data.sources.listing_columns import UNKNOWN
from dlstudio.data.sources.listing_findings import is_list
from dlstudio.data.sources.listing_labels import TableLabels
from dlstudio.data.tables.delimiters import (
    find_delimiter,
    given_delimiter,
    split_first_line,
)
from dlstudio.data.tables.text_encoding import decode
from dlstudio.document.project import Project
from dlstudio.engine.codegen.image_endings import converted_endings
from dlstudio.engine.codegen.image_listing import ImageListing, used_samples
from dlstudio.engine.codegen.listing_writer import (
    ListedColumns,
    ListedText,
    list_images_rows,
)
from dlstudio.engine.codegen.literals import quoted
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors


def table_listing(project: Project, folder: Path, catalog: Catalog) -> ImageListing:
    """List a project's images as a script does, and check that it finds the same.

    Args:
        project: Its data is a table of files and labels.
        folder: Of the project, to which the path is relative.
        catalog: Describes the source.

    Raises:
        UserError: The table cannot be read, or not by a script.
    """
    source = project.data.source
    params = {**catalog[source.kind].defaults(), **source.params}
    listed = read_listing(params, folder)
    opened = open_source(source, catalog, folder)
    text = _text(listed, str(params["encoding"]), str(params["delimiter"]))
    columns = _columns(listed, project.data.split.mode == "folders")
    _check(listed, columns, opened)
    samples, sizes = used_samples(opened, project)
    suffixes = {os.path.splitext(name)[1].lower() for name in opened.ids}
    return ImageListing(
        (
            f"TABLE = {quoted(listed.path.as_posix())}",
            f"FOLDER = pathlib.Path({quoted(listed.path.parent.as_posix())})",
        ),
        tuple(list_images_rows(project, samples, listed.labels, text, columns)),
        samples,
        sizes,
        {},
        listed_splits=columns.listed_splits,
        converted=converted_endings(suffixes),
    )


def _not_read() -> UserError:
    return UserError(
        _("A script does not read a table of files and labels of this form."),
        _("Write each file with its path from the folder of the table, and its class."),
    )


def _text(listed: ImageTable, encoding: str, delimiter: str) -> ListedText:
    """How the file is laid out.

    Raises:
        UserError: A script does not read the same from it.
    """
    with user_errors(listed.path, writing=False):
        data = listed.path.read_bytes()
    decoded = decode(data, encoding)
    used = decoded.encoding
    if data.startswith(b"\xef\xbb\xbf"):
        used = "utf-8-sig"
    try:
        same = data.decode(used) == decoded.text
    except UnicodeError:
        same = False
    if not same:
        raise _not_read()
    marked, text = split_first_line(decoded.text)
    between = (
        given_delimiter(delimiter) if delimiter else marked or find_delimiter(text)
    )
    header = listed.table.header
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=between)
    first = next((line for line in lines if line), [])
    plain = listed.table.named and first == list(header) == list(dict.fromkeys(header))
    names = header if plain else _unique(header)
    return ListedText(
        used, between, bool(marked), names, plain=plain, named=listed.table.named
    )


def _unique(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of columns that can be told apart."""
    counts = Counter(names)
    return tuple(
        name if name and counts[name] == 1 else f"column {number}"
        for number, name in enumerate(names, 1)
    )


def _columns(listed: ImageTable, by_table: bool) -> ListedColumns:
    """What a script does with the cells of the columns.

    Args:
        listed: The table.
        by_table: Whether the splits are those of the table.

    Raises:
        UserError: Labels are written as lists.
    """
    table, splits = listed.table, listed.splits
    words: dict[str, str] = {}
    unknown = UNKNOWN in splits.names
    if splits.column is not None and (by_table or unknown):
        cells = [cell.strip() for cell in table.cells(splits.column)]
        pairs = zip(cells, splits.names, strict=True)
        words = {cell: name for cell, name in pairs if name != UNKNOWN}
    if listed.labels.flags and len(set(listed.labels.classes)) < len(listed.columns):
        raise _not_read()
    if len(listed.columns) == 1:
        cells = table.cells(listed.columns[0])
        if listed.labels.multi and any(is_list(cell.strip()) for cell in cells):
            raise _not_read()
    names = _Names.of(listed)
    return ListedColumns(
        listed.files,
        listed.columns,
        splits.column if words else None,
        words,
        names.before,
        names.behind,
        names.changes,
        listed_splits=by_table and bool(words),
    )


@dataclass(frozen=True, slots=True)
class _Names:
    """How the name of a file is made of a cell: what stands around it."""

    before: str
    behind: str
    changes: tuple[str, ...]

    @classmethod
    def of(cls, listed: ImageTable) -> _Names:
        cells = listed.table.cells(listed.files)
        before = f"{listed.finder.inside}/" if listed.finder.inside else ""
        endings: Counter[str] = Counter()
        for cell in cells:
            name, path = listed.finder.find(cell)
            plain = before + _plain(cell)
            if path is not None and name.startswith(plain):
                endings[name.removeprefix(plain)] += 1
        behind = endings.most_common(1)[0][0] if endings else ""
        changes = []
        if any("\\" in cell for cell in cells):
            changes.append("slashes")
        if any(not unicodedata.is_normalized("NFC", cell) for cell in cells):
            changes.append("NFC")
        return cls(before, behind, tuple(changes))


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFC", cell.strip().replace("\\", "/"))


def _used(known: frozenset[str], labels: TableLabels) -> bool:
    """Whether a row with these labels is used; one without its class is not."""
    return bool(known) or labels.multi or not labels.columns


def _check(listed: ImageTable, columns: ListedColumns, opened: Samples) -> None:
    """Check that a script finds the same images with the same splits.

    Raises:
        UserError: It would not.
    """
    labels, folder = listed.labels, str(listed.path.parent)
    found: dict[str, tuple[frozenset[str], str]] = {}
    for number, split in enumerate(listed.splits.names):
        cell = listed.table.rows[number][listed.files]
        name = columns.before + _plain(cell) + columns.behind
        known = labels.of(number)
        if split == UNKNOWN or name in found or not _used(known, labels):
            continue
        if os.path.isfile(os.path.join(folder, name)):
            found[name] = known, split
    classes, numbers = opened.classes, opened.labels
    expected = {
        name: (
            frozenset(
                classes[place]
                for place in (row.nonzero()[0] if opened.has_several_labels else [row])
                if place >= 0
            ),
            str(split),
        )
        for name, row, split in zip(opened.ids, numbers, opened.splits, strict=True)
    }
    files = dict(zip(opened.ids, files_of(opened), strict=True))
    same = all(
        os.path.abspath(os.path.join(folder, name)) == path
        for name, path in files.items()
    )
    if found != expected or not same:
        raise _not_read()

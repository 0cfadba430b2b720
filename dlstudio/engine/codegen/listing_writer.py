"""The function of a script that reads a table of files and labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dlstudio.data.samples import Samples
from dlstudio.data.sources.listing_labels import TableLabels
from dlstudio.document.project import Project
from dlstudio.engine.codegen.column_loops import list_rows
from dlstudio.engine.codegen.image_listing import correction_rows, dictionary_rows
from dlstudio.engine.codegen.literals import INDENT, WIDTH, fitted, quoted


@dataclass(frozen=True, slots=True)
class ListedText:
    """How the text of a table is laid out.

    Attributes:
        encoding, delimiter: Of the file.
        marked: Whether a line above the header says the delimiter.
        names: Of the columns.
        plain: Whether these are exactly the cells of the first row.
        named: Whether the first row names the columns.
    """

    encoding: str
    delimiter: str
    marked: bool
    names: tuple[str, ...]
    plain: bool
    named: bool


@dataclass(frozen=True, slots=True)
class ListedColumns:
    """What the columns of a table of files and labels mean.

    Attributes:
        files, labels: Indices of columns.
        split: That of the splits; None where they do not matter.
        words: The split that each cell of that column says; rows with others are not
            used.
        before, behind: What stands around a cell in the name of its file.
        changes: What is changed in a cell: "slashes", "NFC".
        listed_splits: Whether the splits of the table are used.
    """

    files: int
    labels: tuple[int, ...]
    split: int | None
    words: Mapping[str, str]
    before: str
    behind: str
    changes: tuple[str, ...]
    listed_splits: bool


def list_images_rows(
    project: Project,
    samples: Samples,
    labels: TableLabels,
    text: ListedText,
    columns: ListedColumns,
) -> list[str]:
    """The lines of `list_images`.

    Args:
        project: Has the corrections.
        samples: That are used.
        labels: Of the rows.
        text: How the file is laid out.
        columns: What its columns mean.
    """
    several = labels.multi
    kind = f"dict[str, {'list' if several else 'str'}]"
    gives = f"tuple[{kind}, dict[str, str]]" if columns.listed_splits else kind
    what = "labels" if several else "class" if labels.columns else "path"
    more = ", and the split of each" if columns.listed_splits else ""
    empty = "images, given = {}, {}" if columns.listed_splits else "images = {}"
    result = "dict(sorted(images.items()))" + ", given" * columns.listed_splits
    return [
        "",
        "",
        f"def list_images() -> {gives}:",
        f'{INDENT}"""The {what} of each image, by its path in FOLDER{more}."""'
        if labels.columns
        else f'{INDENT}"""The paths in FOLDER of all images{more}; no classes."""',
        f"{INDENT}{empty}",
        *_tables_above(labels, columns),
        f'{INDENT}with open(TABLE, encoding={quoted(text.encoding)}, newline="")'
        " as file:",
        *(2 * INDENT + row for row in _opened(text)),
        f"{2 * INDENT}for row in rows:",
        *(3 * INDENT + row for row in _row_rows(labels, text, columns)),
        *correction_rows(project, samples),
        f"{INDENT}return {result}",
    ]


def _tables_above(labels: TableLabels, columns: ListedColumns) -> list[str]:
    """Dictionaries that the loop looks into."""
    rows: list[str] = []
    if columns.words:
        words = {cell: quoted(name) for cell, name in columns.words.items()}
        rows += dictionary_rows("words = ", words)
    spellings = labels.spellings
    if spellings:
        usual = {part: quoted(name) for part, name in spellings.items()}
        rows += dictionary_rows("usual = ", usual)
    return rows


def _opened(text: ListedText) -> list[str]:
    """Statements that set `rows`, the rows of the table as dictionaries."""
    rows = ["next(file)  # the line that says the delimiter"] * text.marked
    pairs = ["file"]
    if not text.plain:
        pairs.append(f"fieldnames=[{', '.join(map(quoted, text.names))}]")
    pairs.append('restval=""')
    if text.delimiter != ",":
        pairs.append(f"delimiter={quoted(text.delimiter)}")
    rows += fitted("rows = ", "csv.DictReader", pairs, "")
    if text.named and not text.plain:
        rows.append("next(rows)  # the header")
    return rows


def _row_rows(
    labels: TableLabels, text: ListedText, columns: ListedColumns
) -> list[str]:
    """The statements for one row."""
    rows = _name_rows(text, columns)
    conditions = []
    if columns.split is not None:
        rows.append(f"word = row[{quoted(text.names[columns.split])}].strip()")
        conditions.append("word in words")
    label = _label_rows(labels, text, columns) if labels.columns else []
    conditions += ["name not in images", "(FOLDER / name).is_file()"]
    value = "labels" if labels.multi else "label" if labels.columns else '""'
    if value == "label":
        conditions.insert(0, "label")
    return [
        *rows,
        *label,
        *_condition(conditions),
        f"{INDENT}images[name] = {value}",
        *([f"{INDENT}given[name] = words[word]"] if columns.listed_splits else []),
    ]


def _condition(conditions: list[str]) -> list[str]:
    """`if a and b:`, with a line for each where it is long."""
    line = f"if {' and '.join(conditions)}:"
    if len(line) + 3 * len(INDENT) <= WIDTH:
        return [line]
    first, *others = conditions
    inner = [f"{INDENT}{first}", *(f"{INDENT}and {each}" for each in others)]
    return ["if (", *inner, "):"]


def _name_rows(text: ListedText, columns: ListedColumns) -> list[str]:
    """Statements that set `name`: the path of the file in FOLDER."""
    value = f"row[{quoted(text.names[columns.files])}].strip()"
    if "slashes" in columns.changes:
        value += r'.replace("\\", "/")'
    if "NFC" in columns.changes:
        value = f'unicodedata.normalize("NFC", {value})'
    if not columns.before and not columns.behind:
        return [f"name = {value}"]
    before = f"{quoted(columns.before)} + " if columns.before else ""
    behind = f" + {quoted(columns.behind)}" if columns.behind else ""
    return [f"name = {before}{value}{behind}"]


def _label_rows(
    labels: TableLabels, text: ListedText, columns: ListedColumns
) -> list[str]:
    """Statements that set `label`, or `labels` if there may be several."""
    if labels.flags:
        names = [quoted(text.names[column]) for column in columns.labels]
        return [
            *list_rows("flags = ", names),
            'on = ["1", "1.0", "true", "yes"]',
            "labels = [name for name in flags if row[name].strip().lower() in on]",
        ]
    cell = f"row[{quoted(text.names[columns.labels[0]])}]"
    cell = f'unicodedata.normalize("NFC", {cell})' if labels.decomposed else cell
    usual = bool(labels.spellings)
    if not labels.multi:
        rows = [f"label = {cell}.strip()"]
        return [*rows, "label = usual.get(label, label)"] if usual else rows
    rows = [
        f"parts = [part.strip() for part in {cell}.split({quoted(labels.separator)})]",
        "labels = [part for part in parts if part]",
    ]
    if usual:
        rows.append("labels = [usual.get(label, label) for label in labels]")
    return rows

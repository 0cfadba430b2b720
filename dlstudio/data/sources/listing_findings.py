"""Findings about how a table was read, with the settings that change it."""

from __future__ import annotations

import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from dlstudio.catalog.findings import UNLABELED
from dlstudio.data.findings import Finding
from dlstudio.data.tables.note_text import SHOWN, Notes, some_of, source_fix
from dlstudio.i18n import _, ngettext

SEPARATORS = (",", "/", "&", "+", " ")
MANY_VALUES = 10  # number of distinct values from which on they look like measurements


def ragged_rows(width: int, long: Sequence[tuple[int, int]]) -> Notes:
    """Lines with more cells than there are columns, as (line number, cells)."""
    if not long:
        return ()
    message = ngettext(
        "{count} row has more than {width} cells (line {lines}); the extra "
        "cells are ignored. Enclose text that contains the delimiter in "
        "quotation marks.",
        "{count} rows have more than {width} cells (lines {lines}); the extra "
        "cells are ignored. Enclose text that contains the delimiter in "
        "quotation marks.",
        len(long),
    )
    lines = ", ".join(str(number) for number, _cells in long[:SHOWN])
    lines += ", …" if len(long) > SHOWN else ""
    full_text = message.format(count=len(long), width=width, lines=lines)
    return (Finding("ragged-rows", "", full_text),)


def unknown_splits(column: str, words: Counter[str], blank: int) -> Notes:
    """Cells of the split column that name no split, counted by word.

    Args:
        column: Name of the column.
        words: Number of rows of each word that names no split.
        blank: Number of rows with a blank cell in the column.
    """
    found = []
    count = sum(words.values())
    if count:
        message = ngettext(
            "{count} row is excluded: the column “{column}” contains {words}, "
            "which is not train, val or test.",
            "{count} rows are excluded: the column “{column}” contains "
            "{words}, which are not train, val or test.",
            count,
        )
        full_text = message.format(count=count, column=column, words=some_of(words))
        found.append(Finding("unknown-split", column, full_text))
    if blank:
        message = ngettext(
            "{count} row has no split in the column “{column}” and is used for "
            "training.",
            "{count} rows have no split in the column “{column}” and are used "
            "for training.",
            blank,
        )
        full_text = message.format(count=blank, column=column)
        found.append(Finding("blank-split", column, full_text))
    return tuple(found)


def unused_split(column: str, words: Iterable[str]) -> Finding:
    """A column with the name of a split column that names no split."""
    message = _(
        "The column “{column}” is not used as a split: it contains {words}, "
        "but none of train, val and test."
    )
    full_text = message.format(column=column, words=some_of(words))
    return Finding("unknown-split", column, full_text)


def other_flags(used: str, others: Sequence[str]) -> Notes:
    """Columns of 0 and 1 besides the one with a common name for labels."""
    if not others:
        return ()
    message = _(
        "“{used}” is used for the labels. {others} also contain only 0 and 1, "
        "but are not used."
    )
    label = _("Use all of these columns as labels")
    fix = source_fix(label, label_columns=[used, *others])
    keep = source_fix(_("Use only “{name}”").format(name=used), label_columns=[used])
    full_text = message.format(used=used, others=some_of(others))
    return (Finding("other-columns", used, full_text, fixes=(keep, fix)),)


def without_labels(count: int) -> Finding:
    """A table that says nothing of its images."""
    text = ngettext(
        "{count} image has no class: the table has no column of labels.",
        "{count} images have no classes: the table has no column of labels.",
        count,
    )
    return Finding(UNLABELED, "", text.format(count=f"{count:,}"))


def doubtful_files(doubtful: Mapping[str, tuple[str, ...]]) -> Notes:
    """Names without an extension that match more than one image."""
    found = []
    for name, files in sorted(doubtful.items()):
        full_text = _(
            "The table contains “{name}”, which matches {files}; the first is used."
        )
        text = full_text.format(name=name, files=", ".join(files))
        found.append(Finding("doubtful-file", name, text))
    return tuple(found)


def doubtful_folder(used: str, others: Sequence[str]) -> Notes:
    """Several folders that have the files of the table."""
    if not others:
        return ()
    message = _(
        "The files of the table are read from {folder}, but also exist in {others}."
    )
    fixes = tuple(
        source_fix(
            _("Use the files in {folder}").format(folder=each), image_folder=each
        )
        for each in (used, *others[:SHOWN])
    )
    full_text = message.format(folder=used, others=some_of(others))
    return (Finding("doubtful-folder", used, full_text, fixes=fixes),)


def doubtful_labels(labels: Sequence[str], column: str, several: bool) -> Notes:
    """Labels of one column that do not look like single classes.

    Args:
        labels: Labels of all samples.
        several: Whether a sample may have more than one.
    """
    counts = Counter(labels)
    if several:
        return _similar(counts)
    return (
        *_combined(counts, column),
        *_similar(counts),
        *_numeric(counts, column),
    )


def is_list(cell: str) -> bool:
    """Whether a cell is a list in Python or JSON notation."""
    return len(cell) > 1 and cell[0] + cell[-1] in ("[]", "()", "{}")


def _combined(counts: Counter[str], column: str) -> Notes:
    """Labels such as "cat, indoor", which make each combination a class."""
    found = next((mark for mark in SEPARATORS if _combines(counts, mark)), None)
    if found is None:
        return ()
    examples = [cell for cell in counts if found in cell]
    message = _(
        "The cells of the column “{column}” seem to contain several labels "
        "each ({examples}). Each combination currently counts as a separate "
        "class."
    )
    mark = _("space") if found == " " else found
    fix = source_fix(
        _("Separate the labels at “{mark}”").format(mark=mark), separator=found
    )
    full_text = message.format(column=column, examples=some_of(examples))
    return (Finding("combined-labels", column, full_text, fixes=(fix,)),)


def _combines(counts: Counter[str], mark: str) -> bool:
    """Whether parts of cells recur in other cells."""
    if mark == "," and any(is_list(cell) and mark in cell for cell in counts):
        return True
    split = {cell: [p.strip() for p in cell.split(mark)] for cell in counts}
    several = [parts for parts in split.values() if len(parts) > 1]
    seen = Counter(part for parts in split.values() for part in set(parts))
    if mark == " ":  # also occurs within names: every part must recur
        again = all(seen[part] > 1 for parts in several for part in parts)
        return len(several) > 2 and again
    return any(seen[part] > 1 for parts in several for part in parts if part)


def _similar(counts: Counter[str]) -> Notes:
    """Classes that differ only in case, width or spaces."""
    similar: dict[str, list[str]] = {}
    for name in counts:
        similar.setdefault(plain_class(name), []).append(name)
    fix = source_fix(_("Merge classes that differ only in case"), ignore_case=True)
    message = _("{names} are separate classes, but may be the same.")
    full_text = {
        names[0]: message.format(names=some_of(names))
        for names in similar.values()
        if len(names) > 1
    }
    return tuple(
        Finding("similar-classes", name, text, fixes=(fix,))
        for name, text in full_text.items()
    )


def plain_class(name: str) -> str:
    """The form that class names share if they differ only in case, width or spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _numeric(counts: Counter[str], column: str) -> Notes:
    """Labels that are quantities, which a classifier would treat as names."""
    values = [_number(cell) for cell in counts]
    numbers = [value for value in values if value is not None]
    if len(numbers) < len(values) or len(numbers) < MANY_VALUES:
        return ()
    whole = all(value.is_integer() for value in numbers)
    if whole and statistics.median(counts.values()) > 2:
        return ()
    message = _(
        "The labels in “{column}” look like numbers, not classes: there are "
        "{classes} different values for {count} images. A classifier treats "
        "each value as a separate class and does not learn their order. Choose "
        "another column with data.source.label_columns, or use classes such as "
        "small and large."
    )
    full_text = message.format(
        column=column, classes=len(numbers), count=sum(counts.values())
    )
    return (Finding("numeric-labels", column, full_text),)


def _number(text: str) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None

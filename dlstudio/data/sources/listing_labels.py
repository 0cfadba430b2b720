"""The labels of the rows of a table."""

from __future__ import annotations

import ast
import unicodedata
from collections import Counter
from collections.abc import Sequence

from dlstudio.data.findings import Finding
from dlstudio.data.samples import (
    Labels,
    labels_from_names,
    labels_from_sets,
    no_labels,
)
from dlstudio.data.sources.listing_columns import flag, is_flag_column
from dlstudio.data.sources.listing_findings import doubtful_labels, is_list, plain_class
from dlstudio.data.sources.listing_table import TextTable
from dlstudio.errors import UserError
from dlstudio.i18n import _

LONGEST_LIST = 10_000


class TableLabels:
    """The labels of each row, in any of the three forms of tables.

    Args:
        table: The table.
        columns: Indices of one column with names, or of several with 0 and 1; none
            where images have no labels.
        separator: Separator of several labels in one cell; "" to detect "|" and ";".
        ignore_case: Whether names that differ only in case, width or spaces are one
            class, named by its most common spelling.
    """

    def __init__(
        self,
        table: TextTable,
        columns: tuple[int, ...],
        separator: str = "",
        ignore_case: bool = False,
    ) -> None:
        self._table, self.columns = table, columns
        self.flags = len(columns) > 1
        self.separator = separator if columns else ""
        if self.flags:
            self._check_flags()
        elif columns and not separator:
            cells = table.cells(columns[0])
            found = (mark for mark in "|;" if any(mark in cell for cell in cells))
            self.separator = next(found, "")
        self.multi = self.flags or bool(self.separator)
        self.classes = tuple(table.header[c] for c in columns) if self.flags else ()
        names = len(columns) == 1
        self._usual = self._usual_names() if ignore_case and names else None

    @property
    def decomposed(self) -> bool:
        """Whether a label is written with letters and accents apart from each other."""
        cells = self._table.cells(self.columns[0])
        return not all(unicodedata.is_normalized("NFC", cell) for cell in cells)

    @property
    def spellings(self) -> dict[str, str]:
        """The name of the class of each label that is spelled otherwise."""
        rows = range(len(self._table.rows))
        usual = self._usual or {}
        written = {part for row in rows for part in self._parts(row)} if usual else ()
        found = {part: usual[plain_class(part)] for part in sorted(written)}
        return {part: name for part, name in found.items() if part != name}

    def of(self, number: int) -> frozenset[str]:
        """The labels of a row; empty if it has none."""
        if not self.columns:
            return frozenset()
        if self.flags:
            row = self._table.rows[number]
            pairs = zip(self.classes, self.columns, strict=True)
            return frozenset(name for name, c in pairs if flag(row[c]))
        parts = self._parts(number)
        if self._usual is None:
            return frozenset(parts)
        return frozenset(self._usual[plain_class(part)] for part in parts)

    def numbers(self, sets: Sequence[frozenset[str]]) -> tuple[tuple[str, ...], Labels]:
        """Class names, and the samples' labels as numbers.

        Raises:
            UserError: No sample has any, although the table has columns of them.
        """
        if not self.columns:
            return (), no_labels(len(sets)).codes
        if not any(sets):
            raise UserError(
                _("No image in the table has a label."),
                _(
                    "Fill in the label columns, or choose others with "
                    "data.source.label_columns."
                ),
            )
        if self.multi:
            return labels_from_sets(sets, self.classes)
        return labels_from_names([next(iter(each)) for each in sets])

    def notes(self, sets: Sequence[frozenset[str]]) -> tuple[Finding, ...]:
        """Findings about likely mistakes in the labels."""
        if len(self.columns) != 1:
            return ()
        column = self._table.header[self.columns[0]]
        names = [name for each in sets for name in sorted(each)]
        return doubtful_labels(names, column, self.multi)

    def _parts(self, number: int) -> list[str]:
        cell = unicodedata.normalize("NFC", self._table.rows[number][self.columns[0]])
        if not self.separator:
            return [cell.strip()] if cell.strip() else []
        cell = cell.strip()
        parts = _list_parts(cell, self.separator) if is_list(cell) else None
        if parts is None:
            parts = cell.split(self.separator)
        return [part.strip() for part in parts if part.strip()]

    def _usual_names(self) -> dict[str, str]:
        """The most common spelling of each class."""
        rows = range(len(self._table.rows))
        counts = Counter(part for number in rows for part in self._parts(number))
        usual: dict[str, str] = {}
        for name, _count in sorted(
            counts.items(), key=lambda pair: (-pair[1], pair[0])
        ):
            usual.setdefault(plain_class(name), name)
        return usual

    def _check_flags(self) -> None:
        for column in self.columns:
            if not is_flag_column(self._table, column):
                raise UserError(
                    _(
                        "The label column “{name}” contains values other than 0 and 1."
                    ).format(name=self._table.header[column]),
                    _("Use one column of class names, or several columns of 0 and 1."),
                )


def _list_parts(cell: str, separator: str) -> list[str]:
    """The parts of "['cat', 'indoor']", or of such a list without quotation marks."""
    if len(cell) <= LONGEST_LIST:
        try:
            found = ast.literal_eval(cell)
        except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            found = None
        if isinstance(found, (list, tuple, set)):
            return [str(part) for part in found]
        if isinstance(found, str):  # ('cat') is not a tuple
            return [found]
    return [part.strip(" '\"") for part in cell[1:-1].split(separator)]

"""A table with the types of its columns, as what is found about it needs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Cells, Column, Indices, Mask, Numbers
from dlstudio.data.features.inference import InferredColumn
from dlstudio.data.findings import RecipeFix
from dlstudio.i18n import _

ROWS = 1000
"""So many rows of a finding are named."""


@dataclass(frozen=True, eq=False, slots=True)
class InferredTable:
    """Columns with their types, and which of them is the target.

    Attributes:
        cells: By the name of their column; all of the same length.
        columns: What each is.
        target: Name of the column that is predicted; "" for none.
        catalog: With the feature types.
        row_numbers: What each row is called, int64 (n,); None for 1, 2, 3…
    """

    cells: Mapping[str, Cells]
    columns: Mapping[str, InferredColumn]
    target: str
    catalog: Catalog
    row_numbers: Indices | None = None

    def __len__(self) -> int:
        return max((len(each) for each in self.cells.values()), default=0)

    def used(self) -> Iterator[InferredColumn]:
        """Columns that are not ignored."""
        return (each for each in self.columns.values() if each.kind)

    def inputs(self) -> Iterator[InferredColumn]:
        """Those of them that are not the target."""
        return (each for each in self.used() if each.name != self.target)

    def values(self, name: str) -> Column | None:
        """A parsed column; None where it is ignored or not there."""
        column = self.columns.get(name)
        return column.parsed.column if column and column.parsed else None

    def description(self, kind: str) -> Description:
        """What is known of a feature type."""
        return self.catalog[kind]

    def row_number(self, row: int) -> int:
        """What the row at a place, from 0, is called."""
        return row + 1 if self.row_numbers is None else int(self.row_numbers[row])


def first_rows(mask: Mask) -> tuple[int, ...]:
    """The first rows of a mask bool (n,), for a finding."""
    return tuple(np.flatnonzero(mask)[:ROWS].tolist())


def exclude_fix(mask: Mask) -> RecipeFix:
    """Exclude the rows of a mask, bool (n,)."""
    return RecipeFix(_("Exclude rows"), exclude=tuple(np.flatnonzero(mask).tolist()))


def ignore_fix(column: str) -> RecipeFix:
    """Do not use a column."""
    return RecipeFix(_("Ignore column"), column, "")


def numbers_of(column: Column | None) -> Numbers | None:
    """A column if it is one of numbers or dates."""
    return column if isinstance(column, Numbers) else None

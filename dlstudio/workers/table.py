"""A table for the window: what its columns are, and its rows a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from dlstudio.document.column_statistics import ColumnStatistics
from dlstudio.document.values import FrozenMap, Params

ALL = -1
"""Any split, for a filter."""
Indices = npt.NDArray[np.int64]
Role = Literal["", "input", "target"]
NOTHING_KNOWN = ColumnStatistics(0, 0, 0)
Place = tuple[int, int]
"""A row of a page and a column of it."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """What a column is and what is in it, as its header shows.

    Attributes:
        name: As in the file's header; also the name of its feature.
        kind: A description of family "features"; "" where the column is ignored.
        certainty: Of the kind, or of the reason to ignore it, 0 to 1.
        reason: Why it is ignored: "missing", "constant", "identifier", "text"; "" where
            it is used or the user ignores it.
        alternatives: Other kinds with their certainties, the surest first.
        statistics: What is in its cells.
        unreadable: Cells that are not blank and not of this kind.
        role: Whether the model sees it or predicts it.
        params: Settings of the feature that differ from its type's defaults.
        names: All known names, of categories.
        fill: What a trained model takes for a missing value; "" if unknown.
    """

    name: str
    kind: str = ""
    certainty: float = 1.0
    reason: str = ""
    alternatives: tuple[tuple[str, float], ...] = ()
    statistics: ColumnStatistics = NOTHING_KNOWN
    unreadable: int = 0
    role: Role = ""
    params: Params = field(default_factory=FrozenMap)
    names: tuple[str, ...] = ()
    fill: str = ""

    @property
    def missing(self) -> int:
        """Cells without a value that are not unreadable."""
        return max(0, self.statistics.missing - self.unreadable)


@dataclass(frozen=True, slots=True)
class TableFilter:
    """A filter on rows; the default matches all.

    Attributes:
        text: Substring of any cell, case-insensitive.
        split: Index into `SPLITS`, `EXCLUDED` for excluded rows, or `ALL`.
        finding: A kind of finding, or "".
    """

    text: str = ""
    split: int = ALL
    finding: str = ""

    def __bool__(self) -> bool:
        return self != TableFilter()


@dataclass(frozen=True, slots=True)
class TablePage:
    """Some rows and columns of a table as texts.

    Attributes:
        ids: Ids of the samples.
        texts: For each of the columns the text of each row; None where a value is
            missing.
        splits: Index into `SPLITS`, `EXCLUDED`, or `ALL` while unknown, of each row.
        corrected: Cells that the user has changed.
        unreadable: Cells that are not of their column's kind.
    """

    ids: tuple[str, ...]
    texts: tuple[tuple[str | None, ...], ...]
    splits: tuple[int, ...]
    corrected: frozenset[Place] = frozenset()
    unreadable: frozenset[Place] = frozenset()


class TableRows(Protocol):
    """Rows of a table that become texts only where they are shown.

    A million rows scroll without a million Python strings: a view asks for pages of
    some dozen rows, which takes microseconds.
    """

    def __len__(self) -> int: ...

    def ids(self, rows: Indices) -> Sequence[str]:
        """Which samples stand in rows, in their order."""

    def place(self, id: str) -> int:
        """The row in which a sample stands; -1 for none."""

    def page(self, rows: Indices, columns: range) -> TablePage:
        """The cells of rows, in columns next to each other."""

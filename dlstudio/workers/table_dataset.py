"""An open table for the window: values created by jobs and read by views."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap, Params, Spec
from dlstudio.workers.dataset import DatasetSplit, SourceChange
from dlstudio.workers.table_content import TableContent

if TYPE_CHECKING:
    from dlstudio.workers.table_content import Inferred

MOST_ROWS = 1000
"""So many rows of a finding are named; see `dlstudio.data.features.inferred_table`."""
UNUSED = 254
"""The split of a row that is not excluded, but lacks a value that it needs."""


@dataclass(frozen=True, slots=True)
class TableChoice:
    """The columns that a project of a table begins with.

    Attributes:
        features: The columns that are used, by name.
        inputs: Those that enter the model, whichever it will be.
        outputs: Those that are predicted, with their heads.
    """

    features: FrozenMap[str, Feature]
    inputs: tuple[InputBinding, ...]
    outputs: tuple[OutputBinding, ...]


@dataclass(frozen=True, eq=False)
class TableDataset:
    """The rows of a table, before the recipe is applied.

    Attributes:
        source: Kind and parameters.
        names: Of the columns.
        has_splits: Whether a column says which rows are for training and for testing.
        choice: What a project of this table begins with; None where the table has
            nothing to predict.
        samples: The samples from `dlstudio.data`; for jobs only.
        inferred: What the columns are; for jobs only.
    """

    source: Spec
    names: tuple[str, ...]
    has_splits: bool = False
    choice: TableChoice | None = None
    samples: Any = field(default=None, repr=False)
    inferred: Inferred = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.samples)


@dataclass(frozen=True, slots=True)
class TableFix:
    """Another use of the data that resolves a finding.

    Attributes:
        label: Its meaning, for a button.
        column: Whose feature changes; "" for none.
        kind: The type that the feature gets, "" to ignore the column; None to keep it.
        params: Settings of the feature that change.
        exclude: Ids of rows to exclude.
    """

    label: str
    column: str = ""
    kind: str | None = None
    params: Params = field(default_factory=FrozenMap)
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableFinding:
    """A finding about a table.

    Attributes:
        kind: Kind of the finding, such as "missing-values".
        path: Name of a column; "" for all.
        message: A message of one sentence.
        fixes: What can be done about it.
        rows: Places of the rows that it is about, from 0; the first of them.
    """

    kind: str
    path: str
    message: str
    fixes: tuple[TableFix | SourceChange, ...] = ()
    rows: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """The key under which the recipe marks it as checked."""
        return f"{self.kind} {self.path}"


@dataclass(frozen=True, eq=False, slots=True)
class TableSnapshot:
    """A table with a project's recipe applied.

    Attributes:
        dataset: The table.
        content: Its columns and rows.
        split: The splits of its rows; its counts are of the classes to predict, or of
            all rows where numbers are predicted.
    """

    dataset: TableDataset
    content: TableContent
    split: DatasetSplit

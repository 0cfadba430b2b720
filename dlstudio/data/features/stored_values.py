"""Values that are not in the cells: cells name files, which are made into rows once."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from dlstudio.catalog.schema import Description
from dlstudio.data.columns import Cells, Column, Fitted, Mask, Rows
from dlstudio.data.parallel import Progress, ShouldStop
from dlstudio.data.prepared import Prepared
from dlstudio.data.samples import Samples
from dlstudio.document.graph import Graph
from dlstudio.document.plan import DataRecipe
from dlstudio.document.values import Spec
from dlstudio.json_values import JsonObject

LOOKED_AT = 300
"""Values of a column that are looked at, where some are enough."""


class ValueForm(Protocol):
    """The form in which a model wants such values; all rows have one shape."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the row of a value."""

    def to_json(self) -> JsonObject:
        """The form as plain JSON."""


@dataclass(frozen=True, eq=False, slots=True)
class CachePlace:
    """Where values are prepared, and who is told.

    Attributes:
        folder: The project's cache folder.
        progress: Called with the number of prepared and of all values.
        should_stop: Checked often; True stops the work.
    """

    folder: Path
    progress: Progress | None = None
    should_stop: ShouldStop | None = None


@dataclass(frozen=True, eq=False, slots=True)
class StoredRows:
    """The prepared values of one feature.

    Attributes:
        rows: A row for each usable value, (m, ...), memory-mapped.
        contents: SHA-256 of what each of these rows was made of.
        usable: Which of all values these are, bool (n,).
        skipped: Ids of the others, each with the reason.
    """

    rows: Rows
    contents: tuple[bytes, ...]
    usable: Mask
    skipped: tuple[tuple[str, str], ...] = ()


class StoredValues(Protocol):
    """How a feature type prepares values that are not in the cells.

    Descriptions name an instance of it. Nothing takes the place of a value that is not
    there: its row is excluded.
    """

    def absent(self, cells: Cells, certainty: float) -> bool:
        """Whether cells seem to name such values, but none of them is there.

        Args:
            cells: Of a column, or a fair part of them.
            certainty: With which these cells are of this type.
        """

    def form(self, graph: Graph, input: str, source: Spec) -> ValueForm:
        """The form in which a graph wants the values.

        Args:
            graph: That they enter.
            input: Id of the input; "" for the only one.
            source: Of the data.

        Raises:
            UserError: The input has no usable shape.
        """

    def learned(self, form: ValueForm) -> JsonObject:
        """What a feature has learned whose rows have this form."""

    def size(self, column: Column) -> tuple[int | None, ...]:
        """The shape of the values themselves; None where they differ.

        Args:
            column: Parsed; some of its values are looked at.
        """

    def paths(self, column: Column) -> Sequence[str]:
        """What names each value from anywhere, such as absolute paths; "" for none."""

    def preview(self, row: Rows, side: int) -> str:
        """One row as a small picture for a report: a PNG as text; "" for none.

        Args:
            row: Of one sample.
            side: The longest that the picture may have.
        """

    def row_bytes(self, fitted: Fitted) -> int:
        """Bytes of one row."""

    def read(self, column: Column, fitted: Fitted) -> tuple[Rows, dict[int, str]]:
        """Values from outside, and why some of them cannot be read, by row.

        Args:
            column: Parsed.
            fitted: What the feature has learned.
        """

    def prepare(
        self,
        name: str,
        ids: Sequence[str],
        column: Column,
        form: ValueForm,
        place: CachePlace,
    ) -> StoredRows:
        """The values as rows, from the cache or into it.

        Args:
            name: Of the feature, for messages.
            ids: Of the samples.
            column: Parsed.
            form: Of the rows.
            place: The cache.

        Raises:
            UserError: No value can be used, or the cache cannot be written.
            Stopped: `place.should_stop` returned True.
        """

    def prepare_alone(
        self,
        opened: Samples,
        recipe: DataRecipe,
        form: ValueForm,
        place: CachePlace,
        classified: bool,
    ) -> Prepared:
        """The samples of a source of such values and their classes, instead of cells.

        Args:
            opened: All samples of the source.
            recipe: Split, exclusions and corrections.
            form: Of the rows.
            place: The cache.
            classified: Whether classes are predicted.

        Raises:
            UserError: No sample can be used, or the cache cannot be written.
            Stopped: `place.should_stop` returned True.
        """


def load_stored_values(description: Description) -> StoredValues | None:
    """How a type prepares values that are not in the cells; None if they are."""
    module, _colon, name = description.implementations.stored.partition(":")
    if not module:
        return None
    return cast("StoredValues", getattr(importlib.import_module(module), name))

"""A table's columns as features, read by their types, and the rows that are used."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Cells, Column, Indices, Mask
from dlstudio.data.data_form import DataForm
from dlstudio.data.features.base import (
    ParsedColumn,
    dropped_rows,
    load_feature_type,
    may_drop_rows,
)
from dlstudio.data.features.parsed_column import parse_column
from dlstudio.data.near_columns import missing_column
from dlstudio.data.row_ids import RowIds
from dlstudio.data.samples import Samples
from dlstudio.data.tables.cell_store import StoredCells
from dlstudio.document.feature import Feature
from dlstudio.document.plan import DataRecipe
from dlstudio.errors import UserError
from dlstudio.i18n import _

LONGEST_VALUE = 60
MOST_REASONS = 10_000
"""Rows of a column whose reason to be skipped is said one by one."""
Skipped = tuple[tuple[str, str], ...]


class FeatureColumns(Mapping[str, Column]):
    """The features of some rows, read when they are asked for.

    Args:
        samples: Of a table.
        recipe: Features and corrections.
        catalog: Describes the feature types.
        names: The features.
        known: Those of all rows that are parsed already.
        places: Of the rows, int64 (n,); None for all.
    """

    def __init__(
        self,
        samples: Samples,
        recipe: DataRecipe,
        catalog: Catalog,
        names: Sequence[str],
        known: Mapping[str, Column],
        places: Indices | None = None,
    ) -> None:
        self._table = (samples, recipe, catalog)
        self._names, self._known, self._places = tuple(names), known, places

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __getitem__(self, name: str) -> Column:
        if name not in self._names:
            raise KeyError(name)
        samples, recipe, catalog = self._table
        found = self._known.get(name)
        if found is None:
            found = read_feature(samples, recipe, name, catalog).column
        return found if self._places is None else found.take(self._places)

    def take(self, places: Indices) -> FeatureColumns:
        """The features of some of the rows."""
        rows = places if self._places is None else self._places[places]
        return FeatureColumns(*self._table, self._names, self._known, rows)


@dataclass(frozen=True)
class UsableRows:
    """Rows that can be used, with the columns that are used as their types read them.

    Attributes:
        ids: Of the rows.
        columns: By feature; each is read from the table when it is asked for.
        splits: As the source says, strings (n,).
        skipped: Ids of rows that cannot be used, each with the reason.
    """

    ids: RowIds
    columns: FeatureColumns
    splits: np.typing.NDArray[np.str_]
    skipped: Skipped = ()

    def take(self, mask: Mask, skipped: Skipped = ()) -> UsableRows:
        """Those where `mask` is true.

        Args:
            mask: bool (n,).
            skipped: The others, with the reasons.
        """
        if mask.all():
            return replace(self, skipped=(*self.skipped, *skipped))
        places = np.flatnonzero(mask).astype(np.int64)
        columns = self.columns.take(places)
        all_skipped = (*self.skipped, *skipped)
        return UsableRows(
            self.ids.take(places), columns, self.splits[places], all_skipped
        )


def table_rows(
    samples: Samples, recipe: DataRecipe, form: DataForm, catalog: Catalog
) -> UsableRows:
    """The rows that a recipe uses, with their features read and the user's values.

    A row without a value to predict cannot be used, nor one that lacks a value where
    the feature's settings say that such rows are dropped.

    Args:
        samples: Of a table.
        recipe: Features, exclusions and corrections.
        form: Which features are used, and which of them are predicted.
        catalog: Describes the feature types.

    Raises:
        UserError: A feature has no column, or no row is left.
    """
    assert isinstance(samples.ids, RowIds)
    names = tuple(dict.fromkeys((*form.inputs, *form.targets)))
    known: dict[str, Column] = {}
    unusable = np.zeros(len(samples), bool)
    reasons: dict[int, str] = {}
    for name in names:
        feature = feature_of(recipe, name)
        described = catalog[feature.kind]
        _column(samples, recipe, name)  # it is there
        if name not in form.targets and not may_drop_rows(feature, described):
            continue
        parsed = read_feature(samples, recipe, name, catalog)
        known[name] = parsed.column
        missing = parsed.column.missing()
        target = name in form.targets
        dropped = missing if target else dropped_rows(parsed.column, feature, described)
        for row in np.flatnonzero(dropped & ~unusable)[:MOST_REASONS].tolist():
            reasons[row] = unusable_reason(name, parsed, row)
        unusable |= dropped
    columns = FeatureColumns(samples, recipe, catalog, names, known)
    rows = UsableRows(samples.ids, columns, samples.splits)
    excluded = np.zeros(len(samples), bool)
    excluded[samples.ids.places(recipe.leave_out)] = True
    skipped = tuple(
        (samples.ids[row], reasons.get(row, _("A value is missing.")))
        for row in np.flatnonzero(unusable & ~excluded).tolist()
    )
    kept = rows.take(~(unusable | excluded), skipped)
    if not len(kept.ids):
        raise UserError(
            _("No row of the table can be used."),
            _("Check the excluded rows and the columns with missing values."),
        )
    return kept


def read_feature(
    samples: Samples, recipe: DataRecipe, name: str, catalog: Catalog
) -> ParsedColumn:
    """One feature of all rows, with the user's corrections.

    Args:
        samples: Of a table.
        recipe: Features and corrections.
        name: The feature's.
        catalog: Describes the feature types.

    Raises:
        UserError: There is no such feature or column.
    """
    column = _column(samples, recipe, name)
    if not isinstance(column, Cells):
        return ParsedColumn(column, np.zeros(len(column), bool))
    feature = feature_of(recipe, name)
    cells = _corrected(column, samples, recipe, name)
    return parse_column(load_feature_type(catalog[feature.kind]), cells, feature)


def feature_cells(samples: Samples, recipe: DataRecipe, name: str) -> Cells:
    """The cells of a feature of all rows, with the user's corrections.

    Args:
        samples: Of a table.
        recipe: Features and corrections.
        name: Of a feature that is read from cells.

    Raises:
        UserError: There is no such feature or column.
    """
    column = _column(samples, recipe, name)
    assert isinstance(column, Cells)
    return _corrected(column, samples, recipe, name)


def _column(samples: Samples, recipe: DataRecipe, name: str) -> Column:
    """The column of a feature as it was read."""
    feature = feature_of(recipe, name)
    column = samples.columns.get(feature.column or name)
    if column is None:
        raise missing_column(feature.column or name, samples.columns)
    return column


def _corrected(cells: Cells, samples: Samples, recipe: DataRecipe, name: str) -> Cells:
    """Cells with the user's values in some rows; "" takes a value away."""
    changed = recipe.changed_values(name)
    if not changed:
        return cells
    ids = samples.ids
    assert isinstance(ids, RowIds)
    places = ids.places(tuple(changed)).tolist()
    if not places:
        return cells
    known = {str(int(id)): value for id, value in changed.items() if id.isdecimal()}
    values = [str(known[ids[place]]) or None for place in places]
    if isinstance(cells, StoredCells):
        return cells.changed(dict(zip(places, values, strict=True)))
    texts = cells.values.cast(pl.String)
    return cells.with_values(texts.scatter(places, values))


def feature_of(recipe: DataRecipe, name: str) -> Feature:
    """A feature of a recipe by its name.

    Raises:
        UserError: There is none.
    """
    found = recipe.features.get(name)
    if found is None:
        raise UserError(
            _("There is no feature called “{name}”.").format(name=name),
            _("The features are: {names}.").format(names=", ".join(recipe.features)),
        )
    return found


def unusable_reason(
    name: str, parsed: ParsedColumn, row: int, cell: object = None
) -> str:
    """Why the value of a feature in a row cannot be used.

    Args:
        name: The feature's.
        parsed: All of its values.
        row: A row without a value.
        cell: What is written there; None if that is not to be said.
    """
    if not parsed.unreadable[row]:
        return _("The value of “{name}” is missing.").format(name=name)
    text = _("The value of “{name}” cannot be read.").format(name=name)
    if cell is not None:
        text = _("The value of “{name}” cannot be read: “{value}”.").format(
            name=name, value=textwrap.shorten(str(cell), LONGEST_VALUE, placeholder="…")
        )
    return f"{text} {parsed.reason}".rstrip()

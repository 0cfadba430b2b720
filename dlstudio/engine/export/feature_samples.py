"""Rows that verify an export of a model of features: held-out ones, and edge cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from dlstudio.data.columns import Cells
from dlstudio.data.features.base import Rows, dropped_rows, load_feature_type
from dlstudio.data.prepared import Prepared
from dlstudio.data.row_ids import RowIds
from dlstudio.data.samples import Samples
from dlstudio.data.table_rows import feature_cells
from dlstudio.engine.export.sample_choice import ENOUGH, pick
from dlstudio.engine.features.base import load_tensor_feature
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.errors import UserError
from dlstudio.i18n import _

VARIANTS = 4
"""Rows with each missing, unseen or unusual value: what it changes differs by row."""


@dataclass(frozen=True, eq=False, slots=True)
class FeatureSamples:
    """Rows that verify an export, as they are given to it and as the studio has them.

    Attributes:
        raw: Values of each input by feature, float32, UTF-8 bytes, or the contents of
            files as objects, (n, ...).
        encoded: The same rows as the data part encodes them, by feature, (n, ...).
        names: Names of the rows, for messages.
        drawn_from: Number of rows from each split; the edge cases are none of these.
    """

    raw: Mapping[str, npt.NDArray[Any]]
    encoded: Mapping[str, Rows]
    names: Sequence[str]
    drawn_from: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.names)


def feature_samples(
    model: FeatureModel,
    prepared: Prepared,
    source: Samples,
    count: int = ENOUGH,
) -> FeatureSamples:
    """Rows of the data, held-out ones first, and some with missing or unseen values.

    Args:
        model: A run's model.
        prepared: Its data.
        source: The table it was prepared from.
        count: Maximum number of rows of the data.

    Raises:
        UserError: There are no rows.
    """
    indices, drawn_from = pick(prepared, count)
    if not len(indices):
        raise UserError(
            _("There are no samples to verify the export with."),
            _("Check that the project's data still exists."),
        )
    ids = [prepared.ids[index] for index in indices.tolist()]
    assert isinstance(source.ids, RowIds)
    places = np.concatenate([source.ids.places([each]) for each in ids])
    cells = {
        name: feature_cells(source, model.project.data, name).take(places)
        for name in model.inputs
    }
    rows = [_("row {number}").format(number=each) for each in ids]
    return samples_of(model, cells, rows, drawn_from)


def samples_of(
    model: FeatureModel,
    cells: Mapping[str, Cells],
    names: Sequence[str],
    drawn_from: Mapping[str, int],
) -> FeatureSamples:
    """Rows of cells, and copies of some in which single values are edge cases.

    Args:
        model: A run's model.
        cells: By input feature, all as long.
        names: Names of the rows.
        drawn_from: Number of rows from each split.
    """
    cases = [
        _EdgeCase(name, value, row)
        for name in cells
        for value in _edge_values(model, name)
        for row in range(min(VARIANTS, len(names)))
    ]
    copied = np.array([each.row for each in cases], np.int64)
    raw, encoded = {}, {}
    for name, column in cells.items():
        own = {n: each.value for n, each in enumerate(cases) if each.name == name}
        base = _read(model, name, column)
        more = [values[copied] for values in base]
        for place, value in own.items():
            for values, new in zip(more, _read(model, name, value), strict=True):
                values[place] = new[0]
        raw_rows, encoded[name] = map(np.concatenate, zip(base, more, strict=True))
        raw[name] = _plain(raw_rows)
    titles = [f"{names[each.row]}, {each.title}" for each in cases]
    return FeatureSamples(raw, encoded, [*names, *titles], dict(drawn_from))


@dataclass(frozen=True, eq=False, slots=True)
class _EdgeCase:
    """A copy of a row with another value of one feature.

    Attributes:
        name: The feature.
        value: One cell.
        row: The copied row.
    """

    name: str
    value: Cells
    row: int

    @property
    def title(self) -> str:
        """What is changed, for messages."""
        found = self.value.values[0]
        return f"{self.name}=" + ("" if found is None else str(found))


def _edge_values(model: FeatureModel, name: str) -> list[Cells]:
    """Cells that are not like those of the data: none, and what the type says."""
    feature = model.feature(name)
    description = model.catalog[feature.kind]
    blank = Cells(pl.Series([None], dtype=pl.String))
    parsed = load_feature_type(description).parse(blank, feature)
    found = [] if dropped_rows(parsed.column, feature, description).any() else [blank]
    edges = load_tensor_feature(description).edge_cells(model.fitted[name], feature)
    return [*found, *(edges.take(np.array([n])) for n in range(len(edges)))]


def _read(
    model: FeatureModel, name: str, cells: Cells
) -> tuple[npt.NDArray[Any], Rows]:
    """Cells as an export takes them, and as the studio encodes them."""
    feature, fitted = model.feature(name), model.fitted[name]
    description = model.catalog[feature.kind]
    feature_type = load_feature_type(description)
    column = feature_type.parse(cells, feature).column
    raw = load_tensor_feature(description).raw(cells, fitted, feature)
    return raw, feature_type.encode(column, fitted, feature)


def _plain(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Strings as UTF-8; contents of files may end with zeros and stay objects."""
    if values.dtype != object or isinstance(next(iter(values.flat), None), bytes):
        return values
    return np.array([str(each).encode() for each in values.ravel()], "S").reshape(
        values.shape
    )

"""The sizes of values that are not in the cells, for the checks."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Cells, Column
from dlstudio.data.features.base import load_feature_type
from dlstudio.data.features.stored_values import LOOKED_AT, load_stored_values
from dlstudio.data.samples import Samples
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap
from dlstudio.engine.problems.dataset_statistics import ValueSize


def cell_sizes(
    project: Project, opened: Samples, catalog: Catalog
) -> FrozenMap[str, ValueSize]:
    """The size of the values of each feature, by some of the cells that name them.

    Args:
        project: With the features that enter the model.
        opened: All rows of the table.
        catalog: Describes the feature types.
    """
    found = {}
    for binding in project.inputs:
        feature = project.data.features.get(binding.feature)
        stored = load_stored_values(catalog[feature.kind]) if feature else None
        if feature is None or stored is None:
            continue
        cells = opened.columns.get(feature.column or binding.feature)
        if isinstance(cells, Cells):
            some = np.arange(0, len(cells), max(1, len(cells) // LOOKED_AT))
            type_ = load_feature_type(catalog[feature.kind])
            column = type_.parse(cells.take(some), feature).column
            found[binding.feature] = stored.size(column)
    return FrozenMap(found)


def column_sizes(
    project: Project, columns: Mapping[str, Column], catalog: Catalog
) -> FrozenMap[str, ValueSize]:
    """The same of parsed columns.

    Args:
        project: With the features.
        columns: By feature.
        catalog: Describes the feature types.
    """
    found = {}
    for name in columns:
        stored = load_stored_values(catalog[project.data.features[name].kind])
        if stored is not None:
            found[name] = stored.size(columns[name])
    return FrozenMap(found)

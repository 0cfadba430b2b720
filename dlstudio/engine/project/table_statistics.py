"""Statistics of a table for the checks: rows, splits, and the classes to predict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Categories, CategorySets, Column, Indices
from dlstudio.data.data_form import used_features
from dlstudio.data.row_split import split_rows
from dlstudio.data.samples import Samples
from dlstudio.data.table_rows import table_rows
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap
from dlstudio.engine.problems.dataset_statistics import DatasetStatistics
from dlstudio.engine.project.stored_sizes import cell_sizes, column_sizes

if TYPE_CHECKING:
    from dlstudio.data.prepared import Prepared


def table_statistics(
    project: Project, opened: Samples, catalog: Catalog
) -> DatasetStatistics:
    """Statistics of a table that is not prepared.

    Args:
        project: Its recipe says which rows and columns are used.
        opened: All rows.
        catalog: Describes the feature types.

    Raises:
        UserError: A column is missing, or no row can be used.
    """
    # A graph whose inputs have no form yet has statistics, too.
    form = used_features(project)
    rows = table_rows(opened, project.data, form, catalog)
    target = rows.columns[form.targets[0]]
    recipe = project.data
    splits = split_rows(rows.ids, rows.splits, recipe.split, target, recipe.moved)
    found = _statistics(project, opened, _counts(target), splits, rows.skipped)
    distinct = {}
    for name, column in rows.columns.items():
        learned = column if name in form.targets else column.take(splits["train"])
        distinct[name] = len(_counts(learned))
    sizes = column_sizes(project, rows.columns, catalog)
    return replace(found, distinct=_present(distinct), sizes=sizes)


def rows_statistics(
    project: Project, opened: Samples, prepared: Prepared, catalog: Catalog
) -> DatasetStatistics:
    """Statistics of a table that is prepared.

    Args:
        project: The first output says what is predicted.
        opened: All rows.
        prepared: The rows that are used.
        catalog: Describes the feature types.
    """
    name = project.output.feature
    names = tuple(prepared.fitted.get(name, {}).get("names", ()))
    counts: dict[str, int] = {}
    if names:
        rows = prepared.rows[name]
        many = rows.ndim == 2
        found = rows.sum(axis=0) if many else np.bincount(rows, minlength=len(names))
        counts = dict(zip(names, found.tolist(), strict=True))
    found = _statistics(project, opened, counts, prepared.splits, prepared.skipped)
    distinct = {n: len(each.get("names", ())) for n, each in prepared.fitted.items()}
    sizes = cell_sizes(project, opened, catalog)
    return replace(found, distinct=_present(distinct), sizes=sizes)


def _present(counts: Mapping[str, int]) -> FrozenMap[str, int]:
    return FrozenMap({name: count for name, count in counts.items() if count})


def _counts(target: Column) -> dict[str, int]:
    """How often each class occurs; nothing where numbers are predicted."""
    if isinstance(target, (Categories, CategorySets)):
        counts = dict(zip(target.names, target.counts().tolist(), strict=True))
        return {name: count for name, count in counts.items() if count}
    return {}


def _statistics(
    project: Project,
    opened: Samples,
    counts: Mapping[str, int],
    splits: Mapping[str, Indices],
    unusable: tuple[tuple[str, str], ...],
) -> DatasetStatistics:
    return DatasetStatistics(
        classes=len(counts),
        class_names=tuple(counts),
        multi_label=project.head.endswith("multi_label"),
        samples=sum(len(rows) for rows in splits.values()),
        counts=tuple(counts.values()),
        training=len(splits["train"]),
        validation=len(splits["validation"]),
        test=len(splits["test"]),
        source=project.data.source,
        given=frozenset(np.unique(opened.splits).tolist()) - {""},
        notes=opened.notes,
        unusable=unusable,
    )

"""Statistics of a table for the checks: rows, splits, and the classes to predict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Categories, CategorySets, Column, Indices, Texts
from dlstudio.data.data_form import used_features
from dlstudio.data.features.base import load_feature_type
from dlstudio.data.row_split import split_rows
from dlstudio.data.samples import Samples
from dlstudio.data.table_rows import feature_of, table_rows
from dlstudio.data.text_rows import TextRows
from dlstudio.data.token_texts import column_texts, row_texts
from dlstudio.data.tokens import TrainingTexts
from dlstudio.document.project import Project
from dlstudio.document.source_edits import has_several_labels
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
    found = _statistics(project, opened, _counts(target), splits, rows.skipped, catalog)
    distinct, texts = {}, {}
    for name, column in rows.columns.items():
        learned = column if name in form.targets else column.take(splits["train"])
        distinct[name] = len(_counts(learned))
        if isinstance(column, Texts) and name in form.targets:
            kind = catalog[feature_of(recipe, name).kind]
            distinct[name] = load_feature_type(kind).statistics(column).distinct
        if isinstance(learned, (Texts, Categories)):
            texts[name] = TrainingTexts(partial(column_texts, learned))
    return replace(
        found,
        distinct=_present(distinct),
        sizes=column_sizes(project, rows.columns, catalog),
        texts=FrozenMap(texts),
    )


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
    found = _statistics(
        project, opened, counts, prepared.splits, prepared.skipped, catalog
    )
    distinct = {
        name: len(each.get("names", each.get("tags", ())))
        for name, each in prepared.fitted.items()
    }
    training = prepared.splits["train"]
    texts = {
        name: TrainingTexts(
            partial(row_texts, rows, prepared.fitted.get(name, {}), training)
        )
        for name, rows in prepared.rows.items()
        if isinstance(rows, TextRows) or _has_codes(prepared, name)
    }
    return replace(
        found,
        distinct=_present(distinct),
        sizes=cell_sizes(project, opened, catalog),
        texts=FrozenMap(texts),
    )


def _has_codes(prepared: Prepared, name: str) -> bool:
    """Whether the rows of a feature are the numbers of names."""
    rows = prepared.rows[name]
    return rows.ndim == 1 and "names" in prepared.fitted.get(name, {})


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
    catalog: Catalog,
) -> DatasetStatistics:
    """What is known of the rows.

    Args:
        project: Its first output is what classes are of.
        opened: All rows.
        counts: Rows by class.
        splits: Places of the rows of each split.
        unusable: Ids of rows that are left out, with the reasons.
        catalog: Describes the heads.
    """
    return DatasetStatistics(
        classes=len(counts),
        class_names=tuple(counts),
        has_several_labels=has_several_labels(project.head, catalog),
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

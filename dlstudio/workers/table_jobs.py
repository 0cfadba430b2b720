"""Jobs on an open table: its use, its splits, its findings, and a model for it.

They import `dlstudio.data` on the worker thread; none of it needs TensorFlow.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.feature_heads import heads_of
from dlstudio.catalog.store import Catalog
from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Params, Spec, freeze_map
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.workers.cell_rows import CellRows
from dlstudio.workers.dataset import EXCLUDED, SPLITS, DatasetSplit, Mask
from dlstudio.workers.jobs import JobContext
from dlstudio.workers.table import Indices, TableFilter
from dlstudio.workers.table_content import Inferred, infer_table, table_content
from dlstudio.workers.table_dataset import (
    UNUSED,
    TableChoice,
    TableDataset,
    TableSnapshot,
)

if TYPE_CHECKING:
    from dlstudio.data.columns import Cells, Column
    from dlstudio.data.samples import Samples


def table_dataset(
    context: JobContext, catalog: Catalog, source: Spec, samples: Samples
) -> TableDataset:
    """A table from its rows, with what its columns are.

    Args:
        context: Context of the job.
        catalog: Describes the feature types.
        source: Kind and parameters.
        samples: The rows.

    Raises:
        Cancelled: The job was cancelled.
    """
    inferred = infer_table(context, catalog, samples)
    return TableDataset(
        source,
        tuple(cells_of(samples)),
        bool((samples.splits != "").any()),
        _choice(samples, inferred, catalog),
        samples,
        inferred,
    )


def table_snapshot(
    context: JobContext, catalog: Catalog, dataset: TableDataset, project: Project
) -> TableSnapshot:
    """What a project's recipe makes of a table.

    Args:
        context: Context of the job.
        catalog: Describes the feature types.
        dataset: The table.
        project: Its recipe and what is predicted.

    Raises:
        Cancelled: The job was cancelled.
        UserError: A feature has an unknown type.
    """
    samples = dataset.samples
    split = split_table(catalog, samples, project)
    content = table_content(
        context, catalog, samples, dataset.inferred, project, split.assignments
    )
    return TableSnapshot(dataset, content, split)


def split_table(catalog: Catalog, samples: Samples, project: Project) -> DatasetSplit:
    """Split the rows as training will; an impossible split is reported, not raised.

    Args:
        catalog: Describes the feature types.
        samples: The rows.
        project: Its recipe and what is predicted.
    """
    from dlstudio.data.data_form import DataForm
    from dlstudio.data.held_out import held_out_notes
    from dlstudio.data.row_split import split_rows
    from dlstudio.data.table_rows import table_rows

    recipe = project.data
    inputs = tuple(dict.fromkeys(each.feature for each in project.inputs))
    targets = tuple(dict.fromkeys(each.feature for each in project.outputs))
    form = DataForm({}, inputs, targets)
    assignments = np.full(len(samples), UNUSED, np.uint8)
    excluded = samples.ids.places(recipe.leave_out)  # type: ignore[attr-defined]
    assignments[excluded] = EXCLUDED
    try:
        rows = table_rows(samples, recipe, form, catalog)
        target = rows.columns[targets[0]] if targets else None
        found = split_rows(rows.ids, rows.splits, recipe.split, target, recipe.moved)
    except UserError as error:
        nothing = np.zeros((0, len(SPLITS)), np.int64)
        return DatasetSplit(assignments, nothing, (), problem=str(error))
    places = np.searchsorted(
        samples.ids.numbers,  # type: ignore[attr-defined]
        rows.ids.numbers,
    )
    for number, name in enumerate(SPLITS):
        assignments[places[found[name]]] = number
    classes, counts = _class_counts(target, [found[name] for name in SPLITS])
    given = frozenset(np.unique(samples.splits).tolist()) - {""}
    sizes = {name: len(found[name]) for name in SPLITS}
    notes = list(held_out_notes(given, recipe.split, sizes).values())
    if rows.skipped:
        text = _("Rows that lack a value they need: {count}.")
        notes.append(text.format(count=f"{len(rows.skipped):,}"))
    return DatasetSplit(assignments, counts, classes, notes=tuple(notes))


def matching_rows(
    context: JobContext, rows: CellRows, wanted: TableFilter, found: Mask | None
) -> Indices:
    """The rows that match a filter, in order.

    Args:
        context: Context of the job.
        rows: All rows.
        wanted: The filter.
        found: The rows with the filter's finding, bool (n,).

    Raises:
        Cancelled: The job was cancelled.
    """
    return rows.matching(context, wanted, found)


def column_params(
    _context: JobContext,
    catalog: Catalog,
    dataset: TableDataset,
    column: str,
    kind: str,
) -> Params:
    """The settings with which a type reads the cells of a column.

    Args:
        catalog: Describes the feature types.
        dataset: The table.
        column: Name of the column.
        kind: The type.
    """
    from dlstudio.data.features.base import load_feature_type
    from dlstudio.data.features.cell_text import sampled

    inferred = dataset.inferred.get(column)
    if inferred is not None and inferred.kind == kind:
        return inferred.params
    cells = cells_of(dataset.samples).get(column)
    if cells is None:
        return FrozenMap()
    found = load_feature_type(catalog[kind]).infer_params(sampled(cells))
    return freeze_map(found)


def fit_table_model(
    _context: JobContext,
    catalog: Catalog,
    dataset: TableDataset,
    project: Project,
    template: str = "",
) -> Project:
    """Create a project with a model for the columns that a project uses.

    Args:
        catalog: Describes templates, layers and feature types.
        dataset: The table.
        project: Its features are used if they are of this table.
        template: Kind of the template; "" for the one that fits the columns.

    Raises:
        UserError: There is nothing to predict, or nothing to predict it from; or the
            template needs other columns.
    """
    from dlstudio.data.samples import Samples
    from dlstudio.data.table_rows import read_feature
    from dlstudio.engine.templates import make_project
    from dlstudio.engine.templates.context import table_context
    from dlstudio.engine.templates.default_template import (
        check_fitting,
        default_template,
    )

    choice = _own_choice(project, dataset) or dataset.choice
    if choice is None:
        raise UserError(
            _("The table has no column to predict."),
            _("Give a column a type, and choose it as the target."),
        )
    samples = dataset.samples
    recipe = replace(project.data, features=choice.features)
    used = [each.feature for each in choice.inputs]
    used += [each.feature for each in choice.outputs]
    features = FrozenMap((name, choice.features[name]) for name in used)
    columns = {
        name: read_feature(samples, recipe, name, catalog).column for name in features
    }
    heads = {each.feature: each.head.kind for each in choice.outputs}
    parsed = Samples(samples.ids, columns, samples.splits)
    context = table_context(
        project.name, dataset.source, parsed, features, heads, catalog
    )
    if template:
        check_fitting(catalog[template], context, catalog, titled=True)
    return make_project(catalog[template or default_template(context)], context)


def cells_of(samples: Samples) -> dict[str, Cells]:
    """The columns of a table that are cells, by name."""
    from dlstudio.data.columns import Cells

    return {
        name: each for name, each in samples.columns.items() if isinstance(each, Cells)
    }


def _choice(
    samples: Samples, inferred: Inferred, catalog: Catalog
) -> TableChoice | None:
    from dlstudio.data.features.feature_choice import choose_features

    try:
        chosen = choose_features(cells_of(samples), inferred, catalog)
    except UserError:
        return None  # the user chooses what is predicted
    heads = {
        name: heads_of(chosen.features[name].kind, catalog) for name in chosen.targets
    }
    if not all(heads.values()):
        return None
    return TableChoice(
        chosen.features,
        tuple(InputBinding(name) for name in chosen.inputs),
        tuple(OutputBinding(name, Spec(each[0])) for name, each in heads.items()),
    )


def _own_choice(project: Project, dataset: TableDataset) -> TableChoice | None:
    """What a project uses of a table; None if it is of other data."""
    names = frozenset(dataset.names)
    features = FrozenMap(
        (name, each)
        for name, each in project.data.features.items()
        if (each.column or name) in names
    )
    inputs = tuple(each for each in project.inputs if each.feature in features)
    outputs = tuple(each for each in project.outputs if each.feature in features)
    return TableChoice(features, inputs, outputs) if inputs and outputs else None


def _class_counts(
    target: Column | None, splits: Iterable[Indices]
) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """Rows per class and split; without classes in one line, int64 (classes, 3)."""
    from dlstudio.data.columns import Categories, CategorySets

    rows = list(splits)
    if not isinstance(target, (Categories, CategorySets)):
        return (), np.array([[len(each) for each in rows]], np.int64)
    counts = np.stack([target.take(each).counts() for each in rows], axis=1)
    kept = np.flatnonzero(counts.sum(axis=1))
    return tuple(target.names[number] for number in kept), counts[kept]

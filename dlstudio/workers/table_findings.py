"""The job that finds what is wrong with a table, as a project uses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.workers.dataset import SourceChange
from dlstudio.workers.jobs import Cancelled, JobContext
from dlstudio.workers.table_dataset import TableDataset, TableFinding, TableFix
from dlstudio.workers.table_jobs import cells_of

if TYPE_CHECKING:
    from dlstudio.data.features.inference import InferredColumn
    from dlstudio.data.features.inferred_table import InferredTable
    from dlstudio.data.findings import Finding, RecipeFix, SourceFix


def table_findings(
    context: JobContext, catalog: Catalog, dataset: TableDataset, project: Project
) -> tuple[TableFinding, ...]:
    """The remaining findings after the recipe is applied.

    Args:
        context: Context of the job.
        catalog: Describes the feature types.
        dataset: The table.
        project: Its types, corrections and exclusions.

    Raises:
        Cancelled: The job was cancelled.
    """
    from dlstudio.data.features.column_findings import column_findings

    samples = dataset.samples
    excluded = samples.ids.places(project.data.leave_out)
    kept = np.setdiff1d(np.arange(len(samples)), excluded).astype(np.int64)
    table = _table(catalog, dataset, project, kept)
    if context.should_stop():
        raise Cancelled
    found = (*samples.notes, *column_findings(table)) if len(kept) else samples.notes
    names = {column: name for name, column in _columns(project)}
    return tuple(_as_value(each, dataset, kept, names) for each in found)


def _table(
    catalog: Catalog,
    dataset: TableDataset,
    project: Project,
    kept: npt.NDArray[np.int64],
) -> InferredTable:
    """The rows that are not excluded, with the columns as the project reads them."""
    from dlstudio.data.features.inferred_table import InferredTable

    every = cells_of(dataset.samples)
    columns = {
        name: _column(catalog, dataset, project, dataset.inferred[name], kept)
        for name in every
    }
    owners = dict(_columns(project))
    target = owners.get(project.output.feature, "")
    cells = every
    if len(kept) < len(dataset.samples):
        cells = {name: each.take(kept) for name, each in every.items()}
    numbers = dataset.samples.ids.numbers[kept]
    return InferredTable(
        cells, columns, target if target in columns else "", catalog, numbers
    )


def _column(
    catalog: Catalog,
    dataset: TableDataset,
    project: Project,
    inferred: InferredColumn,
    kept: npt.NDArray[np.int64],
) -> InferredColumn:
    from dlstudio.data.table_rows import read_feature

    features = {column: name for name, column in _columns(project)}
    name = features.get(inferred.name)
    if name is None:  # ignored, by the user if there is no other reason
        own = ((inferred.kind, inferred.certainty),) if inferred.kind else ()
        others = (*own, *inferred.alternatives)
        return replace(inferred, kind="", parsed=None, alternatives=others)
    feature = project.data.features[name]
    parsed = inferred.parsed
    same = (feature.kind, feature.params) == (inferred.kind, inferred.params)
    if not same or parsed is None or project.data.changed_values(name):
        parsed = read_feature(dataset.samples, project.data, name, catalog)
    every = len(kept) == len(dataset.samples)
    certain = dict(inferred.alternatives)
    if inferred.kind:
        certain[inferred.kind] = inferred.certainty
    certainty = certain.pop(feature.kind, 1.0)
    return replace(
        inferred,
        kind=feature.kind,
        certainty=certainty,
        reason="",
        params=feature.params,
        alternatives=tuple(sorted(certain.items(), key=lambda pair: -pair[1])),
        parsed=parsed if every else parsed.take(kept),
    )


def _columns(project: Project) -> Iterator[tuple[str, str]]:
    """Names of features, each with the column that it reads."""
    for name, feature in project.data.features.items():
        yield name, feature.column or name


def _as_value(
    found: Finding,
    dataset: TableDataset,
    kept: npt.NDArray[np.int64],
    names: Mapping[str, str],
) -> TableFinding:
    """A finding with features instead of the columns that they read."""
    return TableFinding(
        found.kind,
        names.get(found.path, found.path),
        found.message,
        tuple(_fix(each, dataset, kept, names) for each in found.fixes),
        tuple(kept[list(found.rows)].tolist()) if found.rows else (),
    )


def _fix(
    fix: RecipeFix | SourceFix,
    dataset: TableDataset,
    kept: npt.NDArray[np.int64],
    names: Mapping[str, str],
) -> TableFix | SourceChange:
    from dlstudio.data.findings import SourceFix

    if isinstance(fix, SourceFix):
        return SourceChange(fix.label, fix.params, fix.splits)
    ids = dataset.samples.ids.take(kept[list(fix.exclude)]) if fix.exclude else ()
    name = names.get(fix.column, fix.column)
    return TableFix(fix.label, name, fix.kind, fix.params, tuple(ids))

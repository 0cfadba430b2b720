"""The job that finds what is wrong with a table, as a project uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.workers.dataset import SourceChange
from dlstudio.workers.jobs import Cancelled, JobContext
from dlstudio.workers.table_dataset import TableDataset, TableFinding, TableFix

if TYPE_CHECKING:
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
    from dlstudio.data.used_table import table_as_used

    used = table_as_used(dataset.samples, dataset.inferred, project, catalog)
    if context.should_stop():
        raise Cancelled
    return tuple(_as_value(each, dataset) for each in used.findings())


def _as_value(found: Finding, dataset: TableDataset) -> TableFinding:
    """A finding with ids of rows."""
    fixes = tuple(_fix(each, dataset) for each in found.fixes)
    return TableFinding(found.kind, found.path, found.message, fixes, found.rows)


def _fix(fix: RecipeFix | SourceFix, dataset: TableDataset) -> TableFix | SourceChange:
    from dlstudio.data.findings import SourceFix

    if isinstance(fix, SourceFix):
        return SourceChange(fix.label, fix.params, fix.splits)
    places = np.array(fix.exclude, np.int64)
    ids = tuple(dataset.samples.ids.take(places)) if fix.exclude else ()
    return TableFix(fix.label, fix.column, fix.kind, fix.params, ids)

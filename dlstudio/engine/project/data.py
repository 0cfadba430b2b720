"""A project's data: prepared for training, or examined for the checks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.catalog.store import Catalog
from dlstudio.data.data_form import data_form
from dlstudio.data.features.base import Fitted
from dlstudio.data.open_source import open_source
from dlstudio.data.preparation import prepare_data
from dlstudio.data.prepared import Prepared
from dlstudio.data.row_ids import RowIds
from dlstudio.data.samples import Samples
from dlstudio.document.analysis import ImageExamination
from dlstudio.document.project import Project
from dlstudio.engine.problems.dataset_statistics import DatasetStatistics
from dlstudio.engine.project.image_data import (
    check_classes,
    image_statistics,
    prepared_image_statistics,
)
from dlstudio.engine.runtime.stop_token import StopToken

if TYPE_CHECKING:
    from collections.abc import Callable

CACHE = ".cache"


def prepare_project(
    project: Project,
    folder: Path,
    catalog: Catalog,
    progress: Callable[[int, int], None] | None,
    token: StopToken,
    known: Mapping[str, Fitted] | None = None,
) -> Prepared:
    """Prepare the project's data in the form its model takes.

    Args:
        folder: The project's folder, which contains the cache; relative paths start
            there.
        progress: Called with the number of samples done and the total.
        token: Checked while preparing.
        known: What the features of a table have learned from other rows.

    Raises:
        UserError: There is no data, or it cannot be read.
        Stopped: `token` was set; samples prepared so far are kept.
    """
    prepared = prepare_data(
        open_source(project.data.source, catalog, folder),
        project.data,
        data_form(project, catalog),
        catalog,
        folder / CACHE,
        progress,
        lambda: token.stop_requested,
        known,
    )
    token.check()
    check_classes(project, prepared)
    return prepared


def dataset_statistics(
    project: Project,
    folder: Path,
    catalog: Catalog,
    examined: ImageExamination | None = None,
) -> DatasetStatistics:
    """Statistics of the data without reading every sample.

    Args:
        examined: Results of examining every sample. Those of an earlier preparation of
            the same files are used in any case.

    Raises:
        UserError: There is no data, or it cannot be read.
    """
    recipe = project.data
    opened = open_source(recipe.source, catalog, folder)
    if isinstance(opened.ids, RowIds):
        from dlstudio.engine.project.table_statistics import table_statistics

        return table_statistics(project, opened, catalog)
    return image_statistics(project, opened, folder / CACHE, examined)


def prepared_statistics(
    project: Project, opened: Samples, prepared: Prepared, catalog: Catalog
) -> DatasetStatistics:
    """The exact statistics of the prepared data.

    Args:
        project: With its features.
        opened: The source of `prepared`.
        prepared: The samples that are used.
        catalog: Describes the feature types.
    """
    if isinstance(opened.ids, RowIds):
        from dlstudio.engine.project.table_statistics import rows_statistics

        return rows_statistics(project, opened, prepared, catalog)
    return prepared_image_statistics(project, opened, prepared)

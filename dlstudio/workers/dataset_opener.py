"""Jobs that open data: a project's source, or dropped files.

They import `dlstudio.data` on the worker thread; none of it needs TensorFlow.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.errors import SettingNeeded
from dlstudio.workers.dataset import Dataset, IncompleteSource
from dlstudio.workers.image_dataset import dataset_of
from dlstudio.workers.jobs import Cancelled, JobContext, ReportingContext
from dlstudio.workers.table_dataset import TableDataset
from dlstudio.workers.table_jobs import table_dataset

if TYPE_CHECKING:
    pass


def open_dataset(
    job_context: ReportingContext[Dataset], catalog: Catalog, source: Spec, base: Path
) -> Dataset | TableDataset:
    """Open a source of files with classes, or of the rows of a table.

    Args:
        base: The project's folder; relative paths start there.

    Raises:
        UserError: It is missing, unreadable, or has no samples.
    """
    from dlstudio.data.open_source import open_source, preview_source
    from dlstudio.data.row_ids import RowIds

    first = preview_source(source, catalog, base)
    if first is not None:
        job_context.report(dataset_of(source, first, complete=False))
    samples = open_source(source, catalog, base)
    if isinstance(samples.ids, RowIds):
        return table_dataset(job_context, catalog, source, samples)
    found = dataset_of(source, samples)
    if job_context.should_stop():
        raise Cancelled
    return found


def load_readers(_context: JobContext, catalog: Catalog) -> None:
    """Import whatever opens data, so that the first drop does not wait for it.

    Args:
        catalog: Describes the sources.
    """
    import dlstudio.data.guess_source
    import dlstudio.data.open_source
    import dlstudio.data.relative_paths
    import dlstudio.engine.templates.context
    import dlstudio.workers.image_readers  # noqa: F401
    from dlstudio.data.data_source import load_source

    for source in catalog.family("sources"):
        load_source(source)


def recognise(
    job_context: ReportingContext[Dataset],
    catalog: Catalog,
    paths: Sequence[Path],
    folder: Path | None,
) -> Dataset | TableDataset:
    """Recognise dropped files or folders, and open them.

    Args:
        folder: The project's folder; nearby paths become relative to it.

    Raises:
        IncompleteSource: A parameter of their source must be set first.
        UserError: No source recognises them, or they cannot be read.
    """
    from dlstudio.data.guess_source import guess_sources
    from dlstudio.data.relative_paths import relative_source

    source = guess_sources([path.absolute() for path in paths], catalog)
    if folder is not None:
        source = relative_source(source, folder, catalog)
    try:
        return open_dataset(job_context, catalog, source, folder or Path.cwd())
    except SettingNeeded as error:
        raise IncompleteSource(error.message, error.hint, source) from error


def fit_model(
    _context: JobContext,
    catalog: Catalog,
    dataset: Dataset,
    name: str,
    autoencoder: bool = False,
) -> Project:
    """Create a project whose model and plan are adapted to the data.

    Args:
        catalog: Describes templates and layers.
        dataset: The data, with its size and classes.
        name: Name of the project.
        autoencoder: Whether it is to be an autoencoder, even if there are classes.
    """
    from dlstudio.engine.templates import make_project
    from dlstudio.engine.templates.context import context_of
    from dlstudio.engine.templates.default_template import default_template
    from dlstudio.engine.templates.image_default import AUTOENCODER

    context = context_of(name, dataset.source, dataset.samples)
    kind = AUTOENCODER if autoencoder else default_template(context)
    return make_project(catalog[kind], context)

"""Jobs that open data: of a project's source, or whatever was dropped.

What they need of `dlstudio.data` is imported on the worker's thread; none of it needs
TensorFlow.
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
from dlstudio.workers.jobs import Cancelled, JobContext, ReportingContext

if TYPE_CHECKING:
    from dlstudio.data.samples import Samples


def open_dataset(
    job_context: ReportingContext[Dataset], catalog: Catalog, source: Spec, base: Path
) -> Dataset:
    """Open a source.

    Args:
        base: The project's folder; relative paths begin there.

    Raises:
        UserError: It is missing, cannot be read, or has no images.
    """
    from dlstudio.data.open_source import open_source, preview_source

    first = preview_source(source, catalog, base)
    if first is not None:
        job_context.report(dataset_of(source, first, complete=False))
    found = dataset_of(source, open_source(source, catalog, base))
    if job_context.should_stop():
        raise Cancelled
    return found


def recognise(
    job_context: ReportingContext[Dataset],
    catalog: Catalog,
    paths: Sequence[Path],
    folder: Path | None,
) -> Dataset:
    """Find out what dropped files or folders are, and open them.

    Args:
        folder: The project's; what lies near is named relative to it.

    Raises:
        IncompleteSource: A parameter of their source must be set first.
        UserError: They are nothing that is known, or cannot be read.
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


def dataset_of(source: Spec, samples: Samples, complete: bool = True) -> Dataset:
    """What a source gave, with the size and the channels of a typical image.

    Args:
        source: Kind and parameters.
        samples: What it gave, as `dlstudio.data` has it.
        complete: False while more is being read.
    """
    from dlstudio.engine.templates.context import context_of

    context = context_of("", source, samples)
    return Dataset(
        source=source,
        ids=samples.ids,
        classes=samples.classes,
        labels=samples.labels,
        splits=samples.splits,
        rows={id: row for row, id in enumerate(samples.ids)},
        height=context.height,
        width=context.width,
        varying=context.varying,
        channels=context.channels,
        in_files=not samples.in_arrays,
        complete=complete,
        samples=samples,
    )


def fit_model(
    _context: JobContext, catalog: Catalog, dataset: Dataset, name: str
) -> Project:
    """A project whose model and plan are sized to the data.

    Args:
        catalog: Describes templates and layers.
        dataset: Image size and classes are taken from it.
        name: The project's.
    """
    from dlstudio.engine.templates import make_project
    from dlstudio.engine.templates.context import context_of

    context = context_of(name, dataset.source, dataset.samples)
    return make_project(catalog["dlstudio.templates.image-cnn"], context)

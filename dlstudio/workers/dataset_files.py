"""Jobs on the data's files: unpack an archive, prepare samples."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.errors import AmbiguousPath, UserError
from dlstudio.safe_files import refuse_links
from dlstudio.workers.jobs import Cancelled, ReportingContext
from dlstudio.workers.progress import Progress, ThrottledProgress
from dlstudio.workers.project_files import free_folder

DATA = "data"


@dataclass(frozen=True)
class PreparationResult:
    """Result of preparing: number of prepared samples, ids of unusable samples."""

    ready: int
    skipped: tuple[tuple[str, str], ...]


def unpack_archive(
    context: ReportingContext[Progress],
    catalog: Catalog,
    path: Path,
    project: Path,
) -> Path:
    """Unpack an archive into the project's "data" folder; reports `Progress` in bytes.

    Args:
        context: Context of the job.
        path: The archive.
        project: The project's folder.

    Returns:
        The folder with the data, or its only subfolder that a source recognises.

    Raises:
        UserError: It is damaged, unsafe or has no data, or the disk is full; nothing is
            left behind.
        Cancelled: The job was cancelled; nothing is left behind.
    """
    from dlstudio.data.archive import unpack
    from dlstudio.data.guess_source import guess_source
    from dlstudio.data.parallel import Stopped

    refuse_links(project / DATA, project)
    target = free_folder(project / DATA, path.stem)
    try:
        unpacked = unpack(path, target, ThrottledProgress(context), context.should_stop)
        guess_source(unpacked, catalog)
    except AmbiguousPath as error:  # opening it asks which one is meant
        only = len(error.choices) == 1
        return Path(error.choices[0]) if only else unpacked
    except Stopped:
        raise Cancelled from None
    except UserError:
        shutil.rmtree(target, ignore_errors=True)
        raise
    return unpacked


def prepare_data(
    context: ReportingContext[Progress],
    catalog: Catalog,
    project: Project,
    folder: Path,
) -> PreparationResult:
    """Read every sample once, as training would; reports `Progress`.

    Needs TensorFlow, and imports it if necessary.

    Args:
        context: Context of the job.
        catalog: Describes layers and data sources.
        project: Its model defines the form of the samples.
        folder: The project's folder, which contains the cache.

    Raises:
        UserError: The data cannot be read, or the model does not take it.
        Cancelled: The job was cancelled; samples prepared so far are kept.
    """
    from dlstudio.workers.quiet_import import quiet_import

    with quiet_import():
        from dlstudio.engine.runtime.startup import start_tensorflow

        start_tensorflow()
        from dlstudio.engine.project.data import prepare_project
        from dlstudio.engine.runtime.stop_token import Stopped, StopToken
    try:
        prepared = prepare_project(
            project,
            folder,
            catalog,
            ThrottledProgress(context),
            StopToken(context.cancel_event),
        )
    except Stopped:
        raise Cancelled from None
    return PreparationResult(len(prepared), prepared.skipped)

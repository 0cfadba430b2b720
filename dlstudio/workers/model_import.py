"""Jobs that import files of Keras models, on the thread that has TensorFlow."""

from __future__ import annotations

from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.document.import_report import ImportPreview, ImportReport
from dlstudio.document.project import Project
from dlstudio.document.storage import load_project
from dlstudio.workers.jobs import Cancelled, JobContext


def preview_model(
    context: JobContext, path: Path, catalog: Catalog, code: tuple[Path, ...] = ()
) -> ImportPreview:
    """What a model is before it is imported.

    Args:
        context: Asked whether to stop.
        path: File or folder of the model.
        catalog: Describes layers.
        code: Python files that define its custom layers; run only if trusted.

    Raises:
        UserError: The file cannot be opened.
        Cancelled: The job was cancelled.
    """
    from dlstudio.engine.file_import.examined_model import preview_file

    found = preview_file(path, catalog, code)
    if context.should_stop():
        raise Cancelled
    return found


def import_model(
    context: JobContext,
    path: Path,
    folder: Path,
    catalog: Catalog,
    classes: tuple[str, ...] = (),
    pixels: str = "",
    code: tuple[Path, ...] = (),
) -> tuple[Project, ImportReport]:
    """Make a project of a model in a new folder.

    Args:
        context: Asked whether to stop.
        path: File or folder of the model.
        folder: Of the project.
        catalog: Describes layers.
        classes: Names of the classes; () for those of a file beside.
        pixels: Range of pixel values that the model expects; "" for 0 to 255.
        code: Python files that define its custom layers; run only if trusted.

    Returns:
        The project as it was saved, and what became of the model.

    Raises:
        UserError: The file cannot be opened, or the folder cannot be written.
        Cancelled: The job was cancelled; nothing is left behind.
    """
    from dlstudio.engine.file_import.import_file import import_file
    from dlstudio.engine.file_import.import_request import ImportRequest
    from dlstudio.engine.file_import.pixel_range import ImageEntry

    def check_cancelled() -> None:
        if context.should_stop():
            raise Cancelled

    check_cancelled()
    request = ImportRequest(
        path, folder, classes=classes, image=ImageEntry(pixels=pixels), code=code
    )
    report = import_file(request, catalog, check_cancelled)
    return load_project(folder), report

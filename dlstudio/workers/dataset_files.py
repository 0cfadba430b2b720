"""Jobs on the data's files: unpack, prepare, find changes, load a full image."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.document.plan import LABEL, DataRecipe
from dlstudio.document.project import Project
from dlstudio.errors import AmbiguousPath, UserError
from dlstudio.json_file import read_json
from dlstudio.safe_files import refuse_links
from dlstudio.workers.dataset import Dataset
from dlstudio.workers.jobs import Cancelled, JobContext, ReportingContext
from dlstudio.workers.progress import Progress, ThrottledProgress
from dlstudio.workers.project_files import free_folder

DATA, CACHE = "data", ".cache"
LISTINGS = "pictures/*/listing.json"


@dataclass(frozen=True)
class PreparationResult:
    """Result of preparing: number of prepared images, ids of unusable samples."""

    ready: int
    skipped: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FileChanges:
    """Changes of the files since they were last prepared.

    Attributes:
        when: Time of that preparation, seconds since the epoch; 0 for never.
        added, changed, gone: Ids of samples (for `gone`: paths).
    """

    when: float = 0.0
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.gone)


@dataclass(frozen=True)
class FullImage:
    """One full image, and metadata of its file.

    Attributes:
        pixels: uint8 (h, w, 3), upright; None if it cannot be decoded.
        width, height: Stored size in pixels; 0 if unknown.
        mode, format: Pillow's names, such as "RGB" and "JPEG".
        bytes: Size of the file; 0 for arrays.
        path: Path of the file, or "".
        problem: Why it cannot be shown, or "".
    """

    row: int
    pixels: npt.NDArray[np.uint8] | None = None
    width: int = 0
    height: int = 0
    mode: str = ""
    format: str = ""
    bytes: int = 0
    path: str = ""
    problem: str = ""


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
    """Decode and resize every image once, as training would; reports `Progress`.

    Needs TensorFlow, and imports it if necessary.

    Args:
        context: Context of the job.
        catalog: Describes layers and data sources.
        project: Its model defines the form of the images.
        folder: The project's folder, which contains the cache.

    Raises:
        UserError: The data cannot be read, or the model takes no images.
        Cancelled: The job was cancelled; images prepared so far are kept.
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


def find_changes(
    _context: JobContext, dataset: Dataset, recipe: DataRecipe, folder: Path
) -> FileChanges:
    """Find files added, changed or removed since the data was last prepared.

    Args:
        dataset: The data as its source is now.
        recipe: Excluded images do not count as added.
        folder: The project's folder; its cache lists the prepared files.

    Returns:
        No changes if nothing, or another source, was prepared.
    """
    listing = _latest(folder / CACHE)
    if listing is None:
        return FileChanges()
    from dlstudio.data.images.cache.row_journal import LARGEST_FILE
    from dlstudio.data.images.samples import images_of

    parted = _path_and_stamp if dataset.in_files else _row_and_stamp
    try:
        tokens = read_json(listing, LARGEST_FILE)
        when = listing.stat().st_mtime
        before = dict(parted(str(token)) for token in tokens)
    except (UserError, OSError, ValueError, TypeError):
        return FileChanges()
    now = [parted(token) for token in images_of(dataset.samples).tokens()]
    places = {place for place, _stamp in now}
    if places.isdisjoint(before):
        return FileChanges()  # another source was prepared
    unused = frozenset(recipe.leave_out) | _unlabeled(dataset, recipe)
    added, changed = [], []
    for id, (place, stamp) in zip(dataset.ids, now, strict=True):
        if place not in before:
            if id not in unused:
                added.append(id)
        elif before[place] != stamp:
            changed.append(id)
    gone = tuple(place for place in before if place not in places)
    return FileChanges(when, tuple(added), tuple(changed), gone)


def _unlabeled(dataset: Dataset, recipe: DataRecipe) -> frozenset[str]:
    """Samples without a class where the user gave others one: they are not used."""
    given = recipe.changed_values(LABEL)
    if dataset.classes or not given or dataset.has_several_labels:
        return frozenset()
    return frozenset(id for id in dataset.ids if id not in given)


def load_full_image(
    _context: JobContext, dataset: Dataset, row: int, side: int
) -> FullImage:
    """Load one image, at most `side` pixels wide and high, with its metadata.

    Args:
        dataset: The data that contains it.
        row: Its row number in the dataset.
        side: Maximum width and height in pixels.

    Returns:
        The image; without pixels, but with `problem`, if it cannot be decoded.
    """
    from dlstudio.data.images.checks.probe import probe_image
    from dlstudio.data.images.samples import image_path
    from dlstudio.data.images.thumbnail import thumbnail

    samples = dataset.samples
    seen = probe_image(samples, row)
    path = str(image_path(samples, row)) if dataset.in_files else ""
    facts: dict[str, Any] = {
        "width": seen.width,
        "height": seen.height,
        "mode": seen.mode,
        "format": seen.format,
        "path": path,
        "bytes": _size(path),
    }
    try:
        return FullImage(row, np.asarray(thumbnail(dataset.images, row, side)), **facts)
    except UserError as error:
        return FullImage(row, None, problem=str(error), **facts)


def _latest(cache: Path) -> Path | None:
    """The file list of the last prepared data set."""
    try:
        found = [(each.stat().st_mtime, each) for each in cache.glob(LISTINGS)]
    except OSError:
        return None
    return max(found)[1] if found else None


def _path_and_stamp(token: str) -> tuple[str, str]:
    """A file's path and stamp; its token is path, size and time."""
    place, *stamp = token.rsplit("|", 2)
    return place, "|".join(stamp)


def _row_and_stamp(token: str) -> tuple[str, str]:
    """A row's path and the stamp of its array.

    Its token is path, size, time and name of the array, or a digest of its content, and
    the row.
    """
    array, _bar, row = token.rpartition("|")
    fields = array.rsplit("|", 3)
    if len(fields) < 4:
        return token, ""
    path, size, time, name = fields
    return f"{path}|{name}|{row}", f"{size}|{time}"


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size if path else 0
    except OSError:
        return 0

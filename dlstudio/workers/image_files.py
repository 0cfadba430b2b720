"""Jobs on the files of images: find changes, load a full image."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.document.plan import LABEL, DataRecipe
from dlstudio.errors import UserError
from dlstudio.json_file import read_json
from dlstudio.workers.dataset import Dataset
from dlstudio.workers.jobs import JobContext

CACHE = ".cache"
LISTINGS = "pictures/*/listing.json"


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
    from dlstudio.data.images.samples import image_path, images_of
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
        pixels = np.asarray(thumbnail(images_of(samples), row, side))
        return FullImage(row, pixels, **facts)
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

"""The images that a table's rows name: decoded once, into the cache, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlstudio.data.features.base import Rows
from dlstudio.data.images.cache.cache_builder import CacheBuilder
from dlstudio.data.images.cache.row_journal import contents_of
from dlstudio.data.images.columns import Files, PixelBlocks
from dlstudio.data.images.prepare import PREPARED_IMAGES
from dlstudio.data.images.spec import ImageSpec
from dlstudio.data.parallel import Progress, ShouldStop
from dlstudio.data.table_rows import UsableRows
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors


@dataclass(frozen=True, eq=False, slots=True)
class PreparedColumn:
    """The images of one feature.

    Attributes:
        rows: uint8 (n, height, width, channels), memory-mapped.
        contents: SHA-256 of each image's file, or of its pixels in an array.
    """

    rows: Rows
    contents: tuple[bytes, ...]


@dataclass(frozen=True, eq=False, slots=True)
class ImageCache:
    """Where images are prepared, and who is told.

    Attributes:
        folder: The project's cache folder.
        progress: Called with the number of prepared and of all images.
        should_stop: Checked often; True stops the work.
    """

    folder: Path
    progress: Progress | None = None
    should_stop: ShouldStop | None = None


def with_images(
    rows: UsableRows, forms: Mapping[str, ImageSpec], cache: ImageCache
) -> tuple[UsableRows, dict[str, PreparedColumn]]:
    """The rows all of whose images can be used, and these images.

    Args:
        rows: Rows of a table.
        forms: The form of each feature of images.
        cache: Where they are prepared.

    Raises:
        UserError: No image of a feature can be used, or the cache cannot be written.
        Stopped: `cache.should_stop` returned True.
    """
    while True:
        found = {}
        for name, form in forms.items():
            rows, found[name] = _prepared(rows, name, form, cache)
        # What one feature leaves out is left out of those before it: their sets are
        # made anew, by copying.
        if all(len(each.rows) == len(rows.ids) for each in found.values()):
            return rows, found


def _prepared(
    rows: UsableRows, name: str, form: ImageSpec, cache: ImageCache
) -> tuple[UsableRows, PreparedColumn]:
    column = rows.columns[name]
    assert isinstance(column, (Files, PixelBlocks))
    builder = CacheBuilder(
        rows.ids,
        column,
        form,
        cache.folder / PREPARED_IMAGES,
        cache.folder.parent,
        cache.progress,
        cache.should_stop,
    )
    with user_errors(cache.folder, writing=True):
        built = builder.run()
    if built.images is None:
        reason = next((reason for _row, reason in built.skipped), "")
        raise UserError(
            _("None of the images of “{name}” can be used.").format(name=name)
            + f" {reason}".rstrip(),
            _("Scan the data to see what is wrong with each image."),
        )
    usable = np.zeros(len(rows.ids), bool)
    usable[built.entries["row"].astype(np.int64)] = True
    prepared = PreparedColumn(built.images, tuple(contents_of(built.entries)))
    return rows.take(usable, tuple(_named(name, built.skipped))), prepared


def _named(
    name: str, skipped: tuple[tuple[str, str], ...]
) -> Iterator[tuple[str, str]]:
    """Rows that are left out, with the feature's name in the reason."""
    for row, reason in skipped:
        text = _("The image of “{name}” cannot be used.").format(name=name)
        yield row, f"{text} {reason}"

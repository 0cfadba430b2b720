"""Samples that are images: files, or pixels in arrays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dlstudio.data.columns import Categories, CategorySets, Rows
from dlstudio.data.findings import Finding
from dlstudio.data.images.columns import Files, ImageColumn, PixelBlocks, Pixels
from dlstudio.data.prepared import Prepared
from dlstudio.data.samples import Samples
from dlstudio.document.plan import IMAGE, LABEL
from dlstudio.errors import UserError
from dlstudio.i18n import _


def image_samples(
    ids: Sequence[str],
    images: ImageColumn,
    labels: Categories | CategorySets,
    splits: npt.NDArray[np.str_],
    notes: tuple[Finding, ...] = (),
) -> Samples:
    """Samples of a source of images.

    Args:
        ids: Unique names.
        images: Files or arrays.
        labels: One class for each image, or any number of labels; see `no_labels`.
        splits: Strings of shape (n,): "train", "validation", "test", or "".
        notes: Findings met while reading.
    """
    return Samples(ids, {IMAGE: images, LABEL: labels}, splits, notes)


def has_images(samples: Samples) -> bool:
    """Whether there is a column of images."""
    return isinstance(samples.columns.get(IMAGE), (Files, PixelBlocks))


def images_of(samples: Samples) -> ImageColumn:
    """The column of images.

    Raises:
        UserError: There is none.
    """
    found = samples.columns.get(IMAGE)
    if isinstance(found, (Files, PixelBlocks)):
        return found
    raise UserError(_("This data has no images."))


def image_rows(prepared: Prepared) -> Rows:
    """The images of a prepared source, uint8 (n, height, width, channels)."""
    return prepared.rows[IMAGE]


def files_of(samples: Samples) -> Sequence[str]:
    """Absolute path of each image; empty where they are in arrays."""
    images = images_of(samples)
    return images.paths if isinstance(images, Files) else ()


def in_arrays(samples: Samples) -> bool:
    """Whether the images are pixels in arrays and not files."""
    return isinstance(images_of(samples), PixelBlocks)


def image_path(samples: Samples, index: int) -> Path:
    """The file of a sample (of a source of files)."""
    return Path(files_of(samples)[index])


def image_pixels(samples: Samples, index: int) -> Pixels:
    """The image of a sample of an array source: uint8 of shape (h, w, c)."""
    images = images_of(samples)
    assert isinstance(images, PixelBlocks)
    return images.pixels(index)


def labeled(samples: Samples) -> tuple[Samples, tuple[tuple[str, str], ...]]:
    """The samples that have a class, if some have, and the others with the reason.

    Without any class nothing is left out: that is a problem of the whole dataset.
    """
    without = samples.unlabeled
    if not without.any() or without.all():
        return samples, ()
    reason = _("The image has no class.")
    rows = np.flatnonzero(without).tolist()
    left_out = tuple((samples.ids[row], reason) for row in rows)
    return samples.take(np.flatnonzero(~without).astype(np.int64)), left_out


def require_samples(samples: Samples, where: object) -> Samples:
    """The samples, if there are any.

    Raises:
        UserError: There are no samples.
    """
    if len(samples):
        return samples
    raise UserError(
        _("No images were found in {path}.").format(path=where),
        _("Put the images of each class into a folder named after the class."),
    )

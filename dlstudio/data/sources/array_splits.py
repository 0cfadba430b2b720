"""Combining arrays of images and labels into samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.data.images.columns import PixelBlock, PixelBlocks
from dlstudio.data.images.limits import check_pixels
from dlstudio.data.images.samples import image_samples
from dlstudio.data.samples import Labels, Samples, label_column, split_array
from dlstudio.errors import UserError
from dlstudio.i18n import _


@dataclass(frozen=True)
class ArraySplit:
    """Images of one split.

    Attributes:
        split: "train", "validation", "test" or "".
        images: Shape (n, h, w) or (n, h, w, c).
        labels: Shape (n,) or (n, 1): numbers or names; or (n, classes) of 0 and 1.
        token: See `PixelBlock`.
    """

    split: str
    images: npt.NDArray[Any]
    labels: npt.NDArray[Any]
    token: str = ""


def join_splits(
    array_splits: Sequence[ArraySplit], classes: Sequence[str] = ()
) -> Samples:
    """Samples of all splits; `classes` are the names of numeric labels.

    Raises:
        UserError: There is no image, or images or labels have an unknown form.
    """
    counts = [len(array_split.images) for array_split in array_splits]
    if not any(counts):
        raise UserError(
            _("The arrays are empty: they contain no images."),
            _(
                "Expected the shape count, height, width, optionally followed by "
                "1, 3 or 4 channels."
            ),
        )
    names = [array_split.split or "picture" for array_split in array_splits]
    ids = [
        f"{n}/{i}" for n, count in zip(names, counts, strict=True) for i in range(count)
    ]
    known, labels = _labels(
        [_flat(array_split.labels) for array_split in array_splits], tuple(classes)
    )
    splits = [
        array_split.split
        for array_split, n in zip(array_splits, counts, strict=True)
        for _i in range(n)
    ]
    blocks = tuple(_block(array_split) for array_split in array_splits)
    return image_samples(
        tuple(ids),
        PixelBlocks(blocks, np.arange(sum(counts), dtype=np.int64)),
        label_column(labels, known),
        split_array(splits),
    )


def _flat(labels: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    return labels[:, 0] if labels.ndim == 2 and labels.shape[1] == 1 else labels


def _labels(
    arrays: Sequence[npt.NDArray[np.generic]], names: tuple[str, ...]
) -> tuple[tuple[str, ...], Labels]:
    if len({array.ndim for array in arrays}) != 1 or arrays[0].ndim not in (1, 2):
        raise UserError(
            _("The shape of the labels is not supported."),
            _("Use one number per image, or one column of 0 and 1 per class."),
        )
    values = np.concatenate(arrays)
    if values.ndim == 2:
        return _hot_labels(values, names)
    if values.dtype.kind == "f" and np.all(values == np.rint(values)):
        values = values.astype(np.int64)
    if values.dtype.kind not in "iubUS":
        raise UserError(
            _("The labels are of type {type}.").format(type=values.dtype),
            _("Expected whole numbers or names."),
        )
    found, numbers = np.unique(values, return_inverse=True)
    if names and values.dtype.kind in "iu" and found[0] >= 0 and found[-1] < len(names):
        return names, values.astype(np.int32)
    return tuple(_name(each) for each in found), numbers.astype(np.int32)


def _name(value: np.generic) -> str:
    plain = value.item()
    return plain.decode("utf-8", "replace") if isinstance(plain, bytes) else str(plain)


def _hot_labels(
    values: npt.NDArray[np.generic], names: tuple[str, ...]
) -> tuple[tuple[str, ...], Labels]:
    """Labels with one column per class: one-hot rows as numbers, else multi-label."""
    if not np.isin(values, (0, 1)).all():
        raise UserError(
            _("The labels have several columns with values other than 0 and 1."),
            _("Use one number per image, or one column of 0 and 1 per class."),
        )
    width = values.shape[1]
    known = names if len(names) == width else tuple(str(n) for n in range(width))
    if (values.sum(axis=1) == 1).all():
        return known, values.argmax(axis=1).astype(np.int32)
    return known, values.astype(np.uint8)


def _block(array_split: ArraySplit) -> PixelBlock:
    """A block with the scale that maps its values to 0..255."""
    images = array_split.images
    if images.ndim not in (3, 4) or (
        images.ndim == 4 and images.shape[3] not in (1, 3, 4)
    ):
        raise UserError(
            _("An array of shape {shape} does not contain images.").format(
                shape=images.shape
            ),
            _(
                "Expected the shape count, height, width, optionally followed by "
                "1, 3 or 4 channels."
            ),
        )
    if images.dtype.kind not in "iubf" or 0 in images.shape[1:]:
        raise UserError(
            _("Images of type {type} and shape {shape} are not supported.").format(
                type=images.dtype, shape=images.shape
            ),
            _("Expected numbers from 0 to 255, or from 0 to 1."),
        )
    check_pixels(images.shape[2], images.shape[1])
    return PixelBlock(images, _scale(images), array_split.token)


def _scale(images: npt.NDArray[np.generic]) -> float:
    """255 for values from 0 to 1 (or booleans), 1/257 for 16 bits, else 1."""
    if images.dtype == np.uint8 or not len(images):
        return 1.0
    if images.dtype == np.bool_:
        return 255.0
    largest = max(
        float(np.nanmax(images[i : i + 256])) for i in range(0, len(images), 256)
    )
    if images.dtype.kind == "f" and largest <= 1.0:
        return 255.0
    return 1 / 257 if largest > 255 and images.dtype.kind in "iu" else 1.0

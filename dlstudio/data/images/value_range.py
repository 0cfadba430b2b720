"""The value range of images with more than 8 bits: what becomes black and white.

Without a range, 16 bits are narrowed to their upper 8. Where an image uses few of them
(from a 12-bit camera, say), its own range preserves the content.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.value_checks import is_number
from dlstudio.data.images.columns import Files, PixelBlock
from dlstudio.data.images.samples import has_images, images_of
from dlstudio.data.samples import Samples
from dlstudio.document.plan import IMAGE
from dlstudio.document.values import Spec
from dlstudio.errors import UserError
from dlstudio.i18n import _

ValueRange: TypeAlias = "tuple[float, float]"
PARAM = "value_range"


def value_range_of(source: Spec) -> ValueRange | None:
    """The lowest and highest value of a source's range; None for the full range.

    Raises:
        UserError: It is not a pair of numbers in ascending order.
    """
    value = source.params.get(PARAM)
    if value is None or value == ():
        return None
    ends = value if isinstance(value, tuple) else ()
    numbers = [each for each in ends if is_number(each)]
    if len(ends) == len(numbers) == 2 and numbers[0] < numbers[1]:
        return numbers[0], numbers[1]
    raise UserError(
        _("The value range of the data is {value}.").format(value=value),
        _("Expected a minimum and a maximum, such as 0, 4095."),
    )


def scaled(values: npt.NDArray[np.generic], ends: ValueRange) -> npt.NDArray[np.uint8]:
    """Values of any dtype as uint8: 0 up to the lower bound, 255 from the upper one."""
    low, high = ends
    wide = np.clip(np.nan_to_num(values.astype(np.float64), nan=low), low, high)
    return np.rint((wide - low) * (255 / (high - low))).astype(np.uint8)


def with_value_range(samples: Samples, ends: ValueRange | None) -> Samples:
    """The samples, read with this range of values; arrays of 8 bits stay the same."""
    if ends is None or not has_images(samples):
        return samples
    images = images_of(samples)
    if isinstance(images, Files):
        return samples.with_column(IMAGE, replace(images, value_range=ends))
    blocks = tuple(
        block if block.array.dtype.itemsize == 1 else _ranged(block, ends)
        for block in images.blocks
    )
    return samples.with_column(IMAGE, replace(images, value_range=ends, blocks=blocks))


def _ranged(block: PixelBlock, ends: ValueRange) -> PixelBlock:
    return replace(block, scale=255 / (ends[1] - ends[0]), lowest=ends[0])

"""Detecting deep images that lose most of their grey levels in 8 bits.

A sample of images across the dataset is examined; only those with more than 8 bits by
their header are decoded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from dlstudio.data.findings import Finding, SourceFix
from dlstudio.data.images.columns import PixelBlock, PixelBlocks
from dlstudio.data.images.decoders.pillow_decoder import loaded, narrowed, opened
from dlstudio.data.images.files import read_file
from dlstudio.data.images.samples import has_images, images_of
from dlstudio.data.images.value_range import (
    PARAM,
    value_range_of,
    with_value_range,
)
from dlstudio.data.samples import Samples
from dlstudio.document.values import FrozenMap, Spec, Value
from dlstudio.errors import UserError
from dlstudio.i18n import _

DEEP = (".png", ".apng", ".tif", ".tiff", ".pgm", ".ppm", ".pnm")
"""Extensions of files that may have more than 8 bits."""
FIRST, MOST = 16, 256
"""Images examined at first, and for the range if they lose their levels."""
FEW_LEVELS = 64
T = TypeVar("T")
CLIPPED = 0.01
PIXELS = 1 << 16
STRAY = 0.0005
"""Share of pixels ignored at either end: sensor defects."""


@dataclass(frozen=True)
class ValueStatistics:
    """The values of one image.

    Attributes:
        low, high: Range of all but a few of them.
        levels: Number of 8-bit grey levels between the converted `low` and `high`.
        clipped: Share of pixels that become black or white by clipping.
    """

    low: float
    high: float
    levels: int
    clipped: float = 0.0

    @property
    def lost(self) -> bool:
        """Whether the image loses most of its grey levels."""
        return self.levels < FEW_LEVELS or self.clipped > CLIPPED


def complete_images(samples: Samples, source: Spec) -> Samples:
    """Samples with the source's range of values, and a note if they need one.

    Args:
        samples: As the source gives them.
        source: Its parameters may have a range.

    Raises:
        UserError: The range is not a pair of numbers in ascending order.
    """
    ranged = with_value_range(samples, value_range_of(source))
    return replace(ranged, notes=(*ranged.notes, *narrow_values(ranged)))


def narrow_values(samples: Samples) -> tuple[Finding, ...]:
    """A finding where most of the images lose nearly all of their grey levels."""
    if not has_images(samples) or images_of(samples).value_range is not None:
        return ()
    first = list(_values(samples, FIRST))
    if 2 * sum(each.lost for each in first) <= len(first):
        return ()
    every = list(_values(samples, MOST))
    low = _end(min(each.low for each in every), floor)
    high = _end(max(each.high for each in every), ceil)
    if not low < high:
        return ()  # all of one value: flat with any range
    levels = max(each.levels for each in every if each.lost)
    if levels < FEW_LEVELS:
        text = _(
            "The pixel values of images with more than 8 bits lie between "
            "{low} and {high}. Converted to 8 bits, only {levels} of 256 gray "
            "levels would remain."
        )
    else:
        text = _(
            "The pixel values of images with more than 8 bits lie between "
            "{low} and {high}. Converted to 8 bits, many pixels would become "
            "plain black or white."
        )
    label = _("Use the value range {low} to {high}")
    shown = {"low": f"{low:,}", "high": f"{high:,}"}
    params: FrozenMap[str, Value] = FrozenMap({PARAM: (low, high)})
    fix = SourceFix(label.format(**shown), params)
    message = text.format(levels=levels, **shown)
    return (Finding("narrow-values", "", message, fixes=(fix,)),)


def _end(value: float, rounded: Callable[[float], int]) -> float:
    """A bound of the range, rounded to a whole number where that changes little."""
    return int(rounded(value)) if abs(value) >= 16 else round(value, 6)


def _values(samples: Samples, most: int) -> Iterator[ValueStatistics]:
    """The values of up to so many images that have more than 8 bits."""
    images = images_of(samples)
    if isinstance(images, PixelBlocks):
        for block in images.blocks:
            yield from _of_block(block, most)
        return
    files = [path for path in images.paths if path.lower().endswith(DEEP)]
    for path in _spread(files, most):
        with suppress(UserError):  # reported by the scan
            yield from _of_file(path)


def _spread(items: Sequence[T], most: int) -> Iterable[T]:
    places = np.linspace(0, len(items) - 1, min(most, len(items)))
    return [items[place] for place in places.astype(np.int64).tolist()]


def _of_block(block: PixelBlock, most: int) -> Iterator[ValueStatistics]:
    if block.array.dtype.itemsize > 1 and len(block.array):
        for row in _spread(range(len(block.array)), most):
            bytes_of = block.rows(np.array([row]))
            yield _measured(np.asarray(block.array[row]), bytes_of, 255 / block.scale)


def _of_file(path: str) -> Iterator[ValueStatistics]:
    data = read_file(path)
    with opened(data) as image:
        if image.mode.startswith(("I", "F")):
            with loaded(image):
                values = np.asarray(image)
                top = 255 if image.mode == "F" and np.nanmax(values) > 1 else 65535
                yield _measured(values, narrowed(values, image.mode), top)
        elif image.format == "PNG" and data[24] == 16:
            # Pillow returns the upper 8 of 16 bits for colour images.
            with loaded(image):
                upper = np.asarray(image.convert("RGB"))
            low, high = int(upper.min()), int(upper.max())
            yield ValueStatistics(256 * low, 256 * high + 255, high - low + 1)


def _measured(
    values: npt.NDArray[np.generic], narrow: npt.NDArray[np.uint8], top: float
) -> ValueStatistics:
    """The values of an image before and after the conversion to 8 bits.

    Args:
        narrow: The same pixels as 8 bits.
        top: Value above which pixels become white.
    """
    step = max(1, values.size // PIXELS)
    some = np.nan_to_num(values.reshape(-1)[::step].astype(np.float64))
    low, high = _ends(some)
    ends = _ends(narrow.reshape(-1)[::step])
    clipped = float(np.mean((some < 0) | (some > top)))
    return ValueStatistics(low, high, int(ends[1] - ends[0]) + 1, clipped)


def _ends(
    values: npt.NDArray[np.float64] | npt.NDArray[np.uint8],
) -> tuple[float, float]:
    low = np.quantile(values, STRAY, method="lower")
    return float(low), float(np.quantile(values, 1 - STRAY, method="higher"))
